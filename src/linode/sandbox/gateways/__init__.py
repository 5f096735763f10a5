"""The gateways of the sandbox: in process, on a port, its own control, and the API of 2016."""

from __future__ import annotations
