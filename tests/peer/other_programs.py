"""Other people's programs that the environments of Python clients do not hold: `make programs` installs and runs them.

Those without a setting of the address reach the sandbox through `as_linode`, a proxy: nothing of theirs is changed.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from linode_proxy import as_linode
from name_server import name_server
from sandbox_process import Started, started

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PEER, TOOLS = (ROOT / f".venv-{each}" / "bin" for each in ("peer", "peer-tools"))
OPTIONS = ("--speed", "200")


@pytest.fixture
def sandbox():
    """A sandbox that serves."""
    with started(*OPTIONS) as serving:
        yield serving


@pytest.fixture
def api(sandbox):
    """A client of the sandbox below all others."""
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    with httpx2.Client(base_url=sandbox.address, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def home(tmp_path, sandbox):
    """The environment of a program that takes the sandbox for Linode; its home is the test's folder."""
    with as_linode(sandbox.address, tmp_path, "localhost", "127.0.0.1") as proxied:
        tokens = dict.fromkeys(("LINODE_TOKEN", "LINODE_ACCESS_TOKEN"), sandbox.token)
        own = {"HOME": str(tmp_path), "TLDEXTRACT_CACHE_PATH": str(tmp_path / "suffixes")}
        kept = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
        yield {**kept, **proxied, **tokens, **own}


def run(*command: str | Path, **options: Any) -> str:
    """The output of *command*, which must succeed."""
    words = [str(each) for each in command]
    if shutil.which(words[0]) is None:
        pytest.fail(f"{words[0]} is not there; `make programs` installs it")
    said = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False, **options)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


def test_the_javascript_client_does_its_work(tmp_path):
    """All families; every answer is of the type that the client declares, or the difference is judged."""
    sandbox: Started
    with started(*OPTIONS) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.token}"}
        child = {"accounts": [{"company": "Kid", "child": True}]}
        httpx2.post(f"{sandbox.address}/sandbox/seed", json=child, headers=headers).raise_for_status()
        story = HERE / "javascript" / "story.mjs"
        told = run("node", story, sandbox.address, sandbox.token, cwd=tmp_path)
    assert "the story is told" in told


# -- certificates ----------------------------------------------------------------------------------------------------


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def authority(folder: Path, resolver: str) -> Iterator[str]:
    """A certificate authority that asks *resolver* for the records of challenges: the URL of its directory."""
    listens, manages = (f"127.0.0.1:{_free()}" for _ in range(2))
    certificate = str(folder / "localhost.pem")
    given = {"listenAddress": listens, "managementListenAddress": manages, "httpPort": 5002, "tlsPort": 5001}
    config = folder / "pebble.json"
    config.write_text(json.dumps({"pebble": {**given, "certificate": certificate, "privateKey": certificate}}))
    command = ["pebble", "-config", str(config), "-dnsserver", resolver]
    options: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env={**os.environ, "PEBBLE_VA_NOSLEEP": "1"}, **options) as process:
        try:
            assert any("ACME directory" in line for line in process.stdout or ())
            yield f"https://{listens}/dir"
        finally:
            process.kill()


def test_certbot_gets_a_certificate_for_the_names_of_a_domain(sandbox, api, home, tmp_path):
    """An authority, pebble, finds the records of the challenges that certbot-dns-linode puts into the domain."""
    made = api.post("/v4/domains", json={"domain": "example.org", "type": "master", "soa_email": "a@example.org"})
    records = f"/v4/domains/{made.json()['id']}/records"
    secret = tmp_path / "linode.ini"
    secret.write_text(f"dns_linode_key = {sandbox.token}\n")
    secret.chmod(0o600)
    folders = [word for each in ("config", "work", "logs") for word in (f"--{each}-dir", tmp_path / each)]
    asked = ["certonly", "--non-interactive", "--agree-tos", "--email", "a@example.org", "--dns-linode"]
    asked += ["--dns-linode-credentials", str(secret), "--dns-linode-propagation-seconds", "1"]
    with name_server(sandbox.address, sandbox.token) as resolver, authority(tmp_path, resolver) as directory:
        names = ("-d", "*.example.org", "-d", "example.org", "-d", "www.example.org")
        run(PEER / "certbot", *asked, *folders, "--server", directory, *names, env=home)
    assert (tmp_path / "config" / "live" / "example.org" / "fullchain.pem").exists()
    assert api.get(records).json()["results"] == 0, "the records of the challenges are gone"


# -- tools -----------------------------------------------------------------------------------------------------------


def test_ansible_creates_lists_and_deletes_a_linode(api, home):
    """The module linode_v4 and the inventory of community.general."""
    home |= {"PATH": f"{TOOLS}:{home['PATH']}", "ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_LOCALHOST_UNPARSED": "0"}
    options = ("-i", "localhost,", "-c", "local", "-e", f"ansible_python_interpreter={TOOLS / 'python'}")
    run(TOOLS / "ansible-playbook", *options, HERE / "ansible" / "play.yml", env=home)
    assert api.get("/v4/linode/instances").json()["results"] == 0


def test_a_dynamic_address_is_written_into_a_domain(api, home):
    """linode-dynamic-dns creates a record, changes it, and deletes it."""
    made = api.post("/v4/domains", json={"domain": "example.org", "type": "master", "soa_email": "a@example.org"})
    records = f"/v4/domains/{made.json()['id']}/records"
    command = (TOOLS / "linode-dynamic-dns", "--dns-domain", "example.org", "--dns-hostname", "home", "--ipv6-disable")
    for address in ("192.0.2.1", "192.0.2.2"):
        run(*command, "--ipv4-address", address, env=home)
        assert [(each["type"], each["target"]) for each in api.get(records).json()["data"]] == [("A", address)]
    run(*command, "--ipv4-disable", env=home)
    assert api.get(records).json()["results"] == 0


def test_yesterdaypy_writes_what_the_account_has(api, home, tmp_path):
    """A file for each Linode, firewall, cluster and VPC, with what the API shows."""
    rules = {"inbound": [], "outbound": [], "inbound_policy": "DROP", "outbound_policy": "ACCEPT"}
    api.post("/v4/networking/firewalls", json={"label": "wall", "rules": rules}).raise_for_status()
    made = api.post("/v4/linode/instances", json={"type": "g6-nanode-1", "region": "us-sea", "label": "kept"}).json()
    run(TOOLS / "yesterdaypy", "--verbose", "--storage", tmp_path, env=home, cwd=tmp_path)
    (saved,) = (tmp_path / "linode").glob("*.json")
    assert json.loads(saved.read_text())["id"] == made["id"]
    assert len([*(tmp_path / "firewall").glob("*.json")]) == 1
