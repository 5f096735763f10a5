"""Share groups: the images that the account shares with other accounts, and the groups' members.

A shared image is a row of the table "ImageShare", which members see as the image ``shared/<its id>``. Operations of
other accounts are in `other_accounts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.images.images import Image
from linode.api.images.sharing import ImageShareGroup, ImageShareGroupMember
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import NotFound, Page, Refused, Row, World, on

from .images import shares_of
from .other_accounts import redeem, refuse_no_label
from .shared_images import revoke, shared_image, shares_in, update_members

on.kind(Kind(of=ImageShareGroup))
on.kind(Kind(of=ImageShareGroupMember, access=Access(scopes={"list": ("images:read_write",)})))

# -- groups ----------------------------------------------------------------------------------------------------------


@on.create(ImageShareGroup)
def create(world: World, label: str, description: str | None = "", images: Sequence[Mapping[str, Any]] = ()) -> Row:
    """Make a group, with images in it or without."""
    group = world.add(ImageShareGroup, uuid=world.uuid(), label=label, description=description or "", updated=None)
    _lend(world, group, images)
    return group


@on.update(ImageShareGroup)
def update(world: World, group: Row, **changes: Any) -> None:
    """Change the group; its images show a new label to the members."""
    rules.update_one(world, ImageShareGroup, group, **changes)
    update_members(world, group)


@on.delete(ImageShareGroup)
def delete(world: World, group: Row) -> None:
    """Delete it with its members; the images stay the account's."""
    revoke(world, group)
    for share in shares_in(world, group):
        world.remove(share)
    world.remove(group)


@on.show(ImageShareGroup, "images_count", "members_count")
def _show(world: World, group: Row) -> Row:
    counts = {
        "images_count": len(shares_in(world, group)),
        "members_count": len(world.read(ImageShareGroupMember, group)),
    }
    return {**group, **counts}


@on(Image.sharegroups)
def groups_of(world: World, image: Row) -> list[Row]:
    """The groups that an image is in."""
    return [world.get(ImageShareGroup, share["group"]) for share in shares_of(world, image)]


# -- images in a group -----------------------------------------------------------------------------------------------


@on(ImageShareGroup.images)
def images(world: World, group: Row) -> list[Row]:
    """List the shared images as the group's members see them."""
    return [shared_image(world, group, share) for share in shares_in(world, group)]


@on(ImageShareGroup.add_images)
def add_images(world: World, group: Row, images: Sequence[Mapping[str, Any]]) -> Page:
    """Share more images; the response is a page of the added ones. The group's ``updated`` does not change."""
    shares = _lend(world, group, images)
    update_members(world, group)
    return Page(shared_image(world, group, share) for share in shares)


@on(ImageShareGroup.update_image, unchecked=("image",))
def update_image(world: World, group: Row, image: str, **changes: Any) -> Row:
    """Change how the borrowers see an image."""
    share = _share(world, group, image)
    share |= {**changes, "updated": world.stamp()}
    update_members(world, group)
    return shared_image(world, group, share)


@on(ImageShareGroup.remove_image, unchecked=("image",))
def remove_image(world: World, group: Row, image: str) -> None:
    """Lend an image no more."""
    world.remove(_share(world, group, image))
    group["updated"] = world.stamp()
    update_members(world, group)


def _lend(world: World, group: Row, images: Sequence[Mapping[str, Any]]) -> list[Row]:
    shares = []
    for at, wanted in enumerate(images):
        image = world.get(Image, wanted["id"])
        field = f"images[{at}].id"
        if image["is_public"] or image["type"] == "shared":
            raise Refused("Only images of the account can be shared", field=field)  # own words
        if image["status"] != "available":
            raise Refused("The image must be available", field=field)  # own words
        if any(share["group"] == group["id"] for share in shares_of(world, image)):
            raise Refused("The image is in the share group already", field=field)  # own words
        shared = {name: wanted.get(name) for name in ("label", "description")}
        stamps = {"created": world.stamp(), "updated": None}
        shares.append(world.add("ImageShare", group=group["id"], image=image["id"], **shared, **stamps))
    return shares


def _share(world: World, group: Row, image_id: str) -> Row:
    kind, _, number = image_id.partition("/")
    share = world.find("ImageShare", number) if kind == "shared" else None
    if share is None or share["group"] != group["id"]:
        raise NotFound
    return share


# -- members ---------------------------------------------------------------------------------------------------------


@on.create(ImageShareGroupMember)
def admit(world: World, group: Row, label: str, token: str) -> Row:
    """Let in the account that made *token*, which is used up thereby."""
    token_uuid = redeem(world, token, group)
    update_members(world, group)
    return world.add(ImageShareGroupMember, group, token_uuid=token_uuid, label=label, status="active", updated=None)


@on.delete(ImageShareGroupMember)
def expel(world: World, member: Row) -> None:
    """Take the group's images from a member."""
    revoke(world, world.parent(member), member["token_uuid"])
    world.remove(member)


@on.update(ImageShareGroupMember)
def rename(world: World, member: Row, **changes: Any) -> None:
    """Give a member another name."""
    refuse_no_label(changes)
    rules.update(world, member, **changes)
