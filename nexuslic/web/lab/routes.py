"""The addresses of the policy lab: thin, each over what the commands call."""

import threading
from typing import Annotated, Any, Final

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import HTTPException
from litestar.params import Body, FromPath, FromQuery

from nexuslic.errors import InputError
from nexuslic.lab.model import TripModel, built_in
from nexuslic.web import pages
from nexuslic.web.lab import choice, fields, giving, texts, tools
from nexuslic.web.lab.bench import Bench, Benches, Kind, Stand
from nexuslic.web.lab.choice import YOURS, Typed, Wrong
from nexuslic.web.pages import AnyRequest

Typing = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
Sending = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
_MAKING: Final = threading.Lock()
TOO_LARGE: Final = 413


class Stale(InputError):
    """A page of an earlier run, whose tab nobody knows."""


def _benches(request: AnyRequest) -> Benches:
    with _MAKING:
        if "lab" not in request.app.state:
            request.app.state["lab"] = Benches()
    found: Benches = request.app.state["lab"]
    return found


def _bench(request: AnyRequest, tab: str) -> Bench:
    found = _benches(request).called(tab)
    if found is None:
        raise Stale(texts.STALE)
    return found


def _answer(bench: Bench, kind: Kind) -> Any:
    if kind not in bench.answers:
        raise Stale(texts.NO_LONGER)
    return bench.answers[kind]


def _page(request: AnyRequest, template: str, bench: Bench, **values: Any) -> Response[str]:
    return pages.page(request, f"lab/{template}.html", words=texts, tab=bench.name, **values)


def _typed(data: dict[str, Any]) -> Typed:
    return {name: value for name, value in data.items() if isinstance(value, str)}


@get("/", sync_to_thread=True)
def lab(request: AnyRequest) -> Response[str]:
    """The screen, with everything still to be asked."""
    bench = _benches(request).new()
    return _page(request, "page", bench, title=texts.TITLE, **_fields(choice.beginning(), bench, {}))


def _fields(typed: Typed, bench: Bench, wrong: Wrong) -> dict[str, Any]:
    return fields.values(typed, bench.given, wrong)


@get("/{tab:str}/trips-chosen", sync_to_thread=True)
def chosen(request: AnyRequest, tab: FromPath[str], trips: FromQuery[str] = "") -> Response[str]:
    """The fields of the trips, once others are chosen."""
    return _trips_fields(request, _bench(request, tab), trips)


def _trips_fields(request: AnyRequest, bench: Bench, trips: str, wrong: Wrong | None = None) -> Response[str]:
    typed = {**choice.beginning(), "trips": trips}
    base = choice.base_of(typed, bench.given)
    numbers = choice.numbers_typed(base) if isinstance(base, TripModel) else {}
    return _page(request, "trips", bench, **_fields({**typed, **numbers}, bench, wrong or {}))


@post("/{tab:str}/file", sync_to_thread=True, status_code=200)
def give(request: AnyRequest, tab: FromPath[str], data: Sending) -> Response[str]:
    """A file that is given: from now on its trips are chosen, or what is wrong with it."""
    bench, file = _bench(request, tab), data.get("file")
    before = data.get("trips")
    kept = before if isinstance(before, str) and (before in built_in() or bench.given) else built_in()[0]
    try:
        if not isinstance(file, UploadFile):
            raise InputError(texts.NO_FILE)
        bench.given = giving.read(file.filename, file.file.read(giving.MOST_MB * 1_000_000 + 1))
    except InputError as error:
        return _trips_fields(request, bench, kept, {"file": f"{error}\n{texts.KEPT}"})
    return _trips_fields(request, bench, YOURS)


@post("/{tab:str}/ask/{kind:str}", sync_to_thread=True, status_code=200)
def ask(request: AnyRequest, tab: FromPath[str], kind: FromPath[Kind], data: Typing) -> Response[str]:
    """Begin a piece of work, in the place of the one that runs; or say what is wrong at which field."""
    bench, typed = _bench(request, tab), _typed(data)
    question, wrong = choice.question(typed, bench.given)
    work = None if question is None else tools.work_of(kind, question, typed, wrong)
    if work is None:
        return _page(request, "wrong", bench, kind=kind.value, **_fields(typed, bench, wrong))
    return _page(request, "running", bench, kind=kind.value, job=bench.start(kind, work))


@get("/{tab:str}/progress/{number:int}", sync_to_thread=True)
def progress(request: AnyRequest, tab: FromPath[str], number: FromPath[int]) -> Response[str]:
    """How far a piece of work is; its answer, as soon as there is one."""
    bench = _bench(request, tab)
    job = bench.job
    if job is None or job.number != number:
        return _whole(_page(request, "stopped", bench, said=texts.REPLACED, failed=False))
    if job.stand is Stand.RUNNING:
        return _page(request, "far", bench, job=job)
    if job.stand is Stand.DONE:
        return _whole(_shown(request, bench, job.kind))
    said = texts.FAILED.format(job.problem) if job.stand is Stand.FAILED else texts.CANCELLED
    return _whole(_page(request, "stopped", bench, said=said, failed=job.stand is Stand.FAILED))


def _shown(request: AnyRequest, bench: Bench, kind: Kind) -> Response[str]:
    from nexuslic.web.lab import showing

    values = showing.answer(kind, _answer(bench, kind), pages.speech_of(request))
    return _page(request, f"answer_{kind.value}", bench, **values)


