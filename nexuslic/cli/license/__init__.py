"""`nexuslic license`: the License dialog as commands, for the customer's license administrators."""

import click

from nexuslic.cli.lazy import Lazy

_COMMANDS = {
    "status": ("look:status", "How the license stands, and who sits where."),
    "request": ("request:request", "Enter a license key for this database."),
    "users": ("users:users", "The named users, and who was assigned first."),
    "assign": ("users:assign", "Assign licenses to users."),
    "unassign": ("users:unassign", "Take users' licenses back."),
    "seats": ("seats:seats", "Who holds a seat now."),
    "release": ("seats:release", "Give back the seat of a session that crashed."),
    "request-code": ("codes:request_code", "A code to read to support, where there is no internet."),
    "accept-code": ("codes:accept_code", "Enter support's answer."),
    "export-for-support": ("export:export_for_support", "All that support needs, and no secret."),
    "ddl": ("ddl:ddl", "The script that makes the license's tables, for a database administrator."),
}


@click.group(
    "license",
    cls=Lazy,
    lazy={name: (f"nexuslic.cli.license.{place}", about) for name, (place, about) in _COMMANDS.items()},
)
def command() -> None:
    """Database > Properties > License, as commands (needs the extra `client`).

    Exit status: 0 done, 1 it was refused or the database did not do its part, 2 what was given is wrong.
    """
    from nexuslic.cli.printing import never_fail_to_print

    never_fail_to_print()
