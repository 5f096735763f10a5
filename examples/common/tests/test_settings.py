"""Messages of the applications about invalid environment variables."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent.parent


def begin(folder, name, *arguments, **variables):
    """Start an application that is not going to run; its status and what it says."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(EXAMPLES),
        "DATA_DIR": str(folder / "data"),
        **variables,
    }
    command = [sys.executable, "-W", "error", "-m", name, *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("name", ["install_on_linode", "reseller"])
def test_every_wrong_variable_is_named(tmp_path, name):
    """All that is wrong is said at once, a line a variable, without what secrets hold and without a traceback."""
    wrong = {
        "SECRET_KEY": "hunter2",
        "PORT": "many",
        "PUBLIC_URL": "http://shop.example.com",
        "DATABASE_URL": "mysql://x",
        "STACKSCRIPT": "/nowhere",
        "REDIS_URL": "queue:6379",
        "LINODE_API_URL": "api.linode.com",
        {"reseller": "LIMIT_LOG_IN", "install_on_linode": "LIMIT_INSTALLS"}[name]: "often",
    }
    status, said = begin(tmp_path, name, **wrong)
    assert status == 2
    assert sorted(re.findall(r"^  (\w+): .+", said, re.MULTILINE)) == sorted(wrong)
    assert "hunter2" not in said
    assert "Traceback" not in said
    assert not (tmp_path / "data").exists()


def test_a_secret_key_is_needed_for_what_is_real(tmp_path):
    """Against Linode there is no key of convenience: the message gives one to take."""
    status, said = begin(tmp_path, "install_on_linode", LINODE_CLIENT_ID="a" * 20)
    assert status != 0
    assert re.search(r"SECRET_KEY: .*[\w-]{43}", said)
    assert "Traceback" not in said


def test_a_part_that_there_is_not(tmp_path):
    """A wrong argument is answered with the right ones; halves cannot share an embedded sandbox."""
    assert "usage" in begin(tmp_path, "install_on_linode", "everything")[1]
    for name, cure in {"install_on_linode": "LINODE_CLIENT_ID", "reseller": "LINODE_TOKEN"}.items():
        assert re.search(f"cannot share a sandbox.* set {cure}", begin(tmp_path, name, "worker")[1])


@pytest.mark.parametrize("wrong", [{"REDIS_URL": "redis://127.0.0.1:1"}, {"DATABASE_URL": "postgresql://127.0.0.1:1"}])
def test_a_server_that_does_not_answer(tmp_path, wrong):
    """A database or a broker that cannot be reached is named, without a traceback."""
    status, said = begin(tmp_path, "install_on_linode", **wrong)
    assert status != 0
    assert next(iter(wrong)) in said
    assert "Traceback" not in said


def test_a_key_that_was_not_written(tmp_path):
    """A key of convenience that a process has died over is made anew: there is never an empty one."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret_key").touch()
    begin(tmp_path, "install_on_linode", REDIS_URL="redis://127.0.0.1:1")
    assert len((tmp_path / "data" / "secret_key").read_text()) >= 32
