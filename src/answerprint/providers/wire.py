"""The wire: HTTP to one service, with its key in one header, tried again where that helps, counted to the byte, stopped when a person stops it.

Only the standard library: one connection for each exchange, no redirect is followed, no proxy is asked, certificates are checked.
"""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from answerprint import __version__
from answerprint.model.providers import Cancel, ProviderError, Setup, Traffic, never
from answerprint.providers.answers import came_wrong
from answerprint.providers.keys import Secret

__all__ = ["AGAIN", "Reply", "Wire", "here"]

#: Statuses that say: ask again. 429 too many, 500 to 504 its own fault, 529 overloaded (Anthropic's); as the services' own clients do.
AGAIN = frozenset({429, 500, 502, 503, 504, 529})
TRIES = 3  #: the first and two more: the default of OpenAI's and Anthropic's own clients
PAUSE_S = 0.5  #: before the second try, then twice as long: theirs too
LONGEST_S = 60.0  #: a service that asks to wait longer than this is not waited for
#: Statuses of somebody between, who does not know what became of a question behind it (RFC 9110, 15.6.3 and 15.6.5; 520 and 524 are Cloudflare's).
_LOST = frozenset({502, 504, 520, 524})
_MOST = 512 * 2**20  #: bytes of one answer: more than any picture, and a minute of video


