"""A name server that serves the domains of a sandbox, as Linode's name servers serve those of its accounts.

It reads the records with the API when it is asked, and answers SOA, TXT and nothing else, over UDP.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

__all__ = ["name_server"]

SOA, TXT = 6, 16
AUTHORITATIVE, NO_SUCH_NAME = 0x8400, 0x0003


def _encoded(name: str) -> bytes:
    return b"".join(bytes([len(each)]) + each.encode() for each in name.split(".")) + b"\0"


def _question(message: bytes) -> tuple[str, int, bytes]:
    """The name and the type that are asked for, and the question as it stands in the *message*."""
    at, labels = 12, []
    while length := message[at]:
        labels.append(message[at + 1 : at + 1 + length].decode().lower())
        at += length + 1
    (kind,) = struct.unpack(">H", message[at + 1 : at + 3])
    return ".".join(labels), kind, message[12 : at + 5]


class _Server(socketserver.ThreadingUDPServer):
    daemon_threads = True

    def __init__(self, api: httpx2.Client) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api

    def listed(self, path: str) -> list[Any]:
        found: list[Any] = self.api.get(path).raise_for_status().json()["data"]
        return found

    def answers(self, name: str, kind: int) -> list[bytes] | None:
        """The data of the records of that *name* and *kind*; None where no domain has the name."""
        for domain in self.listed("/v4/domains"):
            zone = domain["domain"].lower()
            if name == zone or name.endswith(f".{zone}"):
                if kind == SOA and name == zone:
                    return [_encoded("ns1.linode.com") + _encoded("admin.linode.com") + struct.pack(">5I", *[300] * 5)]
                inside = name.removesuffix(zone).rstrip(".")
                records = self.listed(f"/v4/domains/{domain['id']}/records")
                texts = [each["target"].encode() for each in records if (each["type"], each["name"]) == ("TXT", inside)]
                return [bytes([len(each)]) + each for each in texts] if kind == TXT else []
        return None


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        message, sender = self.request
        name, kind, question = _question(message)
        found = self.server.answers(name, kind)
        flags = AUTHORITATIVE | (NO_SUCH_NAME if found is None else 0)
        head = message[:2] + struct.pack(">5H", flags, 1, len(found or ()), 0, 0)
        body = b"".join(
            b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(data)) + data  # the name of the question
            for data in found or ()
        )
        sender.sendto(head + question + body, self.client_address)


@contextmanager
def name_server(address: str, token: str) -> Iterator[str]:
    """A server of the domains in the sandbox at *address*, until the block ends: ``127.0.0.1:port``."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=address, headers=headers, trust_env=False) as api, _Server(api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
