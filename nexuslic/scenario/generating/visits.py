"""What stories come through: verbs, states, rows of the table, causes, reasons, replaced replies, database troubles."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from nexuslic.rules.machine import TABLE
from nexuslic.rules.words import Cause, Reason, State
from nexuslic.scenario import schema
from nexuslic.scenario.generating.observe import Observed
from nexuslic.scenario.generating.tree import Tree

ALL: Mapping[str, tuple[str, ...]] = {
    "verbs": tuple(schema.VERBS),
    "states": tuple(state.value for state in State),
    "rows": tuple(map(str, TABLE)),
    "causes": tuple(cause.value for cause in Cause),
    "reasons": tuple(reason.value for reason in Reason),
    "tampers": schema.TAMPERS,
    "troubles": schema.TROUBLES,
}
"""All that there is to come through, by kind."""


@attrs.frozen
class Visits:
    """What was come through, by kind."""

    seen: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, tree: Tree, observed: Observed) -> "Visits":
        """One story's; a tamper counts once it replaced a reply, a trouble once it kept from storing."""
        result = observed.result
        return cls(
            {
                "verbs": frozenset(verbs(tree)),
                "states": frozenset(state.value for state in result.visited),
                "rows": frozenset(str(cell.row) for cell in result.cells),
                "causes": frozenset(cause.value for cause in result.causes),
                "reasons": frozenset(reason.value for reason in result.reasons),
                "tampers": frozenset(observed.tampers),
                "troubles": frozenset(observed.troubles),
            }
        )

    def __or__(self, other: "Visits") -> "Visits":
        return Visits({kind: self.seen.get(kind, frozenset()) | other.seen.get(kind, frozenset()) for kind in ALL})

    def told(self) -> dict[str, dict[str, Any]]:
        """How many of how many of each kind, and which are missing."""
        return {
            kind: {
                "visited": sum(word in self.seen.get(kind, ()) for word in words),
                "of": len(words),
                "missing": [word for word in words if word not in self.seen.get(kind, ())],
            }
            for kind, words in ALL.items()
        }


def verbs(tree: Tree) -> Iterator[str]:
    """The verbs of a story, in its order."""
    for line in (*tree.get("every", ()), *tree.get("steps", ())):
        yield from (key for key in line if key in schema.VERBS)
