"""Python's values as the language's own nodes, so that its reader checks them and its words for what is wrong hold."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from nexuslic.errors import InputError, SourceError
from nexuslic.scenario.kinds import Dropped
from nexuslic.scenario.source import Fields, Items, Node, Place, Text, one_line

_Got = TypeVar("_Got")

NOWHERE = Place("Python", 1, 1)
"""What Python says stands in no story."""

_WORDS = {"True": "yes", "False": "no", "None": "none"}


def some(**given: Any) -> dict[str, Any]:
    """The arguments that say something."""
    return {name: value for name, value in given.items() if value not in ("", (), None)}


def node(value: Any) -> Node:
    """A value as the language would hold it: True is `yes`, None is `none`."""
    if isinstance(value, Mapping):
        return Fields(tuple((Text(str(key), NOWHERE), node(one)) for key, one in value.items()), NOWHERE)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return Items(tuple(map(node, value)), NOWHERE)
    return Text(_WORDS.get(repr(value), str(value)), NOWHERE)


def understood(what: str, make: Callable[[], _Got]) -> _Got:
    """What `make` reads. Raises InputError that begins with `what`, in the place of a line of a file."""
    try:
        return make()
    except SourceError as error:
        raise InputError(one_line(f"{what}: {error.problem}" + (f": {error.hint}" if error.hint else ""))) from None
    except InputError as error:
        raise InputError(f"{what}: {error}") from None
    except Dropped:
        raise InputError(f"{what}: `never` is no time here") from None
