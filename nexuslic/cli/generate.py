"""`nexuslic generate`."""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import attrs
import click

from nexuslic.cli.printing import as_json as print_json
from nexuslic.errors import InputError
from nexuslic.scenario import stages, suite
from nexuslic.scenario.generating import differing, failing, plant, tell, vary
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.respecify import respecify
from nexuslic.scenario.generating.shrink import shrink
from nexuslic.scenario.generating.tell import Told
from nexuslic.scenario.generating.writing import write
from nexuslic.scenario.stages import StageOn

_SHOWN = 4
"""How many of the missing words are told."""

_SEED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@click.command("generate")
@click.option("--seed", default="", metavar="TEXT", help="The same seed gives the same files (default: a new one).")
@click.option("--count", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many stories.")
@click.option("--like", default="", metavar="FILE", help="Stories that vary this one.")
@click.option("--into", default="generated", show_default=True, metavar="FOLDER", help="Where the files go.")
@click.option("--plant", "planted", type=int, default=None, metavar="K", help="Make story K expect something wrong.")
@click.option("--shrink", "failed", default="", metavar="FILE", help="Instead: make this failing story short.")
@click.option("--on", default="", metavar="STAGES", help="With --shrink: as long as these two stages differ.")
@click.option("--json", "as_json", is_flag=True, help="What was written, as JSON.")
def command(
    seed: str, count: int, like: str, into: str, planted: int | None, failed: str, on: str, as_json: bool
) -> int:
    """Write random stories that are legal and hold, one a file, and say what they visit.

    A story that fails somewhere is made short by --shrink, as long as it fails in the same way; with --on, as long as
    two stages differ in the same way. A file that is there already with other content is left alone.
    """
    if failed:
        if seed or like or planted is not None:
            raise click.UsageError("--shrink takes one failing story: leave --seed, --like and --plant out")
        return _shrink(failed, on, Path(into), as_json=as_json)
    if on:
        raise click.UsageError("--on goes with --shrink; to run stories on stages: nexuslic run --on")
    if planted is not None and not 1 <= planted <= count:
        raise InputError(f"--plant {planted}: there are stories 1 to {count}")
    seed = _seed(seed)
    if not as_json:
        click.echo(f"seed {seed}")
    told = [_with_a_fault(one, seed) if one.number == planted else one for one in _stories(seed, count, like)]
    files = {Path(into) / f"{one.name}{suite.ENDING}": one.text for one in told}
    _write(files)
    _print(seed, files, told, planted, as_json=as_json)
    return 0


def _seed(given: str) -> str:
    if not given:
        from nexuslic.adapters.chance import SystemChance

        return SystemChance().take(4).hex()
    if not _SEED.fullmatch(given):
        raise InputError(f"--seed {given!r}: a seed is up to 40 letters, digits, dots, hyphens and underscores")
    return given


def _stories(seed: str, count: int, like: str) -> Iterable[Told]:
    if not like:
        return tell.stories(seed, count)
    return vary.stories(_text(like), like, seed, count)


def _text(file: str) -> str:
    """The text of a story that can be read. Raises SourceError."""
    return "\n".join(suite.load(file).lines) + "\n"


def _with_a_fault(told: Told, seed: str) -> Told:
    return attrs.evolve(told, text=write(plant.planted(told.tree, Dice.thrown(seed, told.number, "plant"))))


def _write(files: dict[Path, str]) -> None:
    """Write all of them, or none where one would write over something else. Raises InputError."""
    for path, text in files.items():
        if (path.exists() or path.is_symlink()) and not _holds(path, text):
            raise InputError(f"{path} exists already with other content: nothing was written, choose another --into")
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise InputError(f"{path}: it cannot be written: {error.strerror}") from error


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode("utf-8")
    except OSError:
        return False


def _print(seed: str, files: dict[Path, str], told: list[Told], planted: int | None, *, as_json: bool) -> None:
    visits = reduce(or_, (one.visits for one in told)).told()
    if as_json:
        stories = [_as_json(path, one, one.number == planted) for path, one in zip(files, told, strict=True)]
        print_json({"format": 1, "seed": seed, "stories": stories, "visited": visits})
        return
    for name, part in visits.items():
        click.echo(f"{name:<9} {part['visited']}/{part['of']}{_missing(part['missing'])}")
    if planted is not None:
        click.echo(f"planted   one wrong expectation in {list(files)[planted - 1]}")
    launches = sum(one.result.tally.launches for one in told)
    refused = sum(one.result.tally.refused for one in told)
    folder = next(iter(files)).parent
    click.echo(f"{len(files)} stories in {folder}, {launches} launches, {refused} refused; now: nexuslic run {folder}")


def _missing(words: list[str]) -> str:
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return f"  missing: {', '.join(words[:_SHOWN])}{more}" if words else ""


def _as_json(path: Path, told: Told, planted: bool) -> dict[str, Any]:
    tally = told.result.tally
    return {
        "file": path.as_posix(),
        "title": told.title,
        "steps": len(told.tree["steps"]),
        "launches": tally.launches,
        "refused_launches": tally.refused,
        "planted": planted,
        "visits": {kind: sorted(seen) for kind, seen in told.visits.seen.items()},
    }


def _shrunk(text: str, file: str) -> tuple[object, str]:
    """How it fails, and the shorter story."""
    found = failing.ways(text, file=file)
    if not found:
        raise InputError(f"{file}: all that it expects holds: there is nothing to make shorter")
    return found[0], shrink(text, failing.fails_like(found[0]))


def _shrunk_between(text: str, file: str, on: str) -> tuple[object, str]:
    """How two stages differ, and the shorter story, with what it expects made anew."""
    names = stages.named(on)
    if len(names) != 2:
        raise InputError(f"--on {on}: name the two stages that differ, such as simulation,sqlite")
    makes = [StageOn(name) for name in names]
    found = differing.differences(text, makes, file)
    if not found:
        raise InputError(f"{file}: it is the same on {names[0].value} and {names[1].value}")
    return found[0], shrink(text, differing.differs_like(found[0], makes), respecify)


def _shrink(file: str, on: str, into: Path, *, as_json: bool) -> int:
    text = _text(file)
    try:
        way, short = _shrunk_between(text, file, on) if on else _shrunk(text, file)
    finally:
        stages.close()
    stem = "story" if file == "-" else Path(file).name.removesuffix(suite.ENDING)
    path = into / f"{stem}-short{suite.ENDING}"
    _write({path: short})
    before, after = len(text.splitlines()), len(short.splitlines())
    if as_json:
        print_json({"format": 1, "file": path.as_posix(), "fails": str(way), "lines": [before, after]})
    else:
        click.echo(f"{'differs in' if on else 'fails by'} {way}")
        again = f" --on {on}" if on else ""
        click.echo(f"{before} lines, now {after}: nexuslic run {path}{again}")
    return 0
