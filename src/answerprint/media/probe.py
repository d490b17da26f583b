"""What a file is: clip, sound or camera original, with exact rates, sizes, turns, tags and timecode. One frame is decoded, no more."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.stream import Discard, Disposition

from answerprint.media import MediaError, bwf, names, originals, quicktime, rates, sony, timecode
from answerprint.media.container import opened, reading, shown
from answerprint.model.records import AudioStream, Bext, Colour, MediaInfo, VideoStream
from answerprint.model.time import RATES

__all__ = ["probe"]

#: Packets looked at for the first frame of each stream; a long group of pictures that starts broken still has one by then.
_FIRST = 600
#: Packets whose stamps are read where the container has no table: two minutes at 25. A rate that only varies later is seen by the decode pass.
_STAMPS = 3000
_TAGS, _TAG_LENGTH = 80, 500


@dataclass
class _First:
    """What the first frames of the streams showed."""

    picture: av.VideoFrame | None = None
    picture_s: Fraction | None = None
    sound_s: dict[int, Fraction] = field(default_factory=dict)
    stamps: list[int] = field(default_factory=list)
    pictures: int | None = None  # how many the stream has, where all of it was looked at


def probe(path: Path) -> MediaInfo:
    """Find out what a file is and what it says about itself.

    Returns: `kind` "clip" where there is picture, "sound" where there is only sound (cover art is not picture), "camera original"
             where the picture is real but cannot be decoded here. Time zero of a clip is its first frame.
    Raises:  MediaError, one sentence: missing, empty, a folder, text, cut off without index, a still, neither picture nor sound.
    """
    if originals.is_raw(path):
        return originals.probe(path)
    with opened(path) as container:
        wave = bwf.look(path) if container.format.name in ("wav", "w64") else None
        notes = list(wave.notes) if wave else []
        pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
        with reading(path):
            first = _look(container, pictures[0] if pictures else None)
        audio = _audio(container, first, notes, shown(path))
        tags = _tags(container, wave)
        video = None
        if pictures:
            video = _video(container, pictures[0], first, tags) if pictures[0].codec_context else None
            if len(pictures) > 1:
                notes.append(f"{shown(path)} has {len(pictures)} pictures; the first is the clip.")
            if video is not None and video.frames == 1 and not audio:
                raise MediaError(f"{shown(path)} is a still picture, not a clip. Put it into assets, or leave it out.")
        if not pictures and not audio:
            raise MediaError(
                f"{shown(path)} has neither picture nor sound that can be read. Leave it out, or copy it again from the card."
            )
        info = MediaInfo(
            kind="sound" if not pictures else "clip" if first.picture is not None else "camera original",
            container=container.format.name,
            duration_s=video.duration_s if video else _length(container, audio),
            video=video,
            audio=tuple(audio),
            created=tags.get("com.apple.quicktime.creationdate") or tags.get("creation_time") or _recorded(wave),
            bext=wave.bext if wave else None,
            tags=tags,
            notes=tuple(notes),
        )
        if info.kind == "camera original":
            name = pictures[0].codec_context.name if pictures[0].codec_context else "unknown"
            info = replace(
                info,
                notes=(
                    *info.notes,
                    f"{shown(path)}: its picture ({name}) cannot be decoded here. Bring the proxies of the same name.",
                ),
            )
        return _placed(path, container, info)


def _look(container: InputContainer, picture: av.VideoStream | None) -> _First:
    """Decode the first frame of each stream, and read stamps on where the container has no table of frames."""
    first = _First()
    # a codec without a decoder here has no context; its packets are left where they are
    streams: list[Any] = [stream for stream in (picture, *container.streams.audio) if stream is not None and stream.codec_context]
    for stream in container.streams:
        if stream not in streams:
            stream.discard = Discard.all
    if picture not in streams:
        picture = None
    sounds = {stream.index for stream in streams if stream is not picture}
    if picture is not None:
        picture.thread_type = "NONE"
        picture.codec_context.thread_count = 1
    tabled = picture is None or _tabled(container, picture)
    seen = 0
    for count, packet in enumerate(container.demux(streams) if streams else ()):
        index = packet.stream_index
        missing = (picture is not None and first.picture is None) or len(first.sound_s) < len(sounds)
        if (not missing or count >= _FIRST) and (tabled or len(first.stamps) >= _STAMPS or count > 10 * _STAMPS):
            break
        if picture is not None and index == picture.index and packet.size:
            seen += 1
            if packet.pts is not None:
                first.stamps.append(packet.pts)
        if index in first.sound_s or (picture is not None and index == picture.index and first.picture is not None):
            continue
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            if not isinstance(frame, (av.VideoFrame, av.AudioFrame)):
                continue
            at = None if frame.pts is None or frame.time_base is None else frame.pts * frame.time_base
            if isinstance(frame, av.VideoFrame) and first.picture is None:
                first.picture, first.picture_s = frame, at
            elif isinstance(frame, av.AudioFrame):
                first.sound_s.setdefault(index, at or Fraction(0))
    else:
        first.pictures = seen
    if picture is not None and first.picture is None:
        # frames that wait for others inside the decoder: a clip of one or two frames
        try:
            for late in picture.codec_context.decode(None):
                if isinstance(late, av.VideoFrame) and first.picture is None:
                    first.picture = late
                    first.picture_s = None if late.pts is None else late.pts * (late.time_base or picture.time_base or Fraction(1))
        except av.FFmpegError:
            pass
    return first


def _tabled(container: InputContainer, picture: av.VideoStream) -> bool:
    """Whether the container keeps a table of all frames, or a constant rate by its own rules (an MXF edit rate, an AVI header)."""
    name = container.format.name
    return name in ("mxf", "avi", "gxf", "dv") or (name.startswith("mov,") and len(picture.index_entries) > 1)


def _video(container: InputContainer, stream: av.VideoStream, first: _First, tags: dict[str, str]) -> VideoStream:
    codec, frame = stream.codec_context, first.picture
    base = stream.time_base or Fraction(1, 90000)
    entries = (
        [entry.timestamp for entry in stream.index_entries if not entry.is_discard]
        if container.format.name.startswith("mov,")
        else []
    )
    stamps = entries or ([] if _tabled(container, stream) else first.stamps)
    rate, variable = rates.judge(
        stamps, time_base=base, said=(stream.guessed_rate, codec.framerate, stream.base_rate, stream.average_rate)
    )
    frames = len(entries) if entries else stream.frames or (None if _tabled(container, stream) else first.pictures) or None
    length = Fraction(stream.duration) * base if stream.duration else Fraction(container.duration or 0, av.time_base)
    start = first.picture_s if first.picture_s is not None else (stream.start_time or 0) * base
    if container.format.name == "avi":  # it has no presentation times: what looks like a late first frame is the decoder's delay
        start = (stream.start_time or 0) * base
    if frames and not variable:
        length = frames / rate
    pixels = frame.format if frame is not None else codec.format
    tag_colour = (
        (frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range) if frame is not None else (2, 2, 2, 0)
    )
    own = (codec.color_primaries, codec.color_trc, codec.colorspace, codec.color_range)
    primaries, transfer, matrix = (
        table.get(int(seen)) or table.get(int(said))
        for table, seen, said in zip((names.PRIMARIES, names.TRANSFERS, names.MATRICES), tag_colour, own)
    )
    span = int(tag_colour[3]) or int(own[3])
    rotation = (-frame.rotation) % 360 if frame is not None else 0
    return VideoStream(
        index=stream.index,
        codec=codec.name,
        width=frame.width if frame is not None else codec.width,
        height=frame.height if frame is not None else codec.height,
        pixel_format=pixels.name if pixels is not None else "unknown",
        bit_depth=max((component.bits for component in pixels.components), default=8) if pixels is not None else 8,
        rate=rate,
        frames=frames,
        duration_s=length,
        start_s=start,
        variable=variable,
        fps_shot=names.sensor_rate(tags),
        sar=_sar(stream),
        rotation_deg=rotation if rotation % 90 == 0 else 0,
        interlaced=bool(frame.interlaced_frame) if frame is not None else codec.field_order in (2, 3, 4, 5),
        colour=Colour(
            primaries=primaries,
            transfer=transfer,
            matrix=matrix,
            full_range=True
            if span == 2 or (pixels is not None and pixels.name.startswith("yuvj"))
            else False
            if span == 1
            else None,
            log=names.log_curve(tags),
        ),
    )


def _length(container: InputContainer, audio: list[AudioStream]) -> Fraction:
    """Of a file without a picture that opens here: its longest sound, or what the container says."""
    return max((stream.start_s + stream.duration_s for stream in audio), default=Fraction(container.duration or 0, av.time_base))


def _sar(stream: av.VideoStream) -> Fraction:
    """Pixel aspect, from the container or else the codec; 1 where both are silent or absurd."""
    for value in (stream.sample_aspect_ratio, stream.codec_context.sample_aspect_ratio):
        if value is not None and Fraction(1, 4) <= value <= 4:
            return Fraction(value)
    return Fraction(1)


def _audio(container: InputContainer, first: _First, notes: list[str], name: str) -> list[AudioStream]:
    found = []
    for number, stream in enumerate(container.streams.audio, start=1):
        codec = stream.codec_context
        if codec is None or not codec.sample_rate or not codec.channels or stream.index not in first.sound_s:
            notes.append(
                f"{name}: sound stream {number} ({codec.name if codec else 'unknown'}) cannot be decoded here and is left out."
            )
            continue
        base = stream.time_base or Fraction(1, codec.sample_rate)
        length = Fraction(stream.duration) * base if stream.duration else Fraction(container.duration or 0, av.time_base)
        found.append(
            AudioStream(
                index=stream.index,
                codec=codec.name,
                rate_hz=codec.sample_rate,
                channels=codec.channels,
                duration_s=length,
                start_s=first.sound_s[stream.index],
                layout=codec.layout.name if codec.layout else None,
            )
        )
    return found


def _tags(container: InputContainer, wave: bwf.Wave | None) -> dict[str, str]:
    """Container and stream metadata as printable text; a stream's own value does not hide the container's."""
    tags: dict[str, str] = {}
    for source in (container.metadata, *(stream.metadata for stream in container.streams)):
        for key, value in source.items():
            tags.setdefault(_plain(key, 100), _plain(value, _TAG_LENGTH))
    if wave is not None and wave.project:
        tags["project"] = _plain(wave.project, _TAG_LENGTH)
    return dict(list(tags.items())[:_TAGS])


def _plain(text: str, length: int) -> str:
    return "".join(char if char.isprintable() else " " for char in text.encode("utf-8", "replace").decode("utf-8"))[:length].strip()


def _recorded(wave: bwf.Wave | None) -> str | None:
    bext: Bext | None = wave.bext if wave else None
    return f"{bext.date} {bext.time}".strip() or None if bext else None


def _placed(path: Path, container: InputContainer, info: MediaInfo) -> MediaInfo:
    """Timecode, reel, camera and off-speed: what is written in the file, beside it and in its name."""
    notes = list(info.notes)
    maker = None
    if info.video is not None:
        try:
            maker = sony.beside(path) or (sony.inside(path) if container.format.name.startswith("mov,") else None)
        except MediaError as cause:
            notes.append(str(cause))
    video = info.video
    if video is not None and maker is not None:
        log = video.colour.log or names.log_curve(maker.tags)
        video = replace(video, fps_shot=maker.capture_fps or video.fps_shot, colour=replace(video.colour, log=log))
        info = replace(info, tags={**maker.tags, **info.tags})
    track = quicktime.counter(path) if info.kind != "sound" and container.format.name.startswith("mov,") else None
    code = _timecode(container, info, maker, track)
    if code is not None and code.note:
        notes.append(f"{shown(path)}: {code.note}")
    letter, roll = names.camera_and_roll(path)
    reel = next(
        (stream.metadata["reel_name"] for stream in container.streams if stream.metadata.get("reel_name")),
        track.reel if track else None,
    )
    return replace(
        info,
        video=video,
        timecode=code.label if code else None,
        timecode_rate=code.rate if code and code.label else None,
        timecode_from=code.source if code and code.label else None,
        reel=_plain(reel, 64)
        if reel
        else info.tags.get("com.apple.proapps.reel") or roll or (info.bext.tape if info.bext else None),
        camera=letter if info.kind != "sound" else None,
        notes=tuple(notes),
    )


def _timecode(
    container: InputContainer, info: MediaInfo, maker: sony.Clip | None, track: quicktime.Counter | None
) -> timecode.Reading | None:
    if info.kind == "sound":
        return timecode.from_bext(info.bext, rate_hz=info.audio[0].rate_hz) if info.bext and info.audio else None
    if info.video is None:
        return timecode.from_counter(track, rate=_nominal(track.rate)) if track else None
    rate = _nominal(info.video.rate)
    if track is not None:
        return timecode.from_counter(track, rate=rate)
    for stream in (*container.streams.data, *container.streams.video):
        if text := stream.metadata.get("timecode"):
            return timecode.from_label(text, rate=rate, source="container")
    if text := container.metadata.get("timecode") or container.metadata.get("TIMECODE"):
        return timecode.from_label(text, rate=rate, source="container")
    if maker is not None and maker.timecode:
        return timecode.from_bcd(maker.timecode, rate=rate, source="rtmd")
    return None


def _nominal(rate: Fraction) -> Fraction:
    """The rate timecode counts at: the picture's, or for a variable or odd one the camera rate nearest to it."""
    return rate if rate in RATES.values() else min(RATES.values(), key=lambda known: abs(known / rate - 1))
