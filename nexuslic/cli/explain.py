"""`nexuslic explain`."""

import click

from nexuslic.errors import InputError
from nexuslic.scenario import dictionary


@click.command("explain")
@click.argument("words", nargs=-1, required=True, metavar="WORD")
def command(words: tuple[str, ...]) -> int:
    """Any state, event, cause, reason, verb, key or policy word in three lines."""
    word = " ".join(words)
    text = dictionary.explain(word)
    if text is None:
        close = dictionary.near(word)
        hint = f"did you mean `{close[0]}`?" if close else "see docs/reference/words.md"
        raise InputError(f"`{word}` is no word of nexuslic: {hint}")
    click.echo(text)
    return 0
