"""The places of a launch: the application's folder, the vendor bundle, the customer's database."""

from pathlib import Path

from nexuslic.adapters import nethasp
from nexuslic.adapters.sql_engines import Place
from nexuslic.adapters.sql_looking import Seen
from nexuslic.doctor.findings import Finding, Level, Step, good
from nexuslic.doctor.standing import refused
from nexuslic.errors import DatabaseUnreachable, InputError
from nexuslic.rules.words import Reason
from nexuslic.trust.keys import Bundle

DONGLE = "NETHASP.ini is in place: the dongle protects this workstation, and the license is not asked"


def has_dongle(application: Path | None) -> bool:
    """Whether a launch would stop here, and run."""
    return application is not None and nethasp.present(application)


def folder(application: Path | None) -> Finding:
    """The application's folder."""
    if application is None:
        return good(Step.FOLDER, "none was given: NETHASP.ini was not looked for")
    if has_dongle(application):
        return good(Step.FOLDER, DONGLE)
    if application.is_dir():
        return good(Step.FOLDER, f"no NETHASP.ini in {application}: the license protects the application")
    return Finding(
        Step.FOLDER,
        Level.BAD,
        f"there is no folder {application}",
        why="NETHASP.ini cannot be looked for, so a launch takes it that there is no dongle",
        cures=("Give the folder in which the application lies, with --application.",),
    )


def bundle(shipped: Bundle | InputError) -> Finding:
    """The vendor bundle, or why there is none."""
    if isinstance(shipped, InputError):
        cure = "Give the file that the vendor ships with this application, with --bundle."
        return Finding(
            Step.BUNDLE, Level.BAD, str(shipped), why="without the vendor bundle nothing can be trusted", cures=(cure,)
        )
    whom = "an authority of its own" if shipped.authority else "the system's authorities"
    return good(Step.BUNDLE, f"for {shipped.product}, license server {shipped.address}, trusted by {whom}")


def database(place: Place, seen: Seen | DatabaseUnreachable) -> Finding:
    """The customer's database, or why it cannot be reached or read."""
    if isinstance(seen, DatabaseUnreachable):
        return refused(Step.DATABASE, str(seen), Reason.DATABASE)
    version = f" {seen.version}" if seen.version else ""
    text = f"{seen.engine}{version}, {place.database} on {place.server}"
    if seen.problem:
        cure = "Ask the database's administrator to let this account store, and to make room where the disk is full."
        return _not_stored(seen.problem, cure)
    if not seen.may_make:
        cure = f"Ask the database's administrator to run what `nexuslic license ddl --dialect {seen.engine}` prints."
        return _not_stored(f"{text}; the license's tables are not there, and this account cannot make them", cure)
    return good(Step.DATABASE, f"{text}; {_tables(seen)}")


def _tables(seen: Seen) -> str:
    return (
        "the license's tables are there" if seen.tables else "the license's tables will be made with the first license"
    )


def _not_stored(text: str, cure: str) -> Finding:
    why = "what a launch decides cannot be stored: no contact starts grace again for the others"
    return Finding(Step.DATABASE, Level.BAD, text, why=why, cures=(cure,))
