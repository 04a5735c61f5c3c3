"""Questions about a policy, answered by running the rules.

What a notebook asks with: the questions of `nexuslic policy` as functions, and the values that they take. They are
imported when they are first asked for (all but `Trip` and `LabPolicy` need the extra `lab`).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nexuslic.lab import charts
    from nexuslic.lab.model import TripModel
    from nexuslic.lab.notebook import compare, find, survival, sweep, voyage_strip
    from nexuslic.lab.policies import LabPolicy
    from nexuslic.lab.trip import Trip

__all__ = ["LabPolicy", "Trip", "TripModel", "charts", "compare", "find", "survival", "sweep", "voyage_strip"]

_HOMES = {
    "LabPolicy": "policies",
    "Trip": "trip",
    "TripModel": "model",
    "compare": "notebook",
    "find": "notebook",
    "survival": "notebook",
    "sweep": "notebook",
    "voyage_strip": "notebook",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = import_module(f"{__name__}.{_HOMES.get(name, name)}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("nexuslic"):
            raise
        missing = f"this needs a package that is not installed ({error.name}): run pip install 'nexuslic[lab]'"
        raise ModuleNotFoundError(missing, name=error.name) from error
    return getattr(home, name) if name in _HOMES else home


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
