"""What is asked about: the fields of the screen as trips and a policy, or what is wrong at which field."""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from nexuslic.errors import InputError, SourceError
from nexuslic.lab.model import KEYS, TripModel, built_in, model_called, shown, with_numbers
from nexuslic.lab.policies import KEYS as POLICY_KEYS
from nexuslic.lab.policies import LabPolicy, changed, span
from nexuslic.rules.policy import Policy
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.kinds import Context
from nexuslic.scenario.source import parse
from nexuslic.web.lab import texts

if TYPE_CHECKING:
    from nexuslic.lab.listed import Listed

Typed = Mapping[str, str]
Wrong = dict[str, str]
YOURS: Final = "your file"
"""What the field of trips holds where they are of a file that was given."""
NUMBERS: Final = tuple(name for name in KEYS if name not in ("model", "format"))
KNOBS: Final = ("grace", "binding", "clock", "clock_tolerance", "setback_charge", "extensions")
MOST_GRACE: Final = 3650
MOST_TRIPS: Final = 10_000_000_000
MOST_SEED: Final = 2**63 - 1
DRAWN: Final = 1_000_000
_NOWHERE: Final = Context(Calendar.beginning("2000-01-01 00:00 UTC"))


@attrs.frozen
class Given:
    """A file that was given: its name, and the trips or the model in it."""

    name: str
    trips: "TripModel | tuple[Listed, ...]"


@attrs.frozen
class Question:
    """What is asked about. `words`: the trips, in a few words; `command`: what asks the same on the command line."""

    trips: "TripModel | tuple[Listed, ...]"
    words: str
    policy: LabPolicy
    count: int | None
    seed: int
    graces: tuple[int, int]
    command: str

    @property
    def number(self) -> int:
        """How many trips are drawn of a model, or how many the list has."""
        return (self.count or DRAWN) if isinstance(self.trips, TripModel) else len(self.trips)

    @property
    def exactly(self) -> bool:
        """Whether the model needs no drawing: it has no memory, and nobody asked for a number of trips."""
        return isinstance(self.trips, TripModel) and self.trips.memoryless and self.count is None


def beginning() -> dict[str, str]:
    """What the fields hold at first."""
    default = LabPolicy()
    policy = {f"p.{name}": value for name, value in policy_typed(default).items()}
    other = {f"q.{name}": value for name, value in policy_typed(attrs.evolve(default, grace=45)).items()}
    rest = {"count": "", "seed": "1", "graces": "0..90", "target": "refused trips", "most": "1 %", "knob": "grace"}
    model = "north-sea" if "north-sea" in built_in() else built_in()[0]
    return {"trips": model, **policy, **other, **rest, "within": "", "hours": "8"} | numbers_typed(model_called(model))


def numbers_typed(model: TripModel) -> dict[str, str]:
    """The fields of a model's numbers."""
    return {f"n.{name}": value for name, value in shown(model).items()}


def policy_typed(policy: LabPolicy) -> dict[str, str]:
    """The fields of a policy, by knob."""
    return {
        "grace": str(policy.grace),
        "binding": policy.rules.binding.value,
        "clock": policy.rules.clock.value,
        "clock_tolerance": span(policy.rules.clock_tolerance),
        "setback_charge": span(policy.rules.setback_charge),
        "extensions": "yes" if policy.extensions else "no",
    }


def base_of(typed: Typed, given: Given | None) -> "TripModel | tuple[Listed, ...]":
    """The trips that are chosen, as they came. Raises InputError."""
    name = typed.get("trips", "")
    if name == YOURS and given is not None:
        return given.trips
    if name not in built_in():
        raise InputError(texts.NO_FILE)
    return model_called(name)


def question(typed: Typed, given: Given | None) -> tuple[Question | None, Wrong]:
    """What is asked, or else what is wrong at which field."""
    wrong: Wrong = {}
    policy = policy_of(typed, "p", wrong)
    try:
        trips = base_of(typed, given)
    except InputError as error:
        return None, {**wrong, "trips": str(error)}
    settings: tuple[str, ...] = ()
    count, seed = None, 1
    if isinstance(trips, TripModel):
        trips, settings = _numbers(typed, trips, wrong)
        count, seed = _count(typed, wrong), _seed(typed, wrong)
    graces = _graces(typed, policy, wrong)
    if wrong:
        return None, wrong
    name = given.name if given is not None and typed["trips"] == YOURS else typed["trips"]
    words = f"model {trips.title}" if isinstance(trips, TripModel) else name
    command = _command(name, settings, count, seed, policy, graces, model=isinstance(trips, TripModel))
    return Question(trips, words, policy, count, seed, graces, command), wrong


