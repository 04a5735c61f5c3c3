"""Named users, as the License dialog assigns them (rules: Seats and named users)."""

import attrs

from nexuslic import client as app
from nexuslic.client import Client
from nexuslic.rules.users import Users


@attrs.frozen
class AssignedUsers:
    """The users that licenses are assigned to, earliest first."""

    client: Client

    def assigned(self) -> Users:
        """Who they are. Raises DatabaseUnreachable."""
        return self.client.ports.users.assigned()

    def assign(self, *users: str) -> Users:
        """Assign a license to each; whom too small a number dropped.

        Raises InputError, DatabaseUnreachable, DatabaseNotWritable.
        """
        return app.assign(self.client, add=users)

    def unassign(self, *users: str) -> Users:
        """Take their licenses back. Raises DatabaseUnreachable, DatabaseNotWritable."""
        return app.assign(self.client, remove=users)
