"""Fountain, the plain-text screenplay (the syntax of fountain.io): title page, every element, forced ones, notes and boneyard."""

from __future__ import annotations

import re
from dataclasses import replace

from answerprint.script import screenplay
from answerprint.script.cues import is_card, seconds
from answerprint.script.emphasis import plain
from answerprint.script.page import HOLD, Page, set_aside
from answerprint.script.records import Script

__all__ = ["read"]

_KEY = re.compile(r"^([^\s:][^:\n]{0,40}):[ \t]*(.*)$")
_KNOWN = {
    "title", "credit", "author", "authors", "source", "notes", "draft date", "date", "contact", "copyright", "revision", "format", "font", "episode",
    "series", "client", "agency", "brand", "product", "campaign", "spot", "job", "length", "duration", "trt", "director", "producer", "production",
    "version", "writer", "language", "copywriter", "medium",
}  # fmt: skip
_HEADING = re.compile(r"^\s*(?:INT|EXT|EST|INT\.?/EXT|EXT\.?/INT|I\.?/E|E\.?/I)(?:\.|\s)", re.IGNORECASE)
_FORCED_HEADING = re.compile(r"^\s*\.(?=[^\W_])")
_SCENE_NUMBER = re.compile(r"#([^#\n]+)#$")
_CUE = re.compile(r"^@?(?P<name>[^()^\n]+)(?P<ext>(?:\([^()\n]*\)\s*)*)(?P<dual>\^)?$")
_BREAK = re.compile(r"^\s*={3,}\s*$")
_OPENING_ONLY = re.compile(r"\[\[|/\*|\*/")


def read(name: str, text: str, notes: list[str]) -> Script:
    """The script in a Fountain text. Never fails: what is not recognised is action, as Fountain has it."""
    page = Page()
    body, title_page = _title_page(_without_boneyard(text.replace("\x0c", "\n\n===\n\n").expandtabs(4), page, notes))
    body = set_aside(body, page.kept)
    _Reader(page, body.split("\n"), notes).run()
    if any(_OPENING_ONLY.search(element.text) for element in page.elements if element.printed):
        notes.append("A [[ or /* is opened and never closed (or closed and never opened); it was left in the text.")
    elements, items = screenplay.items(tuple(page.elements), notes)
    fields = {key.lower(): " ".join(plain(value)[0].split()) for key, value in title_page}
    return Script(
        source=name,
        format="fountain",
        title=fields.get("title") or fields.get("spot") or None,
        credit=fields.get("credit") or None,
        author=fields.get("author") or fields.get("authors") or fields.get("writer") or None,
        seconds=seconds(fields.get("length") or fields.get("duration") or fields.get("trt") or ""),
        title_page=tuple((key, plain(value)[0]) for key, value in title_page),
        elements=elements,
        items=items,
        notes=tuple(notes),
    )


def _without_boneyard(text: str, page: Page, notes: list[str]) -> str:
    out, at = [], 0
    while (start := text.find("/*", at)) >= 0:
        end = text.find("*/", start + 2)
        if end < 0:
            break
        out.append(text[at:start])
        page.kept.append(("boneyard", text[start + 2 : end].strip()))
        out.append(f"\x02{len(page.kept) - 1}\x03")
        at = end + 2
    return "".join(out) + text[at:]


