"""From a seed to stories: a world, an opening, some scenes, an ending; then what the simulation answers to it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import attrs

from nexuslic.errors import NexuslicError
from nexuslic.scenario.generating import specify, worlds
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.observe import IllegalStep, Observed, observe
from nexuslic.scenario.generating.scenes import SCENES
from nexuslic.scenario.generating.teller import HOUR, Scene, Teller
from nexuslic.scenario.generating.tree import COMMENT, Tree
from nexuslic.scenario.generating.visits import Visits
from nexuslic.scenario.generating.writing import write
from nexuslic.scenario.run import CaseResult

WHY = "Chance told this story, and the simulation answered. Does every stage answer the same?"
_TRIES = 40


@attrs.frozen
class Told:
    """A story of a seed by its number (from 1): its name, its file's text, what it visits, how long it is."""

    number: int
    name: str
    title: str
    text: str
    visits: Visits
    tree: Tree
    result: CaseResult


def stories(seed: str, count: int) -> Iterator[Told]:
    """The first `count` stories of a seed; each depends on the seed and its own number alone."""
    for number in range(1, count + 1):
        yield story(seed, number)


def story(seed: str, number: int) -> Told:
    """One story of a seed."""
    dice = Dice.thrown(seed, number)
    return finished(_drafted(dice), dice, seed, number, f"nexuslic generate --seed {seed}, story {number}")


def finished(draft: Tree, dice: Dice, seed: str, number: int, origin: str) -> Told:
    """A draft with what it expects, as it is written."""
    fit, observed = fitting(draft)
    tree = {COMMENT: origin, **specify.specify(fit, observed, dice)}
    result = specify.verified(tree)
    return Told(number, name(seed, number), tree["scenario"], write(tree), Visits.of(tree, observed), tree, result)


def name(seed: str, number: int) -> str:
    """What a story of a seed is called as a file, without its ending."""
    return f"{seed}-{number:03d}"


def fitting(draft: Tree) -> tuple[Tree, Observed]:
    """The draft without the steps that cannot stand where they do, and what comes of it."""
    tree = draft
    for _ in range(_TRIES):
        try:
            return tree, observe(tree)
        except IllegalStep as error:
            steps = [step for number, step in enumerate(tree["steps"]) if number != error.number]
            tree = {**tree, "steps": steps}
    raise NexuslicError("a generated story cannot be made legal: please report this with its seed and number")


def _drafted(dice: Dice) -> Tree:
    beginning = worlds.begin(dice)
    teller = Teller.of(dice, beginning.calendar, beginning.world, online=beginning.online)
    said, tags = [_opening(teller)], ["generated"]
    for scene in chosen(teller):
        teller.a_while()
        scene.play(teller)
        said.append(scene.said)
        tags.append(scene.name)
    close(teller)
    return drafted(teller, title(said), list(dict.fromkeys(tags)), beginning.starts)


def chosen(teller: Teller) -> Iterator[Scene]:
    """The scenes of a story, one after the other, as they fit."""
    dice = teller.dice
    for _ in range(dice.weighted([(5, 1), (7, 2), (4, 3), (1, 5)])):
        yield dice.weighted([(scene.weight, scene) for scene in SCENES if scene.fits(teller)])


def _opening(teller: Teller) -> str:
    """How the license comes into the world: mostly by its key at the quay, on day 1."""
    teller.later(hours=1, minutes=30)
    openings: list[tuple[int, tuple[str, Callable[[Teller], None]]]] = [
        (20, ("A license", _by_key)),
        (2, ("A license by code", _by_code)),
        (2, ("A first launch without a license", _before)),
        (1, ("No license", lambda teller: teller.launch())),
        (1, ("An extension before departure", _extended)),
    ]
    said, play = teller.dice.weighted(openings)
    play(teller)
    return said


def _by_key(teller: Teller) -> None:
    teller.authenticate(remark="at the quay")
    if teller.named or teller.dice.one_in(3):
        teller.launch()


def _by_code(teller: Teller) -> None:
    teller.no_contact()
    teller.do("renew_by_code", teller.anyone(), "support answers by radio")


def _before(teller: Teller) -> None:
    teller.launch(remark="nobody has entered a key")
    teller.authenticate()


def _extended(teller: Teller) -> None:
    teller.do(
        "extend", {"days": str(teller.dice.between(1, 20)), "until": teller.write(teller.now + timedelta(days=2))}
    )
    teller.authenticate(remark="at the quay")


def close(teller: Teller) -> None:
    """The last launch, sessions that end, and a last look a minute before the day is over."""
    if teller.dice.one_in(2):
        teller.a_while()
        teller.launch(remark="one last time")


def drafted(teller: Teller, title: str, tags: list[str], starts: str) -> Tree:
    """What a teller has told, as a story without expectations."""
    ends = teller.write(teller.now + timedelta(minutes=1))
    tree: Tree = {"scenario": title, "format": "1", "why": WHY, "tags": tags, "starts": starts, "ends": ends}
    tree["world"] = teller.world
    windows = [{"from": "day 1"}] if teller.online else teller.windows
    lists = {"online": windows, "faults": teller.faults, "every": teller.every}
    steps = [*_written(teller), {"at": "end"}]
    return {**tree, **{key: list_ for key, list_ in lists.items() if list_}, "steps": steps}


def _written(teller: Teller) -> Iterator[Tree]:
    """The steps; now and then one says how long after the step before it."""
    before = teller.calendar.starts
    for step in teller.steps:
        hours, rest = divmod(step.at - before, HOUR)
        written = step.written(teller.calendar)
        if hours and not rest and (hours < 24 or not hours % 24) and teller.dice.one_in(4):
            written["at"] = f"+{hours}h" if hours % 24 else f"+{hours // 24}d"
        before = step.at
        yield written


def title(said: list[str]) -> str:
    """What happens, in words: `A license, days at sea, then a renewal code`."""
    *first, last = list(dict.fromkeys(said))
    return f"{', '.join(first)}, then {last}" if first else last
