"""Alert channels: e-mail to users, or requests to a webhook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Required, TypeAlias, TypedDict, Unpack

from linode._model import (
    BaseClient,
    Call,
    Entry,
    Field,
    Many,
    Nested,
    Options,
    ReadOnly,
    Resource,
    Struct,
    action,
    body,
)

__all__ = [
    "AlertChannel",
    "AlertChannelAlert",
    "AlertChannelAlerts",
    "AlertChannelContent",
    "AlertChannelDetails",
    "AlertChannelEmail",
    "AlertChannelEmailContent",
    "AlertChannelOptions",
    "AlertChannelVerification",
    "AlertChannelWebhook",
    "AlertChannelsMixin",
    "NewAlertChannelDetails",
    "NewAlertChannelEmail",
    "NewAlertChannelWebhook",
    "NewWebhookAuthentication",
    "NewWebhookCertificate",
    "NewWebhookHeader",
    "NewWebhookPassword",
    "WebhookAuthentication",
    "WebhookCertificate",
    "WebhookHeader",
    "WebhookVerification",
]

ChannelType: TypeAlias = Literal["email", "webhook"] | str
"""Kind of an alert channel."""
RecipientType: TypeAlias = Literal["user", "read_write_users"] | str
"""Recipients of e-mail: chosen users, or all users who may change the account's entities."""
WebhookAuthenticationType: TypeAlias = Literal["none", "basic"] | str
"""Authentication of requests: none, or HTTP Basic."""
WebhookCompression: TypeAlias = Literal["none", "gzip"] | str
"""Compression of the content of requests."""


class NewAlertChannelEmail(TypedDict, total=False):
    """Recipients of e-mail."""

    usernames: Required[Sequence[str]]
    """Names of users of the account."""
    recipient_type: RecipientType
    """Recipients; ``user`` by default."""


class NewWebhookPassword(TypedDict, total=False):
    """User name and password for HTTP Basic authentication."""

    basic_authentication_user: str
    """User name."""
    basic_authentication_password: str
    """Password, which no response contains."""


class NewWebhookAuthentication(TypedDict, total=False):
    """Authentication of requests to a webhook."""

    type: WebhookAuthenticationType
    details: NewWebhookPassword
    """User name and password, for ``basic``."""


class NewWebhookCertificate(TypedDict, total=False):
    """Certificates for TLS with a webhook."""

    tls_hostname: str
    client_ca_certificate: str
    client_certificate: str
    client_private_key: str
    """Private key of the client certificate (PEM), which no response contains."""


class NewWebhookHeader(TypedDict, total=False):
    """A header of requests to a webhook."""

    name: str
    value: str


class NewAlertChannelWebhook(TypedDict, total=False):
    """A webhook: an address that takes requests."""

    endpoint_url: Required[str]
    authentication: NewWebhookAuthentication
    """Authentication; none by default."""
    data_compression: WebhookCompression
    """Compression; none by default."""
    client_certificate_details: NewWebhookCertificate | None
    """Certificates for TLS."""
    custom_headers: Sequence[NewWebhookHeader] | None


class NewAlertChannelDetails(TypedDict, total=False):
    """Recipients of an alert channel, by its kind."""

    email: NewAlertChannelEmail
    """Recipients of e-mail."""
    webhook: NewAlertChannelWebhook
    """Webhook."""


class AlertChannelOptions(Options, total=False):
    """Options of `create_alert_channel` besides kind and details."""

    label: str


class AlertChannelEmail(Struct):
    """Recipients of e-mail."""

    recipient_type: ReadOnly[RecipientType]
    """Recipients: chosen users, or all users who may change the account's entities."""
    usernames: Field[list[str]]
    """Names of users, for ``user``."""


class WebhookAuthentication(Struct):
    """Authentication of requests to a webhook, without its password."""

    type: ReadOnly[WebhookAuthenticationType]
    """Kind."""


class WebhookCertificate(Struct):
    """Certificates for TLS with a webhook, without the private key."""

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


class AlertChannelWebhook(Struct):
    """A webhook: an address that takes requests."""

    endpoint_url: ReadOnly[str]
    """URL."""
    authentication: Nested[WebhookAuthentication]
    """Authentication."""
    data_compression: ReadOnly[WebhookCompression]
    """Compression."""
    client_certificate_details: Nested[WebhookCertificate | None]
    """Certificates for TLS; None for none."""
    custom_headers: ReadOnly[list[WebhookHeader] | None]
    """Headers of each request."""


