"""Someone on the wire, who answers in the license server's place; the license server is none the wiser.

They have seen all that the vendor ever signed, and any key but the vendor's signs for them (rules: Always true, 6).
What they could never get, a grant that the vendor signed for another nonce or another database, is made here with the
vendor's own key: the worst that could be replayed.
"""

from datetime import datetime
from functools import cache

import attrs

from nexuslic.issuing import grant
from nexuslic.issuing.registry import Registry
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate
from nexuslic.simulation.network import Tamper
from nexuslic.trust import wire
from nexuslic.trust.keys import SigningKey
from nexuslic.trust.wire import Denial, Request

HTML = b"<!doctype html><title>Welcome aboard</title><p>Please accept the terms of this network.</p>"


@cache
def signing_key(name: str) -> SigningKey:
    """The vendor's key of a simulated world; any other name is somebody else's key."""
    return SigningKey(name, name.encode("ascii").ljust(32, b"."))


@attrs.frozen
class Someone:
    """`registry` is a copy that they may change; `now` (UTC) the license server's time, `before` its last reply."""

    registry: Registry
    signatory: Signatory
    now: datetime
    before: bytes

    def answers(self, tamper: Tamper, raw: bytes) -> bytes:
        """What arrives in the place of the reply to the request `raw`."""
        request = wire.decode(raw, Request)
        reply = grant.answer(raw, self.registry, self.signatory, self.now)
        match tamper:
            case Tamper.HTML:
                return HTML
            case Tamper.TRUNCATED:
                return reply[: len(reply) // 2]
            case Tamper.HUGE:
                return reply + b"A" * wire.MAX_BYTES
            case Tamper.REPLAYED if self.before:
                return self.before
            case Tamper.REPLAYED | Tamper.STALE:
                return self._signed(attrs.evolve(request, nonce="0" * 32), self.signatory)
            case Tamper.FORGED:
                return self._signed(request, self._forger())
            case Tamper.OTHER_BINDING:
                elsewhere = Binding(request.binding.server + "-2", request.binding.database)
                return self._signed(attrs.evolve(request, binding=elsewhere), self.signatory)

    def _forger(self) -> Signatory:
        """Somebody who says that theirs is the vendor's key, and repeats what the vendor announces."""
        key = attrs.evolve(signing_key("somebody"), id=self.signatory.signing.id)
        return Signatory(key, key, self.signatory.announcements)

    def _signed(self, request: Request, signatory: Signatory) -> bytes:
        """A grant that the vendor never meant for this request."""
        issued = self.registry.find(request.key)
        now = self.now.replace(microsecond=0)
        value: Certificate | Denial = (
            grant.decide(request, self.registry, now) if issued is None else grant.certificate(issued, request, now)
        )
        return grant.reply(value, signatory)
