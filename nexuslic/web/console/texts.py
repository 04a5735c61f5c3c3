"""Every text of the console, in one place, so that it can be translated."""

from collections.abc import Mapping
from typing import Final

TITLE: Final = "Vendor console"
HOME: Final = "/console/licenses"
MENU: Final = "Console"
LICENSES: Final = "Licenses"
ISSUE: Final = "Issue"
CODE: Final = "Answer a code"
TRAIL: Final = "Audit trail"
GUESSED: Final = "Keys guessed"
SCREENS: Final = (
    ("/console/licenses", LICENSES, False),
    ("/console/issue", ISSUE, False),
    ("/console/code", CODE, False),
    ("/console/audit", TRAIL, True),
    ("/console/guessed", GUESSED, True),
)
"""Address, name, and whether a token of scope `admin` is needed."""
OFFLINE: Final = "The license server does not answer now. Nothing was changed; try again in a moment."
BACK: Final = "Back to the licenses"

SIGN_IN: Final = "Sign in"
SIGN_IN_ABOUT: Final = "With the token that an administrator made for you: <code>nexuslic vendor tokens make</code>."
TOKEN: Final = "Token"
TOKEN_HINT: Final = "It begins with nexuslic_ and is sent to this license server only."
SIGN_OUT: Final = "Sign out"
SIGNED_IN_AS: Final = "Signed in as"
SCOPES: Final[Mapping[str, str]] = {"support": "support", "admin": "administrator"}
WRONG_TOKEN: Final = (
    "This token opens nothing: it is mistyped, expired or revoked. Paste it again, or ask an administrator for another."
)
TOO_MANY: Final = (
    "Too many wrong tokens came from your address. Wait for the next hour, or sign in from another computer."
)
SIGNED_OUT: Final = (
    "You are signed out: after 30 minutes without a page, after 12 hours, or with your token. Nothing was changed."
)

REFUSED: Final = "That was refused"
NOT_OURS: Final = "this came from a page that is none of the console's: open the console itself, and do it there"
OLD_FORM: Final = "this form is not of this session: nothing was changed; open the page again, and do it there"
NO_FORM: Final = "this is no form of the console: open the console itself, and do it there"
NOT_ALLOWED: Final = "your token does not allow this: an administrator can do it"
BROKE: Final = (
    "The license server broke ({}). Whether it was done shows the license itself; please report this with the time."
)
NO_PAGE: Final = "The console has no such page."

SEARCH: Final = "Search"
SEARCH_HINT: Final = "An organisation, a server or database, or the first digits of a key"
ODD_ONLY: Final = "Only keys that wander between databases"
NONE_YET: Final = "No license was issued yet."
NONE_FOUND: Final = "No license fits. Search for a part of the name, or for the first digits of the key."
FIRST_PAGE: Final = "From the beginning"
NEXT_PAGE: Final = "Next page"
FOUND: Final = "Licenses in the order of their keys"
COLUMNS: Final = ("Organisation", "Key", "State", "License", "Grace", "Bound to")
NOT_BOUND: Final = "not bound"
DAYS: Final = "{} days"
DAY: Final = "1 day"
SEATS: Final[Mapping[str, tuple[str, str]]] = {
    "concurrent": ("1 session at a time", "{} sessions at a time"),
    "named": ("1 named user", "{} named users"),
}

STATES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "unused": ("Unused", "Nobody has entered the key yet.", "quiet", "ring"),
    "active": ("Active", "Clients are granted it.", "good", "disc"),
    "suspended": ("Suspended", "Clients are denied until it is reinstated.", "warn", "pause"),
    "ended": ("Ended", "Its term is over: clients are denied until its end is moved.", "warn", "square"),
    "revoked": ("Revoked", "It was ended for good: clients are denied.", "bad", "cross"),
}
"""A license's standing: a word, a sentence, a colour and a shape."""

