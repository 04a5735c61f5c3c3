"""Writes what the documentation takes from the code: words, state machine, commands, causes, and the pictures."""

import importlib
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import drawings  # noqa: E402
import lab_pages  # noqa: E402

from nexuslic import cli  # noqa: E402
from nexuslic.adapters import causes  # noqa: E402
from nexuslic.rules import license_time  # noqa: E402
from nexuslic.rules.machine import TABLE, diagram_mermaid  # noqa: E402
from nexuslic.rules.policy import Policy  # noqa: E402
from nexuslic.rules.words import Guard, State  # noqa: E402
from nexuslic.scenario import report, suite  # noqa: E402
from nexuslic.scenario.decoration.faults import FAULTS  # noqa: E402
from nexuslic.scenario.dictionary import reference  # noqa: E402
from nexuslic.scenario.linting import NOTHING_TO_IGNORE, RULES  # noqa: E402
from nexuslic.scenario.run import run_case  # noqa: E402
from nexuslic.scenario.stage_simulated import SimulatedStage  # noqa: E402
from nexuslic.server import describe  # noqa: E402

STORY = HERE.parent / "scenarios" / "offshore" / "45-day-north-sea-trip.scenario.yaml"

_PLACES = {
    State.AUTHENTICATED: (490.0, 125.0),
    State.UNLICENSED: (110.0, 330.0),
    State.GRACE: (870.0, 330.0),
    State.INVALID_BINDING: (240.0, 600.0),
    State.EXPIRED: (740.0, 600.0),
}


def pages() -> dict[Path, str]:
    """The generated files by path."""
    figures = HERE / "figures"
    return {
        HERE / "reference" / "words.md": reference(),
        HERE / "reference" / "machine.md": _machine(),
        HERE / "reference" / "commands.md": _commands(),
        HERE / "reference" / "causes.md": _causes(),
        HERE / "reference" / "lint.md": _lint(),
        HERE / "reference" / "faults.md": _faults(),
        HERE / "reference" / "policies.md": lab_pages.policies(),
        HERE / "reference" / "models.md": lab_pages.models(),
        HERE / "reference" / "openapi.json": json.dumps(describe.document(), indent=1, sort_keys=True) + "\n",
        figures / "machine.svg": _machine_figure() + "\n",
        figures / "north-sea.svg": _trip_figure() + "\n",
        figures / "license-time.svg": _clock_figure() + "\n",
        figures / "graces.svg": lab_pages.graces_figure() + "\n",
        figures / "kernel.svg": lab_pages.kernel_figure() + "\n",
    }


# -- the state machine ------------------------------------------------------------------------------------------------


def _machine_figure() -> str:
    edges: dict[tuple[str, str], list[str]] = {}
    for row in TABLE:
        edges.setdefault((row.source.value, row.target.value), []).append(row.event.value)
    runs = {state.value for state in State if state.runs}
    return drawings.machine({state.value: place for state, place in _PLACES.items()}, runs, edges)


def _machine() -> str:
    rows = "\n".join(f"| {r.event} | {r.source} | {_guard(r.guard)} | {r.target} |" for r in TABLE)
    return f"""# The state machine

A license is in one of five states. In the two with a green edge the application runs. Every move is a row of one table
in `nexuslic/rules/machine.py`, and the code runs on that table. What is not in it does not happen.

```{{raw}} html
:file: ../figures/machine.svg
```

[The words](words.md) say what each state and each event means, [decisions](decisions.md) what a person aboard does
about it.

## As a table

{len(TABLE)} rows. Where a row has a condition, the event leads there only if the condition holds.

| event | from | if | to |
|---|---|---|---|
{rows}

## As text

`nexuslic machine` prints the table, `nexuslic machine --json` the same for programs, `--dot` a Graphviz diagram and
`--mermaid` this one:

```none
{diagram_mermaid()}
```
"""


def _guard(guard: Guard) -> str:
    return "" if guard is Guard.ALWAYS else str(guard)


# -- the rules of lint ------------------------------------------------------------------------------------------------


