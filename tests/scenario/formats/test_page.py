"""What every page shares: no script, no address elsewhere, tables that say what they hold."""

from xml.etree import ElementTree

from nexuslic.scenario.formats import page

ROWS = [("<script>", "1"), ("b", "2 & 3")]


def test_nothing_may_be_loaded_or_run():
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'\"" in page.write("t", "")


def test_a_title_is_no_markup():
    assert "<title>&lt;script&gt;</title>" in page.write("<script>", "")


def test_a_table_holds_its_texts_as_they_are():
    read = ElementTree.fromstring(page.table("<caption>", ["what", "how many"], ROWS))
    rows = [tuple(cell.text for cell in row) for row in read.findall(".//tbody/tr")]
    assert rows == ROWS and read.findtext(".//caption") == "<caption>"


def test_a_table_says_what_its_heads_are_of():
    read = ElementTree.fromstring(page.table("c", ["what", "how many"], ROWS))
    assert [(head.get("scope"), head.text) for head in read.findall(".//th")] == [
        ("col", "what"),
        ("col", "how many"),
        ("row", "<script>"),
        ("row", "b"),
    ]


def test_what_may_be_wider_than_the_page_scrolls_by_keyboard():
    read = ElementTree.fromstring(page.table("Numbers", ["what"], [("a",)]))
    assert (read.get("tabindex"), read.get("role"), read.get("aria-label")) == ("0", "group", "Numbers")


def test_dark_and_light_name_the_same_colours():
    assert page.LIGHT.keys() == page.DARK.keys()
