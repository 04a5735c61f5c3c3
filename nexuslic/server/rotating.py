"""What changes in a running server's folder: new keys, retired keys, a new certificate, a newer schema.

A key is replaced in its file at once or not at all; a running server takes it by itself. What was done to the keys is
a line of the audit trail.
"""

from collections.abc import Callable
from typing import Any

from nexuslic.issuing import rotation
from nexuslic.issuing.rotation import Keyring
from nexuslic.ports import Chance, Clock
from nexuslic.server import audit, authority, folder, keyring_file, migrate
from nexuslic.server.audit import Line
from nexuslic.server.site import Site

WHO, WHERE = "server folder", "this computer"


def rotate(site: Site, clock: Clock, chance: Chance) -> list[str]:
    """A new signing key; what to tell the person who asked. Raises InputError, WorldError."""
    before, after = _changed(site, lambda old: rotation.rotate_signing(old, chance, clock.read().wall), clock, chance)
    old = ", ".join(key.id for key in before.active)
    return [
        f"made {after.signing_keys[-1].id}: replies are signed with it from now on, and announce it",
        f"codes are signed with {before.active[0].id} until it is retired",
        f"retire {old} not before every client had contact, or runs an application with the new bundle: "
        f"nexuslic server rotate-key {site.folder.path} --retire ID",
        *_renewed(site),
    ]


def rotate_sealing(site: Site, announced: bool, clock: Clock, chance: Chance) -> list[str]:
    """A new sealing key; what to tell the person who asked. Raises InputError, WorldError."""

    def change(old: Keyring) -> Keyring:
        return rotation.rotate_sealing(old, chance, clock.read().wall, announced=announced)

    _, after = _changed(site, change, clock, chance)
    told = "clients seal with it from their next contact on, and still open what older ones sealed"
    if not announced:
        told = "only applications with the new bundle know it; older ones find damaged what it seals"
    return [f"made {after.sealing_keys[-1].id}: {told}", *_renewed(site)]


def retire(site: Site, key_id: str, clock: Clock, chance: Chance) -> list[str]:
    """A signing key retired from now on; what to tell the person who asked. Raises InputError, WorldError."""
    _changed(site, lambda old: rotation.retire_signing(old, key_id, clock.read().wall), clock, chance)
    return [f"retired {key_id}: what it signed before still counts", *_renewed(site)]


def forget(site: Site, number: int, clock: Clock, chance: Chance) -> list[str]:
    """Without the announcements that the oldest bundle in use knows. Raises InputError, WorldError."""
    before, after = _changed(site, lambda old: rotation.forget(old, number), clock, chance)
    count = len(before.announcements) - len(after.announcements)
    return [f"forgot {count} announcements, {len(after.announcements)} are still made", *_renewed(site)]


def renew_certificate(site: Site, clock: Clock) -> list[str]:
    """A new certificate for the names in the settings, and the bundle anew. Raises InputError, WorldError."""
    made = authority.make_certificate(site.settings.names, site.authority, clock.read().wall)
    site.write_certificate(made)
    site.write_bundle(site.keyring)
    found = authority.read_certificate(made.certificate, str(site.folder.certificate))
    names = ", ".join(site.settings.names)
    return [
        f"made a certificate for {names}, valid until {found.not_valid_after_utc:%Y-%m-%d}",
        f"wrote {site.folder.bundle.name}; applications that trust this authority need nothing new",
        "a running server takes the certificate by itself",
    ]


def bring_up(site: Site) -> list[str]:
    """The registry with the newest schema; what was done. Raises WrongSchema for a newer one."""
    database = site.database()
    try:
        before, after = migrate.upgrade(database)
    finally:
        database.close()
    if before == after:
        return [f"the registry has schema {after.version} already: nothing was changed"]
    return [f"the registry has schema {after.version} now, it had {before.version or 'none'}"]


def _changed(site: Site, change: Callable[[Keyring], Keyring], clock: Clock, chance: Chance) -> tuple[Keyring, Keyring]:
    """The keyring before and after `change`; its line in the audit trail and its file are made together."""
    database = site.database()
    try:
        with folder.locked(site.folder.path):
            before = keyring_file.load(site.folder.keyring, site.passphrase)
            after = change(before)
            data = keyring_file.encoded(after, site.passphrase, chance)
            with database.write() as connection:
                migrate.schema(connection).refuse_unless_current(str(site.folder.path))
                audit.append(connection, [Line(clock.read().wall, WHO, WHERE, "keys", None, _detail(after))])
                folder.write(site.folder.keyring, data, folder.SECRET)
            site.write_bundle(after)
        return before, after
    finally:
        database.close()


def _detail(keyring: Keyring) -> dict[str, Any]:
    """What is written down of a keyring; nothing of it is secret."""
    return {
        "signing": [key.id for key in keyring.active],
        "retired": [key.id for key in keyring.signing_keys if key.retired is not None],
        "sealing": [key.id for key in keyring.sealing_keys],
        "announcements": keyring.number,
    }


def _renewed(site: Site) -> list[str]:
    return [
        f"wrote {site.folder.keyring.name} and {site.folder.bundle.name}: ship the bundle with the next version",
        f"back up now: nexuslic server backup {site.folder.path} FILE",
    ]
