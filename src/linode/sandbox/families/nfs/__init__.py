"""How NFS storage behaves.

The API has no events for it on record, so the sandbox sends none. Restricted users may do everything here: a guess, as
no grants are on record either.
"""

from __future__ import annotations
