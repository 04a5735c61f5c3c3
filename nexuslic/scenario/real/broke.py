"""What ends a run on a real stage that is nobody's story."""

from nexuslic.errors import WorldError


class StageBroke(WorldError):
    """A part of a real stage cannot start, or ended by itself; the text says which, and what to install or free."""
