"""The addresses of the License dialog: each opens the license, makes the call that the command makes, and closes it."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Response

from nexuslic.application.application import Application
from nexuslic.application.opening import named
from nexuslic.errors import DatabaseUnreachable, InputError
from nexuslic.rules.license import LicenseKey
from nexuslic.rules.users import is_assigned
from nexuslic.web import pages
from nexuslic.web.license import drawing, notes, texts
from nexuslic.web.license.checks import Checks
from nexuslic.web.license.notes import Note
from nexuslic.web.license.times import Times
from nexuslic.web.license.view import View, view_of
from nexuslic.web.pages import AnyRequest

Typed = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Answer = Response[str]
CHANGED: Final = {"hx-trigger": "license-changed"}
"""Tells the page that what it shows may be another by now."""


def opener(request: AnyRequest) -> Callable[[], Application]:
    """Opens the license that was named. Raises InputError where none was."""
    opened: Callable[[], Application] | None = request.app.state.desk.license
    if opened is None:
        raise InputError(f"{texts.NO_DATABASE.lower()}: start the screens with --database")
    return opened


def _shown(request: AnyRequest, template: str, **values: Any) -> Answer:
    """A template of this screen."""
    known = {"words": texts, "times": Times.of(request), "draw": drawing}
    return pages.page(request, f"license/{template}", **{**known, **values})


def _noted(request: AnyRequest, attempt: Callable[[], Note], of: str) -> Answer:
    """What came of it, to stand at the field or button `of`."""
    answer = _shown(request, "note.html", note=notes.told(attempt), of=of)
    answer.headers.update(CHANGED)
    return answer


def _view(request: AnyRequest) -> View | DatabaseUnreachable:
    try:
        with opener(request)() as license:
            return view_of(license.status(), Times.of(request).both)
    except DatabaseUnreachable as error:
        return error


# -- looking ----------------------------------------------------------------------------------------------------------


@get("/", sync_to_thread=True)
def dialog(request: AnyRequest) -> Answer:
    """The dialog, or how to open it with a database."""
    if request.app.state.desk.license is None:
        return _shown(request, "none.html", title=texts.TITLE)
    found = _view(request)
    return _shown(request, "dialog.html", title=texts.TITLE, **_either(found))


@get("/standing", sync_to_thread=True)
def standing(request: AnyRequest) -> Answer:
    """How it stands now; a database that is away leaves on the page what was last seen."""
    found = _view(request)
    if isinstance(found, View):
        return _shown(request, "live.html", **_either(found))
    answer = _shown(request, "away.html", **_either(found))
    answer.headers.update({"hx-retarget": "#away", "hx-reswap": "innerMorph"})
    return answer


def _either(found: View | DatabaseUnreachable) -> dict[str, Any]:
    if isinstance(found, DatabaseUnreachable):
        return {"view": None, "problem": notes.sentence(str(found))}
    return {"view": found, "problem": ""}


# -- asking for the license -------------------------------------------------------------------------------------------


@post("/request", sync_to_thread=True, status_code=200)
def request_license(request: AnyRequest, data: Typed) -> Answer:
    """Request License."""

    def attempt() -> Note:
        key = LicenseKey.parse(data.get("key", ""))
        with opener(request)() as license:
            license.base.prepare()
            return notes.granted(license.authenticate(key.digits), Times.of(request).both)

    return _noted(request, attempt, "key")


@post("/launch", sync_to_thread=True, status_code=200)
def launch(request: AnyRequest) -> Answer:
    """Launch once: what a launch decides, whose session ends at once."""

    def attempt() -> Note:
        with opener(request)() as license, license.launch() as decision:
            return notes.launched(decision, Times.of(request).both)

    return _noted(request, attempt, "launch")


@post("/code", sync_to_thread=True, status_code=200)
def code(request: AnyRequest, data: Typed) -> Answer:
    """A request code, as text and to scan; with a key where one was typed."""
    made: list[str] = []

    def attempt() -> Note:
        with opener(request)() as license:
            made.append(license.request_code(data.get("key", "").strip() or None))
        return Note("good", texts.DONE)

    note = notes.told(attempt)
    if made:
        return _shown(request, "code.html", code=made[0])
    answer = _shown(request, "note.html", note=note, of="key")
    if data.get("key", "").strip():
        answer.headers["hx-retarget"] = "#key-said"
    return answer


@post("/answer", sync_to_thread=True, status_code=200)
def answer(request: AnyRequest, data: Typed) -> Answer:
    """Support's answer to a request code."""

    def attempt() -> Note:
        typed = data.get("answer", "")
        if not typed.strip():
            raise InputError(texts.ANSWER_EMPTY)
        with opener(request)() as license:
            return notes.granted(license.renew_by_code(typed), Times.of(request).both)

    return _noted(request, attempt, "answer")


