"""Requests of the verbs of the Linode family, and their results."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from fakes import Fake

from linode import Config, ConfigDevices, Disk, Image, Linode, LinodeClient, LinodeIP, Region, Type, Volume
from linode._http.transport import Request, Response
from linode._model import Call
from linode.api.linodes.configs import devices_of
from linode.api.linodes.deploy import new_password

BASE = "http://api.test/v4"


class Canned:
    """A transport that answers what it was given, and keeps what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.bodies: list[Any] = []

    def send(self, request: Request, timeout: float | None) -> Response:
        tail = request.url.removeprefix(BASE).partition("?")[0].rsplit("/", 1)[-1]
        self.bodies.append(json.loads(request.content) if request.content else None)
        return Response(200, {"content-type": "application/json"}, json.dumps(self.answers[tail]).encode())

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")

    def close(self) -> None: ...


def client(**answers: Any) -> tuple[LinodeClient, Canned]:
    """A client, and the transport that answers it by the last segment of the path."""
    transport = Canned(**answers)
    return LinodeClient("token", base_url=BASE, transport=transport), transport


def test_a_password_is_made_up_for_an_image_without_one() -> None:
    """An image without a password gives the Linode and the password that was sent."""
    api, transport = client(instances={"id": 5})
    linode, password = api.create_linode("g6-nanode-1", "us-east", image="linode/debian12")
    assert linode == Linode(api, 5)
    assert transport.bodies == [
        {"type": "g6-nanode-1", "region": "us-east", "image": "linode/debian12", "root_pass": password}
    ]


def test_a_password_that_is_given_is_not_returned() -> None:
    """With a password of one's own, or without an image, the Linode comes alone."""
    api, transport = client(instances={"id": 5})
    assert api.create_linode("g6-nanode-1", "us-east", image="linode/debian12", root_pass="my own") == Linode(api, 5)
    assert api.create_linode("g6-nanode-1", "us-east") == Linode(api, 5)
    assert [body.get("root_pass") for body in transport.bodies] == ["my own", None]


def test_the_words_of_2016_make_the_same_linode() -> None:
    """Objects stand for their ids, and source is the image."""
    api, transport = client(instances={"id": 5})
    service, datacenter, distribution = Type(api, "g6-nanode-1"), Region(api, "us-east"), Image(api, "linode/debian12")
    _, password = api.create_linode(service, datacenter, source=distribution)
    assert transport.bodies[0] == {
        "type": "g6-nanode-1",
        "region": "us-east",
        "image": "linode/debian12",
        "root_pass": password,
    }


def test_image_and_source_together_are_refused() -> None:
    """Both options mean the image, so giving both is refused before any request."""
    api, transport = client()
    with pytest.raises(TypeError, match="not both"):
        api.create_linode("g6-nanode-1", "us-east", image="a", source="b")  # type: ignore[call-overload]
    assert transport.bodies == []


def test_a_misspelt_option_names_the_nearest() -> None:
    """Options are checked before the request."""
    api, transport = client()
    with pytest.raises(TypeError, match="did you mean 'booted'"):
        api.create_linode("g6-nanode-1", "us-east", boted=True)  # type: ignore[call-overload]
    assert transport.bodies == []


def test_rebuild_returns_the_job_of_the_same_linode() -> None:
    """The Linode has the values of the response, and a generated password is returned with the job."""
    api, transport = client(rebuild={"id": 5, "status": "rebuilding"})
    linode = Linode(api, 5)
    job, password = linode.rebuild("linode/debian12", booted=False)
    assert (job.obj is linode, job.action) == (True, "linode_rebuild")
    assert linode.raw["status"] == "rebuilding"
    assert transport.bodies == [{"image": "linode/debian12", "root_pass": password, "booted": False}]
    assert linode.rebuild("linode/debian12", root_pass="my own").obj is linode


def test_a_class_describes_a_rebuild_and_a_retry_sends_the_same_password() -> None:
    """A description sends nothing; a client repeats the request that it holds, and returns the password in it."""
    replies: list[Any] = [Response(429, {"retry-after": "1"}), {"id": 5, "status": "rebuilding"}]
    transport = Fake(lambda _: replies.pop(0))
    api = LinodeClient("token", base_url=BASE, transport=transport)
    described: Any = Linode.rebuild(Linode(api, 5), "linode/debian12")
    assert transport.bodies == []
    _, password = api.execute(described)
    assert transport.bodies == 2 * [{"image": "linode/debian12", "root_pass": password}]


@pytest.mark.parametrize("wrong", [0, b"a password", ["a password"]])
def test_a_root_password_is_text_or_false(wrong: Any) -> None:
    """Nothing that only looks like False leaves a Linode without a password; an empty text is sent, and refused."""
    api, transport = client(disks={"id": 6})
    with pytest.raises(TypeError, match="must be a str, or False"):
        Linode(api, 5).create_disk(2048, image="linode/debian12", root_pass=wrong)
    assert transport.bodies == []
    Linode(api, 5).create_disk(2048, image="linode/debian12", root_pass="")
    assert transport.bodies == [{"size": 2048, "image": "linode/debian12", "root_pass": ""}]


