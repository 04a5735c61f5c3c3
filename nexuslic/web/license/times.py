"""Times as the reader's wall clock shows them, and in UTC beside it.

The browser says where it is by a cookie; before it has said so, only UTC is shown.
"""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import attrs

from nexuslic.web.pages import AnyRequest, speech_of
from nexuslic.web.speech import Speech

COOKIE: Final = "zone"


@attrs.frozen
class Times:
    """How one reader is told of times (UTC)."""

    speech: Speech

    @classmethod
    def of(cls, request: AnyRequest) -> "Times":
        """Those of who asks."""
        return cls(attrs.evolve(speech_of(request), zone=zone(request.cookies.get(COOKIE, ""))))

    @property
    def zone(self) -> str:
        """The reader's zone; "" where it is UTC, or not known."""
        return "" if _is_utc(self.speech) else self.speech.zone.key.replace("_", " ")

    def local(self, at: datetime) -> str:
        """On the reader's wall clock, which is UTC where it is not known."""
        speech = self._speech(at)
        return speech.utc(at) if _is_utc(speech) else speech.moment(at)

    def utc(self, at: datetime) -> str:
        """In UTC, said so."""
        return self.speech.utc(at)

    def clock(self, at: datetime) -> str:
        """Only the time of day, for what is a few minutes old."""
        return self._speech(at).time(at)

    def beside(self, at: datetime) -> str:
        """UTC beside the reader's own: the day is left out where it is the same."""
        utc = attrs.evolve(self.speech, zone=ZoneInfo("UTC"))
        same = self._speech(at).date(at) == utc.date(at)
        return f"{utc.time(at)} UTC" if same else utc.utc(at)

    def _speech(self, at: datetime) -> Speech:
        """The last day of the calendar is not there in every zone: then it is told in UTC."""
        try:
            at.astimezone(self.speech.zone)
        except OverflowError:
            return attrs.evolve(self.speech, zone=ZoneInfo("UTC"))
        return self.speech

    def exact(self, at: datetime) -> str:
        """For a program: the `datetime` of a `time`."""
        return at.astimezone(UTC).isoformat(timespec="seconds")

    def both(self, at: datetime) -> str:
        """Within a sentence."""
        return f"{self.local(at)} ({self.beside(at)})" if self.zone else self.utc(at)


def _is_utc(speech: Speech) -> bool:
    return speech.zone.key == "UTC"


def zone(name: str) -> ZoneInfo:
    """The zone that a browser names; UTC where it names none that is known."""
    try:
        return ZoneInfo(unquote(name))
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
