"""The policy report: one page that can be mailed."""

from nexuslic.lab.report.content import Assumption, Cheat, Content, ToldTrip
from nexuslic.lab.report.page import page

__all__ = ["Assumption", "Cheat", "Content", "ToldTrip", "page"]
