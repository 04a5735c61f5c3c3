"""Signing in with a token in a browser: wrong ones are counted for an hour, by address and network, and then refused.

A token is too long to be guessed; the limit keeps trying from being worth it. The counts stand beside those of wrong
license keys, under names of their own: a mistyped token keeps no client of that address from its license.
"""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, select, tuple_

from nexuslic.server import guesses, tokens
from nexuslic.server.guesses import ADDRESS, NETWORK, NETWORK_SHARE
from nexuslic.server.tables import guesses as table
from nexuslic.server.tokens import Token

MOST = 10
"""Wrong tokens an hour from one address."""

SCOPES = {ADDRESS: "sign-in", NETWORK: "sign-net"}
"""What the places of wrong license keys are called here."""


def refused(connection: Connection, address: str, now: datetime) -> bool:
    """Whether nobody may sign in from there any more this hour."""
    query = select(table.c.scope, table.c.count).where(
        table.c.since == guesses.hour(now), tuple_(table.c.scope, table.c.subject).in_(_places(address))
    )
    allowed = {SCOPES[ADDRESS]: MOST, SCOPES[NETWORK]: MOST * NETWORK_SHARE}
    return any(row[1] >= allowed[row[0]] for row in connection.execute(query))


def entered(connection: Connection, told: str, address: str, now: datetime) -> Token | None:
    """The token that `told` is the text of; where there is none that works, it counts as wrong."""
    token = tokens.find(connection, told, now)
    if token is None:
        guesses.forget(connection, now)
        guesses.add(connection, guesses.hour(now), Counter(_places(address)))
    return token


def _places(address: str) -> list[tuple[str, str]]:
    return [(SCOPES[scope], subject) for scope, subject in guesses.places_of(address)]
