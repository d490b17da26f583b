"""The deck: what goes to a client before the shoot, as slides and as a PDF. Title, idea, tone, frames, light, cast, edit, schedule, budget.

>>> presenting.make(spot, [Path("deck.pptx"), Path("deck.pdf")])     # doctest: +SKIP

Every picture says where it comes from, and a generated one says that it was. What the machine wrote and nobody has edited is named to whoever
sends the deck. What is not in a production is not in its deck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.desk import Desk
from answerprint.keep import disk_sentence, write_whole
from answerprint.presenting.gathering import deck_of
from answerprint.presenting.page import Page, Text
from answerprint.presenting.records import GENERATED, KINDS, Deck, DeckError, Part, PartKind, Passage, Picture, Table

if TYPE_CHECKING:
    from answerprint.presenting.faces import Faces

__all__ = ["FORMATS", "GENERATED", "KINDS", "Deck", "DeckError", "Made", "Page", "Part", "PartKind", "Passage", "Picture", "Table", "deck_of", "make", "pages", "plain", "rendered", "texts"]

FORMATS = (".pptx", ".pdf")


@dataclass(frozen=True, kw_only=True)
class Made:
    """The files of a deck, and what whoever sends it should know."""

    files: tuple[Path, ...]
    deck: Deck
    pages: int  #: of the house's design
    slides: int  #: of the .pptx; as many as pages without a template
    warnings: tuple[str, ...]  #: passages that nobody has edited
    says: tuple[str, ...]  #: what is left out, and what a template has no place for


def pages(deck: Deck) -> tuple[Page, ...]:
    """The deck laid out in the house's design.

    Raises: DeckError: fontTools is not installed; a picture is not there.
    """
    from answerprint.presenting.faces import faces
    from answerprint.presenting.laying import laid
    from answerprint.presenting.pictures import prepared

    return laid(deck, faces(texts(deck), deck.faces, deck.lying), lambda one: prepared(one.path, generated=one.generated))


def rendered(deck: Deck, kinds: Sequence[str], *, template: bytes | None = None, called: str = "the template") -> tuple[dict[str, bytes], int, tuple[str, ...]]:
    """The bytes of each format that is asked for, how many slides there are, and what does not fit.

    Args: template: somebody's own .pptx, for the slides; the PDF keeps the house's design.
    """
    from answerprint.presenting.faces import faces
    from answerprint.presenting.laying import laid
    from answerprint.presenting.paper import pdf
    from answerprint.presenting.pictures import prepared
    from answerprint.presenting.slides import pptx
    from answerprint.presenting.template import filled

    cut = faces(texts(deck), deck.faces, deck.lying)
    made = laid(deck, cut, lambda one: prepared(one.path, generated=one.generated))
    says: list[str] = []
    if cut.lacking:
        where = [str(n) for n, page in enumerate(made, 1) if any(set(cut.lacking) & set(one.words) for one in page.things if isinstance(one, Text))]
        says.append(f"Source Sans 3 and Source Serif 4 have no shape for {' '.join(cut.lacking[:12])} (page {', '.join(where)}): the PDF shows boxes there. {_brings(cut)} Or send the slides: an office program takes a face of its own for them.")
    if cut.shaper is not None:
        says += cut.shaper.says
    out: dict[str, bytes] = {}
    slides = len(made)
    for kind in kinds:
        if kind == ".pdf":
            out[kind] = pdf(deck, made, cut)
        elif template is None:
            out[kind] = pptx(deck, made, cut)
        else:
            out[kind], slides, short = filled(deck, template, cut, lambda one: prepared(one.path, generated=one.generated), called=called)
            says += short
    return out, slides, tuple(says)


def make(
    desk: Desk, to: Sequence[Path], *, template: Path | None = None, by: str = "", dated: str = "", treatment: str = "", cover: Path | None = None, faces: Sequence[Path] = ()
) -> Made:
    """Write a production's deck.

    Args:   to: files that end in .pptx or .pdf.  template: the user's own .pptx.  The rest as `deck_of`.
    Raises: DeckError: a file of another kind, nothing to show, a package that is not installed, a template that cannot be read.
    """
    for path in to:
        if path.suffix.lower() not in FORMATS:
            raise DeckError(f"{path.name}: a deck is written as {' or '.join(FORMATS)}.")
    if template is not None and not any(path.suffix.lower() == ".pptx" for path in to):
        raise DeckError(f"{template.name}: a template shapes slides, and no .pptx is asked for. Say: --to deck.pptx")
    try:
        raw = template.read_bytes() if template is not None else None
    except OSError as cause:
        raise DeckError(f"{template.name if template else ''}: this template cannot be read ({cause.strerror}).") from cause
    deck = deck_of(desk, by=by, dated=dated, treatment=treatment, cover=cover, faces=faces)
    kinds = list(dict.fromkeys(path.suffix.lower() for path in to))
    data, slides, short = rendered(deck, kinds, template=raw, called=template.name if template else "")
    for path in to:
        try:
            write_whole(path, data[path.suffix.lower()])
        except OSError as cause:
            raise DeckError(disk_sentence(cause, str(path))) from cause
    warnings = tuple(f"{part}: “{_start(words)}” is as the machine wrote it. Make it yours, or take it out." for part, words in deck.unedited)
    return Made(files=tuple(to), deck=deck, pages=len(pages(deck)), slides=slides, warnings=warnings, says=(*deck.says, *short))


def plain(made: Made) -> dict[str, object]:
    """For a page and for --json."""
    return {
        "files": [str(path) for path in made.files], "title": made.deck.title, "client": made.deck.client, "by": made.deck.by, "pages": made.pages, "slides": made.slides,
        "parts": [{"kind": one.kind, "title": one.title, "passages": len(one.passages), "pictures": [{"file": picture.path.name, "credit": picture.credit, "generated": picture.generated} for picture in one.pictures]} for one in made.deck.parts],
        "warnings": list(made.warnings), "says": list(made.says),
    }  # fmt: skip


def texts(deck: Deck) -> list[str]:
    """Everything that is set, letter by letter."""
    out = [deck.title, deck.client, deck.by, deck.dated, "continued", GENERATED, GENERATED.capitalize()]
    for part in deck.parts:
        out.append(part.title)
        out += [text for one in part.passages for text in (one.text, one.by)]
        out += [text for one in part.pictures for text in (one.says, one.credit)]
        if part.table is not None:
            out += [*part.table.head, part.table.foot, *(cell for row in part.table.rows for cell in row)]
    return [*out, deck.cover.credit if deck.cover else ""]


def _brings(cut: Faces) -> str:
    """Where a face comes from for letters that none has."""
    from answerprint.presenting.letters import extras, language

    found = extras(cut.lacking, language(cut.letters))
    packages = f"Faces for them come with: pip install 'answerprint[{','.join(found)}]'; or name" if found else "Name"
    return f"{packages} a font that has them with --face FILE.otf, or put it into assets/fonts."


def _start(words: str) -> str:
    return words if len(words) <= 60 else words[:59].rsplit(" ", 1)[0] + " …"
