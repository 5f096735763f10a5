"""Managed, seen from a client."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, raw, refused

from linode import ManagedContact
from linode.errors import AuthorizationError, InvalidRequestError, NotFoundError
from linode.sandbox.families.linodes.rows import settings


@pytest.fixture
def managed(sandbox, client):
    """A client of an account with Managed."""
    with sandbox.world.transaction():
        settings(sandbox.world)["managed"] = True
    return client


def service(client, **options):
    return client.create_managed_service("web", "url", "https://example.com", 30, **options)


def test_an_account_without_managed_is_refused(client):
    for act in (
        lambda: list(client.get_managed_contacts()),
        lambda: client.create_managed_contact(name="Ada"),
        client.managed_stats,
        client.get_managed_ssh_key,
        lambda: service(client),
    ):
        with pytest.raises(AuthorizationError, match="must be enabled"):
            act()


def test_restricted_users_cannot_use_managed(sandbox, managed):
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    for act in (lambda: list(ada.get_managed_services()), ada.managed_stats, ada.get_managed_ssh_key):
        with pytest.raises(AuthorizationError, match="Unauthorized"):
            act()


def test_contacts(managed):
    ada = managed.create_managed_contact(name="Ada", email="ada@example.com", group="ops", phone={"primary": "1"})
    assert (ada.name, ada.phone.primary) == ("Ada", "1")
    ada.email = "lovelace@example.com"
    ada.save()
    assert [each.email for each in managed.get_managed_contacts(ManagedContact.group == "ops")] == [ada.email]
    ada.delete()
    with pytest.raises(NotFoundError):
        ada.load()


def test_addresses_that_are_none_are_refused(sandbox, managed, empty):
    """An e-mail address of a contact, and the source of connections to a Linode."""
    managed.create_managed_contact(name="Ada", email="ada@example.com")
    wrong = [("email is not valid", "email")]
    assert refused(sandbox, "POST", "/managed/contacts", {"name": "Eve", "email": "eve"}) == wrong
    assert refused(sandbox, "PUT", "/managed/contacts/123", {"email": "eve"}) == wrong
    path = f"/managed/linode-settings/{empty.id}"
    assert refused(sandbox, "PUT", path, {"ssh": {"ip": "nowhere"}}) == [("ip is not valid", "ssh.ip")]
    for source in ("192.0.2.1", "2001:db8::1", "any"):
        assert raw(sandbox, "PUT", path, {"ssh": {"ip": source}})[1]["ssh"]["ip"] == source


def test_credentials_are_revoked_wherever_they_are_used(managed):
    root = managed.create_managed_credential("root", "secret-1", username="root")
    assert "secret-1" not in repr(root.raw)
    assert root.last_decrypted is None
    root.set_password("secret-2")
    root.label = "the root"
    root.save()
    web = service(managed, credentials=[root])
    assert web.credentials == [root.id]
    root.revoke()
    assert web.load().credentials == []
    assert list(managed.get_managed_credentials()) == []
    assert managed.get_managed_ssh_key().ssh_key.startswith("ssh-rsa ")
    assert managed.get_managed_ssh_key() == managed.get_managed_ssh_key()


def test_a_service_is_pending_and_then_ok(sandbox, managed):
    web = service(managed)
    assert (web.status, web.region, web.consultation_group) == ("pending", None, "")
    managed.wait_for([web], "ok")
    assert web.disable().status == "disabled"
    assert web.enable().status == "pending"
    sandbox.advance(300)
    assert web.load().status == "ok"
    web.timeout = 60
    web.save()
    web.delete()
    assert [event.action for event in managed.get_events()] == ["managed_service_delete", "managed_service_create"]


@pytest.mark.parametrize(
    ("options", "field"),
    [({"credentials": [9]}, "credentials[0]"), ({"consultation_group": "nobody"}, "consultation_group")],
)
def test_a_service_names_what_is_there(managed, options, field):
    with pytest.raises(InvalidRequestError, match="is not valid") as caught:
        service(managed, **options)
    assert [name for _, name in caught.value.reasons] == [field]


def test_a_timeout_has_bounds(managed):
    with pytest.raises(InvalidRequestError, match="Must be 1-255"):
        managed.create_managed_service("web", "url", "https://example.com", 256)


def test_every_linode_has_settings(managed, empty):
    (setting,) = managed.get_managed_linode_settings()
    assert (setting.id, setting.label) == (empty.id, empty.label)
    assert setting.ssh.raw == {"access": True, "ip": "any", "port": None, "user": None}
    setting.ssh.port = 22022
    setting.save()
    assert setting.load().ssh.port == 22022
    assert setting.ssh.access is True


def test_statistics_are_the_sums_of_the_linodes(sandbox, managed):
    assert managed.managed_stats() is None
    for label in ("one", "two"):
        managed.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, label=label).wait()
    sandbox.advance(24 * 3600)
    stats = managed.managed_stats().data
    assert len(stats.cpu) == 288
    assert stats.cpu[-1].y > 0
    assert {each.y for each in stats.swap} == {0}
    assert managed.managed_stats().data.net_out[0].y > 0
    assert list(managed.get_managed_issues()) == []
