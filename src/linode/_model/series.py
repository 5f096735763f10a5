"""Time series of statistics: the form that every family's statistics have, whatever the API's JSON looks like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from linode._secrets import redact_tracebacks
from linode.errors import UnexpectedResponseError

from .fields import Nested
from .names import PublicNames
from .objects import Struct
from .rows import align_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Series", "Statistics", "series_of"]


class Series(PublicNames):
    """A time series: `times` (datetimes, UTC) and the `values` at these times, in `unit`."""

    __slots__ = ("name", "times", "unit", "values")

    def __init__(self, name: str, unit: str, times: list[datetime], values: list[float]) -> None:
        self.name = name
        """Name, which is its key among the series: ``netv4.in``."""
        self.unit = unit
        """Unit of the values, such as ``bits/s``; empty where the API sends none."""
        self.times = times
        """Times, in ascending order (UTC)."""
        self.values = values
        """Values, one for each time."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Series) and other._compared() == self._compared()

    __hash__ = None  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]

    def _compared(self) -> tuple[Any, ...]:
        return (self.name, self.unit, self.times, self.values)

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[tuple[datetime, float]]:
        """Pairs of a time and a value."""
        return iter(zip(self.times, self.values, strict=True))

    def __repr__(self) -> str:
        unit = f" in {self.unit}" if self.unit else ""
        return f"<Series {self.name}{unit}: {len(self)} values>"


class Statistics(PublicNames):
    """Statistics with time series: the base of the classes that ``stats()`` and its like return."""

    __slots__ = ()

    _units: ClassVar[Mapping[str, str]] = {}
    """Units of the series by their names."""

    if TYPE_CHECKING:
        data: Any

    @property
    def series(self) -> dict[str, Series]:
        """Time series by their names, which are the API's keys: ``stats.series["netv4.in"]``."""
        found = {name: series_of(name, self._units[name], pairs) for name, pairs in _pairs(self.data)}
        return {name: found[name] for name in self._units if name in found}

    def to_rows(self) -> list[dict[str, Any]]:
        """The series as rows, as ``pandas.DataFrame`` takes them: one for each time, with a column for each series.

        The column ``time`` holds datetimes (UTC); None stands where a series has no value.
        """
        rows: dict[datetime, dict[str, Any]] = {}
        for name, series in self.series.items():
            for time, value in series:
                rows.setdefault(time, {"time": time})[name] = value
        return align_rows(rows[time] for time in sorted(rows))

    @redact_tracebacks
    def plot(self, *names: str, figure: Figure | None = None) -> Figure:
        """Draw the series with matplotlib, and return its figure: one chart for each unit.

        *names* are the series to draw, such as ``"cpu"`` or ``"netv4.in"``, or the beginning of several, such as
        ``"netv4"``; without names all are drawn. *figure* is a matplotlib figure to draw in, for example that of
        ``pyplot.figure()``; the default is a new one, which belongs to no window: ``stats.plot().savefig("cpu.png")``.

        Raises ImportError if matplotlib is missing, and ValueError for an unknown name, or if there is no series.
        """
        from linode.plotting import draw_charts  # noqa: PLC0415 - for charts only

        return draw_charts(select_series(self.series, names), self._chart_title(), figure)

    def _chart_title(self) -> str:
        """Title of a chart."""
        return str(getattr(self, "title", ""))


def select_series(series: Mapping[str, Series], names: Iterable[str]) -> list[Series]:
    """The series that *names* name, or begin to name; all of them without names. Raises ValueError."""
    wanted = tuple(names)
    for name in wanted:
        if not any(_names(name, each) for each in series):
            raise ValueError(f"there is no series {name!r}; there are {', '.join(series) or 'none'}")
    found = [each for key, each in series.items() if not wanted or any(_names(name, key) for name in wanted)]
    if not found:
        raise ValueError("there is no series to plot")
    return found


def _names(name: str, key: str) -> bool:
    return key == name or key.startswith((f"{name}.", f"{name} "))


def series_of(name: str, unit: str, pairs: Iterable[Sequence[Any]], *, per_second: int = 1000) -> Series:
    """The series of *pairs* of a time since 1970, of which a second has *per_second*, and a value."""
    times, values = [], []
    for at, value in pairs:
        try:
            times.append(datetime.fromtimestamp(at / per_second, UTC))
            values.append(float(value))
        except (TypeError, ValueError, OverflowError, OSError) as error:
            raise UnexpectedResponseError(f"the API sent an invalid point of {name}: {at!r}, {value!r}") from error
    return Series(name, unit, times, values)


def _pairs(data: Any, above: str = "") -> Iterator[tuple[str, list[tuple[Any, Any]]]]:
    """The name of each series in the nested object *data*, and its pairs of a time and a value."""
    for field in type(data)._fields.values():
        value = getattr(data, field.name)
        name = f"{above}{field.key}"
        if value is None:
            continue
        if isinstance(field, Nested):
            yield from _pairs(value, f"{name}.")
        else:
            yield name, [_pair(name, each) for each in value]


def _pair(name: str, point: Any) -> tuple[Any, Any]:
    """The time and the value of *point*, a list of two or an object with x and y."""
    found: Any = point
    if isinstance(point, Struct):
        return found.x, found.y
    if isinstance(point, list) and len(point) == 2:
        return point[0], point[1]
    raise UnexpectedResponseError(f"the API sent an invalid point of {name}")
