"""Buckets, their access and certificates, and the objects that pre-signed URLs take and give."""

from __future__ import annotations

from urllib.parse import quote

from linode.api.object_storage.buckets import (
    BucketLabel,
    ObjectStorageBucket,
    ObjectStorageBucketsMixin,
    ObjectStorageCluster,
)
from linode.api.object_storage.buckets import ObjectStorageEndpoint as Endpoint
from linode.api.object_storage.keys import ObjectStorageKey
from linode.api.regions import Region
from linode.sandbox.core.kind import Access, Events, Exports, Kind, Operations, Refusals, Source, Storage
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..linodes.rows import settings
from .objects import PLACE, acl_xml, cors_xml, object_of, objects_of

__all__ = ["clusters_of", "endpoint_for", "region_of"]

NAME = (
    "Bucket names must be between 3 and 63 characters, consist only of lowercase letters, numbers, . (period), and - "
    "(dash), start and end with a letter or number, and must not have adjacent . (period) and - (dash) characters."
)
ACLS = ("private", "public-read", "authenticated-read", "public-read-write")
OF_OBJECT = ("name", "size", "etag", "last_modified", "owner")
NO_CORS = ("E2", "E3")
"""Types of endpoints without clusters, CORS and certificates."""
MISSING = "The specified region was not found or does not support Object Storage."
MAX_URL_SECONDS, DEFAULT_URL_SECONDS = 86400, 3600
"""Seconds for which a URL is valid."""


def region_of(world: World, name: str) -> str:
    """The region that the ID of a region or a cluster means."""
    head, _, tail = name.rpartition("-")
    return head if tail.isdecimal() and not world.has(Region, name) else name


on.kind(
    Kind(
        of=ObjectStorageBucket,
        storage=Storage(parent_alias=region_of),
        events=Events("bucket"),
        operations=Operations(limits={"create": ((60, 60), (5, 1))}),
        refusals=Refusals(missing=MISSING),
        access=Access(
            scopes={
                ObjectStorageBucketsMixin.cancel_object_storage: ("object_storage:read_write",),
                Region.buckets: ("object_storage:read_only",),
            }
        ),
    )
)
on.words(BucketLabel, NAME, field="name")
on.kind(Kind(of="_PresignedURL", exports=Exports(("id",))))
on.kind(Kind(of=Endpoint, source=Source("/object-storage/endpoints", keys=("region", "endpoint_type", "s3_endpoint"))))
on.kind(Kind(of=ObjectStorageCluster, source=Source("/object-storage/clusters")))


# -- buckets ---------------------------------------------------------------------------------------------------------


@on.create(ObjectStorageBucket, unchecked=("cluster", "region"))
def create(
    world: World,
    label: str,
    region: str | None = None,
    cluster: str | None = None,
    acl: str = "private",
    cors_enabled: bool | None = None,
    endpoint_type: str | None = None,
    s3_endpoint: str | None = None,
) -> Row:
    """Create a bucket; one that the account has already is answered as it is. The first use turns the service on."""
    wanted = region or (region_of(world, cluster) if cluster else None)
    if wanted is None:
        raise Refused("region is required", field="region")
    endpoint = endpoint_for(world, wanted, endpoint_type, s3_endpoint)
    place = world.get(Region, wanted)
    known = world.find(ObjectStorageBucket, label, place)
    if known is not None:
        return known
    old = endpoint["endpoint_type"] not in NO_CORS
    if cors_enabled and not old:
        raise Refused("CORS is not supported by endpoints of this type", field="cors_enabled")  # a guess at the words
    settings(world)["object_storage"] = "active"
    return world.add(
        ObjectStorageBucket,
        place,
        label=label,
        region=wanted,
        cluster=f"{wanted}-1" if old else "",
        hostname=f"{label}.{endpoint['s3_endpoint']}",
        endpoint_type=endpoint["endpoint_type"],
        s3_endpoint=endpoint["s3_endpoint"],
        size=0,
        objects=0,
        _acl=acl,
        _cors=(cors_enabled is not False) if old else None,
        _certificate=False,
    )


def endpoint_for(world: World, region: str, kind: str | None = None, host: str | None = None) -> Row:
    """The endpoint of *region* that a request means. Raises `Refused` when there is none."""
    for each in world.rows(Endpoint, region=region):
        if each["s3_endpoint"] and kind in (None, each["endpoint_type"]) and host in (None, each["s3_endpoint"]):
            return each
    field = "region" if kind is host is None else "endpoint_type" if host is None else "s3_endpoint"
    raise Refused(f"{field} is not valid", field=field)


def clusters_of(world: World, region: str) -> str:
    """The cluster of *region*; none where the endpoints are of the newer types."""
    return f"{region}-1" if endpoint_for(world, region)["endpoint_type"] not in NO_CORS else ""


@on.delete(ObjectStorageBucket)
def delete(world: World, bucket: Row) -> None:
    """Delete it, once it is empty."""
    if objects_of(world, bucket):
        raise Refused("The bucket is not empty")  # refused for certain, in words of the sandbox's own
    world.remove(bucket)


@on(ObjectStorageBucketsMixin.cancel_object_storage)
def cancel(world: World) -> None:
    """End the service: no bucket, no object and no key is left."""
    for bucket in world.rows(ObjectStorageBucket):
        for each in objects_of(world, bucket):
            world.remove(each)
        world.remove(bucket)
    for key in world.rows(ObjectStorageKey):
        world.remove(key)
    settings(world)["object_storage"] = "disabled"


