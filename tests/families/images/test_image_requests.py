"""Requests of the methods of images and of their sharing, and their results."""

from __future__ import annotations

from fakes import client_of

from linode import Image, ImageShareGroup, ImageShareGroupMember, ImageShareGroupToken, Region
from linode._http.transport import Response


def test_shared_images_are_named_in_the_path():
    """An image's id is one segment of the path, and images come back as images of the client."""
    client, fake = client_of(
        {
            "POST /images/sharegroups/1/images": {"data": [{"id": "shared/7"}], "page": 1, "pages": 1, "results": 1},
            "PUT /images/sharegroups/1/images/shared%2F7": {"id": "shared/7", "label": "new"},
            "DELETE /images/sharegroups/1/images/shared%2F7": {},
        }
    )
    group = ImageShareGroup(client, 1)
    (image,) = group.add_images([{"id": Image(client, "private/5"), "label": "old"}])
    assert image == Image(client, "shared/7")
    assert group.update_image(image, label="new").label == "new"
    group.remove_image("shared/7")
    assert fake.bodies == [{"images": [{"id": "private/5", "label": "old"}]}, {"label": "new"}]


def test_members_and_tokens_are_named_by_their_uuid():
    """The id of what the API names by a UUID is that UUID."""
    client, fake = client_of({})
    assert ImageShareGroupToken(client, "a-b").id == "a-b"
    member = ImageShareGroupMember(client, "a-b", 1)
    assert (member.id, member.sharegroup) == ("a-b", ImageShareGroup(client, 1))
    assert fake.requests == []


def test_an_upload_shows_its_address_to_nobody_and_the_token_to_no_address():
    """The address of an upload is a secret, and the client's token is not sent to it."""
    client, fake = client_of({})
    address = "https://uploads.test/v4/put?signature=secret"
    fake.answers = {
        "POST /images/upload": {"image": {"id": "private/5", "label": "x"}, "upload_to": address},
        "PUT /put": Response(200),
    }
    upload = client.upload_image("x", Region(client, "us-east"), cloud_init=True)
    assert "secret" not in repr(upload)
    upload.send(b"content")
    assert fake.requests[-1].url == address
    assert "Authorization" not in fake.requests[-1].headers
    assert (fake.requests[-1].content, upload.image.id) == (b"content", "private/5")
