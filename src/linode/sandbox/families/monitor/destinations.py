"""Destinations of log streams: a bucket gets an object as a trial, of an address nothing is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from linode.api.monitor.destinations import LogDestination
from linode.api.monitor.logs import LogStream
from linode.api.object_storage.buckets import ObjectStorageBucket
from linode.api.object_storage.keys import ObjectStorageKey
from linode.sandbox.core.kind import Events, Kind, Refusals
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..object_storage.objects import put_object

__all__ = ["keep_version", "versions"]

BUCKET, ADDRESS = "akamai_object_storage", "custom_https"
NEEDED = {BUCKET: ("access_key_id", "access_key_secret", "bucket_name", "host"), ADDRESS: ("endpoint_url",)}
"""Required members of the details: a guess, except for the key."""
OF_BUCKET = ("access_key_id", "bucket_name", "host", "path")
OF_ADDRESS = (
    *("endpoint_url", "data_compression", "content_type"),
    *("custom_headers", "authentication", "client_certificate_details"),
)
SECRETS = ("basic_authentication_password", "client_private_key")
NO_LENGTH = "Length must be 1-255 characters"
WRONG_KEY = "Invalid access key id or secret key"
IN_USE = "Unable to delete Destination attached to active or inactive Stream"

on.kind(
    Kind(
        of=LogDestination,
        events=Events("destination", notify=("create", "update", "delete")),
        refusals=Refusals(missing="Destination not found"),
    )
)


@on.create(LogDestination)
def create(world: World, label: str, type: str, details: Mapping[str, Any]) -> Row:
    """Create a destination, which is tried."""
    shown = _details(world, type, details)
    made = {"status": "active", "version": 1, "created_by": world.username, "updated_by": world.username}
    return world.add(LogDestination, label=label, type=type, details=shown, **made)


@on.update(LogDestination)
def update(
    world: World,
    destination: Row,
    label: str | None = None,
    type: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> Row:
    """Change it, which makes a new version."""
    kind = type or destination["type"]
    changes: Row = {} if label is None else {"label": label}
    if details is not None:
        changes |= {"type": kind, "details": _details(world, kind, details)}
    elif kind != destination["type"]:
        raise Refused("details is required", field="details")
    keep_version(world, destination)
    destination |= {
        "version": destination["version"] + 1,
        "updated_by": world.username,
        "updated": world.stamp(),
        **changes,
    }
    return destination


@on.delete(LogDestination)
def delete(world: World, destination: Row) -> None:
    """Delete a destination that no stream uses."""
    if world.read(LogStream, _destination=destination["id"]):
        raise Refused(IN_USE)
    world.remove(destination)


def _details(world: World, kind: str, given: Mapping[str, Any]) -> Row:
    """Check the details; returns the members that are shown. Raises `Refused`."""
    empty = [name for name in NEEDED[kind] if not given.get(name)]
    rules.refuse_for(
        [(NO_LENGTH if given.get(name) == "" else f"{name} is required", f"details.{name}") for name in empty]
    )
    if kind == BUCKET:
        _try(world, given)
        return {name: given.get(name) for name in OF_BUCKET}
    return {name: _without_secrets(given[name]) for name in OF_ADDRESS if name in given}


def _without_secrets(value: Any) -> Any:
    """*value* without passwords and private keys, which responses lack (a guess, from the webhooks of alerts)."""
    if isinstance(value, dict):
        return {key: _without_secrets(each) for key, each in value.items() if key not in SECRETS}
    return value


def _try(world: World, given: Mapping[str, Any]) -> None:
    """Write an object into the bucket. Raises `Refused` when the key does not fit."""
    keys = world.read(ObjectStorageKey, access_key=given["access_key_id"], _secret=given["access_key_secret"])
    buckets = world.rows(ObjectStorageBucket, hostname=given["host"], label=given["bucket_name"])
    if not keys or not buckets or not _may_write(keys[0], buckets[0]):
        raise Refused(WRONG_KEY)
    now = datetime.fromtimestamp(world.now, UTC)
    put_object(world, buckets[0], f"cloud-logs-test-connection-{now:%Y%m%dT%H%M%S}", b"test data")


def _may_write(key: Mapping[str, Any], bucket: Row) -> bool:
    if not key["limited"]:
        return True
    wanted = (bucket["label"], bucket["region"], "read_write")
    limits = key["bucket_access"] or ()
    return any((each["bucket_name"], each["region"], each["permissions"]) == wanted for each in limits)


# -- versions --------------------------------------------------------------------------------------------------------


def keep_version(world: World, row: Row) -> None:
    """Keep *row*, of a destination or a stream, as it is for its history."""
    row["_history"] = [{**rules.show(world, row), "status": "inactive"}, *row.get("_history", [])]


def versions(world: World, row: Row) -> list[Row]:
    """The versions of *row*, newest first."""
    return [rules.show(world, row), *row.get("_history", [])]


@on(LogDestination.history)
def history(world: World, destination: Row) -> list[Row]:
    """The versions, newest first."""
    return versions(world, destination)
