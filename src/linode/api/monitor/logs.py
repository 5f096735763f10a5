"""Log streams: logs of the account that are sent to a bucket or to an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Call, Entry, Field, Nested, Options, ReadOnly, Struct, action, body
from linode._model.relations import IDsField, Many
from linode.waiting.waitable import Waitable

from .destinations import LogBucket, LogDestination, LogDestinationType, LogLabel, NewLogDestinationDetails
from .records import _Versioned

if TYPE_CHECKING:
    from ..lke.clusters import LKECluster

LogStreamType: TypeAlias = Literal["audit_logs", "lke_audit_logs"] | str
"""Logs of a stream: the account's, or those of Kubernetes clusters."""
LogStreamStatus: TypeAlias = Literal["active", "inactive", "provisioning", "deactivating"] | str
"""Status of a stream; only ``active`` ones send logs."""


class NewLogStreamDetails(TypedDict, total=False):
    """Clusters of a stream, for ``lke_audit_logs``."""

    cluster_ids: Sequence[LKECluster | int]
    is_auto_add_all_clusters_enabled: bool


class LogStreamOptions(Options, total=False):
    """Options of `create_log_stream` besides label, type and destination."""

    status: Literal["active", "inactive"] | str
    """Status: ``active``, the default, or ``inactive``."""
    details: NewLogStreamDetails


class LogStreamDestination(Struct):
    """The destination of a stream."""

    id: ReadOnly[int]
    label: ReadOnly[str]
    type: ReadOnly[LogDestinationType]
    details: Nested[LogBucket]


class LogStreamDetails(Struct):
    """Clusters of a stream, for ``lke_audit_logs``."""

    cluster_ids: IDsField[LKECluster, int]
    """IDs of enterprise clusters with audit logs."""
    is_auto_add_all_clusters_enabled: Field[bool]
    """Whether all clusters are added, later ones too."""


class _LogStreamFields(_Versioned):
    """Fields of a stream, and of a former version of one."""

    type: ReadOnly[LogStreamType]
    destinations: ReadOnly[list[LogStreamDestination]]
    """Destination; a list of one."""


class LogStreamVersion(_LogStreamFields, Entry):
    """A version of a stream."""

    scope = "monitor"

    label: ReadOnly[str]
    status: ReadOnly[LogStreamStatus]
    """Status; ``inactive`` for a former version."""
    details: ReadOnly[LogStreamDetails | None]


class LogStream(_LogStreamFields, Waitable):
    """Logs that are sent to a destination; an account has at most one stream of each type."""

    path = "/monitor/streams/{id}"
    scope = "monitor"
    wait_timeout = 3600

    label: Field[LogLabel]
    """Label: 1 to 255 characters."""
    status: Field[LogStreamStatus]
    """Status; ``active`` and ``inactive`` can be set."""
    details: Nested[LogStreamDetails | None]
    history: Many[LogStreamVersion]
    """Versions, newest first."""

    @action
    def set_destinations(self, destinations: Sequence[LogDestination | int]) -> Call[LogStream]:
        """Replace the destination, a list of one; returns the stream, which is ``provisioning`` for some minutes.

        Raises `InvalidRequestError` while the stream is ``provisioning`` or ``deactivating``.
        """
        return Call("PUT", self.url, body(destinations=destinations), read=self._merge)


class LogStreamQuota(Entry):
    """A quota of streams. The API has announced quotas, and does not offer them yet."""

    scope = "monitor"
    beta = True

    quota_id: ReadOnly[str]
    quota_name: ReadOnly[str]
    quota_limit: ReadOnly[int]
    """Maximum."""
    quota_type: ReadOnly[str]
    description: ReadOnly[str]


class LogStreamsMixin(BaseClient):
    """Methods of a client for log streams and their destinations."""

    get_log_streams: Many[LogStream] = Many("/monitor/streams")
    """Streams of the account."""
    get_log_destinations: Many[LogDestination] = Many("/monitor/streams/destinations")
    """Destinations of the account."""
    get_log_stream_quotas: Many[LogStreamQuota] = Many("/monitor/streams/quotas", beta=True)
    """Quotas of streams, which the API has announced and does not offer yet."""

    @action
    def create_log_stream(
        self,
        label: LogLabel,
        type: LogStreamType,
        destinations: Sequence[LogDestination | int],
        **options: Unpack[LogStreamOptions],
    ) -> Call[LogStream]:
        """Create a stream to a destination (a list of one) and return it; it is ``provisioning`` for some minutes.

        Raises `InvalidRequestError` when the account has a stream of that type.
        """
        sent = body(label=label, type=type, destinations=destinations, **options)
        return self._creates(LogStream, "/monitor/streams", sent)

    @action
    def create_log_destination(
        self, label: LogLabel, type: LogDestinationType, details: NewLogDestinationDetails, **options: Unpack[Options]
    ) -> Call[LogDestination]:
        """Create a destination and return it; to a bucket the API writes an object as a trial.

        Raises `InvalidRequestError` when the access key does not fit the bucket.
        """
        sent = body(label=label, type=type, details=details, **options)
        return self._creates(LogDestination, "/monitor/streams/destinations", sent)
