"""Makes the environments of the workshop: that of `make setup`, or the one that an argument names, such as ``docs``.

With its own version as the argument, such as ``3.12``, a Python makes the environment of `make setup` beside that one.

It runs before anything is installed, on whatever Python there is, to say what is missing.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OTHERS = ("docs", "examples", "peer", "peer-2", "peer-3", "peer-5", "peer-tools", "release")


def refuse_what_cannot_work() -> None:
    version = "{}.{}".format(*sys.version_info[:2])
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python must come as far as the message
        sys.exit(f"linode needs Python 3.11 or later; {sys.executable} is {version}. Try: make setup PYTHON=python3.12")
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            f"Python {version} lacks its venv module. On Debian and Ubuntu: "
            f"sudo apt-get install python3-venv (or python{version}-venv). Then again: make setup"
        )


def environment(name: str, requirements: str) -> Path:
    """Make the environment *name* hold what *requirements* pins; gives its ``bin``."""
    place = ROOT / name
    python, lent = str(place / "bin" / "python"), []
    if name.startswith(".venv-peer-"):  # small ones are made in a third of the time without a pip of their own
        lent = ["--python", python]
        python = str(ROOT / ".venv-peer" / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", *(["--without-pip"] if lent else []), str(place)], check=True)
    pip = [python, "-m", "pip", *lent, "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / requirements)], check=True)
    if name == ".venv-examples" or requirements == "dev.txt":
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], check=True)
    return place / "bin"


def main() -> None:
    refuse_what_cannot_work()
    version = "{}.{}".format(*sys.version_info[:2])
    try:
        if len(sys.argv) == 2 and sys.argv[1] in OTHERS:
            environment(f".venv-{sys.argv[1]}", f"{sys.argv[1]}.txt")
        elif sys.argv[1:] == [version]:
            environment(f".venv-{version}", "dev.txt")
        else:
            environment(".venv", "dev.txt")
    except subprocess.CalledProcessError as error:
        sys.exit(f"setting up stopped here: {' '.join(error.cmd)}")


if __name__ == "__main__":
    main()
