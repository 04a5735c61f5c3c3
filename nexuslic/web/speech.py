"""Numbers, dates and times as people where the browser is at home write them; texts are English, in texts.py."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import attrs
from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent

KNOWN: Final = ("en_GB", "de_DE", "nb_NO")
_OTHER_NAMES: Final = {"en": "en_GB", "de": "de_DE", "nb": "nb_NO", "no": "nb_NO", "nn": "nb_NO"}


@attrs.frozen
class Speech:
    """How values are written; `zone`: the wall clock of the reader (UTC where unknown)."""

    locale: Locale
    zone: ZoneInfo

    @classmethod
    def of(cls, accepted: str, zone: ZoneInfo | None = None) -> "Speech":
        """By a browser's `Accept-Language`."""
        wanted = [part.split(";")[0].strip().replace("-", "_") for part in accepted.split(",") if part.strip()]
        names = [_OTHER_NAMES.get(name, name) for name in wanted]
        names += [_OTHER_NAMES.get(name.split("_")[0], name) for name in wanted]
        return cls(Locale.parse(negotiate_locale(names, KNOWN) or KNOWN[0]), zone or ZoneInfo("UTC"))

    @property
    def tag(self) -> str:
        """For the `lang` of dates: `en-GB`."""
        return str(self.locale).replace("_", "-")

    def number(self, value: float) -> str:
        """1,234.5 or 1.234,5."""
        return str(format_decimal(value, locale=self.locale))

    def percent(self, value: float) -> str:
        """A share of 1."""
        return str(format_percent(value, "#,##0.#\u00a0%", locale=self.locale))

    def date(self, at: datetime) -> str:
        """The date on the reader's wall clock."""
        return str(format_date(at.astimezone(self.zone).date(), "medium", locale=self.locale))

    def time(self, at: datetime) -> str:
        """The time on the reader's wall clock."""
        return str(format_time(at.astimezone(self.zone), "short", locale=self.locale))

    def moment(self, at: datetime) -> str:
        """Date and time on the reader's wall clock."""
        return str(format_datetime(at.astimezone(self.zone), "d MMM y HH:mm", locale=self.locale))

    def utc(self, at: datetime) -> str:
        """Date and time in UTC, said so."""
        return f"{format_datetime(at.astimezone(UTC), 'd MMM y HH:mm', locale=self.locale)} UTC"
