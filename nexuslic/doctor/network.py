"""The network half of a launch: what the contact came by, as one finding for each step.

The cause is the contact's own. The step that it stopped at is bad, the ones before are good, the ones after were not
reached. Where the bad step alone does not say it, the handshakes that probed and what was answered do.
"""

import ssl
from collections.abc import Callable
from datetime import datetime

import attrs

from nexuslic.adapters.probing import Answer, Probed, Stage
from nexuslic.doctor import certificate, replies
from nexuslic.doctor.certificate import Shown
from nexuslic.doctor.contact import Look
from nexuslic.doctor.cures import CURES, CUT, MEANWHILE
from nexuslic.doctor.findings import Finding, Level, Step, good, not_reached
from nexuslic.rules.explain import CAUSES, utc
from nexuslic.rules.words import Cause

_AT = {
    Stage.SETTING_OUT: Step.PROXY,
    Stage.NAME: Step.DNS,
    Stage.CONNECTION: Step.TCP,
    Stage.WAY: Step.WAY,
    Stage.HANDSHAKE: Step.TLS,
    Stage.REPLY: Step.REPLY,
}
STEPS = (Step.NETWORK, Step.PROXY, Step.DNS, Step.TCP, Step.TLS, Step.CERTIFICATE, Step.REPLY)
"""The steps of a contact; with a proxy there is one more, the way that it opens."""
_IN_CLEAR = "WRONG_VERSION_NUMBER"
"""OpenSSL's reason where the peer answers something else than TLS."""

_CUT = "TLS cannot be begun with what answers there: it is cut off, or it is no license server"


def stopped_at(look: Look) -> Step | None:
    """The step at which there was no contact any more; None where there was contact."""
    if look.cause is None:
        return None
    if look.cause is Cause.OFFLINE and not look.routed:
        return Step.NETWORK
    step = _AT[look.watch.stage]
    if step is Step.TCP and look.cause is Cause.TLS_PROTOCOL:
        return Step.TLS
    return Step.CERTIFICATE if step is Step.TLS and look.cause is Cause.TLS_CERTIFICATE else step


def findings(look: Look, now: datetime) -> tuple[Finding, ...]:
    """The steps of the network, in order; `now` (UTC) is what this computer's clock shows."""
    return _Telling(look, now).all()


