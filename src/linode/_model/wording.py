"""Words of error messages: articles, alternatives, and the names that a person means who gives an unknown one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["alternatives", "article", "either", "nearest_names"]

TYPO = 0.75
"""Similarity from which a name is taken for another one that is misspelt."""
MAX_SUGGESTED = 3
MEANINGS = {
    "add": ("create",),
    "new": ("create",),
    "make": ("create",),
    "list": ("get",),
    "fetch": ("get",),
    "remove": ("delete",),
    "destroy": ("delete",),
    "revoke": ("delete",),
    "set": ("update",),
    "edit": ("update",),
    "update": ("save", "set"),
    "refresh": ("load",),
    "reload": ("load",),
    "start": ("boot",),
    "poweron": ("boot",),
    "stop": ("shutdown",),
    "poweroff": ("shutdown",),
    "restart": ("reboot",),
    "name": ("label", "domain", "username"),
    "address": ("ip", "ipv4", "ipv6"),
    "sshkey": ("key",),
    "instance": ("linode",),
    "plan": ("type",),
    "location": ("region",),
    "kubernetes": ("lke",),
}
"""Words of other libraries and consoles, with those that the API has instead."""


def nearest_names(name: str, known: Iterable[str]) -> list[str]:
    """The names among *known* that *name* may stand for: those with its words, else one that it misspells.

    Words are compared without their plural, and `MEANINGS` of a word count as the word. There are none when nothing is
    near: a far-fetched suggestion leads astray.
    """
    names = sorted(known)
    return _with_words(name, names) or difflib.get_close_matches(name, names, n=1, cutoff=TYPO)


def _with_words(name: str, names: list[str]) -> list[str]:
    """The shortest of *names* that have all words of *name*, or what these mean."""
    wanted = [{word, *MEANINGS.get(word, ())} for word in _words(name)]
    rest = {each: _words(each) for each in names}
    found = [each for each, words in rest.items() if all(choices.intersection(words) for choices in wanted)]
    found.sort(key=lambda each: (len(rest[each]), each))
    fewest = [each for each in found if len(rest[each]) == len(rest[found[0]])]
    return fewest[:MAX_SUGGESTED] if wanted and len(fewest) <= MAX_SUGGESTED else []


def _words(name: str) -> list[str]:
    text = name.lower().replace("power_o", "powero").replace("ssh_key", "sshkey").replace(".", "_")
    return [_singular(word) for word in text.split("_") if word]


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("sses"):
        return word[:-2]
    return word if word.endswith("ss") else word.removesuffix("s")


def alternatives(names: Iterable[str]) -> str:
    """The *names* as a text: ``'a'``, ``'a' or 'b'``, ``'a', 'b' or 'c'``."""
    return either(map(repr, names))


def either(texts: Iterable[str]) -> str:
    """The *texts* as one: ``a``, ``a or b``, ``a, b or c``."""
    *others, last = texts
    return f"{', '.join(others)} or {last}" if others else last


def article(name: str) -> str:
    """The class *name* behind its article: ``a Linode``, ``an Image``, ``an LKECluster``."""
    spelt = name[:2].isupper()
    return f"{'an' if name[:1] in ('AEFHILMNORSX' if spelt else 'AEIO') else 'a'} {name}"
