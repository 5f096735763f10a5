"""Images: the templates of disks, Linode's own and the account's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Nested, NotSent, ReadOnly, Steps, Struct, action
from linode._model.calls import UNSIGNED_URL, ignore_response
from linode._model.options import Options, body
from linode._model.relations import Many, Ref
from linode._uploads import Source, upload
from linode.waiting.reports import UploadProgress, upload_reporter
from linode.waiting.waitable import Waitable

if TYPE_CHECKING:
    from ..linodes.disks import Disk
    from ..regions import Region
    from .sharing import ImageShareGroup

ImageTag: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=100)]
ImageTags: TypeAlias = Annotated[list[ImageTag], Bounds(min_length=0, max_length=500)]
ImageDescription: TypeAlias = Annotated[str, Bounds(max_length=65000)]
ImageStatus: TypeAlias = Literal["creating", "pending_upload", "available"] | str
"""Status of an image; only ``available`` images can be deployed."""
ImageType: TypeAlias = Literal["manual", "automatic", "shared"] | str
"""Origin of an image: created by hand, kept from a deleted Linode, or shared by another account."""
ImageCapability: TypeAlias = Literal["cloud-init", "distributed-sites"] | str
"""Capabilities of an image."""
ImageRegionStatus: TypeAlias = (
    Literal["available", "creating", "pending", "pending deletion", "pending replication", "replicating", "timedout"]
    | str
)
"""Status of an image's copy in a region."""


class ImageUploadOptions(Options, total=False):
    """Options of an uploaded image."""

    description: str
    cloud_init: bool
    """Whether the image supports cloud-init with the metadata service."""
    tags: ImageTags
    """Tags: up to 500, of 3 to 100 characters each."""


class ImageOptions(ImageUploadOptions, total=False):
    """Options of an image of a disk."""

    label: str
    """Label; the disk's by default."""


class ImageRegion(Struct):
    """A region with a copy of an image, finished or pending."""

    region: Ref[Region]
    status: ReadOnly[ImageRegionStatus]
    """Status of the copy in the region."""


class ImageSharedBy(Struct):
    """Source of an image that another account shares with this one."""

    sharegroup_id: ReadOnly[int]
    sharegroup_uuid: ReadOnly[str]
    """UUID of the share group."""
    sharegroup_label: ReadOnly[str]
    """Label of the share group."""
    source_image_id: ReadOnly[str]
    """ID of the shared image in its owner's account."""
    source_image_label: ReadOnly[str]
    """Label of the shared image in its owner's account."""


class ImageSharedWith(Struct):
    """Share groups that contain an image of this account."""

    sharegroup_count: ReadOnly[int]
    """Number of share groups."""
    sharegroup_list_url: ReadOnly[str]
    """Path of the list of share groups; `Image.sharegroups` is that list."""


class ImageSharing(Struct):
    """Sharing of an image: its source, or the share groups of an image of this account."""

    shared_by: Nested[ImageSharedBy | None]
    """Source of the image; None unless another account shares it."""
    shared_with: Nested[ImageSharedWith | None]
    """Share groups of the image; None unless this account owns it."""


