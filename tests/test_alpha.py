"""The wire of 2016: what is sent for today's calls, and what its answers become."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linode import (
    ApiError,
    Config,
    Datacenter,
    Disk,
    Distribution,
    InvalidRequestError,
    Linode,
    LinodeClient,
    RateLimitedError,
    Retry,
    Service,
    UnexpectedResponseError,
    Zone,
    or_,
)
from linode._http.alpha import find, to_alpha, to_today
from linode._http.alpha_tables import FAMILIES, OPERATIONS
from linode._http.alpha_values import Ids
from linode._http.transport import Request, Response

LINODE = {
    "id": "linode_123",
    "label": "web",
    "group": "",
    "state": "running",
    "created": "2016-04-18T10:00:00",
    "updated": "2016-04-18T11:00:00",
    "total_transfer": 2000,
    "ip_addresses": {
        "public": {"ipv4": ["203.0.113.5"], "ipv6": "2001:db8::1", "failover": []},
        "private": {"ipv4": ["192.168.130.4"], "link_local": "fe80::1"},
    },
    "distribution": {"id": "distro_140", "label": "Debian 8.1", "vendor": "Debian", "x64": True},
    "datacenter": {"id": "datacenter_6", "label": "Newark, NJ"},
    "alerts": {"cpu": {"enabled": True, "threshold": 90}, "io": {"enabled": False, "threshold": 5000}},
    "services": {"linode": "Linode 2048"},
}
SERVICE = {"id": "service_112", "label": "Linode 1024", "ram": 1024, "disk": 24, "vcpus": 1, "transfer": 2000}
SERVICE |= {"mbits_out": 125, "hourly_price": 1.5, "monthly_price": 1000, "service_type": "linode"}


class Canned:
    """A transport that gives the next of its answers, or one error status with a reason."""

    parallel = False

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def send(self, request: Request, timeout: float | None) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, Response) else Response(200, {}, json.dumps(answer).encode())

    def now(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing here is repeated")

    def close(self) -> None:
        """Nothing is held."""

    @property
    def last(self) -> tuple[str, str, Any]:
        request = self.requests[-1]
        path = request.url.removeprefix("https://api.alpha.linode.com/v4")
        return request.method, path, json.loads(request.content or b"no body")


def client_of(*answers: Any) -> tuple[LinodeClient, Canned]:
    canned = Canned(*answers)
    client = LinodeClient("my-token", "https://api.alpha.linode.com/v4", transport=canned, retry=Retry(attempts=1))
    return client, canned


def page(plural: str, *objects: Any, number: int = 1, pages: int = 1, results: int | None = None) -> dict[str, Any]:
    total = len(objects) if results is None else results
    return {plural: list(objects), "page": number, "total_pages": pages, "total_results": total}


# -- requests ----------------------------------------------------------------------------------------------------------


def test_a_request_has_the_token_the_content_type_and_a_body_of_null():
    """Every request says ``token``, is JSON and has a body, the four letters ``null`` where there is nothing to say."""
    client, canned = client_of(LINODE)
    assert Linode(client, "lnde_123").label == "web"
    (request,) = canned.requests
    assert request.url == "https://api.alpha.linode.com/v4/linodes/lnde_123"
    assert request.headers["Authorization"] == "token my-token"
    assert request.headers["Content-Type"] == "application/json"
    assert request.content == b"null"


def test_a_list_asks_for_pages_by_number_alone_and_repeats_its_filter():
    """There was no page size in 2016, and a page without its filter would be a page of another list."""
    first = [{"id": f"linode_{n}", "label": f"foo-{n}"} for n in range(25)]
    second = [{"id": "linode_99", "label": "foo-99"}]
    pages = page("linodes", *first, pages=2, results=26), page("linodes", *second, number=2, pages=2, results=26)
    client, canned = client_of(*pages, *pages)  # read twice: ids of 2016 are texts, which tell no order
    found = client.get_linodes(Linode.label.contains("foo"), Linode.datacenter != "dctr_1")
    assert [each.id for each in found][-2:] == ["linode_24", "linode_99"]
    assert [each.url.partition("?")[2] for each in canned.requests] == ["page=1", "page=2"] * 2
    wanted = {"+and": [{"label": {"+contains": "foo"}}, {"datacenter": {"+ne": "dctr_1"}}]}
    assert [json.loads(each.headers["X-Filter"]) for each in canned.requests] == [wanted] * 4


@pytest.mark.parametrize(
    ("filter", "list", "sent"),
    [
        (Linode.distribution == "distro_140", "get_linodes", {"distribution": "distro_140"}),
        (Service.disk >= 24 * 1024, "get_services", {"disk": {"+gte": 24}}),
        (Service.ram == 1024, "get_services", {"ram": 1024}),
        (Distribution.deprecated == False, "get_distributions", {"recommended": True}),  # noqa: E712
        (Distribution.size < 900, "get_distributions", {"minimum_image_size": {"+lt": 900}}),
        (
            or_(Zone.zone == "a.com", Zone.group == "x"),
            "get_zones",
            {"+or": [{"zone": "a.com"}, {"display_group": "x"}]},
        ),
    ],
)
def test_filters_speak_the_words_and_units_of_2016(filter: Any, list: str, sent: Any):
    """A filter names what 2016 named, in its units."""
    plural = {"get_linodes": "linodes", "get_services": "services", "get_distributions": "distributions"}
    client, canned = client_of(page(plural.get(list, "zones")))
    assert len(getattr(client, list)(filter)) == 0
    assert json.loads(canned.requests[0].headers["X-Filter"]) == sent


def test_the_label_of_a_datacenter_is_filtered_by_the_api():
    """In 2016 the API could do it, so that the library does not list and narrow by itself."""
    newark = {"id": "datacenter_6", "label": "Newark, NJ"}
    client, canned = client_of(page("datacenters", newark))
    assert client.get_datacenters(Datacenter.label == "Newark")[0].id == "datacenter_6"
    assert json.loads(canned.requests[0].headers["X-Filter"]) == {"label": "Newark"}


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda client: client.get_volumes()[0], "no GET /volumes"),
        (lambda client: Linode(client, "linode_1").resize("service_113"), "no POST /linode/instances/linode_1/resize"),
        (
            lambda client: client.get_linodes(Linode.tags == "x")[0],
            "no filter on 'tags' for /linodes; it has group",
        ),
        (lambda client: client.get_linodes(Linode.label.desc())[0], "no +order_by in lists"),
        (lambda client: client.create_linode("service_112", "dctr_6", tags=["a"]), "no 'tags' in POST /linodes"),
        (lambda client: client.create_linode("service_112", "dctr_6", booted=True), "no booted=True in POST /linodes"),
        (
            lambda client: Linode(client, "linode_1").create_config("kernel_138", devices={"sda": {"volume_id": 1}}),
            "no volumes in a configuration",
        ),
        (
            lambda client: Linode(client, "linode_1").create_config("kernel_138", devices={"sdb": {"disk_id": 1}}),
            "no free slots between the disks",
        ),
        (
            lambda client: Linode(client, "linode_1").create_disk(5, authorized_keys=["a", "b"]),
            "no way to give 2 SSH keys",
        ),
    ],
)
def test_what_2016_did_not_have_is_refused_before_any_request(ask: Any, said: str):
    """The error names what is missing, and nothing is sent."""
    client, canned = client_of()
    with pytest.raises(TypeError) as error:
        ask(client)
    assert said in str(error.value)
    assert canned.requests == []


def test_an_alert_cannot_be_changed():
    """A change that 2016 would have dropped without a word is refused."""
    client, canned = client_of(LINODE)
    linode = Linode(client, "linode_123")
    linode.alerts.cpu = 80
    with pytest.raises(TypeError, match="no 'alerts' in PUT"):
        linode.save()
    assert len(canned.requests) == 1


# -- making and changing -----------------------------------------------------------------------------------------------


def test_a_linode_is_made_with_the_words_of_2016():
    """Plan, region and image go as service, datacenter and source; the answer is taken out of its wrapper."""
    client, canned = client_of({"linode": LINODE})
    linode, password = client.create_linode(
        Service(client, "service_112"), "dctr_6", source="distro_140", label="web", stackscript_id="stackscript_37"
    )
    assert (linode.id, linode.label) == ("linode_123", "web")
    assert canned.last == (
        "POST",
        "/linodes",
        {
            "label": "web",
            "service": "service_112",
            "datacenter": "dctr_6",
            "source": "distro_140",
            "root_pass": password,
            "stackscript": "stackscript_37",
        },
    )


def test_a_disk_gets_the_label_and_the_file_system_that_2016_demanded():
    """Today only the size is required; what was required then is filled in."""
    client, canned = client_of({"disk": {"id": "disk_5", "label": "Disk", "status": "ready"}})
    disk = Linode(client, "lnde_123").create_disk(512)
    assert canned.last == ("POST", "/linodes/lnde_123/disks", {"size": 512, "label": "Disk", "filesystem": "ext4"})
    assert (disk.id, disk.url) == ("disk_5", "/linode/instances/lnde_123/disks/disk_5")


def test_a_configuration_is_made_with_a_list_of_disks():
    """The reference named the list ``disks``, the library of the time ``disk_list``: both are sent."""
    client, canned = client_of({"config": {"id": "config_1"}})
    Linode(client, "linode_1").create_config("kernel_138", "boot", disks=["disk_1", "disk_2"], memory_limit=512)
    sent = {"label": "boot", "kernel": "kernel_138", "ram_limit": 512}
    disks = ["disk_1", "disk_2"]
    assert canned.last == ("POST", "/linodes/linode_1/configs", {**sent, "disks": disks, "disk_list": disks})


def test_a_configuration_is_changed_with_objects_in_their_short_form():
    """A PUT takes the kernel and the disks as objects with an id, all eight slots."""
    config = {"id": "config_1", "label": "boot", "kernel": {"id": "kernel_138", "label": "Latest 64 bit"}}
    config |= {"disks": {"sda": {"id": "disk_1", "label": "root"}, "sdb": None}, "devtmpfs_automount": False}
    client, canned = client_of({**config, "helpers": {"enable_distro_helper": True}}, {})
    loaded = Config(client, "config_1", "linode_1").load()
    assert loaded.devices.sda is not None
    assert (loaded.kernel.id, loaded.devices.sda.disk_id, loaded.helpers.distro) == ("kernel_138", "disk_1", True)
    loaded.kernel = "kernel_210"  # type: ignore[assignment]
    loaded.devices.sdb = {"disk_id": "disk_2", "volume_id": None}  # type: ignore[assignment]
    loaded.save()
    slots = {f"sd{letter}": None for letter in "cdefgh"}
    disks = {"sda": {"id": "disk_1"}, "sdb": {"id": "disk_2"}, **slots}
    assert canned.last == (
        "PUT",
        "/linodes/linode_1/configs/config_1",
        {"kernel": {"id": "kernel_210"}, "disks": disks},
    )


def test_a_save_that_is_answered_with_nothing_keeps_what_was_saved():
    """The API of 2016 need not show what it took."""
    client, canned = client_of(LINODE, {})
    linode = Linode(client, "linode_123").load()
    linode.label = "db"
    linode.save()
    assert canned.last == ("PUT", "/linodes/linode_123", {"label": "db"})
    assert (linode.label, linode.group) == ("db", "")
    linode.save()
    assert len(canned.requests) == 2


@pytest.mark.parametrize(
    ("verb", "answer", "sent"),
    [
        (lambda c: Linode(c, "lnde_1").boot(), {}, ("POST", "/linodes/lnde_1/boot", {})),
        (lambda c: Linode(c, "lnde_1").boot("conf_2"), {}, ("POST", "/linodes/lnde_1/boot", {"config": "conf_2"})),
        (lambda c: Linode(c, "lnde_1").reboot(), {}, ("POST", "/linodes/lnde_1/reboot", {})),
        (lambda c: Linode(c, "lnde_1").shutdown(), {}, ("POST", "/linodes/lnde_1/shutdown", None)),
        (
            lambda c: Linode(c, "lnde_1").rebuild("distro_1", root_pass="secret-1"),
            {"linode": LINODE},
            ("POST", "/linodes/lnde_1/deploy", {"distribution": "distro_1", "root_pass": "secret-1"}),
        ),
        (
            lambda c: Disk(c, "disk_2", "lnde_1").resize(9),
            {},
            ("POST", "/linodes/lnde_1/disks/disk_2/resize", {"size": 9}),
        ),
        (
            lambda c: Disk(c, "disk_2", "lnde_1").reset_password("secret-1"),
            {},
            ("POST", "/linodes/lnde_1/disks/disk_2/rootpass", {"password": "secret-1"}),
        ),
        (
            lambda c: Disk(c, "disk_2", "lnde_1").clone(),
            {"disk": {"id": "disk_3"}},
            ("POST", "/linodes/lnde_1/disks/disk_2", None),
        ),
        (lambda c: Disk(c, "disk_2", "lnde_1").delete(), {}, ("DELETE", "/linodes/lnde_1/disks/disk_2", None)),
        (
            lambda c: c.create_stackscript("abc", "#!/bin/sh", ["distro_1"], rev_note="1"),
            {"stackscript": {"id": "stackscript_1"}},
            (
                "POST",
                "/stackscripts",
                {"label": "abc", "script": "#!/bin/sh", "distributions": ["distro_1"], "rev_note": "1"},
            ),
        ),
        (
            lambda c: c.create_zone("example.com", soa_email="a@example.com"),
            {"zone": {"id": "zone_1", "zone": "example.com"}},
            ("POST", "/zones", {"type": "master", "zone": "example.com", "soa_email": "a@example.com"}),
        ),
        (
            lambda c: Zone(c, "zone_1").create_record("SRV", service="sip", protocol="tcp", port=5060),
            {"record": {"id": "record_1"}},
            ("POST", "/zones/zone_1/records", {"type": "SRV", "port": 5060, "service": "_sip", "protocol": "_tcp"}),
        ),
    ],
)
def test_verbs_have_the_paths_and_bodies_of_2016(verb: Any, answer: Any, sent: Any):
    """Each verb asks what its like of 2016 asked."""
    client, canned = client_of(answer)
    verb(client)
    assert canned.last == sent


# -- answers -----------------------------------------------------------------------------------------------------------


def test_an_answer_reads_like_todays():
    """Fields have their names and units of today; what is not told is None, and `raw` keeps what only 2016 had."""
    client, _ = client_of(LINODE)
    linode = Linode(client, "linode_123").load()
    assert (linode.status, linode.state) == ("running", "running")
    assert linode.datacenter.id == linode.region.id == "datacenter_6"
    assert linode.distribution is not None
    assert linode.distribution.id == "distro_140"
    assert linode.ipv4 == ["203.0.113.5", "192.168.130.4"]
    assert linode.ipv6 == "2001:db8::1/128"
    assert (linode.alerts.cpu, linode.alerts.io, linode.specs.transfer) == (90, 0, 2000)
    assert linode.type is None
    assert linode.raw["services"] == {"linode": "Linode 2048"}


def test_a_plan_is_converted_to_todays_units():
    """Storage in MB and prices in dollars, whatever 2016 counted in."""
    client, _ = client_of(page("services", SERVICE))
    plan = client.get_services()[0]
    assert (plan.ram, plan.disk, plan.mbits_out) == (1024, 24 * 1024, 125)
    assert (plan.price.hourly, plan.price.monthly) == (0.015, 10)


def test_a_created_object_need_not_be_wrapped():
    """From May 2016 on it was not."""
    client, _ = client_of(LINODE)
    assert client.create_linode("service_112", "dctr_6").id == "linode_123"


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "no"},
        {"linodes": 5},
        {"results": []},
        page("linodes", 5),
        page("linodes", {"alerts": 1, "ip_addresses": 5}),
    ],
)
def test_an_answer_of_another_shape_is_an_error(answer: Any):
    """A response that cannot be read as a page of 2016 is never taken for an empty page."""
    client, _ = client_of(answer)
    with pytest.raises(UnexpectedResponseError):
        len(client.get_linodes())


def test_a_success_with_errors_in_its_body_is_an_error():
    """Some failures of 2016 came with status 200."""
    client, _ = client_of({"error": "busy"})
    with pytest.raises(InvalidRequestError, match=r"POST /linode/instances/linode_1/boot: .* busy"):
        Linode(client, "linode_1").boot()


def test_errors_are_those_of_today():
    """The reasons and their fields are read, and 420 is the rate limit."""
    body = json.dumps({"errors": [{"field": "datacenter", "reason": "Record not found"}]}).encode()
    client, _ = client_of(Response(400, {}, body), Response(420, {}, b'{"errors": [{"reason": "slow down"}]}'))
    with pytest.raises(ApiError, match="datacenter: Record not found"):
        client.create_linode("service_112", "dctr_99")
    with pytest.raises(RateLimitedError, match="slow down"):
        len(client.get_linodes())


def test_paths_of_2016_pass_as_they_are():
    """Operations that are not in the tables can still be requested."""
    client, canned = client_of({"backups": [1]})
    assert client.request("GET", "/linodes/linode_1/backups") == {"backups": [1]}
    assert canned.last == ("GET", "/linodes/linode_1/backups", None)


def test_todays_paths_can_be_asked_by_hand():
    """`LinodeClient.request` gets the JSON that today's API would have sent."""
    client, _ = client_of(page("services", SERVICE))
    answer = client.request("GET", "/linode/types")
    assert (answer["results"], answer["data"][0]["price"]) == (1, {"hourly": 0.015, "monthly": 10})


