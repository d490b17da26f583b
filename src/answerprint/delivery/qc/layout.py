"""What lies where in the file: the film's length in frames, clock or slate, black, silence, freeze, timecode, and the file's name."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np

from answerprint.delivery.qc.ears import CELLS_A_SECOND
from answerprint.delivery.qc.records import Pass, audible
from answerprint.model.delivery import Card, Finding, Window
from answerprint.model.records import AnswerprintError
from answerprint.model.time import Timecode

__all__ = ["check"]

SILENT_DB = -60.0  #: as elsewhere in QC: a recording's room tone in a mix lies above, dither and codec noise below
#: A still: what an encoder changes from frame to frame at most (hundredths of an 8-bit code; grain at a low bit rate), and how far the means of
#: its 16 x 16 fields may come away from the film's last frame (codes)
_STILL, _SAME_FIELDS = 120, 1.0


def check(passed: Pass) -> list[Finding]:
    """Length, head, tail, timecode and name; nothing without a spec."""
    spec = passed.spec
    if spec is None:
        return []
    found = [*_length(passed)]
    at = 0
    for card in spec.head:
        found += _card(passed, card, at, "head")
        at += card.frames
    at = passed.film.end
    for card in spec.tail:
        found += _card(passed, card, at, "tail")
        at += card.frames
    found += _edges(passed) if spec.edge_silence_frames else []
    found += _timecode(passed) if spec.film_at else []
    if spec.clock_number and not re.search(spec.clock_number, passed.path.stem):
        says = "the file's name carries no clock number or Ad-ID in the form that is asked for; it is what the station books by"
        found.append(Finding(check="name", weight="WARN", says=says, measured=passed.path.stem, allowed=spec.clock_number))
    return found


def _length(passed: Pass) -> list[Finding]:
    spec, frames = passed.spec, passed.seen.frames
    assert spec is not None
    around = sum(card.frames for card in (*spec.head, *spec.tail))
    if not spec.durations_frames:
        return []
    if frames - around in spec.durations_frames:
        return []
    nearest = min(spec.durations_frames, key=lambda one: abs(one - (frames - around)))
    measured = f"{frames - around} frames" if not around else f"{frames} frames, {around} of them head and tail"
    says = f"the film is {frames - around} frames long; the nearest length that is sold is {nearest}"
    return [Finding(check="duration", weight="FAIL", says=says, measured=measured, allowed=", ".join(map(str, spec.durations_frames)))]


def _card(passed: Pass, card: Card, first: int, place: str) -> list[Finding]:
    end = first + card.frames
    if end > passed.seen.frames:
        says = f"the {place} should have {card.frames} frames of {card.what}, and the file ends before them"
        return [Finding(check=place, weight="FAIL", says=says, where=(Window(first=min(first, passed.seen.frames - 1), end=passed.seen.frames),))]
    found = []
    values = passed.seen.series.values
    dark = passed.seen.black[first:end]
    wrong: list[int] = []
    if card.what == "black":
        wrong, should = [first + n for n, is_dark in enumerate(dark) if not is_dark], "black"
    elif card.what == "freeze":
        fields = passed.seen.series.layout
        away = np.abs(fields[first:end].astype(np.int16) - fields[max(0, first - 1)]).mean(axis=(1, 2, 3))
        moved = (values["motion"][first:end] > _STILL) | (away > _SAME_FIELDS)
        wrong, should = (first + np.flatnonzero(moved)).tolist(), "a still hold of the film's last frame"
    else:
        wrong, should = [first + n for n, is_dark in enumerate(dark) if is_dark], {"clock": "a clock", "slate": "a slate", "bars": "bars"}[card.what]
    if wrong:
        says = f"frames {first} to {end - 1} should be {should}, and {len(wrong)} of them are not"
        found.append(Finding(check=place, weight="FAIL", says=says, where=(Window(first=wrong[0], end=wrong[-1] + 1),), measured=f"{len(wrong)} frames", allowed="0"))
    if card.sound == "silence" and (loud := _loud(passed, first, end)) is not None:
        says = f"the {card.what} should be silent, and is not"
        found.append(Finding(check=place, weight="FAIL", says=says, where=(loud,)))
    return found


def _loud(passed: Pass, first: int, end: int) -> Window | None:
    """Where there is sound in a range of frames that should have none; the cells at its borders belong to nobody."""
    if passed.heard is None:
        return None
    a, b = (Fraction(frame) / passed.rate * CELLS_A_SECOND for frame in (first, end))
    start, stop = -(-a.numerator // a.denominator), b.numerator // b.denominator
    # a lossy encoder smears what follows by one of its frames (21 ms)
    lossy = not passed.info.audio[0].codec.startswith(("pcm", "flac"))
    start, stop = start + 3 * lossy * (first > 0), stop - 3 * lossy
    loud = audible(passed.heard.energy[:, start:stop].max(axis=0, initial=0), SILENT_DB).nonzero()[0]
    return passed.where((start + int(loud[0])) / CELLS_A_SECOND, (start + int(loud[-1]) + 1) / CELLS_A_SECOND) if loud.size else None


def _edges(passed: Pass) -> list[Finding]:
    assert passed.spec is not None
    count, film = passed.spec.edge_silence_frames, passed.film
    found = []
    for first, end, which in ((film.first, film.first + count, "first"), (film.end - count, film.end, "last")):
        loud = _loud(passed, first, end)
        if loud is not None:
            mixed = passed.expected is not None and passed.expected.mix
            says = f"the {which} {count} frames of the film have to be silent, and are not" + ("; nothing in a person's mix is altered, so it goes back to the mixer" if mixed else "")
            found.append(Finding(check="edge silence", weight="FAIL", says=says, where=(loud,), allowed=f"{count} frames"))
    return found


def _timecode(passed: Pass) -> list[Finding]:
    spec, written = passed.spec, passed.info.timecode
    assert spec is not None
    assert spec.film_at is not None
    if written is None:
        return [Finding(check="timecode", weight="FAIL", says=f"the file has no timecode; the film should begin at {spec.film_at}", measured="none", allowed=spec.film_at)]
    try:
        start = Timecode.parse(written, rate=passed.rate)
        asked = Timecode.parse(spec.film_at, rate=passed.rate)
    except AnswerprintError as cause:
        return [Finding(check="timecode", weight="FAIL", says=f"the timecode cannot be read: {cause}", measured=written, allowed=spec.film_at)]
    film = start.plus(passed.film.first)
    if (film.frames, film.drop) == (asked.frames, asked.drop):
        return []
    return [Finding(check="timecode", weight="FAIL", says=f"the film begins at {film}, and should at {spec.film_at}", measured=str(film), allowed=spec.film_at)]
