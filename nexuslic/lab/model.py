"""A trip model: what trips are like, as numbers that can be changed, each with its source.

From a model any number of trips is drawn, each by its own number: launches at 06:00 UTC from day 2 on, the key entered
on day 1 at 07:30, contacts and moved databases at noon, as a voyage has them.
"""

import re
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import attrs

from nexuslic.errors import InputError
from nexuslic.lab import amounts
from nexuslic.lab.policies import span
from nexuslic.lab.trip import MOST_CREW, MOST_GRACE, MOST_WORKSTATIONS
from nexuslic.scenario.calendar import Calendar, duration
from nexuslic.scenario.kinds import Choice, Context, Json, Key, Shape, Whole, Words, check_keys, nearest, text_of
from nexuslic.scenario.source import Fields, Node, fail, parse

MOST_DAYS = 366
"""The longest trip of a model."""
_CHANCE = re.compile(
    r"(?:(?P<one>1) in (?P<many>[0-9]{1,9}(?:\.[0-9]+)?))|"
    r"(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?:e-[0-9]{1,3})?) ?(?P<cent>%)?)"
)


@attrs.frozen
class TripModel:
    """What trips are like. Chances are of a day unless said otherwise.

    `lengths`: days of trip, each with its weight. `contact`: an hour of network. `crew_change`: every so many days (0:
    none), on which there is a contact with the chance `crew_change_contact`. `code`: a renewal code over the radio.
    `restore`: the database is restored onto another server; `rename`: its server gets another name. `clock_back`: the
    database server's clock is set back by one of `clock_by` (spans, each with its weight); `workstation_clock_back`:
    one workstation's. Chances of a trip: `windows_7` aboard (no contact can be made then), `extension` by
    `extension_days` before departure. `workstations` launch each day, `crew` people are aboard.
    """

    title: str
    lengths: tuple[tuple[int, float], ...]
    contact: float = 0.0
    crew_change: int = 0
    crew_change_contact: float = 0.0
    code: float = 0.0
    restore: float = 0.0
    rename: float = 0.0
    clock_back: float = 0.0
    workstation_clock_back: float = 0.0
    clock_by: tuple[tuple[timedelta, float], ...] = ((timedelta(days=3), 1.0),)
    windows_7: float = 0.0
    extension: float = 0.0
    extension_days: int = 30
    workstations: int = 1
    crew: int = 1

    @property
    def days(self) -> int:
        """The longest trip."""
        return max(days for days, _ in self.lengths)

    @property
    def memoryless(self) -> bool:
        """Whether only chances of a contact a day decide: then the answer is exact, without drawing trips."""
        return not (self.restore or self.rename or self.clock_back or self.workstation_clock_back or self.extension)


@attrs.frozen
class Chance:
    """A chance: `0.02`, `2 %` or `1 in 50`."""

    def read(self, node: Node, context: Context) -> float:
        text = text_of(node, "a chance")
        found = _CHANCE.fullmatch(text)
        if found is None:
            raise fail(node, f"`{text}` is no chance", "write 0.02, 2 % or 1 in 50")
        if found["one"]:
            many = float(found["many"])
            value = 1 / many if many else 2.0
        else:
            value = float(found["number"]) / (100 if found["cent"] else 1)
        if value > 1:
            raise fail(node, f"`{text}` is more than certain", "a chance is 0 to 1, or 0 % to 100 %")
        return value

    def json(self) -> Json:
        return {"type": ["number", "string"]}


@attrs.frozen
class Weighted:
    """A mapping from values to their weights."""

    what: str

    def read(self, node: Node, context: Context) -> tuple[tuple[Any, float], ...]:
        if not isinstance(node, Fields) or not node.entries:
            raise fail(node, f"expected {self.what}s with weights", "such as {45: 2, 56: 1}")
        return tuple((self._value(name), self._weight(weight)) for name, weight in node.entries)

    def _value(self, name: Any) -> Any:
        if self.what == "length":
            return Whole(1, MOST_DAYS).read(name, _NOWHERE)
        try:
            return duration(name.text)
        except InputError as error:
            raise fail(name, str(error)) from error

    def _weight(self, node: Node) -> float:
        text = text_of(node, "a weight")
        try:
            weight = float(text)
        except ValueError:
            weight = -1.0
        if not 0 < weight < 1e9:
            raise fail(node, f"`{text}` is no weight", "write a number above 0")
        return weight

    def json(self) -> Json:
        return {"type": "object"}


