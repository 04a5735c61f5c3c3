"""`nexuslic server`: a license server's folder, from its making to its backups, and the process itself."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nexuslic.ports import Chance
    from nexuslic.server.check import Finding
    from nexuslic.server.site import Site


class _Group(click.Group):
    """Says in one sentence which package a server lacks."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            name = (error.name or "").split(".")[0]
            if name == "nexuslic":
                raise
            raise click.ClickException(
                f"the license server needs a package that is not installed ({name}): run pip install 'nexuslic[server]'"
            ) from error


_FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
_PASSPHRASE = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What the private keys are encrypted with; else NEXUSLIC_PASSPHRASE, else a systemd credential.",
)
_DATABASE = click.option("--database", default="", metavar="URL", help="sqlite:///FILE or postgresql://USER@HOST/NAME.")

_OF_THE_CONSOLE = ("babel", "jinja2")
"""Packages of the extra `web` that a server without a console does without."""

_LEVELS = ("debug", "info", "warning", "error")


@click.group("server", cls=_Group)
def command() -> None:
    """Make, run and keep a license server (needs the extra `server`).

    Exit status: 0 all went well, 1 something around it did not do its part or a check failed, 2 what was given is
    wrong.
    """


@command.command("init", short_help="Make a new server.")
@_FOLDER
@click.option("--product", required=True, metavar="NAME", help="What the license keys are for.")
@click.option("--name", "names", multiple=True, required=True, metavar="HOST", help="A host name or IP address of it.")
@click.option("--listen", default="0.0.0.0:8443", metavar="HOST:PORT", show_default=True, help="Where it listens.")
@click.option("--address", default="", metavar="URL", help="Where applications find it (default: the first name).")
@_DATABASE
@_PASSPHRASE
def init(
    folder: Path,
    product: str,
    names: tuple[str, ...],
    listen: str,
    address: str,
    database: str,
    passphrase_file: Path | None,
) -> None:
    """Make a new server in DIR: keys, certificates, registry, settings, and the vendor bundle.

    Nothing that exists is written over, and a failure leaves nothing behind.
    """
    from nexuslic.adapters.chance import SystemChance
    from nexuslic.adapters.clocks import SystemClock
    from nexuslic.server import making, settings

    chosen = settings.chosen(product, names, listen, address, database)
    made = making.make(folder, chosen, _passphrase(passphrase_file), SystemClock(), SystemChance())
    for line in making.told(made):
        click.echo(line)


@command.command("check", short_help="Say whether it can run, and what to do.")
@_FOLDER
@_DATABASE
@_PASSPHRASE
@click.option("--json", "as_json", is_flag=True, help="The lines as JSON.")
def check(folder: Path, database: str, passphrase_file: Path | None, as_json: bool) -> int:
    """Say whether a server can run, and what to do where it cannot.

    Keep the line `audit` that it prints: with it, a trail whose end was cut off is told from a whole one.

    Exit status: 0 it can, 1 it cannot, 2 it is no server's folder or its settings are wrong.
    """
    from nexuslic.adapters.clocks import SystemClock
    from nexuslic.server import check as checks

    findings = checks.check(_site(folder, passphrase_file, database), SystemClock().read().wall)
    if as_json:
        lines = [{"level": one.level.value, "about": one.about, "text": one.text} for one in findings]
        click.echo(json.dumps({"format": 1, "findings": lines}, indent=1))
    else:
        _print(findings)
    return int(any(one.level is checks.Level.FAIL for one in findings))


def _print(findings: "list[Finding]") -> None:
    colours = {"ok": "green", "warn": "yellow", "fail": "red"}
    for one in findings:
        level = click.style(f"{one.level.value:<4}", fg=colours[one.level.value])
        click.echo(f"{level}  {one.about:<11}  {one.text}")


@command.command("run", short_help="Check it, and run it.")
@_FOLDER
@click.option("--listen", default="", metavar="HOST:PORT", help="Where it listens, instead of what the settings say.")
@click.option(
    "--certificate", type=click.Path(path_type=Path), metavar="FILE", help="Another certificate (PEM, chain)."
)
@click.option("--private-key", type=click.Path(path_type=Path), metavar="FILE", help="The private key of it (PEM).")
@_DATABASE
@_PASSPHRASE
@click.option("--log-level", type=click.Choice(_LEVELS), default="info", show_default=True, help="What is logged.")
@click.option("--console/--no-console", default=True, help="With or without the screens at /console (extra `web`).")
def run(
    folder: Path,
    listen: str,
    certificate: Path | None,
    private_key: Path | None,
    database: str,
    passphrase_file: Path | None,
    log_level: str,
    console: bool,
) -> None:
    """Check a server, of its audit trail the last part, and run it until SIGTERM or Ctrl-C.

    With the extra `web` the vendor's people find their screens at /console. SIGHUP makes it look at certificates and
    keys at once; else it does every two seconds.
    """
    from nexuslic.adapters.chance import SystemChance
    from nexuslic.adapters.clocks import SystemClock
    from nexuslic.server import start
    from nexuslic.server.certificates import Files
    from nexuslic.server.settings import Listen

    if (certificate is None) != (private_key is None):
        raise click.UsageError("--certificate and --private-key belong together: give both or none")
    site = _site(folder, passphrase_file, database)
    files = Files(certificate, private_key, site.passphrase) if certificate and private_key else None
    chance = SystemChance()
    more = _console(chance) if console else ()
    choices = start.Choices(Listen.parse(listen) if listen else None, files, log_level, more)
    start.run(site, choices, SystemClock(), chance, lambda line: click.echo(line))


