"""Somebody's own .pptx as the deck's shape: its layouts are known by the kinds of their places, and words and pictures go into those.

Their faces, sizes, colours and grounds stay theirs. Words that are too long for a place go on to another slide; a picture stands whole inside
its place; what a template has no place for is told in a sentence.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from answerprint.presenting import bidi
from answerprint.presenting.breaking import rejoined
from answerprint.presenting.faces import Faces
from answerprint.presenting.laying import leftward, unedited
from answerprint.presenting.layouts import SMALLEST, Layouts, centred, kinds_of, layouts_of, size_of
from answerprint.presenting.opening import linked, opened
from answerprint.presenting.page import Image, wrapped
from answerprint.presenting.pictures import Prepared
from answerprint.presenting.records import Deck, Part, Passage, Picture
from answerprint.presenting.slides import described, written
from answerprint.presenting.speaking import spoken

__all__ = ["filled"]

_WIDER = 1.15  #: what is held free for a face that we cannot measure: Verdana runs 1.2 times as wide as Source Sans, Arial and Calibri less
_LEADING = 1.2  #: of the size: what PowerPoint calls single
_READ = 16.0  #: points: no smaller than that for words that are read on
_CREDIT = 12.0


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where words go: in points."""

    width: float
    height: float
    size: float


def filled(deck: Deck, template: bytes, faces: Faces, pictures: Callable[[Picture], Prepared], *, called: str) -> tuple[bytes, int, tuple[str, ...]]:
    """The deck in a template.

    Returns: the .pptx; how many slides it has; what does not fit, in sentences.
    Raises:  DeckError: no .pptx (see `opening`), or one without a layout that has a title.
    """
    show = opened(template, called)
    layouts, says = layouts_of(show, called)
    says += linked(show, called)
    made = _Filling(show=show, layouts=layouts, faces=faces, pictures=pictures, says=says, called=called)
    made.first(deck)
    for part in deck.parts:
        made.part(part)
    if faces.shaper is not None:
        for slide in show.slides:
            for shape in slide.shapes:
                _speaking(shape, faces, leftward(deck))
    return written(show, deck), len(show.slides), tuple(dict.fromkeys(says))


