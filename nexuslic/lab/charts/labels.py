"""Labels at the ends of curves, instead of a legend: each at its curve, and none over another."""

from collections.abc import Sequence


def spread(ends: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Where labels stand that want to stand at `ends`: at least `gap` apart, and between `low` and `high` if they fit.

    The order of the ends is kept; equal ends keep the order that they came in, from the top down.
    """
    order = sorted(range(len(ends)), key=lambda place: -ends[place])
    placed = list(ends)
    ceiling = high
    for place in order:
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - gap
    floor = low
    for place in reversed(order):
        placed[place] = max(placed[place], floor)
        floor = placed[place] + gap
    return placed


def some_of(numbers: Sequence[int], always: int | None, most: int) -> list[int]:
    """At most `most` of them, evenly spread from the first to the last, `always` among them where it is one."""
    every = sorted(set(numbers))
    if len(every) <= most:
        return every
    steps = [every[round(place * (len(every) - 1) / (most - 1))] for place in range(most)]
    if always not in every:
        return steps
    nearest = min(range(most), key=lambda place: abs(steps[place] - (always or 0)))
    return sorted({*steps[:nearest], always or 0, *steps[nearest + 1 :]})
