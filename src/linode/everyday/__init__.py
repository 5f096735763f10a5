"""Verbs that are made of several operations of any family: flows over families, naming none."""

from __future__ import annotations
