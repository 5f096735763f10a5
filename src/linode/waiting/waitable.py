"""Objects with a status that the API changes by itself, and their waits."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from linode._model import Resource, Steps, flow

from .reports import Progress

__all__ = ()


class Waitable(Resource):
    """An object with a status that the API changes by itself, such as ``creating``."""

    wait_status: ClassVar[str] = "active"
    """The status of an object that is ready for use."""
    wait_timeout: ClassVar[float] = 600
    """Seconds that are enough for the object to be ready."""

    @flow
    def wait(
        self,
        status: str | Collection[str] | None = None,
        *,
        timeout: float | None = None,
        poll_interval: float | None = None,
        progress: Progress | bool = False,
    ) -> Steps[None]:
        """Wait until the status is *status* (or one of several), for *timeout* seconds at most.

        By default *status* is the class's ``wait_status`` (``Linode.wait_status`` is ``running``), and *timeout* its
        ``wait_timeout``. *poll_interval* is the number of seconds between polls (default: 1, growing to 5); *progress*
        is called as ``progress(obj, percent, status)``, True draws a progress bar. `LinodeClient.wait_for` waits for
        many at once. Raises `EventFailedError` when its job failed or the object is gone, `WaitTimeoutError` after
        *timeout* seconds.
        """
        from .wait_for import wait_for

        return wait_for(self._client, [self], status, timeout=timeout, poll_interval=poll_interval, progress=progress)
