"""Write the copies of the facts that the tests read, so that they need nothing beside the project.

    python tools/distil_facts.py v4.json python-guide.md

The first is the table of the API's operations and shapes, of which all is kept that the tests and
``tools/api_coverage.py`` compare with; of where a fact was found it is kept whether the member of an answer is one that
not every answer has (``partial``). The second is the guide of 2016, of which the blocks of code are kept.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "tests/data"
BLOCK = re.compile(r"{% highlight python %}\n.*?{% endhighlight %}\n", re.DOTALL)
OF_OPERATION = (
    *("id", "method", "path", "api_version", "auth", "scopes", "stage", "deprecated", "filterable"),
    *("path_params", "query_params", "request", "request_content_type", "request_variants"),
    *("response_kind", "response", "also_returns"),
)
OF_SHAPE = ("properties", "filterable")
OF_MEMBER = (
    *("$ref", "type", "also", "format", "items", "properties", "map", "anyOf", "nullable", "optional", "required"),
    *("readOnly", "enum", "default", "min", "max", "minLength", "maxLength", "minItems", "maxItems", "pattern"),
)
UNDOCUMENTED = ("cli", "recorded")
"""Sources of members that the vendor's document does not have: the vendor's command line, and answers on record."""


def distilled(facts: dict[str, Any]) -> dict[str, Any]:
    """The operations, and the shapes of their answers by name."""
    return {
        "operations": [operation(each) for each in facts["operations"]],
        "schemas": {name: shape(each) for name, each in facts["schemas"].items()},
    }


def operation(fact: dict[str, Any]) -> dict[str, Any]:
    """The facts of an operation without the empty ones."""
    found = {key: fact[key] for key in OF_OPERATION if fact.get(key)}
    for key in ("path_params", "query_params", "request"):
        if key in found:
            found[key] = members(found[key])
    if "response" in found:
        found["response"] = member(found["response"])
    return found


def shape(fact: dict[str, Any]) -> dict[str, Any]:
    """The facts of a shape."""
    found = {key: fact[key] for key in OF_SHAPE if key in fact}
    return {**found, "properties": members(fact["properties"])}


def members(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of members, by their names."""
    return {name: member(fact) for name, fact in facts.items()}


def member(fact: dict[str, Any]) -> dict[str, Any]:
    """The facts of one member and of its own members."""
    found = {key: fact[key] for key in OF_MEMBER if key in fact}
    if is_partial(fact):
        found["partial"] = True
    for key in ("items", "map"):
        if key in found:
            found[key] = member(found[key])
    if "properties" in found:
        found["properties"] = members(found["properties"])
        for name in found["properties"]:
            if any(name not in each["fields"] for each in fact.get("variants", ())):
                found["properties"][name]["partial"] = True
    if "anyOf" in found:
        found["anyOf"] = [member(each) for each in found["anyOf"]]
    return found


def is_partial(fact: dict[str, Any]) -> bool:
    """Whether the document does not promise the member to everybody: it has it for a beta alone, or not at all."""
    beta = "stage" in fact or fact.get("api_version") == "v4beta"
    return beta or bool(fact.get("unlisted")) or fact.get("src") in UNDOCUMENTED


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("facts", type=Path)
    parser.add_argument("guide", type=Path)
    given = parser.parse_args()
    text = json.dumps(distilled(json.loads(given.facts.read_text())), separators=(",", ":"))
    (DATA / "api.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))  # the same bytes for the same facts
    (DATA / "guide.md").write_text("".join(BLOCK.findall(given.guide.read_text())))


if __name__ == "__main__":
    main()
