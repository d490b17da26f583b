"""What stands before every request: whose page asks, how large it is, how often; and what the browser may do with the answer.

The room answers under one name only. A page of somebody else's, a name that was pointed at this machine (DNS rebinding), a form sent from
elsewhere: all of them are refused before anything is read.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote, urlsplit

__all__ = ["LARGE", "MAX_BODY", "Guard", "Rates"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 2**20  #: bytes of a request: a note with a drawing on a frame stays far below
#: Whole files that somebody brings: a cut, a look, a mix of some minutes; a still of 100 megapixels; a company's template; a film to be looked at (a minute of ProRes 422 HQ in HD is 1.4 GB).
LARGE = {"/api/cut/import": 32 * 2**20, "/api/frames/bring": 64 * 2**20, "/api/library/like": 64 * 2**20, "/api/deck/bring": 64 * 2**20, "/api/finish/bring": 64 * 2**20, "/api/check/bring": 2 * 2**30}
PATIENCE_S = 20  #: for how long a request may stop in the middle of what it brings
_SAFE = {"GET", "HEAD"}
_KEPT = 4096  #: addresses whose pace is remembered

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self), publickey-credentials-get=(self), publickey-credentials-create=(self)",
}


class Rates:
    """How many requests an address may make: a bucket that fills again (Turner, IEEE Comm. Mag. 24(10), 1986)."""

    def __init__(self, *, per_s: float, burst: int) -> None:
        self._per_s, self._burst = per_s, burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, who: str, now: float | None = None) -> bool:
        """Whether one more may come now; it is counted if so."""
        now = time.monotonic() if now is None else now
        left, since = self._buckets.pop(who, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._per_s)
        self._buckets[who] = (left - 1 if left >= 1 else left, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return left >= 1


class Guard:
    """An ASGI application around another one.

    Args: origins: the pages that this room is, "http://localhost:8484"; the first is the one that others are sent to.
          knows: whether a session's cookie is somebody's; whoever is nobody brings no large file.
    """

    def __init__(self, app: App, *, origins: tuple[str, ...], knows: Callable[[str], bool]) -> None:
        self.app, self.origins, self.knows = app, origins, knows
        self.hosts = {urlsplit(one).netloc for one in origins}
        self.rates = Rates(per_s=200, burst=600)  # a page of thumbnails asks for some hundred at once
        self.guesses = Rates(per_s=0.2, burst=10)  # links and codes that are tried

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            status, says, more = refusal
            await _plain(send, status, says, more)
            return
        body = _Body(receive, self._most(scope, headers))
        dressed = _dressed(send, scope["path"])

        async def answered(message: MutableMapping[str, Any]) -> None:
            if body.refused is None:
                await dressed(message)
            elif message["type"] == "http.response.start":
                await _plain(send, *body.refused, [(b"connection", b"close")])

        await self.app(scope, body, answered)

    def _most(self, scope: Scope, headers: dict[str, str]) -> int:
        """How many bytes this request may bring."""
        large = LARGE.get(scope["path"])
        return large if large is not None and self.knows(headers.get("cookie", "")) else MAX_BODY

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str, list[tuple[bytes, bytes]]] | None:
        if not scope["path"].startswith("/"):
            return 400, "That is no address.", []
        host = headers.get("host", "")
        if host not in self.hosts:
            name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
            name, port = (name, port) if name else (port, "")
            if name in ("127.0.0.1", "[::1]") and scope["method"] in _SAFE and (port or "80") == (urlsplit(self.origins[0]).netloc.partition(":")[2] or "80"):
                place = self.origins[0] + quote(scope["path"], safe="/:@!$&'()*+,;=~-._")
                if scope["query_string"]:
                    place += "?" + quote(scope["query_string"].decode("latin-1"), safe="/:@!$&'()*+,;=~-._?%")
                return 307, "The room is called localhost.", [(b"location", place.encode("ascii"))]
            return 421, "This room is not called that.", []
        who = scope["client"][0] if scope.get("client") else "?"
        if not self.rates.allows(who):
            return 429, "Too much at once. Wait a moment.", [(b"retry-after", b"1")]
        if scope["path"].startswith(("/in/", "/link/", "/api/code", "/api/door")) and not self.guesses.allows(who):
            return 429, "Too many tries. Wait a minute.", [(b"retry-after", b"60")]
        if scope["method"] not in _SAFE:
            origin = headers.get("origin")
            if origin not in self.origins:
                return 403, "This came from another page.", []
            if headers.get("sec-fetch-site", "same-origin") != "same-origin":
                return 403, "This came from another page.", []
        elif headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") not in (None, "navigate"):
            return 403, "This came from another page.", []
        try:
            size = int(headers.get("content-length", "0"))
        except ValueError:
            return 400, "Its length is not a number.", []
        if size < 0:
            return 400, "Its length is not a number.", []
        if size > self._most(scope, headers):
            return 413, "That is too large.", []
        return None


class _Body:
    """What a request brings, ending where it grows too large without having said so, or stops coming."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._left, self._whole = receive, most, False
        self.refused: tuple[int, str] | None = None

    async def __call__(self) -> MutableMapping[str, Any]:
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), PATIENCE_S)
        except TimeoutError:
            self.refused = 408, "It stopped coming."
            return {"type": "http.disconnect"}
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.refused = 413, "That is too large."
            return {"type": "http.disconnect"}
        self._whole = not message.get("more_body", False)
        return message


def _dressed(send: Send, path: str) -> Send:
    """The same, with what the browser has to know about every answer."""
    # What a page is made of is asked about again each time: after an update, yesterday's script beside today's page signs nothing.
    caching = b"private, max-age=3600" if path.startswith("/media/") else b"private, no-cache" if path.startswith("/static/") else b"no-store"

    async def dressed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            have = {name.lower() for name, _ in message["headers"]}
            added = [(name.encode(), value.encode()) for name, value in _HEADERS.items() if name.encode() not in have]
            if b"cache-control" not in have:
                added.append((b"cache-control", caching))
            message["headers"] = [*message["headers"], *added]
        await send(message)

    return dressed


async def _plain(send: Send, status: int, says: str, more: list[tuple[bytes, bytes]]) -> None:
    body = says.encode("utf-8")
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *more]
    headers += [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def secret() -> str:
    """A secret for a link, a session or a form: 256 bits."""
    return secrets.token_urlsafe(32)
