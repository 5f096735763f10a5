"""Maintenance policies: what happens to a Linode when its host is maintained."""

from __future__ import annotations

from typing import Literal

from linode._model import BaseClient, Entry, Many, ReadOnly


class MaintenancePolicy(Entry):
    """A policy for the maintenance of a Linode's host. The API returns policies in a list only."""

    filterable = ("notification_period_sec",)
    id_key = "slug"

    slug: ReadOnly[str]
    """ID, as `Linode.maintenance_policy` names it: ``linode/migrate``."""
    label: ReadOnly[str]
    description: ReadOnly[str]
    type: ReadOnly[Literal["migrate", "power_off_on"] | str]
    """Action: migrate the Linode to another host, or power it off and on."""
    notification_period_sec: ReadOnly[int]
    """Time between the notification and the maintenance, in seconds."""
    is_default: ReadOnly[bool]
    """Whether Linodes have this policy unless another is set."""


class MaintenanceMixin(BaseClient):
    """Methods of a client for maintenance."""

    get_maintenance_policies: Many[MaintenancePolicy] = Many("/maintenance/policies", beta=True)
    """Maintenance policies."""
