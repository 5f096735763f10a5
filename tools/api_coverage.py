"""Print how much of the API is described by the library and served by the sandbox, a family a line.

``api_coverage.py volumes linode`` prints the operations of these families that are not, too.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from facts import Key, family_of, operations, where

from linode.sandbox.engine import routes


def described() -> set[Key]:
    """The operations that a declaration tells of."""
    return {where(each.method, each.path) for each in routes.declared()}


def served() -> set[Key]:
    """The operations that the sandbox does not answer with 501."""
    return {where(each.method, each.path) for each in routes.all_routes() if each.served}


def line(family: str, known: Iterable[Key]) -> str:
    """The row of *family*: the numbers of its operations *known*, described and served."""
    keys = set(known)
    return f"{family:20}{len(keys):8}{len(keys & described()):12}{len(keys & served()):10}"


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("families", nargs="*", metavar="family")
    wanted = parser.parse_args().families
    found = list(operations())
    print(f"{'family':20}{'known':>8}{'described':>12}{'served':>10}")
    for family in sorted({family_of(key.path) for key in found}):
        mine = [key for key in found if family_of(key.path) == family]
        if not wanted or family in wanted:
            print(line(family, mine))
        for key in mine if family in wanted else ():
            if key not in described() or key not in served():
                print(f"    {key}: {'not served' if key in described() else 'not described'}")
    if not wanted:
        print(line("all", found))


if __name__ == "__main__":
    main()
