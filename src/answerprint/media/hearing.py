"""What is on each channel of a sound, and one mono mix of it: for recorder files and for a camera clip's own sound alike.

A `Hearing` is fed blocks and finished once. It never holds more than a block in memory: the channels wait in an unnamed file
beside the mix until it is known which of them are dead and which carries timecode.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError
from answerprint.model.records import Fact, to_plain

__all__ = ["PEAKS_PER_SECOND", "RATE_HZ", "Channel", "Heard", "Hearing", "LtcFound"]

RATE_HZ = 48_000  #: of the mix, and of what is fed
PEAKS_PER_SECOND = 100
#: A microphone input with nothing on it: equivalent input noise of -127 dBu, 60 dB of gain, full scale at +24 dBu gives -91 dBFS.
#: A microphone in a 25 dB(A) room, levelled so that speech sits at -40 dBFS, gives -80.
DEAD_DBFS = -90.0
#: Where a channel is looked at for timecode, as shares of the length: generators get plugged in late and pulled out early.
_LOOKS = (Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))
_LOOK_S = 4
_CHUNK = RATE_HZ * 10

Samples = NDArray[np.float32]
Levels = NDArray[np.float64]


class LtcFound(Protocol):
    """What a timecode decoder says of a stretch of one channel."""

    @property
    def label(self) -> str: ...  # of the frame that starts at `at_sample`, ";" for drop-frame
    @property
    def drop(self) -> bool: ...
    @property
    def rate(self) -> Fraction: ...
    @property
    def at_sample(self) -> Fraction: ...


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One channel, counted from 1. Levels are dB below full scale; a channel of zeros has none."""

    channel: int
    name: str
    rms_dbfs: float | None
    peak_dbfs: float | None
    dead: bool
    ltc: bool


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a finished `Hearing` found; the mix lies in `sound.npy`, its waveform in `peaks.npy`."""

    channels: tuple[Channel, ...]
    samples: int  #: of the mix, at 48 kHz
    mix: dict[str, Any]  #: {"of": [channels], "how": "mean" | "loudest" | "none", "gain_db": 0.0, "says": a sentence}
    rms_dbfs: float | None  #: of the mix
    silent: bool
    ltc: dict[str, Any] | None  #: {"label", "drop", "rate", "at_s", "channel"}

    def facts(self, about: str) -> list[Fact]:
        """The facts of one medium's sound; `timecode.ltc` only where timecode was heard."""
        method = "levels and covariance of every channel over the whole length"
        values: list[tuple[str, Any, str]] = [
            ("sound.channels", [vars(channel) for channel in self.channels], method),
            ("sound.mix", self.mix, method),
            ("sound.rate_hz", RATE_HZ, "resampled by libswresample"),
            ("sound.duration_s", to_plain(Fraction(self.samples, RATE_HZ)), "samples counted"),
            ("sound.peaks", {"artefact": "peaks.npy", "per_second": PEAKS_PER_SECOND}, "lowest and highest sample of the mix"),
            ("sound.loudness_rms_dbfs", self.rms_dbfs, "root mean square of the mix"),
            ("sound.silent", self.silent, f"no channel above {DEAD_DBFS:.0f} dBFS rms but timecode"),
        ]
        if self.ltc:
            values.append(("timecode.ltc", self.ltc, "biphase mark, SMPTE ST 12-1"))
        return [Fact(about=about, name=name, value=value, method=how) for name, value, how in values]


