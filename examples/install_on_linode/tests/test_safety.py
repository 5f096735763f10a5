"""Safety of the pages: no leaks, no forged forms, no floods, no needless details."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, select

from common.database import open_database
from install_on_linode.models import Install
from install_on_linode.settings import HERE
from install_on_linode.tests.visitors import code_of, consent, text_of
from linode.sandbox import Fault

PLENTY = httpx2.Limits(max_connections=100)


def test_the_headers_of_every_answer(site):
    """Pages, errors, streams and files have the headers, and the cookie its attributes; nothing inline may run."""
    visitor = site.visitor()
    for path in ("/", "/nothing", "/static/style.css", "/callback", "/installs/x/live"):
        answer = visitor.get(path)
        assert "script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert ("no-store" in answer.headers["cache-control"]) == (not path.startswith("/static/"))
        assert not re.search(r"<script>|<style| style=| on\w+=", answer.text)
    cookie = site.visitor().get("/").headers["set-cookie"].lower()
    assert cookie.startswith("__host-session=")
    for each in ("secure", "httponly", "samesite=lax", "path=/"):
        assert each in cookie


def test_a_post_needs_the_token_of_its_session(site):
    """Without the CSRF token, or with that of another session, nothing is begun and nothing is shown."""
    visitor, other = site.visitor(), site.visitor()
    where = visitor.install()
    site.work()
    other.get("/")
    for token in ("", "made up", other.token):
        for path in ("/", f"{where}/password"):
            answer = visitor.post(path, name="x", csrf_token=token)
            assert (answer.status_code, "out of date" in answer.text) == (403, True)
    assert site.install().shown is None


def test_an_install_is_its_browsers_alone(site):
    """Another browser that knows the address sees neither the page, nor the stream, nor the password."""
    where = site.visitor().install()
    site.work()
    other = site.visitor()
    other.get("/")
    assert [other.get(where).status_code, other.get(f"{where}/live").status_code] == [404, 404]
    assert other.post(f"{where}/password").status_code == 404


def test_what_is_typed_is_escaped(site):
    """A name full of HTML is refused, and shown as the text that it is."""
    visitor = site.visitor()
    visitor.get("/")
    chosen = {"plan": "g6-nanode-1", "region": "us-east", "image": "linode/debian12"}
    answer = visitor.post("/", name='"><script>alert(1)</script>', **chosen)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize("field", ["plan", "region", "image"])
def test_only_what_is_offered_can_be_chosen(site, field):
    """A plan, region or image that is not in the lists is refused."""
    visitor = site.visitor()
    visitor.get("/")
    chosen = {"name": "hello", "plan": "g6-nanode-1", "region": "us-east", "image": "linode/debian12", field: "made-up"}
    assert visitor.post("/", **chosen).status_code == 422


def test_too_many_installs(open_site):
    """Too many requests are refused with 429 and a page that names the time of the next attempt."""
    site = open_site(limit_installs="2/hour")
    visitor = site.visitor()
    visitor.press()
    visitor.press()
    visitor.get("/")
    answer = visitor.post("/", name="hello")
    assert (answer.status_code, "Too many attempts" in answer.text) == (429, True)
    assert 0 < int(answer.headers["retry-after"]) <= 3600


def test_many_who_follow(start):
    """Pages that follow an install hold no connection of the database: with fifty of them the others come at once."""
    site = start("web")
    with ExitStack() as stack:
        client = stack.enter_context(httpx2.Client(base_url=site.url, trust_env=False, timeout=5, limits=PLENTY))
        page = client.get("/")
        session = {"Cookie": page.headers["set-cookie"].partition(";")[0]}
        token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page.text)[1]
        chosen = {"name": "hello", "plan": "g6-nanode-1", "region": "us-east", "image": "linode/debian12"}
        client.post("/", data={"csrf_token": token, **chosen}, headers=session)
        sessions = open_database(f"sqlite:///{site.environment['DATA_DIR']}/app.db", HERE / "migrations")
        stack.callback(sessions.kw["bind"].dispose)
        with sessions() as db:
            where = f"/installs/{db.scalars(select(Install.id)).one()}"
        for _ in range(50):
            stream = stack.enter_context(client.stream("GET", f"{where}/live", headers=session))
            assert "hello" in next(line for line in stream.iter_lines() if "hello-" in line)
        assert [client.get(path, headers=session).status_code for path in ("/", where)] == [200, 200]


def test_too_long_a_form(site):
    """A form longer than any of ours is not read."""
    visitor = site.visitor()
    visitor.get("/")
    assert visitor.post("/", name="x" * 100_000).status_code == 413


def test_nothing_secret_stays(site, tmp_path, caplog):
    """After an install, neither code, token nor password is in any file or log; the token is ended."""
    caplog.set_level("DEBUG")
    visitor = site.visitor()
    back = consent(site.sandbox, visitor.press())
    secrets = [code_of(back)]
    site.sandbox.faults.append(Fault("POST", "/oauth/revoke", status=503))
    where = visitor.come_back(back)
    site.jobs.install.call_local(site.install().id)
    (token,) = site.tokens()
    assert site.sandbox.client(token["_secret"]).get_linodes().first() is not None
    secrets.append(token["_secret"])
    assert "is being given back" in text_of(visitor.get(where))
    site.work()
    with pytest.raises(Exception, match="Invalid Token"):
        site.sandbox.client(secrets[1]).get_linodes().first()
    assert "was given back" in text_of(visitor.get(where))
    secrets.append(re.search(r'class="secret">([^<]+)<', visitor.post(f"{where}/password").text)[1])
    install = site.install()
    assert [install.code, install.verifier, install.token, install.password] == [None] * 4
    logged = "".join(each.getMessage() for each in caplog.records if each.name != "httpx2")  # that is the visitor's
    assert len(logged) > 500
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()) + logged.encode()
    assert [each for each in secrets if each.encode() in kept] == []


def test_the_password_is_shown_once(site):
    """A reload within a minute shows it again, and later nobody gets it; what was sealed is erased."""
    visitor = site.visitor()
    where = visitor.install()
    assert visitor.get(where).text.count("password") == 0
    assert visitor.post(f"{where}/password").status_code == 410
    site.work()
    first = visitor.post(f"{where}/password")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-store")
    assert visitor.post(f"{where}/password").text == first.text
    site.change(shown=datetime.now(UTC) - timedelta(minutes=2))
    assert visitor.post(f"{where}/password").status_code == 410
    site.jobs.tend.call_local()
    assert site.install().sealed is None
    assert "The password was shown" in text_of(visitor.get(where))


def test_the_migrations_make_what_the_models_say(site):
    """The tables that Alembic made are those of models.py."""
    models = MetaData()
    Install.__table__.to_metadata(models)  # alone: the other application's may be loaded, too
    with site.sessions() as db:
        assert compare_metadata(MigrationContext.configure(db.connection()), models) == []
