"""Everything that can go wrong, by whose fault it is.

NexuslicError                 carries one sentence for a person
+-- InputError                yours: what was typed or written
|   +-- MistypedKey           a license key that fails its check digit
|   +-- CodeRefused           a renewal code that is mistyped, used, foreign or older
|   +-- SourceError           a scenario file is wrong, at file:line:column
+-- WorldError                theirs: a database or a server
|   +-- DatabaseUnreachable   it cannot be reached or read at all
|   +-- DatabaseNotWritable   it can be read, and refused to store
+-- Untrusted                 bytes that do not prove where they come from
|   +-- UntrustedReply        a reply of the license server (cause `untrusted-reply`)
|   +-- Damaged               a record or a mark that cannot be unsealed
+-- NoTransition              ours: the table was asked for a row that it does not have
"""


class NexuslicError(Exception):
    """The root of the tree: its text is one sentence for a person."""


class InputError(NexuslicError):
    """What a person gave cannot be used; the text says where, what, and what to do."""


class MistypedKey(InputError):
    """A license key that is not 13 digits with a good check digit (rules: Words)."""


class CodeRefused(InputError):
    """A request or renewal code that cannot be accepted; nothing was changed (rules: Support at a distance)."""


class SourceError(InputError):
    """A scenario file that cannot be read as one.

    `place` is `file:line:column`; `hint` says what to do, and may be empty.
    """

    def __init__(self, place: str, problem: str, hint: str = "") -> None:
        super().__init__(f"{place}: {problem}" + (f"\n  {hint}" if hint else ""))
        self.place = place
        self.problem = problem
        self.hint = hint

    def __reduce__(self) -> tuple[type["SourceError"], tuple[str, str, str]]:
        return type(self), (self.place, self.problem, self.hint)


class WorldError(NexuslicError):
    """Something outside the program did not do its part."""


class DatabaseUnreachable(WorldError):
    """The customer's database cannot be reached or read (reason `database`)."""


class DatabaseNotWritable(WorldError):
    """The customer's database can be read but stores nothing: read-only, full or locked."""


class Untrusted(NexuslicError):
    """Bytes that do not prove where they come from; their content never travels on the error."""


class UntrustedReply(Untrusted):
    """Not signed by a trusted key, wrong nonce, wrong binding, too big, or not understood."""


class Damaged(Untrusted):
    """A sealed record or mark that cannot be unsealed, or holds no signed certificate."""


class NoTransition(NexuslicError):
    """The table is silent about this event in this state: a bug in nexuslic, please report it."""

    def __init__(self, state: object, event: object) -> None:
        super().__init__(f"nothing in the table answers {event} in {state}")
        self.state = state
        self.event = event
