"""Stories like a given one: its world is kept; its steps are moved, repeated, changed, left out, and scenes added."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

import attrs

from nexuslic.errors import InputError
from nexuslic.scenario import schema
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.scenes import SCENES
from nexuslic.scenario.generating.tell import WHY, Told, finished
from nexuslic.scenario.generating.teller import CAUSES, Step, Teller
from nexuslic.scenario.generating.tree import Tree, trees
from nexuslic.scenario.suite import ENDING

_TRIES = 20
_LISTS = ("online", "faults", "every")
_SHIFTS = ("-3d", "-1d", "-2h", "-10m", "+10m", "+2h", "+1d", "+3d")


def stories(text: str, file: str, seed: str, count: int) -> Iterator[Told]:
    """`count` stories like the one in `text`. Raises SourceError, and InputError where nothing can be made of it."""
    named = trees(text, file)
    for number in range(1, count + 1):
        yield _story(named, file, seed, number)


def _story(named: list[tuple[str, Tree]], file: str, seed: str, number: int) -> Told:
    stem = "story" if file == "-" else PurePath(file).name.removesuffix(ENDING)
    origin = f"nexuslic generate --seed {seed} --like {PurePath(file).name}, story {number}"
    refused = ""
    for attempt in range(_TRIES):
        dice = Dice.thrown(seed, "like", number, attempt)
        _, tree = dice.pick(named)
        try:
            told = finished(_Draft.of(tree).varied(dice), dice, seed, number, origin)
        except InputError as error:
            refused = str(error).splitlines()[0]
            continue
        return attrs.evolve(told, name=f"{stem}-{told.name}")
    raise InputError(f"{file}: no story like this one can be told: {refused}")


@attrs.define
class _Draft:
    """A story whose steps have their times as instants."""

    tree: Tree
    calendar: Calendar
    steps: list[tuple[datetime, Tree]]

    @classmethod
    def of(cls, tree: Tree) -> "_Draft":
        """The story without expectations and claims. Raises InputError."""
        calendar = Calendar.beginning(tree["starts"])
        ends = calendar.moment(tree["ends"]) if "ends" in tree else None
        calendar = attrs.evolve(calendar, ends=None if ends is None else ends.at)
        steps, before = [], calendar.starts
        for step in tree.get("steps", ()):
            moment = calendar.moment(step["at"], before)
            if moment is not None:
                before = moment.at
                steps.append((moment.at, {key: step[key] for key in step if key in schema.VERBS or key == "note"}))
        return cls(tree, calendar, steps)

    def varied(self, dice: Dice) -> Tree:
        """The story after some changes."""
        self.tree = {**self.tree}
        for _ in range(dice.between(1, 4)):
            dice.weighted(_CHANGES)(self, dice)
        self.steps.sort(key=lambda step: step[0])
        last = max([self.calendar.ends or self.calendar.starts, *(at for at, _ in self.steps)])
        ends = last if self.calendar.ends == last else last + timedelta(minutes=1)
        steps = [{"at": self.calendar.write(at), **body} for at, body in self.steps if at < ends or body]
        kept = {key: self.tree[key] for key in ("starts", "world", *_LISTS) if self.tree.get(key)}
        return {
            **{"scenario": f"{self.tree['scenario']}, varied", "format": "1", "why": WHY, "tags": ["generated"]},
            **{**kept, "ends": self.calendar.write(ends)},
            "steps": [*steps, {"at": "end"}],
        }


def _move(draft: _Draft, dice: Dice) -> None:
    """A step happens earlier or later."""
    if draft.steps:
        place = dice.below(len(draft.steps))
        at, body = draft.steps[place]
        by = timedelta(minutes=dice.pick((-4320, -1440, -120, -10, -1, 1, 10, 120, 1440, 4320)))
        draft.steps[place] = (max(draft.calendar.starts, at + by), body)


def _repeat(draft: _Draft, dice: Dice) -> None:
    """A step happens once more, later."""
    if draft.steps:
        at, body = dice.pick(draft.steps)
        draft.steps.append((at + timedelta(hours=dice.between(1, 100)), body))


def _leave_out(draft: _Draft, dice: Dice) -> None:
    """A step does not happen."""
    if len(draft.steps) > 1:
        del draft.steps[dice.below(len(draft.steps))]


def _change(draft: _Draft, dice: Dice) -> None:
    """A step is done with another word in the place of one of its words: a workstation, a code, a tamper."""
    if draft.steps:
        place = dice.below(len(draft.steps))
        at, body = draft.steps[place]
        stations = list(draft.tree.get("world", {}).get("workstations", ()))
        draft.steps[place] = (at, {verb: _reworded(value, stations, dice) for verb, value in body.items()})


def _reworded(value: Any, stations: list[str], dice: Dice) -> Any:
    if isinstance(value, dict):
        return {key: _reworded(inner, stations, dice) for key, inner in value.items()}
    if isinstance(value, str):
        for words in (stations, schema.TAMPERS, schema.BAD_CODES, CAUSES, _SHIFTS):
            if value in words:
                return dice.pick(words)
    return value


def _other_window(draft: _Draft, dice: Dice) -> None:
    """A window or a recurring action goes, or has another cause."""
    kind = dice.pick(_LISTS)
    lines = list(draft.tree.get(kind, ()))
    if not lines:
        return
    place = dice.below(len(lines))
    if "cause" in lines[place] and dice.one_in(2):
        lines[place] = {**lines[place], "cause": dice.pick(CAUSES)}
    else:
        del lines[place]
    draft.tree[kind] = lines


def _add_a_scene(draft: _Draft, dice: Dice) -> None:
    """Something else happens in between."""
    tree = draft.tree
    online = any("to" not in window for window in tree.get("online", ()))
    teller = Teller.of(dice, draft.calendar, tree.get("world", {}), online=online)
    times = [at for at, _ in draft.steps] or [draft.calendar.starts]
    teller.now = dice.pick(times) + timedelta(minutes=dice.pick((0, 5, 30, 600)))
    dice.weighted([(scene.weight, scene) for scene in SCENES if scene.fits(teller)]).play(teller)
    added = {"online": teller.windows, "faults": teller.faults, "every": teller.every}
    for kind, lines in added.items():
        draft.tree[kind] = [*tree.get(kind, ()), *lines]
    draft.steps += [(step.at, _body(step, draft.calendar)) for step in teller.steps]


def _body(step: Step, calendar: Calendar) -> Tree:
    return {key: value for key, value in step.written(calendar).items() if key != "at"}


_CHANGES: tuple[tuple[int, Callable[[_Draft, Dice], None]], ...] = (
    *((3, _move), (2, _repeat), (3, _leave_out)),
    *((3, _change), (1, _other_window), (5, _add_a_scene)),
)
