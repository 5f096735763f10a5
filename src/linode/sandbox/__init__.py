"""The Linode API in a process, with state: no account, no network, no bill.

::

    with Sandbox() as sandbox:
        client = sandbox.client()

Its packages: ``core`` (rows, IDs, the clock, jobs, events, accounts, the catalogue), ``engine`` (routes, checks,
generic operations, and the steps from a request to its response), ``families`` (the behaviour of each family of the
API; its README describes how to add one), ``gateways`` (in process, a port, the sandbox's own control, the API of
2016), ``login`` (the login service) and ``failures`` (faults and rate limits). The public class is `sandbox.Sandbox`.
"""

from __future__ import annotations

from .core.refusals import NotFound, Refused, SandboxError
from .failures.faults import Fault
from .failures.limits import Limit
from .gateways.gateway import RecordedRequest
from .sandbox import Sandbox

__all__ = ["Fault", "Limit", "NotFound", "RecordedRequest", "Refused", "Sandbox", "SandboxError"]


def __dir__() -> list[str]:
    return __all__
