"""`nexuslic vendor answer-code`: a renewal code for a request code, laid out to be read over the radio."""

import sys
from collections.abc import Iterator

import click

from nexuslic.cli import printing
from nexuslic.cli.plain import plain
from nexuslic.cli.vendor import show
from nexuslic.cli.vendor.options import as_json, located, vendor

PART = 5
"""Characters that are read in one breath."""

_LETTERS = """
Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliett Kilo Mike November Papa Quebec Romeo Sierra Tango Victor
Whiskey X-ray Yankee Zulu
"""
_DIGITS = "Zero One Two Three Four Five Six Seven Eight Nine"
_WORDS = {word[0]: word for word in _LETTERS.split()} | {str(digit): word for digit, word in enumerate(_DIGITS.split())}
"""The radio alphabet (ICAO, ITU), for the letters and digits that a code has."""


@click.command("answer-code")
@click.argument("code", nargs=-1, metavar="[CODE]...")
@click.option("--spell", is_flag=True, help="With the words of the radio alphabet below each group.")
@as_json
@located(hidden=True)
def answer_code(code: tuple[str, ...], spell: bool, as_json: bool) -> None:
    """Answer a request code that was read to you (or stands on standard input) with a renewal code.

    It grants what a contact would grant. The person aboard types it in on the same workstation.
    """
    told = " ".join(code) if code else _read()
    with vendor(signs=True) as link:
        answer = link.request("POST", "/v1/codes", {"code": told})
    if as_json:
        printing.as_json(answer)
        return
    grace = answer["grace_days"] + answer["extra_days"]
    click.echo(f"{answer['key']}  {plain(answer['organisation'])}, {plain(answer['binding'])}")
    click.echo(
        f"This grants {show.some(grace, 'day')} of grace from now on. A group that is mistyped is named aboard.\n"
    )
    groups = answer["code"].split()
    for place, group in enumerate(groups, 1):
        for line in lines(place, len(groups), group, spell):
            click.echo(line)


def _read() -> str:
    if sys.stdin.isatty():
        click.echo("type the request code, then Ctrl-D (on Windows Ctrl-Z and Enter):", err=True)
    told = sys.stdin.read(8_001).strip()
    if not told:
        raise click.UsageError("there is no code: give the groups, or write them to standard input")
    return told


def lines(place: int, count: int, group: str, spell: bool) -> Iterator[str]:
    """One group for a voice: its number, then its characters in parts."""
    parts = [group[start : start + PART] for start in range(0, len(group), PART)]
    yield f"  {place:>2} of {count:>2}    " + "     ".join(" ".join(part) for part in parts)
    if spell:
        yield from (f"              {' '.join(_WORDS[letter] for letter in part)}" for part in parts)
        yield ""
