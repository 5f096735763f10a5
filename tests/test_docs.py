"""The pages run: every Python block of the README and of ``docs/``, in the sandbox, with the output that they show."""

from __future__ import annotations

import contextlib
import inspect
import io
import logging
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from type_checkers import CHECKERS

import linode
import linode.errors
from linode.api import MEMBERS
from linode.login import LinodeLoginClient
from linode.sandbox import Sandbox

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(?P<kind>\w+)?(?: (?P<info>[^\n]*))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A Python block of a page: where it begins, what its fence says, and the output that is shown behind it."""

    line: int
    info: str
    code: str
    output: str | None


PLUGIN = ("-p", "no:linode_sandbox", "-p", "linode.sandbox.pytest_plugin")
"""The package's plugin, by its module: whether its entry point is installed does not matter."""


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text()
    for fence in FENCE.finditer(text):
        if fence["kind"] == "python":
            line = text.count("\n", 0, fence.start("text"))
            behind = FENCE.match(text[fence.end() :].lstrip())
            shown = behind["text"] if behind and behind["kind"] == "text" else None
            yield Block(line, fence["info"] or "", fence["text"], shown)


def run(page: Path, names: dict[str, Any]) -> None:
    """Run the blocks of *page*, which share *names*, and compare what they print with what the page shows."""
    for block in blocks(page):
        if block.info:
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            # The empty lines make a traceback show the page's own lines.
            exec(compile("\n" * block.line + block.code, str(page), "exec"), names)
        if block.output is not None:
            assert printed.getvalue() == block.output, f"{page.name}, line {block.line}"


@pytest.fixture
def names(monkeypatch) -> Iterator[dict[str, Any]]:
    """The names of a page. What reaches beyond this machine finds nobody, and sandboxes are closed at the end."""
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    found: dict[str, Any] = {"__name__": "page"}
    yield found
    for each in found.values():
        if isinstance(each, Sandbox):
            each.close()
    logging.getLogger("linode").setLevel(logging.NOTSET)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_runs_and_prints_what_it_shows(page, names):
    """Every Python block of a page runs, and the output shown behind it is the output it has."""
    run(page, names)


def test_there_are_pages_with_blocks():
    """The blocks are found at all, and those that cannot run here are few."""
    found = [block for page in PAGES for block in blocks(page)]
    assert len(found) > 30
    assert len([block for block in found if block.info == "no-run"]) <= 1


def programs(page: Path) -> Iterator[tuple[str, str]]:
    """The blocks of *page* as programs with a name each: one begins anew where a block makes the sandbox anew."""
    program, lines = "", 0
    for block in blocks(page):
        if block.info not in ("", "no-run"):
            continue
        if "from linode.sandbox import Sandbox" in block.code and program:
            yield f"{page.stem.lower()}_before_{block.line}.py", program
            program, lines = "", 0
        program += "\n" * (block.line - lines) + block.code  # so that line numbers are the page's own
        lines = block.line + block.code.count("\n")
    if program:
        yield f"{page.stem.lower()}_to_the_end.py", program


MEANT = {"guide.md": ["error: Incompatible types in assignment"]}
"""Mistakes that a page makes to show what happens then, as mypy finds them."""


def test_the_blocks_pass_a_strict_type_check(tmp_path):
    """The blocks pass mypy --strict, sync and async; only the mistakes that a page shows as such are found."""
    found: dict[str, list[str]] = {}
    for page in PAGES:
        for name, program in programs(page):
            (tmp_path / name).write_text(program)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-codes", str(tmp_path)]
    said = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert said.returncode in (0, 1), said.stderr
    for line in said.stdout.splitlines():
        name, _, rest = Path(line).name.partition("_")
        found.setdefault(f"{name}.md", []).append(rest.partition(": ")[2])
    assert found.keys() == MEANT.keys(), said.stdout
    for page, errors in MEANT.items():
        assert all(error.startswith(meant) for error, meant in zip(found[page], errors, strict=True)), said.stdout


def test_blocks_that_need_another_package_pass_a_type_check(tmp_path):
    """They use the library rightly; the other package may be missing, and its names are then of any type."""
    found = [(page, block) for page in PAGES for block in blocks(page) if block.info.startswith("needs-")]
    for page, block in found:
        (tmp_path / f"{page.stem}_{block.line}.py").write_text("\n" * block.line + block.code)
    lenient = ("--ignore-missing-imports", "--disable-error-code=untyped-decorator", "--disable-error-code=misc")
    command = [sys.executable, "-m", "mypy", "--strict", *lenient, str(tmp_path)]
    said = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    assert len(found) >= 3


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_program_of_the_async_page_without_its_awaits_is_refused(checker, tmp_path):
    """Both type checkers accept the programs of the page, and none of them once the client's awaits are left out."""
    page = ROOT / "docs" / "async.md"
    for name, program in programs(page):
        path = tmp_path / name
        path.write_text(program)
        assert CHECKERS[checker](path) == {}, name
        if "await client." in program:
            path.write_text(program.replace("await client.", "client."))
            assert CHECKERS[checker](path), name
    assert any("await client." in program for _, program in programs(page))


