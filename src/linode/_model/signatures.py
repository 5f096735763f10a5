"""The signature of a verb as its users see it: with its options by name, and with what a client returns for it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

from .convert import annotation

__all__ = ["signature_of"]

FLOWS = ("Call[", "Steps[", "Gather[", "Flow[")
ANNOTATED = re.compile(r"Annotated\[(.+?), (?:Bounds\([^()]*\)|LOCAL)\]")


def signature_of(describe: Callable[..., Any]) -> inspect.Signature:
    """The signature of the method that *describe* describes."""
    plain = inspect.signature(describe)
    parameters = [each for each in plain.parameters.values() if each.kind is not each.VAR_KEYWORD]
    options = [each for each in plain.parameters.values() if each.kind is each.VAR_KEYWORD]
    parameters += [named for each in options for named in _options(describe, each)]
    parameters = [each.replace(annotation=_without_bounds(each.annotation)) for each in parameters]
    return plain.replace(parameters=parameters, return_annotation=_result(plain.return_annotation))


def _options(describe: Callable[..., Any], parameter: inspect.Parameter) -> Iterator[inspect.Parameter]:
    """A keyword for each member of ``Unpack[TypedDict]``; ``...`` stands for what is not given."""
    hint = annotation(describe, parameter.annotation)
    if not hasattr(hint, "__args__"):  # the options of another verb, which is an argument
        yield parameter
        return
    (options,) = hint.__args__
    for name, hint in sorted(options.__annotations__.items(), key=lambda each: each[0] == "extra"):
        text = getattr(hint, "__forward_arg__", hint)
        yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=..., annotation=text)


def _without_bounds(hint: Any) -> Any:
    """The type alone of a *hint* with bounds, which docstrings tell."""
    return ANNOTATED.sub(r"\1", hint) if isinstance(hint, str) else hint


def _result(hint: Any) -> Any:
    """The type that a client returns for a flow of the type *hint*."""
    start = next((each for each in FLOWS if str(hint).startswith(each)), None)
    return hint if start is None else str(hint)[len(start) : -1]
