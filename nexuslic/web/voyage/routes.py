"""The voyage planner's addresses: the page, the answer to a change, what would cover it, and a story out and in."""

import asyncio
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect

from nexuslic.errors import InputError, NexuslicError
from nexuslic.lab import voyage
from nexuslic.web import pages
from nexuslic.web.voyage import guesses, stories, texts, view
from nexuslic.web.voyage.plan import Plan, read
from nexuslic.web.voyage.rehearsal import Rehearsal

_KEPT = "voyages"


def rehearsal(request: pages.AnyRequest) -> Rehearsal:
    """The voyages of this server."""
    state = request.app.state
    if _KEPT not in state:
        state[_KEPT] = Rehearsal()
    found: Rehearsal = state[_KEPT]
    return found


def _plan(request: pages.AnyRequest) -> Plan:
    return Plan.of(request.query_params.multi_items())


@get("/")
async def planner(request: pages.AnyRequest) -> Response[str]:
    """The planner, with the plan of the address."""
    return await _page(request, _plan(request))


async def _page(request: pages.AnyRequest, plan: Plan, *, status: int = 200, **more: Any) -> Response[str]:
    values = await view.of(rehearsal(request), plan, pages.speech_of(request))
    if "wrong" in more:
        values["wrong"] = {**values["wrong"], **more.pop("wrong")}
    return pages.page(request, "voyage/planner.html", status=status, title=texts.TITLE, **{**values, **more})


@get("/redraw")
async def redraw(request: pages.AnyRequest) -> dict[str, Any]:
    """The answer to a change, as parts of the page; what may come next is run ahead."""
    plan, known = _plan(request), rehearsal(request)
    values = await view.of(known, plan, pages.speech_of(request), signs=False)
    answer = values["answer"]
    told = {name: values[name] for name in ("wrong", "problem", "query", "alone")}
    if answer is None:
        return {**told, "html": "", "said": values["problem"], "covered": False}
    known.run_ahead(_next(request, plan))
    html = pages.render(request, "voyage/parts.html", **values)
    return {**told, "html": html, "said": f"{values['sentence']}.", "covered": answer.covered}


@get("/ahead", status_code=204)
async def ahead(request: pages.AnyRequest) -> None:
    """A hand is on a field: what it may ask next is run already."""
    rehearsal(request).run_ahead(_next(request, _plan(request)))


def _next(request: pages.AnyRequest, plan: Plan) -> list[Any]:
    query = request.query_params
    return guesses.following(plan, query.get("hand", ""), query.get("step", ""))


@get("/cures")
async def cures(request: pages.AnyRequest) -> Response[Any]:
    """What would cover the trip; nothing where it is covered, or where nobody waits for it any more."""
    known, trip = rehearsal(request), read(_plan(request)).trip
    if trip is None:
        return Response(None, status_code=204)
    answer = await known.answer(trip)
    if answer.covered:
        return Response(None, status_code=204)
    watch = asyncio.create_task(_hung_up(request))
    try:
        found = await known.cures(answer, watch.done)
    finally:
        watch.cancel()
    if found is None:
        return Response(None, status_code=204)
    told = view.cures(voyage.with_cures(answer, found))
    return Response({"html": pages.render(request, "voyage/cures.html", cures=told), "rest": view.rest(found)})


async def _hung_up(request: Request[Any, Any, Any]) -> None:
    """Ends when the browser no longer waits."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


@get("/story")
async def story(request: pages.AnyRequest) -> Response[str]:
    """The plan as a story that passes. Raises InputError where the plan cannot be."""
    reading = read(_plan(request))
    if reading.trip is None:
        raise InputError(next(iter(reading.wrong.values())))
    answer = await rehearsal(request).answer(reading.trip)
    name = f'attachment; filename="voyage-of-{reading.trip.days}-days.yaml"'
    text = voyage.write(answer.trip, answer.result)
    return Response(text, media_type="application/yaml; charset=utf-8", headers={"content-disposition": name})


@post("/load")
async def load(request: pages.AnyRequest) -> Response[Any]:
    """The plan of a story that is uploaded; a story that cannot be shown is refused, and the plan stays."""
    form = await request.form()
    file = form.get("file")
    plan = Plan.of_query(str(form.get("plan", "")))
    try:
        trip = stories.trip_of(await _uploaded(file))
    except NexuslicError as error:
        address = f"/voyage?{plan.query}"
        return await _page(request, plan, status=422, wrong={"file": str(error)}, address=address)
    return Redirect(f"/voyage?{Plan.of_trip(trip).query}", status_code=303)


async def _uploaded(file: object) -> bytes:
    if not isinstance(file, UploadFile) or not file.filename:
        raise InputError(texts.NO_FILE)
    return await file.read()


router = Router("/voyage", route_handlers=[planner, redraw, ahead, cures, story, load])
