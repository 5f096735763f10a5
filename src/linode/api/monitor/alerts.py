"""Alert definitions: rules for the metrics of a service, and the channels that send alerts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Entry, Field, Nested, ReadOnly, Resource, Struct, action
from linode._model.options import Options, body
from linode._model.relations import IDsField, Many, Parent
from linode.waiting.waitable import Waitable

from .dashboards import MonitorServiceType
from .records import _Changed

if TYPE_CHECKING:
    from ..regions import Region
    from .channels import AlertChannel
    from .services import MonitorService

AlertLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=100)]
AlertSeverity: TypeAlias = Literal[0, 1, 2, 3]
"""Severity of an alert: 0 severe, 1 medium, 2 low, 3 info."""
AlertScope: TypeAlias = Literal["account", "entity", "region"] | str
"""Scope of an alert: all entities of the service, entities of regions, or chosen entities."""
AlertStatus: TypeAlias = (
    Literal["enabled", "disabled", "in progress", "failed", "disabling", "enabling", "provisioning"] | str
)
"""Status of an alert definition; only ``enabled`` ones watch."""
AlertFunction: TypeAlias = Literal["avg", "sum", "min", "max", "count"] | str
"""Function that makes one value of all in the evaluation period."""
RuleOperator: TypeAlias = Literal["eq", "gt", "lt", "gte", "lte"] | str
"""Comparison of the value with the threshold."""
DimensionOperator: TypeAlias = Literal["eq", "neq", "startswith", "endswith", "in"] | str
"""Comparison of a dimension with a value."""


class NewAlertDimensionFilter(TypedDict, total=False):
    """A condition on a dimension of a metric."""

    dimension_label: str
    operator: DimensionOperator
    value: str


class NewAlertRule(TypedDict, total=False):
    """A rule of an alert definition."""

    metric: str
    aggregate_function: AlertFunction
    operator: RuleOperator
    threshold: float
    dimension_filters: Sequence[NewAlertDimensionFilter]


class NewAlertRuleCriteria(TypedDict, total=False):
    """Rules of an alert definition, all of which must hold."""

    rules: Sequence[NewAlertRule]


class NewAlertTriggerConditions(TypedDict, total=False):
    """Conditions under which an alert is triggered."""

    criteria_condition: Literal["ALL"]
    evaluation_period_seconds: int
    polling_interval_seconds: int
    trigger_occurrences: int


class _NewAlertDefinitionOptions(Options, total=False):
    """Options of an `AlertDefinition` that is created or cloned."""

    description: str
    entity_ids: Sequence[Resource | int | str]
    """Entities to watch, for the scope ``entity``: objects or IDs."""
    group_by: Sequence[str]
    regions: Sequence[Region | str]
    rule_criteria: NewAlertRuleCriteria
    trigger_conditions: NewAlertTriggerConditions


class AlertDefinitionChanges(_NewAlertDefinitionOptions, total=False):
    """Options of a clone besides its label; entities and regions are not copied from the original."""

    channel_ids: Sequence[AlertChannel | int]
    """Channels that send alerts."""
    severity: AlertSeverity


class AlertDefinitionOptions(_NewAlertDefinitionOptions, total=False):
    """Options of `MonitorService.create_alert_definition` besides label, severity and channels."""

    scope: AlertScope
    """Scope; ``entity`` by default."""


class AlertChannelLink(Struct):
    """A channel that sends alerts."""

    id: ReadOnly[int]
    label: ReadOnly[str]
    type: ReadOnly[Literal["email", "alert-channel", "alert-channels"] | str]
    url: ReadOnly[str]


class AlertEntities(Struct):
    """Number of the entities that an alert definition watches."""

    count: ReadOnly[int]
    """Number."""
    has_more_resources: ReadOnly[bool]
    """Whether there are more entities than `count`."""
    url: ReadOnly[str]
    """Path of the list; `AlertDefinition.watched_entities` is that list."""


class AlertEntity(Entry):
    """An entity that an alert definition watches."""

    scope = "monitor"

    id: ReadOnly[str]
    label: ReadOnly[str]
    type: ReadOnly[str]
    """Type of the service."""
    entity_url: ReadOnly[str] = ReadOnly("url")


class AlertDimensionFilter(Struct):
    """A condition on a dimension of a metric."""

    dimension_label: Field[str]
    """Name of the dimension."""
    label: ReadOnly[str]
    """Title of the dimension."""
    operator: Field[DimensionOperator]
    value: Field[str]
    """Value; several are separated by commas."""


class AlertRule(Struct):
    """A rule of an alert definition."""

    metric: Field[str]
    """Name of the metric, one of `MonitorService.metric_definitions`."""
    label: ReadOnly[str]
    """Title of the metric."""
    unit: ReadOnly[
        Literal["number", "byte", "second", "percent", "bit_per_second", "millisecond", "KB", "MB", "GB"] | str
    ]
    aggregate_function: Field[AlertFunction]
    operator: Field[RuleOperator]
    threshold: Field[float]
    """Threshold, in the unit of the metric."""
    dimension_filters: Field[list[AlertDimensionFilter]]
    """Conditions on dimensions, all of which must hold."""


class AlertRuleCriteria(Struct):
    """Rules of an alert definition, all of which must hold."""

    rules: Field[list[AlertRule]]


class AlertTriggerConditions(Struct):
    """Conditions under which an alert is triggered."""

    criteria_condition: Field[Literal["ALL"] | str]
    """Combination of the rules: all must hold."""
    evaluation_period_seconds: Field[int]
    """Seconds that an evaluation looks back, one of `MonitorServiceAlert.evaluation_period_seconds`."""
    polling_interval_seconds: Field[int]
    """Seconds between two evaluations, one of `MonitorServiceAlert.polling_interval_seconds`."""
    trigger_occurrences: Field[int]
    """Evaluations in a row at which the rules must hold."""


def definition(**members: Any) -> dict[str, Any]:
    """The body of an alert definition with *members*; the API takes the IDs of entities as strings."""
    sent = body(**members)
    if sent.get("entity_ids") is not None:
        sent["entity_ids"] = [str(each) for each in sent["entity_ids"]]
    return sent


class AlertDefinition(_Changed, Waitable):
    """Rules for the metrics of a service, and the channels that send alerts.

    Definitions of the type ``system`` are Linode's: only ``entity_ids`` can be changed, and none can be deleted.
    """

    path = "/monitor/services/{service}/alert-definitions/{id}"
    scope = "monitor"
    unique = "label"
    wait_status = "enabled"
    filterable = ("id", "label", "type")

    service: Parent[MonitorService] = Parent("service_type")
    id: ReadOnly[int]
    label: Field[AlertLabel]
    """Label, unique in the account: 1 to 100 characters."""
    description: Field[str]
    type: ReadOnly[Literal["user", "system"] | str]
    """Type: the account's own, or Linode's."""
    service_type: ReadOnly[MonitorServiceType]
    scope_: ReadOnly[AlertScope] = ReadOnly("scope")
    class_: ReadOnly[Literal["shared", "dedicated"] | str | None] = ReadOnly("class")
    """Class of the plans that a definition of Linode's is about; None for others."""
    severity: Field[AlertSeverity]
    status: Field[AlertStatus]
    """Status; ``enabled`` and ``disabled`` can be set."""
    entity_ids: IDsField[Resource | None, str]
    """IDs of the entities to watch, which `LinodeClient.get_alert_definitions` alone returns; None elsewhere."""
    has_more_resources: ReadOnly[bool | None]
    """Whether there are more entities than `entity_ids` has; None where that is not loaded."""
    entities: Nested[AlertEntities]
    watched_entities: Many[AlertEntity] = Many("entities")
    regions: IDsField[Region, str]
    """Regions to watch, for the scope ``region``."""
    group_by: Field[list[str]]
    """Dimensions whose values are evaluated apart from each other."""
    rule_criteria: Nested[AlertRuleCriteria]
    trigger_conditions: Nested[AlertTriggerConditions]
    alert_channels: ReadOnly[list[AlertChannelLink]]
    """Channels that send alerts; `set_channels` replaces them."""

    @action
    def set_channels(self, channel_ids: Sequence[AlertChannel | int]) -> Call[AlertDefinition]:
        """Replace the channels that send alerts; returns the definition."""
        return Call("PUT", self.url, body(channel_ids=channel_ids), read=self._merge)

    @action
    def clone(self, label: AlertLabel, **options: Unpack[AlertDefinitionChanges]) -> Call[AlertDefinition]:
        """Create a definition with the rules, conditions, dimensions and channels of this one, and return it.

        The options replace what is copied. Raises `InvalidRequestError` when the label is taken.
        """
        return self._creates(AlertDefinition, "clone", definition(label=label, **options))


class AlertDefinitionsMixin(BaseClient):
    """Methods of a client for alert definitions."""

    get_alert_definitions: Many[AlertDefinition] = Many("/monitor/alert-definitions")
    """Alert definitions of all services; `MonitorService.create_alert_definition` creates one."""
