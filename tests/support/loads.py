"""Many threads that create, change, delete and read at the same time, and what must be there afterwards."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from linode._http.transport import Request
from linode.sandbox import Sandbox

__all__ = ["Load", "adds_up", "of_sandbox"]

Ask = Callable[[str, str, Any], tuple[int, Any]]
"""Sends a method, a path and a body; returns the status and the JSON. Raises OSError if there is no answer."""
DEBIAN = {
    "region": "us-east",
    "type": "g6-nanode-1",
    "image": "linode/debian12",
    "root_pass": "Correct-horse-7-battery",
}


def of_sandbox(sandbox: Sandbox) -> Ask:
    """Requests to *sandbox* in this process."""
    headers = {"Authorization": f"Bearer {sandbox.token}"}

    def ask(method: str, path: str, body: Any) -> tuple[int, Any]:
        content = None if body is None else json.dumps(body).encode()
        answer = sandbox.transport().send(Request(method, f"http://sandbox{path}", headers, content), None)
        return answer.status, json.loads(answer.content)

    return ask


class Load:
    """*threads* that each send *requests* of several kinds with *ask*, and the record of what was answered."""

    def __init__(self, ask: Ask, threads: int, requests: int) -> None:
        self._ask, self._threads, self._requests = ask, threads, requests
        self._lock = threading.Lock()
        self.there: dict[str, dict[str, Any]] = {}
        """The paths of the objects that must be there, with the members that must have these values."""
        self.gone: set[str] = set()
        self.unsure: set[str] = set()
        """The paths about which a request had no answer."""
        self.refused: set[str] = set()
        """The labels of objects whose creation was refused."""
        self.unanswered: set[str] = set()
        """The labels of objects whose creation had no answer."""
        self.statuses: Counter[int] = Counter()
        self.errors: list[BaseException] = []
        self.stop = threading.Event()

    def run(self, *, wait: bool = True) -> list[threading.Thread]:
        """Start the threads, and wait for them."""
        threads = [threading.Thread(target=self._run, args=(at,), daemon=True) for at in range(self._threads)]
        for each in threads:
            each.start()
        for each in threads if wait else ():
            each.join()
        return threads

    def _run(self, number: int) -> None:
        chance, own = random.Random(number), []
        try:
            for at in range(self._requests):
                if self.stop.is_set():
                    return
                self._one(chance, f"t{number}-{at}", own)
        except OSError:
            return  # the server is gone
        except BaseException as error:  # noqa: BLE001  the test shows it
            self.errors.append(error)

    def _one(self, chance: random.Random, name: str, own: list[str]) -> None:
        kind = chance.random()
        if kind < 0.3 or not own:
            self._create(
                "/v4/domains", name, {"domain": f"{name}.example.com", "type": "master", "soa_email": "a@b.com"}, own
            )
        elif kind < 0.36:
            self._create("/v4/volumes", name, {"label": name, "size": 20, "region": "us-east"}, own)
        elif kind < 0.42:
            self._create("/v4/linode/instances", name, {**DEBIAN, "label": name}, own)
        elif kind < 0.5:
            self._create("/v4/domains", name, {"domain": f"{name}.example.com", "type": "half"}, own)
        elif kind < 0.7:
            self._change(chance.choice(own), name)
        elif kind < 0.8:
            self._delete(own.pop(chance.randrange(len(own))))
        elif kind < 0.9:
            self.statuses[self._ask("GET", chance.choice(own), None)[0]] += 1
        else:
            self.statuses[self._ask("GET", "/v4/domains?page_size=25", None)[0]] += 1

    def _create(self, path: str, name: str, body: Any, own: list[str]) -> None:
        with self._lock:
            self.unanswered.add(name)
        status, answer = self._ask("POST", path, body)
        with self._lock:
            self.unanswered.discard(name)
            self.statuses[status] += 1
            if status == 200:
                own.append(f"{path}/{answer['id']}")
                self.there[own[-1]] = {"id": answer["id"]}
            else:
                self.refused.add(name)

    def _change(self, path: str, name: str) -> None:
        with self._lock:
            self.unsure.add(path)
        status, _ = self._ask("PUT", path, {"tags": [name]})
        with self._lock:
            self.unsure.discard(path)
            self.statuses[status] += 1
            if status == 200:
                self.there[path]["tags"] = [name]

    def _delete(self, path: str) -> None:
        with self._lock:
            self.unsure.add(path)
        status, _ = self._ask("DELETE", path, None)
        with self._lock:
            self.unsure.discard(path)
            self.statuses[status] += 1
            if status == 200:
                del self.there[path]
                self.gone.add(path)

    def holds(self, ask: Ask) -> None:
        """Check that what was answered is so, seen with *ask*, and that nothing that was refused is there."""
        assert not self.errors, self.errors[0]
        labels = set()
        for path, members in self.there.items():
            if path not in self.unsure:
                status, row = ask("GET", path, None)
                assert status == 200, path
                assert {name: row[name] for name in members} == members, path
                labels.add(row.get("domain", row.get("label")).removesuffix(".example.com"))
        assert not labels & self.refused
        for path in self.gone - self.unsure:
            assert ask("GET", path, None)[0] == 404, path


def adds_up(sandbox: Sandbox, *, refused: set[str]) -> None:
    """Check that the rows of *sandbox* agree with each other, with the indices and with what was *refused*."""
    world = sandbox.world
    for kind in ("Domain", "Volume", "Linode"):
        rows = list(world.read(kind))
        name = "domain" if kind == "Domain" else "label"
        labels = [row[name].removesuffix(".example.com") for row in rows]
        assert len(labels) == len(set(labels)), f"two {kind}s have a label"
        assert not refused & set(labels)
        counter = world.find("_Counter", kind)
        assert counter is None or all(row["id"] < counter["next"] for row in rows)
        tagged: dict[str, list[int]] = {}
        for row in rows:
            for tag in row["tags"]:
                tagged.setdefault(tag, []).append(row["id"])
        for tag, ids in tagged.items():
            assert [row["id"] for row in world.read(kind).where({"tags": tag})] == ids
    linodes = {row["id"] for row in world.read("Linode")}
    addresses = [address for row in world.read("Linode") for address in row["ipv4"]]
    assert len(addresses) == len(set(addresses))
    assert {row["linode_id"] for row in world.read("IPAddress")} <= linodes | {None}
    assert {row["_linode"] for row in world.read("Disk")} <= linodes
    events = [row["id"] for row in world.read("Event")]
    assert len(events) == len(set(events))
    created = Counter(row["entity"]["id"] for row in world.read("Event") if row["action"] == "domain_create")
    assert set(created.values()) <= {1}
    assert {row["id"] for row in world.read("Domain")} <= set(created)
