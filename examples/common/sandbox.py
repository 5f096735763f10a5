"""The sandbox that an application plays in when nothing else is configured."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from linode.sandbox import Sandbox, SandboxError

from .settings import Settings


@contextmanager
def embedded(settings: Settings) -> Iterator[tuple[Sandbox, str]]:
    """A sandbox on a port, for as long as the block lasts, and its address; its world is kept in a file."""
    try:
        sandbox = Sandbox(str(settings.data_dir / "sandbox.db"), speed=settings.sandbox_speed, limits=True)
    except SandboxError as error:
        sys.exit(f"{settings.name} cannot start; DATA_DIR: {error}")
    with sandbox, sandbox.serve() as address:
        yield sandbox, address
