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
from linode.sandbox.core.meters import CHARGES

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


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@example.com"
LOCAL = {"placement_group_type": "anti_affinity:local", "placement_group_policy": "flexible"}
POOLS = [{"type": "g6-standard-1", "count": 1}]
OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "networking/firewalls": ("label", {"rules": {"inbound_policy": "DROP", "outbound_policy": "ACCEPT"}}),
    "nodebalancers": ("label", {"region": "us-east"}),
    "linode/stackscripts": ("label", {"script": "#!/bin/bash\necho", "images": ["any/all"]}),
    "placement/groups": ("label", {"region": "us-east", **LOCAL}),
    "databases/mysql/instances": ("label", {"region": "us-east", "type": "g6-nanode-1", "engine": "mysql/8"}),
    "lke/clusters": ("label", {"region": "us-east", "k8s_version": "1.33", "node_pools": POOLS}),
    "object-storage/buckets": ("label", {"region": "us-sea"}),
    "profile/sshkeys": ("label", {"ssh_key": KEY}),
    "profile/tokens": ("label", {}),
    "account/users": ("username", {"email": "ada@example.com", "restricted": True}),
    "account/oauth-clients": ("label", {"redirect_uri": "https://example.com/callback"}),
    "support/tickets": ("summary", {"description": "help"}),
    "images/sharegroups": ("label", {}),
}
"""Kinds of objects by their paths below a version, with the member that names them and the others of a body."""
TAGGED = ("/domains", "/volumes", "linode/instances", "/firewalls", "/nodebalancers", "/clusters")
"""The ends of the paths of objects with tags; others are read instead of changed."""
NAMES = ("domain", "label", "username", "summary")
"""The members that name an object."""
KEPT = ("/tickets",)
"""The actions of objects that cannot be deleted."""


def _path_of(path: str, answer: Any) -> str:
    """The path of the object in the *answer* to its creation at *path*."""
    if path.endswith("buckets"):
        return f"{path}/{answer['region']}/{answer['label']}"
    return f"{path}/{next(answer[name] for name in ('id', 'username', 'label') if name in answer)}"


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
        if kind < 0.25 or not own:
            self._create(
                "/v4/domains", name, {"domain": f"{name}.example.com", "type": "master", "soa_email": "a@b.com"}, own
            )
        elif kind < 0.31:
            self._create("/v4/volumes", name, {"label": name, "size": 20, "region": "us-east"}, own)
        elif kind < 0.37:
            self._create("/v4/linode/instances", name, {**DEBIAN, "label": name}, own)
        elif kind < 0.44:
            path = chance.choice(list(OTHERS))
            label, members = OTHERS[path]
            self._create(f"/v4beta/{path}", name, {**members, label: name}, own)
        elif kind < 0.5:
            self._create("/v4/domains", name, {"domain": f"{name}.example.com", "type": "half"}, own)
        elif kind < 0.7:
            self._change(chance.choice(own), name)
        elif kind < 0.8:
            self._delete(chance.choice(own), own)
        elif kind < 0.9:
            self._read(chance.choice(own))
        else:
            self._read("/v4/domains?page_size=25")

    def _read(self, path: str) -> None:
        status, _ = self._ask("GET", path, None)
        with self._lock:
            self.statuses[status] += 1

    def _create(self, path: str, name: str, body: Any, own: list[str]) -> None:
        with self._lock:
            self.unanswered.add(name)
        status, answer = self._ask("POST", path, body)
        with self._lock:
            self.unanswered.discard(name)
            self.statuses[status] += 1
            if status == 200:
                own.append(_path_of(path, answer))
                self.there[own[-1]] = {name: answer[name] for name in ("id", *NAMES) if name in answer}
            else:
                self.refused.add(name)

    def _change(self, path: str, name: str) -> None:
        if not path.rpartition("/")[0].endswith(TAGGED):
            self._read(path)
            return
        with self._lock:
            self.unsure.add(path)
        status, _ = self._ask("PUT", path, {"tags": [name]})
        with self._lock:
            self.unsure.discard(path)
            self.statuses[status] += 1
            if status == 200:
                self.there[path]["tags"] = [name]

    def _delete(self, path: str, own: list[str]) -> None:
        if path.rpartition("/")[0].endswith(KEPT):
            return
        own.remove(path)
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
                labels.add(next(row[name] for name in NAMES if name in row).removesuffix(".example.com"))
        assert not labels & self.refused
        for path in self.gone - self.unsure:
            assert ask("GET", path, None)[0] == 404, path


def adds_up(sandbox: Sandbox, *, refused: set[str]) -> None:
    """Check that the rows of *sandbox* agree with each other, with the indices and with what was *refused*."""
    world = sandbox.world
    for kind in ("Domain", "Volume", "Linode", "Firewall", "NodeBalancer", "LKECluster"):
        rows = [row for row in world.read(kind) if not row.get("lke_cluster_id")]
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
    for table, charges in CHARGES.items():
        running = Counter((each["entity"], each["service"]) for each in world.read("_Meter", running=True))
        owed = {(f"{table}/{row['_key']}", each.service) for row in world.read(table) for each in charges(world, row)}
        assert {each: count for each, count in running.items() if each[0].startswith(f"{table}/")} == dict.fromkeys(
            owed, 1
        )
    for table, owner in (("LKENodePool", "LKECluster"), ("FirewallDevice", "Firewall"), ("Config", "Linode")):
        for row in world.read(table):
            assert world.parent(row)["_kind"] == owner
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
