"""Delegation of child accounts to users of the parent account, seen from clients of both."""

from __future__ import annotations

import pytest
from asking import ask, said

from linode import ChildAccount, LinodeClient
from linode.errors import AuthenticationError, NotFoundError


@pytest.fixture
def theirs(sandbox):
    """A client of a child account."""
    return sandbox.client(sandbox.add_account("Child Inc.", child=True))


@pytest.fixture
def child(client, theirs):
    """The child account, as users are delegated to it."""
    return client.get_delegated_child_accounts().one()


@pytest.fixture
def ada(client):
    """A restricted user of the parent account."""
    return client.create_user("ada", "ada@example.com", restricted=True)


@pytest.fixture
def hers(sandbox, ada):
    """Her client."""
    with sandbox.world.transaction():
        return sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])


def test_a_child_account_has_no_delegates_at_first(theirs, child):
    assert (child.company, child.euuid, child.users) == ("Child Inc.", theirs.get_account().euuid, [])
    assert child.get_users() == []


def test_users_act_for_a_child_account(client, child, ada, hers):
    (owner,) = [each.username for each in client.get_users() if each.username != "ada"]
    assert set(child.update_users([owner, "ada"])) == {owner, "ada"}
    assert set(child.get_users()) == {owner, "ada"}
    assert child.update_users(["ada"]) == ["ada"]
    assert client.get_delegated_child_accounts().one().users == ["ada"]
    (acts_for,) = ada.delegated_child_accounts
    assert (acts_for, acts_for.company) == (child, "Child Inc.")
    assert [each.company for each in hers.get_my_child_accounts()] == ["Child Inc."]
    assert len(hers.get_my_child_accounts(ChildAccount.company == "Another")) == 0
    found = hers.get_my_child_account(child.euuid)
    assert (type(found), found.euuid, found.company) == (ChildAccount, child.euuid, "Child Inc.")
    assert list(client.get_my_child_accounts()) == []
    with pytest.raises(NotFoundError):
        client.get_my_child_account(child.euuid)


def test_a_delegate_gets_a_token_for_the_child_account(sandbox, client, theirs, child, hers):
    child.update_users(["ada"])
    token = hers.create_my_child_account_token(hers.get_my_child_account(child.euuid))
    acting: LinodeClient = sandbox.client(token.token)
    assert acting.get_account().euuid == theirs.get_account().euuid
    sandbox.advance(3600)
    with pytest.raises(AuthenticationError):
        acting.get_account()
    with pytest.raises(NotFoundError):
        client.create_my_child_account_token(child.euuid)


def test_a_delegate_keeps_the_accounts_under_another_name(client, child, ada):
    child.update_users(["ada"])
    ada.username = "augusta"
    ada.save()
    assert child.get_users() == ["augusta"]
    ada.delete()
    assert child.get_users() == []


def test_unknown_users_and_restricted_ones_are_refused(child, hers):
    assert said(child.update_users, ["ada", "nobody"]) == [("users is not valid", "users[1]")]
    assert said(child.update_users, []) == [("Must contain at least 1 items", "users")]
    assert said(hers.get_delegated_child_accounts().first) == [("Unauthorized", None)]


def test_names_come_in_pages(sandbox, client, child):
    """A list of names has the envelope of a list of objects, and the library reads all of its pages."""
    names = [f"user-{number}" for number in range(120)]
    with sandbox.world.transaction():
        for name in names:
            sandbox.world.identity.add_user(name, f"{name}@example.com")
    child.update_users(names)
    status, page, _ = ask(sandbox, "GET", f"/v4{child.url}/users?page=2&page_size=100")
    assert (status, page["page"], page["pages"], page["results"]) == (200, 2, 2, 120)
    assert page["data"] == names[100:]
    assert ask(sandbox, "GET", f"/v4{child.url}/users?page=3")[0] == 404
    assert child.get_users() == names


def test_a_child_account_sets_the_roles_of_its_delegates(client, theirs):
    assert theirs.get_default_role_permissions().account_access == []
    roles = theirs.update_default_role_permissions(["account_event_viewer"], [])
    assert roles.account_access == theirs.get_default_role_permissions().account_access == ["account_event_viewer"]
    assert client.get_default_role_permissions().account_access == []
    assert said(theirs.update_default_role_permissions, ["root"], [])[0][1] == "account_access[0]"
