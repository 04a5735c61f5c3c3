"""What each closed word and each term means, in one sentence for a person."""

from nexuslic.rules.words import Cause, Event, LicenseType, Protection, Reason, State, WhichBinding, WhichClock, Word

STATES = {
    State.UNLICENSED: "No record, or one that cannot be trusted, or the license was revoked: it does not run.",
    State.AUTHENTICATED: "The last launch was confirmed by the license server: it runs.",
    State.GRACE: "No contact at the last launch, and license time is not past the deadline: it runs, and warns.",
    State.EXPIRED: "License time is past the deadline, the term ended, or the license is suspended: it does not run.",
    State.INVALID_BINDING: "This connection's names are not the record's, or the key has moved on: re-authenticate.",
}
EVENTS = {
    Event.AUTHENTICATE: "A key or a renewal code was entered, and the server granted it for this binding.",
    Event.CONFIRM: "At launch the license server confirmed the stored certificate.",
    Event.LOSE_CONTACT: "At launch there was no contact: Grace, or Expired once grace is used up.",
    Event.MISMATCH: "The connection's binding differs from the record's, or the server answered `superseded`.",
    Event.MATCH: "A later connection spells the names as the record does: the record's state, no day gained.",
    Event.END: "The term has ended or the license is suspended: the server says so, or the record remembers it.",
    Event.REVOKE: "The server's signed answer says that the key is revoked or unknown; the record is removed.",
}
CAUSES = {
    Cause.OFFLINE: "There is no network at all.",
    Cause.DNS: "The license server's name cannot be looked up.",
    Cause.REFUSED: "The license server's computer refuses the connection, as when it is stopped.",
    Cause.TIMEOUT: "Nothing answers within contact_timeout.",
    Cause.TLS_PROTOCOL: "Application, operating system and server have no TLS version in common.",
    Cause.TLS_CERTIFICATE: "The server's TLS certificate cannot be verified.",
    Cause.PROXY: "A proxy stands in the way.",
    Cause.SERVER_ERROR: "The license server answers with a fault (5xx or 429).",
    Cause.UNTRUSTED_REPLY: "The reply is not signed for this request: forged, replayed, or a captive portal's page.",
}
REASONS = {
    Reason.UNLICENSED: "There is no record in this database.",
    Reason.DAMAGED: "The record is unreadable or forged; it is kept aside for support.",
    Reason.EXPIRED: "License time is past the deadline.",
    Reason.TERM: "The end of term has passed.",
    Reason.SUSPENDED: "The vendor has suspended the license; only a grant lifts that.",
    Reason.REVOKED: "The vendor has ended the key for good.",
    Reason.UNKNOWN: "The license server does not know the key, or the key is mistyped.",
    Reason.BINDING: "The server or database is spelled otherwise than in the record.",
    Reason.SUPERSEDED: "The key was authenticated for another database since.",
    Reason.USER: "The user has no named license assigned.",
    Reason.SEATS: "Every seat is taken.",
    Reason.VERSION: "The application is older than the license's minimum version.",
    Reason.DATABASE: "The database cannot be reached or read.",
}
OTHER: dict[Word, tuple[str, str]] = {
    LicenseType.CONCURRENT: ("license type", "Live sessions are counted, at most `seats` of them."),
    LicenseType.NAMED: ("license type", "Users are assigned, at most `seats` of them."),
    Protection.SOFTWARE: ("protection", "The license decides."),
    Protection.DONGLE: ("protection", "NETHASP.ini is in place: the dongle protects, and the license is not asked."),
    WhichClock.DATABASE: ("clock", "The database server's clock is read: one for all workstations."),
    WhichClock.WORKSTATION: ("clock", "Each workstation's own clock is read."),
    WhichBinding.SPELLING: ("binding policy", "Server and database names are compared as the client spells them."),
    WhichBinding.IDENTITY: ("binding policy", "The server's own identity is compared in the place of its name."),
}

