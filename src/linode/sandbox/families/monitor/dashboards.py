"""Dashboards and the metrics of services, as they were recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.monitor.dashboards import MetricDefinition, MonitorDashboard
from linode.api.monitor.services import MonitorService
from linode.sandbox.core.kind import Kind, Operations, Source
from linode.sandbox.engine.registry import Refused, Row, World, on

__all__ = ["metrics_of"]

READS = ((100, 60),)
RECORDED = "dbaas"
"""The only service whose metrics are on record; of others the sandbox knows what dashboards show."""
UNITS = {
    "%": "percent",
    "Bytes": "byte",
    "sec": "second",
    "bps": "bit_per_second",
    "ms": "millisecond",
    "msec": "millisecond",
    "Count": "number",
}
"""The units of alerts by those of widgets: a guess, but for percent."""
FUNCTIONS = ("sum", "max", "avg", "min")

on.kind(
    Kind(
        of=MonitorDashboard,
        source=Source("/monitor/dashboards"),
        operations=Operations(limits={"list": READS, "get": READS, MonitorService.dashboards: READS}),
    )
)
on.kind(
    Kind(
        of=MetricDefinition,
        source=Source("/monitor/services/{id}/metric-definitions", keys=("metric",)),
        operations=Operations(limits={MonitorService.metric_definitions: READS}),
    )
)


@on(MonitorService.dashboards)
def dashboards(world: World, service: Row) -> list[Row]:
    """The dashboards of the service."""
    return world.rows(MonitorDashboard, service_type=service["service_type"])


@on(MonitorService.metric_definitions)
def metric_definitions(world: World, service: Row) -> list[Row]:
    """The metrics of databases; those of other services are not on record."""
    if service["service_type"] != RECORDED:
        raise Refused(f"The sandbox does not know the metrics of {service['service_type']}.", status=501)  # own words
    return world.rows(MetricDefinition)


def metrics_of(world: World, service: Row) -> Mapping[str, Row]:
    """The known metrics of *service*, by name, in the form of definitions."""
    if service["service_type"] == RECORDED:
        return {each["metric"]: each for each in world.read(MetricDefinition)}
    shown = world.read(MonitorDashboard, service_type=service["service_type"])
    return {each["metric"]: _definition(each) for board in reversed(list(shown)) for each in board["widgets"]}


def _definition(widget: Mapping[str, Any]) -> Row:
    """The definition of the metric in *widget*, with the members that follow from the widget."""
    unit = UNITS.get(widget["unit"], widget["unit"])
    return {
        "metric": widget["metric"],
        "label": widget["label"],
        "unit": unit,
        "is_alertable": True,  # a guess, as the next two
        "available_aggregate_functions": FUNCTIONS,
        "dimensions": [],
    }
