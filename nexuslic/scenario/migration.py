"""From an older format of stories to the newest: a table of steps, each from one format to the next.

A step takes the bytes of a file and gives those of the next format. It changes the lines that it must and leaves all
others as they are: comments, order, line ends and a byte order mark are the writer's own.
"""

from collections.abc import Callable, Mapping

import attrs

from nexuslic.errors import InputError
from nexuslic.scenario.kinds import text_of
from nexuslic.scenario.source import Fields, Place, fail, parse

Step = Callable[[bytes], bytes]

STEPS: Mapping[int, Step] = {}
"""By the format that a step leads away from: `{1: from_1_to_2}`. Format 1 is the newest so far."""


@attrs.frozen
class Migrated:
    """A file's bytes in the newest format, and the formats before and after."""

    data: bytes
    before: int
    after: int

    @property
    def changed(self) -> bool:
        """Whether it was of an older format."""
        return self.before != self.after


def newest(steps: Mapping[int, Step] = STEPS) -> int:
    """The format that the steps lead to."""
    return 1 + max(steps, default=0)


def migrate(data: bytes, file: str, steps: Mapping[int, Step] = STEPS) -> Migrated:
    """The file in the newest format. Raises SourceError where its format is none that is known."""
    last = newest(steps)
    before = _format(parse(data, file), file, last)
    for at in range(before, last):
        data = steps[at](data)
        after = _format(parse(data, file), file, last)
        if after != at + 1:
            raise InputError(f"{file}: the step to format {at + 1} left the file at format {after}: report this")
    return Migrated(data, before, last)


def _format(root: Fields, file: str, last: int) -> int:
    node = root.get("format")
    if node is None:
        raise fail(Place(file, 1, 1), "`format` is missing", f"write `format: {last}` if the story is a new one")
    text = text_of(node, "a format")
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) == 0:
        raise fail(node, f"`{text}` is no format", f"write `format: {last}` if the story is a new one")
    if int(text) > last:
        problem = f"format {int(text)} is newer than this nexuslic, which knows {last}"
        raise fail(node, problem, "install a newer one: pip install --upgrade nexuslic")
    return int(text)
