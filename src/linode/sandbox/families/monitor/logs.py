"""Log streams: one of each type, with one destination, provisioned for some minutes after each change of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.monitor.destinations import LogDestination
from linode.api.monitor.logs import LogStream, LogStreamQuota
from linode.sandbox.core.kind import Events, Kind, Lists, Operations, Refusals, Source
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .destinations import OF_BUCKET, keep_version, versions

__all__: list[str] = []

CHANGE = 300
"""Seconds until a stream is active or inactive: up to an hour at Linode."""
SETTABLE = ("active", "inactive")
ON_THE_WAY = {"provisioning": "active", "deactivating": "inactive"}
BUSY = "Unable to edit Stream at this time"
UNKNOWN = "Destination not found"
LKE = "lke_audit_logs"

on.kind(
    Kind(
        of=LogStream,
        events=Events("stream", notify=("create", "update", "delete")),
        operations=Operations(generic=("delete",)),
        refusals=Refusals(missing="Stream not found"),
        lists=Lists(empty_page=(1, 0)),
    )
)
on.kind(Kind(of=LogStreamQuota, source=Source(unrecorded=True)))


@on.create(LogStream, unchecked=("destinations",))
def create(
    world: World,
    label: str,
    type: str,
    destinations: Sequence[int] | None = None,
    status: str = "active",
    details: Mapping[str, Any] | None = None,
) -> Row:
    """Create a stream; it is provisioned, or deactivated when it is to be inactive (a guess)."""
    _refuse_status(status)
    destination = _destination(world, destinations)
    if world.read(LogStream, type=type):
        raise Refused("A stream of this type exists already", field="type")  # refused for certain, own words
    stream = world.add(
        LogStream,
        label=label,
        type=type,
        version=1,
        details=_clusters(world, details or {}) if type == LKE else None,
        created_by=world.username,
        updated_by=world.username,
        _destination=destination["id"],
    )
    _head_for(world, stream, status)
    return stream


def _refuse_status(status: str) -> None:
    if status not in SETTABLE:
        raise Refused(f"Must be one of {', '.join(SETTABLE)}", field="status")


def _destination(world: World, given: Sequence[int] | None) -> Row:
    if given is None:
        raise Refused("destinations is required", field="destinations")
    if not isinstance(given, list) or len(given) != 1:
        raise Refused("Must contain one item", field="destinations")
    # recorded: the field of the list lacks its last letter
    return rules.referenced_row(world, LogDestination, given[0], field="destination", reason=UNKNOWN)


def _clusters(world: World, details: Mapping[str, Any]) -> Row:
    """The details of a stream of clusters' logs. Raises `Refused` for a cluster that has none."""
    for at, each in enumerate(details.get("cluster_ids", ())):
        cluster = world.find("LKECluster", each)
        if cluster is None or not (cluster.get("control_plane") or {}).get("audit_logs_enabled"):
            raise Refused("details.cluster_ids is not valid", field=f"details.cluster_ids[{at}]")
    return {"cluster_ids": [], "is_auto_add_all_clusters_enabled": False, **details}


def _head_for(world: World, stream: Row, status: str) -> None:
    """Let *stream* have the status *status* after some minutes."""
    stream["status"] = next(way for way, end in ON_THE_WAY.items() if end == status)
    world.takes(CHANGE, finish_provisioning, stream)


@job("monitor.change_stream", LogStream)
def finish_provisioning(_world: World, stream: Row) -> None:
    """The stream sends, or sends no longer."""
    stream["status"] = ON_THE_WAY.get(stream["status"], stream["status"])


@on.update(LogStream, unchecked=("destinations",))
def update(
    world: World,
    stream: Row,
    label: str | None = None,
    status: str | None = None,
    destinations: Sequence[int] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Row:
    """Update a stream without a pending change; that a label alone makes a new version is a guess."""
    if stream["status"] in ON_THE_WAY:
        raise Refused(BUSY)
    changes: Row = {} if label is None else {"label": label}
    if status is not None:
        _refuse_status(status)
    if destinations is not None:
        changes["_destination"] = _destination(world, destinations)["id"]
    if details is not None:
        if stream["type"] != LKE:
            raise Refused("details is not valid", field="details")
        changes["details"] = _clusters(world, {**stream["details"], **details})
    keep_version(world, stream)
    rules.update(world, stream, **changes, version=stream["version"] + 1, updated_by=world.username)
    if status not in (None, stream["status"]) or "_destination" in changes:
        _head_for(world, stream, status or stream["status"])
    return stream


@on(LogStream.history)
def history(world: World, stream: Row) -> list[Row]:
    """The versions, newest first."""
    return versions(world, stream)


@on.show(LogStream, "destinations")
def _show(world: World, stream: Row) -> Row:
    found = world.get(LogDestination, stream["_destination"])
    summary = {name: found[name] for name in ("id", "label", "type")}
    details = {name: found["details"][name] for name in OF_BUCKET if name in found["details"]}
    return {**stream, "destinations": [{**summary, "details": details}]}
