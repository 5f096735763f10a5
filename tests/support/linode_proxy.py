"""A proxy that answers in the place of Linode, for programs without a setting of the API's address.

They are given it as their HTTPS proxy, and its authority as one to trust: their connections to ``api.linode.com`` end
in the sandbox, and no other host can be reached.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import trustme

__all__ = ["HOST", "as_linode"]

HOST = "api.linode.com"
ANSWERED = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: str, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        url = urlsplit(address)
        self.target = (url.hostname or "", url.port or 80)
        self.context = context


class _Handler(socketserver.StreamRequestHandler):
    server: _Proxy
    rbufsize = 0  # what follows the head is TLS

    def handle(self) -> None:
        asked = self.rfile.readline().split()
        while self.rfile.readline().strip():
            pass
        if asked[:2] != [b"CONNECT", f"{HOST}:443".encode()]:
            self.connection.sendall(REFUSED)
            return
        self.connection.sendall(ANSWERED)
        inside = self.server.context.wrap_socket(self.connection, server_side=True)
        with closing(inside), socket.create_connection(self.server.target) as outside:
            back = threading.Thread(target=_copy, args=(outside, inside), daemon=True)
            back.start()
            _copy(inside, outside)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Send what *source* gives to *target*, until one of them ends."""
    with suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def as_linode(address: str, folder: Path, *names: str) -> Iterator[dict[str, str]]:
    """The environment of programs whose requests to Linode go to the sandbox at *address*.

    *folder* gets the certificate of the authority. Its certificate is for *names* too: ``localhost.pem`` in *folder*.
    """
    authority = trustme.CA()
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)
    if names:
        authority.issue_cert(*names).private_key_and_cert_chain_pem.write_to_path(folder / "localhost.pem")
    with _Proxy(address, context) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{proxy.server_address[1]}"
        trusted = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), str(ca_file))
        try:
            yield {"HTTPS_PROXY": url, "https_proxy": url, "NO_PROXY": "127.0.0.1,localhost", **trusted}
        finally:
            proxy.shutdown()