@dataclass(kw_only=True)
class _Filling:
    show: Any
    layouts: Layouts
    faces: Faces
    pictures: Callable[[Picture], Prepared]
    says: list[str]
    called: str

    def first(self, deck: Deck) -> None:
        slide = self.show.slides.add_slide(self.layouts.title)
        self._head(slide, deck.title)
        under = [one for one in (deck.client, deck.by, deck.dated) if one]
        place = next((one for name in ("subtitle", "words", "any") for one in kinds_of(slide).get(name, ())), None)
        if under and place is None:
            self.says.append(f"{self.called}: “{self.layouts.title.name}” has no place under its title, so {', '.join(under)} is not on the first slide.")
        elif under and place is not None:
            place.text_frame.text = "\n".join(under)
        self._swept(slide)
        if deck.cover is not None:
            self._pictures(replace(_part_of(deck), pictures=(deck.cover,)))

    def part(self, part: Part) -> None:
        if part.passages:
            self._words(part)
        if part.table is not None:
            self._table(part)
        if part.pictures:
            self._pictures(part)

    # ---- words

    def _words(self, part: Part) -> None:
        lines = list(_lines(part.passages))
        chunks: list[list[tuple[str, str | None]]] | None = None
        place = _Place(width=0, height=0, size=0)
        for n in itertools.count():
            slide = self.show.slides.add_slide(self.layouts.words or self.layouts.bare)
            self._head(slide, f"{part.title}, continued" if n else part.title)
            shape = self._place(slide)
            if chunks is None:
                place, chunks = self._parted(lines, self._measured(shape))
            self._written(shape, chunks[n], place)
            notes = [unedited(one) for one in part.passages if one.unedited and any(text in one.text for text, by in chunks[n] if by is not None)]
            self._noted(slide, notes)
            self._swept(slide)
            if n + 1 == len(chunks):
                return

    def _parted(self, lines: Sequence[tuple[str, str | None]], place: _Place) -> tuple[_Place, list[list[tuple[str, str | None]]]]:
        """The words slide by slide, in the template's own size, or in a smaller one with which they stay on one slide; what is longer flows on, in the smallest."""
        made = place, self._flowed(lines, place)
        for share in (0.85, 0.7, 0.6):
            if len(made[1]) == 1 or place.size * share < _READ:
                break
            smaller = replace(place, size=round(place.size * share))
            made = smaller, self._flowed(lines, smaller)
        return made

    def _flowed(self, lines: Sequence[tuple[str, str | None]], place: _Place) -> list[list[tuple[str, str | None]]]:
        slides: list[list[tuple[str, str | None]]] = [[]]
        step, y = place.size * _LEADING, 0.0
        for text, by in lines:
            broken = list(wrapped(self.faces, "serif" if by else "sans", text, place.size * _WIDER, place.width))
            name = by is None
            while broken:
                room = max(int((place.height - y) // step), 0)
                fits = len(broken) if len(broken) <= room else room - (len(broken) - room == 1)  # no line alone on the next slide
                if fits < min(2, len(broken)) and slides[-1]:
                    taken = [slides[-1].pop()] if name and len(slides[-1]) > 1 else []  # a name does not go on alone
                    slides.append(taken)
                    y = sum(len(wrapped(self.faces, "serif", one, place.size * _WIDER, place.width)) * step + place.size * 0.5 for one, _ in taken)
                    continue
                fits = max(fits, 1)
                slides[-1].append((rejoined(broken[:fits]), by))
                y += fits * step + place.size * 0.5
                del broken[:fits]
        return slides

    def _place(self, slide: Any) -> Any:
        kinds = kinds_of(slide)
        found = max((one for name in ("any", "words") for one in kinds.get(name, ())), key=lambda one: int(one.width) * int(one.height), default=None)
        return found if found is not None else slide.shapes.add_textbox(*self._under(slide))

    def _measured(self, shape: Any) -> _Place:
        from pptx.util import Pt

        inset = 14.4  # PowerPoint's own: 0.1 inch on either side
        width, height = int(shape.width) / Pt(1), int(shape.height) / Pt(1)
        size = size_of(shape)
        return _Place(width=max(width - inset, 72), height=max(height - 7.2, size * 2), size=size)

    def _written(self, shape: Any, lines: Sequence[tuple[str, str | None]], place: _Place) -> None:
        from pptx.enum.text import MSO_AUTO_SIZE
        from pptx.util import Pt

        frame = shape.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        for n, (text, by) in enumerate(lines):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            _without_bullet(paragraph)
            paragraph.line_spacing, paragraph.space_before, paragraph.space_after = _LEADING, Pt(0), Pt(place.size * 0.5)
            run = paragraph.add_run()
            run.text = text
            run.font.size = Pt(place.size)
            if by is None:
                run.font.italic = True

    # ---- tables

    def _table(self, part: Part) -> None:
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Emu, Pt

        assert part.table is not None
        table = part.table
        rows = list(table.rows)
        columns = max(len(row) for row in (table.head, *rows))
        size = 14.0
        again = bool(part.passages)
        while rows:
            slide = self.show.slides.add_slide(self.layouts.bare)
            self._head(slide, f"{part.title}, continued" if again else part.title)
            left, top, width, height = (int(one) for one in self._under(slide))
            wide = [max(self.faces.width("sans", row[n], size) * _WIDER + 16 for row in (table.head, *rows) if n < len(row)) for n in range(columns)]
            room = width / Pt(1)
            share = [min(one, room * 0.6) for one in wide]
            share = [one * room / sum(share) for one in share]
            head = [table.head] if any(table.head) else []
            taken, y = 0, 0.0
            for row in [*head, *rows]:
                high = max(len(wrapped(self.faces, "sans", cell, size * _WIDER, share[n] - 15)) or 1 for n, cell in enumerate(row)) * size * _LEADING + 8
                if y + high > height / Pt(1) and taken > len(head):
                    break
                y += high
                taken += 1
            shown = [*head, *rows[: taken - len(head)]]
            grid = slide.shapes.add_table(len(shown), columns, Emu(left), Emu(top), Emu(width), Pt(y)).table
            grid.first_row = bool(head)
            for n, one in enumerate(share):
                grid.columns[n].width = Pt(one)
            for y_at, row in enumerate(shown):
                grid.rows[y_at].height = Pt(8 + size * _LEADING)
                for n in range(columns):
                    cell = grid.cell(y_at, n)
                    cell.text = row[n] if n < len(row) else ""
                    for paragraph in cell.text_frame.paragraphs:
                        paragraph.font.size = Pt(size)
                        paragraph.alignment = PP_ALIGN.RIGHT if n in table.figures else PP_ALIGN.LEFT
            if table.foot:
                self._noted(slide, [table.foot])
            self._swept(slide)
            del rows[: taken - len(head)]
            again = True

    # ---- pictures

    def _pictures(self, part: Part) -> None:
        left = list(part.pictures)
        again = bool(part.passages)
        while left:
            slide = self.show.slides.add_slide(self.layouts.pictures or self.layouts.bare)
            self._head(slide, f"{part.title}, continued" if again else part.title)
            kinds = kinds_of(slide)
            places = sorted(kinds.get("picture", ()), key=lambda one: (int(one.top), int(one.left)))
            boxes: list[tuple[Any, tuple[int, ...]]] = [(one, (int(one.left), int(one.top), int(one.width), int(one.height))) for one in places] or [(None, tuple(int(one) for one in self._under(slide)))]
            captions = sorted(kinds.get("words", ()), key=lambda one: (int(one.top), int(one.left)))
            for (place, box), picture in zip(boxes, list(left)):
                if place is not None:
                    place._element.getparent().remove(place._element)
                self._one(slide, picture, box, captions.pop(0) if len(captions) and len(boxes) == 1 else None)
            shown, left = left[: len(boxes)], left[len(boxes) :]
            self._noted(slide, [f"{one.path.name}: {one.credit}." for one in shown])
            self._swept(slide)
            again = True

    def _one(self, slide: Any, picture: Picture, box: tuple[int, ...], caption: Any | None) -> None:
        """A picture whole inside its place; its words in the template's place for them, else under it inside the same place."""
        from pptx.util import Emu, Pt

        ready = self.pictures(picture)
        x, y, width, height = box
        words = [(picture.says, "sans"), (picture.credit, "strong" if picture.generated else "sans")]
        lines = sum(len(wrapped(self.faces, face, text, _CREDIT * _WIDER, width / Pt(1))) for text, face in words if text)
        if caption is not None:
            place = self._measured(caption)
            need = sum(len(wrapped(self.faces, face, text, _CREDIT * _WIDER, place.width)) for text, face in words if text) * _CREDIT * _LEADING
            if need > place.height:
                caption = None
        below = 0 if caption is not None else int(Pt(lines * _CREDIT * _LEADING + 8))
        scale = min(width / ready.width, (height - below) / ready.height)
        if scale <= 0:
            self.says.append(f"{self.called}: the place for a picture on “{slide.slide_layout.name}” is too small for its words, so {picture.path.name} is not shown.")
            return
        w, h = int(ready.width * scale), int(ready.height * scale)
        made = slide.shapes.add_picture(io.BytesIO(ready.data), Emu(x + (width - w) // 2), Emu(y + (height - below - h) // 2), Emu(w), Emu(h))
        described(made, Image(x=0, y=0, width=0, height=0, picture=picture, prepared=ready))
        frame = (caption if caption is not None else slide.shapes.add_textbox(Emu(x), Emu(y + (height - below - h) // 2 + h + int(Pt(4))), Emu(width), Emu(max(below - int(Pt(4)), 1)))).text_frame
        frame.word_wrap = True
        if caption is None:
            frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        begun = False
        for text, face in words:
            if text:
                paragraph = frame.add_paragraph() if begun else frame.paragraphs[0]
                _without_bullet(paragraph)
                run = paragraph.add_run()
                run.text, run.font.size, run.font.bold = text, Pt(_CREDIT), face == "strong" or None
                begun = True

    # ---- what every slide has

    def _under(self, slide: Any) -> tuple[Any, Any, Any, Any]:
        """The room under a slide's title, in the template's own margins."""
        from pptx.util import Emu

        width, height = int(self.show.slide_width), int(self.show.slide_height)
        title = slide.shapes.title
        left = int(title.left) if title is not None else width // 15
        wide = int(title.width) if title is not None else width - 2 * left
        top = (int(title.top) + int(title.height) if title is not None else height // 8) + height // 40
        if top > height * 0.6 or wide < width * 0.4:  # a title at the foot or at the side: what is over it is the room
            left, wide, top = width // 15, width - 2 * (width // 15), height // 20
            bottom = int(title.top) - height // 40 if title is not None and int(title.top) > height * 0.4 else height - height // 10
        else:
            bottom = height - height // 10
        return Emu(left), Emu(top), Emu(wide), Emu(max(bottom - top, height // 8))

    def _head(self, slide: Any, text: str) -> None:
        title = slide.shapes.title
        title.text_frame.text = text
        from pptx.util import Pt

        size, room = size_of(title, heading=True), max(int(title.width) / Pt(1) - 14.4, 36)
        high = int(title.height) / Pt(1)
        while size > SMALLEST and len(wrapped(self.faces, "sans", text, size * _WIDER, room)) * size * _LEADING > high:
            size -= 2
            for paragraph in title.text_frame.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(size)

    def _noted(self, slide: Any, notes: Sequence[str]) -> None:
        if notes:
            slide.notes_slide.notes_text_frame.text = "\n".join(notes)

    def _swept(self, slide: Any) -> None:
        """Places that stayed empty go: they show as "Click to add text" to whoever edits."""
        for shape in list(slide.placeholders):
            if shape.has_text_frame and not shape.text_frame.text:
                shape._element.getparent().remove(shape._element)


def _speaking(shape: Any, faces: Faces, left: bool) -> None:
    """Words of other scripts: their language, and which way they run. What the template sets in the middle stays there."""
    from pptx.enum.text import PP_ALIGN

    paragraphs = list(shape.text_frame.paragraphs) if shape.has_text_frame else []
    if getattr(shape, "has_table", False) and shape.has_table:
        paragraphs = [one for row in shape.table.rows for cell in row.cells for one in cell.text_frame.paragraphs]
        if left:
            shape.table._tbl.get_or_add_tblPr().set("rtl", "1")
    for one in paragraphs:
        spoken(one, faces)
        if bidi.to_the_left(one.text) and one.alignment in (None, PP_ALIGN.LEFT) and not centred(shape):
            one.alignment = PP_ALIGN.RIGHT


def _part_of(deck: Deck) -> Part:
    return Part(kind="frames", title=deck.title)


def _lines(passages: Sequence[Passage]) -> Iterator[tuple[str, str | None]]:
    """Paragraphs with whose they are; a name by itself after the last of a person's, marked by None."""
    for n, one in enumerate(passages):
        yield one.text, one.by
        if one.by and (n + 1 == len(passages) or passages[n + 1].by != one.by):
            yield one.by, None


def _without_bullet(paragraph: Any) -> None:
    from pptx.oxml.xmlchemy import OxmlElement

    inner = paragraph._p.get_or_add_pPr()
    inner.set("marL", "0")
    inner.set("indent", "0")
    inner.append(OxmlElement("a:buNone"))
