"""What a real stage asks of a database engine. A database is known by a handle: how it is really called there."""

from pathlib import Path
from typing import Protocol

import attrs

from nexuslic.simulation.database import Trouble


@attrs.frozen
class Handle:
    """One real database: the number of its server in the story, and its name there."""

    server: int
    name: str


class Engine(Protocol):
    """A database engine with as many servers as a story needs. What it cannot do raises NotOnThisStage.

    Where it breaks, it raises StageBroke.
    """

    @property
    def one_for_all(self) -> bool:
        """Whether one server stands for all of a story's, and has one identity."""
        ...

    @property
    def known_by_tables(self) -> bool:
        """Whether a database has its identity from the license's tables in it, and none of a server."""
        ...

    def begin(self) -> None:
        """A story begins: nothing is left of the one before."""
        ...

    def create(self, handle: Handle) -> None:
        """Make an empty database, in the place of one that may be there."""
        ...

    def url(self, handle: Handle) -> str:
        """Where it is, as SQLAlchemy writes it."""
        ...

    def nowhere(self) -> str:
        """The URL of a database that is not there."""
        ...

    def rename(self, old: Handle, new: Handle) -> None:
        """Give it another name."""
        ...

    def back_up(self, handle: Handle, file: Path) -> None:
        """Write it to a file, by the engine's own tool."""
        ...

    def restore(self, file: Path, handle: Handle) -> None:
        """Put what is in the file in the place of all that it holds, by the engine's own tool."""
        ...

    def stop(self, handle: Handle) -> None:
        """It cannot be reached any more."""
        ...

    def start(self, handle: Handle) -> None:
        """It can be reached again."""
        ...

    def forbid(self, handle: Handle, trouble: Trouble) -> None:
        """It stores nothing any more."""
        ...

    def allow(self, handle: Handle, trouble: Trouble) -> None:
        """That is over."""
        ...

    def check(self) -> None:
        """Raises StageBroke where a server ended by itself."""
        ...

    def close(self) -> None:
        """The run is over."""
        ...
