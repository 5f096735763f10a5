"""Verbs: on a class the description of an operation, on an object (or a client) the operation itself."""

from __future__ import annotations

import functools
import sys
import types
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from linode._secrets import clear_frames, redact_tracebacks

from .arguments import option_with, refuse_other_arguments
from .calls import Flow
from .convert import PLAIN
from .options import misspelt, options_of, takes_any
from .reference_links import with_links

__all__ = ["action", "flow"]

P = ParamSpec("P")
T = TypeVar("T")
VARARGS = 0x04
"""The flag of a function with ``*args``, as in `inspect`, which takes milliseconds to import."""


class action(Generic[P, T]):  # noqa: N801 - used as a decorator
    """A verb: on the class the description, on an object (or a client) the operation."""

    def __init__(self, describe: Callable[Concatenate[Any, P], Flow[T]], *, deprecated: str = "") -> None:
        if deprecated:
            vars(describe)["__deprecated__"] = deprecated

        described = _description(self, describe)
        operation = _operation(described, deprecated)
        self.describe: Callable[..., Any] = redact_tracebacks(described)
        self._operation = operation
        self.__doc__ = describe.__doc__
        self.__name__ = describe.__name__
        self.__wrapped__ = describe
        shown = _Shown(describe)
        for function in (described, self.describe, operation):
            vars(function)["__wrapped__"] = shown

    def __set_name__(self, owner: type, name: str) -> None:
        if self.__name__.startswith("_") and not name.startswith("_"):  # load = action(_loading)
            self.__name__ = self._operation.__name__ = name
        _link(owner, name, self, self.describe, self._operation)

    @overload
    def __get__(self, instance: None, owner: Any) -> Callable[Concatenate[Any, P], Flow[T]]: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> Callable[P, T]: ...
    def __get__(self, instance: object | None, owner: Any) -> Any:
        if instance is None:
            return self.describe
        return types.MethodType(self._operation, instance)

    if TYPE_CHECKING:  # the implementation of an overloaded verb has to be callable

        def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    @functools.cached_property
    def _known(self) -> frozenset[str] | None:
        """The names of the options; None if the verb takes any."""
        return None if takes_any(self.__wrapped__) else options_of(self.__wrapped__)

    def _refuse_unknown(self, kwargs: Mapping[str, Any]) -> None:
        if self._known is not None and (wrong := kwargs.keys() - self._known):
            cure = " What the library does not know yet can be passed as extra={...}." if "extra" in self._known else ""
            verb, name = self.__name__.lstrip("_"), min(wrong)
            if outer := option_with(self.__wrapped__, name, self._known):
                raise TypeError(
                    f"{verb}() has no option {name!r}; give it inside of another: {outer}={{{name!r}: ...}}"
                )
            raise misspelt(f"{verb}()", name, self._known, "option", cure=cure)

    def _refused_call(self, error: TypeError, given: int) -> TypeError | None:
        """The error in the place of *error* for *given* arguments by position, if these were too many."""
        frames = error.__traceback__
        code = self.__wrapped__.__code__
        most = code.co_argcount - 1
        if frames is None or frames.tb_next is not None or given <= most or code.co_flags & VARARGS:
            return None
        verb, taken = self.__name__.lstrip("_"), code.co_varnames[1 : code.co_argcount]
        number = f"{most} argument{'' if most == 1 else 's'} by position" if most else "no argument by position"
        known = sorted((self._known or frozenset()) - {*taken, "extra"})
        named = f" ({', '.join(taken)})" if taken else ""
        cure = f"; pass others by name: {', '.join(f'{each}=' for each in known)}" if known else ""
        return TypeError(f"{verb}() takes {number}{named}, not {given}{cure}")


class flow(action[P, T]):  # noqa: N801 - used as a decorator
    """A verb that is made of others: no operation of the API's own."""


def _link(owner: type, name: str, *documented: Any) -> None:
    """Let the docstrings of a verb name the page of its operation in the API's reference."""
    for each in documented:
        each.__doc__ = with_links(each.__doc__, f"{owner.__name__}.{name}")


def _description(verb: action[Any, Any], describe: Callable[..., Any]) -> Callable[..., Any]:
    """*describe* with its arguments checked."""

    @functools.wraps(describe)
    def described(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            verb._refuse_unknown(kwargs)
        if not (PLAIN.issuperset(map(type, args[1:])) and PLAIN.issuperset(map(type, kwargs.values()))):
            refuse_other_arguments(verb.__name__.lstrip("_"), describe, args, kwargs)
        try:
            return describe(*args, **kwargs)
        except TypeError as error:
            wrong = verb._refused_call(error, len(args) - 1)
            del args, kwargs  # they may hold a secret, and the error shows the locals
            if wrong is None:
                raise
        raise wrong

    return described


def _operation(described: Callable[..., Any], deprecated: str) -> Callable[..., Any]:
    """The method that carries out what *described* returns."""

    @functools.wraps(described)
    def operation(instance: Any, *args: Any, **kwargs: Any) -> Any:
        outer = sys.exception()
        if deprecated:
            warnings.warn(deprecated, DeprecationWarning, stacklevel=2)
        try:
            result = instance._execute(described(instance, *args, **kwargs))
        except BaseException as error:
            del args, kwargs
            clear_frames(error, outer)
            raise
        if type(result) is types.CoroutineType:  # Python's warning of a forgotten await shows its name
            result.__qualname__ = f"{type(instance).__name__}.{operation.__name__}"
        return result

    return operation


class _Shown:
    """Stands between a verb and the function *describe* for `inspect`: with the signature that users see."""

    def __init__(self, describe: Callable[..., Any]) -> None:
        self.__wrapped__ = describe

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # inspect takes callables alone
        return self.__wrapped__(*args, **kwargs)

    @functools.cached_property
    def __signature__(self) -> Any:
        from .signatures import signature_of  # noqa: PLC0415 - inspect takes milliseconds to import

        return signature_of(self.__wrapped__)
