"""The contents of a data file: every answered change and no refused one, however the sandbox ends."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from concurrent_load import Ask, Load, adds_up, of_sandbox
from sandbox_process import Started, started

from linode.sandbox import Sandbox, SandboxError

SMALL = 300_000
"""Bytes that a file may have on a disk that is nearly full."""


@contextmanager
def of_server(server: Started) -> Iterator[Ask]:
    """Requests to *server*, by a connection for each thread."""
    local, opened = threading.local(), []

    def ask(method: str, path: str, body: Any) -> tuple[int, Any]:
        if not hasattr(local, "client"):
            headers = {"Authorization": f"Bearer {server.token}"}
            local.client = httpx2.Client(base_url=server.address, headers=headers, trust_env=False, timeout=30)
            opened.append(local.client)
        try:
            answer = local.client.request(method, path, json=body)
        except httpx2.TransportError as error:
            raise ConnectionError(str(error)) from error
        return answer.status_code, answer.json()

    yield ask
    for each in opened:
        each.close()


def checked(path: Path, load: Load) -> None:
    """The file is whole, and a sandbox with it has what *load* was answered."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with Sandbox(str(path)) as sandbox:
        load.holds(of_sandbox(sandbox))
        adds_up(sandbox, refused=load.refused)


def test_concurrent_writes_are_all_in_the_data_file(tmp_path):
    """Rows, IDs, addresses, events and indices agree while it runs, and after the file is opened again."""
    path = tmp_path / "world.db"
    with Sandbox(str(path), seed=1, step=0.01) as sandbox:
        load = Load(of_sandbox(sandbox), threads=20, requests=60)
        load.run()
        load.holds(of_sandbox(sandbox))
        adds_up(sandbox, refused=load.refused)
        assert load.statuses[200] > 800
        assert load.refused
        before = {kind: list(sandbox.world.read(kind)) for kind in ("Domain", "Volume", "Linode", "Event", "_Job")}
    with Sandbox(str(path), step=0) as again:
        assert {kind: list(again.world.read(kind)) for kind in before} == before
    checked(path, load)


def test_a_kill_under_load_loses_nothing_that_was_answered(tmp_path):
    path = tmp_path / "world.db"
    with started("--data", str(path), "--no-limits") as server, of_server(server) as ask:
        load = Load(ask, threads=8, requests=10_000)
        threads = load.run(wait=False)
        until = time.monotonic() + 30
        while load.statuses.total() < 150 and time.monotonic() < until:
            time.sleep(0.02)
        server.process.kill()
        for each in threads:
            each.join()
    assert load.statuses.total() >= 150
    assert load.unanswered | load.unsure, "it was killed between requests"
    checked(path, load)


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


def test_a_full_disk_refuses_what_it_cannot_keep(tmp_path):
    """Creations are refused from then on, reads are answered, and after a restart there is what was answered."""
    path = tmp_path / "world.db"
    with (
        started("--data", str(path), "--no-limits", stderr=subprocess.DEVNULL, preexec_fn=limited) as server,
        of_server(server) as ask,
    ):
        load = Load(ask, threads=4, requests=60)
        load.run()
        assert load.statuses[200] > 20
        assert load.statuses[500] > 20, load.statuses
        assert set(load.statuses) <= {200, 400, 500}
        load.holds(ask)
        assert ask("GET", "/v4/domains", None)[0] == 200
    checked(path, load)
    with started("--data", str(path)) as server, of_server(server) as ask:  # there is room again
        load.holds(ask)
        body = {"domain": "room.example.com", "type": "master", "soa_email": "a@b.com"}
        assert ask("POST", "/v4/domains", body)[0] == 200


def test_a_full_disk_is_named_with_its_cure_and_room_on_it_is_used_at_once(tmp_path):
    """Refused changes are not in the file, and those answered before and afterwards are."""
    path = tmp_path / "world.db"
    zone = {"type": "master", "soa_email": "a@b.com"}
    with Sandbox(str(path)) as sandbox:
        ask, before, after = of_sandbox(sandbox), [], []
        database = sandbox.world._store._file._db
        (room,) = database.execute("PRAGMA max_page_count").fetchone()
        database.execute("PRAGMA max_page_count = 1")  # as many pages as there are
        with pytest.raises(SandboxError, match=r"world\.db.* full; make room on its disk, and try again"):  # noqa: PT012
            for at in range(500):
                before.append(f"d{at}.example.com")
                assert ask("POST", "/v4/domains", {**zone, "domain": before[-1]})[0] == 200
        refused = before.pop()
        assert ask("GET", "/v4/domains", None)[1]["results"] == len(before)
        database.execute(f"PRAGMA max_page_count = {room}")
        for name in ("after.example.com", refused):
            after.append(name)
            assert ask("POST", "/v4/domains", {**zone, "domain": name})[0] == 200
    with Sandbox(str(path)) as sandbox:
        assert [row["domain"] for row in sandbox.world.read("Domain")] == [*before, *after]


def test_a_second_sandbox_with_the_file_is_refused_until_the_first_has_ended(tmp_path):
    """The second sandbox changes nothing: the first one continues, and a killed one leaves no lock."""
    path = tmp_path / "world.db"
    with started("--data", str(path)) as first, of_server(first) as ask:
        load = Load(ask, threads=2, requests=30)
        threads = load.run(wait=False)
        for _ in range(3):
            with pytest.raises(SandboxError, match=r"world\.db.*another sandbox has it open"):
                Sandbox(str(path))
        for each in threads:
            each.join()
        load.holds(ask)
        first.process.kill()
        first.process.wait()
    checked(path, load)


def test_the_checks_find_what_is_lost_and_what_came_back() -> None:
    with Sandbox(seed=1) as sandbox:
        load = Load(of_sandbox(sandbox), threads=1, requests=60)
        load.run()
        load.holds(of_sandbox(sandbox))
        path = next(path for path in load.there if "domains" in path)
        spoil: dict[str, Callable[[], Any]] = {
            "lost": lambda: of_sandbox(sandbox)("DELETE", path, None),
            "changed": lambda: load.there[path].update(tags=["other"]),
        }
        spoil["changed"]()
        with pytest.raises(AssertionError):
            load.holds(of_sandbox(sandbox))
        spoil["lost"]()
        with pytest.raises(AssertionError):
            load.holds(of_sandbox(sandbox))
        adds_up(sandbox, refused=set())
        with pytest.raises(AssertionError):
            adds_up(sandbox, refused={row["label"] for row in sandbox.world.read("Volume")} | {"t0-0"})
