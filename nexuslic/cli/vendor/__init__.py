"""`nexuslic vendor`: what the vendor's people do to licenses, on a license server or in its folder."""

import click

from nexuslic.cli.lazy import Lazy
from nexuslic.cli.vendor.options import located

_COMMANDS = {
    "issue": ("issue:issue", "A new license key, and the mail that brings it."),
    "import": ("import_list:import_list", "Issue licenses to a whole list of customers."),
    "list": ("look:list_licenses", "Find licenses."),
    "show": ("look:show", "One license."),
    "history": ("look:history", "Where a key was bound."),
    "extend": ("terms:extend", "Extra days, before a trip."),
    "change": ("terms:change", "Other terms."),
    "suspend": ("standing:suspend", "Refuse every grant for a while."),
    "reinstate": ("standing:reinstate", "Lift a suspension."),
    "revoke": ("standing:revoke", "End a key for good."),
    "answer-code": ("answer_code:answer_code", "Renew over the radio."),
    "tokens": ("tokens:tokens", "Who may use the license server."),
    "audit": ("audit:audit", "What was done, granted and denied."),
}


@click.group(
    "vendor",
    cls=Lazy,
    lazy={name: (f"nexuslic.cli.vendor.{place}", about) for name, (place, about) in _COMMANDS.items()},
)
@located()
def command() -> None:
    """Issue licenses and serve customers (needs the extra `client`).

    Over HTTPS with a URL and a token, or in a server's folder. The options below stand before or after the command.
    Each counts before its variable, and that before vendor.toml in your configuration folder, which may hold
    `server`, `token` or `token_file`, and `authority`.

    Exit status: 0 done, 1 the license server refused it or did not answer, 2 what was given is wrong.
    """
    from nexuslic.cli.printing import never_fail_to_print

    never_fail_to_print()
