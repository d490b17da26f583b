"""A brief as a record: what it says about each thing that a director looks for, in its own words, each with the line it stands on."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from answerprint.briefing import rivals
from answerprint.briefing.heads import EMPTY, FIELDS, ONLY_DATES, Field, bare
from answerprint.briefing.heads import fields as fields_of
from answerprint.briefing.mail import opened
from answerprint.briefing.markdown import Block, Kind, blocks, unmarked
from answerprint.model.records import AnswerprintError, Digest

__all__ = ["CORE", "FIELDS", "Brief", "BriefError", "Field", "Point", "read"]

#: What no film is begun without.
CORE: tuple[Field, ...] = ("client", "product", "audience", "must-haves", "mandatories", "budget", "dates")

#: Where a head is the name of one date or one deliverable, it belongs to what it says: "Shoot: 3 March".
_TELLS = {"dates", "deliverables", "mandatories", "approval", "budget"}
_LABEL = re.compile(r"^\s*(?P<mark>\*\*|__|)(?P<head>[^:*_|–—]{2,48}?)(?P=mark)?\s*(?::(?P=mark)?|(?<=\*\*)\s+[-–—]\s|\s[–—]\s)\s*(?P<rest>.*)$", re.DOTALL)
_BOLD = re.compile(r"\s*(\*\*|__)[^*_]{2,48}(?::\1|\1\s*:)\s*\S")  #: "**Competitive set:** Fizz" labels something, whatever it is
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\s?\d{1,2}[./]")  #: "Diffusion: 1er mars 2027" among dates is one
_OTHER = re.compile(r"^\s*[A-ZÀ-Þ][A-ZÀ-Þ0-9'’&/ -]+(?::\s|\?\s*$)")  #: "JOB NO: LF-2214" or "WHAT NOW?": what nobody knows, and begins something new
_STOP = re.compile(r"[;(\n]|[.:!?](?=\s|$)|,\s|\s[–—-]\s")  #: where a name ends: "Ristorante 2.0" and "10:30" go on
_SHORTENED = re.compile(r"(?:^|[\s(])(?:dr|mr|mrs|ms|st|no|nr|mt|prof|bros|[^\W\d_])\.$", re.IGNORECASE)  #: and so does "Dr. Oetker"
_NONE: tuple[str, ...] = ()


class BriefError(AnswerprintError):
    """A brief that is not there, or is no text."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing that the brief says, in its own words."""

    text: str
    line: int  #: from 1
    under: str = ""  #: the head as the brief writes it: "Budget (net)"

    @property
    def empty(self) -> bool:
        """Whether it only holds a place: TBC, ?, to follow."""
        return EMPTY.fullmatch(self.text) is not None


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A brief. A field that it does not speak of has no points; one that it leaves open has points that are empty."""

    seal: Digest  #: sha256 of its bytes
    title: str  #: its first heading, where that heads nothing else; else "product, client", as far as it says them
    points: Mapping[Field, tuple[Point, ...]]
    others: Mapping[str, tuple[Point, ...]]  #: what stands under other headings, by heading; "" before the first
    lines: int
    text: str

    def says(self, field: Field) -> tuple[Point, ...]:
        """What it says about something; without what only holds a place."""
        return tuple(one for one in self.points.get(field, ()) if not one.empty)

    def open(self, field: Field) -> tuple[Point, ...]:
        """Where it says that it does not know yet."""
        return tuple(one for one in self.points.get(field, ()) if one.empty)

    def first(self, field: Field, otherwise: str = "") -> str:
        """The first thing that it says, up to its first stop: a name in a sentence."""
        for one in self.says(field):
            stop = next((found.start() for found in _STOP.finditer(one.text) if not (found[0] == "." and _SHORTENED.search(one.text[: found.end()]))), None)
            return one.text[:stop].strip().strip("“”\"'") or otherwise
        return otherwise


def read(data: bytes, *, name: str = "brief.md") -> Brief:
    """Read a brief: headings (#, underlined, in bold, in capitals, numbered), labels ("Client: ..."), tables of two columns or with fields for a head, lists.

    Raises: BriefError: it is no text, or nothing is in it.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise BriefError(f"{name}: this is no text. A brief is a Markdown file; of a PDF or a .docx, save its text as brief.md.") from cause
    if "\x00" in text:
        raise BriefError(f"{name}: this is no text. A brief is a Markdown file; of a PDF or a .docx, save its text as brief.md.")
    if not text.strip():
        raise BriefError(f"{name}: nothing is in it. Write down what is known; what is not, is asked.")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))  # however a program ends lines, and writes accents
    points: dict[Field, list[Point]] = {}
    others: dict[str, list[Point]] = {}
    title = ""
    for fields, point in _points(text):
        if point is None:
            title = title or fields[0]
            continue
        for field in fields:
            if field in FIELDS:
                points.setdefault(field, []).append(point)
        if not fields:
            others.setdefault(point.under, []).extend([point] if point.text else [])  # a heading with nothing below it is kept as one
    made = Brief(
        seal=f"sha256:{hashlib.sha256(data).hexdigest()}", title=title, points={field: tuple(points[field]) for field in FIELDS if field in points},
        others={head: tuple(found) for head, found in others.items()}, lines=text.count("\n") + 1, text=text,
    )  # fmt: skip
    named = ", ".join(one for one in (made.first("product"), made.first("client")) if one)
    return made if title else Brief(**{**vars(made), "title": named or "Untitled"})


