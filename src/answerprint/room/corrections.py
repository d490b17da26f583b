"""What was said of the clips that were measured and not corrected: the record holds what is proposed, and these stay as they were shot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.keep import write_whole
from answerprint.room.words import on_a_page

if TYPE_CHECKING:
    from answerprint.correcting import Corrections
    from answerprint.production import Production

__all__ = ["Said", "answered", "put", "said"]

Said = tuple[tuple[str, ...], tuple[str, ...]]  #: what was left alone, and what a person is asked


def _place(production: Production) -> Path:
    return production.inside / "cache" / "correct" / "said.json"


def put(production: Production, found: Corrections) -> None:
    """Keep what the last measuring said of each clip."""
    body = {one.clip: {"says": list(one.says), "asks": [ask for ask in found.asks if ask.startswith((f"{one.clip} ", f"{one.clip}:"))]} for one in found.clips}
    write_whole(_place(production), json.dumps(body, ensure_ascii=False).encode("utf-8"))


def said(production: Production) -> dict[str, Said]:
    """What it said, by clip; nothing where nobody measured here."""
    try:
        body = json.loads(_place(production).read_bytes())
        return {clip: (tuple(map(on_a_page, one["says"])), tuple(on_a_page(ask).replace(clip, Path(clip).stem, 1) for ask in one["asks"])) for clip, one in body.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def answered(production: Production, clip: str) -> None:
    """Somebody answered what was asked of a clip."""
    try:
        body = json.loads(_place(production).read_bytes())
        body[clip]["asks"] = []
    except (OSError, ValueError, KeyError, TypeError):
        return
    write_whole(_place(production), json.dumps(body, ensure_ascii=False).encode("utf-8"))
