"""The processing of requests: routes, checks, generic operations and the list of steps. It names no family."""

from __future__ import annotations
