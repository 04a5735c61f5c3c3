"""Faults of what a person reads: each refusal says what is so, what the clock shows, and what to do."""

import attrs

from nexuslic.scenario.decoration.fault import Fault

_RULE = "Grace"
_IN = "nexuslic.rules.explain:"

FAULTS = (
    Fault(
        "message-without-the-reason",
        "A refusal does not say why.",
        _RULE,
        "a refusal, and what its message says",
        f"{_IN}_refusal",
        lambda real: lambda decision: "The application does not run.",
    ),
    Fault(
        "message-without-the-dates",
        "A refusal does not say what the clock shows, nor when the last grant and the last good launch were.",
        _RULE,
        "a refusal, and what its message says",
        f"{_IN}_dates",
        lambda real: lambda decision, write: [],
    ),
    Fault(
        "message-without-the-next-step",
        "A refusal does not say what to do.",
        _RULE,
        "a refusal, and what its message says",
        f"{_IN}_next",
        lambda real: lambda decision: "",
    ),
    Fault(
        "message-without-the-warning",
        "A message does not repeat the warning.",
        _RULE,
        "a launch in Grace, and what its message says",
        f"{_IN}_warned",
        lambda real: lambda decision: [],
    ),
    Fault(
        "message-with-one-cause-for-all",
        "A message says that there is no network, whatever the cause is.",
        "Contact",
        "a fault of another cause, and what the message says",
        f"{_IN}CAUSES",
        lambda real: dict.fromkeys(real, "no connection"),
    ),
    Fault(
        "message-without-what-was-not-stored",
        "A message does not say that nothing could be stored, nor who was dropped.",
        "A launch",
        "a database that is read-only, and what the message says",
        f"{_IN}_stored",
        lambda real: lambda decision: [],
    ),
    Fault(
        "message-of-a-launch-that-runs",
        "A launch that runs says nothing at all.",
        _RULE,
        "a launch that is confirmed, and what its message says",
        f"{_IN}_running",
        lambda real: lambda decision, write: attrs.evolve(real(decision, write), message="", next_step=""),
    ),
    Fault(
        "message-without-the-deadline",
        "A launch in Grace does not say until when the application runs.",
        _RULE,
        "a launch in Grace, and what its message says",
        f"{_IN}_running",
        lambda real: lambda decision, write: real(attrs.evolve(decision, deadline=None), write),
    ),
)
