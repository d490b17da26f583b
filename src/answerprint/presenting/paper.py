"""A deck as a PDF: the laid pages drawn line by line, its faces inside the file."""

from __future__ import annotations

import io
from collections.abc import Sequence

from answerprint.presenting.faces import Faces
from answerprint.presenting.laying import HEIGHT, WIDTH, Image, Page, Rule, Text
from answerprint.presenting.records import Deck

__all__ = ["pdf"]


def pdf(deck: Deck, pages: Sequence[Page], faces: Faces) -> bytes:
    """The whole deck. The same deck gives the same bytes."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=faces.name("sans"))
    canvas.setTitle(deck.title)
    canvas.setAuthor(deck.by)
    canvas.setCreator("Answerprint")
    for number, page in enumerate(pages):
        canvas.setFillColor(HexColor(f"#{page.ground}"))
        canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
        if not any(earlier.name == page.name for earlier in pages[:number]):
            canvas.bookmarkPage(f"page-{number}")
            canvas.addOutlineEntry(page.name, f"page-{number}")
        for one in page.things:
            if isinstance(one, Image):
                canvas.drawImage(ImageReader(io.BytesIO(one.prepared.data)), one.x, HEIGHT - one.y - one.height, one.width, one.height)
            elif isinstance(one, Rule):
                canvas.setStrokeColor(HexColor(f"#{one.colour}"))
                canvas.setLineWidth(1 if one.dotted else 0.5)
                canvas.setDash([1, 3] if one.dotted else [])
                canvas.line(one.x, HEIGHT - one.y, one.x + one.width, HEIGHT - one.y - one.height)
            else:
                canvas.setFillColor(HexColor(f"#{one.colour}"))
                _lines(canvas, one, faces)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _lines(canvas: object, text: Text, faces: Faces) -> None:
    name = faces.name(text.face)
    canvas.setFont(name, text.size)  # type: ignore[attr-defined]
    for n, line in enumerate(text.lines):
        baseline = HEIGHT - text.y - n * text.leading - (text.leading + text.size * 0.68) / 2  # 0.68: both faces' capitals stand about that high
        if text.right:
            canvas.drawRightString(text.x + text.width, baseline, line)  # type: ignore[attr-defined]
        else:
            canvas.drawString(text.x, baseline, line)  # type: ignore[attr-defined]
