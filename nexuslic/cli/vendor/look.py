"""`nexuslic vendor list`, `show` and `history`: looking, without changing anything."""

from itertools import islice

import click

from nexuslic.cli import printing
from nexuslic.cli.vendor import show as shown
from nexuslic.cli.vendor.options import as_json, key_argument, located, number, vendor


@click.command("list")
@click.option("--search", default="", metavar="TEXT", help="In key, organisation, database server or database.")
@click.option("--suspicious", is_flag=True, help="Only keys that wander between databases.")
@click.option("--limit", type=number(1, 10_000_000), metavar="N", help="At most so many (default: all).")
@as_json
@located(hidden=True)
def list_licenses(search: str, suspicious: bool, limit: int | None, as_json: bool) -> None:
    """Find licenses, in the order of their keys."""
    with vendor() as link:
        items = list(islice(link.pages("/v1/licenses", limit, search=search, suspicious=suspicious), limit))
    if as_json:
        printing.as_json({"items": items})
        return
    if not items:
        click.echo("no license fits", err=True)
        return
    heads = ("key", "organisation", "type", "seats", "grace", "standing", "bound to")
    printing.table(
        heads,
        [
            (
                one["key"],
                one["organisation"],
                one["type"],
                str(one["seats"]),
                str(one["grace_days"]),
                one["standing"],
                shown.bound(one["binding"]),
            )
            for one in items
        ],
    )


@click.command("show")
@key_argument
@as_json
@located(hidden=True)
def show(key: str, as_json: bool) -> None:
    """Show one license: its terms, its standing, where it is bound, and when it was last granted."""
    with vendor() as link:
        license = link.get(f"/v1/licenses/{key}")
    if as_json:
        printing.as_json(license)
    else:
        shown.one_license(license)


@click.command("history")
@key_argument
@as_json
@located(hidden=True)
def history(key: str, as_json: bool) -> None:
    """Show where a key was bound, oldest first, and whether it wanders."""
    with vendor() as link:
        told = link.get(f"/v1/licenses/{key}/history")
    if as_json:
        printing.as_json(told)
        return
    if not told["items"]:
        click.echo(f"{told['key']} was never bound: nobody has entered it yet")
        return
    rows = [(shown.when(one["since"]), one["server"].strip(), one["database"].strip()) for one in told["items"]]
    printing.table(("since", "server", "database"), rows)
    if told["suspicion"]:
        click.echo(f"suspicious: {told['suspicion']}")
