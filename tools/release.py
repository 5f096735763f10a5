"""Makes the files of a release in dist/ and tries them; publishes nothing.

It builds the source archive, and the wheel from that; checks their metadata and the rendering of the README; and in an
empty environment of each Python from 3.11 on that is found on PATH, installs the wheel and runs the README's example.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
PYTHONS = [f"python3.{minor}" for minor in range(11, 16)]


def main() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    refuse_unready(version)
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(DIST), str(ROOT))
    files = sorted(map(str, DIST.iterdir()))
    run(sys.executable, "-m", "twine", "check", "--strict", *files)
    (wheel,) = DIST.glob("*.whl")
    found = pythons()
    if not found:
        sys.exit(f"none of {', '.join(PYTHONS)} is on PATH; the wheel was not tried")
    for python in found:
        try_out(python, wheel, version)
    print(f"\n{version} is ready in dist/ and was tried with {len(found)} Pythons. It is not published. To publish it:")
    print(f"  git tag --sign v{version} && git push origin v{version} && python -m twine upload dist/*")


def refuse_unready(version: str) -> None:
    """Exit if the work tree has changes, or the changelog has no dated section for *version* at its top."""
    if changed := output("git", "status", "--porcelain"):
        sys.exit(f"these files are not committed:\n{changed}")
    changelog = (ROOT / "CHANGELOG.md").read_text()
    unreleased, _, released = changelog.partition("## [Unreleased]")[2].partition("\n## [")
    if unreleased.strip():
        sys.exit(f"CHANGELOG.md has changes under Unreleased: move them under '## [{version}] - YYYY-MM-DD'")
    if not re.match(re.escape(version) + r"\] - \d{4}-\d\d-\d\d\n", released):
        sys.exit(f"the first release in CHANGELOG.md must be '## [{version}] - YYYY-MM-DD', as in pyproject.toml")


def pythons() -> list[str]:
    """The Pythons on PATH that run."""
    return [found for name in PYTHONS if (found := shutil.which(name)) and is_usable(found)]


def is_usable(python: str) -> bool:
    """Whether *python* runs: a name on PATH may stand for a version that is not installed."""
    return subprocess.run([python, "-c", "import venv"], capture_output=True, check=False).returncode == 0


def try_out(python: str, wheel: Path, version: str) -> None:
    """Install *wheel* in an empty environment of *python*, away from the project, and run the README's example."""
    print(f"trying {wheel.name} with {output(python, '--version')}")
    with tempfile.TemporaryDirectory() as folder:
        run(python, "-m", "venv", folder)
        own = f"{folder}/bin/python"
        pip = [own, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run(*pip, str(wheel), cwd=folder)
        run(own, "-c", f"import linode; assert linode.__version__ == {version!r}; linode.LinodeClient('t')", cwd=folder)
        run(*pip, f"{wheel}[sandbox]", cwd=folder)
        run(own, "-c", example(), cwd=folder)
        run(f"{folder}/bin/linode-sandbox", "--help", cwd=folder, quiet=True)


def example() -> str:
    """The first Python block of the README."""
    return (ROOT / "README.md").read_text().partition("```python\n")[2].partition("```")[0]


def run(*command: str, cwd: str | Path = ROOT, quiet: bool = False) -> None:
    done = subprocess.run(command, cwd=cwd, check=False, stdout=subprocess.DEVNULL if quiet else None)
    if done.returncode:
        sys.exit(f"the release stops here: {' '.join(command[:4])} … failed")


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
