"""The content of a response: decompressed as its headers say, unless it is a part."""

from __future__ import annotations

import gzip

from linode._http.content import Content

GZIP = [(b"Content-Encoding", b"gzip")]


def test_a_part_of_a_compressed_content_stays_as_it_is():
    """A range counts compressed bytes, which cannot be decompressed by themselves; the whole can."""
    packed = gzip.compress(b"text" * 100)
    part = Content(GZIP, 1000, "GET /", part=True)
    part.take(packed[:20])
    assert part.whole() == packed[:20]
    whole = Content(GZIP, 1000, "GET /")
    whole.take(packed)
    assert whole.whole() == b"text" * 100
