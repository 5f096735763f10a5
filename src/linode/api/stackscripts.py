"""StackScripts: programs that run at the first boot of a Linode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from linode._model import BaseClient, Call, Field, Many, Meta, Options, ReadOnly, Resource, Struct, action, given

if TYPE_CHECKING:
    from .images.images import Image

__all__ = ["StackScript", "StackScriptOptions", "StackScriptsMixin", "UserDefinedField"]

StackScriptLabel: TypeAlias = Annotated[str, Meta(min_length=3, max_length=128)]


class UserDefinedField(Struct):
    """A question that a StackScript asks of who deploys it; answered in ``stackscript_data``."""

    name: ReadOnly[str]
    """The name of the variable that holds the answer."""
    label: ReadOnly[str]
    """The question."""
    example: ReadOnly[str | None]
    """An answer to show."""
    default: ReadOnly[str | None]
    """The answer when none is given; a question without one must be answered."""
    oneof: ReadOnly[str | None]
    """The possible answers, with commas between, of which one is to be chosen."""
    manyof: ReadOnly[str | None]
    """The possible answers, with commas between, of which any may be chosen."""
    header: ReadOnly[str | None]
    """Not a question but a heading, when it is there."""
    required: ReadOnly[str | None]
    """Whether it must be answered, as the script's author wrote it."""


class StackScriptOptions(Options, total=False):
    """Options of `create_stackscript` besides what is required."""

    description: str
    """Description for people."""
    is_public: bool
    """Let everybody use it; cannot be taken back."""
    rev_note: str
    """Revision note."""


class StackScript(Resource):
    """A program that runs at the first boot of a Linode made with it."""

    path = "/linode/stackscripts/{id}"
    scope = "stackscripts"
    public = True
    filterable = ("deployments_total", "description", "is_public", "label", "mine", "rev_note")

    id: ReadOnly[int]
    """Numeric ID."""
    label: Field[StackScriptLabel]
    """Its name: 3 to 128 characters."""
    description: Field[str]
    """Description for people."""
    script: Field[str]
    """The program; its first line names what runs it (``#!/bin/bash``)."""
    images: Field[list[str]]
    """The ids of the images that it can deal with; ``any/all`` stands for every one."""
    distributions: Field[list[str]] = Field("images")
    """The same as `images`, by its name of 2016."""
    is_public: Field[bool]
    """Whether everybody may use it; True cannot be taken back."""
    rev_note: Field[str]
    """Revision note."""
    revision_note: Field[str] = Field("rev_note")
    """The same as `rev_note`, by its name of 2016."""
    mine: ReadOnly[bool]
    """Whether the account owns it."""
    username: ReadOnly[str]
    """The user who made it."""
    user_gravatar_id: ReadOnly[str]
    """The number of that user's picture at Gravatar."""
    user_defined_fields: ReadOnly[list[UserDefinedField]]
    """Fields to fill in for a deployment; the API reads them from the script."""
    deployments_active: ReadOnly[int]
    """How many Linodes made with it there are."""
    deployments_total: ReadOnly[int]
    """How many Linodes have been made with it."""
    ordinal: ReadOnly[int | None]
    """Its place among Linode's own."""
    logo_url: ReadOnly[str | None]
    """Where its picture is."""
    created: ReadOnly[datetime]
    """Creation time (UTC)."""
    updated: ReadOnly[datetime]
    """Time of the last change (UTC)."""


class StackScriptsMixin(BaseClient):
    """StackScripts, from a client."""

    get_stackscripts: Many[StackScript] = Many("/linode/stackscripts")
    """The StackScripts that may be used: the account's own, and everybody's that are public."""

    @action
    def create_stackscript(
        self,
        label: StackScriptLabel,
        script: str,
        images: Sequence[Image | str],
        **options: Unpack[StackScriptOptions],
    ) -> Call[StackScript]:
        """Make a StackScript of the program *script*, for Linodes made from one of *images*.

        Raises `InvalidRequestError` when the script names no interpreter or an image is unknown.
        """
        body = given(label=label, script=script, images=list(images), **options)
        return self.made(StackScript, "POST", "/linode/stackscripts", body)
