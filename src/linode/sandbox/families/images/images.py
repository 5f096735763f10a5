"""Images: made of disks, kept in regions, seen by their account; Linode's own are there for everybody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from linode.api.images.images import Image
from linode.api.images.sharing import ImageShareGroup
from linode.api.linodes.disks import Disk
from linode.api.regions import Region
from linode.sandbox.core.kind import Access, Grant, Kind, Lists, Operations, Source, Storage
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import NotFound, Refused, Row, World, job, on
from linode.sandbox.engine.scopes import NO_SCOPE, covers

from .shared_images import update_members, update_members_of_image

__all__ = ["add_image", "make_available", "refuse_foreign", "refuse_label", "shares_of", "with_image_numbers"]

on.kind(
    Kind(
        of=Image,
        storage=Storage(slashed=("linode", "private", "shared")),
        source=Source("/images"),
        operations=Operations(limits={"list": ((20, 60),)}),
        lists=Lists(empty_page=(0, 0)),
        access=Access(scopes={"create": ("images:read_write", "linodes:read_only")}),
        grant=Grant("image", owned=lambda image: not image["is_public"] and image["type"] != "shared"),
    )
)

MAX_LABEL_LENGTH = 50
_LABEL = re.compile(r"[\w ,.?'-]*", re.ASCII)
IMAGIZE = 40
"""Seconds until a disk is an image."""
WAIT, COPY, FORGET = 5, 20, 10
"""Seconds until a copy to another region begins, that it takes, and until an unwanted one is gone."""


def add_image(
    world: World,
    label: str,
    region: str,
    *,
    status: str,
    copy: str,
    size: int = 0,
    description: str | None = None,
    cloud_init: bool = False,
    tags: Sequence[str] = (),
) -> Row:
    """A new image of the account with one copy, which is *copy*, in *region*."""
    return world.add(
        Image,
        id=f"private/{world.next_id('Image')}",
        label=label,
        description=description or "",
        tags=list(tags),
        type="manual",
        status=status,
        size=size,
        is_shared=False,
        capabilities=["cloud-init"] if cloud_init else [],
        regions=[{"region": region, "status": copy}],
        created_by=world.user and world.user["username"],
    )


def refuse_label(label: str | None) -> None:
    """Raise `Refused` for a *label* that no image can have; the words are guesses."""
    if label is None:
        return
    if not 1 <= len(label) <= MAX_LABEL_LENGTH:
        raise Refused(f"Length must be 1-{MAX_LABEL_LENGTH} characters", field="label")
    if not _LABEL.fullmatch(label):
        raise Refused("label is not valid", field="label")


def make_available(world: World, image: Row, size: int) -> None:
    """From now on *image* can be used; it needs disks of *size* MB."""
    image |= {"status": "available", "size": size, "updated": world.stamp()}
    for copy in image["regions"]:
        copy["status"] = "available"


def with_image_numbers(event: Row) -> Row:
    """Replace the IDs of the account's images in *event* by their numbers, and return it."""
    for name in ("entity", "secondary_entity"):
        entity = event[name]
        if entity and entity["type"] == "image" and not entity["id"].startswith("linode/"):
            entity["id"] = int(entity["id"].rpartition("/")[2])
    return event


def refuse_foreign(image: Row) -> None:
    """Raise the API's refusal when *image* is not the account's own."""
    if image["is_public"] or image["type"] == "shared":
        raise Refused("Unauthorized", status=403)


def shares_of(world: World, image: Row) -> list[Row]:
    """The rows that put *image* into share groups, one for each group."""
    return world.rows("ImageShare", image=image["id"])


# -- who sees what ---------------------------------------------------------------------------------------------------


@on.list(Image)
def images(world: World) -> list[Row]:
    """All, the newest of the account's before Linode's own; the list takes any token.

    Who has no token, or one without the scope, sees Linode's own only.
    """
    seen = [image for image in world.read(Image) if _is_seen(world, image)]
    others = [image for image in seen if not image["is_public"]]
    others.sort(key=lambda image: int(image["id"].rpartition("/")[2]), reverse=True)
    return others + [image for image in seen if image["is_public"]]


@on.get(Image)
def get(world: World, image: Row) -> Row:
    """One, as in the list."""
    if not _is_seen(world, image):
        raise NotFound if world.token is None else Refused(NO_SCOPE, status=401)
    return image


def _is_seen(world: World, image: Row) -> bool:
    if image["is_public"]:
        return True
    return world.token is not None and covers(world.token["scopes"], ("images:read_only",))


