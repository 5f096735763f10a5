"""The API of 2016 in the sandbox: the guide of that year, and the behaviour that its clients relied on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from asking import add

from linode import (
    AuthenticationError,
    AuthorizationError,
    Config,
    Datacenter,
    Disk,
    Distribution,
    Linode,
    LinodeClient,
    NotFoundError,
    Service,
    StackScript,
    Zone,
    or_,
)
from linode._http.transport import Request
from linode.sandbox.core.schema import Row
from linode.sandbox.gateways.alpha_records import NUMBERS, Records
from linode.sandbox.sandbox import Sandbox

URL = "http://sandbox/alpha/v4"


@pytest.fixture
def client(sandbox: Sandbox) -> LinodeClient:
    """A client that speaks the API of 2016."""
    return sandbox.client(base_url=URL)


def add_linode(sandbox: Sandbox, label: str = "web", **members: Any) -> Row:
    given = {"region": "us-east", "type": "g6-nanode-1", "image": "linode/debian12", "status": "offline"}
    return add(sandbox, Linode, label=label, **{**given, **members})


def ask(
    sandbox: Sandbox, method: str, path: str, body: Any = None, token: str | None = None, filter: Any = None
) -> Any:
    """The status and the JSON of an answer."""
    headers = {"Authorization": f"token {token or sandbox.token}", "Content-Type": "application/json"}
    if filter is not None:
        headers["X-Filter"] = json.dumps(filter)
    answer = sandbox.gateway.handle(Request(method, f"{URL}{path}", headers, json.dumps(body).encode()))
    return answer.status, json.loads(answer.content)


def token_for(sandbox: Sandbox, scopes: str) -> str:
    with sandbox.world.transaction():
        return str(sandbox.world.identity.issue_token("sandbox", scopes)["_secret"])


# -- the guide ---------------------------------------------------------------------------------------------------------


def test_the_guide_from_connecting_to_creating(client: LinodeClient):
    """Every snippet of the guide from "Connecting" on runs as it stands, with the ids of 2016."""
    serv = client.get_services(Service.label == "Linode 1024")[0]
    dc = client.get_datacenters(Datacenter.label.contains("Newark"))[0]
    distro = client.get_distributions(Distribution.vendor == "Ubuntu")[0]
    made, root_pw = client.create_linode(serv, dc, source=distro)
    assert (made.id, made.datacenter, made.distribution) == ("linode_123", dc, distro)
    assert len(root_pw) == 32

    linode = Linode(client, "lnde_123")
    assert linode.label == made.label
    disk = Disk(client, "disk_123", "lnde_123")
    assert disk.label == linode.disks[0].label
    assert "disk_123" in [each.id for each in linode.disks]

    assert len(client.get_datacenters()) >= 8
    linodes = client.get_linodes()
    assert [each.id for each in linodes] == ["linode_123"]

    newark = client.get_datacenters(Datacenter.label == "Newark")[0]
    assert newark == dc
    assert client.get_linodes(Linode.datacenter == newark) == [made]
    assert len(client.get_linodes(Linode.label.contains("foo"), Linode.datacenter == "dctr_1")) == 0

    linode.label = "my-foo"
    linode.save()
    assert len(client.get_linodes((Linode.label.contains("foo")) | (Linode.label.contains("bar")))) == 1
    assert len(client.get_linodes(or_(Linode.label.contains("bar"), Linode.label.contains("baz")))) == 0


def test_the_guides_tables_of_what_is_required(sandbox: Sandbox, client: LinodeClient):
    """The arguments that the guide calls required are enough for every creation."""
    distro = client.get_distributions(Distribution.label == "Debian 12")[0]
    script = client.create_stackscript("setup", "#!/bin/bash\ntrue\n", [distro])
    assert (script.id, script.distributions) == ("stackscript_123", [distro.id])
    zone = client.create_zone("example.com", soa_email="admin@example.com")
    assert (zone.id, zone.zone, zone.type) == ("zone_123", "example.com", "master")
    record = zone.create_record("A", name="www", target="203.0.113.5")
    assert (record.id, record.target) == ("record_123", "203.0.113.5")

    linode = client.create_linode("service_113", "datacenter_6")
    sandbox.advance(10)
    disk = linode.create_disk(512)
    assert disk.size == 512
    kernel = client.get_kernels()[0]
    config = linode.create_config(kernel, disks=[disk])
    assert (config.kernel, config.devices.sda.disk_id) == (kernel, disk.id)


def test_a_linode_of_2016_does_not_boot_by_itself(sandbox: Sandbox, client: LinodeClient):
    """A Linode of 2016 is offline after its creation, and runs after it was booted."""
    linode, _ = client.create_linode("service_112", "dctr_6", source="distro_142")
    assert linode.state == "provisioning"
    sandbox.advance(120)
    assert linode.load().state == "offline"
    linode.boot()
    assert linode.state == "booting"
    sandbox.advance(120)
    assert linode.load().state == "running"


# -- lists -------------------------------------------------------------------------------------------------------------


def test_a_page_has_25_objects_and_an_empty_list_has_one_page(sandbox: Sandbox):
    """Clients of 2016 made room for that many pages and filled the first."""
    for number in range(26):
        add_linode(sandbox, f"foo-{number}")
    status, first = ask(sandbox, "GET", "/linodes")
    _, second = ask(sandbox, "GET", "/linodes?page=2", filter={"label": {"+contains": "foo"}})
    assert (status, len(first["linodes"]), len(second["linodes"])) == (200, 25, 1)
    assert [first[name] for name in ("page", "total_pages", "total_results")] == [1, 2, 26]
    assert ask(sandbox, "GET", "/zones") == (200, {"zones": [], "page": 1, "total_pages": 1, "total_results": 0})
    assert ask(sandbox, "GET", "/linodes?page=3")[0] == 404
    assert ask(sandbox, "GET", "/linodes?page=no") == (
        400,
        {"errors": [{"field": "page", "reason": "Must be at least 1"}]},
    )


@pytest.mark.parametrize(
    ("path", "filter", "ids"),
    [
        ("/datacenters", {"label": "Newark"}, ["datacenter_6"]),
        ("/datacenters", {"label": "Newark, NJ"}, ["datacenter_6"]),
        ("/datacenters", {"label": {"+contains": "ewar"}}, ["datacenter_6"]),
        ("/services", {"label": "Linode 1024"}, ["service_112"]),
        ("/services", {"ram": {"+gt": 1024}, "monthly_price": {"+lte": 2000}, "vcpus": 1}, ["service_113"]),
        ("/distributions", {"vendor": "Arch"}, ["distro_142"]),
        ("/kernels", {"+or": [{"label": "GRUB 2"}, {"label": "Direct Disk"}]}, ["kernel_210", "kernel_213"]),
        ("/linodes", {"datacenter": "dctr_6"}, ["linode_123"]),
        ("/linodes", {"datacenter": {"id": "datacenter_6"}}, ["linode_123"]),
        ("/linodes", {"datacenter": "dctr_1"}, []),
        ("/linodes", {"label": {"+ne": "web"}}, []),
        ("/linodes", {"+and": [{"state": "offline"}, {"label": "web"}]}, ["linode_123"]),
    ],
)
def test_filters_find_what_they_describe(sandbox: Sandbox, path: str, filter: Any, ids: list[str]):
    """Conditions are on the objects as they were shown, relations by id, of either spelling."""
    add_linode(sandbox)
    status, page = ask(sandbox, "GET", path, filter=filter)
    assert status == 200
    assert [each["id"] for each in page[path[1:]]] == ids


@pytest.mark.parametrize(
    ("filter", "reason"),
    [
        ({"updated": 1}, "Cannot filter on updated"),
        ({"label": {"+neq": 1}}, "+neq is not an operator"),
        ({"+or": {}}, "+or must be an array"),
        ([], "Must be a JSON object"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(sandbox: Sandbox, filter: Any, reason: str):
    """The answer says what is wrong with it."""
    assert ask(sandbox, "GET", "/linodes", filter=filter) == (
        400,
        {"errors": [{"field": "X-Filter", "reason": reason}]},
    )


def test_choices_of_lists(sandbox: Sandbox):
    """Recommended distributions, the account's own StackScripts, and services by their type."""
    add(sandbox, StackScript, label="ours", mine=True)
    add(sandbox, StackScript, label="theirs", mine=False, is_public=True)
    _, page = ask(sandbox, "GET", "/distributions/recommended")
    assert page["distributions"]
    assert all(each["recommended"] for each in page["distributions"])
    assert [each["label"] for each in ask(sandbox, "GET", "/stackscripts/mine")[1]["stackscripts"]] == ["ours"]
    assert ask(sandbox, "GET", "/services/linode")[1]["total_results"] > 8
    assert ask(sandbox, "GET", "/services/backup")[1]["services"] == []


