"""Managed: contacts, credentials, services that are checked, and the settings of Linodes."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.linodes.linode import Linode
from linode.api.managed import (
    ManagedContact,
    ManagedCredential,
    ManagedIssue,
    ManagedLinodeSetting,
    ManagedMixin,
    ManagedService,
)

from ..core.kind import Access, Events, Exports, Kind, Operations, Storage
from ..engine import rules
from ..engine.registry import Refused, Row, World, job, on
from .linodes.load import Figure, figures, uptime
from .linodes.rows import settings
from .profile.current_user import check_email

__all__: list[str] = []

CHECKED_AFTER = 60
"""Seconds until a service is checked for the first time: a guess."""
DAY, EVERY = 24 * 3600, 300
ANY = "any"
SSH = {"access": True, "ip": ANY, "port": None, "user": None}
READ, WRITE = ("account:read_only",), ("account:read_write",)
UNRESTRICTED = dict.fromkeys(("*", ManagedMixin.get_managed_ssh_key, ManagedMixin.managed_stats), "unrestricted")


def refuse_unmanaged(world: World) -> None:
    """Raise a refusal unless the account has Managed: refused for certain, status and words are guesses."""
    if not settings(world).get("managed"):
        raise Refused("Managed service must be enabled to use this endpoint", status=403)


def _access(scopes: Mapping[Any, tuple[str, ...]]) -> Access:
    return Access(scopes, general=UNRESTRICTED, requires=refuse_unmanaged)


on.kind(
    Kind(
        of=ManagedContact,
        operations=Operations(generic=("delete",)),
        access=_access({"get": WRITE}),
    )
)
on.kind(
    Kind(
        of=ManagedCredential,
        exports=Exports(("_password",)),
        operations=Operations(generic=("update",)),
        access=_access({"get": WRITE}),
    )
)
on.kind(Kind(of=ManagedIssue, access=_access({})))
on.kind(Kind(of=ManagedLinodeSetting, storage=Storage("Linode"), access=_access({})))
on.kind(
    Kind(
        of=ManagedService,
        events=Events("managed_service", notify=("create", "delete")),
        operations=Operations(generic=("delete",), limits={ManagedMixin.managed_stats: ((50, 60),)}),
        access=_access({ManagedMixin.get_managed_ssh_key: READ, ManagedMixin.managed_stats: READ}),
    )
)


# -- contacts --------------------------------------------------------------------------------------------------------


@on.create(ManagedContact)
def create_contact(world: World, **members: Any) -> Row:
    """Create a contact."""
    _check_contact(members)
    return rules.create(world, ManagedContact, **members)


@on.update(ManagedContact)
def update_contact(world: World, contact: Row, **changes: Any) -> None:
    """Update a contact."""
    _check_contact(changes)
    rules.update_one(world, ManagedContact, contact, **changes)


def _check_contact(members: Row) -> None:
    if members.get("email"):
        check_email(members["email"])


# -- credentials -----------------------------------------------------------------------------------------------------


@on.create(ManagedCredential)
def create_credential(world: World, label: str, password: str, username: str = "") -> Row:
    """Create a credential, whose user name and password no response contains."""
    return world.add(ManagedCredential, label=label, last_decrypted=None, _password=password, _username=username)


@on(ManagedCredential.set_password)
def set_password(world: World, credential: Row, password: str, username: str | None = None) -> None:  # noqa: ARG001  every behaviour takes the world
    """Replace the password, and the user name when it is sent."""
    credential["_password"] = password
    if username is not None:
        credential["_username"] = username


@on(ManagedCredential.revoke)
def revoke(world: World, credential: Row) -> None:
    """Delete the credential, also from the services that have it."""
    for service in world.rows(ManagedService, credentials=credential["id"]):
        service["credentials"] = [each for each in service["credentials"] if each != credential["id"]]
    world.remove(credential)


@on(ManagedMixin.get_managed_ssh_key)
def ssh_key(world: World) -> Row:
    """The account's public key, the same each time."""
    refuse_unmanaged(world)
    row = world.one("_ManagedKey", key=None)
    row["key"] = row["key"] or f"ssh-rsa AAAAB3NzaC1yc2E{world.hex(344)} managedservices@linode"
    return {"ssh_key": row["key"]}


