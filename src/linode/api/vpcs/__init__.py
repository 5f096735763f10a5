"""VPCs, their subnets and the addresses in them."""

from __future__ import annotations
