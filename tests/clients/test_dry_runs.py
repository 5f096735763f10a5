"""Dry runs: nothing is changed, all changes are listed, and no response is invented."""

from __future__ import annotations

import asyncio
import threading

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION

from linode import Linode
from linode.errors import DryRunError

WRITES = {"POST", "PUT", "DELETE"}

RULES = {"inbound": [], "outbound": [], "inbound_policy": "DROP", "outbound_policy": "ACCEPT"}


@pytest.fixture(autouse=True)
def nothing_is_sent(api):
    """In a test that says so by `dry`, no write arrives at the API."""
    state = {"dry": False}
    yield state
    if state["dry"]:
        assert [each for each in api.paths() if each.split()[0] in WRITES] == []


def planned(calls):
    return [(each.method, each.path, each.json) for each in calls]


def test_writes_are_listed_with_their_bodies_and_without_secrets(api, nothing_is_sent):
    """A creation, verbs of the object that would be created, a change, a deletion: the paths have its ID."""
    volume = api.run(api.client.create_volume("data", region=REGION, size=20))
    api.home.forget()
    nothing_is_sent["dry"] = True
    with api.client.dry_run() as calls:
        linode = api.run(
            api.client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, label="web", booted=False)
        )
        api.run(linode.wait())
        api.run(api.run(linode.boot()).wait())
        api.run(volume.attach(linode))
        volume.label = "files"
        api.run(volume.save())
        api.run(volume.delete())
    body = {"type": NANODE, "region": REGION, "image": DEBIAN, "root_pass": "***", "label": "web", "booted": False}
    assert planned(calls) == [
        ("POST", "/linode/instances", body),
        ("POST", "/linode/instances/dry-run-1/boot", {"config_id": None}),
        ("POST", f"/volumes/{volume.id}/attach", {"linode_id": "dry-run-1"}),
        ("PUT", f"/volumes/{volume.id}", {"label": "files"}),
        ("DELETE", f"/volumes/{volume.id}", None),
    ]
    assert PASSWORD not in repr(calls)
    assert "***" in calls[0].headers["Authorization"]


def test_a_generated_password_is_returned_and_not_listed(api, nothing_is_sent):
    """The program goes on as it would."""
    api.home.forget()
    nothing_is_sent["dry"] = True
    with api.client.dry_run() as calls:
        linode, password = api.run(api.client.create_linode(NANODE, REGION, image=DEBIAN))
    assert isinstance(linode, Linode)
    assert len(password) > 20
    assert calls[0].json["root_pass"] == "***"


def test_results_that_only_a_response_has_are_errors(api, nothing_is_sent):
    """Fields that were not sent, lists of an object that does not exist, and results: none of them is invented."""
    api.home.forget()
    nothing_is_sent["dry"] = True
    with api.client.dry_run() as calls:
        linode = api.run(api.client.create_linode(NANODE, REGION, label="web"))
        assert (linode.label, linode.id) == ("web", "dry-run-1")
        assert "ipv4" not in linode.raw
        with pytest.raises(DryRunError, match="dry-run-1 is an object of the dry run, which does not exist"):
            api.run(linode.load())
        with pytest.raises(DryRunError, match="dry-run-1"):
            api.each(linode.disks)
        if not api.awaited:
            with pytest.raises(DryRunError, match="dry-run-1"):
                _ = linode.ipv4
        with pytest.raises(DryRunError, match="its result is unknown in a dry run"):
            api.run(api.client.request("POST", "/networking/ips/assign", {}))
        with pytest.raises(DryRunError, match="its result is unknown"):
            api.run(api.run(api.client.get_monitor_services().first()).create_token())
    assert [each.method for each in calls] == ["POST"] * 3


def test_uploads_are_listed_with_a_placeholder_for_the_url(api, nothing_is_sent, tmp_path):
    """To a bucket that is there or would be created: the request for a pre-signed URL, then the content."""
    path = tmp_path / "report.csv"
    path.write_bytes(b"a,b")
    there = api.run(api.client.create_bucket("there", region=REGION))
    api.home.forget()
    nothing_is_sent["dry"] = True
    with api.client.dry_run() as calls:
        stored = api.run(there.upload(path))
        assert (stored.name, stored.size, stored.etag, stored.content_type) == ("report.csv", 3, "", "text/csv")
        new = api.run(api.client.create_bucket("new", region=REGION))
        api.run(new.upload(path))
    asked = {"method": "PUT", "name": "report.csv", "content_type": "text/csv"}
    assert planned(calls) == [
        ("POST", f"/object-storage/buckets/{REGION}/there/object-url", asked),
        ("PUT", "https://signed-url.invalid/...", None),
        ("POST", "/object-storage/buckets", {"label": "new", "region": REGION}),
        ("POST", f"/object-storage/buckets/{REGION}/new/object-url", asked),
        ("PUT", "https://signed-url.invalid/...", None),
    ]


def test_the_upload_of_an_image_is_listed(api, nothing_is_sent):
    """The image has an ID of the dry run, and its wait returns at once."""
    api.home.forget()
    nothing_is_sent["dry"] = True
    with api.client.dry_run() as calls:
        upload = api.run(api.client.upload_image("disk", REGION))
        api.run(upload.send(b"x"))
        api.run(upload.image.wait())
        assert (upload.image.id, upload.image.label) == ("dry-run-1", "disk")
    assert planned(calls) == [
        ("POST", "/images/upload", {"label": "disk", "region": REGION}),
        ("PUT", "https://signed-url.invalid/...", None),
    ]


