"""Scenes of clocks that are wrong: set back, ahead, right again; of a database, a workstation, the license server."""

from nexuslic.scenario.generating.teller import DAY, Scene, Teller

_AHEAD = ("+1h", "+23h", "+3d", "+9d", "+40d", "+365d")
_BACK = ("-1h", "-23h", "-25h", "-3d", "-9d", "-40d", "-365d")


def a_wrong_clock(teller: Teller) -> None:
    """A clock goes wrong; launches under it; sometimes it is set right."""
    of = _whose(teller)
    who = teller.anyone()
    by = teller.dice.pick(teller.dice.pick((_AHEAD, _BACK)))
    _moved(teller, of, by)
    if teller.dice.one_in(3):
        teller.contact()
    teller.launch(who, remark=f"the clock of {of} is wrong")
    if teller.dice.one_in(3):
        teller.later(hours=teller.dice.between(1, 30))
        teller.launch(who)
    if teller.dice.one_in(2):
        _moved(teller, of, _opposite(by), "and right again")
        teller.launch(who)


def ahead_past_grace(teller: Teller) -> None:
    """A clock is ahead past the deadline and is set right: what was refused heals by itself."""
    who = teller.anyone()
    of = who if _reads_workstations(teller) else "database"
    teller.no_contact()
    teller.launch(who)
    by = f"{teller.grace + 60}d"
    _moved(teller, of, f"+{by}")
    teller.no_contact()
    teller.launch(who, remark="past the deadline, says the clock")
    _moved(teller, of, f"-{by}", "and right again")
    teller.no_contact()
    teller.launch(who)


def set_to_a_time(teller: Teller) -> None:
    """A clock is set to a time of the story."""
    of = _whose(teller)
    to = teller.dice.pick((teller.calendar.starts, teller.earlier(), teller.now + 2 * DAY, teller.now - 30 * DAY))
    teller.do("set_clock", {"of": of, "to": teller.write(to)})
    teller.launch()


def under_a_session(teller: Teller) -> None:
    """A clock is set back while the application runs."""
    who = teller.anyone()
    teller.do("open", {"workstation": who, "for": teller.dice.pick(("6h", "12h", "26h"))})
    teller.later(hours=teller.dice.between(1, 4))
    _moved(teller, who if _reads_workstations(teller) else "database", teller.dice.pick(_BACK))
    teller.later(hours=teller.dice.between(5, 30))
    teller.launch(who, remark="the time that it ran counts all the same")


def _moved(teller: Teller, of: str, by: str, remark: str = "") -> None:
    teller.do("set_clock", {"of": of, "by": by}, remark)


def _opposite(by: str) -> str:
    return ("-" if by.startswith("+") else "+") + by[1:]


def _reads_workstations(teller: Teller) -> bool:
    return bool(teller.world.get("policy", {}).get("clock") == "workstation")


def _whose(teller: Teller) -> str:
    if _reads_workstations(teller) and teller.dice.one_in(2):
        return teller.anyone()
    return teller.dice.weighted([(6, "database"), (2, teller.anyone()), (2, teller.server), (2, "license server")])


SCENES = (
    Scene("clock", 8, "a wrong clock", a_wrong_clock),
    Scene("clock-ahead", 3, "a clock that was ahead", ahead_past_grace),
    Scene("clock-set", 3, "a clock that somebody set", set_to_a_time),
    Scene("clock-session", 2, "a clock set back under a session", under_a_session),
)
