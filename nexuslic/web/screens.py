"""Which screens there are."""

from litestar import Router

from nexuslic.web.license.routes import router as license

SCREENS: tuple[Router, ...] = (license,)
"""In the order of the navigation."""
