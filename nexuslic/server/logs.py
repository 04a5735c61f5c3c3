"""Structured logs on standard error, one JSON object a line, with no license key and no token in them.

A request is logged by its route's pattern, never by its path, and no body or header is logged at all.
"""

import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog


def place_of(error: BaseException) -> list[str]:
    """Where an error came from, innermost last: lines of code, and nothing that they worked on."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def logger(clock_text: Any, stream: TextIO | None = None) -> Any:
    """A logger of its own; `clock_text` gives the time as text. No global configuration is touched."""

    def stamped(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"at": clock_text(), **event}

    return structlog.wrap_logger(
        structlog.PrintLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            stamped,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.BoundLogger,
    )
