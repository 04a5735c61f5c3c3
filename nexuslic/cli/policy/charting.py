"""Pictures and tables that a command of the lab writes beside its answer: looked at before, written when it is done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nexuslic.cli.extras import needing
from nexuslic.cli.files import Target, check
from nexuslic.lab import pictures


def check_files(chart: Path | None, *others: tuple[str, Path | None]) -> None:
    """Refuse files that cannot be written while nothing has run yet. Raises InputError."""
    if chart is not None:
        pictures.ending(chart, "--chart")
    named = [("--chart", chart), *others]
    check([Target(option, path) for option, path in named if path is not None])


def write_chart(chart: Path | None, draw: Callable[[Any], Any]) -> None:
    """Write the picture that `draw` makes of the charts' module. Raises WorldError."""
    if chart is not None:
        with needing("lab"):
            from nexuslic.lab import charts
        Target("--chart", chart).write(charts.rendered(draw(charts), chart))
