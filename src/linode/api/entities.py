"""Entities: the objects of the account that permissions can be granted for."""

from __future__ import annotations

from typing import Annotated, Literal

from linode._model import BaseClient, Bounds, Entry, Many, ReadOnly


class Entity(Entry):
    """An object of the account that permissions can be granted for, by its type and ID."""

    id: ReadOnly[Annotated[int, Bounds(ge=1)]]
    """Numeric ID, unique among the entities of its type."""
    type: ReadOnly[
        Literal[
            "database",
            "linode",
            "firewall",
            "nodebalancer",
            "longview",
            "domain",
            "stackscript",
            "image",
            "volume",
            "vpc",
            "lkecluster",
        ]
        | str
    ]
    label: ReadOnly[Annotated[str, Bounds(min_length=1)]]


class EntitiesMixin(BaseClient):
    """Methods of a client for entities."""

    get_entities: Many[Entity] = Many("/entities")
    """Entities of the account, of all types."""
