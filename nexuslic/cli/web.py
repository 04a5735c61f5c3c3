"""`nexuslic web`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli.extras import needing

if TYPE_CHECKING:
    from nexuslic.application.application import Application


@click.command("web")
@click.option("--database", metavar="URL", envvar="NEXUSLIC_DATABASE", help="The License dialog's database.")
@click.option(
    "--bundle",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default="bundle.json",
    envvar="NEXUSLIC_BUNDLE",
    show_default=True,
    help="The vendor's bundle.",
)
@click.option("--user", metavar="NAME", help="Who works with the application (default: your account).")
@click.option("--app-version", metavar="VERSION", default="6.2", show_default=True, help="The application's.")
@click.option(
    "--application",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The application's folder, beside which NETHASP.ini may stand.",
)
@click.option("--port", type=int, metavar="N", help="Where it listens (default: 8417, or any port that is free).")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def command(database: str | None, bundle: Path, port: int | None, no_browser: bool, **given: Any) -> None:
    """Open the License dialog, the voyage planner and the policy lab in a browser (needs the extra `web`).

    It listens on this computer only, for one browser, needs no internet, and ends with Ctrl-C.
    """
    with needing("web"):
        from nexuslic.web import serving
        from nexuslic.web.app import Desk, build
        from nexuslic.web.screens import SCREENS
    desk = Desk(None if database is None else _license(database, bundle, given))
    app = build(SCREENS, desk)
    listening = serving.usual() if port is None else serving.bound(port)
    serving.server_of(app, listening, lambda address: _opened(address, browser=not no_browser)).run()


def _license(database: str, bundle: Path, given: dict[str, Any]) -> "Callable[[], Application]":
    """Opens the license; `given` says who asks for it."""
    from nexuslic.application.opening import open, read_bundle

    shipped = read_bundle(bundle)
    user, version, application = given["user"], given["app_version"], given["application"]
    return lambda: open(shipped, database, user=user, version=version, application=application)


def _opened(address: str, *, browser: bool) -> None:
    """Open the address, and print it for whoever has to do that."""
    import webbrowser

    click.echo(f"open {address}\nCtrl-C ends it")
    if browser:
        webbrowser.open(address)
