"""What a page does is what the route does: once, under the token's name, and only to what was seen."""


def at(number, act=""):
    return f"/console/licenses/{number}{'/' if act else ''}{act}"


def test_a_license_lives_and_ends_in_the_console(both, issue):
    admin = both.browser("admin", "Ann")
    number = issue(admin, seats="12", minimum_version="6.2", ends="2027-12-31")
    assert "12 sessions at a time" in admin.text and "31 Dec 2027 23:59 UTC" in admin.text
    admin.send(at(number, "extend"), days="14", until="2026-04-30")
    assert "14 days more, for grants until 30 Apr 2026 23:59 UTC" in admin.text
    admin.send(at(number, "change"), seats="5")
    assert "5 sessions at a time" in admin.text
    admin.send(at(number, "suspend"))
    assert "The license is suspended." in admin.text and not admin.offers(at(number, "suspend"))
    admin.send(at(number, "reinstate"))
    admin.send(at(number, "revoke"), digits=both.key(number).digits[-4:])
    assert "nothing more can be done to it" in admin.text and not admin.offers(at(number, "extend"))
    told = ["sign-in", "issue", "extend", "change", "suspend", "reinstate", "revoke"]
    assert both.acts() == [("Ann", act) for act in told]
