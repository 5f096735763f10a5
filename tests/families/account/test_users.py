"""Users and grants: who can do what, and what goes when a user goes."""

from __future__ import annotations

import pytest
from asking import actions, raw, refusal, said

from linode import Event, User
from linode.errors import AuthenticationError, AuthorizationError, NotFoundError

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGyPRtYlGlFsSgfn6Ri9ZMSlAuzYBzqBXsKAMZ6hGHm1"
UNAUTHORIZED = [("Unauthorized", None)]


@pytest.fixture
def ada(client):
    """A restricted user."""
    return client.create_user("ada", "ada@example.com", restricted=True)


def client_of(sandbox, username, scopes="*"):
    with sandbox.world.transaction():
        return sandbox.client(sandbox.world.identity.issue_token(username, scopes)["_secret"])


# -- users -----------------------------------------------------------------------------------------------------------


def test_users_are_created_listed_changed_and_deleted(client, ada):
    """Each change is an event about the user."""
    assert (ada.username, ada.email, ada.restricted, ada.ssh_keys) == ("ada", "ada@example.com", True, [])
    assert ada.raw["user_type"] == "default"  # recorded of the answer to the creation too
    assert (ada.user_type, ada.last_login, ada.password_created) == ("default", None, None)
    assert [each.username for each in client.get_users()] == ["sandbox", "ada"]
    assert [each.email for each in client.get_users(User.username == "ada")] == ["ada@example.com"]
    ada.email = "lovelace@example.com"
    ada.save()
    assert User(client, "ada").email == "lovelace@example.com"
    ada.delete()
    with pytest.raises(NotFoundError):
        User(client, "ada").load()
    assert actions(client) == ["user_create", "user_update", "user_delete"]
    assert {(each.entity.type, each.entity.url) for each in client.get_events()} == {("user", "/v4/account/users/ada")}


def test_a_user_can_log_in_at_once(sandbox, client, browser, ada):
    """The login service offers the user; the login is listed, and shown on the user."""
    browser.go("/oauth/authorize?client_id=my-client-id&response_type=code&scope=linodes:read_only")
    browser.press("username", "ada")
    assert ada.load().last_login.status == "successful"
    (login,) = client.get_account_logins()
    assert (login.username, login.restricted, login.status) == ("ada", True, "successful")
    assert login.load().ip == "127.0.0.1"
    sandbox.advance(91 * 24 * 3600)
    assert len(client.get_account_logins()) == 0


@pytest.mark.parametrize(
    ("username", "email", "reason"),
    [
        ("ab", "ab@example.com", ("Length must be 3-32 characters", "username")),
        ("a b c", "ab@example.com", ("username is not valid", "username")),
        ("SANDBOX", "ab@example.com", ("Username is already in use", "username")),
        ("grace", "nobody", ("email is not valid", "email")),
    ],
)
def test_refused_users(client, username, email, reason):
    """Each refusal names its field, and no user is made."""
    assert said(client.create_user, username, email) == [reason]
    assert len(client.get_users()) == 1


def test_a_renamed_user_keeps_tokens_and_keys(sandbox, client, ada):
    """The object goes on under its new name; the old one is free, and events keep it."""
    theirs = client_of(sandbox, "ada")
    theirs.get_profile().create_sshkey("laptop", KEY)
    ada.username = "countess"
    ada.save()
    assert ada.url == "/account/users/countess"
    assert ada.load().ssh_keys == ["laptop"]
    assert theirs.get_profile().username == "countess"
    assert [each.label for each in theirs.get_profile().sshkeys] == ["laptop"]
    with pytest.raises(NotFoundError):
        User(client, "ada").load()
    assert {each.username for each in client.get_events(Event.action == "user_ssh_key_add")} == {"ada"}
    assert client.create_user("ada", "other@example.com").ssh_keys == []


def test_an_administrator_can_be_renamed(client):
    """The user who asks is the one who is renamed."""
    user = User(client, "sandbox")
    user.username = "captain"
    user.save()
    assert client.get_profile().username == "captain"
    assert [each.username for each in client.get_users()] == ["captain"]


def test_a_deleted_user_is_logged_out(sandbox, client, ada):
    """Tokens and keys are gone at once, and a user of the same name has none of them."""
    theirs = client_of(sandbox, "ada")
    theirs.get_profile().create_sshkey("laptop", KEY)
    ada.delete()
    with pytest.raises(AuthenticationError):
        theirs.get_profile()
    client.create_user("ada", "ada@example.com", restricted=True)
    assert len(client_of(sandbox, "ada").get_profile().sshkeys) == 0


def test_an_account_keeps_an_unrestricted_user(client, ada):
    """The last one can neither be deleted nor restricted, here or in the profile, until there is another."""
    last = User(client, "sandbox")
    words = [("The account must have an unrestricted user", "restricted")]
    assert said(last.delete) == words
    last.restricted = True
    assert said(last.save) == words
    profile = client.get_profile()
    profile.restricted = True
    assert said(profile.save) == words
    ada.restricted = False
    ada.save()
    last.save()
    assert said(last.load) == UNAUTHORIZED


