"""Which scopes operations ask for, where it is not what their path says."""

from __future__ import annotations

import pytest
from asking import raw

from linode import Image
from linode.errors import AuthenticationError, AuthorizationError
from linode.sandbox.engine.routes import methods_of, parts_of


@pytest.mark.parametrize(
    ("method", "path", "scopes"),
    [
        ("GET", "/regions", ""),
        ("GET", "/images", ""),
        ("GET", "/regions/vpc-availability", "vpc:read_only"),
        ("GET", "/regions/us-east/vpc-availability", "vpc:read_only"),
        ("GET", "/networking/firewalls/templates", ""),
        ("GET", "/networking/firewalls/templates/vpc", ""),
        ("GET", "/databases/mysql/config", ""),
        ("GET", "/databases/postgresql/config", ""),
        ("GET", "/entities", "account:read_only"),
        ("GET", "/iam/role-permissions", "account:read_only"),
        ("GET", "/profile", ""),
        ("GET", "/profile/grants", ""),
        ("PUT", "/profile", "account:read_write"),
        ("GET", "/profile/tokens", "account:read_only"),
        ("POST", "/images", "images:read_write linodes:read_only"),
        ("POST", "/images/upload", "images:read_write"),
        ("GET", "/images/sharegroups/1/members", "images:read_write"),
        ("POST", "/volumes/1/attach", "volumes:read_write linodes:read_write"),
        ("POST", "/volumes/1/detach", "volumes:read_write linodes:read_write"),
        ("GET", "/linode/stackscripts", "stackscripts:read_only"),
        ("GET", "/account/events", "events:read_only"),
        ("POST", "/account/events/1/seen", "events:read_only"),
        ("GET", "/networking/ips", "ips:read_only"),
        ("GET", "/linode/instances/1/ips", "linodes:read_only"),
        ("GET", "/linode/instances/1/interfaces", "linodes:read_write"),
        ("GET", "/linode/instances/1/interfaces/1/firewalls", "nodebalancers:read_only"),
        ("GET", "/networking/firewalls", "firewall:read_only"),
    ],
)
def test_scopes_of_operations(method, path, scopes):
    """As they are recorded, or stand in the reference."""
    assert " ".join(methods_of(parts_of(path))[method].scopes) == scopes


def test_images_of_the_account_are_for_tokens_with_their_scope(sandbox, client):
    """Any token lists Linode's own."""
    image = client.upload_image("golden", "us-east").image
    token = client.get_profile().create_token(scopes="linodes:read_write").token
    other = sandbox.client(token)
    assert image not in list(other.get_images())
    assert len(other.get_images()) == len(client.get_images()) - 1
    with pytest.raises((AuthenticationError, AuthorizationError), match="not authorized to use this endpoint"):
        Image(other, image.id).load()
    status, _ = raw(sandbox, "GET", f"/images/{image.id}")
    assert status == 200


def test_an_error_names_the_scopes_that_the_token_lacks(sandbox, client):
    """Of those that the call needs; nothing is named when the token has them, or when the answer tells of none."""
    other = sandbox.client(client.get_profile().create_token(scopes="volumes:read_write").token)
    with pytest.raises(AuthorizationError, match=r"; the token lacks the scope domains:read_only$") as caught:
        other.get_domains().all()
    assert caught.value.missing_scopes == "domains:read_only"
    with pytest.raises(AuthorizationError) as caught:
        other.request("POST", "/volumes/1/attach", {"linode_id": 1})
    assert caught.value.missing_scopes == "linodes:read_write"
    needs = {"x-accepted-oauth-scopes": "linodes:read_only"}
    for headers in ({}, needs, needs | {"x-oauth-scopes": "*"}, needs | {"x-oauth-scopes": "linodes:read_write"}):
        error = AuthorizationError(403, [], headers=headers)
        assert error.missing_scopes == ""
        assert "lacks" not in str(error)
