"""A checkpoint: a note, signed, that says how far the record went. Somebody else keeps it; a cut-off or rebuilt end shows against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerprint.model.judgments import Checkpoint
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from answerprint.ledger.verify import Entry
    from answerprint.model.judgments import Signs

__all__ = ["NAMESPACE", "CheckpointError", "Note", "content", "note", "page"]

NAMESPACE = "answerprint-checkpoint-v1"
MODULE_MM = 0.8  #: of the square, a side of its smallest part: nine dots at 300 dpi
LARGEST = 1600  #: bytes; ISO/IEC 18004 puts them, at level M, into 153 modules, 129 mm here: the text still fits under it on A4
LONGEST = 120  #: letters of a title or a name


class CheckpointError(AnswerprintError):
    """A checkpoint that cannot be put on paper."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """A checkpoint as it leaves the house."""

    title: str
    entry: int
    seal: str
    at: str
    by: str  #: a name
    key: str
    data: bytes  #: the note itself: eight lines or so, an empty one, and the signature in armour


def content(title: str) -> Checkpoint:
    """What goes into the record before the note leaves."""
    return Checkpoint(title=_line(title) or "untitled")


def note(entry: Entry, checkpoint: Checkpoint, *, by: str, signs: Signs) -> Note:
    """The note over a checkpoint's entry, signed by the same key.

    Args:    by: the signer's name.
    Returns: UTF-8 lines with line feeds. Up to the empty line they are the signed message, the last line feed included, as
             `ssh-keygen -Y verify -n answerprint-checkpoint-v1` takes it.
    Raises:  a LedgerError where the key refuses.
    """
    from answerprint.ledger.sshsig import armour

    lines = [
        "answerprint checkpoint 1",
        f"title: {checkpoint.title}",
        f"entry: {entry.n}",
        f"seal: {entry.hash}",
        f"at: {entry.at}",
        f"by: {_line(by)} {signs.key_id}",
    ]
    message = ("\n".join(lines) + "\n").encode("utf-8")
    signed = armour(signs.sign(message, NAMESPACE))
    return Note(
        title=checkpoint.title, entry=entry.n, seal=entry.hash, at=entry.at, by=_line(by), key=signs.key_id, data=message + b"\n" + signed.encode("ascii")
    )


def _line(text: str) -> str:
    """Somebody's text on one line: nothing in it can begin a line of the note."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "\u2026"


# ---- on paper


_SAYS = (
    "A checkpoint: the record of this production goes to entry {entry}, on {at}.",
    "Keep this page outside the production. A copy that was cut off or rebuilt before that entry shows against it.",
    "The square holds the text beneath it, signature included. Scan it into a file and give that file to the check.",
)


def page(one: Note) -> bytes:
    """The note on one A4 page: as a square that holds all of it, byte for byte, and as text.

    Returns: a PDF.
    Raises:  CheckpointError: the note is too long for a square; then the title is.
    """
    import io

    from reportlab.graphics import renderPDF
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    square = _square(one.data)
    side = (square.qr.getModuleCount() + 2 * square.barBorder) * MODULE_MM * mm
    square.barWidth = square.barHeight = side
    drawing = Drawing(side, side)
    drawing.add(square)

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(f"{one.title}: checkpoint")
    canvas.setCreator("Answerprint")
    canvas.setAuthor("")
    left, y = 24 * mm, A4[1] - 28 * mm
    y = _words(canvas, left, y, one.title, "Helvetica-Bold", 20, 24)
    for says in _SAYS:
        y = _words(canvas, left, y, says.format(entry=one.entry, at=one.at[:10]), "Helvetica", 9.5, 14)
    renderPDF.draw(drawing, canvas, left - square.barBorder * MODULE_MM * mm, y - side + 12)
    y -= side
    for line in one.data.decode("utf-8").splitlines():
        y = _words(canvas, left, y, line, "Courier", 8, 10)
    canvas.setLineWidth(0.6)
    canvas.setDash([0.6, 2.4])
    canvas.line(left, y, A4[0] - left, y)
    y = _words(canvas, left, y - 22, one.by, "Times-Italic", 16, 16)
    _words(canvas, left, y, f"signed it with the key {one.key}", "Helvetica", 9.5, 14)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _words(canvas: Any, left: float, y: float, words: str, face: str, size: float, leading: float) -> float:
    """A line from the left margin, made small enough for the page; the next baseline. Letters that the face lacks stand in Plex Mono."""
    try:
        words.encode("cp1252")
    except UnicodeEncodeError:
        face, words = _other(words)
    room = canvas._pagesize[0] - 2 * left
    wide = canvas.stringWidth(words, face, size)
    canvas.setFont(face, size * min(1.0, room / wide) if wide else size)
    canvas.drawString(left, y, words)
    return y - leading


def _other(words: str) -> tuple[str, str]:
    """IBM Plex Mono, from its package, and the words with a lozenge for each letter that it lacks too."""
    from importlib.resources import files

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    face = "IBM Plex Mono"
    pdfmetrics.registerFont(TTFont(face, str(files("fontpkg_ibm_plex_mono") / "files" / "IBMPlexMono-Regular.ttf")))
    known = pdfmetrics.getFont(face).face.charToGlyph
    return face, "".join(letter if ord(letter) in known else "\u25ca" for letter in words)


def _square(data: bytes) -> Any:
    """The note as a QR code (ISO/IEC 18004) of its bytes as they are, level M: 15 % of it may be dirt or a fold."""
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.barcode.qrencoder import QR8bitByte

    if len(data) > LARGEST:
        raise CheckpointError(f"the note has {len(data)} bytes, and a square holds {LARGEST}. Shorten the title in answerprint.toml, or mail the note.")
    widget = QrCodeWidget([QR8bitByte(data)], barLevel="M")
    widget.qr.make()
    return widget
