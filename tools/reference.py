"""The contents of the reference: every public name with its docstring, a page for each family, read from the source.

It shows the names as users see them: a field with the type of its value and whether it can be set, a verb with its
result; a type without a public name is written out. Nothing is imported, so building the site needs none of the
library's dependencies.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from async_classes import VERBS
from make_contents import PUBLIC_OF_MODEL, public
from member_texts import text_of
from signatures import constant, constructed, is_exception, key_names, seen, signature
from source import (
    FOR_DECLARATIONS,
    Module,
    apart,
    bases_of,
    decorators,
    families,
    flat,
    home_of,
    is_dict,
    module_named,
    with_docs,
)

CORE = {
    "clients": ("Clients", ["client"]),
    "logging-in": ("Logging in", ["login", "oauth"]),
    "metadata": ("Metadata service", ["metadata"]),
    "objects": ("Objects, lists and filters", ["_model"]),
    "errors": ("Errors", ["errors"]),
    "sandbox": ("The sandbox", ["sandbox"]),
    "progress-bars": ("Progress bars", ["progress"]),
}
"""The pages beside the families': their titles and modules."""
WITH_NAMES_OF_THEIR_OWN = ("sandbox", "progress")
SETTABLE = ("Field", "IDField", "IDsField", "RefField")
FACTS = {"wait_status", "wait_timeout"}
"""Attributes of classes that the reference shows as facts of each class."""
FIELDS = (*SETTABLE, "ReadOnly", "Ref", "Nested", "Many", "DeprecatedMany", "Parent")
PAGES = ast.literal_eval(module_named("_operations").definitions["PAGES"].value)


@dataclass(frozen=True)
class Entry:
    """A public name with its docstring. ``kind`` is the directive that shows it."""

    name: str
    kind: str
    doc: str
    signatures: tuple[str, ...] = ("",)
    options: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    """Names of pages of the API's reference."""
    members: tuple[Entry, ...] = ()
    home: str = "linode"
    """The module that it is imported from."""

    @property
    def full_name(self) -> str:
        return f"{self.home}.{self.name}"


@dataclass(frozen=True)
class Page:
    """A page of the reference."""

    name: str
    title: str
    intro: str
    entries: tuple[Entry, ...]
    """Classes, functions and types."""
    of_clients: tuple[Entry, ...]
    """The members that a family adds to a client."""