class Hearing:
    """Listens to a sound block by block.

    Args:   channels: how many; 0 is a clip without sound.
            into: the folder that gets `sound.npy` (int16, shape (n,), 48 kHz mono) and `peaks.npy` (int8, shape (m, 2), lowest
            and highest of each hundredth of a second, full scale 127).
            names: of the channels, as the recorder named them.
            find_ltc: `signal.ltc.decode`, or None to look for no timecode.
    """

    def __init__(
        self,
        *,
        channels: int,
        into: Path,
        names: Sequence[str] = (),
        find_ltc: Callable[[Samples, int], LtcFound | None] | None = None,
    ) -> None:
        self._channels, self._into, self._find_ltc = channels, into, find_ltc
        self._names = [names[i] if i < len(names) else "" for i in range(channels)]
        self._spool = tempfile.TemporaryFile(dir=into)  # closed by finish(), and gone with the process at the latest
        self._samples = 0
        self._sum = np.zeros(channels)
        self._product = np.zeros((channels, channels))
        self._peak = np.zeros(channels)

    def feed(self, block: Samples) -> None:
        """Hear the next samples: float, full scale 1.0, shape (channels, n), 48 kHz. An empty block is fine.

        Raises: MediaError for another number of channels.
        """
        if block.shape[0] != self._channels:
            raise MediaError(f"{self._channels} channels of sound were announced, a block of {block.shape[0]} came.")
        if not block.size:
            return
        block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0) if not np.isfinite(block).all() else block
        exact = block.astype(np.float64)
        self._sum += exact.sum(axis=1)
        self._product += exact @ exact.T
        self._peak = np.maximum(self._peak, np.abs(block).max(axis=1))
        # half precision keeps 11 bits at any level down to -84 dBFS, also of a 32-bit float recording above full scale
        self._spool.write(np.ascontiguousarray(block.T, dtype=np.float16).tobytes())
        self._samples += block.shape[1]

    def finish(self) -> Heard:
        """Decide which channels are heard, write the mix and its peaks, and say so."""
        try:
            return self._finish()
        finally:
            self._spool.close()

    def _finish(self) -> Heard:
        count = max(1, self._samples)
        mean = self._sum / count
        covariance = self._product / count - np.outer(mean, mean)
        rms = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        dead = [not self._samples or _dbfs(level) is None or 20 * math.log10(level) < DEAD_DBFS for level in rms]
        timecode = [None if dead[i] else self._timecode(i) for i in range(self._channels)]
        live = [i for i in range(self._channels) if not dead[i] and timecode[i] is None]
        mix, weights = self._mix(live, rms, covariance)
        mix_rms = math.sqrt(max(0.0, float(weights @ covariance @ weights)))
        mix["gain_db"] = self._write(weights)
        ltc = next((found for found in timecode if found), None)
        return Heard(
            channels=tuple(
                Channel(
                    channel=i + 1,
                    name=self._names[i],
                    rms_dbfs=_dbfs(rms[i]),
                    peak_dbfs=_dbfs(self._peak[i]),
                    dead=dead[i],
                    ltc=timecode[i] is not None,
                )
                for i in range(self._channels)
            ),
            samples=self._samples,
            mix=mix,
            rms_dbfs=_dbfs(mix_rms * 10 ** (mix["gain_db"] / 20)),
            silent=not live,
            ltc=ltc,
        )

    def _mix(self, live: list[int], rms: Levels, covariance: Levels) -> tuple[dict[str, Any], Levels]:
        weights = np.zeros(self._channels)
        if not live:
            return {"of": [], "how": "none", "says": "no channel carries sound"}, weights
        weights[live] = 1 / len(live)
        loudest = max(live, key=lambda i: rms[i])
        # Channels that do not cancel make a mean of at least the loudest one's share; half of that is cancellation.
        if math.sqrt(max(0.0, float(weights @ covariance @ weights))) < 0.5 * rms[loudest] / len(live):
            weights[:] = 0
            weights[loudest] = 1
            says = f"the channels cancel each other; channel {loudest + 1} alone is heard"
            return {"of": [loudest + 1], "how": "loudest", "says": says}, weights
        of = [i + 1 for i in live]
        says = f"channel {of[0]}" if len(of) == 1 else f"the mean of channels {', '.join(map(str, of))}"
        return {"of": of, "how": "mean", "says": says}, weights

    def _timecode(self, channel: int) -> dict[str, Any] | None:
        if self._find_ltc is None:
            return None
        length = min(self._samples, _LOOK_S * RATE_HZ)
        for start in sorted({int((self._samples - length) * look) for look in _LOOKS}):
            found = self._find_ltc(self._read(start, length)[:, channel], RATE_HZ)
            if found is not None:
                at_s = (start + found.at_sample) / RATE_HZ
                return {
                    "label": found.label,
                    "drop": found.drop,
                    "rate": to_plain(found.rate),
                    "at_s": to_plain(at_s),
                    "channel": channel + 1,
                }
        return None

    def _read(self, start: int, length: int) -> Samples:
        self._spool.seek(start * self._channels * 2)
        raw = np.frombuffer(self._spool.read(length * self._channels * 2), dtype=np.float16)
        return raw.reshape(-1, self._channels).astype(np.float32)

    def _mixed(self, weights: Levels) -> Iterator[tuple[int, Samples]]:
        chosen = weights.astype(np.float32)
        for start in range(0, self._samples, _CHUNK):
            yield start, self._read(start, min(_CHUNK, self._samples - start)) @ chosen

    def _write(self, weights: Levels) -> float:
        """Write the mix and its peaks. Returns the gain in dB, below 0 where a 32-bit float recording goes over full scale."""
        gain = 1.0
        if float(np.abs(weights) @ self._peak) > 1.0:
            highest = max((float(np.abs(part).max()) for _, part in self._mixed(weights)), default=0.0)
            gain = 1 / highest if highest > 1.0 else 1.0
        step = RATE_HZ // PEAKS_PER_SECOND
        peaks = np.zeros((-(-self._samples // step), 2), dtype=np.int8)
        # written piece by piece, not through a memory map: a full disk then is an error that can be told, not a crash
        with open(self._into / "sound.npy", "wb") as file:
            np.lib.format.write_array_header_1_0(file, {"descr": "<i2", "fortran_order": False, "shape": (self._samples,)})
            for start, part in self._mixed(weights):
                file.write(np.clip(np.rint(part * (gain * 32767)), -32768, 32767).astype("<i2").tobytes())
                edge = np.pad(part * gain, (0, -part.size % step), mode="edge").reshape(-1, step)
                both = np.stack((edge.min(axis=1), edge.max(axis=1)), axis=1)
                peaks[start // step : start // step + both.shape[0]] = np.clip(np.rint(both * 127), -127, 127).astype(np.int8)
        np.save(self._into / "peaks.npy", peaks)
        return round(20 * math.log10(gain), 3)


def _dbfs(level: float) -> float | None:
    return round(20 * math.log10(level), 2) if level > 0 else None
