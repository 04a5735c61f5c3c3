"""The stages that a story can be run on, by name; the real ones are built when they are asked for."""

from collections.abc import Callable
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from nexuslic.scenario.stage import Stage
from nexuslic.scenario.stage_simulated import SimulatedStage

if TYPE_CHECKING:
    from nexuslic.scenario.real.engine import Engine
    from nexuslic.scenario.real.theatre import Theatre


class StageName(Enum):
    """Where a story can be run."""

    SIMULATION = "simulation"
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@attrs.frozen
class MakeStage:
    """Makes a stage for each case; a process has one theatre for each name."""

    name: StageName

    def __call__(self) -> Stage:
        """A stage for one case. Raises StageBroke where it cannot start."""
        if self.name is StageName.SIMULATION:
            return SimulatedStage()
        from nexuslic.scenario.stage_real import RealStage

        return RealStage(_theatre(self.name))


@cache
def _theatre(name: StageName) -> "Theatre":
    from nexuslic.scenario.real.theatre import Theatre

    return Theatre.open(_engine(name))


def _engine(name: StageName) -> "Callable[[Path], Engine]":
    if name is StageName.SQLITE:
        from nexuslic.scenario.real.sqlite import SqliteEngine

        return SqliteEngine
    from nexuslic.scenario.real.postgresql import PostgresqlEngine

    return lambda top: PostgresqlEngine()
