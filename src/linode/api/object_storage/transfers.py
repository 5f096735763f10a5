"""Contents of objects, sent and fetched at pre-signed URLs, which need no key and no S3 library."""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack

from linode._model import Call, NotSent, Steps
from linode._model.calls import UNSIGNED_URL, ignore_response
from linode._uploads import Source, upload
from linode.errors import ApiError, Reason, UnexpectedResponseError, api_error

if TYPE_CHECKING:
    from linode._http.transport import Response

    from .buckets import ObjectStorageBucket, ObjectURLOptions

PIECE = 4 << 20
"""Bytes of an object that are fetched at a time, so that a large one takes no memory and each request ends soon."""
MAX_UPLOAD_BYTES = 5 << 30
"""Bytes of an object that one request can send, as S3 defines it."""
ANY_TYPE = "application/octet-stream"
NOT_SATISFIABLE, PRECONDITION_FAILED = 416, 412
Report: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object that was uploaded, or downloaded into a file."""

    name: str
    size: int
    """Size in bytes."""
    etag: str
    """ETag, without quotes: another one means another content. Empty when the service sent none."""
    content_type: str
    """Media type, such as ``text/csv``."""


@dataclass(frozen=True, slots=True)
class DownloadedObject(StoredObject):
    """An object that was downloaded into memory."""

    content: bytes = field(repr=False)


def upload_object(
    bucket: ObjectStorageBucket, source: Source, name: str | None, content_type: str | None, report: Report | None
) -> Steps[StoredObject]:
    """Put the content of *source* into *bucket*."""
    if name is None:
        if isinstance(source, str):
            raise TypeError(f"upload() takes the path of a file as pathlib.Path({source!r}), and bytes with a name=")
        if not isinstance(source, os.PathLike):
            raise TypeError("upload() needs the name of the object: upload(content, name='report.csv')")
        name = Path(source).name
    if not name:
        raise ValueError("the name of an object must not be empty")
    content = upload(source, report)
    if len(content) > MAX_UPLOAD_BYTES:
        raise ValueError(
            f"{name!r} has {len(content)} bytes, and one request takes {MAX_UPLOAD_BYTES}; use an S3 client for it"
        )
    kind = content_type or mimetypes.guess_type(name)[0] or ANY_TYPE
    url = yield from _signed_url(bucket, "PUT", name, content_type=kind)
    headers = {"Content-Type": kind}
    etag: Any = yield from Call("PUT", url, content=content, headers=headers, shape=None, whole=True, read=_stored_etag)
    return StoredObject(name, len(content), etag or "", kind)


def delete_object(bucket: ObjectStorageBucket, name: str) -> Steps[None]:
    """Delete the object *name* of *bucket*."""
    url = yield from _signed_url(bucket, "DELETE", name)
    yield from Call("DELETE", url, shape=None, read=ignore_response)


def _signed_url(
    bucket: ObjectStorageBucket, method: Literal["PUT", "DELETE"], name: str, **options: Unpack[ObjectURLOptions]
) -> Steps[str]:
    """The pre-signed URL to change the object *name*; in a dry run a placeholder, and the request for it is listed."""
    asked: Any = type(bucket).object_url(bucket, method, name, **options)
    if bucket._client._in_dry_run:
        yield from Call(asked.method, asked.path, asked.json, shape=None, read=ignore_response)
        return UNSIGNED_URL
    url: Any = yield from asked
    return str(url.url)


def download_object(bucket: ObjectStorageBucket, name: str, report: Report | None) -> Steps[DownloadedObject]:
    """Get the object *name* of *bucket*."""
    pieces: list[bytes] = []
    found = yield from _download(bucket, name, pieces.append, report)
    return DownloadedObject(found.name, found.size, found.etag, found.content_type, b"".join(pieces))


def download_to_file(
    bucket: ObjectStorageBucket, name: str, path: str | os.PathLike[str], report: Report | None
) -> Steps[StoredObject]:
    """Get the object *name* of *bucket* and write it to the file *path*, which appears when it is complete."""
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(f"{os.fspath(path)!r} is a directory; give the path of a file in it")
    part = target.with_name(f".{target.name}.{token_hex(4)}")
    try:
        with part.open("xb") as file:
            found = yield from _download(bucket, name, file.write, report)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return found


def _download(
    bucket: ObjectStorageBucket, name: str, take: Callable[[bytes], object], report: Report | None
) -> Steps[StoredObject]:
    """Get the object *name*, piece by piece; *take* is called with each piece."""
    url: Any = yield from type(bucket).object_url(bucket, "GET", name)
    if not url.exists:
        reason = Reason(f"the bucket {bucket._identity()} has no object {name!r}")
        raise api_error(404, [reason], method="GET", path=f"{bucket.url}/object-url", headers={})
    first = yield from _download_piece(name, url.url, 0, "")
    etag, kind = _etag(first), first.headers.get("content-type") or ANY_TYPE
    total, size, response = _total(first), 0, first
    while True:
        take(response.content)
        size += len(response.content)
        if report is not None:
            report(size, total)
        if size >= total:
            break
        if not response.content:
            raise UnexpectedResponseError(f"{name!r} ended after {size} of {total} bytes")
        response = yield from _download_piece(name, url.url, size, etag)
        if _etag(response) != etag or _total(response) != total:
            raise _changed(name)
    return StoredObject(name, size, etag, kind)


def _download_piece(name: str, url: str, start: int, etag: str) -> Steps[Response]:
    """A piece of the object *name* at *url* from byte *start*; all of it if the service sends no pieces."""
    headers = {"Range": f"bytes={start}-{start + PIECE - 1}"}
    if etag:
        headers["If-Match"] = f'"{etag}"'
    try:
        return (yield from Call("GET", url, headers=headers, whole=True, shape=None))
    except ApiError as error:
        if error.status == NOT_SATISFIABLE and start == 0:  # the object is empty
            return (yield from Call("GET", url, whole=True, shape=None))
        if error.status in (NOT_SATISFIABLE, PRECONDITION_FAILED):
            raise _changed(name) from error
        raise


def _changed(name: str) -> UnexpectedResponseError:
    return UnexpectedResponseError(f"{name!r} changed while it was downloaded; download it again")


def _total(response: Response) -> int:
    """The size of the whole object."""
    if found := re.fullmatch(r"bytes \d+-\d+/(\d+)", response.headers.get("content-range", "")):
        return int(found[1])
    return len(response.content)


def _stored_etag(response: Response | NotSent) -> str | None:
    """The ETag of an object that was put; None if it was not, in a dry run."""
    return None if isinstance(response, NotSent) else _etag(response)


def _etag(response: Response) -> str:
    etag: str = response.headers.get("etag", "")
    return etag.removeprefix("W/").strip('"')
