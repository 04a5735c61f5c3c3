"""Two hundred stories of one seed, told once."""

import pytest

from nexuslic.scenario.generating import tell
from nexuslic.scenario.generating.tell import Told


@pytest.fixture(scope="session")
def told() -> list[Told]:
    """The stories."""
    return list(tell.stories("harbour", 200))
