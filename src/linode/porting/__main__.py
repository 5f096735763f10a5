"""``python -m linode.porting FILES``: the calls of linode_api4 in a code base, with the calls that take their place."""

from __future__ import annotations

import argparse
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

from .search import search
from .table import table

__all__ = ["main"]

PAGE = "https://github.com/linode/python-api/blob/main/docs/porting.md"


def main(arguments: list[str] | None = None) -> int:
    """Print each old call as ``file:line: old -> new``; returns 0 for none, 1 for some, 2 for files that fail."""
    parser = argparse.ArgumentParser(
        prog="python -m linode.porting",
        description=f"Find the calls of linode_api4 ({table().version}) in Python files, and print the new calls. "
        "Nothing is changed, imported or run.",
        epilog=f"exit status: 0 no old call, 1 old calls, 2 a file cannot be read or parsed. {PAGE} explains the rest.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder with Python files")
    parser.add_argument(
        "--everywhere", action="store_true", help="search files too that do not import linode_api4 themselves"
    )
    options = parser.parse_args(arguments)
    calls = failures = files = 0
    for path in _files(options.paths):
        try:
            with tokenize.open(path) as file:
                found = search(file.read(), everywhere=options.everywhere)
        except SyntaxError as error:
            line = "" if error.lineno is None else f":{error.lineno}"
            print(f"{path}{line}: {error.msg}", file=sys.stderr)  # noqa: T201 - the output of a command
            failures += 1
            continue
        except (OSError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)  # noqa: T201 - the output of a command
            failures += 1
            continue
        for each in found:
            print(f"{path}:{each}")  # noqa: T201
        calls += len(found)
        files += bool(found)
    print(f"{_counted(calls, 'call')} in {_counted(files, 'file')}; see {PAGE}", file=sys.stderr)  # noqa: T201
    return 2 if failures else int(calls > 0)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.py"))
        else:
            yield path


if __name__ == "__main__":
    sys.exit(main())
