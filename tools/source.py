"""The package as it is written: its modules, their classes, and where each name comes from. Nothing is imported."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "linode"
FOR_DECLARATIONS = {"id_key", "awaited"}
"""Members of resources and clients that families are declared with; users do not call them."""


class Module:
    """A module of the package."""

    def __init__(self, name: str) -> None:
        file = PACKAGE / (name.replace(".", "/"))
        self.name = name
        self.path = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
        self.tree = ast.parse(self.path.read_text())
        self.intro = (ast.get_docstring(self.tree) or "").partition("\n\n")[0]

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        return {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}

    @cached_property
    def aliases(self) -> dict[str, tuple[ast.expr, str]]:
        """The types that have a name here, with their docstrings."""
        found = {}
        for node, doc in with_docs(self.tree.body):
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias" and node.value:
                found[node.target.id] = (node.value, doc)
            elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Literal["):
                found[node.targets[0].id] = (node.value, doc)
        return found

    @cached_property
    def definitions(self) -> dict[str, ast.stmt]:
        """The statements that define a name at the top level."""
        return {name: node for node in flat(self.tree.body) for name in defined(node)}

    @cached_property
    def imports(self) -> dict[str, tuple[str, ast.alias]]:
        """The imports by the name that they bind: the module, and what is imported from it.

        A module of the package is named without ``linode.`` in front, another one with a leading ``/``. The module of
        a plain ``import`` is empty.
        """
        found: dict[str, tuple[str, ast.alias]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found.update((each.asname or each.name, ("", each)) for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                home = self._home(node) or f"/{node.module}"
                found.update((each.asname or each.name, (home, each)) for each in node.names)
        return found

    @cached_property
    def imported(self) -> dict[str, str]:
        """The modules of the package that names here come from."""
        return {name: home for name, (home, _) in self.imports.items() if home and not home.startswith("/")}

    @cached_property
    def listed(self) -> list[str]:
        """The public names: those in ``__all__``, or else classes, other names of them, and types with a docstring."""
        if "__all__" in self.definitions:
            return [str(each) for each in ast.literal_eval(self.definitions["__all__"].value)]
        others = [name for name, node in self.definitions.items() if getattr(_value(node), "id", "") in self.classes]
        types = [name for name, (_, doc) in self.aliases.items() if doc]
        return [name for name in (*self.classes, *others, *types) if not name.startswith("_")]

    def _home(self, node: ast.ImportFrom) -> str:
        """The module of the package that *node* imports from; nothing for another package's."""
        if not node.level:
            return node.module.removeprefix("linode.") if node.module.startswith("linode.") else ""
        parts = self.name.split(".")
        package = parts if self.path.name == "__init__.py" else parts[:-1]
        return ".".join(filter(None, [*package[: len(package) - node.level + 1], node.module]))


@functools.cache
def module_named(name: str) -> Module:
    """The module *name* of the package, such as ``api.volumes``."""
    return Module(name)


def home_of(home: Module, name: str) -> Module:
    """The module where *name*, which the module *home* has, is written."""
    while name not in home.definitions and name in home.imported:
        home = module_named(home.imported[name])
    return home


def families() -> tuple[str, ...]:
    """The modules that declare what Linode offers, and those of verbs that are for all of it."""
    return modules_in("api") + modules_in("waiting") + ("ensure",)


@functools.cache
def modules_in(room: str) -> tuple[str, ...]:
    """The modules below the package *room*."""
    files = [path for path in (PACKAGE / room).rglob("*.py") if path.stem != "__init__"]
    return tuple(sorted(".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in files))


def _value(node: ast.stmt) -> ast.expr | None:
    """The value of a plain assignment."""
    return node.value if isinstance(node, ast.Assign) else None


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement of a module or a class defines."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.Assign):
        return [each.id for each in node.targets if isinstance(each, ast.Name)]
    return []


def flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of *body*, with those that only type checkers see."""
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from node.body
        elif not isinstance(node, ast.If):
            yield node


def apart(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of *body*; each field of a row ``sda = sdb = Field[X]()`` as ``sda: Field[X]``."""
    for node in body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Subscript)
        ):
            yield from (ast.AnnAssign(target, node.value.func, None, simple=1) for target in node.targets)
        else:
            yield node


def with_docs(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """The statements of *body*, each with the docstring that stands under it."""
    body = list(body)
    for node, after in zip(body, [*body[1:], None], strict=True):
        said = getattr(getattr(after, "value", None), "value", None) if isinstance(after, ast.Expr) else None
        yield node, inspect.cleandoc(said) if isinstance(said, str) else ""


def decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The names of the decorators of *node*, without their arguments."""
    return {ast.unparse(each).partition("(")[0] for each in node.decorator_list}


def bases_of(node: ast.ClassDef) -> list[str]:
    return [ast.unparse(base).partition("[")[0] for base in node.bases]


def derives(module: Module, node: ast.ClassDef, root: str) -> bool:
    """Whether the class *node* of *module* has *root* among its bases, and theirs."""
    bases = bases_of(node)
    return root in bases or any(
        derives(home, home.classes[base], root) for base in bases if base in (home := home_of(module, base)).classes
    )


def is_dict(module: Module, node: ast.ClassDef) -> bool:
    """Whether *node* is a TypedDict: its members are those of its bases too, public or not."""
    return derives(module, node, "TypedDict")