# -- settings of Linodes ---------------------------------------------------------------------------------------------


@on.list(ManagedLinodeSetting)
def linode_settings(world: World) -> list[Row]:
    """The settings of every Linode."""
    return [_setting(linode) for linode in world.rows(Linode)]


@on.get(ManagedLinodeSetting)
def linode_setting(world: World, linode: Row) -> Row:  # noqa: ARG001  every behaviour takes the world
    """The settings of a Linode."""
    return _setting(linode)


@on.update(ManagedLinodeSetting)
def update_setting(world: World, linode: Row, ssh: Mapping[str, Any] | None = None) -> Row:  # noqa: ARG001  likewise
    """Update the members of ``ssh`` that were sent."""
    if not _is_source((ssh or {}).get("ip") or ANY):
        raise Refused("ip is not valid", field="ssh.ip")
    linode["_managed_ssh"] = {**_setting(linode)["ssh"], **(ssh or {})}
    return _setting(linode)


def _is_source(text: str) -> bool:
    """Whether *text* is an IP address, or the word for all."""
    try:
        return text == ANY or bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _setting(linode: Row) -> Row:
    return {**{name: linode[name] for name in ("id", "label", "group")}, "ssh": linode.get("_managed_ssh") or dict(SSH)}


# -- services --------------------------------------------------------------------------------------------------------


@on.create(ManagedService)
def create_service(world: World, consultation_group: str = "", credentials: Sequence[int] = (), **members: Any) -> Row:
    """Create a service, which is checked a little later."""
    members |= {"consultation_group": consultation_group, "credentials": list(credentials)}
    _check(world, members)
    service = world.add(ManagedService, **{"body": None, "notes": None, "region": None, **members}, status="pending")
    world.takes(CHECKED_AFTER, check_service, service)
    return service


def _check(world: World, members: Row) -> None:
    group = members.get("consultation_group")
    if group and not world.rows(ManagedContact, group=group):
        raise Refused("consultation_group is not valid", field="consultation_group")
    rules.referenced_rows(world, ManagedCredential, members.get("credentials") or (), field="credentials")


@on.update(ManagedService)
def update_service(world: World, service: Row, **changes: Any) -> Row:
    """Change the service."""
    _check(world, changes)
    return rules.update(world, service, **changes)


@on(ManagedService.enable)
def enable(world: World, service: Row) -> Row:
    """Watch it; the first check comes a little later."""
    if service["status"] == "disabled":
        service |= {"status": "pending", "updated": world.stamp()}
        world.takes(CHECKED_AFTER, check_service, service)
    return service


@on(ManagedService.disable)
def disable(world: World, service: Row) -> Row:
    """Watch it no longer."""
    service |= {"status": "disabled", "updated": world.stamp()}
    return service


@job("managed.check_service", ManagedService)
def check_service(_world: World, service: Row) -> None:
    """The first check finds it well: there is no network to ask it over."""
    if service["status"] == "pending":
        service["status"] = "ok"


# -- statistics ------------------------------------------------------------------------------------------------------


@on(ManagedMixin.managed_stats)
def stats(world: World) -> Row:
    """The sums over all Linodes that ran in the last 24 hours."""
    refuse_unmanaged(world)
    linodes = world.rows(Linode)
    first = -(-(world.now - DAY) // EVERY) * EVERY
    moments = range(int(first), int(world.now), EVERY)
    ran = {linode["id"]: uptime(linode, world.now) for linode in linodes}
    if not any(ran.values()):
        return {"data": ["No data"]}  # a guess at the words
    names = {"cpu": "cpu", "disk": "io", "net_in": "in", "net_out": "out"}
    made = {each: figures(each) for each in ran}
    series = {
        name: [
            {"x": moment * 1000, "y": round(sum(_mean(made[each][figure], moment, ran[each]) for each in ran), 2)}
            for moment in moments
        ]
        for name, figure in names.items()
    }
    return {"data": {**series, "swap": [{"x": moment * 1000, "y": 0.0} for moment in moments]}}


def _mean(figure: Figure, moment: int, ran: Sequence[tuple[float, float]]) -> float:
    """The mean of *figure* over the time before *moment*, as far as the Linode ran."""
    return figure.total(moment - EVERY, moment, ran) / EVERY
