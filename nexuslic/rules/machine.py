"""The life of a license: one table, one machine, one function.

`TABLE` is the program. Every move of a license between its states is a row of it, and what is not in it is no
transition. `follow` fires one event on the machine that is built from the table; `row_for` reads the table
plainly, for callers that need millions of answers. Both must agree, and a test enumerates that they do.
Source: rules, Events.
"""

from functools import cache, partial
from typing import Final

import attrs
from transitions import Machine, MachineError

from nexuslic.errors import NoTransition
from nexuslic.rules.words import Event, Guard, State

_ENDING = (State.AUTHENTICATED, State.GRACE, State.EXPIRED)


@attrs.frozen
class Row:
    """One move: in state `source`, `event` leads to `target` where `guard` holds."""

    event: Event
    source: State
    guard: Guard
    target: State

    def __str__(self) -> str:
        return f"{self.event}: {self.source} -> {self.target}"


def _rows(event: Event, sources: tuple[State, ...], target: State, guard: Guard = Guard.ALWAYS) -> tuple[Row, ...]:
    return tuple(Row(event, source, guard, target) for source in sources)


_BOUND = (State.INVALID_BINDING,)

TABLE: Final[tuple[Row, ...]] = (
    *_rows(Event.AUTHENTICATE, tuple(State), State.AUTHENTICATED),
    *_rows(Event.CONFIRM, _ENDING, State.AUTHENTICATED),
    *_rows(Event.LOSE_CONTACT, _ENDING, State.GRACE, Guard.WITHIN_GRACE),
    *_rows(Event.LOSE_CONTACT, _ENDING, State.EXPIRED, Guard.PAST_GRACE),
    *_rows(Event.MISMATCH, (*_ENDING, State.INVALID_BINDING), State.INVALID_BINDING),
    *_rows(Event.MATCH, _BOUND, State.AUTHENTICATED, Guard.WAS_AUTHENTICATED),
    *_rows(Event.MATCH, _BOUND, State.GRACE, Guard.WAS_GRACE),
    *_rows(Event.MATCH, _BOUND, State.EXPIRED, Guard.WAS_EXPIRED),
    *_rows(Event.MATCH, _BOUND, State.INVALID_BINDING, Guard.WAS_INVALID),
    *_rows(Event.END, _ENDING, State.EXPIRED),
    *_rows(Event.REVOKE, _ENDING, State.UNLICENSED),
)


@attrs.frozen
class Facts:
    """What the guards may ask: is license time within grace, and which state does the record hold."""

    within_grace: bool
    recorded: State


def holds(guard: Guard, facts: Facts) -> bool:
    """Whether `guard` lets its row answer."""
    match guard:
        case Guard.ALWAYS:
            return True
        case Guard.WITHIN_GRACE:
            return facts.within_grace
        case Guard.PAST_GRACE:
            return not facts.within_grace
        case Guard.WAS_AUTHENTICATED:
            return facts.recorded is State.AUTHENTICATED
        case Guard.WAS_GRACE:
            return facts.recorded is State.GRACE
        case Guard.WAS_EXPIRED:
            return facts.recorded is State.EXPIRED
        case Guard.WAS_INVALID:
            return facts.recorded is State.INVALID_BINDING


@attrs.define(eq=False)
class _Model:
    """What the machine moves. The facts that its guards read travel beside it."""

    state: State


_MACHINE: Final = Machine(
    model=None,
    states=State,
    initial=State.UNLICENSED,
    auto_transitions=False,
    transitions=[
        {
            "trigger": row.event.value,
            "source": row.source,
            "dest": row.target,
            "conditions": [] if row.guard is Guard.ALWAYS else [partial(holds, row.guard)],
        }
        for row in TABLE
    ],
)


@cache
def follow(state: State, event: Event, facts: Facts) -> State:
    """The state after `event`. Raises NoTransition where the table is silent.

    There are 350 questions at most, so each answer of the machine is kept.
    """
    model = _Model(state)
    try:
        moved = _MACHINE.events[event.value].trigger(model, facts)
    except MachineError as error:
        raise NoTransition(state, event) from error
    if not moved:
        raise NoTransition(state, event)
    return model.state


@cache
def row_for(state: State, event: Event, facts: Facts) -> Row | None:
    """The row of the table that answers, read plainly; None where the table is silent."""
    for row in TABLE:
        if row.event is event and row.source is state and holds(row.guard, facts):
            return row
    return None


def diagram_mermaid() -> str:
    """The state machine as a Mermaid state diagram, an edge for each row."""
    lines = ["stateDiagram-v2", "    [*] --> Unlicensed"]
    lines += [f"    {_id(row.source)} --> {_id(row.target)}: {_label(row)}" for row in TABLE]
    return "\n".join(lines)


def diagram_dot() -> str:
    """The state machine as a Graphviz digraph, an edge for each row."""
    lines = ["digraph license {", "    rankdir=LR; node [shape=box, style=rounded];"]
    lines += [f'    "{row.source}" -> "{row.target}" [label="{_label(row)}"];' for row in TABLE]
    return "\n".join([*lines, "}"])


def _id(state: State) -> str:
    return state.value.replace("-", "_")


def _label(row: Row) -> str:
    return row.event.value if row.guard is Guard.ALWAYS else f"{row.event} ({row.guard})"
