"""Reading metrics, on a host of their own and with a token for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias, TypedDict

from linode._model import Bounds, Nested, Options, ReadOnly, Series, Statistics, Struct, series_of

API, METRICS = "https://api.linode.com", "https://monitor-api.linode.com"
METRICS_VERSION = "/v2beta"
MetricFunction: TypeAlias = Literal["min", "max", "avg", "sum"]
"""Function that makes one value of all in an interval."""
MetricsUnit: TypeAlias = Literal["sec", "min", "hr", "days"]
"""Unit of time."""


class MetricQuery(TypedDict, total=False):
    """A metric to read."""

    name: str
    """Name, one of `MonitorService.metric_definitions`."""
    aggregate_function: MetricFunction


class MetricsDuration(TypedDict, total=False):
    """A length of time."""

    unit: MetricsUnit
    value: int
    """Number of units."""


class MetricsPeriod(TypedDict, total=False):
    """A period of at most 31 days."""

    start: datetime
    """Begin (UTC)."""
    end: datetime
    """End (UTC)."""


class MetricsFilter(TypedDict, total=False):
    """A condition on a dimension."""

    dimension_label: str
    """Name of the dimension."""
    operator: Literal["eq", "neq", "startswith", "endswith"]
    value: str


class MetricsOptions(Options, total=False):
    """Options of `MonitorService.read_metrics`; either the relative or the absolute period is required."""

    relative_time_duration: MetricsDuration
    """Period that ends now, of at most 31 days."""
    absolute_time_duration: MetricsPeriod
    """Period between two moments."""
    time_granularity: MetricsDuration
    """Interval of the values; the API chooses it by default."""
    filters: Sequence[MetricsFilter]
    """Conditions on dimensions, all of which must hold."""


class MetricsSeries(Struct):
    """Values of a metric of one entity over time."""

    metric: ReadOnly[dict[str, Any]]
    """Labels of the series: ``entity_id``, ``metric_name``, and dimensions."""
    values: ReadOnly[Annotated[list[list[Any]], Bounds(min_length=1)]]
    """Pairs of a time in seconds since 1970 and a number as text; `points` has them as values of Python."""

    @property
    def name(self) -> str:
        """Name of the metric, with the other labels in parentheses: ``avg_cpu_usage (entity_id 1)``."""
        labels = dict(self.metric)
        metric = labels.pop("metric_name", "")
        shown = ", ".join(f"{label} {value}" for label, value in labels.items())
        return f"{metric} ({shown})" if shown else str(metric)

    @property
    def points(self) -> list[tuple[datetime, float]]:
        """Pairs of a time (UTC) and a number."""
        return [(datetime.fromtimestamp(at, UTC), float(value)) for at, value in self.values]


class MetricsData(Struct):
    """Series of a `MetricsResult`."""

    result: ReadOnly[Annotated[list[MetricsSeries], Bounds(min_length=1)]]
    """Series, for each entity, metric and value of a dimension."""
    result_type: ReadOnly[Literal["matrix"] | str] = ReadOnly("resultType")


class MetricsStats(Struct):
    """Statistics of the reading itself."""

    execution_time_msec: ReadOnly[Annotated[int, Bounds(ge=0)]] = ReadOnly("executionTimeMsec")
    """Milliseconds that the reading took."""
    series_fetched: ReadOnly[Annotated[str, Bounds(min_length=1)]] = ReadOnly("seriesFetched")
    """Number of series that were read, as text."""


class MetricsResult(Statistics, Struct):
    """Metrics of a service's entities over a period. `plot` draws them."""

    data: Nested[MetricsData]
    is_partial: ReadOnly[bool] = ReadOnly("isPartial")
    """Whether values are missing."""
    stats: Nested[MetricsStats]
    status: ReadOnly[str]
    """Status, ``success``."""

    @property
    def series(self) -> dict[str, Series]:
        """Time series by their names: ``avg_cpu_usage (entity_id 1, node_type primary)``.

        The API sends no units with them: `MonitorService.metric_definitions` has these.
        """
        found = (series_of(each.name, "", each.values, per_second=1) for each in self.data.result)
        return {each.name: each for each in found}


class MonitorToken(Struct):
    """A token that reads metrics of some entities of a service for six hours."""

    token: ReadOnly[str]
    """Token, a secret."""


def metrics_host(client: Any) -> str:
    """The scheme and host that has the metrics for the API at the base URL of *client*."""
    scheme, _, rest = getattr(client, "base_url", API).partition("://")
    host = f"{scheme}://{rest.partition('/')[0]}"
    return METRICS if host == API else host
