"""Cases and the matrix: what takes the place of a `$word`, and what is refused."""

import pytest

from nexuslic.errors import SourceError
from nexuslic.scenario import cases
from nexuslic.scenario.cases import Row
from nexuslic.scenario.source import Fields, Items, Node, Place, Text, parse


def root(text: str) -> Fields:
    return parse(text.encode("utf-8"), "file")


def rows(text: str) -> list[Row]:
    return cases.rows(root(text))


def refused(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        for row in rows(text):
            cases.fill(root(text).get("rest") or root("a: b"), row)
    assert 1 <= len(str(caught.value).splitlines()) <= 3
    return str(caught.value)


def plain(node: Node) -> object:
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(item) for key, item in node.entries}


def filled(values: str, rest: str) -> object:
    (row,) = rows(f"cases: [{{case: only, {values}}}]")
    return plain(cases.fill(root(f"rest: {rest}").entries[0][1], row))


def test_a_story_without_cases_is_one_row_without_a_name():
    (row,) = rows("a: 1")
    assert (row.name, row.values, row.place) == ("", {}, Place("file", 1, 1, 1))


def test_each_case_is_a_row_with_its_values():
    found = rows("cases:\n  - {case: one, a: 1}\n  - {case: two, a: 2}\n")
    assert [(row.name, plain(row.values["a"]), row.place.line) for row in found] == [("one", "1", 2), ("two", "2", 3)]


def test_a_case_may_have_no_values():
    assert [(row.name, row.values) for row in rows("cases: [{case: one}, {case: two}]")] == [("one", {}), ("two", {})]


def test_a_matrix_is_the_product_of_its_lists_the_last_one_fastest():
    names = [row.name for row in rows("matrix: {os: [linux, windows-10], days: [1, 2, 3]}")]
    assert names == [f"os={system}, days={days}" for system in ("linux", "windows-10") for days in (1, 2, 3)]


def test_a_cell_of_a_matrix_has_its_values():
    cells = rows("matrix: {a: [1, 2], b: [x]}")
    assert [{word: plain(value) for word, value in row.values.items()} for row in cells] == [
        {"a": "1", "b": "x"},
        {"a": "2", "b": "x"},
    ]


def test_a_list_in_a_matrix_is_one_value():
    (row,) = rows("matrix: {tls: [[TLS 1.0, TLS 1.2]]}")
    assert (row.name, plain(row.values["tls"])) == ("tls=TLS 1.0+TLS 1.2", ["TLS 1.0", "TLS 1.2"])


def test_ten_thousand_cells_are_read_and_one_more_is_refused():
    hundred = "[" + ", ".join(map(str, range(100))) + "]"
    assert len(rows(f"matrix: {{a: {hundred}, b: {hundred}}}")) == 10_000
    assert "more than 10,000 cells" in refused(f"matrix: {{a: {hundred}, b: {hundred}, c: [1, 2]}}")


def test_a_matrix_of_a_billion_billion_cells_is_refused_without_being_built():
    lists = ", ".join(f"w{number}: [1, 2, 3, 4, 5, 6, 7, 8]" for number in range(20))
    assert "more than 10,000 cells" in refused(f"matrix: {{{lists}}}")


@pytest.mark.parametrize(
    ("values", "rest", "result"),
    [
        ("a: 5", "$a", "5"),
        ("a: 5", "' $a '", "5"),
        ("a: 5", "{grace: $a}", {"grace": "5"}),
        ("a: 5", "[$a, $a, b]", ["5", "5", "b"]),
        ("a: day 3", "$a 12:00", "day 3 12:00"),
        ("a: day 3, b: 12:00", "$a $b", "day 3 12:00"),
        ("a: 5", "x$a-y$a", "x5-y5"),
        ("a: bridge", "{$a: {runs: yes}}", {"bridge": {"runs": "yes"}}),
        ("a: [x, y]", "{users: $a}", {"users": ["x", "y"]}),
        ("a: {seats: 3}", "{license: $a}", {"license": {"seats": "3"}}),
        ("a: [x, y]", "the $a", "the x+y"),
        ("a_b1: 5", "$a_b1", "5"),
        ("A: 5", "$A", "5"),
        ("a: 5", "5 $ each", "5 $ each"),
        ("a: 5", "$5", "$5"),
        ("a: 5", "$$a", "$5"),
        ("a: $a", "$a", "$a"),
    ],
)
def test_a_word_is_replaced_wherever_it_stands(values: str, rest: str, result: object):
    assert filled(values, rest) == result


