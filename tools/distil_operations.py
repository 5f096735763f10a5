"""Write the sandbox's list of the API's operations from a table of its facts: ``distil_operations.py v4.json``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src/linode/sandbox/engine/operations.json"
TWO_SEGMENTS = {"/databases/engines/{engineId}": "/databases/engines/{engine}/{version}"}
"""Paths whose ids have a slash, which clients do not always quote."""


def distilled(facts: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The methods of every path, by the version of the API that has them. What is only announced is left out."""
    known: dict[str, dict[str, set[str]]] = {"v4": {}, "v4beta": {}}
    for each in facts["operations"]:
        if each.get("stage") != "COMING" and each["api_version"] in known:
            paths = [each["path"], TWO_SEGMENTS.get(each["path"], each["path"])]
            for path in paths:
                known[each["api_version"]].setdefault(path, set()).add(each["method"])
    return {
        version: {path: " ".join(sorted(methods[path])) for path in sorted(methods)}
        for version, methods in known.items()
    }


def main() -> None:
    """Write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts", type=Path)
    facts = json.loads(parser.parse_args().facts.read_text())
    TARGET.write_text(json.dumps(distilled(facts), indent=0) + "\n")


if __name__ == "__main__":
    main()
