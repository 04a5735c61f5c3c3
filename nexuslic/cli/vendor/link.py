"""One client for all distances: a license server over HTTPS, or its application in this process over its folder.

Every act carries an idempotency key of its own, so asking again after a lost answer does nothing twice.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

import attrs

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.vendor_https import SPAN, Answer, LostReply, Unreachable, VendorHttps
from nexuslic.cli.extras import needing
from nexuslic.cli.plain import plain
from nexuslic.cli.vendor.config import Given, account
from nexuslic.cli.vendor.options import PAGE
from nexuslic.errors import InputError, NexuslicError, WorldError
from nexuslic.ports import Chance


class Link(Protocol):
    """A way to a license server; `place` is where it leads, `token_from` where the token came from."""

    @property
    def place(self) -> str:
        """Where it leads, for a person."""
        ...

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request. Raises LostReply, Unreachable."""
        ...


class Refused(WorldError):
    """The license server will not do it."""


class Entry(Refused):
    """The token does not open, or not this."""


@attrs.frozen
class Vendor:
    """What the vendor's people ask of a license server; `token_from` is where their token stands."""

    link: Link
    token_from: str = "the token"
    chance: Chance = attrs.Factory(SystemChance)

    def get(self, path: str, **query: str | int | bool | None) -> dict[str, Any]:
        """What is there. Raises InputError, WorldError with the license server's sentence."""
        told = {name: _written(value) for name, value in query.items() if value not in (None, "", False)}
        return self.request("GET", f"{path}?{urlencode(told)}" if told else path)

    def request(self, method: str, path: str, form: Any = None) -> dict[str, Any]:
        """What the license server answers. Raises InputError, WorldError with its sentence.

        Where the answer was lost the same request goes out once more, under the same idempotency key.
        """
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "nexuslic"}
        if method != "GET":
            headers["Idempotency-Key"] = self.chance.take(16).hex()
        body = b""
        if form is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(form).encode("ascii")
        return self._understood(self._sent(method, path, headers, body))

    def pages(self, path: str, limit: int | None = None, **query: str | int | bool | None) -> Iterator[dict[str, Any]]:
        """The items of all pages, up to `limit`."""
        after: Any = None
        left = limit
        while left is None or left > 0:
            page = self.get(path, **query, after=after, limit=min(left or PAGE, PAGE))
            yield from page["items"]
            left = None if left is None else left - len(page["items"])
            after = page["next"]
            if after is None:
                return

    def _sent(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            try:
                return self.link.send(method, path, headers, body)
            except LostReply:
                return self.link.send(method, path, headers, body)
        except Unreachable as error:
            if not error.uncertain or method == "GET":
                raise
            hint = "it may have been done all the same: look before you do it again"
            raise Unreachable(f"{error}; {hint}", uncertain=True) from error

    def _understood(self, answer: Answer) -> dict[str, Any]:
        try:
            told = json.loads(answer.body)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise self._strange(answer.status)
        if 200 <= answer.status < 300:
            return told
        raise self._refusal(answer.status, plain(str(told.get("detail", "")) or str(told.get("title", ""))))

    def _refusal(self, status: int, detail: str) -> NexuslicError:
        if status == 401:
            return Entry(
                f"{self.link.place} does not take the token in {self.token_from}: it is mistyped, expired or revoked; "
                "ask an administrator for a new one"
            )
        if status == 403:
            return Entry(f"the token in {self.token_from} does not allow this: {detail}")
        if status in (400, 404, 413, 422):
            return InputError(detail)
        return Refused(detail)

    def _strange(self, status: int) -> WorldError:
        if status >= 500 or status == 429:
            return Refused(f"{self.link.place} has no time or a fault ({status}): try again in a minute")
        if 300 <= status < 400:
            return Refused(f"{self.link.place} leads elsewhere ({status}), which is not followed: correct the URL")
        return Refused(f"what answers at {self.link.place} is no license server ({status}): check the URL")


def _written(value: Any) -> str:
    return "true" if value is True else str(value)


@contextmanager
def opened(given: Given, *, signs: bool) -> Iterator[Vendor]:
    """The license server that the options, the variables or the configuration say."""
    given.check()
    if given.folder is not None:
        with needing("server"):
            from nexuslic.cli.vendor.folder import from_folder
        with from_folder(given.folder, given.passphrase_file, signs=signs) as link:
            yield Vendor(link)
        return
    found = account(given, os.environ)
    span = SPAN if given.timeout is None else timedelta(seconds=given.timeout)
    yield Vendor(VendorHttps(found.server, found.token, found.authority, span), found.token_from)
