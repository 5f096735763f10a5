"""Abuse by visitors, which the shop must prevent."""

from __future__ import annotations

import itertools
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, select, update

from reseller.models import Customer, LoggedIn, Order, State
from reseller.tests.shops import ANSWERS, OWNER, PASSWORD, text_of

POSTS = [
    "/",
    "/log-in",
    "/log-out",
    *(f"/server/{each}" for each in ("password", "reboot", "rebuild", "again", "give-up")),
]
POSTS += ["/owner/log-in"]


@pytest.fixture
def customer(here):
    """Somebody with a running server."""
    found = here.visitor()
    found.sign_up()
    here.work()
    found.sees()
    return found


def test_forged_forms(here, customer):
    """A form without a token, with a made-up one, or with one of another session does nothing, whatever its address."""
    thief = here.visitor()
    thief.get("/")
    before = [each for each in here.sandbox.requests if each.method != "GET"]
    for path, token in itertools.product(POSTS, ["", "forged", "20260101000000##0123", thief.token]):
        sent = {"sure": "y", **ANSWERS, "csrf_token": token}
        assert customer.post(path, **sent).status_code == 403, (path, token)
    assert "State running" in customer.sees()
    assert [each for each in here.sandbox.requests if each.method != "GET"] == before


def test_headers_and_cookies(here, customer):
    """Pages may not be framed, stored or scripted from elsewhere; the session's cookie cannot be read or stolen."""
    answer = customer.get("/server")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    cookie = here.visitor().client.get("/").headers["set-cookie"].lower()
    assert cookie.startswith("__host-session=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= {each.strip() for each in cookie.split(";")}
    assert not re.search(r"<script(?! src=)|<style| style=| on\w+=", answer.text)


def test_a_session_begins_anew(here, customer):
    """Logging in gives another session: one that somebody planted before is worth nothing."""
    visitor = here.visitor()
    visitor.get("/log-in")
    planted = visitor.session
    visitor.log_in(customer.email)
    assert visitor.session != planted
    assert "toys" in visitor.sees()
    visitor.session = planted
    assert visitor.get("/server").headers["location"] == "/log-in"


def test_nobody_is_enumerated(here, customer):
    """A wrong password and an unknown address get the same answer; a known address can be signed up with anew."""
    known, unknown = here.visitor(), here.visitor()
    answers = [known.log_in(customer.email, "not the password"), unknown.log_in("x@example.com", "not the password")]
    assert {each.status_code for each in answers} == {422}
    bodies = {re.sub(r'value="[^"]*"', "", each.text) for each in answers}
    assert len(bodies) == 1
    twin, again = here.visitor(), here.visitor()
    assert twin.sign_up(email=customer.email, password="another long password") != customer.number()
    assert "toys" in twin.sees()
    again.log_in(customer.email.upper(), "another long password")
    assert again.number() == twin.number()


def test_whoever_signs_up_again_is_who_they_were(here, customer):
    """With a customer's own address and password a sign-up opens the server that they have, and makes none."""
    again = here.visitor()
    assert again.sign_up(email=customer.email, name="other") == customer.number()
    here.work()
    assert len(here.sandbox.client().get_linodes()) == 1
    customer.post("/server/give-up", sure="y")
    here.work()
    assert here.visitor().log_in(customer.email).status_code == 422
    anew = here.visitor()
    assert anew.sign_up(email=customer.email) != customer.number()


def test_an_address_has_few_customers(here):
    """A fourth customer of one address is refused, so that a log-in verifies a bounded number of hashes."""
    for at in range(3):
        here.visitor().sign_up(email="ada@example.com", password=f"password number {at}")
    fourth = here.visitor()
    fourth.get("/")
    assert fourth.post("/", **{**ANSWERS, "password": "password number 4"}).status_code == 429
    for at in range(3):
        assert here.visitor().log_in("ada@example.com", f"password number {at}").status_code == 303


def test_a_session_ends_with_the_log_out(here, customer):
    """After the log-out a cookie that somebody kept opens nothing: neither the customer's pages nor the owner's."""
    kept = here.visitor()
    kept.session, kept.token = customer.session, customer.token
    assert "State running" in kept.sees()
    other = here.visitor()
    other.log_in(customer.email)
    customer.post("/log-out")
    assert kept.get("/server").headers["location"] == "/log-in"
    assert kept.post("/server/reboot").headers["location"] == "/log-in"
    assert "State running" in other.sees()
    owner = here.visitor()
    owner.get("/owner")
    owner.post("/owner/log-in", password=OWNER)
    assert "1 order, 1 Linode, $5.00 a month" in text_of(owner.get("/owner"))
    kept.session = owner.session
    owner.post("/log-out")
    assert "order" not in text_of(kept.get("/owner"))


def test_a_session_ends_by_itself(here, customer):
    """When its time is over, a session is none, and its row goes with the next log-in."""
    with here.shop.sessions() as db:
        db.execute(update(LoggedIn).values(ends=0.0))
        db.commit()
    assert customer.get("/server").headers["location"] == "/log-in"
    here.visitor().log_in(customer.email)
    with here.shop.sessions() as db:
        assert len(db.scalars(select(LoggedIn)).all()) == 1


def test_unknown_addresses_are_hashed_too(open_here):
    """An unknown address costs as many verifications as a known one."""
    verified = []

    class Counting(PasswordHasher):
        def verify(self, known, password):
            verified.append(known)
            return super().verify(known, password)

    here = open_here(hasher=Counting(time_cost=1, memory_cost=64))
    customer = here.visitor()
    customer.sign_up()
    costs = []
    for each in (customer.email, "x@example.com"):
        verified.clear()
        here.visitor().log_in(each, "not the password")
        costs.append(len(verified))
    assert costs == [3, 3]


def test_a_form_sent_twice(open_here, backend):
    """Whoever presses the button twice is one customer with one server, whose password opens; a thief gets nowhere."""
    here = open_here(**backend)
    visitors = [here.visitor() for _ in range(4)]
    visitors[0].get("/")
    for each in visitors:
        each.session, each.token = visitors[0].session, visitors[0].token
    with ThreadPoolExecutor() as together:
        list(together.map(lambda each: each.post("/", **ANSWERS), visitors))
    assert len({each.number() for each in visitors}) == 1
    here.work()
    assert len(here.sandbox.client().get_linodes()) == 1
    assert visitors[3].root_password() == here.heard.passwords[-1]
    thief = here.visitor()
    planted = here.visitor()
    planted.get("/")
    thief.session, thief.token = planted.session, planted.token
    answers = {**ANSWERS, "email": "eve@example.com"}
    planted.post("/", **answers)
    thief.post("/", **{**answers, "password": "a guess of the thief"})
    assert thief.get("/server").headers["location"] == "/log-in"


def test_brute_force(open_here):
    """Log-ins are limited for an address of either kind, the right password included; so is the owner's."""
    here = open_here(limit_log_in="3/minute")
    customer = here.visitor()
    customer.sign_up()
    visitor = here.visitor()
    assert [visitor.log_in(customer.email, "wrong").status_code for _ in range(3)] == [422] * 3
    answer = visitor.log_in(customer.email)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Too many attempts" in text_of(answer)
    visitor.get("/owner")
    assert visitor.post("/owner/log-in", password=OWNER).status_code == 429


def test_many_addresses_guess_no_faster(open_here):
    """The owner's password has one bound for all addresses together, beside that of each."""
    here = open_here(limit_owner="5/hour")

    def guess(at, password="a guess"):
        visitor = here.visitor(client=(f"192.0.2.{at}", 1))
        visitor.get("/owner")
        return visitor.post("/owner/log-in", password=password).status_code

    assert [guess(at) for at in range(7)] == [422] * 5 + [429] * 2
    assert guess(8, OWNER) == 429


def test_sign_ups_are_limited(open_here):
    """An address may sign up so often in an hour; what it types wrong does not count."""
    here = open_here(limit_sign_up="2/hour")
    for _ in range(2):
        visitor = here.visitor()
        visitor.get("/")
        assert visitor.post("/", **{**ANSWERS, "name": "No Name!"}).status_code == 422
        visitor.sign_up()
    visitor = here.visitor()
    visitor.get("/")
    assert visitor.post("/", **ANSWERS).status_code == 429


def test_buttons_are_limited(open_here):
    """A customer may press the buttons of a server so often in an hour."""
    here = open_here(limit_orders="2/hour")
    customer = here.visitor()
    customer.sign_up()
    here.work()
    customer.sees()
    answers = [customer.post("/server/reboot").status_code for _ in range(3)]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    "answers",
    [
        {"name": "<script>alert(1)</script>"},
        {"name": "toys\nrm -rf /"},
        {"name": "$(reboot)"},
        {"name": "x" * 32},
        {"name": "toys-"},
        {"region": "nowhere"},
        {"email": "no address"},
        {"password": "short"},
        {"password": "x" * 201},
    ],
)
def test_wrong_answers(here, answers):
    """Invalid forms are refused and shown again with the escaped input; no customer is created."""
    visitor = here.visitor()
    visitor.get("/")
    answer = visitor.post("/", **{**ANSWERS, **answers})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert "<script>alert" not in answer.text
    with here.shop.sessions() as db:
        assert db.scalars(select(Customer)).all() == []


