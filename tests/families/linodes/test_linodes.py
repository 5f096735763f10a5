"""Linodes in the sandbox: how they are made, changed and deleted, and what stands around them."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, add, change, jobs, raw, refused, unanswered

from linode import Firewall, Image, IPAddress, Linode, StackScript, Type, Volume
from linode.errors import InvalidRequestError, NotFoundError
from linode.sandbox import Sandbox

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGc1rDkTvTyGzcnHpCzOGuRkOFQnHKZZlkrbY7SOYTqg ada@example.com"

# -- making them -----------------------------------------------------------------------------------------------------


def test_a_linode_from_an_image_has_two_disks_and_a_configuration_and_boots(client):
    """A new Linode is provisioning, booting, then running; disks and configuration have the API's names and sizes."""
    linode, password = client.create_linode(NANODE, REGION, image=DEBIAN)
    assert (linode.id, linode.label, linode.status, len(password)) == (123, "linode123", "provisioning", 32)
    assert [(each.label, each.size, each.filesystem, each.status) for each in linode.disks] == [
        ("Debian 12 Disk", 25088, "ext4", "not ready"),
        ("512 MB Swap Image", 512, "swap", "not ready"),
    ]
    client.wait_for([linode], "booting")
    client.wait_for([linode], "running")
    assert {each.status for each in linode.disks} == {"ready"}
    config = linode.configs[0]
    assert (config.label, config.kernel.id, config.root_device) == (
        "My Debian 12 Disk Profile",
        "linode/grub2",
        "/dev/sda",
    )
    first, second = linode.disks
    assert (config.devices.sda.disk_id, config.devices.sdb.disk_id, config.devices.sdc) == (first.id, second.id, None)
    helpers = config.helpers
    assert (helpers.distro, helpers.modules_dep, helpers.network, helpers.updatedb_disabled) == (True,) * 4


def test_creating_takes_some_twenty_seconds_and_booting_less_than_twenty_more(sandbox, client):
    """States last long enough to be seen, and not longer."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    begun = sandbox.world.now
    client.wait_for([linode], "booting")
    assert 20 <= sandbox.world.now - begun <= 30
    begun = sandbox.world.now
    client.wait_for([linode], "running")
    assert 15 <= sandbox.world.now - begun <= 25


def test_the_events_of_a_new_linode_name_the_image_and_the_configuration(client):
    """``linode_create`` and ``linode_boot`` are there at once; the second waits for the first."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    create, boot = sorted(client.get_events(), key=lambda each: each.id)
    assert (create.action, create.secondary_entity.id, create.secondary_entity.type) == (
        "linode_create",
        DEBIAN,
        "image",
    )
    assert (boot.action, boot.status, boot.secondary_entity.type) == ("linode_boot", "scheduled", "linode_config")
    client.wait_for([linode], "running")
    assert jobs(client, of=linode) == [("linode_create", "finished"), ("linode_boot", "finished")]


def test_what_a_new_linode_says_of_itself_is_the_apis_default(client):
    """Alerts, backups, specs and the rest are as in recordings of new Linodes."""
    linode = client.create_linode("g6-standard-2", REGION, image=DEBIAN, root_pass=PASSWORD, tags=["web", "api", "web"])
    raw = linode.raw
    assert raw["alerts"] == {
        "cpu": 180,
        "io": 10000,
        "network_in": 10,
        "network_out": 10,
        "transfer_quota": 80,
        "system_alerts": [],
        "user_alerts": [],
    }
    assert raw["backups"] == {
        "enabled": False,
        "available": False,
        "last_successful": None,
        "schedule": {"day": None, "window": None},
    }
    assert raw["specs"] == {
        "memory": 4096,
        "disk": 81920,
        "vcpus": 2,
        "gpus": 0,
        "accelerated_devices": 0,
        "transfer": 4000,
    }
    assert (raw["tags"], raw["group"], raw["hypervisor"], raw["watchdog_enabled"]) == (["api", "web"], "", "kvm", True)
    assert (raw["maintenance_policy"], raw["interface_generation"], raw["site_type"]) == (
        "linode/migrate",
        "legacy_config",
        "core",
    )
    assert (raw["disk_encryption"], raw["locks"], raw["placement_group"]) == ("enabled", [], None)
    assert "SMTP Enabled" in raw["capabilities"]
    assert len(raw["host_uuid"]) == 40
    assert not [name for name in raw if name.startswith("_")]


