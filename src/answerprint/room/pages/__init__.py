"""One module per page: what it shows (a frozen record, which is its twin under /api as well) and what can be done there."""

from __future__ import annotations

from importlib import import_module

from fastapi import APIRouter

__all__ = ["PAGES", "routers"]

PAGES = ("board", "thought", "brief", "drafts", "library", "frames", "deck", "crew", "crew_services", "arguments", "critics", "sign", "playing", "takes", "accidents", "script", "floor", "cut", "cut_source", "cutting", "framing", "finish", "finish_made", "finish_picture", "finish_reframing", "finish_sound", "finish_supers", "finish_versions", "finish_words", "report", "report_share", "cost", "slots", "asking", "rounds", "check", "check_work", "deliver", "record")  #: every page, by its module here


def routers() -> list[APIRouter]:
    """The routers of every page."""
    from answerprint.room import signing

    named = (import_module(f"answerprint.room.pages.{name}").router for name in PAGES)
    return [signing.router, *named]
