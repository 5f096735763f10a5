"""Converts a class to its async form: ``async def`` for each verb, without the members that only sync code has."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator, Sequence

from source import FOR_DECLARATIONS, bases_of, decorators, defined, flat

VERBS = {"action", "deprecated_action", "flow", "_verb"}
UNSEEN = {"redact_tracebacks", "checks_options", "takes_filters"}
"""Decorators that change nothing for type checkers."""
RESULTS = ("Call", "Steps", "Flow")
KINDS_OF_FIELD = (
    "Field",
    "Many",
    "DeprecatedMany",
    "IDField",
    "IDsField",
    "Nested",
    "Parent",
    "ReadOnly",
    "Ref",
    "RefField",
)
SYNC_ONLY = {*dir(Sequence), "__bool__", "__reversed__"} - {*dir(object)}
"""Members of a list that need no ``await``."""
INTERNAL = {
    "__init_subclass__",
    "__set_name__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
    "__repr__",
    "__hash__",
    "__eq__",
}


def awaited_class(node: ast.ClassDef) -> ast.ClassDef:
    """The class *node* as its async users see it."""
    seen = copy.deepcopy(node)
    seen.bases = [each for each in seen.bases if ast.unparse(each).partition("[")[0] != "Sequence"]
    seen.body = list(_body(copy.deepcopy(node))) or [ast.Expr(ast.Constant(...))]
    return seen


def has_verbs(node: ast.ClassDef) -> bool:
    """Whether the class *node* itself, not counting what it names, differs when it is awaited."""
    verbs = _own_verbs(node)
    return any(_is_verb(each, verbs) for each in flat(node.body)) or bool(_awaited_only(node))


def _body(node: ast.ClassDef) -> Iterator[ast.stmt]:
    """The members that async users see, each with its docstring."""
    verbs = _own_verbs(node)
    told = {each.name: _doc(each) for each in _functions(node) if "overload" not in decorators(each)}
    overloaded = {each.name for each in _functions(node) if "overload" in decorators(each)}
    only = _awaited_only(node)
    shown = True
    for each in flat(node.body):
        if isinstance(each, ast.Expr):
            if shown:
                yield each
            continue
        shown = _is_shown(node, each)
        if not shown or ("__aiter__" in only and each.name == "__iter__"):
            shown = False
        elif not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield _declared(each)
        elif "overload" in decorators(each):
            doc = _doc(each) or told.get(each.name, [])
            yield _as_stub(each, doc, awaits=not each.name.startswith("__"))
        elif each.name not in overloaded:
            yield _as_stub(each, _doc(each), awaits=_is_verb(each, verbs))
    for each in only.values():
        yield _as_stub(_iterating(each), _doc(each), awaits=False)


def _functions(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [each for each in flat(node.body) if isinstance(each, ast.FunctionDef)]


def _own_verbs(node: ast.ClassDef) -> set[str]:
    """The verbs that an ``else`` of ``if TYPE_CHECKING`` makes by hand: ``load = action(_loading)``."""
    behind = [each for branch in node.body if isinstance(branch, ast.If) for each in branch.orelse]
    made = [each for each in behind if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call)]
    return {name for each in made if ast.unparse(each.value.func) in VERBS for name in defined(each)}


def _awaited_only(node: ast.ClassDef) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The members under ``if not TYPE_CHECKING``, which are for async code."""
    hidden = [
        each
        for branch in node.body
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "not TYPE_CHECKING"
        for each in branch.body
    ]
    return {each.name: each for each in hidden if getattr(each, "name", "") in ("__aiter__", "__await__")}


def _is_verb(node: ast.stmt, verbs: Iterable[str]) -> bool:
    if not isinstance(node, ast.FunctionDef) or node.name.startswith("__"):
        return False
    return bool(decorators(node) & VERBS) or node.name in verbs or "overload" in decorators(node)


def _is_shown(owner: ast.ClassDef, node: ast.stmt) -> bool:
    """Whether users of the class *owner* see this member."""
    names = defined(node)
    if not names or (isinstance(node, ast.Assign) and not isinstance(node.value, ast.Name)):
        return False  # what a declaration tells the library: path = "/volumes/{id}"
    name = names[0]
    if owner.name == "BaseClient" or name in FOR_DECLARATIONS | INTERNAL:
        return False
    if "Sequence" in bases_of(owner) and name in SYNC_ONLY:
        return False
    return not name.startswith("_") or name.startswith("__")


def _declared(node: ast.stmt) -> ast.stmt:
    """A field: its annotation says all that a type checker asks for."""
    if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).partition("[")[0] in KINDS_OF_FIELD:
        node.value = None
    return node


def _doc(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """The docstring of *node* as a body."""
    return node.body[:1] if ast.get_docstring(node) else []


def _iterating(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.FunctionDef:
    """An async generator as a stub declares it: a plain function that returns an iterator."""
    return ast.FunctionDef(node.name, node.args, node.body, node.decorator_list, node.returns, lineno=0)


def _as_stub(
    node: ast.FunctionDef | ast.AsyncFunctionDef, doc: list[ast.stmt], *, awaits: bool
) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """*node* without what it does."""
    if node.returns is None and node.name != "__init__":
        raise SystemExit(f"{node.name} at line {node.lineno} says nothing of what it returns; the stub needs it")
    node.args.defaults = [_default(each) for each in node.args.defaults]
    node.args.kw_defaults = [each and _default(each) for each in node.args.kw_defaults]
    kept = [seen for each in node.decorator_list if (seen := _decorator(each))]
    kind = ast.AsyncFunctionDef if awaits or isinstance(node, ast.AsyncFunctionDef) else ast.FunctionDef
    returns = _result(node.returns) if awaits else node.returns
    return kind(node.name, node.args, doc or [ast.Expr(ast.Constant(...))], kept, returns, lineno=0)


def _decorator(node: ast.expr) -> ast.expr | None:
    """The decorator *node* as async users see it."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "deprecated_action":
        return ast.Call(ast.Name("deprecated"), node.args, [])
    return None if ast.unparse(node) in {*VERBS, *UNSEEN} else node


def _default(node: ast.expr) -> ast.expr:
    """The default *node* if a reader can do something with it; what is a name or a call means nothing in a stub."""
    return node if isinstance(node, ast.Constant) else ast.Constant(...)


def _result(annotation: ast.expr | None) -> ast.expr | None:
    """The result type of a flow: T for ``Call[T]``, ``Steps[T]`` and so on."""
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) in RESULTS:
        return annotation.slice
    return annotation