def test_a_retired_plan_is_not_listed_and_still_had_by_its_id(client):
    """The vendor's tests create a Linode of a plan that the list lost years ago."""
    assert "g5-standard-1" not in {plan.id for plan in client.get_types()}
    assert client.create_linode("g5-standard-1", REGION).specs.disk == 30720
    assert Type(client, "g5-standard-1").successor == Type(client, "g6-standard-1")


def test_keys_alone_are_a_way_in(sandbox, client):
    """``root_pass=False`` sends no password, and none is returned, wherever an image is deployed."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=False, authorized_keys=[KEY])
    assert isinstance(linode, Linode)
    sandbox.advance(120)
    assert linode.rebuild(DEBIAN, root_pass=False, authorized_keys=[KEY], booted=False).obj is linode
    sandbox.advance(120)
    linode.disks()[0].resize(5000)
    sandbox.advance(60)
    assert linode.create_disk(5000, image=DEBIAN, root_pass=False, authorized_keys=[KEY]).size == 5000
    with pytest.raises(InvalidRequestError, match="Must provide valid root_pass, authorized_keys, or authorized_users"):
        client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=False)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"root_pass": True}, "root_pass must be a str, or False for no password, not bool"),
        ({"extra": {"root_pass": None}}, "pass root_pass as an argument"),
    ],
)
def test_a_password_that_is_none_is_refused_before_anything_is_sent(sandbox, client, options, reason):
    """The returned password is the one that was sent."""
    linode = client.create_linode(NANODE, REGION)
    for deploy in (
        lambda: client.create_linode(NANODE, REGION, image=DEBIAN, **options),
        lambda: linode.rebuild(DEBIAN, **options),
        lambda: linode.create_disk(5000, image=DEBIAN, **options),
    ):
        with pytest.raises(TypeError, match=reason):
            deploy()
    assert len(client.get_linodes()) == 1


def test_passwords_are_kept_nowhere_and_user_data_and_keys_are_never_shown(sandbox, client):
    """User data and public keys are kept for the Metadata service and `Sandbox.on_boot`, in hidden members."""
    data = base64.b64encode(b"#cloud-config secret").decode()
    linode = client.create_linode(
        NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, authorized_keys=["ssh-rsa AAAA"], metadata={"user_data": data}
    )
    assert linode.has_user_data
    everything = json.dumps([list(sandbox.world.read(kind)) for kind in ("Linode", "Disk", "Config", "Event", "_Job")])
    assert PASSWORD not in everything
    assert "ssh-rsa" not in everything.replace('"_root_keys": ["ssh-rsa AAAA"]', "")
    assert data not in everything.replace(f'"_user_data": "{data}"', "")
    linode.rebuild(DEBIAN, metadata={"user_data": data})
    answers = [client.request("GET", path) for path in (linode.url, "/linode/instances", "/account/events")]
    assert data not in str(answers)
    assert "ssh-rsa" not in str(answers)
    assert "'_user_data'" not in str(answers)
    assert "'_root_keys'" not in str(answers)


def test_a_linode_without_an_image_ends_offline_within_seconds(sandbox, client):
    """A Linode without an image has no disks and no configuration, and its event has no second entity."""
    linode = client.create_linode(NANODE, REGION)
    assert linode.status == "provisioning"
    sandbox.advance(4)
    linode.load()
    assert (linode.status, list(linode.disks), list(linode.configs)) == ("offline", [], [])
    event = client.get_events()[0]
    assert (event.action, event.status, event.secondary_entity) == ("linode_create", "finished", None)


def test_booted_false_leaves_it_off(client):
    """The disks are made, nothing is booted."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, booted=False)
    client.wait_for([linode], "offline")
    assert jobs(client, of=linode) == [("linode_create", "finished")]