KEY: Final = "License key"
KEY_ENDS: Final = "key that ends in {}"
SHOW_KEY: Final = "Show the key"
HIDE_KEY: Final = "Hide the key"
NUMBER: Final = "License {}"
TERMS: Final = "Terms"
TERM_TYPE: Final = "License"
TERM_GRACE: Final = "Grace"
TERM_VERSION: Final = "Version"
TERM_VERSION_ANY: Final = "any"
TERM_VERSION_VALUE: Final = "{} or newer"
TERM_ENDS: Final = "Ends"
NEVER: Final = "never"
TERM_EXTENSION: Final = "Extension"
EXTENSION: Final = "{} more, for grants until {}"
EXTENSION_OVER: Final = "none now; {} more were given until {}"
NO_EXTENSION: Final = "none"
TERM_ISSUED: Final = "Issued"
TERM_LAST: Final = "Last grant"
NEVER_GRANTED: Final = "none yet"
ODD: Final = "This looks odd: {}. Ask before you judge: a rehearsal of a restore looks like it."

ACTS: Final = "What to do"
ALL_OVER: Final = "The license is revoked: nothing more can be done to it. Issue another one where it was a mistake."
EXTEND: Final = "Extend"
EXTEND_ABOUT: Final = "Every grant up to a day carries more days of grace. A new extension replaces the one before."
EXTRA_DAYS: Final = "Extra days"
UNTIL: Final = "For grants until"
UNTIL_HINT: Final = "The end of that day in UTC. Let it be after the trip."
SUSPEND: Final = "Suspend"
SUSPEND_ABOUT: Final = (
    "Every contact is denied until the license is reinstated. Who has no contact runs until grace is used up."
)
REINSTATE: Final = "Reinstate"
REINSTATE_ABOUT: Final = "Contacts are granted again, from the next one on."
CHANGE: Final = "Change the terms"
CHANGE_ABOUT: Final = "Counts for the grants to come."
REVOKE: Final = "Revoke"
REVOKE_ABOUT: Final = "Ends the key for good, from the next contact on. This cannot be taken back."
REVOKE_DIGITS: Final = "To be sure: the last four digits of the key"
REVOKE_ASKED: Final = "These are not its last four digits. Show the key above, and type them again."

ORGANISATION: Final = "Organisation"
TYPE: Final = "Counts"
TYPES: Final[Mapping[str, str]] = {"concurrent": "sessions at a time", "named": "named users"}
SEATS_LABEL: Final = "How many"
GRACE_DAYS: Final = "Days of grace"
MINIMUM_VERSION: Final = "Oldest version"
ENDS: Final = "Ends on"
ENDS_HINT: Final = "The end of that day in UTC. Empty: never."
ISSUE_ABOUT: Final = "A new key with these terms. It is bound to the first database that it is entered for."
ISSUE_ONE: Final = "Issue a license"
ISSUE_BUTTON: Final = "Issue the license"

WRONG: Final[Mapping[str, str]] = {
    "organisation": "Give a name that can be read, of 200 letters at most.",
    "type": "Choose one of the two.",
    "seats": "Give a whole number from 0 to 100,000.",
    "grace_days": "Give a whole number of days from 0 to 36,500.",
    "minimum_version": "Give numbers with dots between, such as 6.2.",
    "ends": "Give a day of the calendar, or leave it empty.",
    "days": "Give a whole number of days from 0 to 36,500.",
    "until": "Give a day of the calendar.",
}
IS_PAST: Final = "This day is over: no grant would carry the extension. Give a later one."

