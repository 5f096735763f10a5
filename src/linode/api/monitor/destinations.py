"""Destinations of log streams: buckets of Object Storage, and addresses that take requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeAlias, TypedDict, Unpack

from linode._model import Bounds, Call, Entry, Field, Many, Nested, Options, ReadOnly, Resource, Struct, action, body

__all__ = [
    "LogDestination",
    "LogDestinationAuthentication",
    "LogDestinationCertificate",
    "LogDestinationChanges",
    "LogDestinationDetails",
    "LogDestinationHeader",
    "LogDestinationPassword",
    "LogDestinationVersion",
    "NewLogDestinationAuthentication",
    "NewLogDestinationCertificate",
    "NewLogDestinationDetails",
    "NewLogDestinationHeader",
    "NewLogDestinationPassword",
]

LogLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=255)]
LogDestinationType: TypeAlias = Literal["akamai_object_storage", "custom_https"] | str
"""Type of a destination: a bucket of Object Storage, or an address that takes requests."""
LogCompression: TypeAlias = Literal["gzip", "none"] | str
"""Compression of logs."""
LogContentType: TypeAlias = Literal["application/json", "application/json; charset=utf-8"] | str
"""Media type of requests."""
LogAuthenticationType: TypeAlias = Literal["none", "basic"] | str
"""Authentication of requests: none, or HTTP Basic."""


class NewLogDestinationPassword(TypedDict, total=False):
    """User name and password for HTTP Basic authentication."""

    basic_authentication_user: str
    basic_authentication_password: str


class NewLogDestinationAuthentication(TypedDict, total=False):
    """Authentication of requests."""

    type: LogAuthenticationType
    details: NewLogDestinationPassword


class NewLogDestinationCertificate(TypedDict, total=False):
    """Certificates for TLS with an address."""

    client_ca_certificate: str
    client_certificate: str
    client_private_key: str
    tls_hostname: str


class NewLogDestinationHeader(TypedDict, total=False):
    """A header of each request."""

    name: str
    value: str


class NewLogDestinationDetails(TypedDict, total=False):
    """Details of a destination: the first five are of ``akamai_object_storage``, the others of ``custom_https``."""

    access_key_id: str
    access_key_secret: str
    """Secret access key, which no response contains."""
    bucket_name: str
    host: str
    path: str
    endpoint_url: str
    data_compression: LogCompression
    content_type: LogContentType | None
    custom_headers: Sequence[NewLogDestinationHeader]
    authentication: NewLogDestinationAuthentication
    client_certificate_details: NewLogDestinationCertificate


class LogDestinationChanges(Options, total=False):
    """Options of `LogDestination.set_details`."""

    type: LogDestinationType
    """Type; the same by default."""


class LogDestinationPassword(Struct):
    """User name and password for HTTP Basic authentication."""

    basic_authentication_user: ReadOnly[str]
    """User name."""
    basic_authentication_password: ReadOnly[str]
    """Password."""


class LogDestinationAuthentication(Struct):
    """Authentication of requests."""

    type: ReadOnly[LogAuthenticationType]
    """Kind."""
    details: Nested[LogDestinationPassword]
    """User name and password, for ``basic``."""


class LogDestinationCertificate(Struct):
    """Certificates for TLS with an address."""

    client_ca_certificate: ReadOnly[str]
    """Certificate of the authority (PEM)."""
    client_certificate: ReadOnly[str]
    """Client certificate (PEM)."""
    client_private_key: ReadOnly[str]
    """Private key of the client certificate (PEM)."""
    tls_hostname: ReadOnly[str]
    """Host name that the certificate of the address must have."""


class LogDestinationHeader(Struct):
    """A header of each request."""

    name: ReadOnly[str]
    value: ReadOnly[str]


class LogDestinationDetails(Struct):
    """Details of a destination: the first four are of ``akamai_object_storage``, the others of ``custom_https``."""

    access_key_id: ReadOnly[str]
    """Access key ID of Object Storage."""
    bucket_name: ReadOnly[str]
    """Label of the bucket."""
    host: ReadOnly[str]
    """Host name of the bucket."""
    path: ReadOnly[str]
    """Beginning of the names of objects."""
    endpoint_url: ReadOnly[str]
    """URL that takes requests."""
    data_compression: ReadOnly[LogCompression]
    """Compression."""
    content_type: ReadOnly[LogContentType | None]
    custom_headers: ReadOnly[list[LogDestinationHeader]]
    """Headers of each request."""
    authentication: Nested[LogDestinationAuthentication]
    client_certificate_details: Nested[LogDestinationCertificate]
    """Certificates for TLS."""


class _LogDestinationFields(Resource):
    """Fields of a destination, and of a former version of one."""

    id: ReadOnly[int]
    """Numeric ID of the destination."""
    type: ReadOnly[LogDestinationType]
    """Type: a bucket of Object Storage, or an address that takes requests."""
    status: ReadOnly[Literal["active", "inactive"] | str]
    """Status; ``inactive`` for a former version."""
    details: Nested[LogDestinationDetails]
    """Details."""
    version: ReadOnly[int]
    """Version, incremented by every change."""
    created: ReadOnly[datetime]
    created_by: ReadOnly[str]
    """Name of the user who created the destination."""
    updated: ReadOnly[datetime]
    updated_by: ReadOnly[str]
    """Name of the user who last changed the destination."""


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
