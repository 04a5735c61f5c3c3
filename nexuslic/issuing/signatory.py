"""What the license server signs with: one key for replies, one for codes, and what replies announce of the keys.

A reply brings its announcements along, so it is signed with the newest key. A code that is read over the radio has no
room for them, so it is signed with the oldest key that is not retired: every client trusts that one.
"""

from functools import cached_property

import attrs

from nexuslic.trust.keys import SEPARATOR, SigningKey


@attrs.frozen(slots=False)
class Signatory:
    """The keys of one moment: `signing` for replies, `coding` for codes, `announcements` in their order."""

    signing: SigningKey
    coding: SigningKey
    announcements: tuple[str, ...] = ()

    @classmethod
    def of(cls, key: SigningKey) -> "Signatory":
        """The signatory of a vendor who has one key and announces nothing."""
        return cls(key, key)

    @cached_property
    def prefix(self) -> str:
        """What stands before every reply."""
        return "".join(f"{one}{SEPARATOR}" for one in self.announcements)
