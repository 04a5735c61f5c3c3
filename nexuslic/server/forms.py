"""What goes over HTTP in the vendor's routes: exact forms, which are the OpenAPI schema as well.

An unknown field is refused. Times carry a zone; days are days of 24 hours. A license key is written with hyphens in
answers, and read with or without them.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from nexuslic.errors import InputError
from nexuslic.rules.license import Version
from nexuslic.rules.words import LicenseType

T = TypeVar("T")

MOST_DAYS = 36_500
MOST_SEATS = 100_000

Name = Annotated[str, Meta(min_length=1, max_length=200, description="letters that can be read, and not spaces only")]
Days = Annotated[int, Meta(ge=0, le=MOST_DAYS)]
Seats = Annotated[int, Meta(ge=0, le=MOST_SEATS)]
VersionText = Annotated[str, Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,6}){0,5}$", max_length=41, examples=["6.2"])]
Moment = Annotated[datetime, Meta(tz=True, examples=["2026-12-31T23:59:59+00:00"])]
ScopeName = Literal["support", "admin"]


class Form(Struct, forbid_unknown_fields=True, kw_only=True):
    """Something that is sent to the license server."""


class ExtensionForm(Form):
    """Extra days of grace for every grant up to a moment."""

    days: Days
    until: Moment


class NewLicense(Form):
    """The terms of a license to be issued."""

    organisation: Name
    type: LicenseType = LicenseType.CONCURRENT
    seats: Seats = 1
    grace_days: Days = 30
    minimum_version: VersionText = "0.0"
    ends: Moment | None = None
    extension: ExtensionForm | None = None


class ManyLicenses(Form):
    """A list of customers: all are issued, or none."""

    licenses: Annotated[list[NewLicense], Meta(min_length=1, max_length=10_000)]


class Changes(Form):
    """The terms to change; what is left out stays."""

    organisation: Name | UnsetType = UNSET
    type: LicenseType | UnsetType = UNSET
    seats: Seats | UnsetType = UNSET
    grace_days: Days | UnsetType = UNSET
    minimum_version: VersionText | UnsetType = UNSET
    ends: Moment | UnsetType | None = UNSET


class CodeForm(Form):
    """A request code as it was read over the radio."""

    code: Annotated[str, Meta(min_length=1, max_length=8_000)]


class NewToken(Form):
    """A token to be made."""

    name: Name
    scope: ScopeName = "support"
    expires_at: Moment | None = None


class BindingView(Struct, kw_only=True):
    """Where a key is bound, and since when."""

    server: str
    database: str
    since: datetime


class ExtensionView(Struct, kw_only=True):
    """Extra days, and the last moment whose grants carry them."""

    days: int
    until: datetime


class LicenseView(Struct, kw_only=True):
    """One key with all that is kept of it; `standing` says in a word what a client would be told."""

    key: str
    organisation: str
    type: LicenseType
    seats: int
    grace_days: int
    minimum_version: str
    ends: datetime | None
    extension: ExtensionView | None
    standing: Literal["unused", "active", "suspended", "ended", "revoked"]
    issued_at: datetime
    binding: BindingView | None
    bindings: int


class LicenseDetail(LicenseView, kw_only=True):
    """One key, when a client of it was last granted something, and why its history looks odd (empty: it does not)."""

    last_grant: datetime | None
    suspicion: str


class LicensePage(Struct, kw_only=True):
    """Some licenses in the order of their keys; `next` is the `after` of the page that follows."""

    items: list[LicenseView]
    next: str | None


class Issued(Struct, kw_only=True):
    """What was issued, in the order of the list."""

    items: list[LicenseView]


class History(Struct, kw_only=True):
    """Where a key was bound, oldest first, and why that looks odd (empty: it does not)."""

    key: str
    items: list[BindingView]
    suspicion: str


class CodeAnswer(Struct, kw_only=True):
    """The renewal code to read back, and what it grants."""

    code: str
    key: str
    organisation: str
    binding: str
    grace_days: int
    extra_days: int


class TokenView(Struct, kw_only=True):
    """A token as it is kept: never its secret."""

    id: str
    name: str
    scope: ScopeName
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewTokenView(TokenView, kw_only=True):
    """A new token with its text, which is shown this once."""

    token: str


class TokenList(Struct, kw_only=True):
    """All tokens, oldest first."""

    items: list[TokenView]


class AuditLine(Struct, kw_only=True):
    """One line of the audit trail."""

    seq: int
    at: datetime
    who: str
    origin: str
    act: str
    key: str | None
    detail: dict[str, Any]
    hash: str


class AuditPage(Struct, kw_only=True):
    """Lines in their order; `next` is the `after` that goes on behind them, also when there are none yet."""

    items: list[AuditLine]
    next: int


class BadForm(InputError):
    """A body that is not the form that its route takes."""


def read(body: bytes, kind: type[T]) -> T:
    """The form in a body: no unknown field, no number as text. Raises BadForm."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        told = str(error) if isinstance(error, msgspec.ValidationError) else "it is no JSON, or nested without end"
        raise BadForm(f"the body does not fit ({told}): send what GET /openapi.json says of this route") from error


def to_builtins(form: Struct) -> Any:
    """The form as JSON types."""
    return msgspec.to_builtins(form, enc_hook=_plain)


def encode(form: Struct) -> str:
    """The form as JSON."""
    return msgspec.json.encode(form, enc_hook=_plain).decode("utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, Version):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form")
