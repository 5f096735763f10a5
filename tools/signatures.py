"""Declarations as users see them: the types of fields, and the signatures of verbs and constructors."""

from __future__ import annotations

import ast
import copy
import functools
import re
from collections.abc import Iterator

from make_contents import public
from source import Module, bases_of, defined, home_of

GIVEN = ("EventStream", "Job", "ResourceList")
"""Classes whose objects users get, and do not make."""
DATETIME = re.compile(r"(?<![\w.])(dt\.)?datetime(?![\w.])")
RESULTS = ("Call", "Steps", "_Exchange")


@functools.cache
def _public() -> frozenset[str]:
    return frozenset(public())


class _Seen(ast.NodeTransformer):
    """Types as users see them: those without a public name written out, and bounds left out."""

    def __init__(self, aliases: dict[str, ast.expr]) -> None:
        self.aliases = aliases

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.visit(copy.deepcopy(self.aliases[node.id])) if node.id in self.aliases else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if ast.unparse(node.value) == "Annotated":
            return self.visit(node.slice.elts[0])
        seen = self.generic_visit(node)
        if ast.unparse(node.value) == "Literal" and isinstance(node.slice, ast.Tuple):  # words that have a name
            node.slice.elts = [word for each in node.slice.elts for word in _words(each)]
        return seen


def _words(node: ast.expr) -> list[ast.expr]:
    """The words of *node*: those of a Literal, or a word itself."""
    return getattr(node.slice, "elts", [node.slice]) if isinstance(node, ast.Subscript) else [node]


def seen(node: ast.expr | None, module: Module) -> str:
    """The type *node* as users see it."""
    if node is None:
        return ""
    aliases: dict[str, ast.expr] = {}
    for name in {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} - _public():
        home = home_of(module, name)
        if name in home.aliases:
            aliases[name] = ast.parse(seen(home.aliases[name][0], home), mode="eval").body
    # Whole names: `datetime` alone is also a field, to which the site would link.
    return DATETIME.sub("datetime.datetime", ast.unparse(_Seen(aliases).visit(copy.deepcopy(node))))


def signature(module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef, *, bound: bool = True) -> str:
    """The signature of *node*, as its callers see it."""
    arguments = copy.deepcopy(node.args)
    if bound:
        del (arguments.posonlyargs or arguments.args)[0]
    for each in ast.walk(arguments):
        if isinstance(each, ast.arg) and each.annotation:
            each.annotation = ast.parse(seen(each.annotation, module), mode="eval").body
    result = node.returns
    if isinstance(result, ast.Subscript) and ast.unparse(result.value) in RESULTS:
        result = result.slice
    shown = seen(result, module)
    return f"({ast.unparse(arguments)})" + (f" -> {shown}" if shown else "")


def is_exception(module: Module, node: ast.ClassDef) -> bool:
    bases = bases_of(node)
    return "Exception" in bases or any(
        is_exception(module, module.classes[base]) for base in bases if base in module.classes
    )


def constant(node: ast.ClassDef, name: str) -> object:
    """The value of a class attribute such as ``path = "/volumes/{id}"``; None if there is none."""
    for each in node.body:
        if isinstance(each, (ast.Assign, ast.AnnAssign)) and each.value and name in defined(each):
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


def constructed(node: ast.ClassDef, module: Module) -> str:
    """The signature of the constructor; empty for a class that users do not create."""
    bases = bases_of(node)
    if path := constant(node, "path"):
        *parents, id = re.findall(r"{(\w+)}", str(path)) or [""]
        names = ["client", *([id] if id else []), *reversed(parents)]
        return "" if "Entry" in bases else f"({', '.join(names)})"
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            return "" if node.name in GIVEN else signature(module, each).partition(" -> ")[0]
    if "NamedTuple" in bases or any("dataclass" in ast.unparse(each) for each in node.decorator_list):
        return f"({', '.join(parameters(node, module))})"
    return ""


def parameters(node: ast.ClassDef, module: Module) -> Iterator[str]:
    """The parameters of the constructor of a NamedTuple or a dataclass."""
    for each in node.body:
        if isinstance(each, ast.AnnAssign):
            shown = seen(each.annotation, module)
            value = ast.unparse(each.value) if each.value else ""
            if isinstance(each.value, ast.Call) and ast.unparse(each.value.func) == "field":
                said = {word.arg: ast.unparse(word.value) for word in each.value.keywords}
                if said.get("init") == "False":
                    continue
                value = f"{said['default_factory']}()" if "default_factory" in said else said.get("default", "")
            yield "*" if shown == "KW_ONLY" else f"{each.target.id}: {shown}" + (f" = {value}" if value else "")
