"""The three plates in words: what was measured, where it stands, and whether the first thought asked for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.easy.records import Bed, Chose, Group, Measured, Plate, Standing
from answerprint.delivery.easy.standing import stands
from answerprint.signal import palette as colours
from answerprint.signal import rhythm as lengths
from answerprint.signal.music import Music
from answerprint.signal.rhythm import Falls, falls

__all__ = ["DEFINITION", "Beside", "Moments", "Told", "beds_apart", "clock", "music_bed", "palette", "rhythm"]

#: What "the default" is, as a page says it.
DEFINITION = (
    "The default is what would be there if nobody had decided: the rushes through the show LUT, the machine's correction, each rough cut that it made; and, where you gave a folder, the films "
    "of the category. Each of these stands some way from its own nearest fellow. Near the default: this film is no further than that from one of them. Far from it: it is further from all of them. "
    "Near is not bad. Far is not good."
)
TEMPO_NOTICED = 0.04  #: two tempos are the same within 4 % (MIREX audio tempo extraction counts within 8 %; Gouyon et al., IEEE TASLP 14(5), 2006, within 4 %)
_ORDER: tuple[Group, ...] = ("untouched", "category", "reel")
Beside = Sequence[tuple[str, Measured]]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What people said and did about a plate."""

    thought: str = ""
    thought_by: str = ""
    chose: tuple[Chose, ...] = ()
    missing: tuple[str, ...] = ()
    away: bool = False  #: something stood in the way of measuring it at all; `missing` says what


@dataclass(frozen=True, kw_only=True)
class Moments:
    """What a cut may fall on, in seconds of the film; empty where nobody knows of any."""

    beats_s: Sequence[float] | NDArray[np.float64] = field(default_factory=tuple)
    word_ends_s: Sequence[float] | NDArray[np.float64] = field(default_factory=tuple)
    kept: int | None = None  #: cut points that stand as an assembly laid them; None where none was made
    points: int = 0
    lost: bool = False  #: an assembly was made and is not kept any more: nobody knows


# ---- palette


def palette(film: Measured, beside: Mapping[Group, Beside], told: Told) -> Plate:
    """The first plate."""
    seen = film.palette
    if seen is None:
        return _nothing("palette", "This cut has no picture.", told)
    standings = _standings(seen, beside, lambda one: one.palette, colours.apart, colours.NOTICED, lambda value: f"{value:.1f} steps of colour away")
    leans = f"Of all its colour, {_share(seen.orange)} lies around orange (30 degrees to either side) and {_share(seen.azure)} around azure."
    facts = (
        ("around orange", _share(seen.orange)), ("around azure", _share(seen.azure)), ("contrast", f"{seen.over_all(seen.contrast):.0f} of 100 from its darks to its lights"),
        ("saturation", f"{_share(seen.over_all(seen.saturation))}"), ("lightness", f"{seen.over_all(seen.lightness):.0f} of 100"), *_far(standings, lambda value: f"{value:.1f} steps"),
    )  # fmt: skip
    says = (leans, *(one.says for one in standings), "A step is what CIELAB counts as one; from about two on an eye sees that two colours differ.")
    return _plate("palette", standings, says, facts, told, _asked_palette(told.thought, seen.orange, seen.azure, seen.over_all(seen.saturation)))


# ---- rhythm


def rhythm(film: Measured, beside: Mapping[Group, Beside], told: Told, moments: Moments) -> Plate:
    """The second plate."""
    cut = film.rhythm
    if cut is None:
        return _nothing("rhythm", "This cut has no picture, so it has no shots.", told)
    standings = _standings(cut, beside, lambda one: one.rhythm, lengths.apart, lengths.NOTICED, lambda value: f"{_part(value)} away in shot length")
    count, cuts = len(cut.lengths_s), len(cut.cuts_s)
    follows = "" if cut.follows is None else "long follows long" if cut.follows > 0.2 else "long follows short" if cut.follows < -0.2 else "one length says little of the next"
    says = [f"{count} shot{'s' if count != 1 else ''}, half of them {cut.median_s:.1f} s or longer; the longest hold is shot {cut.longest + 1}, {cut.lengths_s[cut.longest]:.1f} s."]
    facts: list[tuple[str, str]] = [
        ("shots", f"{count} in {clock(film.length_s)}"), ("mean length", f"{cut.mean_s:.2f} s"), ("median length", f"{cut.median_s:.2f} s"),
        ("variation", f"{cut.variation:.2f} (0: all as long)"), ("one after another", f"{cut.follows:+.2f} ({follows})" if cut.follows is not None else "too few shots, or all as long"),
        ("longest hold", f"shot {cut.longest + 1}, {cut.lengths_s[cut.longest]:.2f} s, from {clock(float(cut.starts_s[cut.longest]))}"),
    ]  # fmt: skip
    for name, at_s, none in (("cuts on a beat", moments.beats_s, "no beat is known"), ("cuts on a word's end", moments.word_ends_s, "no words are known")):
        facts.append((name, _fall(falls(cut.cuts_s, at_s, film.length_s), cuts) if len(at_s) and cuts else none if cuts else "there is no cut"))
    if moments.kept is None:
        facts.append(("cuts where the machine's rough cut has them", "not known: one is lost" if moments.lost else "none was made"))
    else:
        facts.append(("cuts where the machine's rough cut has them", f"{moments.kept} of {moments.points}"))
    facts += _far(standings, _part)
    says += [one.says for one in standings]
    return _plate("rhythm", standings, tuple(says), tuple(facts), told, _asked_rhythm(told.thought, cut, [one.rhythm for _, one in _all(beside) if one.rhythm is not None]))


