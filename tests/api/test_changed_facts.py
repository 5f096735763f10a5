"""The comparison of the declarations notices each kind of change in the facts."""

from __future__ import annotations

import functools

import conformance
import pytest

ONE = "/volumes/{volumeId}"
TEXT = {"type": "string"}
BALANCER = "/nodebalancers/{nodeBalancerId}"


@functools.cache
def unchanged(family):
    """The differences from the unchanged facts."""
    return {line for check in conformance.CHECKS.values() for line in check(family)}


def _answers(operation, shape):
    return operation.get("response") == {"$ref": shape}


def body(the):
    return the.operation("POST", "/volumes")["request"]


@pytest.mark.parametrize(
    ("change", "family", "line"),
    [
        (lambda the: the.known["operations"].append({**the.operation("GET", ONE), "path": f"{ONE}/new"}),
         "volumes", "GET /volumes/{}/new: not declared"),
        (lambda the: the.known["operations"].remove(the.operation("POST", f"{ONE}/clone")),
         "volumes", "POST /volumes/{}/clone: the API does not have it"),
        (lambda the: the.operation("GET", "/volumes").update(scopes=["x:read_only"]),
         "volumes", "GET /volumes: scopes x:read_only"),
        (lambda the: the.operation("GET", "/volumes").update(auth="none"), "volumes", "GET /volumes: public True"),
        (lambda the: the.operation("GET", "/volumes").update(api_version="v4beta"),
         "volumes", "GET /volumes: beta True"),
        (lambda the: (the.operation("GET", ONE).update(path_params={"volumeId": TEXT}), the.shape("Volume").pop("id")),
         "volumes", "Volume: id: is str"),
        (lambda the: the.operation("GET", "/volumes").update(query_params={"x": TEXT}),
         "volumes", "VolumesMixin.get_volumes.x: missing"),
        (lambda the: body(the).update(x=TEXT), "volumes", "create_volume.x: missing"),
        (lambda the: body(the).pop("tags"), "volumes", "create_volume.tags: not in the body"),
        (lambda the: body(the)["label"].pop("required"),
         "volumes", "create_volume.label: not required by the API"),
        (lambda the: body(the)["label"].update(nullable=True),
         "volumes", "create_volume.label: can be null"),
        (lambda the: body(the)["label"].update(maxLength=33),
         "volumes", "create_volume.label: maxLength is 33"),
        (lambda the: the.operation("PUT", ONE)["request"].pop("tags"), "volumes", "Volume.save.tags: not in the body"),
        (lambda the: the.operation("POST", f"{ONE}/detach").update(response_kind="object", response={"$ref": "Volume"}),
         "volumes", "Volume.detach: answers Volume"),
        (lambda the: the.operation("GET", "/volumes").update(response_kind="object"),
         "volumes", "VolumesMixin.get_volumes: answers object of Volume"),
        (lambda the: the.operation("GET", "/volumes").update(filterable=["label"]),
         "volumes", "Volume: filterable tags"),
        (lambda the: the.shape("Volume")["size"].update(type="string"), "volumes", "Volume.size: is str"),
        (lambda the: the.shape("Volume")["size"].update(nullable=True), "volumes", "Volume.size: can be null"),
        (lambda the: the.shape("Volume")["status"]["enum"].append("x"), "volumes", "Volume.status: choices lack x"),
        (lambda the: the.shape("Volume").pop("size"), "volumes", "Volume.size: the API does not have it"),
        (lambda the: the.shape("Volume").update(x=TEXT), "volumes", "Volume.x: missing from POST /volumes/{}/attach"),
        (lambda the: the.shape("IPv6RangeBGP").update(x=TEXT),
         "networking", "IPv6Range.x: missing from GET /networking/ipv6/ranges/{}"),
        (lambda the: the.shape("IPv6RangeBGP").pop("region"), "networking", "IPv6Range.region: can be null"),
        (lambda the: the.shape("LinodeIPs")["ipv4"]["properties"].update(x=TEXT),
         "linodes", "LinodeIPs.ipv4.x: missing from GET /linode/instances/{}/ips"),
    ],
    ids=lambda each: each.replace(" ", "-") if isinstance(each, str) else "",
)  # fmt: skip
def test_a_changed_fact_is_reported(changeable, change, family, line):
    """In an operation, in who may ask, in what is sent, and in the shape of one answer alone."""
    assert line not in unchanged(family)
    change(changeable)
    assert line in changeable.differences(family)


