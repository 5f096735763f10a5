"""`make bench`: the table of what `linode` promises of its speed, measured now, on this machine.

Every measurement is a fresh process. The contenders of a row take turns, round after round; figures are the medians of
the rounds, ratios the medians of each round's ratio. ``README.md`` says how to read them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

import front_page
from rows import ROWS, Limit, Row

HERE = Path(__file__).resolve().parent
OURS = HERE.parent / ".venv" / "bin" / "python"
PEER = HERE.parent / ".venv-peer" / "bin" / "python"
OWN = ("ours", "pacing", "processes", "large_world", "sandbox_reads", "floor", "bare")
PYTHON = {**dict.fromkeys(OWN, OURS), "incumbent": PEER}
SANDBOX = ("-m", "linode.sandbox", "--port", "0")
LINODES = 500
"""Number of Linodes in the row about waiting."""
SPEED = "6.5"
"""Speed of the clocks of the processes that share a limit: six minutes take one."""
STARTS = {
    ("import", "ours"): "import linode",
    ("first", "ours"): "import linode; linode.LinodeClient('t')",
    ("client", "ours"): (
        "import linode, warnings; from linode.api import MEMBERS; c = linode.LinodeClient('t'); "
        "warnings.simplefilter('ignore'); [getattr(c, name) for name in MEMBERS]"  # some are deprecated
    ),
    ("import", "bare"): "pass",
    ("first", "bare"): "pass",
    ("client", "bare"): "pass",
    ("import", "incumbent"): "import linode_api4",
    ("first", "incumbent"): "import linode_api4; linode_api4.LinodeClient('t')",
    ("client", "incumbent"): "import linode_api4; linode_api4.LinodeClient('t')",
}
Figures: TypeAlias = dict[str, Any]


def run(command: list[str]) -> str:
    """The output of a fresh process, to which no proxy of the environment matters."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def contend(contender: str, task: str, *arguments: str) -> Figures:
    script = HERE / "contenders" / f"{contender}.py"
    found: Figures = json.loads(run([str(PYTHON[contender]), str(script), task, *arguments]))
    return found


def start(contender: str, row: Row) -> Figures:
    command = [str(PYTHON[contender]), "-c", STARTS[row.name, contender]]
    began = time.perf_counter()
    run(command)
    return {"time": time.perf_counter() - began, "work": row.name}


