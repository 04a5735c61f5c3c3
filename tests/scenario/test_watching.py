"""Files that were written, are new or are gone."""

import os

from nexuslic.scenario import watching


def stamp(path, ns: int) -> None:
    os.utime(path, ns=(ns, ns))


def test_a_new_a_written_and_a_gone_file_are_told_apart(write, tmp_path):
    one, two = write("one"), write("two")
    before = watching.look([str(tmp_path)])
    three = write("three")
    stamp(one, 10**18)
    os.unlink(two)
    found = watching.changes(before, watching.look([str(tmp_path)]))
    assert (found.written, found.gone) == ((one, three), (two,))


def test_a_file_that_stays_as_it_is_is_no_change(write, tmp_path):
    write()
    before = watching.look([str(tmp_path)])
    assert not watching.changes(before, watching.look([str(tmp_path)]))


def test_another_file_of_the_same_time_and_size_is_a_change(write, tmp_path):
    one = write("one")
    stamp(one, 10**18)
    before = watching.look([one])
    two = write("two", one=27)
    stamp(two, 10**18)
    os.replace(two, one)
    assert watching.changes(before, watching.look([one])).written == (one,)


def test_a_folder_without_stories_is_no_error_while_it_is_watched(tmp_path):
    assert watching.look([str(tmp_path), str(tmp_path / "none")]) == {}
