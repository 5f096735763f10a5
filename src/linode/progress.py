"""A progress bar for waits, drawn by rich, which is an optional dependency (``pip install rich``)."""

from __future__ import annotations

from typing import Any, Self

__all__ = ["ProgressBar"]


class ProgressBar:
    """Draws a progress bar for each object on standard error, as ``progress=True`` does.

    An instance is a callback, ``bar(obj, percent, status)``, and a context manager that restores the terminal.
    """

    def __init__(self, **options: Any) -> None:
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

    def __call__(self, obj: Any, percent: int, status: str) -> None:
        """Show *percent* and *status* for *obj*."""
        if obj not in self._tasks:
            self._bars.start()
            name = str(obj.raw.get("label", obj))
            self._tasks[obj] = self._bars.add_task(name, total=100, status=status)
        self._bars.update(self._tasks[obj], completed=percent, status=status)

    def close(self) -> None:
        """Stop drawing; the bars stay on the screen as they are."""
        self._bars.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
