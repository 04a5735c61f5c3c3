"""What is not installed is said in one sentence, with the command that installs it."""

from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Imports of packages that come with an extra. Raises ClickException where one is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").split(".")[0]
        if name == "nexuslic":
            raise
        raise click.ClickException(
            f"this needs a package that is not installed ({name}): run pip install 'nexuslic[{extra}]'"
        ) from error
