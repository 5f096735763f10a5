"""Alert definitions and channels, seen from a client."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION, said

from linode import AlertChannel, AlertDefinition, LinodeClient, MonitorService
from linode.errors import InvalidRequestError, NotFoundError
from linode.sandbox import Fault, Sandbox

RULE = {"metric": "vm_cpu_time_total", "aggregate_function": "avg", "operator": "gt", "threshold": 90}
TRIGGER = {
    "criteria_condition": "ALL",
    "evaluation_period_seconds": 300,
    "polling_interval_seconds": 300,
    "trigger_occurrences": 3,
}
SYSTEM = 10000


@pytest.fixture
def linode(client):
    return client.create_linode(NANODE, REGION, label="web")


@pytest.fixture
def service(client):
    return MonitorService(client, "linode")


def create(service, label="busy", channels=(SYSTEM,), **options):
    options = {"rule_criteria": {"rules": [RULE]}, "trigger_conditions": TRIGGER, **options}
    return service.create_alert_definition(label, 1, list(channels), **options)


@pytest.fixture
def alert(service, linode):
    return create(service, entity_ids=[linode])


# -- definitions -----------------------------------------------------------------------------------------------------


def test_without_a_scope_a_definition_needs_no_entities(service):
    """The vendor's tests create, and clone, one with neither."""
    alert = create(service)
    assert (alert.scope_, alert.entities.count) == ("entity", 0)
    assert alert.clone("other").entities.count == 0


def test_a_definition_is_provisioned_and_then_enabled(service, alert, linode):
    assert (alert.status, alert.type, alert.scope_, alert.class_) == ("provisioning", "user", "entity", None)
    assert (alert.created_by, alert.service, alert.service_type) == ("sandbox", service, "linode")
    (rule,) = alert.rule_criteria.rules
    assert (rule.label, rule.unit, rule.threshold) == ("CPU Usage by Instance", "percent", 90)
    assert [(each.id, each.type) for each in alert.alert_channels] == [(SYSTEM, "alert-channels")]
    assert (alert.entities.count, alert.entities.has_more_resources) == (1, False)
    assert alert.entity_ids is None
    alert.wait()
    assert alert.status == "enabled"
    (entity,) = alert.watched_entities
    assert (entity.id, entity.label, entity.type) == (str(linode.id), "web", "linode")
    assert entity.entity_url == f"/v4/linode/instances/{linode.id}"
    linode.delete()
    assert list(alert.load().watched_entities) == []


def test_all_definitions_are_listed_with_their_services_and_entities(client, service, alert, linode):
    found = client.get_alert_definitions()
    assert [each.id for each in found] == [*range(10000, 10006), alert.id]
    assert (found[-1], found[-1].entity_ids) == (alert, [str(linode.id)])
    assert [each.id for each in service.alert_definitions] == [alert.id]
    (named,) = client.get_alert_definitions(AlertDefinition.label == "High CPU Usage Plan Shared")
    assert (named.service.label, named.class_, named.type) == ("Databases", "shared", "system")
    assert named.url == "/monitor/services/dbaas/alert-definitions/10003"
    assert AlertDefinition(client, 10003, "dbaas").label == named.label
    with pytest.raises(NotFoundError):
        AlertDefinition(client, 10003, "linode").load()


def test_a_definition_is_changed(client, alert):
    alert.wait()
    alert.severity, alert.label, alert.description = 3, "still busy", "as it is"
    alert.rule_criteria.rules[0].threshold = 50
    alert.trigger_conditions.trigger_occurrences = 5
    alert.entity_ids = []
    alert.save()
    alert.load()
    assert (alert.severity, alert.label, alert.status) == (3, "still busy", "enabled")
    assert (alert.rule_criteria.rules[0].threshold, alert.rule_criteria.rules[0].label) == (50, "CPU Usage by Instance")
    assert (alert.trigger_conditions.trigger_occurrences, alert.trigger_conditions.polling_interval_seconds) == (5, 300)
    assert alert.entities.count == 0
    alert.status = "disabled"
    alert.save()
    assert alert.load().status == "disabled"
    mail = client.create_alert_channel("email", {"email": {"usernames": ["sandbox"]}}, label="me")
    assert [each.label for each in alert.set_channels([mail]).alert_channels] == ["me"]
    alert.delete()
    with pytest.raises(NotFoundError):
        alert.load()


