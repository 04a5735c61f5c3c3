"""The fields of the screen: what they hold, what is wrong with them, where their numbers are from."""

from collections.abc import Sequence
from typing import Any, Final

import attrs

from nexuslic.lab import amounts
from nexuslic.lab.model import TripModel, built_in, model_called
from nexuslic.lab.sources import SOURCES
from nexuslic.web.lab import choice, giving, texts
from nexuslic.web.lab.choice import KNOBS, NUMBERS, YOURS, Given, Typed, Wrong

_SOURCE: Final = {
    "crew_change": "rota",
    "crew_change_contact": "crew_change",
    "extension_days": "extension",
    "workstation_clock_back": "clock_back",
}
"""Under which key the source of a number stands that has another one."""


@attrs.frozen
class Field:
    """One field: its name, its label, what it holds, what is wrong with it, what helps; `choices`: where it is one."""

    name: str
    label: str
    value: str
    wrong: str = ""
    about: str = ""
    link: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    numeric: bool = False

    @property
    def key(self) -> str:
        """Its name as an id."""
        return "f-" + self.name.replace(".", "-").replace("_", "-")


def values(typed: Typed, given: Given | None, wrong: Wrong) -> dict[str, Any]:
    """All fields of the page."""
    return {
        **_trips(typed, given, wrong),
        "policy": _policy(typed, "p", wrong),
        "graces": Field("graces", texts.GRACES, typed.get("graces", ""), wrong.get("graces", ""), texts.GRACES_ABOUT),
        "target": _find(typed, wrong),
        "other": _policy(typed, "q", wrong),
        "hours": Field("hours", texts.HOURS, typed.get("hours", ""), wrong.get("hours", ""), numeric=True),
        "wrong": wrong,
    }


def _trips(typed: Typed, given: Given | None, wrong: Wrong) -> dict[str, Any]:
    chosen = typed.get("trips", "")
    base = given.trips if chosen == YOURS and given is not None else None
    if chosen in built_in():
        base = model_called(chosen)
    numbers = _numbers(typed, base, chosen == YOURS, wrong) if isinstance(base, TripModel) else ()
    return {
        "models": [(name, model_called(name).title) for name in built_in()],
        "chosen": chosen,
        "given": given,
        "yours": YOURS,
        "took": _took(given),
        "most": giving.MOST_MB,
        "most_bytes": giving.MOST_MB * 1_000_000,
        "numbers": numbers,
        "draws": _draws(typed, wrong) if isinstance(base, TripModel) else (),
    }


def _took(given: Given | None) -> str:
    if given is None:
        return ""
    if isinstance(given.trips, TripModel):
        return texts.TOOK_MODEL.format(name=given.name, title=given.trips.title)
    days = sorted(one.days for one in given.trips)
    spans = amounts.days(days[0]) if days[0] == days[-1] else f"{days[0]} to {amounts.days(days[-1])}"
    said = texts.TOOK_ONE if len(days) == 1 else texts.TOOK_LIST
    return said.format(name=given.name, trips=amounts.count(len(days)), days=spans)


def _numbers(typed: Typed, base: TripModel, given: bool, wrong: Wrong) -> Sequence[Field]:
    own = choice.numbers_typed(base)
    fields = []
    for name in NUMBERS:
        source = SOURCES[_SOURCE.get(name, name)]
        about, link = (texts.OF_FILE, "") if given else (source.source, source.link)
        at = f"n.{name}"
        fields.append(Field(at, texts.NUMBER[name], typed.get(at, own[at]), wrong.get(at, ""), about, link))
    return fields


def _draws(typed: Typed, wrong: Wrong) -> Sequence[Field]:
    return (
        Field("count", texts.COUNT, typed.get("count", ""), wrong.get("count", ""), texts.COUNT_ABOUT, numeric=True),
        Field("seed", texts.SEED, typed.get("seed", "1"), wrong.get("seed", ""), texts.SEED_ABOUT, numeric=True),
    )


def _policy(typed: Typed, which: str, wrong: Wrong) -> Sequence[Field]:
    fields = []
    for name in KNOBS:
        label, about = texts.KNOB[name]
        at, choices = f"{which}.{name}", tuple(texts.CHOICES.get(name, {}).items())
        field = Field(at, label, typed.get(at, ""), wrong.get(at, ""), about, "", choices, numeric=name == "grace")
        fields.append(field)
    return fields


def _find(typed: Typed, wrong: Wrong) -> Sequence[Field]:
    def field(name: str, label: str, about: str = "", choices: tuple[tuple[str, str], ...] = ()) -> Field:
        return Field(name, label, typed.get(name, ""), wrong.get(name, ""), about, "", choices)

    return (
        field("target", texts.TARGET, choices=tuple(texts.TARGETS.items())),
        field("most", texts.BOUND, texts.BOUND_ABOUT),
        field("knob", texts.TURNED, choices=tuple(texts.KNOBS.items())),
        field("within", texts.WITHIN, texts.WITHIN_ABOUT),
    )
