"""Services that can be watched: their metrics, dashboards and tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Unpack

from linode._model import BaseClient, Bounds, Call, Many, Nested, Options, ReadOnly, Resource, Struct, action, body
from linode._secrets import checked_token
from linode.errors import UnexpectedResponseError

from .alerts import AlertDefinition, AlertDefinitionOptions, AlertLabel, AlertScope, AlertSeverity, definition
from .dashboards import MetricDefinition, MonitorDashboard, MonitorServiceType
from .metrics import METRICS_VERSION, MetricQuery, MetricsOptions, MetricsResult, MonitorToken, metrics_host

if TYPE_CHECKING:
    from .channels import AlertChannel


class MonitorTokenOptions(Options, total=False):
    """Entities of a token, which all services but ``objectstorage`` require."""

    entity_ids: Annotated[Sequence[Resource | int], Bounds(min_length=1, max_length=100)]
    """Entities whose metrics the token reads: 1 to 100 objects or IDs."""


class MonitorServiceAlert(Struct):
    """Values that alerts of a service can have."""

    polling_interval_seconds: ReadOnly[list[int]]
    """Seconds between two evaluations."""
    evaluation_period_seconds: ReadOnly[list[int]]
    """Seconds that an evaluation looks back."""
    scope: ReadOnly[list[AlertScope]]


class MonitorService(Resource):
    """A service whose entities can be watched: databases, Linodes, NodeBalancers, firewalls and more."""

    path = "/monitor/services/{service_type}"
    scope = "monitor"
    read_only = True

    service_type: ReadOnly[MonitorServiceType]
    """Type, which is the ID: ``dbaas`` for databases, ``blockstorage`` for volumes."""
    label: ReadOnly[str]
    alert: Nested[MonitorServiceAlert]
    alert_definitions: Many[AlertDefinition] = Many("alert-definitions")
    dashboards: Many[MonitorDashboard]
    metric_definitions: Many[MetricDefinition] = Many("metric-definitions")

    @classmethod
    def _sent(cls, data: Any) -> Any:
        """The only service on the page that the API returns for one."""
        found = data.get("data", data)
        if not isinstance(found, list):
            return found
        if len(found) != 1:
            raise UnexpectedResponseError(f"the API sent {len(found)} services instead of one")
        return found[0]

    @action
    def create_alert_definition(
        self,
        label: AlertLabel,
        severity: AlertSeverity,
        channel_ids: Sequence[AlertChannel | int],
        **options: Unpack[AlertDefinitionOptions],
    ) -> Call[AlertDefinition]:
        """Create an alert definition, whose label is unique in the account, and return it.

        The scope ``entity``, the default, requires ``entity_ids``; the scope ``region`` requires ``regions``. The
        status is ``provisioning`` for some minutes, then ``enabled``; `AlertDefinition.wait` waits for that. Raises
        `InvalidRequestError` when the label is taken, or a rule does not fit the metrics of the service.
        """
        sent = definition(label=label, severity=severity, channel_ids=channel_ids, **options)
        return self._creates(AlertDefinition, "alert-definitions", sent)

    @action
    def create_token(self, **options: Unpack[MonitorTokenOptions]) -> Call[MonitorToken]:
        """Create a token that reads metrics of the entities given for six hours, and return it.

        Besides the scope for Monitor it takes the scope to read the entities. Raises `AuthorizationError` for entities
        that are not the account's.
        """
        return self._creates(MonitorToken, "token", body(**options))

    @action
    def read_metrics(
        self,
        token: MonitorToken | str,
        entity_ids: Annotated[Sequence[Resource | int], Bounds(min_length=1)],
        metrics: Annotated[Sequence[MetricQuery], Bounds(min_length=1)],
        **options: Unpack[MetricsOptions],
    ) -> Call[MetricsResult]:
        """Read metrics of entities over a period, which one of two options gives.

        The request goes to ``monitor-api.linode.com`` with *token* alone, which `create_token` returned: a client
        without a token of its own will do. A client of another base URL than the API's sends the request to the host of
        that. Raises `AuthenticationError` when the token has expired, and `AuthorizationError` for entities that it is
        not for.
        """
        secret = token.token if isinstance(token, MonitorToken) else token
        return Call(
            "POST",
            f"{metrics_host(self._client)}{METRICS_VERSION}{self.url}/metrics",
            body(entity_ids=entity_ids, metrics=metrics, **options),
            token=checked_token(secret),
            read=lambda data: MetricsResult._of(self, data),
            reads=True,
        )


class MonitorServicesMixin(BaseClient):
    """Methods of a client for services, metrics and dashboards."""

    get_monitor_services: Many[MonitorService] = Many("/monitor/services")
    """Services that can be watched."""
    get_monitor_dashboards: Many[MonitorDashboard] = Many("/monitor/dashboards")
    """Dashboards of all services."""
