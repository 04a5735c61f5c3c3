"""Offline-first software licensing, and the simulator that shows what a licensing policy does to the people aboard.

What an application embeds: `open` and the values that it gives (they need the extra `client`). They are imported when
they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from nexuslic.version import __version__

if TYPE_CHECKING:
    from nexuslic.application.application import Application
    from nexuslic.application.opening import open
    from nexuslic.application.status import Status
    from nexuslic.errors import CodeRefused, InputError, MistypedKey, NexuslicError, WorldError
    from nexuslic.rules.decision import Decision
    from nexuslic.rules.explain import explain
    from nexuslic.rules.policy import Policy
    from nexuslic.rules.words import Cause, Reason, State

__all__ = [
    "Application",
    "Cause",
    "CodeRefused",
    "Decision",
    "InputError",
    "MistypedKey",
    "NexuslicError",
    "Policy",
    "Reason",
    "State",
    "Status",
    "WorldError",
    "__version__",
    "explain",
    "open",
]

_HOMES = {
    "Application": "application.application",
    "Cause": "rules.words",
    "CodeRefused": "errors",
    "Decision": "rules.decision",
    "InputError": "errors",
    "MistypedKey": "errors",
    "NexuslicError": "errors",
    "Policy": "rules.policy",
    "Reason": "rules.words",
    "State": "rules.words",
    "Status": "application.status",
    "WorldError": "errors",
    "explain": "rules.explain",
    "open": "application.opening",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