def _lint() -> str:
    rows = "\n".join(f"| {r.code} | `{r.name}` | {r.about} | {r.hint} |" for r in (NOTHING_TO_IGNORE, *RULES))
    return f"""# The rules of lint

`nexuslic lint` finds stories that do less than they seem to: what nothing can break, what is never used, what happens
in vain. A finding has its place, its code and name, and what to do. Of a story with several cases a rule finds only
what it finds in each of them.

| code | name | what it finds | what to do |
|---|---|---|---|
{rows}

`--rule CODE` asks one rule only, `--ignore CODE` all but one; both may be repeated, and take names as well. A comment
`# nexuslic: ignore=CODE` lets a finding be. It stands in the finding's line, or in a line of its own above it; several
codes are parted by commas.

## What is told

In text, a finding is `file:line:column: CODE name: what`, and a line with what to do. `--github` prints the
annotations of GitHub Actions instead. `--json` prints one object:

| key | value |
|---|---|
| `format` | 1 |
| `files`, `cases` | how many were read |
| `findings` | a list: `file`, `line`, `column`, `code`, `name`, `problem`, `hint` |

Where a file is wrong or checks nothing, `code` and `name` are null.

The exit status is 2 where a file is wrong or unreadable, else 1 where a rule found something, else 5 where a file
checks nothing, else 0.

## A rule that is not there

`must_visit` may name a state that a step expects anyway. It says what the story is about, and holds when the step
is changed.
"""


# -- the commands -----------------------------------------------------------------------------------------------------

_ABOUT = {
    "book": "See [have the stories signed](../how-to/ci.md#have-the-stories-read-and-signed).",
    "doctor": "See [find what is wrong](../how-to/find-what-is-wrong.md).",
    "explain": "See also [the words](words.md), which hold the same for all words.",
    "explore": "See [exploring every state](../explanation/exploring.md).",
    "generate": "See [generate stories](../how-to/generate-stories.md).",
    "hasp": "See [replace the dongle](../how-to/replace-the-dongle.md).",
    "launch": "See [embed the check](../how-to/embed-the-check.md).",
    "license": "See [administer a license](../how-to/administer-a-license.md).",
    "lint": "It reads what `run` reads and refuses what `run` refuses, and runs nothing. See [its rules](lint.md).",
    "machine": "See also [the state machine](machine.md).",
    "migrate": "Format 1 is the newest, so it changes nothing yet.",
    "new": "It never writes over a file that exists.",
    "policy": "See [judge a grace period](../how-to/judge-a-grace-period.md), [policies](policies.md) and [trip\n"
    "models](models.md).",
    "run": "See [run stories in CI](../how-to/ci.md), and [the failure report](language.md#the-failure-report).",
    "schema": "See [set up an editor](../how-to/editor.md).",
    "server": "See [run a license server](../how-to/run-a-license-server.md).",
    "trips": "See [lists of trips](trips.md): the columns, and what is refused.",
    "vendor": "See [serve customers](../how-to/serve-customers.md).",
    "voyage": "See [simulate a trip before it sails](../how-to/voyage.md).",
    "watch": "See [write a story](../how-to/write-a-story.md).",
    "web": "See [open the screens](../how-to/screens.md).",
}


def _commands() -> str:
    parts = [
        "# Commands",
        "",
        "What `--help` says, command by command. Every command exits with 0 if all went well, with 2 if what was typed",
        "or a file is wrong, with 3 if nexuslic itself broke, and with 130 after Ctrl-C. `run`, `book`, `lint` and",
        "`voyage` have [more to say](language.md#exit-status); so has `explore`, and `policy find` exits with 1 where",
        "nothing keeps the target.",
        "",
        "Colour is used on a terminal only, and not where `NO_COLOR` is set.",
        "",
        *_command("nexuslic", cli.cli, ""),
    ]
    for name in cli.cli.list_commands(click.Context(cli.cli)):
        command = importlib.import_module(f"nexuslic.cli.{name}").command
        parts += _command(f"nexuslic {name}", command, _ABOUT[name])
        parts += _under(f"nexuslic {name}", command)
    return "\n".join(parts)


def _under(name: str, command: click.Command) -> list[str]:
    """The commands of a group, in its order, and those of the groups among them."""
    if not isinstance(command, click.Group):
        return []
    context, parts = click.Context(command), []
    for under in command.list_commands(context):
        one = command.get_command(context, under)
        assert one is not None
        parts += [*_command(f"{name} {under}", one, ""), *_under(f"{name} {under}", one)]
    return parts


def _command(name: str, command: click.Command, about: str) -> list[str]:
    settings = {**cli.cli.context_settings, **command.context_settings}
    context = click.Context(command, info_name=name, terminal_width=78, **settings)
    said = [about, ""] if about else []
    return [f"## {name}", "", *said, "```none", command.get_help(context), "```", ""]


# -- the causes of no contact -----------------------------------------------------------------------------------------


