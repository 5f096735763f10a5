"""How identity and access behave.

Roles are kept, checked and shown, and the permissions that come of them too. They are not enforced: which operation
takes which permission is not on record. What users may do follows from their being restricted, and from their grants.
"""

from __future__ import annotations
