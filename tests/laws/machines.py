"""State machines that sail random voyages; each law is one of them, so that a failure names it."""

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule


def machine_for(name, make_voyage, rules, plans, beginnings):
    """A RuleBasedStateMachine with these rules and `make_voyage(plan)` in it."""

    def begin(self, plan, beginning):
        self.voyage = make_voyage(plan)
        for action in beginning:
            self.voyage.act(action)

    members = {
        "voyage": None,
        "begin": initialize(plan=plans, beginning=beginnings)(begin),
    }
    for verb, strategy in rules.items():
        members[verb] = rule(action=strategy)(_step(verb))
    return type(name, (RuleBasedStateMachine,), members)


def _step(verb):
    def step(self, action):
        for one in action if isinstance(action[0], tuple) else (action,):
            self.voyage.act(one)

    step.__name__ = step.__qualname__ = verb
    return step


_COMMON = {
    "stateful_step_count": 40,
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}


def thorough(examples):
    """Settings of a law: random voyages, a failure shrunk to its smallest."""
    return settings(max_examples=examples, **_COMMON)


def hasty(examples):
    """Settings of a planted fault: the first red voyage is enough."""
    quiet = {"phases": [Phase.generate], "verbosity": Verbosity.quiet, "report_multiple_bugs": False}
    return settings(max_examples=examples, **quiet, **_COMMON)
