"""Which paragraphs of a screenplay are items (decision 010).

A speech is an item. A paragraph of action is one where the picture stands for itself: nobody speaks on camera under that heading, or
the paragraph says how it is shot, or a note of ours marks it. Elsewhere action is the staging of the lines around it and is covered
with them. Lettering is always one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from answerprint.script.cues import cue, is_card, is_page_matter, is_shot, note_of_ours, shot_size
from answerprint.script.records import Element, Item, Place

__all__ = ["items"]

_SPEECH = ("dialogue", "lyrics")
_MORE = re.compile(r"^\(?\s*(?:MORE|CONT[’'.]?D\.?|CONTINUED|CONTINUING)\s*\)?$", re.IGNORECASE)


@dataclass
class _Part:
    """What stands under one heading or shot."""

    start: int
    end: int
    scene: str | None = None
    heading: str | None = None
    spoken_on_camera: bool = False


@dataclass
class _Found:
    """Items in the making."""

    made: list[Item] = field(default_factory=list)

    def add(self, item: Item) -> None:
        self.made.append(item)


def items(elements: tuple[Element, ...], notes: list[str]) -> tuple[tuple[Element, ...], tuple[Item, ...]]:
    """The elements, and the items of a screenplay in page order, numbered from 1.

    A stock note that is a paragraph of its own marks the picture before it, or the first one under its heading. Where that could be no stock slot - it is
    spoken, a hero shot, lettering, or marked already - the note is a picture of its own, and its element action. Sentences about notes that found no item are
    added to `notes`.
    """
    found, own = _Found(), dict[int, Element]()
    for part in _parts(elements):
        first = len(found.made)
        held: list[tuple[Element, tuple[str, str]]] = []  # notes of ours that wait for the first item under their heading
        at = part.start
        while at < part.end:
            element = elements[at]
            until = at + 1
            if element.kind == "character":
                until = _speech(elements, at, part, found)
            elif element.kind == "lyrics":
                while until < part.end and elements[until].kind == "lyrics" and not elements[until].in_speech:
                    until += 1
                _add(found, part, elements[at:until], voice_over=True)
            elif element.kind == "action":
                _action(element, part, found, marked=_marked(elements, at, part.end))
            elif element.kind == "centred" and not is_page_matter(element.text):
                while until < part.end and elements[until].kind == "centred" and not is_page_matter(elements[until].text):
                    until += 1
                _add(found, part, elements[at:until], card=True)
            for note in elements[at:until]:
                if note.kind != "note" or not (ours := note_of_ours(note.text)):
                    continue
                if len(found.made) == first:
                    held.append((note, ours))
                elif _stands_alone(note, ours, found.made[-1]):
                    own[note.index] = _own(found, part, note, ours[1], len(found.made))
                else:
                    found.made[-1] = found.made[-1].marked(*ours)
            at = until
            if held and len(found.made) > first and (at == part.end or elements[at].kind not in ("note", "boneyard")):  # that item has its own marks now
                begins = first
                for note, ours in held:
                    if _stands_alone(note, ours, found.made[begins]):
                        own[note.index] = _own(found, part, note, ours[1], begins)
                        begins += 1
                    else:
                        found.made[begins] = found.made[begins].marked(*ours)
                held.clear()
        for note, ours in held:
            if _stands_alone(note, ours, None):
                own[note.index] = _own(found, part, note, ours[1], len(found.made))
            else:
                notes.append(f"[[{ours[0]}: {ours[1]}]] stands where there is no line and no picture to belong to.")
    return tuple(own.get(one.index, one) for one in elements), tuple(replace(item, number=n) for n, item in enumerate(found.made, 1))


def _stands_alone(note: Element, ours: tuple[str, str], by: Item | None) -> bool:
    """Whether a note is a stock picture of its own beside an item; None: there is no item."""
    key, says = ours
    return note.alone and key == "STOCK" and bool(says) and (by is None or by.spoken or by.card or by.hero is not None or by.stock is not None)


def _own(found: _Found, part: _Part, note: Element, says: str, place: int) -> Element:
    """Make a note the item at a place, and say what its element is then."""
    action = replace(note, kind="action", text=says, alone=False)
    found.made.insert(place, replace(_item(part, (action,)), size=shot_size(says), stock=says))
    return action


def _parts(elements: tuple[Element, ...]) -> list[_Part]:
    numbered = any(element.kind == "scene heading" and element.number for element in elements)
    parts = [_Part(0, len(elements))]
    count = 0
    for element in elements:
        if element.kind not in ("scene heading", "shot"):
            continue
        last = parts[-1]
        last.end = element.index
        if element.kind == "scene heading":
            count += 1
            parts.append(_Part(element.index, len(elements), element.number if numbered else str(count), element.text))
        else:
            parts.append(_Part(element.index, len(elements), element.number or last.scene, element.text if last.heading is None else last.heading))
    for part in parts:
        part.spoken_on_camera = any(
            one.kind == "character" and not cue(one.text).off_camera for one in elements[part.start : part.end]
        )
    return parts


def _speech(elements: tuple[Element, ...], at: int, part: _Part, found: _Found) -> int:
    """One speech, from its name to its last word; the index after it."""
    until = at + 1
    while until < part.end and (elements[until].in_speech or elements[until].kind in ("note", "boneyard")):
        until += 1
    said = [one for one in elements[at:until] if one.kind in _SPEECH]
    if said:
        who = cue(elements[at].text)
        how = [one.text.strip().strip("()").strip() for one in elements[at:until] if one.kind == "parenthetical" and not _MORE.match(one.text)]
        found.add(
            replace(
                _item(part, said),
                kind="voice-over" if who.voice_over else "line",
                character=who.name or None,
                off_camera=who.off_camera,
                parenthetical="; ".join(" ".join(one.split()) for one in how if one) or None,
            )
        )
    return until


def _marked(elements: tuple[Element, ...], at: int, end: int) -> bool:
    """Whether HERO or STOCK stands in or right after a paragraph."""
    for one in elements[at + 1 : end]:
        if one.kind not in ("note", "boneyard"):
            return False
        if one.kind == "note" and (ours := note_of_ours(one.text)) and ours[0] in ("HERO", "STOCK"):
            return True
    return False


def _action(element: Element, part: _Part, found: _Found, *, marked: bool) -> None:
    """A paragraph of action: lettering in it is an item of its own, the picture is one where it stands for itself."""
    for start, end, card in _runs(element.text):
        text = element.text[start:end]
        if card or ((marked or is_shot(text) or not part.spoken_on_camera) and not is_page_matter(text)):
            _add(found, part, (element,), place=(start, end), card=card, size=None if card else shot_size(text))


def _runs(text: str) -> list[tuple[int, int, bool]]:
    """Line by line: (start, end, is lettering). A line of lettering and what follows it to the next is one."""
    runs: list[tuple[int, int, bool]] = []
    at = 0
    for line in text.split("\n"):
        if is_card(line) or not runs:
            runs.append((at, at + len(line), is_card(line)))
        else:
            runs[-1] = (runs[-1][0], at + len(line), runs[-1][2])
        at += len(line) + 1
    return runs


def _item(part: _Part, said: list[Element] | tuple[Element, ...]) -> Item:
    return Item(
        number=0,
        kind="picture",
        text="\n".join(one.text for one in said),
        scene=part.scene,
        heading=part.heading,
        page=said[0].page,
        places=tuple(Place(element=one.index, start=0, end=len(one.text)) for one in said),
    )


def _add(
    found: _Found,
    part: _Part,
    said: tuple[Element, ...],
    *,
    place: tuple[int, int] | None = None,
    card: bool = False,
    size: str | None = None,
    voice_over: bool = False,
) -> None:
    item = replace(_item(part, said), card=card, size=size, off_camera=voice_over, kind="voice-over" if voice_over else "picture")
    if place is not None:
        start, end = place
        item = replace(item, text=said[0].text[start:end], places=(Place(element=said[0].index, start=start, end=end),))
    found.add(item)
