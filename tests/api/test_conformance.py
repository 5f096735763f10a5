"""Every family against the API's own list of operations and shapes: each check of each family in ``linode.api``."""

from __future__ import annotations

import pytest
from conformance import CHECKS
from declarations import families
from deviations import FAMILIES, deviations, unexplained, unreasoned, unused


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("family", families())
def test_declarations_match_the_api(family, check):
    """Every difference is explained in the family's deviations.toml."""
    assert unexplained(CHECKS[check](family), deviations(family)) == []


@pytest.mark.parametrize("family", families())
def test_every_deviation_explains_something_and_has_a_reason(family):
    """An explanation without a difference is refused, and so is one without a reason."""
    known = deviations(family)
    assert unused([each for check in CHECKS.values() for each in check(family)], known) == []
    assert unreasoned(known) == []


def test_deviations_stand_beside_the_tests_of_a_family():
    """A file under another name would never be read."""
    assert {path.parent.name for path in FAMILIES.rglob("*deviations*.toml")} <= {*families()}
    assert {path.name for path in FAMILIES.rglob("*.toml")} == {"deviations.toml"}