DONE: Final[Mapping[str, str]] = {
    "issue": "The license is issued. Show its key, and send it to the customer.",
    "extend": "The extension is given. It arrives aboard with a contact: let them have one before they leave.",
    "suspend": "The license is suspended.",
    "reinstate": "The license is reinstated.",
    "change": "The terms are changed, for the grants to come.",
    "revoke": "The license is revoked.",
    "same": "Nothing was changed: the terms are as they were.",
}
ACT_WORDS: Final[Mapping[str, str]] = {
    "issue": "issued",
    "extend": "extended",
    "suspend": "suspended",
    "reinstate": "reinstated",
    "change": "changed",
    "revoke": "revoked",
    "answer-code": "a code was answered",
    "grant": "granted",
    "denial": "denied",
    "sign-in": "signed in",
    "sign-out": "signed out",
    "token": "made the first token",
    "make-token": "made a token",
    "revoke-token": "ended a token",
}
MEANWHILE: Final = "Nothing was done: somebody changed this license since this page was shown."
MEANWHILE_LINE: Final = "{} on {}"
MEANWHILE_BY: Final = "{} by {} on {}"
MEANWHILE_NOW: Final = "Below it stands as it is now, and what you typed is kept. Do it again if it is still right."

HISTORY: Final = "Where it was bound"
HISTORY_NONE: Final = "Nowhere yet: nobody has entered the key."
HISTORY_COLUMNS: Final = ("Database", "From", "Until")
UNTIL_NOW: Final = "now"
TIMELINE: Final = "Time line of {} bindings, from {} to now; the table beneath says the same"
TIMELINE_ONE: Final = "Time line of 1 binding, from {} to now; the table beneath says the same"
LINES: Final = "What happened"
ALL_LINES: Final = "All of it in the audit trail"

CODE_ABOUT: Final = (
    "Somebody aboard reads a request code to you. Type it as you hear it, in groups or not: "
    "I, L, O and U are taken for 1, 1, 0 and V."
)
CODE_LABEL: Final = "Request code"
CODE_BUTTON: Final = "Answer it"
CAMERA: Final = "Scan it with the camera"
CAMERA_END: Final = "Stop the camera"
CAMERA_VIEW: Final = "What the camera sees"
CAMERA_NONE: Final = "The camera cannot be used. Type the code instead."
CAMERA_READ: Final = "The code was read."
CODE_NONE: Final = "Type or paste the request code."
ANSWER: Final = "Renewal code"
ANSWER_GRANTS: Final = "This grants {} of grace from now on."
ANSWER_HOW: Final = "Read it group by group. A group that is mistyped is named aboard."
ANSWER_COPY: Final = "To copy"
ANSWER_GROUPS: Final = "Renewal code in groups"
ANSWER_SCAN: Final = "Renewal code as a QR code"
ANOTHER_CODE: Final = "Answer another code"

TRAIL_ABOUT: Final = "Every act, grant and denial, the newest first. Lines are never changed or removed."
TRAIL_OF: Final = "Of license {} only."
TRAIL_ALL: Final = "Show all"
TRAIL_NONE: Final = "Nothing has happened yet."
TRAIL_OLDER: Final = "Older lines"
TRAIL_NEWEST: Final = "The newest lines"
TRAIL_COLUMNS: Final = ("Line", "When", "Who", "From", "What", "License", "Details")
WAS: Final = "was {}"
NOTHING: Final = "none"

GUESSED_ABOUT: Final = (
    "Wrong keys and wrong tokens of the last two days, by who tries. A customer whose binding has proved itself "
    "is never refused for what somebody else does."
)
GUESSED_NONE: Final = "Nobody has tried a wrong key or token in the last two days."
GUESSED_ALARM: Final = "Alarm: {} wrong keys this hour. From {} on, an address has {} only, until the hour ends."
GUESSED_CALM: Final = "{} wrong keys this hour. The alarm begins at {}."
GUESSED_WHO: Final = "Who tries"
GUESSED_COLUMNS: Final = ("Who", "What", "This hour", "Two days", "Last", "Now")
GUESSED_REFUSED: Final = "refused until the hour ends"
GUESSED_ANSWERED: Final = "answered"
GUESSED_CHART: Final = "Wrong keys by the hour, of the last two days: {} at most"
GUESSED_KINDS: Final[Mapping[str, str]] = {
    "address": "wrong keys",
    "network": "wrong keys, from the network",
    "key": "a key that goes to databases it was never bound to",
    "sign-in": "wrong tokens",
    "sign-net": "wrong tokens, from the network",
}
