"""A result is a Parquet file that says where it is from."""

import os
from pathlib import Path

import polars as pl
import pytest

from nexuslic.cli.files import Target
from nexuslic.errors import InputError, WorldError
from nexuslic.lab.model import text_of_model
from nexuslic.lab.policies import LabPolicy, parsed
from nexuslic.lab.results import Origin, as_parquet, policy_text, read_parquet, write_parquet
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import WhichBinding, WhichClock

FRAME = pl.DataFrame({"grace": [7, 14], "first_refused_day": [8, None], "share_touched": [0.5, 0.25]})
POLICY = LabPolicy("it's ours", 21, False, Policy(binding=WhichBinding.IDENTITY, clock=WhichClock.WORKSTATION))
ORIGIN = Origin(policy_text(POLICY), 1000, text_of_model("north-sea"), 7)


def written(path: Path, origin: Origin = ORIGIN) -> Path:
    write_parquet(FRAME, origin, Target("--parquet", path))
    return path


def test_a_table_comes_back_as_it_was(tmp_path: Path):
    frame, _ = read_parquet(written(tmp_path / "sweep.parquet"))
    assert (frame.schema, frame.rows()) == (FRAME.schema, FRAME.rows())


@pytest.mark.parametrize("origin", [ORIGIN, Origin("policy: a\nformat: 1\n", 12)])
def test_its_origin_comes_back_as_it_was(origin: Origin, tmp_path: Path):
    assert read_parquet(written(tmp_path / "sweep.parquet", origin))[1] == origin


def test_the_same_result_is_the_same_bytes():
    assert as_parquet(FRAME, ORIGIN) == as_parquet(FRAME.clone(), ORIGIN)


@pytest.mark.parametrize("policy", [POLICY, LabPolicy()])
def test_the_text_of_a_policy_is_the_policy(policy: LabPolicy):
    assert parsed(policy_text(policy).encode(), "a.yaml") == policy


def test_a_full_disk_leaves_what_stood_there():
    with pytest.raises(WorldError, match="--parquet /dev/full: it cannot be written: No space left on device"):
        written(Path("/dev/full"))


def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = written(tmp_path / "sweep.parquet", Origin("old", 1))

    def full(self: Path, data: bytes) -> int:
        os.close(os.open(self, os.O_CREAT))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WorldError, match="No space left on device"):
        written(path)
    assert list(tmp_path.iterdir()) == [path] and read_parquet(path)[1].policy == "old"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(WorldError, match=r"none/sweep.parquet: it cannot be written: No such file or directory"):
        written(tmp_path / "none" / "sweep.parquet")


def read_refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_parquet(path)
    return str(caught.value)


def test_what_is_not_there_cannot_be_read(tmp_path: Path):
    assert read_refused(tmp_path / "a") == f"{tmp_path}/a: it cannot be read: No such file or directory"


@pytest.mark.parametrize("data", [b"", b"not one", as_parquet(FRAME, ORIGIN)[:-9], as_parquet(FRAME, ORIGIN)[9:]])
def test_what_is_no_parquet_file_is_refused(data: bytes, tmp_path: Path):
    (tmp_path / "a").write_bytes(data)
    assert read_refused(tmp_path / "a") == f"{tmp_path}/a: this is no Parquet file, or a damaged one: write it again"


def test_a_parquet_file_of_somebody_else_is_refused(tmp_path: Path):
    FRAME.write_parquet(tmp_path / "a")
    assert read_refused(tmp_path / "a").endswith("no result that can be read here: it was not written by nexuslic")


def test_another_format_is_refused(tmp_path: Path):
    FRAME.write_parquet(tmp_path / "a", metadata={"nexuslic.format": "2"})
    assert read_refused(tmp_path / "a").endswith("its format is 2, and not 1")
