"""The parts of the page at ``/``: what each shows, its HTML, and the stream that replaces those that have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from linode._http.transport import Response

from ..failures.faults import Fault
from . import page_objects, pages
from .gateway import RecordedRequest, RequestDetails

if TYPE_CHECKING:
    from ..sandbox import Sandbox

__all__ = ["changes", "key_of", "last_id", "parts", "state"]


LATEST = 15
"""Number of events, and of requests, that the page shows."""
HITS = 5
"""Number of calls hit by faults that the page shows, and of recorded requests among which they are looked for."""
SEARCHED = 1000
PLAIN_QUERY = ("page", "page_size")
"""The parameters whose values are shown: those of all others may be secrets."""


def parts(sandbox: Sandbox, csrf: str) -> dict[str, str]:
    """The HTML of each part of the page, by its name; *csrf* is the token of its forms."""
    words = {"csrf": csrf, "tone": page_objects.status_colour}
    found = {}
    for name, view in VIEWS.items():
        found[name] = pages.render(f"part_{name}.html", **words, **view(sandbox))
    for name, sections in page_objects.SECTIONS.items():
        shown = [page_objects.section(sandbox.world, each) for each in sections]
        found[name] = pages.render("part_objects.html", **words, sections=shown)
    return found


def state(found: dict[str, str]) -> str:
    """The digests of the parts *found*, by which `changes` knows the parts of a page."""
    return ".".join(hashlib.sha256(f"{name} {html}".encode()).hexdigest()[:10] for name, html in found.items())


def changes(found: dict[str, str], have: str) -> Response:
    """The parts *found* whose digests are not in *have*, as server-sent events.

    The last event has the new digests as its ID, which the browser sends when it connects again.
    """
    known = have.split(".")
    told = [(name, html) for name, html in found.items() if state({name: html}) not in known]
    events = [f"event: {name}\n" + "".join(f"data: {line}\n" for line in html.splitlines()) for name, html in told]
    if events:
        events[-1] += f"id: {state(found)}\n"
    headers = {"Content-Type": pages.EVENTS, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(200, headers, "".join(f"{each}\n" for each in ["retry: 2000\n", *events]).encode())


def last_id(stream: bytes) -> str:
    """The ID of the last event of *stream*; ``""`` if it has none."""
    return next((line[4:].decode() for line in reversed(stream.splitlines()) if line.startswith(b"id: ")), "")


# -- the clock, events, requests and faults ----------------------------------------------------------------------------


def _clock(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "now": sandbox.world.stamp(),
        "stopped": sandbox.stopped,
        "speed": sandbox.speed,
        "step": sandbox.gateway.step,
    }


def _events(sandbox: Sandbox) -> dict[str, Any]:
    rows = sandbox.world.read("Event")
    return {
        "count": len(rows),
        "events": [page_objects.event(sandbox.world, each) for each in reversed(rows[-LATEST:])],
    }


def _news(sandbox: Sandbox) -> dict[str, Any]:
    """The newest event that has ended, which screen readers read out."""
    latest = sandbox.world.read("Event")[-LATEST:]
    ended = [each for each in latest if each["status"] not in ("scheduled", "started")]
    return {"event": page_objects.event(sandbox.world, ended[-1]) if ended else None}


def _requests(sandbox: Sandbox) -> dict[str, Any]:
    latest = [_request(each) for each in sandbox.requests[: -LATEST - 1 : -1]]
    return {"count": len(sandbox.requests), "requests": latest}


def _request(request: RecordedRequest) -> dict[str, Any]:
    seen = request if isinstance(request, RequestDetails) else RequestDetails(*request)
    return {
        "time": datetime.fromtimestamp(seen.now, UTC).strftime("%H:%M:%S"),
        "method": seen.method,
        "path": seen.path + _masked(seen.query),
        "status": _status(seen.status),
        "tone": "good" if 200 <= seen.status < 400 else "bad",
        "reason": seen.reason,
        "fault": seen.fault is not None,
    }


def _masked(query: str) -> str:
    """*query* without the values that may be secrets."""
    pairs = parse_qsl(query, keep_blank_values=True)
    shown = [f"{name}={value if name in PLAIN_QUERY and value.isdecimal() else '…'}" for name, value in pairs]
    return "?" + "&".join(shown) if shown else ""


def _status(status: int) -> str:
    """The status of a response, in figures and words; 0 is that of a request without a response."""
    if status == 0:
        return "no response"
    known = status in HTTPStatus._value2member_map_
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)


def _faults(sandbox: Sandbox) -> dict[str, Any]:
    recent = islice(reversed(sandbox.requests), SEARCHED)
    hit = islice((each for each in recent if isinstance(each, RequestDetails) and each.fault is not None), HITS)
    return {"faults": [_fault(each) for each in sandbox.faults], "hits": [_hit(each) for each in hit]}


def _hit(seen: RequestDetails) -> dict[str, Any]:
    return {**_request(seen), "effect": _effect(seen.fault) if seen.fault is not None else ""}


def _fault(fault: Fault) -> dict[str, Any]:
    calls = (
        f"{fault.method if fault.method != '*' else 'any method'} {fault.path if fault.path != '**' else 'any path'}"
    )
    return {
        "key": key_of(fault),
        "call": fault.operation or calls,
        "effect": _effect(fault),
        "times": ", ".join(_times(fault)),
        "hits": fault.hits,
    }


def key_of(fault: Fault) -> str:
    """The name of *fault* in the page's forms."""
    return f"{id(fault):x}"


def _effect(fault: Fault) -> str:
    return ", ".join(_effects(fault))


def _effects(fault: Fault) -> Iterator[str]:
    """The effects of *fault*, of which there is at least one."""
    if fault.status is not None:
        yield _status(fault.status)
    if fault.reason is not None:
        yield fault.reason
    if fault.content is not None:
        yield "a body of its own"
    if fault.body is not None:
        yield f"{fault.body} body"
    if fault.connection is not None:
        yield f"connection {fault.connection}"
    if fault.delay:
        yield f"{fault.delay:g} s late"
    if fault.headers:
        yield f"headers {', '.join(fault.headers)}"


def _times(fault: Fault) -> Iterator[str]:
    """For which calls *fault* is still there."""
    if fault.skip:
        yield f"after {page_objects.count_text(fault.skip, 'call')}"
    if fault.chance is not None:
        yield f"{100 * fault.chance:g} % of all calls"
    else:
        yield f"the next {page_objects.count_text((fault.times or 1) - fault.hits, 'call')}"


VIEWS: dict[str, Callable[[Sandbox], dict[str, Any]]] = {
    "news": _news,
    "clock": _clock,
    "faults": _faults,
    "events": _events,
    "requests": _requests,
}
"""The words for the template of each other part."""
