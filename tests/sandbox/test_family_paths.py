"""A family has the same path on every side: declarations, behaviour, tests."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import linode
from linode.sandbox.core.kind import Kind

PACKAGE = Path(linode.__file__).parent
FAMILIES, DECLARED = PACKAGE / "sandbox" / "families", PACKAGE / "api"
TESTS = Path(__file__).parent.parent / "families"
PARTS_OF_LINODES = {
    "clone": "a verb of a Linode",
    "copies": "what clones, backups and images copy",
    "interface_rows": "what both generations of interfaces share",
    "load": "what a Linode does while it runs",
    "metadata": "what the Metadata service tells of a Linode",
    "migration": "resizing and migrating: verbs of a Linode",
    "power": "boot, reboot, shutdown and rescue: verbs of a Linode",
    "rebuild": "a verb of a Linode",
    "ip_rows": "the rows of addresses that several modules assign",
    "rows": "the rows of Linodes that several modules make",
    "plan_availability": "the plans that are sold out",
    "upgrade_interfaces": "a verb of a Linode",
    "config_interfaces": "the rows of interfaces of configurations",
    "vpc_interfaces": "what both generations of interfaces have in VPCs",
}
WITHOUT_TWIN = {
    "account/billing": "what invoices and payments add up to",
    "account/cancellation": "declared in account/account",
    "databases/access": "credentials and certificate: verbs of a database",
    "databases/changes": "changes and resizes: what saving a database does",
    "databases/power": "patch, suspend and resume: verbs of a database",
    "databases/rows": "the rows of databases that several modules look at",
    "linodes/power_reports": "notes of boots and stops, for the functions of the sandbox's user",
    "account/transfer_checks": "what keeps a Linode from being transferred",
    "account/other_accounts": "the accounts besides the sandbox's own",
    "account/charges": "what other families cost",
    "images/shared_images": "what the members of share groups see, in every account",
    "images/other_accounts": "the accounts with which images are shared",
    "images/share_tokens": "declared in images/sharing",
    "images/uploads": "declared in images/images",
    "networking/shares": "what Linodes share, for their interfaces too",
    "lke/node_creation": "the Linodes of nodes",
    "lke/node_removal": "nodes that are deleted or replaced",
    "nfs/states": "the states of all that NFS storage has",
    "lke/networks": "the VPCs of clusters",
    "nodebalancers/certificates": "the certificates of configurations",
    "nodebalancers/connectivity": "the addresses of nodes",
    "object_storage/objects": "the content of objects",
    "profile/current_user": "whose profile it is",
    "profile/phone": "declared in profile/profile",
    "profile/public_keys": "the check of an SSH key",
    "profile/security": "declared in profile/profile",
    "vpcs/ranges": "ranges of addresses, as texts and as numbers",
    **{f"linodes/{name}": why for name, why in PARTS_OF_LINODES.items()},
}


def modules(folder: Path) -> set[str]:
    files = {path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py")}
    return {path.as_posix() for path in files if path.name not in ("__init__", "conftest")}


def test_behaviour_stands_where_its_declarations_do():
    """At the same path, in the package of a family that is one file there, or in the list with its reason."""
    declared = modules(DECLARED)
    lost = {each for each in modules(FAMILIES) if each not in declared and each.partition("/")[0] not in declared}
    assert lost == WITHOUT_TWIN.keys()


def test_tests_stand_where_the_family_does():
    """In the folder of the family's package, or in a file named after the family."""
    known = {each.partition("/")[0] for each in modules(DECLARED)}
    assert {each.partition("/")[0].removeprefix("test_") for each in modules(TESTS)} <= known


def test_the_pattern_of_the_readme_is_the_family_itself():
    """The code on the page is the code that runs."""
    page = (FAMILIES / "README.md").read_text()
    behaviour = (FAMILIES / "volumes.py").read_text()
    blocks = [block.partition("```")[0].strip() for block in page.split("```python\n")[1:]]
    assert len(blocks) == 4
    assert [block for block in blocks if block not in behaviour] == []


def test_the_readme_names_all_that_a_record_can_say():
    """Each record of `Kind` with its fields, in their order."""
    page = (FAMILIES / "README.md").read_text()
    rows = [line.split(" | ") for line in page.splitlines() if re.match(r"\| `[A-Z]\w+` \|", line)]
    told = {row[0].strip("| `"): re.findall(r"`(\w+)`", row[-1]) for row in rows}
    records = [each.default_factory for each in dataclasses.fields(Kind) if each.name != "of"]
    assert told == {each.__name__: [field.name for field in dataclasses.fields(each)] for each in records}
