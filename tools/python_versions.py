"""Runs the tests of the library with each other Python, from 3.11 on, that is found on PATH.

Arguments are pytest's: the folders or files of tests (by default those that need no other program), and options.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from release import pythons

ROOT = Path(__file__).resolve().parent.parent
TESTS = ["tests/model", "tests/clients", "tests/faults", "tests/families", "tests/sandbox", "tests/test_guide.py"]


def main() -> None:
    own = "python{}.{}".format(*sys.version_info[:2])
    others = [found for found in pythons() if Path(found).name != own]
    if not others:
        sys.exit(f"no Python other than {own} is on PATH")
    failed = []
    for python in others:
        place = ROOT / f".venv-{Path(python).name.removeprefix('python')}"
        subprocess.run([python, str(ROOT / "tools" / "setup.py"), place.name.removeprefix(".venv-")], check=True)
        asked = sys.argv[1:] or [*TESTS, "-n", "auto"]
        if subprocess.run([str(place / "bin" / "python"), "-m", "pytest", *asked], cwd=ROOT, check=False).returncode:
            failed.append(Path(python).name)
    if failed:
        sys.exit(f"tests failed with {', '.join(failed)}")


if __name__ == "__main__":
    main()
