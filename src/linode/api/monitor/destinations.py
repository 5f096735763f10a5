"""Destinations of log streams: buckets of Object Storage, and addresses that take requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias, TypedDict, Unpack

from linode._model import Bounds, Call, Entry, Field, Many, Nested, Options, ReadOnly, Struct, action, body

from .records import (
    LogDestinationAuthentication,
    LogDestinationCertificate,
    NewWebhookAuthentication,
    NewWebhookCertificate,
    NewWebhookHeader,
    WebhookCompression,
    WebhookHeader,
    _Versioned,
)

LogLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=255)]
LogDestinationType: TypeAlias = Literal["akamai_object_storage", "custom_https"] | str
"""Type of a destination: a bucket of Object Storage, or an address that takes requests."""
LogContentType: TypeAlias = Literal["application/json", "application/json; charset=utf-8"] | str
"""Media type of requests."""


class LogBucket(Struct):
    """Bucket that logs are written to."""

    access_key_id: ReadOnly[str]
    bucket_name: ReadOnly[str]
    host: ReadOnly[str]
    """Host name of the bucket."""
    path: ReadOnly[str]
    """Beginning of the names of objects."""


class NewLogDestinationDetails(TypedDict, total=False):
    """Details of a destination: the first five are of ``akamai_object_storage``, the others of ``custom_https``."""

    access_key_id: str
    access_key_secret: str
    """Secret access key, which no response contains."""
    bucket_name: str
    host: str
    path: str
    endpoint_url: str
    data_compression: WebhookCompression
    content_type: LogContentType | None
    custom_headers: Sequence[NewWebhookHeader]
    authentication: NewWebhookAuthentication
    client_certificate_details: NewWebhookCertificate


class LogDestinationChanges(Options, total=False):
    """Options of `LogDestination.set_details`."""

    type: LogDestinationType
    """Type; the same by default."""


class LogDestinationDetails(LogBucket):
    """Details of a destination: a bucket of ``akamai_object_storage``, or the other members of ``custom_https``."""

    endpoint_url: ReadOnly[str]
    data_compression: ReadOnly[WebhookCompression]
    content_type: ReadOnly[LogContentType | None]
    custom_headers: ReadOnly[list[WebhookHeader]]
    authentication: Nested[LogDestinationAuthentication]
    client_certificate_details: Nested[LogDestinationCertificate]


class _LogDestinationFields(_Versioned):
    """Fields of a destination, and of a former version of one."""

    type: ReadOnly[LogDestinationType]
    status: ReadOnly[Literal["active", "inactive"] | str]
    """Status; ``inactive`` for a former version."""
    details: Nested[LogDestinationDetails]


class LogDestinationVersion(_LogDestinationFields, Entry):
    """A version of a destination."""

    scope = "monitor"

    label: ReadOnly[str]


class LogDestination(_LogDestinationFields):
    """A place for logs; it cannot be deleted while a stream uses it."""

    path = "/monitor/streams/destinations/{id}"
    scope = "monitor"

    label: Field[LogLabel]
    """Label: 1 to 255 characters."""
    history: Many[LogDestinationVersion]
    """Versions, newest first."""

    @action
    def set_details(
        self, details: NewLogDestinationDetails, **options: Unpack[LogDestinationChanges]
    ) -> Call[LogDestination]:
        """Replace the details, of the same type or of another one; returns the destination.

        Raises `InvalidRequestError` when the access key does not fit the bucket.
        """
        return Call("PUT", self.url, body(details=details, **options), read=self._merge)
