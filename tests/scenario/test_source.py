"""YAML as positions and texts: where everything stands, and what is refused at the level of the file."""

import pytest

from nexuslic.errors import SourceError
from nexuslic.scenario.source import MAX_BYTES, Fields, Items, Node, Place, Text, parse


def refused(data: str | bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parse(data.encode("utf-8") if isinstance(data, str) else data, "file")
    assert 1 <= len(str(caught.value).splitlines()) <= 3
    return caught.value


def value(text: str, key: str = "a") -> Node:
    node = parse(text.encode("utf-8"), "file").get(key)
    assert node is not None
    return node


def plain(node: Node) -> object:
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(item) for key, item in node.entries}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: Grace", Place("file", 1, 4, 5)),
        ("b: 1\na:   Grace", Place("file", 2, 6, 5)),
        ("a: 'Grace'", Place("file", 1, 4, 7)),
        ('a: "Grace"', Place("file", 1, 4, 7)),
        ("b: {c: 1}\na: {b: 1}", Place("file", 2, 4, 1)),
        ("a:\n  - one\n", Place("file", 2, 3, 1)),
        ("a: |\n  one\n  two\n", Place("file", 1, 4, 1)),
        ("b: å\nå: æ\n# ø\na: x", Place("file", 4, 4, 1)),
    ],
)
def test_a_value_stands_at_its_line_and_column(text: str, place: Place):
    assert value(text).place == place


def test_what_stands_before_a_value_in_its_line_is_counted_in_letters():
    assert value("{ø: 海海, a: Grace}").place == Place("file", 1, 12, 5)


def test_a_key_has_a_place_of_its_own():
    root = parse(b"a: 1\nlong_key: 2\n", "file")
    assert [key.place for key, _ in root.entries] == [Place("file", 1, 1, 1), Place("file", 2, 1, 8)]


def test_a_place_is_written_as_editors_read_it():
    assert str(Place("trip.scenario.yaml", 27, 21)) == "trip.scenario.yaml:27:21"


@pytest.mark.parametrize(
    "written",
    [
        "06:00",
        "12:00",
        "017",
        "3.10",
        "no",
        "yes",
        "on",
        "~",
        "null",
        "0x10",
        "1e3",
        "2026-03-02",
        "1_000",
        ".inf",
        "=",
    ],
)
def test_a_scalar_is_the_text_that_it_shows(written: str):
    assert plain(value(f"a: {written}")) == written
    assert plain(value(f"a: [{written}]")) == [written]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("'no'", "no"),
        ('"a\\u00e5b"', "aåb"),
        ("a comma, and more", "a comma, and more"),
        ("what? -x: y", None),
        ("one # a remark", "one"),
        (">-\n  one\n  two", "one two"),
        ("$word", "$word"),
        ("{$word: 1}", {"$word": "1"}),
    ],
)
def test_quotes_and_remarks_are_those_of_yaml(written: str, text: object):
    if text is None:
        assert "not YAML" in str(refused(f"a: {written}"))
    else:
        assert plain(value(f"a: {written}")) == text


@pytest.mark.parametrize("written", ["a:", "a: # nothing", "{a: , b: 1}", "{a, b: 1}"])
def test_a_value_that_is_missing_is_empty(written: str):
    node = value(written)
    assert isinstance(node, Text) and node.empty


@pytest.mark.parametrize("written", ["a: ''", 'a: ""', "a: x", "a: |\nb: 1"])
def test_a_value_that_is_written_is_not_empty(written: str):
    node = value(written)
    assert isinstance(node, Text) and not node.empty


def test_the_order_of_the_file_is_kept():
    root = parse(b"c: 1\na: 2\nb: [z, y, x]\n", "file")
    assert root.keys() == ["c", "a", "b"]
    assert plain(root) == {"c": "1", "a": "2", "b": ["z", "y", "x"]}


def test_a_key_that_is_not_there_has_no_value():
    assert parse(b"a: 1", "file").get("b") is None


def test_a_byte_order_mark_takes_no_column():
    assert parse(b"\xef\xbb\xbfa: x", "file").entries[0][0].place == Place("file", 1, 1, 1)


def test_a_column_is_counted_after_a_byte_order_mark():
    assert refused(b"\xef\xbb\xbfa:\t1").place == "file:1:3"


def test_lines_end_as_on_any_system():
    for end in ("\n", "\r\n", "\r"):
        root = parse(end.join(["a: 1", "b:", "  - {c: x}", ""]).encode(), "file")
        b = root.get("b")
        assert isinstance(b, Items)
        assert (plain(root), b.items[0].place) == ({"a": "1", "b": [{"c": "x"}]}, Place("file", 3, 5, 1))


