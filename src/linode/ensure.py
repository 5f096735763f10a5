"""Objects that are created unless they exist: found by the member that the API keeps unique."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ParamSpec, TypeVar, overload

from linode._model import BaseClient, Call, Filter, ResourceList, Steps, flow
from linode._model.calls import as_flow, map_steps
from linode._secrets import is_name_of_secret
from linode.errors import ExistsDifferentlyError, InvalidRequestError

__all__ = ["EnsureMixin"]

P = ParamSpec("P")
T = TypeVar("T")


ANY_CASE = ("domain", "username")
"""Unique members that are compared without regard to case. That user names are is a guess."""


class EnsureMixin(BaseClient):
    """Methods of a client that create objects unless they exist."""

    @overload
    def ensure(self, create: Callable[P, Coroutine[Any, Any, T]], /, *args: P.args, **options: P.kwargs) -> T: ...
    @overload
    def ensure(self, create: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T: ...
    @flow
    def ensure(self, create: Callable[..., Any], /, *args: Any, **options: Any) -> Steps[Any]:
        """Return the object that *create* would create, if it exists; else create it with the other arguments.

        ``client.ensure(client.create_volume, "data", region="us-east", size=20)``. The object is found by the label,
        the user name or the domain that the API keeps unique; several programs may ensure it at once. An object that
        exists is never changed. A root password is not generated: with an image, give ``root_pass`` (False for none).

        Raises `ExistsDifferentlyError` if an existing object differs from the arguments, as far as it shows them;
        its ``found`` is the object, ``differences`` are the members. Raises TypeError if *create* is no creation of a
        client or an object, or creates a class of which several objects may have the same label, or if no label is
        given.
        """
        name, owner = getattr(create, "__name__", repr(create)), getattr(create, "__self__", None)
        if owner is None or not name.startswith("create_"):
            raise TypeError(f"ensure() takes a create method, such as client.create_volume, not {name}")
        _refuse_to_generate(name, options)
        return _ensured(owner, name, iter(getattr(type(owner), name)(owner, *args, **options)))


def _refuse_to_generate(name: str, options: Mapping[str, Any]) -> None:
    if options.get("root_pass") is None and (options.get("image") or options.get("source")):
        raise TypeError(
            f"ensure({name}) returns no generated password; pass root_pass=..., or root_pass=False to log in with keys"
        )


def _ensured(owner: Any, name: str, steps: Any) -> Steps[Any]:
    """The object that the creation *steps* would create, found or created."""
    try:
        step = next(steps)
        call = _checked(name, step)
        if (found := (yield from _found(owner, call))) is None:
            try:
                return (yield from map_steps(steps, as_flow, step))
            except InvalidRequestError:  # perhaps somebody else has created it meanwhile, or with other letters
                if (found := (yield from _found(owner, call, in_any_case=True))) is None:
                    raise
    finally:
        steps.close()
    if differences := dict(_differences(call.json, found.raw)):
        raise ExistsDifferentlyError(found, differences)
    return found


def _checked(name: str, step: Any) -> Call[Any]:
    """The call that creates the object. Raises TypeError if the object cannot be found by a unique member."""
    cls: Any = getattr(step, "creates", None)
    if not isinstance(step, Call) or cls is None:
        raise TypeError(f"ensure({name}): {name}() creates no object that can be found first; call it without ensure()")
    if (unique := getattr(cls, "unique", None)) is None:
        raise TypeError(
            f"ensure({name}): the API allows several {cls.__name__} objects with the same label, so that none is found "
            "by it; list them, and decide which is meant"
        )
    if step.unique is None:
        filtered = cls._filtered_by(unique) == "api"
        cure = f"pass {unique}=..., by which it is found" if filtered else f"the API cannot filter by {unique!r}"
        raise TypeError(f"ensure({name}): {cure}")
    return step


def _found(owner: Any, call: Call[Any], *, in_any_case: bool = False) -> Steps[Any]:
    """The object with the unique member of *call*; None if there is none.

    The API filters with regard to case, and may keep a member unique without regard to it, as it does with domains:
    *in_any_case* reads the whole list.
    """
    unique: Any = call.unique
    listed: ResourceList[Any] = ResourceList(owner, call.creates, unique.path, beta=call.beta)
    named: Any = yield from ResourceList.all(listed() if in_any_case else listed(Filter({unique.key: unique.value})))
    wanted = str(unique.value).lower()
    return next((each for each in named if str(each.raw.get(unique.key)).lower() == wanted), None)


def _differences(wanted: Mapping[str, Any], shown: Mapping[str, Any]) -> Any:
    """The members that the object *shown* has otherwise than *wanted*, each with both values."""
    for key, value in wanted.items():
        if key in shown and not is_name_of_secret(key) and not _equal(key, value, shown[key]):
            yield key, (value, shown[key])


def _equal(key: str, wanted: Any, shown: Any) -> bool:
    """Whether the value *shown* equals *wanted* in all that *wanted* contains; None contains nothing."""
    if wanted is None or wanted == shown:
        return True
    if isinstance(wanted, dict) and isinstance(shown, dict):
        return all(each not in shown or _equal(each, value, shown[each]) for each, value in wanted.items())
    if isinstance(wanted, list) and isinstance(shown, list):
        return len(wanted) == len(shown) and all(any(_equal(key, one, other) for other in shown) for one in wanted)
    if isinstance(wanted, str) and isinstance(shown, str):
        if key == "engine":  # mysql/8 becomes mysql, and a version
            return wanted.partition("/")[0] == shown.partition("/")[0]
        return wanted.lower() == shown.lower() if key in ANY_CASE else _network(wanted) == _network(shown)
    return False


def _network(text: str) -> Any:
    """The network that *text* means (an address: of one host), else *text*."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return text
