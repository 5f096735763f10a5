"""The differences of a body that other facts settle: those of the operation's answer, and of other operations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from declarations import Declared, declared
from facts import Key, announced, operations, resolved
from hints import takes_empty
from method_requests import never_sends, sends_itself, sends_no_null

__all__ = ["settled"]

NULL = re.compile(r"\.(?P<path>[^:]+): (?P<what>can|cannot) be null")
NEEDED = re.compile(r"\.(?P<list>\w+)\[\]\.(?P<member>\w+): not required by the API")
LETTER = re.compile(r"\.(?P<member>\w+): minLength is 1")
MISSING = re.compile(r"\.(?P<path>\w[^:]*): missing")


def settled(each: Declared, fact: dict[str, Any], line: str) -> bool:
    """Whether *line*, a difference of the body of an operation, is none by one of the rules for bodies."""
    rest = line.removeprefix(each.name)
    return (
        _is_sent_so(each, rest)
        or _answer_settles(each, fact, NULL.fullmatch(rest))
        or _answers_are_empty(each, fact, LETTER.fullmatch(rest))
        or _new_one_needs(each, NEEDED.fullmatch(rest))
        or _is_elsewhere(each, MISSING.fullmatch(rest))
    )


def _is_sent_so(each: Declared, rest: str) -> bool:
    """Whether what the library sends for a parameter is what the API wants."""
    key, _, what = rest.removeprefix(".").partition(": ")
    rules = {"required by the API": sends_itself, "cannot be null": sends_no_null, "not in the body": never_sends}
    return what in rules and rules[what](each, key)


def _answer_settles(each: Declared, fact: dict[str, Any], found: re.Match[str] | None) -> bool:
    """Whether the answer of the operation tells of null what the declaration says of the same member.

    A change to null of what is never null could only mean to leave it as it is: that is a guess, and None is not taken.
    A member of a nested object that may be null when it is read may be sent back so.
    """
    if found is None:
        return False
    null = dict(_nulls(resolved(fact.get("response", {})), "")).get(found["path"])
    if found["what"] == "can":
        return each.route.operation == "update" and null is False
    return "." in found["path"] and null is True


def _nulls(fact: dict[str, Any], at: str) -> Iterator[tuple[str, bool]]:
    """The members of an answer by their paths, and whether each can be null."""
    for key, each in fact.get("properties", {}).items():
        path = f"{at}.{key}".removeprefix(".")
        inner = resolved(each)
        yield path, bool(each.get("nullable") or each.get("optional"))
        while "items" in inner:
            inner, path = resolved(inner["items"]), f"{path}[]"
        if path.count(".") < 8:
            yield from _nulls(inner, path)


def _answers_are_empty(each: Declared, fact: dict[str, Any], found: re.Match[str] | None) -> bool:
    """Whether the operation's own answer has the optional text as the empty one, which the declaration takes too.

    A program may send back what it has read: an object whose text was never set is saved as it is.
    """
    if found is None or fact["request"][found["member"]].get("required"):
        return False
    answered = resolved(fact.get("response", {})).get("properties", {}).get(found["member"], {})
    return answered.get("minLength") == 0 and takes_empty(each.route.types[found["member"]])


def _new_one_needs(each: Declared, found: re.Match[str] | None) -> bool:
    """Whether the operation that makes one object alone requires the member, which the list of new ones has too."""
    if found is None:
        return False
    alone = operations().get(Key("POST", f"{each.key.path}/{{}}/{found['list']}"), {})
    return bool(alone.get("request", {}).get(found["member"], {}).get("required"))


def _is_elsewhere(each: Declared, found: re.Match[str] | None) -> bool:
    """Whether another operation takes the missing member: one below the object, or one that is only announced."""
    if found is None:
        return False
    if Key("GET", f"{each.key.path}/{{}}/{found['path']}") in announced():
        return True
    last = found["path"].rpartition(".")[2]
    below = (other for other in declared() if other.key.path.startswith(f"{each.key.path}/"))
    return each.route.operation == "update" and any(
        other.key.method in ("POST", "PUT") and last in operations().get(other.key, {}).get("request", {})
        for other in below
    )
