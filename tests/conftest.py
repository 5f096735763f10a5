"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings

# Two busy cores make slow examples; a deadline would report the machine, not the library.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def no_token_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own token reaches no test."""
    monkeypatch.delenv("LINODE_TOKEN", raising=False)
