"""Sets of words that the API may extend are open for type checkers, and the sandbox still knows their words."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Literal, get_args, get_origin

import pytest
from hints import parts

import linode.api
from linode import Domain, InvalidRequestError
from linode._model import Fields
from linode._model.convert import literal_values
from linode.sandbox import Sandbox


def classes():
    """Every class of the families that has fields."""
    for found in pkgutil.walk_packages(linode.api.__path__, "linode.api."):
        module = importlib.import_module(found.name)
        for each in vars(module).values():
            if isinstance(each, type) and issubclass(each, Fields) and each.__module__ == found.name:
                yield each


def closed(hint):
    """Whether a Literal of words stands in *hint*, or in a list of it, without ``str`` beside it."""
    found = parts(hint)
    if any(get_origin(each) is Literal and literal_values(each) for each in found) and str not in found:
        return True
    return any(closed(inner) for each in found if get_origin(each) in (list, dict) for inner in get_args(each))


FIELDS = [(each, field) for each in classes() for field in vars(each).values() if hasattr(field, "argument")]


def test_every_enumeration_is_open():
    """A field of words is ``Literal[...] | str``, so that a word that the API adds makes no true program wrong."""
    hints = {f"{each.__name__}.{field.name}": field.argument() for each, field in FIELDS}
    assert len([name for name, hint in hints.items() if literal_values(hint)]) > 50
    assert [name for name, hint in hints.items() if closed(hint)] == []


def test_a_closed_enumeration_would_be_found():
    """The test above sees a Literal alone, beside None and in a list."""
    assert closed(Literal["a"])
    assert closed(Literal["a"] | None)
    assert closed(list[Literal["a"]])
    assert not closed(Literal["a"] | str | None)
    assert not closed(list[Literal["a"] | str])


@pytest.mark.parametrize("change", [{"type": "primary"}, {"status": "of"}])
def test_the_sandbox_refuses_words_that_the_api_does_not_know(change):
    """An open type lets every text pass the type checker; the sandbox refuses it, and names the known words."""
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client()
        domain = client.create_domain("example.com", soa_email="a@example.com")
        for name, value in change.items():
            setattr(domain, name, value)
        with pytest.raises(InvalidRequestError) as caught:
            domain.save()
    (reason,) = caught.value.reasons
    known = literal_values(vars(Domain)[reason.field].argument())
    assert reason.field in change
    assert known[0] in reason.reason
