"""Dask's own talk is kept off the terminal: whatever matters to a person is said by nexuslic, in one sentence."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_TALKERS = ("distributed", "tornado", "asyncio", "bokeh")
_NEVER = logging.CRITICAL + 1


@contextmanager
def quiet() -> Iterator[None]:
    """As long as this lasts, Dask logs and warns of nothing; everybody else does as before."""
    before = {logger: logger.level for logger in _loggers()}
    for logger in before:
        logger.setLevel(_NEVER)
    try:
        with warnings.catch_warnings():
            for talker in _TALKERS:
                warnings.filterwarnings("ignore", module=rf"{talker}(\.|$)")
            yield
    finally:
        for logger, level in before.items():
            logger.setLevel(level)


def _loggers() -> list[logging.Logger]:
    """Those that there are, and the roots of those to come."""
    names = {name for name in logging.root.manager.loggerDict if name.split(".")[0] in _TALKERS}
    return [logging.getLogger(name) for name in sorted(names.union(_TALKERS))]
