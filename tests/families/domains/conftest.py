"""A domain for the tests of domains."""

from __future__ import annotations

import pytest


@pytest.fixture
def zone(client):
    """A master domain, ``example.com``."""
    return client.create_domain("example.com", soa_email="jane.doe@example.org")
