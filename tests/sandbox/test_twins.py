"""A family has the same path on every side: declarations, behaviour, tests."""

from __future__ import annotations

from pathlib import Path

import linode

PACKAGE = Path(linode.__file__).parent
FAMILIES, DECLARED = PACKAGE / "sandbox" / "families", PACKAGE / "api"
TESTS = Path(__file__).parent.parent / "families"
PARTS_OF_LINODES = {
    "clone": "a verb of a Linode",
    "copies": "what clones, backups and images copy",
    "deploy": "what creating and rebuilding a Linode share",
    "interface_rows": "what both generations of interfaces share",
    "load": "what a Linode does while it runs",
    "move": "resizing and migrating: verbs of a Linode",
    "power": "boot, reboot, shutdown and rescue: verbs of a Linode",
    "rebuild": "a verb of a Linode",
    "rows": "the rows of Linodes that several modules make",
    "stock": "the plans that are sold out",
    "upgrade_interfaces": "a verb of a Linode",
    "vpc_interfaces": "what both generations of interfaces have in VPCs",
}
WITHOUT_TWIN = {
    "account/billing": "what invoices and payments add up to",
    "account/cancellation": "declared in account/account",
    "databases/access": "credentials and certificate: verbs of a database",
    "databases/changes": "changes and resizes: what saving a database does",
    "databases/power": "patch, suspend and resume: verbs of a database",
    "databases/rows": "the rows of databases that several modules look at",
    "account/charges": "what other families cost",
    "images/other_accounts": "the accounts with which images are shared",
    "images/share_tokens": "declared in images/sharing",
    "images/uploads": "declared in images/images",
    "nfs/states": "the states of all that NFS storage has",
