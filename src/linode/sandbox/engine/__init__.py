"""From a request to its answer: routes, checks, generic operations and the list of steps. No family of the API."""

from __future__ import annotations
