"""Scenes of people: seats, sessions, crashes, assigned users, dongles, versions."""

from nexuslic.scenario.generating.teller import Scene, Teller


def a_full_house(teller: Teller) -> None:
    """One session more than there are seats; then somebody leaves, or crashes and is waited for."""
    seats = min(teller.seats, 3)
    teller.contact()
    if teller.seats > 3 or teller.dice.one_in(3):
        seats = teller.dice.between(1, 2)
        _terms(teller, {"seats": str(seats)})
    there = []
    for _ in range(seats):
        who = teller.anyone()
        teller.do("open", who)
        there.append(who)
    teller.launch(remark="one more than there are seats")
    gone = teller.dice.pick(there)
    there.remove(gone)
    teller.do(teller.dice.pick(("close", "crash")), gone)
    teller.later(minutes=teller.dice.pick((0, 5, 9, 12)))
    teller.launch(remark=f"{gone} is gone")
    _emptied(teller, there)


def fewer_seats(teller: Teller) -> None:
    """A grant brings fewer seats than are live."""
    there = [teller.anyone(), teller.anyone()]
    teller.contact()
    for who in there:
        teller.do("open", who)
    _terms(teller, {"seats": teller.dice.pick(("0", "1"))})
    teller.launch()
    _emptied(teller, there)


def a_session(teller: Teller) -> None:
    """A session of hours, rarely of days."""
    who = teller.anyone()
    length = teller.dice.weighted([(5, "2h"), (5, "8h"), (2, "26h"), (1, "3d")])
    teller.no_contact() if teller.dice.one_in(2) else teller.contact()
    teller.do("open", {"workstation": who, "for": length})
    teller.later(hours=teller.dice.between(1, 12))
    teller.launch(who)
    if teller.dice.one_in(2):
        teller.do("crash", who)
        teller.launch(remark="nobody waits for their own crash")


def into_the_night(teller: Teller) -> None:
    """A session that is open when grace ends goes on; the next launch is refused."""
    who = teller.anyone()
    teller.later(max(0, teller.grace - 1))
    teller.no_contact()
    teller.do("open", {"workstation": who, "for": "30h"})
    teller.later(days=1, hours=2)
    teller.no_contact()
    teller.launch(who)


def users(teller: Teller) -> None:
    """Users get and lose a named license; somebody without one comes."""
    people = teller.dice.some(teller.people, teller.dice.between(1, 4))
    teller.do("assign", people)
    who = teller.dice.pick(people)
    teller.do("launch", {"workstation": teller.anyone(), "user": who.upper() if teller.dice.one_in(3) else who})
    teller.do("unassign", people[:1] if teller.dice.one_in(2) else who)
    teller.do("launch", {"workstation": teller.anyone(), "user": who})
    if teller.dice.one_in(2):
        teller.do("open", {"workstation": teller.anyone(), "user": people[0], "for": "2h"})


def from_seats_to_names(teller: Teller) -> None:
    """The license is changed from seats to names, or the other way round."""
    _terms(teller, {"type": "concurrent" if teller.named else "named", "seats": str(teller.dice.between(1, 3))})
    teller.launch()
    teller.do("assign", teller.dice.some(teller.people, 2))
    teller.launch()


def fewer_names(teller: Teller) -> None:
    """A grant brings fewer named licenses than are assigned."""
    teller.do("assign", teller.dice.some(teller.people, 4))
    _terms(teller, {"seats": teller.dice.pick(("0", "1", "2"))})
    teller.launch(remark="fewer licenses than users")


def a_dongle(teller: Teller) -> None:
    """NETHASP.ini stands beside the application again: the dongle comes first."""
    who = teller.anyone()
    teller.do("nethasp", {"workstation": who, "is": "present"})
    teller.do(teller.dice.weighted([(4, "launch"), (1, "open")]), who, "the dongle protects it")
    teller.do("nethasp", {"workstation": who, "is": "renamed"})
    teller.launch(who)


def a_newer_version(teller: Teller) -> None:
    """The license asks for a newer application; one is refused, and upgraded."""
    who = teller.anyone()
    wanted = teller.dice.pick(("6.11", "7.0", "7.10"))
    if teller.dice.one_in(3):
        teller.do("upgrade", {"workstation": who, "to": teller.dice.pick(("6.1", "5.9"))}, "an old one is put back")
    else:
        _terms(teller, {"minimum_version": wanted})
    teller.launch(who)
    teller.do("upgrade", {"workstation": who, "to": teller.dice.pick((wanted, "8.0", "6.9"))})
    teller.launch(who)


def _terms(teller: Teller, terms: dict[str, str]) -> None:
    """Support changes the license, and a contact brings it."""
    teller.do("change", {"license": terms})
    teller.contact()
    teller.launch(remark="brings the new terms")


def _emptied(teller: Teller, there: list[str]) -> None:
    for who in there:
        teller.do("close", who)


SCENES = (
    Scene("seats", 6, "a full house", a_full_house, lambda teller: not teller.named),
    Scene("fewer-seats", 2, "fewer seats", fewer_seats, lambda teller: not teller.named),
    Scene("session", 4, "a long session", a_session),
    Scene("session-past", 2, "a session past the deadline", into_the_night, lambda teller: teller.grace < 60),
    Scene("users", 5, "users with and without a license", users, lambda teller: teller.named),
    Scene("users", 1, "users of a license that counts seats", users, lambda teller: not teller.named),
    Scene("type", 2, "another kind of license", from_seats_to_names),
    Scene("fewer-users", 3, "fewer named licenses", fewer_names, lambda teller: teller.named),
    Scene("dongle", 4, "a dongle", a_dongle),
    Scene("version", 4, "a newer version", a_newer_version),
)
