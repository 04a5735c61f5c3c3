"""`nexuslic launch`: any program, if the license lets it run."""

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli import customer
from nexuslic.cli.customer import REFUSED, connected, license_of
from nexuslic.cli.plain import plain
from nexuslic.cli.printing import whether_read_or_not as _tell

if TYPE_CHECKING:
    from nexuslic.rules.decision import Decision

_NOT_FOUND, _NOT_EXECUTABLE = 127, 126


@click.command("launch", context_settings={"allow_interspersed_args": False})
@connected
@click.option("--json", "as_json", is_flag=True, help="The decision as JSON, in the place of the message.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARG ...]")
def command(command: tuple[str, ...], as_json: bool, **given: Any) -> int:
    """Start COMMAND if the license lets it run, and hold its seat while it runs (needs the extra `client`).

    Warnings and refusals are written to standard error. With --json the decision is one line: on standard output
    where COMMAND was refused, on standard error where it runs, because standard output is COMMAND's own. Signals are
    passed to COMMAND. A session whose seat was given away, and that finds no other, is told so: COMMAND is asked to
    end (SIGTERM).

    Exit status: COMMAND's own (128 and the signal where one ended it), 77 the license does not let it run, 126 and
    127 COMMAND cannot be started or found, 2 what was given is wrong.
    """
    program = _found(command[0])
    if isinstance(program, int):
        return program
    given["application"] = given["application"] or Path(program).resolve().parent
    with license_of(given) as license:
        from nexuslic.cli.child import Child, Interrupted

        child = Child()

        def lost() -> None:
            _tell("error: the seat of this session was given away, and none is free: it ends", err=True)
            child.terminate()

        try:
            with child.signalled(), license.launch(on_seat_lost=lost) as decision:
                _say(decision, as_json)
                return child.run((program, *command[1:])) if decision.runs else REFUSED
        except Interrupted as error:
            return 128 + error.number
        except OSError as error:
            problem = (error.strerror or "it cannot be started").lower()
            _tell(f"error: {plain(command[0])}: {problem}; give a program that can be started", err=True)
            return _NOT_EXECUTABLE


def _found(name: str) -> str | int:
    """The program of a name; the exit status of a shell where there is none, before any seat is taken."""
    found = shutil.which(name)
    if found is not None:
        return found
    there = os.path.exists(name)
    problem = "it may not be executed" if there else "there is no such command"
    _tell(f"error: {plain(name)}: {problem}; give a program that can be started", err=True)
    return _NOT_EXECUTABLE if there else _NOT_FOUND


def _say(decision: "Decision", as_json: bool) -> None:
    """A program that is confirmed starts without a word."""
    from nexuslic.cli import told
    from nexuslic.rules.explain import explain

    if as_json:
        _tell(json.dumps(told.decision(decision)), err=decision.runs)
    elif not decision.runs:
        _tell(f"error: {plain(str(explain(decision, customer.when)))}", err=True)
    elif decision.warnings or decision.store_failed or decision.dropped:
        _tell(plain(str(explain(decision, customer.when))), err=True)
