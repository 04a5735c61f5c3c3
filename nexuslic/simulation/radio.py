"""Renewal over the radio: a request code is read to support, and an answer is typed in; or a wrong one is."""

import attrs

from nexuslic import client as app
from nexuslic.errors import DatabaseUnreachable
from nexuslic.issuing import support
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import NO_DATABASE, Decision
from nexuslic.simulation.workstation import Workstation
from nexuslic.simulation.world import KEY, World
from nexuslic.trust import codes


def renew(world: World, workstation: Workstation, how: str) -> Decision:
    """Renew by code on `workstation`; `how` is "" or used, mistyped, foreign, older."""
    client = world.client(workstation)
    try:
        first = app.request_code(client, KEY)
        code = _answer(world, first, in_vain=how != "")
        if how == "older":
            app.request_code(client, KEY)
        elif how == "mistyped":
            code = _mistype(code)
        elif how == "foreign":
            code = _answer(world, _foreign(first), in_vain=True)
        elif how == "used":
            code = world.used_codes.get(workstation.name) or code
            workstation.marks.remove("request")
    except DatabaseUnreachable:
        return NO_DATABASE
    except support.DeniedCode as error:
        return app.denied(client, error.reason)
    decision = app.renew_by_code(client, code)
    if decision.stored:
        world.used_codes[workstation.name] = code
    return decision


def _answer(world: World, code: str, *, in_vain: bool = False) -> str:
    """What support answers; `in_vain`: it will be refused, and a refused code changes nothing, also on the server."""
    vendor = world.vendor
    registry = vendor.registry.copy() if in_vain else vendor.registry
    return support.answer_code(code, registry, vendor.signatory, vendor.clock.wall)


def _mistype(code: str) -> str:
    letter = "0" if code[3] != "0" else "1"
    return code[:3] + letter + code[4:]


def _foreign(code: str) -> str:
    """A request like this one, of another database."""
    asked = codes.read_request(code)
    elsewhere = Binding(asked.pending.binding.server + "-elsewhere", asked.pending.binding.database)
    return codes.write_request(attrs.evolve(asked.pending, binding=elsewhere, nonce="f" * 32), None)
