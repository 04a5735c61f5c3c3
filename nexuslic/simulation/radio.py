"""Renewal over the radio: a request code is read to support, and an answer is typed in; or a wrong one is."""

from typing import Protocol

import attrs

from nexuslic import client as app
from nexuslic.client import Client
from nexuslic.errors import DatabaseUnreachable
from nexuslic.issuing import support
from nexuslic.ports import PENDING, MarkStore
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import NO_DATABASE, Decision
from nexuslic.rules.license import LicenseKey
from nexuslic.rules.words import Reason
from nexuslic.trust import codes


class Operator(Protocol):
    """Who types and reads on a workstation."""

    def request_code(self) -> str:
        """Read what the client shows. Raises DatabaseUnreachable."""
        ...

    def renew_by_code(self, code: str) -> Decision:
        """Type an answer in."""
        ...

    def denied(self, reason: Reason) -> Decision:
        """Look at the dialog after support said no."""
        ...

    def forget_request(self) -> None:
        """Lose what was asked for."""
        ...


class Support(Protocol):
    """Who answers at the vendor's."""

    def answer_code(self, code: str, *, in_vain: bool) -> str:
        """The answer; `in_vain`: it will be refused, and a refused code changes nothing, also on the server.

        Raises DeniedCode.
        """
        ...


def renew(operator: Operator, vendor: Support, how: str, used: dict[str, str], name: str) -> Decision:
    """Renew by code; `how` is "" or used, mistyped, foreign, older. `used`: the last code that `name` has used."""
    try:
        first = operator.request_code()
        code = vendor.answer_code(first, in_vain=how != "")
        if how == "older":
            operator.request_code()
        elif how == "mistyped":
            code = _mistype(code)
        elif how == "foreign":
            code = vendor.answer_code(_foreign(first), in_vain=True)
        elif how == "used":
            code = used.get(name) or code
            operator.forget_request()
    except DatabaseUnreachable:
        return NO_DATABASE
    except support.DeniedCode as error:
        return operator.denied(error.reason)
    decision = operator.renew_by_code(code)
    if decision.stored:
        used[name] = code
    return decision


@attrs.frozen
class ClientOperator:
    """At a workstation whose client and marks are at hand."""

    client: Client
    marks: MarkStore
    key: LicenseKey

    def request_code(self) -> str:
        """What the client shows."""
        return app.request_code(self.client, self.key)

    def renew_by_code(self, code: str) -> Decision:
        """An answer is typed in."""
        return app.renew_by_code(self.client, code)

    def denied(self, reason: Reason) -> Decision:
        """What the dialog says then."""
        return app.denied(self.client, reason)

    def forget_request(self) -> None:
        """The workstation loses what was asked for."""
        self.marks.remove(PENDING)


def _mistype(code: str) -> str:
    letter = "0" if code[3] != "0" else "1"
    return code[:3] + letter + code[4:]


def _foreign(code: str) -> str:
    """A request like this one, of another database."""
    asked = codes.read_request(code)
    elsewhere = Binding(asked.pending.binding.server + "-elsewhere", asked.pending.binding.database)
    return codes.write_request(attrs.evolve(asked.pending, binding=elsewhere, nonce="f" * 32), None)
