"""Alert channels: users, and webhooks, which the sandbox asks nothing: it has no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from linode.api.account.users import User
from linode.api.monitor.alerts import AlertDefinition
from linode.api.monitor.channels import AlertChannel, AlertChannelsMixin
from linode.sandbox.core.kind import Access, Kind, Source
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

__all__ = ["alerts_of"]

MAX_CHANNELS = 5
"""Channels of the account's own."""
FIRST = 20000
"""The IDs of the account's own channels are above it, and so behind Linode's: a guess."""
SHOWN_OF_CERTIFICATE = ("tls_hostname", "client_ca_certificate", "client_certificate")

on.kind(
    Kind(
        of=AlertChannel,
        source=Source("/monitor/alert-channels"),
        access=Access(scopes={AlertChannelsMixin.verify_alert_webhook: ("monitor:read_only",)}),
    )
)


@on.create(AlertChannel)
def create(world: World, channel_type: str, details: Mapping[str, Any], label: str = "") -> Row:
    """Create a channel of the account's own."""
    if details.get(channel_type) is None:
        raise Refused(f"{channel_type} is required", field=f"details.{channel_type}")
    if len(world.rows(AlertChannel, type="user")) >= MAX_CHANNELS:
        raise Refused(f"An account can have {MAX_CHANNELS} alert channels")  # refused for certain, own words
    made = _email(world, details["email"]) if channel_type == "email" else _webhook(details["webhook"])
    members = {"label": label, "channel_type": channel_type, "type": "user", "details": {channel_type: made}}
    number = FIRST + world.next_id("AlertChannel")
    return world.add(AlertChannel, id=number, **members, created_by=world.username, updated_by=world.username)


def _email(world: World, email: Mapping[str, Any]) -> Row:
    kind = email.get("recipient_type", "user")
    rules.referenced_rows(world, User, email["usernames"], field="details.email.usernames")
    if kind == "user" and not email["usernames"]:
        raise Refused("Must contain one item", field="details.email.usernames")
    return {"recipient_type": kind, "usernames": list(email["usernames"])}


def _webhook(webhook: Mapping[str, Any]) -> Row:
    """The JSON of a webhook, without its password and its private key."""
    certificate = webhook.get("client_certificate_details")
    return {
        "endpoint_url": webhook["endpoint_url"],
        "authentication": {"type": (webhook.get("authentication") or {}).get("type", "none")},
        "data_compression": webhook.get("data_compression", "none"),
        "client_certificate_details": certificate and {name: certificate.get(name) for name in SHOWN_OF_CERTIFICATE},
        "custom_headers": webhook.get("custom_headers"),
    }


@on.update(AlertChannel)
def update(world: World, channel: Row, label: str | None = None, details: Mapping[str, Any] | None = None) -> Row:
    """Change the label, and the users of a channel by e-mail."""
    _refuse_system(channel, "changed")
    if label is not None:
        channel["label"] = label
    if details is not None:
        if channel["channel_type"] != "email" or not details.get("email"):
            raise Refused("Only the recipients of e-mail can be changed", field="details")  # own words
        channel["details"]["email"] = _email(world, {**channel["details"]["email"], **details["email"]})
    return rules.update(world, channel, updated_by=world.username)


@on.delete(AlertChannel)
def delete(world: World, channel: Row) -> None:
    """Delete a channel that no definition uses."""
    _refuse_system(channel, "deleted")
    if alerts_of(world, channel):
        raise Refused("The alert channel is used by alert definitions")  # refused for certain, own words
    world.remove(channel)


def _refuse_system(channel: Row, done: str) -> None:
    if channel["type"] == "system":
        raise Refused(f"A system alert channel cannot be {done}")  # refused for certain, own words


def alerts_of(world: World, channel: Row) -> list[Row]:
    """The alert definitions that notify *channel*."""
    return [
        row
        for row in world.rows(AlertDefinition)
        if channel["id"] in row.get("_channels", [each["id"] for each in row["alert_channels"]])
    ]


@on(AlertChannel.alert_definitions)
def alert_definitions(world: World, channel: Row) -> list[Row]:
    """The definitions that use the channel."""
    return [
        {
            "id": each["id"],
            "label": each["label"],
            "service_type": each["service_type"],
            "type": "alerts-definitions",
            "url": f"/monitor/services/{each['service_type']}/alert-definitions/{each['id']}",
        }
        for each in alerts_of(world, channel)
    ]


@on.show(AlertChannel, "alerts", "content")
def _show(world: World, channel: Row) -> Row:
    channel.pop("content", None)
    url = f"/monitor/alert-channels/{channel['id']}/alerts"
    count = len(alerts_of(world, channel))
    return {**channel, "alerts": {"type": "alerts-definitions", "alert_count": count, "url": url}}


@on(AlertChannelsMixin.verify_alert_webhook)
def verify(world: World, webhook: Mapping[str, Any]) -> Row:  # noqa: ARG001  every behaviour takes the world
    """The response of an endpoint that is well: a guess, as nothing is asked; a host that no network has fails."""
    url = urlsplit(webhook["endpoint_url"])
    if url.scheme not in ("http", "https") or not url.hostname:
        raise Refused("endpoint_url is not valid", field="webhook.endpoint_url")
    if url.hostname.endswith(".invalid"):
        raise Refused("The webhook did not respond", field="webhook.endpoint_url")  # own words
    return {"webhook": {"http_status": 200, "response": ""}}
