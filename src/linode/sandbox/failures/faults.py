"""What goes wrong because somebody asked for it: refusals, spoilt and late answers, lost connections."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from http import HTTPStatus
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from linode._http.transport import Response

from ..core.kind import KINDS
from ..engine import registry
from ..engine.steps import HEADERS
from . import path_patterns, reached

__all__ = ["Fault", "Faults", "Outcome"]

Body: TypeAlias = Literal["html", "empty", "broken", "truncated"]
Connection: TypeAlias = Literal["refused", "dropped"]

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
"""What the API says where it does not say what the status is called."""
BODILESS = (204, 304)
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"([!-~\x80-\xff]([ \t!-~\x80-\xff]*[!-~\x80-\xff])?)?")

Refusal: TypeAlias = Literal["sold_out", "limit", "inactive", "payment", "reserved_ips"]


class Outcome(NamedTuple):
    """What becomes of a request: an answer, or how its connection was lost, after ``delay`` seconds.

    A ``"truncated"`` outcome has an answer, of which not all arrives.
    """

    response: Response | None
    delay: float = 0.0
    lost: Literal["refused", "dropped", "truncated"] | None = None


@dataclass(eq=False)
class Fault:
    """Something that is to go wrong with the next call that fits.

    Which calls: ``method`` (``"*"``: any) and ``path``, in which ``*`` is one segment and ``**`` anything, without the
    API's version (``"/linode/instances/*/boot"``). The first ``skip`` of them go through; then the next ``times`` meet
    the fault (1 unless said), or each with a ``chance`` between 0 and 1 for as long as the fault stands.

    What happens, each alone or together where that makes sense:

    - ``status``: the answer is an error of the API with that status, and with ``reason``.
    - ``headers`` are put into the answer: ``{"Retry-After": "3"}``, ``{"X-Maintenance-Mode": "all,closed"}``.
    - ``body`` spoils the answer: ``"html"`` is a page of the proxy before the API, ``"empty"`` has nothing in it,
      ``"broken"`` is half of the JSON, ``"truncated"`` ends before all that was announced has come.
    - ``content`` is the whole body, as it stands.
    - ``delay``: seconds that the answer takes; past the client's timeout the client gives up.
    - ``connection``: ``"dropped"`` without an answer, or ``"refused"`` before anything is sent (in process alone: a
      port that has taken the request drops it).

    ``processed`` says whether the call is carried out all the same. Unless said, it is where only its answer suffers,
    and is not where there is a ``status`` or a ``connection``. ``hits`` counts the calls that the fault has hit.

    Raises ValueError for what makes no sense, such as a path that no operation of the API has.
    """

    method: str = "*"
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

    @classmethod
    def refusal(cls, why: Refusal, method: str = "POST", path: str | None = None, **members: Any) -> Fault:
        """The API's refusal of something to the account, whoever asks; by default of the next new Linode.

        ``"sold_out"``: the plan is not available in the region. ``"limit"``: the account has as many services as it
        may. ``"inactive"``: it is not activated yet (403). ``"payment"``: it has not been paid for.
        ``"reserved_ips"``: it may not reserve more addresses (of the next one reserved). *members* are the fault's
        others: ``chance=1`` lets it stand.

        Raises ValueError for another word.
        """
        registry.load()
        known = {name: kind for kind in KINDS.values() for name in kind.refusals}
        if why not in known:
            raise ValueError(f"what is refused is one of {', '.join(known)}, not {why!r}")
        kind = known[why]
        status, reason = kind.refusals[why]
        return cls(method, path or kind.collection, status=status, reason=reason, **members)

    def __post_init__(self) -> None:
        path_patterns.check(self.path)
        reached.check(self.method, self.path)
        self._check_calls()
        self._check_effect()
        self._check_headers()
        if self.processed is None:
            self.processed = self.status is None and self.connection is None
        self._check_processed(self.processed)

    def _check_calls(self) -> None:
        if self.times is not None and self.chance is not None:
            raise ValueError("give times or chance, not both")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times must be at least 1, not {self.times}")
        if self.chance is not None and not 0 < self.chance <= 1:
            raise ValueError(f"chance must be above 0 and at most 1, not {self.chance}")
        if self.skip < 0:
            raise ValueError(f"skip must be at least 0, not {self.skip}")

    def _check_effect(self) -> None:
        answered = (self.status, self.body, self.content, self.headers or None)
        if not self.delay and self.connection is None and not any(each is not None for each in answered):
            raise ValueError("nothing goes wrong: give status, headers, body, content, delay or connection")
        if self.connection is not None and any(each is not None for each in answered):
            raise ValueError("a lost connection has no status, headers, body or content")
        if self.body is not None and self.content is not None:
            raise ValueError("give body or content, not both")
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError(f"status must be from 200 to 599, not {self.status}")
        if self.status in BODILESS and (self.body is not None or self.content is not None):
            raise ValueError(f"an answer with status {self.status} has no body, so leave body and content out")
        if self.reason is not None and (self.status is None or self.status < 400):
            raise ValueError("a reason needs a status of 400 or more")
        if self.body is not None and self.body not in BODIES:
            raise ValueError(f"body must be one of {', '.join(BODIES)}, not {self.body!r}")
        if self.connection is not None and self.connection not in CONNECTIONS:
            raise ValueError(f"connection must be one of {', '.join(CONNECTIONS)}, not {self.connection!r}")
        if not 0 <= self.delay < math.inf:
            raise ValueError(f"delay must be seconds, not {self.delay}")

    def _check_headers(self) -> None:
        for name, value in self.headers.items():
            if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)):
                raise ValueError(f"the header {name!r} cannot be sent: it has characters that HTTP forbids")

    def _check_processed(self, processed: bool) -> None:
        if processed and self.connection == "refused":
            raise ValueError("a call whose connection is refused cannot be processed")
        if not processed and self.status is None and self.connection is None:
            raise ValueError("a call that is not processed needs a status, or a connection that is lost")

    @property
    def spent(self) -> bool:
        """Whether no more calls will meet this."""
        return self.chance is None and self.hits >= (self.times or 1)

    def meets(self, method: str, path: str, chance: random.Random) -> bool:
        """Whether the call *method* *path*, which now comes, meets this; it is counted."""
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
        """What the client gets; *answer* is the API's (None: the call has not been carried out)."""
        if self.connection is not None:
            return Outcome(None, self.delay, self.connection)
        if self.status is not None and (answer is None or self.status >= 400):
            answer = _error(self.status, self.reason)
        if answer is None:
            raise ValueError("a call that is not processed needs a status")
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
    return Response(status, HEADERS, msgspec.json.encode({"errors": [{"reason": why}]}))


def _html(status: int) -> bytes:
    title = f"{status} {_phrase(status)}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return page.encode()


class Faults(list[Fault]):
    """The faults that stand, a list to append to and to clear. A call meets the first that fits it.

    One that all of its calls have met is taken out. ``seed`` makes the chances fall the same each time.
    """

    def __init__(self, seed: int | None = None) -> None:
        super().__init__()
        self._random = random.Random(seed)

    def meet(self, method: str, path: str) -> Fault | None:
        """The fault that the call *method* *path* meets, if any."""
        found = next((each for each in list(self) if each.meets(method, path, self._random)), None)
        if found is not None and found.spent:
            self.remove(found)
        return found
