"""Behaviour of identity and access.

Roles and the permissions that follow from them are stored, checked and shown. They are not enforced, because the
permission that each operation needs is not on record: the access of users depends on ``restricted`` and their grants.
"""

from __future__ import annotations
