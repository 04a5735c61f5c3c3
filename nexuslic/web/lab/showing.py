"""What each answer needs of its template: sentences, pictures, tables and trips."""

from typing import Any

import polars as pl

from nexuslic.lab import amounts
from nexuslic.lab.finding import Measure
from nexuslic.lab.report import Content, findings
from nexuslic.lab.sweeping import Sweep
from nexuslic.web.lab import examples, pictures, tables, texts
from nexuslic.web.lab.asking import Answered, Cheated, Compared, Swept
from nexuslic.web.lab.bench import Kind
from nexuslic.web.speech import Speech

Values = dict[str, Any]


def answer(kind: Kind, found: Any, say: Speech) -> Values:
    """The values of an answer's template."""
    if kind is Kind.SWEEP:
        return swept(found, say)
    if kind is Kind.FIND:
        return sought(found, say)
    if kind is Kind.COMPARE:
        return compared(found, say)
    return cheated(found) if kind is Kind.ABUSE else {"kilobytes": say.number(len(found) // 1000)}


def swept(found: Swept, say: Speech) -> Values:
    """A sweep, looked at where the policy stands."""
    lengths = sorted(found.by_length["length"].unique().to_list())
    low, high = found.question.graces
    grace = found.question.policy.grace
    return {
        "lengths": [(length, amounts.days(length)) for length in lengths],
        "low": low,
        "high": high,
        **looked(found, grace, "days", say),
    }


def looked(found: Swept, grace: int, measure: str, say: Speech) -> Values:
    """A sweep at one grace, by one measure: what is drawn again at each move."""
    caption = texts.HEAT_TABLE.format(amounts.days(grace))
    return {
        "grace": grace,
        "measure": measure,
        "sentence": found.sentence(grace),
        "rests": found.rests,
        "picture": pictures.heat_map(found, grace, measure),
        "about_lengths": findings.of_lengths(_content(found, grace)),
        "table": tables.by_length(say, caption, found.by_length, grace),
    }


def curves(found: Swept, grace: int, say: Speech) -> Values:
    """What is drawn a moment later: the curves, and everything by grace."""
    survival = pictures.survival_of(found, grace)
    free = found.by_grace.filter(pl.col("share_touched") == 0)["grace"].to_list()
    high = found.question.graces[1]
    said = texts.BY_GRACE_SAID if free else texts.BY_GRACE_NEVER
    return {
        "grace": grace,
        "about_curves": findings.of_survival(_content(found, grace, survival)),
        "curves": pictures.survival(found, grace),
        "curves_table": tables.survival(say, texts.CURVES_TABLE, survival, grace),
        "about_graces": said.format(amounts.days(free[0] if free else high)),
        "graces": pictures.by_grace(found, grace),
        "graces_table": tables.by_grace(say, texts.GRACE_TABLE, found.by_grace, grace),
    }


def _content(found: Swept, grace: int, survival: pl.DataFrame | None = None) -> Content:
    """As much of a report as its sentences read."""
    trips = found.answer.trips if isinstance(found.answer, Sweep) else 0
    lengths = found.by_length
    if "days_refused" not in lengths.columns:
        lengths = lengths.with_columns(pl.col("days_refused_per_trip").alias("days_refused"))
    none = pl.DataFrame()
    question = found.question
    return Content(
        question.words,
        "",
        grace,
        trips,
        "",
        "",
        (),
        (),
        found.by_grace,
        lengths,
        none if survival is None else survival,
        none,
        none,
        (),
        (),
    )


def sought(found: Answered, say: Speech) -> Values:
    """What keeps a target."""
    shares = found.found.target.measure is not Measure.DAYS

    def named(name: str) -> str:
        return "share" if shares and name != "setting" else name

    return {
        "sentences": found.sentences,
        "picture": pictures.found(found.found),
        "table": tables.plain(say, texts.FIND_TABLE, found.near, named),
    }


def compared(found: Compared, say: Speech) -> Values:
    """Two policies over the same trips."""
    pairs, legend = examples.telling(found)
    return {
        "sentences": found.sentences,
        "picture": pictures.compared(found),
        "table": tables.plain(say, texts.COMPARE_TABLE, found.answer.by_length),
        "pairs": pairs,
        "legend": legend,
    }


def cheated(found: Cheated) -> Values:
    """What each kind of cheat gains."""
    return {"sentences": (found.sentence,), "cheats": found.cheats}
