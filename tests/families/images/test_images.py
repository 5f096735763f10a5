"""Images in the sandbox: made of disks, uploaded, copied to regions, and who sees them."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import zlib

import pytest
from asking import machine, raw, refused

from linode import Image
from linode._http.transport import Request
from linode.errors import AuthorizationError, InvalidRequestError, NotFoundError
from linode.sandbox.families.images import uploads
from linode.sandbox.families.images.uploads import unpacked_size

MB = 1 << 20
CAPABILITIES = ["cloud-init", "distributed-sites"]
"""The capabilities of the image on the disk, which were recorded for an image of such a disk."""
DISK = gzip.compress(bytes(3 * MB + 1), compresslevel=1)


@pytest.fixture
def disk(sandbox, client):
    """The first disk of a Linode that was made of Debian 12 and has been left alone since."""
    linode, _ = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12")
    sandbox.advance(120)
    return linode.disks[0]


@pytest.fixture
def image(sandbox, client):
    """An image of the account that can be used."""
    upload = client.upload_image("golden", "us-east")
    upload.send(DISK)
    sandbox.advance(60)
    return upload.image


def put(sandbox, url, content=DISK, method="PUT"):
    """The answer to who sends *content* to *url* and has no token."""
    return sandbox.gateway.handle(Request(method, url, {}, content))


def actions(client, word):
    """The events whose action begins with *word*, oldest first."""
    return [event for event in reversed(list(client.get_events())) if event.action.startswith(word)]


def copies(image):
    """The statuses of the copies of *image* by their regions."""
    image.invalidate()
    return {copy.region.id: copy.status for copy in image.regions}


# -- of a disk -------------------------------------------------------------------------------------------------------


def test_of_a_disk(sandbox, client, disk):
    """An image of a disk is creating and as big as the disk, then available and as big as its files."""
    image = client.create_image(disk, label="mine", description="of Debian", cloud_init=True, tags=["one", "two"])
    assert (image.id, image.label, image.description, image.tags) == (
        "private/123",
        "mine",
        "of Debian",
        ["one", "two"],
    )
    assert (image.status, image.size, image.type, image.created_by) == ("creating", disk.size, "manual", "sandbox")
    assert (image.is_public, image.is_shared, image.vendor, image.capabilities) == (False, False, None, CAPABILITIES)
    assert copies(image) == {}, "it is in no region yet"
    sandbox.advance(60)
    assert copies(image) == {"us-east": "available"}
    assert (image.status, image.size) == ("available", Image(client, "linode/debian12").size)
    assert image.total_size == image.size


def test_busy_meanwhile(sandbox, client, disk):
    """The Linode is busy while an image is made of its disk, and the event tells the image by its number.

    Another image waits its turn.
    """
    client.create_image(disk)
    with pytest.raises(InvalidRequestError, match="Linode busy"):
        disk.delete()
    client.create_image(disk)
    sandbox.advance(60)
    event, later = sorted(actions(client, "disk_imagize"), key=lambda each: each.id)
    assert later.status == "started"
    assert (event.status, event.entity.id, event.entity.type) == ("finished", disk.linode.id, "linode")
    second = event.secondary_entity
    assert (second.id, second.type, second.url) == (123, "image", "/v4/images/private/123")
    assert second.label == disk.label, "an image without a label has the disk's"


def test_unknown_disk(client):
    """A disk that is not there is refused by its field."""
    with pytest.raises(InvalidRequestError, match="disk_id is not valid"):
        client.create_image(99)


def test_deleted_while_made(sandbox, client, disk):
    """An image that is deleted while it is made stays deleted."""
    image = client.create_image(disk)
    image.delete()
    sandbox.advance(60)
    assert list(client.get_images(Image.is_public == False)) == []  # noqa: E712  a filter, not a truth
    assert actions(client, "disk_imagize")[0].status == "finished"


def test_deploying_an_own_image(sandbox, client, disk):
    """A Linode can be made of an image of the account, whose description is a text at least."""
    image = client.create_image(disk)
    assert image.description == ""
    sandbox.advance(60)
    linode, _ = client.create_linode("g6-nanode-1", "us-east", image=image)
    sandbox.advance(120)
    linode.invalidate()
    assert (linode.status, linode.image.id) == ("running", image.id)


# -- uploads ---------------------------------------------------------------------------------------------------------


def test_upload(sandbox, client):
    """An uploaded image waits for its content, takes it without a token, and is as big as it unpacks to."""
    upload = client.upload_image("raw", "us-east", description="made elsewhere", tags=["raw"])
    image = upload.image
    assert upload.upload_to.startswith("http://sandbox/uploads/")
    assert (image.status, image.size, copies(image)) == ("pending_upload", 0, {})
    upload.send(DISK)
    assert copies(image) == {}
    assert image.status == "creating"
    sandbox.advance(30)
    assert copies(image) == {"us-east": "available"}
    assert (image.status, image.size, image.description) == ("available", 4, "made elsewhere")
    [event] = actions(client, "image_upload")
    assert (event.status, event.entity.id, event.entity.url) == ("finished", 123, "/v4/images/private/123")


def test_upload_address(sandbox, client):
    """An upload address is good for one content and for nothing but PUT."""
    upload = client.upload_image("raw", "us-east")
    assert put(sandbox, upload.upload_to, method="GET").status == 405
    assert put(sandbox, upload.upload_to).status == 200
    assert put(sandbox, upload.upload_to).status == 403
    assert put(sandbox, "http://sandbox/uploads/unknown").status == 403


@pytest.mark.parametrize("content", [b"", b"no gzip", DISK[:-10]], ids=["empty", "text", "cut"])
def test_upload_of_no_disk(sandbox, client, content):
    """Content that is no disk fails when it is processed, and the image waits for another."""
    upload = client.upload_image("raw", "us-east")
    assert put(sandbox, upload.upload_to, content).status == 200
    sandbox.advance(30)
    [event] = actions(client, "image_upload")
    assert event.status == "failed"
    assert "gzip" in event.message
    assert (copies(upload.image), upload.image.status) == ({}, "pending_upload")
    assert put(sandbox, upload.upload_to).status == 200


def test_upload_of_nothing(sandbox, client):
    """Nothing, compressed, is an image of 1 MB."""
    upload = client.upload_image("raw", "us-east")
    upload.send(gzip.compress(b""))
    sandbox.advance(30)
    image = upload.image.load()
    assert (image.status, image.size, copies(image)) == ("available", 1, {"us-east": "available"})


@pytest.mark.parametrize(
    ("label", "reasons"),
    [
        ("a" * 51, [("Length must be 1-50 characters", "label")]),
        ("", [("Length must be 1-50 characters", "label")]),
        ("no!", [("label is not valid", "label")]),
        ("line\n", [("label is not valid", "label")]),
    ],
    ids=["long", "empty", "mark", "line"],
)
def test_labels_that_no_image_can_have(sandbox, client, label, reasons):
    """They are refused wherever an image gets a label; letters, digits, spaces and some marks are allowed."""
    client.upload_image("it's A-1, my_1.st?", "us-east")
    linode = machine(sandbox, client)
    bodies = {
        ("POST", "/images/upload"): {"region": "us-east"},
        ("POST", "/images"): {"disk_id": linode.disks[0].id},
        ("PUT", "/images/private/123"): {},
    }
    for (method, path), body in bodies.items():
        assert refused(sandbox, method, path, {**body, "label": label}) == reasons


def test_upload_closes(sandbox, client):
    """An upload address is closed after a day, and an image without content is gone then."""
    upload = client.upload_image("raw", "us-east")
    sandbox.advance(24 * 3600 + 1)
    assert put(sandbox, upload.upload_to).status == 403
    with pytest.raises(NotFoundError):
        upload.image.load()


def test_upload_to_a_deleted_image(sandbox, client):
    """An image that is deleted takes no content."""
    upload = client.upload_image("raw", "us-east")
    upload.image.delete()
    assert put(sandbox, upload.upload_to).status == 403


def test_deleted_while_processed(sandbox, client):
    """An image that is deleted while it is processed fails its upload."""
    upload = client.upload_image("raw", "us-east")
    upload.send(DISK)
    upload.image.delete()
    sandbox.advance(30)
    assert actions(client, "image_upload")[0].status == "failed"


def test_unpacked_size(
    monkeypatch,
):
    """The unpacked size of gzip is counted piece by piece, over members and padding, and never beyond the limit."""
    assert unpacked_size(gzip.compress(b"one") + gzip.compress(b"three") + bytes(8)) == 8
    assert unpacked_size(DISK) == 3 * MB + 1
    monkeypatch.setattr(uploads, "PIECE", 1000)
    assert unpacked_size(DISK) == 3 * MB + 1
    assert unpacked_size(DISK[:-1]) is None
    assert unpacked_size(zlib.compress(b"zlib's own format")) is None
    monkeypatch.setattr(uploads, "MAX_UNPACKED_BYTES", 3 * MB)
    assert unpacked_size(DISK) is None
    monkeypatch.setattr(uploads, "MAX_PACKED_BYTES", 10)
    assert unpacked_size(gzip.compress(b"a little")) is None


def test_upload_over_a_port():
    """An upload reaches a sandbox on a port."""
    import httpx2

    command = [sys.executable, "-m", "linode.sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            ready = re.fullmatch(r"ready (http://\S+:\d+) token=(\S+)\n", server.stdout.readline())
            address, token = ready.groups()
            headers = {"Authorization": f"Bearer {token}"}
            body = {"label": "raw", "region": "us-east"}
            made = httpx2.post(f"{address}/v4/images/upload", json=body, headers=headers).json()
            assert made["upload_to"].startswith(f"{address}/uploads/")
            assert httpx2.put(made["upload_to"], content=DISK).status_code == 200
            found = httpx2.get(f"{address}/v4/images/{made['image']['id']}", headers=headers).json()
            assert found["status"] == "creating"
        finally:
            server.terminate()


# -- copies ----------------------------------------------------------------------------------------------------------


def test_replication(sandbox, client, image):
    """Copies appear where they are wanted, and go where they are not."""
    image.replicate(["us-east", "us-ord"])
    assert copies(image) == {"us-east": "available", "us-ord": "pending replication"}
    sandbox.advance(6)
    assert copies(image)["us-ord"] == "replicating"
    sandbox.advance(20)
    assert copies(image) == {"us-east": "available", "us-ord": "available"}
    assert image.total_size == 2 * image.size
    image.replicate(["us-ord"])
    assert copies(image) == {"us-east": "pending deletion", "us-ord": "available"}
    sandbox.advance(15)
    assert copies(image) == {"us-ord": "available"}


def test_copy_wanted_again(sandbox, client, image):
    """A copy that is wanted again before it is gone is made again."""
    image.replicate(["us-east", "us-ord"])
    image.replicate(["us-east"])
    assert copies(image)["us-ord"] == "pending deletion"
    image.replicate(["us-east", "us-ord"])
    sandbox.advance(60)
    assert copies(image) == {"us-east": "available", "us-ord": "available"}


def test_impossible_copies(sandbox, client, image):
    """One copy that can be used must be kept, and regions must be able to hold images."""
    with pytest.raises(InvalidRequestError, match="regions: At least one region"):
        image.replicate(["us-ord"])
    with pytest.raises(InvalidRequestError, match=r"regions\[1\]: Images cannot be kept"):
        image.replicate(["us-east", "us-west"])
    with pytest.raises(InvalidRequestError, match="is not valid"):
        image.replicate(["us-east", "nowhere"])
    with pytest.raises(InvalidRequestError, match="must be available"):
        client.upload_image("raw", "us-east").image.replicate(["us-east"])
    assert copies(image) == {"us-east": "available"}


# -- changing, deleting, seeing --------------------------------------------------------------------------------------


def test_update_and_delete(sandbox, client, image):
    """An image of the account can be changed and deleted, and events tell."""
    image.label, image.description, image.tags = "renamed", "new", ["tag"]
    image.save()
    found = Image(client, image.id)
    assert (found.label, found.description, found.tags) == ("renamed", "new", ["tag"])
    image.delete()
    with pytest.raises(NotFoundError):
        Image(client, image.id).load()
    told = [(event.action, event.status, event.entity.id) for event in actions(client, "image_")[1:]]
    assert told == [("image_update", "notification", 123), ("image_delete", "notification", 123)]


def test_order(sandbox, client, disk):
    """New images are on top of the list, which the vendor's tests rely on: the last one is Linode's."""
    made = [client.create_image(disk, label=label) for label in ("one", "two")][::-1]
    images = list(client.get_images())
    assert images[:2] == made
    assert all(image.is_public for image in images[2:])


def test_public_images_are_fixed(client):
    """Images of Linode can be neither changed nor deleted nor copied."""
    image = Image(client, "linode/debian12")
    for operation in (image.delete, lambda: image.replicate(["us-east"]), lambda: _rename(image)):
        with pytest.raises(AuthorizationError, match="Unauthorized") as caught:
            operation()
        assert caught.value.status == 403


def _rename(image):
    image.label = "mine"
    image.save()


def test_anonymous(sandbox, client, image):
    """Without a token only Linode's images are listed."""
    status, page = raw(sandbox, "GET", "/images?page_size=500", token=None)
    assert status == 200
    assert page["results"] == len(client.get_images()) - 1
    assert all(each["is_public"] for each in page["data"])
    assert raw(sandbox, "GET", "/images/linode/debian12", token=None)[0] == 200
    assert raw(sandbox, "GET", f"/images/{image.id}", token=None)[0] == 404
    assert raw(sandbox, "GET", f"/images/{image.id}/sharegroups", token=None)[0] == 401
