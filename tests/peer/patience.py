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


def retried(operation, error, word="busy", seconds=SECONDS):
    """Run *operation* as soon as it is not refused any more with an *error* that contains *word*."""
    end = time.monotonic() + seconds
    while True:
        try:
            return operation()
        except error as refusal:
            if word not in str(refusal) or time.monotonic() > end:
                raise
            time.sleep(0.05)


def refused(operation, error, words):
    """Run *operation*, which must raise an *error* that contains *words*."""
    try:
        operation()
    except error as refusal:
        assert words in str(refusal), refusal
    else:
        raise AssertionError(f"not refused with {words!r}")
