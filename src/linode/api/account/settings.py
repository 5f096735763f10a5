"""Settings of the account: defaults of new services, and services for the whole account."""

from __future__ import annotations

from typing import Literal, TypeAlias

from linode._model import BaseClient, Call, Field, ReadOnly, Resource, action

from ..linodes.values import MaintenancePolicySlug

InterfacesForNewLinodes: TypeAlias = (
    Literal[
        "legacy_config_only",
        "legacy_config_default_but_linode_allowed",
        "linode_default_but_legacy_config_allowed",
        "linode_only",
    ]
    | str
)
"""Generation of interfaces of new Linodes: those of configurations, those of Linodes, or either with a default."""
ObjectStorageStatus: TypeAlias = Literal["disabled", "suspended", "active"] | str
"""Status of Object Storage for an account."""


class AccountSettings(Resource):
    """Settings of the account; they apply to services created later."""

    path = "/account/settings"
    scope = "account"
    deletable = False

    backups_enabled: Field[bool]
    """Whether new Linodes have backups."""
    interfaces_for_new_linodes: Field[InterfacesForNewLinodes]
    """Generation of interfaces of new Linodes."""
    longview_subscription: ReadOnly[str | None]
    """ID of the Longview plan; None for the free one."""
    maintenance_policy: Field[MaintenancePolicySlug]
    """Maintenance policy of new Linodes."""
    managed: ReadOnly[bool]
    """Whether Linode Managed is enabled."""
    network_helper: Field[bool]
    """Whether new configurations have the network helper enabled."""
    object_storage: ReadOnly[ObjectStorageStatus]
    """Status of Object Storage."""
    tfa_enforced: Field[bool]
    """Whether users have to enable two-factor authentication."""

    @action
    def enable_managed(self) -> Call[None]:
        """Enable Linode Managed for the whole account; the API has no way to disable it."""
        return self._posts("managed-enable", outdated=("managed",))


class AccountSettingsMixin(BaseClient):
    """Methods of a client for the settings of the account."""

    @action
    def get_account_settings(self) -> Call[AccountSettings]:
        """Return the settings of the account."""
        return Call("GET", AccountSettings.path, read=lambda data: AccountSettings(self)._merge(data, complete=True))
