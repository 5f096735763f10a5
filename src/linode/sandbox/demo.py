"""`make demo`: create a Linode in the sandbox, wait until it is running, and show it.

The demo needs no account and no network. It needs rich, which draws its table and progress bar. With
``client = LinodeClient(token)`` the same code uses Linode itself.
"""

from __future__ import annotations

import sys
import time

from linode import Image, Linode, LinodeClient, Region, Type
from linode._http.transport import Request, Response, Transport

from .sandbox import Sandbox

__all__ = ["main"]

FASTER = 8
"""Speed of the demo, as a multiple of Linode's."""


class _Watched:
    """A transport to the sandbox with real pauses, so that a person can watch the progress."""

    parallel = False

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(self, request: Request, timeout: float | None) -> Response:
        return self._transport.send(request, timeout)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / FASTER)
        self._transport.sleep(seconds)

    def now(self) -> float:
        return self._transport.now()

    def close(self) -> None:
        self._transport.close()


def main() -> int:
    """Run the demo. Returns the exit status: 1 if rich is not installed."""
    try:
        from rich.console import Console  # noqa: PLC0415 - an extra
        from rich.table import Table  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        print("python -m linode.sandbox.demo: the demo needs rich: pip install rich", file=sys.stderr)
        return 1
    console = Console()
    with Sandbox() as sandbox:
        client = LinodeClient(sandbox.token, "http://sandbox/v4", transport=_Watched(sandbox.transport()))
        console.print("[bold]A Linode in the sandbox[/]: no account, no network, no bill\n")

        newark = client.get_regions(Region.label.contains("Newark"))[0]
        plan = client.get_types(Type.label == "Nanode 1GB")[0]
        ubuntu = newest_image(client, "Ubuntu")
        linode, _root_password = client.create_linode(plan, newark, image=ubuntu, label="demo")
        client.wait_for([linode], "running", poll_interval=1, progress=True)

        table = Table("attribute", "value", title=repr(linode))
        for attribute, value in attributes(linode):
            table.add_row(attribute, value)
        console.print(table)
        found = client.get_linodes(Linode.label.contains("demo"), Linode.region == newark)
        console.print(f"\nLinodes in {newark.label} with 'demo' in their label: {len(found)}")
        console.print(f"{len(sandbox.requests)} requests; the root password was generated and is not shown")
    return 0


def newest_image(client: LinodeClient, vendor: str) -> Image:
    """The newest image of *vendor* that is not deprecated."""
    images = client.get_images(Image.vendor == vendor, Image.deprecated == False)  # noqa: E712 - a filter
    return max(images, key=lambda image: image.created)


def attributes(linode: Linode) -> list[tuple[str, str]]:
    """The names and formatted values of the attributes of *linode* that the demo shows."""
    plan, image = linode.type, linode.image
    return [
        ("linode.id", str(linode.id)),
        ("linode.label", linode.label),
        ("linode.status", linode.status),
        ("linode.region.label", linode.region.label),
        ("linode.type.label", f"{plan.label}, ${plan.price.monthly:.2f} a month"),
        ("linode.image.label", image.label if image else "none"),
        ("linode.specs.memory", f"{linode.specs.memory} MB"),
        ("linode.ipv4", ", ".join(linode.ipv4)),
        ("linode.ipv6", str(linode.ipv6)),
        ("linode.disks", ", ".join(f"{disk.label} ({disk.size} MB)" for disk in linode.disks)),
        ("linode.configs", ", ".join(config.label for config in linode.configs)),
        ("linode.created", f"{linode.created:%Y-%m-%d %H:%M:%S} UTC"),
    ]


if __name__ == "__main__":
    sys.exit(main())
