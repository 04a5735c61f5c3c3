"""Numba where it is installed. Without it functions run as they are, or by NumPy: slower, with the same answers."""

import hashlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

COMPILES: Final = importlib.util.find_spec("numba") is not None and not os.environ.get("NEXUSLIC_NO_NUMBA")
"""Whether functions are compiled; `NEXUSLIC_NO_NUMBA=1` says no."""


def compiled(
    *, allocates: bool = False, within: bool = False, otherwise: Callable[..., Any] | None = None
) -> Callable[[F], F]:
    """Compile a function to machine code that holds no lock, and keep it in a cache for the next process.

    One that allocates no array does without counting references, which costs more than a launch does. `within`: it
    becomes a part of whoever calls it. `otherwise`: what stands in for it where nothing is compiled, with the same
    answers; without one it is run as it is.
    """

    def as_it_is(function: F) -> F:
        return cast(F, otherwise or function)

    if not COMPILES:
        return as_it_is
    numba: Any = importlib.import_module("numba")
    decorate: Callable[[F], F] = numba.njit(
        nogil=True, cache=bool(_folder()), boundscheck=False, forceinline=within, _nrt=allocates
    )

    def compile_(function: F) -> F:
        others, numba.config.CACHE_DIR = numba.config.CACHE_DIR, _folder()
        try:
            return decorate(function)
        finally:
            numba.config.CACHE_DIR = others

    return compile_


@cache
def digest() -> str:
    """Names the text of all that is compiled: two computers with the same one count the same trips alike."""
    found = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


@cache
def _folder() -> str:
    """Where compiled code is kept: by the text of all that is compiled, for what one module calls may be another's.

    Empty where nothing can be written.
    """
    folder = _caches() / "nexuslic" / digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder) if os.access(folder, os.W_OK) else ""


def first_time() -> bool:
    """Whether everything has yet to be compiled, which takes some seconds."""
    return COMPILES and not (_folder() and any(Path(_folder()).iterdir()))


def _caches() -> Path:
    """The user's folder for what can be made again."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    if sys.platform == "darwin":
        return home / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
