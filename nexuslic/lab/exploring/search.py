"""Breadth first through every state that the moves can reach, with each decision held against the rules by the letter.

As long as both decide alike there is one world. Where they part and nobody can see it yet, both worlds go on side by
side until an answer differs: so the first story that is found is a shortest one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from nexuslic.lab.exploring import always, story
from nexuslic.lab.exploring.by_rules import ByRules
from nexuslic.lab.exploring.comparing import Difference, difference
from nexuslic.lab.exploring.letter import Letter
from nexuslic.lab.exploring.lines import AlwaysLines
from nexuslic.lab.exploring.moves import Move, all_moves, themes
from nexuslic.lab.exploring.physics import Asked, Physics, Told, decided
from nexuslic.lab.exploring.values import TICK, Outcome, World
from nexuslic.lab.policies import LabPolicy

PATIENCE = 5
"""How many moves are tried, beyond the depth, to show a difference that nobody can see yet."""
STRAYS = 4_000
"""How many pairs of worlds that have parted are followed at each depth, the first found first."""
CHOICES = 400
"""Of how many stories of the same number of moves the one with the fewest steps is told."""

Beat = Callable[[], None]


@attrs.frozen
class Finding:
    """Something that does not hold: its path, what it is, what the story expects instead, and its `always` lines."""

    path: tuple[Told, ...]
    what: str
    line: int | None
    expects: tuple[tuple[str, str], ...]
    always: tuple[str, ...] = ()


@attrs.frozen
class Dive:
    """How one set of moves was explored."""

    name: str
    moves: int
    depth: int
    states: int
    transitions: int


@attrs.frozen
class Explored:
    """All that was explored: the dives, states and transitions altogether, decisions that differ, rows that fired.

    `finding`: the shortest violation (None: all holds); `unseen`: a difference that no answer shows.
    """

    dives: tuple[Dive, ...]
    states: int
    transitions: int
    decisions: int
    rows: int
    finding: Finding | None
    unseen: str = ""


@attrs.frozen
class _Stray:
    """Two worlds that have parted: by the rules and by the letter, and how they came there."""

    by_rules: World
    by_letter: World
    path: tuple[Told, ...]


class Search:
    """One exploration of a policy; `beat` is called now and then, so that somebody can be told how far it is."""

    def __init__(self, policy: LabPolicy, lines: AlwaysLines | None = None, beat: Beat = lambda: None) -> None:
        self.policy, self.lines, self.beat = policy, lines or AlwaysLines(), beat
        self.rules, self.letter = ByRules(policy), Letter(policy)
        self.physics = Physics(policy, self.lines.cap)
        self._known: dict[Asked, Outcome] = {}
        self._other: dict[Asked, Outcome] = {}
        self._wrong: dict[Asked, tuple[int, str]] = {}

    # -- decisions --------------------------------------------------------------------------------------------------

    def by_rules(self, asked: Asked) -> Outcome:
        """What the rules decide; where the letter decides otherwise, or a line is broken, that is kept beside it."""
        known = self._known.get(asked)
        if known is None:
            known = self._known[asked] = decided(self.rules, asked)
            self._judge(asked, known)
        return known

    def _judge(self, asked: Asked, outcome: Outcome) -> None:
        other = decided(self.letter, asked)
        if other != outcome:
            self._other[asked] = other
        seen = always.Seen(asked, outcome, self.rules, self.letter)
        again = len(self._known) % always.AGAIN == 0
        for broken in always.broken(seen, again=again):
            self._wrong.setdefault(asked, broken)

    def by_letter(self, asked: Asked) -> Outcome:
        """What the letter decides."""
        return decided(self.letter, asked)

    # -- breadth first ----------------------------------------------------------------------------------------------

    def explore(self, depth: int) -> Explored:
        """All verbs to `depth`, then each theme deeper, until something does not hold."""
        dives: list[_Dive] = []
        plans = {"all verbs": (all_moves(self.policy), depth)}
        plans |= {name: (theme.moves, depth + theme.deeper) for name, theme in themes(self.policy).items()}
        for name, (moves, deep) in plans.items():
            dives.append(_Dive(self, name, moves))
            finding = dives[-1].down(deep)
            if finding is not None or dives[-1].strays:
                return self._explored(dives, finding)
        return self._explored(dives, None)

    def _explored(self, dives: Sequence["_Dive"], finding: Finding | None) -> Explored:
        unseen = dives[-1].unseen() if finding is None else ""
        transitions = sum(dive.transitions for dive in dives)
        rows, decisions = len(self.rules.rows), len(self._known)
        told = tuple(dive.told() for dive in dives)
        return Explored(told, _altogether(dives), transitions, decisions, rows, finding, unseen)

    @property
    def doubts(self) -> bool:
        """Whether any decision was found wanting so far, or every one is to be held against lines."""
        return bool(self._other or self._wrong or self.lines.lines)

    def differs(self, told: Told) -> Outcome | None:
        """What the letter decides instead, where it does."""
        return None if told.asked is None else self._other.get(told.asked)

    def wrong(self, told: Told) -> tuple[int, str] | None:
        """The line of "Always true" that a decision breaks."""
        return None if told.asked is None else self._wrong.get(told.asked)


class _Dive:
    """Breadth first over one set of moves; `came`: every world that was reached, and from which by which move."""

    def __init__(self, search: Search, name: str, moves: Sequence[Move]) -> None:
        self.search, self.name, self.moves = search, name, moves
        self.came: dict[World, tuple[World, Move] | None] = {World(): None}
        self.transitions = self.depth = 0
        self.strays: dict[tuple[World, World], _Stray] = {}
        self.parted: set[tuple[World, World]] = set()
        self.found: list[Finding] = []

    def told(self) -> Dive:
        """How far it came."""
        return Dive(self.name, len(self.moves), self.depth, len(self.came), self.transitions)

    def down(self, depth: int) -> Finding | None:
        """As deep as that, or to the first depth at which something does not hold; strays a little further."""
        level = [World()]
        for done in range(depth + PATIENCE):
            if done >= depth and not self.strays:
                break
            strays, self.strays = list(self.strays.values()), {}
            level = self._below(level) if done < depth else []
            self._follow(strays)
            self.depth = min(done + 1, depth)
            if self.found:
                return self._shortest()
        return None

    def unseen(self) -> str:
        """How the first of those parted that nobody has seen."""
        if not self.strays:
            return ""
        first = next(iter(self.strays.values()))
        return f"the rules keep something else than the letter after {_told(first.path)}, and no answer shows it"

    def path(self, world: World) -> list[Told]:
        """How a world was reached first."""
        found: list[tuple[World, Move]] = []
        came = self.came[world]
        while came is not None:
            found.append(came)
            came = self.came[came[0]]
        path = []
        for before, move in reversed(found):
            told = self.search.physics.after(before, move, self.search.by_rules)
            assert told is not None
            path.append(told)
        return path

    def _below(self, level: Iterable[World]) -> list[World]:
        """The worlds that are one move further and new."""
        search, came = self.search, self.came
        found: list[World] = []
        for place, world in enumerate(level):
            if place % 256 == 0:
                search.beat()
            for told in search.physics.each(world, self.moves, search.by_rules):
                self.transitions += 1
                if search.doubts and told.asked is not None and self._judged(world, told):
                    continue
                before = len(came)
                came.setdefault(told.world, (world, told.move))
                if len(came) > before:
                    found.append(told.world)
        return found

    def _judged(self, world: World, told: Told) -> bool:
        """Whether a decision is found wanting, so that nothing is to be built on it."""
        search = self.search
        other, wrong = search.differs(told), search.wrong(told)
        if search.lines.lines and told.outcome is not None and told.asked is not None:
            self._line(world, told)
        if other is None and wrong is None:
            return False
        if len(self.found) >= CHOICES or len(self.strays) >= STRAYS:
            return True
        path = (*self.path(world), told)
        if other is not None and told.outcome is not None:
            self._part(path, told, other, wrong)
        elif wrong is not None:
            self._break(path, told, wrong)
        return True

    def _line(self, world: World, told: Told) -> None:
        """The `always` lines."""
        assert told.asked is not None and told.outcome is not None
        age = world.age + TICK
        line = self.search.lines.broken(told.asked, told.outcome.answer, age)
        if line is not None and len(self.found) < CHOICES:
            path = (*self.path(world), told)
            self.found.append(Finding(path, f"`{line.text}` does not hold", None, (), (line.text,)))

    def _part(self, path: tuple[Told, ...], told: Told, other: Outcome, wrong: tuple[int, str] | None) -> None:
        """The letter decides otherwise: told at once if an answer shows it, else both worlds go on."""
        assert told.outcome is not None
        differs = difference(told.outcome.answer, other.answer, path)
        if differs is not None:
            self.found.append(_finding(path, wrong, differs))
            return
        before = path[-2].world if len(path) > 1 else World()
        there = self.search.physics.after(before, told.move, self.search.by_letter)
        if there is not None:
            self._stray(_Stray(told.world, there.world, path))

    def _stray(self, stray: _Stray) -> None:
        """Two worlds that go on, unless they did so before; of two ways there, the one with fewer steps."""
        pair = (stray.by_rules, stray.by_letter)
        other = self.strays.get(pair)
        if stray.by_rules == stray.by_letter or (other is None and pair in self.parted):
            return
        if other is None or self._steps(stray.path) < self._steps(other.path):
            self.parted.add(pair)
            self.strays[pair] = stray

    def _break(self, path: tuple[Told, ...], told: Told, wrong: tuple[int, str]) -> None:
        assert told.asked is not None and told.outcome is not None
        seen = always.Seen(told.asked, told.outcome, self.search.rules, self.search.letter)
        self.found.append(Finding(path, wrong[1], wrong[0], always.wanted(wrong[0], seen)))

    def _follow(self, strays: Iterable[_Stray]) -> None:
        """One move more for worlds that have parted."""
        for stray in strays:
            if len(self.found) >= CHOICES or len(self.strays) >= STRAYS:
                return
            for one, other in self._both(stray):
                path = (*stray.path, one)
                if one.outcome is not None and other.outcome is not None:
                    differs = difference(one.outcome.answer, other.outcome.answer, path)
                    if differs is not None:
                        self.found.append(_finding(path, self.search.wrong(one), differs))
                        continue
                self._stray(_Stray(one.world, other.world, path))

    def _both(self, stray: _Stray) -> Iterator[tuple[Told, Told]]:
        physics, search = self.search.physics, self.search
        for move in self.moves:
            one = physics.after(stray.by_rules, move, search.by_rules)
            other = physics.after(stray.by_letter, move, search.by_letter)
            if one is not None and other is not None:
                yield one, other

    def _shortest(self) -> Finding:
        """Of those of one depth, the one whose story has the fewest steps."""
        return min(self.found, key=lambda one: self._steps(one.path))

    def _steps(self, path: Sequence[Told]) -> int:
        return story.steps(path, self.search.policy)


def _finding(path: tuple[Told, ...], wrong: tuple[int, str] | None, differs: Difference) -> Finding:
    if wrong is not None:
        return Finding(path, wrong[1], wrong[0], differs.expects)
    return Finding(path, differs.sentence, None, differs.expects)


def _altogether(dives: Sequence[_Dive]) -> int:
    """How many worlds were reached by any of them."""
    first, *others = (dive.came for dive in dives)
    new = {world for came in others for world in came if world not in first}
    return len(first) + len(new)


def _told(path: Sequence[Told]) -> str:
    return ", ".join(told.move.verb.value for told in path)