@pytest.mark.parametrize("path", ["/", "/log-in", "/owner/log-in"])
def test_what_no_page_sends(here, path):
    """A file in the place of a word, or a NUL, is refused with a page, whatever the form."""
    visitor = here.visitor()
    visitor.get(path)
    assert visitor.post(path, **{**ANSWERS, "email": "ada\0@example.com"}).status_code == 400
    data = {"csrf_token": visitor.token}
    answer = visitor.client.post(path, data=data, files={"name": b"x", "password": b"x"}, headers=visitor._headers())
    assert (answer.status_code, "Bad Request" in answer.text) == (400, True)


def test_a_customer_of_another_database(here, customer):
    """A session whose customer is no longer in the database can sign up anew."""
    with here.shop.sessions() as db:
        for table in (LoggedIn, Order, Customer):
            db.execute(delete(table))
        db.commit()
    assert customer.get("/server").headers["location"] == "/log-in"
    customer.sign_up()


def test_what_customers_type_is_text(here):
    """An address made of HTML is shown to the owner as the characters that it is."""
    here.visitor().sign_up(email='"<script>alert(1)</script>"@example.com')
    owner = here.visitor()
    owner.get("/owner")
    owner.post("/owner/log-in", password=OWNER)
    seen = owner.get("/owner").text
    assert "<script>alert" not in seen
    assert "&lt;script&gt;alert" in seen


