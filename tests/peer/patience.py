"""Waiting, for the stories of other people's clients."""

from __future__ import annotations

import time


def until(wanted, look, seconds=60):
    """Wait until *look* gives *wanted*."""
    end = time.monotonic() + seconds
    while (seen := look()) != wanted:
        assert time.monotonic() < end, f"{seen!r} is not {wanted!r} after {seconds} s"
        time.sleep(0.05)


def retried(deed, error, word="busy", seconds=60):
    """Do *deed* as soon as it is not refused any more with an *error* that has *word* in it."""
    end = time.monotonic() + seconds
    while True:
        try:
            return deed()
        except error as refusal:
            if word not in str(refusal) or time.monotonic() > end:
                raise
            time.sleep(0.05)


def refused(deed, error, words):
    """Do *deed*, which must end in an *error* that has *words* in it."""
    try:
        deed()
    except error as refusal:
        assert words in str(refusal), refusal
    else:
        raise AssertionError(f"not refused with {words!r}")
