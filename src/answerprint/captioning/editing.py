"""Captions as a page shows them, caption by caption, and a person's change of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint import finishing
from answerprint.captioning import files
from answerprint.captioning.keeping import alone
from answerprint.captioning.papers import CaptionError
from answerprint.desk import Desk
from answerprint.plan import small_digest

if TYPE_CHECKING:
    from answerprint.finishing import Refusal
    from answerprint.production import Production

__all__ = ["Line", "Listing", "listed", "save"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One caption on a page."""

    number: int  #: from 1
    first: int  #: frames of the film, [first, end)
    end: int
    start: str  #: timecode of the film, counted from nought
    stop: str
    start_s: Fraction
    end_s: Fraction
    text: str
    by_hand: bool  #: a person changed or added it
    machine: str  #: what the machine wrote there, where that is something else; "" where it wrote nothing
    faults: tuple[str, ...]  #: sentences


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The captions of a version in a language, as they lie in the file."""

    about: str  #: "master.en"
    version: str
    language: str
    rules: str
    rate: Fraction
    frames: int
    file: str
    seal: str  #: of the file: `save` takes it back, so that nobody writes over what somebody else has changed meanwhile
    lines: tuple[Line, ...]
    says: tuple[str, ...]  #: of the last time that they were made
    files: tuple[Path, ...]
    refused: Refusal | None


def listed(production: Production, version: str | None, language: str, *, desk: Desk | None = None) -> Listing:
    """Every caption with its times, and what is wrong with it.

    Raises: CaptionError: none were made, or the file cannot be read.
    """
    from answerprint.delivery.captions import KINDS
    from answerprint.model.time import Timecode

    where = files.place(desk or Desk(production), version, language)
    made = finishing.made(production, "captions").get(where.about)
    path = where.path("srt")
    if made is None or not path.exists():
        raise CaptionError(f"there are no captions {where.about}. Make them: answerprint caption FOLDER --version {where.version} --lang {where.language}")
    captions, rules = files.read(path, where), str(made.values.get("rules", "standard"))
    hand, broken = files.edited(production, where, captions), files.faults_of(captions, rules, where)
    lines = []
    for number, one in enumerate(captions, 1):
        first, end = (str(Timecode(frames=frame, rate=where.rate, drop=where.drop)) for frame in (one.first, one.end))
        was = hand.get(number)
        lines.append(
            Line(number=number, first=one.first, end=one.end, start=first, stop=end, start_s=one.first / where.rate, end_s=one.end / where.rate, text=one.text, by_hand=number in hand,
                 machine=was.text if was is not None and was.text != one.text else "", faults=tuple(fault.says for fault in broken if fault.number == number))
        )  # fmt: skip
    return Listing(
        about=where.about, version=where.version, language=where.language, rules=rules, rate=where.rate, frames=where.frames, file=where.name("srt"), seal=small_digest(path),
        lines=tuple(lines), says=made.says, files=tuple(where.path(kind) for kind in KINDS if where.path(kind).exists()), refused=finishing.refused(production, "captions").get(where.about),
    )  # fmt: skip


def save(
    production: Production, version: str | None, language: str, number: int, *, seal: str, text: str | None = None, first: int | None = None, end: int | None = None
) -> Listing:
    """A person's change of one caption: its words, its times, or both. It is written into the .srt, and the formats beside it are made anew.

    Args:   number: from 1; 0 adds a caption.  seal: of the listing that was on screen.  text: an empty one takes the caption out.
            first, end: frames of the film, half-open.
    Returns: the captions as they stand then, with their faults: a person's caption that breaks a rule is told, never altered.
    Raises: CaptionError: there is no such caption, it would have no length, or somebody changed the file meanwhile.
    """
    from answerprint.delivery.captioning import Caption

    with alone(production):
        before = listed(production, version, language)
        where = files.place(Desk(production), version, language)
        if before.seal != seal:
            raise CaptionError(f"{before.file} was changed by somebody else meanwhile. Look at it again.")
        if not 0 <= number <= len(before.lines):
            raise CaptionError(f"there is no caption {number} in {before.about}: it has {len(before.lines)}.")
        captions = list(files.read(where.path("srt"), where))
        if number:
            old = captions.pop(number - 1)
        elif first is None or end is None or not text:
            raise CaptionError("a new caption needs its words, and where it begins and ends.")
        else:
            old = Caption(first=first, end=end, text=text)
        one = replace(old, text=_clean(text) if text is not None else old.text, first=old.first if first is None else first, end=old.end if end is None else end)
        if one.text:
            if not 0 <= one.first < one.end:
                raise CaptionError(f"a caption ends after it begins: {one.first} to {one.end} is no stretch of frames.")
            captions.append(one)
        captions.sort(key=lambda each: (each.first, each.end))
        kinds = [path.suffix.lstrip(".") for path in before.files]
        files.write(production, where, captions, kinds, files.rules_of(before.rules))
    return listed(production, version, language)


def _clean(text: str) -> str:
    """A text as a caption file can hold it: an empty line would end the caption, and an arrow would begin another."""
    return "\n".join(line for line in (" ".join(one.split()) for one in text.replace("-->", "→").splitlines()) if line)