def _points(text: str) -> Iterator[tuple[tuple[str, ...], Point | None]]:
    """(fields, point); (title,) and None for the title."""
    text = re.sub(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?=\n|\Z)", r"\n\1\n", text, flags=re.DOTALL)  # settings on top are labels like others
    under, fields = "", _NONE
    columns: tuple[tuple[str, ...], ...] = ()
    heads: tuple[str, ...] = ()
    mail = opened(text)
    for line, head, rest in mail.around if mail else ():
        yield _NONE, Point(text=unmarked(rest), line=line, under=head)
    first, forwarded = mail is None, False  # a mail begins with "Hi all"
    for block in _with_capitals(blocks(mail.text if mail else text), mail=mail is not None):
        words = unmarked(block.text)
        if mail and block.quoted != forwarded:
            under, fields, forwarded = "", _NONE, block.quoted
        if block.kind != "row":
            columns, heads = (), ()
        if block.kind == "heading":
            found = fields_of(words)
            labelled = None if found else _labelled(block.text)
            if labelled is not None:
                yield labelled[0], Point(text=labelled[2], line=block.line, under=labelled[1])
            elif first and not found and not rivals.heads(words):
                yield (words,), None
            elif found or block.level <= 2 or not fields:
                under, fields = words, found
                if not found:
                    yield _NONE, Point(text="", line=block.line, under=words)
            else:  # a heading inside of something that is known: it stays there, and is said
                under = words
            first = False
            continue
        if block.kind == "row":
            if block.head:
                columns, heads = tuple(fields_of(unmarked(cell)) for cell in block.cells), tuple(unmarked(cell) for cell in block.cells)
                if len(block.cells) == 2 and columns[0] and not columns[1] and not _is_head(heads):  # | Client | Nordbrew | over the dashes
                    yield columns[0], Point(text=heads[1], line=block.line, under=heads[0])
                    columns, heads = (), ()
                elif not all(columns):
                    columns = ()
                first = False
                continue
            yield from _row(block, columns, heads, under, fields)
        else:
            if first and block.kind == "text" and _titles(block):
                yield (words,), None
                first = False
                continue
            for line, part in _parts(block):
                labelled = _labelled(part)
                if labelled is not None and (_own(block, part, labelled[0], fields) or (fields == ("dates",) and labelled[0] == ("deliverables",) and _DAY.search(labelled[2]))):
                    labelled = None
                if labelled is not None and labelled[2]:
                    yield labelled[0], Point(text=labelled[2], line=line, under=labelled[1])
                    if mail and block.kind == "text":  # the next paragraph is no item of a list above the label
                        under, fields = "", _NONE
                elif labelled is not None:
                    under, fields = labelled[1], labelled[0]
                elif unmarked(part):
                    yield fields, Point(text=unmarked(part), line=line, under=under)
        first = False


