"""An act from a page: the very work of its route, once, under the token's name; on one license only as it was seen."""

from typing import Final

from nexuslic.errors import NexuslicError
from nexuslic.rules.license import LicenseKey
from nexuslic.server import acts, doing, queries
from nexuslic.server.acts import Act, Answered, Done
from nexuslic.server.forms import AuditLine
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.web.console import entry, texts
from nexuslic.web.console.entry import CODE_FIELD
from nexuslic.web.pages import AnyRequest

ONCE: Final = "once"
"""The field that a form's idempotency key is in: a form that is sent twice is done once."""

SEEN: Final = "seen"
"""The field with the last act on a license that its page has shown."""

_LONGEST = 255


class Meanwhile(NexuslicError):
    """Somebody acted on the license since its page was shown; nothing was done. `lines` say what happened."""

    def __init__(self, lines: list[AuditLine]) -> None:
        super().__init__(texts.MEANWHILE)
        self.lines = lines


async def perform(request: AnyRequest, name: str, work: doing.Work) -> Answered:
    """Do what a form asks for, once. Raises what `work` raises."""
    form, state = entry.form_of(request), request.app.state
    told = sorted((field, value) for field, value in form.items() if field != CODE_FIELD)
    asked = f"{request.method} {request.url.path}\n{told!r}".encode("utf-8", "surrogateescape")
    act = Act(name, entry.visitor_of(request).actor, work, form.get(ONCE, "")[:_LONGEST], asked)
    return await acts.once(state.writer, state.service.clock, act)


def as_seen(key: LicenseKey, seen: int, work: doing.Work) -> doing.Work:
    """The same work, where nobody acted on the license behind line `seen`; else it raises Meanwhile."""

    def checked(registry: SqlRegistry) -> Done:
        registry.load_whole([key], lock=True)
        lines = queries.acts_behind(registry.connection, seen, key)
        if lines:
            raise Meanwhile(lines)
        return work(registry)

    return checked


def seen_of(form: dict[str, str]) -> int:
    """The last act that the page of a form has shown."""
    told = form.get(SEEN, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else 0
