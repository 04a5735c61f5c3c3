"""A world in which Python acts, for those who write tests in it: `World`."""

from nexuslic.scenario.by_hand.world import World

__all__ = ["World"]
