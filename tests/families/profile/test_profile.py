"""The profile in the sandbox: the user, and what lets the user and the user's programs in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asking import raw

from linode import AuthorizedApp, Login, PersonalAccessToken, Profile, SSHKey
from linode.errors import AuthenticationError, InvalidRequestError, LinodeError, NotFoundError
from linode.sandbox.families.profile.security import QUESTIONS, code_at
from linode.sandbox.login import oauth
from linode.scopes import OAuthScopes, Scope

PUBLIC_KEYS = Path(__file__).parents[2] / "data" / "public_keys.txt"
"""Of RSA, of ECDSA in three sizes and of Ed25519; the private halves were never kept."""
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGyPRtYlGlFsSgfn6Ri9ZMSlAuzYBzqBXsKAMZ6hGHm1"


@pytest.fixture
def profile(client):
    return client.get_profile()


@pytest.fixture
def other(sandbox):
    """A client of another user, who is restricted."""
    return sandbox.client(token_of_another(sandbox))


def token_of_another(sandbox):
    """A token of another user, who is restricted."""
    if sandbox.world.find("User", "other") is None:
        sandbox.add_user("other", "other@example.com", restricted=True)
    with sandbox.world.transaction():
        return sandbox.world.identity.issue_token("other")["_secret"]


def actions(client, word):
    """The events whose action begins with *word*, oldest first."""
    return [event for event in reversed(list(client.get_events())) if event.action.startswith(word)]


# -- the profile -----------------------------------------------------------------------------------------------------


def test_profile(profile, other):
    """The profile is that of the user who asks."""
    assert (profile.username, profile.email, profile.restricted) == ("sandbox", "sandbox@example.com", False)
    assert (profile.timezone, profile.lish_auth_method, profile.authorized_keys) == ("GMT", "password_keys", None)
    assert (profile.email_notifications, profile.two_factor_auth, profile.user_type) == (True, False, "default")
    assert (profile.referrals.total, profile.verified_phone_number) == (0, None)
    found = other.get_profile()
    assert (found.username, found.restricted) == ("other", True)
    assert found.uid != profile.uid


def test_update_profile(client, profile):
    """Changes of the profile are stored, and an event reports them."""
    profile.email, profile.timezone, profile.email_notifications = "new@example.com", "Europe/Berlin", False
    profile.lish_auth_method, profile.authorized_keys = "keys_only", [ED25519]
    profile.save()
    found = Profile(client)
    assert (found.email, found.timezone, found.email_notifications) == ("new@example.com", "Europe/Berlin", False)
    assert (found.lish_auth_method, found.authorized_keys) == ("keys_only", [ED25519])
    [event] = actions(client, "profile_")
    assert (event.action, event.entity.type, event.entity.id) == ("profile_update", "profile", profile.uid)


def test_no_keys(profile):
    """An empty list of keys is none."""
    profile.authorized_keys = [ED25519]
    profile.save()
    profile.authorized_keys = []
    profile.save()
    assert profile.load().authorized_keys is None


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("email", "nobody", "email is not valid"),
        ("email", "a" * 120 + "@example.com", "email is not valid"),
        ("timezone", "Mars/Olympus", "timezone is not valid"),
        ("lish_auth_method", "shouting", "Must be one of password_keys, keys_only, disabled"),
        ("authorized_keys", [ED25519, "ssh-ed25519 AAAA"], "SSH Key 2 is not valid"),
        ("two_factor_auth", True, "Two-factor authentication is enabled with a code of the app"),
    ],
)
def test_refused_updates(sandbox, member, value, reason):
    """Invalid values are refused with their fields, and nothing is changed."""
    status, answer = raw(sandbox, "PUT", "/profile", {"email_notifications": False, member: value})
    assert (status, answer) == (400, {"errors": [{"reason": reason, "field": member}]})
    assert raw(sandbox, "GET", "/profile")[1]["email_notifications"] is True


def test_whole_profile_sent_back(sandbox):
    """The whole profile can be sent back as it was."""
    before = raw(sandbox, "GET", "/profile")
    assert raw(sandbox, "PUT", "/profile", before[1]) == before


def test_restricted_stays_restricted(other):
    """A restricted user does not get free by saying so."""
    profile = other.get_profile()
    profile.restricted = False
    with pytest.raises(LinodeError, match="Unauthorized"):
        profile.save()


def test_grants(sandbox, client, profile, other):
    """A user who may do everything has no grants, and a restricted one sees them for all there is."""
    assert profile.grants() is None
    assert raw(sandbox, "GET", "/profile/grants") == (204, None)
    client.create_domain("example.com", "master", soa_email="admin@example.com")
    client.upload_image("raw", "us-east")
    found = other.get_profile().grants()
    assert found.global_.account_access is None
    assert found.global_.add_linodes is False
    assert [(each.id, each.label, each.permissions) for each in found.domain] == [(123, "example.com", None)]
    assert [(each.id, each.label) for each in found.image] == [(123, "raw")]
    assert found.linode == found.volume == found.stackscript == found.database == []


def test_preferences(profile, other):
    """Preferences are any object, and every user has own ones."""
    assert profile.preferences() == {}
    wanted = {"theme": "dark", "_kind": {"nested": [1, None]}}
    profile.set_preferences(wanted)
    assert profile.preferences() == wanted
    assert other.get_profile().preferences() == {}


# -- SSH keys --------------------------------------------------------------------------------------------------------


def test_ssh_keys(sandbox, client, profile):
    """SSH keys come and go with events, and the user lists their labels."""
    key = profile.create_sshkey("laptop", f"{ED25519} me@laptop\n")
    assert (key.id, key.label, key.ssh_key) == (123, "laptop", f"{ED25519} me@laptop")
    assert sandbox.world.find("User", "sandbox")["ssh_keys"] == ["laptop"]
    key.label = "desk"
    key.save()
    assert [(each.id, each.label) for each in profile.sshkeys] == [(123, "desk")]
    key.delete()
    with pytest.raises(NotFoundError, match="Not found"):
        SSHKey(client, 123).load()
    assert sandbox.world.find("User", "sandbox")["ssh_keys"] == []
    told = [(event.action, event.entity.type, event.entity.url) for event in actions(client, "user_ssh_key")]
    url = "/v4/profile/sshkeys/123"
    assert told == [(f"user_ssh_key_{operation}", "user_ssh_key", url) for operation in ("add", "update", "delete")]


def test_key_types(profile):
    """Keys of every type that ssh-keygen makes are taken."""
    keys = PUBLIC_KEYS.read_text().splitlines()
    for at, key in enumerate(keys):
        profile.create_sshkey(f"key{at}", key)
    assert len(profile.sshkeys) == len(keys) == 5


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "key-type must be"),
        ("ssh-unknown AAAA", "key-type must be"),
        ("", "key-type must be"),
        ("ssh-ed25519", "is not valid"),
        ("ssh-ed25519 not!base64", "is not valid"),
        (ED25519[:-8], "is not valid"),
        (ED25519.replace("ssh-ed25519", "ssh-rsa", 1), "is not valid"),
        (f"{ED25519}\n{ED25519}", "is not valid"),
    ],
)
def test_broken_keys(profile, key, reason):
    """Text that is no public key is refused."""
    with pytest.raises(InvalidRequestError, match=f"ssh_key: SSH Key {reason}"):
        profile.create_sshkey("broken", key)
    assert list(profile.sshkeys) == []


def test_users_do_not_see_each_other(sandbox, client, profile, other):
    """Nobody sees or touches what belongs to another user."""
    key, token = profile.create_sshkey("laptop", ED25519), profile.create_token(label="mine")
    assert list(other.get_profile().sshkeys) == []
    assert [each.label for each in other.get_profile().tokens] == [""]
    for theirs in (SSHKey(other, key.id), PersonalAccessToken(other, token.id)):
        for operation in (theirs.load, theirs.delete):
            with pytest.raises(NotFoundError):
                operation()
    for path in (f"sshkeys/{key.id}", f"tokens/{token.id}"):
        assert raw(sandbox, "PUT", f"/profile/{path}", {"label": "stolen"}, token=token_of_another(sandbox))[0] == 404
    assert [each.label for each in profile.sshkeys] == ["laptop"]


# -- personal tokens -------------------------------------------------------------------------------------------------


def test_new_token(sandbox, client, profile):
    """A token is whole when it is made, 16 characters after that, and works at once."""
    made = profile.create_token(label="ci", scopes="linodes:read_only domains:read_write")
    assert len(made.token) == 64
    assert (made.label, made.scopes, made.expiry) == ("ci", "linodes:read_only domains:read_write", None)
    found = PersonalAccessToken(client, made.id)
    assert (found.token, found.scopes) == (made.token[:16], made.scopes)
    program = sandbox.client(made.token)
    assert list(program.get_linodes()) == []
    program.create_domain("example.com", "master", soa_email="admin@example.com")
    with pytest.raises(LinodeError, match="not authorized"):
        list(program.get_volumes())


def test_deleted_token(sandbox, client, profile):
    """A token ends when it is deleted, and events tell of its life."""
    made = profile.create_token(label="ci")
    program = sandbox.client(made.token)
    assert program.get_profile().username == "sandbox"
    made.label = "cd"
    made.save()
    assert [each.label for each in profile.tokens] == ["sandbox", "cd"]
    made.delete()
    with pytest.raises(AuthenticationError, match="Invalid Token"):
        program.get_profile()
    with pytest.raises(NotFoundError):
        PersonalAccessToken(client, made.id).load()
    told = [(event.action, event.entity.type, event.entity.url) for event in actions(client, "token_")]
    url = f"/v4/profile/tokens/{made.id}"
    assert told == [(f"token_{operation}", "token", url) for operation in ("create", "update", "delete")]


def test_expired_token(sandbox, client, profile):
    """A token ends when its time is over, and is listed no more."""
    moment = datetime.fromtimestamp(sandbox.world.now, UTC).replace(microsecond=0) + timedelta(hours=1)
    made = profile.create_token(label="short", expiry=moment)
    assert made.expiry == moment
    program = sandbox.client(made.token)
    assert program.get_profile().username == "sandbox"
    sandbox.advance(3601)
    with pytest.raises(AuthenticationError):
        program.get_profile()
    assert [each.label for each in profile.tokens] == ["sandbox"]
    with pytest.raises(NotFoundError):
        PersonalAccessToken(client, made.id).load()


@pytest.mark.parametrize("expiry", ["2020-01-01T00:00:00", "9999-12-31T23:59:59-12:00", "tomorrow"])
def test_impossible_expiry(sandbox, expiry):
    """A token does not end before it begins."""
    status, answer = raw(sandbox, "POST", "/profile/tokens", {"expiry": expiry})
    assert (status, answer["errors"][0]["field"]) == (400, "expiry")


def test_expiry_is_utc(sandbox):
    """The expiry of a token is UTC unless it says otherwise, and cannot be changed."""
    made = raw(sandbox, "POST", "/profile/tokens", {"expiry": "2999-12-12T05:00:00+02:00"})[1]
    assert made["expiry"] == "2999-12-12T03:00:00"
    changed = {"label": "new", "expiry": "2999-01-01T00:00:00", "scopes": "*"}
    after = raw(sandbox, "PUT", f"/profile/tokens/{made['id']}", changed)[1]
    assert (after["label"], after["expiry"]) == ("new", "2999-12-12T03:00:00")


def test_scopes_of_new_tokens(sandbox, profile):
    """A token may do what the one that asks may, unless less is asked for, and never more."""
    acting = profile.create_token(scopes="account:read_write,linodes:read_only")
    assert acting.scopes == "account:read_write linodes:read_only"
    program = sandbox.client(acting.token).get_profile()
    assert program.create_token().scopes == acting.scopes
    assert program.create_token(scopes="account:read_only").scopes == "account:read_only"
    for wanted in ("*", "linodes:read_write", "domains:read_only"):
        with pytest.raises(InvalidRequestError, match="scopes: The current token does not have"):
            program.create_token(scopes=wanted)


@pytest.mark.parametrize("scopes", ["", "zones:view", Scope("linodes", "fly"), Scope("everything", "read_only")])
def test_unknown_scopes(profile, scopes):
    """Scopes that there are not are refused."""
    with pytest.raises(InvalidRequestError, match="scopes: "):
        profile.create_token(scopes=scopes)


# -- applications and logins -----------------------------------------------------------------------------------------


def login(sandbox, scopes="linodes:read_only"):
    """The tokens that the sandbox's application got from its user."""
    world = sandbox.world
    with world.transaction():
        client = world.get("OAuthClient", "my-client-id")
        wanted = OAuthScopes(scopes)
        code = oauth.issue_code(world, client, "sandbox", wanted, redirect_uri=None, challenge=None)
        return oauth.redeem(world, client, code, redirect_uri=None, verifier=None, old=False)


