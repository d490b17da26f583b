"""Printing a cut: its pictures from the proxies in the order of the cut, its sound mixed from its own tracks, into one movie."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from answerprint.keep import write_whole
from answerprint.media.reel import RATE_HZ, Shot, SoundFile, own_sound, recorded, reel
from answerprint.media.viewing import with_sound
from answerprint.model.time import round_half_up
from answerprint.room.showing import MARK, PEAKS_HZ, Placed, Showing

if TYPE_CHECKING:
    from answerprint.plan import Unit
    from answerprint.room.asking import Room
    from answerprint.timeline.edit import Use

__all__ = ["print_movie"]

_RAMP = RATE_HZ // 200  #: 5 ms, as in a reel: a cut in the sound does not click
_FROZEN = Fraction(1, 10**6)  #: a still frame moves less than a frame in eleven hours

Samples = NDArray[np.float32]


def print_movie(room: Room, shown: Showing, told: Callable[[float], None]) -> None:
    """Write a cut's movie and the waves of its tracks, each by rename.

    Raises: MediaError: a proxy or a prepared sound cannot be read; OSError where the disk is full.
    """
    length = round_half_up(Fraction(shown.frames) / shown.rate * RATE_HZ)
    waves, mix = [], np.zeros(length, np.float32)
    for sound in _tracks(room, shown, length):
        waves.append(_peaks(sound))
        mix += sound
    handle, name = tempfile.mkstemp(dir=shown.movie.parent, prefix=".mix-", suffix=".npy")
    os.close(handle)
    silent = shown.movie.with_name(f".{shown.movie.stem}.mp4")
    try:
        np.save(name, np.clip(np.rint(mix * 32767), -32768, 32767).astype(np.int16))
        shots = [_shot(room, shown, one, Path(name)) for one in shown.shots]
        reel(shots, silent, rate=shown.rate, mark=MARK, burn=False, timecode=str(shown.start), progress=told)
        whole = Shot(proxy=silent, in_s=Fraction(0), out_s=Fraction(shown.frames) / shown.rate, sound=SoundFile(path=Path(name)))
        buffer = io.BytesIO()
        np.save(buffer, np.stack(waves) if waves else np.zeros((0, 0, 2), np.int8))
        write_whole(shown.peaks, buffer.getvalue())
        with_sound(whole, shown.movie, timecode=str(shown.start))
    finally:
        for path in (Path(name), silent):
            path.unlink(missing_ok=True)


# ---- picture


def _shot(room: Room, shown: Showing, one: Placed, mix: Path) -> Shot:
    start, frames = Fraction(one.shown.start) / shown.rate, one.frames
    proxy = _made(room, one.unit, "picture/proxy.mp4")
    use = one.shown.use
    if proxy is None or use is None or use.speed < 0:
        return Shot(proxy=None, in_s=Fraction(0), out_s=frames / shown.rate, burn=_card(one, proxy), sound=SoundFile(path=mix, offset_s=start))
    speed = use.speed or _FROZEN
    in_s = one.shown.source(shown.rate).start_s
    return Shot(proxy=proxy, in_s=in_s, out_s=in_s + frames / shown.rate * speed, sound=SoundFile(path=mix, offset_s=start - in_s), speed=speed)


def _card(one: Placed, proxy: Path | None) -> tuple[str, ...]:
    if one.unit is not None and proxy is None:
        return one.name, f"{one.clip}: not prepared yet"
    return tuple(line for line in (one.name if one.name not in ("card", "empty") else "", one.says) if line)


def _made(room: Room, unit: Unit | None, name: str) -> Path | None:
    return room.house.table.shoot.plan.artefacts(unit, room.house.production.cache).get(name) if unit is not None else None


# ---- sound


def _tracks(room: Room, shown: Showing, length: int) -> Iterator[Samples]:
    """The sound of each track of the cut, shape (length,); without any, one of the recorder's sound under each shot."""
    units = {one.digest: one for one in room.house.table.shoot.units}
    for lane in shown.lanes:
        track, ends = np.zeros(length, np.float32), set[tuple[str, Fraction, Fraction]]()
        for use in lane.uses:
            unit = units.get(use.media.digest or "") if use.media else None
            goes_on = (use.medium, use.source_s, use.start_s) in ends
            ends.add((use.medium, use.source.end_s, use.start_s + use.length_s))
            if unit is not None and use.speed > 0:
                first = round_half_up(use.start_s * RATE_HZ)
                count = min(round_half_up(use.length_s * RATE_HZ), length - first)
                _lay(track, first, _heard(room, unit, use, count), count, goes_on)
        yield track
    if shown.borrowed:
        track = np.zeros(length, np.float32)
        for one in shown.shots:
            if one.unit is not None and one.shown.use is not None and one.shown.use.speed == 1:
                first, last = (round_half_up(Fraction(edge) / shown.rate * RATE_HZ) for edge in (one.shown.start, one.shown.end))
                whole = room.house.table.whole(one.unit)
                shot = Shot(proxy=whole.proxy, in_s=one.shown.source(shown.rate).start_s, out_s=whole.out_s, sound=whole.sound)
                _lay(track, first, recorded(shot, last - first) if whole.sound else own_sound(shot, last - first), last - first, False)
        yield track


def _heard(room: Room, unit: Unit, use: Use, count: int) -> Iterator[Samples]:
    """What one use plays, at the speed of the cut."""
    source = round_half_up(count * use.speed)
    kept = _made(room, unit, "listen/sound.npy")
    if kept is None:
        shot = Shot(proxy=_made(room, unit, "picture/proxy.mp4"), in_s=use.source_s, out_s=use.source.end_s)
        blocks = own_sound(shot, source)
    else:
        blocks = recorded(Shot(proxy=None, in_s=use.source_s, out_s=use.source.end_s, sound=SoundFile(path=kept)), source)
    if use.speed == 1:
        yield from blocks
        return
    whole = np.concatenate([np.zeros(1, np.float32), *blocks])[1:]
    if len(whole):
        yield np.interp(np.arange(count) * float(use.speed), np.arange(len(whole)), whole).astype(np.float32)


def _lay(track: Samples, first: int, blocks: Iterator[Samples], count: int, goes_on: bool) -> None:
    """Lay a sound into a track, ramped at both ends so that it does not click; not where it goes on from what stood before."""
    at = 0
    for block in blocks:
        part = block[: max(0, count - at)]
        places = at + np.arange(len(part))
        begin = np.ones(len(part)) if goes_on else (places + 1) / _RAMP
        track[first + at : first + at + len(part)] += part * np.clip(np.minimum(begin, (count - places) / _RAMP), 0, 1).astype(np.float32)
        at += len(part)


def _peaks(sound: Samples) -> NDArray[np.int8]:
    """Lowest and highest of each hundredth of a second, shape (n, 2), -127 to 127."""
    step = RATE_HZ // PEAKS_HZ
    padded = np.pad(sound, (0, -len(sound) % step)).reshape(-1, step)
    peaks: NDArray[np.int8] = np.clip(np.rint(np.stack((padded.min(axis=1), padded.max(axis=1)), axis=1) * 127), -127, 127).astype(np.int8)
    return peaks
