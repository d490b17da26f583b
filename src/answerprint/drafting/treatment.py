"""A treatment's first page without a writer: what the brief says, in the order that a director sends, and what a director would ask where it is silent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from answerprint.briefing import notes, questions, told
from answerprint.briefing.asking import lengths_s
from answerprint.briefing.brief import FIELDS, Brief, Field, Point
from answerprint.drafting.laying import Laid, Sheet
from answerprint.passages import texts

__all__ = ["SECTIONS", "Section", "head", "lay", "said_in"]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of a treatment."""

    name: str
    fields: tuple[Field, ...]  #: of the brief, whose words stand in it
    hears: str  #: words by which anything else in the brief belongs to it, as a pattern
    silent: tuple[str, ...]  #: asked where the brief says nothing of it
    always: tuple[str, ...] = ()  #: asked of every brief: no brief answers it


SECTIONS: tuple[Section, ...] = (
    Section(name="Idea", fields=("message", "aim"), hears="", silent=("Which one sentence should stay?",), always=("What happens, in one sentence without an adjective?", "Why would somebody watch it twice?")),
    Section(name="Tone", fields=("tone",), hears="", silent=("Which three words, and which fourth one is ruled out?", "Are we laughing, and with whom?"), always=("What is the most serious moment in it?",)),
    Section(name="Story", fields=("must-haves", "background"), hears=r"\b(?:story|scene|happens|begins?|ends? with|reveal)\b", silent=("What has changed between the first picture and the last?",), always=("What is the first picture, and what the last?", "Where does it turn?")),
    Section(name="Characters", fields=("people", "audience"), hears=r"\b(?:actors?|cast|nobody|guests?|nurses?|child\w*|family|couple)\b", silent=("Who is in it, and what does each of them want in this minute?",), always=("What do we know of them that is never said?",)),
    Section(name="Look", fields=("look", "places"), hears=r"\b(?:colou?rs?|palette|lens|camera|handheld|winter|summer|street|location|garden|shop|kitchen|city|studio)\b", silent=("Which place, which season, which three colours?", "Does the camera know what will happen, or does it find out?"), always=("From how far away do we look?",)),
    Section(name="Light", fields=(), hears=r"\b(?:lights?|lit|lighting|night|dawn|dusk|sun\w*|dark\w*|daylight|evening|morning|shadows?|neon|candle\w*|golden)\b", silent=("At which hour does it happen?",), always=("Where does the light in the first picture come from, and may it be seen?", "What stays dark?")),
    Section(name="Sound", fields=("sound",), hears=r"\b(?:music|sounds?|song|voice|voice-over|spoken|said|silence|silent|piano|jingle|noise)\b", silent=("Music, a voice, or only what is there?",), always=("What is heard before anything is seen?",)),
    Section(name="Edit", fields=("deliverables", "mandatories"), hears=r"\b(?:cut|fast|slow|pace|rhythm|montage)\b", silent=("Which length is the film, and which are cut from it?",), always=("Which shot is held longer than anybody expects?",)),
    Section(name="References", fields=("references",), hears=r"https?://|\b(?:think of(?! (?:them|it|him|her|us|me|you)(?:sel\w+)?\b)|in the style of|inspired by|like the (?:ad|film|spot))\b", silent=("Which film, and what in it?",), always=("Which reference would everybody bring, and is to be avoided?",)),
    Section(name="What could go wrong", fields=("avoid",), hears=r"\b(?:must not|may not|not allowed|forbidden)\b", silent=("What would make the client take it off air?",), always=("Which shot do we lose if it rains?",)),
)  # fmt: skip
_LAID = "Laid out by Answerprint from the words of the brief. What is indented is the brief’s own; what stands as a question is asked where it is silent. No idea was invented here: write over it."
_HEAD: tuple[tuple[str, Field], ...] = (("Client", "client"), ("Agency", "agency"), ("Product", "product"), ("For", "audience"))


