"""One Linode of a sandbox, read again and again: through the gateway, through a client, and over a socket."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from measuring import main

from linode import Linode, LinodeClient
from linode._http.transport import Request
from linode.sandbox import Sandbox

READS = 10_000
PATH = "/v4/linode/instances/{}"


def furnished(client: LinodeClient) -> int:
    """The ID of a Linode that is there to be read."""
    linode, _password = client.create_linode("g6-nanode-1", "us-east", label="web-1", image="linode/debian12")
    return linode.id


def handled() -> None:
    sandbox = Sandbox(seed=1)
    path = PATH.format(furnished(sandbox.client()))
    headers = {"Authorization": f"Bearer {sandbox.token}"}

    def read() -> None:
        if sandbox.gateway.ask(Request("GET", f"http://sandbox{path}", headers, None)).response is None:
            sys.exit("no response")

    tell(read)


def loaded() -> None:
    client = Sandbox(seed=1).client()
    linode = Linode(client, furnished(client))
    tell(linode.load)


def socket_reads() -> None:
    command = [sys.executable, "-m", "linode.sandbox", "--port", "0", "--no-limits"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            _, address, token = line.split()
            token = token.removeprefix("token=")
            with LinodeClient(token, f"{address}/v4") as client:
                path = PATH.format(furnished(client))
            with socket.create_connection(("127.0.0.1", urlsplit(address).port or 80)) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                head = f"GET {path} HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
                tell(lambda: exchange(connection, head))
        finally:
            process.terminate()


def exchange(connection: socket.socket, head: bytes) -> None:
    """Send a request, and receive the whole response."""
    connection.sendall(head)
    received = connection.recv(65536)
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    found = re.search(rb"content-length: (\d+)", received)
    if found is None or not received.startswith(b"HTTP/1.1 200 "):
        sys.exit(f"not the response: {received[:100]!r}")
    missing = received.index(b"\r\n\r\n") + 4 + int(found[1]) - len(received)
    while missing > 0:
        missing -= len(connection.recv(missing))


def tell(read: Callable[[], object]) -> None:
    """Print the number of reads a second."""
    for _ in range(READS // 10):
        read()
    began = time.perf_counter()
    for _ in range(READS):
        read()
    print(json.dumps({"rate": READS / (time.perf_counter() - began), "work": str(READS)}))


if __name__ == "__main__":
    main({"handled": handled, "loaded": loaded, "socket": socket_reads})
