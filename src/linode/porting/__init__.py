"""Coming from linode_api4: the table of its calls, and a search for them in files (``python -m linode.porting``)."""

from __future__ import annotations