def _causes() -> str:
    numbered = enumerate(causes.TABLE, 1)
    rows = "\n".join(f"| {n} | {row.why} | {_raised(row)} | {_cause(row)} |" for n, row in numbered)
    statuses = "\n".join(f"| {shown} | {_status(first)} |" for shown, first in _STATUSES.items())
    return f"""# Which failure gives which cause

A contact over HTTPS that brings no reply has one [cause](decisions.md#no-contact). It comes from one table in
`nexuslic/adapters/causes.py`, for whatever the HTTP library, OpenSSL and the operating system raise. No message text is
ever read.

## What is raised

An exception counts together with those that it was raised from. The first row that fits any of them gives the cause.

| | what happened | what was raised | cause |
|---|---|---|---|
{rows}

What no row names is a bug in nexuslic, and is raised as it is.

## What is answered

| status | outcome |
|---|---|
{statuses}

A body of more than 64 KiB is `untrusted-reply`; hardly more than that is read of it. Whether a reply is worth anything
is not decided here: the verifier looks at the signature, and what it refuses has the cause `untrusted-reply` too.

## offline or dns

A name that is not found looks the same with a broken name server and with no network at all. So the operating system is
asked then for a route to an address of nobody (192.0.2.1, 2001:db8::1). Nothing is sent for that. Without a route the
cause is `offline`, with one it is `dns`. A closed network without a default route counts as `offline`, if the name is
not found in it.

A look-up that is still going on when the [time is over](../explanation/decisions/one-deadline.md) is a name that was
not found.

## refused or proxy

`proxy` means that the proxy was reached and did not open the way. A proxy that is not running gives `refused`, one
whose name is not found `dns`: the earliest cause is the one.

## Two addresses

Of a server with several addresses at most two are tried, of both families where it has both. If both fail, what got
furthest is told: with no route for IPv6 and a refused connection over IPv4 the cause is `refused`.
"""


_STATUSES = {
    "200": 200,
    "407": 407,
    "429": 429,
    "500 to 599": 500,
    "any other, redirects included": 302,
}


def _status(status: int) -> str:
    cause = causes.cause_of_status(status)
    return "the body is the reply" if cause is None else f"`{cause}`"


def _raised(row: causes.Row) -> str:
    said = ", ".join(f"`{_kind(kind)}`" for kind in row.kinds)
    if row.details:
        said += " with " + ", ".join(f"`{detail}`" for detail in row.details)
    if row.around:
        said += " in " + ", ".join(f"`{_kind(kind)}`" for kind in row.around)
    return said


def _kind(kind: type[BaseException]) -> str:
    home = kind.__module__.split(".")[0].lstrip("_")
    return kind.__name__ if home == "builtins" else f"{home}.{kind.__name__}"


def _cause(row: causes.Row) -> str:
    return f"`{row.cause}`" + ("" if row.unrouted is None else f"; without a route `{row.unrouted}`")


# -- the faults that are planted --------------------------------------------------------------------------------------


def _faults() -> str:
    parts = [
        "# The faults",
        "",
        f"What `nexuslic run --mutate` plants in the product, one at a time: {len(FAULTS)} faults. See",
        "[decoration](../explanation/decoration.md) for what that is good for.",
        "",
        "A story catches a fault where one of its expectations breaks under it. The last column says what a story has",
        "to tell for that.",
    ]
    for rule in dict.fromkeys(fault.rule for fault in FAULTS):
        parts += ["", f"## {rule}", "", "| fault | what is wrong | caught by |", "|---|---|---|"]
        parts += [f"| `{one.name}` | {one.wrong} | {one.story} |" for one in FAULTS if one.rule == rule]
    return "\n".join([*parts, ""])


# -- the pictures -----------------------------------------------------------------------------------------------------


def _trip_figure() -> str:
    cases = suite.load(str(STORY)).cases
    rows = [(case.name, report.day_strip(run_case(case, SimulatedStage))) for case in cases]
    legend = {"A": "contact", "g": "grace: it runs", "E": "expired: it does not run", "C": "the clocks go forward"}
    return drawings.strips(rows, legend, "A 45-day trip, three ways, one square a day")


def _clock_figure() -> str:
    """A launch a day at noon; the clock falls back by three days on day 5 and is set right on day 9."""
    day, start = timedelta(days=1), datetime(2026, 3, 2, 12, tzinfo=UTC)
    ledger, clock, seen = license_time.correct(start, start), [(0.0, 0.0)], [(0.0, 0.0)]
    for number in range(1, 13):
        wall = start + (number - (3 if 5 <= number < 9 else 0)) * day
        ledger = license_time.observe(ledger, wall, Policy()).ledger
        clock.append((float(number), (wall - start) / day))
        seen.append((float(number), (ledger.license_time - start) / day))
    axes = ("true days since the grant", "days as each of them shows")
    title = "License time beside a clock that falls back"
    return drawings.lines({"the clock": clock, "license time": seen}, axes, title)


if __name__ == "__main__":
    for path, content in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
