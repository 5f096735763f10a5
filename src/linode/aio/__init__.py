"""The names of `linode`, awaited: ``from linode.aio import LinodeClient, Linode``.

The classes are the same; `LinodeClient` and `LinodeLoginClient` are the clients whose methods are awaited. The stubs
beside this file, which `make stub` writes, are for type checkers and editors.
"""

from __future__ import annotations

from typing import Any

import linode

_AWAITED = {name.removeprefix("Async"): name for name in linode.__all__ if name.startswith("Async")}
__all__ = [name for name in linode.__all__ if name not in _AWAITED.values()]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'linode.aio' has no attribute {name!r}")
    return getattr(linode, _AWAITED.get(name, name))


def __dir__() -> list[str]:
    return __all__