def test_apps(sandbox, client, profile):
    """An application is listed when it was let in, and deleting it ends all its tokens."""
    first, second = login(sandbox), login(sandbox, "domains:read_only")
    assert [each.scopes for each in profile.apps] == ["linodes:read_only", "domains:read_only"]
    app = profile.apps[0]
    assert (app.label, app.website, app.thumbnail_url) == ("Sandbox application", "http://localhost", None)
    assert AuthorizedApp(client, app.id).label == app.label
    assert [each.label for each in profile.tokens] == ["sandbox"], "an application's token is no personal one"
    app.delete()
    assert [each.scopes for each in profile.apps] == ["domains:read_only"]
    with pytest.raises(AuthenticationError):
        sandbox.client(first["access_token"]).get_profile()
    assert sandbox.client(second["access_token"]).get_profile().username == "sandbox"
    with sandbox.world.transaction(), pytest.raises(Exception, match="used before"):
        oauth.refresh(sandbox.world, sandbox.world.get("OAuthClient", "my-client-id"), first["refresh_token"], None)


def test_apps_that_can_come_in(sandbox, client, profile):
    """An application is listed as long as it can come in."""
    login(sandbox)
    with sandbox.world.transaction():
        application = sandbox.world.get("OAuthClient", "my-client-id")
        implicit = oauth.issue(sandbox.world, application, "sandbox", OAuthScopes("domains:read_only"))
    assert len(profile.apps) == 2
    sandbox.advance(3 * 3600)
    assert [each.scopes for each in Profile(client).apps] == ["linodes:read_only"], "this one has a refresh token"
    assert sandbox.world.identity.find_token(implicit["access_token"]) is None


