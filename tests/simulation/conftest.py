"""A world in memory, and the workstations in it."""

from datetime import UTC, datetime

import pytest

from nexuslic.rules.license import License, Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import LicenseType
from nexuslic.simulation.workstation import Workstation, application, permitted
from nexuslic.simulation.world import World

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def world():
    """A world with DB1 (also known as db1.example), an empty DB2, and a database `nexus` that nobody uses yet."""
    terms = License("Example Survey", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)
    world = World.begin(NOW, terms, None, Policy())
    world.add_database(world.add_server("DB1", ("db1.example",)), "nexus")
    world.add_server("DB2")
    return world


@pytest.fixture
def crew(world):
    """Add a workstation: `crew("ws1", os="windows-7", app="nexus-6.2", connects_to="DB1", runs_server=None)`."""

    def add(name, os="linux", app="6.10", connects_to="DB1", runs_server=None):
        version, offers = application(app)
        workstation = Workstation(
            name, name, world.clock(), connects_to, "nexus", version, offers, permitted(os), runs_server
        )
        world.workstations[name] = workstation
        return workstation

    return add
