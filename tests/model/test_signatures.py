"""``help()`` shows what a method takes, option by option, and what it returns."""

from __future__ import annotations

import inspect
import pydoc

import pytest

from linode import Linode, LinodeClient, Volume


@pytest.mark.parametrize(
    ("method", "takes", "returns"),
    [
        (Linode.resize, ["self", "type", "allow_auto_disk_resize", "migration_type", "extra"], "Job"),
        (Volume.attach, ["self", "linode_id", "config_id", "persist_across_boots", "extra"], "Volume"),
        (Linode.boot, None, "Job"),
        (LinodeClient.create_image, None, "Image"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_the_signature_is_that_of_the_user(method, takes, returns):
    signature = inspect.signature(method)
    assert signature.return_annotation == returns
    assert takes is None or list(signature.parameters) == takes
    assert not any(each.kind is each.VAR_KEYWORD for each in signature.parameters.values())


def test_help_shows_it(client):
    assert "migration_type" in pydoc.render_doc(Linode.resize)
    assert "Call[" not in pydoc.render_doc(LinodeClient.create_image)
    assert "-> 'Image'" in pydoc.render_doc(client.create_image, renderer=pydoc.plaintext)
