"""A key's bindings on a time line: one lane for each database, one bar for each time that the key was bound there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from nexuslic.server import forms

WIDTH: Final = 1000.0
LEAST: Final = 4.0
"""How wide a bar is at least, so that a binding of an hour in ten years is seen."""


@attrs.frozen
class Bar:
    """One binding, in thousandths of the line; `current`: it lasts."""

    left: float
    width: float
    current: bool


@attrs.frozen
class Lane:
    """One database, and its bars."""

    name: str
    bars: tuple[Bar, ...]


@attrs.frozen
class Spell:
    """One line of the table beneath: a database, since when, and until when (None: it lasts)."""

    name: str
    since: datetime
    until: datetime | None


def name_of(binding: forms.BindingView) -> str:
    """A database as a person names it."""
    return f"{binding.server}/{binding.database}"


def spells(bindings: Sequence[forms.BindingView]) -> list[Spell]:
    """How long each binding lasted, the oldest first."""
    ends: list[datetime | None] = [*(one.since for one in bindings[1:]), None]
    return [Spell(name_of(one), one.since, end) for one, end in zip(bindings, ends, strict=False)]


def lanes(bindings: Sequence[forms.BindingView], now: datetime) -> list[Lane]:
    """The drawing: from the first binding to now, in the order in which the databases came."""
    found: dict[str, list[Bar]] = {}
    told = spells(bindings)
    for spell in told:
        found.setdefault(spell.name, []).append(_bar(spell, told[0].since, now))
    return [Lane(name, tuple(bars)) for name, bars in found.items()]


def _bar(spell: Spell, first: datetime, now: datetime) -> Bar:
    whole = max(now - first, timedelta(seconds=1))
    left = WIDTH * min((spell.since - first) / whole, 1.0)
    right = WIDTH * min(((spell.until or now) - first) / whole, 1.0)
    left = min(left, WIDTH - LEAST)
    return Bar(round(left, 2), round(max(right - left, LEAST), 2), spell.until is None)
