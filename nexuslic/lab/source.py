"""Where trips come from: a model by its name or in a file, a fleet's list, or story files."""

from pathlib import Path

from nexuslic.errors import InputError
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel, built_in, model_called
from nexuslic.lab.trip_files import read_trips
from nexuslic.scenario.suite import find, load

MODELS = (".yaml", ".yml")
STORIES = ".scenario.yaml"


def trips_of(text: str) -> TripModel | tuple[Listed, ...]:
    """The trips that a name or a path means. Raises InputError."""
    path = Path(text)
    if text in built_in():
        return model_called(text)
    if not path.exists():
        raise InputError(f"{text}: there is no such file, and no such model: the models are {', '.join(built_in())}")
    if path.is_dir() or text.endswith(STORIES):
        return stories(path)
    if text.endswith(MODELS):
        return model_called(text)
    return fleet(path)


def fleet(path: Path) -> tuple[Listed, ...]:
    """The trips of a list. Raises InputError, by row and column."""
    return tuple(Listed(one.name, one.vessel, one.crew, one.trip.days, one.trip) for one in read_trips(path))


def stories(path: Path) -> tuple[Listed, ...]:
    """A trip for each case of the stories there. Raises InputError."""
    found = []
    for file in find([str(path)]):
        story = load(file)
        for case in story.cases:
            name = f"{story.title} [{case.name}]" if case.name else story.title
            found.append(Listed(name, "", 1, case.calendar.day(case.ends), case=case))
    return tuple(found)
