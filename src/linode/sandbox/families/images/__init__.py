"""Behaviour of images and share groups."""

from __future__ import annotations
