"""The command `linode-sandbox`: its help, the lines for programs and for persons, and HTTPS."""

from __future__ import annotations

import os
import pty
import re
import shlex
import signal
import stat
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from sandbox_process import served, started

from linode import LinodeClient
from linode.sandbox import command_line
from linode.sandbox.__main__ import main
from linode.sandbox.gateways.clients import snippets_for

PAGE = Path(__file__).parent.parent.parent / "docs" / "clients.md"


def examples():
    return re.findall(r"^  (linode-sandbox.*?)(?:  |$)", command_line.EXAMPLES, re.MULTILINE)


def test_the_examples_of_the_help_are_commands():
    assert len(examples()) > 4
    for example in examples():
        command_line.parser().parse_args(shlex.split(example)[1:])


def test_the_help_groups_its_options_and_names_every_path(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    for word in ("address:", "objects:", "clock:", "access:", "examples:", "paths:", "/sandbox/health", "/alpha/v4"):
        assert word in text
    assert all(len(line) <= 120 for line in text.splitlines())


def test_without_a_terminal_one_line_is_printed():
    """Without a terminal nothing but the line is printed."""
    with started(stderr=subprocess.PIPE) as sandbox:
        sandbox.process.send_signal(signal.SIGINT)
        assert (sandbox.process.stdout.read(), sandbox.process.stderr.read()) == ("", "")
        assert sandbox.process.wait() == 0


def test_a_person_at_a_terminal_gets_lines_to_paste():
    """They do what they promise: the first ones point a client of this library at the sandbox, that of curl works."""
    terminal, other_end = pty.openpty()
    with started("--host", "0.0.0.0", stderr=other_end) as sandbox:
        text = ""
        while "--help" not in text:
            text += os.read(terminal, 4096).decode().replace("\r", "")
        exports = "\n".join(line for line in text.splitlines() if line.startswith("export"))
        curl = next(line for line in text.splitlines() if line.startswith("curl"))
        ours = f"{sys.executable} -c 'from linode import LinodeClient; print(LinodeClient().get_linodes()[:])'"
        done = subprocess.run(
            f"{exports}\n{curl} --silent --show-error\n{ours}", shell=True, capture_output=True, text=True, check=True
        )
        assert done.stdout == '{"data":[],"page":1,"pages":1,"results":0}[]\n'
        assert text.count(sandbox.token) == 1
    os.close(terminal)
    os.close(other_end)


# -- HTTPS -------------------------------------------------------------------------------------------------------------


def test_https_with_a_certificate_of_the_run(tmp_path, monkeypatch):
    """Clients that trust the file are served, others are not; the file is deleted at the end, and has no key in it."""
    ca_file = tmp_path / "ca.pem"
    with started("--tls", str(ca_file)) as sandbox:
        assert sandbox.address.startswith("https://127.0.0.1:")
        assert sandbox.ca_file == str(ca_file)
        assert "PRIVATE KEY" not in ca_file.read_text()
        monkeypatch.setenv("LINODE_CA", sandbox.ca_file)
        with LinodeClient(sandbox.token, f"{sandbox.address}/v4") as client:
            assert client.create_domain("example.com", soa_email="a@example.com").domain == "example.com"
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(f"{sandbox.address}/v4/regions", trust_env=False)
        sandbox.process.send_signal(signal.SIGTERM)
        assert sandbox.process.wait() == 0
        assert list(tmp_path.iterdir()) == []


def test_without_a_name_the_file_is_in_a_private_folder():
    with started("--tls") as sandbox:
        folder = Path(sandbox.ca_file).parent
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert [each.name for each in folder.iterdir()] == ["ca.pem"]  # the keys are in memory
        sandbox.process.send_signal(signal.SIGINT)
        sandbox.process.wait()
        assert not folder.exists()


def test_the_pages_know_that_they_are_on_https():
    with served("--tls") as http:
        token = http.headers.pop("Authorization").removeprefix("Bearer ")
        assert f"{str(http.base_url).rstrip('/')}/v4/linode/instances" in http.get("/").text
        cookie = http.get("/", params={"token": token}).headers["set-cookie"]
        assert "; Secure" in cookie


@pytest.mark.parametrize("name", ["taken.pem", "missing/ca.pem"])
def test_a_file_that_cannot_be_made_is_named(tmp_path, name, capsys):
    (tmp_path / "taken.pem").write_text("mine")
    assert main(["--port", "0", "--tls", str(tmp_path / name)]) == 1
    assert str(tmp_path / name) in capsys.readouterr().err
    assert (tmp_path / "taken.pem").read_text() == "mine"


def test_without_trustme_the_remedy_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "trustme", None)
    assert main(["--port", "0", "--tls"]) == 1
    assert "--tls needs trustme: pip install trustme" in capsys.readouterr().err


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ca_file", [None, "ca.pem"])
def test_the_page_of_clients_has_the_lines_that_the_command_prints(ca_file):
    """docs/clients.md shows them for the default address, with and without HTTPS."""
    page = PAGE.read_text()
    address = "http://127.0.0.1:8080" if ca_file is None else "https://127.0.0.1:8080"
    shown = [line for each in snippets_for(address, "$TOKEN", ca_file) for line in each.text.splitlines()]
    assert [line for line in shown if line not in page] == []
