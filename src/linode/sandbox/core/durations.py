"""The durations of jobs in a world: a share of their time at Linode, or seconds for kinds of jobs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from ..._model.wording import alternatives, nearest_names
from .jobs import JOBS

__all__ = ["Durations", "DurationsLike", "job_kinds"]

DurationsLike: TypeAlias = float | Mapping[str, float | timedelta]
"""The share of their time that all jobs take, or seconds by kind of job."""

OTHERS = "*"
"""In a mapping the share of all other jobs."""


def job_kinds(actions: Iterable[str]) -> frozenset[str]:
    """The kinds of jobs: the *actions* of events, and the names of jobs."""
    return frozenset({*actions, *JOBS})


class Durations:
    """The durations that a sandbox was given.

    *wanted* is a share of the time at Linode, such as 0.05, or seconds by the action of the event that reports the job
    (``"linode_boot"``) or by the name of the job (``"volumes.activate"``), with the share of all others at ``"*"``.
    *kinds* are the valid names. Raises ValueError for invalid values and unknown names, TypeError for other types.
    """

    def __init__(self, wanted: DurationsLike = 1.0, kinds: Iterable[str] = ()) -> None:
        self.share = 1.0
        self.seconds: dict[str, float] = {}
        if not isinstance(wanted, Mapping):
            self.share = _share(wanted)
            return
        for name, value in wanted.items():
            if name == OTHERS:
                self.share = _share(value)
            else:
                self.seconds[_checked(name, kinds)] = _seconds(name, value)

    def of(self, seconds: float, *kinds: str) -> float:
        """The seconds that a job takes that takes *seconds* at Linode; the first of its *kinds* that is set decides."""
        return next((self.seconds[each] for each in kinds if each in self.seconds), seconds * self.share)

    @property
    def wanted(self) -> dict[str, float]:
        """The durations as a mapping that makes the same ones."""
        return {**self.seconds, OTHERS: self.share}


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ValueError(f"durations must be a number above 0, such as 0.05, or seconds by kind of job, not {value!r}")
    return float(value)


def _seconds(name: str, value: Any) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(f"the duration of {name} must be a number of seconds or a timedelta, not {value!r}")
    if not 0 <= seconds < math.inf:
        raise ValueError(f"the duration of {name} must be 0 or more seconds, not {value!r}")
    return float(seconds)


def _checked(name: str, kinds: Iterable[str]) -> str:
    if name not in kinds:
        near = nearest_names(str(name), kinds)
        cure = f"did you mean {alternatives(near)}?" if near else "it is an event's action, such as linode_boot"
        raise ValueError(f"no job is called {name!r}: {cure}")
    return name
