"""One decode pass over a clip, and everything that is made of it: proxy, strip, picture facts, sound.

The order of things: packets are read once; each picture is decoded once, developed (see `develop`), placed on a constant grid (see
`conform`), encoded, measured and, about once a second, kept as a thumbnail; each sound packet goes to the one clock of `audio` and
the ears of `hearing`. What is damaged costs what is damaged: the rest is read, and a note says where.
"""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import av
import numpy as np
from av.stream import Discard
from numpy.typing import NDArray

from answerprint.media import MediaError
from answerprint.media.audio import Joiner
from answerprint.media.conform import Conform, Placed, backmap
from answerprint.media.container import opened, reading, shown
from answerprint.media.develop import Developed, Developer, planes
from answerprint.media.hearing import RATE_HZ, Heard, Hearing
from answerprint.media.look import Look
from answerprint.media.proxies import PictureFile, Sound, finish, first_label
from answerprint.media.strip import Sheet, Strip
from answerprint.model.records import MediaInfo
from answerprint.signal import ltc
from answerprint.signal.picture import Series, Watching, looks_like_log

__all__ = ["Watched", "watch"]


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What the pass found. Frames are proxy frames unless said otherwise; the proxy runs at a constant `rate`."""

    rate: Fraction
    size: tuple[int, int]  #: of the proxy
    frames: int
    source_frames: int  #: that decoded
    first_s: Fraction  #: presentation time of the first frame in the container
    last_s: Fraction  #: of the last
    time_map: tuple[tuple[int, int, Fraction], ...]  #: (proxy frame, source frame, source time) where each run begins
    timecode: str | None  #: of the proxy's first frame
    sheet: Sheet
    series: Series
    source_frame: NDArray[np.int32]  #: shown on each proxy frame
    source_tick: NDArray[np.int64]  #: its presentation time, in the stream's `tick_s`
    tick_s: Fraction
    looks_log: bool
    heard: Heard | None  #: None for a clip without sound
    notes: tuple[str, ...]


class _Pass:
    """The state of one pass."""

    def __init__(self, path: Path, info: MediaInfo, out: Path, work: Path, look: Look | None, log: str | None) -> None:
        assert info.video is not None
        self.path, self.info, self.video, self.out, self.work = path, info, info.video, out, work
        self.rate, self.look, self.log = info.video.rate, look, log
        self.tick_s = Fraction(1, 1)
        self.longest_s = max(info.duration_s, info.video.duration_s)
        cube = None
        if look is not None:
            cube = work / "look.cube"
            look.write(cube)
        self.developer = Developer(info.video, cube=cube)
        self.conform = Conform(rate=self.rate, longest_s=self.longest_s)
        self.watching = Watching()
        self.strip = Strip(size=self.developer.size, rate=self.rate, expected_frames=int(self.longest_s * self.rate))
        self.picture = PictureFile(work / "picture.mp4", size=self.developer.size, rate=self.rate)
        self.in_graph: deque[Placed] = deque()
        self.pending: tuple[Placed, Developed] | None = None
        self.shown: list[Placed] = []
        self.last_hold = 1
        self.damaged: list[Fraction | None] = []
        self.cut_off = ""
        self.hearing: Hearing | None = None
        self.joiner: Joiner | None = None
        self.early: list[tuple[int, av.AudioFrame]] = []
        self.stereo: IO[bytes] | None = None
        if info.audio:
            self.hearing = Hearing(channels=sum(stream.channels for stream in info.audio), into=work, find_ltc=ltc.decode)
            if [stream.channels for stream in info.audio] == [2]:
                self.stereo = tempfile.TemporaryFile(dir=work)  # closed in `close`

    # ---- picture

    def see(self, frame: av.VideoFrame) -> None:
        at_s = None if frame.pts is None or frame.time_base is None else frame.pts * frame.time_base
        placed = self.conform.place(at_s)
        if placed.ordinal == 0:
            self._hear_from(placed.at_s)
        held_s = (frame.duration or 0) * (frame.time_base or 0)
        self.last_hold = max(1, min(round(held_s * self.rate), int(self.longest_s * self.rate)))
        self.in_graph.append(placed)
        frame.pts = placed.ordinal
        for developed in self.developer.push(frame):
            self._next(self.in_graph.popleft(), developed)

    def _next(self, placed: Placed, developed: Developed) -> None:
        if self.pending is not None and placed.slot > self.pending[0].slot:
            self._show(placed.slot - self.pending[0].slot)
        self.pending = (placed, developed)

    def _show(self, times: int) -> None:
        assert self.pending is not None
        placed, developed = self.pending
        for _ in range(times):
            self.watching.see(*planes(developed.tap))
        self.strip.offer(self.picture.frames, developed.proxy)
        self.picture.write(developed.proxy, times)
        self.shown.extend([placed] * times)

    def end_picture(self) -> None:
        for developed in self.developer.flush():
            self._next(self.in_graph.popleft(), developed)
        if self.pending is not None:
            self._show(self.last_hold if self.video.variable else 1)
            self.pending = None
        if not self.shown:
            raise MediaError(f"{shown(self.path)} has a picture ({self.video.codec}), but not one frame of it decodes. Copy it again from the card.")
        self.picture.close()

    # ---- sound

    def _hear_from(self, zero_s: Fraction) -> None:
        """The first picture is known: the sound's clock begins with it."""
        if self.hearing is None:
            return
        started = dataclasses.replace(self.info, video=dataclasses.replace(self.video, start_s=zero_s))
        self.joiner = Joiner(started, rate_hz=RATE_HZ)
        for index, frame in self.early:
            self.hear(index, frame)
        self.early.clear()

    def hear(self, index: int, frame: av.AudioFrame) -> None:
        if self.joiner is None:
            self.early.append((index, frame))
        else:
            for block in self.joiner.push(index, frame):
                self._feed(block)

    def _feed(self, block: Any) -> None:
        assert self.hearing is not None
        self.hearing.feed(block)
        if self.stereo is not None:
            self.stereo.write(np.clip(np.rint(block.T * 32767), -32768, 32767).astype("<i2").tobytes())

    def end_sound(self) -> Heard | None:
        if self.hearing is None:
            return None
        if self.joiner is not None:
            for block in self.joiner.flush():
                self._feed(block)
        heard = self.hearing.finish()
        for name in ("sound.npy", "peaks.npy"):
            (self.work / name).replace(self.out / name)
        return heard

    # ---- end

    def finish(self) -> Watched:
        self.end_picture()
        heard = self.end_sound()
        first_s = self.shown[0].at_s
        timecode, untimed = first_label(self.info, rate=self.rate, late_s=first_s - self.video.start_s, heard=heard)
        with contextlib.ExitStack() as stack:
            sound = None
            if heard is not None and heard.samples:
                if self.stereo is not None and heard.mix["how"] == "mean" and heard.mix["of"] == [1, 2]:
                    self.stereo.seek(0)
                    sound = Sound(file=self.stereo, channels=2)
                else:
                    file = stack.enter_context(open(self.out / "sound.npy", "rb"))
                    np.lib.format.read_magic(file)
                    np.lib.format.read_array_header_1_0(file)
                    sound = Sound(file=file, channels=1)
            finish(self.picture.path, self.out / "proxy.mp4", timecode=timecode, rate=self.rate, sound=sound)
        series = self.watching.finish()
        return Watched(
            rate=self.rate,
            size=self.developer.size,
            frames=self.picture.frames,
            source_frames=self.shown[-1].ordinal + 1,
            first_s=first_s,
            last_s=self.shown[-1].at_s,
            time_map=tuple(backmap(self.shown, self.rate)),
            timecode=timecode,
            sheet=self.strip.write(self.out / "strip.jpg", self.footer(series)),
            series=series,
            source_frame=np.array([placed.ordinal for placed in self.shown], dtype=np.int32),
            source_tick=np.array([round(placed.at_s / self.tick_s) for placed in self.shown], dtype=np.int64),
            tick_s=self.tick_s,
            looks_log=looks_like_log(series),
            heard=heard,
            notes=(*self._notes(), *([untimed] if untimed else [])),
        )

    def footer(self, series: Series) -> str:
        return "log, no look" if self.look is None and (self.log or looks_like_log(series)) else ""

    def _notes(self) -> Iterator[str]:
        first_s, last_s = self.shown[0].at_s, self.shown[-1].at_s
        good_s = last_s - first_s + 1 / self.rate
        if self.damaged:
            known = [at_s for at_s in self.damaged if at_s is not None]
            where = f", the first at {float(max(Fraction(0), known[0] - first_s)):.2f} s" if known else ""
            yield f"{_counted(len(self.damaged), 'packet of picture is', 'packets of picture are')} damaged{where}; the proxy holds what decodes"
        missing_s = self.video.duration_s - good_s
        # a container that does not count its frames rounds its length, or gives that of its sound
        if self.cut_off or missing_s > (2 / self.rate if self.video.frames else 1):
            cause = self.cut_off or "the rest does not decode"
            yield f"the picture is good up to {float(good_s):.2f} s of {float(self.video.duration_s):.2f} s: {cause}"
        if first_s - self.video.start_s >= 1 / self.rate:
            yield f"the first {float(first_s - self.video.start_s):.2f} s of the picture do not decode; the proxy begins after them"
        if self.conform.without_time:
            frames = _counted(self.conform.without_time, "frame has", "frames have")
            yield f"{frames} no time of their own, or one that does not go forward; each follows the frame before"
        if self.conform.jumps:
            jumps = _counted(self.conform.jumps, "time", "times")
            yield f"the file's clock jumps {jumps} by more than the clip's length; the frames follow on without a gap"
        if self.joiner is not None:
            yield from self.joiner.notes

    def close(self) -> None:
        self.picture.abandon()
        if self.stereo is not None:
            self.stereo.close()


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def watch(
    path: Path,
    info: MediaInfo,
    out: Path,
    *,
    look: Look | None = None,
    log: str | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> Watched:
    """Read a clip once and write what is made of it.

    Args:    info: as probed.   out: a folder that gets proxy.mp4, strip.jpg and, with sound, sound.npy and peaks.npy.
             look: how the proxy and the strip are seen; what is measured is without it.   log: the curve by name, where something names it.
             progress: called with 0..1.
    Returns: what was found. A damaged or cut-off clip gives what decodes, and notes.
    Raises:  MediaError where the file cannot be opened, has no picture, or not one frame decodes; OSError where `out` is full.
    """
    if info.video is None:
        raise MediaError(f"{shown(path)} has no picture: it is a sound.")
    with tempfile.TemporaryDirectory(dir=out, prefix=".pass-") as work:
        state = _Pass(path, info, out, Path(work), look, log)
        try:
            _read(state, progress)
            return state.finish()
        finally:
            state.close()


def _read(state: _Pass, progress: Callable[[float], None]) -> None:
    wanted = {state.video.index, *(stream.index for stream in state.info.audio)}
    with opened(state.path) as container:
        for stream in container.streams:
            if stream.index not in wanted:
                stream.discard = Discard.all
        picture = container.streams.video[[s.index for s in container.streams.video].index(state.video.index)]
        state.tick_s = picture.time_base or state.tick_s
        picture.thread_type = "FRAME"  # decoding goes on while the last frame is developed: 1 % faster than one thread, 5 % than slices
        picture.codec_context.thread_count = 2
        packets = container.demux([container.streams[index] for index in sorted(wanted)])
        count, told = 0, 0.0
        while True:
            with reading(state.path):
                try:
                    packet = next(packets, None)
                except (av.InvalidDataError, av.EOFError):
                    state.cut_off, packet = "the file ends early or is damaged from there on", None
            if packet is None:
                break
            is_picture = packet.stream.index == state.video.index
            at_s = None if packet.pts is None or packet.time_base is None else packet.pts * packet.time_base
            try:
                frames = packet.decode()
            except av.FFmpegError:
                if is_picture:
                    state.damaged.append(at_s)
                elif state.joiner is not None:
                    state.joiner.damaged()
                continue
            for frame in frames:
                if isinstance(frame, av.VideoFrame):
                    count += 1
                    state.see(frame)
                elif isinstance(frame, av.AudioFrame):
                    state.hear(packet.stream.index, frame)
            if is_picture and at_s is not None and state.video.duration_s:
                done = float((at_s - state.video.start_s) / state.video.duration_s)
                if done - told >= 0.01:
                    told = done
                    progress(min(1.0, max(0.0, done)))
    progress(1.0)
