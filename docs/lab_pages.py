"""What the documentation takes from the policy lab: its files' keys, the built-in models, and two pictures."""

from datetime import timedelta

import drawings

from nexuslic.lab import model, notebook
from nexuslic.lab import policies as files
from nexuslic.rules.policy import Policy

_OWN = {"policy": "must be there", "format": "must be there", "grace": "30", "extensions": "yes"}
"""The keys of a policy that are no knobs of the rules, and what stands where they are not there."""


def policies() -> str:
    """The page of the policy file."""
    rows = "\n".join(f"| `{key}` | {one.doc} | {_OWN.get(key) or _default(key)} |" for key, one in files.KEYS.items())
    return f"""# Policies

A licensing policy as a file: what a vendor may decide, to be judged by `nexuslic policy` before it ships. `compare`
takes two of them, `abuse` one; `sweep`, `find` and `report` take one with `--policy`, and `explore` does too. Without a
file they take the policy as documented, with 30 days of grace.

```none
policy: 21 days, by identity
format: 1
grace: 21
binding: identity
```

| key | what it says | where it is not there |
|---|---|---|
{rows}

The last {len(files.KEYS) - len(_OWN)} are those of `policy:` in a [story](language.md#world): knobs of the rules.
What stands here for them is what the product documents. With `extensions: no` an extension that a trip or a model has
is not handed out.

`sweep` tells the trips at every grace of `--grace`, under the other keys of the policy. Its first sentence is about the
policy's own grace, where that is among them.
"""


def _default(key: str) -> str:
    value = getattr(Policy(), key)
    if value is None:
        return "always"
    return files.span(value) if isinstance(value, timedelta) else str(getattr(value, "value", value))


def models() -> str:
    """The page of the trip model's file, and the built-in models."""
    defaults = model.shown(model.TripModel("", ((45, 1.0),)))
    required = [key for key, one in model.KEYS.items() if one.required]
    rows = "\n".join(
        f"| `{key}` | {one.doc} | {'must be there' if key in required else _number(defaults[key])} |"
        for key, one in model.KEYS.items()
    )
    parts = []
    for name in model.built_in():
        parts += [f"## {name}", "", "```none", model.text_of_model(name).rstrip(), "```", ""]
    return f"""# Trip models

What trips are like, as numbers, from which any number of trips is drawn. `nexuslic policy sweep north-sea` takes a
model that is built in, `nexuslic policy sweep mine.yaml` one of your own. `--set contact=0.05` changes a number for
once. [The numbers](../explanation/numbers.md) says where each is from, and how sure one can be.

To write one of your own, copy the nearest from below into a file whose name ends in `.yaml` (and not in
`.scenario.yaml`, as stories do), and change what you know better.

| key | what it says | where it is not there |
|---|---|---|
{rows}

A chance is `0.02`, `2 %` or `1 in 50`. Weights need not add up to anything. A span is written as in stories: `3d`,
`2h`. On a day at most one of these happens: a restore, a renamed server, a clock that is set back, a workstation's
clock. So their chances together are at most 1.

Each trip is told as [a list's](trips.md) trips are, in UTC: the key on day 1 at 07:30, from day 2 on a launch at 06:00
on every workstation; contacts, restores and renames at noon, clocks at 05:00. Trip 17 of seed 1 is the same trip on
every machine.

A model without restores, renames, clocks and extensions *has no memory*: then `sweep` and `find` answer
[exactly](../explanation/kernel.md#where-no-trip-is-drawn), unless `--trips` asks for trips.

{chr(10).join(parts)}"""


def _number(text: str) -> str:
    return "none" if text in ("0.0", "0") else f"`{text}`"


def graces_figure() -> str:
    """Who is refused, by grace."""
    table = notebook.sweep("north-sea", grace=(7, 60), trips=20_000)
    curve = [(float(row["grace"]), row["share_touched"]) for row in table.iter_rows(named=True)]
    title = "North Sea survey projects: the share of trips with a refused day, by grace"
    return drawings.shares(curve, (21, 30), ("days of grace", "trips with a refused day"), title)


def kernel_figure() -> str:
    """Twelve days with a contact on day 5: the words of the graces 0 to 6, a square a day from day 2 on."""
    days, contact = range(2, 13), 5
    every = (1 << len(days)) - 1
    eve = every & ~(1 | 1 << (contact - 1))
    words, rows = every, [("grant", "".join("A" if day in (1, contact) else "." for day in range(1, 13)))]
    for grace in range(7):
        marks = "".join("E" if words >> bit & 1 else "." for bit in range(len(days)))
        rows.append((f"m{grace}", f".{marks}"))
        words = eve & words << 1
    legend = {"A": "a grant", "E": "refused at this grace", ".": "runs, or no launch"}
    return drawings.strips(rows, legend, "A trip of 12 days with a contact on day 5: refused days at the graces 0 to 6")
