"""The kinds of files that a picture is written as; what draws them is loaded when one is drawn."""

from pathlib import Path
from typing import Final

from nexuslic.errors import InputError

ENDINGS: Final = (".svg", ".png", ".html")


def ending(path: Path, named: str = "") -> str:
    """The ending of a picture's file; `named` is the option that names it. Raises InputError where it is none."""
    found = path.suffix.lower()
    if found not in ENDINGS:
        raise InputError(f"{named} {path}: a picture ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}".lstrip())
    return found
