"""What has to be so before a server runs: one line for each thing, with what to do about it.

A failure keeps the server from starting. What cannot be looked at because of an earlier failure is left out.
"""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

import attrs
from cryptography import x509
from sqlalchemy import Connection, select

from nexuslic.errors import InputError, NexuslicError
from nexuslic.server import audit, authority, folder, migrate, passphrase
from nexuslic.server.authority import WARN_DAYS
from nexuslic.server.certificates import Files
from nexuslic.server.site import Site
from nexuslic.server.tables import audit as audit_table
from nexuslic.trust import bundles

SKEW = timedelta(minutes=5)
"""How far the clocks of several computers that share one registry may be apart."""

LAST_LINES = 1000
_MEGABYTE = 2**20
_FULL, _FILLING = 64 * _MEGABYTE, 1024 * _MEGABYTE


class Level(Enum):
    """How bad it is: `fail` keeps the server from starting."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@attrs.frozen
class Finding:
    """One line: about what, and what is so or has to be done."""

    level: Level
    about: str
    text: str


class NotReady(InputError):
    """Something keeps the server from starting."""


def refuse_failures(findings: Iterable[Finding], path: Path) -> None:
    """Raises NotReady with the first failure."""
    failed = [one for one in findings if one.level is Level.FAIL]
    if failed:
        more = f" ({len(failed) - 1} more: `nexuslic server check {path}`)" if len(failed) > 1 else ""
        raise NotReady(f"{failed[0].about}: {failed[0].text}{more}")


def check(site: Site, now: datetime, files: Files | None = None, whole: bool = True) -> list[Finding]:
    """Everything about `site` at `now` (UTC); with the certificate of `files` where it is not the folder's own.

    Not `whole`: of the audit trail the last part only, which takes no longer as it grows.
    """
    found = [*_permissions(site)]
    found += _told(_keyring(site), "keyring")
    found += _told(_authority(site, now), "authority")
    found += _told(_certificate(site, files, now), "certificate")
    found += _told(_bundle(site), "bundle")
    found += _told(_registry(site, now, whole), "registry")
    found += _told(_disk(site), "disk")
    return found


def _told(findings: Iterator[Finding], about: str) -> list[Finding]:
    """The findings, with an error that ends them as the last one."""
    found: list[Finding] = []
    try:
        found.extend(findings)
    except NexuslicError as error:
        found.append(Finding(Level.FAIL, about, str(error)))
    return found


# -- files ------------------------------------------------------------------------------------------------------------


def _permissions(site: Site) -> Iterator[Finding]:
    if os.name != "posix":
        yield Finding(Level.WARN, "permissions", "not looked at on this system: let nobody but the server's user read")
        return
    wrong = [one for one in (site.folder.path, *site.folder.secrets) if _open_to_others(one)]
    for one in wrong:
        mode = "700" if one.is_dir() else "600"
        yield Finding(Level.FAIL, "permissions", f"others can open {one}: run `chmod {mode} {one}`")
    if not wrong:
        yield Finding(Level.OK, "permissions", "nobody but the owner can open the folder and its secret files")


def _open_to_others(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:
        return False


def _keyring(site: Site) -> Iterator[Finding]:
    keyring = site.keyring
    secret = passphrase.is_encrypted(folder.read(site.folder.keyring))
    told = "encrypted" if secret else "not encrypted"
    keys = f"{_some(len(keyring.active), 'signing key')}, {_some(len(keyring.sealing_keys), 'sealing key')}, {told}"
    if site.passphrase is not None and not secret:
        yield Finding(Level.WARN, "keyring", f"{keys}, though there is a passphrase: the next rotation encrypts it")
    else:
        yield Finding(Level.OK, "keyring", keys)


def _disk(site: Site) -> Iterator[Finding]:
    free = shutil.disk_usage(site.folder.path).free
    level = Level.FAIL if free < _FULL else Level.WARN if free < _FILLING else Level.OK
    told = f"{free // _MEGABYTE} MB free"
    yield Finding(level, "disk", told if level is Level.OK else f"{told}: make room, or nothing can be granted soon")


# -- certificates -----------------------------------------------------------------------------------------------------


def _authority(site: Site, now: datetime) -> Iterator[Finding]:
    made = site.authority
    found = authority.read_certificate(made.certificate, str(site.folder.authority))
    if not authority.belongs(found, authority.read_key(made.key, None, str(site.folder.authority_key))):
        yield Finding(Level.FAIL, "authority", "its key is not the one of its certificate: restore both from a backup")
    yield _dates(found, now, "authority", "plan a new server whose bundle ships before that day")


def _certificate(site: Site, files: Files | None, now: datetime) -> Iterator[Finding]:
    own = Files(site.folder.certificate, site.folder.certificate_key, site.passphrase)
    chosen = files or own
    chosen.context()
    found = authority.read_certificate(folder.read(chosen.certificate), str(chosen.certificate))
    renew = f"run `nexuslic server renew-certificate {site.folder.path}`"
    if files is None:
        above = authority.read_certificate(folder.read(site.folder.authority), str(site.folder.authority))
        if not authority.vouches(above, found):
            yield Finding(Level.FAIL, "certificate", f"{site.folder.authority.name} did not sign it: {renew}")
    yield _dates(found, now, "certificate", renew if files is None else "get a new one from its authority")
    yield from _names(site, authority.names_of(found), renew)


def _names(site: Site, names: set[str], renew: str) -> Iterator[Finding]:
    missing = [name for name in site.settings.names if authority.normal(name) not in names]
    if missing:
        yield Finding(
            Level.WARN, "certificate", f"it is not for {', '.join(missing)}, which the settings name: {renew}"
        )
    host = urlsplit(site.settings.address).hostname or ""
    if not any(_covers(name, host) for name in names):
        yield Finding(
            Level.WARN, "certificate", f"it is not for {host}, where applications look: add it to `names`, then {renew}"
        )


def _covers(name: str, host: str) -> bool:
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])


def _dates(found: x509.Certificate, now: datetime, about: str, cure: str) -> Finding:
    begins, ends = found.not_valid_before_utc, found.not_valid_after_utc
    if now < begins:
        text = f"it is not valid before {begins:%Y-%m-%d %H:%M} UTC: is this computer's clock right ({now:%Y-%m-%d})?"
        return Finding(Level.FAIL, about, text)
    if now > ends:
        return Finding(Level.FAIL, about, f"it expired on {ends:%Y-%m-%d}: {cure}")
    days = (ends - now).days
    if days < WARN_DAYS:
        return Finding(Level.WARN, about, f"it expires on {ends:%Y-%m-%d}, in {_some(days, 'day')}: {cure}")
    return Finding(Level.OK, about, f"valid until {ends:%Y-%m-%d}")


# -- what belongs together --------------------------------------------------------------------------------------------


def _bundle(site: Site) -> Iterator[Finding]:
    try:
        keyring = site.keyring
    except InputError:
        return
    data, file = folder.read(site.folder.bundle), site.folder.bundle
    if data == site.bundle(keyring):
        yield Finding(Level.OK, "bundle", "it is what the keyring and the settings say")
        return
    found, wanted = bundles.read(data), bundles.read(site.bundle(keyring))
    ours = {(key.id, key.public) for key in wanted.keys.keys}
    if not all((key.id, key.public) in ours for key in found.keys.keys):
        yield Finding(
            Level.FAIL,
            "bundle",
            f"{file} holds other keys than the keyring, applications would trust somebody else: put back the keyring "
            f"that it was made from, or move it away and run `nexuslic server renew-certificate {site.folder.path}`",
        )
        return
    what = "another product, address or authority than this server"
    if (found.keys, found.sealing_keys, found.number) != (wanted.keys, wanted.sealing_keys, wanted.number):
        what = "less than the keyring, it is older"
    cure = f"`nexuslic server renew-certificate {site.folder.path}` writes it anew"
    yield Finding(Level.WARN, "bundle", f"{file} says {what}: {cure}")


def _registry(site: Site, now: datetime, whole: bool) -> Iterator[Finding]:
    database = site.database()
    try:
        with database.read() as connection:
            schema = migrate.schema(connection)
            schema.refuse_unless_current(str(site.folder.path))
            yield Finding(Level.OK, "registry", f"schema {schema.version}")
            yield from _audit(connection, whole)
            yield _clock(connection, site, now)
    finally:
        database.close()


def _audit(connection: Connection, whole: bool) -> Iterator[Finding]:
    last = audit.head(connection)
    after = 0 if whole else max(0, last.seq - LAST_LINES)
    audit.verify(connection, after)
    part = f"its last {last.seq - after} lines" if after else f"all its {last.seq} lines"
    yield Finding(Level.OK, "audit", f"{part} are as written; the head is {last.seq} {last.hash}")


def _clock(connection: Connection, site: Site, now: datetime) -> Finding:
    newest = connection.scalar(select(audit_table.c.at).order_by(audit_table.c.seq.desc()).limit(1))
    announced = None
    with contextlib.suppress(InputError):
        announced = site.keyring.announced_at
    for seen, what in ((newest, "the audit trail's newest line"), (announced, "the keyring's newest announcement")):
        if seen is not None and now < seen - SKEW:
            text = f"this computer says {now:%Y-%m-%d %H:%M} UTC, before {what} of {seen:%Y-%m-%d %H:%M}: set it right"
            return Finding(Level.FAIL, "clock", text)
    return Finding(Level.OK, "clock", f"{now:%Y-%m-%d %H:%M} UTC, not before anything that was written")


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
