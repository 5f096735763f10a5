"""Fixtures for pytest, which loads them if the package is installed: a sandbox for each test, and its clients."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from linode import LinodeClient
    from linode.aio import LinodeClient as AsyncLinodeClient

    from .sandbox import Sandbox
    from .state.snapshots import Snapshot

__all__ = ["async_linode_client", "linode_client", "sandbox"]

MARKER = "linode_sandbox"
INI = {
    "seed": "the seed of IDs, addresses and secrets (default: 1)",
    "start": "the time at which each sandbox begins, such as 2026-01-31T12:00 (UTC; default: now)",
    "speed": "the speed of the clock (default: it advances by requests and waits)",
    "durations": "the share of their time that jobs take, such as 0.05, or a JSON object of seconds by kind of job",
    "seed_file": "a file with the objects of each sandbox, relative to that of the configuration",
}
"""The settings of all sandboxes, each after ``linode_sandbox_`` in the configuration of pytest."""
FAULTS = f"{MARKER}_faults"
FOLDERS = ("seed_file", "load")
SNAPSHOTS: pytest.StashKey[dict[str, Snapshot]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the settings."""
    for name, text in INI.items():
        parser.addini(f"{MARKER}_{name}", f"Linode sandbox: {text}", default="")
    parser.addini(FAULTS, "Linode sandbox: the faults of each, a JSON object a line as for /sandbox/faults", "linelist")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.stash[SNAPSHOTS] = {}
    config.addinivalue_line(
        "markers",
        f"{MARKER}(faults=[Fault(...)], start=datetime(...), seed=1, seed_file=..., limits=False, ...): "
        "options of a test's sandbox, and its initial faults",
    )


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A new sandbox for each test: the Linode API in this process, with an empty account or the objects of a seed file.

    The marker ``linode_sandbox`` accepts the options of `Sandbox`, which come before the settings ``linode_sandbox_…``,
    and ``faults``, a list of `Fault`, which are added to those of the settings.
    """
    from linode._model.options import misspelt, options_of  # noqa: PLC0415 - pytest loads plugins before every test run

    from .sandbox import Sandbox  # noqa: PLC0415 - likewise

    options: dict[str, Any] = {}
    for marker in request.node.iter_markers(MARKER):  # the function's marker comes before those of class and module
        if marker.args:
            raise pytest.UsageError(f"{MARKER} takes options by name, such as {MARKER}(seed=1), not {marker.args[0]!r}")
        options = {**marker.kwargs, **options}
    known = {*options_of(Sandbox.__init__), "faults"}
    if wrong := options.keys() - known:
        raise misspelt(f"the marker {MARKER}", min(wrong), known, "option", error=pytest.UsageError)
    faults = [*_faults(request.config), *_listed(options.pop("faults", ()))]
    options = {**_settings(request.config), **options}
    filled = {name: options.pop(name) for name in FOLDERS if options.get(name) is not None}
    with Sandbox(**options) as made:
        if filled:
            made.restore(_filled(request.config, options, filled))
        made.faults.extend(copy.copy(fault) for fault in faults)
        yield made


def _listed(faults: Any) -> Iterable[Any]:
    """The *faults* of a marker, which may be one."""
    return faults if isinstance(faults, Iterable) else [faults]


def _filled(config: pytest.Config, options: dict[str, Any], filled: dict[str, Any]) -> Snapshot:
    """A snapshot of a sandbox with the contents of the files *filled*, which are read once in a run of tests."""
    from .sandbox import Sandbox  # noqa: PLC0415 - likewise

    known = config.stash[SNAPSHOTS]
    key = repr(sorted({**options, **filled}.items()))
    if key not in known:
        paths = {name: str(_folder(config) / path) for name, path in filled.items()}
        with Sandbox(**{**options, "data": None, **paths}) as made:
            known[key] = made.snapshot()
    return known[key]


def _folder(config: pytest.Config) -> Path:
    return config.rootpath if config.inipath is None else config.inipath.parent


def _settings(config: pytest.Config) -> dict[str, Any]:
    """The options of `Sandbox` in the configuration of pytest. Raises `pytest.UsageError`."""
    found = {name: text for name in INI if (text := str(config.getini(f"{MARKER}_{name}")).strip())}
    read: dict[str, Callable[[str], Any]] = {
        "seed": int,
        "start": datetime.fromisoformat,
        "speed": float,
        "durations": _durations,
    }
    settings: dict[str, Any] = {"seed": 1}
    for name, text in found.items():
        try:
            settings[name] = read.get(name, str)(text)
        except ValueError as error:
            raise pytest.UsageError(f"{MARKER}_{name} is {text!r}, and must be {INI[name]}") from error
    return settings


def _durations(text: str) -> Any:
    import msgspec  # noqa: PLC0415 - likewise

    return msgspec.json.decode(text)


def _faults(config: pytest.Config) -> list[Any]:
    """The faults in the configuration of pytest. Raises `pytest.UsageError`."""
    lines = config.getini(FAULTS)
    if not lines:
        return []
    from .core.refusals import Refused  # noqa: PLC0415 - likewise
    from .gateways import bodies  # noqa: PLC0415 - likewise

    try:
        return [bodies.fault(bodies.decoded(line.encode())) for line in lines]
    except Refused as no:
        raise pytest.UsageError(f"{FAULTS} has a line that is no fault: {no}") from None


@pytest.fixture
def linode_client(sandbox: Sandbox) -> LinodeClient:
    """A client of the test's sandbox, with all scopes."""
    return sandbox.client()


@pytest.fixture
def async_linode_client(sandbox: Sandbox) -> AsyncLinodeClient:
    """An async client of the test's sandbox, with all scopes."""
    return sandbox.async_client()
