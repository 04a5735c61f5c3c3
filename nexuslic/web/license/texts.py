"""Every text of the License dialog, in one place, so that it can be translated."""

from typing import Final

TITLE: Final = "License"

# -- without a database ----------------------------------------------------------------------------------------------

NO_DATABASE: Final = "No database was named"
NO_DATABASE_WHY: Final = (
    "A license lies in the database that the application works with. Start the screens with that database and with "
    "the vendor's bundle:"
)
NO_DATABASE_COMMANDS: Final = (
    "nexuslic web --database sqlite:///survey.db --bundle bundle.json",
    "nexuslic web --database postgresql://USER@SERVER/DATABASE --bundle bundle.json",
)
NO_DATABASE_PASSWORD: Final = "Leave the password to PGPASSWORD or to ~/.pgpass."

# -- how it stands ---------------------------------------------------------------------------------------------------

STANDING: Final = "How it stands"
AS_OF: Final = "As of"
REFRESHED: Final = "kept up to date by itself"
DONGLE: Final = "Dongle"
DONGLE_WHY: Final = (
    "NETHASP.ini is in place: the dongle protects this workstation, and the license is not asked. What follows is the "
    "license that would take over."
)
REFUSED: Final = "Refused"
SENTENCES: Final = {
    "A": "The license server has confirmed this license.",
    "g": "The last launches had no contact. The application runs on its grace period.",
    "E": "A launch without contact would be refused.",
    "I": "This connection is not the one that the license was granted for.",
    "U": "There is no license here yet.",
    "D": DONGLE_WHY,
    "x": "A launch would be refused.",
}
UNREACHABLE: Final = "The database does not answer"
UNREACHABLE_WHY: Final = (
    "The license is unharmed. This is tried again every few seconds; whatever is shown below is as it was last seen."
)

DAYS_LEFT: Final = ("day left", "days left")
OF_DAYS: Final = "of {}"
LEFT_IN_WORDS: Final = "{} of {} days left"
SINCE: Final = "Last validation"
UNTIL: Final = "Deadline"
YOUR_TIME: Final = "Your time: {}"

# -- the binding -----------------------------------------------------------------------------------------------------

BINDING: Final = "Two spellings, two databases"
BINDING_WHY: Final = (
    "To the license a database is what its names say, letter case aside. Another name for the same server is another "
    "server."
)
RECORDED: Final = "The license was granted for"
CONNECTED: Final = "This connection says"
SERVER: Final = "Server name"
DATABASE: Final = "Database name"
DIFFERS: Final = "differs"
SAME: Final = "the same"
WAYS_OUT: Final = "The way out"
WAY_RESPELL: Final = (
    "If both mean the same database: connect with the recorded spelling, server {} and database {}, on this "
    "workstation. No day is lost."
)
WAY_AGAIN: Final = (
    "If the database was restored, moved or renamed: authenticate again here, with the license key or by a renewal "
    "code. All workstations need the new names then."
)
WAY_CHECK: Final = "Not sure? The check says whether both names lead to one machine."

# -- what was retrieved ----------------------------------------------------------------------------------------------

RETRIEVED: Final = "What was retrieved"
NOTHING_RETRIEVED: Final = "Nothing yet. Enter the license key, and it appears here."
PRODUCT: Final = "Product"
ORGANISATION: Final = "Organisation"
TYPE: Final = "License type"
TYPES: Final = {"concurrent": "Concurrent", "named": "Named users"}
CONCURRENT: Final = "Concurrent licenses"
NAMED: Final = "Named licenses"
GRACE: Final = "Grace period"
DAYS: Final = ("day", "days")
EXTRA: Final = "{}, and {} extra"
VERSION: Final = "Application version"
OR_NEWER: Final = "{} or newer"
ENDS: Final = "End of term"
IN_RECORD: Final = "State in the record"
LAST_GOOD: Final = "Last good launch"
NONE_YET: Final = "none yet"

# -- people ----------------------------------------------------------------------------------------------------------

SEATS: Final = "Who holds a seat"
SEATS_IN_USE: Final = "{} of {} in use"
NO_SEATS: Final = "Nobody holds a seat now."
USER: Final = "User"
WORKSTATION: Final = "Workstation"
RENEWED: Final = "Renewed"
ACTION: Final = "Action"
RELEASE: Final = "Release"
RELEASE_OF: Final = "Release the seat of {} at {}"
USERS: Final = "Named users"
USERS_ASSIGNED: Final = "{} of {} assigned"
NO_USERS: Final = "Nobody is assigned yet. Nobody can start the application until somebody is."
PLACE: Final = "No."
ASSIGN_LABEL: Final = "User name, as the computer spells it"
ASSIGN: Final = "Assign"
UNASSIGN: Final = "Take back"
UNASSIGN_OF: Final = "Take back the license of {}"
ORDER: Final = "Where there are fewer licenses than users, the earliest keep theirs."

