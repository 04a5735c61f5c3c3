"""Every verb of the scenario language as a method, with its arguments as typed words."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from nexuslic.rules.decision import Decision
from nexuslic.scenario.by_hand.spoken import some


class Verbs(ABC):
    """The verbs; whoever has them says how one is done."""

    @abstractmethod
    def _decide(self, verb: str, value: Any) -> Decision:
        """One that comes to a decision."""

    @abstractmethod
    def _do(self, verb: str, value: Any) -> object:
        """Any other."""

    def authenticate(self, workstation: str, *, key: str = "") -> Decision:
        """The user enters the key (or another one) and requests the license."""
        return self._decide("authenticate", some(workstation=workstation, key=key))

    def launch(self, *workstations: str, user: str = "") -> Decision:
        """A launch on each of these workstations (or `all`), closed again at once."""
        return self._decide("launch", some(workstation=list(workstations), user=user))

    def open(self, workstation: str, *, user: str = "", lasts: str = "") -> Decision:
        """A launch whose session runs on, until `lasts` (`8h`) is over, or `close` or `crash`."""
        return self._decide("open", some(workstation=workstation, user=user) | ({"for": lasts} if lasts else {}))

    def close(self, workstation: str) -> None:
        """The session ends and gives its seat back."""
        self._do("close", workstation)

    def crash(self, workstation: str) -> None:
        """The session ends without giving its seat back."""
        self._do("crash", workstation)

    def renew_by_code(self, workstation: str, *, code: str = "") -> Decision:
        """Request code, answer by support, accepted; or a code that is `used`, `mistyped`, `foreign` or `older`."""
        return self._decide("renew_by_code", some(workstation=workstation, code=code))

    def restore(self, *, onto: str = "", taken: str = "", name: str = "", workstations: Sequence[str] = ()) -> None:
        """A backup is restored: the one that `back_up` kept at the time `taken`, or one that is taken now."""
        self._do("restore", some(onto=onto, taken=taken, name=name, workstations=workstations))

    def rename(self, *, server: str = "", database: str = "") -> None:
        """The database's server, or the database, gets another name."""
        self._do("rename", some(server=server, database=database))

    def connects_to(self, workstation: str, server: str) -> None:
        """This client spells the server so from now on."""
        self._do("connects_to", {"workstation": workstation, "server": server})

    def set_clock(self, of: str, *, to: str = "", by: str = "") -> None:
        """A clock (of a workstation, `database`, a server, `license server`) is wrong from now on, and runs on."""
        self._do("set_clock", some(of=of, to=to, by=by))

    def damage(self, record: str = "record") -> None:
        """The record is damaged: `flipped`, `truncated` or `forged`."""
        self._do("damage", record)

    def extend(self, *, days: int, until: str) -> None:
        """Support extends grace on the license server, for the grants up to `until`."""
        self._do("extend", {"days": days, "until": until})

    def suspend(self) -> None:
        """The license is suspended on the license server."""
        self._do("suspend", "license")

    def reinstate(self) -> None:
        """The license is reinstated on the license server."""
        self._do("reinstate", "license")

    def revoke(self) -> None:
        """The license is revoked on the license server."""
        self._do("revoke", "license")

    def change(self, **license: Any) -> None:
        """Support changes terms of the license on the server: `change(seats=3)`."""
        self._do("change", {"license": license})

    def assign(self, *users: str) -> None:
        """Users get a named license, in the License dialog."""
        self._do("assign", list(users))

    def unassign(self, *users: str) -> None:
        """Users lose their named license."""
        self._do("unassign", list(users))

    def turn_on(self, workstation: str, *tls: str) -> None:
        """TLS versions are turned on in the operating system."""
        self._do("turn_on", {"workstation": workstation, "tls": list(tls)})

    def turn_off(self, workstation: str, *tls: str) -> None:
        """TLS versions are turned off in the operating system."""
        self._do("turn_off", {"workstation": workstation, "tls": list(tls)})

    def nethasp(self, workstation: str, state: str) -> None:
        """NETHASP.ini is `renamed`, or put back (`present`)."""
        self._do("nethasp", {"workstation": workstation, "is": state})

    def upgrade(self, workstation: str, to: str) -> None:
        """Another version of the application is installed."""
        self._do("upgrade", {"workstation": workstation, "to": to})

    def stop(self, what: str) -> None:
        """The `license server` or the `database` is stopped."""
        self._do("stop", what)

    def start(self, what: str) -> None:
        """The `license server` or the `database` is started."""
        self._do("start", what)

    def reply(self, tamper: str) -> None:
        """The next reply of the license server is replaced: `forged`, `replayed`, `html` and the others."""
        self._do("reply", {"tamper": tamper})
