"""Options of every deployment of an image: of a new Linode, of a rebuild, of a disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from linode._model import Options

if TYPE_CHECKING:
    from ..account.users import User
    from ..stackscripts import StackScript


class DeployOptions(Options, total=False):
    """Options of the deployment of an image."""

    authorized_keys: Sequence[str]
    """Public SSH keys authorized for root."""
    authorized_users: Sequence[User | str]
    """Users of the account whose SSH keys are authorized for root."""
    stackscript_id: StackScript | int
    """StackScript to run at the first boot; requires an image that it supports."""
    stackscript_data: dict[str, Any]
    """Values of the StackScript's user-defined fields, by name: 65,535 characters at most."""
