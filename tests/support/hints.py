"""Compares a declared type with what the API says of the same value."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin, is_typeddict

from facts import dated, resolved, vocabularies

from linode._model import Bounds, Struct
from linode.sandbox.engine import hints

__all__ = ["Fact", "body_differences", "can_be_null", "differences", "item_of", "structs", "takes_empty"]

Fact = Mapping[str, Any]
PLAIN = {"string": str, "integer": int, "boolean": bool, "number": float, "array": list, "object": dict}
BOUNDS = {
    "min": "ge",
    "max": "le",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minItems": "min_length",
    "maxItems": "max_length",
}

NO_BOUND = {"minLength": 0, "minItems": 0}


def differences(hint: Any, fact: Fact, name: str, *, related: bool = False, bounds: bool = True) -> Iterator[str]:
    """Differences of the type *hint* of *name*, and of its members, from *fact*, except for None.

    *related*: it may be an object in place of its id. *bounds*: whether what the value must meet is compared.
    """
    if "anyOf" in fact:
        return  # several types at once: nobody has told which of them goes with which bounds
    found = parts(hint)
    expected = datetime if fact.get("format") == "date-time" else PLAIN.get(str(fact.get("type")))
    kinds = {plain(part) for part in found}
    if expected and not related and not (kinds & {expected, *_other_types(fact, name)}):
        yield f"{name}: is {expected.__name__}"
    yield from _words_differ(found, fact, name, read=not bounds)
    if bounds:
        yield from _bounds_differ(hint, fact, name)
    if "items" in fact and (inner := item_of(hint)) is not None and not structs(inner):
        yield from differences(inner, fact["items"], f"{name}[]", related=related or _is_related(inner), bounds=bounds)


def _other_types(fact: Fact, name: str) -> Iterator[type]:
    """The types besides that of *fact* that its member *name* may have.

    Its words may be of another type. A text without a format is a time where other answers have times of that name, and
    a number is a whole one where it is an ID.
    """
    yield from (PLAIN[also] for also in fact.get("also", ()))
    yield from {type(word) for word in fact.get("enum", ())}
    last = name.rpartition(".")[2]
    if fact.get("type") == "string" and "format" not in fact and last in dated():
        yield datetime
    if fact.get("type") == "number" and last == "id":
        yield int


def _words_differ(found: list[Any], fact: Fact, name: str, *, read: bool) -> Iterator[str]:
    """Whether the choices among *found* are those of *fact*.

    A field that is only *read* may share its words with others: they are exactly those of a member with more of them.
    """
    choices = {each for part in found if get_origin(part) is Literal for each in get_args(part)}
    if said := {_word(each, fact) for each in fact.get("enum", ())}:
        shared = read and said < choices and choices in vocabularies()
        for what, words in (("lack", said - choices), ("add", set() if shared else choices - said)):
            if words:
                yield f"{name}: choices {what} {', '.join(sorted(map(str, words)))}"


def _word(word: Any, fact: Fact) -> Any:
    """*word*, as the number that it stands for where the member is also a number."""
    return int(word) if "integer" in fact.get("also", ()) and str(word).isdecimal() else word


def _bounds_differ(hint: Any, fact: Fact, name: str) -> Iterator[str]:
    metas = list(_metas(hint))
    fact = _by_type(fact)
    said = {bound: key for key, bound in BOUNDS.items() if fact.get(key) not in (None, NO_BOUND.get(key))}
    if "format" in fact:
        said.setdefault("pattern", "format")
    for bound, key in said.items():
        declared = [getattr(meta, bound) for meta in metas]
        if key != "format" and fact[key] not in declared and not (key == "minLength" and _is_shortest(declared, fact)):
            yield f"{name}: {key} is {fact[key]}"
    for bound in dict.fromkeys(BOUNDS.values()):
        for value in dict.fromkeys(getattr(meta, bound) for meta in metas):
            if value is not None and bound not in said and not (value == 0 and bound == "min_length"):
                yield f"{name}: {bound} {value} is not the API's"


def _is_shortest(declared: list[Any], fact: Fact) -> bool:
    """Whether the length in *declared* is that of the shortest text of one letter that the pattern of *fact* takes."""
    if "pattern" not in fact or len(declared) != 1 or declared[0] is None:
        return False
    taken = [count for count in range(1, declared[0] + 1) if re.search(fact["pattern"], "a" * count)]
    return taken == declared


def _by_type(fact: Fact) -> Fact:
    """*fact* with bounds that a value of its type can have.

    The length of a number is that of its digits. The length of an object is that of its JSON, which no type can say.
    """
    lengths = {key: fact[key] for key in ("minLength", "maxLength") if key in fact}
    if fact.get("type") not in ("integer", "object") or not lengths:
        return fact
    rest = {key: value for key, value in fact.items() if key not in lengths}
    if fact["type"] == "object":
        return rest
    digits = {"minLength": ("min", lambda count: 10 ** (count - 1)), "maxLength": ("max", lambda count: 10**count - 1)}
    return {**{digits[key][0]: digits[key][1](count) for key, count in lengths.items()}, **rest}


def _is_related(hint: Any) -> bool:
    """Whether an object of the API may stand for its id."""
    return any(isinstance(part, type) and hasattr(part, "path") for part in parts(hint))


def can_be_null(hint: Any) -> bool:
    """Whether None is a value of the type *hint*."""
    return type(None) in parts(hint)


def takes_empty(hint: Any) -> bool:
    """Whether the empty text is a value of the type *hint*: it has no least length and no pattern."""
    return not any(meta.min_length or meta.pattern for meta in _metas(hint))


def parts(hint: Any) -> list[Any]:
    """*hint* without its bounds, or what it is a union of."""
    origin = get_origin(hint)
    if origin in (Annotated, Required, NotRequired):
        return parts(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return [part for each in get_args(hint) for part in parts(each)]
    return [hint]


def plain(part: Any) -> Any:
    """The plain type of *part*: of its choices, of a list, of what is made of members."""
    origin = get_origin(part) or part
    if origin is Literal:
        return type(get_args(part)[0])
    if origin is Sequence:
        return list
    if origin is Mapping or is_typeddict(origin) or (isinstance(origin, type) and hasattr(origin, "_fields")):
        return dict
    return origin


def item_of(hint: Any) -> Any:
    """The type of what is in the list that *hint* is; None where it is no list, or says nothing of that."""
    lists = [part for part in parts(hint) if get_origin(part) in (list, Sequence)]
    return get_args(lists[0])[0] if lists else None


def structs(hint: Any) -> list[Any]:
    """The classes of fields, and the TypedDicts, among the parts of *hint*."""
    return [each for each in parts(hint) if is_typeddict(each) or (isinstance(each, type) and hasattr(each, "_fields"))]


def members_of(cls: Any) -> tuple[dict[str, Any], set[str]]:
    """The types of what can be sent as a *cls*, by the names on the wire, and those that must be there."""
    if is_typeddict(cls):
        return hints.members_of(cls), set(hints.required_of(cls))
    return (dict(hints.settable(cls)) if issubclass(cls, Struct) else {}), set()


def body_differences(
    given: Mapping[str, Any],
    needed: set[str],
    facts: Mapping[str, Any],
    name: str,
    *,
    read: AbstractSet[str] = frozenset(),
) -> Iterator[str]:
    """Differences of the optional and required parameters from the members *facts* of a body.

    A body of which every member is required differs in nothing: without them nothing would be sent. *read*: those
    that are fields, which have one type where they are read and sent; whether that may be None, the answers say.
    """
    yield from (f"{name}.{key}: not in the body" for key in sorted(given.keys() - facts.keys()))
    yield from (f"{name}.{key}: missing" for key in sorted(facts.keys() - given.keys()))
    wanted = {key for key, fact in facts.items() if fact.get("required")}
    yield from (f"{name}.{key}: required by the API" for key in sorted(wanted - needed))
    if given.keys() != needed:
        yield from (f"{name}.{key}: not required by the API" for key in sorted(needed - wanted))
    for key in sorted(given.keys() & facts.keys()):
        yield from member_differences(given[key], resolved(facts[key]), f"{name}.{key}", read=key in read)


def member_differences(hint: Any, fact: Fact, name: str, *, read: bool = False) -> Iterator[str]:
    """Differences of the member *name* of a body, and of its members, from *fact*; *read*: whether it is a field."""
    if bool(fact.get("nullable")) != can_be_null(hint) and not (read and can_be_null(hint)):
        yield f"{name}: {'can' if fact.get('nullable') else 'cannot'} be null"
    related = _is_related(hint)
    yield from differences(hint, fact, name, related=related)
    inner, members = hint, fact
    while "items" in members:
        inner, members, name = item_of(inner), resolved(members["items"]), f"{name}[]"
    if "properties" in members and not related and (found := structs(inner)):
        given: dict[str, Any] = {}
        needed: list[set[str]] = []
        null: set[str] = set()
        for cls in found:
            types_, required = members_of(cls)
            given |= types_
            needed.append(required)
            null |= {key for key, each in types_.items() if is_typeddict(cls) and can_be_null(each)}
        yield from body_differences(
            given,
            set.intersection(*needed),
            members["properties"],
            name,
            read=given.keys() - null if _has_fields(found) else frozenset(),
        )


def _has_fields(found: list[Any]) -> bool:
    return not all(is_typeddict(cls) for cls in found)


def _metas(hint: Any) -> Iterator[Bounds]:
    """The bounds of *hint*, but for those of what is in a list."""
    origin = get_origin(hint)
    if origin is Annotated:
        yield from (each for each in hint.__metadata__ if isinstance(each, Bounds))
        yield from _metas(get_args(hint)[0])
    elif origin in (Union, types.UnionType, Required, NotRequired):
        for each in get_args(hint):
            yield from _metas(each)