@on.show(Image, "total_size", "is_shared", "image_sharing", "regions")
def _show(world: World, image: Row) -> Row:
    """Set the total size of the image's copies, and the number of its share groups.

    An image without content is in no region yet.
    """
    if image["is_public"] or image["type"] == "shared":
        return image
    kept = [copy for copy in image["regions"] if copy["status"] in ("available", "creating", "pending deletion")]
    count = len({share["group"] for share in shares_of(world, image)})
    url = f"/images/{image['id']}/sharegroups"
    shared_with = {"sharegroup_count": count, "sharegroup_list_url": url}
    sharing = {"shared_with": shared_with, "shared_by": None}
    return {
        **image,
        "regions": image["regions"] if image["status"] == "available" else [],
        "total_size": image["size"] * len(kept),
        "is_shared": count > 0,
        "image_sharing": sharing,
    }


# -- making one of a disk --------------------------------------------------------------------------------------------


@on.create(Image)
def create(world: World, disk_id: int, label: str | None = None, **options: Any) -> Row:
    """Make one of a disk, after the jobs of its Linode. At first it is as big as the disk, then as its files."""
    disk = rules.referenced_row(world, Disk, disk_id, field="disk_id")
    linode = world.parent(disk)
    size, region = disk["size"], linode["region"]
    refuse_label(label)
    image = add_image(world, label or disk["label"], region, status="creating", copy="creating", size=size, **options)
    image["capabilities"] = _capabilities(world, linode, image)
    image["_filesystem"] = disk["filesystem"]
    args = (image, disk.get("_least") or size)
    with_image_numbers(
        world.events.schedule("disk_imagize", linode, image, seconds=IMAGIZE, then=finish_image, args=args, queued=True)
    )
    return image


def _capabilities(world: World, linode: Row, image: Row) -> list[str]:
    """The capabilities of the image on the disks of *linode* (recorded), and those that *image* was asked to have."""
    origin = world.find(Image, linode["image"]) if linode["image"] else None
    return sorted({*image["capabilities"], *(origin["capabilities"] if origin is not None else ())})


@job("images.finish_image", Image)
def finish_image(world: World, image: Row, size: int) -> None:
    """The image can be used."""
    make_available(world, image, size)


# -- copies in regions -----------------------------------------------------------------------------------------------


@on(Image.replicate)
def replicate(world: World, image: Row, regions: list[str]) -> Row:
    """Have copies in *regions* and nowhere else, which takes its time."""
    refuse_foreign(image)
    if image["status"] != "available":
        raise Refused("The image must be available")  # own words
    kept = {copy["region"]: copy for copy in image["regions"]}
    if not any(copy["status"] == "available" and region in regions for region, copy in kept.items()):
        raise Refused("At least one region in which the image is available must be kept", field="regions")  # own words
    for at, region in enumerate(regions):
        if region not in kept and "Object Storage" not in world.get(Region, region)["capabilities"]:
            raise Refused("Images cannot be kept in this region", field=f"regions[{at}]")  # own words
    for region, copy in kept.items():
        if region not in regions:
            copy["status"] = "pending deletion"
            world.takes(FORGET, forget_copy, image, region)
    for region in dict.fromkeys(regions):
        if region not in kept or kept[region]["status"] == "pending deletion":
            kept[region] = {"region": region, "status": "pending replication"}
            world.takes(WAIT, start_copy, image, region)
    image["regions"] = list(kept.values())
    return image


@job("images.start_copy", Image)
def start_copy(world: World, image: Row, region: str) -> None:
    """A copy that is still wanted begins."""
    if copy := _copy(image, region, "pending replication"):
        copy["status"] = "replicating"
        world.takes(COPY, finish_copy, image, region)


@job("images.finish_copy", Image)
def finish_copy(_world: World, image: Row, region: str) -> None:
    """A copy is there."""
    if copy := _copy(image, region, "replicating"):
        copy["status"] = "available"


@job("images.remove_copy", Image)
def forget_copy(_world: World, image: Row, region: str) -> None:
    """A copy that nobody has wanted again is gone."""
    if copy := _copy(image, region, "pending deletion"):
        image["regions"].remove(copy)


def _copy(image: Row, region: str, status: str) -> Row | None:
    found: list[Row] = image["regions"]
    return next((copy for copy in found if copy["region"] == region and copy["status"] == status), None)


# -- the rest --------------------------------------------------------------------------------------------------------


@on.update(Image)
def update(world: World, image: Row, **changes: Any) -> None:
    """Update an image of the account."""
    refuse_foreign(image)
    refuse_label(changes.get("label"))
    with_image_numbers(world.events.notify("image_update", rules.update(world, image, **changes)))
    update_members_of_image(world, image)


@on.delete(Image)
def delete(world: World, image: Row) -> None:
    """Delete it with all its copies; share groups lose it."""
    refuse_foreign(image)
    with_image_numbers(world.events.notify("image_delete", image))
    shares = shares_of(world, image)
    for share in shares:
        world.remove(share)
    world.remove(image)
    for share in shares:
        update_members(world, world.get(ImageShareGroup, share["group"]))
