"""Image sharing: share groups, which lend images to other accounts, and the tokens that accounts join them with."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Required, TypeAlias, TypedDict, Unpack

from linode._model import (
    BaseClient,
    Call,
    Field,
    Many,
    Options,
    Page,
    Parent,
    ReadOnly,
    Resource,
    action,
    given,
    segment,
)

from .images import Image

__all__ = [
    "ImageShare",
    "ImageShareGroup",
    "ImageShareGroupMember",
    "ImageShareGroupOptions",
    "ImageShareGroupToken",
    "ImageShareGroupTokenOptions",
    "ImageShareOptions",
    "ImageSharingMixin",
    "ShareGroupMemberStatus",
]

ShareGroupMemberStatus: TypeAlias = Literal["active", "revoked"]
"""Whether a membership, or its token, is good."""


class ImageShare(TypedDict, total=False):
    """An image to share, and how its borrowers see it."""

    id: Required[Image | str]
    """The image."""
    label: str
    """Its name for those it is shared with; its own unless given."""
    description: str
    """Description for those it is shared with; its own by default."""


class ImageShareOptions(Options, total=False):
    """Options of an image in a share group."""

    label: str
    """Its name for those it is shared with."""
    description: str
    """Description for those it is shared with."""


class ImageShareGroupOptions(Options, total=False):
    """Options of a new share group."""

    description: str
    """Description."""
    images: list[ImageShare]
    """The images to share from the start."""


class ImageShareGroupTokenOptions(Options, total=False):
    """Options of a new token for a share group."""

    label: str
    """Name."""


class ImageShareGroup(Resource):
    """A group of images that this account lends to the members of the group."""

    path = "/images/sharegroups/{id}"
    filterable = ("label",)
    scope = "images"

    id: ReadOnly[int]
    """The number of this group."""
    uuid: ReadOnly[str]
    """UUID of the group, for others who create a token to join it."""
    label: Field[str]
    """Name."""
    description: Field[str | None]
    """Description."""
    is_suspended: ReadOnly[bool]
    """Whether Linode has stopped the sharing."""
    images_count: ReadOnly[int]
    """How many images are in it."""
    members_count: ReadOnly[int]
    """How many members it has."""
    created: ReadOnly[datetime]
    """Creation time."""
    updated: ReadOnly[datetime | None]
    """Time of the last change."""
    expiry: ReadOnly[datetime | None]
    """Expiry time; None for never."""
    images: Many[Image]
    """The images in it. The API filters this list by ``label``, ``tags`` and ``type`` only."""
    members: Many[ImageShareGroupMember]
    """The accounts that may use its images."""

    @action
    def add_images(self, images: list[ImageShare]) -> Call[list[Image]]:
        """Share *images*, such as ``[{"id": image}]``, with the members; returns them as the members see them."""
        return Call(
            "POST",
            f"{self.url}/images",
            given(images=images),
            shape=Page,
            read=lambda page: [Image._of(self._client, each) for each in page.data],
        )

    @action
    def update_image(self, image: Image | str, **options: Unpack[ImageShareOptions]) -> Call[Image]:
        """Change how the members see *image*, which is one of this group's ``images``, and return it."""
        return self.made(Image, "PUT", f"images/{_id(image)}", given(**options))

    @action
    def remove_image(self, image: Image | str) -> Call[None]:
        """Stop to share *image*, which is one of this group's ``images``."""
        return self.post(f"images/{_id(image)}", method="DELETE", outdated=("images_count", "updated"))

    @action
    def create_member(self, label: str, token: str) -> Call[ImageShareGroupMember]:
        """Let in the account that made *token*, and name it *label*; returns the member.

        Raises `ServerError` when the API cannot read *token*.
        """
        return self.made(ImageShareGroupMember, "POST", "members", given(label=label, token=token))


def _id(image: Image | str) -> str:
    return segment(image if isinstance(image, str) else image.id)


class ImageShareGroupMember(Resource):
    """An account that may use the images of a share group."""

    path = "/images/sharegroups/{sharegroup}/members/{token_uuid}"
    filterable = ("label", "status", "token_uuid")
    scope = "images"

    sharegroup: Parent[ImageShareGroup]
    """The group."""
    token_uuid: ReadOnly[str]
    """The UUID of the token that it joined with."""
    id: ReadOnly[str] = ReadOnly("token_uuid")
    """The same as ``token_uuid``."""
    label: Field[str]
    """Label of the member."""
    status: ReadOnly[ShareGroupMemberStatus]
    """Whether it may still use the images."""
    created: ReadOnly[datetime]
    """When it was let in."""
    updated: ReadOnly[datetime | None]
    """Time of the last change."""
    expiry: ReadOnly[datetime | None]
    """When its membership ends; None for never."""


class ImageShareGroupToken(Resource):
    """Token with which this account joins a share group of another one."""

    path = "/images/sharegroups/tokens/{token_uuid}"
    filterable = ("label", "sharegroup_label", "sharegroup_uuid", "status", "valid_for_sharegroup_uuid")
    scope = "images"

    token_uuid: ReadOnly[str]
    """UUID of the token; not a secret."""
    id: ReadOnly[str] = ReadOnly("token_uuid")
    """The same as ``token_uuid``."""
    token: ReadOnly[str | None]
    """The secret for the group's owner: told once, when the token is made, and None after that."""
    label: Field[str]
    """Name."""
    status: ReadOnly[str]
    """Whether the group's owner has let it in."""
    valid_for_sharegroup_uuid: ReadOnly[str]
    """The UUID of the group that it was made for."""
    sharegroup_uuid: ReadOnly[str | None]
    """The UUID of the group that it is a member of; None until it was let in."""
    sharegroup_label: ReadOnly[str | None]
    """The name of that group."""
    created: ReadOnly[datetime]
    """Creation time."""
    updated: ReadOnly[datetime | None]
    """Time of the last change."""
    expiry: ReadOnly[datetime | None]
    """Expiry time; None for never."""
    images: Many[Image] = Many("sharegroup/images")
    """The images that it opens. The API filters this list by ``label``, ``tags`` and ``type`` only."""

    @action
    def sharegroup(self) -> Call[ImageShareGroup]:
        """The group that it is a member of, without what only the group's owner may see."""
        return self.made(ImageShareGroup, "GET", "sharegroup")


class ImageSharingMixin(BaseClient):
    """Methods of a client for sharing images."""

    get_image_sharegroups: Many[ImageShareGroup] = Many("/images/sharegroups")
    """All share groups of the account."""
    get_image_sharegroup_tokens: Many[ImageShareGroupToken] = Many("/images/sharegroups/tokens")
    """All tokens that the account made to join the share groups of others."""

    @action
    def create_image_sharegroup(self, label: str, **options: Unpack[ImageShareGroupOptions]) -> Call[ImageShareGroup]:
        """Make a share group named *label* and return it."""
        return self.made(ImageShareGroup, "POST", "/images/sharegroups", given(label=label, **options))

    @action
    def create_image_sharegroup_token(
        self, valid_for_sharegroup_uuid: str, **options: Unpack[ImageShareGroupTokenOptions]
    ) -> Call[ImageShareGroupToken]:
        """Make a token to join the share group of another account with.

        Only this answer holds its secret, ``token``. Raises `InvalidRequestError` for a group of one's own.
        """
        body = given(valid_for_sharegroup_uuid=valid_for_sharegroup_uuid, **options)
        return self.made(ImageShareGroupToken, "POST", "/images/sharegroups/tokens", body)
