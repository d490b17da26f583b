"""The film's sound: every piece at its sample, its channels where they belong, levels and fades as the cut carries them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery import DeliveryError
from answerprint.delivery.plan import RATE_HZ, Fade, Medium, Piece, Plan
from answerprint.media import audio
from answerprint.model.records import MediaInfo
from answerprint.model.time import floor_frames, round_half_up

__all__ = ["LAYOUTS", "STEMS", "Sound", "routing"]

Samples = NDArray[np.float32]
LAYOUTS = {"mono": ("FC",), "stereo": ("FL", "FR"), "5.1": ("FL", "FR", "FC", "LFE", "SL", "SR")}  #: FFmpeg's layouts and their order
STEMS = ("dialogue", "music", "effects")  #: in the order of their streams; Final Cut's three roles
_HALF = np.float32(0.5**0.5)
#: From 5.1 to two channels: Rec. ITU-R BS.775-3, annex 4, table 2; the LFE channel is left out there.
_DOWN = np.array([[1, 0, _HALF, 0, _HALF, 0], [0, 1, _HALF, 0, 0, _HALF]], np.float32)
_WINDOW = 20 * RATE_HZ  #: read at a time: 8 MB a channel, and a file that only decodes from its beginning is not read too often
_TAPS = 16  #: zero crossings on each side of the interpolation kernel; with the window below, 80 dB down (Kaiser's formula)
_BETA = 8.0


class Sound:
    """Gives the sound of a film block by block.

    Args:   gain_db: over all of it.  silent: so many samples at either end are silent, with a fade of one frame beside them.
            stem: only what belongs to it. What a person mixed stays as it is, whatever the first two say.
    Raises: DeliveryError: the spec names a layout that is not built; a mix has another number of channels.
    """

    def __init__(self, plan: Plan, layout: str, *, gain_db: float = 0.0, silent: int = 0, stem: str | None = None) -> None:
        if layout not in LAYOUTS:
            raise DeliveryError(f"sound in {layout!r} is not built here; there are {', '.join(LAYOUTS)}. Correct the spec.")
        self.channels = len(LAYOUTS[layout])
        self.groups: tuple[tuple[str, tuple[int, ...]], ...] = (("", tuple(range(self.channels))),)  #: streams: name and channels
        self.clipped = 0  #: samples that were over full scale
        self.first_clipped: int | None = None
        self.silenced = False  #: something was heard where it has to be silent
        self._gain = np.float32(10 ** (gain_db / 20)) if gain_db and not plan.mix else None
        self._edge = silent if not plan.mix else 0
        self._end, self._fade = plan.samples, round_half_up(RATE_HZ / plan.rate)
        self._pieces = [_Playing(piece, plan.media[piece.medium], layout, stem) for piece in plan.pieces if stem is None or piece.finished or piece.stem == stem]

    def block(self, first: int, count: int) -> Samples:
        """Samples [first, first + count) of the film: float32, shape (channels, count), full scale 1.0. Ask in the order of time."""
        total = np.zeros((self.channels, count), np.float32)
        for playing in self._pieces:
            low, high = max(first, playing.piece.first), min(first + count, playing.piece.first + playing.piece.length)
            if low < high:
                total[:, low - first : high - first] += playing.take(low, high)
            elif playing.piece.first + playing.piece.length <= first:
                playing.done()
        if self._edge and (first < self._edge + self._fade or first + count > self._end - self._edge - self._fade):
            self._hush(total, first)
        if self._gain is not None:
            total *= self._gain
        over = np.abs(total).max(axis=0) > 1.0
        if over.any():
            self.clipped += int(over.sum())
            self.first_clipped = first + int(over.argmax()) if self.first_clipped is None else self.first_clipped
        return total

    def _hush(self, total: Samples, first: int) -> None:
        """Silence at the film's ends. A fade of one frame is the shortest that an editor can lay, and no click."""
        places = np.arange(first, first + total.shape[1])
        inside = np.minimum(places - self._edge, self._end - 1 - self._edge - places)
        self.silenced = self.silenced or bool(total[:, inside < 0].any())
        total *= np.clip((inside + 0.5) / self._fade, 0, 1).astype(np.float32) * (inside >= 0)


