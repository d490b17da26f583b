"""What a set sounds like: the room, wind, a clap, a pour; what a camera's own microphone makes of it; a recorder's clock.

All signals are float64 at 48 kHz, full scale 1.0, shape (n,).
"""

from __future__ import annotations

import numpy as np

from sample.voices import RATE_HZ, Signal

SPEED_OF_SOUND = 343.0  #: metres a second in air at 20 degrees C (ISO 9613-1)


def late_samples(distance_m: float) -> int:
    """How many samples sound needs over a distance."""
    return round(distance_m / SPEED_OF_SOUND * RATE_HZ)


def pink(length: int, rng: np.random.Generator, *, low_hz: float = 40.0, high_hz: float = 9000.0) -> Signal:
    """Noise that falls 3 dB an octave between two edges; rms 1.0."""
    size = 1 << max(12, (length - 1).bit_length())
    frequency = np.fft.rfftfreq(size, 1 / RATE_HZ)
    shape = 1 / np.sqrt(np.maximum(frequency, low_hz)) / (1 + (frequency / high_hz) ** 4) * (frequency / (frequency + low_hz))
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * shape, size)[:length]
    even: Signal = noise / float(np.sqrt(np.mean(noise**2)))
    return even


def clap(rng: np.random.Generator) -> Signal:
    """Two sticks meeting: the first sample is the loudest, then wood that rings for 60 ms."""
    length = int(0.06 * RATE_HZ)
    t = np.arange(length) / RATE_HZ
    crack = rng.standard_normal(length) * np.exp(-t / 0.004)
    wood = sum(np.sin(2 * np.pi * hz * t + phase) * np.exp(-t / 0.011) for hz, phase in ((820, 0.3), (1340, 1.1), (2210, 2.0)))
    out = 0.22 * crack + 0.12 * np.asarray(wood)
    out = np.clip(out, -0.6, 0.6)
    out[0] = 0.95
    return out


def gust(length: int, rng: np.random.Generator) -> tuple[Signal, Signal]:
    """A gust of wind: its sound, and how strong it is at each sample (0..1, as seen in the curtain)."""
    t = np.linspace(0, 1, length)
    swell = np.sin(np.pi * t**0.7) ** 1.5 * (0.82 + 0.18 * np.sin(t * 21 + 0.6))
    rumble = pink(length, rng, low_hz=35, high_hz=260)
    hiss = pink(length, rng, low_hz=500, high_hz=3200)
    return (0.16 * rumble * swell + 0.025 * hiss * swell**2), np.clip(swell, 0, 1)


def pour(length: int, rng: np.random.Generator) -> Signal:
    """A thin stream into a cup that fills: hiss, and drops whose pitch climbs."""
    t = np.arange(length) / RATE_HZ
    out = 0.010 * pink(length, rng, low_hz=700, high_hz=5200)
    for start in np.sort(rng.uniform(0, max(0.05, length / RATE_HZ - 0.1), int(length / RATE_HZ * 34))).tolist():
        first = int(start * RATE_HZ)
        ring = np.arange(min(2400, length - first)) / RATE_HZ
        hz = float(rng.uniform(420, 900)) * (1 + 0.6 * first / length)
        out[first : first + len(ring)] += float(rng.uniform(0.004, 0.022)) * np.sin(2 * np.pi * hz * ring * (1 + 2.2 * ring)) * np.exp(-ring / 0.012)
    edge = np.minimum(1, np.minimum(t, t[-1] - t) / 0.25)
    poured: Signal = out * edge
    return poured


def room(distance_m: float, rng: np.random.Generator, *, decay_s: float = 0.42, wet: float = 1.0) -> Signal:
    """A room between a mouth and a microphone: the direct sound exactly `late_samples(distance_m)` late, eight early reflections, a tail.

    `decay_s` is the time in which the tail falls by 60 dB; `wet` scales everything but the direct sound.
    """
    start = late_samples(distance_m)
    length = start + int(decay_s * RATE_HZ)
    answer = np.zeros(length)
    answer[start] = 1.0
    for delay in np.sort(rng.uniform(0.0025, 0.036, 8)).tolist():
        answer[start + int(delay * RATE_HZ)] += wet * float(rng.choice([-1, 1])) * 0.42 * np.exp(-delay / 0.022)
    tail_from = start + int(0.012 * RATE_HZ)
    t = np.arange(length - tail_from) / RATE_HZ
    answer[tail_from:] += wet * 0.020 * rng.standard_normal(len(t)) * np.exp(-6.91 * t / decay_s)
    return answer


def through(dry: Signal, answer: Signal) -> Signal:
    """A dry sound in that room, as long as the dry sound was. Overlap-add convolution in blocks of a power of two."""
    block = 1 << 17
    size = block * 2
    spectrum = np.fft.rfft(answer, size)
    out = np.zeros(len(dry) + size)
    for first in range(0, len(dry), block):
        piece = dry[first : first + block]
        if np.any(piece):
            out[first : first + size] += np.fft.irfft(np.fft.rfft(piece, size) * spectrum, size)
    return out[: len(dry)]


def levelled(x: Signal) -> Signal:
    """A camera's automatic gain: quiet comes up, loud goes down, quickly down and slowly up, then a soft ceiling. It moves no sample in time."""
    block = RATE_HZ // 100
    count = -(-len(x) // block)
    level = np.sqrt(np.mean(np.pad(x, (0, count * block - len(x))).reshape(count, block) ** 2, axis=1)) + 1e-5
    follow, held = np.empty(count), float(level[0])
    for index, now in enumerate(level.tolist()):
        held += (now - held) * (0.30 if now > held else 0.006)
        follow[index] = held
    gain = np.clip((0.10 / follow) ** 0.6, 0.25, 6.0)
    smooth = np.interp(np.arange(len(x)), (np.arange(count) + 0.5) * block, gain)
    out: Signal = np.tanh(x * smooth * 1.1) / 1.1
    return out


def drifted(x: Signal, ppm: float) -> Signal:
    """The same sound written by a clock that runs fast by so many parts in a million: sample n of the result is x at n / (1 + ppm / 1e6).

    Windows of 4096 samples, each moved by its own fraction of a sample in the spectrum and laid over its neighbours; within a window
    150 ppm is a third of a sample.
    """
    hop, size = 1024, 2048
    length = round(len(x) * (1 + ppm * 1e-6))
    window = np.sin(np.pi * (np.arange(size) + 0.5) / size) ** 2
    pad = 4 * size
    source = np.pad(x, (pad, pad))
    out = np.zeros(length + 2 * size)
    turn = -2j * np.pi * np.fft.rfftfreq(2 * size)
    for first in range(-hop, length, hop):
        exact = (first + size / 2) / (1 + ppm * 1e-6) - size / 2
        whole = int(np.floor(exact))
        piece = source[pad + whole - size // 2 : pad + whole + size + size // 2]
        moved = np.fft.irfft(np.fft.rfft(piece) * np.exp(turn * -(exact - whole)), 2 * size)[size // 2 : size // 2 + size]
        out[first + hop : first + hop + size] += moved * window
    return out[hop : hop + length]
