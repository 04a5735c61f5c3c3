"""Pictures and tables that a command of the lab writes beside its answer: looked at before, written when it is done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nexuslic.cli.extras import needing
from nexuslic.cli.files import Target, check
from nexuslic.errors import InputError

_ENDINGS = (".svg", ".png", ".html")


def check_files(chart: Path | None, *others: tuple[str, Path | None]) -> None:
    """Refuse files that cannot be written while nothing has run yet. Raises InputError."""
    if chart is not None and chart.suffix.lower() not in _ENDINGS:
        raise InputError(f"--chart {chart}: a picture ends in {', '.join(_ENDINGS[:-1])} or {_ENDINGS[-1]}")
    named = [("--chart", chart), *others]
    check([Target(option, path) for option, path in named if path is not None])


def write_chart(chart: Path | None, draw: Callable[[Any], Any]) -> None:
    """Write the picture that `draw` makes of the charts' module. Raises WorldError."""
    if chart is not None:
        with needing("lab"):
            from nexuslic.lab import charts
        charts.write_chart(draw(charts), chart)