def lay(brief: Brief, *, concept: Sequence[tuple[str, str, str]] = (), written: Mapping[str, tuple[str, str, str]] | None = None) -> Laid:
    """A treatment.

    Args: concept: (Markdown, whose, where from) of what the concept says that it begins from, part by part as it is now: they go under Idea. Whose is "" for a person's.
          written: section -> (Markdown, who wrote it, where that is from), of a service; the other sections are laid out from the brief.
    """
    sheet = Sheet()
    sheet.heading(1, re.sub(r"^(?:\w+ )?brief(?:ing)?\s*[-–—:]\s*(?=\S)", "", brief.title, flags=re.IGNORECASE), whose="brief", source="brief.md")
    sheet.table(head(brief))
    sheet.note(_LAID if not written else "Written in part by a service, and laid out by Answerprint. What is indented is the brief’s own. Write over it.")
    said = said_in(brief)
    for section in SECTIONS:
        sheet.heading(2, section.name)
        if section.name == "Idea" and concept:
            for words, whose, source in concept:
                sheet.raw(words, whose=whose, source=source)
        by_service = (written or {}).get(section.name)
        if by_service is not None:
            sheet.raw(by_service[0], whose=by_service[1], source=by_service[2])
        points = said[section.name]
        if by_service is None or section.name in ("What could go wrong", "References"):
            sheet.quoted(points)
        if by_service is None:
            asks = section.always if points else (*section.silent, *section.always)
            sheet.questions(asks[1:] if section.name == "Idea" and concept else asks)
        if section.name == "What could go wrong":
            sheet.questions(one.says if one.says.endswith(("?", ".")) else f"{one.says}." for one in notes(brief))
    open_still = [one.asks for one in questions(brief) if one.about not in ("references", "tone", "message", "aim", "people", "budget")]
    if open_still:
        sheet.heading(2, "Before we go on")
        sheet.questions(open_still)
    return sheet.laid(brief.title, says=("Made without a language model: the brief's own words and questions.",) if not written else ())


def head(brief: Brief) -> list[tuple[str, str, int]]:
    """The facts over a treatment: (head, the brief's words, their line). What it costs is not among them: that is nobody's first page."""
    rows = [(name, point.text, point.line) for name, field in _HEAD for point in brief.says(field)[:1]]
    lengths = lengths_s(brief)
    if lengths and (found := brief.says("deliverables")):
        rows.append(("Lengths", ", ".join(f"{length} s" for length in lengths), found[0].line))
    rows += [("On air", re.sub(r"^on[- ]?air\s*:\s*", "", point.text, flags=re.IGNORECASE), point.line) for whole in brief.says("dates") for point in _sentences(whole) if re.search(r"\bon[- ]?air\b|\bair date\b|\bonline\b|\blaunch\b|\blive\b", point.text, re.IGNORECASE)][:1]
    return rows


def said_in(brief: Brief) -> dict[str, list[Point]]:
    """What the brief says, by section; each thing once, in the first section that it belongs to by its field, else by its words."""
    homes: dict[Field, str] = {field: section.name for section in SECTIONS for field in section.fields}
    out: dict[str, list[Point]] = {section.name: [] for section in SECTIONS}
    rest = told(brief)
    for field in FIELDS:
        for point in brief.says(field):
            if field in homes and field != "audience":
                out[homes[field]].append(point)
    everything: Sequence[Point] = [*rest, *(one for field in FIELDS if field not in ("budget", "dates", "client", "agency", "approval") for one in brief.says(field))]
    for section in SECTIONS:
        for point in everything:
            for one in _sentences(point) if section.hears else ():
                if re.search(section.hears, one.text, re.IGNORECASE) and not any(one.text in there.text for there in out[section.name]):
                    out[section.name].append(one)
    for point in rest:
        if not any(point.text in there.text or there.text in point.text for found in out.values() for there in found):
            out["Story"].append(point)
    return out


def _sentences(point: Point) -> list[Point]:
    return [Point(text=one.text, line=point.line, under=point.under) for one in texts(point.text)]
