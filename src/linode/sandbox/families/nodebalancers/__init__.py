"""Behaviour of NodeBalancers, their configurations and their nodes."""

from __future__ import annotations
