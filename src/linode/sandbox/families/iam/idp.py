"""Identity providers: kept and shown. Nobody logs in with one, as the sandbox's login service has no SAML."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.account.users import User
from linode.api.iam.idp import IdpCertificate, IdpConfig
from linode.sandbox.core.kind import Access, Kind, Operations
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Names, Refused, Row, World, on

from ..nodebalancers.certificates import validity

__all__: list[str] = []

INCLUDED, EXCLUDED = "_logs_in_with", "_does_not_log_in_with"
"""Members of users that hold the ids of providers."""
BY_ATTRIBUTE = "USER_ID_ATTRIBUTE"

on.kind(Kind(of=IdpConfig, operations=Operations(generic=("delete",)), access=Access(general={"*": "unrestricted"})))
on.kind(Kind(of=IdpCertificate, access=Access(general={"*": "unrestricted"})))


@on.create(IdpConfig)
def create(world: World, label: str, saml: Mapping[str, Any], *, enabled: bool = False, enforce: bool = False) -> Row:
    """Add a provider, which is not enabled unless asked for (a guess)."""
    settings = {name: value for name, value in saml.items() if name != "public_certificates"}
    _refuse_no_attribute(settings)
    members = {"label": label, "enabled": enabled, "enforce": enforce, "saml": settings}
    config = world.add(IdpConfig, **members, id=_uuid(world), created_by=world.username, updated=None)
    for at, each in enumerate(saml["public_certificates"]):
        _add_certificate(world, config, each["certificate"], f"saml.public_certificates[{at}].certificate")
    return config


def _refuse_no_attribute(settings: Mapping[str, Any]) -> None:
    if settings["identity_element"] == BY_ATTRIBUTE and not settings.get("user_id_attribute"):
        raise Refused("user_id_attribute is required", "saml.user_id_attribute")  # a guess


def _uuid(world: World) -> str:
    return str(uuid.UUID(world.hex(32), version=4))


@on.update(IdpConfig)
def update(world: World, config: Row, saml: Mapping[str, Any] | None = None, **changes: Any) -> Row:
    """Update the members that were sent; certificates are replaced as a whole (a guess)."""
    given = dict(saml or {})
    certificates = given.pop("public_certificates", None)
    _refuse_no_attribute({**config["saml"], **given})
    if certificates is not None:
        for each in world.rows(IdpCertificate, config):
            world.remove(each)
        for at, each in enumerate(certificates):
            _add_certificate(world, config, each["certificate"], f"saml.public_certificates[{at}].certificate")
    rules.update(world, config, saml=given, **changes)
    config["updated_by"] = world.username
    return config


@on.show(IdpConfig, "saml", "included_users_count", "excluded_users_count")
def _show(world: World, config: Row) -> Row:
    certificates = [rules.show(world, each) for each in world.read(IdpCertificate, config)]
    return {
        **config,
        "saml": {"user_id_attribute": "", **config["saml"], "public_certificates": certificates},
        "included_users_count": len(_users(world, config, INCLUDED)),
        "excluded_users_count": len(_users(world, config, EXCLUDED)),
    }


# -- certificates ----------------------------------------------------------------------------------------------------


@on.create(IdpCertificate)
def create_certificate(world: World, config: Row, certificate: str) -> Row:
    """Add a certificate."""
    return _add_certificate(world, config, certificate, "certificate")


def _add_certificate(world: World, config: Row, certificate: str, field: str) -> Row:
    lasts = validity(certificate)
    if lasts is None:
        raise Refused("Must be a certificate in PEM format", field)  # own words
    members = {"certificate": certificate, "not_before": lasts[0], "not_after": lasts[1]}
    return world.add(IdpCertificate, config, id=_uuid(world), created_by=world.username, **members)


@on.delete(IdpCertificate)
def delete_certificate(world: World, certificate: Row) -> None:
    """Delete a certificate; a provider keeps the last one (a guess)."""
    if len(world.read(IdpCertificate, world.parent(certificate))) == 1:
        raise Refused("The last certificate cannot be deleted")  # own words
    world.remove(certificate)


# -- users -----------------------------------------------------------------------------------------------------------


def _users(world: World, config: Row, member: str) -> list[str]:
    return [each["username"] for each in world.read(User) if config["id"] in each.get(member, ())]


def _replace(world: World, config: Row, member: str, users: Sequence[str]) -> Names:
    """Let exactly *users* hold the provider as *member*; that one may be in both lists is a guess."""
    for user in world.rows(User):
        others = [each for each in user.get(member, ()) if each != config["id"]]
        user[member] = [*others, config["id"]] if user["username"] in users else others
    return Names(_users(world, config, member))


@on(IdpConfig.get_included_users)
def included(world: World, config: Row) -> Names:
    """The names of the users who log in with the provider."""
    return Names(_users(world, config, INCLUDED))


@on(IdpConfig.update_included_users)
def update_included(world: World, config: Row, users: Sequence[str] = ()) -> Names:
    """Let exactly *users* log in with the provider."""
    return _replace(world, config, INCLUDED, users)


@on(IdpConfig.get_excluded_users)
def excluded(world: World, config: Row) -> Names:
    """The names of the users who do not log in with the provider."""
    return Names(_users(world, config, EXCLUDED))


@on(IdpConfig.update_excluded_users)
def update_excluded(world: World, config: Row, users: Sequence[str] = ()) -> Names:
    """Let exactly *users* not log in with the provider."""
    return _replace(world, config, EXCLUDED, users)
