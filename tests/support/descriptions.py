"""The descriptions of fields, as the source of the declarations has them: the text below each."""

from __future__ import annotations

import ast
import functools
import inspect
import re
import sys
from typing import Any

__all__ = ["says_when_none"]


def says_when_none(cls: Any, name: str) -> bool:
    """Whether the description of the field *name* of *cls* tells readers that it can be None, and when."""
    return bool(re.search(r"\bNone \w+", _description(cls, name)))


def _description(cls: Any, name: str) -> str:
    """The description of the field *name*, where the first of the bases of *cls* has one."""
    for base in cls.__mro__:
        found = _described(base.__module__).get((base.__qualname__, name))
        if found is not None:
            return found
    return ""


@functools.cache
def _described(module: str) -> dict[tuple[str, str], str]:
    """The descriptions in *module*, by the class and the field; none where there is no source."""
    if module == "builtins":
        return {}
    found = {}
    for cls in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))):
        if isinstance(cls, ast.ClassDef):
            for field, text in zip(cls.body, cls.body[1:], strict=False):
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_text(text):
                    found[cls.name, field.target.id] = str(ast.literal_eval(text.value))  # type: ignore[attr-defined]
    return found


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
