"""How Kubernetes clusters, their pools and their nodes behave."""

from __future__ import annotations
