"""The forms of the page at ``/``: the clock, faults, and the end of the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..core.refusals import Refused
from . import bodies, page_parts

if TYPE_CHECKING:
    from ..sandbox import Sandbox

__all__ = ["EFFECTS", "UNITS", "Forms"]

EFFECTS = {
    "Errors of the API": {
        "status:500": "500 An error occurred",
        "status:503": "503 Service Unavailable",
        "status:429": "429 Too many requests",
        "status:401": "401 Invalid Token",
        "status:404": "404 Not found",
    },
    "The connection": {
        "connection:dropped": "dropped, and the call is not carried out",
        "lost:dropped": "dropped, but the call is carried out",
        "delay": "no more than late (the seconds are below)",
    },
    "The body of the response": {
        "body:html": "a page of a proxy",
        "body:broken": "half of the JSON",
        "body:truncated": "shorter than its length",
        "body:empty": "empty",
    },
    "Refusals of the account": {
        "refusal:sold_out": "the plan is sold out",
        "refusal:limit": "the account's limit is reached",
        "refusal:inactive": "the account is not activated",
        "refusal:payment": "a payment is due",
        "refusal:reserved_ips": "no more reserved addresses",
    },
}
"""The effects that the form offers, by group: their values, and their words."""
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
MAX_SECONDS = 1e9
NUMBERS: dict[str, Callable[[str], Any]] = {"times": int, "skip": int, "delay": float}
"""The numbers of a fault, as the form and the fault name them."""


class Forms:
    """Carries out the forms for *sandbox*."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._known: dict[str, tuple[Callable[[dict[str, str]], None], str]] = {
            "stop-clock": (lambda _given: sandbox.stop_clock(), "clock"),
            "start-clock": (lambda _given: sandbox.start_clock(), "clock"),
            "speed": (self._set_speed, "clock"),
            "advance": (self._advance, "clock"),
            "move": (self._move, "clock"),
            "add-fault": (self._add_fault, "faults"),
            "remove-fault": (self._remove_fault, "faults"),
            "clear-faults": (lambda _given: sandbox.faults.clear(), "faults"),
        }

    def carry_out(self, given: dict[str, str]) -> str:
        """Carry out the form *given*; returns the ID of the section that shows it. Raises `Refused`, ValueError."""
        if given.get("do") not in self._known:
            raise Refused("The page has no such form")
        act, section = self._known[given["do"]]
        act(given)
        return section

    def _set_speed(self, given: dict[str, str]) -> None:
        self._sandbox.speed = _number(given, "speed", float) if "speed" in given else None

    def _advance(self, given: dict[str, str]) -> None:
        seconds = _number(given, "amount", float) * UNITS.get(given.get("unit", ""), 1)
        if not 0 <= seconds <= MAX_SECONDS:
            raise Refused("The clock can be moved by 0 seconds or more, and by 30 years at most", field="amount")
        self._sandbox.advance(seconds)

    def _move(self, given: dict[str, str]) -> None:
        try:
            moment = datetime.fromisoformat(given.get("moment", ""))
        except ValueError:
            raise Refused("Must be a time such as 2026-01-31T12:00", field="moment") from None
        self._sandbox.advance_to(moment)

    def _add_fault(self, given: dict[str, str]) -> None:
        self._sandbox.faults.append(bodies.fault(_fault_body(given)))

    def _remove_fault(self, given: dict[str, str]) -> None:
        """Remove the fault; one that has hit its last call meanwhile is gone already."""
        faults = self._sandbox.faults
        faults[:] = [each for each in faults if page_parts.key_of(each) != given.get("fault")]


def _fault_body(given: dict[str, str]) -> dict[str, Any]:
    """The fault that the form *given* describes, in the form of ``/sandbox/faults``. Raises `Refused`."""
    body = _effect(given.get("effect", ""))
    if call := given.get("call", "").strip():
        body["path" if call.startswith(("/", "*")) else "operation"] = call
    if given.get("method", "*") != "*":
        body["method"] = given["method"]
    body |= {name: _number(given, name, convert) for name, convert in NUMBERS.items() if name in given}
    if "percent" in given:
        body["chance"] = _number(given, "percent", float) / 100
    if "reason" in given:
        body["reason"] = given["reason"]
    if "retry_after" in given:
        body["headers"] = {"Retry-After": str(_number(given, "retry_after", int))}
    return body


def _effect(chosen: str) -> dict[str, Any]:
    """The members of a fault with the effect *chosen*. Raises `Refused`."""
    if chosen not in {each for group in EFFECTS.values() for each in group}:
        raise Refused("Choose one of the effects", field="effect")
    name, _, value = chosen.partition(":")
    if name == "lost":
        return {"connection": value, "processed": True}
    if name == "delay":
        return {}  # the seconds are a field of their own
    return {name: int(value) if name == "status" else value}


def _number(given: dict[str, str], name: str, convert: Callable[[str], Any]) -> Any:
    try:
        return convert(given.get(name, ""))
    except ValueError:
        raise Refused("Must be a number", field=name) from None