# -- ids ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(NUMBERS))
def test_everything_in_the_catalogue_has_one_id_of_2016(sandbox: Sandbox, kind: str):
    """No two have the same, and each leads back."""
    records = Records(sandbox.world)
    ids = [row["id"] for row in sandbox.world.read(kind)]
    texts = [records.alpha_id(kind, id) for id in ids]
    assert None not in texts
    assert len(set(texts)) == len(ids)
    assert [records.id(kind, text) for text in texts] == ids


@pytest.mark.parametrize("id", ["linode_123", "lnde_123"])
def test_both_prefixes_are_understood(client: LinodeClient, sandbox: Sandbox, id: str):
    """Ids of before April 2016 lead to the same objects; the answer has the new ones."""
    add_linode(sandbox)
    assert ask(sandbox, "GET", f"/linodes/{id}")[1]["id"] == "linode_123"


@pytest.mark.parametrize(
    "path", ["/linodes/disk_123", "/linodes/123", "/linodes/linode_124", "/nothing", "/services/service_1"]
)
def test_what_is_not_there_is_404(sandbox: Sandbox, path: str):
    """An id of another kind, a bare number, one that nobody has, a path that nobody knows."""
    add_linode(sandbox)
    assert ask(sandbox, "GET", path) == (404, {"errors": [{"reason": "Not found"}]})


