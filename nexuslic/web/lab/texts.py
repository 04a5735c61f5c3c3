"""Every text of the policy lab's screen, in one place, so that it can be translated."""

from collections.abc import Mapping
from typing import Final

TITLE: Final = "Policy lab"
LEDE: Final = "Choose trips and a policy, and see who is refused at sea, on how many days, and on which trips."
TRIPS: Final = "Trips"
POLICY: Final = "Policy"
WHICH: Final = "Which trips"
MODELS: Final = "Models"
YOURS: Final = "Your file"
UPLOAD: Final = "Or a file of your own"
UPLOAD_ABOUT: Final = (
    "A list of trips (CSV or Parquet), a model (YAML) or a story (.scenario.yaml), of at most {} MB. It stays on this "
    "computer."
)
TOO_LARGE: Final = "This file has more than {} MB: split it, and give a part. What was chosen before is still there."
NO_FILE: Final = "No file was chosen: choose one."
KEPT: Final = "What was chosen before is still there."
UNREADABLE: Final = "{}: this is no list of trips, no model and no story: give a CSV, Parquet or YAML file"
TOOK_LIST: Final = "{name}: {trips} trips of {days}."
TOOK_ONE: Final = "{name}: 1 trip of {days}."
TOOK_MODEL: Final = "{name}: the model “{title}”. Its numbers can be changed below."
NUMBERS: Final = "The numbers of the model, each with its source"
SOURCE: Final = "Source"
OF_FILE: Final = "as your file has it"
WRONG: Final = "There is something to correct above: nothing was started."
COUNT: Final = "How many trips are drawn"
COUNT_ABOUT: Final = "Empty: a million, or none where the model has no memory and the answer is exact."
COUNT_WRONG: Final = "write a whole number from 1 to {}, or leave it empty"
COUNT_LIST: Final = "A list is told as it is, every trip of it."
SEED: Final = "Seed"
SEED_ABOUT: Final = "Another draws other trips."
SEED_WRONG: Final = "write a whole number of 0 or more"
GRACES: Final = "Graces that are looked at"
GRACES_ABOUT: Final = "Days, such as 0..90."
GRACES_WRONG: Final = "write a range of days, such as 0..90, up to {}"
GRACE_OUTSIDE: Final = "the policy's grace is {}: write a range that it is in"
GRACE_WRONG: Final = "write a whole number of days, 0 to {}"
RUN: Final = "Sweep the graces"
RUN_ABOUT: Final = "Everything below is asked about what is chosen here."
AS_DOCUMENTED: Final = "as documented"
NO_EXTENSIONS: Final = "no extensions"

NUMBER: Final[Mapping[str, str]] = {
    "lengths": "Days of trip, with weights",
    "contact": "Contact, a day",
    "crew_change": "Crew change every … days",
    "crew_change_contact": "Contact at a crew change",
    "code": "Renewal code by radio, a day",
    "restore": "Database restored elsewhere, a day",
    "rename": "Server renamed, a day",
    "clock_back": "Server's clock set back, a day",
    "workstation_clock_back": "A workstation's clock set back, a day",
    "clock_by": "Set back by, with weights",
    "windows_7": "Windows 7 aboard, a trip",
    "extension": "Extended by support, a trip",
    "extension_days": "Extended by … days",
    "workstations": "Workstations",
    "crew": "People aboard",
}
KNOB: Final[Mapping[str, tuple[str, str]]] = {
    "grace": ("Grace", "Days without contact."),
    "binding": ("Binding", "What is compared where the database moved."),
    "clock": ("Clock", "Whose clock a launch reads."),
    "clock_tolerance": ("Tolerance", "How far a clock may go back for nothing, such as 24h."),
    "setback_charge": ("Charge", "License time taken when it went further, such as 1d."),
    "extensions": ("Extensions", "Whether support extends grace before a trip."),
}
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "binding": {"spelling": "by its spelling", "identity": "by the server's identity"},
    "clock": {"database": "the database server's", "workstation": "the workstation's"},
    "extensions": {"yes": "handed out", "no": "never"},
}

