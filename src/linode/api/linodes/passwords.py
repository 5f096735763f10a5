"""Generated root passwords."""

from __future__ import annotations

import string
from collections.abc import Mapping
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
    import secrets

    characters = [secrets.choice(each) for each in CLASSES]
    characters += [secrets.choice("".join(CLASSES)) for _ in range(LENGTH - len(characters))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


class GeneratedPassword(str):
    """A generated root password, which is returned with the object that it was generated for."""

    __slots__ = ()


def root_password(image: Image | str | None, root_pass: Any, options: Mapping[str, Any]) -> str | None:
    """Return the root password to send: the given one, None for False, a generated one for an *image* without either.

    Raises TypeError if it is neither a str nor False, or if ``extra`` in *options* contains another one.
    """
    if "root_pass" in (options.get("extra") or {}):
        raise TypeError("pass root_pass as an argument, not in extra; root_pass=False sets no password")
    if root_pass is False or (root_pass is None and image is None):
        return None
    if root_pass is None:
        return GeneratedPassword(new_password())
    if not isinstance(root_pass, str):
        raise TypeError(f"root_pass must be a str, or False for no password, not {type(root_pass).__name__}")
    return root_pass


def access(image: Image | str | None, root_pass: str | None) -> dict[str, Any]:
    """Return the members of a request for an image and its root password."""
    members = {"image": image, "root_pass": None if root_pass is None else str(root_pass)}
    return {name: value for name, value in members.items() if value is not None}


def with_password(made: Any, root_pass: str | None) -> Any:
    """Return *made*, with the password if that was generated."""
    return (made, str(root_pass)) if isinstance(root_pass, GeneratedPassword) else made