def _row(block: Block, columns: tuple[tuple[str, ...], ...], heads: tuple[str, ...], under: str, fields: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Point]]:
    cells = tuple(unmarked(cell) for cell in block.cells)
    if columns:
        for place, cell in enumerate(cells):
            if cell and place < len(columns):
                yield columns[place], Point(text=cell, line=block.line, under=heads[place])
        return
    found = fields_of(cells[0]) if cells else ()
    if found and any(cells[1:]):
        rest = ", ".join(cell for cell in cells[1:] if cell)
        kept = rest if found != ("dates",) or bare(cells[0]) in ONLY_DATES else f"{cells[0]}: {rest}"
        yield found, Point(text=kept, line=block.line, under=cells[0] if fields or not under else f"{under}, {cells[0]}")
    elif any(cells):
        yield fields, Point(text=": ".join((cells[0], ", ".join(cell for cell in cells[1:] if cell))) if cells[0] and any(cells[1:]) else "".join(cells), line=block.line, under=under)


def _is_head(heads: tuple[str, ...]) -> bool:
    """Whether the words over a table of two columns head them, and are not its first row."""
    return bool(heads) and heads[-1].casefold() in ("", "details", "detail", "information", "info", "answer", "notes", "note", "description", "value", "what", "response", "date", "amount")


def _own(block: Block, part: str, found: tuple[str, ...], fields: tuple[str, ...]) -> bool:
    """Whether a list item under a known head only begins with a word that could be another head: "Nurse: a real one" stays a must-have."""
    return block.kind == "item" and bool(fields) and found != fields and fields[0] not in _TELLS and not part.lstrip().startswith(("**", "__"))


def _titles(block: Block) -> bool:
    """Whether the first words of a brief are its title: one short line that is no sentence and labels nothing."""
    if len(block.lines) != 1 or len(block.text) > 80 or block.text.rstrip().endswith((".", "!", ",", ":", ";")):
        return False
    words = unmarked(block.text)
    return _labelled(block.text) is None and _BOLD.match(block.text) is None and not rivals.heads(words) and rivals.labels(words) is None


def _parts(block: Block) -> Iterator[tuple[int, str]]:
    """A paragraph in which lines carry labels is taken line by line; others whole."""
    if len(block.lines) > 1 and any(_labelled(line) is not None for _, line in block.lines):
        held: list[tuple[int, str]] = []
        for number, line in block.lines:
            if _labelled(line) is not None or _OTHER.match(line) or not held:
                held.append((number, line))
            else:
                held[-1] = held[-1][0], f"{held[-1][1]} {line.strip()}"
        yield from held
    else:
        yield block.line, block.text


def _labelled(text: str) -> tuple[tuple[str, ...], str, str] | None:
    """(fields, head, rest) of "Client: Nordbrew"; None where no known head is before the colon."""
    found = _LABEL.match(text.strip())
    if found is None or "\n" in found.group("head"):
        return None
    head = unmarked(found.group("head"))
    fields = fields_of(head)
    if not fields:
        return None
    rest = unmarked(found.group("rest"))
    named = bare(head).strip()
    if fields == ("dates",) and rest and named not in ONLY_DATES:
        rest = f"{head}: {rest}"
    return fields, head, rest


def _with_capitals(found: Iterator[Block], *, mail: bool) -> Iterator[Block]:
    """A short line that is a known head is a heading, also without a mark: alone, on top of its paragraph, or in capitals or with a colon within. In a
    mail also where it was forwarded."""
    for block in found:
        if block.kind not in ("text", "item") or (block.quoted and not mail):
            yield block
            continue
        kind: Kind = block.kind
        held: list[tuple[int, str]] = []
        for place, (number, line) in enumerate(block.lines):
            head = unmarked(line)
            marked = head.isupper() or head.endswith(":") or (place == 0 and kind == "text")
            if marked and (place or block.kind == "text") and not head.endswith((".", "!")) and fields_of(head.rstrip(": ")):
                yield from _text(held, kind, block.quoted)
                held, kind = [], "text"
                yield Block(kind="heading", text=head.rstrip(": "), line=number, level=7, quoted=block.quoted)
            else:
                held.append((number, line))
        yield from _text(held, kind, block.quoted)


def _text(lines: list[tuple[int, str]], kind: Kind, quoted: bool) -> Iterator[Block]:
    if lines:
        yield Block(kind=kind, text=" ".join(line.strip() for _, line in lines), line=lines[0][0], lines=tuple(lines), quoted=quoted)
