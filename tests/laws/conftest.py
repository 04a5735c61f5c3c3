"""What the laws share: worlds that are driven by plain actions, the laws that look on, and the machines that sail."""

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis.stateful import run_state_machine_as_test

HERE = Path(__file__).resolve().parent


def _load(name):
    full = f"nexuslic_laws_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, HERE / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
    return sys.modules[full]


voyages, actions, watches, machines = map(_load, ("voyages", "actions", "watches", "machines"))
faults, twins = map(_load, ("faults", "twins"))


@pytest.fixture
def sea():
    """The modules of this folder: voyages, actions, watches, machines, faults, twins."""
    return SimpleNamespace(
        voyages=voyages, actions=actions, watches=watches, machines=machines, faults=faults, twins=twins, here=HERE
    )


@pytest.fixture
def check_law():
    """Sail random voyages under one law; `hasty` stops at the first red one, `keep` names the only rules.

    `plan` is what those worlds have in common.
    """

    def check(law, examples, *, hasty=False, keep=None, plan=None):
        watch = getattr(watches, law)

        def make_voyage(drawn):
            return voyages.Voyage({**drawn, **(plan or {})}, laws=(watch(voyages.opened),))

        rules = {name: rule for name, rule in actions.RULES.items() if keep is None or name in keep}
        machine = machines.machine_for(law, make_voyage, rules, actions.PLANS, actions.BEGINNINGS)
        settings = machines.hasty(examples) if hasty else machines.thorough(examples)
        run_state_machine_as_test(machine, settings=settings)

    return check
