"""What pages load: styles, scripts and pictures, from this package and nowhere else."""

from functools import cache
from hashlib import sha256
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
_KEPT: Final = CacheControlHeader(max_age=365 * 86_400, immutable=True)


@cache
def below(place: str) -> str:
    """Where they are served below a place.

    A digest of all of them is part of it: a browser may keep them, and never takes those of another release for these.
    """
    digest = sha256()
    for path in sorted(FOLDER.rglob("*.*")):
        digest.update(path.relative_to(FOLDER).as_posix().encode() + path.read_bytes())
    return f"{place}/{digest.hexdigest()[:12]}"


def router(place: str) -> Router:
    """Serves them below a place, compressed."""
    return create_static_files_router(
        below(place),
        [FOLDER],
        send_as_attachment=False,
        cache_control=_KEPT,
        middleware=[DefineMiddleware(CompressionMiddleware, config=_SMALLER)],
    )
