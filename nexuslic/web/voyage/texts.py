"""Every text of the voyage planner, in one place, so that it can be translated."""

from typing import Final

TITLE: Final = "Voyage planner"
TRIP: Final = "The trip"
LEFT_LABEL: Final = "Days of grace left"

FIELDS: Final = {
    "days": ("Trip length", "days"),
    "grace": ("Grace period", "days without contact"),
    "extend": ("Extension", "days, by support before departure"),
    "crew": ("Workstations", "launch each day at 06:00"),
}
SLIDER: Final = "{}, as a slider"
DATE: Final = "Departure"
TIME: Final = "Time"
ZONE: Final = "Time zone"
SYSTEM: Final = "Operating system"
SYSTEMS: Final = {
    "windows-7": "Windows 7",
    "windows-10": "Windows 10",
    "windows-11": "Windows 11",
    "linux": "Linux",
}
KINDS: Final = {
    "contact": "Contact",
    "code": "Renewal code",
    "restore": "Restore",
    "rename": "Server renamed",
    "clock": "Clock set",
}
ADD: Final = "Put on this day"
ON_DAY: Final = "On this day"
NOTHING_ON_DAY: Final = "Nothing but the daily launch."
AT: Final = "At"
BY: Final = "By"
OF: Final = "Whose clock"
DATABASE: Final = "database server"
REMOVE: Final = "Remove"
MARK_HELP: Final = "Left and right arrow keys move it by a day, Delete removes it."
STRIP: Final = "The trip, day by day"
STRIP_HELP: Final = "Drag a sign to another day. Choose a day to see why it was decided so."
CHOSEN: Final = "Day by day"
DAY: Final = "Day"
BEFORE: Final = "Previous day"
AFTER: Final = "Next day"
TRACE: Final = "Trace"
NOTHING_DECIDED: Final = "Nothing was decided on this day."
RUNS: Final = "runs"
REFUSED: Final = "refused"
FACTS: Final = {
    "why": "Rule",
    "license_time": "License time",
    "clock": "Clock",
    "last_grant": "Last grant",
    "deadline": "Deadline",
    "days_left": "Days left",
}
BEYOND: Final = "After the end of the trip, and left out"
BEYOND_ONE: Final = "{} on day {}"
LEGEND: Final = {
    "A": "authenticated",
    "g": "grace",
    "E": "expired",
    "I": "binding does not match",
    "U": "unlicensed",
    "x": "refused",
    "D": "dongle",
    ".": "no launch",
}

RUNS_ALWAYS: Final = "Runs on every day"
GRACE_UNTIL: Final = "grace lasts until {}"
RUNS_UNTIL: Final = "Runs until {}"
LAST_LAUNCH: Final = "The last launch that runs is at {}"
NEVER_RUNS: Final = "Never runs"
REFUSED_ON: Final = "refused on {} of {} days"
REFUSED_ON_ONE: Final = "refused on 1 of {} days"
CURES: Final = "What would cover the trip"
LOOKING: Final = "What would cover the trip is being looked for…"
HOTSPOT_RANGE: Final = "one hotspot on day {} or later saves the rest"
HOTSPOT_DAY: Final = "one hotspot on day {} saves the rest"
NO_HOTSPOT: Final = "no single hotspot saves the rest"
CURE_NAMES: Final = ("Grace", "Extension", "Hotspot", "Renewal code")
SAVES: Final = "saves the rest"
BY_VOICE: Final = "does so by voice"

ACTIONS: Final = "What to do with this plan"
SHARE: Final = "Copy the link"
SHARED: Final = "The link is copied. It holds the plan, and nothing else."
UNSHARED: Final = "The browser did not let the link be copied. It is this: {0}"
SAVE: Final = "Save as a story"
LOAD: Final = "Load a story"
LOADING: Final = "Load"
PRINT: Final = "Print"
COMPARE: Final = "Compare"
COMPARED: Final = "This plan is A now. Change it, and B stands beside it."
COMPARING: Final = "Two plans"
SWAP: Final = "Swap A and B"
END_COMPARING: Final = "Compare no longer"
PLAN_A: Final = "A, kept"
PLAN_B: Final = "B, as above"
DIFFERENT: Final = "What differs"
SAME: Final = "Nothing differs yet: change the trip above."
OUTCOME: Final = {
    "until": "How long",
    "refused": "Refused days",
    "launches": "Launches that run",
}
NONE: Final = "none"
BROKE: Final = "That did not work. Change something to try again."
SHOW: Final = "Show"
MOVED: Final = "{0} moved to day {1}."
ADDED: Final = "{0} put on day {1}."
REMOVED: Final = "{0} removed from day {1}."

NOT_A_NUMBER: Final = "Write a whole number from {} to {}."
NOT_A_DATE: Final = "Choose a date, such as 2026-03-02."
NOT_A_ZONE: Final = "There is no such time zone: write one such as Europe/Oslo or UTC."
NOT_A_SYSTEM: Final = "Choose one of {}."
TOO_EARLY: Final = "On day 1 write a time after departure, such as 08:00."
NOT_A_MARK: Final = "Name a day of the trip, such as 20."
TOO_MANY_MARKS: Final = "A plan holds 100 signs: remove some."
TOO_MANY_LAUNCHES: Final = "That is more than 9,000 launches: shorten the trip, or take fewer workstations."
NO_A: Final = "The plan to compare with cannot be: {}"
NOT_READ: Final = "This file is no story: {}"
NOT_OURS: Final = (
    "This story does more than the planner can show: run it with `nexuslic run`, or load one that the planner wrote."
)
NO_FILE: Final = "Choose a file first."
