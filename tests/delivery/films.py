"""Films made for QC: clean ones of many kinds, and one fault planted at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from answerprint.delivery import specs
from answerprint.model.delivery import Spec

RATE_HZ = 48_000
Planes = tuple[np.ndarray, np.ndarray, np.ndarray]  # 8-bit codes, chroma halved both ways


@dataclass
class Film:
    """What is written: a picture for each frame, a sound, and how they are carried."""

    frames: int = 100
    rate: Fraction = Fraction(25)
    size: tuple[int, int] = (192, 108)
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    options: dict[str, str] = field(default_factory=lambda: {"preset": "ultrafast", "crf": "18"})
    tags: tuple[int, int, int, int] | None = (1, 1, 1, 1)
    sound_codec: str | None = "pcm_s16le"
    sound_rate: int = RATE_HZ
    layouts: tuple[str, ...] = ("stereo",)
    suffix: str = ".mov"
    muxer: dict[str, str] = field(default_factory=dict)
    timecode: str | None = None
    sar: Fraction | None = None
    seed: int = 1
    look: str = "day"
    music: str = "song"
    lufs: float = -23.0
    picture: Callable[[Film, list[Planes]], list[Planes]] | None = None  # a fault, or a device
    mix: Callable[[np.ndarray], np.ndarray] | None = None
    stamps: Callable[[int], int] | None = None  # frame -> tick, where they are not the frame's own number
    sound_late_s: float = 0.0
    sound_gap_s: float = 0.0  # in the time stamps, half-way
    after: Callable[[Path], None] | None = None
    name: str = "film"
    cues: str | None = None

    @property
    def seconds(self) -> float:
        return self.frames / float(self.rate)


# ---- pictures


def shots(film: Film) -> list[Planes]:
    """Shots of a second and a half each: smooth shapes that move, a little grain, television levels."""
    rng = np.random.default_rng(film.seed)
    width, height = film.size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    low, span = {"day": (40, 150), "night": (22, 40), "bright": (120, 100)}[film.look]
    length = max(8, round(1.5 * film.rate))
    grain = rng.normal(0, 1.2, (4, height, width)).astype(np.float32)
    made = []
    for number in range(film.frames):
        if number % length == 0:
            across, down, pace, phase = rng.uniform(2, 7), rng.uniform(2, 7), rng.uniform(2, 5), rng.uniform(0, 6)
            mood, turn = rng.uniform(-20, 20, 2), rng.uniform(0.35, 0.65)
        at = number / float(film.rate)
        shape = np.sin(across * x + pace * at + phase) * np.cos(down * y - 0.5 * pace * at)
        luma = low + span * np.clip(turn + 0.45 * shape, 0, 1) + grain[number % 4]
        luma = np.clip(luma, 17, 234)
        room = np.clip(np.minimum(luma - 16, 235 - luma)[::2, ::2] / 60, 0, 1)  # near black and white there is little colour
        tint = shape[::2, ::2] * 8
        made.append((luma.astype(np.uint8), (128 + room * (mood[0] + tint)).astype(np.uint8), (128 + room * (mood[1] - tint)).astype(np.uint8)))
    return made


def black(film: Film) -> Planes:
    return flat(film, 16)


def flat(film: Film, luma: int, blue: int = 128, red: int = 128) -> Planes:
    width, height = film.size
    return np.full((height, width), luma, np.uint8), np.full((height // 2, width // 2), blue, np.uint8), np.full((height // 2, width // 2), red, np.uint8)


def put(first: int, count: int, one: Callable[[Film, list[Planes], int], Planes]) -> Callable[[Film, list[Planes]], list[Planes]]:
    """Frames `first` to `first + count` become something else."""

    def planted(film: Film, pictures: list[Planes]) -> list[Planes]:
        out = list(pictures)
        for number in range(first, first + count):
            out[number] = one(film, pictures, number)
        return out

    return planted


def everywhere(change: Callable[[Planes], Planes]) -> Callable[[Film, list[Planes]], list[Planes]]:
    return lambda film, pictures: [change(tuple(plane.copy() for plane in one)) for one in pictures]  # type: ignore[arg-type]


def faded(first: int, count: int, *, way: str) -> Callable[[Film, list[Planes]], list[Planes]]:
    """To black or from it."""

    def one(film: Film, pictures: list[Planes], number: int) -> Planes:
        share = (number - first) / count if way == "in" else 1 - (number - first + 1) / count
        y, cb, cr = pictures[number]
        return (16 + (y - 16.0) * share).astype(np.uint8), (128 + (cb - 128.0) * share).astype(np.uint8), (128 + (cr - 128.0) * share).astype(np.uint8)

    return put(first, count, one)


# ---- sounds


def sound(film: Film, kind: str | None = None) -> np.ndarray:
    """(2, n), full scale 1; loudness about -23 LUFS before `lufs` is reached by measuring."""
    rng = np.random.default_rng(film.seed)
    count = round(film.frames / film.rate * RATE_HZ)
    t = np.arange(count) / RATE_HZ
    kind = kind or film.music
    if kind == "speech":  # bursts of a glottal buzz through moving resonances, with pauses
        buzz = np.sign(np.sin(2 * np.pi * (110 + 15 * np.sin(2 * t)) * t)) + 0.2 * rng.normal(size=count)
        mono = np.convolve(buzz, np.exp(-np.arange(240) / 40) * np.sin(np.arange(240) * 0.12), "same")
        mono *= np.clip(np.sin(2 * np.pi * 3.1 * t), 0, 1) * (np.sin(2 * np.pi * 0.4 * t) > -0.7)
        left = right = np.convolve(mono, np.hanning(9) / 4, "same") + 0.001 * rng.normal(size=count)
    elif kind == "drums":
        mono = np.zeros(count)
        for beat in np.arange(0, film.seconds, 0.25):
            at = int(beat * RATE_HZ)
            tail = np.arange(min(count - at, 9600)) / RATE_HZ
            kick = np.sin(2 * np.pi * (50 + 60 * np.exp(-30 * tail)) * tail) * np.exp(-14 * tail)
            snare = rng.normal(size=tail.size) * np.exp(-22 * tail) * (round(beat * 4) % 4 == 2)
            hat = np.diff(rng.normal(size=tail.size + 1)) * np.exp(-80 * tail) * 0.3
            mono[at : at + tail.size] += kick + 0.6 * snare + hat
        left, right = mono + 0.02 * rng.normal(size=count), mono + 0.02 * rng.normal(size=count)
    else:
        wave = np.zeros((2, count))
        for number, chord in enumerate(np.arange(0, film.seconds, 0.5)):
            at = int(chord * RATE_HZ)
            tail = np.arange(min(count - at, 2 * RATE_HZ)) / RATE_HZ
            for step, note in enumerate((0, 4, 7)):
                tone = np.sin(2 * np.pi * 220 * 2 ** ((note + (number * 5) % 12) / 12) * tail) * np.minimum(tail / 0.01, 1) * np.exp(-1.5 * tail)
                wave[:, at : at + tail.size] += tone * np.array([[1.0 - 0.2 * step], [0.6 + 0.2 * step]])
        left, right = wave + 0.003 * rng.normal(size=(2, count))
    both = np.stack([left, right])
    both[:, -960:] *= np.linspace(1, 0, 960)[: both.shape[1]]  # an end, not a cut
    return both / np.abs(both).max() * 0.5


def levelled(samples: np.ndarray, lufs: float) -> np.ndarray:
    from answerprint.delivery.loudness import Meter

    meter = Meter(rate_hz=RATE_HZ, channels=samples.shape[0])
    meter.push(samples.astype(np.float32))
    return samples * 10 ** ((lufs - meter.finish().integrated_lufs) / 20)


# ---- files


def write(film: Film, folder: Path) -> Path:
    """The film as a file; what `after` does to its bytes comes last."""
    path = folder / f"{film.name}{film.suffix}"
    pictures = shots(film)
    if film.picture is not None:
        pictures = film.picture(film, pictures)
    with av.open(str(path), "w", options=film.muxer) as out:
        if film.timecode and film.suffix != ".mxf":
            out.metadata["timecode"] = film.timecode
        video = out.add_stream(film.codec, rate=film.rate, options=film.options)
        video.width, video.height, video.pix_fmt = (*film.size, film.pixel_format)
        base = 1 / film.rate if film.stamps is None else Fraction(1, 1000)
        video.codec_context.time_base = base
        if film.sar is not None:
            video.codec_context.sample_aspect_ratio = film.sar
        if film.timecode:
            video.metadata["timecode"] = film.timecode
        if film.tags is not None:
            context = video.codec_context
            context.color_primaries, context.color_trc, context.colorspace, context.color_range = film.tags
        tracks = [out.add_stream(film.sound_codec, rate=film.sound_rate, layout=layout) for layout in film.layouts] if film.sound_codec else []
        _sounds(film, out, tracks)
        for number, planes in enumerate(pictures):
            frame = _frame(film, planes)
            frame.pts, frame.time_base = (number if film.stamps is None else film.stamps(number)), base
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    if film.cues is not None:
        path.with_suffix(".srt").write_text(film.cues, encoding="utf-8")
    if film.after is not None:
        film.after(path)
    return path


def _frame(film: Film, planes: Planes) -> av.VideoFrame:
    frame = av.VideoFrame(*film.size, "yuv420p")
    for plane, codes in zip(frame.planes, planes):
        padded = np.zeros((plane.height, plane.line_size), np.uint8)
        padded[:, : plane.width] = codes
        plane.update(padded)
    if film.tags is not None:
        frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range = film.tags
    if film.pixel_format == "yuv420p":
        return frame
    changed = frame.reformat(format=film.pixel_format)
    if film.tags is not None:
        changed.color_primaries, changed.color_trc, changed.colorspace, changed.color_range = film.tags
    return changed


def _sounds(film: Film, out: Any, tracks: Iterable[Any]) -> None:
    samples = levelled(sound(film), film.lufs) if tracks else np.zeros((2, 0))
    if film.mix is not None:
        samples = film.mix(samples)
    for number, (track, layout) in enumerate(zip(tracks, film.layouts)):
        rows = {"mono": samples[number % 2 : number % 2 + 1], "stereo": samples[:2]}.get(layout)
        if rows is None:  # 5.1: the pair in front, a little of it behind
            rows = np.stack([samples[0], samples[1], 0.3 * samples.mean(axis=0), 0 * samples[0], 0.2 * samples[1], 0.2 * samples[0]])
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(np.clip(rows, -1, 1), np.float32), format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
        fifo, resampler = av.AudioFifo(), av.AudioResampler(format=track.codec_context.format or "s16", layout=layout, rate=film.sound_rate)
        late, count = round(film.sound_late_s * film.sound_rate), rows.shape[1] * film.sound_rate // RATE_HZ
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            part.pts = None
            fifo.write(part)
        at = late
        while (part := fifo.read(min(track.codec_context.frame_size or 1024, fifo.samples))) is not None and part.samples:
            part.pts, part.time_base, part.sample_rate = at, Fraction(1, film.sound_rate), film.sound_rate
            at += part.samples
            if film.sound_gap_s and at - part.samples < count // 2 <= at:
                at += round(film.sound_gap_s * film.sound_rate)
            out.mux(track.encode(part))
            if not fifo.samples:
                break
        out.mux(track.encode(None))


# ---- specs of the size of these films


def tv(name: str = "tv-eu") -> Spec:
    """A broadcaster's spec at 192 x 108 and 4 s, in uncompressed sound and H.264, so that films are written in a blink."""
    asked = specs.spec(name)
    picture = replace(asked.picture, codec="libx264", width=192, height=108, pixel_format="yuv420p", options=None)
    assert asked.sound is not None
    short = {"head": tuple(replace(card, frames=card.frames // 5) for card in asked.head), "tail": tuple(replace(card, frames=card.frames // 5) for card in asked.tail)}
    return replace(asked, picture=picture, sound=replace(asked.sound, codec="pcm_s16le"), durations_frames=(100, 120), film_at=None, clock_number=None, **short)  # type: ignore[arg-type]


def web(width: int = 192, height: int = 108) -> Spec:
    asked = specs.spec("youtube")
    return replace(asked, picture=replace(asked.picture, width=width, height=height, options={"profile": "high"}))


def web_film(**changes: Any) -> Film:
    options = {"preset": "veryfast", "crf": "18", "profile": "high"}
    return Film(**{"suffix": ".mp4", "sound_codec": "aac", "muxer": {"movflags": "+faststart"}, "options": options, "lufs": -14.0, **changes})


def carded(film: Film) -> list[Planes]:
    """With clock, black and freeze of `tv("tv-uk")`: 35, 15 and 25 frames."""
    pictures = shots(replace(film, frames=film.frames - 75))
    clock = []
    for number in range(35):
        y, cb, cr = flat(film, 60)
        y[20:60, 20 + number : 40 + number] = 200
        clock.append((y, cb, cr))
    return [*clock, *[black(film)] * 15, *pictures, *[pictures[-1]] * 25]


def uk(**changes: Any) -> Film:
    """A film with head and tail: 100 frames from frame 50, silent outside and for 6 frames inside each end."""

    def mute(samples: np.ndarray) -> np.ndarray:
        out = samples.copy()
        step = RATE_HZ // 25
        out[:, : 56 * step] = 0
        out[:, (150 - 6) * step :] = 0
        ramp = np.minimum(np.arange(480) / 480, 1)
        out[:, 56 * step : 56 * step + 480] *= ramp
        out[:, (150 - 6) * step - 480 : (150 - 6) * step] *= ramp[::-1]
        return levelled(out, -23.0)

    return Film(**{"frames": 175, "picture": lambda film, pictures: carded(film), "mix": mute, **changes})

