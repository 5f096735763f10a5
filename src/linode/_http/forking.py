"""What a forked process must not share with its parent: connections, and locks that another thread held."""

from __future__ import annotations

import os
import weakref
from typing import Protocol

__all__ = ["resets_after_fork"]


class Forgetting(Protocol):
    """What can begin anew."""

    def forget(self) -> None:
        """In a process that was forked: leave the parent what is its."""
        ...


_here: weakref.WeakSet[Forgetting] = weakref.WeakSet()


def resets_after_fork(thing: Forgetting) -> None:
    """See that *thing* resets_after_fork when this process is forked."""
    _here.add(thing)


def _forked() -> None:
    for each in list(_here):
        each.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
