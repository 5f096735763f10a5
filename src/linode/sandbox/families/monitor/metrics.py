"""Metrics, which are read from their own host: synthetic series, reproducible in each request."""

from __future__ import annotations

import functools
import inspect
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from linode._http.transport import Request, Response
from linode.api.monitor.services import MonitorService
from linode.sandbox.engine import checks, hints
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..linodes.load import Figure, synthetic
from .dashboards import metrics_of
from .services import TOKEN, unknown_entities

__all__: list[str] = []

PLACE = "/v2beta/monitor/services"
UNITS = {"sec": 1, "min": 60, "hr": 3600, "days": 24 * 3600}
MAX_SECONDS = 31 * UNITS["days"]
MIN_GRANULARITY, MAX_VALUES = 60, 300
"""Seconds between two values at least, and values of a series at most, unless a granularity is given: guesses."""
MEANS = {
    "percent": (4, 60),
    "GB": (1, 40),
    "iops": (5, 400),
    "byte": (1e6, 1e9),
    "millisecond": (5, 200),
    "number": (1, 500),
}
"""The range of the mean of a series by its unit; the sandbox's own."""
MATCHES: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "neq": lambda value, wanted: value != wanted,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


@on.mount(PLACE)
def serve(world: World, request: Request) -> Response:
    """Handle a request to the metrics' host. That its errors have the API's format is a guess."""
    try:
        return _response(200, _read(world, request))
    except Refused as no:
        reasons = [{"reason": why, **({"field": name} if name else {})} for why, name in no.reasons]
        return _response(no.status, {"errors": reasons})


def _response(status: int, found: Any) -> Response:
    return Response(status, {"Content-Type": "application/json"}, msgspec.json.encode(found))


def _read(world: World, request: Request) -> Row:
    service_type, _, rest = request.url.partition(f"{PLACE}/")[2].partition("?")[0].partition("/")
    service = world.find(MonitorService, service_type)
    if service is None or rest != "metrics":
        raise Refused("Not found", status=404)
    if request.method != "POST":
        raise Refused("Method Not Allowed", status=405)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    token = world.find(TOKEN, secret) if scheme == "Bearer" else None
    if token is None or token["service_type"] != service_type:
        raise Refused("Invalid Token", status=401)
    asked = _checked(world, request.body)
    _refuse_foreign(world, service, token, asked["entity_ids"])
    return _series(world, service, **asked)


