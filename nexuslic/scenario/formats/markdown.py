"""A summary for a pull request: a table of counts, what is wrong folded away, and what this stage could not do."""

import re

from nexuslic.scenario.coverage import Coverage
from nexuslic.scenario.formats.letters import for_xml, html, lines, visible
from nexuslic.scenario.results import ERRORS, FINE, CaseRecord, Summary
from nexuslic.scenario.run import Outcome

MOST = 50
"""How many failures are told in full: a comment on a pull request holds 65,536 letters."""


def write(summary: Summary, covered: Coverage | None) -> str:
    """The whole summary."""
    bad = [one for one in summary.records if one.outcome not in FINE]
    parts = [f"### {_headline(summary, bad)}", "", *_table(summary, covered), ""]
    if summary.incomplete:
        parts += [f"**Incomplete:** {html(visible(summary.incomplete))}", ""]
    for one in bad[:MOST]:
        parts += [*_folded(one), ""]
    if len(bad) > MOST:
        parts += [f"{len(bad) - MOST} more are not shown.", ""]
    return "\n".join([*parts, *_not_here(summary)]).rstrip() + "\n"


def _headline(summary: Summary, bad: list[CaseRecord]) -> str:
    if not summary.records:
        return "Stories: nothing was checked"
    if bad:
        return f"Stories: {len(bad)} of {len(summary.records)} cases do not hold"
    return "Stories: incomplete" if summary.incomplete else "Stories: all hold"


def _table(summary: Summary, covered: Coverage | None) -> list[str]:
    rows = {
        "stories": len(summary.reports),
        "cases": len(summary.records),
        "expectations": summary.checked,
        "failed expectations": summary.failed,
        "cases with an error": summary.count(*ERRORS),
        "cases not on this stage": summary.count(Outcome.NOT_HERE),
        **({"differences between stages": summary.differing} if summary.compared else {}),
    }
    told = [f"| {name} | {count} |" for name, count in rows.items()]
    told += [f"| coverage: {part.name} | {part.visited}/{part.of} |" for part in (covered.parts if covered else ())]
    return ["| | |", "|---|---:|", *told, f"| seconds | {summary.seconds:.1f} |"]


def _folded(one: CaseRecord) -> list[str]:
    text = "\n".join(lines(for_xml(one.text)))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    title = f"{html(visible(one.name))} &mdash; <code>{html(visible(one.place))}</code>, on {html(one.stage)}"
    return ["<details>", f"<summary>{title}</summary>", "", f"{fence}text", text, fence, "", "</details>"]


def _not_here(summary: Summary) -> list[str]:
    skipped = [one for one in summary.records if one.outcome is Outcome.NOT_HERE]
    if not skipped:
        return []
    told = [f"<li>{html(visible(one.name))}: {html(visible(one.message))}</li>" for one in skipped]
    return ["<details>", f"<summary>{len(skipped)} not on this stage</summary>", "<ul>", *told, "</ul>", "</details>"]
