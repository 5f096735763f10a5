"""Notifications and planned maintenance, as the API announces them to the account."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from linode._model import BaseClient, Entry, Many, Nested, ReadOnly, Struct

from ..linodes.values import MaintenancePolicySlug

NotificationSeverity: TypeAlias = Literal["minor", "major", "critical"] | str
"""Severity of a notification."""
NotificationType: TypeAlias = (
    Literal[
        "billing_email_bounce",
        "maintenance",
        "maintenance_in_progress",
        "maintenance_pending",
        "maintenance_scheduled",
        "migration_imminent",
        "migration_pending",
        "migration_scheduled",
        "notice",
        "outage",
        "payment_due",
        "promotion",
        "reboot_scheduled",
        "security_reboot_maintenance_scheduled",
        "tax_id_verifying",
        "ticket_abuse",
        "ticket_important",
        "user_email_bounce",
        "volume_migration_imminent",
        "volume_migration_scheduled",
    ]
    | str
)
"""Type of a notification."""
NotificationEntityType: TypeAlias = (
    Literal[
        "account",
        "entity_transfer",
        "linode",
        "loadbalancers",
        "nodebalancer",
        "promotion",
        "region",
        "ticket",
        "volume",
    ]
    | str
)
"""Type of the entity of a notification."""
MaintenanceStatus: TypeAlias = Literal["completed", "pending", "started", "canceled", "in_progress", "scheduled"] | str
"""Status of maintenance."""
MaintenanceType: TypeAlias = (
    Literal["reboot", "cold_migration", "live_migration", "migrate", "power_off_on", "volume_migration"] | str
)
"""Type of maintenance."""


class NotificationEntity(Struct):
    """Entity of a notification."""

    id: ReadOnly[int | str | None]
    """ID of the entity: an int, or a str where the API uses names; None for none."""
    label: ReadOnly[str | None]
    """Label of the entity."""
    type: ReadOnly[NotificationEntityType]
    """Type of the entity."""
    url: ReadOnly[str | None]
    """Path of the entity, API version included."""


class Notification(Entry):
    """A notification: something that the account should know or act on."""

    scope = "account"
    filterable = ("entity.type", "type")

    label: ReadOnly[str]
    """Short description."""
    message: ReadOnly[str]
    body: ReadOnly[str | None]
    """Full text; None for none."""
    type: ReadOnly[NotificationType]
    severity: ReadOnly[NotificationSeverity]
    when: ReadOnly[datetime | None]
    """Start time (UTC); None for none."""
    until: ReadOnly[datetime | None]
    """End time (UTC); None for none."""
    entity: Nested[NotificationEntity | None]
    """Entity that the notification is about; None for the account."""


class MaintenanceEntity(Struct):
    """Entity under maintenance."""

    id: ReadOnly[int]
    """ID of the entity."""
    label: ReadOnly[str]
    """Label of the entity."""
    type: ReadOnly[Literal["linode", "volume"] | str]
    """Type of the entity."""
    url: ReadOnly[str]
    """Path of the entity, API version included."""


class AccountMaintenance(Entry):
    """Maintenance of a Linode or a volume."""

    filterable = ("complete_time", "maintenance_policy_set", "not_before", "start_time", "status", "type", "when")

    entity: Nested[MaintenanceEntity]
    type: ReadOnly[MaintenanceType]
    """Type of the maintenance."""
    status: ReadOnly[MaintenanceStatus]
    """Status of the maintenance."""
    reason: ReadOnly[str]
    """Reason for the maintenance."""
    description: ReadOnly[Literal["emergency", "scheduled"] | str | None]
    """Kind of the maintenance; None in older entries."""
    source: ReadOnly[Literal["platform", "user"] | str | None]
    """Source of the maintenance; None in older entries."""
    maintenance_policy_set: ReadOnly[MaintenancePolicySlug | None]
    """Maintenance policy that applies; None in older entries."""
    when: ReadOnly[datetime]
    """Time of the maintenance (UTC)."""
    not_before: ReadOnly[datetime | None]
    """Earliest start time (UTC)."""
    start_time: ReadOnly[datetime | None]
    """Start time (UTC)."""
    complete_time: ReadOnly[datetime | None]
    """Completion time (UTC)."""


class NoticesMixin(BaseClient):
    """Methods of a client for notifications and maintenance."""

    get_notifications: Many[Notification] = Many("/account/notifications")
    """Notifications of the account."""
    get_account_maintenance: Many[AccountMaintenance] = Many("/account/maintenance")
    """Maintenance of the account's Linodes and volumes: planned, running and completed."""
