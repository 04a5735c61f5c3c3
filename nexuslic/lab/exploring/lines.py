"""`always` lines of the scenario language, held against every decision that is explored."""

from collections.abc import Sequence
from datetime import timedelta

import attrs

from nexuslic.errors import InputError, SourceError
from nexuslic.lab.exploring.moves import LAUNCHING
from nexuslic.lab.exploring.physics import Asked
from nexuslic.lab.exploring.story import CALENDAR
from nexuslic.lab.exploring.values import Answer
from nexuslic.rules.decision import Decision
from nexuslic.scenario import schema
from nexuslic.scenario.judge import breaks
from nexuslic.scenario.kinds import Context, Dropped
from nexuslic.scenario.source import Place, parse
from nexuslic.scenario.story import Always


@attrs.frozen
class AlwaysLines:
    """Lines, and up to which age of the story (seconds) their times look."""

    lines: tuple[Always, ...] = ()

    @property
    def cap(self) -> int:
        """The age from which on no line asks what time it is."""
        times = [at for line in self.lines for at in (line.before, line.after) if at is not None]
        return max((round((at - CALENDAR.starts).total_seconds()) for at in times), default=0)

    def broken(self, asked: Asked, answer: Answer, age: int) -> Always | None:
        """The first line that a decision breaks, made `age` seconds after the story began."""
        at = CALENDAR.starts + timedelta(seconds=age)
        decision = Decision(answer.state, answer.runs)
        launched = asked.verb in LAUNCHING
        return next((line for line in self.lines if breaks(line, decision, at, launched=launched)), None)


def read(texts: Sequence[str]) -> AlwaysLines:
    """The lines as they are typed, with or without braces. Raises InputError."""
    return AlwaysLines(tuple(_line(text) for text in texts))


def _line(text: str) -> Always:
    inner = text.strip()
    inner = inner[1:-1] if inner[:1] == "{" and inner[-1:] == "}" else inner
    place = Place("--always", 1, 1)
    try:
        got = schema.ALWAYS.read(parse(f"{{{inner}}}".encode(), "--always"), Context(CALENDAR))
    except Dropped:
        raise InputError(
            f"--always {text!r}: `never` as a time drops the line: write a time, or leave it out"
        ) from None
    except SourceError as error:
        hint = f": {error.hint}" if error.hint else ""
        raise InputError(f"--always {text!r}: {error.problem}{hint}") from error
    line = Always(got["never"], got.get("before"), got.get("after"), got.get("while"), inner, place)
    if any(at is not None and at < CALENDAR.starts for at in (line.before, line.after)):
        raise InputError(f"--always {text!r}: this time lies before day 1")
    return line
