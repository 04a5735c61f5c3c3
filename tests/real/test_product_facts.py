"""Each fact of the product's documentation, by its command over real parts and by its story.

FACTS is the list of them, in the order of the documentation; the page that says each in our words
(docs/reference/product-facts.md) and the checks below have the same. Whoever finds another one adds it there.
"""

import re
import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import psycopg
import pytest
from sqlalchemy import make_url

import nexuslic
from nexuslic.scenario import running
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices
from nexuslic.testing.certificates import only_tls_1_0
from nexuslic.testing.loopback import Listener
from nexuslic.testing.tap import Tap, pass_on

FACTS = (
    "from-version-6-2",
    "standard-https",
    "encrypted-in-transit",
    "key-from-support",
    "thirteen-digits",
    "key-by-mail",
    "dongle-off-by-renaming",
    "ini-beside-the-program",
    "first-connection-asks",
    "request-license",
    "asked-over-the-internet",
    "retrieves-server-name",
    "retrieves-database-name",
    "retrieves-license-type",
    "retrieves-number",
    "retrieves-grace-period",
    "thirty-days-by-default",
    "stored-encrypted",
    "shown-in-the-dialog",
    "contact-at-each-launch",
    "stored-against-issued",
    "grace-starts-again",
    "runs-without-contact",
    "only-within-grace",
    "trouble-is-explained",
    "named-users-section",
    "assign-at-least-one",
    "not-assigned-is-refused",
    "the-setter-up-too",
    "surplus-is-removed",
    "database-name-changed",
    "server-name-changed",
    "nothing-else-asks",
    "shows-as-invalid",
    "two-programs-two-names",
    "every-spelling-counts",
    "one-name-for-all",
    "made-for-offshore",
    "one-workstation-before-leaving",
    "the-full-grace",
    "more-days-for-a-long-trip",
    "restored-asks-again",
    "restored-goes-online-once",
    "when-mobilising",
    "when-a-server-fails",
    "windows-7-cannot-renew",
    "the-days-left-are-told",
    "cured-by-hand",
)
ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "product-facts.md"
CHECKS: dict[str, Callable[["Scene"], None]] = {}


def shows(fact):
    """What shows a fact over real parts."""

    def keep(check):
        assert fact not in CHECKS
        CHECKS[fact] = check
        return check

    return keep


# -- the page ---------------------------------------------------------------------------------------------------------


@attrs.frozen
class Row:
    """A row of the page: the words of its command and the file of its story."""

    fact: str
    command: tuple[str, ...]
    story: Path


def rows(text: str) -> list[Row]:
    """The rows of a page. Raises ValueError where one is none."""
    found = []
    for line in text.splitlines():
        if not line.startswith("| ") or line.startswith("| id |"):
            continue
        told = re.fullmatch(r"\| ([a-z0-9-]+) \| [A-Z].+\. \| `nexuslic (.+)` \| `([a-z0-9/-]+)` \|", line)
        if told is None:
            raise ValueError(f"this is no row of a fact: {line}")
        found.append(Row(told[1], tuple(told[2].split()), ROOT / "scenarios" / f"{told[3]}.scenario.yaml"))
    return found


def fixed(command: tuple[str, ...]) -> list[str]:
    """The words of a command that are not the reader's own."""
    return [word for word in command if not word.isupper()]