@pytest.mark.parametrize(
    ("options", "sizes"),
    [({"swap_size": 0}, [25600]), ({"swap_size": 1024}, [24576, 1024]), ({"boot_size": 9000}, [9000, 512])],
)
def test_the_sizes_of_the_disks_can_be_said(client, options, sizes):
    """``boot_size`` is the first disk's, ``swap_size`` the second's; 0 is none."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, **options)
    assert [each.size for each in linode.disks] == sizes


def test_addresses_are_public_and_private_ones_when_asked_for(client):
    """One public address, a private one behind it, and an IPv6 address with its prefix."""
    linode = client.create_linode(NANODE, REGION, private_ip=True)
    public, private = linode.ipv4
    assert private.startswith("192.168.")
    assert linode.ipv6.endswith("/128")
    row = IPAddress(client, public)
    assert (row.rdns, row.gateway, row.prefix) == (
        f"{public.replace('.', '-')}.ip.linodeusercontent.com",
        f"{public.rpartition('.')[0]}.1",
        24,
    )
    assert row.assigned_entity.label == linode.label
    assert (IPAddress(client, private).rdns, IPAddress(client, private).public) == (None, False)


def test_a_reserved_address_can_be_its_own(sandbox, client):
    """Only one that is reserved, free and in the region will do; it outlives the Linode."""
    for text, region in (("198.51.100.7", REGION), ("198.51.100.8", "us-west")):
        add(sandbox, IPAddress, address=text, type="ipv4", public=True, region=region, reserved=True, prefix=24)
    linode = client.create_linode(NANODE, REGION, ipv4=["198.51.100.7"])
    assert linode.ipv4 == ["198.51.100.7"]
    body = {"type": NANODE, "region": REGION}
    create = "/linode/instances"
    assert refused(sandbox, "POST", create, {**body, "ipv4": ["198.51.100.7"]}) == [
        ("Address must be currently unassigned.", "ipv4")
    ]
    for bad in ([], ["198.51.100.8"], ["8.8.8.8"]):
        assert refused(sandbox, "POST", create, {**body, "ipv4": bad}) == [
            ("Must provide a single valid reserved ipv4 address", "ipv4")
        ]
    linode.delete()
    assert IPAddress(client, "198.51.100.7").linode is None


def test_backups_can_be_ordered_at_once(client):
    """The hours are still to be found."""
    backups = client.create_linode(NANODE, REGION, backups_enabled=True).backups
    assert (backups.enabled, backups.schedule.day, backups.schedule.window) == (True, "Scheduling", "Scheduling")


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        (
            {"type": "g6-fake-plan", "region": "fake-region"},
            [("A valid plan type by that ID was not found", "type"), ("region is not valid", "region")],
        ),
        ({}, [("type is required", "type"), ("region is required", "region")]),
        (
            {"type": NANODE, "region": REGION, "image": DEBIAN},
            [("Must provide valid root_pass, authorized_keys, or authorized_users", None)],
        ),
        (
            {"type": NANODE, "region": REGION, "image": "linode/none", "root_pass": PASSWORD},
            [("image is not valid", "image")],
        ),
        (
            {"type": NANODE, "region": REGION, "image": DEBIAN, "root_pass": "aaaaaaaa"},
            [("Password does not meet strength requirement", "root_pass")],
        ),
        (
            {"type": NANODE, "region": REGION, "image": DEBIAN, "root_pass": "abc"},
            [("Length must be 7-128 characters", "root_pass")],
        ),
        (
            {"type": NANODE, "region": REGION, "maintenance_policy": "linode/none"},
            [("Unsupported maintenance policy slug format.", "maintenance_policy")],
        ),
        (
            {"type": NANODE, "region": REGION, "image": DEBIAN, "root_pass": PASSWORD, "boot_size": 100},
            [("Distribution requires a minimum size of 1800", "boot_size")],
        ),
        (
            {"type": NANODE, "region": REGION, "image": DEBIAN, "root_pass": PASSWORD, "boot_size": 99999},
            [("Insufficient space remaining on Linode for disk creation", "swap_size")],
        ),
        ({"type": NANODE, "region": REGION, "firewall_id": 5}, [("firewall_id is not valid", "firewall_id")]),
        ({"type": NANODE, "region": REGION, "backup_id": 5}, [("backup_id is not valid", "backup_id")]),
        (
            {"type": NANODE, "region": REGION, "placement_group": {"id": 5}},
            [("placement_group.id is not valid", "placement_group.id")],
        ),
        (
            {"type": NANODE, "region": REGION, "metadata": {"user_data": "no base64"}},
            [("user_data must be base64-encoded", "metadata.user_data")],
        ),
        (
            {"type": NANODE, "region": REGION, "image": DEBIAN, "authorized_users": ["nobody"]},
            [("authorized_users is not valid", "authorized_users[0]")],
        ),
        (
            {"type": "g1-gpu-rtx6000-1", "region": "us-central"},
            [("The Linode plan you chose is not currently available in the selected region", None)],
        ),
        (
            {
                "type": NANODE,
                "region": REGION,
                "interface_generation": "linode",
                "interfaces": [{"vpc": {"subnet_id": 1}}],
            },
            [("subnet_id is not valid", "interfaces[0].vpc.subnet_id")],
        ),
    ],
)
def test_a_linode_that_cannot_be_is_refused_in_the_apis_words(sandbox, body, reasons):
    """Nothing is made of a request that is refused."""
    assert refused(sandbox, "POST", "/linode/instances", body) == reasons
    assert sandbox.world.read(Linode) == []


@pytest.mark.parametrize("label", ["1st", "a_b.c-d", "web-1", "a" * 64])
def test_labels_begin_and_end_with_a_letter_or_a_digit(client, label):
    """With letters, digits, dashes, underscores and dots between."""
    assert client.create_linode(NANODE, REGION, label=label).label == label


@pytest.mark.parametrize("label", ["-web", "web-", "web_", ".web", "a--b", "a__b", "a..b", "a b", "web\n"])
def test_other_labels_are_refused(sandbox, label):
    """Whichever rule they break."""
    body = {"type": NANODE, "region": REGION, "label": label}
    assert refused(sandbox, "POST", "/linode/instances", body) == [("label is not valid", "label")]


def test_a_label_is_unique(client, running):
    """Another Linode's label is refused, at creation and later."""
    with pytest.raises(InvalidRequestError, match="label: Label must be unique among your linodes"):
        client.create_linode(NANODE, REGION, label="running")
    other = client.create_linode(NANODE, REGION, label="other")
    other.label = "running"
    with pytest.raises(InvalidRequestError, match="Label must be unique among your linodes"):
        other.save()


