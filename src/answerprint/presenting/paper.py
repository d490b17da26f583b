"""A deck as a PDF: the laid pages drawn line by line, its faces inside the file."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from answerprint.presenting import letters
from answerprint.presenting.faces import Faces
from answerprint.presenting.laying import leftward
from answerprint.presenting.page import HEIGHT, WIDTH, Image, Page, Rule, Text
from answerprint.presenting.records import Deck
from answerprint.presenting.shaping import Drawn

__all__ = ["draw", "pdf"]


def pdf(deck: Deck, pages: Sequence[Page], faces: Faces) -> bytes:
    """The whole deck. The same deck gives the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=faces.name("sans"))
    canvas.setTitle(deck.title)
    canvas.setAuthor(deck.by)
    canvas.setCreator("Answerprint")
    held = None
    if faces.shaper is not None:
        from answerprint.presenting.glyphs import Held

        held = Held(canvas)
        if speaks := letters.language_of(" ".join(one.words for page in pages for one in page.things if isinstance(one, Text)), faces.shaper.eastern):
            canvas.setCatalogEntry("Lang", speaks)
        if leftward(deck):
            canvas.setViewerPreference("Direction", "R2L")
    for number, page in enumerate(pages):
        if not any(earlier.name == page.name for earlier in pages[:number]):
            canvas.bookmarkPage(f"page-{number}")
            canvas.addOutlineEntry(page.name, f"page-{number}")
        draw(canvas, page, faces, glyphs=held.draw if held is not None else None)
        canvas.showPage()
    if held is not None:
        held.finish()
    canvas.save()
    return out.getvalue()


def draw(
    canvas: object, page: Page, faces: Faces, picture: Callable[[bytes], Any] | None = None, glyphs: Callable[[Drawn, float, float, float], None] | None = None
) -> None:
    """One page, call by call, on whatever takes a canvas's calls: the PDF here, the preview in `preview`.

    Args: picture: what the canvas is given for a picture's bytes; reportlab's own reader where nobody says.
          glyphs:  draws a run of another face than the house's, from a point, in a size.
    """
    from reportlab.lib.colors import HexColor
    from reportlab.lib.utils import ImageReader

    image = picture or (lambda data: ImageReader(io.BytesIO(data)))

    paper: Any = canvas
    paper.setFillColor(HexColor(f"#{page.ground}"))
    paper.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    for one in page.things:
        if isinstance(one, Image):
            paper.drawImage(image(one.prepared.data), one.x, HEIGHT - one.y - one.height, one.width, one.height)
        elif isinstance(one, Rule):
            paper.setStrokeColor(HexColor(f"#{one.colour}"))
            paper.setLineWidth(1 if one.dotted else 0.5)
            paper.setDash([1, 3] if one.dotted else [])
            paper.line(one.x, HEIGHT - one.y, one.x + one.width, HEIGHT - one.y - one.height)
        else:
            paper.setFillColor(HexColor(f"#{one.colour}"))
            _lines(paper, one, faces, glyphs)


def _lines(canvas: Any, text: Text, faces: Faces, glyphs: Callable[[Drawn, float, float, float], None] | None) -> None:
    name = faces.name(text.face)
    canvas.setFont(name, text.size)
    for n, line in enumerate(text.lines):
        baseline = HEIGHT - text.y - n * text.leading - (text.leading + text.size * 0.68) / 2  # 0.68: both faces' capitals stand about that high
        if glyphs is not None and faces.shaped(line):
            x = text.x + (text.width - faces.width(text.face, line, text.size) if text.right else 0)
            for run in faces.line(text.face, line):
                if isinstance(run, Drawn):
                    glyphs(run, x + run.x * text.size / 1000, baseline, text.size)
                else:
                    canvas.setFont(name, text.size)
                    canvas.drawString(x + run.x * text.size / 1000, baseline, run.text)
        elif text.right:
            canvas.drawRightString(text.x + text.width, baseline, line)
        else:
            canvas.drawString(text.x, baseline, line)
