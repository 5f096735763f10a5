"""Progress bars for waits and uploads: in a terminal by rich, an optional dependency, in a notebook by IPython."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Self

__all__ = ["ProgressBar"]


class ProgressBar:
    """Draws a progress bar for each object, as ``progress=True`` does.

    In a notebook the bars are HTML in the output of the cell; elsewhere rich draws them on standard error, and
    ``options`` are those of `rich.progress.Progress`. An instance is a callback, ``bar(obj, percent, status)``, and a
    context manager that restores the terminal. Raises ImportError if rich is needed and missing.
    """

    def __init__(self, **options: Any) -> None:
        self._drawn: _Notebook | _Terminal = _Notebook() if in_notebook() and not options else _Terminal(options)

    def __call__(self, obj: Any, percent: int, status: str) -> None:
        """Show *percent* and *status* for *obj*."""
        self._drawn.show(obj, percent, status)

    def close(self) -> None:
        """Stop drawing; the bars stay on the screen as they are."""
        self._drawn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def in_notebook() -> bool:
    """Whether this program runs in the kernel of a notebook, which displays HTML."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None


def _name(obj: Any) -> str:
    raw = getattr(obj, "raw", {})
    return str(raw.get("label", obj))


class _Terminal:
    """Bars that rich draws."""

    def __init__(self, options: dict[str, Any]) -> None:
        try:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
        except ImportError as error:
            raise ImportError("a progress bar needs rich: pip install rich") from error
        options.setdefault("console", Console(stderr=True))
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[status]}"),
            TimeElapsedColumn(),
            **options,
        )
        self._tasks: dict[Any, Any] = {}

    def show(self, obj: Any, percent: int, status: str) -> None:
        if obj not in self._tasks:
            self._bars.start()
            self._tasks[obj] = self._bars.add_task(_name(obj), total=100, status=status)
        self._bars.update(self._tasks[obj], completed=percent, status=status)

    def close(self) -> None:
        self._bars.stop()


class _Notebook:
    """Bars in one output of a notebook, which is replaced when something changes."""

    def __init__(self) -> None:
        self._states: dict[Any, tuple[int, str]] = {}
        self._handle: Any = None

    def show(self, obj: Any, percent: int, status: str) -> None:
        if self._states.get(obj) == (percent, status):
            return
        self._states[obj] = percent, status
        if self._handle is None:
            notebook: Any = import_module("IPython.display")
            self._handle = notebook.display(self, display_id=True)
        else:
            self._handle.update(self)

    def close(self) -> None:
        self._handle = None

    def _repr_html_(self) -> str:
        from html import escape

        rows = [
            f"<tr><td>{escape(_name(obj))}</td><td><progress max='100' value='{percent}'></progress></td>"
            f"<td>{percent}%</td><td>{escape(status)}</td></tr>"
            for obj, (percent, status) in self._states.items()
        ]
        return f"<table>{''.join(rows)}</table>"

    def __repr__(self) -> str:
        return "\n".join(f"{_name(obj)}: {percent}% {status}" for obj, (percent, status) in self._states.items())
