"""Monitor: metrics, dashboards, alerts, and logs of the account that are sent elsewhere."""

from __future__ import annotations
