"""`make demo`: the guide's main job in the sandbox. A Linode is chosen, created, followed until it runs, and shown.

Nothing here needs an account or a network. Against Linode itself the same lines run with
``client = LinodeClient(token)``.
"""

from __future__ import annotations

import time

from rich.console import Console
from rich.table import Table

from linode import Datacenter, Distribution, Linode, LinodeClient, Service
from linode._http.transport import Request, Response, Transport

from .sandbox import Sandbox

FASTER = 8
"""How many times as fast as on Linode the demo goes by."""


class _Watched:
    """The way into the sandbox, with pauses long enough for a person to see the time go by."""

    parallel = False

    def __init__(self, way: Transport) -> None:
        self._way = way

    def send(self, request: Request, timeout: float | None) -> Response:
        return self._way.send(request, timeout)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / FASTER)
        self._way.sleep(seconds)

    def now(self) -> float:
        return self._way.now()

    def close(self) -> None:
        self._way.close()


def main() -> None:
    """Run the demo."""
    console = Console()
    with Sandbox() as sandbox:
        client = LinodeClient(sandbox.token, "http://sandbox/v4", transport=_Watched(sandbox.transport()))
        console.print("[bold]A Linode in the sandbox[/]: no account, no network, no bill\n")

        newark = client.get_datacenters(Datacenter.label.contains("Newark"))[0]
        service = client.get_services(Service.label == "Nanode 1GB")[0]
        ubuntu = client.get_distributions(Distribution.vendor == "Ubuntu", Distribution.deprecated == False)[-1]  # noqa: E712 - a filter
        linode, _root_password = client.create_linode(service, newark, source=ubuntu, label="demo")
        client.wait_for([linode], "running", poll_interval=1, progress=True)

        console.print(shown(linode))
        found = client.get_linodes(Linode.label.contains("demo"), Linode.datacenter == newark)
        console.print(f"\nLinodes in {newark.label} whose label holds 'demo': {len(found)}")
        console.print(f"{len(sandbox.requests)} requests; the root password was made up and shown to nobody")


def shown(linode: Linode) -> Table:
    """What there is to know of *linode*, a line each."""
    table = Table("what", "is", title=repr(linode))
    service, distribution = linode.type, linode.distribution
    for what, value in {
        "linode.id": linode.id,
        "linode.label": linode.label,
        "linode.status": linode.status,
        "linode.datacenter.label": linode.datacenter.label,
        "linode.type.label": f"{service.label}, ${service.price.monthly:.2f} a month",
        "linode.distribution.label": distribution and distribution.label,
        "linode.specs.memory": f"{linode.specs.memory} MB",
        "linode.ipv4": ", ".join(linode.ipv4),
        "linode.ipv6": linode.ipv6,
        "linode.disks": ", ".join(f"{disk.label} ({disk.size} MB)" for disk in linode.disks),
        "linode.configs": ", ".join(config.label for config in linode.configs),
        "linode.created": f"{linode.created:%Y-%m-%d %H:%M:%S} UTC",
    }.items():
        table.add_row(what, str(value))
    return table


if __name__ == "__main__":
    main()
