"""Calls that verbs of clients and of objects describe alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from .calls import Call
from .convert import reader
from .identity import Identified

__all__ = ["create_call", "get_call"]

T = TypeVar("T")


def create_call(
    owner: Any, cls: type[T], parents: tuple[Any, ...], path: str, body: Any, *, method: str = "POST"
) -> Call[T]:
    """A call of *owner*, a client or an object, whose response is a new object of *cls* below *parents*.

    A member of *body* that the API keeps unique tells whether the object was created when no response came.
    """
    kind: Any = cls
    unique = kind._unique_in(body, parents) if hasattr(kind, "_unique_in") else None
    beta = _beta(owner, cls)

    def read(data: Any) -> T:
        return kind._of(owner, data, parents) if parents else kind._of(owner, data)  # type: ignore[no-any-return]

    return Call(method, path, body, beta=beta, read=read, unique=unique, creates=cls)


def get_call(owner: Any, path: str, kind: Any, *, query: Mapping[str, Any] | None = None) -> Call[Any]:
    """A call of *owner*, a client or an object, that gets a value of *kind*."""
    shape = dict[str, Any] if hasattr(kind, "_of") else Any
    beta = _beta(owner, kind)
    return Call("GET", path, query=query, shape=shape, beta=beta, read=lambda data: reader(kind)(data, owner))


def _beta(owner: Any, kind: Any) -> bool:
    """Whether *owner*, or the class *kind* of the result, is served below ``v4beta`` alone."""
    # A client has no such member, and would look for the nearest of all that it has.
    of_owner = isinstance(owner, Identified) and getattr(owner, "beta", False) is True
    return of_owner or getattr(kind, "beta", False) is True