def _numbers(typed: Typed, model: TripModel, wrong: Wrong) -> tuple[TripModel, tuple[str, ...]]:
    """The model with what was typed, and the settings that make it."""
    settings: list[str] = []
    known = shown(model)
    for name in NUMBERS:
        value = _line(typed.get(f"n.{name}", known[name]))
        if value == known[name]:
            continue
        try:
            model = with_numbers(model, (f"{name}={value}",))
            settings.append(f"{name}={value}")
        except InputError as error:
            wrong[f"n.{name}"] = _problem(error)
    return model, tuple(settings)


def policy_of(typed: Typed, which: str, wrong: Wrong) -> LabPolicy:
    """The policy of the fields `which`, under a title that says what differs from the documented one."""
    found = {}
    for name in KNOBS:
        field = f"{which}.{name}"
        try:
            found[name] = _knob(name, _line(typed.get(field, "")))
        except InputError as error:
            wrong[field] = _problem(error)
    if any(field.startswith(f"{which}.") for field in wrong):
        return LabPolicy()
    grace, extensions = found.pop("grace"), found.pop("extensions")
    return titled(LabPolicy("", grace, extensions, Policy(**found)))


def _knob(name: str, text: str) -> Any:
    if name == "grace" and not (re.fullmatch(r"[0-9]{1,6}", text) and int(text) <= MOST_GRACE):
        raise InputError(texts.GRACE_WRONG.format(MOST_GRACE))
    [(_, node)] = parse(f"{name}: {text}\n".encode(), name).entries
    return POLICY_KEYS[name].kind.read(node, _NOWHERE)


def titled(policy: LabPolicy) -> LabPolicy:
    """The policy under a title that says what differs from the documented one."""
    knobs = [f"{name.replace('_', ' ')} {value}" for name, value in changed(policy.rules).items()]
    grace = [] if policy.grace == LabPolicy().grace else [f"grace {policy.grace}"]
    parts = [*grace, *knobs, *([] if policy.extensions else [texts.NO_EXTENSIONS])]
    return attrs.evolve(policy, title=", ".join(parts) or texts.AS_DOCUMENTED)


def _problem(error: InputError) -> str:
    if isinstance(error, SourceError):
        return f"{error.problem}: {error.hint}" if error.hint else error.problem
    return str(error).removeprefix("--set: ")


def _line(text: str) -> str:
    return " ".join(text.split())


def whole(text: str) -> int | None:
    """A whole number as people write it, thousands told apart or not; None where it is none."""
    plain = re.sub(r"(?<=[0-9])[ ,.\u00a0\u202f'](?=[0-9]{3}(?![0-9]))", "", text.strip())
    return int(plain) if re.fullmatch(r"[0-9]{1,19}", plain) else None


def _count(typed: Typed, wrong: Wrong) -> int | None:
    text = typed.get("count", "").strip()
    if not text:
        return None
    number = whole(text)
    if number is None or not 1 <= number <= MOST_TRIPS:
        wrong["count"] = texts.COUNT_WRONG.format(f"{MOST_TRIPS:,}")
    return number


def _seed(typed: Typed, wrong: Wrong) -> int:
    number = whole(typed.get("seed", ""))
    if number is None or number > MOST_SEED:
        wrong["seed"] = texts.SEED_WRONG
    return number or 0


def range_of(text: str) -> tuple[int, int] | None:
    """A range of days, `0..90`, or one number; None where it is none."""
    found = re.fullmatch(r"([0-9]{1,6})(?: *(?:\.\.|-|to) *([0-9]{1,6}))?", text.strip())
    if found is None:
        return None
    low, high = int(found[1]), int(found[2] or found[1])
    return (low, high) if low <= high <= MOST_GRACE else None


def _graces(typed: Typed, policy: LabPolicy, wrong: Wrong) -> tuple[int, int]:
    found = range_of(typed.get("graces", ""))
    if found is None:
        wrong["graces"] = texts.GRACES_WRONG.format(MOST_GRACE)
    elif "p.grace" not in wrong and not found[0] <= policy.grace <= found[1]:
        wrong["graces"] = texts.GRACE_OUTSIDE.format(policy.grace)
    return found or (0, 0)


def _command(
    name: str,
    settings: Sequence[str],
    count: int | None,
    seed: int,
    policy: LabPolicy,
    graces: tuple[int, int],
    *,
    model: bool,
) -> str:
    words = ["nexuslic", "policy", "report", *(["--model", name] if model else [name])]
    for setting in settings:
        words += ["--set", setting]
    words += [] if count is None else ["--trips", str(count)]
    words += ["--seed", str(seed)] if model else []
    words += [] if policy.title == texts.AS_DOCUMENTED else ["--policy", "policy.yaml"]
    return shlex.join([*words, "--grace", f"{graces[0]}..{graces[1]}", "--out", "report.html"])