def named_blocks() -> list[Any]:
    found = [(page, block) for page in PAGES for block in blocks(page) if block.info.startswith("test_")]
    return [pytest.param(block, id=f"{page.name}-{block.info}") for page, block in found]


@pytest.mark.parametrize("block", named_blocks())
def test_a_block_that_is_a_file_of_tests_passes(block, tmp_path):
    """A block whose fence names a file of tests is one that passes."""
    (tmp_path / block.info).write_text(block.code)
    pytest_here = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", *PLUGIN, block.info]
    ran = subprocess.run(pytest_here, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_fence_is_one_that_is_known():
    """A typing error in a fence does not keep a block from being run."""
    for page in PAGES:
        assert page.read_text().count("```") == 2 * len(FENCE.findall(page.read_text())), page.name
        for fence in FENCE.finditer(page.read_text()):
            assert fence["kind"] in ("console", "ini", "python", "sh", "text", "yaml"), f"{page.name}: {fence['kind']}"
        for block in blocks(page):
            assert re.fullmatch(r"|no-run|needs-\w+|test_\w+\.py", block.info), f"{page.name}, line {block.line}"


def test_links_lead_somewhere():
    """A link to a file of the project, or to a heading of a page, has one to lead to."""
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()):
            name, _, anchor = target.partition("#")
            file = page.parent / name if name else page
            assert file.is_file(), f"{page.name}: {target}"
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
            anchors = [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]
            assert not anchor or anchor in anchors, target


@pytest.mark.parametrize("name", ["guide.md", "testing.md"])
def test_a_long_page_begins_with_its_contents(name):
    """The list at the top has every heading of the page, in order, but the pointer to other pages at the end."""
    text = (ROOT / "docs" / name).read_text()
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    listed = re.findall(r"^- \[(.+)\]\(#", text.partition("\n## ")[0], re.MULTILINE)
    assert listed == [each for each in headings if each != "Further reading"]


REPOSITORY = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Source"]


