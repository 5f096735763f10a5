"""Dashboards and metrics: what services measure, and how it is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from linode._model import Entry, ReadOnly, Resource, Struct

MonitorServiceType: TypeAlias = (
    Literal[
        "dbaas", "blockstorage", "firewall", "linode", "lke", "logs", "netloadbalancer", "nodebalancer", "objectstorage"
    ]
    | str
)
"""Type of a service: ``dbaas`` for databases, ``blockstorage`` for volumes."""
_Unit: TypeAlias = Literal[
    "%", "Bytes", "sec", "bps", "msec", "Bps", "KB", "MB", "GB", "rate", "percentile", "ratio", "OPS", "IOPS"
]
WidgetUnit: TypeAlias = Literal[_Unit, "Kbps", "Count", "sessions/s", "ms"] | str
"""Unit of the values of a widget."""
MetricUnit: TypeAlias = Literal[_Unit, "percent", "iops"] | str
"""Unit of the values of a metric."""
DashboardFunction: TypeAlias = Literal["min", "max", "avg", "sum", "rate", "increase"] | str
"""Function that makes one value of many."""


class DashboardFilter(Struct):
    """A condition on a dimension that a widget shows."""

    dimension_label: ReadOnly[str]
    """Name of the dimension."""
    operator: ReadOnly[str]
    """Operator, such as ``in``."""
    value: ReadOnly[str]
    """Value; several are separated by commas."""


class DashboardWidget(Struct):
    """A chart of a dashboard."""

    label: ReadOnly[str]
    metric: ReadOnly[str]
    unit: ReadOnly[WidgetUnit]
    aggregate_function: ReadOnly[DashboardFunction]
    chart_type: ReadOnly[Literal["line", "area"] | str]
    color: ReadOnly[str]
    size: ReadOnly[Literal[6, 12] | int]
    """Width: 12 for the whole width, 6 for half of it."""
    y_label: ReadOnly[str]
    """Title of the axis."""
    description: ReadOnly[str | None]
    filters: ReadOnly[list[DashboardFilter] | None]
    """Conditions on dimensions; None for none."""
    group_by: ReadOnly[list[str] | None]
    """Dimensions with a line for each of their values; None for none."""
    widget_grouping: ReadOnly[str | None]
    """Group of widgets that the widget belongs to; None for none."""


class MonitorDashboard(Resource):
    """A set of charts for a service."""

    path = "/monitor/dashboards/{id}"
    scope = "monitor"
    read_only = True

    id: ReadOnly[int]
    label: ReadOnly[str]
    description: ReadOnly[str | None]
    """Description; None in the list of one service."""
    service_type: ReadOnly[MonitorServiceType]
    type: ReadOnly[Literal["standard"] | str]
    """Kind; ``standard`` for Linode's own."""
    group_by: ReadOnly[list[str]]
    """Dimensions with a line for each of their values."""
    widgets: ReadOnly[list[DashboardWidget]]
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]


class MetricDimension(Struct):
    """A dimension that distinguishes the values of a metric."""

    label: ReadOnly[str]
    dimension_label: ReadOnly[str]
    """Name."""
    values: ReadOnly[list[str]]
    """Known values."""


class MetricDefinition(Entry):
    """A metric of a service. The API returns definitions in a list only."""

    scope = "monitor"

    label: ReadOnly[str]
    metric: ReadOnly[str]
    """Name."""
    metric_type: ReadOnly[Literal["counter", "histogram", "gauge", "summary"] | str]
    unit: ReadOnly[MetricUnit]
    scrape_interval: ReadOnly[str]
    """Time between two values, such as ``60s``."""
    is_alertable: ReadOnly[bool]
    """Whether rules of alerts can use the metric."""
    available_aggregate_functions: ReadOnly[list[DashboardFunction]]
    dimensions: ReadOnly[list[MetricDimension]]
