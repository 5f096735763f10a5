"""Contents of objects: uploaded and downloaded without a key, whole or piece by piece, never a wrong one."""

from __future__ import annotations

import hashlib
import io
import re

import pytest

from linode.errors import ApiError, NotFoundError, UnexpectedResponseError

PIECE = 4 << 20
LARGE = bytes(range(256)) * ((PIECE + 1000) // 256)


@pytest.fixture
def bucket(api):
    return api.run(api.client.create_bucket("reports", region="us-east"))


def etag(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_a_file_is_uploaded_and_downloaded(api, bucket, tmp_path):
    """An upload keeps the name and media type; the downloaded file has the content alone, and no file beside it."""
    source, target = tmp_path / "report.csv", tmp_path / "back" / "copy.csv"
    source.write_bytes(b"1,2\n")
    target.parent.mkdir()
    put = api.run(bucket.upload(source))
    assert (put.name, put.size, put.etag, put.content_type) == ("report.csv", 4, etag(b"1,2\n"), "text/csv")
    assert api.run(bucket.download("report.csv", target)) == put
    assert [each.read_bytes() for each in target.parent.iterdir()] == [b"1,2\n"]


def test_an_object_is_deleted_and_then_its_bucket(api, bucket):
    """A bucket with objects cannot be deleted; an object that is not there is as good as deleted."""
    api.run(bucket.upload(b"x", name="a b/ü.html"))
    for _ in range(2):
        api.run(bucket.delete_object("a b/ü.html"))
    with pytest.raises(NotFoundError):
        api.run(bucket.download("a b/ü.html"))
    api.run(bucket.delete())


def test_a_path_that_is_a_text_is_refused_with_the_cure(api, bucket, tmp_path):
    """A text may be a path or a content, so it is neither."""
    path = str(tmp_path / "report.csv")
    with pytest.raises(TypeError, match=re.escape(f"the path of a file as pathlib.Path({path!r}), and bytes with")):
        api.run(bucket.upload(path))


def test_bytes_and_open_files_have_a_name(api, bucket):
    """The media type can be given, and is that of any bytes for an unknown ending."""
    api.run(bucket.upload(b"<p>", "a b/ü.html", content_type="text/plain"))
    api.run(bucket.upload(io.BytesIO(b"x"), name="data"))
    found = api.run(bucket.download("a b/ü.html"))
    assert (found.content, found.content_type, found.etag) == (b"<p>", "text/plain", etag(b"<p>"))
    assert api.run(bucket.download("data")).content_type == "application/octet-stream"
    assert "<p>" not in repr(found)


@pytest.mark.parametrize("content", [b"", b"x" * (PIECE - 1), b"x" * PIECE, LARGE], ids=["0", "less", "one", "two"])
def test_large_objects_come_in_pieces(api, bucket, content, tmp_path):
    """Every size comes back whole, into memory and into a file, and progress ends at all of it."""
    sent, received = [], []
    api.run(bucket.upload(content, "large.bin", progress=lambda *numbers: sent.append(numbers)))
    found = api.run(bucket.download("large.bin", progress=lambda *numbers: received.append(numbers)))
    api.run(bucket.download("large.bin", str(tmp_path / "large.bin")))
    assert found.content == (tmp_path / "large.bin").read_bytes() == content
    assert found.etag == etag(content)
    assert received[-1] == (len(content), len(content))
    assert len(received) == 1 + (len(content) > PIECE)
    assert sent[-1:] == ([(len(content), len(content))] if content else [])


def test_a_missing_object_is_not_found(api, bucket, tmp_path):
    """The error names the object, and no file appears."""
    with pytest.raises(NotFoundError, match=r"the bucket reports has no object 'none\.csv'"):
        api.run(bucket.download("none.csv", tmp_path / "none.csv"))
    assert list(tmp_path.iterdir()) == []


def test_an_object_that_changes_meanwhile_is_an_error(api, bucket, tmp_path):
    """Pieces of two contents are never put together, and the file that was there stays."""
    target = tmp_path / "large.bin"
    target.write_bytes(b"before")
    api.run(bucket.upload(LARGE, "large.bin"))

    def change(received, total):
        if received < total:
            with api.home.client(awaited=False) as other:
                type(bucket)(other, "reports", "us-east").upload(LARGE[::-1], "large.bin")

    with pytest.raises(UnexpectedResponseError, match=r"'large\.bin' changed while it was downloaded"):
        api.run(bucket.download("large.bin", target, progress=change))
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"before"]


def test_a_refusal_of_the_storage_is_read(api, bucket):
    """The reason in XML is the error's, and the URL, which is a secret, is not in it."""
    with pytest.raises(ApiError, match=r"keeps objects of 5242880 bytes at most \(EntityTooLarge\)") as error:
        api.run(bucket.upload(b"x" * 5242881, "large"))
    assert "Signature" not in str(error.value)


def test_bad_input_is_refused_before_anything_is_sent(api, bucket, tmp_path):
    """Bytes without a name, a path as a text, no name, a missing file, a directory."""
    api.home.forget()
    with pytest.raises(TypeError, match=r"upload\(\) needs the name of the object"):
        api.run(bucket.upload(b"x"))
    with pytest.raises(TypeError, match=r"pathlib\.Path"):
        api.run(bucket.upload("report.csv", "report.csv"))
    with pytest.raises(ValueError, match="must not be empty"):
        api.run(bucket.upload(b"x", ""))
    with pytest.raises(FileNotFoundError):
        api.run(bucket.upload(tmp_path / "none"))
    with pytest.raises(IsADirectoryError, match="give the path of a file in it"):
        api.run(bucket.download("report.csv", tmp_path))
    assert api.paths() == []
