"""Faults of the contact: what is asked, which answers are trusted, and which cause is told."""

from typing import Any

import attrs

from nexuslic.rules.license import Certificate
from nexuslic.rules.record import Contact, Denied, NoContact
from nexuslic.rules.words import Cause, Reason
from nexuslic.scenario.decoration.fault import Fault
from nexuslic.trust import announcing, signing
from nexuslic.trust.keys import KeySet, KnownKeys
from nexuslic.trust.wire import Denial

_RULE = "Contact"
_VERIFY = "nexuslic.trust.signing:verify"
_ASK = "nexuslic.client:ask_for"


class _Anybody:
    """A key by which everything is signed."""

    retired = None

    @property
    def verifier(self) -> "_Anybody":
        return self

    def verify(self, signature: bytes, signed: bytes) -> None:
        return None


class _Gullible(KeySet):
    """Keys that trust whoever has signed."""

    def find(self, head: bytes) -> Any:
        return _Anybody()


def _trusting(keys: KeySet) -> KeySet:
    return _Gullible(keys.keys)


def _answered(reply: bytes, known: KnownKeys) -> Certificate | Denial:
    """What a reply says, whatever it answers."""
    known, token = announcing.told(known, reply)
    return signing._opened(token, known.keys)


def _refusing(answer: Contact) -> Contact:
    """A reply that cannot be trusted as a refusal."""
    untrusted = isinstance(answer, NoContact) and answer.cause is Cause.UNTRUSTED_REPLY
    return Denied(Reason.REVOKED) if untrusted else answer


def _silent(answer: Contact) -> Contact:
    return NoContact(Cause.UNTRUSTED_REPLY) if isinstance(answer, Denied) else answer


def _offline(answer: Contact) -> Contact:
    return NoContact(Cause.OFFLINE) if isinstance(answer, NoContact) else answer


def _latest(causes: frozenset[Cause]) -> Cause | None:
    return next((cause for cause in reversed(Cause) if cause in causes), None)


FAULTS = (
    Fault(
        "signature-not-verified",
        "Nobody checks whether the vendor has signed.",
        _RULE,
        "a reply that is forged",
        "nexuslic.trust.jws:read",
        lambda real: lambda token, keys: real(token, _trusting(keys)),
    ),
    Fault(
        "nonce-not-compared",
        "A reply counts also where it answers another request.",
        _RULE,
        "a reply that is replayed or stale",
        _VERIFY,
        lambda real: lambda reply, nonce, binding, known: real(reply, _answered(reply, known).nonce, binding, known),
    ),
    Fault(
        "binding-of-the-reply-not-compared",
        "A reply counts also where it answers for another database.",
        _RULE,
        "a reply of tamper `other-binding`",
        _VERIFY,
        lambda real: lambda reply, nonce, binding, known: real(reply, nonce, _answered(reply, known).binding, known),
    ),
    Fault(
        "stored-proof-not-verified",
        "Nobody checks whether the vendor has signed the certificate that a record holds.",
        "Words",
        "a record of damage `forged`",
        "nexuslic.trust.sealing:verify_stored",
        lambda real: lambda token, keys: real(token, _trusting(keys)),
    ),
    Fault(
        "code-not-verified",
        "Nobody checks whether the vendor has signed a renewal code.",
        "Support at a distance",
        "a code that is `foreign` or `older`",
        "nexuslic.trust.codes:read_answer",
        lambda real: (
            lambda code, pending, terms, known: real(
                code, pending, terms, attrs.evolve(known, keys=_trusting(known.keys))
            )
        ),
    ),
    Fault(
        "no-reply-trusted",
        "Every reply is taken for one that answers another request.",
        _RULE,
        "an authentication in contact",
        _VERIFY,
        lambda real: lambda reply, nonce, binding, known: real(reply, nonce[::-1], binding, known),
    ),
    Fault(
        "untrusted-is-a-refusal",
        "A reply that cannot be trusted counts as a refusal.",
        _RULE,
        "a captive portal, and a launch that runs",
        _ASK,
        lambda real: lambda *given: _refusing(real(*given)),
    ),
    Fault(
        "refusal-is-no-contact",
        "What the license server denies counts as no contact.",
        _RULE,
        "a license that is suspended, and a launch in contact",
        _ASK,
        lambda real: lambda *given: _silent(real(*given)),
    ),
    Fault(
        "cause-always-offline",
        "Whatever is in the way, it is said that there is no network.",
        _RULE,
        "a fault of another cause, and a launch that tells it",
        _ASK,
        lambda real: lambda *given: _offline(real(*given)),
    ),
    Fault(
        "latest-cause-told",
        "Where several causes apply, the latest one is told.",
        _RULE,
        "two faults at once",
        "nexuslic.simulation.network:earliest",
        lambda real: _latest,
    ),
    Fault(
        "cause-told-of-a-grant",
        "A launch that was confirmed tells a cause of no contact.",
        _RULE,
        "a launch in contact with `cause: none`",
        "nexuslic.rules.decision:_granted",
        lambda real: lambda *given: attrs.evolve(real(*given), cause=Cause.OFFLINE),
    ),
    Fault(
        "cause-told-of-a-refusal",
        "A launch that the license server has refused tells a cause of no contact.",
        _RULE,
        "a license that is suspended, and a launch in contact with `cause: none`",
        "nexuslic.rules.decision:_denied",
        lambda real: lambda *given: attrs.evolve(real(*given), cause=Cause.UNTRUSTED_REPLY),
    ),
    Fault(
        "cause-forgotten",
        "A launch without contact does not tell why.",
        _RULE,
        "a launch without contact, and its cause",
        "nexuslic.rules.decision:_alone",
        lambda real: lambda *given: attrs.evolve(real(*given), cause=None),
    ),
)
