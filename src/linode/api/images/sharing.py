"""Image sharing: share groups, their members, and the tokens that accounts join them with."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Required, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Call, Field, Many, Options, Parent, ReadOnly, Resource, action, body, segment

from .images import Image

ShareGroupMemberStatus: TypeAlias = Literal["active", "revoked"] | str
"""Status of a membership or its token."""


class ImageShare(TypedDict, total=False):
    """An image to share, with the label and description shown to members."""

    id: Required[Image | str]
    """Image."""
    label: str
    """Label shown to members; the image's own by default."""
    description: str
    """Description shown to members; the image's own by default."""


class ImageShareOptions(Options, total=False):
    """Options of an image in a share group."""

    label: str
    """Label shown to members."""
    description: str
    """Description shown to members."""


class ImageShareGroupOptions(Options, total=False):
    """Options of a new share group."""

    description: str
    images: list[ImageShare]
    """Images to share from the start."""


class ImageShareGroupTokenOptions(Options, total=False):
    """Options of a new token for a share group."""

    label: str


class ImageShareGroup(Resource):
    """A group of images shared with the accounts that are members."""

    path = "/images/sharegroups/{id}"
    filterable = ("label",)
    scope = "images"

    id: ReadOnly[int]
    uuid: ReadOnly[str]
    """UUID of the group, with which other accounts create a token to join it."""
    label: Field[str]
    description: Field[str | None]
    is_suspended: ReadOnly[bool]
    """Whether Linode has suspended the sharing."""
    images_count: ReadOnly[int]
    """Number of images in the group."""
    members_count: ReadOnly[int]
    """Number of members."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime | None]
    expiry: ReadOnly[datetime | None]
    """Expiry time (UTC); None for never."""
    images: Many[Image]
    """Images of the group. The API filters this list by ``label``, ``tags`` and ``type`` only."""
    members: Many[ImageShareGroupMember]
    """Accounts that can use the images."""

    @action
    def add_images(self, images: list[ImageShare]) -> Call[list[Image]]:
        """Share *images*, such as ``[{"id": image}]``, with the members; returns them as shown to members."""
        return self._lists(Image, "images", body(images=images), method="POST")

    @action
    def update_image(self, image: Image | str, **options: Unpack[ImageShareOptions]) -> Call[Image]:
        """Change the label and description of *image* as shown to members; returns the image.

        *image* is one of this group's ``images``.
        """
        return self._creates(Image, f"images/{_id(image)}", body(**options), method="PUT")

    @action
    def remove_image(self, image: Image | str) -> Call[None]:
        """Stop sharing *image*, one of this group's ``images``."""
        return self._posts(f"images/{_id(image)}", method="DELETE", outdated=("images_count", "updated"))

    @action
    def create_member(self, label: str, token: str) -> Call[ImageShareGroupMember]:
        """Add the account that created *token* as a member labeled *label*; returns the member.

        Raises `ServerError` when the API cannot read *token*.
        """
        return self._creates(ImageShareGroupMember, "members", body(label=label, token=token))


def _id(image: Image | str) -> str:
    return segment(image if isinstance(image, str) else image.id)


class ImageShareGroupMember(Resource):
    """An account that can use the images of a share group."""

    path = "/images/sharegroups/{sharegroup}/members/{token_uuid}"
    filterable = ("label", "status", "token_uuid")
    scope = "images"

    sharegroup: Parent[ImageShareGroup]
    token_uuid: ReadOnly[str]
    """UUID of the token that the member joined with."""
    id: ReadOnly[str] = ReadOnly("token_uuid")
    """Alias of ``token_uuid``."""
    label: Field[str]
    """Label of the member."""
    status: ReadOnly[ShareGroupMemberStatus]
    """Status of the membership."""
    created: ReadOnly[datetime]
    """Time of joining (UTC)."""
    updated: ReadOnly[datetime | None]
    expiry: ReadOnly[datetime | None]
    """End of the membership (UTC); None for never."""


class ImageShareGroupToken(Resource):
    """Token with which this account joins a share group of another account."""

    path = "/images/sharegroups/tokens/{token_uuid}"
    filterable = ("label", "sharegroup_label", "sharegroup_uuid", "status", "valid_for_sharegroup_uuid")
    scope = "images"

    token_uuid: ReadOnly[str]
    """UUID of the token; not a secret."""
    id: ReadOnly[str] = ReadOnly("token_uuid")
    """Alias of ``token_uuid``."""
    token: ReadOnly[str | None]
    """Secret to pass to the group's owner; returned on creation only, None afterwards."""
    label: Field[str]
    status: ReadOnly[str]
    """Status: pending until the group's owner adds the account as a member."""
    valid_for_sharegroup_uuid: ReadOnly[str]
    """UUID of the share group that the token was created for."""
    sharegroup_uuid: ReadOnly[str | None]
    """UUID of the share group joined with the token; None until the owner adds the account."""
    sharegroup_label: ReadOnly[str | None]
    """Label of the share group joined with the token."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime | None]
    expiry: ReadOnly[datetime | None]
    """Expiry time (UTC); None for never."""
    images: Many[Image] = Many("sharegroup/images")
    """Images available through the token. The API filters this list by ``label``, ``tags`` and ``type`` only."""

    @action
    def sharegroup(self) -> Call[ImageShareGroup]:
        """Return the share group joined with the token, without the fields reserved for its owner."""
        return self._gets("sharegroup", ImageShareGroup)


class ImageSharingMixin(BaseClient):
    """Methods of a client for sharing images."""

    get_image_sharegroups: Many[ImageShareGroup] = Many("/images/sharegroups")
    """Share groups of the account."""
    get_image_sharegroup_tokens: Many[ImageShareGroupToken] = Many("/images/sharegroups/tokens")
    """Tokens of the account for the share groups of other accounts."""

    @action
    def create_image_sharegroup(self, label: str, **options: Unpack[ImageShareGroupOptions]) -> Call[ImageShareGroup]:
        """Create a share group labeled *label* and return it."""
        return self._creates(ImageShareGroup, "/images/sharegroups", body(label=label, **options))

    @action
    def create_image_sharegroup_token(
        self, valid_for_sharegroup_uuid: str, **options: Unpack[ImageShareGroupTokenOptions]
    ) -> Call[ImageShareGroupToken]:
        """Create a token for joining the share group of another account; returns the token.

        No later response contains the secret, ``token``. Raises `InvalidRequestError` for a group of this account.
        """
        json = body(valid_for_sharegroup_uuid=valid_for_sharegroup_uuid, **options)
        return self._creates(ImageShareGroupToken, "/images/sharegroups/tokens", json)
