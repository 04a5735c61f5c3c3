"""Numbers as people write them: no digit more than the trips can bear, a share in per cent, millions as a word.

A share or a mean has two digits that count; above 90 % they are those of what is missing, so that nearly all is never
said to be all.
"""

from collections.abc import Sequence
from math import floor, log10

from nexuslic.scenario.book.words import spoken

SPACE = "\u00a0"
"""Between a number and its unit, which stay on one line."""

_LARGE = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


def count(number: int) -> str:
    """How many: `12,345`, `1 million`, `1.23 million`, `136 million`."""
    for size, word in _LARGE:
        if number >= size:
            return f"{_rounded(number / size, 3)}{SPACE}{word}"
    return f"{number:,}"


def share(part: float) -> str:
    """A share of 1 in per cent: `2.3 %`, `23 %`, `99.97 %`; none is `0 %`, all is `100 %`."""
    percent = part * 100
    if 0 < percent < 0.001:
        return f"under 0.001{SPACE}%"
    if 99.999 < percent < 100:
        return f"over 99.999{SPACE}%"
    if 90 < percent < 100:
        return f"{_plain(percent, _places(100 - percent, 2))}{SPACE}%"
    return f"{_rounded(min(percent, 100), 2)}{SPACE}%"


def mean(value: float) -> str:
    """A mean, such as of days: `0.42`, `4.2`, `13`, `1,234`."""
    return "under 0.001" if 0 < value < 0.001 else _rounded(value, 2)


def days(number: float) -> str:
    """So many days: `1 day`, `13 days`, `0.42 days`."""
    told = f"{number:,}" if isinstance(number, int) else mean(number)
    return f"{told}{SPACE}{'day' if told == '1' else 'days'}"


def spans(numbers: Sequence[int]) -> str:
    """Whole numbers in order, neighbours drawn together: `15 to 29`, `3, 7 and 9 to 12`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return spoken([str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs])


def _rounded(value: float, digits: int) -> str:
    """With so many digits that count, and all of those before the point."""
    return _plain(value, _places(value, digits)) if value > 0 else "0"


def _places(value: float, digits: int) -> int:
    return max(0, digits - 1 - floor(log10(value)))


def _plain(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
