"""What the reference says: every public name with its docstring, a page a family, from the modules' own source.

It shows what users see: a field is what it gives and whether it can be set, a verb returns what its call is answered
with, and what has no public name is written out. Nothing is imported, so the site needs none of the library's parts.
"""

from __future__ import annotations

import ast
import copy
import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from make_contents import PACKAGE, PUBLIC_OF_MODEL, families, listed

CORE = {
    "clients": ("Clients", ["client"]),
    "logging-in": ("Logging in", ["login"]),
    "objects": ("Objects, lists and filters", ["_model"]),
    "errors": ("Errors", ["errors"]),
    "sandbox": ("The sandbox", ["sandbox"]),
    "progress-bars": ("Progress bars", ["progress"]),
}
"""The pages beside the families': their titles and modules."""
WITH_NAMES_OF_THEIR_OWN = ("sandbox", "progress")
GIVEN = ("EventStream", "Job", "ResourceList")
"""Classes whose objects users get, and do not make."""
RESULTS = ("Call", "Steps", "_Exchange")
SETTABLE = ("Field", "RefField")
FIELDS = (*SETTABLE, "ReadOnly", "Ref", "Nested", "Many", "Parent")
OF_EACH_FIELD = {"ConfigDevices": "The disk or volume in slot ``{}``; None when it is empty."}
"""What is said, by the class, of fields that are too many and too much alike for a docstring each."""
FOR_DECLARATIONS = {"post", "updated_by", "made", "value", "done", "id_key"}


@dataclass(frozen=True)
class Entry:
    """A name and what is said of it. ``kind`` is the directive that shows it."""

    name: str
    kind: str
    doc: str
    signatures: tuple[str, ...] = ("",)
    options: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
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
    """What a family gives to a client."""