def _title_page(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The rest of the text, and the title page's fields. It is one only where a field that title pages have stands in it."""
    lines = text.lstrip("\n").split("\n")
    fields: list[tuple[str, list[str]]] = []
    used = 0
    for line in lines:
        match = _KEY.match(line)
        if not line.strip():
            break
        if match:
            fields.append((match[1].strip(), [match[2].strip()] if match[2].strip() else []))
        elif fields:
            fields[-1][1].append(line.strip())
        else:
            return text, []
        used += 1
    if not any(key.lower() in _KNOWN for key, _ in fields):
        return text, []
    return "\n".join(lines[used:]), [(HOLD.sub("", key), HOLD.sub("", "\n".join(values))) for key, values in fields]


class _Reader:
    """One walk over the lines."""

    def __init__(self, page: Page, lines: list[str], notes: list[str]) -> None:
        self.page, self.lines, self.notes = page, lines, notes
        self.at = 0
        self.open = True  #: a paragraph may begin here: an empty line, or something that stands alone, came before
        self.speech: tuple[int, int] | None = None  #: elements of the last speech, while nothing but empty lines and notes followed

    def run(self) -> None:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                self.open = True
                self.at += 1
            elif not HOLD.sub("", line).strip():
                before = len(self.page.elements)
                self.page.add("note", line)
                self.at += 1
                if self.open and (self.at == len(self.lines) or not self.lines[self.at].strip()):
                    self.page.alone(before)
            elif not self._alone(line) and not (self.open and (self._heading(line) or self._transition(line) or self._cue(line))):
                self._action()

    def _alone(self, line: str) -> bool:
        """What one mark at the start of a line makes of it, wherever it stands."""
        text = line.strip()
        if _BREAK.match(line):
            self.page.page = (self.page.page or 1) + 1
            if self.page.page == 2:  # now the pages before the first break have a number
                self.page.elements[:] = [replace(element, page=1) for element in self.page.elements]
            self._one("page break", "")
        elif text.startswith("=") and text.strip("= "):
            self._one("synopsis", text[1:].strip())
        elif text.startswith("#") and (words := text.lstrip("#").strip()):
            self._one("section", words, level=len(text) - len(text.lstrip("#")))
        elif text.startswith("~") and text[1:].strip():
            self._one("lyrics", text[1:].strip())
        elif text.startswith(">") and text.endswith("<") and text[1:-1].strip():
            self._one("centred", text[1:-1].strip())
        elif text.startswith(">") and text[1:].strip():
            self._one("transition", text[1:].strip())
        else:
            return False
        return True

    def _one(self, kind: str, text: str, *, level: int = 0, number: str | None = None) -> None:
        self.page.add(kind, text, level=level, number=number)  # type: ignore[arg-type]
        self.at += 1
        self.open = True
        self.speech = None

    def _heading(self, line: str) -> bool:
        bare = HOLD.sub("", line)
        forced = _FORCED_HEADING.match(bare)
        if not forced and not _HEADING.match(bare):
            return False
        aside = "".join(match[0] for match in HOLD.finditer(line))
        text = bare.strip()[1:].strip() if forced else bare.strip()
        number = _SCENE_NUMBER.search(text)
        words = text[: number.start()] if number else text
        if not words.strip():
            return False
        self._one("scene heading", words + aside, number=number[1].strip() if number else None)
        return True

    def _transition(self, line: str) -> bool:
        text = HOLD.sub("", line).strip()
        if not text.endswith("TO:") or any(char.islower() for char in text) or (text[:-3] != "" and not text[-4].isspace()):
            return False
        self._one("transition", line.strip())
        return True

    def _cue(self, line: str) -> bool:
        bare = HOLD.sub("", line).rstrip()
        following = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""
        if not following.strip():
            return False
        forced = bare.lstrip().startswith("@")
        match = _CUE.match(bare.strip())
        name = match["name"].strip() if match else ""
        if match is None or not name or (not forced and (not _is_capitals(name) or is_card(bare))):
            return False
        end = self.at + 1
        while end < len(self.lines) and (self.lines[end].strip() or len(self.lines[end]) >= 2):
            end += 1
        spoken = self.lines[self.at + 1 : end]
        if not any(HOLD.sub("", one).strip() for one in spoken):
            return False
        if not forced and name[-1] in ".!?…:" and not re.search(r"\b(?:JR|SR|DR|MR|MRS|MS|ST|NO|V\.O|O\.S|[A-Z])\.$", name):
            self.notes.append(f"{_short(bare)} is read as a name over a speech, as Fountain has it. Put ! before it where it is action.")
        first, dual = len(self.page.elements), bool(match["dual"])
        if dual and self.speech is None:
            self.notes.append(f"{_short(bare)} is marked to speak with somebody, and no speech stands right before it.")
        elif dual and self.speech is not None:
            for index in range(*self.speech):
                self.page.elements[index] = replace(self.page.elements[index], dual="left")
        side = "right" if dual and self.speech is not None else None
        aside = "".join(one[0] for one in HOLD.finditer(line))
        self.page.add("character", f"{name} {match['ext']}".strip() + aside)
        self._speech(spoken)
        self.page.speaking = False
        for index in range(first, len(self.page.elements)):
            if side and self.page.elements[index].kind not in ("note", "boneyard"):
                self.page.elements[index] = replace(self.page.elements[index], dual="right")
        self.speech = (first, len(self.page.elements))
        self.at, self.open = end, True
        return True

    def _speech(self, lines: list[str]) -> None:
        """What stands below a name: words, sung words, and how they are said."""
        words: list[str] = []
        aside = False  #: inside a bracket that runs over lines
        closing = max((n for n, line in enumerate(lines) if HOLD.sub("", line).rstrip().endswith(")")), default=-1)

        def flush(kind: str) -> None:
            if any(line.strip() for line in words):
                self.page.add(kind, "\n".join(words))  # type: ignore[arg-type]
            words.clear()

        for n, line in enumerate(lines):
            text = line.strip()
            bare = HOLD.sub("", text).strip()
            if aside:
                words.append(text)
                if bare.endswith(")"):
                    flush("parenthetical")
                    aside = False
            elif bare.startswith("(") and (bare.endswith(")") or closing > n):
                flush("dialogue")
                words.append(text)
                aside = not bare.endswith(")")
                if not aside:
                    flush("parenthetical")
            elif bare.startswith("~") and bare[1:].strip():
                flush("dialogue")
                self.page.add("lyrics", text[text.index("~") + 1 :].strip())
            else:
                words.append(text)
        flush("dialogue")

    def _action(self) -> None:
        first = self.lines[self.at].strip()
        words: list[str] = []
        forced = first.startswith("!") and first[1:].strip()
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                break
            if words and self._stands_alone(line):
                break
            words.append(line.replace("!", "", 1) if forced and not words else line)
            self.at += 1
        self.page.add("action", "\n".join(word.rstrip() for word in words))
        self.open = False
        self.speech = None

    def _stands_alone(self, line: str) -> bool:
        text = line.strip()
        return bool(_BREAK.match(line)) or (text[0] in "=#~>" and bool(text.strip("=#~>< ")) and (text[0] != ">" or text.endswith("<")))


def _is_capitals(name: str) -> bool:
    """A name as it stands over a speech: it begins with a letter and has no small one."""
    return name[0].isalpha() and name == name.upper() and any(char.isupper() for char in name)


def _short(text: str) -> str:
    words = text.strip()
    return f"“{words if len(words) <= 40 else words[:37] + '...'}”"
