"""What is wrong in the pictures: black, frozen, stray and repeated frames, levels, gamut, bars."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.qc.records import Film, Pass, weight, windows
from answerprint.model.delivery import Finding, Window
from answerprint.signal.picture import FROZEN_S, stretches

__all__ = ["check"]

_EDGE_BLACK_S = 2  #: a film may come from black and go to black; longer at its ends is asked about
_CARD_S = 6  #: a film's last picture may stand this long as its end card
#: A frame of another picture: as a cut, changed and moved (signal.picture), and gone again after one or two frames.
_CHANGE, _MOTION, _STRAY = 220, 2000, 2
_OUT = 2.0  #: times the change of the two frames on either side
#: A repeated frame: it moves by less than a fifth of what its neighbours do, and by less than 0.8 of a code, while they move by a code and more.
#: A picture that H.264 skips moves by 0, one with grain that it improves by up to 0.72. Of five finished films only the two that hold footage of
#: a lower rate (18 in 25, 24 in 30) have such frames.
_SAME, _SAME_SHARE, _MOVING = 80, 0.2, 100
_CADENCE = 0.08  #: of the moving frames: from here on it is a pattern (24 in 30 is 0.2, drawn on twos 0.5), not a slip
_LEVELS_SHARE = 0.01  #: EBU R 103: of the picture
_SAME_FIELDS = 1.0  #: codes between the means of 16 x 16 fields of the same picture, encoded twice
_MOST = 12


def check(passed: Pass) -> list[Finding]:
    """Everything in the pictures, inside the film."""
    return [*_black(passed), *_frozen(passed), *_stray(passed), *_repeated(passed), *_levels(passed), *_bars(passed)]


def _inside(film: Film, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    cut = [(max(film.first, first), min(film.end, end)) for first, end in runs]
    return [(first, end) for first, end in cut if first < end]


def _seconds(passed: Pass, run: tuple[int, int]) -> float:
    return (run[1] - run[0]) / float(passed.rate)


def _black(passed: Pass) -> list[Finding]:
    film = passed.film
    runs = _inside(film, stretches(passed.seen.black))
    if runs == [(film.first, film.end)]:
        return [Finding(check="black", weight=weight(passed.spec), says="the picture is black throughout", where=windows(runs))]
    found = []
    for run in runs:
        edge = run[0] == film.first or run[1] == film.end
        if edge and _seconds(passed, run) <= _EDGE_BLACK_S:
            continue
        length = run[1] - run[0]
        frames = f"{length} frame{'s' if length > 1 else ''}"
        place = "at the film's " + ("beginning" if run[0] == film.first else "end") if edge else "between pictures"
        found.append(Finding(check="black", weight="WARN", says=f"black for {frames} {place}: a gap in the cut, or meant", where=windows([run]), measured=frames))
    return found[:_MOST]


def _frozen(passed: Pass) -> list[Finding]:
    film, seen = passed.film, passed.seen
    least = int(FROZEN_S * passed.rate)
    found = []
    for run in _joined(passed, _inside(film, seen.series.frozen(least))):
        if run[1] - run[0] < least or seen.black[run[0] : run[1]].all():
            continue
        if run[1] >= film.end - 1 and run[0] > film.first and _seconds(passed, run) <= _CARD_S:
            says = f"the last {_seconds(passed, run):.1f} s stand still: an end card, or a render that stopped"
            found.append(Finding(check="frozen", weight="note", says=says, where=windows([run])))
        else:
            says = f"the picture stands still for {_seconds(passed, run):.1f} s: a card, a still, or a render that stopped"
            found.append(Finding(check="frozen", weight="WARN", says=says, where=windows([run]), measured=f"{_seconds(passed, run):.1f} s"))
    return found[:_MOST]


def _joined(passed: Pass, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Still stretches that touch and show the same are one: an encoder draws its picture afresh every few seconds."""
    joined: list[tuple[int, int]] = []
    fields = passed.seen.series.layout
    for run in runs:
        if joined and run[0] - joined[-1][1] <= 1:
            away = np.abs(fields[run[0]].astype(np.int16) - fields[joined[-1][1] - 1]).mean()
            if away <= _SAME_FIELDS:
                joined[-1] = (joined[-1][0], run[1])
                continue
        joined.append(run)
    return joined


