"""Which screens there are."""

from litestar import Router

from nexuslic.web.voyage.routes import router as voyage

SCREENS: tuple[Router, ...] = (voyage,)
"""In the order of the navigation."""
