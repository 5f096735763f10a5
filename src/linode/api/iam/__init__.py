"""Identity and access: roles of users, delegation of child accounts, identity providers."""

from __future__ import annotations
