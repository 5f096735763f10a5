"""The project's own papers agree with each other."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import front_page

import linode
from linode import Image
from linode.sandbox import Sandbox
from linode.sandbox.demo import newest_image

ROOT = Path(__file__).parent.parent
# In pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + r"\.org",
    "python" + "hosted",
    "npm" + r"js\.org",
    r"--(extra-)?" + "index-url",
    "--" + "find-links",
]
FOLDERS = ["/" + "work/", "/" + "farm/", "/opt/" + "(wheels|pypi)", "/root/" + r"\.pyenv", "/tmp/" + "(team|bash_jobs)"]


def tracked() -> list[Path]:
    """Every file that a clone would hold, new ones included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def mentions(*patterns: str) -> list[str]:
    pattern = re.compile("|".join(patterns).encode(), re.IGNORECASE)
    found = []
    for path in tracked():
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    return found


def test_one_version_everywhere():
    """The metadata and the package speak of the same version, and so does the changelog once it is released."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert linode.__version__ == version
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[:2] in (["Unreleased"], ["Unreleased", version])
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_metadata_is_complete():
    """The version follows the last one of the package's former owner, and every Python from the oldest on is named."""
    assert tuple(map(int, PROJECT["version"].split("."))) >= (5, 0, 0)
    pythons = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", each)]
    assert pythons == ["3.11", "3.12", "3.13"]  # those that the tests have run with
    assert PROJECT["requires-python"] == f">={pythons[0]}"
    assert {"Homepage", "Documentation", "Changelog", "Source", "Issues"} <= PROJECT["urls"].keys()
    assert all(url.startswith(PROJECT["urls"]["Source"]) for url in PROJECT["urls"].values())


def test_the_badges_are_true():
    """The README's badges show the oldest Python, the license, and how much of the API is described."""
    badges = re.findall(r"img\.shields\.io/badge/([^)]+)", (ROOT / "README.md").read_text())
    described = re.search(r"The library describes (\d+) of them", (ROOT / "docs/coverage.md").read_text(), re.MULTILINE)
    assert described
    assert [unquote(each).rpartition("-")[0] for each in badges] == [
        f"python-{PROJECT['requires-python'].removeprefix('>=')}+",
        "types-mypy and pyright",
        f"operations-{described[1]}",
        f"license-{PROJECT['license'].replace('-', '--')}",
    ]


def test_the_front_page_has_the_figures_of_the_benchmarks():
    """The table of the front page is that of RESULTS.md."""
    results = (ROOT / "benchmarks" / "RESULTS.md").read_text()
    assert front_page.table(results) in front_page.INDEX.read_text()


def test_no_message_installs_by_the_name_of_the_package():
    """A hint names the dependency itself: the index has another project's releases under the name of this package."""
    name = re.escape(PROJECT["name"])
    assert mentions(rf"pip install [^\n]*{name}(?!(\[[a-z,]+\])?>=5)", rf"{name}\[[a-z,]+\](?!>=5)") == []


def test_the_demo_names_what_it_needs():
    """Without rich the demo ends with a sentence that names it, and no traceback."""
    setting = "import sys; sys.modules['rich'] = None\nfrom linode.sandbox.demo import main\nsys.exit(main())"
    done = subprocess.run([sys.executable, "-c", setting], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "python -m linode.sandbox.demo: the demo needs rich: pip install rich\n",
    )


def test_the_demo_takes_the_newest_image():
    """The demo's image is the newest one of the vendor that is not deprecated."""
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client()
        image = newest_image(client, "Ubuntu")
        assert (image.label, image.deprecated) == ("Ubuntu 24.04 LTS", False)
        newer = [each for each in client.get_images(Image.vendor == "Ubuntu") if each.created > image.created]
        assert all(each.deprecated for each in newer)


def test_no_registry_is_named():
    """No file names a registry: the installer chooses the source of packages."""
    assert mentions(*REGISTRIES) == []


def test_no_folder_of_a_machine_is_named():
    """Nothing in the project depends on where somebody keeps it."""
    assert mentions(*(rf"(?<![\w.}}-]){folder}" for folder in FOLDERS)) == []


def test_every_pin_has_a_hash():
    """Every installed file is a pinned one."""
    for name in ("dev", "docs", "peer"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        pins = re.findall(r"^[a-z0-9][^\n]*==(?:[^\n]*\\\n)[^\n]*", text, re.MULTILINE)
        assert pins, name
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == []
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), name


def test_the_readme_runs():
    """The example that people meet first works as it stands."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_the_files_of_tests_have_names_of_their_own():
    """Pytest imports a file of tests by its name alone, so two of one name cannot both be collected."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def bounds_without_a_prefix(source: str) -> list[str]:
    """The constants in *source* that are bounds by their names, and do not begin with MAX_ or MIN_."""
    assigned = re.findall(r"^([A-Z_][A-Z0-9_, ]*)(?:: [^=\n]+)? = ", source, re.MULTILINE)
    words = {"MOST", "LEAST", "LONGEST", "SHORTEST", "MAX", "MIN"}
    return [
        name
        for each in assigned
        for name in each.split(", ")
        if name.lstrip("_").split("_")[0] in words and not re.match(r"_?(?:MAX|MIN)_", name)
    ]


def test_bounds_are_named_max_and_min():
    """A bound has its noun and unit in its name: ``MAX_DISKS``, not ``MOST``."""
    found = {path: bounds_without_a_prefix(path.read_text()) for path in (ROOT / "src").rglob("*.py")}
    assert {path: names for path, names in found.items() if names} == {}
    assert bounds_without_a_prefix("FINEST, MOST = 60, 300\n_LONGEST = 9\nMAX_DISKS: int = 3\n") == ["MOST", "_LONGEST"]
