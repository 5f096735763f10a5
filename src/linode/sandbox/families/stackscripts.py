"""StackScripts: the rules of the script, and the questions that it asks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linode.api.images.images import Image
from linode.api.stackscripts import StackScript

from ..core.kind import Access, Events, Grant, Kind, Lists, Operations, Source
from ..engine import rules
from ..engine.registry import NotFound, Refused, Row, World, on
from .linodes.deploy import ANY_IMAGE

__all__ = ["create", "delete", "questions", "script_of_all", "scripts", "shown", "update"]

on.kind(
    Kind(
        of=StackScript,
        source=Source("/linode/stackscripts"),
        events=Events("stackscript", notify=("create", "delete")),
        operations=Operations(limits={"list": ((60, 60),)}),
        lists=Lists(filters=("username",)),  # clients filter by it
        access=Access(scopes={"list": ("stackscripts:read_only",), "get": ("stackscripts:read_only",)}),
        grant=Grant("stackscript", owned=lambda script: bool(script["mine"])),
    )
)

MAX_CHARACTERS = 65535
ATTRIBUTES = ("name", "label", "example", "default", "oneof", "manyof", "header", "required")
_ATTRIBUTE = r"""\s+([\w-]+)\s*=\s*("[^"]*"|'[^']*')"""
_TAG = re.compile(rf"<udf((?:{_ATTRIBUTE})+)\s*/?>", re.IGNORECASE)


def questions(script: str) -> list[Row]:
    """The user-defined fields of *script*: the attributes of its ``<UDF …>`` tags, in their order."""
    found = []
    for tag in _TAG.finditer(script):
        written = {name.lower(): value[1:-1] for name, value in re.findall(_ATTRIBUTE, tag[1])}
        found.append({name: written[name] for name in ATTRIBUTES if name in written})
    return found


# -- reading ---------------------------------------------------------------------------------------------------------


@on.list(StackScript)
def scripts(world: World) -> list[Row]:
    """List the account's own StackScripts and the public ones."""
    return [each for each in world.read(StackScript) if each["is_public"] or _owned(world, each)]


@on.get(StackScript)
def script_of_all(world: World, stackscript: Row) -> Row:
    """The StackScript, when the current user may see it."""
    if not stackscript["is_public"] and not _owned(world, stackscript):
        raise NotFound
    return stackscript


@on.show(StackScript, "mine")
def shown(world: World, stackscript: Row) -> Row:
    """Set ``mine``, which is false in requests without a token."""
    return {**stackscript, "mine": _owned(world, stackscript)}


def _owned(world: World, stackscript: Row) -> bool:
    """Whether the StackScript belongs to the account of the current user."""
    return bool(stackscript["mine"]) and world.user is not None


# -- writing ---------------------------------------------------------------------------------------------------------


@on.create(StackScript, unchecked=("images",))
def create(world: World, **members: Any) -> Row:
    """Create a StackScript of the current user."""
    members.setdefault("images", [])
    rules.refuse_for([*_wrong(world, members)])
    if (user := world.user) is None:
        raise Refused("Invalid Token", status=401)
    return rules.create(
        world,
        StackScript,
        **members,
        **_made_of(members),
        mine=True,
        username=user["username"],
        user_gravatar_id=hashlib.md5(user["email"].strip().lower().encode(), usedforsecurity=False).hexdigest(),
        ordinal=0,
        logo_url="",
    )


@on.update(StackScript, unchecked=("images",))
def update(world: World, stackscript: Row, **changes: Any) -> Row:
    """Update a StackScript, with an event if it was made public or its script was changed."""
    _refuse_foreign(world, stackscript)
    rules.refuse_for([*_wrong(world, changes)])
    before = dict(stackscript)
    if before["is_public"] and changes.get("is_public") is False:
        raise Refused("A public StackScript cannot be made private", field="is_public")  # own words
    rules.update(world, stackscript, **changes, **_made_of(changes))
    events = [("publicize", "is_public"), ("revise", "script")]
    for operation in [operation for operation, name in events if stackscript[name] != before[name]] or ["update"]:
        world.events.notify(f"stackscript_{operation}", stackscript)
    return stackscript


@on.delete(StackScript)
def delete(world: World, stackscript: Row) -> None:
    """Forget it, unless everybody may be using it."""
    _refuse_foreign(world, stackscript)
    if stackscript["is_public"]:
        raise Refused("A public StackScript cannot be deleted")  # own words
    world.remove(stackscript)


def _refuse_foreign(world: World, stackscript: Row) -> None:
    """Raise the API's refusal when it belongs to another account: not there, or not to be touched."""
    if not _owned(world, script_of_all(world, stackscript)):
        raise Refused("Unauthorized", status=403)


def _made_of(members: Mapping[str, Any]) -> Row:
    """The members that follow from those that were sent."""
    return {"user_defined_fields": questions(members["script"])} if "script" in members else {}


def _wrong(world: World, members: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """The reasons to refuse the *members* that were sent."""
    if "images" in members:
        yield from _wrong_images(world, members["images"])
    if "script" in members:
        yield from _wrong_script(members["script"])


def _wrong_images(world: World, images: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not images:
        yield "images is required", "images"
    for at, image in enumerate(images):
        if image != ANY_IMAGE and world.find(Image, image) is None:
            yield f"images[{at}] is not valid", f"images[{at}]"


def _wrong_script(script: str) -> Iterator[tuple[str, str]]:
    if not script.startswith("#!"):
        yield "Script must begin with a shebang (example: #!/bin/bash)", "script"  # own words
    if len(script) > MAX_CHARACTERS:
        yield f"Length must be at most {MAX_CHARACTERS} characters", "script"
    names = set()
    for question in questions(script):
        name = question.get("name")
        if not name or not question.get("label"):
            yield "Every UDF tag needs a name and a label", "script"  # own words
        elif name in names:
            yield f"There are several UDF tags named {name}", "script"  # own words
        names.add(name)