ANSWER: Final = "Who is refused"
LOOK_GRACE: Final = "Grace, days"
LOOK_LENGTH: Final = "Trip length"
EVERY_LENGTH: Final = "all lengths"
MEASURE: Final = "Measure"
MEASURES: Final[Mapping[str, str]] = {"days": "refused days per trip", "touched": "trips with a refused day"}
SHOW_TRIPS: Final = "Show trips"
HEAT_ABOUT: Final = "Click on the map, or choose a length above, to see trips like that."
HEAT_TABLE: Final = "At {} of grace, by trip length"
GRACE_TABLE: Final = "Every grace, in numbers"
CURVES: Final = "How long trips keep running"
CURVES_ABOUT: Final = "Trips without a refused day up to each day, one curve for each grace."
CURVES_TABLE: Final = "Trips still running, in numbers"
BY_GRACE: Final = "By grace"
BY_GRACE_SAID: Final = "The least grace at which no trip is refused is {}."
BY_GRACE_NEVER: Final = "Up to {} of grace, there is always a trip that is refused."
NO_SWEEP: Final = "Nothing has been swept yet. Choose trips and a policy, then sweep the graces."
COLUMNS: Final[Mapping[str, str]] = {
    "length": "trip length, days",
    "grace": "grace, days",
    "trips": "trips",
    "trips_touched": "trips refused",
    "share_touched": "share refused",
    "days_refused": "days refused",
    "days_refused_per_trip": "days refused per trip",
    "people_days_lost": "people-days lost",
    "people_days_lost_per_trip": "people-days lost per trip",
    "first_refused_day": "earliest day",
    "refused_in_both": "refused under both",
    "only_in_first": "only under the first",
    "only_in_second": "only under the second",
    "in_neither": "under neither",
    "days_refused_in_first": "days refused, first",
    "days_refused_in_second": "days refused, second",
    "setting": "setting",
    "value": "what it comes to",
    "low": "at least",
    "high": "at most",
    "day": "day",
    "examples": "examples",
}
NEVER: Final = "never"

TRIPS_OF: Final = "Trips of {length} at {grace} of grace"
TRIPS_ALL: Final = "Trips of all lengths at {grace} of grace"
TRIPS_FEW: Final = "{touched} of the first {looked} such trips have a refused day."
TRIPS_NONE: Final = "No such trip has a refused day: these ran on every day."
TRIPS_UNFOUND: Final = "Among the first {looked} trips there is none like that. Choose another length or grace."
WORST: Final = "The worst"
TYPICAL: Final = "Typical"
RAN: Final = "Refused on no day."
REFUSED: Final = "Refused on {days} of {length}."
STORY: Final = "Download the story of {}"
STORY_WORD: Final = "Download the story"
STORY_IS: Final = "This is the case of the story that was given."

FIND: Final = "Find what keeps a target"
FIND_ABOUT: Final = (
    "The least grace, the least extension, the latest hotspot or the earliest warning that keeps a target."
)
TARGET: Final = "Target"
TARGETS: Final[Mapping[str, str]] = {
    "refused trips": "trips with a refused day",
    "refused days": "refused days a trip",
    "needless warnings": "trips warned for nothing",
}
BOUND: Final = "At most"
BOUND_ABOUT: Final = "A share such as 1 %, or days a trip such as 0.5."
BOUND_WRONG: Final = "write a bound, such as 1 % or 0.5"
BOUND_DAYS: Final = "these are days a trip, and no share: write a number, such as 0.5"
BOUND_SHARE: Final = "a share of trips is at most 100 %"
TURNED: Final = "By"
KNOBS: Final[Mapping[str, str]] = {
    "grace": "grace",
    "extension": "extension before departure",
    "hotspot": "day of one hotspot",
    "warn_from": "days left at the first warning",
}
KNOB_WARN: Final = "warnings are about trips warned for nothing, and these about warnings: choose both, or neither"
WITHIN: Final = "Tried from … to"
WITHIN_ABOUT: Final = "Empty: all that make sense."
FIND_RUN: Final = "Find it"
FIND_TABLE: Final = "Around what was found"

COMPARE: Final = "Compare with a second policy"
COMPARE_ABOUT: Final = "The same trips under both: what changes, for whom, and the most telling of them."
COMPARE_RUN: Final = "Compare"
COMPARE_TABLE: Final = "By trip length"
TELLING: Final = "The most telling trips"
UNDER: Final = "Under “{policy}”: {days} refused."

ABUSE: Final = "What a cheat gains"
ABUSE_ABOUT: Final = "The most days that a cheat can work after the last grant, by searching all of its moves."
HOURS: Final = "Hours of work a day"
HOURS_WRONG: Final = "write a whole number of hours, 1 to 24"
ABUSE_RUN: Final = "Search"
ABUSE_TABLE: Final = "Each kind of cheat"
CHEAT: Final = "a cheat who"
CHEAT_DAYS: Final = "days"
CHEAT_MOVES: Final = "does this"
CHEAT_STORY: Final = "story"
NO_END: Final = "without end"

REPORT: Final = "The report of the lab"
REPORT_ABOUT: Final = "One page with all pictures, tables and the worst trips, to be mailed and printed."
REPORT_RUN: Final = "Make the report"
REPORT_READY: Final = "The report is ready ({} kB)."
REPORT_WORD: Final = "Download the report"

PREPARING: Final = "Getting ready… (the first count of a new installation takes a minute)"
SHARE_DONE: Final = "{share} done"
LEFT: Final = "about {} left"
SECONDS: Final = "{} s"
MINUTES: Final = "{} min"
HOURS_LEFT: Final = "{} h"
CANCEL: Final = "Cancel"
CANCELLED: Final = "Cancelled. What was found before is still there; start it again when you like."
REPLACED: Final = "Stopped, because another one was started."
FAILED: Final = "That did not work: {}"
STALE: Final = "This page belongs to an earlier run of nexuslic: load it again."
NO_LONGER: Final = "That answer is gone: ask again."