def test_an_image_of_the_account_was_not_known(sandbox: Sandbox):
    """An image of the account is in no list, and a Linode created from one shows no distribution."""
    add(sandbox, "Image", id="private/7", label="mine", vendor=None, is_public=False)
    add_linode(sandbox, image="private/7")
    assert ask(sandbox, "GET", "/distributions", filter={"label": "mine"})[1]["distributions"] == []
    assert ask(sandbox, "GET", "/linodes/linode_123")[1]["distribution"] is None


# -- who may -----------------------------------------------------------------------------------------------------------


def test_what_is_public_takes_any_token(sandbox: Sandbox):
    """Applications of 2016 sent ``no-token``."""
    add(sandbox, StackScript, label="ours", is_public=False)
    add(sandbox, StackScript, label="everybody's", is_public=True)
    for path in ("/datacenters", "/distributions", "/kernels", "/services", "/services/service_112"):
        assert ask(sandbox, "GET", path, token="no-token")[0] == 200
    assert ask(sandbox, "GET", "/stackscripts/stackscript_124", token="no-token")[1]["label"] == "everybody's"
    for path in ("/stackscripts/stackscript_123", "/stackscripts", "/linodes"):
        assert ask(sandbox, "GET", path, token="no-token") == (401, {"errors": [{"reason": "Invalid Token"}]})


def test_the_scheme_is_token(sandbox: Sandbox):
    """``Bearer`` came later."""
    request = Request("GET", f"{URL}/linodes", {"Authorization": f"Bearer {sandbox.token}"}, b"null")
    assert sandbox.gateway.handle(request).status == 401


@pytest.mark.parametrize(
    ("scopes", "method", "path", "may"),
    [
        ("linodes:view", "GET", "/linodes/linode_123", True),
        ("linodes:view", "PUT", "/linodes/linode_123", False),
        ("linodes:modify", "PUT", "/linodes/linode_123", True),
        ("linodes:create", "DELETE", "/linodes/linode_123", False),
        ("linodes:delete", "DELETE", "/linodes/linode_123", True),
        ("linodes:*", "DELETE", "/linodes/linode_123", True),
        ("linodes:create", "DELETE", "/linodes/linode_123/configs/config_123", True),
        ("linodes:delete", "GET", "/zones", False),
        ("zones:view,linodes:view", "GET", "/zones", True),
        ("linodes:read_only", "GET", "/linodes", True),
        ("linodes:read_write", "DELETE", "/linodes/linode_123", True),
        ("*", "GET", "/stackscripts", True),
    ],
)
def test_scopes_reach_as_far_as_they_did(sandbox: Sandbox, scopes: str, method: str, path: str, may: bool):
    """View, modify, create, delete: each holds those before it; a token of today's reaches as far as it says."""
    add(sandbox, Config, add_linode(sandbox), label="boot", kernel="linode/grub2", devices={})
    status, _ = ask(sandbox, method, path, {"label": "db-1"}, token=token_for(sandbox, scopes))
    assert status == (200 if may else 403)


def test_errors_of_the_alpha_gateway_are_those_of_the_library(sandbox: Sandbox):
    """A client tells a wrong token, a short one and a missing object apart."""
    with pytest.raises(AuthenticationError):
        len(sandbox.client("wrong", base_url=URL).get_linodes())
    with pytest.raises(AuthorizationError):
        len(sandbox.client(token_for(sandbox, "zones:view"), base_url=URL).get_linodes())
    with pytest.raises(NotFoundError):
        Zone(sandbox.client(base_url=URL), "zone_5").load()


# -- objects -----------------------------------------------------------------------------------------------------------


