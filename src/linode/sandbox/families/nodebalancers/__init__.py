"""How NodeBalancers, their configurations and their nodes behave."""

from __future__ import annotations
