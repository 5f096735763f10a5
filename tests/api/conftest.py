"""Facts that a test can change."""

from __future__ import annotations

import pytest
from changed_facts import Changeable


@pytest.fixture
def changeable():
    made = Changeable()
    yield made
    made.restore()