def _fall(found: Falls, cuts: int) -> str:
    return f"{found.count} of {cuts}; strewn at random {found.chance * cuts:.1f} would"


# ---- music bed


def beds_apart(one: Music, other: Music) -> float:
    """How far two tempos stand apart, as a difference of logarithms, each heard in the octave that is nearest; 0.69 is twice as fast."""
    if one.tempo is None or other.tempo is None:
        return 0.0 if one.tempo is other.tempo else 1.0
    apart = float(np.log2(one.tempo.per_minute / other.tempo.per_minute))
    return abs(apart - round(apart)) * float(np.log(2))


def music_bed(film: Measured, beside: Mapping[Group, Beside], told: Told, *, silent: str = "") -> Plate:
    """The third plate. silent: why there is no bed, in a sentence, where somebody decided that or nothing is heard."""
    bed = film.bed
    if bed is None:
        return _nothing("music bed", silent or "This cut has no sound.", told, asked=_asked_silence(told.thought) if silent else None)
    music = bed.music
    tempo = music.tempo
    standings: tuple[Standing, ...] = ()
    if tempo is not None:
        paced = {group: [(name, one) for name, one in ones if one.bed is not None and one.bed.music.tempo is not None] for group, ones in beside.items()}
        standings = _standings(music, paced, lambda one: one.bed.music if one.bed else None, beds_apart, TEMPO_NOTICED, lambda value: f"{_part(value)} away in tempo")
    facts = [
        ("tempo", _tempo(music)), ("key", (f"{music.key.name}, or {music.key.other}" if music.key.other else music.key.name) if music.key else "none is told"),
        ("repeats", f"every {music.loop_s:.2f} s" if music.loop_s else "not as a whole"), ("range of level", f"{music.range_db:.0f} dB" if music.range_db is not None else "not told"),
        *_lies(bed), *_far(standings, _part),
    ]  # fmt: skip
    says = ["No track says what is music, so this is the film's whole sound, speech and all."] if bed.whole else []
    says.append(f"{_tempo(music)[0].upper()}{_tempo(music)[1:]}{f', in {music.key.name}' if music.key else ''}." if tempo is not None else "No tempo is told: nothing in it is struck at even distances.")
    category = [one.bed.music for _, one in beside.get("category", ()) if one.bed is not None]
    if music.key and (keyed := [one.key for one in category if one.key is not None]):
        mode = "minor" if music.key.minor else "major"
        says.append(f"{sum(one.minor == music.key.minor for one in keyed)} of {len(keyed)} films of the category that have a key are in {mode} as well.")
    says += [one.says for one in standings]
    return _plate("music bed", standings, tuple(says), tuple(facts), told, _asked_music(told.thought, music))


def _lies(bed: Bed) -> list[tuple[str, str]]:
    if bed.whole:
        return [("in the film", "where it enters is not told: it lies in one track with the rest")]
    found = [("enters", clock(bed.enters_s) if bed.enters_s is not None else "not told"), ("without it", f"{bed.without_s:.1f} s" if bed.without_s is not None else "not told")]
    under = bed.under_speech_db
    if bed.without_s is None:
        return found
    return [*found, ("under speech", "nobody speaks over it long enough" if under is None else f"turned down by {-under:.0f} dB" if under < -1 else "as loud as beside it")]


def _tempo(music: Music) -> str:
    if music.tempo is None:
        return "none is told"
    others = " or ".join(f"{one:.0f}" for one in music.tempo.others[:2])
    return f"{music.tempo.per_minute:.0f} a minute" + (f" (it may be heard as {others})" if others else "")


# ---- what all plates say


def _standings(film: T, beside: Mapping[Group, Beside], of: Callable[[Measured], T | None], apart: Callable[[T, T], float], noticed: float, unit: Callable[[float], str]) -> tuple[Standing, ...]:
    """Beside each group of which something is known, in their order."""
    found = []
    for group in _ORDER:
        others = [(name, known) for name, one in beside.get(group, ()) if (known := of(one)) is not None]
        standing = stands(film, group, others, apart, noticed=noticed, unit=unit)
        found += [standing] if standing is not None else []
    return tuple(found)


