"""The layouts of somebody's own .pptx, known by the kinds of their places: which one opens, which takes words, which pictures; and how its words are set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from answerprint.presenting.records import DeckError

__all__ = ["SMALLEST", "Layouts", "centred", "kinds_of", "layouts_of", "size_of"]

SMALLEST = 12.0  #: points: below that nothing is read from a wall


@dataclass(frozen=True, kw_only=True)
class Layouts:
    """What a slide is made on."""

    title: Any
    words: Any | None
    pictures: Any | None
    bare: Any


def kinds_of(layout: Any) -> dict[str, list[Any]]:
    """The places of a layout by kind, those for date, footer and number aside."""
    from pptx.enum.shapes import PP_PLACEHOLDER as K

    names = {K.TITLE: "title", K.CENTER_TITLE: "title", K.SUBTITLE: "subtitle", K.BODY: "words", K.OBJECT: "any", K.PICTURE: "picture", K.TABLE: "table"}
    out: dict[str, list[Any]] = {}
    for shape in layout.placeholders:
        if kind := names.get(shape.placeholder_format.type):
            out.setdefault(kind, []).append(shape)
    return out


def layouts_of(show: Any, called: str) -> tuple[Layouts, list[str]]:
    """Which layouts a deck is made on, and what the template has none for, in sentences.

    Args:   called: the template's name.
    Raises: DeckError: no layout of it has a title.
    """
    from pptx.enum.shapes import PP_PLACEHOLDER as K

    there = [(layout, kinds_of(layout)) for layout in show.slide_layouts]
    titled = [(layout, kinds) for layout, kinds in there if "title" in kinds]
    if not titled:
        raise DeckError(f"{called}: no layout of it has a place for a title, so no slide could say what it shows. Add one in the slide master.")
    opening = next((layout for layout, kinds in titled if kinds["title"][0].placeholder_format.type == K.CENTER_TITLE or "subtitle" in kinds), titled[0][0])

    def largest(kinds: dict[str, list[Any]]) -> int:
        return max((int(one.width) * int(one.height) for name in ("any", "words") for one in kinds.get(name, ())), default=0)

    one_place = [(layout, kinds) for layout, kinds in titled if sum(len(kinds.get(name, ())) for name in ("any", "words", "picture", "table")) == 1 and largest(kinds)]
    words = max(one_place or [pair for pair in titled if largest(pair[1])], key=lambda pair: largest(pair[1]), default=(None, {}))[0]
    with_pictures = [(layout, kinds) for layout, kinds in titled if kinds.get("picture")]
    seen = max(with_pictures, key=lambda pair: sum(int(one.width) * int(one.height) for one in pair[1]["picture"]), default=(None, {}))[0]
    bare = min(titled, key=lambda pair: sum(map(len, pair[1].values())))[0]
    says = []
    if words is None:
        says.append(f"{called} has no layout with a title and a place for words: words stand in boxes of their own under the title, on “{bare.name}”.")
    if seen is None:
        says.append(f"{called} has no layout with a place for a picture: pictures stand under the title, on “{bare.name}”.")
    return Layouts(title=opening, words=words, pictures=seen, bare=bare), says


def centred(shape: Any) -> bool:
    """Whether the template sets its words in the middle."""
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    at = shape
    while at is not None:
        for level in at._element.iter(f"{space}lvl1pPr"):
            if level.get("algn"):
                return bool(level.get("algn") == "ctr")
        at = getattr(at, "_base_placeholder", None) if getattr(at, "is_placeholder", False) else None
    if not getattr(shape, "is_placeholder", False):
        return False
    tag = "titleStyle" if "TITLE" in str(shape.placeholder_format.type) and "SUBTITLE" not in str(shape.placeholder_format.type) else "bodyStyle"
    styles = shape.part.slide_layout.slide_master._element.iter(f"{{http://schemas.openxmlformats.org/presentationml/2006/main}}{tag}")
    return any(level.get("algn") == "ctr" for style in styles for level in style.iter(f"{space}lvl1pPr"))


def size_of(shape: Any, *, heading: bool = False) -> float:
    """In points, as the template sets it: in the place itself, its layout, its master; 18 (28 of a heading) where none says it."""
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    at = shape
    while at is not None:
        for level in at._element.iter(f"{space}lvl1pPr"):
            for run in level.iter(f"{space}defRPr"):
                if run.get("sz"):
                    return max(int(run.get("sz")) / 100, SMALLEST)
        at = getattr(at, "_base_placeholder", None) if getattr(at, "is_placeholder", False) else None
    master = shape.part.slide_layout.slide_master if hasattr(shape.part, "slide_layout") else None
    if master is not None and getattr(shape, "is_placeholder", False):
        tag = "titleStyle" if heading else "bodyStyle"
        for style in master._element.iter(f"{{http://schemas.openxmlformats.org/presentationml/2006/main}}{tag}"):
            for level in style.iter(f"{space}lvl1pPr"):
                for run in level.iter(f"{space}defRPr"):
                    if run.get("sz"):
                        return max(int(run.get("sz")) / 100, SMALLEST)
    return 28.0 if heading else 18.0
