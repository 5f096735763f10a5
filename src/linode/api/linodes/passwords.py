"""Generated root passwords."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from linode._model import Bounds

if TYPE_CHECKING:
    from ..images.images import Image

__all__ = ["RootPass"]

RootPass: TypeAlias = Annotated[str, Bounds(min_length=7, max_length=128)]
"""Root password: 7 to 128 characters."""

LENGTH = 32
CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "!@#$%^&*_+-=")


def new_password() -> str:
    """Return a random password of 32 characters: lower case, upper case, digits and symbols."""
    characters = [secrets.choice(each) for each in CLASSES]
    characters += [secrets.choice("".join(CLASSES)) for _ in range(LENGTH - len(characters))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


def access(image: Image | str | None, root_pass: str | None) -> tuple[dict[str, Any], str | None]:
    """Return the members of a request for an image and its root password, and the password if it was generated."""
    made_up = new_password() if image is not None and root_pass is None else None
    members = {"image": image, "root_pass": root_pass or made_up}
    return {name: value for name, value in members.items() if value is not None}, made_up
