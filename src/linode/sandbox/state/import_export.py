"""Export and import of worlds, as documents of JSON."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from linode._model.options import checks_options

from ..core import jobs, schema
from ..core.refusals import NotFound, SandboxError
from ..core.schema import Row
from ..core.seed import seed_world
from ..core.store import SavedStore
from ..core.world import SavedWorld, World
from ..engine import rules
from ..timing import checked_durations
from . import parts
from .documents import Document, checked, empty, random_state, with_keys, without_keys
from .recording import Recording
from .redaction import redact, replace_placeholders
from .renumbering import ALLOCATIONS, renumber
from .seals import refuse_edited, seals
from .seed_files import Source, too_deep
from .seed_files import read as read_seed
from .seeding import apply_seed

if TYPE_CHECKING:
    from ..._model import Resource
    from ..gateways.gateway import Gateway

__all__ = ["ImportExport", "load", "read"]

Class: TypeAlias = "type[Resource] | str"
NOT_EXPORTED = ("_Clock",)
"""Tables whose rows are members of the document."""


class ImportExport:
    """The methods of `Sandbox` that carry worlds from one sandbox to another."""

    gateway: Gateway
    world: World
    token: str

    @checks_options
    def export(self, *classes: Class, account: str | None = None, secrets: bool = False) -> dict[str, Any]:
        """Export the world as a document for `load`: a dict that `json.dumps` takes.

        It has the objects, jobs, events, meters, the next IDs, the time and the durations. *classes* (``Linode`` or
        ``"Linode"``) export a part: objects of the sandbox's own account with all that belongs or refers to them.
        *account*, the company or ID of another account, exports that account. Faults, limits, the speed of the clock
        and recorded requests are not exported.

        Secrets (tokens, passwords, secrets of applications, user data) are withheld unless *secrets*; a world that is
        loaded without them has others, and no user data.

        Raises `SandboxError` for an unknown class or account, and if an object of a part has a running job.
        """
        if classes and account is not None:
            raise ValueError("classes export a part of the sandbox's own account: give classes or an account, not both")
        with self.gateway.lock, self.world.transaction():
            found: dict[str, Any] = msgspec.to_builtins(
                _document(self.world, [_table(each) for each in classes], account, secrets)
            )
        return found

    @checks_options
    def save(self, path: str | Path, *classes: Class, account: str | None = None, secrets: bool = False) -> None:
        """Write the document of `export` to the file *path*, which others cannot read if it has *secrets*.

        Raises `SandboxError` as `export` does, and OSError.
        """
        document = self.export(*classes, account=account, secrets=secrets)
        content = msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
        _write(Path(path), content, secret=secrets)

    def load(self, source: str | Path | Mapping[str, Any]) -> None:
        """Load the document of `export`, or the file of `save`, *source*.

        A whole world replaces that of this sandbox, its time included; the sandbox keeps its token. A part is added:
        its objects keep their IDs, and its jobs the seconds until they are due. A data file is rewritten.

        Raises `SandboxError` before anything is changed if *source* is broken, of another version or cannot be read,
        and if a part has objects with IDs or labels that the sandbox has, or refers to objects that it does not have.
        """
        found, name = (source, "the document") if isinstance(source, Mapping) else (read(source), str(source))
        with self.gateway.lock:
            load(self, checked(dict(found), name), name)

    def record(self) -> Recording:
        """Begin to record the changes that clients make, in place of an earlier recording; returns the recording.

        ``recording.script()`` is a program of this library that makes them again, for example in an empty sandbox.
        """
        with self.gateway.lock:
            recording = Recording(self.world)
            self.gateway.recording = recording.note
        return recording

    def seed_from(self, source: str | Path | Mapping[str, Any]) -> None:
        """Create the objects of a seed file, or of a mapping like it, and let their jobs end.

        The file is JSON if its name ends in ``.json``, else YAML, which needs pyyaml. Its lists are named like those of
        the client (``linodes``, ``domains``), and their members are those of the API's requests to create an object,
        with labels where the API has IDs. A text ``${NAME}`` is the environment variable.

        Raises `SandboxError`, with the line in a YAML file, for a misspelt member, an unknown label, and what the API
        refuses; nothing is created then.
        """
        found = Source(dict(source), "the seed") if isinstance(source, Mapping) else read_seed(source)
        with self.gateway.turn():
            saved, first = self.world.saved(), (self.world.user, self.world.token)
            try:
                apply_seed(self.world, self.token, found)
            except BaseException as error:
                self.world.restore(saved)
                if isinstance(error, RecursionError):
                    raise too_deep("the seed") from None
                raise
            finally:
                self.world.user, self.world.token = first
            self.gateway.clock.resume(self.world)
            self.gateway.moves += 1


def read(path: str | Path) -> Any:
    """The JSON in the file *path*. Raises `SandboxError` if it cannot be read or is not JSON."""
    try:
        return msgspec.json.decode(Path(path).read_bytes())
    except OSError as error:
        raise SandboxError(f"cannot read {path}: {error.strerror or error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SandboxError(f"{path} is not JSON: {error}") from None


def _write(path: Path, content: bytes, *, secret: bool) -> None:
    """Write *content* to *path*, as a whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        opened = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o666)
        with os.fdopen(opened, "wb") as file:
            file.write(content)
        half.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            half.unlink()
        raise


def _table(of: Class) -> str:
    """The table of a class, or of its name. Raises `SandboxError`."""
    name = of if isinstance(of, str) else of.__name__
    cls = next((each for each in schema.resources() if each.__name__ == name), None)
    if cls is None:
        raise SandboxError(
            f"no class of objects is called {name!r}; classes are those of linode, such as Linode, Volume"
        )
    return schema.table_of(cls)


