"""Offline-first software licensing, and the simulator that shows what a licensing policy does to the people aboard."""

__version__ = "0.1.0"

__all__ = ["__version__"]