def test_keys_of_a_user_are_a_way_in(client):
    """A user of the account stands for the user's keys."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, authorized_users=["sandbox"])
    assert linode.image.id == DEBIAN


def test_a_stackscript_wants_its_image_and_its_answers(client):
    """A StackScript is refused for other images and without required fields, and counts its deployments."""
    program = '#!/bin/bash\n# <UDF name="host" label="H" />\n# <UDF name="kind" label="K" oneof="a,b" default="a" />'
    script = client.create_stackscript("setup", program, [DEBIAN])
    with pytest.raises(InvalidRequestError, match="image: image is not valid"):
        client.create_linode(NANODE, REGION, image="linode/arch", root_pass=PASSWORD, stackscript_id=script)
    with pytest.raises(InvalidRequestError, match=r"stackscript_data.host: host is required"):
        client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, stackscript_id=script)
    answers = {"host": "a", "kind": "c"}
    with pytest.raises(InvalidRequestError, match=r"stackscript_data.kind: kind must be one of a,b"):
        client.create_linode(
            NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, stackscript_id=script, stackscript_data=answers
        )
    answers["kind"] = "b"
    linode = client.create_linode(
        NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, stackscript_id=script, stackscript_data=answers
    )
    assert StackScript(client, script.id).deployments_active == 1
    linode.delete()
    used = StackScript(client, script.id)
    assert (used.deployments_active, used.deployments_total) == (0, 1)


def test_interfaces_of_its_own_are_made_with_it(client):
    """With interface_generation ``linode`` one to the internet is made when none is said."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, interface_generation="linode")
    interface = linode.interfaces[0]
    assert interface.public.ipv4.addresses[0].address == linode.ipv4[0]
    assert f"{interface.public.ipv6.slaac[0].address}/128" == linode.ipv6
    assert (interface.default_route.ipv4, interface.default_route.ipv6, interface.version) == (True, True, 1)
    assert interface.vlan is None
    assert interface.mac_address.startswith("22:00:")