def here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer that came whole."""

    status: int
    headers: Mapping[str, str]  #: names in small letters
    data: bytes

    def json(self, name: str) -> Any:
        """Its body.  Raises: ProviderError: it is not JSON."""
        try:
            return json.loads(self.data)
        except (ValueError, RecursionError) as cause:
            raise came_wrong(f"{name}: its answer is not JSON ({len(self.data)} bytes, beginning {_short(self.data)!r}). Is the address the right one?") from cause


class _Silence(Exception):
    """No answer, or only a part of one."""

    def __init__(self, says: str, *, reached: bool) -> None:
        super().__init__(says)
        self.says, self.reached = says, reached


class Wire:
    """The line to one service.

    Args: header: the name of the header that the key stands in, and what stands before it: ("Authorization", "Bearer ").
    Raises: ProviderError: the address is none, or the key would go over an open line.
    """

    def __init__(self, setup: Setup, key: Secret, *, header: tuple[str, str] = ("Authorization", "Bearer "), fixed: Mapping[str, str] | None = None) -> None:
        self.name, self.setup, self._key = setup.name, setup, key
        self._header, self._fixed = header, dict(fixed or {})
        self.traffic: list[Traffic] = []
        parts = _parts(setup.address)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise ProviderError(f'{setup.name}: address = "{setup.address}" is no address of a service. Write it as https://HOST/v1')
        self.scheme, self.host, self.base = parts.scheme, parts.hostname, parts.path.rstrip("/")
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        if key and self.scheme == "http" and not here(self.host):
            raise ProviderError(f"{setup.name}: {self.host} is asked over an open line (http), on which anybody between could read the key. Use https.")

    # ---- what adapters use

    def get(self, path: str, *, cancel: Cancel = never) -> Reply:
        """Raises: ProviderError."""
        return self._asked("GET", self.base + path, None, {}, cancel, again=True)

    def post(self, path: str, value: Any, *, cancel: Cancel = never) -> Reply:
        """Send JSON. After a silence it is sent again only where nothing is charged: else it could be charged twice.  Raises: ProviderError."""
        body = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        return self._asked("POST", self.base + path, body, {"Content-Type": "application/json"}, cancel, again=self.setup.tariff.free)

    def upload(self, path: str, body: bytes, media_type: str, *, cancel: Cancel = never) -> Reply:
        """Send a file.  Raises: ProviderError."""
        return self._asked("POST", self.base + path, body, {"Content-Type": media_type}, cancel, again=True)

    def fetch(self, address: str, *, cancel: Cancel = never) -> Reply:
        """A file that an answer names: from the service itself or from a host that the settings name beside it, there without the key.

        Raises: ProviderError: another host; or as for every exchange.
        """
        parts = _parts(address)
        if parts is None:
            raise ProviderError(f"{self.name}: it names an address for its file that is none ({self.clean(address)}). Nothing was asked there.")
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        if parts.hostname == self.host and (parts.port or (443 if parts.scheme == "https" else 80)) == self.port and parts.scheme == self.scheme:
            return self._asked("GET", target, None, {}, cancel, again=True)
        if parts.hostname not in self.setup.also or (parts.scheme != "https" and not here(parts.hostname or "")):
            raise ProviderError(f'{self.name}: it sends to another host for its file ({parts.scheme}://{parts.hostname}), and nothing was asked there. Where you trust it, name it in the settings: also = ["{parts.hostname}"]')
        other = Setup(name=self.name, uses=self.setup.uses, address=f"{parts.scheme}://{parts.netloc}", timeout_s=self.setup.timeout_s, tariff=self.setup.tariff)
        plain = Wire(other, Secret(""))
        plain.traffic = self.traffic
        return plain._asked("GET", target, None, {}, cancel, again=True)

    def count(self, what: str, sent: int, received: int) -> None:
        """Write down an exchange."""
        self.traffic.append(Traffic(host=f"{self.host}:{self.port}", what=what, sent=sent, received=received))

    def clean(self, text: str) -> str:
        """Words of the service as a sentence can hold them: short, on one line, without the key."""
        flat = " ".join("".join(one if one.isprintable() else " " for one in self._key.hide(text)).split())
        return flat if len(flat) <= 300 else flat[:299] + "…"

    def head(self) -> dict[str, str]:
        """The headers of every exchange, the key's among them."""
        out = {"User-Agent": f"answerprint/{__version__}", "Accept-Encoding": "identity", **self._fixed}
        if self._key:
            out[self._header[0]] = self._header[1] + self._key.reveal()
        return out

    def connect(self) -> socket.socket:
        """An open line to the service.  Raises: OSError."""
        line = socket.create_connection((self.host, self.port), timeout=self.setup.timeout_s)
        return ssl.create_default_context().wrap_socket(line, server_hostname=self.host) if self.scheme == "https" else line

    def offline(self, cause: Exception) -> str:
        """Why there is no line, in a sentence."""
        if isinstance(cause, socket.gaierror):
            return f"{self.name}: there is no way to {self.host}: its name was not found. Is this machine offline? Nothing was sent."
        if isinstance(cause, ssl.SSLError):
            return f"{self.name}: {self.host} does not prove who it is ({self.clean(getattr(cause, 'verify_message', '') or str(cause.reason))}). Nothing was sent."
        if isinstance(cause, ConnectionRefusedError):
            return f"{self.name}: nobody answers at {self.host}:{self.port}. " + ("Start its server on this machine." if here(self.host) else "Is the address the right one?") + " Nothing was sent."
        if isinstance(cause, TimeoutError):
            return f"{self.name}: {self.host} was not reached in {self.setup.timeout_s} s. Is this machine offline? Nothing was sent."
        return f"{self.name}: there is no way to {self.host} ({getattr(cause, 'strerror', None) or type(cause).__name__}). Is this machine offline? Nothing was sent."

    # ---- one question, as often as it takes

    def _asked(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str], cancel: Cancel, *, again: bool) -> Reply:
        if self._key.within(body or b"") or self._key.within(target.encode()):
            raise ProviderError(f"{self.name}: the request holds the service's own key in its words. Nothing was sent. Take it out, and have the key replaced.")
        reached = False
        for tried in range(1, TRIES + 1):
            if cancel():
                raise self._stopped(reached)
            wait: float | None = None
            try:
                reply = self._once(method, target, body, headers, cancel)
            except _Silence as cause:
                reached = reached or cause.reached
                error = ProviderError(cause.says)
                error.perhaps_billed = reached
                error.__cause__ = cause
                if cancel():
                    raise self._stopped(reached) from cause
                if cause.reached and method == "POST" and isinstance(cause.__cause__, TimeoutError):
                    longer = f" It was not asked again: it may be at work still. Where it needs longer, say so in the settings: timeout_s = {min(3600, 5 * self.setup.timeout_s)}"
                    error.args = (cause.says + longer,)
                    raise error from cause
                if cause.reached and not again:
                    error.args = (f"{cause.says} It was not asked again: it may have been charged already.",)
                    raise error from cause
                if not cause.reached and not isinstance(cause.__cause__, TimeoutError):
                    raise error from cause
            else:
                if reply.status < 300:
                    return reply
                error = self._refused(reply)
                if method == "POST" and reply.status in _LOST:
                    error.perhaps_billed = True
                    if not again:
                        error.args = (f"{error} It was not asked again: it may be at work still, and have been charged already.",)
                        raise error
                if reply.status not in AGAIN:
                    raise error
                wait = _asks_to_wait(reply.headers)
                if wait is not None and wait > LONGEST_S:
                    raise ProviderError(f"{error} It asks to wait {wait:.0f} s. Ask again then.")
            if tried == TRIES:
                error.args = (f"{error} Asked {TRIES} times.",)
                raise error
            self._pause(wait if wait is not None else PAUSE_S * 2 ** (tried - 1), cancel, reached)
        raise AssertionError("unreachable")

    def _once(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str], cancel: Cancel) -> Reply:
        line = _Counting(self)
        received = 0
        try:
            with self._watched(line, cancel):
                try:
                    line.connect()
                except OSError as cause:
                    raise _Silence(self.offline(cause), reached=False) from cause
                try:
                    line.request(method, target, body=body, headers={**self.head(), **headers})
                    answer = line.getresponse()
                    whole = answer.length  # None where it does not say
                    data = answer.read(_MOST + 1)
                    received = len(data)
                    if whole is not None and received < min(whole, _MOST + 1):
                        raise http.client.IncompleteRead(data, whole - received)
                except TimeoutError as cause:
                    raise _Silence(f"{self.name}: {self.host} did not answer in {self.setup.timeout_s} s.", reached=True) from cause
                except http.client.IncompleteRead as cause:
                    received = len(cause.partial)
                    raise _Silence(f"{self.name}: only a part of its answer came ({received} bytes), then the line was cut.", reached=True) from cause
                except (OSError, http.client.HTTPException, ValueError) as cause:
                    raise _Silence(f"{self.name}: the line to {self.host} was cut before an answer came.", reached=True) from cause
        finally:
            line.close()
            if line.sent:
                self.count(f"{method} {target.partition('?')[0]}", line.sent, received)
        found = {name.lower(): value for name, value in answer.getheaders()}
        if len(data) > _MOST:
            raise came_wrong(f"{self.name}: its answer is larger than {_MOST // 2**20} MB, and was not read to its end.")
        if self._key.within(data):
            raise came_wrong(f"{self.name}: its answer holds the key itself. Nothing of it was kept. Have the key replaced.")
        return Reply(status=answer.status, headers=found, data=data)

    @contextlib.contextmanager
    def _watched(self, line: http.client.HTTPConnection, cancel: Cancel) -> Iterator[None]:
        """Cut the line when somebody stops it: a thread of its own looks, since this one waits for bytes."""
        if cancel is never:
            yield
            return
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.1):
                if cancel():
                    with contextlib.suppress(OSError):
                        if line.sock is not None:
                            line.sock.shutdown(socket.SHUT_RDWR)
                    return

        watcher = threading.Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _pause(self, wait_s: float, cancel: Cancel, reached: bool) -> None:
        until = time.monotonic() + wait_s
        while (left := until - time.monotonic()) > 0:
            if cancel():
                raise self._stopped(reached)
            time.sleep(min(left, 0.1))

    def _stopped(self, reached: bool) -> ProviderError:
        error = ProviderError(f"{self.name}: stopped." + (" It had the question already, and may charge for it." if reached else " Nothing more was sent."))
        error.perhaps_billed = reached
        return error

    def _refused(self, reply: Reply) -> ProviderError:
        """What a status says, in a sentence."""
        said = self.clean(_says(reply.data))
        more = f" It says: {said}" if said else ""
        status = reply.status
        if status in (401, 403):
            where = f"{self.setup.key}" if self.setup.key else "no key, since the settings name none"
            return ProviderError(f"{self.name}: the key was refused ({status}); it was given {where}. Check it with the service.{more}")
        if status == 402:
            return ProviderError(f"{self.name}: the account has nothing left ({status}).{more}")
        if status == 404:
            return ProviderError(f"{self.name}: there is no such model or address there ({status}): {self.setup.model or self.setup.address}.{more}")
        if status == 429:
            return ProviderError(f"{self.name}: too many questions for now, or the account's limit is reached ({status}).{more}")
        if 300 <= status < 400:
            return ProviderError(f"{self.name}: it sends elsewhere ({status}), and no key goes where nobody said so. Write the new address into the settings.{more}")
        if status >= 500:
            return ProviderError(f"{self.name}: the service is not well ({status}).{more}")
        return ProviderError(f"{self.name}: it does not take this request ({status}).{more}")


class _Counting(http.client.HTTPConnection):
    """A connection that counts what goes out."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire.host, wire.port, timeout=wire.setup.timeout_s)
        self.default_port = 443 if wire.scheme == "https" else 80
        self._wire = wire
        self.sent = 0

    def connect(self) -> None:
        self.sock = self._wire.connect()

    def send(self, data: Any) -> None:
        super().send(data)
        self.sent += len(data)


def _asks_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a service asks to wait (RFC 9110, 10.2.3: seconds or a date); None where it asks for nothing."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time()) if said else None
    except ValueError:
        return None


def _says(data: bytes) -> str:
    """What an error's body says: {"error": {"message": ...}}, {"error": ...}, {"detail": ...} or plain text."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        text = data[:400].decode("utf-8", "replace")
        return "" if text.lstrip().startswith("<") else text
    for key in ("error", "message", "detail", "code"):
        if isinstance(value, dict) and key in value:
            inner = value[key]
            return str(inner.get("message", "")) if isinstance(inner, dict) else str(inner)
    return ""


def _parts(address: str) -> SplitResult | None:
    """An address taken apart; None for one that is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _short(data: bytes) -> str:
    return data[:60].decode("utf-8", "replace")