def is_typed(command: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether these words are that command: all of its own, in their order, among the reader's."""
    left: Iterator[str] = iter(words)
    return all(word in left for word in fixed(command))


def problems(text: str) -> list[str]:
    """What is wrong with a page: facts that are missing, twice or in another order, and stories that do not exist."""
    try:
        there = rows(text)
    except ValueError as error:
        return [str(error)]
    facts = [row.fact for row in there]
    found = [f"{row.fact}: there is no story {row.story.name}" for row in there if not row.story.is_file()]
    found += [f"{fact}: no row" for fact in FACTS if fact not in facts]
    found += [f"{fact}: no such fact" for fact in facts if fact not in FACTS]
    return found if found or facts == list(FACTS) else ["the facts are not in their order, or one stands there twice"]


BAD_PAGES = {
    "a fact without a row": (r"\| thirty-days-by-default .*\n", "", "thirty-days-by-default: no row"),
    "a row without a fact": ("standard-https", "standard-http", "standard-http: no such fact"),
    "a story that is none": ("hasp/half-the-pcs` \\|", "hasp/half` |", "there is no story half.scenario.yaml"),
    "no command": ("`nexuslic hasp status --application DIR`", "see the manual", "this is no row of a fact"),
    "another order": (r"(\| key-by-mail .*\n)(.*\n)", r"\2\1", "not in their order"),
}


def test_the_page_has_each_fact_once():
    assert problems(PAGE.read_text("utf-8")) == []


@pytest.mark.parametrize("name", BAD_PAGES)
def test_a_bad_page_is_seen(name):
    old, new, problem = BAD_PAGES[name]
    text, changes = re.subn(old, new, PAGE.read_text("utf-8"))
    assert changes and any(problem in one for one in problems(text))


def test_each_fact_has_a_check():
    assert tuple(CHECKS) == FACTS


@pytest.mark.parametrize("words", ["license request", "license requests 1", "request license 1", "license"])
def test_another_command_is_told_from_the_one_of_a_row(words):
    assert is_typed(("license", "request", "KEY"), tuple(words.split())) == (words == "license request")


STORIES = sorted({row.story for row in rows(PAGE.read_text("utf-8"))}) if not problems(PAGE.read_text("utf-8")) else []


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.name.partition(".")[0])
def test_the_story_of_a_fact_holds(story):
    report = running.run_file(str(story), Choices(), SimulatedStage)
    assert report.outcome is Outcome.PASSED, report.error or report.texts


@pytest.mark.parametrize("fact", FACTS)
def test_the_command_of_a_fact_shows_it(fact, scene):
    CHECKS[fact](scene)
    (row,) = [row for row in rows(PAGE.read_text("utf-8")) if row.fact == fact]
    assert any(is_typed(row.command, words) for words in scene.typed()), f"{row.command} was not typed"


# -- the parts --------------------------------------------------------------------------------------------------------


@attrs.define(eq=False)
class Scene:
    """A license server and a customer's database that are real, and the people who type commands there."""

    office: object
    make: Callable
    another_bundle: Callable
    folder: Path
    fixture: Callable
    before: int
    aboard: list = attrs.Factory(list)

    def at(self, name="bridge"):
        """Somebody at a workstation of that name."""
        self.aboard.append(self.make(name))
        return self.aboard[-1]

    def licensed(self, *terms, name="bridge", url=None):
        """Somebody at a workstation whose database holds a license of these terms, and its key."""
        there, key = self.at(name), self.office.issue(*terms)
        there.connect(url or there.environment["NEXUSLIC_DATABASE"])
        done = there.license("request", key)
        assert done.out.startswith("Authenticated: The license is confirmed.")
        return there, key

    def typed(self):
        """The words of each command that was typed in this scene."""
        return [done.words for one in self.aboard for done in one.done] + [
            done.words for done in self.office.done[self.before :]
        ]

    @property
    def bundle(self):
        return self.office.running.folder / "bundle.json"

    def reaches(self, there, port):
        """From now on this workstation takes another way to the license server."""
        there.environment["NEXUSLIC_BUNDLE"] = str(self.another_bundle(self.bundle, f"https://localhost:{port}"))

    def to_the_server(self):
        return socket.create_connection(("127.0.0.1", self.office.running.port))

    def postgresql(self, server, name="postgresql_url"):
        """The URL of a database on PostgreSQL by TCP, under a name of its server."""
        database = make_url(self.fixture(name)).database
        return f"postgresql://postgres@{server}:{self.fixture('postgresql_port')}/{database}"


@pytest.fixture
def scene(office, workstation, another_bundle, tmp_path, request):
    return Scene(office, workstation, another_bundle, tmp_path, request.getfixturevalue, len(office.done))


