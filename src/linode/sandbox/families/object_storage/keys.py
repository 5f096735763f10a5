"""Access keys, quotas and the transfer of Object Storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.object_storage.buckets import ObjectStorageBucket
from linode.api.object_storage.buckets import ObjectStorageEndpoint as Endpoint
from linode.api.object_storage.keys import (
    ObjectStorageGlobalQuota,
    ObjectStorageKey,
    ObjectStorageKeysMixin,
    ObjectStorageQuota,
    ObjectStorageType,
)
from linode.api.regions import Region
from linode.sandbox.core.kind import Access, Events, Exports, Kind, Operations, Refusals, Source
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..linodes.rows import settings
from .buckets import clusters_of, endpoint_for, region_of

__all__: list[str] = []

WRITES = ((60, 60), (5, 1))
REDACTED = "[REDACTED]"

on.kind(
    Kind(
        of=ObjectStorageKey,
        exports=Exports(("_secret",)),
        events=Events("obj_access_key", notify=("create", "update", "delete")),
        operations=Operations(generic=("delete",), limits=dict.fromkeys(("create", "update", "delete"), WRITES)),
        refusals=Refusals(missing="The specified access key was not found."),
    )
)
on.kind(Kind(of=ObjectStorageQuota, source=Source("/object-storage/quotas", keys=("quota_id",))))
on.kind(
    Kind(
        of=ObjectStorageGlobalQuota,
        source=Source("/object-storage/global-quotas", keys=("quota_id",)),
        access=Access(scopes={ObjectStorageKeysMixin.object_storage_transfer: ("object_storage:read_only",)}),
    )
)
on.kind(Kind(of=ObjectStorageType, source=Source("/object-storage/types")))


@on.create(ObjectStorageKey)
def create(
    world: World,
    label: str = "",
    regions: Sequence[str] | None = None,
    bucket_access: Sequence[Mapping[str, Any]] | None = None,
) -> Row:
    """Create a key, for regions or limited to buckets; the first use turns the service on."""
    most = world.get(ObjectStorageGlobalQuota, "keys")["quota_limit"]
    if len(world.read(ObjectStorageKey)) >= most:
        raise Refused(f"At most {most} access keys are allowed")  # in words of the sandbox's own
    limits = None if bucket_access is None else [_limit(world, at, each) for at, each in enumerate(bucket_access)]
    wanted = list(regions or ()) + [each["region"] for each in limits or ()]
    if not wanted:
        wanted = [each["region"] for each in world.rows(Endpoint) if each["s3_endpoint"]]
    settings(world)["object_storage"] = "active"
    key = world.add(
        ObjectStorageKey,
        label=label,
        access_key=world.hex(20).upper(),
        secret_key=REDACTED,
        limited=limits is not None,
        bucket_access=limits,
        regions=_regions(world, wanted),
        _secret=world.hex(40),
    )
    return {**key, "secret_key": key["_secret"]}


def _limit(world: World, at: int, wanted: Mapping[str, Any]) -> Row:
    region = wanted.get("region") or region_of(world, wanted.get("cluster") or "")
    if not region or not world.has(Region, region):
        raise Refused("region is not valid", field=f"bucket_access[{at}].region")
    for name in ("bucket_name", "permissions"):
        if not wanted.get(name):
            raise Refused(f"{name} is required", field=f"bucket_access[{at}].{name}")
    return {
        "region": region,
        "cluster": clusters_of(world, region),
        "bucket_name": wanted["bucket_name"],
        "permissions": wanted["permissions"],
    }


def _regions(world: World, wanted: Sequence[str]) -> list[Row]:
    found = [endpoint_for(world, each) for each in dict.fromkeys(wanted)]
    members = ("endpoint_type", "s3_endpoint")
    return [{"id": each["region"], **{name: each[name] for name in members}} for each in found]


@on.update(ObjectStorageKey)
def update(world: World, key: Row, label: str | None = None, regions: Sequence[str] | None = None) -> Row:
    """Change label and regions; the buckets it is limited to stay."""
    if label is not None:
        key["label"] = label
    if regions is not None:
        also = [each["region"] for each in key["bucket_access"] or ()]
        key["regions"] = _regions(world, [*regions, *also])
    return key


# -- quotas and transfer ---------------------------------------------------------------------------------------------


@on(ObjectStorageQuota.usage)
def usage(world: World, quota: Row) -> Row:
    """Show the account's usage at the endpoint."""
    if not quota["has_usage"]:
        raise Refused("The quota has no usage")  # refused for certain, status and words are guesses
    buckets = world.rows(ObjectStorageBucket, s3_endpoint=quota["s3_endpoint"])
    sums = {
        "bucket": len(buckets),
        "object": sum(each["objects"] for each in buckets),
        "byte": sum(each["size"] for each in buckets),
    }
    return {"quota_limit": quota["quota_limit"], "usage": sums[quota["resource_metric"]]}


@on(ObjectStorageGlobalQuota.usage)
def global_usage(world: World, quota: Row) -> Row:
    """The number of the account's keys."""
    return {"quota_limit": quota["quota_limit"], "usage": len(world.read(ObjectStorageKey))}


@on(ObjectStorageKeysMixin.object_storage_transfer)
def transfer(world: World) -> Row:  # noqa: ARG001  every behaviour takes the world
    """Nothing: objects leave the sandbox at no charge."""
    return {"used": 0, "region_transfers": []}