def until_ready(_contender: str, row: Row) -> Figures:
    """The time until ``linode-sandbox`` accepts connections, and the memory that it has then."""
    began = time.perf_counter()
    with subprocess.Popen([str(OURS), *SANDBOX], stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            taken = time.perf_counter() - began
            if not line.startswith("ready "):
                sys.exit(f"the sandbox did not start: {line!r}")
            pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        finally:
            process.terminate()
    return {"time": taken, "memory": pages * 4096, "work": row.name}


@contextlib.contextmanager
def served(*command: str) -> Iterator[str]:
    """The first line that a server of its own process says; it ends with the block."""
    with subprocess.Popen([str(OURS), *command], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextlib.contextmanager
def sandbox(speed: str) -> Iterator[tuple[str, str]]:
    """The address and the token of a sandbox of its own process."""
    with served(*SANDBOX, "--speed", speed) as line:
        found = re.fullmatch(r"ready (\S+) token=(\S+)", line)
        if found is None:
            sys.exit(f"the sandbox did not start: {line!r}")
        yield found[1], found[2]


def wait_in_a_sandbox(contender: str, row: Row) -> Figures:
    """A sandbox whose clock advances only when the contender advances it."""
    with sandbox("0.0001") as ready:
        run([str(OURS), str(HERE / "contenders" / "ours.py"), "populated", *ready, str(LINODES)])
        return contend(contender, row.name, *ready)


def share_a_limit(_contender: str, _row: Row) -> Figures:
    with sandbox(SPEED) as ready:
        return contend("processes", "together", *ready, SPEED)


def rounds_of(row: Row, rounds: int, measure: Callable[[str, Row], Figures]) -> list[dict[str, Figures]]:
    """The measurements of each contender in each round. Ends the run if the contenders did not do the same work."""
    found = []
    for number in range(rounds):
        print(f"\r{row.work}: round {number + 1} of {rounds}", end="\033[K", file=sys.stderr, flush=True)
        turns = row.contenders if number % 2 == 0 else row.contenders[::-1]
        one = {contender: measure(contender, row) for contender in turns}
        if len({figures["work"] for figures in one.values()}) != 1:
            sys.exit(f"{row.work}: the contenders did not end with the same: {one}")
        found.append(one)
    return found


def reached(limit: Limit, rounds: list[dict[str, Figures]]) -> tuple[str, str, bool]:
    """The limit, the measured value, and whether the value is within the limit."""
    values = []
    for one in rounds:
        value = one["ours"][limit.figure]
        if limit.over is not None:
            value /= one[limit.over][limit.figure]
        elif limit.above is not None:
            value -= one[limit.above][limit.figure]
        values.append(value)
    value = median(values)
    return *told(limit, value), limit.least <= value <= limit.most


def told(limit: Limit, value: float) -> tuple[str, str]:
    what = "" if limit.figure == "time" else f"{limit.figure} "
    if limit.over is not None and limit.most < 1 / 2:
        return f"{what}1/{1 / limit.most:.0f} of the {limit.over}'s", f"1/{1 / value:.1f}"
    if limit.over is not None:
        return f"{what}{limit.most:g} x the {limit.over}'s", f"{value:.2f} x"
    where = "" if limit.above is None else f" over {limit.above} Python"
    bound, sign = (limit.most, "at most") if limit.least == float("-inf") else (limit.least, "at least")
    return f"{what}{sign} {shown(limit.figure, bound)}{where}", shown(limit.figure, value)


def shown(figure: str, value: float) -> str:
    """*value* with its unit."""
    if figure == "memory":
        return f"{value / 1e6:.0f} MB"
    if figure == "rate":
        return f"{value:,.0f}/s"
    if figure in ("share", "used"):
        return f"{value:.1%}"
    if figure != "time":
        return f"{value:.3g}"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.0f} ns"


def table(results: dict[Row, list[dict[str, Figures]]]) -> str:
    lines = ["| work | must reach | reached | met | figures |", "| --- | --- | --- | --- | --- |"]
    for row, rounds in results.items():
        for limit in row.limits:
            wanted, value, met = reached(limit, rounds)
            figures = ", ".join(
                f"{contender} {shown(limit.figure, median(one[contender][limit.figure] for one in rounds))}"
                for contender in row.contenders
                if limit.figure in rounds[0][contender]
            )
            lines.append(f"| {row.work} | {wanted} | {value} | {'yes' if met else '**no**'} | {figures} |")
    return "\n".join(lines)


def measured(rows: list[Row], rounds: int) -> dict[Row, list[dict[str, Figures]]]:
    script = str(HERE / "server.py")
    with served(script) as near, served(script, "--latency", "100") as far:
        ways: dict[str, Callable[[str, Row], Figures]] = {
            "near": lambda contender, row: contend(contender, row.task or row.name, near),
            "far": lambda contender, row: contend(contender, row.task or row.name, far),
            "start": start,
            "sandbox": wait_in_a_sandbox,
            "port": share_a_limit,
            "command": until_ready,
            "reads": lambda _contender, row: contend("sandbox_reads", row.name),
            "world": lambda _contender, _row: contend("large_world", ""),
            "simulation": lambda _contender, _row: contend("pacing", ""),
        }
        once = ("sandbox", "port", "simulation", "world")  # they count, or compare in one process
        return {row: rounds_of(row, 1 if row.at in once else rounds, ways[row.at]) for row in rows}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what linode promises of its speed.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender takes its turn (default: 5)")
    parser.add_argument("--only", nargs="*", choices=[row.name for row in ROWS], help="these rows alone")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md too")
    asked = parser.parse_args()
    rows = [row for row in ROWS if not asked.only or row.name in asked.only]
    with tempfile.TemporaryDirectory() as cache:  # modules are compiled once, in the first process, as after installing
        os.environ["PYTHONPYCACHEPREFIX"] = cache
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for row in ROWS:
            if row.at == "start":
                rounds_of(row, 1, start)
        until_ready("ours", ROWS[0])
        found = table(measured(rows, asked.rounds))
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {asked.rounds} rounds"
    print(f"\r\033[K{machine}\n\n{found}")
    if asked.write:
        title = "Written by `make bench WRITE=1`; `README.md` beside it says how to read it."
        results = f"# Results\n\n{title}\n\n{machine}\n\n{found}\n"
        (HERE / "RESULTS.md").write_text(results)
        front_page.put(results)


if __name__ == "__main__":
    main()
