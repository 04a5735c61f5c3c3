"""Named users: who is assigned, in the order of assignment.

Compared without regard to case or surrounding space. Assigning more than the license has keeps the earliest
assigned and drops the rest; the same when a grant brings a smaller number (rules: Seats and named users).
"""

from nexuslic.errors import InputError
from nexuslic.rules.binding import fold

Users = tuple[str, ...]


def is_assigned(users: Users, user: str) -> bool:
    """Whether `user` has a license."""
    return fold(user) in {fold(one) for one in users}


def assign(users: Users, more: Users) -> Users:
    """`users` and those of `more` who are not assigned yet, in order. Raises InputError for a user without a name."""
    result = list(users)
    for user in more:
        if not user.strip():
            raise InputError("a user without a name cannot be assigned: write the user's name")
        if not is_assigned(tuple(result), user):
            result.append(user.strip())
    return tuple(result)


def unassign(users: Users, fewer: Users) -> Users:
    """`users` without those of `fewer`."""
    return tuple(user for user in users if not is_assigned(fewer, user))


def fit(users: Users, licenses: int | None) -> tuple[Users, Users]:
    """Who keeps a license, and whom a smaller number drops; None licenses: the number is not known yet."""
    return (users, ()) if licenses is None else (users[:licenses], users[licenses:])
