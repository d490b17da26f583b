"""The two-column script of a commercial: what is seen on the left, what is heard on the right, row by row."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from answerprint.script.cues import cue, is_card, note_of_ours, seconds, shot_size, sound_only
from answerprint.script.page import HOLD, Page, set_aside
from answerprint.script.records import Element, ElementKind, Item, ItemKind, Place, Script, ScriptError
from answerprint.script.table import Role, Row, Table

__all__ = ["Rows", "read"]

_PREFIX = re.compile(r"^(?P<who>[^:()\[\]\n]{1,40}?(?:\s*\([^()\n]{1,40}\))*)\s*:\s*(?P<words>.*)$", re.DOTALL)
_NOTHING = re.compile(r"^(?:[-–—.]+|N/?A|NONE|MOS|SILENT|SILENCE|NO (?:AUDIO|SOUND|DIALOGUE))\.?$", re.IGNORECASE)


def read(name: str, table: Table, notes: list[str]) -> Script:
    """A two-column script: each row's picture is an item, each speech in its sound is one, each super is one.

    Raises: ScriptError where no row holds anything.
    """
    return script(name, table, notes, picture="picture", form="two-column")


def script(name: str, table: Table, notes: list[str], *, picture: ItemKind, form: str) -> Script:
    """The script of a table whose pictures are items of kind `picture`."""
    rows = Rows(table, notes, picture)
    rows.read()
    if not rows.page.elements:
        raise ScriptError(f"{name}: a table with a header and no row below it.")
    fields = {key.lower(): value for key, value in reversed(rows.title_page)}
    return Script(
        source=name,
        format="two-column" if form == "two-column" else "shot list",
        title=fields.get("title") or fields.get("spot"),
        author=fields.get("author") or fields.get("writer"),
        seconds=seconds(fields.get("length") or fields.get("duration") or fields.get("trt") or ""),
        title_page=tuple(rows.title_page),
        elements=tuple(rows.page.elements),
        items=tuple(replace(item, number=n) for n, item in enumerate(rows.items, 1)),
        notes=tuple(notes),
    )


@dataclass
class Rows:
    """One walk over the rows."""

    table: Table
    notes: list[str]
    picture: ItemKind
    page: Page = field(default_factory=Page)
    items: list[Item] = field(default_factory=list)
    title_page: list[tuple[str, str]] = field(default_factory=list)
    speakers: set[str] = field(default_factory=set)  #: in capitals

    def read(self) -> None:
        for above in self.table.above:
            self._above(above)
        lengths = self._lengths()
        for row, length in zip(self.table.rows, lengths, strict=True):
            self.page.row = row.number
            self._row(row, length)

    def _above(self, cells: tuple[str, ...]) -> None:
        if len(cells) == 2:
            self.title_page.append((cells[0].rstrip(":").strip(), cells[1]))
        elif len(cells) == 1 and ":" in cells[0]:
            key, _, value = cells[0].partition(":")
            self.title_page.append((key.strip(), value.strip()))
        else:
            self.title_page.append(("Text", " ".join(cells)))

    def _lengths(self) -> list[Fraction | None]:
        """Scripted seconds per row. A column that runs on from 0:00 gives starts: a row lasts until the next begins."""
        texts = [row.cells.get("seconds", "") for row in self.table.rows]
        found = [seconds(text) for text in texts]
        for row, text, length in zip(self.table.rows, texts, found, strict=True):
            if text and length is None:
                self.notes.append(f"Row {row.number}: “{text[:40]}” is no length in seconds; it stands as a note.")
        given = [length for length in found if length is not None]
        single = all(":" in text and not re.search(r"\d\s*(?:-|–|—|to)\s*:?\d", text) for text in texts if text)
        if single and len(given) == len(found) > 1 and given[0] == 0 and all(a < b for a, b in itertools.pairwise(given)):
            self.notes.append(f"“{self.table.columns['seconds']}” runs on from zero: it was read as where each row begins; the last has no length.")
            return [*(b - a for a, b in itertools.pairwise(given)), None]
        return found

    def _row(self, row: Row, length: Fraction | None) -> None:
        cells = row.cells
        label = cells.get("scene")
        base = Item(number=0, kind=self.picture, text="", scene=label or str(row.number), heading=cells.get("heading"), seconds=length)
        first = len(self.items)
        if cells.get("heading"):
            self.page.add("scene heading", cells["heading"], number=label, marked=False)
        self._pictures(cells.get("picture", ""), base, cells.get("size"))
        heard: tuple[Role, ...] = ("voice", "audio")
        for role in heard:
            if cells.get(role):
                self._heard(cells[role], base, cells.get("character"), voice=role == "voice")
        if cells.get("super"):
            self._card(cells["super"], base)
        if cells.get("sound"):
            self.page.add("sound", cells["sound"], marked=False)
        if first == len(self.items) and (label or cells.get("size") or length is not None):
            words = f"Shot {label or row.number}"
            index = self.page.styled("picture", words, (), number=label)
            self.items.append(replace(base, text=words, size=cells.get("size"), places=(Place(element=index, start=0, end=len(words)),)))
            self.notes.append(f"Row {row.number} has no description; it is called “{words}”.")
        self._marks(cells, first, row.number)
        for n in range(first, len(self.items)):  # the row's length is its picture's; where it has none, its first item's
            self.items[n] = replace(self.items[n], seconds=length if n == self._timed(first) else None)
        unread = [("Length", cells["seconds"])] if cells.get("seconds") and seconds(cells["seconds"]) is None else []
        for column, text in (*row.others, *unread):
            self.page.add("note", f"{column}: {text}" if column else text, marked=False)

    def _timed(self, first: int) -> int:
        pictures = [n for n in range(first, len(self.items)) if not self.items[n].spoken]
        return min(pictures, key=lambda n: (self.items[n].card, n), default=first)

    def _marks(self, cells: dict[Role, str], first: int, number: int) -> None:
        """The columns hero, stock and alt: the first two belong to the row's picture, alt to its last speech."""
        mine = range(first, len(self.items))
        keys: tuple[Role, ...] = ("hero", "stock", "alt")
        for key in keys:
            says = cells.get(key)
            if not says or says.strip().lower() in ("no", "n", "-", "false", "0"):
                continue
            says = "" if says.strip().lower() in ("yes", "y", "x", "true", "1") and key != "alt" else says
            owners = [n for n in mine if self.items[n].spoken == (key == "alt")] or list(mine)
            if owners:
                owner = owners[-1] if key == "alt" else owners[0]
                self.items[owner] = self.items[owner].marked(key.upper(), says)
            else:
                self.notes.append(f"Row {number}: “{key}: {says[:40]}” stands where there is no line and no picture to belong to.")

    def _pictures(self, text: str, base: Item, size: str | None) -> None:
        """The picture cell: one picture, and each line of lettering in it."""
        words: list[str] = []
        held = set_aside(text, self.page.kept)

        def flush() -> None:
            joined = "\n".join(words).strip()
            words.clear()
            if joined:
                self._written("picture", joined, replace(base, size=size or shot_size(HOLD.sub("", joined))))

        for line in held.split("\n"):
            if is_card(HOLD.sub("", line)):
                flush()
                self._card(line, base)
            else:
                words.append(line)
        flush()

    def _card(self, text: str, base: Item) -> None:
        self._written("super", text, replace(base, card=True))

    def _heard(self, text: str, base: Item, character: str | None, *, voice: bool) -> None:
        """The sound cell: speeches, each from its name to the next; sound and music are on the page and no item."""
        turns: list[tuple[str | None, list[str]]] = []
        for line in set_aside(text, self.page.kept).split("\n"):
            bare = HOLD.sub("", line).strip()
            match = _PREFIX.match(line.strip())
            who = HOLD.sub("", match["who"]).strip() if match else ""
            if match and who and ((who == who.upper() and any(c.isalpha() for c in who)) or self._known(who) or sound_only(who) or is_card(bare)):
                turns.append((match["who"], [match["words"]]))
            elif not bare or not turns or turns[-1][0] is None or bare[0] == "[":
                turns.append((None, [line]))
            else:
                turns[-1][1].append(line)
        for who_said, lines in turns:
            self._turn(who_said, "\n".join(lines), base, character, voice=voice)

    def _known(self, who: str) -> bool:
        name = cue(who, on_camera_oc=True)
        return name.voice_over or name.name.upper() in self.speakers

    def _turn(self, who: str | None, words: str, base: Item, character: str | None, *, voice: bool) -> None:
        bare = HOLD.sub("", words).strip()
        if not bare and not who:
            self.page.add("note", words)
            return
        if who and is_card(f"{HOLD.sub('', who)}:"):
            self._card(f"{who}: {words}", base)
        elif who and sound_only(HOLD.sub("", who)):
            self.page.add("sound", f"{who}: {words}")
        elif not who and (_NOTHING.match(bare) or (bare.startswith("[") and bare.endswith("]")) or (not voice and sound_only(bare))):
            self.page.add("sound", words)
        elif not who and not voice and bare.startswith("(") and bare.endswith(")"):
            self.page.add("sound", words)
        else:
            self._speech(who or character, words, base, voice=voice)

    def _speech(self, who: str | None, words: str, base: Item, *, voice: bool) -> None:
        said = cue(HOLD.sub("", who), on_camera_oc=True) if who else None
        if said is None and not voice:
            self.notes.append(f"Row {self.page.row}: nobody is named for “{' '.join(HOLD.sub('', words).split())[:40]}”; it is read as voice-over.")
        header = re.sub(r"[^a-z]", "", self.table.columns.get("voice", "").lower()) if voice else ""
        over = said.voice_over if said else not voice or header in ("vo", "voiceover", "narration", "copy")
        if said:
            self.speakers.add(said.name.upper())
            self.page.add("character", who or "", marked=False)
        how = None
        if match := re.match(r"^\s*(\([^()\n]*\))\s*(?=\S)", words):
            self.page.add("parenthetical", match[1])
            how, words = match[1].strip("() "), words[match.end() :]
        kind: ItemKind = "voice-over" if over else "line"
        off = said.off_camera if said else over
        made = replace(
            base, kind=kind, character=said.name if said else None, off_camera=off, parenthetical=how or None
        )
        self._written("dialogue", words, made)

    def _written(self, kind: ElementKind, text: str, item: Item) -> None:
        """Put a paragraph down with the item it is, and give the item the notes that stand in it."""
        before = len(self.page.elements)
        index = self.page.add(kind, text, number=item.scene if kind == "picture" else None)
        if index is not None:
            words = self.page.elements[index].text
            self.items.append(replace(item, text=words, places=(Place(element=index, start=0, end=len(words)),)))
        for element in self.page.elements[before:]:
            self._note(element)

    def _note(self, element: Element) -> None:
        ours = note_of_ours(element.text) if element.kind == "note" else None
        if ours and self.items:
            mine = [n for n, item in enumerate(self.items) if not item.spoken and not item.card and item.scene == self.items[-1].scene]
            owner = mine[-1] if mine and ours[0] != "ALT" else len(self.items) - 1  # lettering is made, not shot: the mark is its row's picture's
            self.items[owner] = self.items[owner].marked(*ours)
        elif ours:
            self.notes.append(f"[[{ours[0]}: {ours[1]}]] stands where there is no line and no picture to belong to.")
