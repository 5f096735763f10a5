"""Alert channels: e-mail to users, or requests to a webhook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Required, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Call, Entry, Field, Nested, Options, ReadOnly, Struct, action, body
from linode._model.relations import IDsField, Many

from .records import (
    NewWebhookAuthentication,
    NewWebhookCertificate,
    NewWebhookHeader,
    WebhookAuthentication,
    WebhookCertificate,
    WebhookCompression,
    WebhookHeader,
    _Changed,
)

if TYPE_CHECKING:
    from ..account.users import User

ChannelType: TypeAlias = Literal["email", "webhook"] | str
"""Kind of an alert channel."""
RecipientType: TypeAlias = Literal["user", "read_write_users"] | str
"""Recipients of e-mail: chosen users, or all users who may change the account's entities; ``user`` by default."""


class NewAlertChannelEmail(TypedDict, total=False):
    """Recipients of e-mail."""

    usernames: Required[Sequence[User | str]]
    recipient_type: RecipientType


class NewAlertChannelWebhook(TypedDict, total=False):
    """A webhook: an address that takes requests."""

    endpoint_url: Required[str]
    authentication: NewWebhookAuthentication
    data_compression: WebhookCompression
    client_certificate_details: NewWebhookCertificate | None
    custom_headers: Sequence[NewWebhookHeader] | None


class NewAlertChannelDetails(TypedDict, total=False):
    """Recipients of an alert channel, by its kind."""

    email: NewAlertChannelEmail
    webhook: NewAlertChannelWebhook


class AlertChannelOptions(Options, total=False):
    """Options of `create_alert_channel` besides kind and details."""

    label: str


class AlertChannelEmail(Struct):
    """Recipients of e-mail."""

    recipient_type: ReadOnly[RecipientType]
    usernames: IDsField[User, str]
    """Names of users of the account, for ``user``."""


class AlertChannelWebhook(Struct):
    """A webhook: an address that takes requests."""

    endpoint_url: ReadOnly[str]
    authentication: Nested[WebhookAuthentication]
    data_compression: ReadOnly[WebhookCompression]
    client_certificate_details: Nested[WebhookCertificate | None]
    custom_headers: ReadOnly[list[WebhookHeader] | None]


class AlertChannelDetails(Struct):
    """Recipients of an alert channel, by its kind."""

    email: Nested[AlertChannelEmail | None]
    webhook: Nested[AlertChannelWebhook | None]


class AlertChannelAlerts(Struct):
    """Number of the alert definitions that use a channel."""

    alert_count: ReadOnly[int]
    """Number."""
    type: ReadOnly[Literal["alerts-definitions"] | str]
    url: ReadOnly[str]
    """Path of the list; `AlertChannel.alert_definitions` is that list."""


class AlertChannelEmailContent(Struct):
    """E-mail addresses of a channel."""

    email_addresses: ReadOnly[list[str]]


class AlertChannelContent(Struct):
    """Recipients as older versions of the API show them."""

    email: Nested[AlertChannelEmailContent]


class AlertChannelAlert(Entry):
    """An alert definition that uses a channel."""

    scope = "monitor"

    id: ReadOnly[int]
    label: ReadOnly[str]
    service_type: ReadOnly[str]
    type: ReadOnly[Literal["alerts-definitions"] | str]
    definition_url: ReadOnly[str] = ReadOnly("url")


class AlertChannel(_Changed):
    """The recipients of alerts: users by e-mail, or a webhook.

    Channels of the type ``system`` are Linode's, and cannot be changed or deleted.
    """

    path = "/monitor/alert-channels/{id}"
    scope = "monitor"
    filterable = ("id", "label")

    id: ReadOnly[int]
    label: Field[str]
    channel_type: ReadOnly[ChannelType]
    type: ReadOnly[Literal["system", "user"] | str]
    """Type: the account's own, or Linode's."""
    details: Nested[AlertChannelDetails]
    """Recipients, by kind; of a webhook's nothing can be changed."""
    content: Nested[AlertChannelContent | None]
    alerts: Nested[AlertChannelAlerts]
    alert_definitions: Many[AlertChannelAlert] = Many("alerts")
    """Alert definitions that use the channel."""


class WebhookVerification(Struct):
    """Response of a webhook to a trial request."""

    http_status: ReadOnly[int]
    """HTTP status."""
    response: ReadOnly[str]


class AlertChannelVerification(Struct):
    """Result of a trial request to a webhook."""

    beta = True

    webhook: Nested[WebhookVerification]


class AlertChannelsMixin(BaseClient):
    """Methods of a client for alert channels."""

    get_alert_channels: Many[AlertChannel] = Many("/monitor/alert-channels")
    """Alert channels of the account, and Linode's own."""

    @action
    def create_alert_channel(
        self, channel_type: ChannelType, details: NewAlertChannelDetails, **options: Unpack[AlertChannelOptions]
    ) -> Call[AlertChannel]:
        """Create an alert channel and return it. `verify_alert_webhook` tries a webhook before.

        Raises `InvalidRequestError` when a user is unknown, or the account has no room for another channel.
        """
        sent = body(channel_type=channel_type, details=details, **options)
        return self._creates(AlertChannel, "/monitor/alert-channels", sent)

    @action
    def verify_alert_webhook(self, webhook: NewAlertChannelWebhook) -> Call[AlertChannelVerification]:
        """Have the API send one request to a webhook, and return the response; the API waits two seconds for it."""
        return self._creates(AlertChannelVerification, "/monitor/alert-channels/verify", body(webhook=webhook))
