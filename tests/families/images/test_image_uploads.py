"""An image is uploaded from bytes, a path or an open file, in process and over a socket, by both clients."""

from __future__ import annotations

import asyncio
import gzip
import io
from contextlib import contextmanager

import pytest

from linode import AsyncLinodeClient, LinodeClient
from linode.sandbox import Sandbox

DISK = gzip.compress(bytes(3 << 20), compresslevel=0)
"""Three MB that are not packed: several pieces."""


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "disk.img.gz"
    found.write_bytes(DISK)
    return found


@contextmanager
def source(kind, path):
    behind = io.BytesIO(b"skipped" + DISK)
    behind.seek(7)
    with path.open("rb") as file:
        yield {"bytes": DISK, "path": path, "file": file, "memory": behind}[kind]


@pytest.mark.parametrize("kind", ["bytes", "path", "file", "memory"])
@pytest.mark.parametrize("over_socket", [False, True], ids=["in process", "socket"])
def test_every_source_arrives_whole(path, kind, over_socket):
    with Sandbox(seed=1, speed=1000) as sandbox, sandbox.serve() as address:
        client = LinodeClient(sandbox.token, base_url=f"{address}/v4") if over_socket else sandbox.client()
        sent = []
        upload = client.upload_image("disk", "us-east")
        with source(kind, path) as content:
            upload.send(content, progress=lambda done, total: sent.append((done, total)))
        client.wait_for([upload.image], "available")
        assert upload.image.load().size == 3
        assert sent[-1] == (len(DISK), len(DISK))
        assert len(sent) > 10
        client.close()


def test_a_progress_bar(path, capsys):
    """True draws a bar with the label of the image and the bytes that were sent."""
    with Sandbox(seed=1) as sandbox:
        sandbox.client().upload_image("golden", "us-east").send(path, progress=True)
    shown = capsys.readouterr().err
    assert "golden" in shown
    assert "100%" in shown
    assert "3.1 of 3.1 MB" in shown


def test_the_awaited_client_reads_files_too(path):
    async def story(address, token):
        async with AsyncLinodeClient(token, base_url=f"{address}/v4") as client:
            upload = await client.upload_image("disk", "us-east")
            await upload.send(path)
            await client.wait_for([upload.image], "available")
            return (await upload.image.load()).size

    with Sandbox(seed=1, speed=1000) as sandbox, sandbox.serve() as address:
        assert asyncio.run(story(address, sandbox.token)) == 3


def test_what_cannot_be_read_is_refused_before_it_is_sent(sandbox, client, path):
    upload = client.upload_image("disk", "us-east")
    asked = len(sandbox.requests)
    with pytest.raises(FileNotFoundError):
        upload.send(path.with_name("nowhere"))
    with pytest.raises(TypeError, match="or an open file, not str"):
        upload.send(str(path))
    with pytest.raises(TypeError, match=r"open\(path, 'rb'\)"), path.open(encoding="latin-1") as text:
        upload.send(text)
    assert len(sandbox.requests) == asked