_NOWHERE = Context(Calendar.beginning("2000-01-01 00:00 UTC"))
KEYS = {
    "model": Key(Words(), "its title", required=True),
    "format": Key(Choice(("1",)), "1", required=True),
    "lengths": Key(Weighted("length"), "days of trip, each with its weight", required=True),
    "contact": Key(Chance(), "chance a day of an hour of network"),
    "crew_change": Key(Whole(0, MOST_DAYS), "a crew change every so many days (0: none)"),
    "crew_change_contact": Key(Chance(), "chance of a contact at a crew change"),
    "code": Key(Chance(), "chance a day of a renewal code over the radio"),
    "restore": Key(Chance(), "chance a day that the database is restored onto another server"),
    "rename": Key(Chance(), "chance a day that the database's server gets another name"),
    "clock_back": Key(Chance(), "chance a day that the database server's clock is set back"),
    "workstation_clock_back": Key(Chance(), "chance a day that a workstation's clock is set back"),
    "clock_by": Key(Weighted("span"), "by how much clocks are set back, each with its weight"),
    "windows_7": Key(Chance(), "chance of a trip with Windows 7 aboard"),
    "extension": Key(Chance(), "chance of a trip whose grace support has extended"),
    "extension_days": Key(Whole(0, MOST_GRACE), "by how many days"),
    "workstations": Key(Whole(1, MOST_WORKSTATIONS), "how many launch each day"),
    "crew": Key(Whole(1, MOST_CREW), "people aboard"),
}


def parsed(data: bytes, file: str) -> TripModel:
    """The model in the bytes of a file. Raises SourceError."""
    root = parse(data, file)
    check_keys(root, KEYS)
    found = Shape(KEYS).read(root, _NOWHERE)
    title = found.pop("model")
    found.pop("format")
    return _possible(TripModel(title, **found), file)


def _possible(model: TripModel, where: str) -> TripModel:
    """The model, where its chances leave room for each other. Raises InputError."""
    if model.restore + model.rename + model.clock_back + model.workstation_clock_back > 1:
        raise InputError(
            f"{where}: restore, rename, clock_back and workstation_clock_back together are more than certain: on a day "
            "at most one of them happens, so take smaller chances"
        )
    return model


def read_model(path: Path) -> TripModel:
    """The model in a file. Raises InputError."""
    try:
        return parsed(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"{path}: it cannot be read: {error.strerror}") from error


def built_in() -> tuple[str, ...]:
    """The models that come with nexuslic."""
    names = (entry.name for entry in resources.files("nexuslic.lab").joinpath("models").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def text_of_model(name: str) -> str:
    """A built-in model as a file, to be changed. Raises InputError, with the nearest name."""
    if name not in built_in():
        raise InputError(f"there is no model `{name}`: {nearest(name, built_in())} A file of your own ends in .yaml")
    return resources.files("nexuslic.lab").joinpath("models", f"{name}.yaml").read_text(encoding="utf-8")


def model_called(name: str) -> TripModel:
    """A built-in model, or the one in a file. Raises InputError."""
    if name.endswith((".yaml", ".yml")):
        return read_model(Path(name))
    return parsed(text_of_model(name).encode("utf-8"), f"{name}.yaml")


def with_numbers(model: TripModel, settings: tuple[str, ...]) -> TripModel:
    """The model with some of its numbers changed, each as `contact=0.05`. Raises InputError."""
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"--set {text}: write a number of the model and its value, such as contact=0.05")
        root = parse(f"{name.strip()}: {value}\n".encode(), f"--set {text}")
        check_keys(root, {name: attrs.evolve(key, required=False) for name, key in KEYS.items()})
        read = {key.text: KEYS[key.text].kind.read(node, _NOWHERE) for key, node in root.entries}
        model = attrs.evolve(model, **{"title" if key == "model" else key: value for key, value in read.items()})
    return _possible(model, "--set") if settings else model


def shown(model: TripModel) -> dict[str, str]:
    """The numbers of a model as its file has them, by their keys; without its title."""
    told = attrs.asdict(model, recurse=False)
    del told["title"]
    return {name: _shown(name, value) for name, value in told.items()}


def _shown(name: str, value: Any) -> str:
    if name == "lengths":
        return "{" + ", ".join(f"{days}: {weight:g}" for days, weight in value) + "}"
    if name == "clock_by":
        return "{" + ", ".join(f"{span(by)}: {weight:g}" for by, weight in value) + "}"
    return repr(value)


def written(model: TripModel) -> str:
    """A model as the file that it can be read from."""
    title = model.title.replace("'", "''")
    lines = [f"model: '{title}'", "format: 1", *(f"{name}: {value}" for name, value in shown(model).items())]
    return "\n".join(lines) + "\n"


def in_words(model: TripModel) -> dict[str, str]:
    """The numbers of a model for people, by their keys; those that are nought and say nothing are left out."""
    told = attrs.asdict(model, recurse=False)
    del told["title"]
    clocks, changes = model.clock_back or model.workstation_clock_back, model.crew_change and model.crew_change_contact
    silent = {
        "clock_by": not clocks,
        "workstation_clock_back": not model.workstation_clock_back,
        "extension_days": not model.extension,
        "crew_change": not changes,
        "crew_change_contact": not changes,
    }
    return {name: _in_words(name, value) for name, value in told.items() if not silent.get(name)}


def _in_words(name: str, value: Any) -> str:
    if name in ("lengths", "clock_by"):
        whole = sum(weight for _, weight in value)
        parts = ((amounts.days(one) if isinstance(one, int) else span(one), weight) for one, weight in value)
        return ", ".join(f"{what} ({amounts.share(weight / whole)})" for what, weight in parts)
    if isinstance(value, float):
        return amounts.share(value)
    return amounts.days(value) if name in ("crew_change", "extension_days") else str(value)
