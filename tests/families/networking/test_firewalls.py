"""Firewalls, their rules, devices, versions, rule sets, templates and defaults, seen from a client."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION, raw

from linode import Firewall, FirewallRule
from linode.errors import AuthorizationError, InvalidRequestError, NotFoundError

SSH = {"action": "ACCEPT", "protocol": "TCP", "ports": "22", "addresses": {"ipv4": ["0.0.0.0/0"]}, "label": "ssh"}
RULES = {"inbound": [SSH], "inbound_policy": "DROP", "outbound": [], "outbound_policy": "ACCEPT"}


@pytest.fixture
def wall(client):
    """A firewall that protects nothing."""
    return client.create_firewall("wall", RULES)


def refused(words, function, *arguments, **options):
    with pytest.raises(InvalidRequestError, match=words) as caught:
        function(*arguments, **options)
    return caught.value


def actions(client):
    return [event.action for event in client.get_events()]


# -- creating and changing -------------------------------------------------------------------------------------------


def test_a_firewall_is_created_with_its_rules(client, wall):
    assert (wall.status, wall.tags, wall.entities) == ("enabled", [], [])
    assert wall.raw["rules"]["inbound"] == [SSH]
    assert (wall.rules.version, len(wall.rules.fingerprint)) == (1, 8)
    assert actions(client) == ["firewall_create"]


def test_members_that_a_rule_lacks_stay_absent_and_null_stays_null(client):
    wall = client.create_firewall("wall", {"inbound_policy": "DROP", "outbound": None, "outbound_policy": "DROP"})
    assert (wall.raw["rules"]["inbound"], wall.raw["rules"]["outbound"]) == ([], None)


ADDRESSES = "rules.inbound[0].addresses"


@pytest.mark.parametrize(
    ("rules", "words", "field"),
    [
        ({"outbound_policy": "DROP"}, "inbound_policy is required", "rules.inbound_policy"),
        ({"inbound_policy": "DROP"}, "outbound_policy is required", "rules.outbound_policy"),
        (
            {**RULES, "both": []},
            "Keys must be one of: inbound, inbound_policy, outbound, outbound_policy",
            "rules",
        ),
        ({**RULES, "inbound": [{**SSH, "ports": "022"}]}, "ports is not valid", "rules.inbound[0].ports"),
        ({**RULES, "inbound": [{**SSH, "ports": "90-80"}]}, "ports is not valid", "rules.inbound[0].ports"),
        ({**RULES, "inbound": [{**SSH, "ports": "65536"}]}, "ports is not valid", "rules.inbound[0].ports"),
        ({**RULES, "inbound": [{**SSH, "ports": "1," * 15 + "2"}]}, "ports is not valid", "rules.inbound[0].ports"),
        ({**RULES, "inbound": [{**SSH, "protocol": "ICMP"}]}, "not allowed for ICMP", "rules.inbound[0].ports"),
        ({**RULES, "inbound": [{**SSH, "label": "x"}]}, "Length must be 3-32", "rules.inbound[0].label"),
        ({**RULES, "inbound": [{"protocol": "TCP"}]}, "action is required", "rules.inbound[0].action"),
        *(
            ({**RULES, "inbound": [{**SSH, "addresses": {name: [text]}}]}, "is not valid", f"{ADDRESSES}.{name}[0]")
            for name, text in (
                ("ipv4", "nowhere"),
                ("ipv4", "192.0.2.1/33"),
                ("ipv4", "2001:db8::/32"),
                ("ipv6", "192.0.2.1"),
            )
        ),
        ({**RULES, "inbound": [SSH] * 26}, "at most 25 rules", "rules"),
        ({**RULES, "inbound": [{"ruleset": 9}]}, "ruleset is not valid", "rules.inbound[0].ruleset"),
    ],
)
def test_rules_that_are_not_valid_are_refused(client, rules, words, field):
    error = refused(words, client.create_firewall, "wall", rules)
    assert [name for _, name in error.reasons] == [field]
    assert len(client.get_firewalls()) == 0


def test_labels_are_unique(client, wall):
    refused("Label must be unique among your Cloud Firewalls", client.create_firewall, "wall", RULES)


def test_new_rules_are_a_new_version(client, wall):
    first = wall.rules.fingerprint
    changed = wall.update_rules(inbound=[FirewallRule(action="DROP", protocol="ICMP")], inbound_policy="ACCEPT")
    assert (changed.version, changed.inbound_policy) == (2, "ACCEPT")
    assert changed.inbound[0].protocol == "ICMP"
    assert changed.fingerprint != first
    assert wall.rules.version == 2
    assert wall.get_rules().raw == changed.raw
    assert [each.rules.version for each in wall.history] == [1, 2]
    # The vendor's tests read policies and the version at the top of the answer.
    old = wall.get_version(1)
    assert (old.inbound[0].label, old.inbound_policy, old.version) == ("ssh", "DROP", 1)
    with pytest.raises(NotFoundError):
        wall.get_version(3)
    assert actions(client)[0] == "firewall_rules_update"
    refused("at most 25 rules", wall.update_rules, inbound=[SSH] * 26)
    assert wall.get_rules().version == 2
    # The vendor's tests send the same rules twice, and then find two versions.
    assert wall.update_rules(inbound_policy="ACCEPT").version == 2
    assert len(wall.history) == 2


def test_switching_it_and_renaming_it_are_told_apart(client, wall):
    wall.status = "disabled"
    wall.save()
    wall.label = "other"
    wall.save()
    assert actions(client)[:2] == ["firewall_update", "firewall_disable"]
    wall.status = "deleted"
    refused("Must be one of enabled, disabled", wall.save)


# -- devices ---------------------------------------------------------------------------------------------------------


def test_devices_are_created_listed_and_deleted(client, wall, empty):
    device = wall.create_device(empty)
    assert (device.entity.type, device.entity.id, device.entity.label) == ("linode", empty.id, empty.label)
    assert [each.id for each in wall.devices] == [device.id]
    assert [each.id for each in wall.load().entities] == [empty.id]
    assert [each.id for each in empty.firewalls] == [wall.id]
    device.delete()
    assert (len(wall.devices), wall.load().entities, len(empty.firewalls)) == (0, [], 0)
    with pytest.raises(NotFoundError):
        device.load()
    assert actions(client)[:2] == ["firewall_device_remove", "firewall_device_add"]


def test_an_entity_has_one_firewall(client, wall, empty):
    wall.create_device(empty.id, "linode")
    other = client.create_firewall("other", RULES, tags=["web", "api"])
    assert other.tags == ["api", "web"]
    refused("Another firewall", other.create_device, empty)
    refused("Another firewall", wall.create_device, empty)
    refused("type is required", wall.create_device, empty.id)
    refused("id is not valid", wall.create_device, 9, "nodebalancer")


def test_devices_can_be_given_at_once(client, empty):
    one = client.create_firewall("one", RULES, devices={"linodes": [empty]})
    assert [each.id for each in one.entities] == [empty.id]
    other = client.create_linode(NANODE, REGION, label="other")
    two = client.create_firewall("two", RULES, entities=[{"id": other.id, "type": "linode"}])
    assert [each.entity.id for each in two.devices] == [other.id]
    refused("is not valid", client.create_firewall, "three", RULES, devices={"linodes": [9]})
    assert [each.label for each in client.get_firewalls()] == ["one", "two"]


def test_interfaces_of_a_linode_have_firewalls_of_their_own(client, wall):
    linode = client.create_linode(NANODE, REGION, interface_generation="linode", interfaces=[{"public": {}}])
    refused("firewalls of their own", wall.create_device, linode)
    (interface,) = linode.interfaces
    device = wall.create_device(interface)
    assert (device.entity.type, device.entity.parent_entity.id) == ("linode_interface", linode.id)
    assert device.entity.label is None


def test_a_deleted_linode_takes_its_device_along(client, wall, empty):
    wall.create_device(empty)
    empty.delete()
    assert (len(wall.devices), wall.load().entities) == (0, [])


def test_a_deleted_firewall_leaves_what_it_protected(client, wall, empty):
    wall.create_device(empty)
    wall.delete()
    assert list(empty.firewalls) == []
    assert actions(client)[0] == "firewall_delete"


# -- defaults, templates, rule sets ----------------------------------------------------------------------------------


def test_default_firewalls_protect_what_is_made_later(client, wall, empty):
    settings = client.get_firewall_settings()
    assert settings.default_firewall_ids.linode is None
    settings.default_firewall_ids.linode = wall.id
    settings.save()
    assert client.get_firewall_settings().default_firewall_ids.raw == {
        "linode": wall.id,
        "nodebalancer": None,
        "public_interface": None,
        "vpc_interface": None,
    }
    linode = client.create_linode(NANODE, REGION, label="later")
    assert [each.id for each in linode.firewalls] == [wall.id]
    assert list(client.create_linode(NANODE, REGION, firewall_id=-1).firewalls) == []
    assert list(empty.firewalls) == []
    refused("default", wall.delete)
    wall.status = "disabled"
    refused("default", wall.save)
    settings.default_firewall_ids.linode = None
    settings.save()
    wall.load().delete()


def test_templates_have_rules_to_copy(client):
    templates = {each.slug: each for each in client.get_firewall_templates()}
    assert {"public", "vpc"} <= templates.keys()
    public = templates["public"].load()
    wall = client.create_firewall("copied", public.rules)
    assert wall.rules.inbound[0].ports == "22"


def test_null_leaves_the_label_of_a_rule_set(sandbox, client):
    """A rule set always has one."""
    web = client.create_firewall_ruleset("web", "inbound", [{"action": "ACCEPT", "protocol": "TCP", "ports": "80"}])
    status, answer = raw(
        sandbox, "PUT", f"/networking/firewalls/rulesets/{web.id}", {"label": None, "description": "x"}
    )
    assert (status, answer["label"], answer["description"]) == (200, "web", "x")


def test_a_rule_set_stands_for_its_rules(client, wall):
    web = client.create_firewall_ruleset("web", "inbound", [{"action": "ACCEPT", "protocol": "TCP", "ports": "80"}])
    assert (web.version, web.is_service_defined, web.deleted) == (1, False, None)
    wall.update_rules(inbound=[{"ruleset": web}])
    assert wall.get_rules().inbound[0].ruleset == web.id
    assert wall.expanded_rules().inbound[0].ports == "80"
    refused("ruleset is not valid", wall.update_rules, outbound=[{"ruleset": web.id}])
    web.description = "more"
    web.save()
    assert web.version == 2
    assert actions(client)[:2] == ["firewall_ruleset_update", "firewall_ruleset_firewall_update"]
    refused("in use", web.delete)
    wall.update_rules(inbound=[])
    web.delete()
    assert web.load().deleted is not None
    assert [each.id for each in client.get_firewall_rulesets()] == [web.id]


# -- who may ---------------------------------------------------------------------------------------------------------


def test_restricted_users_see_what_they_were_granted(sandbox, client, wall):
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    assert list(ada.get_firewalls()) == []
    settings = ada.get_firewall_settings()
    settings.default_firewall_ids.linode = wall
    with pytest.raises(AuthorizationError):
        settings.save()
    with pytest.raises(AuthorizationError):
        Firewall(ada, wall.id).update_rules(inbound=[])
    sandbox.grant("ada", firewall={wall.id: "read_only"})
    assert Firewall(ada, wall.id).get_rules().version == 1
    with pytest.raises(AuthorizationError):
        Firewall(ada, wall.id).update_rules(inbound=[])
