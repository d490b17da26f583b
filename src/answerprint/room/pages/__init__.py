"""One module per page: what it shows (a frozen record, which is its twin under /api as well) and what can be done there."""

from __future__ import annotations

from fastapi import APIRouter

__all__ = ["routers"]


def routers() -> list[APIRouter]:
    """The routers of every page."""
    from answerprint.room import signing
    from answerprint.room.pages import board

    return [signing.router, board.router]
