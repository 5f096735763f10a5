"""The state of a sandbox as a whole: snapshots, documents that can be carried, files of contents, and recordings."""

from __future__ import annotations
