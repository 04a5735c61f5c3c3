"""`nexuslic vendor audit`: the audit trail, as it is and as it grows."""

import json
from typing import TYPE_CHECKING, Any

import click

from nexuslic.adapters.clocks import pause
from nexuslic.cli.plain import plain
from nexuslic.cli.vendor import show
from nexuslic.cli.vendor.options import KEY, PAGE, located, number, vendor

if TYPE_CHECKING:
    from nexuslic.cli.vendor.link import Vendor


@click.command("audit")
@click.option("--after", type=number(0, 10**12 - 1), default=0, metavar="N", help="Only lines behind number N.")
@click.option("--key", type=KEY, metavar="KEY", help="Only lines about this key.")
@click.option("--limit", type=number(1, 10_000_000), metavar="N", help="At most so many (default: all).")
@click.option("--follow", is_flag=True, help="Go on with new lines until Ctrl-C.")
@click.option("--interval", type=number(1, 3600), default=2, show_default=True, help="Seconds between two looks.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line each.")
@located(hidden=True)
def audit(after: int, key: str | None, limit: int | None, follow: bool, interval: int, as_json: bool) -> None:
    """Print the audit trail: every act, grant and denial, in order.

    Each line has its number, its time, who acted and from where, what was done to which key, and what changed.
    """
    with vendor() as link:
        trail = _Trail(link, key, after, limit, as_json)
        try:
            trail.print_all()
            while follow and trail.left != 0:
                pause(interval)
                trail.print_more()
        except KeyboardInterrupt:
            if not follow:
                raise


class _Trail:
    """Where a reader of the trail is: behind line `after`, with `left` lines to go (None: no end)."""

    def __init__(self, link: "Vendor", key: str | None, after: int, left: int | None, as_json: bool) -> None:
        self.link, self.key, self.after, self.left, self.as_json = link, key, after, left, as_json
        self.silent = False

    def print_all(self) -> None:
        """Print what there is."""
        while self.left != 0:
            size = min(self.left or PAGE, PAGE)
            page = self.link.get("/v1/audit", after=self.after, limit=size, key=self.key)
            for line in page["items"]:
                click.echo(json.dumps(line, ensure_ascii=True) if self.as_json else _line(line))
            self.after = page["next"]
            self.left = None if self.left is None else self.left - len(page["items"])
            if len(page["items"]) < size:
                return

    def print_more(self) -> None:
        """Print what is new; a server that cannot be reached for a while is said once."""
        from nexuslic.adapters.vendor_https import Unreachable

        try:
            self.print_all()
        except Unreachable as error:
            if not self.silent:
                click.echo(f"waiting: {error}", err=True)
            self.silent = True
        else:
            self.silent = False


def _line(line: dict[str, Any]) -> str:
    who = f"{line['who']} ({line['origin']})" if line["origin"] else line["who"]
    changed = " ".join(f"{name}={_value(value)}" for name, value in line["detail"].items())
    parts = (f"{line['seq']:>6}", show.when(line["at"]), who, line["act"], line["key"] or "", changed)
    return plain("  ".join(part for part in parts if part))


def _value(value: Any) -> str:
    if isinstance(value, str) and value and not set(value) & set(" ="):
        return value
    return json.dumps(value, ensure_ascii=False)
