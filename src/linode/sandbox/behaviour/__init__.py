"""How the families of the API behave where the declarations do not say it, a family a file."""

from __future__ import annotations
