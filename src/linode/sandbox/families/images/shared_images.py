"""The images of share groups as their members see them, in the accounts of the sandbox whose tokens were let in."""

from __future__ import annotations

from collections.abc import Iterator

from linode.api.images.images import Image
from linode.api.images.sharing import ImageShareGroup, ImageShareGroupMember, ImageShareGroupToken
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Row, World

__all__ = [
    "members_of",
    "other_accounts",
    "revoke",
    "shared_by",
    "shared_image",
    "shares_in",
    "update_members",
    "update_members_of_image",
]


def other_accounts(world: World) -> list[World]:
    """The worlds of the other accounts of the sandbox."""
    return [each for each in world.in_account("").accounts() if each.account != world.account]


def shares_in(world: World, group: Row) -> list[Row]:
    """The rows of the images in *group*."""
    return world.rows("ImageShare", group=group["id"])


def shared_by(group: Row, source: Row) -> Row:
    """The origin of an image shared by *group*, whose source is the image *source*."""
    return {
        "sharegroup_id": group["id"],
        "sharegroup_uuid": group["uuid"],
        "sharegroup_label": group["label"],
        "source_image_id": source["id"],
        "source_image_label": source["label"],
    }


def shared_image(world: World, group: Row, share: Row) -> Row:
    """The image of *share* as the members of *group* see it."""
    image = rules.show(world, world.get(Image, share["image"]))
    return {
        **image,
        "id": f"shared/{share['id']}",
        "label": image["label"] if share["label"] is None else share["label"],
        "description": image["description"] if share["description"] is None else share["description"],
        "type": "shared",
        "is_shared": None,
        "created_by": None,
        "created": share["created"],
        "updated": share["updated"],
        "image_sharing": {"shared_with": None, "shared_by": shared_by(group, image)},
    }


# -- other accounts of the sandbox -----------------------------------------------------------------------------------


def _tokens(world: World, group: Row) -> Iterator[tuple[World, Row]]:
    """The tokens of other accounts that were let into *group*, each with its account."""
    for account in other_accounts(world):
        for token in account.rows(ImageShareGroupToken, sharegroup_uuid=group["uuid"], status="active"):
            yield account, token


def update_members(world: World, group: Row) -> None:
    """Let the other accounts that are members of *group* have the images that are in it now, and no others."""
    for account, token in _tokens(world, group):
        token["sharegroup_label"] = group["label"]
        there = {image["id"]: image for image in account.rows(Image, _token=token["token_uuid"])}
        for share in shares_in(world, group):
            shown = shared_image(world, group, share)
            if (known := there.pop(shown["id"], None)) is not None:
                known |= shown
            elif not account.has(Image, shown["id"]):  # another token of the account has opened the group already
                filesystem = world.get(Image, share["image"]).get("_filesystem")
                account.add(Image, **shown, _token=token["token_uuid"], _filesystem=filesystem)
        for gone in there.values():
            account.remove(gone)


def update_members_of_image(world: World, image: Row) -> None:
    """Let the members of the groups that *image* is in see it as it is now."""
    for share in world.rows("ImageShare", image=image["id"]):
        update_members(world, world.get(ImageShareGroup, share["group"]))


def revoke(world: World, group: Row, token_uuid: str | None = None) -> None:
    """Take the images of *group* from the account with the token *token_uuid*, or from all members."""
    for account, token in [*_tokens(world, group)]:
        if token_uuid in (None, token["token_uuid"]):
            token |= {"status": "revoked", "updated": account.stamp()}
            for image in account.rows(Image, _token=token["token_uuid"]):
                account.remove(image)


def members_of(world: World, token_uuid: str) -> Iterator[tuple[World, Row]]:
    """The members of groups of other accounts that the token *token_uuid* has made, each with its account."""
    for account in other_accounts(world):
        for member in account.rows(ImageShareGroupMember, token_uuid=token_uuid):
            yield account, member
