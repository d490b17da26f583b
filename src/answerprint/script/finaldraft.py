"""Final Draft's .fdx: paragraphs with a type, two speakers side by side, scene numbers, script notes and alternative lines.

The order of a paragraph's children and what a reader may meet was taken from files that Final Draft, Fade In and free writers made;
the format has no public description.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import Any, TypeAlias

from answerprint.script import screenplay
from answerprint.script.cues import seconds
from answerprint.script.page import HOLD, Page, set_aside
from answerprint.script.records import Dual, Element, ElementKind, Script, ScriptError, Style, StyleKind

__all__ = ["read"]

_Element: TypeAlias = Any  # lxml has no types of its own


_TYPES: dict[str, ElementKind] = {
    "scene heading": "scene heading", "action": "action", "character": "character", "parenthetical": "parenthetical", "dialogue": "dialogue",
    "dialog": "dialogue", "transition": "transition", "shot": "shot", "lyrics": "lyrics", "singing": "lyrics", "new act": "centred",
    "end of act": "centred", "show/ep. title": "centred", "general": "action", "cast list": "note", "outline 1": "section", "outline 2": "section",
    "outline 3": "section", "outline 4": "section", "outline body": "synopsis", "outline": "section", "act": "section", "sequence": "section",
    "synopsis": "synopsis", "new page": "page break", "note": "note",
}  # fmt: skip
_STYLES: dict[str, StyleKind] = {"bold": "bold", "italic": "italic", "underline": "underline"}
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def read(name: str, raw: bytes) -> Script:
    """The script in a Final Draft file.

    Raises: ScriptError where the file is not whole XML, or not Final Draft's.
    """
    root = _root(name, raw)
    content = _child(root, "Content")
    if content is None:
        raise ScriptError(f"{name}: a Final Draft file without content. Save it again from the writing program.")
    reader = _Reader(_alternatives(root))
    for one in content:
        reader.top(one)
    reader.ranged_notes(root)
    notes = reader.notes
    if not reader.page.elements:
        raise ScriptError(f"{name}: a Final Draft file with no paragraph in it.")
    elements, items = screenplay.items(tuple(replace(one, index=n) for n, one in enumerate(reader.page.elements)), notes)
    pairs = _title_page(root)
    fields = {key.lower(): value for key, value in reversed(pairs)}
    return Script(
        source=name,
        format="final draft",
        title=fields.get("title"),
        credit=fields.get("credit"),
        author=fields.get("author"),
        seconds=seconds(fields.get("length", "")),
        title_page=tuple(pairs),
        elements=elements,
        items=items,
        notes=tuple(notes),
    )


def _root(name: str, raw: bytes) -> _Element:
    from lxml import etree  # type: ignore[import-untyped]

    if re.search(rb"<!\s*ENTITY", raw.replace(b"\0", b""), re.IGNORECASE):  # in UTF-16 every second byte is zero
        raise ScriptError(f"{name}: it defines entities of its own, which no script needs and which are not opened.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(raw.lstrip(b"\r\n\t "), parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        raise ScriptError(f"{name}: this is not whole XML ({_sentence(cause)}). Save it again from the writing program.") from cause
    if not isinstance(root.tag, str) or etree.QName(root).localname != "FinalDraft":
        raise ScriptError(f"{name}: XML, but not Final Draft's: its outermost element is <{_clean(str(root.tag))[:60]}>.")
    return root


def _sentence(cause: BaseException) -> str:
    return " ".join(str(cause).split())[:160]


def _clean(text: str) -> str:
    return _UNREADABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n"))


def _tag(one: _Element) -> str:
    return one.tag.rpartition("}")[2] if isinstance(one.tag, str) else ""


def _child(one: _Element, tag: str) -> _Element | None:
    return next((child for child in one if _tag(child) == tag), None)


def _runs(paragraph: _Element) -> list[tuple[str, str]]:
    """(text, style) of each run; other children of a paragraph hold no text of the page."""
    return [(_clean("".join(str(part) for part in run.itertext())), run.get("Style") or "") for run in paragraph if _tag(run) == "Text"]


def _text(paragraph: _Element) -> str:
    return "".join(text for text, _ in _runs(paragraph))


def _all_text(block: _Element) -> str:
    return "\n".join(filter(None, (_text(one).strip() for one in block.iter() if _tag(one) == "Paragraph")))


def _alternatives(root: _Element) -> dict[str, str]:
    collection = _child(root, "AltCollection")
    if collection is None:
        return {}
    return {alt.get("Id") or "": " ".join(_all_text(alt).split()) for alt in collection if _tag(alt) == "Alt"}


def _title_page(root: _Element) -> list[tuple[str, str]]:
    """Lines of the title page. They carry no field names: the first is the title, "by" and what follows it the author, as it is set."""
    page = _child(root, "TitlePage")
    content = _child(page, "Content") if page is not None else None
    if content is None:
        return []
    lines = [(one.get("Type") or "", " ".join(_text(one).split())) for one in content if _tag(one) == "Paragraph"]
    pairs: list[tuple[str, str]] = []
    for kind, line in lines:
        have = {key for key, _ in pairs}
        if not line:
            continue
        label, colon, value = line.partition(":")
        if kind.lower() in ("title", "author", "credit", "contact", "copyright", "draft date", "source"):
            pairs.append((kind.title(), line))
        elif colon and value.strip() and label.strip().lower() in ("length", "duration", "trt", "client", "agency", "product"):
            pairs.append(("Length" if label.strip().lower() in ("length", "duration", "trt") else label.strip(), value.strip()))
        elif "Title" not in have:
            pairs.append(("Title", line))
        elif match := re.match(r"^((?:written |screenplay |story |script )*by)(?:\s+(\S.*))?$", line, re.IGNORECASE):
            pairs.append(("Credit", match[1]))
            pairs += [("Author", match[2])] if match[2] else []
        elif "Credit" in have and "Author" not in have:
            pairs.append(("Author", line))
        else:
            pairs.append(("Text", line))
    return pairs


class _Reader:
    """One walk over the content."""

    def __init__(self, alternatives: dict[str, str]) -> None:
        self.page = Page()
        self.notes: list[str] = []
        self.alternatives = alternatives
        self.starts: list[int] = []  #: character position of each paragraph of the content, as script notes count
        self.indices: list[int] = []  #: the element that each of them became
        self.length = 0
        self.unknown: set[str] = set()

    def top(self, one: _Element) -> None:
        """A child of the content. Script notes count its characters and one for its end; a block inside a paragraph counts as two."""
        if _tag(one) == "Paragraph":
            blocks = sum(_tag(child) in ("DualDialogue", "OmittedScene") for child in one)
            self.starts.append(self.length)
            self.length += len(_text(one)) + 2 * blocks + 1
            before = len(self.page.elements)
            self.paragraph(one)
            self.indices.append(min(before, max(0, len(self.page.elements) - 1)))
        elif _tag(one) == "DualDialogue":
            self.dual(one)
        elif words := _all_text(one):
            self.page.styled("action", words, ())
            self.notes.append(f"<{_tag(one)[:40]}> is not a paragraph this house knows; its text was kept as action.")

    def paragraph(self, one: _Element, *, side: Dual | None = None, omitted: bool = False) -> None:
        kind = self._kind(one, omitted)
        properties = _child(one, "SceneProperties")
        if properties is not None and (page := properties.get("Page") or "").isdecimal() and len(page) < 6:
            self.page.page = int(page)
        if one.get("StartsNewPage") == "Yes" and self.page.elements:
            self.page.add("page break", "")
        text, styles = _set(_runs(one))
        words = set_aside(text, self.page.kept)
        number = (one.get("Number") or "").strip() or None if kind in ("scene heading", "shot") else None
        if kind == "page break":
            self.page.add("page break", "")
        elif words != text:  # notes in double brackets, typed into the script
            before = len(self.page.elements)
            if self.page.add(kind, words, number=number, dual=side, marked=False) is None:
                self.page.alone(before)
        elif text.strip():
            self.page.styled(kind, text, styles, number=number, dual=side)
        for child in one:
            tag = _tag(child)
            if tag == "DualDialogue":
                self.dual(child)
            elif tag == "OmittedScene":
                for inner in child:
                    if _tag(inner) == "Paragraph":
                        self.paragraph(inner, omitted=True)
            elif tag == "ScriptNote":
                self._note(_all_text(child), child)
            elif tag == "Alts":
                self._alts(child, text)
            elif tag == "SceneProperties" and (summary := _child(child, "Summary")) is not None and (words := _all_text(summary)):
                self.page.styled("synopsis", words, ())

    def dual(self, block: _Element) -> None:
        """Two speeches side by side: the first name begins the left, the next the right."""
        names = 0
        for one in block:
            if _tag(one) == "Paragraph":
                names += (one.get("Type") or "").lower() == "character"
                self.paragraph(one, side="right" if names > 1 else "left")
        if names > 2:
            self.notes.append(f"{names} people speak side by side in one place; a page has two columns, so those after the first stand right.")

    def ranged_notes(self, root: _Element) -> None:
        """Notes that Final Draft keeps apart, with the characters they were pinned to."""
        kept = _child(root, "ScriptNotes")
        placed: list[tuple[int, str]] = []
        for note in kept if kept is not None else ():
            if _tag(note) != "ScriptNote" or not (words := _all_text(note)):
                continue
            start = re.match(r"^\s*(\d{1,9})", note.get("Range") or "")
            if start and self.starts and int(start[1]) < self.length:
                placed.append((self.indices[bisect_right(self.starts, int(start[1])) - 1], words))
            else:
                placed.append((len(self.page.elements) - 1, words))
                self.notes.append(f"A script note is pinned to no place in the text: “{' '.join(words.split())[:60]}”. It stands at the end.")
        elements = self.page.elements
        for at, words in sorted(placed, key=lambda one: -one[0]):
            elements.insert(at + 1, Element(index=0, kind="note", text=_unbracketed(words), page=elements[at].page if elements else None))

    def _kind(self, one: _Element, omitted: bool) -> ElementKind:
        if omitted:
            return "omitted"
        said = (one.get("Type") or "").strip()
        kind = _TYPES.get(said.lower())
        if kind is None:
            if said and said not in self.unknown:
                self.unknown.add(said)
                self.notes.append(f"Paragraphs of the type “{_clean(said)[:40]}” are kept as action.")
            return "action"
        if kind == "action" and (one.get("Alignment") or "").lower() == "center":
            return "centred"
        return kind

    def _note(self, words: str, note: _Element) -> None:
        words = words or _clean("".join(str(part) for part in note.itertext())).strip()
        if words:
            self.page.styled("note", _unbracketed(words), ())

    def _alts(self, alts: _Element, text: str) -> None:
        for one in alts:
            key = "".join(str(part) for part in one.itertext()).strip() or one.get("Id") or ""
            if key not in self.alternatives:
                self.notes.append(f"An alternative for “{' '.join(text.split())[:60]}” is not in the file.")
            elif (words := self.alternatives[key]) and words != " ".join(text.split()):
                self.page.styled("note", f"ALT: {words}", ())


def _unbracketed(words: str) -> str:
    text = HOLD.sub("", words).strip()
    return text[2:-2].strip() if text.startswith("[[") and text.endswith("]]") else text


def _set(runs: list[tuple[str, str]]) -> tuple[str, tuple[Style, ...]]:
    """The runs as one text, with where it is bold, italic or underlined; white space at the end is left out."""
    text, styles = "", []
    for words, style in runs:
        for one in style.split("+"):
            if (kind := _STYLES.get(one.strip().lower())) and words:
                styles.append((len(text), len(text) + len(words), kind))
        text += words.upper() if "AllCaps" in style else words
    text = text.rstrip()
    return text, tuple(Style(start=start, end=min(end, len(text)), kind=kind) for start, end, kind in styles if start < len(text))
