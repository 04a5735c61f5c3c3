"""What the vendor granted: the key, the terms, and the certificate that carries them.

A license key is 13 digits, the last an ISO/IEC 7064 MOD 11,10 check digit; spaces and hyphens are ignored on
input. A certificate is the terms + binding + the license server's time + the request's nonce (rules: Words).
"""

import re
from datetime import UTC, datetime

import attrs
from stdnum.iso7064 import mod_11_10

from nexuslic.errors import InputError, MistypedKey
from nexuslic.rules.binding import Binding
from nexuslic.rules.words import LicenseType

KEY_DIGITS = 13


@attrs.frozen
class LicenseKey:
    """13 digits, the last one their check digit."""

    digits: str

    def __attrs_post_init__(self) -> None:
        if not (
            len(self.digits) == KEY_DIGITS
            and self.digits.isascii()
            and self.digits.isdigit()
            and mod_11_10.is_valid(self.digits)
        ):
            raise MistypedKey("the license key is mistyped: its check digit does not fit; compare it digit by digit")

    @classmethod
    def parse(cls, text: str) -> "LicenseKey":
        """The key that a person typed; spaces and hyphens are ignored. Raises MistypedKey."""
        digits = re.sub(r"[\s-]+", "", text)
        if not re.fullmatch(r"[0-9]*", digits) or len(digits) != KEY_DIGITS:
            raise MistypedKey(f"the license key is mistyped: a key has {KEY_DIGITS} digits")
        return cls(digits)

    @classmethod
    def from_number(cls, number: int) -> "LicenseKey":
        """The key whose first 12 digits are `number` (0 to 10**12 - 1)."""
        body = f"{number:0{KEY_DIGITS - 1}d}"
        return cls(body + mod_11_10.calc_check_digit(body))

    def __str__(self) -> str:
        d = self.digits
        return f"{d[:4]}-{d[4:8]}-{d[8:]}"


@attrs.frozen
class Version:
    """An application's version, compared number by number: 6.10 is newer than 6.2."""

    numbers: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> "Version":
        """The version written as numbers with dots. Raises InputError."""
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6}){0,5}", text.strip()):
            raise InputError(f"{text!r} is no version: write numbers with dots, such as 6.10")
        numbers = [int(part) for part in text.strip().split(".")]
        while len(numbers) > 2 and numbers[-1] == 0:
            numbers.pop()
        return cls(tuple(numbers) if len(numbers) > 1 else (*numbers, 0))

    def older_than(self, other: "Version") -> bool:
        """Whether this version came before `other`, number by number."""
        return self.numbers < other.numbers

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers))


@attrs.frozen
class Extension:
    """Extra days of grace, carried by every grant at or before `until` (UTC)."""

    days: int
    until: datetime


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)


@attrs.frozen
class License:
    """The terms: who may run, how many, and for how long without contact.

    `grace_days` are days of 24 hours; `ends` is the last instant of the term (UTC), or None.
    """

    organisation: str
    type: LicenseType
    seats: int
    grace_days: int
    minimum_version: Version
    ends: datetime | None = attrs.field(converter=_utc)


@attrs.frozen
class Certificate:
    """A grant: the terms for one binding, at the license server's time, over one request's nonce.

    `granted_at` is UTC in whole seconds; `extra_days` is the extension that this grant carries.
    """

    key: LicenseKey
    license: License
    binding: Binding
    granted_at: datetime
    nonce: str
    extra_days: int