def test_app_without_a_grant(sandbox, client, profile):
    """Deleting an application that has no grant ends its one token."""
    with sandbox.world.transaction():
        application = sandbox.world.get("OAuthClient", "my-client-id")
        for _ in range(2):
            oauth.issue(sandbox.world, application, "sandbox", OAuthScopes("domains:read_only"))
    profile.apps[0].delete()
    assert len(Profile(client).apps) == 1


def test_apps_are_no_tokens(sandbox, client, profile):
    """A personal token is no application, and an application no personal token."""
    login(sandbox)
    app_id, token_id = profile.apps[0].id, profile.tokens[0].id
    for wrong in (AuthorizedApp(client, token_id), PersonalAccessToken(client, app_id)):
        for operation in (wrong.load, wrong.delete):
            with pytest.raises(NotFoundError):
                operation()


def test_logins(sandbox, client, profile, other):
    """A login is listed for its user only."""
    with sandbox.world.transaction():
        assert oauth.sign_in(sandbox.world, "a session", "sandbox")
        assert not oauth.sign_in(sandbox.world, "another", "nobody")
    [entry] = profile.logins
    assert (entry.username, entry.status, entry.restricted, entry.ip) == ("sandbox", "successful", False, "127.0.0.1")
    assert Login(client, entry.id).username == "sandbox"
    assert list(other.get_profile().logins) == []
    with pytest.raises(NotFoundError):
        Login(other, entry.id).load()
    assert sandbox.world.find("User", "sandbox")["last_login"]["status"] == "successful"


