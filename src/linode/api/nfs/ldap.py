"""LDAP directories that tell the file systems of a space who its users are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from linode._model import Options, Parent, ReadOnly, Struct
from linode.waiting.waitable import Waitable

if TYPE_CHECKING:
    from .spaces import NFSSpace

NFSLDAPStatus: TypeAlias = Literal["active", "updating", "unreachable", "error"] | str


class NFSLDAPConfigOptions(Options, total=False):
    """Options of `NFSSpace.update_ldap_config`."""

    url: str
    """URL of the LDAP server."""
    base_dn: str
    bind_dn: str
    bind_password: str
    """Password to log in with; no response contains it."""
    tls_ca_cert: str | None
    """Certificate of the authority that signed the server's certificate, as PEM."""
    user_search_base: str
    group_search_base: str
    uid_attribute: str
    gid_attribute: str


class NFSLDAPConfig(Waitable):
    """The LDAP directory of a space; `NFSSpace.update_ldap_config` sets it. Deleting it removes the directory."""

    path = "/nfs/spaces/{space}/ldap-config"
    scope = "nfs"
    beta = True
    savable = False

    space: Parent[NFSSpace]
    space_id: ReadOnly[int]
    url_: ReadOnly[str] = ReadOnly("url")
    """URL of the LDAP server; ``url`` in the API, which names the path of the object here."""
    base_dn: ReadOnly[str]
    """Distinguished name below which the directory is searched."""
    bind_dn: ReadOnly[str]
    """Distinguished name to log in with."""
    tls_ca_cert: ReadOnly[str | None]
    """Certificate of the authority that signed the server's certificate, as PEM; None for none."""
    user_search_base: ReadOnly[str]
    """Distinguished name below which users are searched."""
    group_search_base: ReadOnly[str]
    """Distinguished name below which groups are searched."""
    uid_attribute: ReadOnly[str]
    """Attribute that holds the numeric ID of a user."""
    gid_attribute: ReadOnly[str]
    """Attribute that holds the numeric ID of a group."""
    status: ReadOnly[NFSLDAPStatus]
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]
    verified: ReadOnly[datetime | None]
    """Time of the last successful test (UTC); None when there was none."""


class NFSLDAPTestResult(Struct):
    """Result of a test of an LDAP directory."""

    reachable: ReadOnly[bool]
    """Whether the server was reached."""
    bind_success: ReadOnly[bool]
    """Whether the login succeeded."""
    latency_ms: ReadOnly[int]
    """Time that the server took to respond, in milliseconds."""
    message: ReadOnly[str]
    """Result, for display."""
    verified: ReadOnly[datetime | None]
    """Time of the test (UTC); None for an unsuccessful one."""
