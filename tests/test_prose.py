"""Docstrings of the API's families, and the pages, are plain technical English: they name the noun."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "linode"

FILES = sorted(PACKAGE.rglob("*.py"))

RIDDLE = re.compile(r"(What|Who|Whom|Whose|When|Where|How|It|Its|Their|That|That which|Those|The one|Words to)\b")
PRONOUN = re.compile(r"\b(told|tells|said|says|blanks?|thing|things|deed|door|answer|made up)\b")


def first_sentences(source: str) -> Iterator[tuple[int, str]]:
    """Line and first sentence of every docstring in *source*, those under fields included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, re.split(r"(?<=[.;])\s|\n\n", node.value.value.strip())[0]


def riddles(source: str) -> list[str]:
    return [f"{line}: {text}" for line, text in first_sentences(source) if RIDDLE.match(text) or PRONOUN.search(text)]


ELSEWHERE = [
    path
    for folder in ("tests", "tools", "examples", "benchmarks")
    for path in sorted((PACKAGE.parent.parent / folder).rglob("*.py"))
]
OPENS_IN_TESTS = re.compile(
    r"(What|Who|Whom|Whose|Where|How|It|Its|Their|That|Those|The one|Words to)\b|When\b(?!.*,)", re.DOTALL
)
COINED_IN_TESTS = re.compile(r"\b(told|deeds?|doors?|blanks?|made up|things?)\b")


@pytest.mark.parametrize("path", ELSEWHERE, ids=lambda path: path.relative_to(PACKAGE.parent.parent).as_posix())
def test_first_sentences_of_other_code_name_the_noun(path: Path) -> None:
    """Docstrings outside of the package do so too; a sentence may begin with a condition, and a page answers."""
    found = [text for _, text in first_sentences(path.read_text())]
    assert [text for text in found if OPENS_IN_TESTS.match(text) or COINED_IN_TESTS.search(text)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_first_sentences_name_the_noun(path: Path) -> None:
    """No docstring begins with a pronoun or a question word, or uses a word of ours for one of the API's."""
    assert riddles(path.read_text()) == []


@pytest.mark.parametrize("text", ["Its number.", "What decodes JSON.", "Those of IPv4.", "The token, told once."])
def test_riddles_are_found(text: str) -> None:
    """The check finds a riddle under a field, and leaves a plain sentence alone."""
    assert riddles(f'class A:\n    a: int\n    """{text}"""\n') == [f"3: {text}"]
    assert riddles('class A:\n    a: int\n    """Numeric ID."""\n') == []


def documented_times(source: str) -> Iterator[tuple[int, str]]:
    """Line and docstring of every field in *source* that holds a time."""
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", [])
        for field, below in itertools.pairwise(body if isinstance(body, list) else []):
            if isinstance(field, ast.AnnAssign) and "datetime" in ast.unparse(field.annotation):
                shown = below.value if isinstance(below, ast.Expr) else None
                yield field.lineno, str(shown.value) if isinstance(shown, ast.Constant) else ""


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "api").rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_fields_with_a_time_name_its_zone(path: Path) -> None:
    """The docstring of a datetime names UTC, unless it refers to the field that it is an alias of."""
    found = [each for each in documented_times(path.read_text()) if each[1]]  # others have the text of their name
    assert [each for each in found if "UTC" not in each[1] and not each[1].startswith("Alias of")] == []


# -- the pages ---------------------------------------------------------------------------------------------------------

ROOT = PACKAGE.parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
OPENING = re.compile(
    r"(?:^|(?<=[.:;]\s)|(?<=[|-] ))(?:What(?:ever)?|Who(?:ever|m)?|Those)\b[^?|\n]*(?=$|\|)", re.MULTILINE
)
COINED = re.compile(
    r"\b(behind your back|blotted|deeds?|doors?|patien(?:t|ce)|asks? nothing|told|made up|make up|anew"
    r"|whoever|under way|resets_after_fork)\b",
    re.IGNORECASE,
)


def unclear(text: str) -> list[str]:
    """The lines of a page, code left out, that begin a sentence with a question word or use a word of ours."""
    prose = FENCED.sub(lambda fence: "\n" * fence[0].count("\n"), text)
    prose = re.sub(r"`[^`\n]*`", "`code`", prose)
    found = [*OPENING.finditer(prose), *COINED.finditer(prose)]
    return [f"{prose.count(chr(10), 0, each.start()) + 1}: {each[0]}" for each in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_name_the_noun(page: Path) -> None:
    """No sentence or cell of a page stands for a noun with a question word, and no coined word is left."""
    assert unclear(page.read_text()) == []


@pytest.mark.parametrize(
    "text", ["What got no answer is lost.", "| Who asks | is served |", "Nothing is told.", "- Who is in"]
)
def test_unclear_sentences_are_found(text: str) -> None:
    """The check finds them in prose, in tables and in lists, and leaves questions and code alone."""
    assert len(unclear(text)) == 1
    assert unclear("What is it?\n\n```text\nWhat was told\n```\n") == []
