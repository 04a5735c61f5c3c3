"""Which proxy a contact goes through: the one that was given, or the system's setting for the license server.

The system's setting is the environment, and on Windows and macOS the system's own where the environment has none.
"""

import urllib.request

import httpcore
import httpx

from nexuslic.errors import InputError


def given(url: str) -> httpx.Proxy:
    """The proxy at `url`, with its credentials. Raises InputError where it is none."""
    try:
        proxy = httpx.Proxy(url if "://" in url else f"http://{url}")
    except (ValueError, httpx.InvalidURL) as error:
        raise _unusable() from error
    if proxy.url.scheme not in ("http", "https") or not proxy.url.host:
        raise _unusable()
    return proxy


def _unusable() -> InputError:
    return InputError("proxy: it must be http://host:port or https://host:port; correct it, or take it out")


def of_system(host: str) -> httpx.Proxy | None:
    """The proxy that the system has set for `host`; None for none. Raises httpcore.ProxyError where it is unusable."""
    if urllib.request.proxy_bypass(host):
        return None
    found = urllib.request.getproxies()
    url = found.get("https") or found.get("all")
    try:
        return given(url) if url else None
    except InputError as error:
        raise httpcore.ProxyError(str(error)) from error
