"""What pages load: styles, scripts and pictures, from this package and nowhere else."""

from pathlib import Path
from typing import Final

from litestar import Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.static_files import create_static_files_router

FOLDER: Final = Path(__file__).parent / "static"
_SMALLER: Final = CompressionConfig(backend="gzip", gzip_compress_level=1)
"""The quickest level takes more than half off a script; pages with secrets in them are never compressed."""


def router(address: str, *, kept: int | None = None) -> Router:
    """Serves them at this address, compressed; a browser may keep them for `kept` seconds."""
    return create_static_files_router(
        address,
        [FOLDER],
        send_as_attachment=False,
        cache_control=None if kept is None else CacheControlHeader(max_age=kept),
        middleware=[DefineMiddleware(CompressionMiddleware, config=_SMALLER)],
    )
