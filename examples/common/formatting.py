"""Numbers in sentences: amounts of money, and nouns in the singular or the plural."""

from __future__ import annotations


def money(amount: float, *, cents: bool = False) -> str:
    """*amount* in dollars: ``$5``, ``$1,152``, ``$0.75``; with *cents* always with two decimals, as in a column."""
    text = f"${amount:,.2f}"
    return text if cents else text.removesuffix(".00")


def counted(number: int, noun: str, plural: str = "") -> str:
    """*number* with its noun: ``1 order``, ``2 orders``; *plural* where an s is not enough."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