def test_carriage_returns_are_no_part_of_a_value():
    assert plain(value("a: Grace\r\nb: 1\r\n")) == "Grace"


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a: &x 1", "file:1:4", "an anchor (&x)"),
        ("a: 1\nb: &x {c: 1}", "file:2:4", "an anchor (&x)"),
        ("a: &x [1]", "file:1:4", "an anchor (&x)"),
        ("&x a: 1", "file:1:1", "an anchor (&x)"),
        ("a: 1\nb: *x", "file:2:4", "an alias (*x)"),
        ("a: 1\n<<: *x", "file:2:5", "an alias (*x)"),
        ("a: !!str 1", "file:1:4", "a tag (tag:yaml.org,2002:str)"),
        ("a: !own 1", "file:1:4", "a tag (!own)"),
        ("a: !!python/object:os.system [x]", "file:1:4", "a tag"),
        ("a: !!map {}", "file:1:4", "a tag"),
        ("! a: 1", "file:1:1", "a tag"),
        ("a: 1\n\tb: 2", "file:2:1", "a tab"),
        ("a:\t1", "file:1:3", "a tab"),
        ("a: 1 \t# remark", "file:1:6", "a tab"),
        ("a: 'x\ty'", "file:1:6", "a tab"),
        ("# \tx\na: 1", "file:1:3", "a tab"),
        ("a: 1\nb: 2\na: 3", "file:3:1", "`a` stands here twice"),
        ("x: {a: 1, a: 1}", "file:1:11", "`a` stands here twice"),
        ("'a': 1\na: 3", "file:2:1", "`a` stands here twice"),
        ("a: 1\n---\nb: 2", "file:2:1", "a second document"),
        ("a: 1\n...\n---\nb: 2", "file:3:1", "a second document"),
        ("? [a]\n: 1", "file:1:3", "a key must be a word"),
        ("{a: 1}: 2", "file:1:1", "a key must be a word"),
        ("- a", "file:1:1", "holds no scenario"),
        ("a", "file:1:1", "holds no scenario"),
        ("", "file:1:1", "holds no scenario"),
        ("# only a remark\n", "file:1:1", "holds no scenario"),
    ],
)
def test_what_is_refused_is_refused_where_it_stands(text: str, place: str, problem: str):
    error = refused(text)
    assert problem in error.problem
    assert error.place == place


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b: c", 1),
        ("a: 1\nb: @x", 2),
        ("a: 1\nb: 'x", 2),
        ("a: 1\nb: [1\nc: 2", 3),
        (" a: 1\nb: 2", 2),
    ],
)
def test_what_is_no_yaml_is_refused_in_its_line(text: str, line: int):
    error = refused(text)
    assert error.problem.startswith("this is not YAML")
    assert error.place.startswith(f"file:{line}:")


def test_a_duplicate_says_where_the_first_one_is():
    assert refused("b: 1\na: 1\n\na: 3").hint == "it was first given in line 2"


def test_the_same_key_in_two_mappings_is_no_duplicate():
    assert plain(value("a: [{b: 1}, {b: 2}]")) == [{"b": "1"}, {"b": "2"}]


@pytest.mark.parametrize(
    ("data", "line"), [(b"a: \xff", 1), (b"a: 1\nb: \xe5\n", 2), (b"a: 1\r\n\r\nb: \xc3\x28", 3), (b"\xff\xfea\0", 1)]
)
def test_what_is_not_utf_8_is_named_with_its_line(data: bytes, line: int):
    error = refused(data)
    assert error.place == f"file:{line}:1"
    assert "not UTF-8" in error.problem


def test_a_binary_file_is_refused():
    assert "binary" in refused(b"a: 1\0").problem


@pytest.mark.parametrize("letter", ["\x01", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\ufffe"])
def test_control_characters_are_refused(letter: str):
    assert "not YAML" in refused(f"a: x{letter}y").problem


def nested(levels: int, opens: str = "[", closes: str = "]") -> str:
    return "a: " + opens * (levels - 2) + "[]" + closes * (levels - 2)


def test_twenty_levels_are_read_and_one_more_is_refused():
    assert plain(value(nested(20)))
    assert "nested deeper than 20" in refused(nested(21)).problem


@pytest.mark.parametrize(
    "data", ["a: " + "[" * 400_000, "a: " + "{a: " * 200_000, "- " * 400_000, "a: " + "? " * 9_000]
)
def test_a_hundred_thousand_levels_are_refused_and_nothing_else_happens(data: str):
    assert refused(data).problem


def test_a_file_of_1_mb_is_read_and_one_byte_more_is_refused():
    data = b"a: 1 #" + b"x" * (MAX_BYTES - 6)
    assert plain(parse(data, "file")) == {"a": "1"}
    assert "larger than 1 MB" in refused(data + b"x").problem


def test_a_large_file_is_refused_before_it_is_looked_at():
    assert "larger than 1 MB" in refused(b"\0\xff\t" * 400_000).problem


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a: [{case: one, b: 1}]", "one"),
        ("a: [{case: second hotspot, day 20, b: 1}]", "second hotspot, day 20"),
        ("a: [{case: one, two, three, b: 1}]", "one, two, three"),
        ("a: [{case: 'one, two', b: 1}]", "one, two"),
    ],
)
def test_the_name_of_a_case_may_hold_commas(text: str, name: str):
    assert plain(value(text)) == [{"case": name, "b": "1"}]


def test_a_comma_in_another_value_leaves_an_empty_one():
    rows = value("a: [{b: one, two}]")
    assert isinstance(rows, Items) and isinstance(rows.items[0], Fields)
    two = rows.items[0].get("two")
    assert isinstance(two, Text) and two.empty


def test_an_error_of_the_file_can_be_pickled():
    import pickle

    error = refused("a: &x 1")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.place, again.problem, again.hint) == (str(error), error.place, error.problem, error.hint)
