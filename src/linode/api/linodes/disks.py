"""Disks of a Linode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from linode._model import Call, Field, Meta, Options, Parent, ReadOnly, Resource, action, given

if TYPE_CHECKING:
    from ..stackscripts import StackScript
    from .linode import Linode

__all__ = ["Disk", "DiskOptions", "Filesystem"]

DiskLabel: TypeAlias = Annotated[str, Meta(min_length=1, max_length=48)]
DiskSize: TypeAlias = Annotated[int, Meta(ge=1)]
Filesystem: TypeAlias = Literal["raw", "swap", "ext2", "ext3", "ext4", "initrd"]
"""File systems of disks; ``raw`` is none."""


class DiskOptions(Options, total=False):
    """Options of `Linode.create_disk` besides the size, the image and the password."""

    label: DiskLabel
    """Its name; the API makes one up otherwise."""
    filesystem: Filesystem
    """File system; ext4 by default, or that of the image."""
    authorized_keys: Sequence[str]
    """Public SSH keys that may log in as root; for a disk made from an image."""
    authorized_users: Sequence[str]
    """Names of users of the account whose SSH keys may log in as root; for a disk made from an image."""
    stackscript_id: StackScript | int
    """The StackScript to run at the first boot; needs an image that it can deal with."""
    stackscript_data: dict[str, Any]
    """Answers to the StackScript's questions, by their names: 65,535 characters at most."""


class Disk(Resource):
    """A part of a Linode's storage, seen by it as a disk.

    ``Disk(client, 5, 123)`` is disk 5 of Linode 123.
    """

    path = "/linode/instances/{linode}/disks/{id}"
    scope = "linodes"
    filterable = ("label", "size")

    linode: Parent[Linode]
    """The Linode it belongs to."""
    id: ReadOnly[int]
    """Numeric ID."""
    label: Field[DiskLabel]
    """Its name: 1 to 48 characters."""
    size: ReadOnly[int]
    """Size in MB; `resize` changes it."""
    status: ReadOnly[Literal["ready", "not ready", "deleting"]]
    """Whether it can be used now: ``ready``, ``not ready`` while a job works on it, or ``deleting``."""
    filesystem: ReadOnly[Filesystem]
    """File system; ``raw`` is left to you."""
    disk_encryption: ReadOnly[Literal["enabled", "disabled"]]
    """Whether what is on it is encrypted."""
    created: ReadOnly[datetime]
    """Creation time (UTC)."""
    updated: ReadOnly[datetime]
    """Time of the last change (UTC)."""

    @action
    def resize(self, size: DiskSize) -> Call[None]:
        """Change the size of this disk to *size* MB; its Linode must be off, or not have booted from it.

        A smaller size must still hold the files on it. Raises `InvalidRequestError` when it does not, when the
        Linode's storage is too small, or when a job is running.
        """
        return self.post("resize", given(size=size), outdated=("size", "status", "updated"))

    @action
    def clone(self) -> Call[Disk]:
        """Copy this disk to a new one on the same Linode, which must have room for it; returns the new disk.

        Raises `InvalidRequestError` when there is no room, or a job is running.
        """
        return self.made(Disk, "POST", "clone")

    @action
    def reset_password(self, password: str) -> Call[None]:
        """Set the password of root on this disk; its Linode must be off.

        Raises `InvalidRequestError` when the password is too weak, or the Linode is running.
        """
        return self.post("password", given(password=password))
