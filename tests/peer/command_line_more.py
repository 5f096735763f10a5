"""The vendor's command line over the families that came later, and the refusals that its own tests look for."""

from __future__ import annotations

import functools
import json
import sys

from command_line import refused, settings_for, shown
from patience import until

REGION = "us-sea"
NEW = ("--type", "g6-nanode-1", "--region", REGION, "--image", "linode/debian12", "--root_pass", "correct-Horse-9-bat")
OPEN = {"public": {"ipv4": {"addresses": [{"primary": True}]}}, "default_route": {"ipv4": True, "ipv6": True}}


def interfaces(cli, wall):
    """Deleted as soon as a shutdown is asked for; the next one has the address of the last."""
    public = json.dumps([{**OPEN, "firewall_id": wall}])
    (linode,) = cli("linodes", "create", *NEW, "--interface_generation", "linode", "--interfaces", public)
    number = str(linode["id"])
    until("running", lambda: cli("linodes", "view", number)[0]["status"])
    (entry,) = cli("linodes", "interfaces-list", number)
    cli("linodes", "shutdown", number)
    cli("linodes", "interface-delete", number, str(entry["interfaces"]["id"]))
    address = cli("linodes", "ips-list", number)[0]["ipv4"]["public"][0]["address"]
    two = json.dumps([{"address": address, "primary": True}, {"address": "auto", "primary": False}])
    ranges = json.dumps([{"range": "/64"}, {"range": "/64"}])
    given = ("--firewall_id", str(wall), "--public.ipv4.addresses", two, "--public.ipv6.ranges", ranges)
    (added,) = cli("linodes", "interface-add", number, *given)
    assert added["public"]["ipv4"]["addresses"][0] == {"address": address, "primary": True}
    assert (len(added["public"]["ipv4"]["addresses"]), len(added["public"]["ipv6"]["ranges"])) == (2, 2)
    return number


def share_groups(cli, no):
    (group,) = cli("image-sharegroups", "create", "--label", "group_1", "--description", "for all")
    number = str(group["id"])
    member = ("--token", "notExistingToken", "--label", "somebody")
    assert "Invalid token format" in no("image-sharegroups", "member-add", *member, number)
    own = ("--label", "mine", "--valid_for_sharegroup_uuid", group["uuid"])
    assert "You may not create a token for your own sharegroup" in no("image-sharegroups", "token-create", *own)
    cli("image-sharegroups", "delete", number)
    assert "Not found" in no("image-sharegroups", "view", number)


def monitoring(cli, no):
    rule = {"metric": "cpu_usage", "operator": "eq", "threshold": "80", "aggregate_function": "avg"}
    condition = {"criteria_condition": "ALL", "evaluation_period_seconds": "300", "polling_interval_seconds": "300"}
    words = [word for name, value in rule.items() for word in (f"--rule_criteria.rules.{name}", value)]
    words += [word for name, value in condition.items() for word in (f"--trigger_conditions.{name}", value)]
    words += ["--trigger_conditions.trigger_occurrences", "3", "--severity", "1", "--channel_ids", "10000"]
    (alert,) = cli("alerts", "definition-create", "--label", "busy", *words, "dbaas")
    assert cli("alerts", "definitions-list-all")[-1]["id"] == alert["id"]
    wrong = ("--label", "test", "--type", "custom_https", "--details", "test")
    assert "Must be of type Object" in no("streams", "destination-create", *wrong)
    assert "Destination not found" in no("streams", "destination-view", "1")


def scripts_and_events(cli, no):
    script = '#!/bin/bash\n# <UDF name="foo" Label="foo" example="bar" />\n'
    (made,) = cli("stackscripts", "create", "--script", script, "--images", "linode/debian12", "--label", "setup")
    assert "images is required" in no("stackscripts", "create", "--script", script, "--label", "none")
    wrong = (*NEW, "--image", "asdf", "--stackscript_id", str(made["id"]))
    assert "image is not valid" in no("linodes", "create", *wrong)
    cli("stackscripts", "delete", str(made["id"]))
    (event, *_) = cli("events", "list")
    cli("events", "mark-seen", str(event["id"]))
    assert cli("events", "view", str(event["id"]))[0]["seen"] is True


def networks(cli, no):
    (forbidden, *_) = cli("vpcs", "default-ranges-all-list")[0]["forbidden_ipv4_ranges"]
    capable = [each["id"] for each in cli("regions", "list") if "Custom VPC IPv4 Ranges" in each["capabilities"]]
    new = ("vpcs", "create", "--label", "net", "--region", capable[0], "--ipv4.range")
    assert f"overlaps with the forbidden IPv4 range {forbidden}" in no(*new, forbidden)
    assert "lke-e" in {each["id"] for each in cli("lke", "types")}
    (reserved,) = cli("networking", "reserved-ip-add", "--region", REGION, "--tags", "kept")
    assert (reserved["tags"], reserved["linode_id"]) == (["kept"], None)
    cli("networking", "reserved-ip-delete", reserved["address"])


def main(address, token):
    settings = {**settings_for(address, token), "LINODE_CLI_API_VERSION": "v4beta"}
    cli, no = functools.partial(shown, settings), functools.partial(refused, settings)
    policies = ("--rules.inbound_policy", "DROP", "--rules.outbound_policy", "ACCEPT")
    (wall,) = cli("firewalls", "create", "--label", "wall", *policies)
    number = interfaces(cli, wall["id"])
    share_groups(cli, no)
    monitoring(cli, no)
    scripts_and_events(cli, no)
    networks(cli, no)
    cli("linodes", "delete", number)
    print("the story is told")


if __name__ == "__main__":
    main(*sys.argv[1:])
