"""The lab's charts for the browser: their specifications, in the colours of the page, with their data beside them.

A specification is made once; where only another grace is looked at, only its mark is other data, and the browser keeps
the picture that it has drawn.
"""

from typing import Any, Final

import attrs
import polars as pl
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from nexuslic.lab import charts
from nexuslic.lab.charts import heat, palette
from nexuslic.lab.finding import Found, Measure
from nexuslic.web.lab import texts
from nexuslic.web.lab.asking import Compared, Swept

CURVES: Final = (7, 14, 21, 30, 45, 60)
"""The graces whose survival curves are drawn, beside the one that is looked at."""
_PLACES: Final = 5
"""Of a share that is drawn: finer than a picture shows."""
_CLASSES: Final = {"days": heat.DAYS, "touched": heat.TOUCHED}


@attrs.frozen
class Picture:
    """A picture: its title, its shape (a specification without data), and its data by their names.

    Its shape and its data are JSON that can stand in an attribute between single quotes.
    """

    title: str
    shape: Markup
    sets: dict[str, list[dict[str, Any]]]

    @property
    def data(self) -> Markup:
        """Its data as JSON."""
        return htmlsafe_json_dumps(self.sets, separators=(",", ":"))


def picture(chart: charts.Chart) -> Picture:
    """A chart in the page's colours."""
    spec = chart.to_dict(validate=False)
    sets = spec.pop("datasets", {})
    spec["config"] = palette.config(palette.VARIABLES) | {"background": None}
    shape = htmlsafe_json_dumps(spec, separators=(",", ":"))
    for place, name in enumerate(sets):
        shape = shape.replace(name, f"d{place}")
    named = {f"d{place}": rows for place, rows in enumerate(sets.values())}
    return Picture(str(spec.get("description", "")), shape, named)


def heat_map(swept: Swept, grace: int, measure: str) -> Picture:
    """Refused days, or trips touched, by trip length and grace; this grace is marked."""
    name = f"heat-{measure}"
    if name not in swept.specs:
        swept.specs[name] = picture(charts.heat_map(swept.by_length, grace, _CLASSES[measure]))
    drawn: Picture = swept.specs[name]
    mark = {"grace": grace, "said": f"grace {grace}"}
    return attrs.evolve(drawn, sets={name: [mark] if _marks(rows) else rows for name, rows in drawn.sets.items()})


def _marks(rows: list[dict[str, Any]]) -> bool:
    return len(rows) == 1 and set(rows[0]) == {"grace", "said"}


def survival_of(swept: Swept, grace: int) -> pl.DataFrame:
    """Trips still running on each day, at some graces and at this one."""
    low, high = swept.question.graces
    return swept.answer.survival(tuple(sorted({one for one in CURVES if low <= one <= high} | {grace})))


def survival(swept: Swept, grace: int) -> Picture:
    """The curves of those trips."""
    drawn = survival_of(swept, grace).select("grace", "day", pl.col("share").round(_PLACES))
    return picture(charts.survival_chart(drawn, grace))


def by_grace(swept: Swept, grace: int) -> Picture:
    """The share of trips touched and the days refused, by grace."""
    days = "days_refused" if "days_refused" in swept.by_grace.columns else "days_refused_per_trip"
    return picture(charts.sweep_chart(swept.by_grace.select("grace", "share_touched", days), grace))


def found(answer: Found) -> Picture | None:
    """What each setting comes to, and where the target is met; None of days, which are no share."""
    if answer.target.measure is Measure.DAYS:
        return None
    rows = [(point.setting, point.value, point.low, point.high) for point in answer.points]
    tried = pl.DataFrame(rows, schema=["value", "share", "low", "high"], orient="row")
    met = None if answer.best is None else answer.best.setting
    return picture(charts.find_chart(tried, answer.target.most, met, texts.KNOBS[answer.knob.value]))


def compared(answer: Compared) -> Picture:
    """Both policies side by side."""
    told = answer.answer
    touched = (told.both + told.first, told.both + told.second)
    titles = [policy.title for policy in told.policies]
    names = titles if titles[0] != titles[1] else [f"{titles[0]} (1)", f"{titles[1]} (2)"]
    return picture(
        charts.compare_chart(
            pl.DataFrame(
                {
                    "policy": names,
                    "share_touched": [trips / told.trips for trips in touched],
                    "days_refused": list(told.refused),
                    "people_days_lost": list(told.people),
                }
            )
        )
    )
