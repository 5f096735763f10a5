"""Identity providers that users log in with (beta)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Required, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Nested, ReadOnly, Resource, Steps, Struct, action
from linode._model.options import Options, body
from linode._model.relations import Many, Parent

from .names import list_names, names_of_page

if TYPE_CHECKING:
    from ..account.users import User

IdpIdentityElement: TypeAlias = Literal["NAME_ID", "USER_ID_ATTRIBUTE"] | str


class NewIdpCertificate(TypedDict, total=False):
    """A certificate of an identity provider."""

    certificate: Required[str]


class NewIdpSaml(TypedDict, total=False):
    """SAML settings of a new identity provider."""

    idp_url: Required[str]
    entity_id: Required[str]
    identity_element: Required[IdpIdentityElement]
    user_id_attribute: str
    public_certificates: Required[Annotated[Sequence[NewIdpCertificate], Bounds(min_length=1)]]
    """Certificates that the provider signs its responses with."""


class IdpConfigOptions(Options, total=False):
    """Options of `create_idp_config` besides the label and the SAML settings."""

    enabled: bool
    enforce: bool


class IdpCertificate(Resource):
    """Certificate that an identity provider signs its responses with."""

    path = "/iam/idp-configs/{config}/certificates/{id}"
    beta = True
    savable = loadable = False

    config: Parent[IdpConfig]
    """Identity provider."""
    id: ReadOnly[str]
    """UUID."""
    certificate: ReadOnly[str]
    """Certificate, as PEM."""
    created: ReadOnly[datetime]
    created_by: ReadOnly[str]
    """Name of the user who added the certificate."""
    not_before: ReadOnly[datetime]
    """Beginning of the validity (UTC)."""
    not_after: ReadOnly[datetime]
    """End of the validity (UTC)."""


class IdpSaml(Struct):
    """SAML settings of an identity provider."""

    idp_url: Field[str]
    """URL that users log in at."""
    entity_id: Field[str]
    """ID of the provider."""
    identity_element: Field[IdpIdentityElement]
    """Element of the provider's response that names the user."""
    user_id_attribute: Field[str]
    """Attribute that names the user, for ``USER_ID_ATTRIBUTE``."""
    public_certificates: ReadOnly[list[IdpCertificate]]
    """Certificates; `IdpConfig.create_certificate` adds one."""


class IdpConfig(Resource):
    """An identity provider that users log in with."""

    path = "/iam/idp-configs/{id}"
    beta = True

    id: ReadOnly[str]
    """UUID."""
    label: Field[str]
    enabled: Field[bool]
    """Whether users can log in with the provider."""
    enforce: Field[bool]
    """Whether users have to log in with the provider."""
    saml: Nested[IdpSaml]
    """SAML settings."""
    included_users_count: ReadOnly[int]
    """Number of users who log in with the provider."""
    excluded_users_count: ReadOnly[int]
    """Number of users who do not."""
    created: ReadOnly[datetime]
    created_by: ReadOnly[str]
    """Name of the user who created the provider."""
    updated: ReadOnly[datetime | None]
    """Time of the last change (UTC); None before the first one."""
    updated_by: ReadOnly[str | None]
    """Name of the user who made the last change; None before the first one."""
    certificates: Many[IdpCertificate]

    @action
    def create_certificate(self, certificate: str) -> Call[IdpCertificate]:
        """Add a certificate (PEM) and return it. Raises `InvalidRequestError` when it is not valid."""
        return self._creates(IdpCertificate, "certificates", body(certificate=certificate))

    @action
    def get_included_users(self) -> Steps[list[str]]:
        """Return the names of the users who log in with the provider."""
        return list_names(f"{self.url}/users-included", beta=True)

    @action
    def update_included_users(self, users: Sequence[User | str]) -> Call[list[str]]:
        """Set the users who log in with the provider to *users* (names); returns the names."""
        return self._replaces("users-included", "included_users_count", users)

    @action
    def get_excluded_users(self) -> Steps[list[str]]:
        """Return the names of the users who do not log in with the provider."""
        return list_names(f"{self.url}/users-excluded", beta=True)

    @action
    def update_excluded_users(self, users: Sequence[User | str]) -> Call[list[str]]:
        """Set the users who do not log in with the provider to *users* (names); returns the names."""
        return self._replaces("users-excluded", "excluded_users_count", users)

    def _replaces(self, tail: str, count: str, users: Sequence[User | str]) -> Call[list[str]]:
        def read(data: Any) -> list[str]:
            self._expire((count,))
            return names_of_page(data)

        return Call("PUT", f"{self.url}/{tail}", body(users=list(users)), beta=True, read=read)


class IdpMixin(BaseClient):
    """Methods of a client for identity providers."""

    get_idp_configs: Many[IdpConfig] = Many("/iam/idp-configs", beta=True)
    """Identity providers of the account."""

    @action
    def create_idp_config(self, label: str, saml: NewIdpSaml, **options: Unpack[IdpConfigOptions]) -> Call[IdpConfig]:
        """Add an identity provider labeled *label* and return it. Raises `InvalidRequestError` for bad certificates."""
        return self._creates(IdpConfig, "/iam/idp-configs", body(label=label, saml=saml, **options))