# -- the tables --------------------------------------------------------------------------------------------------------

NUMBER = st.integers(0, 10**6)
TEXT = st.text(max_size=8)
LATER = st.sampled_from(["2016-04-18T10:00:00", "2016-05-01T00:00:00"])
IDS = st.from_regex(r"[a-z]{4}_[0-9]{1,5}", fullmatch=True)
DEVICE = st.none() | IDS.map(lambda disk: {"disk_id": disk, "volume_id": None})
BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("region", "image", "kernel", "id"), IDS),
    **dict.fromkeys(("created", "updated", "built"), LATER),
    **dict.fromkeys(("deprecated", "kvm", "pvops", "is_public"), st.booleans()),
    "images": st.lists(IDS, max_size=3),
    "ipv4": st.just(["203.0.113.5", "192.168.130.4"]) | st.just([]),
    "ipv6": st.just("2001:db8::1/128") | st.none(),
    "architecture": st.sampled_from(["x86_64", "i386"]),
    "disk": st.integers(1, 500).map(lambda gb: gb * 1024),
    "price.hourly": st.integers(0, 10**5).map(lambda n: n / 10000),
    "price.monthly": st.integers(0, 10**5).map(lambda n: n / 100),
    "devices": st.fixed_dictionaries({f"sd{letter}": DEVICE for letter in "abcdefgh"}),
    "service": st.sampled_from(["sip", "xmpp", None]),
    "protocol": st.sampled_from(["tcp", "udp", None]),
}
STATUS = {
    "Linode": ["running", "offline", "booting", "rebooting", "shutting_down", "provisioning", "deleting", "migrating"],
    "Disk": ["ready", "not ready", "deleting"],
    "Domain": ["active", "disabled", "edit_mode"],
}


