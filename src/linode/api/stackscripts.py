"""StackScripts: scripts that run at the first boot of a Linode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Options, ReadOnly, Resource, Struct, action, body
from linode._model.relations import IDsField, Many

if TYPE_CHECKING:
    from .images.images import Image

StackScriptLabel: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=128)]


class UserDefinedField(Struct):
    """A user-defined field (UDF) of a StackScript, to fill in as a member of ``stackscript_data``."""

    name: ReadOnly[str]
    """Variable name of the value in the script."""
    label: ReadOnly[str]
    example: ReadOnly[str | None]
    """Example value; None for none."""
    default: ReadOnly[str | None]
    """Default value; None for none, and then the field is required."""
    oneof: ReadOnly[str | None]
    """Possible values, separated by commas, to choose one from; None for none."""
    manyof: ReadOnly[str | None]
    """Possible values, separated by commas, to choose any number from; None for none."""
    header: ReadOnly[str | None]
    """Heading; None for all other fields."""
    required: ReadOnly[str | None]
    """Whether a value is required, as written by the script's author; None where nothing is written."""


class StackScriptOptions(Options, total=False):
    """Options of `create_stackscript` besides the required ones."""

    description: str
    is_public: bool
    """Whether the StackScript is public; a public one cannot be made private again."""
    rev_note: str


class StackScript(Resource):
    """A script that runs at the first boot of a Linode."""

    path = "/linode/stackscripts/{id}"
    scope = "stackscripts"
    public = True
    filterable = ("deployments_total", "description", "is_public", "label", "mine", "rev_note")
    shown = ("id", "label", "username", "is_public", "deployments_active", "images")

    id: ReadOnly[int]
    label: Field[StackScriptLabel]
    """Label: 3 to 128 characters."""
    description: Field[str]
    script: Field[str]
    """Script; the first line names the interpreter (``#!/bin/bash``)."""
    images: IDsField[Image, str]
    """IDs of the supported images; ``any/all`` for every image."""
    distributions: IDsField[Image, str] = IDsField("images")
    is_public: Field[bool]
    """Whether the StackScript is public; True cannot be undone."""
    rev_note: Field[str]
    """Revision note."""
    revision_note: Field[str] = Field("rev_note")
    mine: ReadOnly[bool]
    """Whether the account owns the StackScript."""
    username: ReadOnly[str]
    """User name of the author."""
    user_gravatar_id: ReadOnly[str]
    """Gravatar ID of the author."""
    user_defined_fields: ReadOnly[list[UserDefinedField]]
    """User-defined fields, which the API reads from the script."""
    deployments_active: ReadOnly[int]
    """Number of existing Linodes deployed with the StackScript."""
    deployments_total: ReadOnly[int]
    """Number of Linodes ever deployed with the StackScript."""
    ordinal: ReadOnly[int | None]
    """Position among Linode's own StackScripts; None for all others."""
    logo_url: ReadOnly[str | None]
    """URL of the logo; None where Linode has given none."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]


class StackScriptsMixin(BaseClient):
    """Methods of a client for StackScripts."""

    get_stackscripts: Many[StackScript] = Many("/linode/stackscripts")
    """StackScripts available to the account: its own, and all public ones."""

    @action
    def create_stackscript(
        self, label: StackScriptLabel, script: str, images: Sequence[Image | str], **options: Unpack[StackScriptOptions]
    ) -> Call[StackScript]:
        """Create a StackScript from the source *script*, for Linodes deployed from one of *images*; returns it.

        Raises `InvalidRequestError` when the script names no interpreter or an image is unknown.
        """
        json = body(label=label, script=script, images=list(images), **options)
        return self._creates(StackScript, "/linode/stackscripts", json)
