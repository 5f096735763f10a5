"""LKE, managed Kubernetes: clusters, node pools, nodes, versions and types."""

from __future__ import annotations
