"""Rules that find stories which do less than they seem to; `RULES` is the table, `findings` looks."""

from nexuslic.scenario.linting.finding import Finding, Rule, Subject
from nexuslic.scenario.linting.rules import NOTHING_TO_IGNORE, RULES, codes_of, findings

__all__ = ["NOTHING_TO_IGNORE", "RULES", "Finding", "Rule", "Subject", "codes_of", "findings"]
