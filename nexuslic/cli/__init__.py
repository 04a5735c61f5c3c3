"""The command line: arguments in, a call, a table out. Each command is imported when it is called."""

import os
import sys
from collections.abc import Sequence

import click

from nexuslic.cli.lazy import Lazy
from nexuslic.version import __version__

_ABOUT = {
    "book": "All stories as prose with their results, to read and sign.",
    "doctor": "Say why a launch does not run, and what cures it.",
    "explain": "Any word of nexuslic in three lines.",
    "explore": "Every state that the rules can reach, held against their letter.",
    "generate": "Random stories that are legal and hold.",
    "hasp": "Switch from the dongle to the license, and back.",
    "launch": "Start a program, if its license lets it run.",
    "license": "The License dialog as commands.",
    "lint": "Check scenario files without running them.",
    "machine": "The state machine, drawn from its table.",
    "migrate": "Bring scenario files to the newest format.",
    "new": "A commented story to start from.",
    "policy": "Judge a grace period by trips before it ships.",
    "run": "Run stories, and say whether all that they expect holds.",
    "schema": "The JSON Schema of scenario files.",
    "server": "Make, run and keep a license server.",
    "trips": "Check a fleet's own list of trips.",
    "vendor": "Issue licenses and serve customers.",
    "voyage": "Simulate an offshore trip of a given length.",
    "web": "The screens: License dialog, voyage planner, policy lab.",
    "watch": "Run stories again each time that one is written.",
}
_COMMANDS = {name: (f"nexuslic.cli.{name}:command", about) for name, about in _ABOUT.items()}


@click.group(cls=Lazy, lazy=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nexuslic", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Offline-first software licensing, simulated: what a grace period does to the people aboard."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    try:
        status = cli.main(args, prog_name="nexuslic", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:
        return _broke(error)
    return status if isinstance(status, int) else 0


def _broke(error: Exception) -> int:
    from nexuslic.errors import InputError, WorldError

    if isinstance(error, InputError | WorldError):
        click.echo(f"error: {error}", err=True)
        return 2 if isinstance(error, InputError) else 1
    name = type(error).__name__
    click.echo(f"error: nexuslic broke ({name}: {error}); please report this with the command", err=True)
    return 3
