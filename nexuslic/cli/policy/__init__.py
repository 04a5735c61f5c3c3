"""`nexuslic policy`: what a grace period does to the people aboard, before it ships."""

import click

from nexuslic.cli.lazy import Lazy

_COMMANDS = {
    "sweep": ("sweep:sweep", "Who is refused, at every grace."),
    "find": ("find:find", "The least that keeps a target."),
    "compare": ("compare:compare", "The same trips under two policies."),
    "abuse": ("abuse:abuse", "What a policy gives to a cheat."),
    "report": ("report:report", "One page with pictures, to be mailed."),
}


@click.group(
    "policy",
    cls=Lazy,
    lazy={name: (f"nexuslic.cli.policy.{place}", about) for name, (place, about) in _COMMANDS.items()},
)
def command() -> None:
    """Judge a licensing policy by trips: of a model, or of a file (needs the extra `lab`)."""
    from nexuslic.cli.printing import never_fail_to_print

    never_fail_to_print()