class Reader:
    """Reads the entries of modules."""

    def __init__(self) -> None:
        self.public = set(public())

    # -- names of a module ---------------------------------------------------------------------------------------

    def entries(self, name: str) -> Iterator[Entry]:
        """The public names of the module *name*, then those classes whose dicts its options are made of."""
        module = module_named(name)
        home = f"linode.{name}" if name in WITH_NAMES_OF_THEIR_OWN else "linode"
        names = list(PUBLIC_OF_MODEL) if name == "_model" else module.listed
        names.sort(key=lambda each: getattr(module.classes.get(each), "lineno", sys.maxsize))
        for each in names:
            if not each.endswith("Mixin"):
                yield replace(self.entry(home_of(module, each), each), home=home)
        for each, node in module.classes.items():
            if not each.startswith("_") and each not in names and "TypedDict" in bases_of(node):
                yield replace(self.entry(module, each), home=f"linode.{name}")

    def entry(self, module: Module, name: str) -> Entry:
        if name in module.classes:
            return self.of_class(module, module.classes[name])
        if name in module.aliases:
            value, doc = module.aliases[name]
            return Entry(name, "type", doc, options={"canonical": seen(value, module)})
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                return self.of_function(module, node, "function")
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.targets[0].id == name:
                return Entry(name, "class", f"Another name of `{node.value.id}`.")
        raise SystemExit(f"{module.path} does not define {name}")

    def of_class(self, module: Module, node: ast.ClassDef) -> Entry:
        said = inspect.cleandoc(ast.get_docstring(node) or "")
        members = {each.name: each for each in self.members(module, node)}
        return Entry(
            node.name,
            "exception" if is_exception(module, node) else "class",
            said,
            (constructed(node, module),),
            facts=self.facts(node),
            pages=pages_of(node.name),
            members=tuple(members.values()),
        )

    def facts(self, node: ast.ClassDef) -> dict[str, str]:
        """Facts in the declaration of a class: its path, scope, wait and filters."""
        found: dict[str, str] = {}
        if shown := [base for base in bases_of(node) if base in self.public and base != "Resource"]:
            found["kind of"] = ", ".join(f"`{base}`" for base in shown)
        if path := constant(node, "path"):
            found["path"] = f"``{path}``" + (" (v4beta)" if constant(node, "beta") else "")
        if scope := constant(node, "scope"):
            found["scope"] = f"``{scope}``"
        if constant(node, "public"):
            found["public"] = "reading it needs no token"
        if "Waitable" in bases_of(node):
            base = module_named("waiting.waitable").classes["Waitable"]
            status, seconds = (constant(node, each) or constant(base, each) for each in ("wait_status", "wait_timeout"))
            found["wait"] = f"for ``{status}``, {seconds} seconds at most"
        if keys := constant(node, "filterable"):
            names = key_names(node)
            found["filters"] = ", ".join(f"``{names.get(key, key)}``" for key in keys)
        return found

    # -- members of a class --------------------------------------------------------------------------------------

    def members(self, module: Module, node: ast.ClassDef) -> Iterator[Entry]:
        """The members of *node* and of its bases without a public name: fields first, `Waitable.wait` last."""
        bases = [(home_of(module, name), name) for name in bases_of(node)]
        for home, name in bases:
            in_room = home.name.startswith("_model") == module.name.startswith("_model")
            shown = name not in self.public or (name in home.classes and is_dict(home, home.classes[name]))
            if in_room and name in home.classes and shown and name != "Waitable":
                yield from self.members(home, home.classes[name])
        yield from self.own_members(module, node)
        for home, name in bases:
            if name == "Waitable":
                yield from self.members(home, home.classes[name])

    def own_members(self, module: Module, node: ast.ClassDef) -> Iterator[Entry]:
        body = [each for each in flat(node.body) if not is_setter(each)]
        overloads: dict[str, list[ast.FunctionDef]] = {}
        known: dict[str, Entry] = {}
        for each, doc in with_docs(apart(body)):
            found: Entry | None = None
            if isinstance(each, ast.AnnAssign):
                found = self.of_field(module, node, each, doc)
            elif isinstance(each, ast.Assign) and isinstance(each.value, ast.Name) and each.value.id in known:
                same = known[each.value.id]
                found = replace(same, name=each.targets[0].id, doc=doc or f"Another name of `{same.name}`.")
            elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)) and each.name == "__init__":
                yield from self.set_at_birth(module, each)
            elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if "overload" in decorators(each):
                    overloads.setdefault(each.name, []).append(each)
                    continue
                found = self.of_function(module, each, "method", overloads.get(each.name, []))
            if found and not found.name.startswith("_") and found.name not in FOR_DECLARATIONS | FACTS:
                known[found.name] = found
                yield replace(found, pages=pages_of(f"{node.name}.{found.name}"))

    def of_field(self, module: Module, owner: ast.ClassDef, node: ast.AnnAssign, doc: str) -> Entry | None:
        """A field of a resource, a member of a dict, or a documented attribute of any class."""
        annotation, options = node.annotation, {}
        wrapper = ast.unparse(annotation.value) if isinstance(annotation, ast.Subscript) else ""
        if wrapper in FIELDS or is_dict(module, owner):
            doc = doc or text_of(module, owner, node)
        elif not doc:
            return None
        shown = seen(annotation.slice if wrapper in FIELDS else annotation, module)
        if wrapper in ("Many", "DeprecatedMany"):
            shown = f"ResourceList[{shown}]"
        options["type"] = shown.removeprefix("Required[").removesuffix("]") if "Required[" in shown else shown
        note = " *Can be set.*" if wrapper in SETTABLE and doc else ""
        return Entry(ast.unparse(node.target), "attribute", doc + note, options=options)

    def set_at_birth(self, module: Module, node: ast.FunctionDef) -> Iterator[Entry]:
        """The attributes that ``__init__`` sets and documents."""
        for each, doc in with_docs(node.body):
            target = getattr(each, "target", None) or getattr(each, "targets", [None])[0]
            if doc and isinstance(target, ast.Attribute) and not target.attr.startswith("_"):
                shown = seen(getattr(each, "annotation", None), module)
                yield Entry(target.attr, "attribute", doc, options={"type": shown} if shown else {})

    def of_function(
        self,
        module: Module,
        node: ast.FunctionDef | ast.AsyncFunctionDef,
        kind: str,
        overloads: Iterable[ast.FunctionDef] = (),
    ) -> Entry:
        doc = inspect.cleandoc(ast.get_docstring(node) or "")
        marks = decorators(node)
        if marks & {"property", "cached_property"}:
            return Entry(node.name, "property", doc, options={"type": seen(node.returns, module)})
        options = {mark: "" for mark in ("classmethod", "staticmethod") if mark in marks}
        if isinstance(node, ast.AsyncFunctionDef):
            options["async"] = ""
        bound = kind == "method" and "staticmethod" not in marks
        signatures = tuple(signature(module, each, bound=bound) for each in [*overloads] or [node])
        if marks & VERBS:
            doc += " *Awaited.*" if "\n" not in doc else "\n\n*Awaited.*"
        return Entry(node.name, kind, doc, signatures, options)

    # -- pages ---------------------------------------------------------------------------------------------------

    def pages(self) -> list[Page]:
        """All pages: those of the core, then a page a family."""
        found = [self.page(name, title, modules) for name, (title, modules) in CORE.items()]
        return found + [self.page(stem.replace("_", "-"), "", each) for stem, each in family_pages().items()]

    def page(self, name: str, title: str, modules: list[str]) -> Page:
        entries = sorted((entry for each in modules for entry in self.entries(each)), key=standing)
        mixed = [entry for each in modules for entry in self.of_mixins(module_named(each))]
        intro = module_named(modules[0]).intro
        title = title or family_title(name, intro)
        if intro.startswith(f"{title}: "):
            intro = intro[len(title) + 2 :]
            intro = intro[0].upper() + intro[1:]
        return Page(name, title, intro, tuple(entries), tuple(mixed))

    def of_mixins(self, module: Module) -> Iterator[Entry]:
        """The members that the mixins of *module* add to a client."""
        for name, node in module.classes.items():
            if name.endswith("Mixin"):
                for each in self.members(module, node):
                    yield replace(each, name=f"LinodeClient.{each.name}")


def pages_of(name: str) -> tuple[str, ...]:
    """The pages of the API's reference for a class, a method or a list."""
    return tuple(PAGES.get(name, "").split())


def is_setter(node: ast.stmt) -> bool:
    """Whether *node* sets a property, which has an entry already."""
    return isinstance(node, ast.FunctionDef) and f"{node.name}.setter" in decorators(node)


def standing(entry: Entry) -> int:
    """Resources come first on a page, what has no public name last."""
    return 0 if "path" in entry.facts else 1 if entry.home.count(".") < 2 else 2


def family_pages() -> dict[str, list[str]]:
    """The modules of each family: a file, or those of a package."""
    found: dict[str, list[str]] = {}
    for module in families():
        room, _, rest = module.partition(".")
        found.setdefault(rest.partition(".")[0] if room == "api" else room, []).append(module)
    return dict(sorted(found.items()))


def family_title(name: str, intro: str) -> str:
    """The title of a family's page: its name, spelt as its module spells it."""
    words = name.replace("-", " ")
    if intro.lower().startswith(words):
        return intro[: len(words)]
    return words.upper() if len(words) == 3 else words.capitalize()  # IAM, LKE, NFS
