"""Waiting, for the stories of other people's clients."""

from __future__ import annotations

import os
import time

SECONDS = float(os.environ.get("PATIENCE", "60"))
"""The longest wait; a story at the speed of Linode itself needs more: ``PATIENCE=900``."""


def until(wanted, look, seconds=SECONDS):
    """Wait until *look* gives *wanted*."""
    end = time.monotonic() + seconds
    while (seen := look()) != wanted:
        assert time.monotonic() < end, f"{seen!r} is not {wanted!r} after {seconds} s"
        time.sleep(0.05)


def retried(deed, error, word="busy", seconds=SECONDS):
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
