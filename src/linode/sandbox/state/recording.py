"""Recordings: the changes that clients have made, to be written as a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from linode._http.transport import Request, Response

from ..engine import routes

if TYPE_CHECKING:
    from ..core.world import World
    from ..engine.routes import Route

__all__ = ["Change", "Recording"]

METHODS = ("POST", "PUT", "DELETE")


class Change(NamedTuple):
    """A request that the API has carried out: *body* and *row*, the response, are JSON; *seconds* is its time."""

    route: Route
    path: str
    names: dict[str, str]
    """The values of the parameters in the path."""
    body: Any
    row: Any
    seconds: float


class Recording:
    """The changes by clients of a sandbox since the recording began. Its texts have no secrets."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.began = world.now
        self.changes: list[Change] = []
        self.left_out: list[str] = []
        """The changes that a program of this library cannot repeat, each with the reason."""

    def note(self, world: World, request: Request, response: Response) -> None:
        """Note *request* and its *response*, if it has changed something."""
        path = urlsplit(request.url).path
        if request.method not in METHODS or response.status >= 300 or path.startswith("/oauth/"):
            return
        version, _, rest = path.lstrip("/").partition("/")
        if version not in ("v4", "v4beta"):
            self.left_out.append(f"{request.method} /{version}/...: it is no operation of today's API")
        elif world.account:
            self.left_out.append(f"{request.method} {path}: it was made by another account")
        else:
            self._keep(request, f"/{rest}".rstrip("/"), response)

    def _keep(self, request: Request, path: str, response: Response) -> None:
        parts = routes.parts_of(path)
        route = routes.methods_of(parts)[request.method]
        if route.raw is not None:
            self.left_out.append(f"{request.method} {path}: its body is no JSON")
            return
        body = msgspec.json.decode(request.body) if request.body and request.body.strip() else None
        row = msgspec.json.decode(response.content) if response.content else None
        self.changes.append(Change(route, path, routes.find(route, parts), body, row, self._world.now))

    def script(self) -> str:
        """A program of this library that makes the changes, with variables for IDs and addresses.

        It has a function ``rebuild(client, pause=time.sleep)``; run as a program it uses ``LinodeClient()``. Secrets
        are environment variables.
        """
        from .scripts import Script  # noqa: PLC0415 - few programs write one

        return Script(self, self._world.now).text()

    def seed(self) -> dict[str, Any]:
        """The contents of a seed file that creates what the changes have created, with labels for IDs.

        Raises `SandboxError` if it would need a change that a seed file cannot have, such as a resize.
        """
        from .seed_writer import SeedWriter  # noqa: PLC0415 - likewise

        return SeedWriter(self._world, self).contents()

    def __repr__(self) -> str:
        return f"<Recording of {len(self.changes)} changes>"
