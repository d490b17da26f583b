"""What an editor and a sound mixer hear: where a line begins and ends, the breath before it, what goes on after it, the room, the bed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from answerprint.model.attempts import Heard, Said
from answerprint.model.records import Fact

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.model.ideas import Shot, Tried
    from answerprint.plan import Unit
    from answerprint.reframing.shots import Shot as Framed

__all__ = ["facts"]

_RATE_HZ = 16_000
_HOP = 320  #: 20 ms
_BEFORE_S = 0.8  #: a breath before a line begins no earlier
_BREATH_S = 0.12  #: shorter sounds are lips and clothes
_OVER_FLOOR_DB, _UNDER_VOICE_DB = 6.0, 6.0  #: a breath stands over the room and under the voice
_FLOOR_S = 0.6  #: of a room without a word: three levels of 0.2 s, fewer say nothing of how steady it is
_COARSE, _LEAST = 10, 3
_STEADY_DB = 6.0  #: middle nine tenths of 0.2 s levels: rooms 1 to 3 dB, pours and music 10 and more, as lining tells room tone
#: Under the first a 16-bit file holds its last bit; over the second lay the steady music of three finished films (-38 to -25), and rooms lay at -65.
_ROOM_DBFS = (-90.0, -45.0)
_AROUND_S = 1.0
_HOW = "words of the lining and the transcript; levels of 20 ms of the synced sound"


def facts(desk: Desk, timeline: Any, rate: Fraction, framed: Sequence[Framed], shots: Sequence[Shot], tries: Sequence[Tried], *, version: str) -> Iterator[Fact]:
    """Facts named "cut:5 words", "cut:5 runs on s", "cut:5 breath at s", "cut:5 room dbfs", "cut:5 pause under bed", "word:5:2", "covered:5:1".

    Args: version: whose cut it is, by its name.
    """
    from answerprint.captioning.speech import speech
    from answerprint.critiquing import covering
    from answerprint.delivery.captioning.heard import heard

    ears = _Ears(desk, timeline, tries)
    for one, shot in zip(framed, shots, strict=True):
        for name, value in ears.about(one.unit, shot, rate):
            yield Fact(about=shot.clip, name=f"cut:{shot.number} {name}", value=value, method=_HOW)
        for place, row in ears.unsure(one.unit, shot):
            yield Fact(about=shot.clip, name=f"word:{shot.number}:{place}", value=row, method="probability of the word's tokens in each attempt's transcript")
    said = speech(desk, timeline)
    for shot in shots:
        at_s = Fraction(shot.film[0]) / rate
        yield Fact(about=shot.clip, name=f"cut:{shot.number} bed at in", value=any(span.start_s <= at_s < span.end_s for span in said.music), method="the music of the cut")
    yield from covering.facts(desk, timeline, rate, said, heard(timeline), shots, tries, version=version)
    words = sorted(said.words, key=lambda word: word.in_s)
    holes: dict[int, tuple[Fraction, Any, Any]] = {}
    for before, after in pairwise(words):
        long_s = after.in_s - before.out_s
        shot_at = next((one for one in shots if Fraction(one.film[0]) / rate <= before.out_s < Fraction(one.film[1]) / rate), None)
        if shot_at is not None and any(span.start_s <= before.out_s and after.in_s <= span.end_s for span in said.music) and long_s > holes.get(shot_at.number, (Fraction(0),))[0]:
            holes[shot_at.number] = long_s, before, after
    for number, (long_s, before, after) in holes.items():
        clip = next(one.clip for one in shots if one.number == number)
        yield Fact(about=clip, name=f"cut:{number} pause under bed", value={"seconds": f"{float(long_s):.2f}", "before": before.text, "after": after.text}, method="words and music of the cut")


class _Ears:
    """Knows what was said in each clip, and what of it the film lets be heard."""

    def __init__(self, desk: Desk, timeline: Any, tries: Sequence[Tried]) -> None:
        from answerprint.delivery.captioning.heard import heard

        self._desk = desk
        self._tries = tries
        self._heard = heard(timeline)
        self._strung = {f"{strung.clip.digest} {strung.attempt.number}": strung for strung in desk.table.strung()}
        self._levels: dict[str, Any] = {}

    def about(self, unit: Unit, shot: Shot, rate: Fraction) -> Iterator[tuple[str, Any]]:
        strung = self._of(shot)
        if strung is None or shot.speed != 1:
            return
        in_s, out_s = float(shot.in_s), float(shot.out_s)
        attempt = float(strung.attempt.in_s), float(strung.attempt.out_s)
        words = sorted(self._desk.table.words(unit), key=lambda word: word.in_s)
        after = [word.in_s for word in words if word.in_s >= out_s - 0.05]
        runs_on = min([attempt[1], *after, *self._joins(unit, shot)]) - out_s
        if runs_on > 0:
            yield "runs on s", f"{runs_on:.2f}"
        said = self._said(strung, in_s, out_s)
        own = self._own(strung, shot, rate)
        if said and own:
            yield "words", [said[0].heard or "", f"{said[0].in_s:.3f}", said[-1].heard or "", f"{said[-1].out_s:.3f}"]
        levels = self._level(unit)
        if levels is None or not own:
            return
        quiet = _room(levels, words, (max(attempt[0], in_s - _AROUND_S), min(attempt[1], out_s + _AROUND_S)))
        if quiet is None:
            return
        yield "room dbfs", f"{quiet:.1f}"
        if said and said[0].in_s is not None:
            first = said[0].in_s
            begins = max([attempt[0], first - _BEFORE_S, *(word.out_s for word in words if word.out_s <= first)])
            breath = _breath(levels, (begins, first), quiet, _voice(levels, said))
            if breath is not None and breath < in_s:
                yield "breath at s", f"{breath:.3f}"

    def unsure(self, unit: Unit, shot: Shot) -> Iterator[tuple[int, dict[str, Any]]]:
        """Words of the shot's item that were not heard for sure, and the first other attempt in which they were heard for surer."""
        strung = self._of(shot)
        covered = strung.of(shot.item) if strung is not None and shot.item is not None else None
        if covered is None or not covered.words:
            return
        for place, said in enumerate(one for one in covered.words if one.script is not None):
            if said.in_s is None or said.out_s is None or not float(shot.in_s) <= (said.in_s + said.out_s) / 2 < float(shot.out_s):
                continue
            here = _sure(self._desk.table.words(unit), said)
            for other in self._others(shot):
                theirs = other.of(shot.item)
                again = [one for one in theirs.words if one.script is not None] if theirs is not None else []
                if here is not None and place < len(again) and again[place].script == said.script and again[place].how == "said":
                    there = _sure(self._desk.table.words(self._desk.table.unit(other)), again[place])
                    if there is not None and there > max(here, 0.9):
                        from answerprint.timeline.slates import slate_name

                        yield place, {"shot": shot.number, "word": said.script, "here": f"{here:.2f}", "there": f"{there:.2f}", "slate": slate_name(other)}
                        break

    def _joins(self, unit: Unit, shot: Shot) -> list[float]:
        """Where a clip that was cut already goes on with another shot, after this one."""
        picture = self._desk.shoot.facts(unit).get("picture")
        frames = picture.value("picture.shots", []) if picture is not None else []
        return [float(frame / shot.rate) for frame in frames if frame / shot.rate >= shot.out_s]

    def _of(self, shot: Shot) -> Any:
        number = shot.attempt.rpartition("#")[2] if shot.attempt else ""
        return self._strung.get(f"{shot.clip} {number}")

    def _others(self, shot: Shot) -> Iterator[Any]:
        for one in self._tries:
            if one.item == shot.item and one.name != shot.attempt:
                yield self._strung[f"{one.clip} {one.name.rpartition('#')[2]}"]

    def _said(self, strung: Any, in_s: float, out_s: float) -> list[Said]:
        """Words of the script that are said to the camera within a stretch."""
        found = [said for covered in strung.covered if covered.kind == "line" for said in covered.words if said.in_s is not None and said.out_s is not None]
        return sorted((one for one in found if in_s <= (one.in_s + one.out_s) / 2 < out_s), key=lambda one: one.in_s)

    def _own(self, strung: Any, shot: Shot, rate: Fraction) -> bool:
        """Whether the film lets the shot's own sound be heard under it."""
        middle = Fraction(shot.film[0] + shot.film[1]) / 2 / rate
        digests = {strung.clip.digest, *(one.digest for one in strung.clip.sounds)}
        return any(one.start_s <= middle < one.end_s and one.media.digest in digests for one in self._heard)

    def _level(self, unit: Unit) -> Any:
        """The level of every 20 ms of a clip's synced sound, dB full scale; None where it is not at hand."""
        if unit.digest not in self._levels:
            import numpy as np

            path = self._desk.shoot.plan.artefacts(unit, self._desk.production.cache).get("synced/heard.npy")
            found = None
            if path is not None and path.is_file():
                sound = np.load(path, mmap_mode="r").astype(np.float32) / np.float32(32768)
                blocks = sound[: sound.size // _HOP * _HOP].reshape(-1, _HOP)
                found = 10 * np.log10((blocks.astype(np.float64) ** 2).mean(axis=1) + 1e-10)
            self._levels[unit.digest] = found
        return self._levels[unit.digest]


def _room(levels: Any, words: Sequence[Heard], span: tuple[float, float]) -> float | None:
    """What is left where nobody speaks, where that is a room: steady, and not the nothing of a file. None where it is not, or too little of it."""
    import numpy as np

    at = np.arange(levels.size) * _HOP / _RATE_HZ
    free = (at >= span[0]) & (at < span[1])
    for word in words:
        free &= (at < word.in_s - 0.1) | (at > word.out_s + 0.1)
    left = levels[free]
    if left.size * _HOP < _FLOOR_S * _RATE_HZ:
        return None
    quiet = float(np.percentile(left, 10))
    coarse = 10 * np.log10(np.mean(10 ** (left[: left.size // _COARSE * _COARSE].reshape(-1, _COARSE) / 10), axis=1))
    steady = coarse.size >= _LEAST and float(np.percentile(coarse, 95) - np.percentile(coarse, 5)) <= _STEADY_DB
    return quiet if steady and _ROOM_DBFS[0] <= quiet <= _ROOM_DBFS[1] else None


def _voice(levels: Any, said: Sequence[Said]) -> float:
    import numpy as np

    parts = [levels[int(one.in_s * _RATE_HZ / _HOP) : int((one.out_s or 0.0) * _RATE_HZ / _HOP) + 1] for one in said if one.in_s is not None]
    whole = np.concatenate(parts) if parts else np.zeros(0)
    return float(np.median(whole)) if whole.size else 0.0


def _breath(levels: Any, span: tuple[float, float], quiet: float, voice: float) -> float | None:
    """Where the last sound before a word begins that stands over the room and under the voice, 0.12 s at least; None where there is none."""
    first, last = (int(moment * _RATE_HZ / _HOP) for moment in span)
    heard = (levels[first:last] >= quiet + _OVER_FLOOR_DB) & (levels[first:last] <= voice - _UNDER_VOICE_DB)
    runs: list[tuple[int, int]] = []
    for number, there in enumerate(heard.tolist()):
        if there and runs and runs[-1][1] == number:
            runs[-1] = runs[-1][0], number + 1
        elif there:
            runs.append((number, number + 1))
    long = [run for run in runs if (run[1] - run[0]) * _HOP >= _BREATH_S * _RATE_HZ]
    return (first + long[-1][0]) * _HOP / _RATE_HZ if long else None


def _sure(words: Sequence[Heard], said: Said) -> float | None:
    """How sure the listener was of a word: of what was heard where it stands."""
    if said.in_s is None or said.out_s is None:
        return None
    middle = (said.in_s + said.out_s) / 2
    return next((word.probability for word in words if word.in_s <= middle <= word.out_s), None)