def _stray(passed: Pass) -> list[Finding]:
    """Shots of one or two frames: the neighbour's frame at a cut, a wrong frame in a shot."""
    values, film = passed.seen.series.values, passed.film
    black = passed.seen.black
    at = np.flatnonzero((values["change"] >= _CHANGE) & (values["motion"] >= _MOTION))
    at = at[(at > film.first) & (at < film.end)]
    pairs = [(int(a), int(b)) for a, b in pairwise(at) if b - a <= _STRAY]
    pairs = [(a, b) for a, b in pairs if not black[a:b].any() and not (a and black[a - 1]) and not black[b] and _calm(values["change"], a, b)]
    if not pairs:
        return []
    shown: list[tuple[int, int]] = []
    for run in pairs:
        if shown and run[0] <= shown[-1][1]:
            shown[-1] = (shown[-1][0], run[1])
        else:
            shown.append(run)
    short = "one" if all(b - a == 1 for a, b in pairs) else "one or two"
    says = f"{len(pairs)} picture{'s' if len(pairs) > 1 else ''} of only {short} frame{'s' if short != 'one' else ''}: left over at a cut, or meant as a flicker"
    return [Finding(check="stray frame", weight="WARN", says=says, where=windows(shown[:_MOST]), measured=str(len(pairs)))]


def _calm(change: NDArray[np.int32], first: int, end: int) -> bool:
    """Whether the pictures stand out from what lies around them: in a whip pan and in an explosion every frame changes."""
    around = np.concatenate((change[max(1, first - _STRAY) : first], change[end + 1 : end + 1 + _STRAY]))
    return bool(min(change[first], change[end]) >= _OUT * around.max(initial=0))


def _repeated(passed: Pass) -> list[Finding]:
    motion, film = passed.seen.series.values["motion"][passed.film.first : passed.film.end], passed.film
    if motion.size < 4:
        return []
    same = np.zeros(motion.size, bool)
    beside = np.minimum(motion[:-2], motion[2:])
    same[1:-1] = (motion[1:-1] <= np.minimum(_SAME, _SAME_SHARE * beside)) & (beside >= _MOVING)
    count, moving = int(same.sum()), int((motion >= _MOVING).sum())
    if not count:
        return []
    where = windows([(film.first + int(n) - 1, film.first + int(n) + 1) for n in np.flatnonzero(same)[:_MOST]])
    if count >= _CADENCE * (count + moving):
        says = f"{count} frames repeat the one before, in a pattern: footage of a lower rate inside this one, or drawn on twos"
        return [Finding(check="repeated frame", weight="note", says=says, where=where[:3], measured=str(count))]
    says = f"{count} frame{'s repeat' if count > 1 else ' repeats'} the one before while the picture moves: a stutter"
    return [Finding(check="repeated frame", weight="WARN", says=says, where=where, measured=str(count))]


def _levels(passed: Pass) -> list[Finding]:
    spec, video = passed.spec, passed.info.video
    if video is not None and video.colour.full_range:
        return []  # other codes hold; the tag itself is a finding
    rule = spec is not None and spec.broadcast
    found = []
    for name, shares, what in (("levels", passed.seen.levels_out, "luma"), ("gamut", passed.seen.gamut_out, "red, green or blue")):
        runs = _inside(passed.film, stretches(_steady(shares > _LEVELS_SHARE)))
        if runs:
            worst = max(float(shares[first:end].max()) for first, end in runs)
            frames = sum(end - first for first, end in runs)
            says = f"{what} outside the tolerance of television in {frames} frame{'s' if frames > 1 else ''}. Bring the grade into range"
            found.append(
                Finding(
                    check=name, weight=weight(spec, rule=rule), says=says, where=windows(sorted(runs, key=lambda run: run[0] - run[1])[:_MOST]),
                    measured=f"up to {worst:.1%} of the picture", allowed="1.0% outside 8-bit codes 5 to 246", source="EBU R 103 v3.0",
                )
            )  # fmt: skip
    return found


def _steady(out: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without single frames: R 103 speaks of what is seen, and a cut's first frame is coded coarsely."""
    if out.size < 2:
        return out
    kept = out.copy()
    alone = out & ~np.concatenate(([False], out[:-1])) & ~np.concatenate((out[1:], [False]))
    kept[alone] = False
    return kept


def _bars(passed: Pass) -> list[Finding]:
    top, bottom, left, right = passed.seen.bars
    sides = [f"{count} {'line' if count == 1 else 'lines'} {name}" for count, name in ((top, "at the top"), (bottom, "at the bottom"), (left, "at the left"), (right, "at the right")) if count]
    if not sides:
        return []
    thin = max(passed.seen.bars) <= 8
    says = f"black stays at the edges ({', '.join(sides)}): " + ("a scaling or a blanking fault" if thin else "letterbox or pillarbox inside the raster, or meant")
    first = passed.film.first + passed.film.frames // 2
    return [Finding(check="bars", weight="WARN", says=says, where=(Window(first=first, end=first + 1),), measured=", ".join(sides))]