# -- grants ----------------------------------------------------------------------------------------------------------


def test_grants_start_empty_and_list_everything(client, ada):
    """Null and false all over, until grants are given; those that are not sent stay."""
    domain = client.create_domain("example.com", "master", soa_email="admin@example.com")
    grants = ada.grants()
    assert grants.global_.account_access is None
    assert not any(value for key, value in grants.global_.raw.items())
    assert [(each.id, each.label, each.permissions) for each in grants.domain] == [(domain.id, "example.com", None)]
    ada.update_grants(global_={"add_linodes": True, "account_access": "read_only"})
    found = ada.update_grants(domain=[{"id": domain.id, "permissions": "read_only"}])
    assert (found.global_.add_linodes, found.global_.account_access) == (True, "read_only")
    assert [each.permissions for each in found.domain] == ["read_only"]
    assert ada.grants().raw == found.raw


def test_refused_grants(sandbox, client, ada):
    """Unrestricted users have no grants; unknown objects and levels are refused by their field."""
    assert User(client, "sandbox").grants() is None
    assert raw(sandbox, "GET", "/account/users/sandbox/grants") == (204, None)
    words = [("Grants are not available for unrestricted users", None)]
    assert said(User(client, "sandbox").update_grants, global_={"add_linodes": True}) == words
    assert said(ada.update_grants, linode=[{"id": 9}]) == [("id is not valid", "linode[0].id")]
    body = {"global": {"add_linodes": "yes", "account_access": "all"}}
    assert raw(sandbox, "PUT", "/account/users/ada/grants", body) == refusal(
        400,
        ("Must be of type Boolean", "global.add_linodes"),
        ("Must be one of read_only, read_write", "global.account_access"),
    )


def test_grants_hold_at_once(sandbox, client, ada, empty):
    """A restricted user may do what was granted, until it is taken away or the user is unrestricted."""
    theirs = client_of(sandbox, "ada")
    assert list(theirs.get_linodes()) == []
    ada.update_grants(linode=[{"id": empty.id, "permissions": "read_only"}])
    assert [each.id for each in theirs.get_linodes()] == [empty.id]
    assert said(theirs.get_linodes()[0].delete) == UNAUTHORIZED
    ada.update_grants(linode=[{"id": empty.id, "permissions": None}])
    assert list(theirs.get_linodes()) == []
    ada.restricted = False
    ada.save()
    assert [each.id for each in theirs.get_linodes()] == [empty.id]


def test_users_are_for_unrestricted_users(sandbox, client, ada):
    """Whatever a restricted user was granted; and a token needs the scope."""
    ada.update_grants(global_={"account_access": "read_write"})
    theirs = client_of(sandbox, "ada")
    for verb in (theirs.get_users().first, User(theirs, "ada").load, User(theirs, "ada").grants):
        with pytest.raises(AuthorizationError, match="Unauthorized"):
            verb()
    assert said(theirs.create_user, "grace", "grace@example.com") == UNAUTHORIZED
    assert said(theirs.get_account_logins().first) == UNAUTHORIZED
    reading = client_of(sandbox, "sandbox", "account:read_only")
    assert len(reading.get_users()) == 2
    with pytest.raises(AuthorizationError, match="not authorized to use this endpoint"):
        reading.create_user("grace", "grace@example.com")


def test_every_kind_of_grant_is_enforced(sandbox, client, ada):
    """Without grants nothing of the account's own is seen; what is public is; who makes something may go on with it."""
    domain = client.create_domain("example.com", "master", soa_email="admin@example.com")
    script = client.create_stackscript("setup", "#!/bin/sh\n", ["linode/debian12"])
    image = client.upload_image("raw", "us-east").image
    theirs = client_of(sandbox, "ada")
    assert list(theirs.get_domains()) == []
    assert {each.type for each in theirs.get_images()} == {"manual"}
    assert image.id not in [each.id for each in theirs.get_images()]
    assert script.id not in [each.id for each in theirs.get_stackscripts()]
    for each in (domain, script, image):
        assert said(type(each)(theirs, each.id).load) == UNAUTHORIZED
    assert said(theirs.create_domain, "example.org", "master", soa_email="admin@example.org") == UNAUTHORIZED
    ada.update_grants(
        global_={"add_domains": True},
        image=[{"id": int(image.id.partition("/")[2]), "permissions": "read_only"}],
        stackscript=[{"id": script.id, "permissions": "read_write"}],
    )
    theirs.create_domain("example.org", "master", soa_email="admin@example.org").delete()
    assert image.id in [each.id for each in theirs.get_images()]
    assert said(type(image)(theirs, image.id).delete) == UNAUTHORIZED
    type(script)(theirs, script.id).delete()
