"""Fixtures of the tests of both applications: a sandbox on a port, the application in a process, a browser, servers."""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import expect, sync_playwright

from linode.sandbox import Sandbox

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parent / "build" / "screenshots"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def free_port():
    """A port that nobody listens on, below those that the kernel gives to outgoing connections meanwhile."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as opened:
            try:
                opened.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def until(happens, seconds=60.0):
    """The result of *happens*, as soon as it is true."""
    end = time.monotonic() + seconds
    while not (found := happens()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)
    return found


# -- the API -----------------------------------------------------------------------------------------------------------


@dataclass
class Api:
    """A sandbox on a port: to be looked into, to be broken with faults, to be stopped."""

    sandbox: Sandbox
    address: str
    stop: object

    @property
    def url(self):
        return f"{self.address}/v4"

    def linodes(self):
        """All Linodes of the account, as the API shows them."""
        return list(self.sandbox.client().get_linodes())


@pytest.fixture
def api():
    """A fresh sandbox on a port, whose clock runs sixty times as fast."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(speed=60))
        port = stack.enter_context(ExitStack())
        yield Api(sandbox, port.enter_context(sandbox.serve()), port.close)


# -- the application ---------------------------------------------------------------------------------------------------


@dataclass
class Process:
    """``python -m name`` in a process of its own; its output is in a file."""

    command: list
    environment: dict
    log: Path
    url: str
    started: subprocess.Popen | None = None
    logged: str = field(default="", init=False)

    def start(self, ready=r"is ready"):
        before = self.output.count("is ready")
        with self.log.open("a") as log:
            self.started = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=log, cwd=self.log.parent
            )
        until(lambda: self.started.poll() is not None or len(re.findall(ready, self.output)) > before)
        assert self.started.poll() is None, self.output
        return self

    @property
    def output(self):
        return self.log.read_text() if self.log.exists() else ""

    def kill(self):
        """As the machine would that loses its power."""
        self.started.kill()
        self.started.wait()

    def stop(self):
        """As a person would with Ctrl-C; gives the status it ends with."""
        self.started.send_signal(signal.SIGINT)
        return self.started.wait(timeout=15)


@pytest.fixture
def launch(tmp_path):
    """Starts applications: ``launch("reseller", "web", DATABASE_URL=...)``; all are ended with the test."""
    running = []

    def launch(name, *arguments, start=True, log=None, **variables):
        port = variables.pop("PORT", None) or free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(HERE),
            "PYTHONWARNINGS": "error",
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(tmp_path / "data"),
            "SECRET_KEY": "k" * 43,
            "PORT": str(port),
            "PUBLIC_URL": f"http://localhost:{port}",
            **{key: str(value) for key, value in variables.items()},
        }
        command = [sys.executable, "-m", name, *arguments]
        file = tmp_path / (log or f"{name}-{'-'.join(arguments)}-{port}.log")
        process = Process(command, environment, file, environment["PUBLIC_URL"])
        running.append(process)
        return process.start() if start else process

    yield launch
    for process in running:
        if process.started is not None and process.started.poll() is None:
            process.kill()


# -- the browser -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of a process."""
    if not Path("/usr/bin/chromium").exists():
        pytest.fail("there is no /usr/bin/chromium; tools/debian installs it")
    expect.set_options(timeout=60_000)  # what takes long takes longer on a busy machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Opens pages, each of a visitor of their own: ``visit(phone=True, dark=True)``."""
    contexts = []

    def visit(*, phone=False, dark=False, **options):
        context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP, color_scheme="dark" if dark else "light", **options
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"an error in the page's script: {error}"))
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def shoot(request):
    """Keeps a picture of a page in build/screenshots: ``shoot(page, "sign-up")``."""
    folder = SCREENSHOTS / Path(request.node.path).parent.parent.name

    def shoot(page, name):
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return shoot


# -- other servers -----------------------------------------------------------------------------------------------------


@contextmanager
def server(command, ready, **options):
    """A server of the system's, until the end of the block."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options) as process:
        try:
            until(lambda: ready() or process.poll() is not None)
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            yield
        finally:
            process.send_signal(signal.SIGINT)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """The address of a PostgreSQL server of this test process."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda each: int(each.parent.name))
    assert programs, "there is no PostgreSQL; tools/debian installs it"
    place = Path(f"/tmp/postgresql-{secrets.token_hex(4)}")  # the path of its socket has to be short
    place.mkdir(mode=0o700)
    port = free_port()
    options = {}
    if os.getuid() == 0:  # it does not run as root
        user = pwd.getpwnam("postgres")
        os.chown(place, user.pw_uid, user.pw_gid)
        options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": place}
    made = [programs / "initdb", "--no-sync", "--auth=trust", "--username=test", "-D", place / "data"]
    subprocess.run(made, check=True, capture_output=True, **options)
    address = f"postgresql://test@127.0.0.1:{port}"
    settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": place, "fsync": "off"}
    told = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]

    def ready():
        try:
            psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    with server([programs / "postgres", "-D", place / "data", *told], ready, **options):
        yield address
    shutil.rmtree(place)


@pytest.fixture
def postgresql_url(postgresql):
    """A fresh database."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{postgresql}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def redis_server():
    """The address of a Redis server of this test process."""
    port = free_port()
    address = f"redis://127.0.0.1:{port}/0"
    command = ["/usr/bin/redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]

    def ready():
        try:
            with redis.Redis.from_url(address) as connection:
                return connection.ping()
        except redis.ConnectionError:
            return False

    with server(command, ready):
        yield address


@pytest.fixture
def redis_url(redis_server):
    """The URL of the Redis server, emptied."""
    with redis.Redis.from_url(redis_server) as connection:
        connection.flushall()
    return redis_server
