"""The lab's charts: Altair objects for notebooks, made from the frames of a report, and static files of them."""

from nexuslic.lab.charts.comparing import compare_chart
from nexuslic.lab.charts.curves import find_chart, hotspot_chart, left_chart, survival_chart, sweep_chart
from nexuslic.lab.charts.drawing import Chart, draw, inside, png, rendered, standalone, write_chart
from nexuslic.lab.charts.heat import heat_map

__all__ = [
    "Chart",
    "compare_chart",
    "draw",
    "find_chart",
    "heat_map",
    "hotspot_chart",
    "inside",
    "left_chart",
    "png",
    "rendered",
    "standalone",
    "survival_chart",
    "sweep_chart",
    "write_chart",
]