def test_pages_of_others(here, customer):
    """Without a session there is no server to see or to touch; a customer's session does not open the owner's page."""
    stranger = here.visitor()
    assert stranger.get("/server").headers["location"] == "/log-in"
    assert "order" not in text_of(customer.get("/owner"))
    stranger.get("/log-in")
    assert stranger.get("/server/live").headers["location"] == "/log-in"
    for path in ("/server/reboot", "/server/rebuild", "/server/give-up", "/server/password"):
        assert stranger.post(path, sure="y").headers["location"] == "/log-in"
    assert "State running" in customer.sees()


def test_the_root_password(here, customer):
    """The password is shown once, in the session that ordered the server.

    In another session a rebuild sets a new one.
    """
    elsewhere = here.visitor()
    elsewhere.log_in(customer.email)
    assert elsewhere.root_password() is None
    assert "only be shown in the session" in elsewhere.sees()
    assert customer.root_password() == here.heard.passwords[-1]
    assert customer.root_password() is None
    elsewhere.sees()
    elsewhere.post("/server/rebuild", sure="y")
    here.work()
    assert customer.root_password() is None
    assert elsewhere.root_password() == here.heard.passwords[-1]
    assert len(set(here.heard.passwords)) == 2


def test_without_a_tick_nothing_is_deleted(here, customer):
    """Giving up and rebuilding need the tick that says so."""
    for path in ("/server/give-up", "/server/rebuild"):
        customer.post(path)
    assert "State running" in customer.sees()


def test_nothing_secret_is_kept(here, customer, caplog):
    """The database and the log know neither the password of the customer nor that of root."""
    here.visitor().log_in(customer.email)
    with here.shop.sessions() as db:
        order = db.scalars(select(Order)).one()
        kept = repr([vars(order), vars(order.customer)])
    for secret in (PASSWORD, *here.heard.passwords, here.sandbox.token):
        assert secret not in kept
        assert secret not in caplog.text
    assert order.state == State.RUNNING


def test_hashes_are_renewed(open_here):
    """When the parameters grow, a customer's hash is made anew at the next log-in."""
    customer = open_here().visitor()
    customer.sign_up()
    grown = open_here(hasher=PasswordHasher(time_cost=2, memory_cost=128))
    hashes = []
    for _ in range(2):
        assert grown.visitor().log_in(customer.email).status_code == 303
        with grown.shop.sessions() as db:
            hashes.append(db.scalars(select(Customer)).one().password_hash)
    assert hashes[0].startswith("$argon2id$v=19$m=128,t=2")
    assert hashes[0] == hashes[1]


def test_paths_that_are_none(here):
    """An address that is none has a page, without a traceback."""
    answer = here.visitor().get("/server/../../etc/passwd")
    assert answer.status_code == 404
    assert "Page not found" in text_of(answer)