# -- export --------------------------------------------------------------------------------------------------------


def _document(world: World, classes: Sequence[str], account: str | None, secrets: bool) -> Document:
    document = empty(part=bool(classes) or account is not None, secrets=secrets, world=world)
    if classes:
        rows = [("", row) for row in parts.rows_of(world, classes)]
    elif account is not None:
        rows = _of_account(parts.account_named(world, account))
    else:
        rows = _whole(world, document)
    rows.sort(key=lambda each: (each[0], each[1]["_kind"]))
    pairs = [(row["_kind"], row) for _, row in rows]
    if not secrets:
        pairs = redact(pairs)
    for (owner, _), (table, row) in zip(rows, pairs, strict=True):
        place = document.accounts.setdefault(owner, {}) if owner else document.rows
        place.setdefault(table, []).append(without_keys(row))
    document.seals = seals(document)
    return document


def _whole(world: World, document: Document) -> list[tuple[str, Row]]:
    found = []
    for place, key, data in world.saved().rows.rows():
        account, _, table = place.rpartition("/")
        if data is None:
            document.removed.setdefault(table, []).append(key)
        elif table not in NOT_EXPORTED:
            found.append((account, msgspec.json.decode(data)))
    return found


def _of_account(world: World) -> list[tuple[str, Row]]:
    """The rows of the account of *world*, and those of all accounts that are about it."""
    start = f"{world.account}/"
    own = [
        (world.account, msgspec.json.decode(data))
        for place, _, data in world.saved().rows.rows()
        if place.startswith(start) and data is not None
    ]
    return [*(("", row) for row in parts.account_rows(world)), *own]


# -- import --------------------------------------------------------------------------------------------------------


def load(sandbox: ImportExport, document: Document, source: str) -> None:
    """Load the *document* from *source* into *sandbox*; all is tried in a copy of the world first."""
    refuse_edited(document, source)
    world = sandbox.world
    tried = World(now=world.now, durations=world.durations, first_id=world.first_id)
    try:
        if document.part:
            tried.restore(world.saved())
            _add(tried, document, source)
        else:
            tried.random.setstate(world.random.getstate())
            tried.restore(_saved(tried, document))
            tried.first_id, tried.durations = document.first_id, checked_durations(document.durations)
            _settle(tried, sandbox.token)
        jobs.refuse_unknown(tried.accounts(), source)
        _show_all(tried)
    except (LookupError, TypeError, ValueError, AttributeError, NotFound) as error:
        raise SandboxError(f"{source} is broken: {type(error).__name__}: {error}") from error
    world.restore(tried.saved())
    world.first_id, world.durations = tried.first_id, tried.durations
    sandbox.gateway.clock.resume(world)
    sandbox.gateway.moves += 1


def _rows(world: World, document: Document) -> list[tuple[str, Row]]:
    """The rows of *document* with their accounts, and with new secrets instead of those that are withheld."""
    accounts = {"": document.rows, **document.accounts}
    found = [(account, row) for account, rows in accounts.items() for row in with_keys(rows)]
    if document.secrets:
        return found
    rows = replace_placeholders([row for _, row in found], functools.partial(world.hex, 64))
    for row in rows:
        if row["_kind"] == "Token":
            row["token"] = row["_secret"][:16]
    return [(account, row) for (account, _), row in zip(found, rows, strict=True)]


def _saved(world: World, document: Document) -> SavedWorld:
    """The whole world in *document*."""
    filed: dict[str, dict[str, bytes | None]] = {}
    for account, row in _rows(world, document):
        place = f"{account}/{row['_kind']}" if account else row["_kind"]
        filed.setdefault(place, {})[row["_key"]] = msgspec.json.encode(row)
    for table, keys in document.removed.items():
        filed.setdefault(table, {}).update(dict.fromkeys(keys))
    state = world.random.getstate() if document.random is None else random_state(document.random)
    return SavedWorld(SavedStore({}, filed), document.now, state)


def _settle(world: World, token: str) -> None:
    """Make *token* the value of the first token of *world*."""
    with world.transaction():
        first = next(iter(world.rows("Token", _type="first")), None)
        if first is not None and world.find("_Secret", token) is None:
            if (known := world.find("_Secret", first["_secret"])) is not None:
                world.remove(known)
            first |= {"_secret": token, "token": token[:16]}
            world.add("_Secret", id=token, token=first["id"], account="")
    seed_world(world, token)


def _add(world: World, document: Document, source: str) -> None:
    """Add the rows of the part *document* to *world*."""
    shift, rows = world.now - document.now, _rows(world, document)
    with world.transaction():
        own = renumber(world, [row for _, row in rows])
        rows = list(zip([owner for owner, row in rows if row["_kind"] not in ALLOCATIONS], own, strict=True))
        for account in ("", *document.accounts):
            mine = [row for owner, row in rows if owner == account]
            parts.add(world, account, mine, shift=shift, source=source)
        for account, row in rows:
            parts.refuse_dangling(world, account, row, source)


def _show_all(world: World) -> None:
    """Show each row. Raises an error if one has members that it cannot have."""
    for each in world.accounts():
        with each.transaction():
            for cls in schema.resources():
                for row in each.read(cls) if schema.table_of(cls) == cls.__name__ else ():
                    _show(each, row)


def _show(world: World, row: Row) -> None:
    try:
        rules.show(world, row)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{row['_kind']} {row['_key']}: {type(error).__name__}: {error}") from error
