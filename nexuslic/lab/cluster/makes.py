"""What a computer counts with: a worker with another nexuslic might count other trips under the same numbers.

So each worker says what it has before it counts, and each piece names what it may be counted with. This module needs no
package, so that a computer that lacks some can say so.
"""

from importlib.util import find_spec

import attrs

from nexuslic.lab import compiled
from nexuslic.version import __version__


@attrs.frozen
class Make:
    """nexuslic's version, a digest of the lab's text, and which packages of the extra `lab` are not there."""

    version: str
    digest: str
    lacks: tuple[str, ...] = ()


def make() -> Make:
    """What this computer counts with."""
    there = {"numba": compiled.COMPILES, "numpy": find_spec("numpy") is not None}
    return Make(__version__, compiled.digest(), tuple(name for name in sorted(there) if not there[name]))


def unlike(found: Make, wanted: Make) -> str:
    """How a worker differs from what is wanted, and what to do."""
    if found.version != wanted.version:
        what = f"has nexuslic {found.version}, and this computer {wanted.version}"
    elif found.digest != wanted.digest:
        what = f"has nexuslic {found.version} too, but with other lines in it ({found.digest}, here {wanted.digest})"
    elif found.lacks:
        what = f"lacks {' and '.join(found.lacks)}"
    else:
        what = f"has {' and '.join(wanted.lacks)}, which this computer lacks or was told not to use"
    return f"{what}: install the same nexuslic[lab] on each, and start the workers again"


CANNOT = "has no nexuslic, or one that cannot count: install nexuslic[lab] there as it is here, and start it again"
"""What is said of a worker that could not even answer."""