def test_downloads_are_sent_in_a_dry_run(api, tmp_path):
    """A pre-signed URL to read from changes nothing; an object of a bucket that would be created cannot be read."""
    there = api.run(api.client.create_bucket("there", region=REGION))
    api.run(there.upload(b"a,b", "report.csv"))
    with api.client.dry_run() as calls:
        assert api.run(there.download("report.csv")).content == b"a,b"
        api.run(there.download("report.csv", tmp_path / "copy.csv"))
        new = api.run(api.client.create_bucket("new", region=REGION))
        with pytest.raises(DryRunError, match=r"POST .*/new/object-url was not sent: .* is an object of the dry run"):
            api.run(new.download("report.csv"))
    assert (tmp_path / "copy.csv").read_bytes() == b"a,b"
    assert [each.path for each in calls] == ["/object-storage/buckets"]


def test_reads_are_sent(api, nothing_is_sent):
    """A program finds what is there."""
    api.run(api.client.create_volume("data", region=REGION, size=20))
    api.home.forget()
    nothing_is_sent["dry"] = True
    with api.client.dry_run() as calls:
        assert [each.label for each in api.each(api.client.get_volumes())] == ["data"]
    assert calls == []


def test_the_id_in_a_body_is_that_of_another_object(api, nothing_is_sent):
    """A device of a firewall is created with the ID of its Linode, which can be read all the same."""
    linode, client = api.linode("web"), api.client
    api.home.forget()
    nothing_is_sent["dry"] = True
    with client.dry_run() as calls:
        firewall = api.run(client.create_firewall("wall", RULES))
        device = api.run(firewall.create_device(linode))
        api.run(device.delete())
    assert [(each.method, each.path) for each in calls] == [
        ("POST", "/networking/firewalls"),
        ("POST", "/networking/firewalls/dry-run-1/devices"),
        ("DELETE", "/networking/firewalls/dry-run-1/devices/dry-run-2"),
    ]
    with client.dry_run():
        api.run(api.run(client.create_firewall("wall", RULES)).create_device(linode))
        assert api.run(linode.load()).label == "web"


def test_a_name_is_no_other_part_of_a_path(api, nothing_is_sent):
    """The user "users" does not exist, but the list of users does."""
    nothing_is_sent["dry"] = True
    with api.client.dry_run():
        user = api.run(api.client.create_user("users", "users@example.com"))
        assert [each.username for each in api.each(api.client.get_users())] == ["sandbox"]
        with pytest.raises(DryRunError, match=r"GET /account/users/users was not sent: .* of the dry run"):
            api.run(user.load())
        with pytest.raises(DryRunError, match="GET /account/users/users/grants was not sent"):
            api.run(user.grants())


def test_changes_of_objects_stay_unsaved_in_a_dry_run(api):
    """After the block, `save` sends what the dry run did not."""
    volume = api.run(api.client.create_volume("data", region=REGION, size=20))
    volume.label = "files"
    with api.client.dry_run():
        api.run(volume.save())
    api.home.forget()
    api.run(volume.save())
    assert api.paths() == [f"PUT /volumes/{volume.id}"]


def test_common_methods_end_in_a_dry_run(api, nothing_is_sent):
    """A record that is set and a volume that is ensured are one call each, or none when they are there."""
    domain = api.run(api.client.create_domain("example.com", soa_email="a@example.com"))
    api.run(domain.set_record("A", "there", "192.0.2.1"))
    api.home.forget()
    nothing_is_sent["dry"] = True
    with api.client.dry_run() as calls:
        api.run(domain.set_record("A", "there", "192.0.2.1"))
        api.run(domain.set_record("A", "www", "192.0.2.1"))
        api.run(api.client.ensure(api.client.create_volume, "data", region=REGION, size=20))
    assert [each.path for each in calls] == [f"/domains/{domain.id}/records", "/volumes"]


def test_after_the_block_writes_are_sent(api):
    """Also when an error has ended the block."""
    with pytest.raises(ZeroDivisionError), api.client.dry_run():
        raise ZeroDivisionError
    assert api.linode("web").label == "web"


def test_there_is_one_dry_run_of_a_client(api):
    """A second one, also of a client made by `with_options`, is refused."""
    with (
        api.client.dry_run(),
        pytest.raises(RuntimeError, match="is in a dry run already; leave its with block"),
        api.client.with_options(timeout=5).dry_run(),
    ):
        pass


def test_another_thread_neither_sends_nor_is_listed(sandbox, client):
    """A write that does not belong to the block is an error, and no silent loss."""
    errors = []

    def write():
        try:
            client.create_volume("data", region=REGION, size=20)
        except DryRunError as error:
            errors.append(str(error))

    with client.dry_run() as calls:
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert "another thread or task has a dry run" in errors[0]
    assert calls == []
    assert not client.get_volumes()


def test_tasks_of_the_block_are_part_of_it(awaited):
    """Responses to gathered calls are listed."""

    async def block():
        with awaited.client.dry_run() as calls:
            await asyncio.gather(
                *(awaited.client.create_volume(label, region=REGION, size=20) for label in ("one", "two"))
            )
        return calls

    assert sorted(each.json["label"] for each in awaited.run(block())) == ["one", "two"]
