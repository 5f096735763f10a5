"""Charts of statistics, drawn by matplotlib, an optional dependency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from linode import Series

__all__ = ["draw_charts"]

WIDTH, HEIGHT = 9.0, 2.6
"""Inches of a chart."""


def draw_charts(series: Sequence[Series], title: str, figure: Figure | None) -> Figure:
    """A chart for each unit of *series* in *figure*, by default a new one. Raises ImportError without matplotlib."""
    try:
        from matplotlib.figure import Figure as NewFigure
    except ImportError as error:
        raise ImportError("charts need matplotlib: pip install matplotlib") from error
    groups: dict[str, list[Series]] = {}
    for each in series:
        groups.setdefault(_axis(each), []).append(each)
    # No pyplot: it would open windows, and keep every figure until it is closed.
    canvas = figure or NewFigure(figsize=(WIDTH, HEIGHT * len(groups) + 0.6), layout="constrained")
    charts: Any = canvas.subplots(len(groups), 1, sharex=True, squeeze=False)
    for (name, members), axes in zip(groups.items(), charts[:, 0], strict=True):
        _draw(axes, name, members)
    charts[-1, 0].set_xlabel("UTC")
    if canvas.get_layout_engine() is None:
        canvas.set_layout_engine("constrained")  # makes room for the legends
    if title:
        canvas.suptitle(title)
    return canvas


def _axis(series: Series) -> str:
    """The quantity on the axis of *series*: its unit, else its name without what follows a space."""
    return series.unit or series.name.partition(" ")[0]


def _draw(axes: Any, name: str, members: Sequence[Series]) -> None:
    from matplotlib import dates, ticker

    untyped: Any = dates
    for each in members:
        axes.plot(each.times, each.values, label=each.name, linewidth=1.2)
    locator = untyped.AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(untyped.ConciseDateFormatter(locator))
    axes.yaxis.set_major_formatter(ticker.EngFormatter(sep=" "))
    axes.set_ylabel(name)
    axes.set_ylim(bottom=min(0.0, *(min(each.values, default=0.0) for each in members)))
    axes.margins(x=0)
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize="small", frameon=False)