def status(there):
    return there.license("status", "--json").told


# -- the way to the license server ------------------------------------------------------------------------------------


@shows("from-version-6-2")
def _(scene):
    there, _ = scene.licensed("--minimum-version", "6.2")
    assert status(there)["license"]["minimum_version"] == "6.2"
    assert there.launch("--app-version", "6.2").status == 0
    assert there.launched("--app-version", "6.1")["reason"] == "version"
    assert there.launched("--app-version", "5.9")["reason"] == "version"


@shows("standard-https")
def _(scene):
    there, key = scene.licensed()
    plain = scene.another_bundle(scene.bundle, f"http://localhost:{scene.office.running.port}")
    there.environment["NEXUSLIC_BUNDLE"] = str(plain)
    done = there.license("request", key)
    assert done.status == 2 and "is not https://host" in done.line


@shows("encrypted-in-transit")
def _(scene):
    there, key = scene.at(), scene.office.issue()
    with Tap(scene.to_the_server) as tap:
        scene.reaches(there, tap.port)
        assert there.license("request", key).status == 0
        assert there.launch().status == 0
    assert tap.sent.startswith(b"\x16\x03") and tap.answered.startswith(b"\x16\x03")
    for word in (key, key.replace("-", ""), "Example", "survey", "license", "contact", "nonce"):
        assert word.encode() not in tap.sent + tap.answered


# -- from the dongle to the license -----------------------------------------------------------------------------------


@shows("key-from-support")
def _(scene):
    made = scene.office.do("issue", "--organisation", "Northern Survey", "--json").told
    assert made["organisation"] == "Northern Survey"
    assert scene.at().license("request", made["key"]).status == 0


@shows("thirteen-digits")
def _(scene):
    there, key = scene.at(), scene.office.issue()
    digits = key.replace("-", "")
    assert re.fullmatch(r"[0-9]{13}", digits)
    for wrong in (digits[:-1], digits + "0"):
        done = there.license("request", wrong)
        assert (done.status, done.line) == (2, "error: the license key is mistyped: a key has 13 digits")
    assert there.license("request", digits).status == 0


@shows("key-by-mail")
def _(scene):
    mail = scene.office.do("issue", "--organisation", "Northern Survey").out
    assert mail.startswith("Subject: License key for Northern Survey\n")
    (key,) = re.findall(r"^ +([0-9]{4}-[0-9]{4}-[0-9]{5})$", mail, re.MULTILINE)
    assert scene.at().license("request", key).status == 0


@shows("dongle-off-by-renaming")
def _(scene):
    there = scene.at()
    folder = there.program.parent
    (folder / "NETHASP.ini").write_text("[NH_COMMON]\n")
    assert there.launched()["protection"] == "dongle"
    assert there.type("hasp", "disable", "--application", folder).status == 0
    assert not (folder / "NETHASP.ini").exists() and (folder / "NETHASP.ini.disabled").exists()
    assert there.launched()["protection"] == "software"


@shows("ini-beside-the-program")
def _(scene):
    there = scene.at()
    elsewhere = there.program.parent / "config"
    elsewhere.mkdir()
    (elsewhere / "NETHASP.ini").write_text("[NH_COMMON]\n")
    assert there.type("hasp", "status", "--application", there.program, "--json").told["protection"] == "software"
    (there.program.parent / "nethasp.INI").write_text("[NH_COMMON]\n")
    assert there.type("hasp", "status", "--application", there.program, "--json").told["protection"] == "dongle"


# -- the first connection ---------------------------------------------------------------------------------------------


@shows("first-connection-asks")
def _(scene):
    ran = scene.at().launch()
    assert ran.status == 77 and ran.line.startswith("error: This database has no license yet.")
    assert ran.line.endswith("Enter the license key under Database > Properties > License.")


@shows("request-license")
def _(scene):
    there, _ = scene.licensed()
    assert there.launch().status == 0


