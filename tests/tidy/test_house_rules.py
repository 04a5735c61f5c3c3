"""Rules about the code; each is shown a bad sample first."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = sorted((ROOT / "nexuslic").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))

LONG_MODULES: set[str] = set()
"""Offenders; the list may only shrink."""


def long_functions(source: str) -> list[str]:
    functions = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return [n.name for n in functions if (n.end_lineno or 0) - n.lineno >= 50]


def asserts_nothing(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            inner = list(ast.walk(node))
            called = [ast.unparse(n.func) for n in inner if isinstance(n, ast.Call)]
            checks = any(isinstance(n, ast.Assert) for n in inner) or any(
                "raises" in c or "assert" in c or "check" in c or c.startswith("expect(") for c in called
            )
            if not checks:
                found.append(node.name)
    return found


def ambient(source: str) -> list[str]:
    banned = r"datetime\.(now|utcnow|today)|date\.today|\btime\.\w+\(|\brandom\.|\bsecrets\.|os\.urandom|uuid[14]\("
    return re.findall(banned, source)


def test_functions_stay_under_50_lines():
    assert long_functions("def f():\n" + "    x = 1\n" * 60) == ["f"]
    assert {p.name: long_functions(p.read_text("utf-8")) for p in PACKAGE if long_functions(p.read_text("utf-8"))} == {}


def test_modules_stay_under_400_lines():
    long = {path.name for path in PACKAGE if len(path.read_text("utf-8").splitlines()) > 400}
    assert long <= LONG_MODULES


def test_every_test_asserts_something():
    assert asserts_nothing("def test_a():\n    f()\n") == ["test_a"]
    assert {p.name: asserts_nothing(p.read_text("utf-8")) for p in TESTS if asserts_nothing(p.read_text("utf-8"))} == {}


def test_time_and_chance_stand_in_adapters_only():
    assert ambient("x = datetime.now()")
    outside = [p for p in PACKAGE if "adapters" not in p.parts]
    assert {p.name: ambient(p.read_text("utf-8")) for p in outside if ambient(p.read_text("utf-8"))} == {}


def test_only_the_machine_imports_transitions():
    users = [p.name for p in PACKAGE if re.search(r"^(from|import) transitions", p.read_text("utf-8"), re.MULTILINE)]
    assert users == ["machine.py"]


def test_only_trust_vouches():
    users = {p.parent.name for p in PACKAGE if "vouch(" in p.read_text("utf-8")}
    assert users == {"trust"}
