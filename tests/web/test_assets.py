"""What pages load comes compressed, from here, and with its license."""

import gzip

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from nexuslic.web import assets
from nexuslic.web.app import Desk, build
from nexuslic.web.screens import SCREENS

FILES = sorted(path.relative_to(assets.FOLDER).as_posix() for path in assets.FOLDER.rglob("*.*") if path.is_file())


def test_each_arrives_as_it_is_and_smaller_on_its_way():
    with TestClient(Litestar([assets.router("/files")])) as client:
        for name in FILES:
            answer = client.get(f"{assets.below('/files')}/{name}", headers={"accept-encoding": "gzip"})
            there = (assets.FOLDER / name).read_bytes()
            assert answer.content == there, name
            assert answer.headers.get("content-encoding") == ("gzip" if len(there) > 500 else None), name


def test_those_of_another_release_have_another_address(tmp_path, monkeypatch):
    def address(folder, name, text):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
        monkeypatch.setattr(assets, "FOLDER", tmp_path / folder)
        return assets.below.__wrapped__("/files")

    one, same = address("1", "a.js", "text"), address("2", "a.js", "text")
    others = {address("3", "a.js", "other text"), address("4", "b.js", "text")}
    assert one == same and one.startswith("/files/") and len({one, *others}) == 3


@pytest.mark.parametrize("path", ["/", "/license", "/voyage?days=70&crew=3", "/lab"])
def test_no_page_is_compressed_as_secrets_stand_in_it(path):
    with TestClient(build(SCREENS, Desk())) as client:
        answer = client.get(path, headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200 and "content-encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/license", "/voyage?days=70&crew=3"])
def test_a_page_weighs_less_than_60_kilobytes_with_all_that_it_loads(path):
    with TestClient(build(SCREENS, Desk())) as client:
        page = client.get(path).text
        loaded = [name for name in FILES if f'"{assets.below("/static")}/{name}"' in page]
    assert len(loaded) > 2
    sent = sum(len(gzip.compress((assets.FOLDER / name).read_bytes(), 1)) for name in loaded)
    assert len(page.encode()) + sent < 60_000


def test_what_others_wrote_has_its_license_beside_it():
    scripts = {name for name in FILES if name.startswith("vendor/") and name.endswith(".js")}
    licenses = {name.removesuffix("-LICENSE.txt") for name in FILES if name.endswith("-LICENSE.txt")}
    assert scripts and {name.split(".min")[0].rsplit("-", 1)[0] for name in scripts} == licenses
