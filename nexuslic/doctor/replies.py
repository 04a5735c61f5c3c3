"""What answered in the license server's place, as far as it can be told without trusting it.

A network that has to be signed in to (a captive portal) answers with a page of its own, sends on to one, or says so
with status 511. Nothing of an answer that is not signed is ever printed but its status and the host it leads to.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from nexuslic.doctor.contact import Look
from nexuslic.doctor.cures import MEANWHILE, SIGN_IN
from nexuslic.rules.record import Granted
from nexuslic.rules.words import Cause

_PORTAL = "this network wants to be signed in to, and answers in the license server's place"
_SIGN_IN_STATUS = 511


def text(look: Look) -> str:
    """What was answered."""
    if look.cause is None:
        return f"signed by the license server{': granted' if isinstance(look.contact, Granted) else ''}"
    status = look.watch.status
    if status is None:
        return "the license server took the request and did not answer"
    if status != HTTPStatus.OK:
        return f"answered with status {status}{_leads(look)}"
    if _page(look):
        return "answered with a web page"
    if look.reply is None:
        return "the answer did not come to its end"
    return "an answer came that no key of the vendor bundle has signed for this request"


def _leads(look: Look) -> str:
    """Where a redirect leads."""
    place = look.watch.headers.get("location", "")
    try:
        host = urlsplit(place).hostname or ""
    except ValueError:
        return ""
    shown = "".join(letter for letter in host[:255] if letter.isprintable())
    return f", which leads to {shown}" if shown else ""


def _page(look: Look) -> bool:
    kind = look.watch.headers.get("content-type", "").lower()
    return "html" in kind or (look.reply or b"").lstrip()[:1] == b"<"


def cures(look: Look) -> tuple[str, tuple[str, ...]] | None:
    """What this answer means and what to do; None where the cause says all that is known."""
    status = look.watch.status or 0
    if status == _SIGN_IN_STATUS or 300 <= status <= 399 or (status == HTTPStatus.OK and _page(look)):
        return _PORTAL, SIGN_IN
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "the license server was asked too often from here", ("Wait for an hour, then try again.", MEANWHILE)
    if look.cause is Cause.PROXY:
        asks = "Ask whoever runs the proxy for a name and a password, and put them into the system's proxy setting."
        return "a proxy asks for a name and a password", (asks, MEANWHILE)
    return None
