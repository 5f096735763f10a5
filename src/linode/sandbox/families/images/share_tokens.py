"""The account's own tokens for share groups of others, and what they open once their owner has let it in."""

from __future__ import annotations

from typing import Any

from linode.api.images.images import Image
from linode.api.images.sharing import ImageShareGroup, ImageShareGroupToken, ImageSharingMixin
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import NotFound, Refused, Row, World, on

from .other_accounts import digest, group_of, refuse_no_label
from .shared_images import members_of

ONLY_OWNERS = ("expiry", "images_count", "members_count")


@on(ImageSharingMixin.create_image_sharegroup_token)
def create(world: World, valid_for_sharegroup_uuid: str, label: str = "") -> Row:
    """Make one; only this answer holds its secret."""
    if world.rows(ImageShareGroup, uuid=valid_for_sharegroup_uuid):
        reason = "You may not create a token for your own sharegroup"
        raise Refused(reason, field="valid_for_sharegroup_uuid")
    if group_of(world, valid_for_sharegroup_uuid) is None:
        raise Refused("valid_for_sharegroup_uuid is not valid", field="valid_for_sharegroup_uuid")
    secret = world.hex(64)
    row = world.add(
        ImageShareGroupToken,
        token_uuid=world.uuid(),
        label=label,
        status="pending",
        valid_for_sharegroup_uuid=valid_for_sharegroup_uuid,
        updated=None,
        _digest=digest(secret),
    )
    return {**row, "token": secret}


@on.show(ImageShareGroupToken, "token")
def _show(_world: World, token: Row) -> Row:
    """Remove the secret, which only the response to the creation contains."""
    return {name: value for name, value in token.items() if name != "token" or value is not None}


@on.update(ImageShareGroupToken)
def rename(world: World, token: Row, **changes: Any) -> None:
    """Give it another name."""
    refuse_no_label(changes)
    rules.update(world, token, **changes)


@on.delete(ImageShareGroupToken)
def delete(world: World, token: Row) -> None:
    """Delete it; what it opened is closed."""
    for image in world.rows(Image, _token=token["token_uuid"]):
        world.remove(image)
    for account, member in [*members_of(world, token["token_uuid"])]:
        account.remove(member)
    world.remove(token)


@on(ImageShareGroupToken.sharegroup)
def sharegroup(world: World, token: Row) -> Row:
    """The group, as who borrows from it sees it."""
    group = _group(world, token)
    shown = {"is_suspended": False, "updated": None, **group}
    return {name: value for name, value in shown.items() if name not in (*ONLY_OWNERS, "images")}


@on(ImageShareGroupToken.images)
def images(world: World, token: Row) -> list[Row]:
    """List the images that the group shares."""
    _group(world, token)
    return world.rows(Image, _token=token["token_uuid"])


def _group(world: World, token: Row) -> Row:
    group = group_of(world, token["sharegroup_uuid"])
    if group is None:
        raise NotFound
    return group
