"""Values to bytes and back: canonical JSON with a format number.

The same value always gives the same bytes (sorted keys, no spaces, ASCII), because a renewal code is signed over a
certificate that the client rebuilds. Reading is exact: no unknown key, no number for a text, no truth for a number.
"""

import json
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from nexuslic.errors import NexuslicError, UntrustedReply
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, LicenseKey, Version
from nexuslic.rules.license_time import Ledger, Mark
from nexuslic.rules.record import Record
from nexuslic.rules.words import DENIALS, LicenseType, Reason, State
from nexuslic.trust import base64url
from nexuslic.trust.keys import SEPARATOR, KeySet, TrustedKey

FORMAT = 1
MAX_BYTES = 64 * 1024

T = TypeVar("T")


class Ask(Enum):
    """What a request wants."""

    AUTHENTICATE = "authenticate"
    CONFIRM = "confirm"


@attrs.frozen
class Request:
    """What a client asks of the license server; `nonce` is 16 random bytes as hex."""

    ask: Ask
    key: LicenseKey
    binding: Binding
    version: Version
    nonce: str


@attrs.frozen
class Malformed:
    """A request like any other, but for its `key`, which is no license key."""

    ask: Ask
    key: str
    binding: Binding
    version: Version
    nonce: str


@attrs.frozen
class Denial:
    """A signed refusal of one request."""

    reason: Reason
    binding: Binding
    nonce: str
    denied_at: datetime

    def __attrs_post_init__(self) -> None:
        if self.reason not in DENIALS:
            raise UntrustedReply("a denial has one of the reasons of the rules")


@attrs.frozen
class SealedRecord:
    """What is sealed of a record: all but the certificate, which only its signed form (`proof`) vouches for.

    The announcements that a record's proof carries stand before the seal, so that they can be read to open it.
    """

    id: str
    proof: str
    state: State
    refused: Reason | None
    ledger: Ledger
    last_good: datetime | None

    @classmethod
    def of(cls, record: Record) -> "SealedRecord":
        """What is to be sealed of `record`."""
        token = record.proof.rpartition(SEPARATOR)[2]
        return cls(record.id, token, record.state, record.refused, record.ledger, record.last_good)

    def opened(self, certificate: Certificate, announced: str) -> Record:
        """The record, with the certificate that its proof was verified to hold, and what stood before it."""
        proof = announced + self.proof
        return Record(self.id, certificate, proof, self.state, self.refused, self.ledger, self.last_good)


@attrs.frozen
class Pending:
    """The one renewal request that a workstation waits for an answer to."""

    key: LicenseKey
    binding: Binding
    version: Version
    nonce: str


@attrs.frozen
class WrappedKey:
    """A sealing key for whoever has an older one: `sealed` is a compact JWE of its 32 bytes by the key `under`."""

    id: str
    under: str
    sealed: str


@attrs.frozen
class Announcement:
    """What the vendor tells of its keys: new ones, and since when (UTC) one is retired; `number` counts from 1."""

    number: int
    announced_at: datetime
    signing_keys: tuple[TrustedKey, ...]
    sealing_keys: tuple[WrappedKey, ...]


def _exact(kind: type) -> Any:
    def structure(value: object, _: object) -> object:
        if type(value) is not kind:
            raise ValueError(f"expected {kind.__name__}")
        return value

    return structure


_exact_text = _exact(str)
_version = lru_cache(maxsize=64)(Version.parse)


def _time(value: object, _: object) -> datetime:
    if type(value) is not str:
        raise ValueError("expected a time as text")
    at = datetime.fromisoformat(value)
    if at.tzinfo is not UTC:
        raise ValueError("expected a time in UTC")
    return at


