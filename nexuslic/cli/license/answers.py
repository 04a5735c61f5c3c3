"""How an authentication or a code is told: plain words or JSON, and exit status 1 where it was not granted."""

import click

from nexuslic.cli import customer, printing, told
from nexuslic.rules.decision import Decision
from nexuslic.rules.explain import explain


def answered(decision: Decision, as_json: bool) -> int:
    """Print what came of it; the exit status."""
    done = decision.runs and decision.stored
    if as_json:
        printing.as_json(told.decision(decision))
    elif done:
        click.echo(f"{decision.state}: {explain(decision, customer.when)}")
        click.echo(f"{decision.days_left} days of grace, until {customer.when(decision.deadline)}.")
    else:
        click.echo(f"error: {explain(decision, customer.when)}", err=True)
    return 0 if done else 1
