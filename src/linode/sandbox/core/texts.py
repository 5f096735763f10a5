"""Texts that are searched for a part of them, as one long text: a search of that is a hundred times as fast."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

__all__ = ["Texts"]

END = "\n"
MAX_PENDING = 500
"""Maximum number of texts that were added and are not in the long text yet."""


class Texts:
    """Different *texts*. Texts that are removed may still be found."""

    def __init__(self, texts: Iterable[str]) -> None:
        found = list(texts)
        self._whole = END.join(["", *(each for each in found if END not in each), ""])
        self._added = [each for each in found if END in each]
        self._most = len(self._added) + MAX_PENDING

    @property
    def stale(self) -> bool:
        """Whether so many texts were added that new `Texts` are faster."""
        return len(self._added) > self._most

    def add(self, text: Hashable) -> None:
        """Add *text*, unless it is another value."""
        if isinstance(text, str):
            self._added.append(text)

    def having(self, part: str) -> Iterator[str]:
        """The texts that contain *part*, each once."""
        added = {each: None for each in self._added if part in each}
        yield from added
        found = self._parts(part) if part else self._whole.split(END)[1:-1]
        yield from (each for each in found if each not in added)

    def _parts(self, part: str) -> Iterator[str]:
        whole, at = self._whole, 0
        while END not in part and (at := whole.find(part, at)) >= 0:
            end = whole.find(END, at)
            yield whole[whole.rfind(END, 0, at) + 1 : end]
            at = end