class _Playing:
    """One piece while the film goes by."""

    def __init__(self, piece: Piece, medium: Medium, layout: str, stem: str | None) -> None:
        assert medium.info is not None
        self.piece, self.medium, self.info = piece, medium, medium.info
        self.routing = routing(piece, medium, layout, stem)
        self._low = 0
        self._held: Samples = np.zeros((0, 0), np.float32)

    def take(self, low: int, high: int) -> Samples:
        piece = self.piece
        at = piece.source + (low - piece.first) * piece.pace
        if piece.pace == 1 and at.denominator == 1:
            heard = self._read(int(at), high - low)
        else:
            heard = self._between(at, high - low)
        loud = self.routing @ heard
        gain = _gain(piece, low, high)
        return loud if gain is None else loud * gain

    def done(self) -> None:
        self._held = np.zeros((0, 0), np.float32)

    def _read(self, first: int, count: int) -> Samples:
        """Samples of the medium at 48 kHz, silence outside it."""
        end = first + count
        if not (self._low <= first and end <= self._low + self._held.shape[1]):
            # a sound of another rate is read in one go: two starts of a resampler need not lie on the same fraction of a sample
            step = _WINDOW if all(stream.rate_hz == RATE_HZ for stream in self.info.audio) else self.piece.length + 4 * _TAPS
            if self.piece.pace < 0:
                low, high = min(first, end - step), end
            else:
                low, high = first, max(end, first + min(step, max(self.piece.length, count)))
            start = max(low, 0)
            found = audio.read(self.medium.path, self.info, start_s=Fraction(start, RATE_HZ), duration_s=Fraction(max(high - start, 0), RATE_HZ), rate_hz=RATE_HZ)
            self._held = np.zeros((found.samples.shape[0], high - low), np.float32)
            self._held[:, start - low : start - low + found.samples.shape[1]] = found.samples
            self._low = low
        return self._held[:, first - self._low : end - self._low]

    def _between(self, at: Fraction, count: int) -> Samples:
        """Samples at `at`, `at` + pace, ...: a windowed sinc, widened where the sound runs faster so that nothing folds back."""
        pace = float(self.piece.pace)
        wide = max(1.0, abs(pace))
        half = int(np.ceil(_TAPS * wide))
        base = floor_frames(at, Fraction(1))
        places = float(at - base) + np.arange(count) * pace
        whole = np.floor(places).astype(np.int64)
        low, high = int(whole.min()) - half + 1, int(whole.max()) + half + 1
        source = self._read(base + low, high - low)
        made = np.empty((source.shape[0], count), np.float32)
        reach = np.arange(-half + 1, half + 1)
        for first in range(0, count, 4096):
            here = slice(first, min(first + 4096, count))
            taps = whole[here, None] + reach
            x = (taps - places[here, None]) / wide
            kernel = np.sinc(x) * np.i0(_BETA * np.sqrt(np.clip(1 - (x / _TAPS) ** 2, 0, None))) / np.i0(_BETA)
            kernel /= kernel.sum(axis=1, keepdims=True)
            made[:, here] = np.einsum("cnt,nt->cn", source[:, taps - low], kernel)
        return made


def routing(piece: Piece, medium: Medium, layout: str, stem: str | None = None) -> Samples:
    """How loud each channel of a medium is in each channel of the film: shape (film, medium).

    A finished mix goes one to one; of one that brings stems, those of `stem`. A stereo stream stays left and right, a surround stream is folded down as ITU-R BS.775 says. Every other
    channel is a microphone of its own: one stays in the centre, several are heard there as their mean, as in the proxy.
    """
    assert medium.info is not None
    names = LAYOUTS[layout]
    has = sum(stream.channels for stream in medium.info.audio)
    if piece.finished and stem is not None:
        if has != len(STEMS) * len(names):
            says = f"{medium.name} has {has} channels, and nothing is taken out of a mix here."
            raise DeliveryError(f"{says} Ask the mixer for dialogue, music and effects one after the other, {len(STEMS) * len(names)} channels.")
        return np.roll(np.eye(len(names), has, dtype=np.float32), STEMS.index(stem) * len(names), axis=1)
    if piece.finished:
        if has == 1 and layout == "stereo":
            raise DeliveryError(f"{medium.name} has one channel, the film is stereo. Ask for a stereo mix.")
        if has != len(names):
            raise DeliveryError(f"{medium.name} has {has} channels, the film is {layout} with {len(names)}. Ask for a {layout} mix.")
        return np.eye(has, dtype=np.float32)
    heard = [channel - 1 for channel in piece.channels] if piece.channels is not None else list(range(has))
    if any(not 0 <= channel < has for channel in heard):
        raise DeliveryError(f"{medium.name} has {has} channels; channel {max(heard) + 1} cannot be heard.")
    made = np.zeros((len(names), has), np.float32)
    speakers = _speakers(medium.info) if len(heard) == has else None
    if speakers == names:
        return np.eye(has, dtype=np.float32)
    if speakers == LAYOUTS["stereo"]:
        if layout == "mono":
            made[0, :] = 0.5
        else:
            made[0, 0] = made[1, 1] = 1
        return made
    if speakers == LAYOUTS["5.1"]:
        return _DOWN if layout == "stereo" else _DOWN.mean(axis=0, keepdims=True)
    centre = (names.index("FC"),) if "FC" in names else (0, 1)
    for channel in heard:
        made[list(centre), channel] = 1 / len(heard)
    return made


def _speakers(info: MediaInfo) -> tuple[str, ...] | None:
    """What the channels of a file are, where it is one stream that says so; recorder tracks are microphones unless named left and right."""
    if len(info.audio) != 1:
        return None
    stream = info.audio[0]
    tracks = info.bext.tracks if info.bext is not None else ()
    if tracks and not (len(tracks) == 2 and [track.name.strip().casefold()[-1:] for track in tracks] == ["l", "r"]):
        return None
    if stream.layout in ("5.1", "5.1(side)"):
        return LAYOUTS["5.1"]
    return LAYOUTS["stereo"] if stream.channels == 2 and stream.layout in (None, "stereo") else None


def _gain(piece: Piece, low: int, high: int) -> Samples | None:
    """How loud each sample is played, shape (high - low,); None where nothing changes it."""
    gain: NDArray[Any] | None = None
    if piece.gains:
        marks = [one.at for one in piece.gains]
        gain = 10 ** (np.interp(np.arange(low, high), marks, [one.gain_db for one in piece.gains]) / 20)
    for fade in piece.fades:
        past = low >= fade.first + fade.length if fade.way == "rise" else high <= fade.first
        if not past:  # where a rise is over, or a fall has not begun, the samples stay as they are
            curve = _curve(fade, low, high)
            gain = curve if gain is None else gain * curve
    return None if gain is None else gain.astype(np.float32)


def _curve(fade: Fade, low: int, high: int) -> NDArray[np.float64]:
    done = np.clip((np.arange(low, high) + 0.5 - fade.first) / max(fade.length, 1), 0, 1)
    on = done if fade.way == "rise" else 1 - done
    return np.sin(on * np.pi / 2) if fade.shape == "equal power" else on