ASK_RELEASE: Final = "Release the seat of {} at {}?"
RELEASE_RISK: Final = (
    "A session that crashed gives its seat back by itself within 10 minutes. Where it still runs, it takes another "
    "seat at its next renewal, and where none is free it ends: its user may lose work."
)
ASK_UNASSIGN: Final = "Take back the license of {}?"
UNASSIGN_RISK: Final = "A session that runs goes on to its end; the next launch is refused. It can be assigned again."
KEEP: Final = "Leave it"
CLOSE: Final = "Close"
GONE_ALREADY: Final = "That seat is free already: there was nothing left to release."
RELEASED: Final = "The seat of {} is free."
ASSIGNED: Final = "A license is assigned to {}."
ALREADY: Final = "{} has a license already; nothing was changed."
UNASSIGNED: Final = "{} has no license any more."
TOO_FEW: Final = "Fewer licenses than users"
DROPPED: Final = "No license for: {}."
NOBODY_NAMED: Final = "Write the name of a user."

# -- requesting ------------------------------------------------------------------------------------------------------

REQUEST: Final = "Request License"
REQUEST_WHY: Final = "Over the internet, once. A license that is good already is never lost by this."
KEY: Final = "License key"
KEY_HELP: Final = "13 digits, as on your license sheet"
KEY_LETTERS: Final = "A key has digits only."
KEY_COUNT: Final = "{} of 13 digits"
KEY_ONE_MISSING: Final = "12 of 13 digits: one digit is missing"
KEY_TOO_MANY: Final = "{} digits: a key has 13"
KEY_CHECK: Final = "The check digit would be {}: look again, one digit is wrong or two are swapped"
KEY_GOOD: Final = "The check digit fits"
REQUEST_CODE_INSTEAD: Final = "Request code instead"

# -- launching once --------------------------------------------------------------------------------------------------

LAUNCH: Final = "Launch once"
LAUNCH_WHY: Final = (
    "What a launch would say now: the license server is asked, a seat is taken and given back. With contact, grace "
    "starts again."
)
LAUNCH_RUNS: Final = "It runs"
LAUNCH_ALONE: Final = "It runs, without contact"
LAUNCH_REFUSED: Final = "It does not run"

# -- renewal by code -------------------------------------------------------------------------------------------------

CODE: Final = "Renewal by code"
CODE_WHY: Final = "Without internet: read or show a request code to support, and enter the answer."
CODE_MAKE: Final = "Make a request code"
CODE_AGAIN: Final = "Only the answer to the newest request code is accepted. Making another ends the one shown."
CODE_SHOWN: Final = "Request code"
CODE_QR: Final = "The request code as a picture to scan"
CODE_COPY: Final = "Copy"
CODE_COPIED: Final = "Copied"
ANSWER: Final = "Support's answer"
ANSWER_HELP: Final = "Spaces and hyphens do not count"
ACCEPT: Final = "Accept the answer"
ANSWER_EMPTY: Final = "Paste or type what support has answered."

GRANTED: Final = "The license was granted"
NOT_GRANTED: Final = "The license was not granted"
NOT_STORED: Final = "The license was granted, and could not be stored"
GRANTED_UNTIL: Final = "{} of grace, until {}."
NOT_DONE: Final = "That did not work"
DONE: Final = "Done"

# -- the check -------------------------------------------------------------------------------------------------------

CHECK: Final = "Check"
CHECK_WHY: Final = "Walks a launch step by step and says what is wrong first. Nothing is stored, no seat is taken."
CHECK_RUN: Final = "Run the check"
CHECK_RUNNING: Final = "Checking…"
CHECK_DONE: Final = "Checked at {}"
CHECK_GOOD: Final = "A launch would run."
CHECK_BAD: Final = "A launch would not run."
LEVELS: Final = {"good": "good", "bad": "wrong", "not reached": "not reached", "waiting": "waiting"}
STEPS: Final = {
    "folder": "Folder",
    "bundle": "Bundle",
    "database": "Database",
    "record": "Record",
    "version": "Version",
    "binding": "Binding",
    "clock": "Clocks",
    "network": "Network",
    "proxy": "Proxy",
    "dns": "Name",
    "tcp": "Connection",
    "way": "Way through the proxy",
    "tls": "TLS",
    "certificate": "Certificate",
    "reply": "Reply",
    "seat": "Seat",
}