def _checked(world: World, content: bytes | None) -> Row:
    """Decode and check the request. Raises `Refused` if it does not match the declaration."""
    try:
        sent = msgspec.json.decode(content or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("The request body is not valid JSON") from None  # own words
    types, required = hints.parameters(inspect.unwrap(MonitorService.read_metrics))
    types.pop("token")
    required.remove("token")
    asked = {name: value for name, value in sent.items() if name in types}
    ids = asked.get("entity_ids")
    reasons = checks.check(world, asked, types, required, unchecked=("entity_ids",))
    if isinstance(ids, list) and not all(isinstance(each, (int, str)) for each in ids):
        reasons.append(("entity_ids is not valid", "entity_ids"))
    periods = [name for name in ("relative_time_duration", "absolute_time_duration") if asked.get(name)]
    if len(periods) != 1:
        words = "Must have either relative_time_duration or absolute_time_duration"  # own words
        reasons.append((words, periods[-1] if periods else "relative_time_duration"))
    if reasons:
        raise Refused.all(reasons)
    return asked


def _refuse_foreign(world: World, service: Row, token: Row, ids: Sequence[Any]) -> None:
    wrong = [each for each in ids if token["entities"] and str(each) not in token["entities"]]
    if wrong := wrong or unknown_entities(world, service, ids):
        shown = ", ".join(map(str, wrong))
        raise Refused(f"The following entity_ids are not valid - [{shown}]", field="entity_ids", status=403)  # recorded


def _series(
    world: World,
    service: Row,
    entity_ids: Sequence[Any],
    metrics: Sequence[Mapping[str, Any]],
    filters: Sequence[Mapping[str, Any]] = (),
    time_granularity: Mapping[str, Any] | None = None,
    **period: Mapping[str, Any],
) -> Row:
    """A series of each metric for each entity, if the filters let it pass."""
    known = metrics_of(world, service)
    at = _moments(*_period(world, period), time_granularity)
    for place, asked in enumerate(metrics):
        if asked.get("name") not in known:
            raise Refused("name is not valid", field=f"metrics[{place}].name")
    found = [
        _one(service["service_type"], entity, asked, known[asked["name"]], at)
        for asked in metrics
        for entity in entity_ids
        if all(_meets(_dimensions(known[asked["name"]]), each) for each in filters)
    ]
    return {
        "data": {"result": found, "resultType": "matrix"},
        "isPartial": False,
        "stats": {"executionTimeMsec": 0, "seriesFetched": str(len(found))},
        "status": "success",
    }


def _one(service_type: str, entity: Any, asked: Mapping[str, Any], definition: Mapping[str, Any], at: range) -> Row:
    """The series of a metric for an entity."""
    labels = _dimensions(definition)
    name = f"{asked.get('aggregate_function', 'avg')}_{asked['name']}"
    figure = _figure(service_type, str(entity), asked["name"], definition["unit"], *labels.values())
    values = [[each, _text(figure, each, at.step)] for each in at]
    return {"metric": {"entity_id": entity, "metric_name": name, **labels}, "values": values}


def _dimensions(definition: Mapping[str, Any]) -> dict[str, str]:
    """The dimensions of a series: a database has one node here, the primary, and so each metric has one series."""
    return {each["dimension_label"]: each["values"][0] for each in definition["dimensions"] if each["values"]}


def _meets(labels: Mapping[str, str], condition: Mapping[str, Any]) -> bool:
    value = labels.get(condition.get("dimension_label", ""))
    return value is not None and MATCHES[condition.get("operator", "eq")](value, condition.get("value", ""))


def _period(world: World, period: Mapping[str, Mapping[str, Any]]) -> tuple[float, float]:
    """From when to when the values are. Raises `Refused` for more than 31 days."""
    if relative := period.get("relative_time_duration"):
        field, end = "relative_time_duration", world.now
        begin = end - _seconds(relative)
    else:
        field = "absolute_time_duration"
        begin, end = (_moment(period[field].get(name), f"{field}.{name}") for name in ("start", "end"))
    if not 0 < end - begin <= MAX_SECONDS:
        raise Refused("The period must be at most 31 days", field=field)  # refused for certain, own words
    return begin, min(end, world.now)


def _seconds(length: Mapping[str, Any]) -> int:
    return int(UNITS[length.get("unit", "sec")] * length.get("value", 0))


def _moment(text: str | None, field: str) -> float:
    if text is None:
        raise Refused(f"{field.rpartition('.')[2]} is required", field=field)
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _moments(begin: float, end: float, granularity: Mapping[str, Any] | None) -> range:
    wanted = _seconds(granularity) if granularity else int((end - begin) / MAX_VALUES)
    every = -(-max(wanted, MIN_GRANULARITY) // MIN_GRANULARITY) * MIN_GRANULARITY
    return range(int(-(-begin // every) * every), int(end) + 1, every)


@functools.lru_cache(maxsize=1000)
def _figure(service_type: str, entity: str, metric: str, unit: str, *labels: str) -> Figure:
    """The values of a metric of an entity; they depend only on the arguments, so past values never change."""
    chance = random.Random("/".join((service_type, entity, metric, *labels)))
    return synthetic(chance, value=chance.uniform(*MEANS.get(unit, (1, 1000))))["value"]


def _text(figure: Figure, at: int, every: int) -> str:
    """The mean of *figure* in the seconds before the moment *at*."""
    return repr(round((figure.before(at) - figure.before(at - every)) / every, 4))