@pytest.mark.parametrize(
    ("change", "family", "line"),
    [
        (lambda the: the.shape("VPCIPAddress")["prefix"].pop("nullable"),
         "vpcs", "VPCIPAddress.prefix: cannot be null"),
        (lambda the: body(the)["tags"].update(required=True), "volumes", "create_volume.tags: required by the API"),
        (lambda the: body(the)["region"].pop("nullable"), "volumes", "create_volume.region: cannot be null"),
        (lambda the: the.operation("PUT", "/lke/clusters/{clusterId}/control_plane_acl")["request"].pop("acl"),
         "lke", "LKECluster.save.control_plane.acl: missing"),
        (lambda the: the.operation("POST", "/vpcs/{vpcId}/subnets")["request"]["label"].pop("required"),
         "vpcs", "create_vpc.subnets[].label: not required by the API"),
        (lambda the: the.shape("FirewallRuleSet")["label"].update(nullable=True),
         "networking", "FirewallRuleSet.save.label: can be null"),
        (lambda the: the.shape("Firewall")["rules"]["properties"]["inbound"].pop("nullable"),
         "networking", "create_firewall.rules.inbound: cannot be null"),
        (lambda the: the.shape("StackScript")["id"].update(type="string"), "stackscripts", "StackScript: id: is str"),
        (lambda the: the.shape("Image").pop("is_public"), "images", "GET /images: public none"),
        (lambda the: the.operation("GET", "/volumes/types").update(auth="scopes", scopes=["volumes:read_only"]),
         "volumes", "GET /volumes/types: public none"),
        (lambda the: the.shape("DomainZoneFile").update(x=TEXT),
         "domains", "Domain.zone_file: answers object of DomainZoneFile"),
        (lambda the: the.shape("Domain")["description"].update(minLength=1),
         "domains", "create_domain.description: minLength is 1"),
        (lambda the: the.shape("Domain")["description"].pop("minLength"),
         "domains", "Domain.save.description: minLength is 1"),
        (lambda the: the.operation("POST", "/domains")["request"]["description"].update(required=True),
         "domains", "create_domain.description: minLength is 1"),
        (lambda the: the.operation("POST", "/domains")["request"]["description"].update(minLength=2),
         "domains", "create_domain.description: minLength is 2"),
        (lambda the: the.shape("DomainZoneFile")["zone_file"]["items"].update(type="integer"),
         "domains", "Domain.zone_file: answers object of DomainZoneFile"),
        (lambda the: the.shape("LinodeStats")["netv4"]["properties"].update(x=TEXT),
         "linodes", "LinodeStats.data.netv4.x: missing from GET /linode/instances/{}/stats"),
        (lambda the: the.shape("LinodeStats").update(x=TEXT),
         "linodes", "LinodeStats.x: missing from GET /linode/instances/{}/stats"),
        (lambda the: the.shape("ManagedStats")["data"]["anyOf"][0]["properties"].update(x=TEXT),
         "managed", "ManagedStats.data.x: missing from GET /managed/stats"),
        (lambda the: the.shape("Firewall").update(inbound=TEXT),
         "networking", "FirewallRules.tags: missing from GET /networking/firewalls/{}/history/rules/{}"),
        (lambda the: the.known["operations"].remove(the.operation("GET", "/monitor/streams/quotas")),
         "monitor", "GET /monitor/streams/quotas: the API does not have it"),
        (lambda the: the.known["operations"].remove(the.operation("GET", f"{BALANCER}/backend_vpcs")),
         "nodebalancers", "create_nodebalancer.backend_vpcs: missing"),
        (lambda the: the.shape("Region")["capabilities"]["items"]["enum"].append("x"),
         "regions", "RegionMonitors.alerts[]: choices add"),
        (lambda the: [each.pop("response") for each in the.known["operations"] if _answers(each, "LKECluster")],
         "lke", "LKECluster: no operation answers with it"),
        (lambda the: the.shape("UserDefinedField").update(oneOfX=TEXT),
         "stackscripts", "StackScript.user_defined_fields.oneOfX: missing from GET /linode/stackscripts"),
    ],
    ids=lambda each: each.replace(" ", "-") if isinstance(each, str) else "",
)  # fmt: skip
def test_a_change_outside_of_all_rules_is_reported(changeable, change, family, line):
    """A rule explains only the differences that it names; without its evidence each is reported."""
    assert not any(each.startswith(line) for each in unchanged(family))
    change(changeable)
    assert any(each.startswith(line) for each in changeable.differences(family))
