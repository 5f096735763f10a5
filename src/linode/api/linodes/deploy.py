"""Deployment of an image by a new Linode, a rebuild or a disk: options, and root passwords."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from linode._model import LOCAL, Bounds, Flow, Options, Steps
from linode._model.wording import article

if TYPE_CHECKING:
    from ..account.users import User
    from ..images.images import Image
    from ..stackscripts import StackScript

RootPass: TypeAlias = Annotated[str, Bounds(min_length=7, max_length=128)]
"""Root password: 7 to 128 characters."""
NoPassword: TypeAlias = Annotated[Literal[False], LOCAL]

LENGTH = 32
CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "!@#$%^&*_+-=")


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


def new_password() -> str:
    """Return a random password of 32 characters: lower case, upper case, digits and symbols."""
    import secrets

    characters = [secrets.choice(each) for each in CLASSES]
    characters += [secrets.choice("".join(CLASSES)) for _ in range(LENGTH - len(characters))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


def root_access(
    image: Image | str | None, root_pass: str | Literal[False] | None, options: Mapping[str, Any]
) -> tuple[dict[str, Any], str | None]:
    """Return the members of a request for *image* and its root password, and that password if it was generated.

    A password is generated for an image without *root_pass*; False sets none. Raises TypeError if *root_pass* is
    neither a str nor False, or if ``extra`` in *options* contains another one.
    """
    if "root_pass" in (options.get("extra") or {}):
        raise TypeError("pass root_pass as an argument, not in extra; root_pass=False sets no password")
    if not (root_pass is None or root_pass is False or isinstance(root_pass, str)):
        raise TypeError(f"root_pass must be a str, or False for no password, not {type(root_pass).__name__}")
    generated = new_password() if root_pass is None and image is not None else None
    sent = {"image": image, "root_pass": generated if root_pass is None else root_pass}
    return {name: value for name, value in sent.items() if not (value is None or value is False)}, generated


class _WithPassword(tuple[Any, str]):
    """An object and its generated password, of which one attribute is often read as if it were the object alone."""

    __slots__ = ()

    if not TYPE_CHECKING:  # a type checker that sees it lets every name pass

        def __getattr__(self, name: str) -> Any:
            kind = type(self[0]).__name__
            what = f"a pair of {article(kind)} and its generated root password has no attribute {name!r}"
            raise AttributeError(f"{what}; unpack it: {kind.lower()}, root_password = ...")


def with_generated_password(flow: Flow[Any], generated: str | None) -> Steps[Any]:
    """Return the result of *flow*, with the *generated* password if there is one."""
    made = yield from flow
    return made if generated is None else _WithPassword((made, generated))
