"""The deck behind its page: laid out as it would be made now, and kept while nothing of it changes; made in a process of its own; what was made of which pages."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import presenting
from answerprint.desk import Desk
from answerprint.keep import write_whole
from answerprint.presenting.preview import Preview, preview
from answerprint.referencing.choosing import digest_of

if TYPE_CHECKING:
    from answerprint.presenting import Deck
    from answerprint.production import Production
    from answerprint.room.asking import Room

__all__ = ["OUT", "TEMPLATES", "Said", "held", "key_of", "laid", "last", "make", "templates"]

TEMPLATES = "assets/deck"  #: where templates lie that somebody brought
OUT = ("out/deck.pptx", "out/deck.pdf")
_KEPT = 8  #: decks that are kept laid out: as many people look at one each, or at one with several covers
_laying = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says of a deck before it is made."""

    treatment: str = ""  #: "" for the latest
    by: str = ""  #: "" for the crew's director
    dated: str = ""
    cover: str = ""  #: a frame, as the production calls it; "" for none
    template: str = ""  #: a file of TEMPLATES; "" for the house's own slides


def laid(room: Room, desk: Desk, said: Said) -> tuple[str, Preview]:
    """The deck as it would be made now, under a key that changes with anything that is on its pages.

    Raises: DeckError: there is nothing to show, or a picture is not there.
    """
    deck = presenting.deck_of(desk, by=said.by, dated=said.dated, treatment=said.treatment, cover=desk.path / said.cover if said.cover else None)
    key = key_of(deck)
    with _laying:
        kept = _kept(room)
        if key not in kept:
            kept[key] = preview(deck)
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return key, kept[key]


def held(room: Room) -> dict[str, Preview]:
    """Every deck that is laid out, by its key."""
    with _laying:
        return dict(_kept(room))


def key_of(deck: Deck) -> str:
    """Changes with anything that a deck's pages show."""
    pictures = [one for part in deck.parts for one in part.pictures] + ([deck.cover] if deck.cover else [])
    return hashlib.sha256("\n".join([repr(deck), *(digest_of(one.path) for one in pictures)]).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def templates(desk: Desk) -> tuple[str, ...]:
    """The templates that lie here, by name."""
    return tuple(sorted(path.name for path in (desk.path / TEMPLATES).glob("*.pptx") if path.is_file()))


def last(production: Production) -> dict[str, Any]:
    """What the last making left, as `make` wrote it; empty where nothing was made from a page."""
    try:
        found = json.loads(_paper(production).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def make(production: Production, kinds: Sequence[str], said: Said, *, told: Callable[[str, float], None]) -> None:
    """Write the deck into out/, and what it was made of beside the cache.

    Raises: DeckError: as `presenting.make`.
    """
    told("the pages", 0.0)
    desk = Desk(production)
    to = [desk.path / name for name in OUT if Path(name).suffix in kinds]
    template = desk.path / TEMPLATES / said.template if said.template and ".pptx" in kinds else None
    cover = desk.path / said.cover if said.cover else None
    made = presenting.make(desk, to, template=template, by=said.by, dated=said.dated, treatment=said.treatment, cover=cover)
    told("the files", 0.9)
    before = last(production).get("files", {})
    files = {f"out/{path.name}": {"seal": digest_of(path), "key": key_of(made.deck), "template": said.template if path.suffix == ".pptx" else "", "says": list(made.says)} for path in made.files}
    _paper(production).parent.mkdir(parents=True, exist_ok=True)
    write_whole(_paper(production), json.dumps({"files": {**before, **files}}, ensure_ascii=False).encode())


def _kept(room: Room) -> OrderedDict[str, Preview]:
    found: OrderedDict[str, Preview] | None = getattr(room, "decks", None)
    if found is None:
        found = OrderedDict()
        room.decks = found  # type: ignore[attr-defined]
    return found


def _paper(production: Production) -> Path:
    return production.inside / "cache" / "deck" / "made.json"
