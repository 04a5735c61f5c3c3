"""Times as the reader's wall clock shows them, and in UTC beside it.

The browser says where it is by a cookie; before it has said so, only UTC is shown.
"""

from datetime import UTC, datetime
from typing import Final
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
        return "" if self.speech.zone.key == "UTC" else self.speech.zone.key.replace("_", " ")

    def local(self, at: datetime) -> str:
        """On the reader's wall clock; the last day of the calendar has none everywhere."""
        if not self.zone:
            return self.utc(at)
        try:
            return self.speech.moment(at)
        except OverflowError:
            return self.utc(at)

    def utc(self, at: datetime) -> str:
        """In UTC, said so."""
        return self.speech.utc(at)

    def exact(self, at: datetime) -> str:
        """For a program: the `datetime` of a `time`."""
        return at.astimezone(UTC).isoformat(timespec="seconds")

    def both(self, at: datetime) -> str:
        """Within a sentence."""
        return f"{self.local(at)} ({self.utc(at)})" if self.zone else self.utc(at)


def zone(name: str) -> ZoneInfo:
    """The zone that a browser names; UTC where it names none that is known."""
    try:
        return ZoneInfo(name.replace("%2F", "/"))
    except (ValueError, OSError):
        return ZoneInfo("UTC")
