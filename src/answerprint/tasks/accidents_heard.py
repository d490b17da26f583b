"""Accidents that are heard: words off the script, laughter, breath, pauses, wind; and the attempt that is spoken otherwise than the others."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from answerprint.model.accidents import Accident

if TYPE_CHECKING:
    from answerprint.script.straying import Spoken, Stray
    from answerprint.tasks.accidents import Try

_RATE_HZ = 16_000
#: What counts for alike between attempts of one person on one day: a quarter tone and a half, an eighth of the pace, 2.5 dB.
_FLOORS = {"pitch": 1.5, "pace": 1.6, "energy": 2.5}
_ODD = 1.6  #: times as far from the middle as any other
_GAP_S = 0.4  #: a silence inside a line that is no part of its pace
_QUIET_DB = -60.0  #: of full scale: below it is no wind, but a gate or digital silence
_TONE_DB = -7.0  #: wind lies at -0.7 to -3 (the sample shoot's gust and eight made ones); the bass of music at -12.2, a deep voice at -13.4
_ALONE_S = 1.0  #: of wind where no other attempt says what is usual: a beat of music is shorter
_LEAST_WORDS = 4  #: "one more", "nice", "okay, thank you" are how work sounds
_LAUGHS = ("haha", "hahaha", "ha", "hah", "heh", "hehe")
_UNIT = {"pitch": "semitones", "pace": "semitones of pace", "energy": "dB"}


def listen(one: Try) -> None:
    """Measure an attempt's sound; nothing where there is none."""
    import numpy as np

    from answerprint.signal import unscripted

    path = one.clip.artefacts.get("synced/heard.npy")
    heard = np.load(path, mmap_mode="r") if path is not None else np.zeros(0, np.int16)
    in_s, out_s = one.around[0], min(one.around[1], len(heard) / _RATE_HZ)
    part = heard[int(in_s * _RATE_HZ) : int(out_s * _RATE_HZ)].astype(np.float32) / np.float32(32768)
    if len(part) < _RATE_HZ // 2:
        return
    one.kept["from_s"], one.kept["bands"], one.kept["sound"] = in_s, unscripted.bands(part), heard
    one.kept["spoken"] = _spoken_how(one, part, in_s)
    inside = one.kept["bands"].part(one.inside[0] - in_s, one.inside[1] - in_s)
    one.kept["calm_db"] = float(np.percentile(inside.low, 90)) if inside.low.size else -100.0
    one.kept["level_db"] = max(_QUIET_DB, float(np.percentile(inside.low, 40)) + 6) if inside.low.size else _QUIET_DB


def _spoken_how(one: Try, samples: Any, from_s: float) -> dict[int, dict[str, float]]:
    """Pitch in semitones, pace and energy of each line: by item."""
    from math import log2

    from answerprint.signal import unscripted

    out: dict[int, dict[str, float]] = {}
    for covered in one.covered:
        if covered.kind not in ("line", "voice-over") or not covered.complete:
            continue
        said = [(word.in_s, word.out_s, word.heard or "") for word in covered.words if word.in_s is not None and word.out_s is not None]
        if len(said) < 3:
            continue
        spans = [(in_s - from_s, out_s - from_s) for in_s, out_s, _ in said]
        gaps_s = sum(gap for before, after in itertools.pairwise(said) if (gap := after[0] - before[1]) > _GAP_S)
        spoken_s = max(0.2, said[-1][1] - said[0][0] - gaps_s)
        measured = {"pace": 12 * log2(sum(len(text) for *_, text in said) / spoken_s)}
        pitch, energy = unscripted.pitch_hz(samples, spans), unscripted.loudness_db(one.kept["bands"], spans)
        measured |= {"pitch": 12 * log2(pitch)} if pitch is not None else {}
        measured |= {"energy": energy} if energy is not None else {}
        out[covered.item] = measured
    return out


def accidents(group: Sequence[Try]) -> Iterable[Accident]:
    """Everything that is heard in the attempts of one set-up, against each other."""
    from answerprint.script import straying

    spoken = [straying.Spoken(attempt=one.attempt, covered=one.covered, off_script=one.off_script, words=one.words) for one in group]
    for number, one in enumerate(group):
        others = [other for at, other in enumerate(spoken) if at != number]
        yield from _said(one, spoken[number], others)
        if "bands" in one.kept:
            yield from _sounds(one, spoken[number], [other for other in group if other is not one])
    yield from _outside(group)
    yield from _odd(group)


def _against(one: Try, compared: int, usual: str = "") -> str:
    if not compared:
        return f"nothing: there is no other attempt of {one.setup} to hold it against"
    return f"{compared} other attempt{'s' * (compared > 1)} of {one.setup}" + (f": {usual}" if usual else "")


def _said(one: Try, spoken: Spoken, others: Sequence[Spoken]) -> Iterable[Accident]:
    from answerprint.script import straying

    def made(stray: Stray, kind: str | None = None, evidence: str | None = None) -> Accident:
        return one.found(kind or stray.kind, stray.in_s, stray.out_s, evidence or stray.evidence, _against(one, stray.compared, stray.usual), apart=stray.times)

    off = straying.ad_libs(spoken, others)
    stumbles = straying.stumbles(spoken, others)
    for stray in (*off, *stumbles):
        laughed = any("".join(filter(str.isalpha, text.casefold())) in _LAUGHS for text in stray.evidence.split())
        yield made(stray, "laughter" if laughed else None)
    for stray in straying.changed(spoken, others):
        if not any(stray.in_s < other.out_s and other.in_s < stray.out_s for other in (*off, *stumbles)):
            yield made(stray)
    for stray in straying.pauses(spoken, others):
        breath = _held(one, stray)
        if breath is None:
            yield made(stray)
        else:
            yield made(stray, "held breath", f"a breath in at {breath[0]:.1f} s, and nothing for {stray.out_s - breath[1]:.1f} s after it")