def test_devices(sandbox, profile):
    """No device is trusted, as no login asks for a second factor."""
    assert list(profile.devices) == []
    assert raw(sandbox, "GET", "/profile/devices/1")[0] == raw(sandbox, "DELETE", "/profile/devices/1")[0] == 404


# -- phone number, questions, second factor --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iso_code", "number", "verified"),
    [
        ("US", "(555) 555-0123", "+15555550123"),
        ("gb", "020 7946 0018", "+442079460018"),
        ("DE", "+49 30 901820", "+4930901820"),
    ],
)
def test_phone_number(profile, iso_code, number, verified):
    """A phone number counts when it is confirmed with its last six digits."""
    profile.add_phone_number(iso_code, number)
    assert profile.verified_phone_number is None
    with pytest.raises(InvalidRequestError, match="otp_code is not valid"):
        profile.verify_phone_number("000000")
    profile.verify_phone_number(verified[-6:])
    assert profile.verified_phone_number == verified
    profile.delete_phone_number()
    assert profile.verified_phone_number is None


def test_phone_code(sandbox, profile):
    """A code is good once, and for ten minutes."""
    with pytest.raises(InvalidRequestError, match="No phone number is waiting"):
        profile.verify_phone_number("550123")
    profile.add_phone_number("US", "555-555-0123")
    sandbox.advance(601)
    with pytest.raises(InvalidRequestError, match="No phone number is waiting"):
        profile.verify_phone_number("550123")


@pytest.mark.parametrize(
    ("iso_code", "number", "field"),
    [("XX", "555-555-0123", "iso_code"), ("US", "call me", "phone_number"), ("US", "12", "phone_number")],
)
def test_broken_phone_numbers(profile, iso_code, number, field):
    """Text that is no phone number is refused."""
    with pytest.raises(InvalidRequestError, match=f"{field}: {field} is not valid"):
        profile.add_phone_number(iso_code, number)


ANSWERS = [{"question_id": number, "response": f"answer {number}"} for number in (1, 4, 9)]