@shows("asked-over-the-internet")
def _(scene):
    there, key = scene.at(), scene.office.issue()
    there.pull_the_cable()
    done = there.license("request", key)
    assert done.status == 1 and "No contact: the license server refuses connections." in done.line
    there.plug_it_in()
    assert there.license("request", key).status == 0


@shows("retrieves-server-name")
def _(scene):
    there, _ = scene.licensed(url=scene.postgresql("127.0.0.1"))
    assert status(there)["recorded"]["server"] == f"127.0.0.1:{scene.fixture('postgresql_port')}"


@shows("retrieves-database-name")
def _(scene):
    there, _ = scene.licensed()
    assert status(there)["recorded"]["database"] == str(scene.folder / "survey.db")


@shows("retrieves-license-type")
def _(scene):
    there, _ = scene.licensed("--type", "named")
    assert status(there)["license"]["type"] == "named"
    assert there.license("request", scene.office.issue("--type", "concurrent")).status == 0
    assert status(there)["license"]["type"] == "concurrent"


@shows("retrieves-number")
def _(scene):
    there, _ = scene.licensed("--seats", "17")
    assert status(there)["license"]["seats"] == 17


@shows("retrieves-grace-period")
def _(scene):
    there, _ = scene.licensed("--grace", "45")
    assert (status(there)["license"]["grace_days"], status(there)["days_left"]) == (45, 45)


@shows("thirty-days-by-default")
def _(scene):
    there, _ = scene.licensed()
    assert (status(there)["license"]["grace_days"], status(there)["days_left"]) == (30, 30)


@shows("stored-encrypted")
def _(scene):
    there, key = scene.licensed()
    words = [key.encode(), key.replace("-", "").encode(), b"Example Survey", b"concurrent", b"grace"]
    stored = (scene.folder / "survey.db").read_bytes()
    assert b"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.." in stored, "a container of A256GCM"
    assert [word for word in words if word in stored] == []
    there.connect(scene.postgresql("localhost"))
    assert there.license("request", key).status == 0
    with psycopg.connect(scene.fixture("postgresql_url")) as connection:
        (stored,) = connection.execute("SELECT sealed FROM nexuslic_record").fetchone()
    assert stored.startswith(b"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..")
    assert [word for word in words if word in stored] == []


@shows("shown-in-the-dialog")
def _(scene):
    there, _ = scene.licensed("--seats", "5")
    shown = dict(re.split(r"  +", line, maxsplit=1) for line in there.license("status").out.splitlines())
    assert shown["Server name"] and shown["Database name"] == str(scene.folder / "survey.db")
    assert (shown["License type"], shown["Concurrent licenses"], shown["Grace period"]) == (
        "concurrent",
        "5",
        "30 days",
    )


# -- every launch after it --------------------------------------------------------------------------------------------


@shows("contact-at-each-launch")
def _(scene):
    there, _ = scene.licensed()
    with Tap(scene.to_the_server) as tap:
        scene.reaches(there, tap.port)
        for number in (1, 2, 3):
            assert there.launch().status == 0
            assert tap.accepted == number


@shows("stored-against-issued")
def _(scene):
    there, key = scene.licensed("--seats", "3")
    scene.office.do("change", key, "--seats", "7")
    assert status(there)["license"]["seats"] == 3
    assert there.launch().status == 0
    assert status(there)["license"]["seats"] == 7


@shows("grace-starts-again")
def _(scene):
    there, _ = scene.licensed()
    there.pull_the_cable()
    assert there.launched()["state"] == "Grace"
    before = status(there)
    there.plug_it_in()
    for _ in range(100):
        assert there.launched()["state"] == "Authenticated"
        after = status(there)
        if after["deadline"] > before["deadline"]:
            break
    assert after["deadline"] > before["deadline"] and after["last_validation"] > before["last_validation"]


@shows("runs-without-contact")
def _(scene):
    there, _ = scene.licensed()
    there.pull_the_cable()
    told = there.launched()
    assert (told["state"], told["runs"], told["cause"]) == ("Grace", True, "refused")


