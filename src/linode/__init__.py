"""The Python library for the Linode API. A module is imported when one of its names is first used."""

from __future__ import annotations

from ._contents import HOMES, VERSION

__version__ = VERSION
_HOME = {name: module for module, names in HOMES.items() for name in names.split()}
# Type checkers read __init__.pyi.
__all__ = sorted(_HOME)  # noqa: PLE0605  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'linode' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"linode.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
