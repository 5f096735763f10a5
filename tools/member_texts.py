"""The text of a member without a docstring: the text of the same member elsewhere, of its type, or of its name.

One idea has one description. These places are looked at in turn:

1. for a member of a dict, the member of the same name of a class that the docstring of the dict names in backticks. A
   method stands for the class that it returns, and ``NewAlertRule`` names ``AlertRule`` without a docstring, too;
2. the docstring of its type, where that is one type alias or one class without a path;
3. `OF_KEYS`, for keys that mean the same everywhere;
4. the field that it is another name of;
5. the words of its name. What a truth value or a number means needs a docstring, because a name has no unit.
"""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Iterator

from source import Module, bases_of, derives, families, home_of, is_dict, module_named, with_docs

__all__ = ["repeats", "text_of"]

OF_KEYS = {
    "url": "Path in the API.",
    "created": "Creation time (UTC).",
    "updated": "Time of the last change (UTC).",
}
"""Texts of keys of which the words say too little."""
CAPITALS = ("HTTP", "ID", "IPv4", "IPv6", "Linode", "MAC", "NodeBalancer", "SLAAC", "URL", "VLAN", "VPC")
WORDS = {
    **{each.lower(): each for each in CAPITALS},
    "config": "configuration",
    "filesystem": "file system",
    "hostname": "host name",
    "sharegroup": "share group",
    "username": "user name",
}
"""Words of names as texts write them, where they differ; the plural has an ``s``."""
NAMED = re.compile(r"(?<![`:\w])`((?:\w+\.)?\w+)`(?!`)")
RECORDS = ("Struct", "TypedDict")
WRAPPERS = ("Field", "ReadOnly", "Nested", "Required")


def text_of(module: Module, owner: ast.ClassDef, member: ast.AnnAssign) -> str:
    """The text of *member*, which has no docstring, in the class *owner* of *module*; empty when nothing tells it."""
    name = ast.unparse(member.target)
    elsewhere = _elsewhere(module, owner, name) if is_dict(module, owner) else ""
    return elsewhere or _alias(owner, member) or _of_itself(module, member)


def _alias(owner: ast.ClassDef, member: ast.AnnAssign) -> str:
    """The text of a second field of the same key: the API of 2016 had other names."""
    key, name = _key(member), ast.unparse(member.target)
    fields = {ast.unparse(each.target) for each in owner.body if isinstance(each, ast.AnnAssign)}
    return f"Alias of `{key}` (the name of 2016)." if key != name and key in fields else ""


def _key(member: ast.AnnAssign) -> str:
    """The JSON key of *member*: its name, or another one that it is declared with, as in ``Ref("linode_id")``."""
    given = member.value.args[0] if isinstance(member.value, ast.Call) and member.value.args else member.target
    return given.value if isinstance(given, ast.Constant) else ast.unparse(given)


def _of_itself(module: Module, member: ast.AnnAssign) -> str:
    return _of_type(module, member.annotation) or OF_KEYS.get(_key(member)) or _of_name(member)


# -- the same member elsewhere -------------------------------------------------------------------------------------


def _elsewhere(module: Module, owner: ast.ClassDef, name: str) -> str:
    for home, node in _named_by(module, owner):
        if node is not owner and (found := _member(home, node, name)):
            return found
    return ""


def _named_by(module: Module, owner: ast.ClassDef) -> Iterator[tuple[Module, ast.ClassDef]]:
    """The classes that the docstring of *owner* names, and those that the methods named there return."""
    named = NAMED.findall(ast.get_docstring(owner) or "")
    if owner.name.startswith("New"):
        named.append(owner.name.removeprefix("New"))
    for name in named:
        if found := _class_named(module, name) or _class_named(module, _results().get(name, "")):
            yield found


def _class_named(module: Module, name: str) -> tuple[Module, ast.ClassDef] | None:
    home = home_of(module, name)
    if name not in home.classes:
        home = next((each for each in map(module_named, families()) if name in each.classes), home)
    return (home, home.classes[name]) if name in home.classes else None


@functools.cache
def _results() -> dict[str, str]:
    """The names of the classes that methods return, by ``Linode.clone`` or, for those of clients, ``create_linode``."""
    found: dict[str, str] = {}
    for module in map(module_named, families()):
        for owner in module.classes.values():
            for node in owner.body:
                if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Subscript):
                    name = node.name if owner.name.endswith("Mixin") else f"{owner.name}.{node.name}"
                    found.setdefault(name, ast.unparse(node.returns.slice))
    return found


def _member(module: Module, owner: ast.ClassDef, name: str) -> str:
    """The text of the member *name* of *owner*, or of a base that has it; empty when there is none."""
    for node, doc in with_docs(owner.body):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name:
            return doc or _of_itself(module, node)
    for base in bases_of(owner):
        home = home_of(module, base)
        if base in home.classes and (found := _member(home, home.classes[base], name)):
            return found
    return ""


# -- its type ------------------------------------------------------------------------------------------------------


def _of_type(module: Module, annotation: ast.expr) -> str:
    """The docstring of the only type in *annotation*, if that is an alias, or a class of members without a path."""
    named = _only_type(annotation)
    home = home_of(module, named)
    if named in home.aliases:
        return home.aliases[named][1]
    if named not in home.classes or not any(derives(home, home.classes[named], root) for root in RECORDS):
        return ""
    return inspect.cleandoc(ast.get_docstring(home.classes[named]) or "").partition("\n")[0]


def _only_type(annotation: ast.expr) -> str:
    """The name of the type in *annotation*, which may allow None besides; empty when there are several."""
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) in WRAPPERS:
        return _only_type(annotation.slice)
    if isinstance(annotation, ast.BinOp) and ast.unparse(annotation.right) == "None":
        return _only_type(annotation.left)
    return annotation.id if isinstance(annotation, ast.Name) else ""


# -- its name ------------------------------------------------------------------------------------------------------


def repeats(module: Module, owner: ast.ClassDef, member: ast.AnnAssign, doc: str) -> bool:
    """Whether the docstring *doc* of *member* has no more than the text without it, or than the words of the name."""
    without = text_of(module, owner, member), _of_name(member)
    return _letters(doc) in {_letters(each) for each in without if each}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _word(word: str) -> str:
    singular = word.removesuffix("s")
    return WORDS[singular] + word[len(singular) :] if singular in WORDS else word


def _of_name(member: ast.AnnAssign) -> str:
    """The words of the name of *member* as a sentence; empty for a truth value, or for a number that is no ID."""
    types = {each.id for each in ast.walk(member.annotation) if isinstance(each, ast.Name)}
    words = [_word(each) for each in ast.unparse(member.target).strip("_").split("_")]
    is_number = "int" in types and "list" not in types
    if types & {"bool", "float"} or (is_number and words[-1] != "ID"):
        return ""
    if words[-1] == "ID" and "str" not in types:
        words = ["ID", "of", "the", *words[:-1]] if words[:-1] else ["numeric", "ID"]
    text = " ".join(words) + (" that it belongs to" if "Parent" in types else "")
    return f"{text[0].upper()}{text[1:]}."
