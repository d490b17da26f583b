"""Open the room: an address, a link that opens once, and a browser on it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from answerprint.room import RoomError
from answerprint.room.app import Room, make_app
from answerprint.room.lines import lines

__all__ = ["Address", "Served", "serve", "start"]

PORT = 8484
_BACKLOG = 128
PATIENCE_S = 20  #: for a request's first lines
_MOST = 256  #: connections at once: 35 people with a stream, a movie and a page of frames each stay below


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the room is. On this machine always localhost; for the network it needs a real name and a certificate for it."""

    port: int = PORT
    host: str | None = None  #: the network address to listen on; None for this machine only
    name: str | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def origins(self) -> tuple[str, ...]:
        """The pages that the room is, the one to send people to first."""
        if self.host is None:
            return (f"http://localhost:{self.port}",)
        assert self.name is not None
        return (f"https://{self.name}" + ("" if self.port == 443 else f":{self.port}"),)

    def check(self) -> None:
        """Raises: RoomError: it would be open to the network without a name that passkeys can belong to, or without a certificate for it."""
        if self.host is None:
            return
        if not self.name or "." not in self.name or self.name.replace(".", "").isdigit():
            raise RoomError("for the network the room needs a real name: --name room.example.com. Passkeys belong to a name, not to a number.")
        if self.certificate is None:
            raise RoomError(f"for the network the room needs a certificate for {self.name} that browsers trust: --certificate FILE --certificate-key FILE.")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as cause:
            raise RoomError(f"{self.certificate}: this certificate cannot be used ({cause}).") from cause
        _check_name(self.certificate, self.name)


def _check_name(certificate: Path, name: str) -> None:
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    except (ValueError, x509.ExtensionNotFound) as cause:
        raise RoomError(f"{certificate}: it does not say for which name it is.") from cause
    if not any(one == name or (one.startswith("*.") and name.partition(".")[2] == one[2:]) for one in names):
        raise RoomError(f"{certificate}: it is for {', '.join(names)}, not for {name}.")
    if found.not_valid_after_utc.timestamp() < time.time():
        raise RoomError(f"{certificate}: it ended on {found.not_valid_after_utc:%d %B %Y}.")


@dataclass(frozen=True, kw_only=True)
class Served:
    """A room that is open. `close` ends it and waits for what is being written."""

    room: Room
    origin: str
    link: str  #: opens once
    close: Callable[[], None]
    wait: Callable[[], None]


def start(folder: Path, address: Address | None = None) -> Served:
    """Open the room in a thread of its own.

    Raises: RoomError: the port is taken, or the network is not safe to open to; ProductionError: not a production.
    """
    address = address or Address()
    address.check()
    listening = _listen(address)
    room = Room(folder, origins=address.origins)
    settings = uvicorn.Config(
        make_app(room), log_level="warning", access_log=False, server_header=False, date_header=True, proxy_headers=False, ws="none", http=lines(PATIENCE_S), limit_concurrency=_MOST, backlog=_BACKLOG,
        timeout_keep_alive=15, timeout_graceful_shutdown=3, h11_max_incomplete_event_size=64 * 1024,
        ssl_certfile=str(address.certificate) if address.certificate else None, ssl_keyfile=str(address.key) if address.key else None,
    )  # fmt: skip
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="room", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RoomError(f"the room could not be opened at {address.origins[0]}.")
        time.sleep(0.01)

    def close() -> None:
        room.closing.set()
        server.should_exit = True
        thread.join(timeout=10)
        room.house.close()

    link = f"{address.origins[0]}/in/{room.doors.setup_link()}"
    return Served(room=room, origin=address.origins[0], link=link, close=close, wait=thread.join)


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if address.host and ":" in address.host else socket.AF_INET
    # named TCP, or asyncio leaves Nagle's algorithm on: an answer's body then waits 40 ms for the browser to confirm its headers
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.host or "127.0.0.1", address.port))
    except OSError as cause:
        listening.close()
        raise RoomError(f"port {address.port} cannot be used ({cause.strerror}). Is another room open? Choose one with --port.") from cause
    return listening


def serve(folder: Path, address: Address, *, browser: bool, tell: Callable[[Served], None]) -> None:
    """Open the room, say where it is, and stay until Ctrl-C."""
    served = start(folder, address)
    tell(served)
    if browser:
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open(served.link)
    try:
        served.wait()
    except KeyboardInterrupt:
        served.close()
