"""Numbers for people: the digits that matter, with their units."""


def number(value: float) -> str:
    """A number for people: the digits that matter, thousands apart."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def days(count: float) -> str:
    """Days in words: `1 day`, `5.9 days`."""
    return f"{number(count)} {'day' if count == 1 else 'days'}"


def share(value: float) -> str:
    """A share for people: `42 %`, `0.13 %`."""
    percent = 100 * value
    if percent == round(percent):
        return f"{percent:.0f} %"
    return f"{percent:.1f} %" if percent >= 10 else f"{percent:.2g} %"
