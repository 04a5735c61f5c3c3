"""One HTTP request over httpcore's pool: no redirects, no cookies, no decoding, nothing from the environment."""

import ssl
from collections.abc import Iterable, Iterator

import attrs
import httpcore
import httpx

from nexuslic.adapters import tls
from nexuslic.adapters.network import Network, TimedBackend


@attrs.frozen
class _Body(httpx.SyncByteStream):
    parts: Iterable[bytes]

    def __iter__(self) -> Iterator[bytes]:
        yield from self.parts

    def close(self) -> None:
        self.parts.close()  # type: ignore[attr-defined]


@attrs.frozen
class Wire(httpx.BaseTransport):
    """Connections whose every operation ends with the contact that it belongs to."""

    pool: httpcore.ConnectionPool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The head of the reply; its body is still on the wire. Raises what httpcore raises, as it is.

        A `trace` among the request's extensions is told of every step.
        """
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        reply = self.pool.handle_request(asked)
        return httpx.Response(reply.status, headers=reply.headers, stream=_Body(reply.stream))  # type: ignore[arg-type]

    def close(self) -> None:
        """Close every connection."""
        self.pool.close()


def wire(
    context: ssl.SSLContext,
    *,
    proxy: httpx.Proxy | None = None,
    network: Network | None = None,
    kept: int = 0,
) -> Wire:
    """A transport that verifies with `context`; it keeps up to `kept` connections for further contacts."""
    backend = TimedBackend(network or Network())
    if proxy is None:
        pool = httpcore.ConnectionPool(
            context, max_connections=None, max_keepalive_connections=kept, network_backend=backend
        )
    else:
        pool = httpcore.HTTPProxy(
            proxy_url=httpcore.URL(str(proxy.url.copy_with(username=None, password=None))),
            proxy_auth=proxy.raw_auth,
            proxy_ssl_context=tls.context() if proxy.url.scheme == "https" else None,
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=kept,
            network_backend=backend,
        )
    return Wire(pool)
