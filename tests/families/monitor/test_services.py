"""Services of Monitor with their dashboards, metrics and tokens, seen from a client."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION, raw, refusal, unanswered

from linode import MonitorDashboard, MonitorService
from linode.errors import ApiError, AuthorizationError, InvalidRequestError, NotFoundError
from linode.sandbox import Sandbox

IDS = {"serviceType": "dbaas", "alertId": 10000, "channelId": 10000, "dashboardId": 1, "streamId": 123}
TYPES = ["dbaas", "linode", "nodebalancer", "firewall", "objectstorage", "blockstorage", "logs"]


def test_services_are_listed_and_one_is_the_only_one_on_its_page(sandbox, client):
    assert [each.service_type for each in client.get_monitor_services()] == TYPES
    databases = MonitorService(client, "dbaas")
    assert databases.label == "Databases"
    assert databases.alert.scope == ["entity"]
    assert raw(sandbox, "GET", "/monitor/services/dbaas")[1]["results"] == 1
    with pytest.raises(NotFoundError, match="Not found"):
        MonitorService(client, "dbaas2").load()


def test_dashboards_are_those_of_all_services_or_of_one(client):
    assert [each.id for each in client.get_monitor_dashboards()] == [1, 2, 3, 6, 10, 11]
    (overview,) = MonitorService(client, "linode").dashboards
    assert overview == MonitorDashboard(client, 2)
    assert (overview.label, overview.type, overview.group_by) == ("Overview", "standard", ["entity_id"])
    widget = overview.widgets[2]
    assert (widget.metric, widget.unit, widget.size) == ("vm_network_bytes_total", "Kbps", 12)
    assert [(each.dimension_label, each.operator) for each in widget.filters] == [("pattern", "in")]
    with pytest.raises(NotFoundError, match="Not found"):
        MonitorDashboard(client, 999).load()


def test_metrics_of_databases_are_on_record_and_of_others_are_not_made_up(client):
    memory = next(each for each in MonitorService(client, "dbaas").metric_definitions if each.metric == "memory_usage")
    assert (memory.unit, memory.metric_type, memory.is_alertable) == ("percent", "gauge", True)
    assert [each.dimension_label for each in memory.dimensions] == ["node_type"]
    with pytest.raises(ApiError, match="does not know the metrics of linode"):
        list(MonitorService(client, "linode").metric_definitions)


def test_a_token_is_for_entities_of_the_account(client):
    linode = client.create_linode(NANODE, REGION)
    service = MonitorService(client, "linode")
    token = service.create_token(entity_ids=[linode])
    assert len(token.token) > 100
    assert token.token not in repr(token)
    assert MonitorService(client, "objectstorage").create_token().token
    with pytest.raises(AuthorizationError, match=r"entity_ids are not valid - \[999999999\]") as caught:
        service.create_token(entity_ids=[999999999, linode])
    assert [name for _, name in caught.value.reasons] == ["entity_ids"]
    with pytest.raises(InvalidRequestError, match="entity_ids is required"):
        service.create_token()
    with pytest.raises(InvalidRequestError, match="Must contain 1-100 items"):
        service.create_token(entity_ids=[linode.id] * 101)


def test_a_token_takes_the_scope_to_read_the_entities(sandbox, client):
    linode = client.create_linode(NANODE, REGION)
    for scopes, allowed in (("monitor:read_only linodes:read_only", True), ("monitor:read_only", False)):
        with sandbox.world.transaction():
            limited = sandbox.client(sandbox.world.identity.issue_token("sandbox", scopes=scopes)["_secret"])
        service = MonitorService(limited, "linode")
        if allowed:
            assert service.create_token(entity_ids=[linode.id]).token
        else:
            with pytest.raises(AuthorizationError, match="not authorized"):
                service.create_token(entity_ids=[linode.id])


def test_restricted_users_get_no_token_for_what_they_cannot_see(sandbox, client):
    linode = client.create_linode(NANODE, REGION)
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    with pytest.raises(AuthorizationError, match="are not valid"):
        MonitorService(ada, "linode").create_token(entity_ids=[linode.id])


def test_quotas_of_streams_are_refused_by_name(client):
    with pytest.raises(ApiError, match="does not implement GET /monitor/streams/quotas"):
        list(client.get_log_stream_quotas())


def test_every_operation_is_answered():
    """But for the metrics, which are on another host, and for rows that are not there."""
    with Sandbox(seed=1) as sandbox:
        ids = {**IDS, "destinationId": 123, "service_type": "dbaas"}
        found = [each.partition(" ")[2] for each in unanswered(sandbox, ids, "/monitor") if not each.startswith("404")]
    assert found == []


def test_a_path_of_the_metrics_is_no_path_of_the_api(sandbox):
    assert raw(sandbox, "POST", "/monitor/services/linode/metrics", {}) == refusal(404, ("Not found", None))
