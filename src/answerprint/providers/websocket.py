"""The listening half of a WebSocket (RFC 6455): one handshake, then messages in; out go only pongs and the close.

ComfyUI says over it how far a job is. It needs no more than this, and no library of its own.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import struct
import time

from answerprint.model.providers import Cancel, ProviderError
from answerprint.providers.wire import Wire

__all__ = ["Listening"]

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  #: RFC 6455, 1.3
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 1, 2, 8, 9, 10
_MOST = 64 * 2**20  #: bytes of a message: previews come over it too
_LOOK_S = 0.1  #: how often somebody who stops it is listened to


class Listening:
    """An open WebSocket to the service of a wire.

    Raises: ProviderError: there is no way, or it is no WebSocket.
    """

    def __init__(self, wire: Wire, target: str) -> None:
        self._wire, self._target = wire, target.partition("?")[0]
        self._sent = self._received = 0
        self._waiting = b""
        try:
            self._line = wire.connect()
        except OSError as cause:
            raise ProviderError(wire.offline(cause)) from cause
        try:
            self._shake_hands(target)
        except (OSError, ProviderError) as cause:
            self.close()
            if isinstance(cause, ProviderError):
                raise
            raise ProviderError(f"{wire.name}: {wire.host} did not take the line on which it tells how far it is ({type(cause).__name__}).") from cause

    def _shake_hands(self, target: str) -> None:
        nonce = base64.b64encode(os.urandom(16)).decode()
        wire = self._wire
        head = {"Host": f"{wire.host}:{wire.port}", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": nonce, "Sec-WebSocket-Version": "13", **wire.head()}
        head.pop("Accept-Encoding", None)
        self._send(f"GET {target} HTTP/1.1\r\n".encode() + "".join(f"{name}: {value}\r\n" for name, value in head.items()).encode() + b"\r\n")
        while b"\r\n\r\n" not in self._waiting:
            self._more()
            if len(self._waiting) > 65536:
                raise ProviderError(f"{wire.name}: what answers at {wire.host} is no WebSocket.")
        answer, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
        first, *lines = answer.split(b"\r\n")
        said = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        accepts = base64.b64encode(hashlib.sha1(nonce.encode() + _GUID, usedforsecurity=False).digest())
        if b" 101 " not in first + b" " or said.get(b"sec-websocket-accept") != accepts:
            raise ProviderError(f"{wire.name}: {wire.host} opens no WebSocket ({wire.clean(first.decode('latin-1'))}). Is it ComfyUI?")

    def next(self, cancel: Cancel) -> str | None:
        """The next message in words; None where it is bytes.

        Raises: ProviderError: the line was cut, nothing was said in the time of the settings, or somebody stopped it.
        """
        whole, kind = b"", 0
        while True:
            final, code, data = self._frame(cancel)
            if code == _PING:
                self._answer(_PONG, data)
                continue
            if code == _PONG:
                continue
            if code == _CLOSE:
                raise ProviderError(f"{self._wire.name}: it closed the line before the job was done.")
            kind, whole = kind or code, whole + data
            if len(whole) > _MOST:
                raise ProviderError(f"{self._wire.name}: it sent a message of more than {_MOST // 2**20} MB.")
            if final:
                return whole.decode("utf-8", "replace") if kind == _TEXT else None

    def close(self) -> None:
        """End it, and write down what went over it."""
        with contextlib.suppress(OSError):
            if self._sent and self._line.fileno() >= 0:
                self._answer(_CLOSE, struct.pack("!H", 1000))
        if self._sent:
            self._wire.count(f"WebSocket {self._target}", self._sent, self._received)
            self._sent = 0
        self._line.close()

    def _frame(self, cancel: Cancel) -> tuple[bool, int, bytes]:
        head = self._take(2, cancel)
        size = head[1] & 0x7F
        if head[1] & 0x80:
            raise ProviderError(f"{self._wire.name}: what it sends is no WebSocket: a server does not mask.")
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2, cancel))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8, cancel))
        if size > _MOST:
            raise ProviderError(f"{self._wire.name}: it sent a message of more than {_MOST // 2**20} MB.")
        return bool(head[0] & 0x80), head[0] & 0x0F, self._take(size, cancel)

    def _take(self, count: int, cancel: Cancel) -> bytes:
        until = time.monotonic() + self._wire.setup.timeout_s
        while len(self._waiting) < count:
            if cancel():
                raise ProviderError(f"{self._wire.name}: stopped.")
            self._line.settimeout(_LOOK_S)
            try:
                self._more()
            except TimeoutError as cause:
                if time.monotonic() > until:
                    raise ProviderError(f"{self._wire.name}: nothing was heard of the job for {self._wire.setup.timeout_s} s.") from cause
            except OSError as cause:
                raise ProviderError(f"{self._wire.name}: the line was cut before the job was done.") from cause
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    def _more(self) -> None:
        data = self._line.recv(65536)
        if not data:
            raise ProviderError(f"{self._wire.name}: the line was cut before the job was done.")
        self._waiting += data
        self._received += len(data)

    def _answer(self, code: int, data: bytes) -> None:
        """A short frame, masked as a client's are."""
        mask = os.urandom(4)
        self._send(bytes([0x80 | code, 0x80 | len(data)]) + mask + bytes(one ^ mask[n % 4] for n, one in enumerate(data)))

    def _send(self, data: bytes) -> None:
        self._line.sendall(data)
        self._sent += len(data)
