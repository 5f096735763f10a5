"""Refusals whose words are the sandbox's own say so in the source, lest they be taken for the API's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import linode.sandbox

HOUSE = Path(linode.sandbox.__file__).parent
FILES = sorted(path for room in ("families", "engine", "core") for path in (HOUSE / room).rglob("*.py"))
MARK = re.compile(r"#.*\bown\b|\bguess|\brecord")
ON_RECORD = re.compile(
    r"""\S+\ is\ (not\ valid|required)
    | Must\ be\ (\S+-\S+ | at\ (least|most)\ \S+ | one\ of\ .* | of\ type\ .*)
    | Must\ contain\ \S+\ items?
    | Length\ must\ be\ .*
    | Label\ must\ be\ unique\ among\ your\ .*
    | Linode\ busy\. | Unauthorized | Invalid\ Token | Too\ many\ requests | Method\ Not\ Allowed | Not\ found
    | Cannot\ filter\ on\ \S+ | Keys\ must\ be\ one\ of:\ .* | Invalid\ token\ format
    | Stats\ are\ unavailable\ at\ this\ time\.
    | Linode\ is\ already\ running\ this\ service\ plan\. | You\ must\ specify\ an\ image | .*already\ booted\.
    | Must\ provide\ (valid\ root_pass,.* | a\ single\ valid\ reserved\ ipv4\ address | a\ valid\ reserved\ address)
    | Must\ provide\ a\ region\ or\ a\ Linode\ ID
    | Address\ must\ (be|belong)\ .* | Cannot\ reserve\ a\ private\ address\. | Domain\ is\ not\ valid\.
    | Invalid\ Linode\ ID\ \S+ | Linode\ is\ not\ active
    | Linode\ is\ a\ required\ argument\ when\ not\ reserving\ an\ IP\ address\.
    | A\ datacenter\ or\ a\ Linode\ must\ be\ provided\ when\ reserving\ an\ address\.
    | Region\ passed\ in\ must\ match\ Linode's\ region\.
    | Cluster\ (kubeconfig\ is|API\ Endpoints\ are)\ not\ yet\ available\.\ Please\ try\ again\ later\.
    | We\ were\ unable\ to\ perform\ a\ lookup\ for\ .* | .*\ does\ not\ belong\ to\ Placement\ Group\ \S+
    """,
    re.VERBOSE,
)
"""Words that recordings of the API have, or suites and programs that work with it look for."""


def text_of(node: ast.expr) -> str | None:
    """The text of a literal, with ``{}`` for what is put in; None for what is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    return text_of(node.body) if isinstance(node, ast.IfExp) else None


def unmarked(source: str) -> Iterator[str]:
    """The words of refusals in *source* that are neither on record nor marked."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused" and node.args:
            said = text_of(node.args[0])
            around = lines[max(node.lineno - 3, 0) : node.end_lineno]
            if said and not ON_RECORD.fullmatch(said) and not any(MARK.search(each) for each in around):
                yield said


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_words_of_refusals_are_on_record_or_marked(path: Path) -> None:
    """On the line, or just above."""
    assert list(unmarked(path.read_text())) == []


def test_an_unmarked_refusal_is_found() -> None:
    """Whichever way its words are written."""
    assert list(unmarked('raise Refused(f"No {thing} today")')) == ["No {} today"]
    assert list(unmarked('raise Refused("Not today")  # own words')) == []
    assert list(unmarked('raise Refused("type is required", field="type")')) == []
