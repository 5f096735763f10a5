"""Support tickets, seen from a client."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION, actions, raw, refusal, said

from linode import SupportTicket
from linode.errors import InvalidRequestError, NotFoundError
from linode.sandbox import Sandbox


@pytest.fixture
def ticket(client):
    return client.create_support_ticket("It is down", "It has been down since noon.")


def test_a_ticket_is_created_and_listed(client, ticket):
    assert (ticket.summary, ticket.status, ticket.opened_by, ticket.closable) == ("It is down", "new", "sandbox", True)
    assert (ticket.entity, ticket.severity, ticket.closed, ticket.attachments) == (None, None, None, [])
    assert ticket.opened == ticket.updated
    assert [each.id for each in client.get_support_tickets(SupportTicket.status == "new")] == [ticket.id]
    assert list(client.get_support_tickets(SupportTicket.status == "closed")) == []
    assert SupportTicket(client, ticket.id).description == "It has been down since noon."
    assert actions(client) == ["ticket_create"]


def test_a_ticket_is_about_one_entity(client):
    linode = client.create_linode(NANODE, REGION, label="web")
    about = client.create_support_ticket("Help", "Please.", linode_id=linode, severity=1)
    assert (about.entity.id, about.entity.label, about.entity.type) == (linode.id, "web", "linode")
    assert (about.entity.url, about.severity) == (f"/v4/linode/instances/{linode.id}", 1)
    domain = client.create_domain("example.com", "master", soa_email="ada@example.com")
    with pytest.raises(InvalidRequestError, match="about one entity") as caught:
        client.create_support_ticket("Help", "Please.", linode_id=linode, domain_id=domain)
    assert [name for _, name in caught.value.reasons] == ["linode_id"]
    linode.delete()
    assert about.load().entity.label == "web"


def test_a_bucket_or_a_vlan_is_named_with_its_region(client):
    client.create_bucket("data", region="us-sea")
    about = client.create_support_ticket("Help", "Please.", bucket="data", region="us-sea")
    assert (about.entity.label, about.entity.type) == ("data", "bucket")
    create = client.create_support_ticket
    assert said(create, "Help", "Please.", bucket="data") == [("region is required", "region")]
    assert said(create, "Help", "Please.", bucket="none", region="us-sea") == [("bucket is not valid", "bucket")]


def test_what_is_wrong_with_a_ticket_is_told(client):
    refused = said(client.create_support_ticket, "x" * 65, "", linode_id=5, severity=4)
    assert sorted(refused) == [
        ("Length must be 1-64 characters", "summary"),
        ("Length must be 1-65000 characters", "description"),
        ("Must be one of 1, 2, 3", "severity"),
        ("linode_id is not valid", "linode_id"),
    ]


def test_replies_are_listed_in_their_order(sandbox, client, ticket):
    sandbox.advance(60)
    first = ticket.reply("Still down.")
    assert (first.description, first.created_by, first.from_linode) == ("Still down.", "sandbox", False)
    ticket.reply("Up again.")
    assert [each.description for each in ticket.replies] == ["Still down.", "Up again."]
    assert ticket.load().updated > ticket.opened
    assert said(ticket.reply, "") == [("Length must be 1-65535 characters", "description")]
    assert actions(client) == ["ticket_create", "ticket_update", "ticket_update"]


def test_a_ticket_does_not_grow_with_its_replies(sandbox, ticket):
    """Each reply has a row; the ticket of another has none of them, and a world that is loaded has them too."""
    before = {**sandbox.export()["rows"]["SupportTicket"][0]}
    for number in range(3):
        ticket.reply(f"No. {number}")
    document = sandbox.export()
    after = document["rows"]["SupportTicket"][0]
    assert {**after, "updated": None} == {**before, "updated": None}
    with Sandbox() as other:
        other.load(document)
        assert [each.description for each in other.client().get_support_tickets()[0].replies] == [
            each.description for each in ticket.replies
        ]


def test_replies_of_an_earlier_version_are_in_the_ticket(sandbox, ticket):
    """They come before later ones."""
    earlier = {"id": 5, "description": "Before.", "created": "2026-01-01T00:00:00", "created_by": "ada"}
    with sandbox.world.transaction():
        sandbox.world.get("SupportTicket", ticket.id)["_replies"] = [earlier]
    ticket.reply("After.")
    assert [each.description for each in ticket.replies] == ["Before.", "After."]


def test_a_ticket_is_closed_once(ticket):
    ticket.close()
    assert (ticket.status, ticket.closable) == ("closed", False)
    assert ticket.closed is not None
    for act in (ticket.close, lambda: ticket.reply("Hello?"), lambda: ticket.attach(b"x", name="x.txt")):
        with pytest.raises(InvalidRequestError, match="ticket is closed"):
            act()


def test_files_are_attached_by_path_or_as_bytes(client, ticket, tmp_path):
    path = tmp_path / "träce.txt"
    path.write_bytes(b"one\r\ntwo")
    ticket.attach(path)
    ticket.attach(b"--linode-attachment\r\n", name='a "b".png')
    ticket.attach(path, name="other.PDF")
    assert ticket.attachments == ["träce.txt", "a %22b%22.png", "other.PDF"]
    assert actions(client)[1:] == ["ticket_attachment_upload"] * 3


@pytest.mark.parametrize(
    ("file", "name", "error", "words"),
    [
        (b"x", "", ValueError, "bytes need a name"),
        ("x.txt", "x.txt", TypeError, "bytes or a pathlib.Path, not str"),
        (b"x", "x.exe", InvalidRequestError, "Must be one of gif, jpg"),
    ],
)
def test_what_cannot_be_attached_is_told(ticket, file, name, error, words):
    with pytest.raises(error, match=words):
        ticket.attach(file, name=name)


def test_a_form_without_a_file_is_refused(sandbox, ticket):
    wanted = refusal(400, ("file is required", "file"))
    assert raw(sandbox, "POST", f"/support/tickets/{ticket.id}/attachments", b"--x\r\n\r\n\r\n--x--\r\n") == wanted
    assert raw(sandbox, "POST", f"/support/tickets/{ticket.id}/attachments", b"") == wanted


def test_a_ticket_that_is_not_there(client):
    with pytest.raises(NotFoundError):
        SupportTicket(client, 9).load()
