"""What is wrong in the sound: loudness and peaks, dead air, dead channels, clicks, level jumps, phase, mono."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.loudness import NO_PEAK_DB, SILENT_LUFS, offer
from answerprint.delivery.qc.ears import CELLS_A_SECOND
from answerprint.delivery.qc.layout import SILENT_DB
from answerprint.delivery.qc.records import Heard, Pass, audible, weight
from answerprint.model.delivery import Finding, Window
from answerprint.signal.picture import stretches

__all__ = ["check"]

Floats = NDArray[np.float64]

_DEAD_AIR_S = 2.0  #: a pause in a dialogue is shorter; longer silence in a commercial is asked about
_DEAD_CHANNEL_DB, _LIVE_DB = -70.0, -50.0
_OFFSET = 0.005  #: -46 dBFS of direct current: heard as a click wherever the sound is cut
#: A drop-out: from 10 ms to 300 ms of digital silence, with sound above -30 dBFS within 20 ms on both sides.
_HOLE_DB, _HOLE_CELLS, _HOLE_LOUD_DB = -90.0, 30, -30.0
#: A jump of level: steady within 1.5 LU (standard deviation of momentary loudness) for 1.5 s on both sides, and this far apart.
_JUMP_LU, _JUMP_STEADY_LU, _JUMP_S, _JUMP_FLOOR_LUFS = 8.0, 1.5, 1.5, -45.0
_PHASE, _PHASE_S = -0.5, 1.0  #: correlation of left and right over a second; wide stereo and reverb stay above -0.3
_MONO_DB = -6.0  #: uncorrelated channels lose 3 dB folded down to mono; from here on something goes missing
_TINY = 1e-12
_MOST = 12


def check(passed: Pass) -> list[Finding]:
    """Everything in the sound; nothing where there is none."""
    heard = passed.heard
    if heard is None or not heard.cells:
        return []
    if heard.measure.integrated_lufs <= SILENT_LUFS and not audible(heard.energy, SILENT_DB).any():
        return [Finding(check="silent", weight=weight(passed.spec), says="the sound is silent throughout")]
    return [
        *_loudness(passed, heard), *_dead_air(passed, heard), *_channels(passed, heard), *_short(passed, heard), *_jumps(passed, heard), *_stereo(passed, heard),
    ]  # fmt: skip


def _loudness(passed: Pass, heard: Heard) -> list[Finding]:
    found, measure = [], heard.measure
    asked = passed.spec.sound.loudness if passed.spec and passed.spec.sound else None
    if asked is None:
        if measure.true_peak_dbtp > 0:
            says = f"the true peak is {measure.true_peak_dbtp:.1f} dBTP: above full scale it distorts in the player"
            found.append(Finding(check="true peak", weight="WARN", says=says, where=_peaks(passed, heard, 0.0), measured=f"{measure.true_peak_dbtp:.1f} dBTP", allowed="0.0 dBTP"))
        return found
    gravity = weight(passed.spec, rule=asked.binding)
    source = f"{passed.spec.title}, as its source was read on {passed.spec.dated}" if passed.spec else None
    # the figure is compared as it is printed, to a tenth
    off = round(measure.integrated_lufs, 1) - asked.target_lufs
    if abs(off) > asked.tolerance_lu + 1e-9:
        says = f"the programme is {abs(off):.1f} LU too {'loud' if off > 0 else 'quiet'}"
        allowed = f"{asked.target_lufs:.1f} LUFS +-{asked.tolerance_lu:.1f}"
        found.append(Finding(check="loudness", weight=gravity, says=says, measured=f"{measure.integrated_lufs:.1f} LUFS", allowed=allowed, source=source))
    if round(measure.true_peak_dbtp, 1) > asked.true_peak_dbtp:
        says = f"the true peak is {measure.true_peak_dbtp - asked.true_peak_dbtp:.1f} dB too high"
        where = _peaks(passed, heard, asked.true_peak_dbtp)
        found.append(Finding(check="true peak", weight=gravity, says=says, where=where, measured=f"{measure.true_peak_dbtp:.1f} dBTP", allowed=f"{asked.true_peak_dbtp:.1f} dBTP", source=source))
    most = asked.short_term_max_lufs
    if most is not None and round(measure.short_term_max_lufs, 1) > most:
        runs = stretches(heard.short_term > most)
        where = tuple(passed.where(max(0.0, first / 10 - 2.9), end / 10) for first, end in runs[:_MOST])
        says = f"the loudest 3 s are {measure.short_term_max_lufs - most:.1f} LU too loud"
        found.append(Finding(check="short-term loudness", weight=gravity, says=says, where=where, measured=f"{measure.short_term_max_lufs:.1f} LUFS", allowed=f"{most:.1f} LUFS", source=source))
    if found and (passed.expected is None or passed.expected.mix):
        found[0] = replace(found[0], says=f"{found[0].says}; {offer(measure, asked)}")
    return found


def _peaks(passed: Pass, heard: Heard, ceiling_db: float) -> tuple[Window, ...]:
    """Where samples come near the ceiling; the true peak lies between samples, at most a few dB above them."""
    largest = heard.peak.max(axis=0)
    near = largest >= min(10 ** (ceiling_db / 20), float(largest.max()) * 0.98) * 0.9
    return _cells(passed, stretches(near))


def _cells(passed: Pass, runs: Iterable[tuple[int, int]]) -> tuple[Window, ...]:
    return tuple(passed.where(first / CELLS_A_SECOND, end / CELLS_A_SECOND) for first, end in list(runs)[:_MOST])


def _film_cells(passed: Pass) -> tuple[int, int]:
    first, end = (int(frame / passed.rate * CELLS_A_SECOND) for frame in (passed.film.first, passed.film.end))
    return first, end


def _dead_air(passed: Pass, heard: Heard) -> list[Finding]:
    first, end = _film_cells(passed)
    quiet = stretches(~audible(heard.energy[:, first:end].max(axis=0), SILENT_DB))
    runs = [(first + a, first + b) for a, b in quiet if b - a >= _DEAD_AIR_S * CELLS_A_SECOND]
    if not runs:
        return []
    longest = max(b - a for a, b in runs) / CELLS_A_SECOND
    says = f"silence for {longest:.1f} s" if len(runs) == 1 else f"silence {len(runs)} times, up to {longest:.1f} s"
    return [Finding(check="dead air", weight="WARN", says=says, where=_cells(passed, runs), measured=f"{longest:.1f} s below {SILENT_DB:.0f} dBFS")]


def _db(mean_square: float) -> float:
    return 10 * float(np.log10(max(mean_square, _TINY)))


def _channels(passed: Pass, heard: Heard) -> list[Finding]:
    found = []
    levels = [_db(one) for one in heard.whole]
    names = ("left", "right") if heard.channels == 2 else tuple(f"channel {n}" for n in range(1, heard.channels + 1))
    stems = passed.spec is not None and passed.spec.stems
    spare = {3} if heard.channels == 6 and not stems else set()  # the effects channel of 5.1 may be empty: FFmpeg's order has it fourth
    if stems and heard.channels > 2:  # an empty stem is no fault of one channel
        spare = {n for n in range(heard.channels) if levels[n] < _DEAD_CHANNEL_DB and levels[n ^ 1 if n ^ 1 < heard.channels else n] < _DEAD_CHANNEL_DB}
    dead = [number for number, level in enumerate(levels) if level < _DEAD_CHANNEL_DB and number not in spare]
    if dead and max(levels) > _LIVE_DB:
        who = ", ".join(names[number] for number in dead)
        found.append(Finding(check="dead channel", weight="WARN", says=f"nothing on {who}, while the other channels sound: a mono track on one side", measured=who))
    worst = max((abs(one) for one in heard.offset), default=0.0)
    if worst > _OFFSET:
        says = "the waveform does not lie around zero (direct current): it clicks wherever it begins and ends"
        found.append(Finding(check="offset", weight="WARN", says=says, measured=f"{worst:.1%} of full scale", allowed=f"{_OFFSET:.1%}"))
    return found


def _short(passed: Pass, heard: Heard) -> list[Finding]:
    """What lasts milliseconds: clicks, drop-outs, clipping."""
    found = []
    if heard.clicks:
        count = len(heard.clicks)
        where = tuple(passed.where(at, at) for at in heard.clicks[:_MOST])
        says = f"{count} click{'s' if count > 1 else ''}: the waveform jumps within a few samples"
        found.append(Finding(check="click", weight="WARN", says=says, where=where, measured=", ".join(f"{at:.3f} s" for at in heard.clicks[:6])))
    if heard.flat:
        where = tuple(passed.where(at, at) for at in heard.flat[:_MOST])
        found.append(Finding(check="clipping", weight="WARN", says=f"the waveform is cut off flat at full scale, {len(heard.flat)} times or more", where=where))
    peak = heard.peak.max(axis=0)
    loud = peak > 10 ** (_HOLE_LOUD_DB / 20)
    runs = [
        (first, end) for first, end in stretches(peak < 10 ** (_HOLE_DB / 20))
        if end - first <= _HOLE_CELLS and loud[max(0, first - 2) : first].any() and loud[end : end + 2].any()
    ]  # fmt: skip
    if runs:
        longest = max(end - first for first, end in runs) * 1000 // CELLS_A_SECOND
        says = f"the sound drops out {f'{len(runs)} times, ' if len(runs) > 1 else ''}for about {longest} ms in the middle of loud sound"
        found.append(Finding(check="drop-out", weight="WARN", says=says, where=_cells(passed, runs), measured=f"{longest} ms"))
    return found


def _jumps(passed: Pass, heard: Heard) -> list[Finding]:
    span, gap = round(_JUMP_S * 10), 2
    loud = heard.momentary
    found: list[tuple[int, float]] = []
    for at in range(span + gap, loud.size - span - 2 * gap):
        # a momentary value looks 400 ms back: four steps after the jump it has left the old level
        before, after = loud[at - gap - span : at - gap], loud[at + 2 * gap : at + 2 * gap + span]
        if min(before.min(), after.min()) < _JUMP_FLOOR_LUFS or max(before.std(), after.std()) > _JUMP_STEADY_LU:
            continue
        step = float(after.mean() - before.mean())
        if abs(step) >= _JUMP_LU:
            if found and at - found[-1][0] <= span:
                if abs(step) > abs(found[-1][1]):
                    found[-1] = (at, step)
            else:
                found.append((at, step))
    if not found:
        return []
    says = f"the level jumps by {max((abs(step) for _, step in found)):.0f} LU between two steady stretches: a gain that was changed by mistake, or meant"
    where = tuple(passed.where((at - gap) / 10, (at + gap) / 10) for at, _ in found[:_MOST])
    return [Finding(check="level jump", weight="WARN", says=says, where=where, measured=", ".join(f"{step:+.0f} LU" for _, step in found[:6]))]


def _stereo(passed: Pass, heard: Heard) -> list[Finding]:
    """Left against right: out of phase, and what is left of them in mono."""
    if heard.cross.size == 0 or len(heard.programme) != 2:
        return []
    found = []
    width = round(_PHASE_S * CELLS_A_SECOND)
    left, right, cross = (_slid(one, width) for one in (heard.energy[0], heard.energy[1], heard.cross))
    both = audible(np.minimum(left, right), _LIVE_DB)
    correlation = np.where(both, cross / np.sqrt(np.maximum(left * right, _TINY**2)), 1.0)
    runs = [(first, end + width - 1) for first, end in stretches(correlation < _PHASE)]
    if runs:
        seconds = sum(end - first for first, end in runs) / CELLS_A_SECOND
        says = f"left and right are out of phase for {seconds:.1f} s: one of them is upside down, or an effect went too far"
        found.append(Finding(check="phase", weight="WARN", says=says, where=_cells(passed, runs), measured=f"correlation down to {float(correlation.min()):+.2f}", allowed=f"{_PHASE:+.1f}"))
    total_left, total_right, total = float(heard.energy[0].sum()), float(heard.energy[1].sum()), float(heard.cross.sum())
    stereo = (total_left + total_right) / 2
    mono = (total_left + total_right + 2 * total) / 4
    if min(total_left, total_right) / max(total_left, total_right, _TINY) > 10 ** (_DEAD_CHANNEL_DB / 10) and stereo > _TINY:
        loss = _db(max(mono, _TINY) / stereo)
        if loss < _MONO_DB:
            says = f"{max(loss, NO_PEAK_DB):.1f} dB are lost when it is folded down to mono (a phone, a bar, a shop window)"
            found.append(Finding(check="mono", weight="WARN", says=says, measured=f"{loss:.1f} dB", allowed=f"{_MONO_DB:.0f} dB"))
    return found


def _slid(values: Floats, width: int) -> Floats:
    """Means over a window; shorter than the window, one mean of all."""
    if values.size < width:
        return np.array([values.mean()]) if values.size else np.zeros(0)
    sums = np.concatenate(([0.0], np.cumsum(values)))
    means: Floats = (sums[width:] - sums[:-width]) / width
    return np.maximum(means, 0.0) if values.min() >= 0 else means
