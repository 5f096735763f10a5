"""The families of the API as parts of a client; each is imported when one of its attributes is first read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from linode._model import BaseClient
from linode._model.names import PublicType
from linode._model.options import misspelt
from linode._model.wording import article
from linode.api import MEMBERS

__all__ = ["Families"]


def _import(cls: type, name: str) -> None:
    """Import the family that defines the attribute *name*, and add the attribute to the class of all families."""
    if name not in MEMBERS:
        if name.startswith("_"):  # copy, pickle and notebooks read such attributes of any object
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}")
        known = [each for each in dir(cls) if not each.startswith("_")]
        raise misspelt(article(cls.__name__), name, known, "attribute", cure=_one_by_id(name), error=AttributeError)
    setattr(Families, name, _defined(name))


def _defined(name: str) -> Any:
    """The attribute *name* of its family, which is imported for it."""
    module, mixin = MEMBERS[name]
    return vars(getattr(import_module(f"linode.{module}"), mixin))[name]


def _one_by_id(name: str) -> str:
    """The way to one object for who looks for ``get_linode``; empty where there is no list of that name."""
    listed = f"{name}s"
    if listed not in MEMBERS:
        return ""
    target = getattr(_defined(listed), "target", None)
    return f" One by its ID is {target.__name__}(client, id)." if target is not None and target.loadable else ""


def _members() -> list[str]:
    """The members of all families, imported or not, that are for users."""
    return [name for name in MEMBERS if not name.startswith("_")]


class Lazy(PublicType):
    """Imports the mixin of a family when one of its attributes is first read; creating a client imports none."""

    def __getattr__(cls, name: str) -> Any:  # noqa: N805 - the class is that of clients
        _import(cls, name)
        return getattr(cls, name)

    def __dir__(cls) -> list[str]:  # noqa: N805
        return sorted({*super().__dir__(), *_members()})


if TYPE_CHECKING:
    from linode.api import Families
else:

    class Families(BaseClient, metaclass=Lazy):
        """The methods of all families."""

        def __getattr__(self, name):  # noqa: ANN001, ANN204 - hidden from type checkers
            _import(type(self), name)  # not through the class: that makes the signature of a verb, for people to read
            return getattr(self, name)

        def __dir__(self):  # noqa: ANN204
            return sorted({*super().__dir__(), *_members()})
