"""A film, measured: out of a finished file in one pass, or out of a cut's plan without rendering it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.easy.records import Bed, Measured
from answerprint.delivery.mixing import Sound
from answerprint.delivery.plan import RATE_HZ, Piece, Plan
from answerprint.delivery.projecting import Looks, Projector
from answerprint.media import audio
from answerprint.media.container import opened, reading
from answerprint.media.develop import TAP, planes
from answerprint.media.look import Look
from answerprint.media.probe import probe
from answerprint.model.delivery import PictureSpec
from answerprint.signal import music as sounds
from answerprint.signal.music import Music
from answerprint.signal.palette import Palette, palette
from answerprint.signal.picture import Watching, cuts
from answerprint.signal.rhythm import rhythm

__all__ = ["bed", "columns", "film", "length_s", "palettes", "whole_sound"]

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

HEARD_HZ = 24_000  #: half of the film's rate: strikes and chords lie below 8 kHz
SIZE = (96, 54)  #: of a picture that is measured; a column's five colours are means of 1,036 pixels each
_STEP_S, _MOST = 0.25, 240  #: a column each quarter second, and never more than a strip can show
_STEPS_HZ = 10  #: a bed's level is told ten times a second
_SILENT_DB = -60.0  #: under this a bed is not heard; EBU R 128's absolute gate lies at -70 for a whole programme
_LEAST_S = 1.0  #: of speech, and of its absence, for a level under speech


# ---- a finished file


def film(path: Path, name: str) -> Measured:
    """Measure a finished film by itself: its cuts are found in the picture, its sound is taken whole.

    Raises: MediaError: it cannot be read.
    """
    info = probe(path)
    heard = audio.read(path, info, rate_hz=HEARD_HZ).mono() if info.audio else np.zeros(0, np.float32)
    found = _seen(path, info) if info.video is not None else None
    length = float(info.duration_s)
    if found is None:
        return Measured(name=name, length_s=length, bed=_whole(heard) if heard.size else None)
    frames, at_s, marks_s = found
    length = max(length, float(at_s[-1]) + _STEP_S / 2 if at_s.size else 0.0)
    return Measured(name=name, length_s=length, palette=palette(frames, at_s) if at_s.size else None, rhythm=rhythm([one for one in marks_s if 0 < one < length], length), bed=_whole(heard) if heard.size else None)


def _seen(path: Path, info: Any) -> tuple[Floats, Floats, list[float]]:
    """Pictures by the quarter second, when they are, and where a new shot begins."""
    watching, kept, at_s, moments = Watching(), [], [], []
    due, step = 0.0, max(_STEP_S, float(info.duration_s) / _MOST)
    with opened(path) as container, reading(path):
        stream = next((one for one in container.streams.video if one.index == info.video.index), container.streams.video[0])
        stream.thread_type = "AUTO"
        base = stream.time_base or Fraction(1, 90_000)
        shrink = TAP / max(stream.width, stream.height)
        wide, high = (max(16, 2 * round(side * min(1.0, shrink) / 2)) for side in (stream.width, stream.height))
        for frame in container.decode(stream):
            if frame.pts is None:
                continue
            moment = float(frame.pts * base - info.video.start_s)
            small = frame.reformat(wide, high, format="yuv420p", interpolation="BICUBIC")
            watching.see(*planes(small))
            moments.append(moment)
            if moment >= due:
                kept.append(_rgb(frame, SIZE))
                at_s.append(moment)
                due = moment + step - 1e-6
    marks = [moments[one.frame] for one in cuts(watching.finish())] if moments else []
    return (np.stack(kept) / 255 if kept else np.zeros((0, *SIZE[::-1], 3))), np.array(at_s), marks


def _rgb(frame: av.VideoFrame, size: tuple[int, int]) -> Bytes:
    matrix = int(frame.colorspace) if int(frame.colorspace) in (1, 4, 5, 6, 7, 9) else (1 if frame.height >= 720 else 5)
    ranged = int(frame.color_range) if int(frame.color_range) in (1, 2) else (2 if frame.format.name.startswith("yuvj") else 1)
    coded = not frame.format.name.startswith(("rgb", "gbr", "bgr"))
    given: dict[str, int] = {"src_colorspace": 5 if matrix == 6 else matrix, "src_color_range": ranged, "dst_color_range": 2} if coded else {}
    small = frame.reformat(size[0], size[1], format="rgb24", interpolation="AREA", **given)
    return np.asarray(small.to_ndarray(), dtype=np.uint8)


# ---- a cut


def columns(plan: Plan) -> list[int]:
    """The frames of a film that are looked at, in order."""
    step = max(1, round(max(_STEP_S * float(plan.rate), len(plan.frames) / _MOST)))
    return list(range(0, len(plan.frames), step))


def palettes(plan: Plan, looks: Mapping[str, Look], corrections: Mapping[int, Look] | None = None, watch: Callable[[float], None] | None = None) -> tuple[Palette, Palette, Palette | None]:
    """The palette of a cut as it is graded, of its uncorrected rushes, and of the machine's correction, out of one reading of its media.

    Args:    plan: with a person's grade in it, if there is one.  looks: that media are seen through, as rendering takes them.
             corrections: the machine's, by the number of a shot in the plan; None where none was made.  watch: called with the share that is done.
    Returns: as (film, uncorrected, corrected).
    Raises:  MediaError, DeliveryError: something cannot be read.
    """
    count, wanted = len(plan.shots), columns(plan)
    ways: list[Mapping[int, Look]] = [plan.grades, {}, *([corrections] if corrections is not None else [])]
    grades = {way * count + number: look for way, one in enumerate(ways) for number, look in one.items()}
    frames = [tuple((weight, replace(still, shot=still.shot + way * count) if still.shot else still) for weight, still in plan.frames[n]) for n in wanted for way in range(len(ways))]
    tall = max(2, 2 * round(SIZE[0] * plan.size[1] / plan.size[0] / 2))
    laid = replace(plan, frames=tuple(frames), shots=plan.shots * len(ways), grades=grades, size=(SIZE[0], tall), segments=())
    seen: list[list[Bytes]] = [[] for _ in ways]
    with TemporaryDirectory(prefix="easy-") as folder:
        through = Looks(laid, looks)
        picture = PictureSpec(codec="ffv1", pixel_format="yuv420p")
        projector = Projector(laid, picture, through, through.write(Path(folder)))
        try:
            for n, mix in enumerate(laid.frames):
                seen[n % len(ways)].append(_projected(projector.mixed(mix)))
                if watch is not None and n % 16 == 0:
                    watch(n / len(laid.frames))
        finally:
            projector.close()
    at_s = np.array([n / float(plan.rate) for n in wanted])
    made = [palette(np.stack(one) / 255, at_s) for one in seen]
    return made[0], made[1], made[2] if len(made) > 2 else None


def _projected(frame: av.VideoFrame) -> Bytes:
    shown = frame.reformat(format="rgb24", src_colorspace=1, src_color_range=1, dst_color_range=2)
    return np.asarray(shown.to_ndarray(), dtype=np.uint8)


def bed(plan: Plan, is_bed: Iterable[str], spoken: Sequence[tuple[float, float]]) -> Bed | None:
    """The music bed of a cut, from the sounds that are music by their track or their role, or are among the beds that somebody chose.

    Args:    plan: with the sounds of the cut, not with a finished mix.  is_bed: keys of media.  spoken: when somebody speaks.
    Returns: None where no sound of it is known for music.
    """
    beds = frozenset(is_bed)
    pieces = tuple(one for one in plan.pieces if one.stem == "music" or one.medium in beds)
    if not pieces:
        return None
    laid, lying = _sound(plan, pieces), _sound(plan, tuple(replace(one, gains=(), fades=()) for one in pieces))
    level, flat = _levels(laid), _levels(lying)
    heard = level > _SILENT_DB
    spoken_there = np.zeros(level.size, bool)
    for start, end in spoken:
        spoken_there[round(start * _STEPS_HZ) : round(end * _STEPS_HZ)] = True
    turned = level - flat
    under, beside = turned[heard & spoken_there], turned[heard & ~spoken_there]
    least = round(_LEAST_S * _STEPS_HZ)
    known = under.size >= least and beside.size >= least
    return Bed(
        music=sounds.music(laid, rate_hz=HEARD_HZ), whole=False, enters_s=float(heard.argmax() / _STEPS_HZ) if heard.any() else None, without_s=float((~heard).sum() / _STEPS_HZ),
        under_speech_db=float(np.median(under) - np.median(beside)) if known else None, envelope=_envelope(level),
    )  # fmt: skip


def whole_sound(plan: Plan) -> Bed | None:
    """A cut's whole sound, taken for its bed where no track says what is music; None where it is silent."""
    return _whole(_sound(plan, plan.pieces)) if plan.pieces else None