def _tuple_reader(kind: Any, converter: cattrs.Converter) -> Any:
    """Reads a list, and nothing else that can be walked through."""
    (item, _) = get_args(kind)

    def structure(value: object, _: object) -> object:
        if type(value) is not list:
            raise ValueError("expected a list")
        return tuple(converter.structure(one, item) for one in value)

    return structure


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=False)
    for kind in (int, str, bool):
        converter.register_structure_hook(kind, _exact(kind))
    converter.register_structure_hook(datetime, _time)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(LicenseKey, lambda text, _: LicenseKey(_exact_text(text, str)))
    converter.register_unstructure_hook(LicenseKey, lambda key: key.digits)
    converter.register_structure_hook(Version, lambda text, _: _version(_exact_text(text, str)))
    converter.register_unstructure_hook(Version, str)
    converter.register_structure_hook(bytes, lambda text, _: base64url.decode(_exact_text(text, str).encode("ascii")))
    converter.register_unstructure_hook(bytes, lambda data: base64url.encode(data).decode("ascii"))
    converter.register_structure_hook_factory(_is_tuple, _tuple_reader)
    keys = tuple[TrustedKey, ...]
    converter.register_structure_hook(KeySet, lambda body, _: KeySet(converter.structure(body, keys)))
    converter.register_unstructure_hook(KeySet, lambda known: converter.unstructure(known.keys, keys))
    for words in (State, Reason, LicenseType, Ask):
        converter.register_structure_hook(words, lambda text, cls: cls(_exact_text(text, str)))
        converter.register_unstructure_hook(words, lambda word: word.value)
    return converter


_CONVERTER = _converter()


_WRITERS: dict[type, tuple[str, Any]] = {}
_READERS: dict[type, tuple[str, Any]] = {}


def _writer(kind: type) -> tuple[str, Any]:
    """The name of that kind on the wire, and what writes it."""
    if kind not in _WRITERS:
        _WRITERS[kind] = name_in_wire(kind), make_dict_unstructure_fn(kind, _CONVERTER)
    return _WRITERS[kind]


_SEALED = (SealedRecord, Mark, Pending)
_NAMES: dict[type, str] = {SealedRecord: "record", Malformed: "request"}
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def encode(value: attrs.AttrsInstance) -> bytes:
    """The canonical bytes of a value of this module, a certificate, a mark, or a file of the vendor's."""
    name, write = _writer(type(value))
    return _JSON.encode({"format": FORMAT, name: write(value)}).encode("ascii")


def name_in_wire(kind: type) -> str:
    """The key under which a value of that kind stands."""
    return _NAMES.get(kind, kind.__name__.lower())


def _reader(kind: type) -> tuple[str, Any]:
    if kind not in _READERS:
        _READERS[kind] = name_in_wire(kind), make_dict_structure_fn(kind, _CONVERTER)
    return _READERS[kind]


def name_of(data: bytes) -> str:
    """Which kind of value `data` holds ("" if it holds none). Raises UntrustedReply where it is no such JSON."""
    return next((name for name in _load(data) if name != "format"), "")


def decode(data: bytes, kind: type[T]) -> T:
    """The value in `data`. Raises UntrustedReply where it is anything but exactly that."""
    body = _load(data, ours=kind in _SEALED)
    name, read = _reader(kind)
    if len(body) != 2 or name not in body or body.get("format") != FORMAT or type(body["format"]) is not int:
        raise UntrustedReply(f"no {name} in format {FORMAT}")
    try:
        value: T = read(body[name], kind)
    except (ValueError, TypeError, KeyError, AttributeError, NexuslicError, cattrs.BaseValidationError) as error:
        raise UntrustedReply(f"no {name} in format {FORMAT}") from error
    except cattrs.ForbiddenExtraKeysError as error:
        raise UntrustedReply(f"no {name} in format {FORMAT}") from error
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


_ANY, _UNIQUE = json.JSONDecoder(), json.JSONDecoder(object_pairs_hook=_unique)


def _load(data: bytes, *, ours: bool = False) -> dict[str, Any]:
    """The JSON object in `data`; `ours`: it was sealed here, so that no key stands there twice."""
    if len(data) > MAX_BYTES:
        raise UntrustedReply("more than 64 KiB")
    try:
        body = (_ANY if ours else _UNIQUE).decode(data.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise UntrustedReply("not understood") from error
    if not isinstance(body, dict):
        raise UntrustedReply("not understood")
    return body