def test_a_clone_has_rules_and_channels_of_the_original(alert, linode):
    other = alert.clone("other", entity_ids=[linode], severity=2)
    assert (other.label, other.severity, other.status, other.service) == ("other", 2, "provisioning", alert.service)
    assert other.rule_criteria == alert.rule_criteria
    assert other.alert_channels == alert.alert_channels
    assert said(alert.clone, "busy") == [("An alert with this label already exists", "label")]


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        ({"label": "busy"}, [("An alert with this label already exists", "label")]),
        ({"label": "High CPU Usage Plan Shared"}, [("An alert with this label already exists", "label")]),
        ({"label": "x" * 101}, [("Length must be 1-100 characters", "label")]),
        ({"channels": []}, [("Must contain at least 1 items", "channel_ids")]),
        ({"channels": [5]}, [("channel_ids is not valid", "channel_ids[0]")]),
        ({"scope": "entity", "entity_ids": []}, [("entity_ids is required", "entity_ids")]),
        ({"entity_ids": [5]}, [("The following entity_ids are not valid - [5]", "entity_ids")]),
        ({"scope": "account"}, [("Must be one of entity", "scope")]),
        ({"rule_criteria": {"rules": []}}, [("Must contain at least 1 items", "rule_criteria.rules")]),
        (
            {"rule_criteria": {"rules": [{**RULE, "metric": "cpus"}]}},
            [("metric is not valid", "rule_criteria.rules[0].metric")],
        ),
        (
            {"rule_criteria": {"rules": [{**RULE, "dimension_filters": [{"dimension_label": "x"}]}]}},
            [("dimension_label is not valid", "rule_criteria.rules[0].dimension_filters[0].dimension_label")],
        ),
        (
            {"trigger_conditions": {**TRIGGER, "polling_interval_seconds": 7}},
            [("Must be one of 300", "trigger_conditions.polling_interval_seconds")],
        ),
        (
            {"rule_criteria": {"rules": [{"metric": "vm_cpu_time_total", "operator": "gt"}]}, "trigger_conditions": {}},
            [
                ("aggregate_function is required", "rule_criteria.rules[0].aggregate_function"),
                ("threshold is required", "rule_criteria.rules[0].threshold"),
                ("evaluation_period_seconds is required", "trigger_conditions.evaluation_period_seconds"),
                ("polling_interval_seconds is required", "trigger_conditions.polling_interval_seconds"),
                ("trigger_occurrences is required", "trigger_conditions.trigger_occurrences"),
                ("trigger_conditions is required", "trigger_conditions"),
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_definition_is_told(service, alert, linode, options, reasons):
    assert said(create, service, **{"label": "new", "entity_ids": [linode], **options}) == reasons


def test_scopes_of_regions_and_of_the_account_need_no_entities(client):
    buckets = MonitorService(client, "objectstorage")
    rule = {"rules": [{**RULE, "metric": "obj_bucket_size"}]}
    everywhere = create(buckets, "all", rule_criteria=rule, scope="account")
    there = create(buckets, "there", rule_criteria=rule, scope="region", regions=[REGION])
    assert (everywhere.scope_, everywhere.entities.count, there.regions) == ("account", 0, [REGION])
    assert said(create, buckets, "new", rule_criteria=rule, scope="region") == [("regions is required", "regions")]
    bucket = client.create_bucket("data", region="us-sea")
    one = create(buckets, "one", rule_criteria=rule, entity_ids=[bucket.hostname])
    assert [each.label for each in one.watched_entities] == ["data"]


def test_rules_of_databases_have_dimensions(client):
    database = client.create_mysql_database("shop", REGION, NANODE, "mysql/8")
    primary = {"dimension_label": "node_type", "operator": "eq", "value": "primary"}
    rules = {"rules": [{**RULE, "metric": "memory_usage", "dimension_filters": [primary]}]}
    made = create(MonitorService(client, "dbaas"), rule_criteria=rules, entity_ids=[database])
    (rule,) = made.rule_criteria.rules
    assert (rule.label, rule.unit) == ("Memory Usage", "percent")
    assert rule.dimension_filters[0].raw == {"label": "Node Type", **primary}
    rules["rules"][0]["metric"] = "read_iops"
    wrong = said(create, MonitorService(client, "dbaas"), "other", rule_criteria=rules, entity_ids=[database])
    assert wrong == [("metric is not valid", "rule_criteria.rules[0].metric")]


def test_of_linodes_own_definitions_the_entities_alone_can_be_changed(client):
    system = AlertDefinition(client, 10000, "dbaas")
    system.entity_ids = []
    system.save()
    system.label = "mine"
    with pytest.raises(InvalidRequestError, match="Only entity_ids of a system alert") as caught:
        system.save()
    assert [name for _, name in caught.value.reasons] == ["label"]
    with pytest.raises(InvalidRequestError, match="cannot be deleted"):
        system.delete()


def test_a_status_is_enabled_or_disabled(alert):
    alert.status = "failed"
    assert said(alert.save) == [("Must be one of enabled, disabled", "status")]


def test_a_creation_without_an_answer_is_settled_by_its_label():
    """The label is unique in the account, so the definition that is there is the one that was created."""
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client()
        linode = client.create_linode(NANODE, REGION)
        path = "/monitor/services/linode/alert-definitions"
        sandbox.faults.append(Fault("POST", path, connection="dropped", processed=True))
        made = create(MonitorService(client, "linode"), entity_ids=[linode])
        assert [each.id for each in MonitorService(client, "linode").alert_definitions] == [made.id]


# -- channels --------------------------------------------------------------------------------------------------------


def test_linodes_own_channel_cannot_be_changed(client):
    (channel,) = client.get_alert_channels(AlertChannel.label == "Read-Write Channel")
    assert (channel.id, channel.type, channel.details.email.recipient_type) == (SYSTEM, "system", "read_write_users")
    assert (channel.alerts.alert_count, channel.content) == (6, None)
    assert [each.id for each in channel.alert_definitions] == [*range(10000, 10006)]
    channel.label = "mine"
    with pytest.raises(InvalidRequestError, match="cannot be changed"):
        channel.save()
    with pytest.raises(InvalidRequestError, match="cannot be deleted"):
        channel.delete()


def test_a_channel_by_email_is_created_changed_and_deleted_when_nothing_uses_it(sandbox, client, service, linode):
    sandbox.add_user("ada", "ada@example.com")
    channel = client.create_alert_channel("email", {"email": {"usernames": ["sandbox"]}}, label="me")
    assert (channel.label, channel.type, channel.channel_type, channel.created_by) == ("me", "user", "email", "sandbox")
    assert channel.details.webhook is None
    channel.details.email.usernames = ["sandbox", "ada"]
    channel.label = "us"
    channel.save()
    assert (channel.load().label, channel.details.email.usernames) == ("us", ["sandbox", "ada"])
    alert = create(service, channels=[channel], entity_ids=[linode])
    (used,) = channel.alert_definitions
    assert (used.id, used.label, used.service_type) == (alert.id, "busy", "linode")
    assert used.definition_url == alert.url
    assert channel.load().alerts.alert_count == 1
    with pytest.raises(InvalidRequestError, match="is used by alert definitions"):
        channel.delete()
    alert.delete()
    channel.delete()
    with pytest.raises(NotFoundError):
        channel.load()


def test_what_is_wrong_with_a_channel_is_told(client):
    nobody = {"email": {"usernames": ["nobody"]}}
    assert said(client.create_alert_channel, "email", nobody) == [
        ("details.email.usernames is not valid", "details.email.usernames[0]")
    ]
    addressed = {"email": {"usernames": ["sandbox"]}}
    assert said(client.create_alert_channel, "webhook", addressed) == [("webhook is required", "details.webhook")]
    for _ in range(5):
        client.create_alert_channel("email", addressed)
    with pytest.raises(InvalidRequestError, match="can have 5"):
        client.create_alert_channel("email", {"email": {"usernames": ["sandbox"]}})


def test_a_webhook_is_tried_and_shows_no_secret(client):
    secret = "correct-horse"
    login = {"basic_authentication_user": "me", "basic_authentication_password": secret}
    certificate = {"tls_hostname": "example.com", "client_private_key": secret}
    webhook = {
        "endpoint_url": "https://example.com/alerts",
        "authentication": {"type": "basic", "details": login},
        "client_certificate_details": certificate,
        "custom_headers": [{"name": "X-From", "value": "linode"}],
    }
    assert client.verify_alert_webhook(webhook).webhook.http_status == 200
    channel = client.create_alert_channel("webhook", {"webhook": webhook}, label="pager")
    shown = channel.details.webhook
    assert (shown.endpoint_url, shown.authentication.type) == (webhook["endpoint_url"], "basic")
    assert shown.data_compression == "none"
    assert (shown.client_certificate_details.tls_hostname, shown.custom_headers[0].name) == ("example.com", "X-From")
    assert secret not in str(channel.load().raw)
    assert channel.details.email is None


@pytest.mark.parametrize(
    ("url", "words"), [("example.com", "endpoint_url is not valid"), ("https://x.invalid/", "did not respond")]
)
def test_a_webhook_that_is_none_is_told(client, url, words):
    with pytest.raises(InvalidRequestError, match=words) as caught:
        client.verify_alert_webhook({"endpoint_url": url})
    assert [name for _, name in caught.value.reasons] == ["webhook.endpoint_url"]


def test_a_webhook_is_tried_below_the_beta_version(sandbox, client: LinodeClient):
    client.verify_alert_webhook({"endpoint_url": "https://example.com"})
    assert sandbox.requests[-1].path == "/v4beta/monitor/alert-channels/verify"