def test_a_linode_looks_as_it_did(sandbox: Sandbox):
    """Relations are short objects, addresses and alerts have their form of 2016, the plan is among the services."""
    alerts = {"cpu": 90, "io": 0, "network_in": 10, "network_out": 10, "transfer_quota": 80}
    add_linode(sandbox, alerts=alerts, ipv4=["203.0.113.5", "192.168.130.4"], ipv6="2001:db8::1/128")
    _, shown = ask(sandbox, "GET", "/linodes/linode_123")
    assert shown["datacenter"] == {"id": "datacenter_6", "label": "Newark, NJ"}
    assert shown["distribution"]["vendor"] == "Debian"
    assert shown["state"] == "offline"
    assert shown["ip_addresses"]["public"] == {"ipv4": ["203.0.113.5"], "ipv6": "2001:db8::1", "failover": []}
    assert shown["ip_addresses"]["private"]["ipv4"] == ["192.168.130.4"]
    assert shown["alerts"]["cpu"] == {"enabled": True, "threshold": 90}
    assert shown["alerts"]["io"]["enabled"] is False
    assert shown["services"] == {"linode": "Linode 1024"}


@pytest.mark.parametrize("status", ["busy", "rebuilding", "cloning", "restoring", "stopped", "billing_suspension"])
def test_a_state_that_came_later_is_shown_as_one_of_2016(sandbox: Sandbox, status: str):
    """Clients of 2016 knew eight states."""
    add_linode(sandbox, status=status)
    assert ask(sandbox, "GET", "/linodes/linode_123")[1]["state"] in {"offline", "provisioning", "migrating"}


def test_a_configuration_shows_all_eight_slots(sandbox: Sandbox):
    """Clients of 2016 walked over them; what stands in one is a short disk."""
    linode = add_linode(sandbox)
    disk = add(sandbox, Disk, linode, label="root", size=512, filesystem="ext4", status="ready")
    devices = {"sda": {"disk_id": disk["id"], "volume_id": None}, "sdb": {"disk_id": None, "volume_id": 9}}
    add(sandbox, Config, linode, label="boot", kernel="linode/grub2", devices=devices)
    _, shown = ask(sandbox, "GET", "/linodes/linode_123/configs/config_123")
    short = {"id": "disk_123", "label": "root", "size": 512, "type": "ext4"}
    assert shown["disks"] == {"sda": short, **dict.fromkeys(f"sd{letter}" for letter in "bcdefgh")}
    assert shown["kernel"]["id"] == "kernel_210"
    assert shown["root_device_ro"] is False


def test_each_question_of_a_stackscript_has_an_example(sandbox: Sandbox, client: LinodeClient):
    """Clients of 2016 read it of all questions."""
    script = '#!/bin/sh\n# <UDF name="a" label="A" />\n# <UDF name="b" label="B" example="x" />'
    body = {"label": "asks", "distributions": [client.get_distributions()[0].id], "script": script}
    status, made = ask(sandbox, "POST", "/stackscripts", body)
    assert status == 200
    assert [each["example"] for each in made["stackscript"]["user_defined_fields"]] == ["", "x"]


def test_what_was_got_can_be_put_back(sandbox: Sandbox):
    """A PUT of the whole object, its label changed, changes the label alone."""
    linode = add_linode(sandbox)
    disk = add(sandbox, Disk, linode, label="root", size=512)
    devices = {"sda": {"disk_id": disk["id"], "volume_id": None}}
    add(sandbox, Config, linode, label="boot", kernel="linode/grub2", devices=devices)
    add(sandbox, Zone, domain="example.com", type="master", soa_email="a@example.com", status="active")
    for path in ("/linodes/linode_123", "/linodes/linode_123/configs/config_123", "/zones/zone_123"):
        name = "zone" if "zone" in path else "label"
        _, shown = ask(sandbox, "GET", path)
        new = {**shown, name: "other.com", "ttl_se": None}
        status, answer = ask(sandbox, "PUT", path, new)
        assert (status, {**answer, "updated": 0}) == (200, {**shown, name: "other.com", "updated": 0})


def test_a_refusal_names_the_members_of_2016(sandbox: Sandbox):
    """Field and reason say service, datacenter and zone."""
    status, answer = ask(sandbox, "POST", "/linodes", {"label": "web"})
    assert status == 400
    assert answer["errors"] == [
        {"field": "service", "reason": "service is required"},
        {"field": "datacenter", "reason": "datacenter is required"},
    ]
    for member, value in (("datacenter", "datacenter_1"), ("service", "service_1"), ("source", "distro_1")):
        sent = {"datacenter": "datacenter_6", "service": "service_112", member: value}
        refused = {"errors": [{"field": member, "reason": "Record not found"}]}
        assert ask(sandbox, "POST", "/linodes", sent) == (400, refused)


