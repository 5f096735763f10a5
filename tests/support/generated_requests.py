"""Requests for any operation of the API, generated from the facts: valid ones, nearly valid ones and nonsense."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from facts import resolved

from linode.sandbox.core import schema
from linode.sandbox.core.world import World
from linode.sandbox.engine.routes import Route

__all__ = ["Caller"]

WORDS = ("data", "web-1", "eu-west", "us-east", "g6-nanode-1", "linode/debian12", "example.com", "10.0.0.0/24", "none")
NONSENSE = (None, True, -1, 0, 2**63, 1.5, "", "\0", "ä" * 300, [], [None], {}, {"id": None}, {"": {"": []}})
GOOD: dict[str, tuple[Any, ...]] = {
    "label": ("data-1", "web-2", "node-three"),
    "region": ("us-east", "us-sea", "us-iad"),
    "type": ("g6-nanode-1", "g6-standard-1", "master", "linode", "A", "inbound"),
    "image": ("linode/debian12", "linode/ubuntu24.04"),
    "root_pass": ("Correct-horse-7-battery",),
    "password": ("Correct-horse-7-battery",),
    "domain": ("example.com", "example.net", "example.org"),
    "soa_email": ("admin@example.com",),
    "email": ("ada@example.com",),
    "username": ("ada", "bob-1"),
    "redirect_uri": ("https://example.com/callback",),
    "ssh_key": ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@example.com",),
    "authorized_keys": ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl a@b",),
    "script": ("#!/bin/bash\necho",),
    "images": ("linode/debian12", "any/all"),
    "tags": ("core", "green"),
    "ports": ("22", "80,443", "8000-9000"),
    "address": ("192.168.128.10:80", "https://example.com", "auto", "198.51.100.7"),
    "name": ("www", "mail", "index.html", "Ada"),
    "target": ("198.51.100.7", "mail.example.com", "text"),
    "size": (1024, 20, 40, 3000),
    "ipv4": ("0.0.0.0/0", "10.0.4.0/24"),
    "ipv6": ("::/0",),
    "kernel": ("linode/latest-64bit", "linode/grub2"),
    "method": ("GET", "PUT"),
    "content_type": ("text/plain",),
    "certificate": ("-----BEGIN CERTIFICATE-----",),
    "private_key": ("-----BEGIN PRIVATE KEY-----",),
    "security_code": ("123",),
    "phone_number": ("5555555555",),
    "protocol": ("TCP", "ICMP", "http", "tcp"),
    "service_type": ("url", "tcp"),
    "slug": ("linode/migrate",),
    "range": ("auto", "/64", "/28", "10.0.0.96/28"),
    "ip_ranges": ("10.0.0.96/28",),
    "vpc": ("10.0.0.9", "10.0.0.10"),
    "nat_1_1": ("any",),
    "nat_1_1_address": ("auto",),
    "vlan_label": ("lan", "wan"),
}
"""Values that are likely to be valid for members of these names."""
ALIASES = {
    "source": "database",
    "entity": "linode",
    "subnet": "vpcsubnet",
    "config": "config",
    "nodebalancer": "node_balancer",
}
TIMES = ("2026-01-31T12:00:00", "2999-01-01T00:00:00", "yesterday")
MEMBER = re.compile(r"(?P<name>\w+?)s?(_ids?)?$")


class Caller:
    """Makes up requests to a world, by a seed; a member named like a class is often the ID of a row of it."""

    def __init__(self, world: World, seed: int, odd: float = 0.1) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.odd = odd
        self.classes = {schema.snake(cls.__name__): cls for cls in schema.resources()}

    def path(self, route: Route) -> str:
        """The path of *route* with IDs of rows, most of them there."""
        parents = schema.parents_of(route.cls) if route.cls is not None else {}
        values: dict[str, Any] = {}
        row = self._row(route.cls) if route.cls is not None and route.cls.id_key in _names(route.path) else None
        if row is not None and route.cls is not None:
            values[str(route.cls.id_key)] = self.world.id_of(row)
            values |= {name: row.get(f"_{name}", row.get(f"{name}_id")) for name in parents}
        for name in _names(route.path):
            if values.get(name) is None or self._is_odd():
                values[name] = self.random.choice((123, 124, 999, *WORDS))
        return "/".join(_segment(part, values) for part in route.path.split("/"))

    def body(self, fact: Mapping[str, Any]) -> Any:
        """A body for the operation of *fact*."""
        members = fact.get("request")
        if not isinstance(members, dict) or self.random.random() < self.odd / 3:
            return self.random.choice(({}, [], "text", {"extra": 1}, None))
        return self._object(members.get("properties", members) if "properties" in members else members)

    def _object(self, members: Mapping[str, Any]) -> dict[str, Any]:
        optional = self.random.choice((0.0, 0.15, 0.5))
        chosen = {
            name: fact
            for name, fact in members.items()
            if isinstance(fact, dict) and (fact.get("required") or self.random.random() < optional)
        }
        return {name: self.value(name, fact) for name, fact in chosen.items() if name != "*"}

    def value(self, name: str, fact: Mapping[str, Any], depth: int = 0) -> Any:
        """A value for the member *name*."""
        if self._is_odd():
            return self.random.choice(NONSENSE)
        fact = resolved(fact)
        if fact.get("nullable") and self.random.random() < 0.2:
            return None
        if fact.get("enum"):
            return self.random.choice(fact["enum"])
        kind = fact.get("type")
        if kind in ("array", "object"):
            return self._container(name, fact, depth)
        if name in GOOD and self.random.random() < 0.8:
            return self.random.choice(GOOD[name])
        return self._plain(name, fact)

    def _container(self, name: str, fact: Mapping[str, Any], depth: int) -> Any:
        if fact["type"] == "object":
            return self._object(fact.get("properties") or {}) if depth < 6 else {}
        return [self.value(name, fact.get("items") or {}, depth + 1) for _ in range(self.random.choice((0, 1, 1, 2)))]

    def _plain(self, name: str, fact: Mapping[str, Any]) -> Any:
        if fact.get("type") == "boolean":
            return self.random.random() < 0.5
        return self._number(name, fact) if fact.get("type") in ("integer", "number") else self._text(name, fact)

    def _number(self, name: str, fact: Mapping[str, Any]) -> Any:
        named = self._id_for(name)
        if named is not None:
            return named
        low, high = int(fact.get("min", 0)), int(fact.get("max", 60000))
        return self.random.randint(low, max(low, min(high, low + 60000)))

    def _text(self, name: str, fact: Mapping[str, Any]) -> str:
        named = self._id_for(name)
        if named is not None:
            return str(named)
        if fact.get("format") == "date-time":
            return self.random.choice(TIMES)
        text = self.random.choice((*WORDS, f"{name[:8]}-{self.random.randint(1, 99)}"))
        return text.ljust(int(fact.get("minLength", 0)), "x")

    def _id_for(self, name: str) -> Any:
        found = MEMBER.fullmatch(name)
        row = self._row(self.classes.get(ALIASES.get(found["name"], found["name"]))) if found else None
        return None if row is None else self.world.id_of(row)

    def _row(self, cls: Any) -> dict[str, Any] | None:
        rows = self.world.read(cls) if cls is not None else []
        return self.random.choice(rows) if rows else None

    def _is_odd(self) -> bool:
        return self.random.random() < self.odd


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _segment(part: str, values: Mapping[str, Any]) -> str:
    return str(values[part[1:-1]]).replace("/", "%2F") if part.startswith("{") else part