def test_interfaces_of_the_configuration_are_made_with_it(client):
    """With the older generation they stand in the configuration, and are active while it runs."""
    wanted = [{"purpose": "public"}, {"purpose": "vlan", "label": "backend", "ipam_address": "10.0.0.1/24"}]
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, interfaces=wanted)
    config = linode.configs[0]
    assert [(each.purpose, each.label, each.active) for each in config.interfaces] == [
        ("public", None, False),
        ("vlan", "backend", False),
    ]
    client.wait_for([linode], "running")
    assert {each.active for each in linode.configs[0].interfaces} == {True}
    linode.shutdown()
    client.wait_for([linode], "offline")
    assert {each.active for each in linode.configs[0].interfaces} == {False}


def test_a_linode_from_a_backup_has_what_was_in_it(sandbox, client, running):
    """Disks and configurations are those of the backup, and it is booted."""
    running.enable_backups()
    backup = running.snapshot("before")
    sandbox.advance(600)
    copy = client.create_linode(NANODE, REGION, backup_id=backup.id)
    client.wait_for([copy], "running")
    assert [(each.label, each.size) for each in copy.disks] == [(each.label, each.size) for each in running.disks]
    assert [each.label for each in copy.configs] == [each.label for each in running.configs]
    assert copy.configs[0].devices.sda.disk_id == copy.disks[0].id


# -- changing and deleting -------------------------------------------------------------------------------------------


def test_changes_of_nested_members_leave_the_others(sandbox, client, running):
    """Alerts and the schedule are changed member by member; what is read only is left alone."""
    status, answer = raw(
        sandbox,
        "PUT",
        f"/linode/instances/{running.id}",
        {
            "alerts": {"cpu": 50},
            "backups": {"enabled": True, "schedule": {"day": "Monday"}},
            "tags": ["web", "api"],
            "status": "offline",
            "label": "renamed",
        },
    )
    assert status == 200
    assert (answer["alerts"]["cpu"], answer["alerts"]["io"]) == (50, 10000)
    assert answer["backups"]["enabled"] is False
    assert answer["backups"]["schedule"] == {"day": "Monday", "window": None}
    assert (answer["tags"], answer["status"], answer["label"]) == (["api", "web"], "running", "renamed")
    assert client.get_events()[0].action == "linode_update"


def test_an_unknown_maintenance_policy_is_refused_in_the_apis_words(sandbox, running):
    """As it was recorded."""
    assert refused(sandbox, "PUT", f"/linode/instances/{running.id}", {"maintenance_policy": "x"}) == [
        ("Unsupported maintenance policy slug format.", "maintenance_policy")
    ]


