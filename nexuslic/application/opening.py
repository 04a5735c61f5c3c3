"""`nexuslic.open`: the license of one product in one customer's database, on this workstation.

Everything real is chosen here and nowhere else; nothing is connected to before it is asked. No state is global, no
logger and no signal of the host application is touched.
"""

from pathlib import Path

from sqlalchemy import URL, Engine

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.adapters.late_https import LateLink
from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import place
from nexuslic.adapters.sql_stores import Records, SeatTable, UserTable
from nexuslic.adapters.workstation import MarkFiles, ThisComputer, account, computer_name, state_folder
from nexuslic.application.application import Application
from nexuslic.client import Connection
from nexuslic.errors import InputError
from nexuslic.ports import Clock, Connectivity, Ports
from nexuslic.rules.license import Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import WhichClock
from nexuslic.trust import bundles
from nexuslic.trust.keys import Bundle

DEFAULT_VERSION = "6.2"
"""The first version of the application that a license can be for."""

MOST_LETTERS = 200
_DEFAULT_POLICY = Policy()


def open(
    bundle: Bundle | str | Path,
    connection: str | URL | Engine,
    *,
    user: str | None = None,
    version: str = DEFAULT_VERSION,
    application: str | Path | None = None,
    server: str | None = None,
    database: str | None = None,
    workstation: str | None = None,
    policy: Policy = _DEFAULT_POLICY,
    clock: Clock | None = None,
    connectivity: Connectivity | None = None,
    state: str | Path | None = None,
) -> Application:
    """The license check of an application, over the database that it works with.

    `bundle`: the vendor's file, or what was read from it. `connection`: the database's URL, or the application's own
    engine. `user`: who works with it (this process's account), `version`: the application's own. `application`: its
    folder, beside which NETHASP.ini may stand. `server`, `database`: how the application spells them, where the URL
    does not say. `workstation`: how this computer is shown to others. `clock`, `connectivity`: in the place of the
    database's clock and of HTTPS. `state`: where this workstation keeps its marks. Raises InputError.
    """
    shipped = bundle if isinstance(bundle, Bundle) else read_bundle(Path(bundle))
    by = clock or (SystemClock() if policy.clock is WhichClock.WORKSTATION else None)
    base = CustomerDatabase(place(connection, server=server, database=database), clock=clock)
    kept = Path(state) if state is not None else state_folder(shipped.product)
    ports = Ports(
        by or base,
        connectivity or LateLink(shipped.address, shipped.authority or None, policy.contact_timeout),
        Records(base),
        SeatTable(base),
        UserTable(base),
        MarkFiles(kept / "marks"),
        SystemChance(),
        ThisComputer(kept / "sessions", None if application is None else Path(application)),
    )
    names = named("user", account() if user is None else user), named("workstation", workstation or computer_name())
    return Application(base, ports, Connection(base.place.binding, Version.parse(version), *names), shipped, policy)


def named(what: str, name: str) -> str:
    """A name that can be shown and stored. Raises InputError."""
    told = name.strip()
    if not told or len(told) > MOST_LETTERS or not told.isprintable():
        problem = f"this one has {len(told)} characters" if told.isprintable() else "in this one is what does not print"
        raise InputError(f"{what}: a name has 1 to {MOST_LETTERS} characters, all of which print; {problem}")
    return told


def read_bundle(file: Path) -> Bundle:
    """The vendor bundle in a file. Raises InputError."""
    try:
        return bundles.read(file.read_bytes())
    except OSError as error:
        raise InputError(
            f"vendor bundle {file}: {(error.strerror or 'cannot be read').lower()}; "
            "give the file that the vendor ships with this application"
        ) from error
    except InputError as error:
        raise InputError(f"{file}: {error}") from error