class Image(Waitable):
    """A template for disks: a distribution from Linode, or an image of the account.

    The ``id`` shows which: ``linode/debian12``, ``private/123``, ``shared/123``.
    """

    path = "/images/{id}"
    filterable = ("deprecated", "is_public", "is_shared", "label", "size", "status", "tags", "type", "vendor")
    scope = "images"
    public = True
    shown = ("id", "label", "status", "type", "size", "deprecated")
    wait_status = "available"
    wait_timeout = 3600

    id: ReadOnly[str]
    """ID, such as ``linode/debian12``."""
    label: Field[str]
    description: Field[ImageDescription | None]
    tags: Field[ImageTags]
    type: ReadOnly[ImageType]
    """Origin: created by hand, kept from a deleted Linode, or shared by another account."""
    status: ReadOnly[ImageStatus]
    """Status; only ``available`` images can be deployed."""
    size: ReadOnly[int]
    """Minimum size of a disk deployed from the image, in MB."""
    total_size: ReadOnly[int]
    """Total size of the copies in all regions, in MB."""
    vendor: ReadOnly[str | None]
    """Vendor of the distribution; None for images of the account."""
    is_public: ReadOnly[bool]
    """Whether every account can use the image."""
    is_shared: ReadOnly[bool | None]
    """Whether the image is shared with other accounts."""
    deprecated: ReadOnly[bool]
    """Whether the image is deprecated."""
    capabilities: ReadOnly[list[ImageCapability]]
    regions: ReadOnly[list[ImageRegion] | None]
    """Regions with a copy; None for Linode's own images, which are available everywhere."""
    image_sharing: Nested[ImageSharing | None]
    """Sharing: the source of a shared image, or the share groups of an image of this account."""
    created: ReadOnly[datetime]
    created_by: ReadOnly[str | None]
    """Creator: a user name, or ``linode``."""
    updated: ReadOnly[datetime | None]
    expiry: ReadOnly[datetime | None]
    """Deletion time of an image kept from a deleted Linode (UTC); None for all others."""
    eol: ReadOnly[datetime | None]
    """End of the vendor's support (UTC)."""
    sharegroups: Many[ImageShareGroup]
    """Share groups that contain the image."""

    @action
    def replicate(self, regions: list[Region | str]) -> Call[Image]:
        """Keep copies of this image in exactly *regions*.

        One of them must have a copy already; copies elsewhere are deleted. Returns this image, updated.
        """
        return self._updates("regions", body(regions=regions))


class ImageUpload(Struct):
    """An image that is waiting for its upload."""

    image: ReadOnly[Image]
    """Image; ``pending_upload`` until the upload is complete."""
    upload_to: ReadOnly[str]
    """Pre-signed upload URL (PUT); no token required. In a dry run a placeholder."""

    @classmethod
    def _of(cls, owner: Any, data: Any) -> Self:
        return super()._of(owner, {"image": data, "upload_to": UNSIGNED_URL} if isinstance(data, NotSent) else data)

    @action
    def send(self, content: Source, *, progress: UploadProgress | bool = False) -> Steps[None]:
        """Upload *content*, a raw disk image compressed with gzip: bytes, a `pathlib.Path`, or an open file.

        A file is read piece by piece, and from its beginning when the upload is repeated. *progress* is called as
        ``progress(sent, total)`` with numbers of bytes, True draws a progress bar. Raises OSError when the file cannot
        be read.
        """
        report, close = upload_reporter(self.image, progress)
        try:
            yield from Call("PUT", self.upload_to, content=upload(content, report), shape=None, read=ignore_response)
        finally:
            close()

    @property
    def _execute(self) -> Callable[[Any], Any]:
        return self.image._execute

    def __repr__(self) -> str:
        return f"ImageUpload({self.image!r})"


class ImagesMixin(BaseClient):
    """Methods of a client for images."""

    get_images: Many[Image] = Many("/images")
    """Images available to the account: Linode's, its own and those shared with it."""
    get_distributions = get_images

    @action
    def create_image(self, disk_id: Disk | int, **options: Unpack[ImageOptions]) -> Call[Image]:
        """Create an image of a Linode's disk and return it; it stays ``creating`` for some minutes."""
        return self._creates(Image, "/images", body(disk_id=disk_id, **options))

    @action
    def upload_image(
        self, label: str, region: Region | str, **options: Unpack[ImageUploadOptions]
    ) -> Call[ImageUpload]:
        """Create an image in *region* and return its upload; `ImageUpload.send` sends the content."""
        call = self._creates(ImageUpload, "/images/upload", body(label=label, region=region, **options))
        call.creates = Image
        return call


Distribution = Image
