"""Records of Monitor that its alerts, channels and logs share: requests to a webhook, and who changed an object."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias, TypedDict

from linode._model import Nested, ReadOnly, Resource, Struct

WebhookAuthenticationType: TypeAlias = Literal["none", "basic"] | str
"""Authentication of requests: none, or HTTP Basic."""
WebhookCompression: TypeAlias = Literal["none", "gzip"] | str
"""Compression of the content of requests; ``none`` by default."""


class WebhookAuthentication(Struct):
    """Authentication of requests to a webhook; ``none`` by default."""

    type: ReadOnly[WebhookAuthenticationType]


class WebhookCertificate(Struct):
    """Certificates for TLS with a webhook."""

    tls_hostname: ReadOnly[str]
    """Host name that the certificate of the webhook must have."""
    client_ca_certificate: ReadOnly[str]
    """Certificate of the authority (PEM)."""
    client_certificate: ReadOnly[str]
    """Client certificate (PEM)."""


class WebhookHeader(Struct):
    """A header of requests to a webhook."""

    name: ReadOnly[str]
    value: ReadOnly[str]


class WebhookPassword(Struct):
    """User name and password for HTTP Basic authentication."""

    basic_authentication_user: ReadOnly[str]
    basic_authentication_password: ReadOnly[str]
    """Password, a secret."""


class LogDestinationAuthentication(WebhookAuthentication):
    """Authentication of requests to a destination of logs."""

    details: Nested[WebhookPassword]


class LogDestinationCertificate(WebhookCertificate):
    """Certificates for TLS with a destination of logs."""

    client_private_key: ReadOnly[str]
    """Private key of the client certificate (PEM), a secret."""


class NewWebhookPassword(TypedDict, total=False):
    """User name and password for HTTP Basic authentication."""

    basic_authentication_user: str
    basic_authentication_password: str


class NewWebhookAuthentication(TypedDict, total=False):
    """Authentication of requests, as `LogDestinationAuthentication`."""

    type: WebhookAuthenticationType
    details: NewWebhookPassword


class NewWebhookCertificate(TypedDict, total=False):
    """Certificates for TLS, as `LogDestinationCertificate`."""

    tls_hostname: str
    client_ca_certificate: str
    client_certificate: str
    client_private_key: str


class NewWebhookHeader(TypedDict, total=False):
    """A header of requests to a webhook."""

    name: str
    value: str


class _Changed(Resource):
    """Fields of an object that records who created it and who last changed it."""

    created: ReadOnly[datetime]
    created_by: ReadOnly[str]
    """Name of the user who created the object, or ``system``."""
    updated: ReadOnly[datetime]
    updated_by: ReadOnly[str]
    """Name of the user who last changed the object, or ``system``."""


class _Versioned(_Changed):
    """Fields of an object of which the API keeps former versions, and of such a version."""

    id: ReadOnly[int]
    """Numeric ID, the same for all versions."""
    version: ReadOnly[int]
    """Version, incremented by every change."""
