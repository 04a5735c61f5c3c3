"""Which screens there are."""

from litestar import Router

from nexuslic.web.lab.routes import router as lab
from nexuslic.web.license.routes import router as license_
from nexuslic.web.voyage.routes import router as voyage

SCREENS: tuple[Router, ...] = (license_, voyage, lab)
"""In the order of the navigation."""