def test_a_body_of_the_wrong_form_is_refused(sandbox: Sandbox):
    """Never an error of the sandbox's own."""
    add(sandbox, Config, add_linode(sandbox), label="boot", kernel="linode/grub2", devices={})
    path = "/linodes/linode_123/configs"
    sent = {"kernel": "kernel_210", "label": "x", "disks": 5}
    refused = (400, {"errors": [{"field": "disks", "reason": "disks is not valid"}]})
    assert ask(sandbox, "POST", path, sent) == refused
    assert ask(sandbox, "PUT", f"{path}/config_123", {"disks": "sda"}) == refused
    assert ask(sandbox, "POST", path, [])[0] == 400


def test_a_method_that_a_path_does_not_have(sandbox: Sandbox):
    """405, as today."""
    assert ask(sandbox, "DELETE", "/linodes")[0] == 405


def test_orders_of_2016_follow_one_another_without_waiting():
    """No order meets a busy Linode: each waits behind those before it, and all are carried out."""
    with Sandbox(speed=20) as sandbox, sandbox.client(base_url=URL) as client:
        for number in range(5):
            steps = list(_orders(client, f"web-{number}"))
            assert len(steps) == 16
        sandbox.advance(600)
        events = sandbox.client().get_events()
        assert {each.status for each in events} == {"finished", "notification"}
        assert [each.state for each in client.get_linodes()] == ["running"] * 5
        assert [sorted(each.size for each in linode.disks) for linode in client.get_linodes()] == [[1800, 20_000]] * 5


def _orders(client: LinodeClient, label: str) -> Iterator[Any]:
    """The requests of a program of April 2016 for one Linode, one after another."""
    linode = client.create_linode("service_112", "datacenter_6", label=label)
    yield linode
    yield (root := linode.create_disk(10_000, image="distro_142", root_pass="S3cret-of-2016", label="root"))
    yield (swap := linode.create_disk(256, label="swap", filesystem="swap"))
    yield (spare := linode.create_disk(512, label="spare", filesystem="raw"))
    yield (config := linode.create_config("kernel_138", "main", disks=[root, swap]))
    yield linode.boot(config)
    yield linode.reboot()
    yield spare.delete()
    yield linode.shutdown()
    yield root.resize(20_000)
    yield root.reset_password("S3cret-of-April")
    yield swap.delete()
    yield linode.create_disk(1800, label="data", filesystem="ext3")
    yield linode.boot()
    yield linode.create_config("kernel_138", "other", disks=[root]).delete()
    yield linode.reboot()


def test_a_disks_password_can_be_set_at_either_path(sandbox: Sandbox, client: LinodeClient):
    """The reference had a path for it, the library of the time used the one that copies."""
    linode = add_linode(sandbox)
    add(sandbox, Disk, linode, label="root", size=512, status="ready", filesystem="ext4")
    for path in ("/linodes/linode_123/disks/disk_123/rootpass", "/linodes/linode_123/disks/disk_123"):
        assert ask(sandbox, "POST", path, {"password": "S3cret-of-2016"}) == (200, {})
        sandbox.advance(30)
    assert [each.id for each in Linode(client, "linode_123").disks] == ["disk_123"]


def test_a_disk_is_copied_and_resized(sandbox: Sandbox):
    """An empty POST to a disk makes a copy of it."""
    linode = add_linode(sandbox, specs={"disk": 25600, "memory": 1024, "vcpus": 1, "transfer": 1000})
    add(sandbox, Disk, linode, label="root", size=512, status="ready", filesystem="ext4")
    status, answer = ask(sandbox, "POST", "/linodes/linode_123/disks/disk_123", {})
    assert (status, answer["disk"]["id"], answer["disk"]["size"]) == (200, "disk_124", 512)
    sandbox.advance(600)
    assert ask(sandbox, "POST", "/linodes/linode_123/disks/disk_123/resize", {"size": 1024}) == (200, {})
    sandbox.advance(600)
    assert ask(sandbox, "GET", "/linodes/linode_123/disks/disk_123")[1]["size"] == 1024


def test_a_linode_is_deployed_anew(sandbox: Sandbox, client: LinodeClient):
    """`Linode.rebuild` was ``deploy``; it does not boot either."""
    linode, _ = client.create_linode("service_112", "dctr_6", source="distro_142")
    sandbox.advance(600)
    arch = linode.distribution
    linode.rebuild("distro_137")
    sandbox.advance(600)
    assert linode.load().distribution != arch
    assert linode.state == "offline"
