"""The class side of a field: `Linode.label`, which compares into a `Filter`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, overload

from .arguments import refuse_other_objects
from .convert import to_api
from .filters import Filter, or_

__all__ = ["Attribute"]

T = TypeVar("T")
E = TypeVar("E")


def _number(field: str, text: str) -> int:
    if not text.strip().isdecimal():
        raise ValueError(f"{field} is a number, and {text!r} is none")
    return int(text)


def _time(field: str, text: str) -> Any:
    try:
        return to_api(datetime.fromisoformat(text))
    except ValueError:
        raise ValueError(f"{field} is a time, and {text!r} is none; write a datetime or '2026-01-31T12:00'") from None


_READERS: dict[Any, Callable[[str, str], Any]] = {int: _number, datetime: _time}


class Attribute(Generic[T]):
    """An attribute of a class, such as `Linode.label`: comparing it gives a `Filter`."""

    __slots__ = ("key",)  # every read of a field looks at it, and finds it fastest in a slot

    key: str
    """The name in the API's JSON; dotted for what is nested."""
    owner: Any
    """The class whose list it filters."""

    __hash__ = object.__hash__

    @overload  # type: ignore[override]
    def __eq__(self: Attribute[list[E]], value: E) -> Filter: ...
    @overload
    def __eq__(self, value: T) -> Filter: ...
    def __eq__(self, value: object) -> Filter:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._filter(self._operand(value))

    @overload  # type: ignore[override]
    def __ne__(self: Attribute[list[E]], value: E) -> Filter: ...
    @overload
    def __ne__(self, value: T) -> Filter: ...
    def __ne__(self, value: object) -> Filter:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._filter({"+neq": self._operand(value)})

    def __lt__(self, value: T) -> Filter:
        return self._filter({"+lt": self._operand(value)})

    def __le__(self, value: T) -> Filter:
        return self._filter({"+lte": self._operand(value)})

    def __gt__(self, value: T) -> Filter:
        return self._filter({"+gt": self._operand(value)})

    def __ge__(self, value: T) -> Filter:
        return self._filter({"+gte": self._operand(value)})

    def contains(
        self: Attribute[str] | Attribute[str | None] | Attribute[list[str]] | Attribute[list[str] | None], text: str
    ) -> Filter:
        """Values that contain *text*."""
        return self._filter({"+contains": text})

    def in_(self, values: Iterable[Any]) -> Filter:
        """Any of *values*; for a list, one of its items is. Raises ValueError for none, TypeError for a text."""
        if isinstance(values, str):  # it would be taken for its letters
            raise TypeError(f"{self.owner.__name__}.{self.key}.in_() takes a list; write in_([{values!r}])")
        wanted = [self._filter(self._operand(each)) for each in values]
        if not wanted:
            raise ValueError(f"{self.owner.__name__}.{self.key}.in_() needs at least one value")
        return or_(*wanted)

    def asc(self) -> Filter:
        """The list in ascending order of this field."""
        return self._order("asc")

    def desc(self) -> Filter:
        """The list in descending order of this field."""
        return self._order("desc")

    def __dir__(self) -> list[str]:
        return ["asc", "contains", "desc", "in_"]

    def __repr__(self) -> str:
        return f"{self.owner.__name__}.{self.key}"

    def __contains__(self, value: object) -> bool:
        raise TypeError(f"write {self!r}.contains({value!r}) for a filter")

    def _apart(self, _other: object) -> NoReturn:
        raise TypeError(f"put the comparison with {self!r} in parentheses: ({self!r} == ...) | (...)")

    __and__ = __or__ = __rand__ = __ror__ = _apart

    if not TYPE_CHECKING:  # a type checker that sees it lets every name pass

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or "owner" not in vars(self):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            can = "it has asc(), contains(), desc(), in_() and comparisons"
            raise AttributeError(f"the field {self!r} has no attribute {name!r}; {can}")

    def _operand(self, value: Any) -> Any:
        """The JSON of *value*. Raises TypeError for an object of another class than the one that the field holds.

        A text is read as the number or the time that the field holds. Raises ValueError when it is none.
        """
        self._checked()
        if hasattr(type(value), "_identity"):
            is_own = isinstance(value, self.owner) and self.key == self.owner.id_key
            refuse_other_objects(repr(self), value, self.owner if is_own else self._compared())
        elif isinstance(value, str) and (read := _READERS.get(self._compared())) is not None:
            return read(repr(self), value)
        return to_api(value)

    def _compared(self) -> Any:
        """The type of what it can be compared with; Any if that is not known."""
        return Any

    def _filter(self, condition: Any) -> Filter:
        return Filter({self.key: condition}, client_side=self._checked())

    def _order(self, direction: str) -> Filter:
        return Filter({}, order=(self.key, direction), client_side=self._checked())

    def _checked(self) -> bool:
        """Whether the library has to filter by itself. Raises TypeError when a list cannot be filtered by this."""
        owner = self.owner
        if (filtered := owner._filtered_by(self.key)) is None:
            can = ", ".join(sorted({*owner.filterable, *owner.client_side})) or "nothing"
            raise TypeError(
                f"the API cannot filter {owner.__name__} by {self.key!r}; it can filter by: {can}; "
                f"look through the list for others: [each for each in the_list if each.{self.key} ...]"
            )
        return bool(filtered == "client")
