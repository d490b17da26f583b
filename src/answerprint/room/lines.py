"""A connection to the room that has to say something: one that only stays open, or comes letter by letter, is let go.

uvicorn waits for a request's first lines for as long as somebody wants (its keep-alive ends only what has answered before), so that a few
hundred silent connections would shut the room for everybody.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["Line", "lines"]


class Line(H11Protocol):
    """uvicorn's connection, with an end to its patience."""

    patience_s: float = 20.0
    _ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._ends is None and self.timeout_keep_alive_task is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._ends = self.loop.call_later(self.patience_s, self._let_go)

    def _stop(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None

    def _let_go(self) -> None:
        self._ends = None
        if not self.transport.is_closing():
            self.transport.abort()


def lines(patience_s: float) -> type[Line]:
    """Connections that wait so many seconds for a request's first lines."""
    return type("Line", (Line,), {"patience_s": patience_s})
