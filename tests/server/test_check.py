"""What keeps a server from starting is found, and says what to do."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from nexuslic.adapters.chance import SystemChance
from nexuslic.cli import main
from nexuslic.issuing import rotation
from nexuslic.ports import Clock
from nexuslic.server import audit, authority, check, folder, rotating
from nexuslic.server.audit import Line
from nexuslic.server.authority import CERTIFICATE_DAYS
from nexuslic.server.certificates import Files
from nexuslic.server.check import Finding, Level, NotReady
from nexuslic.server.site import Site

Registry = Callable[[Path], AbstractContextManager[Connection]]
DAY = timedelta(days=1)


def found(path: Path, still: Clock, later: timedelta = timedelta(0), secret: bytes | None = None) -> list[Finding]:
    return check.check(Site.at(path, secret), still.read().wall + later)


def bad(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.level.value, one.about) for one in findings if one.level is not Level.OK]


def execute(path: Path, *statements: str) -> None:
    database = Site.at(path, None).database()
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))
    database.close()


def other_keyring(path: Path) -> None:
    folder.write(path / "keyring.json", rotation.write(rotation.begin(SystemChance())), folder.SECRET)


def changed(path: Path, old: str, new: str) -> None:
    file = path / "server.toml"
    told = file.read_text()
    assert old in told
    file.write_text(told.replace(old, new, 1))


def alter_the_audit_trail(path: Path) -> None:
    execute(path, "DROP TRIGGER audit_no_update", "UPDATE audit SET who = 'somebody else'")


def swap_keys(path: Path) -> None:
    (path / "certificate.key").write_bytes((path / "authority.key").read_bytes())


def another_authority(path: Path) -> None:
    made = authority.make_authority("Other", authority.read_certificate(read(path), "it").not_valid_before_utc)
    (path / "authority.pem").write_bytes(made.certificate)
    (path / "authority.key").write_bytes(made.key)


def read(path: Path) -> bytes:
    return (path / "authority.pem").read_bytes()


def no_file(path: Path) -> None:
    (path / "keyring.json").unlink()
    (path / "keyring.json").mkdir(0o700)


FAULTS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a keyring that others can read": (lambda p: (p / "keyring.json").chmod(0o640), ["permissions"]),
    "a folder that others can enter": (lambda p: p.chmod(0o711), ["permissions"]),
    "a keyring that is gone": (lambda p: (p / "keyring.json").unlink(), ["keyring"]),
    "a keyring that is no file": (no_file, ["keyring"]),
    "a keyring that is damaged": (lambda p: (p / "keyring.json").write_bytes(b"{}"), ["keyring"]),
    "a foreign keyring, so a foreign bundle": (other_keyring, ["bundle"]),
    "a bundle that is gone": (lambda p: (p / "bundle.json").unlink(), ["bundle"]),
    "a bundle that is damaged": (lambda p: (p / "bundle.json").write_bytes(b"[]"), ["bundle"]),
    "a key of another certificate": (swap_keys, ["certificate"]),
    "a key that is damaged": (lambda p: (p / "certificate.key").write_bytes(b"-----"), ["certificate"]),
    "a certificate that is gone": (lambda p: (p / "certificate.pem").unlink(), ["certificate"]),
    "a certificate that is damaged": (lambda p: (p / "certificate.pem").write_bytes(b""), ["certificate"]),
    "a certificate of another authority": (another_authority, ["certificate"]),
    "an authority without its key": (lambda p: (p / "authority.key").unlink(), ["authority"]),
    "a registry that is gone": (lambda p: (p / "registry.sqlite").unlink(), ["registry"]),
    "a registry that is damaged": (lambda p: (p / "registry.sqlite").write_bytes(b"x" * 4096), ["registry"]),
    "a newer schema": (lambda p: execute(p, "UPDATE alembic_version SET version_num = '9'"), ["registry"]),
    "an older schema": (lambda p: execute(p, "DROP TABLE alembic_version"), ["registry"]),
    "an altered audit trail": (alter_the_audit_trail, ["registry"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_keeps_the_server_from_starting(vendor: Path, still: Clock, fault: str):
    damage, about = FAULTS[fault]
    damage(vendor)
    findings = found(vendor, still)
    assert [one.about for one in findings if one.level is Level.FAIL] == about
    with pytest.raises(NotReady, match=f"^{about[0]}: "):
        check.refuse_failures(findings, vendor)


def test_nothing_is_wrong_with_a_new_server(vendor: Path, still: Clock):
    assert bad(found(vendor, still)) == []


def test_a_certificate_warns_thirty_days_ahead_and_fails_once_it_expired(vendor: Path, still: Clock):
    assert bad(found(vendor, still, (CERTIFICATE_DAYS - 30) * DAY)) == []
    assert bad(found(vendor, still, (CERTIFICATE_DAYS - 29) * DAY)) == [("warn", "certificate")]
    assert bad(found(vendor, still, CERTIFICATE_DAYS * DAY)) == [("warn", "certificate")]
    assert bad(found(vendor, still, (CERTIFICATE_DAYS + 1) * DAY)) == [("fail", "certificate")]


def test_a_clock_that_is_behind_what_was_written_is_refused(vendor: Path, still: Clock):
    assert bad(found(vendor, still, -check.SKEW)) == []
    assert bad(found(vendor, still, -check.SKEW - timedelta(seconds=1))) == [("fail", "clock")]


def test_a_clock_before_the_certificates_is_refused(vendor: Path, still: Clock):
    about = [("fail", "authority"), ("fail", "certificate"), ("fail", "clock")]
    assert bad(found(vendor, still, -2 * DAY)) == about


def test_a_renewed_certificate_is_good_again(vendor: Path, still: Clock):
    late = (CERTIFICATE_DAYS + 1) * DAY
    site = Site.at(vendor, None)
    made = authority.make_certificate(site.settings.names, site.authority, still.read().wall + late)
    site.write_certificate(made)
    assert bad(found(vendor, still, late)) == []


def test_a_name_that_the_certificate_lacks_is_a_warning(vendor: Path, still: Clock):
    changed(vendor, 'names = ["localhost"', 'names = ["other.example", "localhost"')
    (one,) = [one for one in found(vendor, still) if one.level is Level.WARN]
    assert "other.example" in one.text and "renew-certificate" in one.text


def test_an_address_that_changed_is_said_by_the_certificate_and_the_bundle(vendor: Path, still: Clock):
    changed(vendor, 'address = "https://localhost', 'address = "https://other.example')
    assert bad(found(vendor, still)) == [("warn", "certificate"), ("warn", "bundle")]
    rotating.renew_certificate(Site.at(vendor, None), still)
    assert bad(found(vendor, still)) == [("warn", "certificate")]


def test_a_bundle_from_before_a_rotation_is_a_warning(vendor: Path, still: Clock):
    before = (vendor / "bundle.json").read_bytes()
    rotating.rotate(Site.at(vendor, None), still, SystemChance())
    (vendor / "bundle.json").write_bytes(before)
    assert bad(found(vendor, still)) == [("warn", "bundle")]


def test_a_full_disk_is_found(vendor: Path, still: Clock, monkeypatch: pytest.MonkeyPatch):
    for megabytes, wanted in ((2000, []), (500, [("warn", "disk")]), (10, [("fail", "disk")])):
        monkeypatch.setattr(check.shutil, "disk_usage", lambda _, free=megabytes * 2**20: type("U", (), {"free": free}))
        assert bad(found(vendor, still)) == wanted


def test_the_passphrase_is_tried(sealed: Path, still: Clock, passphrase: bytes):
    assert bad(found(sealed, still, secret=passphrase)) == []
    wrong = found(sealed, still, secret=b"wrong")
    assert bad(wrong) == [("fail", "keyring"), ("fail", "authority")]
    assert "the passphrase does not open" in wrong[1].text


def test_keys_in_the_clear_beside_a_passphrase_are_a_warning(vendor: Path, still: Clock):
    assert bad(found(vendor, still, secret=b"there is one")) == [("warn", "keyring")]


def test_of_a_long_trail_a_start_reads_the_last_part(
    vendor: Path, still: Clock, monkeypatch: pytest.MonkeyPatch, registry: Registry
):
    site = Site.at(vendor, None)
    with registry(vendor) as connection:
        audit.append(connection, [Line(still.read().wall, "a", "b", "c", None, {})] * 20)
    monkeypatch.setattr(check, "LAST_LINES", 10)
    execute(vendor, "DROP TRIGGER audit_no_update", "UPDATE audit SET who = 'somebody else' WHERE seq = 5")
    part = check.check(site, still.read().wall, whole=False)
    assert bad(part) == [] and any("its last 10 lines" in one.text for one in part)
    assert bad(found(vendor, still)) == [("fail", "registry")]


def test_another_certificate_needs_no_authority_of_ours(vendor: Path, still: Clock, tmp_path: Path):
    other = authority.make_authority("Other", still.read().wall)
    made = authority.make_certificate(["localhost", "127.0.0.1"], other, still.read().wall)
    files = Files(tmp_path / "c.pem", tmp_path / "c.key")
    files.certificate.write_bytes(made.certificate)
    files.key.write_bytes(made.key)
    assert bad(check.check(Site.at(vendor, None), still.read().wall, files)) == []


def test_the_command_prints_lines_or_json_and_exits_1_where_one_fails(
    vendor: Path, still: Clock, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    fresh = tmp_path / "fresh"
    assert main(["server", "init", str(fresh), "--product", "Survey", "--name", "localhost"]) == 0
    assert main(["server", "check", str(fresh)]) == 0
    (fresh / "keyring.json").chmod(0o644)
    capsys.readouterr()
    assert main(["server", "check", str(fresh)]) == 1
    assert capsys.readouterr().out.startswith("fail  permissions")
    assert main(["server", "check", str(fresh), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert findings[0]["level"] == "fail" and "chmod 600" in findings[0]["text"]