@shows("only-within-grace")
def _(scene):
    there, key = scene.licensed("--grace", "1")
    there.pull_the_cable()
    assert there.launched()["days_left"] == 1
    there.plug_it_in()
    scene.office.do("change", key, "--grace", "0")
    assert there.launch().status == 0
    there.pull_the_cable()
    told = there.launched()
    assert (told["state"], told["reason"]) == ("Expired", "expired")
    assert told["clock"] > told["deadline"] == told["last_grant"]


@shows("trouble-is-explained")
def _(scene):
    there, key = scene.licensed("--grace", "1")
    there.pull_the_cable()
    ran = there.launch()
    assert "No contact: the license server refuses connections. The application runs until " in ran.err
    assert "Any launch with contact starts grace again." in ran.err
    there.plug_it_in()
    scene.office.do("change", key, "--grace", "0")
    there.launch()
    there.pull_the_cable()
    assert there.launch().line.endswith("or ask support for a renewal code.")


# -- named users ------------------------------------------------------------------------------------------------------


@shows("named-users-section")
def _(scene):
    there, _ = scene.licensed()
    assert "Named users" not in there.license("status").out
    there.license("request", scene.office.issue("--type", "named", "--seats", "2"))
    assert "Named users       0 of 2: nobody is assigned yet" in there.license("status").out


@shows("assign-at-least-one")
def _(scene):
    there, _ = scene.licensed("--type", "named")
    assert there.launched("--user", "ann")["reason"] == "user"
    assert there.license("assign", "ann").out == "ann\n"
    assert there.launch("--user", "ann").status == 0


@shows("not-assigned-is-refused")
def _(scene):
    there, _ = scene.licensed("--type", "named")
    there.license("assign", "ann")
    ran = there.launch("--user", "bob")
    assert ran.status == 77 and ran.line.startswith("error: You are not authorised: no license is assigned to you.")


@shows("the-setter-up-too")
def _(scene):
    there, key = scene.at(), scene.office.issue("--type", "named")
    assert there.license("request", key, "--user", "chief").status == 0
    there.license("assign", "ann")
    assert there.launched("--user", "chief")["reason"] == "user"


@shows("surplus-is-removed")
def _(scene):
    there, _ = scene.licensed("--type", "named", "--seats", "2")
    done = there.license("assign", "ann", "bob", "cleo")
    assert (done.status, done.out) == (1, "ann\nbob\n") and done.err.endswith("no license for cleo\n")
    assert there.license("users", "--json").told["users"] == ["ann", "bob"]
    assert there.launched("--user", "cleo")["reason"] == "user"


# -- authenticate again -----------------------------------------------------------------------------------------------


def is_invalid(told):
    return (told["state"], told["reason"], told["runs"]) == ("Invalid-Binding", "binding", False)


