"""Operations of other accounts on shared images.

Accounts of `Sandbox.add_account` share images by requests. Where only one side matters, these calls of Python stand for
the other::

    with sandbox.world.transaction():
        group = lend(sandbox.world, "theirs", [{"label": "golden", "size": 2000}])

Before one of them is called, the UUIDs and tokens of no other account are known.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from linode.api.images.images import Image
from linode.api.images.sharing import ImageShareGroup, ImageShareGroupToken
from linode.sandbox.core.kind import Exports, Kind
from linode.sandbox.engine.registry import Refused, Row, World, on

from .shared_images import other_accounts, shared_by

__all__ = ["accept_membership", "digest", "group_of", "redeem", "refuse_no_label", "request_membership", "share_images"]

on.kind(Kind(of="NeighbourToken", exports=Exports(("id",))))  # hashes of tokens
_SECRET = re.compile(r"[0-9a-f]{64}")


def digest(secret: str) -> str:
    """The stored hash of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def refuse_no_label(changes: Mapping[str, Any]) -> None:
    """Raise the API's refusal when a new label is not among *changes*."""
    if not changes.get("label"):
        raise Refused("label is required", field="label")


# -- another account that borrows ------------------------------------------------------------------------------------


def request_membership(world: World, sharegroup_uuid: str) -> str:
    """The token that another account makes to be let into the share group of this one."""
    secret = world.hex(64)
    world.add("NeighbourToken", id=digest(secret), uuid=world.uuid(), group=sharegroup_uuid, used=False)
    return secret


def redeem(world: World, token: str, group: Row) -> str:
    """The UUID of the *token* of another account, which is used up now. Raises `Refused` unless it is for *group*."""
    if not _SECRET.fullmatch(token):
        raise Refused("Invalid token format", status=500)
    for account in other_accounts(world):
        for made in account.rows(ImageShareGroupToken, _digest=digest(token), status="pending"):
            if made["valid_for_sharegroup_uuid"] == group["uuid"]:
                made |= {"status": "active", "sharegroup_uuid": group["uuid"], "sharegroup_label": group["label"]}
                made["updated"] = account.stamp()
                return str(made["token_uuid"])
    row = world.find("NeighbourToken", digest(token))
    if row is None or row["group"] != group["uuid"] or row["used"]:
        raise Refused("token is not valid", field="token")
    row["used"] = True
    return str(row["uuid"])


# -- another account that lends --------------------------------------------------------------------------------------


def share_images(
    world: World, label: str, images: Iterable[Mapping[str, Any]] = (), description: str | None = None
) -> Row:
    """The share group of another account that lends *images*, each with a ``label`` and a ``size`` in MB.

    Tokens can be made for its ``uuid``; `accept_membership` is what its owner does with them.
    """
    return world.add(
        "NeighbourGroup",
        uuid=world.uuid(),
        label=label,
        description=description,
        created=world.stamp(),
        images=[{"id": f"private/{world.next_id('Image')}", **each} for each in images],
    )


def group_of(world: World, sharegroup_uuid: str | None) -> Row | None:
    """The share group of another account that has this UUID."""
    found = [each for account in other_accounts(world) for each in account.rows(ImageShareGroup, uuid=sharegroup_uuid)]
    return next(iter([*found, *world.rows("NeighbourGroup", uuid=sharegroup_uuid)]), None)


def accept_membership(world: World, token: str) -> None:
    """Let this account, which made *token*, into the group that it is for: from now on it has the group's images.

    Raises `Refused` for a token that this account did not make, or that was used before.
    """
    row = next(iter(world.rows(ImageShareGroupToken, _digest=digest(token), status="pending")), None)
    group = row and group_of(world, row["valid_for_sharegroup_uuid"])
    if not row or not group:
        raise Refused("token is not valid", field="token")
    row |= {"status": "active", "sharegroup_uuid": group["uuid"], "sharegroup_label": group["label"]}
    row["updated"] = world.stamp()
    for image in group["images"]:
        world.add(
            Image,
            id=f"shared/{world.next_id('ImageShare')}",
            label=image["label"],
            description=image.get("description"),
            type="shared",
            status="available",
            size=image["size"],
            total_size=image["size"],
            regions=image.get("regions", [{"region": "us-east", "status": "available"}]),
            image_sharing={"shared_with": None, "shared_by": shared_by(group, image)},
            updated=None,
            _token=row["token_uuid"],
        )