def _verdict(standings: Sequence[Standing]) -> tuple[str, bool | None]:
    told = {one.group: one for one in standings if one.group != "reel" and one.near is not None}
    if not told:
        return "There is too little to measure it by.", None
    near = [group for group, one in told.items() if one.near]
    what = "the default" if "untouched" in told else "the category's films"
    if not near:
        return f"Far from {what}.", False
    if len(told) > len(near):
        return ("Near what nobody chose, far from the category." if near == ["untouched"] else "Near the category's films, far from what nobody chose."), True
    return f"Near {what}.", True


def _all(beside: Mapping[Group, Beside]) -> list[tuple[str, Measured]]:
    return [one for group in _ORDER for one in beside.get(group, ())]


def _plate(name: str, standings: tuple[Standing, ...], says: tuple[str, ...], facts: Sequence[tuple[str, str]], told: Told, asked: bool | None) -> Plate:
    verdict, near = _verdict(standings)
    return Plate(
        name=name, verdict=verdict, near=near, asked=asked, says=says, facts=tuple(facts), standings=standings, thought=told.thought, thought_by=told.thought_by,  # type: ignore[arg-type]
        chose=told.chose, missing=told.missing,
    )  # fmt: skip


def _nothing(name: str, why: str, told: Told, *, asked: bool | None = None) -> Plate:
    verdict = "It could not be measured." if told.away else "Not in this film."
    return Plate(name=name, verdict=verdict, near=None, asked=asked, says=() if told.away else (why,), facts=(), standings=(), thought=told.thought, thought_by=told.thought_by, chose=told.chose, missing=told.missing)  # type: ignore[arg-type]


def _far(standings: Sequence[Standing], unit: Callable[[float], str]) -> list[tuple[str, str]]:
    return [(f"from {one.name}", unit(one.value)) for standing in standings for one in standing.distances]


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _part(value: float) -> str:
    """A difference of logarithms as people say it."""
    times = float(np.exp(value))
    return f"{100 * (times - 1):.0f} %" if times < 2 else f"{times:.1f} times"


def clock(seconds: float) -> str:
    """"4.2 s", "1:04"."""
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)}:{int(seconds % 60):02d}"


# ---- what the first thought asked for

_NOT = re.compile(r"\b(no|not|never|nothing|without|don't|isn't|until|till|before|less|nor)\b", re.IGNORECASE)
_COLD = re.compile(r"\b(cold|cool|blue|azure|teal|steel|icy)\b", re.IGNORECASE)
_WARM = re.compile(r"\b(warm|amber|gold|golden|orange|honey)\b", re.IGNORECASE)
_GREY = re.compile(r"\b(black and white|black-and-white|monochrome)\b", re.IGNORECASE)
_SLOW = re.compile(r"\b(slow|slowly|long|longer|patient|hold|holds|calm)\b", re.IGNORECASE)
_FAST = re.compile(r"\b(fast|quick|quickly|short|shorter|rapid|staccato)\b", re.IGNORECASE)
_MINOR, _MAJOR = re.compile(r"\bminor\b", re.IGNORECASE), re.compile(r"\bmajor\b", re.IGNORECASE)
_SILENCE = re.compile(r"\b(no music|without music|no bed|silence|silent)\b", re.IGNORECASE)
_LENTO, _ALLEGRO = 76.0, 120.0  #: up to adagio, from allegro on: the marks on Maelzel's scale, as metronomes are printed
_HARDLY = 0.05  #: saturation of a picture in which no colour is seen; a black-and-white transfer with its noise reaches 0.03


def _leads(words: str, one: re.Pattern[str], other: re.Pattern[str]) -> int:
    """1 where only the first is named, -1 where only the second; 0 for both, for neither, and where anything is denied: a person reads those."""
    if _NOT.search(words):
        return 0
    return bool(one.search(words)) - bool(other.search(words))


def _asked_palette(words: str, orange: float, azure: float, saturation: float) -> bool | None:
    if _GREY.search(words) and not _NOT.search(words):
        return saturation < _HARDLY
    leads = _leads(words, _COLD, _WARM)
    return None if not leads or azure == orange else (azure > orange) == (leads > 0)


def _asked_rhythm(words: str, cut: lengths.Rhythm, beside: Sequence[lengths.Rhythm]) -> bool | None:
    leads = _leads(words, _SLOW, _FAST)
    if not leads or not beside:
        return None
    usual = float(np.median([one.median_s for one in beside]))
    return (cut.median_s > usual) == (leads > 0)


def _asked_music(words: str, music: Music) -> bool | None:
    if _SILENCE.search(words):
        return False
    leads = _leads(words, _SLOW, _FAST)
    if leads and music.tempo is not None:
        if leads > 0:
            return music.tempo.per_minute <= _LENTO
        return music.tempo.per_minute >= _ALLEGRO
    mode = _leads(words, _MINOR, _MAJOR)
    return None if not mode or music.key is None else music.key.minor == (mode > 0)


def _asked_silence(words: str) -> bool | None:
    return True if _SILENCE.search(words) else None