def test_deleting_sets_free_what_outlives_it(sandbox, client, running):
    """Disks, configurations and addresses go; volumes and firewalls stay."""
    volume = add(sandbox, Volume, label="data", size=20, region=REGION, linode_id=running.id, linode_label="running")
    firewall = add(sandbox, Firewall, label="wall", status="enabled")
    running.set_firewalls([firewall["id"]])
    address = running.ipv4[0]
    running.delete()
    with pytest.raises(NotFoundError):
        Linode(client, running.id).load()
    world = sandbox.world
    assert [len(world.read(kind)) for kind in ("Linode", "Disk", "Config", "IPAddress")] == [0, 0, 0, 0]
    freed = Volume(client, volume["id"])
    assert (freed.linode, freed.linode_label) == (None, None)
    assert Firewall(client, firewall["id"]).entities == []
    with pytest.raises(NotFoundError):
        IPAddress(client, address).load()
    assert "linode_delete" in [each.action for each in client.get_events()]


def test_a_linode_that_is_deleted_while_a_job_runs_stays_deleted(sandbox, client):
    """The job ends without it."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    linode.delete()
    sandbox.advance(120)
    assert len(client.get_linodes()) == 0


def test_a_locked_linode_is_not_deleted(sandbox, running):
    """The refusal names the lock."""
    change(sandbox, Linode, running.id, locks=["cannot_delete"])
    with pytest.raises(InvalidRequestError, match="lock"):
        running.delete()


def test_the_password_is_set_when_it_is_off(client, running):
    """The Linode must be off; weak passwords are refused."""
    with pytest.raises(InvalidRequestError, match="powered off"):
        running.reset_password(PASSWORD)
    running.shutdown()
    client.wait_for([running], "offline")
    with pytest.raises(InvalidRequestError, match="strength"):
        running.reset_password("11111111")
    running.reset_password(PASSWORD)
    assert jobs(client, of=running)[-1][0] == "password_reset"


# -- around it -------------------------------------------------------------------------------------------------------


def test_firewalls_are_put_in_front_of_it(sandbox, client, running):
    """Exactly those of the request, shown on both sides."""
    one, two = (add(sandbox, Firewall, label=name, status="enabled")["id"] for name in ("one", "two"))
    assert [each.id for each in running.set_firewalls([one, two])] == [one, two]
    assert [each.id for each in running.set_firewalls([two])] == [two]
    assert [each.id for each in running.firewalls] == [two]
    entity = Firewall(client, two).entities[0]
    assert (entity.id, entity.type, entity.label) == (running.id, "linode", "running")
    assert Firewall(client, one).entities == []
    with pytest.raises(InvalidRequestError, match="firewall_ids is not valid"):
        running.set_firewalls([999])
    running.apply_firewalls()
    assert jobs(client, of=running)[-1][0] == "firewall_apply"


def test_a_firewall_can_be_there_from_the_beginning(sandbox, client):
    """-1 is none."""
    firewall = add(sandbox, Firewall, label="wall", status="enabled")
    linode = client.create_linode(NANODE, REGION, firewall_id=firewall["id"])
    assert [each.label for each in linode.firewalls] == ["wall"]
    assert list(client.create_linode(NANODE, REGION, firewall_id=-1).firewalls) == []


def test_a_firewall_for_a_linode_with_interfaces_of_its_own_stands_in_front_of_the_public_one(sandbox, client):
    """Unless the interface names another one, or none."""
    wall, other = (add(sandbox, Firewall, label=name, status="enabled")["id"] for name in ("wall", "other"))
    plain = {"public": {}}
    linode = client.create_linode(NANODE, REGION, firewall_id=wall, interface_generation="linode", interfaces=[plain])
    [interface] = linode.interfaces()
    assert [each.id for each in interface.firewalls] == [wall]
    named = {"public": {}, "firewall_id": other}
    linode = client.create_linode(NANODE, REGION, firewall_id=wall, interface_generation="linode", interfaces=[named])
    [interface] = linode.interfaces()
    assert [each.id for each in interface.firewalls] == [other]


def test_volumes_and_nodebalancers_are_listed(sandbox, running):
    """Volumes are those attached; the Linode is the node of no NodeBalancer."""
    add(sandbox, Volume, label="data", region=REGION, linode_id=running.id)
    add(sandbox, Volume, label="free", region=REGION)
    assert [each.label for each in running.volumes] == ["data"]
    assert list(running.nodebalancers) == []


def test_an_image_that_is_not_there_yet_cannot_be_deployed(sandbox, client):
    """As little as one that does not exist."""
    add(sandbox, Image, id="private/5", label="mine", status="creating", size=100)
    with pytest.raises(InvalidRequestError, match="image is not valid"):
        client.create_linode(NANODE, REGION, image="private/5", root_pass=PASSWORD)


def test_linodes_are_filtered_by_what_the_api_filters_by(client, running, empty):
    """Labels, tags and regions among it."""
    assert [each.id for each in client.get_linodes(Linode.label == "empty")] == [empty.id]
    assert [each.id for each in client.get_linodes(Linode.image == DEBIAN)] == [running.id]
    empty.tags = ["web"]
    empty.save()
    assert [each.id for each in client.get_linodes(Linode.tags.contains("web"))] == [empty.id]


def test_a_job_survives_a_restart(tmp_path):
    """A running job continues when the data file is opened again, before any request."""
    path = tmp_path / "world.db"
    with Sandbox(data=path) as before:
        linode = before.client().create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    with Sandbox(data=path) as after:
        after.advance(60)
        assert Linode(after.client(), linode.id).status == "running"


def test_a_job_survives_a_restart_of_the_process(tmp_path):
    """A running job also continues in a process that has only advanced the clock."""
    path = tmp_path / "world.db"
    with Sandbox(data=path) as before:
        linode = before.client().create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    lines = ("import sys", "from linode.sandbox import Sandbox", "Sandbox(data=sys.argv[1]).advance(60)")
    command = [sys.executable, "-c", "\n".join(lines), str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    with Sandbox(data=path) as after:
        assert Linode(after.client(), linode.id).status == "running"


def test_every_operation_of_a_linode_is_answered(sandbox, running):
    """None of those that the API has is unknown, and none stumbles over an empty body."""
    below = "/linode/instances/{linodeId}"
    paths = ("boot", "clone", "firewalls", "migrate", "mutate", "nodebalancers", "password", "reboot", "rebuild")
    paths += ("rescue", "resize", "shutdown", "upgrade-interfaces", "volumes")
    assert unanswered(sandbox, {"linodeId": running.id}, *(f"{below}/{each}" for each in paths)) == []
    for method in ("GET", "PUT"):
        assert raw(sandbox, method, f"/linode/instances/{running.id}", {})[0] == 200


def test_members_that_the_api_does_not_know_are_ignored(sandbox):
    """Also those of interfaces, whatever they are called."""
    for generation, leads in (("legacy_config", {"purpose": "public"}), ("linode", {"public": {}})):
        body = {"type": NANODE, "region": REGION, "image": DEBIAN, "root_pass": PASSWORD}
        interface = {**leads, "field": "x", "world": 1}
        body |= {"interface_generation": generation, "interfaces": [interface], "linode": 5, "unknown": None}
        assert raw(sandbox, "POST", "/linode/instances", body)[0] == 200


def test_public_and_private_addresses_are_told_apart(client):
    """As texts, from the list that the Linode has; none is private unless it was asked for."""
    plain = client.create_linode(NANODE, "us-east")
    both = client.create_linode(NANODE, "us-east", private_ip=True)
    assert (plain.public_ipv4, plain.private_ipv4) == (plain.ipv4, None)
    assert both.private_ipv4 == both.ips().ipv4.private[0].address
    assert both.public_ipv4 == [each.address for each in both.ips().ipv4.public]
