"""Behaviour of NFS storage.

No events for it are on record, so the sandbox creates none. Restricted users have full access: a guess, because no
grants are on record either.
"""

from __future__ import annotations
