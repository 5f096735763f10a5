"""The world: rows, ids, the clock, jobs, events, accounts and the catalogue. No HTTP, and no family of the API."""

from __future__ import annotations
