"""Events: finished and running jobs, and changes of the account."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from linode._model import BaseClient, Call, Many, Nested, ReadOnly, Resource, Struct
from linode._model import action as _verb  # Event has a field of that name

EventStatus: TypeAlias = Literal["scheduled", "started", "finished", "failed", "notification", "canceled"] | str
"""Progress of an event; ``notification`` marks an event without a job."""
EntityType: TypeAlias = (
    Literal[
        "account",
        "backups",
        "community",
        "database",
        "disk",
        "disks",
        "domain",
        "entity_transfer",
        "firewall",
        "image",
        "interface",
        "ipaddress",
        "linode",
        "linode_config",
        "lkecluster",
        "lkenodepool",
        "loadbalancer",
        "longview",
        "managed_service",
        "nodebalancer",
        "oauth_client",
        "placement_group",
        "profile",
        "stackscript",
        "subnet",
        "tag",
        "ticket",
        "token",
        "user",
        "user_ssh_key",
        "volume",
        "vpc",
    ]
    | str
)
"""Entity types of events."""
EventAction: TypeAlias = (
    Literal[
        "account_agreement_eu_model",
        "account_promo_apply",
        "account_settings_update",
        "account_update",
        "backups_cancel",
        "backups_enable",
        "backups_restore",
        "community_like",
        "community_mention",
        "community_question_reply",
        "credit_card_updated",
        "database_backup_create",
        "database_backup_delete",
        "database_backup_restore",
        "database_create",
        "database_create_failed",
        "database_credentials_reset",
        "database_degraded",
        "database_delete",
        "database_failed",
        "database_low_disk_space",
        "database_migrate",
        "database_resize",
        "database_resize_create",
        "database_resume",
        "database_scale",
        "database_suspend",
        "database_update",
        "database_update_failed",
        "database_upgrade",
        "destination_create",
        "destination_delete",
        "destination_update",
        "disk_create",
        "disk_delete",
        "disk_duplicate",
        "disk_imagize",
        "disk_resize",
        "disk_update",
        "dns_record_create",
        "dns_record_delete",
        "dns_record_update",
        "dns_zone_create",
        "dns_zone_delete",
        "dns_zone_import",
        "dns_zone_update",
        "domain_create",
        "domain_delete",
        "domain_import",
        "domain_record_create",
        "domain_record_delete",
        "domain_record_update",
        "domain_record_updated",
        "domain_update",
        "entity_transfer_accept",
        "entity_transfer_accept_recipient",
        "entity_transfer_cancel",
        "entity_transfer_create",
        "entity_transfer_fail",
        "entity_transfer_stale",
        "firewall_apply",
        "firewall_create",
        "firewall_delete",
        "firewall_device_add",
        "firewall_device_remove",
        "firewall_disable",
        "firewall_enable",
        "firewall_rules_update",
        "firewall_ruleset_create",
        "firewall_ruleset_delete",
        "firewall_ruleset_firewall_update",
        "firewall_ruleset_update",
        "firewall_update",
        "host_reboot",
        "image_delete",
        "image_update",
        "image_upload",
        "interface_create",
        "interface_delete",
        "interface_update",
        "ipaddress_update",
        "ipv6pool_add",
        "ipv6pool_delete",
        "lassie_reboot",
        "linode_addip",
        "linode_boot",
        "linode_clone",
        "linode_config_create",
        "linode_config_delete",
        "linode_config_update",
        "linode_create",
        "linode_delete",
        "linode_deleteip",
        "linode_kvmify",
        "linode_migrate",
        "linode_migrate_datacenter",
        "linode_migrate_datacenter_create",
        "linode_mutate",
        "linode_mutate_create",
        "linode_poweroff_on",
        "linode_reboot",
        "linode_rebuild",
        "linode_resize",
        "linode_resize_create",
        "linode_resize_warm_create",
        "linode_shutdown",
        "linode_snapshot",
        "linode_update",
        "lish_boot",
        "lke_cluster_create",
        "lke_cluster_delete",
        "lke_cluster_recycle",
        "lke_cluster_regenerate",
        "lke_cluster_update",
        "lke_control_plane_acl_create",
        "lke_control_plane_acl_delete",
        "lke_control_plane_acl_update",
        "lke_kubeconfig_regenerate",
        "lke_node_create",
        "lke_node_delete",
        "lke_node_recycle",
        "lke_pool_create",
        "lke_pool_delete",
        "lke_pool_recycle",
        "lke_token_rotate",
        "lock_create",
        "lock_delete",
        "longviewclient_create",
        "longviewclient_delete",
        "longviewclient_update",
        "managed_disabled",
        "managed_enabled",
        "managed_service_create",
        "managed_service_delete",
        "nodebalancer_config_create",
        "nodebalancer_config_delete",
        "nodebalancer_config_update",
        "nodebalancer_create",
        "nodebalancer_delete",
        "nodebalancer_firewall_modification_failed",
        "nodebalancer_firewall_modification_success",
        "nodebalancer_node_create",
        "nodebalancer_node_delete",
        "nodebalancer_node_update",
        "nodebalancer_update",
        "oauth_client_create",
        "oauth_client_delete",
        "oauth_client_secret_reset",
        "oauth_client_update",
        "obj_access_key_create",
        "obj_access_key_delete",
        "obj_access_key_update",
        "password_reset",
        "payment_method_add",
        "payment_submitted",
        "placement_group_assign",
        "placement_group_became_compliant",
        "placement_group_became_non_compliant",
        "placement_group_create",
        "placement_group_delete",
        "placement_group_unassign",
        "placement_group_update",
        "profile_update",
        "reserved_ip_assign",
        "reserved_ip_create",
        "reserved_ip_delete",
        "reserved_ip_unassign",
        "stackscript_create",
        "stackscript_delete",
        "stackscript_publicize",
        "stackscript_revise",
        "stackscript_update",
        "stream_create",
        "stream_delete",
        "stream_update",
        "subnet_create",
        "subnet_delete",
        "subnet_update",
        "tag_create",
        "tag_delete",
        "tag_update",
        "tax_id_invalid",
        "tax_id_valid",
        "tfa_disabled",
        "tfa_enabled",
        "ticket_attachment_upload",
        "ticket_create",
        "ticket_update",
        "token_create",
        "token_delete",
        "token_update",
        "user_create",
        "user_delete",
        "user_ssh_key_add",
        "user_ssh_key_delete",
        "user_ssh_key_update",
        "user_update",
        "vlan_attach",
        "vlan_detach",
        "volume_attach",
        "volume_clone",
        "volume_create",
        "volume_delete",
        "volume_detach",
        "volume_migrate",
        "volume_migrate_scheduled",
        "volume_resize",
        "volume_update",
        "vpc_create",
        "vpc_delete",
        "vpc_update",
    ]
    | str
)
"""Actions of events: the entity and what happened to it."""


class EventEntity(Struct):
    """Entity of an event."""

    id: ReadOnly[int | str]
    """ID of the entity: an int, or a str where the API uses names."""
    type: ReadOnly[EntityType]
    """Type of the entity."""
    label: ReadOnly[str | None]
    """Label of the entity at the time of the event."""
    url: ReadOnly[str]
    """Path of the entity, API version included, such as ``/v4/linode/instances/123``."""
    pool: ReadOnly[int | None]
    """Node pool, for events of a Kubernetes cluster."""
    node: ReadOnly[str | None]
    """Node, for events of a Kubernetes cluster."""
    cpc: ReadOnly[int | None]
    """ID of the Kubernetes control plane, for events that concern one."""


class EventDetails(Struct):
    """Details of planned maintenance."""

    source: ReadOnly[str | None]
    """Source: the platform or the user; None in older events."""
    description: ReadOnly[str | None]
    """Kind of maintenance; None in older events."""
    maintenance_policy_set: ReadOnly[str | None]
    """Maintenance policy of the Linode: migrate, or power off and on; None in older events."""
    not_before: ReadOnly[str | None]
    """Earliest start time of the maintenance; None where none is known."""
    start_time: ReadOnly[str | None]
    """Start time of the maintenance; None where none is known."""
    complete_time: ReadOnly[str | None]
    """Completion time of the maintenance; None where none is known."""


class Event(Resource):
    """An event of the account, finished or in progress. The API lists the newest first and keeps 90 days."""

    path = "/account/events/{id}"
    filterable = (
        "action",
        "created",
        "details.complete_time",
        "details.description",
        "details.maintenance_policy_set",
        "details.not_before",
        "details.source",
        "details.start_time",
        "entity.id",
        "entity.type",
        "id",
        "seen",
    )
    scope = "events"
    read_only = True
    shown = ("id", "created", "action", "status", "entity.type", "entity.label", "username")

    id: ReadOnly[int]
    """Numeric ID; later events have higher IDs."""
    action: ReadOnly[EventAction]
    """Action, such as ``linode_boot``; the API adds new ones at any time."""
    status: ReadOnly[EventStatus]
    """Progress. ``notification`` marks an event without a job."""
    entity: Nested[EventEntity | None]
    """Entity that the event is about; None for the account itself."""
    secondary_entity: Nested[EventEntity | None]
    """Secondary entity, such as the configuration that a Linode boots."""
    percent_complete: ReadOnly[int | None]
    """Progress in percent, 0 to 100; it can decrease while the job runs."""
    time_remaining: ReadOnly[str | int | None]
    """Estimated time remaining, as ``hours:minutes:seconds``; None when the API has no estimate."""
    rate: ReadOnly[str | None]
    """Copy rate, such as ``90.57 MB/s``; None for events that copy no data."""
    duration: ReadOnly[float | None]
    """Duration so far, or in total, in seconds."""
    message: ReadOnly[str | None]
    """Additional information, for display."""
    details: Nested[EventDetails | None]
    """Details of planned maintenance; None for all other events."""
    username: ReadOnly[str | None]
    """User who caused it; None for Linode itself."""
    created: ReadOnly[datetime]
    seen: ReadOnly[bool]
    """Whether the user has seen the event."""
    read: ReadOnly[bool]
    """Whether the user has read the event."""

    @_verb
    def mark_seen(self) -> Call[None]:
        """Mark this event, and all earlier events, as seen."""
        return self._posts("seen", outdated=("seen",))

    @_verb
    def mark_read(self) -> Call[None]:
        """Mark this event as read: raises `NotFoundError`, because the API dropped this in June 2025.

        `mark_seen` marks an event, and all before it, as seen.
        """
        return self._posts("read", outdated=("read",))


class EventsMixin(BaseClient):
    """Methods of a client for events."""

    get_events: Many[Event] = Many("/account/events")
    """Events of the last 90 days, newest first."""
