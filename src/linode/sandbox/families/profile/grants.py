"""What a restricted user may do, as it is shown. What it keeps from whom is told in `linode.sandbox.restricted`."""

from __future__ import annotations

from linode._http.transport import Response
from linode.api.domains import Domain
from linode.api.images.images import Image
from linode.api.linodes.linode import Linode
from linode.api.networking.firewalls import Firewall
from linode.api.nodebalancers import NodeBalancer
from linode.api.profile.grants import GlobalGrants, Grants
from linode.api.profile.profile import Profile
from linode.api.stackscripts import StackScript
from linode.api.volumes import Volume
from linode.sandbox.core import kinds
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Row, World, on

from .current_user import asker

__all__ = ["grants_of"]

LISTED = {
    "domain": Domain,
    "firewall": Firewall,
    "image": Image,
    "linode": Linode,
    "nodebalancer": NodeBalancer,
    "stackscript": StackScript,
    "volume": Volume,
}


@on(Profile.grants)
def grants(world: World) -> Row | Response:
    """What the user may do; nothing is listed for one who may do everything."""
    user = asker(world)
    return grants_of(world, user) if user["restricted"] else Response(204)


def grants_of(world: World, user: Row) -> Row:
    """What *user* may do in general, and with everything that the account has."""
    kept = user.get("_grants", {})
    found: Row = {"global": {**kinds.empty_members(GlobalGrants), **kept.get("global", {})}}
    for name in Grants._fields:
        if name not in ("global", "global_"):
            found[name] = _each(world, name, kept.get(name, {}))
    return found


def _each(world: World, name: str, kept: Row) -> list[Row]:
    """What may be done with everything of one kind; *kept* are the permissions by number."""
    rows = [rules.show(world, row) for row in world.read(LISTED[name])] if name in LISTED else []
    shown = []
    for row in rows:
        if _is_own(name, row):
            number = int(str(row["id"]).rpartition("/")[2])
            label = row["domain" if name == "domain" else "label"]
            shown.append({"id": number, "label": label, "permissions": kept.get(str(number))})
    return shown


def _is_own(name: str, row: Row) -> bool:
    """Whether *row* is the account's own, where others have some too."""
    if name == "image":
        return not row["is_public"] and row["type"] != "shared"
    return name != "stackscript" or bool(row["mine"])