class Module:
    """A module of the package, as it is written."""

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
        """The types that have a name here, with what is said of them."""
        found = {}
        for node, doc in with_docs(self.tree.body):
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias" and node.value:
                found[node.target.id] = (node.value, doc)
            elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Literal["):
                found[node.targets[0].id] = (node.value, doc)
        return found

    @cached_property
    def imported(self) -> dict[str, str]:
        """The modules of the package that names here come from."""
        return {
            name.name: home
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and (home := self._home(node))
            for name in node.names
        }

    def _home(self, node: ast.ImportFrom) -> str:
        """The module of the package that *node* imports from; nothing for another package's."""
        if not node.level:
            return node.module.removeprefix("linode.") if node.module.startswith("linode.") else ""
        parts = self.name.split(".")
        package = parts if self.path.name == "__init__.py" else parts[:-1]
        return ".".join(filter(None, [*package[: len(package) - node.level + 1], node.module]))


def with_docs(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """The statements of *body*, each with the docstring that stands under it."""
    body = list(body)
    for node, after in zip(body, [*body[1:], None], strict=True):
        said = getattr(getattr(after, "value", None), "value", None) if isinstance(after, ast.Expr) else None
        yield node, inspect.cleandoc(said) if isinstance(said, str) else ""


class _Seen(ast.NodeTransformer):
    """Types as users see them: those without a public name written out, and bounds left out."""

    def __init__(self, aliases: dict[str, ast.expr]) -> None:
        self.aliases = aliases

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.visit(copy.deepcopy(self.aliases[node.id])) if node.id in self.aliases else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if ast.unparse(node.value) == "Annotated":
            return self.visit(node.slice.elts[0])
        return self.generic_visit(node)


class Reader:
    """Reads the entries of modules."""

    def __init__(self) -> None:
        self.modules: dict[str, Module] = {}
        self.public = set(listed(PACKAGE / "__init__.py"))

    def module(self, name: str) -> Module:
        if name not in self.modules:
            self.modules[name] = Module(name)
        return self.modules[name]

    def home_of(self, module: Module, name: str) -> Module:
        """The module where *name*, which *module* has, is written."""
        while name in module.imported:
            module = self.module(module.imported[name])
        return module

    def seen(self, node: ast.expr | None, module: Module) -> str:
        """The type *node* as users see it."""
        if node is None:
            return ""
        aliases: dict[str, ast.expr] = {}
        for name in {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} - self.public:
            home = self.home_of(module, name)
            if name in home.aliases:
                aliases[name] = ast.parse(self.seen(home.aliases[name][0], home), mode="eval").body
        return ast.unparse(_Seen(aliases).visit(copy.deepcopy(node)))

    # -- names of a module ---------------------------------------------------------------------------------------

    def entries(self, name: str) -> Iterator[Entry]:
        """The public names of the module *name*, then those classes whose dicts its options are made of."""
        module = self.module(name)
        home = f"linode.{name}" if name in WITH_NAMES_OF_THEIR_OWN else "linode"
        names = list(PUBLIC_OF_MODEL) if name == "_model" else listed(module.path)
        names.sort(key=lambda each: getattr(module.classes.get(each), "lineno", sys.maxsize))
        for each in names:
            if not each.endswith("Mixin"):
                yield replace(self.entry(self.home_of(module, each), each), home=home)
        for each, node in module.classes.items():
            if not each.startswith("_") and each not in names and "TypedDict" in bases_of(node):
                yield replace(self.entry(module, each), home=f"linode.{name}")

    def entry(self, module: Module, name: str) -> Entry:
        if name in module.classes:
            return self.of_class(module, module.classes[name])
        if name in module.aliases:
            value, doc = module.aliases[name]
            return Entry(name, "type", doc, options={"canonical": self.seen(value, module)})
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
            (constructed(node, self, module),),
            facts=self.facts(node),
            members=tuple(members.values()),
        )

    def facts(self, node: ast.ClassDef) -> dict[str, str]:
        """What the declaration of a class tells in passing."""
        found: dict[str, str] = {}
        if shown := [base for base in bases_of(node) if base in self.public and base != "Resource"]:
            found["kind of"] = ", ".join(f"`{base}`" for base in shown)
        if path := constant(node, "path"):
            found["path"] = f"``{path}``" + (" (v4beta)" if constant(node, "beta") else "")
        if scope := constant(node, "scope"):
            found["scope"] = f"``{scope}``"
        if constant(node, "public"):
            found["public"] = "reading it needs no token"
        if keys := constant(node, "filterable"):
            names = key_names(node)
            found["filters"] = ", ".join(f"``{names.get(key, key)}``" for key in keys)
        return found

    # -- members of a class --------------------------------------------------------------------------------------

    def members(self, module: Module, node: ast.ClassDef) -> Iterator[Entry]:
        for name in bases_of(node):
            if name in module.classes and (name not in self.public or name.endswith("Options")):
                yield from self.members(module, module.classes[name])
        body = list(flat(node.body))
        overloads: dict[str, list[ast.FunctionDef]] = {}
        known: dict[str, Entry] = {}
        for each, doc in with_docs(body):
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
            if found and not found.name.startswith("_") and found.name not in FOR_DECLARATIONS:
                known[found.name] = found
                yield found

    def of_field(self, module: Module, owner: ast.ClassDef, node: ast.AnnAssign, doc: str) -> Entry | None:
        """A field of a resource, or a documented attribute of any class."""
        annotation, options = node.annotation, {}
        doc = doc or OF_EACH_FIELD.get(owner.name, "").format(ast.unparse(node.target))
        wrapper = ast.unparse(annotation.value) if isinstance(annotation, ast.Subscript) else ""
        if wrapper in FIELDS:
            shown = self.seen(annotation.slice, module)
            options["type"] = f"ResourceList[{shown}]" if wrapper == "Many" else shown
        elif doc or {"TypedDict", "Options"} & {*bases_of(owner)}:
            shown = self.seen(annotation, module)
            options["type"] = shown.removeprefix("Required[").removesuffix("]") if "Required[" in shown else shown
        else:
            return None
        note = " *Can be set.*" if wrapper in SETTABLE and doc else ""
        return Entry(ast.unparse(node.target), "attribute", doc + note, options=options)

    def set_at_birth(self, module: Module, node: ast.FunctionDef) -> Iterator[Entry]:
        """The attributes that ``__init__`` sets and documents."""
        for each, doc in with_docs(node.body):
            target = getattr(each, "target", None) or getattr(each, "targets", [None])[0]
            if doc and isinstance(target, ast.Attribute) and not target.attr.startswith("_"):
                shown = self.seen(getattr(each, "annotation", None), module)
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
            return Entry(node.name, "property", doc, options={"type": self.seen(node.returns, module)})
        options = {mark: "" for mark in ("classmethod", "staticmethod") if mark in marks}
        if isinstance(node, ast.AsyncFunctionDef):
            options["async"] = ""
        bound = kind == "method" and "staticmethod" not in marks
        signatures = tuple(self.signature(module, each, bound=bound) for each in [*overloads] or [node])
        return Entry(node.name, kind, doc, signatures, options)

    def signature(self, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef, *, bound: bool = True) -> str:
        """What *node* takes and gives, as its callers see it."""
        arguments = copy.deepcopy(node.args)
        if bound:
            del (arguments.posonlyargs or arguments.args)[0]
        for each in ast.walk(arguments):
            if isinstance(each, ast.arg) and each.annotation:
                each.annotation = ast.parse(self.seen(each.annotation, module), mode="eval").body
        result = node.returns
        if isinstance(result, ast.Subscript) and ast.unparse(result.value) in RESULTS:
            result = result.slice
        shown = self.seen(result, module)
        return f"({ast.unparse(arguments)})" + (f" -> {shown}" if shown else "")

    # -- pages ---------------------------------------------------------------------------------------------------

    def pages(self) -> list[Page]:
        """All pages: those of the core, then a page a family."""
        found = [self.page(name, title, modules) for name, (title, modules) in CORE.items()]
        return found + [self.page(stem.replace("_", "-"), "", each) for stem, each in family_pages().items()]

    def page(self, name: str, title: str, modules: list[str]) -> Page:
        entries = sorted((entry for each in modules for entry in self.entries(each)), key=standing)
        mixed = [entry for each in modules for entry in self.of_mixins(self.module(each))]
        intro = self.module(modules[0]).intro
        title = title or family_title(name, intro)
        if intro.startswith(f"{title}: "):
            intro = intro[len(title) + 2 :]
            intro = intro[0].upper() + intro[1:]
        return Page(name, title, intro, tuple(entries), tuple(mixed))

    def of_mixins(self, module: Module) -> Iterator[Entry]:
        """What the mixins of *module* give to a client."""
        for name, node in module.classes.items():
            if name.endswith("Mixin"):
                for each in self.members(module, node):
                    yield replace(each, name=f"LinodeClient.{each.name}")


def standing(entry: Entry) -> int:
    """Resources come first on a page, what has no public name last."""
    return 0 if "path" in entry.facts else 1 if entry.home.count(".") < 2 else 2


def flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of *body*, with those that only type checkers see."""
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from node.body
        else:
            yield node


def decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {ast.unparse(each) for each in node.decorator_list}


def bases_of(node: ast.ClassDef) -> list[str]:
    return [ast.unparse(base).partition("[")[0] for base in node.bases]


def is_exception(module: Module, node: ast.ClassDef) -> bool:
    bases = bases_of(node)
    return "Exception" in bases or any(
        is_exception(module, module.classes[base]) for base in bases if base in module.classes
    )


def constant(node: ast.ClassDef, name: str) -> object:
    """What a class says of itself in an assignment like ``path = "/volumes/{id}"``; None when nothing."""
    for each in node.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == name:
            return ast.literal_eval(each.value)
    return None


def key_names(node: ast.ClassDef) -> dict[str, str]:
    """The fields of a class that have another name than their key, by that."""
    found: dict[str, str] = {}
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.value, ast.Call) and each.value.args:
            found.setdefault(ast.literal_eval(each.value.args[0]), ast.unparse(each.target))
        elif isinstance(each, ast.AnnAssign):
            found[ast.unparse(each.target)] = ast.unparse(each.target)
    return found


def constructed(node: ast.ClassDef, reader: Reader, module: Module) -> str:
    """How an object of this class is made; nothing where users make none."""
    bases = bases_of(node)
    if path := constant(node, "path"):
        *parents, id = re.findall(r"{(\w+)}", str(path)) or [""]
        names = ["client", *([id] if id else []), *reversed(parents)]
        return "" if "Entry" in bases else f"({', '.join(names)})"
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            return "" if node.name in GIVEN else reader.signature(module, each).partition(" -> ")[0]
    if "NamedTuple" in bases or any("dataclass" in ast.unparse(each) for each in node.decorator_list):
        return f"({', '.join(parameters(node, reader, module))})"
    return ""


def parameters(node: ast.ClassDef, reader: Reader, module: Module) -> Iterator[str]:
    """What the constructor of a NamedTuple or a dataclass takes."""
    for each in node.body:
        if isinstance(each, ast.AnnAssign):
            shown = reader.seen(each.annotation, module)
            value = ast.unparse(each.value) if each.value else ""
            if isinstance(each.value, ast.Call) and ast.unparse(each.value.func) == "field":
                said = {word.arg: ast.unparse(word.value) for word in each.value.keywords}
                if said.get("init") == "False":
                    continue
                value = f"{said['default_factory']}()" if "default_factory" in said else said.get("default", "")
            yield "*" if shown == "KW_ONLY" else f"{each.target.id}: {shown}" + (f" = {value}" if value else "")


def family_pages() -> dict[str, list[str]]:
    """The modules of each family: a file, or those of a package."""
    found: dict[str, list[str]] = {}
    for module, _ in families():
        room, _, rest = module.partition(".")
        found.setdefault(rest.partition(".")[0] if room == "api" else room, []).append(module)
    return dict(sorted(found.items()))


def family_title(name: str, intro: str) -> str:
    """The title of a family's page: its name, spelt as its module spells it."""
    words = name.replace("-", " ")
    return intro[: len(words)] if intro.lower().startswith(words) else words.capitalize()