def test_security_questions(profile, other):
    """Three questions are answered in place of those before."""
    assert [each.response for each in profile.security_questions()] == [None] * len(QUESTIONS)
    profile.answer_security_questions([{"question_id": number, "response": "before"} for number in (2, 3, 5)])
    profile.answer_security_questions(ANSWERS)
    found = {each.id: each.response for each in profile.security_questions() if each.response is not None}
    assert found == {1: "answer 1", 4: "answer 4", 9: "answer 9"}
    assert all(each.response is None for each in other.get_profile().security_questions())


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (ANSWERS[:2], "security_questions"),
        ([*ANSWERS[:2], ANSWERS[0]], "security_questions[2].question_id"),
        ([*ANSWERS[:2], {"question_id": 99, "response": "what"}], "security_questions[2].question_id"),
        ([*ANSWERS[:2], {"question_id": 2, "response": "no"}], "security_questions[2].response"),
        ([*ANSWERS[:2], {"question_id": 2}], "security_questions[2].response"),
    ],
)
def test_refused_answers(sandbox, answers, field):
    """Answers that do not do are refused."""
    status, answer = raw(sandbox, "POST", "/profile/security-questions", {"security_questions": answers})
    assert (status, answer["errors"][0]["field"]) == (400, field)


def test_code_of_an_authenticator():
    """Codes are those of authenticator apps."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", the secret in the appendix of RFC 6238
    assert [code_at(secret, moment) for moment in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_two_factor(sandbox, client, profile):
    """The second factor wants answers, then a code, and goes again."""
    with pytest.raises(InvalidRequestError, match="Security questions must be answered"):
        profile.tfa_enable()
    with pytest.raises(InvalidRequestError, match="No two-factor secret is waiting"):
        profile.tfa_enable_confirm("000000")
    profile.answer_security_questions(ANSWERS)
    begun = profile.tfa_enable()
    code = code_at(begun.secret, sandbox.world.now)
    with pytest.raises(InvalidRequestError, match="tfa_code is not valid"):
        profile.tfa_enable_confirm(f"{(int(code) + 1) % 10**6:06}")
    assert profile.two_factor_auth is False
    assert len(profile.tfa_enable_confirm(code)) == 16
    assert profile.two_factor_auth is True
    profile.tfa_disable()
    assert profile.two_factor_auth is False
    profile.tfa_disable()
    assert [event.action for event in actions(client, "tfa_")] == ["tfa_enabled", "tfa_disabled"]


def test_two_factor_off_by_profile(sandbox, client, profile):
    """The second factor can be taken away by saving the profile."""
    profile.answer_security_questions(ANSWERS)
    profile.tfa_enable_confirm(code_at(profile.tfa_enable().secret, sandbox.world.now))
    profile.two_factor_auth = False
    profile.save()
    assert Profile(client).two_factor_auth is False


def test_two_factor_secret_expires(sandbox, profile):
    """A secret waits a day."""
    profile.answer_security_questions(ANSWERS)
    begun = profile.tfa_enable()
    sandbox.advance(24 * 3600 + 1)
    with pytest.raises(InvalidRequestError, match="No two-factor secret is waiting"):
        profile.tfa_enable_confirm(code_at(begun.secret, sandbox.world.now))


# -- all of it -------------------------------------------------------------------------------------------------------


def test_every_operation(sandbox):
    """Every operation of images and of the profile is known."""
    from linode.sandbox.engine import routes

    ids = {"image": "private%2F1", "token_uuid": "none", "sharegroup": "1", "id": "1"}
    mine = [each for each in routes.routes() if each.path.split("/")[1] in ("images", "profile")]
    assert len(mine) >= 60
    for route in mine:
        path = route.path
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path
        status, _ = raw(sandbox, route.method, path, {} if route.method in ("POST", "PUT") else None)
        assert status in (200, 204, 400, 404), (route.method, path, status)
        known = route.behaviour is not None or route.operation in ("get", "update", "delete") or route.own_list
        assert known, (route.method, path)


@pytest.mark.parametrize(
    ("given", "granted"),
    [
        (OAuthScopes.Linodes.read_only, "linodes:read_only"),
        ([OAuthScopes.Linodes.read_only, "domains:read_write"], "linodes:read_only domains:read_write"),
        (OAuthScopes(["linodes:*"]), "linodes:*"),
        (OAuthScopes.all, "*"),
        ("linodes:read_only,images:read_only", "linodes:read_only images:read_only"),
    ],
)
def test_a_token_takes_scopes_in_every_form(profile, given, granted):
    assert profile.create_token(scopes=given).scopes == granted
