"""Behaviour of Kubernetes clusters, their pools and their nodes."""

from __future__ import annotations