TERMS = {
    "license key": "13 digits, the last one a check digit; spaces and hyphens are ignored.",
    "license": "What the vendor granted: organisation, type, seats, grace, minimum version, end of term, extension.",
    "binding": "Database server name + database name, as the client spells them; case and outer spaces do not matter.",
    "certificate": "Terms + binding + the license server's time + the request's nonce, signed by the license server.",
    "record": "What the customer's database holds, sealed: the certificate, the state, and the ledger of license time.",
    "mark": "What a workstation keeps for itself, sealed: the grant that it saw and the highest license time since.",
    "contact": "One attempt to reach the license server: granted, denied (signed), or no contact with its cause.",
    "grant": "A signed yes of the license server: grace starts again, for every workstation of this database.",
    "license time": "The time that the license has seen: it never goes back, whatever a clock does, until a grant.",
    "ledger": "License time and the clock's last reading, kept in the record.",
    "deadline": "Last grant + grace days + carried extension; the end of term in its place where that is earlier.",
    "days left": "The time to the deadline in days of 24 hours, rounded up; 0 at the deadline itself.",
    "extension": "Extra days of grace, carried by every grant up to an instant, and valid at sea from then on.",
    "request code": "What a client without internet shows, to be read to support; support answers with a renewal code.",
    "renewal code": "A grant that is typed, pasted or scanned in; it works once, for the database it was asked for.",
    "session": "A launch that runs on: it renews its seat and counts its running time every 2 minutes.",
    "seat": "One live session of a concurrent license; it is free again 10 minutes after its last renewal.",
    "workstation": "A computer that runs the application: operating system, TLS, clock, application version.",
    "vendor bundle": "What ships with the application: trusted keys, sealing key, license server address, product.",
    "NETHASP.ini": "While it stands beside the application, the dongle protects it and the license is not asked.",
}
PRESETS = {
    "windows-7": "SSL 3.0 and TLS 1.0 are turned off, as the product documentation says; they can be turned on.",
    "windows-10": "Every version of TLS is turned on.",
    "windows-11": "Every version of TLS is turned on.",
    "linux": "Every version of TLS is turned on.",
    "nexus-6.2": "Version 6.2 of the product: it offers SSL 3.0 and TLS 1.0 only, and its server accepts just these.",
}
TROUBLES = {
    "read-only": "The database can be read, and stores nothing.",
    "full": "The database's disk is full: it can be read, and stores nothing.",
    "locked": "Somebody holds the database: it can be read, and stores nothing.",
}
TAMPERS = {
    "forged": "The reply (or the record) is signed by somebody else than the vendor.",
    "replayed": "The reply is the one before, once more.",
    "stale": "The reply is signed by the vendor, over another request's nonce.",
    "html": "The reply is a captive portal's page.",
    "truncated": "The reply (or the record) is cut off in the middle.",
    "huge": "The reply is larger than 64 KiB.",
    "other-binding": "The reply is signed by the vendor, for another database.",
}
TIMES = {
    "day": "`day 12` (00:00) or `day 12 08:00`: the wall clock of the story's zone; `starts` is on day 1.",
    "daily": "`daily 06:00`: once a day on the wall clock; where the zone skips it, at the first instant after.",
    "every": "`every 6h`: again and again after so much elapsed time.",
    "end": "The last instant of the story.",
    "never": "It drops its line: useful as a value in `cases`.",
    "first": "The first of two instants that the wall clock shows the same; `second` is the other.",
}
VALUES = {
    "all": "Every workstation of the story.",
    "none": "There is no such thing: no state, no warning, no reason.",
    "refused": "A launch that does not run; only launches are refused, never authentications or codes.",
    "used": "A renewal code that was accepted before.",
    "mistyped": "A renewal code with one letter changed.",
    "foreign": "A renewal code that answers the request of another database.",
    "older": "A renewal code that answers an older request of this workstation.",
    "present": "NETHASP.ini stands beside the application.",
    "renamed": "NETHASP.ini has another name: the dongle is out of service.",
}