# -- access ----------------------------------------------------------------------------------------------------------


@on(ObjectStorageBucket.access)
def access(world: World, bucket: Row) -> Row:
    """The access to the bucket."""
    return {
        "acl": bucket["_acl"],
        "acl_xml": acl_xml(world, bucket["_acl"]),
        "cors_enabled": bucket["_cors"],
        "cors_xml": cors_xml(bucket["_cors"]),
    }


@on(ObjectStorageBucket.modify_access)
def modify_access(world: World, bucket: Row, acl: str = "private", cors_enabled: bool | None = None) -> None:  # noqa: ARG001  every behaviour takes the world
    """Set the access; members that were not sent get their defaults."""
    _set_access(bucket, acl, True if cors_enabled is None and bucket["_cors"] is not None else cors_enabled)


@on(ObjectStorageBucket.update_access)
def update_access(world: World, bucket: Row, acl: str | None = None, cors_enabled: bool | None = None) -> None:  # noqa: ARG001  likewise
    """Update the access; members that were not sent stay."""
    _set_access(bucket, acl or bucket["_acl"], bucket["_cors"] if cors_enabled is None else cors_enabled)


def _set_access(bucket: Row, acl: str, cors: bool | None) -> None:
    if acl not in ACLS and acl != bucket["_acl"]:
        raise Refused(f"Must be one of {', '.join(ACLS)}", field="acl")
    if cors is not None and bucket["_cors"] is None:
        raise Refused("CORS is not supported by endpoints of this type", field="cors_enabled")  # a guess at the words
    bucket |= {"_acl": acl, "_cors": cors}


# -- objects ---------------------------------------------------------------------------------------------------------


@on(ObjectStorageBucket.object_acl)
def object_acl(world: World, bucket: Row, name: str) -> Row:
    """The access to an object."""
    found = object_of(world, bucket, name)
    return {"acl": found["acl"], "acl_xml": acl_xml(world, found["acl"])}


@on(ObjectStorageBucket.update_object_acl)
def update_object_acl(world: World, bucket: Row, name: str, acl: str) -> None:
    """Set the access to an object."""
    if acl not in ACLS:
        raise Refused(f"Must be one of {', '.join(ACLS)}", field="acl")
    object_of(world, bucket, name)["acl"] = acl


@on(ObjectStorageBucket.object_list)
def object_list(
    world: World,
    bucket: Row,
    marker: str = "",
    delimiter: str = "",
    prefix: str = "",
    page_size: int = rules.DEFAULT_SIZE,
) -> Row:
    """A part of the objects, folders in the place of what they hold."""
    found: dict[str, Row] = {}
    for each in objects_of(world, bucket):
        name = each["name"]
        if not name.startswith(prefix) or name <= marker:
            continue
        head, cut, _ = name[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
        folder = f"{prefix}{head}{cut}"
        shown = {**dict.fromkeys(OF_OBJECT), "name": folder} if cut else each
        found.setdefault(folder if cut else name, shown)
    part = sorted(found.values(), key=lambda each: str(each["name"]))
    more = len(part) > page_size
    part = part[:page_size]
    return {
        "data": [{name: each[name] for name in OF_OBJECT} for each in part],
        "is_truncated": more,
        "next_marker": part[-1]["name"] if more else None,
    }


@on(ObjectStorageBucket.object_url)
def object_url(
    world: World,
    bucket: Row,
    method: str,
    name: str,
    content_type: str | None = None,
    expires_in: int | None = None,
) -> Row:
    """A URL of the sandbox's own at which an object can be put, had or deleted for a while."""
    if not content_type and method not in ("GET", "DELETE"):
        raise Refused("content_type is required", field="content_type")
    exists = any(each["name"] == name for each in objects_of(world, bucket))
    until = int(world.now + (expires_in or DEFAULT_URL_SECONDS))
    grant = world.add(
        "_PresignedURL",
        id=world.hex(40),
        method=method,
        bucket=bucket["_key"],
        name=name,
        content_type=content_type,
        until=until,
    )
    query = f"Signature={grant['id']}&Expires={until}&AWSAccessKeyID={world.hex(20).upper()}"
    url = f"{world.base_url}{PLACE}/{bucket['s3_endpoint']}/{bucket['label']}/{quote(name)}?{query}"
    return {"url": url, "exists": exists or method != "GET"}


# -- certificates ----------------------------------------------------------------------------------------------------


@on(ObjectStorageBucket.certificate)
def certificate(world: World, bucket: Row) -> Row:  # noqa: ARG001  likewise
    """Whether it has a certificate."""
    return {"ssl": bucket["_certificate"]}


@on(ObjectStorageBucket.set_certificate)
def set_certificate(world: World, bucket: Row, certificate: str, private_key: str) -> Row:  # noqa: ARG001  likewise
    """Install a certificate where there is none."""
    if bucket["endpoint_type"] in NO_CORS:
        raise Refused("Certificates are not supported by endpoints of this type")  # a guess, its words too
    for name, text in (("certificate", certificate), ("private_key", private_key)):
        if "-----BEGIN " not in text:
            raise Refused(f"{name} is not valid", field=name)
    if bucket["_certificate"]:
        raise Refused("The bucket has a certificate; delete it first")  # refused for certain, in words of our own
    bucket["_certificate"] = True
    return {"ssl": True}


@on(ObjectStorageBucket.delete_certificate)
def delete_certificate(world: World, bucket: Row) -> None:  # noqa: ARG001  likewise
    """Remove the certificate."""
    bucket["_certificate"] = False
