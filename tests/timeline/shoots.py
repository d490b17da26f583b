"""Synced clips for the timeline's tests, as a probe and a sync would describe them."""

from __future__ import annotations

from fractions import Fraction

from answerprint.model.records import AudioStream, Bext, MediaInfo, Track, VideoStream
from answerprint.model.time import Timecode
from answerprint.timeline.dailies import SyncedClip, SyncedSound

#: Every rate that media are read at, with and without drop-frame numbering.
RATES = [
    (Fraction(24000, 1001), False), (Fraction(24), False), (Fraction(25), False), (Fraction(30000, 1001), False), (Fraction(30000, 1001), True),
    (Fraction(30), False), (Fraction(50), False), (Fraction(60000, 1001), False), (Fraction(60000, 1001), True), (Fraction(60), False),
]  # fmt: skip
STARTS = ("01:00:00:00", "00:59:53:00", "09:59:50:00")


def label(text: str, drop: bool) -> str:
    """A timecode label as drop-frame is written."""
    return text[:8] + ";" + text[9:] if drop else text


def camera(rate: Fraction, frames: int, *, timecode: str = "08:00:00:00", channels: int = 2, reel: str = "A001", size: tuple[int, int] = (1920, 1080)) -> MediaInfo:
    length = frames / rate
    video = VideoStream(
        index=0, codec="h264", width=size[0], height=size[1], pixel_format="yuv420p", bit_depth=8, rate=rate, frames=frames, duration_s=length,
    )  # fmt: skip
    audio = (AudioStream(index=1, codec="aac", rate_hz=48000, channels=channels, duration_s=length),) if channels else ()
    return MediaInfo(
        kind="clip", container="mp4", duration_s=length, video=video, audio=audio, timecode=timecode, timecode_rate=rate, timecode_from="tmcd", reel=reel,
        camera="A",
    )  # fmt: skip


def recorder(seconds: Fraction | int, *, start_s: Fraction | int = 8 * 3600 - 5, rate_hz: int = 48000, names: tuple[str, ...] = ("MixL", "Boom", "Lav 1")) -> MediaInfo:
    length = Fraction(seconds)
    bext = Bext(
        time_reference=int(start_s * rate_hz), scene="1A", take="3", tape="SD01", tracks=tuple(Track(channel=n, name=name) for n, name in enumerate(names, 1)),
    )  # fmt: skip
    stream = AudioStream(index=0, codec="pcm_s24le", rate_hz=rate_hz, channels=len(names), duration_s=length)
    return MediaInfo(kind="sound", container="wav", duration_s=length, audio=(stream,), bext=bext)


def sound(offset_s: Fraction, *, length: Fraction | int = 60, number: int = 1, drift: Fraction = Fraction(0), path: str = "/shoot/sound") -> SyncedSound:
    return SyncedSound(
        media=recorder(length), file=f"sound/T{number:03d}.wav", path=f"{path}/T{number:03d}.wav", digest=f"blake3:{number:064x}", offset_s=offset_s,
        drift_ppm=drift,
    )  # fmt: skip


def clip(number: int, rate: Fraction, frames: int = 240, *, sounds: tuple[SyncedSound, ...] = (), timecode: str = "08:00:00:00", **more: object) -> SyncedClip:
    channels = int(more.pop("channels", 2))  # type: ignore[call-overload]
    return SyncedClip(
        media=camera(rate, frames, timecode=timecode, channels=channels), file=f"rushes/A001_C{number:03d}.mp4", path=f"/shoot/rushes/A001_C{number:03d}.mp4",
        digest=f"blake3:{1000 + number:064x}", sounds=sounds, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def shoot(rate: Fraction, drop: bool = False) -> list[SyncedClip]:
    """Five clips: recorder first, recorder late, two recorders, abstained, without sound."""
    first = label("08:00:00:00", drop)
    later = str(Timecode.parse(first, rate=rate).plus(1500))
    return [
        clip(1, rate, 240, sounds=(sound(Fraction(35605, 10000)),), timecode=first, keywords=("circled",), scene="1A", take="3", note="best light"),
        clip(2, rate, 301, sounds=(sound(Fraction(-12345, 10007), length=5, number=2),), timecode=later),
        clip(3, rate, 127, sounds=(sound(Fraction(7, 3), number=3), sound(Fraction(1, 48000), number=4, drift=Fraction(40))), timecode=first),
        clip(4, rate, 99, timecode=first, abstained="two windows disagree: it would need ten seconds of speech"),
        clip(5, rate, 50, timecode=first, channels=0),
    ]
