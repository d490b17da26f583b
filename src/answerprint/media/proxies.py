"""The proxy: H.264 that scrubs and plays anywhere, with the camera's sound and the same timecode.

The picture is encoded while the clip is read; its sound is known only at the end (a channel may turn out to be dead or timecode), so
the finished file is put together then: picture packets copied, sound encoded, index in front.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from answerprint.media.hearing import RATE_HZ, Heard
from answerprint.model.records import MediaInfo
from answerprint.model.time import Timecode, TimecodeError

__all__ = ["GROUP", "PICTURE", "SOUND_BITS", "PictureFile", "finish", "first_label"]

GROUP = 12  #: frames from one key frame to the next: the furthest a player decodes to show any frame
#: superfast makes 2.3 x real time on two cores where veryfast makes 1.4; crf 23 is x264's own middle. No B-frames: stepping backwards
#: and exact seeking work in every browser and player.
PICTURE = {"preset": "superfast", "crf": "23", "g": str(GROUP), "bf": "0"}
SOUND_BITS = 160_000
_BT709, _LIMITED = 1, 1
_TICKS = 2**31 - 1
_CHUNK = RATE_HZ * 4


class PictureFile:
    """Encodes proxy pictures, one after another, into a file that `finish` completes."""

    def __init__(self, path: Path, *, size: tuple[int, int], rate: Fraction) -> None:
        self.path, self.rate, self.frames = path, rate, 0
        self._container = av.open(str(path), "w", format="mp4")
        stream: Any = self._container.add_stream("libx264", rate=rate, options=dict(PICTURE))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = 1 / rate
        context.thread_count = 1  # two clips are read at a time; with two threads each, the pair takes 4 % longer
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        self._stream = stream

    def write(self, frame: VideoFrame, times: int) -> None:
        """Show a picture for the next `times` frames."""
        for _ in range(times):
            frame.pts, frame.time_base = self.frames, 1 / self.rate
            frame.pict_type = 0
            frame.color_primaries = frame.color_trc = _BT709
            self._container.mux(self._stream.encode(frame))
            self.frames += 1

    def close(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def abandon(self) -> None:
        """Let go of the file after an error, whatever state it is in."""
        with contextlib.suppress(av.FFmpegError, OSError):
            self._container.close()


@dataclass(frozen=True, kw_only=True)
class Sound:
    """Where the proxy's sound comes from: int16 at 48 kHz, mono mix or stereo pairs."""

    file: IO[bytes]
    channels: int


def first_label(info: MediaInfo, *, rate: Fraction, late_s: Fraction, heard: Heard | None) -> tuple[str | None, str | None]:
    """The timecode of the proxy's first frame, and a sentence where it could not be kept.

    Args: late_s: how far the first frame that decodes lies behind the first frame of the clip.
          heard: with timecode from a sound channel, used where the file itself has none.
    """
    text, counted = info.timecode, info.timecode_rate or rate
    ahead = round(late_s * rate)
    if text is None and heard is not None and heard.ltc is not None:
        text, counted = heard.ltc["label"], Fraction(heard.ltc["rate"])
        ahead = -round(Fraction(heard.ltc["at_s"]) * rate)
    if text is None:
        return None, None
    try:
        label = Timecode.parse(text, rate=counted)
        if counted != rate:  # 25 labels a second on 50 frames: the hour, minute and second stay, the frames are counted on
            zero = Timecode(frames=0, rate=rate, drop=label.drop)
            within = label.frames % label.nominal if not label.drop else int(text.rsplit(";", 1)[-1])
            text = f"{text[:9]}{within * zero.nominal // label.nominal:02d}"
            label = Timecode.parse(text, rate=rate)
        return str(label.plus(ahead)), None
    except TimecodeError as error:
        return None, f"the proxy has no timecode: {error}"


def finish(picture: Path, into: Path, *, timecode: str | None, rate: Fraction, sound: Sound | None) -> None:
    """Write the finished proxy: the packets of `picture`, the sound, the timecode track; the index in front."""
    options = {"movflags": "+faststart", "write_tmcd": "1" if timecode else "0", "video_track_timescale": str(_timescale(rate))}
    with av.open(str(picture)) as source, av.open(str(into), "w", format="mp4", options=options) as out:
        template = source.streams.video[0]
        video = out.add_stream_from_template(template)
        video.time_base = 1 / Fraction(_timescale(rate))
        if timecode:
            out.metadata["timecode"] = timecode
        audio: Any = None
        if sound is not None:
            audio = out.add_stream("aac", rate=RATE_HZ, layout="stereo", bit_rate=SOUND_BITS)
            audio.codec_context.time_base = Fraction(1, RATE_HZ)
        spoken = _spoken(sound) if sound is not None else iter(())
        heard_s = Fraction(0)
        samples = 0
        for packet in source.demux(template):
            if packet.dts is None:
                continue
            packet.stream = video
            while audio is not None and packet.dts * packet.time_base >= heard_s:
                block = next(spoken, None)
                if block is None:
                    break
                out.mux(_encoded(audio, block, samples))
                samples += block.shape[0]
                heard_s = Fraction(samples, RATE_HZ)
            out.mux(packet)
        if audio is not None:
            for block in spoken:
                out.mux(_encoded(audio, block, samples))
                samples += block.shape[0]
            out.mux(audio.encode(None))


def _timescale(rate: Fraction) -> int:
    """Ticks a second that hold a frame exactly, from about ten thousand up as players expect."""
    scale = rate.numerator
    while scale < 10_000:
        scale *= 2
    return min(scale, _TICKS)


def _encoded(audio: Any, block: NDArray[np.int16], at: int) -> Any:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.reshape(1, -1)), format="s16", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, at, Fraction(1, RATE_HZ)
    return audio.encode(frame)


def _spoken(sound: Sound) -> Iterator[NDArray[np.int16]]:
    """Blocks of shape (n, 2); a mono mix is heard on both sides."""
    while raw := sound.file.read(_CHUNK * 2 * sound.channels):
        block = np.frombuffer(raw, dtype="<i2").reshape(-1, sound.channels)
        yield block if sound.channels == 2 else np.repeat(block, 2, axis=1)
