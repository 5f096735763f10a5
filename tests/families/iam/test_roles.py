"""Roles of users, and the permissions that come of them, seen from a client."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION, raw, said

from linode.errors import AuthorizationError, NotFoundError

UNAUTHORIZED = [("Unauthorized", None)]


@pytest.fixture
def ada(client):
    """A restricted user without grants or roles."""
    return client.create_user("ada", "ada@example.com", restricted=True)


@pytest.fixture
def hers(sandbox, ada):
    """Her client."""
    with sandbox.world.transaction():
        return sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])


def test_all_roles_are_listed_with_their_permissions(client):
    found = client.get_role_permissions()
    account = {role.name: role for group in found.account_access for role in group.roles}
    assert account["account_linode_creator"].permissions == ["create_linode"]
    assert "view_linode" in account["account_admin"].permissions
    groups = {group.type: {role.name for role in group.roles} for group in found.entity_access}
    assert groups["firewall"] == {"firewall_viewer", "firewall_contributor", "firewall_admin"}
    assert len(groups) == 11


def test_roles_are_listed_for_administrators_alone(hers, ada):
    with pytest.raises(AuthorizationError):
        hers.get_role_permissions()
    with pytest.raises(AuthorizationError):
        hers.get_users().first()
    assert ada.get_role_permissions().account_access == []


def test_an_unrestricted_user_is_an_administrator(client):
    (user,) = client.get_users()
    roles = user.get_role_permissions()
    assert (roles.account_access, roles.entity_access) == (["account_admin"], [])
    allowed = user.get_account_permissions()
    assert (len(allowed), "is_account_admin" in allowed, "view_linode" in allowed) == (64, True, False)
    allowed = user.get_entity_permissions("firewall", 123)
    assert (len(allowed), "delete_firewall" in allowed) == (11, True)


def test_roles_of_a_user_are_replaced(client, ada, hers):
    linode = client.create_linode(NANODE, REGION, label="hers")
    given = {"id": linode.id, "type": "linode", "roles": ["linode_viewer", "linode_viewer"]}
    roles = ada.update_role_permissions(["account_volume_creator", "account_event_viewer"], [given])
    assert roles.account_access == ["account_volume_creator", "account_event_viewer"]
    (shown,) = roles.entity_access
    assert (shown.id, shown.type, shown.roles) == (linode.id, "linode", ["linode_viewer"])
    assert ada.get_role_permissions() == roles
    allowed = ada.get_account_permissions()
    assert allowed == sorted(allowed)
    assert {"create_volume", "list_events"} <= set(allowed)
    allowed = ada.get_entity_permissions("linode", linode.id)
    assert ("view_linode" in allowed, "delete_linode" in allowed) == (True, False)
    assert ada.get_entity_permissions("linode", linode.id + 1) == []
    linode.delete()
    assert ada.get_role_permissions().entity_access == []
    assert ada.update_role_permissions([], []).account_access == []
    assert ada.get_account_permissions() == []


def test_roles_are_kept_under_another_name(client, ada):
    ada.update_role_permissions(["account_event_viewer"], [])
    ada.username = "augusta"
    ada.save()
    assert ada.get_role_permissions().account_access == ["account_event_viewer"]


def test_unknown_roles_and_objects_are_refused(client, ada):
    linode = client.create_linode(NANODE, REGION, label="hers")
    wrong = [
        {"id": linode.id, "type": "linode", "roles": ["firewall_viewer"]},
        {"id": 999, "type": "linode", "roles": ["linode_viewer"]},
    ]
    assert said(ada.update_role_permissions, ["account_admin", "linode_viewer"], wrong) == [
        ("linode_viewer is not a role for the account", "account_access[1]"),
        ("firewall_viewer is not a role for the type linode", "entity_access[0].roles[0]"),
        ("id is not valid", "entity_access[1].id"),
    ]
    assert ada.get_role_permissions().account_access == []


def test_roles_are_not_enforced(client, ada, hers):
    """The grants of a restricted user decide: which operation takes which permission is not on record."""
    ada.update_role_permissions(["account_linode_creator"], [])
    assert said(hers.create_linode, NANODE, REGION) == UNAUTHORIZED


def test_restricted_users_see_their_own_permissions(client, ada, hers):
    ada.update_role_permissions(["account_event_viewer"], [])
    own = type(ada)(hers, "ada")
    assert own.get_account_permissions() == ada.get_account_permissions() != []
    (owner,) = [each for each in client.get_users() if each.username != "ada"]
    assert said(type(ada)(hers, owner.username).get_account_permissions) == UNAUTHORIZED
    assert said(own.update_role_permissions, ["account_admin"], []) == UNAUTHORIZED
    with pytest.raises(NotFoundError):
        type(ada)(client, "nobody").get_role_permissions()


def test_permissions_are_served_below_v4beta_alone(sandbox, client):
    (user,) = client.get_users()
    assert raw(sandbox, "GET", f"/iam/users/{user.username}/permissions/account")[0] == 404
    assert raw(sandbox, "GET", f"/iam/users/{user.username}/role-permissions")[0] == 200
