"""Objects of buckets, which are put, had and deleted at pre-signed URLs: small ones, kept in the sandbox."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

from linode._http.transport import Request, Response
from linode.api.object_storage.buckets import ObjectStorageBucket
from linode.api.regions import Region
from linode.sandbox.engine.registry import NotFound, Row, World, on

__all__ = ["PLACE", "acl_xml", "cors_xml", "object_of", "objects_of", "put_object"]

PLACE = "/object-storage-content"
"""The sandbox's path for the content of objects, which is not a path of the API."""
MAX_OBJECT_BYTES = 5 << 20
"""Maximum size of an object in bytes: the sandbox is not meant to store large ones."""
TABLE = "_Object"


def objects_of(world: World, bucket: Row) -> list[Row]:
    """The objects of *bucket*."""
    return world.rows(TABLE, bucket=bucket["_key"])


def object_of(world: World, bucket: Row, name: str) -> Row:
    """The object of that *name*. Raises `NotFound`."""
    for each in objects_of(world, bucket):
        if each["name"] == name:
            return each
    raise NotFound


def owner(world: World) -> str:
    """The UUID that owns all buckets and objects of the account."""
    row = world.one("_ObjectOwner", uuid="")
    if not row["uuid"]:
        digits = world.hex(32)
        row["uuid"] = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return str(row["uuid"])


def acl_xml(world: World, acl: str) -> str:
    """An access control list in the format of S3; the grants of others follow from its name."""
    who = owner(world)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Owner><ID>{who}</ID><DisplayName>{who}</DisplayName></Owner><AccessControlList><Grant><Grantee><ID>{who}"
        f"</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList><!-- {acl} -->"
        "</AccessControlPolicy>"
    )


def cors_xml(enabled: bool | None) -> str | None:
    """A CORS configuration as S3 writes it."""
    if enabled is None:
        return None
    if not enabled:
        return ""
    methods = "".join(f"<AllowedMethod>{each}</AllowedMethod>" for each in ("GET", "PUT", "DELETE", "HEAD", "POST"))
    rule = f"<CORSRule>{methods}<AllowedOrigin>*</AllowedOrigin><AllowedHeader>*</AllowedHeader></CORSRule>"
    return f"<CORSConfiguration>{rule}</CORSConfiguration>"


@on.mount(PLACE)
def serve(world: World, request: Request) -> Response:
    """Run the operation for which a URL was signed."""
    url = urlsplit(request.url)
    grant = world.find("_PresignedURL", parse_qs(url.query).get("Signature", [""])[0])
    if grant is None or grant["until"] < world.now or not unquote(url.path).endswith(f"/{grant['name']}"):
        return _error(403, "AccessDenied", "Request has expired")
    if request.method != grant["method"] and (request.method, grant["method"]) != ("HEAD", "GET"):
        return _error(403, "SignatureDoesNotMatch", "The URL was signed for another method")
    region, label = grant["bucket"].split("/", 1)
    bucket = world.find(ObjectStorageBucket, label, world.get(Region, region))
    if bucket is None:
        return _error(404, "NoSuchBucket", "The bucket does not exist")
    found = next((each for each in objects_of(world, bucket) if each["name"] == grant["name"]), None)
    if request.method == "PUT":
        return _put(world, bucket, grant, request)
    return _delete(world, bucket, found) if request.method == "DELETE" else _get(found, request)


def _get(found: Row | None, request: Request) -> Response:
    """The object *found*, or the range of bytes that *request* asks for, if it still has the ETag of ``If-Match``."""
    if found is None:
        return _error(404, "NoSuchKey", "The object does not exist")
    asked = {name.lower(): value for name, value in request.headers.items()}
    etag = f'"{found["etag"]}"'
    if asked.get("if-match", etag) != etag:
        return _error(412, "PreconditionFailed", "The object has another ETag")
    headers = {"Content-Type": found["content_type"], "ETag": etag, "Accept-Ranges": "bytes"}
    content = base64.b64decode(found["content"])
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.get("range", ""))
    if wanted is None:
        return Response(200, headers, content)
    start = int(wanted[1])
    if start >= len(content):
        return _error(416, "InvalidRange", "The requested range is not satisfiable")
    end = min(int(wanted[2] or len(content)), len(content) - 1)
    return Response(206, headers | {"Content-Range": f"bytes {start}-{end}/{len(content)}"}, content[start : end + 1])


def _delete(world: World, bucket: Row, found: Row | None) -> Response:
    if found is not None:
        world.remove(found)
        _count(world, bucket)
    return Response(204)


def _put(world: World, bucket: Row, grant: Row, request: Request) -> Response:
    content = request.body or b""
    if len(content) > MAX_OBJECT_BYTES:
        return _error(400, "EntityTooLarge", f"The sandbox keeps objects of {MAX_OBJECT_BYTES} bytes at most")
    kind = grant["content_type"] or "application/octet-stream"
    made = put_object(world, bucket, grant["name"], content, kind)
    return Response(200, {"ETag": f'"{made["etag"]}"'})


def put_object(
    world: World, bucket: Row, name: str, content: bytes, content_type: str = "application/octet-stream"
) -> Row:
    """Create or replace the object *name* of *bucket* with *content*."""
    members = {
        "size": len(content),
        "etag": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "last_modified": f"{datetime.fromtimestamp(world.now, UTC):%Y-%m-%dT%H:%M:%S}.000Z",
        "owner": owner(world),
        "content": base64.b64encode(content).decode("ascii"),
        "content_type": content_type,
    }
    found = next((each for each in objects_of(world, bucket) if each["name"] == name), None)
    if found is None:
        found = world.add(TABLE, id=f"{bucket['_key']}/{name}", bucket=bucket["_key"], name=name, acl="private")
    found |= members
    _count(world, bucket)
    return found


def _count(world: World, bucket: Row) -> None:
    found = objects_of(world, bucket)
    bucket |= {"objects": len(found), "size": sum(each["size"] for each in found)}


def _error(status: int, code: str, message: str) -> Response:
    text = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Response(status, {"Content-Type": "application/xml"}, text.encode())
