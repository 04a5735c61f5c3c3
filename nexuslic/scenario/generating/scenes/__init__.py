"""What may happen in a generated story. Each scene is a few steps, and leaves the world for the next one to find."""

from nexuslic.scenario.generating.scenes import clocks, contact, databases, people, support
from nexuslic.scenario.generating.teller import Scene

SCENES: tuple[Scene, ...] = (
    *contact.SCENES,
    *clocks.SCENES,
    *databases.SCENES,
    *people.SCENES,
    *support.SCENES,
)
