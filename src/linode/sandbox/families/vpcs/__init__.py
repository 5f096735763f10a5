"""Behaviour of VPCs."""

from __future__ import annotations