def test_a_disk_from_an_image_comes_with_its_password() -> None:
    """An empty disk comes alone; both belong to the Linode."""
    api, transport = client(disks={"id": 6})
    linode = Linode(api, 5)
    disk, password = linode.create_disk(2048, image="linode/debian12")
    assert linode.create_disk(512, filesystem="swap") == disk == Disk(api, 6, 5)
    assert transport.bodies == [
        {"size": 2048, "image": "linode/debian12", "root_pass": password},
        {"size": 512, "filesystem": "swap"},
    ]


def test_disks_of_a_config_take_the_slots_in_order() -> None:
    """A kernel is all that has to be given; disks and volumes fill sda, sdb and so on."""
    linode = Linode(None, 5)
    call = Linode.create_config(linode, "linode/grub2", disks=[Disk(None, 6, 5), 7, Volume(None, 8)])
    devices = {"sda": {"disk_id": 6}, "sdb": {"disk_id": 7}, "sdc": {"volume_id": 8}}
    body = {"kernel": "linode/grub2", "label": "Configuration", "devices": devices}
    assert call == Call("POST", "/linode/instances/5/configs", body)


def test_too_many_disks_are_refused() -> None:
    """There are 64 slots, and the 27th is not named by the letter that follows z."""
    placed = devices_of(range(1, 65))
    assert list(placed) == list(ConfigDevices._fields)
    assert list(placed)[25:28] == ["sdz", "sdaa", "sdab"]
    assert (len(placed), placed["sdm"], placed["sdbl"]) == (64, {"disk_id": 13}, {"disk_id": 64})
    with pytest.raises(ValueError, match="64 slots, sda to sdbl, not 65"):
        devices_of(range(65))


def test_disks_and_devices_together_are_refused() -> None:
    """Either fills the slots."""
    with pytest.raises(TypeError, match="not both"):
        Linode.create_config(Linode(None, 5), disks=[6], devices={"sda": {"disk_id": 6}})


def test_a_change_in_a_slot_is_a_change_of_the_config() -> None:
    """Reading devices changes nothing; setting one sends them all."""
    devices = {"sda": {"disk_id": 6, "volume_id": None}, "sdb": None}
    config = Config._of(None, {"id": 3, "devices": devices}, (5,))
    assert config.devices.sda is not None
    assert config._changes() == {}
    config.devices.sda.disk_id = 9
    assert config._changes() == {"devices": {"sda": {"disk_id": 9, "volume_id": None}, "sdb": None}}


def test_config_id_is_sent_as_null_when_not_given() -> None:
    """Boot without a configuration leaves the choice to the API; an object stands for its id."""
    linode = Linode(None, 5)
    assert Linode.boot(linode) == Call("POST", "/linode/instances/5/boot", {"config_id": None})
    assert Linode.boot(linode, Config(None, 3, 5)) == Call("POST", "/linode/instances/5/boot", {"config_id": 3})


def test_firewalls_are_set_by_object_or_id() -> None:
    """The answer is a page; the verb gives the firewalls in it."""
    api, transport = client(firewalls={"data": [{"id": 1, "label": "web"}], "page": 1, "pages": 1, "results": 1})
    (firewall,) = Linode(api, 5).set_firewalls([1])
    assert (firewall.id, firewall.label) == (1, "web")
    assert transport.bodies == [{"firewall_ids": [1]}]


def test_an_upgrade_that_is_tried_only_changes_nothing() -> None:
    """The result describes the upgrade, and the loaded fields of the Linode stay."""
    answer = {"config_id": 3, "dry_run": True, "interfaces": [{"id": 0, "vlan": {"vlan_label": "a"}}]}
    api, _ = client(**{"upgrade-interfaces": answer})
    linode = Linode._of(api, {"id": 5, "interface_generation": "legacy_config"})
    (interface,) = linode.upgrade_interfaces().interfaces
    assert interface.vlan is not None
    assert interface.vlan.vlan_label == "a"
    assert linode.raw["interface_generation"] == "legacy_config"


def test_passwords_hold_every_kind_of_character() -> None:
    """32 characters, of four kinds, and never the same twice."""
    passwords = [new_password() for _ in range(200)]
    assert len(set(passwords)) == 200
    for each in passwords:
        assert len(each) == 32
        for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits, "!@#$%^&*_+-="):
            assert set(each) & set(kind)


def test_what_stands_inside_an_answer_knows_its_linode() -> None:
    """Backups and addresses that are part of a value can be acted on."""
    backup = {"id": 9, "type": "auto"}
    api, _ = client(
        backups={"automatic": [backup], "snapshot": {"current": None, "in_progress": backup}},
        ips={"ipv4": {"public": [{"address": "192.0.2.1", "public": True}]}},
    )
    linode = Linode(api, 5)
    backups = linode.available_backups()
    assert backups.automatic[0].url == "/linode/instances/5/backups/9"
    assert backups.snapshot.current is None
    assert backups.snapshot.in_progress is not None
    assert backups.snapshot.in_progress.linode == linode
    assert linode.ips().ipv4.public == [LinodeIP(api, "192.0.2.1", 5)]


@pytest.mark.parametrize("answer", [[{"id": 7}], {"interfaces": [{"id": 7}]}], ids=["bare", "named"])
def test_interfaces_are_a_list_though_the_api_sends_no_page(answer: Any) -> None:
    """A bare array (of a configuration) and an array under its own name (of a Linode) read as lists do."""
    api, _ = client(interfaces=answer)
    owner = Config(api, 3, 5) if isinstance(answer, list) else Linode(api, 5)
    assert [each.url for each in owner.interfaces] == [f"{owner.url}/interfaces/7"]
