"""Faults on demand: refusals, broken and late responses, lost connections."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from http import HTTPStatus
from typing import Any, Literal, NamedTuple, SupportsIndex, TypeAlias

import msgspec

from linode._http.transport import Response
from linode._model.names import PublicNames
from linode._model.options import checks_options_of

from ..core.kind import KINDS
from ..engine import registry
from ..engine.response_headers import fixed_headers
from . import path_patterns, reachability
from .operations import operation

__all__ = ["Fault", "Faults", "Outcome"]

Body: TypeAlias = Literal["html", "empty", "broken", "truncated"]
Connection: TypeAlias = Literal["refused", "dropped"]

METHODS = ("*", "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")
BODIES = ("html", "empty", "broken", "truncated")
CONNECTIONS = ("refused", "dropped")
REASONS = {
    401: "Invalid Token",
    403: "Unauthorized",
    404: "Not found",
    420: "Enhance Your Calm",
    429: "Too many requests",
    500: "An error occurred",
}
"""The API's reasons for statuses where they differ from the standard phrase."""
BODILESS = (204, 304)
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"([!-~\x80-\xff]([ \t!-~\x80-\xff]*[!-~\x80-\xff])?)?")

Refusal: TypeAlias = Literal["sold_out", "limit", "inactive", "payment", "reserved_ips"]


class Outcome(NamedTuple):
    """The result of a request: a response, or the way in which its connection was lost, after ``delay`` seconds.

    A ``"truncated"`` outcome has a response, which is cut off.
    """

    response: Response | None
    delay: float = 0.0
    lost: Literal["refused", "dropped", "truncated"] | None = None