def _objects(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    members = {}
    for path in sorted({member.today for member in FAMILIES[kind].members}):
        nested = path.startswith("alerts.") or path == "specs.transfer"
        members[path] = BY_NAME.get(path, NUMBER if nested else NUMBER | TEXT)
    if kind in STATUS:
        members["status"] = st.sampled_from(STATUS[kind])
    return st.fixed_dictionaries({}, optional=members).map(_nested)


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for path, value in flat.items():
        *outer, last = path.split(".")
        target = made
        for name in outer:
            target = target.setdefault(name, {})
        target[last] = value
    return made


@given(st.data())
@pytest.mark.parametrize("kind", sorted(FAMILIES))
def test_a_round_trip_through_2016_changes_nothing(kind: str, data: st.DataObject):
    """From today to 2016 and back, every declared member is what it was."""
    today = data.draw(_objects(kind))
    if kind == "Linode" and "ipv6" in today:
        today.setdefault("ipv4", [])
    members = FAMILIES[kind].members
    assert to_today(members, json.loads(json.dumps(to_alpha(members, today, Ids()))), Ids()) == today


def test_no_two_operations_are_the_same():
    """The tables are unambiguous: every operation is found at its own path, today's and that of 2016."""
    for operation in OPERATIONS:
        for era in ("today", "alpha"):
            assert find(getattr(operation, era), era=era)[operation.method][0] is operation
