"""Checks of the deployment of a disk from an image: the image, a login, the data of the StackScript."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.images.images import Image
from linode.api.stackscripts import StackScript
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World

__all__ = ["deploy", "end_run", "image_of", "refuse_small", "refuse_weak", "user_data_of"]

ANY_IMAGE = "any/all"
MAX_DATA_BYTES = 65535
KINDS = (str.islower, str.isupper, str.isdigit)


def deploy(
    world: World,
    image_id: str | None,
    *,
    root_pass: str | None = None,
    authorized_keys: Sequence[str] = (),
    authorized_users: Sequence[str] = (),
    stackscript_id: int | None = None,
    stackscript_data: Mapping[str, Any] | None = None,
) -> Row | None:
    """The image to deploy, None for none, when all that goes with it is right; counts the use of the StackScript.

    Raises `Refused` when the image cannot be used, nobody could log in, the password is weak, a user is unknown or the
    StackScript does not know the image or is not answered. Nothing of it is kept.
    """
    image = image_of(world, image_id)
    if image is None:
        if stackscript_id is not None:
            raise Refused("image is required", field="image")
        return None
    if not (root_pass or authorized_keys or authorized_users):
        raise Refused("Must provide valid root_pass, authorized_keys, or authorized_users")
    refuse_weak(root_pass, "root_pass")
    rules.referenced_rows(world, "User", authorized_users, field="authorized_users")
    if stackscript_id is not None:
        _run(world, stackscript_id, image, stackscript_data or {})
    return image


def image_of(world: World, image_id: str | None) -> Row | None:
    """The image of that id, None for none. Raises `Refused` when there is no such image, or no content in it yet."""
    if image_id is None:
        return None
    found = rules.referenced_row(world, Image, image_id, field="image")
    if found["status"] != "available":
        raise Refused("image is not valid", field="image")
    return found


def refuse_small(image: Row, size: int, field: str = "size") -> None:
    """Raise a refusal when a disk of *size* MB cannot hold *image*."""
    if size < image["size"]:
        raise Refused(f"Distribution requires a minimum size of {image['size']}", field=field)  # own words


def refuse_weak(password: str | None, field: str) -> None:
    """Raise a refusal when *password* is too easy to guess: one kind of characters, or few different ones."""
    if password is None:
        return
    kinds = {next((at for at, kind in enumerate(KINDS) if kind(each)), len(KINDS)) for each in password}
    if len(kinds) < 2 or len(set(password)) < 5:
        raise Refused("Password does not meet strength requirement", field=field)  # own words


def user_data_of(metadata: Mapping[str, Any] | None) -> Row:
    """The members of a Linode's row for the user data in *metadata*.

    The API shows only whether there is some; ``_user_data`` is for the functions of `Sandbox.on_boot`. Raises `Refused`
    when it is not base64, or too long.
    """
    text = (metadata or {}).get("user_data")
    if not text:
        return {"has_user_data": False, "_user_data": None}
    if not isinstance(text, str):
        raise Refused("Must be of type String", field="metadata.user_data")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("user_data must be base64-encoded", field="metadata.user_data") from None  # own words
    if len(data) > MAX_DATA_BYTES:
        raise Refused(f"user_data must be at most {MAX_DATA_BYTES} bytes", field="metadata.user_data")  # own words
    return {"has_user_data": True, "_user_data": text}


def _run(world: World, stackscript_id: int, image: Row, answers: Mapping[str, Any]) -> None:
    script = rules.referenced_row(world, StackScript, stackscript_id, field="stackscript_id")
    if not {image["id"], ANY_IMAGE} & set(script["images"]):
        raise Refused("image is not valid", field="image")
    for question in script["user_defined_fields"]:
        name, asks = question["name"], question.get("header") is None and question.get("default") is None
        if asks and not question.get("manyof") and answers.get(name) in (None, ""):
            raise Refused(f"{name} is required", field=f"stackscript_data.{name}")
        if (one_of := question.get("oneof")) and name in answers and answers[name] not in one_of.split(","):
            raise Refused(f"{name} must be one of {one_of}", field=f"stackscript_data.{name}")  # own words
        many_of, chosen = question.get("manyof"), answers.get(name)
        if many_of and chosen and not set(str(chosen).split(",")) <= set(many_of.split(",")):
            raise Refused(f"{name} must be some of {many_of}", field=f"stackscript_data.{name}")  # own words
    script["deployments_total"] += 1
    script["deployments_active"] += 1


def end_run(world: World, linode: Row) -> None:
    """The StackScript that *linode* was deployed with, if any, is no longer in use there."""
    if linode.get("_stackscript") is not None and (script := world.find(StackScript, linode["_stackscript"])):
        script["deployments_active"] -= 1
