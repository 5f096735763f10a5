"""Images: what disks are made from, Linode's own and the account's."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias, Unpack

from linode._model import (
    BaseClient,
    Call,
    Field,
    Many,
    Meta,
    Nested,
    Options,
    ReadOnly,
    Ref,
    Resource,
    Struct,
    action,
    given,
)

if TYPE_CHECKING:
    from ..linodes.disks import Disk
    from ..regions import Region
    from .sharing import ImageShareGroup

__all__ = [
    "Distribution",
    "Image",
    "ImageCapability",
    "ImageOptions",
    "ImageRegion",
    "ImageRegionStatus",
    "ImageSharedBy",
    "ImageSharedWith",
    "ImageSharing",
    "ImageStatus",
    "ImageType",
    "ImageUpload",
    "ImageUploadOptions",
    "ImagesMixin",
]

ImageTag: TypeAlias = Annotated[str, Meta(min_length=3, max_length=100)]
ImageTags: TypeAlias = Annotated[list[ImageTag], Meta(min_length=0, max_length=500)]
ImageDescription: TypeAlias = Annotated[str, Meta(max_length=65000)]
ImageStatus: TypeAlias = Literal["creating", "pending_upload", "available"]
"""How far an image has come; ``available`` ones can be used."""
ImageType: TypeAlias = Literal["manual", "automatic", "shared"]
"""Origin of an image: a user, the rescue of a deleted disk, or the account that shares it."""
ImageCapability: TypeAlias = Literal["cloud-init", "distributed-sites"]
"""Capabilities of an image."""
ImageRegionStatus: TypeAlias = Literal[
    "available", "creating", "pending", "pending deletion", "pending replication", "replicating", "timedout"
]
"""How far the copy of an image in a region has come."""


class ImageUploadOptions(Options, total=False):
    """Options of an uploaded image."""

    description: str
    """Description."""
    cloud_init: bool
    """Whether the system in it reads its settings from the metadata service at the first boot."""
    tags: ImageTags
    """Tags: up to 500, of 3 to 100 characters each."""


class ImageOptions(ImageUploadOptions, total=False):
    """Options of an image of a disk."""

    label: str
    """Its name; the disk's unless given."""


class ImageRegion(Struct):
    """A region that holds, or will hold, a copy of an image."""

    region: Ref[Region]
    """The region."""
    status: ReadOnly[ImageRegionStatus]
    """How far the copy there has come."""


class ImageSharedBy(Struct):
    """Where an image that others share with this account comes from."""

    sharegroup_id: ReadOnly[int]
    """The number of the share group."""
    sharegroup_uuid: ReadOnly[str]
    """The UUID of the share group."""
    sharegroup_label: ReadOnly[str]
    """The name of the share group."""
    source_image_id: ReadOnly[str]
    """The image that is shared, in its owner's account."""
    source_image_label: ReadOnly[str]
    """The name of that image."""


class ImageSharedWith(Struct):
    """The share groups that an image of this account is in."""

    sharegroup_count: ReadOnly[int]
    """How many they are."""
    sharegroup_list_url: ReadOnly[str]
    """Where the API lists them; `Image.sharegroups` is that list."""


class ImageSharing(Struct):
    """Sharing of an image: from which group, and with how many."""

    shared_by: Nested[ImageSharedBy | None]
    """Set when others share the image with this account."""
    shared_with: Nested[ImageSharedWith | None]
    """Set when the image is this account's own."""


class Image(Resource):
    """A disk's content to make new disks from: a distribution of Linode's, or one of the account.

    Its ``id`` tells which: ``linode/debian12``, ``private/123``, ``shared/123``.
    """

    path = "/images/{id}"
    filterable = ("deprecated", "is_public", "is_shared", "label", "size", "status", "tags", "type", "vendor")
    scope = "images"
    public = True

    id: ReadOnly[str]
    """ID in requests."""
    label: Field[str]
    """Name."""
    description: Field[ImageDescription | None]
    """Description."""
    tags: Field[ImageTags]
    """Tags."""
    type: ReadOnly[ImageType]
    """How it came to be: made by hand, kept automatically of a deleted Linode, or shared by another account."""
    status: ReadOnly[ImageStatus]
    """Whether it can be used yet."""
    size: ReadOnly[int]
    """The least size of a disk that can hold it, in MB."""
    total_size: ReadOnly[int]
    """The size of all its copies in all regions, in MB."""
    vendor: ReadOnly[str | None]
    """Vendor of the distribution; None for images of the account."""
    is_public: ReadOnly[bool]
    """Whether every account can use it."""
    is_shared: ReadOnly[bool | None]
    """Whether it is shared with other accounts."""
    deprecated: ReadOnly[bool]
    """Whether Linode advises against it."""
    capabilities: ReadOnly[list[ImageCapability]]
    """Capabilities."""
    regions: ReadOnly[list[ImageRegion] | None]
    """The regions that have a copy; None for Linode's own, which are everywhere."""
    image_sharing: Nested[ImageSharing | None]
    """Sharing: from which group, and with how many."""
    created: ReadOnly[datetime]
    """Creation time."""
    created_by: ReadOnly[str | None]
    """The user who made it, or ``linode``."""
    updated: ReadOnly[datetime | None]
    """Time of the last change."""
    expiry: ReadOnly[datetime | None]
    """When it will be deleted, for those that were kept automatically."""
    eol: ReadOnly[datetime | None]
    """When its vendor stops, or stopped, to support it."""
    sharegroups: Many[ImageShareGroup]
    """The share groups that it is in."""

    @action
    def replicate(self, regions: list[Region | str]) -> Call[Self]:
        """Keep copies of this image in *regions* and in no others.

        One of them must have a copy already; copies elsewhere are deleted. Returns this image, updated.
        """
        return self.updated_by("POST", "regions", given(regions=regions))


class ImageUpload(Struct):
    """An image that waits for its content."""

    image: ReadOnly[Image]
    """The image, ``pending_upload`` until the content is there."""
    upload_to: ReadOnly[str]
    """The URL to PUT the content to; who knows it needs no token."""

    @action
    def send(self, content: bytes) -> Call[None]:
        """Upload *content*: a raw disk image, compressed with gzip."""
        return Call("PUT", self.upload_to, content=content, shape=None, read=lambda _: None)

    def _execute(self, flow: Any) -> Any:
        return self.image._execute(flow)

    def __repr__(self) -> str:
        return f"ImageUpload({self.image!r})"


class ImagesMixin(BaseClient):
    """Methods of a client for images."""

    get_images: Many[Image] = Many("/images")
    """All images that can be used: Linode's, the account's and those shared with it."""
    get_distributions = get_images

    @action
    def create_image(self, disk_id: Disk | int, **options: Unpack[ImageOptions]) -> Call[Image]:
        """Make an image of a Linode's disk and return it; it is ``creating`` for some minutes."""
        return self.made(Image, "POST", "/images", given(disk_id=disk_id, **options))

    @action
    def upload_image(
        self, label: str, region: Region | str, **options: Unpack[ImageUploadOptions]
    ) -> Call[ImageUpload]:
        """Make an image in *region* whose content is then sent with `ImageUpload.send`."""
        return self.made(ImageUpload, "POST", "/images/upload", given(label=label, region=region, **options))


Distribution = Image
