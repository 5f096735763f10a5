"""Uploaded images: a URL that accepts a PUT without a token, and the processing of the content.

Only the size of the content is stored. It must be a disk compressed with gzip, of 5 GB at most, and 6 GB decompressed.
"""

from __future__ import annotations

import zlib
from typing import Any

from linode._http.transport import Request, Response
from linode.api.images.images import Image, ImagesMixin
from linode.sandbox.core.kind import Exports, Kind
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .images import add_image, make_available, refuse_label, with_image_numbers

__all__ = ["unpacked_size"]

PLACE = "/uploads"
OPEN = 24 * 3600
"""Seconds for which the URL is valid."""
PROCESS = 20
"""Seconds until an uploaded image is available."""
MB = 1 << 20
MAX_PACKED_BYTES, MAX_UNPACKED_BYTES = 5 << 30, 6 << 30
PIECE = 16 * MB
DENIED = b"<Error><Code>AccessDenied</Code><Message>Request has expired or was used before</Message></Error>"

on.kind(Kind(of="ImageUpload", exports=Exports(("id",))))


@on(ImagesMixin.upload_image)
def upload_image(world: World, label: str, region: str, **options: Any) -> Row:
    """An image without content, and where to put that."""
    refuse_label(label)
    image = add_image(world, label, region, status="pending_upload", copy="pending", **options)
    address = world.add("ImageUpload", id=world.hex(64), image=image["id"])
    world.later(OPEN, close_upload, address)
    return {"image": image, "upload_to": f"{world.base_url}{PLACE}/{address['id']}"}


@on.mount(PLACE)
def receive(world: World, request: Request) -> Response:
    """Receive the content; it is checked now, and the result is reported after processing."""
    if request.method != "PUT":
        return Response(405, {"Allow": "PUT"})
    address = world.find("ImageUpload", request.url.rpartition("/")[2].partition("?")[0])
    image = address and world.find(Image, address["image"])
    if image is None or image["status"] != "pending_upload":
        return Response(403, {"Content-Type": "application/xml"}, DENIED)
    image["status"] = image["regions"][0]["status"] = "creating"
    args = (image, unpacked_size(request.body or b""))
    with_image_numbers(world.events.schedule("image_upload", image, seconds=PROCESS, then=finish_upload, args=args))
    return Response(200)


@job("images.finish_upload", Image)
def finish_upload(world: World, image: Row | None, size: int | None) -> None:
    """The image can be used; when its content was no disk it waits for another."""
    if image is None:
        raise Refused("Image not found")  # own words
    if size is None:
        image["status"], image["regions"][0]["status"] = "pending_upload", "pending"
        raise Refused("The content is not a disk of at most 6 GB, compressed with gzip")  # own words
    make_available(world, image, max(-(-size // MB), 1))


@job("images.close_upload", "ImageUpload")
def close_upload(world: World, address: Row) -> None:
    """The address takes nothing any more, and an image that got no content is gone."""
    image = world.find(Image, address["image"])
    if image is not None and image["status"] == "pending_upload":
        world.remove(image)
    world.remove(address)


def unpacked_size(content: bytes) -> int | None:
    """The decompressed size of the gzip *content* in bytes; None if it is invalid, truncated or too large."""
    if not content or len(content) > MAX_PACKED_BYTES:
        return None
    total = 0
    while content:
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                piece = member.decompress(content, PIECE)
            except zlib.error:
                return None
            content = member.unconsumed_tail
            total += len(piece)
            if total > MAX_UNPACKED_BYTES or not (piece or content or member.eof):
                return None
        content = member.unused_data.lstrip(b"\0")
    return total