def test_a_value_is_placed_where_it_is_used():
    (row,) = rows("cases: [{case: only, a: 5}]")
    node = cases.fill(root("x: 1\nrest: {grace: $a}").entries[1][1], row)
    assert isinstance(node, Fields)
    value = node.get("grace")
    assert value is not None and value.place == Place("file", 2, 15, 2)


def test_a_row_remembers_which_of_its_words_were_used():
    (row,) = rows("cases: [{case: only, a: 5, b: 6}]")
    cases.fill(root("rest: [$a, x]"), row)
    assert row.used == {"a"}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("cases: [{case: a, x: 1}]\nmatrix: {x: [1]}", "file:2:9", "`cases` and `matrix` in one story"),
        ("cases: []", "file:1:8", "`cases` is a list of rows"),
        ("cases: {case: a}", "file:1:8", "`cases` is a list of rows"),
        ("cases: one", "file:1:8", "`cases` is a list of rows"),
        ("cases: [one]", "file:1:9", "a row needs `case`"),
        ("cases: [{x: 1}]", "file:1:9", "a row needs `case`"),
        ("cases:\n- {case: a, x: 1}\n- {x: 2}", "file:3:3", "a row needs `case`"),
        ("cases: [{case: [a]}]", "file:1:16", "expected the name of the case"),
        ("cases: [{case: ''}]", "file:1:16", "expected the name of the case"),
        ("cases:\n- {case: a, x: 1}\n- {case: a, x: 2}", "file:3:3", "the case `a` stands here twice"),
        ("cases:\n- {case: a, x: 1}\n- {case: b, y: 2}", "file:3:3", "the rows differ: `x`"),
        ("cases:\n- {case: a, x: 1}\n- {case: b}", "file:3:3", "the rows differ: `x`"),
        ("cases: [{case: a, x: day 1, noon}]", "file:1:29", "`noon` has no value"),
        ("matrix: []", "file:1:9", "`matrix` is a mapping of lists"),
        ("matrix: {}", "file:1:9", "`matrix` is a mapping of lists"),
        ("matrix: {x: 1}", "file:1:13", "`x` needs a list"),
        ("matrix: {x: []}", "file:1:13", "`x` needs a list"),
        ("cases: [{case: a, grace: 1}]\nrest: $graec", "file:2:7", "`$graec` is not defined"),
        ("cases: [{case: a, grace: 1}]\nrest: {$graec: 1}", "file:2:8", "`$graec` is not defined"),
        ("cases: [{case: a, grace: 1}]\nrest: at $graec 12:00", "file:2:7", "`$graec` is not defined"),
        ("cases: [{case: a, w: [1]}]\nrest: {$w: 1}", "file:2:8", "a key must be a word"),
        ("rest: $grace", "file:1:7", "`$grace` is not defined"),
    ],
)
def test_what_is_refused_is_refused_where_it_stands(text: str, place: str, said: str):
    message = refused(text)
    assert message.startswith(f"{place}: ")
    assert said in message


def test_an_undefined_word_suggests_the_nearest_one():
    assert "did you mean `grace`?" in refused("cases: [{case: a, grace: 1}]\nrest: $graec")


def test_an_undefined_word_says_where_words_come_from():
    assert "takes its value from `cases` or `matrix`" in refused("rest: $grace")
