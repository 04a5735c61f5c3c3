"""Scenes of the vendor's support: codes, extensions, suspensions, revocations, changed terms, other keys."""

from nexuslic.scenario.generating.teller import DAY, Scene, Teller

_UNKNOWN_KEYS = ("1234-5678-90124", "1234567890124")
_MISTYPED_KEYS = ("4006-3813-3393", "4006-8313-33930", "4OO6-3813-33930")
_RIGHT_KEY = "4006 3813 33930"


def a_code(teller: Teller) -> None:
    """A renewal code over the radio; sometimes used up grace before."""
    who = teller.anyone()
    if teller.dice.one_in(2):
        teller.past_grace()
    teller.no_contact()
    teller.launch(who)
    teller.do("renew_by_code", who, "support answers by radio")
    teller.launch(who)


def a_wrong_code(teller: Teller) -> None:
    """A code that must be refused."""
    who = teller.anyone()
    kind = teller.dice.pick(("used", "mistyped", "foreign", "older"))
    teller.no_contact()
    if kind == "used" and teller.dice.one_in(2):
        teller.do("renew_by_code", who)
    teller.do("renew_by_code", {"workstation": who, "code": kind}, "changes nothing")
    teller.launch(who)


def extended(teller: Teller) -> None:
    """Support extends grace; in time, or too late."""
    days = teller.dice.between(1, 40)
    until = teller.now + teller.dice.between(-2, 10) * DAY
    teller.do("extend", {"days": str(days), "until": teller.write(max(until, teller.calendar.starts))})
    teller.contact()
    teller.launch(remark="a grant that may carry the extension")
    if teller.dice.one_in(2):
        teller.past_grace()
        teller.no_contact()
        teller.launch()


def suspended(teller: Teller) -> None:
    """The license is suspended; pulling the cable does not lift it; reinstated, and a contact does."""
    who = teller.anyone()
    _out_of_reach(teller, who)
    teller.do("suspend", "license")
    if teller.dice.one_in(6):
        teller.do("renew_by_code", who)
    teller.contact()
    teller.launch(who)
    if teller.dice.one_in(2):
        teller.no_contact()
        teller.launch(who, "without contact")
    if not teller.dice.one_in(4):
        teller.do("reinstate", "license")
        teller.contact()
        teller.launch(who)


def revoked(teller: Teller) -> None:
    """The key is revoked; now and then somebody tries it once more."""
    who = teller.anyone()
    _out_of_reach(teller, who)
    teller.do("revoke", "license")
    teller.contact()
    teller.launch(who)
    if teller.dice.one_in(2):
        teller.authenticate(who)
    else:
        teller.launch()


def new_terms(teller: Teller) -> None:
    """Support changes the terms; the next grant carries them."""
    terms = teller.dice.pick(
        (
            {"grace": str(teller.dice.pick((0, 1, 2, 5, 10, 90)))},
            {"ends": teller.write(teller.now + teller.dice.between(1, 20) * DAY)},
            {"ends": teller.write(max(teller.calendar.starts, teller.now - DAY))},
            {"organisation": "Northern Survey"},
            {"extension": {"days": "5", "until": teller.write(teller.now + 2 * DAY)}},
        )
    )
    teller.do("change", {"license": terms})
    teller.contact()
    teller.launch()
    teller.a_while()
    teller.no_contact() if teller.dice.one_in(2) else teller.contact()
    teller.launch()


def end_of_term(teller: Teller) -> None:
    """The term ends; it is told by the server, or found out alone; sometimes support moves the end."""
    ends = teller.now + teller.dice.between(1, 10) * DAY
    teller.do("change", {"license": {"ends": teller.write(ends)}})
    teller.contact()
    teller.launch()
    teller.now = max(teller.now, ends)
    teller.later(hours=teller.dice.between(1, 40))
    teller.no_contact() if teller.dice.one_in(2) else teller.contact()
    who = teller.anyone()
    teller.launch(who, "the term has ended")
    if teller.dice.one_in(2):
        teller.do("change", {"license": {"ends": teller.write(teller.now + 30 * DAY)}})
        teller.contact()
        teller.launch(who)


def another_key(teller: Teller) -> None:
    """Another key is entered: one that nobody issued, one that is mistyped, or the right one in another spelling."""
    who = teller.anyone()
    key = teller.dice.pick(teller.dice.pick((_UNKNOWN_KEYS, _MISTYPED_KEYS, (_RIGHT_KEY,))))
    teller.contact()
    teller.do("authenticate", {"workstation": who, "key": key})
    teller.launch(who)


def _out_of_reach(teller: Teller, who: str) -> None:
    """Whoever is told: somebody in Grace, somebody who is refused, or somebody in the middle of work."""
    how = teller.dice.below(3)
    if how == 0:
        teller.no_contact()
        teller.launch(who)
    elif how == 1:
        teller.past_grace()
        teller.no_contact()
        teller.launch(who)


SCENES = (
    Scene("code", 5, "a renewal code", a_code),
    Scene("wrong-code", 6, "a code that is refused", a_wrong_code),
    Scene("extension", 4, "an extension", extended),
    Scene("suspension", 5, "a suspension", suspended),
    Scene("revocation", 5, "a revocation", revoked),
    Scene("terms", 4, "new terms", new_terms),
    Scene("term", 3, "the end of the term", end_of_term),
    Scene("key", 5, "another key", another_key),
)