def _console(chance: "Chance") -> "Sequence[Any]":
    """The routes of the console; none where the extra `web` is not installed."""
    try:
        from nexuslic.web.console import routes
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _OF_THE_CONSOLE:
            raise
        return ()
    return routes.made(chance)


@command.command("migrate", short_help="Bring the registry up to this program.")
@_FOLDER
@_DATABASE
def migrate(folder: Path, database: str) -> None:
    """Bring the registry up to the schema that this program works on; make a backup first."""
    from nexuslic.server import rotating

    _say(rotating.bring_up(_site(folder, None, database)))


@command.command("backup", short_help="Write all of it into one file.")
@_FOLDER
@click.argument("file", type=click.Path(path_type=Path))
@_DATABASE
def backup(folder: Path, file: Path, database: str) -> None:
    """Write everything that a server is into one FILE, while it runs or not.

    The file holds the private keys as they are stored: without a passphrase they are not encrypted.
    """
    from nexuslic.adapters.chance import SystemChance
    from nexuslic.adapters.clocks import SystemClock
    from nexuslic.server import backup as backups

    made = backups.make(_site(folder, None, database), file, SystemClock(), SystemChance())
    _say([f"wrote {file}: {len(made.digests)} files, the audit trail up to line {made.seq}"])


@command.command("restore", short_help="Make a server from a backup.")
@click.argument("file", type=click.Path(path_type=Path))
@_FOLDER
@click.option("--database", default="", metavar="URL", help="Another, empty database.")
def restore(file: Path, folder: Path, database: str) -> None:
    """Make the server in DIR that FILE is a backup of, once all of it is verified.

    Nothing that exists is written over. Two servers with one keyring drift apart: stop the old one first.
    """
    from nexuslic.adapters.chance import SystemChance
    from nexuslic.server import backup as backups

    _, made = backups.restore(file, folder, database, SystemChance())
    _say([f"made {folder} as it was on {made.made_at}: the audit trail is whole up to line {made.seq}"])
    _say([f"next: nexuslic server check {folder}"])


@command.command("rotate-key", short_help="Make a new key, or retire one.")
@_FOLDER
@click.option("--sealing", is_flag=True, help="A new sealing key instead of a signing key.")
@click.option("--secret", is_flag=True, help="With --sealing: not announced, known to new bundles only.")
@click.option("--retire", default="", metavar="ID", help="No new key: retire this signing key.")
@click.option("--forget", type=int, metavar="NUMBER", help="No new key: stop announcing what it knows.")
@_DATABASE
@_PASSPHRASE
def rotate_key(
    folder: Path,
    sealing: bool,
    secret: bool,
    retire: str,
    forget: int | None,
    database: str,
    passphrase_file: Path | None,
) -> None:
    """Make a new signing key and the bundle that knows it; a running server takes it by itself.

    Retire the old one not before every client had contact, or runs an application with the new bundle.
    """
    from nexuslic.adapters.chance import SystemChance
    from nexuslic.adapters.clocks import SystemClock
    from nexuslic.server import rotating

    if (secret and not sealing) or sum((sealing, bool(retire), forget is not None)) > 1:
        raise click.UsageError("--sealing, --retire and --forget exclude each other, and --secret goes with --sealing")
    site, clock, chance = _site(folder, passphrase_file, database), SystemClock(), SystemChance()
    if retire:
        _say(rotating.retire(site, retire, clock, chance))
    elif forget is not None:
        _say(rotating.forget(site, forget, clock, chance))
    elif sealing:
        _say(rotating.rotate_sealing(site, not secret, clock, chance))
    else:
        _say(rotating.rotate(site, clock, chance))


@command.command("renew-certificate", short_help="Make a new certificate.")
@_FOLDER
@_PASSPHRASE
def renew_certificate(folder: Path, passphrase_file: Path | None) -> None:
    """Make a new certificate for the names in the settings, and write the bundle anew."""
    from nexuslic.adapters.clocks import SystemClock
    from nexuslic.server import rotating

    _say(rotating.renew_certificate(_site(folder, passphrase_file), SystemClock()))


def _say(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)


def _site(folder: Path, passphrase_file: Path | None, database: str = "") -> "Site":
    from nexuslic.server.site import Site

    return Site.at(folder, _passphrase(passphrase_file), database)


def _passphrase(file: Path | None) -> bytes | None:
    from nexuslic.server import passphrase

    return passphrase.find(file, os.environ)
