"""Which screens there are."""

from litestar import Router

from nexuslic.web.lab.routes import router as lab

SCREENS: tuple[Router, ...] = (lab,)
"""In the order of the navigation."""