def _held(one: Try, stray: Stray) -> tuple[float, float] | None:
    """The intake of breath after which nothing comes for most of a pause."""
    from answerprint.signal import unscripted

    if "bands" not in one.kept:
        return None
    from_s = one.kept["from_s"]
    for in_s, out_s, _ in unscripted.breaths(one.kept["bands"], stray.in_s - from_s + 0.05, stray.out_s - from_s - 0.05):
        if stray.out_s - from_s - out_s >= 0.6:
            return in_s + from_s, out_s + from_s
    return None


def _sounds(one: Try, spoken: Spoken, others: Sequence[Try]) -> Iterable[Accident]:
    from answerprint.signal import unscripted

    from_s, heard = one.kept["from_s"], one.kept["bands"]
    busy = [(word.in_s - from_s - 0.05, word.out_s - from_s + 0.05) for word in one.kept["all words"]
            if "".join(filter(str.isalpha, word.text.casefold())) not in _LAUGHS]  # fmt: skip
    for in_s, out_s, like in unscripted.laughs(heard, busy):
        yield one.found("laughter", in_s + from_s, out_s + from_s, f"bursts as even as laughter, {like:.2f} like each other", _against(one, len(others), "nothing of the kind there"),
                        where=_where(one, in_s + from_s), apart=1 + like)  # fmt: skip
    calm = [other.kept["calm_db"] for other in others if "calm_db" in other.kept]
    limit = max(_QUIET_DB, calm[0]) if len(calm) == 1 else max(_QUIET_DB, median(calm)) if calm else one.kept["level_db"]
    for in_s, out_s, over in unscripted.windy(heard, limit, compared=bool(calm)):
        if (not calm and out_s - in_s < _ALONE_S) or not _is_noise(one, in_s + from_s, out_s + from_s, over if calm else 0.0):
            continue
        yield one.found("wind heard", in_s + from_s, out_s + from_s, f"{over:.0f} dB more below 90 Hz", _against(one, len(calm), "it stays below that"),
                        where=_where(one, in_s + from_s), apart=over / 10)  # fmt: skip


def _is_noise(one: Try, in_s: float, out_s: float, over_db: float) -> bool:
    """Whether it is noise and no tone: bass, a deep voice, a hum; or, under such a tone, still noise that stands far enough over the others."""
    from answerprint.signal import unscripted

    under = unscripted.noisy_db(one.kept["sound"][int(in_s * _RATE_HZ) : int(out_s * _RATE_HZ)].astype("float32") / 32768)
    return under >= _TONE_DB or over_db + under >= unscripted.WIND_DB


def _where(one: Try, in_s: float) -> str:
    return "before action" if in_s < one.inside[0] - 0.2 else "after cut" if in_s > one.inside[1] + 0.1 else ""


def _outside(group: Sequence[Try]) -> Iterable[Accident]:
    """Words before "action" and after "cut" that the other attempts do not have there; and any that say the script's own words."""
    for one in group:
        for kind in ("before action", "after cut"):
            mine = _remarks(one, kind)
            if not mine:
                continue
            others = [other for other in group if other is not one]
            lengths = [sum(len(said.text.split()) for said in _remarks(other, kind)) for other in others]
            words = sum(len(said.text.split()) for said in mine)
            usual = sum(length > 0 for length in lengths)
            if words < _LEAST_WORDS:
                continue
            if usual * 2 >= max(1, len(others)) and not (words >= 4 and words >= 2 * max(lengths, default=0)):
                continue
            text = " ".join(said.text for said in mine)
            yield one.found(kind, mine[0].in_s, mine[-1].out_s, f"\"{text}\"", _against(one, len(others), f"{usual} have words there" if usual else "no words there"),
                            where=kind, apart=1 + 0.1 * words)  # fmt: skip


def _remarks(one: Try, kind: str) -> list[Any]:
    return [said for said in one.remarks if (said.in_s < one.inside[0]) == (kind == "before action")]


def _odd(group: Sequence[Try]) -> Iterable[Accident]:
    """The attempt whose pitch, pace or energy lies further from the middle than any other's, line by line."""
    from answerprint.signal.novelty import apart

    for what, floor in _FLOORS.items():
        by_try: list[tuple[float, float, int, Try]] = []
        for one in group:
            far, off, compared = [], [], 0
            for item, measured in one.kept.get("spoken", {}).items():
                rest = [other.kept["spoken"][item][what] for other in group
                        if other is not one and what in other.kept.get("spoken", {}).get(item, {})]  # fmt: skip
                value = apart(measured[what], rest, floor=floor) if what in measured else None
                if value is not None:
                    far.append(value)
                    off.append(measured[what] - median(rest))
                    compared = max(compared, len(rest))
            if far and abs(median(far)) >= _ODD:
                by_try.append((median(far), median(off), compared, one))
        for far_by, off_by, compared, one in sorted(by_try, key=lambda row: -abs(row[0]))[:1]:
            lines = [covered for covered in one.covered if covered.item in one.kept["spoken"]]
            way = {"pitch": ("lower", "higher"), "pace": ("slower", "quicker"), "energy": ("softer", "louder")}[what][off_by > 0]
            size = f"{abs(2 ** (off_by / 12) - 1):.0%}" if what == "pace" else f"{abs(off_by):.1f} {_UNIT[what]}"
            yield one.found(what, min(covered.in_s for covered in lines), max(covered.out_s for covered in lines), f"{way} by {size}",
                            _against(one, compared, "the same lines"), apart=abs(far_by) / _ODD)  # fmt: skip
