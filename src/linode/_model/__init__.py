"""How the API is described: fields, filters, resources, lists, calls and flows. No I/O; knows no family of the API."""

from __future__ import annotations

from .attributes import Attribute
from .bounds import Meta
from .calls import BaseClient, Call, Flow, Gather, Options, Sleep, Step, Steps, action, flow, given
from .fields import Field, Fields, Many, Nested, Parent, ReadOnly, Ref, RefField, Struct
from .filters import Filter, and_, matches, or_, ordered
from .lists import Page, ResourceList
from .resources import Entry, Resource, segment

__all__ = [
    "Attribute",
    "BaseClient",
    "Call",
    "Entry",
    "Field",
    "Fields",
    "Filter",
    "Flow",
    "Gather",
    "Many",
    "Meta",
    "Nested",
    "Options",
    "Page",
    "Parent",
    "ReadOnly",
    "Ref",
    "RefField",
    "Resource",
    "ResourceList",
    "Sleep",
    "Step",
    "Steps",
    "Struct",
    "action",
    "and_",
    "flow",
    "given",
    "matches",
    "or_",
    "ordered",
    "segment",
]