def _whole(samples: NDArray[np.floating]) -> Bed:
    found: Music = sounds.music(samples, rate_hz=HEARD_HZ)
    return Bed(music=found, whole=True, envelope=_envelope(_levels(samples)))


def _sound(plan: Plan, pieces: tuple[Piece, ...]) -> NDArray[np.float32]:
    """In mono at HEARD_HZ; two samples are one, their mean."""
    sound = Sound(replace(plan, pieces=pieces), "stereo")
    total = int(len(plan.frames) / plan.rate * RATE_HZ)
    parts = [sound.block(first, min(RATE_HZ, total - first)).mean(axis=0) for first in range(0, total, RATE_HZ)]
    heard = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    step = RATE_HZ // HEARD_HZ
    return np.asarray(heard[: heard.size // step * step].reshape(-1, step).mean(axis=1))


def _levels(samples: NDArray[np.floating]) -> Floats:
    """In dB of full scale, ten times a second."""
    step = HEARD_HZ // _STEPS_HZ
    whole = np.asarray(samples[: samples.size // step * step], dtype=np.float64).reshape(-1, step)
    return np.asarray(10 * np.log10(np.maximum((whole**2).mean(axis=1), 1e-12)))


def _envelope(level_db: Floats) -> Floats:
    """0 to 1, at most 240 of them."""
    if not level_db.size:
        return np.zeros(0)
    loud = np.array([part.max() for part in np.array_split(level_db, min(_MOST, level_db.size))])
    return np.asarray(10 ** (np.clip(loud - level_db.max(), -60, 0) / 20))


def length_s(plan: Plan) -> Fraction:
    """How long a film is."""
    return Fraction(len(plan.frames)) / plan.rate
