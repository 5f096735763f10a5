"""``help()`` shows what a method takes, option by option, and what it returns."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import pydoc
import re

import pytest

import linode.api
from linode import Linode, LinodeClient, MonitorService, Volume


@pytest.mark.parametrize(
    ("method", "takes", "returns"),
    [
        (Linode.resize, ["self", "type", "allow_auto_disk_resize", "migration_type", "extra"], "Job"),
        (Volume.attach, ["self", "linode_id", "config_id", "persist_across_boots", "extra"], "Volume"),
        (Linode.boot, None, "Job"),
        (LinodeClient.create_image, None, "Image"),
        (LinodeClient.create_linode, None, "tuple[Linode, str] | Linode"),
        (Linode.create_disk, None, "tuple[Disk, str] | Disk"),
        (Linode.rebuild, None, "tuple[Job, str] | Job"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_the_signature_is_that_of_the_user(method, takes, returns):
    signature = inspect.signature(method)
    assert signature.return_annotation == returns
    assert takes is None or list(signature.parameters) == takes
    assert not any(each.kind is each.VAR_KEYWORD for each in signature.parameters.values())


def test_the_signature_has_types_without_bounds():
    """Bounds and the mark of what is not sent are for the sandbox, and in no signature."""
    parameters = inspect.signature(MonitorService.read_metrics).parameters
    assert parameters["entity_ids"].annotation == "Sequence[Resource | int]"
    assert parameters["metrics"].annotation == "Sequence[MetricQuery]"
    assert inspect.signature(LinodeClient.create_linode).parameters["source"].annotation == "Image | str | None"


def test_no_public_verb_hides_its_options_or_what_it_returns():
    """Of all families: neither the options' class nor the flow stands in a signature, nor Any for a result."""
    hidden = []
    for module in pkgutil.walk_packages(linode.api.__path__, "linode.api."):
        for cls in vars(importlib.import_module(module.name)).values():
            if isinstance(cls, type) and cls.__module__ == module.name:
                verbs = [name for name, value in vars(cls).items() if name[0] != "_" and hasattr(value, "__wrapped__")]
                shown = {f"{cls.__name__}.{name}": str(inspect.signature(getattr(cls, name))) for name in verbs}
                hidden += [
                    name for name, text in shown.items() if re.search(r"Unpack|Call\[|Steps\[|\*\*options", text)
                ]
    assert hidden == []


def test_help_shows_the_signature_of_a_verb(client):
    assert "migration_type" in pydoc.render_doc(Linode.resize)
    assert "Call[" not in pydoc.render_doc(LinodeClient.create_image)
    assert "-> 'Image'" in pydoc.render_doc(client.create_image, renderer=pydoc.plaintext)
    assert "authorized_keys" in pydoc.render_doc(client.create_linode, renderer=pydoc.plaintext)