class AlertChannelDetails(Struct):
    """Recipients of an alert channel, by its kind."""

    email: Nested[AlertChannelEmail | None]
    """Recipients of e-mail; None for other kinds."""
    webhook: Nested[AlertChannelWebhook | None]
    """Webhook; None for other kinds."""


class AlertChannelAlerts(Struct):
    """Number of the alert definitions that use a channel."""

    alert_count: ReadOnly[int]
    """Number."""
    type: ReadOnly[Literal["alerts-definitions"] | str]
    """Type of the objects."""
    url: ReadOnly[str]
    """Path of the list; `AlertChannel.alert_definitions` is that list."""


class AlertChannelEmailContent(Struct):
    """E-mail addresses of a channel."""

    email_addresses: ReadOnly[list[str]]
    """Addresses."""


class AlertChannelContent(Struct):
    """Recipients as older versions of the API show them."""

    email: Nested[AlertChannelEmailContent]
    """E-mail addresses."""


class AlertChannelAlert(Entry):
    """An alert definition that uses a channel."""

    scope = "monitor"

    id: ReadOnly[int]
    label: ReadOnly[str]
    service_type: ReadOnly[str]
    """Type of the service."""
    type: ReadOnly[Literal["alerts-definitions"] | str]
    """Type of the object."""
    definition_url: ReadOnly[str] = ReadOnly("url")
    """Path in the API."""


class AlertChannel(Resource):
    """The recipients of alerts: users by e-mail, or a webhook.

    Channels of the type ``system`` are Linode's, and cannot be changed or deleted.
    """

    path = "/monitor/alert-channels/{id}"
    scope = "monitor"
    filterable = ("id", "label")

    id: ReadOnly[int]
    label: Field[str]
    channel_type: ReadOnly[ChannelType]
    """Kind."""
    type: ReadOnly[Literal["system", "user"] | str]
    """Type: the account's own, or Linode's."""
    details: Nested[AlertChannelDetails]
    """Recipients, by kind; of a webhook's nothing can be changed."""
    content: Nested[AlertChannelContent | None]
    """Recipients as older versions of the API show them; None where there are none."""
    alerts: Nested[AlertChannelAlerts]
    """Number of the alert definitions that use the channel."""
    alert_definitions: Many[AlertChannelAlert] = Many("alerts")
    """Alert definitions that use the channel."""
    created: ReadOnly[datetime]
    created_by: ReadOnly[str]
    """Name of the user who created the channel, or ``system``."""
    updated: ReadOnly[datetime]
    updated_by: ReadOnly[str]
    """Name of the user who last changed the channel, or ``system``."""


class WebhookVerification(Struct):
    """Response of a webhook to a trial request."""

    http_status: ReadOnly[int]
    """HTTP status."""
    response: ReadOnly[str]
    """Content."""


class AlertChannelVerification(Struct):
    """Result of a trial request to a webhook."""

    webhook: Nested[WebhookVerification]
    """Response of the webhook."""


class AlertChannelsMixin(BaseClient):
    """Methods of a client for alert channels."""

    get_alert_channels: Many[AlertChannel] = Many("/monitor/alert-channels")
    """Alert channels of the account, and Linode's own."""

    @action
    def create_alert_channel(
        self,
        channel_type: ChannelType,
        details: NewAlertChannelDetails,
        **options: Unpack[AlertChannelOptions],
    ) -> Call[AlertChannel]:
        """Create an alert channel and return it. `verify_alert_webhook` tries a webhook before.

        Raises `InvalidRequestError` when a user is unknown, or the account has no room for another channel.
        """
        sent = body(channel_type=channel_type, details=details, **options)
        return self._creates(AlertChannel, "/monitor/alert-channels", sent)

    @action
    def verify_alert_webhook(self, webhook: NewAlertChannelWebhook) -> Call[AlertChannelVerification]:
        """Have the API send one request to a webhook, and return the response; the API waits two seconds for it."""
        return Call(
            "POST",
            "/monitor/alert-channels/verify",
            body(webhook=webhook),
            beta=True,
            read=lambda data: AlertChannelVerification._of(self, data),
        )