@attrs.frozen
class _Telling:
    look: Look
    now: datetime

    def all(self) -> tuple[Finding, ...]:
        found: list[Finding] = []
        stopped = stopped_at(self.look)
        for step, text in self._texts().items():
            if any(one.level is Level.BAD for one in found):
                found.append(not_reached(step))
            elif step is stopped:
                found.append(self._bad(step, text()))
            else:
                found.append(good(step, text()))
        return tuple(found)

    def _texts(self) -> dict[Step, Callable[[], str]]:
        told: dict[Step, Callable[[], str]] = {
            Step.NETWORK: self._network,
            Step.PROXY: self._proxy,
            Step.DNS: self._dns,
            Step.TCP: self._tcp,
            Step.WAY: self._way,
            Step.TLS: self._tls,
            Step.CERTIFICATE: self._certificate,
            Step.REPLY: lambda: replies.text(self.look),
        }
        return {step: text for step, text in told.items() if step is not Step.WAY or self.look.proxy is not None}

    def _bad(self, step: Step, text: str) -> Finding:
        cause = self.look.cause
        assert cause is not None
        why, cures = CAUSES[cause], CURES[cause]
        if step is Step.CERTIFICATE:
            cures = self._about_certificate() or cures
        elif step is Step.REPLY:
            why, cures = replies.cures(self.look) or (why, cures)
        elif step is Step.TLS:
            why, cures = self._about_tls() or (why, cures)
        return Finding(step, Level.BAD, text, cause, None, why, cures)

    # -- on the way ---------------------------------------------------------------------------------------------------

    def _network(self) -> str:
        if self.look.routed:
            return "a way leads out of this computer"
        inside = "" if self.look.cause is Cause.OFFLINE else "; the license server is nearer than that"
        return f"no way leads out of this computer{inside}"

    def _proxy(self) -> str:
        if self.look.unusable:
            return "the system's proxy setting cannot be used: it must be http://host:port or https://host:port"
        if self.look.proxy is None:
            return "none is set for the license server"
        url = self.look.proxy.url
        return f"{url.scheme}://{url.host}:{url.port or (443 if url.scheme == 'https' else 80)} is set"

    @property
    def _first(self) -> str:
        """Whom the connection goes to first, and whose name is looked up."""
        return self.look.host if self.look.proxy is None else f"the proxy {self.look.proxy.url.host}"

    def _dns(self) -> str:
        addresses = self.look.watch.addresses
        return f"{self._first} is {', '.join(addresses[:4])}" if addresses else f"{self._first} is not found"

    def _tcp(self) -> str:
        tried = self.look.watch.tried
        port = self.look.port if self.look.proxy is None else self.look.proxy.url.port
        whom = f"port {port or ''}".strip()
        if stopped_at(self.look) is Step.TCP:
            return f"nobody answered at {' or '.join(tried)}, {whom}"
        return f"connected to {tried[-1]}, {whom}" if tried else "connected"

    def _way(self) -> str:
        status = self.look.watch.refusal
        if stopped_at(self.look) is not Step.WAY:
            return f"the proxy opened the way to {self.look.host}:{self.look.port}"
        if status is None:
            secure = self.look.cause in (Cause.TLS_PROTOCOL, Cause.TLS_CERTIFICATE)
            return "TLS with the proxy itself failed" if secure else "the proxy did not answer"
        asks = ": it asks for a name and a password" if status == 407 else ""
        return f"the proxy answered {status}{asks}"

    # -- TLS ----------------------------------------------------------------------------------------------------------

    def _tls(self) -> str:
        probed = self.look.probed or Probed({})
        told = [f"offered {_list(self.look.offered)}", f"accepted {_list(probed.accepted)}"]
        silent = [name for name, answer in probed.answers.items() if answer is Answer.SILENT]
        if silent:
            told.append(f"no answer to {_list(silent)}")
        peer = self.look.watch.peer
        told.append(f"agreed {peer.version.replace('TLSv', 'TLS ')}" if peer else "")
        if self._in_clear:
            told.append("what answered does not speak TLS")
        return "; ".join(one for one in told if one)

    @property
    def _in_clear(self) -> bool:
        return any(isinstance(one, ssl.SSLError) and one.reason == _IN_CLEAR for one in self.look.watch.broken)

    def _about_tls(self) -> tuple[str, tuple[str, ...]] | None:
        """What it means and what to do where it is not the versions that are apart; None where they are."""
        accepted = set(self.look.probed.accepted) if self.look.probed else set()
        apart = bool(accepted) and not accepted & set(self.look.offered)
        return None if apart or self.look.cause is not Cause.TLS_PROTOCOL else (_CUT, CUT)

    @property
    def _shown(self) -> Shown | None:
        probed = self.look.probed
        peer = self.look.watch.peer or (probed.peer if probed else None)
        return None if peer is None else certificate.read(peer.certificate)

    def _certificate(self) -> str:
        shown = self._shown
        text = "it cannot be read" if shown is None else str(shown)
        if stopped_at(self.look) is not Step.CERTIFICATE:
            return f"{text}; verified by {'the vendor bundle' if self.look.own else 'the system'}"
        whom = "the authority in the vendor bundle" if self.look.own else "an authority that the system trusts"
        wrong = {
            certificate.EXPIRED: f"it has expired by this clock, which shows {utc(self.now)}",
            certificate.NOT_YET: f"it is not valid yet by this clock, which shows {utc(self.now)}",
            certificate.OTHER_NAME: f"it is not for {self.look.host}",
            certificate.OTHER_ISSUER: f"it was not issued by {whom}",
        }
        return f"{text}; {wrong[self._problem]}"

    @property
    def _problem(self) -> str:
        return certificate.problem(self.look.watch.broken, self._shown, self.now)

    def _about_certificate(self) -> tuple[str, ...]:
        """What to do about a certificate of the wrong days; () where the days are right."""
        if self._problem not in (certificate.EXPIRED, certificate.NOT_YET):
            return ()
        return (
            "Set this computer's clock right, if it is not.",
            "If the clock is right, ask the vendor to renew the license server's certificate.",
            MEANWHILE,
        )


def _list(names: "tuple[str, ...] | list[str]") -> str:
    return ", ".join(names) or "none"
