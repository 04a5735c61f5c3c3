"""Structured logs on standard error, one JSON object a line, with no license key and no token in them.

A request is logged by its route's pattern, never by its path, and no body or header is logged at all.
"""

import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog


def logger(clock_text: Any, stream: TextIO | None = None) -> Any:
    """A logger of its own; `clock_text` gives the time as text. No global configuration is touched."""

    def stamped(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"at": clock_text(), **event}

    return structlog.wrap_logger(
        structlog.PrintLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            stamped,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.BoundLogger,
    )
