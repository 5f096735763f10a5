"""Messages of errors: they name what is wrong, and the cure."""

from __future__ import annotations

import pytest
from fakes import client_of

from linode import Domain, Linode, LinodeClient, ObjectStorageBucket, SupportTicket, UnexpectedResponseError


@pytest.fixture
def client():
    """A client that sends nothing."""
    return client_of({})[0]


def bucket(client):
    return ObjectStorageBucket._of(client, {"label": "data", "region": "us-east"})


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda client: Linode(client, "").load(), "an id cannot be '': the URL would be another one"),
        (lambda client: Linode(client, "..").load(), r"an id cannot be '\.\.': the URL would be another one"),
        (
            lambda client: setattr(Linode(client, 1), "disks", []),
            "Linode.disks cannot be set: create or delete its objects",
        ),
        (
            lambda client: bucket(client).upload("text", name="a.txt"),
            r"not str; give pathlib.Path\(path\) for a file, text.encode\(\) for a text",
        ),
        (
            lambda client: SupportTicket(client, 1).attach("trace.txt"),
            r"not str; give pathlib.Path\(path\) for a file",
        ),
        (
            lambda client: LinodeClient("token", max_response_bytes="1"),
            "max_response_bytes must be an int, the number of bytes, not str",
        ),
        (lambda client: LinodeClient("token", max_response_bytes=0), "max_response_bytes=0 must be at least 1"),
    ],
)
def test_a_mistake_is_named_with_its_cure(client, mistake, message):
    """Before anything is sent."""
    with pytest.raises((TypeError, ValueError, AttributeError), match=message):
        mistake(client)


def test_an_upload_above_the_limit_of_one_request_is_refused(client, tmp_path):
    """By its size, before anything is read or sent."""
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate((5 << 30) + 1)
    with pytest.raises(
        ValueError, match=r"'large.bin' has 5368709121 bytes, and one request takes 5368709120; use an S3"
    ):
        bucket(client).upload(large)


def test_a_record_that_disappears_after_each_attempt_is_named():
    """`set_record` reads a record back after it was created, and gives up."""
    record = {"id": 5, "type": "A", "name": "www", "target": "192.0.2.1"}
    none = {"data": [], "page": 1, "pages": 1, "results": 0}
    client, fake = client_of({"GET /domains/1/records": none, "POST /domains/1/records": record})
    domain = Domain._of(client, {"id": 1, "domain": "example.com"})
    with pytest.raises(UnexpectedResponseError, match=r"has no record A 'www' after 5 attempts .* another program"):
        domain.set_record("www", "192.0.2.1")
    assert len([each for each in fake.asked if each.startswith("POST")]) == 5
