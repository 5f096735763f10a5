"""The description of the API: fields, filters, resources, lists, calls and flows. No I/O; names no family."""

from __future__ import annotations

from .actions import action, flow
from .attributes import Attribute
from .base_client import BaseClient
from .bounds import LOCAL, Bounds
from .calls import Call, Flow, Gather, NotSent, Sleep, Step, Steps
from .deprecation import DeprecatedMany, deprecated, deprecated_action
from .fields import Field, Nested, ReadOnly
from .filters import Filter, and_, matches, or_, ordered
from .lists import Page, ResourceList
from .objects import Fields, Struct
from .options import Options, body
from .paths import segment
from .relations import IDField, IDsField, Many, Parent, Ref, RefField
from .resources import Entry, Resource
from .series import Series, Statistics, series_of

__all__ = [
    "LOCAL",
    "Attribute",
    "BaseClient",
    "Bounds",
    "Call",
    "DeprecatedMany",
    "Entry",
    "Field",
    "Fields",
    "Filter",
    "Flow",
    "Gather",
    "IDField",
    "IDsField",
    "Many",
    "Nested",
    "NotSent",
    "Options",
    "Page",
    "Parent",
    "ReadOnly",
    "Ref",
    "RefField",
    "Resource",
    "ResourceList",
    "Series",
    "Sleep",
    "Statistics",
    "Step",
    "Steps",
    "Struct",
    "action",
    "and_",
    "body",
    "deprecated",
    "deprecated_action",
    "flow",
    "matches",
    "or_",
    "ordered",
    "segment",
    "series_of",
]