def _whole(answer: Response[str]) -> Response[str]:
    """An answer that takes the place of the whole area, and not only of what told how far it was."""
    answer.headers["hx-retarget"] = "closest .area"
    answer.headers["hx-reswap"] = "innerHTML"
    return answer


@post("/{tab:str}/cancel/{number:int}", sync_to_thread=True, status_code=200)
def cancel(request: AnyRequest, tab: FromPath[str], number: FromPath[int]) -> Response[str]:
    """Stop a piece of work."""
    bench = _bench(request, tab)
    bench.cancel(number)
    return _page(request, "stopped", bench, said=texts.CANCELLED, failed=False)


@get("/{tab:str}/look", sync_to_thread=True)
def look(
    request: AnyRequest, tab: FromPath[str], grace: FromQuery[int], measure: FromQuery[str] = "days"
) -> Response[str]:
    """The sweep at another grace, or by another measure."""
    from nexuslic.web.lab import showing

    bench = _bench(request, tab)
    swept = _answer(bench, Kind.SWEEP)
    known = measure if measure in texts.MEASURES else "days"
    return _page(
        request, "look", bench, **showing.looked(swept, _within(swept, grace), known, pages.speech_of(request))
    )


@get("/{tab:str}/curves", sync_to_thread=True)
def curves(request: AnyRequest, tab: FromPath[str], grace: FromQuery[int]) -> Response[str]:
    """The curves of the sweep, with another grace looked at."""
    from nexuslic.web.lab import showing

    bench = _bench(request, tab)
    swept = _answer(bench, Kind.SWEEP)
    return _page(request, "curves", bench, **showing.curves(swept, _within(swept, grace), pages.speech_of(request)))


@get("/{tab:str}/examples", sync_to_thread=True)
def examples(
    request: AnyRequest, tab: FromPath[str], grace: FromQuery[int], length: FromQuery[int] = 0
) -> Response[str]:
    """Trips of a length, at a grace: the worst, and some typical ones."""
    from nexuslic.web.lab import examples as telling

    bench = _bench(request, tab)
    swept = _answer(bench, Kind.SWEEP)
    return _page(request, "examples", bench, found=telling.of_cell(swept, length, _within(swept, grace)))


def _within(swept: Any, grace: int) -> int:
    """The nearest grace that was swept."""
    low, high = swept.question.graces
    return int(max(low, min(high, grace)))


def _download(text: str | bytes, name: str, media_type: str) -> Response[bytes]:
    data = text.encode() if isinstance(text, str) else text
    return Response(data, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


@get("/{tab:str}/story/{trip:int}", sync_to_thread=True)
def story(request: AnyRequest, tab: FromPath[str], trip: FromPath[int], grace: FromQuery[int]) -> Response[bytes]:
    """The story of a trip of the sweep, at a grace."""
    from nexuslic.lab import told

    swept = _answer(_bench(request, tab), Kind.SWEEP)
    if not swept.has_trip(trip):
        raise InputError(texts.NO_LONGER)
    looked_at = _within(swept, grace)
    text = told.story_of(swept.trip(trip, looked_at), looked_at)
    return _download(text, f"trip-{trip}-grace-{looked_at}.scenario.yaml", "application/yaml")


@get("/{tab:str}/telling/{place:int}/{which:int}", sync_to_thread=True)
def telling(request: AnyRequest, tab: FromPath[str], place: FromPath[int], which: FromPath[int]) -> Response[bytes]:
    """The story of a telling trip, under the first (0) or the second policy (1)."""
    from nexuslic.lab import told

    answer = _answer(_bench(request, tab), Kind.COMPARE).answer
    if place >= len(answer.telling) or which not in (0, 1):
        raise InputError(texts.NO_LONGER)
    text = told.story_of(answer.telling[place].trips[which], answer.policies[which].grace)
    return _download(text, f"telling-{place + 1}-{'ab'[which]}.scenario.yaml", "application/yaml")


@get("/{tab:str}/cheat/{place:int}", sync_to_thread=True)
def cheat(request: AnyRequest, tab: FromPath[str], place: FromPath[int]) -> Response[bytes]:
    """The story of a cheat."""
    cheats = _answer(_bench(request, tab), Kind.ABUSE).cheats
    if place >= len(cheats) or not cheats[place].story:
        raise InputError(texts.NO_LONGER)
    name = cheats[place].name.replace(" ", "-")
    return _download(cheats[place].story, f"{name}.scenario.yaml", "application/yaml")


@get("/{tab:str}/report.html", sync_to_thread=True)
def report(request: AnyRequest, tab: FromPath[str]) -> Response[bytes]:
    """The report that was made."""
    return _download(_answer(_bench(request, tab), Kind.REPORT), "policy-report.html", "text/html; charset=utf-8")


def on_http(request: AnyRequest, error: Any) -> Response[str]:
    """A body that is too large is said in the words of the screen; the rest as everywhere."""
    if error.status_code != TOO_LARGE:
        return pages.on_http(request, error)
    said = texts.TOO_LARGE.format(giving.MOST_MB)
    return pages.page(request, "parts/trouble.html", status=TOO_LARGE, problem=said)


router = Router(
    "/lab",
    route_handlers=[
        lab,
        chosen,
        give,
        ask,
        progress,
        cancel,
        look,
        curves,
        examples,
        story,
        telling,
        cheat,
        report,
    ],
    exception_handlers={HTTPException: on_http},
)
