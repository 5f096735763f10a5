"""A Dask cluster of Linodes: a scheduler and workers that are created, replaced and deleted as they are needed."""

from __future__ import annotations

from .cluster import LinodeCluster

__all__ = ["LinodeCluster"]
