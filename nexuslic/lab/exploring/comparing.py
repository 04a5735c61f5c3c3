"""Where an answer differs from what the letter wants: in words, and as what a story expects instead."""

from collections.abc import Callable, Sequence
from typing import Final

import attrs

from nexuslic.lab.exploring import story
from nexuslic.lab.exploring.physics import Told
from nexuslic.lab.exploring.values import Answer

_SHOWN: Final[dict[str, Callable[[Answer], object]]] = {
    "state": lambda answer: answer.state.value,
    "runs": lambda answer: "yes" if answer.runs else "no",
    "reason": lambda answer: answer.reason,
    "days_left": lambda answer: answer.days_left,
    "cause": lambda answer: answer.cause,
}
"""What a story can expect word for word; `deadline` and `warns` beside them."""
_ALWAYS_TOLD: Final = ("state", "runs")


@attrs.frozen
class Difference:
    """What is other than the letter wants: a sentence, and what a story expects by the letter."""

    sentence: str
    expects: tuple[tuple[str, str], ...]


def difference(was: Answer, wanted: Answer, path: Sequence[Told]) -> Difference | None:
    """How the last answer of a path differs from what the letter wants; None where no story could see it."""
    if was == wanted:
        return None
    differing = [
        key for key, shown in _SHOWN.items() if shown(was) is not shown(wanted) and shown(was) != shown(wanted)
    ]
    pairs = {key: (_or_none(_SHOWN[key](was)), _or_none(_SHOWN[key](wanted))) for key in differing}
    if was.deadline != wanted.deadline:
        pairs["deadline"] = (_time(was.deadline, path), _time(wanted.deadline, path))
    if wanted.warned and not was.warned:
        pairs["warns"] = ("none", "set back")
    if not pairs:
        return None
    key, (here, there) = next(iter(pairs.items()))
    verb = path[-1].move.verb.value
    keys = dict.fromkeys((*_ALWAYS_TOLD, *pairs))
    expects = tuple((one, pairs[one][1] if one in pairs else str(_SHOWN[one](wanted))) for one in keys)
    return Difference(f"{verb}: {key} is {here}, and by the letter {there}", expects)


def _or_none(value: object) -> str:
    return "none" if value is None else str(value)


def _time(deadline: int | None, path: Sequence[Told]) -> str:
    """A deadline, which counts from the answer, as the story writes it."""
    return "none" if deadline is None else story.at(story.ends_at(path) + deadline)
