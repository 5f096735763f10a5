"""Objects among the arguments of a verb: where an ID is taken, the object is, and one of another class is refused."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Unpack, get_args, get_origin, is_typeddict

from .convert import PLAIN, annotation, is_list
from .hints import arms, member_of
from .wording import article, either

__all__ = ["holds_object", "option_with", "refuse_other_arguments", "refuse_other_objects"]

_CLOSED = PLAIN | {bytes, date, datetime}
_LISTS = (list, tuple, set, frozenset, Sequence, Collection, Iterable)
_DICTS = (dict, Mapping)


def refuse_other_arguments(
    verb: str, describe: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> None:
    """Refuse an object among the arguments of *describe* whose annotation names other classes.

    *args* begin with the owner of the verb. Annotations are read only for arguments that hold an object. Raises
    TypeError, which names the argument.
    """
    names = describe.__code__.co_varnames[1 : describe.__code__.co_argcount]
    for name, value in (*zip(names, args[1:], strict=False), *kwargs.items()):
        if type(value) not in PLAIN and holds_object(value):
            refuse_other_objects(f"{verb}(): {name}", value, _hint(describe, name))


def refuse_other_objects(at: str, value: Any, hint: Any) -> None:
    """Refuse an object in *value* that the type *hint* does not allow. Raises TypeError, which names its place."""
    for place, given, allowed in _others(value, arms(hint), at):
        raise TypeError(_refusal(place, allowed, given))


def _refusal(at: str, allowed: Sequence[Any], given: Any) -> str:
    choices = list(dict.fromkeys(article(each.__name__) for each in allowed if _is_resource(each)))
    if not choices:
        return f"{at} takes no object; {article(type(given).__name__)} was given"
    if any(each in (int, str) for each in allowed):
        choices.append("its ID" if len(choices) == 1 else "an ID")
    return f"{at} takes {either(choices)}, not {article(type(given).__name__)}"


def holds_object(value: Any) -> bool:
    """Whether *value* is an object of the API, or a container of one."""
    if _is_resource(type(value)) or _is_list_of_objects(value):
        return True
    if isinstance(value, Mapping):
        value = value.values()
    elif not is_list(value):
        return False
    return not PLAIN.issuperset(map(type, value)) and any(map(holds_object, value))


@functools.cache
def _hint(describe: Callable[..., Any], name: str) -> Any:
    """The type of the argument *name* of *describe*, or of its option of that name."""
    texts = describe.__annotations__
    if name in texts:
        return annotation(describe, texts[name])
    options = describe.__code__.co_varnames[describe.__code__.co_argcount + describe.__code__.co_kwonlyargcount :]
    hints = [annotation(describe, texts[each]) for each in options[:2] if each in texts]
    (options_of,) = [get_args(each)[0] for each in hints if get_origin(each) is Unpack] or [None]
    return Any if options_of is None else member_of(options_of, name)


def option_with(describe: Callable[..., Any], name: str, options: Collection[str]) -> str | None:
    """The option of *describe*, among *options*, that is a dict with the member *name*; None if there is none."""
    for option in sorted(options):
        for arm in arms(_hint(describe, option)):
            if is_typeddict(arm) and name in arm.__annotations__ and name not in options:
                return option
    return None


def _others(value: Any, allowed: list[Any], at: str) -> Iterator[tuple[str, Any, list[Any]]]:
    """The objects in *value*, of one of the types *allowed*, that these do not allow: the place, object and types."""
    if not allowed or not all(map(_is_known, allowed)):
        return
    if _is_resource(type(value)):
        if not _allows(allowed, value):
            yield at, value, allowed
    elif isinstance(value, Mapping):
        for key, each in value.items():
            inner = [found for arm in allowed for member in _member(arm, key) for found in arms(member)]
            yield from _others(each, inner, f"{at}.{key}")
    elif is_list(value):
        items = [inner for arm in allowed if get_origin(arm) in _LISTS for inner in arms(get_args(arm)[0])]
        if _is_list_of_objects(value):  # it may not be loaded, and all of its objects are of one class
            value = [_example(value._cls)]
        for index, each in enumerate(value):
            yield from _others(each, items, f"{at}[{index}]")


def _allows(allowed: Iterable[Any], value: Any) -> bool:
    """Whether the object *value* can stand for one of the types *allowed*; one whose ID is a text can for a text."""
    classes = tuple(each for each in allowed if _is_resource(each))
    return isinstance(value, classes) if classes else str in allowed and isinstance(value._identity(), str)


def _member(arm: Any, key: str) -> Iterator[Any]:
    """The type of the member *key* of a dict of the type *arm*, if that is the type of a dict."""
    if is_typeddict(arm):
        if key in arm.__annotations__:
            yield member_of(arm, key)
    elif get_origin(arm) in _DICTS:
        yield get_args(arm)[1]
    elif hasattr(arm, "_fields"):
        yield from (field.taken() for field in arm._fields.values() if field.key == key)


def _is_known(arm: Any) -> bool:
    """Whether objects can be checked against the type *arm*: it is none that may stand for any object."""
    if get_origin(arm) is not None:
        return get_origin(arm) in (Literal, *_LISTS, *_DICTS)
    plain = arm in _CLOSED or is_typeddict(arm) or getattr(arm, "__module__", "") == "ipaddress"
    return plain or (isinstance(arm, type) and (_is_resource(arm) or hasattr(arm, "_fields")))


def _example(cls: Any) -> Any:
    """An object of the class *cls*, with an ID of its type."""
    field = cls._fields.get(cls.id_key)
    return cls._new(None, 0 if field is None or field.argument() is int else "", (), {})


def _is_list_of_objects(value: Any) -> bool:
    return hasattr(type(value), "_where")


def _is_resource(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "_identity")
