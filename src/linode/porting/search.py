"""Finds the calls of linode_api4 in Python source, without importing or running it.

The classes of variables are followed as far as one file shows them: objects made by a class, by ``load``, or returned
by a call of the table. Members of other objects are found when their names are unlike those of other libraries.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .table import New, Table, table

__all__ = ["Found", "search"]

PACKAGE = "linode_api4"
CLIENTS = ("LinodeClient", "MonitorClient")
TELLING = frozenset({"boot", "reboot", "rebuild", "rescue", "mutate"})
"""Names without an underscore that are searched for in objects of unknown classes too."""
BASES = ("Base", "PaginatedList")
"""Classes whose members all objects, or all lists, have."""
WAITED = "client.wait_for(linode, 'running'), or linode.wait(): a status does not refresh itself here"


class Found(NamedTuple):
    """An old call in a file."""

    line: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.line}: {self.old} -> {self.new}"


def search(source: str, *, everywhere: bool = False) -> list[Found]:
    """The old calls in *source*, in the order of its lines; none in a file that does not import linode_api4.

    *everywhere*: also in a file without the import, to which objects may come from others. Raises SyntaxError.
    """
    tree = ast.parse(source)
    if not everywhere and not any(_imports(node) for node in ast.walk(tree)):
        return []
    searcher = _Searcher(table())
    searcher.visit(tree)
    return sorted(set(searcher.found))


def _imports(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(each.name.partition(".")[0] == PACKAGE for each in node.names)
    return isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE


class _Searcher(ast.NodeVisitor):
    """Walks a module; ``kinds`` are the old classes of its variables, with ``*`` for lists of such objects."""

    def __init__(self, rows: Table) -> None:
        self.rows = rows
        self.found: list[Found] = []
        self.kinds: dict[str, str] = {}
        self.imported: dict[str, str] = {}
        """Local names of what is imported from linode_api4."""
        self.modules: set[str] = set()
        """Local names of linode_api4 itself."""

    def _report(self, node: ast.AST, old: str, new: New | str) -> None:
        self.found.append(Found(getattr(node, "lineno", 0), old, str(new)))

    # -- imports -------------------------------------------------------------------------------------------------------

    def visit_Import(self, node: ast.Import) -> None:
        for each in node.names:
            if each.name.partition(".")[0] == PACKAGE:
                self.modules.add((each.asname or each.name).partition(".")[0])
                self._report(node, f"import {each.name}", "import linode")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if not _imports(node):
            return
        for each in node.names:
            self.imported[each.asname or each.name] = each.name
            self._report(each, f"from {node.module} import {each.name}", self._imported_as(each.name))

    def _imported_as(self, name: str) -> str:
        if name == "*":
            return "import the names that are used"
        new = self.rows.names.get(name)
        if new is None:
            return "not in the table: options are dicts in the API's form; other names may be in linode too"
        note = f" ({new.note})" if new.note else ""
        return f"from linode import {new.call}{note}" if new.call else str(new)

    # -- classes of expressions ----------------------------------------------------------------------------------------

    def _class(self, node: ast.AST) -> str | None:
        """The old class that the expression *node* names."""
        if isinstance(node, ast.Name):
            name = self.imported.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self.modules:
            name = node.attr
        else:
            return None
        return name if name in self.rows.classes or name in CLIENTS else None

    def _kind(self, node: ast.AST | None) -> str | None:
        """The old class of the value of the expression *node*; with ``*``, of the objects in the list that it is."""
        if isinstance(node, (ast.Name, ast.Attribute)):
            known = self.kinds.get(ast.unparse(node))
            if known is None and isinstance(node, ast.Attribute) and (owner := self._kind(node.value)):
                known = self.rows.returns.get(f"{owner}.{node.attr}")
            return known
        if isinstance(node, ast.Subscript):
            listed = self._kind(node.value)
            return listed[:-1] if listed and listed.endswith("*") and not isinstance(node.slice, ast.Slice) else listed
        return self._result(node) if isinstance(node, ast.Call) else None

    def _result(self, node: ast.Call) -> str | None:
        """The old class of the result of the call *node*."""
        if (made := self._class(node.func)) is not None:
            return made
        if not isinstance(node.func, ast.Attribute):
            return None
        if node.func.attr == "load" and node.args:
            return self._class(node.args[0])
        owner = self._kind(node.func.value)
        if owner and owner.endswith("*") and node.func.attr in ("first", "last", "only"):
            return owner[:-1]
        if owner and owner not in CLIENTS:
            return self.rows.returns.get(f"{owner}.{node.func.attr}")
        group, method = self._called(node.func)
        return self.rows.returns.get(f"{group}.{method}")

    def _called(self, node: ast.Attribute) -> tuple[str, str]:
        """The group and the method that a call of *node* would call, whatever its receiver is."""
        if isinstance(node.value, ast.Attribute) and node.attr in self.rows.groups.get(node.value.attr, {}):
            return node.value.attr, node.attr
        return node.attr, "()"

    def _learn(self, target: ast.AST, kind: str | None) -> None:
        """Let the variable *target* have the class *kind*; of a tuple, its first one."""
        if isinstance(target, (ast.Tuple, ast.List)) and target.elts:
            self._learn(target.elts[0], kind)
            for each in target.elts[1:]:
                self._learn(each, None)
        elif isinstance(target, (ast.Name, ast.Attribute)):
            self.kinds.pop(ast.unparse(target), None)
            if kind is not None:
                self.kinds[ast.unparse(target)] = kind

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._learn(target, self._kind(node.value))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        self._learn(node.target, self._kind(node.value) or self._class(node.annotation))

    def visit_arg(self, node: ast.arg) -> None:
        if node.annotation is not None and (kind := self._class(node.annotation)):
            self.kinds[node.arg] = kind
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self._learn(node.target, (self._kind(node.iter) or "").removesuffix("*") or None)
        for each in (*node.body, *node.orelse):
            self.visit(each)

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self._learn(item.optional_vars, self._kind(item.context_expr))
        for each in node.body:
            self.visit(each)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name and node.type is not None and (kind := self._class(node.type)):
            self.kinds[node.name] = kind
        self.generic_visit(node)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        for each in node.generators:
            self.visit(each.iter)
            self._learn(each.target, (self._kind(each.iter) or "").removesuffix("*") or None)
        self.generic_visit(node)

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehension  # noqa: N815 - ast's names

    # -- calls ---------------------------------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and self._may_be_a_client(node.func.value):
            name = node.func.attr
            if "()" in self.rows.groups.get(name, {}):
                self._report(node.func, f"{ast.unparse(node.func)}()", self.rows.groups[name]["()"])
            elif name == "load" and node.args and (cls := self._class(node.args[0])):
                self._report(node.func, f"{ast.unparse(node.func)}({cls}, ...)", self._loaded(node, cls))
            elif name in self.rows.client:
                self._report(node.func, ast.unparse(node.func), self.rows.client[name])
        self.generic_visit(node)

    def _loaded(self, node: ast.Call, cls: str) -> New:
        """The object of the old class *cls* that ``load`` in *node* reads."""
        receiver = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else "client"
        arguments = ", ".join([receiver, *(ast.unparse(each) for each in node.args[1:])])
        return New(f"{self.rows.names[cls].call}({arguments})", self.rows.client["load"].note)

    def visit_While(self, node: ast.While) -> None:
        for each in ast.walk(node.test):
            if isinstance(each, ast.Attribute) and each.attr == "status":
                self._report(node, f"while {ast.unparse(node.test)}", WAITED)
                break
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id in self.modules and node.attr in self.rows.names:
            self._report(node, ast.unparse(node), self.rows.names[node.attr])
            return
        group, method = self._called(node)
        kind = self._kind(node.value)
        if method != "()" and kind is None and self._owner_of_a_group(node.value):
            self._report(node, ast.unparse(node), self.rows.groups[group][method])
            return
        named = self._class(node.value)
        for new in self._news(kind or named, node.attr):
            self._report(node, ast.unparse(node), new)

    def _owner_of_a_group(self, node: ast.expr) -> bool:
        """Whether *node*, an attribute with the name of a group, may be that of a client."""
        return isinstance(node, ast.Attribute) and self._kind(node.value) in (None, *CLIENTS)

    def _may_be_a_client(self, node: ast.expr) -> bool:
        kind = self._kind(node)
        if kind is not None:
            return kind in CLIENTS
        words = ast.unparse(node).lower().replace("_", ".").split(".")
        return isinstance(node, (ast.Name, ast.Attribute)) and words[-1] in ("client", "api", "linodeclient")

    def _news(self, kind: str | None, name: str) -> Iterator[New]:
        """The rows for the member *name* of an object of the class *kind* (None: unknown) that make code change."""
        if kind in CLIENTS:
            return
        found = self._rows(kind, name)
        yield from dict.fromkeys(each for each in found if each.differs(name))

    def _rows(self, kind: str | None, name: str) -> Iterable[New]:
        classes = self.rows.classes
        if kind is not None:
            places = ("PaginatedList",) if kind.endswith("*") else (kind, "Base")
            return [next((classes[each][name] for each in places if name in classes.get(each, {})), New(name, ""))]
        if "_" not in name.strip("_") and name not in TELLING and name not in ("_api_get", "_raw_json"):
            return ()
        return [members[name] for members in classes.values() if name in members]
