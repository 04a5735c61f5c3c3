"""Which screens there are."""

from litestar import Router

SCREENS: tuple[Router, ...] = ()
"""In the order of the navigation."""
