"""Reading metrics on their own host, seen from a client."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from asking import NANODE, REGION, said
from fakes import Fake

from linode import LinodeClient, MonitorService
from linode._http.transport import Request, Response
from linode.errors import ApiError, AuthenticationError, AuthorizationError

HOUR = {"unit": "hr", "value": 1}
CPU = [{"name": "vm_cpu_time_total", "aggregate_function": "avg"}]


@pytest.fixture
def linode(client):
    return client.create_linode(NANODE, REGION, label="web")


@pytest.fixture
def service(client):
    return MonitorService(client, "linode")


@pytest.fixture
def token(service, linode):
    return service.create_token(entity_ids=[linode])


def test_series_are_plausible_and_the_same_each_time(linode, service, token):
    found = service.read_metrics(token, [linode], CPU, relative_time_duration=HOUR)
    assert (found.status, found.is_partial, found.data.result_type) == ("success", False, "matrix")
    (series,) = found.data.result
    assert series.metric == {"entity_id": linode.id, "metric_name": "avg_vm_cpu_time_total"}
    assert found.stats.series_fetched == "1"
    assert len(series.points) == len(series.values) in (60, 61)
    assert all(0 < value < 100 for _, value in series.points)
    assert series.points[1][0] - series.points[0][0] == timedelta(minutes=1)
    again = service.read_metrics(token, [linode], CPU, relative_time_duration=HOUR)
    values = dict(again.data.result[0].points)
    assert [values.get(at) for at, _ in series.points[1:]] == [value for _, value in series.points[1:]]


def test_a_granularity_sets_the_interval_and_a_period_may_be_absolute(sandbox, linode, service, token):
    end = datetime.fromtimestamp(sandbox.world.now, UTC)
    period = {"start": end - timedelta(days=1), "end": end}
    found = service.read_metrics(
        token, [linode], CPU, absolute_time_duration=period, time_granularity={"unit": "min", "value": 30}
    )
    assert len(found.data.result[0].points) in (48, 49)


def test_filters_are_met_by_dimensions(linode, service, token):
    wanted = [{"dimension_label": "node_type", "operator": "eq", "value": "primary"}]
    assert service.read_metrics(token, [linode], CPU, relative_time_duration=HOUR, filters=wanted).data.result == []


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, [("Must have either relative_time_duration or absolute_time_duration", "relative_time_duration")]),
        (
            {"relative_time_duration": {"unit": "days", "value": 32}},
            [("The period must be at most 31 days", "relative_time_duration")],
        ),
        ({"relative_time_duration": {"unit": "year", "value": 1}}, None),
        (
            {"absolute_time_duration": {"start": datetime(2026, 1, 1, tzinfo=UTC)}},
            [("end is required", "absolute_time_duration.end")],
        ),
    ],
)
def test_a_period_is_one_of_two_and_short(linode, service, token, change, reasons):
    found = said(service.read_metrics, token, [linode], CPU, **change)
    assert found == reasons or (reasons is None and found[0][0].startswith("Must be one of sec"))


def test_metrics_and_entities_must_be_there(client, linode, service, token):
    other = client.create_linode(NANODE, REGION)
    refused = said(service.read_metrics, token, [linode], [{"name": "cpus"}], relative_time_duration=HOUR)
    assert refused == [("name is not valid", "metrics[0].name")]
    with pytest.raises(AuthorizationError, match=rf"not valid - \[{other.id}\]"):
        service.read_metrics(token, [other], CPU, relative_time_duration=HOUR)
    assert said(service.read_metrics, token, [], [], relative_time_duration=HOUR) == [
        ("Must contain at least 1 items", "entity_ids"),
        ("Must contain at least 1 items", "metrics"),
    ]


def test_a_token_lasts_six_hours(sandbox, linode, service, token):
    sandbox.advance(6 * 3600)
    with pytest.raises(AuthenticationError, match="Invalid Token"):
        service.read_metrics(token, [linode], CPU, relative_time_duration=HOUR)


def test_the_token_of_the_account_is_none_of_the_metrics(sandbox):
    url = "https://monitor-api.linode.com/v2beta/monitor/services/linode/metrics"
    header = {"authorization": f"Bearer {sandbox.token}"}
    assert sandbox.gateway.handle(Request("POST", url, header, b"{}")).status == 401
    assert sandbox.gateway.handle(Request("GET", url, header, None)).status == 405
    assert sandbox.gateway.handle(Request("POST", url + "/x", header, b"{}")).status == 404


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://api.linode.com/v4", "https://monitor-api.linode.com"),
        ("https://proxy.example/linode/v4", "https://proxy.example"),
    ],
)
def test_the_request_goes_to_the_host_of_the_metrics_with_its_own_token_alone(base, host):
    secret = b"the-token-of-the-service"
    answers = [Response(200, {}, b'{"token": "%s"}' % secret), Response(400, {}, b"it was %s" % secret)]
    fake = Fake(lambda _request: answers.pop(0))
    client = LinodeClient("the-token-of-the-account", base, transport=fake)
    service = MonitorService(client, "dbaas")
    token = service.create_token(entity_ids=[1])
    with pytest.raises(ApiError) as caught:
        service.read_metrics(
            token, [1], [{"name": "cpu_usage", "aggregate_function": "avg"}], relative_time_duration=HOUR
        )
    asked = fake.requests[-1]
    assert asked.url == f"{host}/v2beta/monitor/services/dbaas/metrics"
    assert asked.headers["Authorization"] == "Bearer the-token-of-the-service"
    assert asked.headers["Content-Type"] == "application/json"
    assert json.loads(asked.body)["entity_ids"] == [1]
    assert "the-token" not in str(asked.headers | {"Authorization": ""})
    assert "the-token" not in str(caught.value)


def test_a_client_without_a_token_reads_metrics_over_a_port(sandbox, linode, token):
    """Whoever has a token of the metrics needs none of the account."""
    with sandbox.serve() as address, LinodeClient(None, f"{address}/v4") as nobody:
        service = MonitorService(nobody, "linode")
        found = service.read_metrics(token.token, [linode.id], CPU, relative_time_duration=HOUR)
    assert found.data.result[0].metric["entity_id"] == linode.id


def test_a_token_that_no_header_can_hold_is_refused_and_not_shown(service):
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        service.read_metrics("the-token\r\nX: y", [1], CPU, relative_time_duration=HOUR)
    assert "the-token" not in str(caught.value)


def test_databases_have_dimensions(client):
    database = client.create_mysql_database("shop", REGION, NANODE, "mysql/8")
    service = MonitorService(client, "dbaas")
    token = service.create_token(entity_ids=[database])
    wanted = [{"dimension_label": "node_type", "operator": "startswith", "value": "prim"}]
    cpu = [{"name": "cpu_usage", "aggregate_function": "max"}]
    (series,) = service.read_metrics(token, [database], cpu, relative_time_duration=HOUR, filters=wanted).data.result
    assert series.metric == {"entity_id": database.id, "metric_name": "max_cpu_usage", "node_type": "primary"}
