"""Visitors, and shops as processes, for the tests."""

from __future__ import annotations

import html
import json
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
from sqlalchemy import select

from common.database import open_database
from conftest import Process
from reseller.models import Order
from reseller.settings import HERE

PASSWORD = "correct horse battery staple"
ANSWERS = {"name": "toys", "region": "us-east", "email": "ada@example.com", "password": PASSWORD}
OWNER = "owner of the shop"
PLENTY = "100000/minute"


class Visitor:
    """A browser without scripts: it keeps its session, and sends forms with the token that the page gave it."""

    def __init__(self, client):
        self.client = client
        self.session = None
        self.token = None
        self.email = None

    def get(self, path):
        return self._answer(self.client.get(path, headers=self._headers(), follow_redirects=False))

    def post(self, path, **fields):
        fields.setdefault("csrf_token", self.token or "")
        return self._answer(self.client.post(path, data=fields, headers=self._headers(), follow_redirects=False))

    def sign_up(self, **answers):
        """Sign up, with an e-mail address of one's own unless one is given; returns the customer number."""
        self.get("/")
        self.email = answers.setdefault("email", f"{secrets.token_hex(6)}@example.com")
        answer = self.post("/", **{**ANSWERS, **answers})
        assert answer.status_code == 303, text_of(answer)
        return self.number()

    def number(self):
        return re.search(r'class="numeral">([\d ]+)<', self.get("/server").text)[1].replace(" ", "")

    def log_in(self, email, password=PASSWORD):
        self.get("/log-in")
        return self.post("/log-in", email=email, password=password)

    def sees(self):
        """The visible text of the server's page."""
        return text_of(self.get("/server"))

    def root_password(self):
        """The password that the button shows; None when it shows none."""
        self.get("/server")
        found = re.search(r'id="password">([^<]+)<', self.post("/server/password").text)
        return found and html.unescape(found[1])

    def _headers(self):
        return {"Cookie": f"__Host-session={self.session}"} if self.session else {}

    def _answer(self, answer):
        for cookie in answer.headers.get_list("set-cookie"):
            self.session = re.match(r"__Host-session=([^;]*)", cookie)[1]
        if found := re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', answer.text):
            self.token = found[1]
        return answer


class Heard:
    """The way to the sandbox, listened to: what passwords, and answers to StackScripts, were sent."""

    parallel = False

    def __init__(self, way):
        self.way = way
        self.passwords, self.answers = [], []
        self.sleep, self.now, self.close = way.sleep, way.now, way.close

    def send(self, request, timeout):
        body = json.loads(request.content or "{}")
        if "root_pass" in body:
            self.passwords.append(body["root_pass"])
            self.answers.append(body["stackscript_data"])
        return self.way.send(request, timeout)


class Processes:
    """The shop as processes of their own: ``web`` and ``workers``, over a sandbox on a port."""

    def __init__(self, stack, launch, api, backend, workers=1):
        self.stack = stack
        self.api = api
        self.settings = {
            "LINODE_TOKEN": api.sandbox.token,
            "LINODE_API_URL": api.url,
            "OWNER_PASSWORD": OWNER,
            "CLAIM_SECONDS": 2,
            **{f"LIMIT_{each}": PLENTY for each in ("SIGN_UP", "LOG_IN", "ORDERS")},
            **{name.upper(): value for name, value in backend.items()},
        }
        self.web = launch("reseller", "web", start=False, **self.settings)
        self.workers = [
            launch("reseller", "worker", log=f"worker-{at}.log", start=False, **self.settings) for at in range(workers)
        ]
        self.worker = self.workers[0]
        with ThreadPoolExecutor() as together:
            list(together.map(Process.start, [self.web, *self.workers]))

    def visitor(self):
        return Visitor(self.stack.enter_context(httpx2.Client(base_url=self.web.url, timeout=30, trust_env=False)))

    def orders(self):
        """The state of each order in the database, by label."""
        folder = self.web.environment["DATA_DIR"]
        sessions = open_database(self.settings.get("DATABASE_URL") or f"sqlite:///{folder}/app.db", HERE / "migrations")
        with sessions() as db:
            found = {label: state for label, state in db.execute(select(Order.label, Order.state))}  # noqa: C416 - rows, not pairs
        sessions.kw["bind"].dispose()
        return found

    def labels(self):
        return [each.label for each in self.api.linodes()]


def to_the_middle_of_a_month(sandbox):
    """Let time go by until no month can end within a few days: its traffic begins anew with each."""
    days = (15 - datetime.fromtimestamp(sandbox.world.now, UTC).day) % 31
    sandbox.advance(days * 86400)


def text_of(answer):
    """The words of a page."""
    main = answer.text.partition("<main>")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