@checks_options_of
@dataclass(eq=False)
class Fault(PublicNames):
    """A failure of the next matching call.

    A call matches by ``method`` (``"*"``: any) and ``path``, in which ``*`` is one segment and ``**`` any number of
    them, without the API's version (``"/linode/instances/*/boot"``). Instead of both, the operation can be given as the
    library describes it: ``Fault(Linode.boot, status=500)``, ``Fault(LinodeClient.create_linode, ...)``, or by its name
    as a text, ``Fault("Domain.delete", ...)``; ``operation`` is then that name.

    The first ``skip`` matching calls succeed; then the next ``times`` (default: 1) fail, or each with the probability
    ``chance`` until the fault is removed.

    The effects can be combined, unless they contradict each other:

    - ``status``: the response is an error of the API with this status and ``reason``.
    - ``headers`` are added to the response: ``{"Retry-After": "3"}``, ``{"X-Maintenance-Mode": "all,closed"}``.
    - ``body`` replaces the body: ``"html"`` is a page of the proxy in front of the API, ``"empty"`` has no content,
      ``"broken"`` is half of the JSON, ``"truncated"`` is shorter than its ``Content-Length``.
    - ``content`` is the complete body.
    - ``delay`` is the number of seconds until the response; a client gives up after its timeout.
    - ``connection`` is ``"dropped"`` without a response, or ``"refused"`` before anything is sent (only in process: a
      port that has accepted the request drops it).

    ``processed`` is whether the call is carried out all the same; by default it is, unless there is a ``status`` or a
    ``connection``. ``hits`` is the number of calls that the fault has hit.

    Raises ValueError for invalid and contradictory values, such as a path that no operation of the API has.
    """

    method: Any = "*"
    path: str = "**"
    _: KW_ONLY
    times: int | None = None
    chance: float | None = None
    skip: int = 0
    status: int | None = None
    reason: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body | None = None
    content: bytes | None = None
    delay: float = 0.0
    connection: Connection | None = None
    processed: bool | None = None
    hits: int = field(default=0, init=False)
    operation: str | None = field(default=None, init=False)

    @classmethod
    def refusal(cls, why: Refusal, method: str = "POST", path: str | None = None, **members: Any) -> Fault:
        """A refusal of the account by the API; by default of the next Linode that is created.

        ``"sold_out"``: the plan is not available in the region. ``"limit"``: the account has reached its number of
        services. ``"inactive"``: the account is not activated yet (403). ``"payment"``: a payment is due.
        ``"reserved_ips"``: the account may not reserve more addresses (the next address that is reserved). *members*
        are other arguments of `Fault`: with ``chance=1`` the fault is permanent.

        Raises ValueError for another word.
        """
        registry.load()
        known = {name: kind for kind in KINDS.values() for name in kind.refusals.account}
        if why not in known:
            raise ValueError(f"a refusal is one of {', '.join(known)}, not {why!r}")
        kind = known[why]
        status, reason = kind.refusals.account[why]
        return cls(method, path or kind.collection, status=status, reason=reason, **members)

    def __post_init__(self) -> None:
        if not isinstance(self.method, str) or "." in self.method:
            if self.path != "**":
                raise ValueError("an operation has its path: leave the path out")
            self.method, self.path, self.operation = operation(self.method)
        if self.method.upper() not in METHODS:
            cure = f"; write Fault('*', {self.method!r}, ...)" if self.method.startswith("/") else ""
            raise ValueError(f"the method of a fault is one of {', '.join(METHODS)}, not {self.method!r}{cure}")
        path_patterns.check(self.path)
        reachability.check(self.method, self.path)
        self._check_calls()
        if self.status is not None and not isinstance(self.status, int):
            raise TypeError(f"status must be an int, not {type(self.status).__name__}")
        self._check_effect()
        self._check_headers()
        if self.processed is None:
            self.processed = self.status is None and self.connection is None
        self._check_processed(self.processed)

    def _check_calls(self) -> None:
        if self.times is not None and self.chance is not None:
            raise ValueError("times and chance cannot be combined")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times must be at least 1, not {self.times}")
        if self.chance is not None and not 0 < self.chance <= 1:
            raise ValueError(f"chance must be above 0 and at most 1, not {self.chance}")
        if self.skip < 0:
            raise ValueError(f"skip must be at least 0, not {self.skip}")

    def _check_effect(self) -> None:
        answered = (self.status, self.body, self.content, self.headers or None)
        if not self.delay and self.connection is None and not any(each is not None for each in answered):
            raise ValueError("a fault needs at least one of status, headers, body, content, delay and connection")
        if self.connection is not None and any(each is not None for each in answered):
            raise ValueError("connection cannot be combined with status, headers, body or content")
        if self.body is not None and self.content is not None:
            raise ValueError("body and content cannot be combined")
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError(f"status must be from 200 to 599, not {self.status}")
        if self.status in BODILESS and (self.body is not None or self.content is not None):
            raise ValueError(f"a response with status {self.status} has no body: leave body and content out")
        if self.reason is not None and (self.status is None or self.status < 400):
            raise ValueError("reason needs a status of 400 or more")
        if self.body is not None and self.body not in BODIES:
            raise ValueError(f"body must be one of {', '.join(BODIES)}, not {self.body!r}")
        if self.connection is not None and self.connection not in CONNECTIONS:
            raise ValueError(f"connection must be one of {', '.join(CONNECTIONS)}, not {self.connection!r}")
        if not 0 <= self.delay < math.inf:
            raise ValueError(f"delay must be a finite number of seconds, at least 0, not {self.delay}")

    def _check_headers(self) -> None:
        for name, value in self.headers.items():
            if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)):
                raise ValueError(f"the header {name!r} cannot be sent: it has characters that HTTP forbids")

    def _check_processed(self, processed: bool) -> None:
        if processed and self.connection == "refused":
            raise ValueError("processed must be False with connection='refused'")
        if not processed and self.status is None and self.connection is None:
            raise ValueError("processed=False needs a status or a connection")

    @property
    def spent(self) -> bool:
        """Whether the fault has hit all of its calls."""
        return self.chance is None and self.hits >= (self.times or 1)

    def meets(self, method: str, path: str, chance: random.Random) -> bool:
        """Whether the fault hits the current call *method* *path*, which is counted."""
        if self.spent or self.method.upper() not in ("*", method) or not path_patterns.fits(self.path, path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.chance is not None and chance.random() >= self.chance:
            return False
        self.hits += 1
        return True

    def outcome(self, answer: Response | None) -> Outcome:
        """The outcome for the client; *answer* is the API's response (None: the call was not carried out)."""
        if self.connection is not None:
            return Outcome(None, self.delay, self.connection)
        if self.status is not None and (answer is None or self.status >= 400):
            answer = _error(self.status, self.reason)
        if answer is None:
            raise ValueError("processed=False needs a status")
        status = self.status or answer.status
        headers, content = answer.headers, answer.content if self.content is None else self.content
        if self.body == "html":
            headers, content = {"Server": "nginx", "Content-Type": "text/html"}, _html(status)
        elif self.body == "broken":
            content = content[: len(content) // 2] or b"{"
        if self.body == "empty" or status in BODILESS:
            content = b""
        added = {name.lower(): value for name, value in self.headers.items()}
        response = Response(status, {**Response(status, headers).headers, **added}, content)
        return Outcome(response, self.delay, "truncated" if self.body == "truncated" else None)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "An error occurred"


def _error(status: int, reason: str | None) -> Response:
    why = reason or REASONS.get(status) or _phrase(status)
    return Response(status, fixed_headers(status), msgspec.json.encode({"errors": [{"reason": why}]}))


def _html(status: int) -> bytes:
    title = f"{status} {_phrase(status)}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return page.encode()


def _checked(fault: Any) -> Fault:
    if not isinstance(fault, Fault):
        example = "Fault('GET', '/regions', status=500)"
        raise TypeError(f"sandbox.faults holds faults, such as {example}, not {type(fault).__name__}")
    return fault


class Faults(list[Fault]):
    """The active faults, a list that can be appended to and cleared. The first matching fault hits a call.

    A fault that has hit all of its calls is removed. ``seed`` makes the random choices reproducible.
    """

    def __init__(self, seed: int | None = None) -> None:
        super().__init__()
        self._random = random.Random(seed)

    def append(self, fault: Fault) -> None:
        """Add *fault* behind the others. Raises TypeError for anything else."""
        super().append(_checked(fault))

    def extend(self, faults: Iterable[Fault]) -> None:
        """Add *faults* behind the others. Raises TypeError for anything else."""
        super().extend([_checked(each) for each in faults])

    def insert(self, index: SupportsIndex, fault: Fault) -> None:
        """Put *fault* before the others at *index*. Raises TypeError for anything else."""
        super().insert(index, _checked(fault))

    def meet(self, method: str, path: str) -> Fault | None:
        """The fault that hits the call *method* *path*, or None."""
        found = next((each for each in list(self) if each.meets(method, path, self._random)), None)
        if found is not None and found.spent:
            self.remove(found)
        return found