# -- people -----------------------------------------------------------------------------------------------------------


@get("/release", sync_to_thread=True)
def ask_release(request: AnyRequest) -> Answer:
    """Ask once more, by who sits there now."""
    session = request.query_params.get("session", "")
    try:
        with opener(request)() as license:
            seat = next((one for one in license.seats() if one.session == session), None)
    except DatabaseUnreachable as error:
        return _shown(request, "ask.html", question=texts.NOT_DONE, risk=notes.sentence(str(error)), action="")
    if seat is None:
        return _shown(request, "ask.html", question=texts.DONE, risk=texts.GONE_ALREADY, action="")
    question = texts.ASK_RELEASE.format(seat.user, seat.workstation)
    given = {"action": "release", "name": "session", "value": session, "yes": texts.RELEASE}
    return _shown(request, "ask.html", question=question, risk=texts.RELEASE_RISK, **given)


@post("/release", sync_to_thread=True, status_code=200)
def release(request: AnyRequest, data: Typed) -> Answer:
    """Give back a seat; one that is free by now was given back, by whomever."""

    def attempt() -> Note:
        with opener(request)() as license:
            try:
                seat = license.release(data.get("session", ""))
            except InputError:
                return Note("good", texts.DONE, texts.GONE_ALREADY)
        return Note("good", texts.DONE, texts.RELEASED.format(seat))

    return _noted(request, attempt, "people")


@post("/assign", sync_to_thread=True, status_code=200)
def assign(request: AnyRequest, data: Typed) -> Answer:
    """Assign a license to a user."""

    def attempt() -> Note:
        if not data.get("user", "").strip():
            raise InputError(texts.NOBODY_NAMED)
        user = named("user", data["user"])
        with opener(request)() as license:
            there = is_assigned(license.users.assigned(), user)
            gone = license.users.assign(user)
        said = texts.ALREADY if there else texts.ASSIGNED
        return notes.dropped(gone, Note("good", texts.DONE, said.format(user), done=not is_assigned(gone, user)))

    return _noted(request, attempt, "user")


@get("/unassign", sync_to_thread=False)
def ask_unassign(request: AnyRequest) -> Answer:
    """Ask once more."""
    user = request.query_params.get("user", "")
    given = {"action": "unassign", "name": "user", "value": user, "yes": texts.UNASSIGN}
    return _shown(request, "ask.html", question=texts.ASK_UNASSIGN.format(user), risk=texts.UNASSIGN_RISK, **given)


@post("/unassign", sync_to_thread=True, status_code=200)
def unassign(request: AnyRequest, data: Typed) -> Answer:
    """Take a user's license back."""

    def attempt() -> Note:
        with opener(request)() as license:
            license.users.unassign(data.get("user", ""))
        return Note("good", texts.DONE, texts.UNASSIGNED.format(data.get("user", "")))

    return _noted(request, attempt, "people")


# -- the check --------------------------------------------------------------------------------------------------------


def checks_of(request: AnyRequest) -> Checks:
    """The checks of these screens."""
    state = request.app.state
    if "license_checks" not in state:
        state["license_checks"] = Checks()
    found: Checks = state["license_checks"]
    return found


@post("/checks", sync_to_thread=False, status_code=200)
def check(request: AnyRequest) -> Answer:
    """Begin a check; one that goes on is shown."""
    checks_of(request).start(opener(request))
    return checking(request)


@get("/checks", sync_to_thread=False)
def look_at_check(request: AnyRequest) -> Answer:
    """How far it has come."""
    return checking(request)


def checking(request: AnyRequest) -> Answer:
    """The check as it stands."""
    return _shown(request, "checks.html", progress=checks_of(request).progress())


router = Router(
    "/license",
    route_handlers=[
        *(dialog, standing, request_license, launch, code, answer),
        *(ask_release, release, assign, ask_unassign, unassign, check, look_at_check),
    ],
)
