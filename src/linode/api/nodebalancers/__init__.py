"""NodeBalancers, their configurations, nodes, VPCs and statistics."""

from __future__ import annotations
