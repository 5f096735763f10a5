"""NFS storage: spaces, their file systems, quotas and snapshots (beta)."""

from __future__ import annotations