def test_the_readme_is_readable_anywhere():
    """The README's links are absolute, as an index of packages needs them; those into the project lead to a file."""
    targets = re.findall(r"(?<!!)\[[^][]*\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert len(targets) > 5
    for target in targets:
        assert target.startswith("https://"), target
        assert target.startswith(f"{REPOSITORY}/blob/main/"), target
        assert (ROOT / target.removeprefix(f"{REPOSITORY}/blob/main/").partition("#")[0]).is_file(), target


def test_the_index_names_every_page():
    """The table of the index, which gives the site its order, has every page of the folder, and the changelog."""
    listed = re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", (ROOT / "docs" / "index.md").read_text(), re.MULTILINE)
    pages = {page.name for page in PAGES if page.parent.name == "docs"} - {"index.md"}
    assert {*listed} == pages | {"../CHANGELOG.md"}
    assert len(listed) == len({*listed})


def test_the_tree_of_errors_is_that_of_the_code():
    """The page of errors shows every class of them, below the class that it is one of."""
    shown = re.findall(r"^([│ ├└─]*)(\w+Error)\b", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE)
    path: list[str] = []
    parents = {}
    for indent, name in shown:
        path[len(indent) // 4 :] = [name]
        parents[name] = path[-2] if len(path) > 1 else "Exception"
    every = {name: getattr(linode.errors, name) for name in linode.errors.__all__ if name != "Reason"}
    assert parents == {name: cls.__mro__[1].__name__ for name, cls in every.items()}


# -- the cookbook ------------------------------------------------------------------------------------------------------

COOKBOOK = ROOT / "docs" / "cookbook.md"


def groups(text: str, heading: str, entry: str) -> dict[str, list[str]]:
    """The recipes of each group, whose lines are found by the patterns."""
    parts = re.split(heading, text, flags=re.MULTILINE)
    return {
        group: re.findall(entry, recipes, re.MULTILINE) for group, recipes in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_the_cookbook_is_a_block_a_recipe():
    """The recipes are in groups, the index at the top names them in the same order, and each is one block."""
    text = COOKBOOK.read_text()
    index, _, recipes = text.partition("\n## ")
    found = groups(f"## {recipes}", r"^## (.+)$", r"^### (.+)$")
    assert groups(index, r"^\[(.+)\]\(#.+\)$", r"^- \[(.+)\]") == found
    assert len(found) >= 5
    assert min(map(len, found.values())) >= 2
    each = re.split(r"^### .+$", recipes, flags=re.MULTILINE)[1:]
    assert {len(re.findall(r"^```(?:python|yaml)\b", recipe, re.MULTILINE)) for recipe in each} == {1}


def test_the_commands_for_ci_start_a_sandbox_for_the_tests(tmp_path):
    """The commands of the recipe, in one shell as in one job, let a client without arguments reach the sandbox."""
    (fence,) = (each for each in FENCE.finditer(COOKBOOK.read_text()) if each["kind"] == "yaml")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    job = yaml.safe_load(fence["text"].replace("8080", str(port)))["jobs"]["test"]
    commands = [step["run"] for step in job["steps"] if "run" in step and not step["run"].startswith("pip ")]
    (tmp_path / "test_it.py").write_text(
        "from linode import LinodeClient\n\n\ndef test_it():\n    assert not LinodeClient().get_linodes()\n"
    )
    script = "\n".join(["set -e", "trap 'kill $(jobs -p)' EXIT", *commands])
    found = {**os.environ, **job["env"], "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=found, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout


def test_the_cookbook_finds_linodes_over_their_quota(names):
    """The recipe's function finds who used more than a share, the one that used most first."""
    run(COOKBOOK, names)
    names["sandbox"].advance(3600)
    found = names["over_quota"](0.0)
    assert {linode.label for linode, _ in found} >= {"web-1", "web-1-eu"}
    assert [share for _, share in found] == sorted((share for _, share in found), reverse=True)
    assert names["over_quota"](1.0) == []


# -- the guide ---------------------------------------------------------------------------------------------------------

GUIDE = ROOT / "docs" / "guide.md"


def test_the_login_functions_of_the_guide_log_a_user_in(names):
    """The two halves of a login that the guide shows get a token from a login service, and it is good."""
    run(GUIDE, names)
    with Sandbox(seed=1) as sandbox:
        way = sandbox.transport()
        names["login"] = LinodeLoginClient("my-client-id", "my-client-secret", "http://sandbox", transport=way)
        session: dict[str, str] = {}
        address = sandbox.log_in(names["start_login"](session))
        token = names["finish_login"](session, address)
        assert sandbox.client(token).get_profile().username == "sandbox"
        assert session == {}


def rows(heading: str, page: Path = GUIDE) -> list[list[str]]:
    """The cells of the table of *page* under that heading, or with that heading, without their backticks."""
    behind = page.read_text().partition(heading)[2]
    lines = behind[behind.index("\n|---") :].lstrip().splitlines()[1:]
    table = [line.strip("| ").split(" | ") for line in lines[: lines.index("") if "" in lines else None]]
    return [[cell.replace("`", "").strip() for cell in row] for row in table]


def required(verb: Any) -> list[str]:
    """The names of the positional parameters of *verb*."""
    every = inspect.signature(verb).parameters.values()
    return [each.name for each in every if each.kind is each.POSITIONAL_OR_KEYWORD and each.name != "self"]


def test_the_table_of_creates_is_that_of_the_client():
    """The guide lists creates of the client, with what they take by position, in order; the reference has all."""
    table = {row[0]: row[1].split(", ") for row in rows("| from the client | required | |")}
    verbs = {name for name in MEMBERS if name.startswith(("create_", "import_", "upload_"))} - {"create_zone"}
    assert len(table) >= 10
    assert table.keys() <= verbs
    for name, names in table.items():
        of_client = required(getattr(linode.LinodeClient, name))
        assert names == [each for each in of_client if each not in ("image", "source", "root_pass")], name


def test_the_table_of_creates_says_what_the_sandbox_does_not_offer():
    """A create that the sandbox answers with 501 is marked in the table, and no other one is."""
    marked = {row[0] for row in rows("| from the client | required | |") if "not offered by the sandbox" in row[2]}
    with Sandbox(seed=1) as sandbox:
        refused = set()
        for row in rows("| from the client | required | |"):
            given = {"images": [], "master": True, "disk_id": 1}
            try:
                getattr(sandbox.client(), row[0])(*(given.get(name, "example") for name in row[1].split(", ")))
            except linode.ApiError as error:
                if error.status == 501:
                    refused.add(row[0])
    assert refused == marked


def test_the_table_of_derived_creates_is_that_of_the_objects():
    """The guide lists creates of objects that require something, with what they take by position, in order."""
    table = {(row[0], row[1]): row[2].split(", ") for row in rows("| from | verb | required | |")}
    classes = {name: getattr(linode, name) for name in linode.__all__}
    every = {
        (name, verb): required(getattr(cls, verb))
        for name, cls in classes.items()
        if isinstance(cls, type) and issubclass(cls, linode.Resource) and name == cls.__name__
        for verb in dir(cls)
        if verb.startswith("create_")
    }
    assert len(table) >= 8
    assert table.keys() <= {each for each, names in every.items() if names}
    for each, names in table.items():
        assert names == every[each][: len(names)], each


def test_both_words_name_the_same():
    """In the table of words, what stands beside each other is the same class, list, verb or field."""
    owners = {
        "client": linode.LinodeClient,
        "config": linode.Config,
        "domain": linode.Domain,
        "linode": linode.Linode,
        "stackscript": linode.StackScript,
    }
    table = rows("## Two words for one thing", ROOT / "docs" / "alpha.md")
    assert len(table) > 15
    for today, before in table:
        for word in (today, before):
            assert word.split(".")[0] == today.split(".")[0] or "." not in word
        owner = owners.get(today.partition(".")[0], linode)
        one, other = (getattr(owner, word.rpartition(".")[2]) for word in (today, before))
        assert one is other or (hasattr(one, "key") and one.key == other.key), (today, before)