@shows("database-name-changed")
def _(scene):
    there, _ = scene.licensed()
    (scene.folder / "survey.db").rename(scene.folder / "other.db")
    there.connect(f"sqlite:///{scene.folder}/other.db")
    assert is_invalid(there.launched())
    url = scene.postgresql("localhost")
    there.connect(url)
    there.license("request", scene.office.issue())
    name = make_url(url).database
    with psycopg.connect(scene.fixture("postgresql_server"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} RENAME TO renamed")
        there.connect(url.replace(f"/{name}", "/renamed"))
        assert is_invalid(there.launched())
        connection.execute(f"ALTER DATABASE renamed RENAME TO {name}")
    there.connect(url)
    assert there.launch().status == 0


@shows("server-name-changed")
def _(scene):
    there, _ = scene.licensed(url=scene.postgresql("localhost"))
    there.connect(scene.postgresql("127.0.0.1"))
    assert is_invalid(there.launched())
    there.connect(scene.postgresql("localhost"))
    assert there.launched()["state"] == "Authenticated"


@shows("nothing-else-asks")
def _(scene):
    there, _ = scene.licensed(url=scene.postgresql("localhost"))
    there.connect(scene.postgresql("LocalHost"))
    assert there.launched()["runs"]
    there, _ = scene.licensed(name="another")
    backup = shutil.copy(scene.folder / "survey.db", scene.folder / "survey.backup")
    assert there.launched("--user", "somebody else")["runs"]
    assert there.launched("--app-version", "7.1")["runs"]
    there.connect(f"sqlite:///{scene.folder}/another/../survey.db")
    assert there.launched()["runs"]
    assert scene.at("a new workstation").launched()["runs"]
    there.pull_the_cable()
    assert there.launched()["runs"]
    shutil.copy(backup, scene.folder / "survey.db")
    assert there.launched()["runs"]


@shows("shows-as-invalid")
def _(scene):
    there, _ = scene.licensed(url=scene.postgresql("localhost"))
    there.connect(scene.postgresql("127.0.0.1"))
    shown = there.license("status").out
    assert re.search(r"^State +Invalid-Binding \(binding\)$", shown, re.MULTILINE)
    assert re.search(r"^Authenticated as +localhost:", shown, re.MULTILINE)


@shows("two-programs-two-names")
def _(scene):
    one, key = scene.licensed(url=scene.postgresql("localhost"))
    other = scene.at("other")
    other.connect(scene.postgresql("127.0.0.1"))
    assert one.launched()["runs"]
    told = other.launched()
    assert is_invalid(told)
    assert told["recorded"]["server"].startswith("localhost:") and told["connected"]["server"].startswith("127.0.0.1:")
    assert other.license("request", key).status == 0
    assert other.launched()["runs"] and is_invalid(one.launched())


@shows("every-spelling-counts")
def _(scene):
    there, _ = scene.licensed()
    spellings = (".", "127.0.0.1", "localhost", "192.168.0.1", "databaseservername")
    for spelling in spellings:
        state = scene.folder / spelling
        given = {"server": spelling, "state": state}
        with nexuslic.open(scene.bundle, there.environment["NEXUSLIC_DATABASE"], **given) as license:
            assert license.status().state is nexuslic.State.INVALID_BINDING
            with license.launch() as decision:
                assert not decision.runs and decision.connected.server == spelling
    there.connect(scene.postgresql("127.0.0.1"))
    there.license("request", scene.office.issue())
    assert there.launched()["runs"]
    there.connect(scene.postgresql("localhost"))
    assert is_invalid(there.launched())


@shows("one-name-for-all")
def _(scene):
    one, key = scene.licensed(url=scene.postgresql("localhost"))
    other = scene.at("other")
    other.connect(scene.postgresql("127.0.0.1"))
    assert is_invalid(other.launched())
    one.connect(scene.postgresql("127.0.0.1"))
    assert one.license("request", key).status == 0
    assert one.launched()["runs"] and other.launched()["runs"]


# -- offshore ---------------------------------------------------------------------------------------------------------


@shows("made-for-offshore")
def _(scene):
    there, _ = scene.licensed()
    there.pull_the_cable()
    assert [there.launch().status for _ in range(3)] == [0, 0, 0]


@shows("one-workstation-before-leaving")
def _(scene):
    bridge, _ = scene.licensed()
    lab = scene.at("lab")
    lab.pull_the_cable()
    assert bridge.launch().status == 0
    ran = lab.launch()
    assert ran.status == 0 and ran.err.startswith("Only 30 days left in grace period.")


@shows("the-full-grace")
def _(scene):
    there, _ = scene.licensed()
    told = there.launched()
    assert (told["state"], told["days_left"]) == ("Authenticated", 30)
    there.pull_the_cable()
    assert there.launched()["deadline"] == told["deadline"]


@shows("more-days-for-a-long-trip")
def _(scene):
    there, key = scene.licensed()
    scene.office.do("extend", key, "20", "--until", "2199-12-31")
    assert there.launched()["days_left"] == 50
    there.pull_the_cable()
    assert there.launched()["days_left"] == 50
    assert "Grace period         30 days, and 20 extra" in there.license("status").out
    there.plug_it_in()
    scene.office.do("extend", key, "20", "--until", "2024-02-29")
    assert there.launched()["days_left"] == 30, "an extension lasts for a while"


def mobilised(scene, there):
    """The shore's database, dumped there and restored aboard, on a server that has another name."""
    tools, dump = scene.fixture("postgresql_tools"), scene.folder / "survey.dump"
    run = scene.fixture("quietly")
    run(tools / "pg_dump", "--format=custom", f"--file={dump}", there.environment["NEXUSLIC_DATABASE"])
    run(tools / "pg_restore", f"--dbname={scene.fixture('another_postgresql_url')}", dump)
    there.connect(scene.postgresql("127.0.0.1", "another_postgresql_url"))


def restored(scene, there):
    """The same with a file."""
    shutil.copy(scene.folder / "survey.db", scene.folder / "aboard.db")
    there.connect(f"sqlite:///{scene.folder}/aboard.db")


@shows("restored-asks-again")
def _(scene):
    there, _ = scene.licensed()
    restored(scene, there)
    told = there.launched()
    assert is_invalid(told) and "authenticate again with the license key" in told["next_step"]
    there.connect(scene.postgresql("localhost"))
    there.license("request", scene.office.issue())
    mobilised(scene, there)
    assert is_invalid(there.launched())


@shows("restored-goes-online-once")
def _(scene):
    there, key = scene.licensed()
    restored(scene, there)
    there.pull_the_cable()
    assert there.license("request", key).status == 1
    assert is_invalid(there.launched())
    there.plug_it_in()
    assert there.license("request", key).status == 0
    there.pull_the_cable()
    assert there.launched()["days_left"] == 30


@shows("when-mobilising")
def _(scene):
    there, key = scene.licensed(url=scene.postgresql("localhost"))
    mobilised(scene, there)
    assert is_invalid(there.launched())
    assert there.license("request", key).status == 0
    there.pull_the_cable()
    assert there.launched()["days_left"] == 30


@shows("when-a-server-fails")
def _(scene):
    there, key = scene.licensed()
    restored(scene, there)
    (scene.folder / "survey.db").unlink()
    assert is_invalid(there.launched())
    assert there.license("request", key).status == 0
    assert there.launched()["runs"]


# -- Windows 7 --------------------------------------------------------------------------------------------------------


@attrs.define(eq=False)
class OldServer:
    """The license server behind a port that speaks nothing but TLS 1.0 until `cured`."""

    scene: Scene
    cured: bool = False

    def __call__(self, connection):
        if self.cured:
            with self.scene.to_the_server() as there:
                pass_on(connection.sock, there, len)
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        folder = self.scene.office.running.folder
        context.load_cert_chain(folder / "certificate.pem", folder / "certificate.key")
        connection.secure(only_tls_1_0(context))


@shows("windows-7-cannot-renew")
def _(scene):
    there, _ = scene.licensed()
    before = status(there)
    with Listener(OldServer(scene)) as old:
        scene.reaches(there, old.port)
        told = there.launched()
    assert (told["state"], told["cause"]) == ("Grace", "tls-protocol")
    assert told["last_grant"] == before["last_validation"]


@shows("the-days-left-are-told")
def _(scene):
    there, _ = scene.licensed("--grace", "12")
    with Listener(OldServer(scene)) as old:
        scene.reaches(there, old.port)
        ran = there.launch()
    assert ran.err.startswith("Only 12 days left in grace period. No contact: this computer and the license server")
    assert "an administrator can turn TLS 1.0 on" in ran.err


@shows("cured-by-hand")
def _(scene):
    there, _ = scene.licensed()
    server = OldServer(scene)
    with Listener(server) as old:
        scene.reaches(there, old.port)
        assert there.launched()["state"] == "Grace"
        server.cured = True
        told = there.launched()
    assert (told["state"], told["cause"], told["warnings"]) == ("Authenticated", None, [])
