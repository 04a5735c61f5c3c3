"""`nexuslic explore`."""

import sys
from pathlib import Path
from typing import Any

import click

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.cli.ctrl_c import CtrlC
from nexuslic.cli.files import Target
from nexuslic.cli.printing import as_json as print_json
from nexuslic.cli.printing import never_fail_to_print, table
from nexuslic.lab.exploring import always, lines, verdict
from nexuslic.lab.exploring.verdict import DEPTH, Verdict, Violation
from nexuslic.lab.policies import LabPolicy, read_policy
from nexuslic.rules.machine import TABLE
from nexuslic.scenario.formats.text import some

STATUS = """\b
Exit status:
  0    all holds
  1    the rules decide otherwise than their letter, or a line of "Always true"
       does not hold
  2    an option, a policy or an `always` line is wrong: then nothing ran
  3    nexuslic itself broke: please report it
  4    an `always` line that was given does not hold
  130  stopped with Ctrl-C
"""


@click.command("explore", epilog=STATUS)
@click.option("--depth", type=int, default=DEPTH, show_default=True, metavar="N", help="How many moves deep.")
@click.option("--policy", "policy_file", default=None, metavar="FILE", help="Under this policy.")
@click.option(
    "--always", "always_lines", multiple=True, metavar="LINE", help='Such as "never: Expired, before: day 31".'
)
@click.option("--save", default=None, metavar="FILE", help="Write what is found as a story.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
def command(depth: int, policy_file: str | None, always_lines: tuple[str, ...], save: str | None, as_json: bool) -> int:
    """Every state that the rules can reach, breadth first, held against their letter.

    Each decision is compared with the rules as they are written, and with the nine lines of "Always true"; --always
    adds a line of the scenario language (and can be given again). The first thing that does not hold comes out as the
    shortest story of it, which fails in `nexuslic run`.
    """
    never_fail_to_print()
    policy = LabPolicy() if policy_file is None else read_policy(Path(policy_file))
    wanted = lines.read(always_lines)
    target = None if save is None else Target("--save", Path(save))
    if target is not None:
        target.check()
    watch = Stopwatch()
    with CtrlC() as ctrl_c:
        found = verdict.explore(policy, depth, wanted, _Beat(watch, ctrl_c))
    if target is not None and found.violation is not None and found.violation.text:
        target.write(found.violation.text)
    if as_json:
        print_json(_as_json(found, policy, depth))
    else:
        _print(found, policy, save, watch, given=len(always_lines))
    return 0 if found.violation is None else found.violation.status


class _Beat:
    """Says on a terminal how long it has been going on, and hears Ctrl-C."""

    def __init__(self, watch: Stopwatch, ctrl_c: CtrlC) -> None:
        self.watch, self.ctrl_c, self.told = watch, ctrl_c, 0

    def __call__(self) -> None:
        if self.ctrl_c.pressed:
            raise KeyboardInterrupt
        seconds = int(self.watch.seconds())
        if seconds > self.told and sys.stderr.isatty():
            self.told = seconds
            click.echo(f"\rexploring, {seconds} s\r", nl=False, err=True)


def _print(found: Verdict, policy: LabPolicy, save: str | None, watch: Stopwatch, *, given: int) -> None:
    explored, seated = found.explored, found.seated
    click.echo(f"policy {policy.title}, {policy.grace} days of grace")
    rows = [[d.name, str(d.moves), str(d.depth), f"{d.states:,}", f"{d.transitions:,}"] for d in explored.dives]
    rows.append(["seats and users", "", "", f"{seated.states:,}", f"{seated.transitions:,}"])
    table(["explored", "moves", "depth", "states", "transitions"], rows)
    click.echo(f"rows of the table fired: {explored.rows} of {len(TABLE)}")
    counts = f"{explored.states:,} states, {explored.transitions:,} transitions, {explored.decisions:,} decisions"
    if found.violation is None:
        also = f", and {given} more that {'was' if given == 1 else 'were'} given" if given else ""
        click.echo(f"each decision is as the letter says; lines 1 to {len(always.LINES)} of Always true hold{also}")
        click.echo(f"{counts}: all holds  ({watch.seconds():.1f} s)")
        return
    click.echo(f"{counts}, and then  ({watch.seconds():.1f} s)")
    _print_violation(found.violation, save)


def _print_violation(violation: Violation, save: str | None) -> None:
    number = f" (Always true, line {violation.line})" if violation.line is not None else ""
    click.echo(f"{click.style('FAIL', fg='red')}  {violation.what}{number}")
    if not violation.text:
        click.echo("no story shows it: no answer differs within the moves that were tried")
        return
    count = some(violation.steps, "step")
    if violation.ran is None or violation.ran.status != violation.status:
        click.echo("in `nexuslic run` this story comes to something else: please report that with the story")
    where = f"written to {save}: nexuslic run {save}" if save is not None else "write it to a file with --save FILE"
    click.echo(f"the shortest story has {count}, and fails in `nexuslic run`; {where}")
    if save is None:
        click.echo()
        click.echo(violation.text.rstrip())


def _as_json(found: Verdict, policy: LabPolicy, depth: int) -> dict[str, Any]:
    explored, seated, violation = found.explored, found.seated, found.violation
    return {
        "format": 1,
        "policy": policy.title,
        "grace": policy.grace,
        "depth": depth,
        "explored": [
            {"name": d.name, "moves": d.moves, "depth": d.depth, "states": d.states, "transitions": d.transitions}
            for d in explored.dives
        ],
        "seats": {"states": seated.states, "transitions": seated.transitions},
        "states": explored.states,
        "transitions": explored.transitions,
        "decisions": explored.decisions,
        "rows": {"fired": explored.rows, "of": len(TABLE)},
        "holds": violation is None,
        "violation": None if violation is None else _violation(violation),
    }


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "what": violation.what,
        "line": violation.line,
        "steps": violation.steps,
        "story": violation.text or None,
        "run": None if violation.ran is None else violation.ran.status,
    }
