"""The families of the API as parts of a client; each is imported when one of its attributes is first read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from linode._model import BaseClient
from linode._model.names import PublicType
from linode.api import MEMBERS

__all__ = ["Families"]


def _import(cls: type, name: str) -> None:
    """Import the family that defines the attribute *name*, and add the attribute to the class of all families."""
    if name not in MEMBERS:
        if name.startswith("_"):  # copy, pickle and notebooks read such attributes of any object
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}")
        from .missing import no_operation

        raise no_operation(cls, name, [each for each in dir(cls) if not each.startswith("_")], _listed(name))
    setattr(Families, name, _defined(name))


def _defined(name: str) -> Any:
    """The attribute *name* of its family, which is imported for it."""
    module, mixin = MEMBERS[name]
    return vars(getattr(import_module(f"linode.{module}"), mixin))[name]


def _listed(name: str) -> Any:
    """The class of the objects of ``get_linodes`` for *name* ``get_linode`` or ``delete_linode``; None for no list."""
    plural = f"get_{name.partition('_')[2]}s"
    return getattr(_defined(plural), "target", None) if plural in MEMBERS else None


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
