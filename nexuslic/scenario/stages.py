"""The stages that a story can be run on, by name; the real ones are built when they are asked for."""

from collections.abc import Callable
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from nexuslic.errors import InputError
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.stage import Stage
from nexuslic.scenario.stage_simulated import SimulatedStage

_INSTALL = "pip install 'nexuslic[stages]'"

if TYPE_CHECKING:
    from nexuslic.scenario.real.engine import Engine
    from nexuslic.scenario.real.theatre import Theatre


class StageName(Enum):
    """Where a story can be run."""

    SIMULATION = "simulation"
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


def named(text: str) -> tuple[StageName, ...]:
    """The stages that a list like `simulation,sqlite` names. Raises InputError."""
    known = [one.value for one in StageName]
    found: list[StageName] = []
    for word in text.split(","):
        if word.strip() not in known:
            close = get_close_matches(word.strip(), known, 1)
            hint = f"did you mean {close[0]}?" if close else f"write {', '.join(known)}, or several with commas"
            raise InputError(f"`{word.strip()}` is no stage: {hint}")
        if StageName(word.strip()) in found:
            raise InputError(f"`{word.strip()}` stands there twice: name each stage once")
        found.append(StageName(word.strip()))
    return tuple(found)


@attrs.frozen
class StageOn:
    """Makes a stage for each case; a process has one theatre for each name. `url`: of a given PostgreSQL server."""

    name: StageName
    url: str = attrs.field(default="", repr=False)

    def __call__(self) -> Stage:
        """A stage for one case. Raises StageBroke where it cannot start, InputError where the URL is none."""
        if self.name is StageName.SIMULATION:
            return SimulatedStage()
        try:
            from nexuslic.scenario.stage_real import RealStage

            return RealStage(_theatre(self))
        except ImportError as error:
            raise StageBroke(f"the stage {self.name.value} is not here ({error}): {_INSTALL}") from error


_THEATRES: dict[StageOn, "Theatre"] = {}
"""Those of this process."""


def _theatre(made: StageOn) -> "Theatre":
    from nexuslic.scenario.real.theatre import Theatre

    if made not in _THEATRES:
        _THEATRES[made] = Theatre.open(_engine(made))
    return _THEATRES[made]


def close() -> None:
    """Take down what the stages of this process have built."""
    while _THEATRES:
        _THEATRES.popitem()[1].close()


def _engine(made: StageOn) -> "Callable[[Path], Engine]":
    if made.name is StageName.SQLITE:
        from nexuslic.scenario.real.sqlite import SqliteEngine

        return SqliteEngine
    from nexuslic.scenario.real.postgresql import PostgresqlEngine
    from nexuslic.scenario.real.postgresql_servers import GivenServer, OwnServers

    return lambda top: PostgresqlEngine(GivenServer.at(made.url) if made.url else OwnServers())
