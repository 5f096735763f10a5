"""The course of an application: a login, a Linode from a StackScript, the end of the token."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, said

from linode import Event, Linode, LinodeClient, LinodeLoginClient, OAuthScopes
from linode._http.network import HttpTransport
from linode.errors import AuthenticationError, AuthorizationError, OAuthError

BACK = "http://localhost:5000/back"
SCRIPT = """#!/bin/bash
# <UDF name="host" label="The name of the host" example="www" />
# <UDF name="kind" label="What it is" oneof="shop,blog" default="shop" />
# <UDF name="parts" label="Parts" manyof="mail,web" default="" />
"""


class Application:
    """An application that is registered, by the way in process or over the port."""

    def __init__(self, sandbox, address, way):
        self.sandbox, self.address, self.way = sandbox, address, way
        client_id, secret = sandbox.add_oauth_client("Shop", BACK)
        self.login = LinodeLoginClient(client_id, secret, address, redirect_uri=BACK, transport=way)

    def granted(self, scopes):
        """The grant of a user who signs in and allows the access."""
        state = self.login.new_state()
        back = self.sandbox.log_in(self.login.generate_login_url(OAuthScopes(scopes), state=state))
        return self.login.finish_oauth(self.login.read_redirect(back, state=state))

    def client(self, token):
        return LinodeClient(token, f"{self.address}/v4", transport=self.way)


@pytest.fixture(params=["inprocess", "socket"])
def application(request, sandbox):
    if request.param == "inprocess":
        yield Application(sandbox, "http://sandbox", sandbox.transport())
        return
    way = HttpTransport()
    with sandbox.serve() as address:
        yield Application(sandbox, address, way)
    way.close()


def test_a_linode_is_installed_in_the_account_of_who_logged_in(application):
    """The application shows who that is, makes the Linode, finds it by its tag and sees what happens to it."""
    grant = application.granted("linodes:read_write stackscripts:read_write events:read_only")
    client = application.client(grant.token)
    profile = client.get_profile()
    assert (profile.username, profile.email) == ("sandbox", "sandbox@example.com")
    script = client.create_stackscript("setup", SCRIPT, [DEBIAN])
    made = {"image": DEBIAN, "root_pass": PASSWORD, "stackscript_id": script}
    for answers, reason in (
        ({}, ("host is required", "stackscript_data.host")),
        ({"host": ""}, ("host is required", "stackscript_data.host")),
        ({"host": "a", "kind": "wiki"}, ("kind must be one of shop,blog", "stackscript_data.kind")),
        ({"host": "a", "parts": "web,dns"}, ("parts must be some of mail,web", "stackscript_data.parts")),
    ):
        assert said(client.create_linode, NANODE, REGION, **made, stackscript_data=answers) == [reason]
    assert said(client.create_linode, NANODE, REGION, **made) == [("host is required", "stackscript_data.host")]
    answers = {"host": "www", "parts": "mail,web"}
    linode = client.create_linode(
        NANODE, REGION, **made, stackscript_data=answers, label="shop", tags=["customer:7", "shop"]
    )
    assert said(client.create_linode, NANODE, REGION, label="shop") == [
        ("Label must be unique among your linodes", "label")
    ]
    for found, wanted in (
        (Linode.tags == "customer:7", True),
        (Linode.tags == "customer", False),
        (Linode.tags.contains("customer"), True),
        (Linode.label == "shop", True),
        (Linode.label == "sho", False),
    ):
        assert [each.id for each in client.get_linodes(found)] == [linode.id] * wanted
    application.sandbox.advance(120)
    assert linode.load().status == "running"
    events = client.get_events(Event.entity.id == linode.id, Event.entity.type == "linode")
    seen = [(each.action, each.username) for each in events]
    assert seen == [("linode_boot", "sandbox"), ("linode_create", "sandbox")]


def test_a_rebuilt_linode_runs_another_script(application):
    """The fields of the new script are required, and the previous script is no longer in use."""
    client = application.client(application.sandbox.token)
    first, second = (client.create_stackscript(name, SCRIPT, [DEBIAN]) for name in ("first", "second"))
    image = {"image": DEBIAN, "root_pass": PASSWORD}
    answers = {"host": "www"}
    linode = client.create_linode(NANODE, REGION, **image, stackscript_id=first, stackscript_data=answers)
    application.sandbox.advance(120)
    assert said(linode.rebuild, **image, stackscript_id=second) == [("host is required", "stackscript_data.host")]
    assert first.load().deployments_active == 1
    linode.rebuild(**image, stackscript_id=second, stackscript_data=answers)
    assert [(each.load().deployments_active, each.deployments_total) for each in (first, second)] == [(0, 1), (1, 1)]


def test_a_token_that_may_only_read_changes_nothing(application):
    """A change with a read-only token is refused with 401, and so is an operation of another family."""
    client = application.client(application.granted("linodes:read_only").token)
    assert len(client.get_linodes()) == 0
    words = "Your OAuth token is not authorized to use this endpoint"
    with pytest.raises(AuthorizationError, match=words):
        client.create_linode(NANODE, REGION)
    with pytest.raises(AuthorizationError, match=words):
        len(client.get_events())


def test_a_revoked_token_is_not_known_at_once(application):
    """Whoever ends it: the application, or the user in the profile."""
    owner = application.client(application.sandbox.token)
    for end in (
        lambda grant: application.login.revoke(grant.token),
        lambda grant: [app.delete() for app in owner.get_profile().apps],
    ):
        grant = application.granted("linodes:read_only")
        client = application.client(grant.token)
        assert len(client.get_linodes()) == 0
        end(grant)
        with pytest.raises(AuthenticationError, match="Invalid Token"):
            len(client.get_linodes())


def test_a_code_is_not_good_for_a_second_token(application):
    """The token of a code that is used twice is revoked: somebody may have stolen the code."""
    back = application.sandbox.log_in(application.login.generate_login_url(OAuthScopes("linodes:read_only")))
    redirect = application.login.read_redirect(back)
    client = application.client(application.login.finish_oauth(redirect).token)
    assert len(client.get_linodes()) == 0
    with pytest.raises(OAuthError, match="invalid_grant"):
        application.login.finish_oauth(redirect)
    with pytest.raises(AuthenticationError):
        len(client.get_linodes())
