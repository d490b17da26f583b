"""What carries the film: container, codecs, raster, rate, scan, tags, index, streams and their lengths."""

from __future__ import annotations

import struct
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from answerprint.delivery.qc.records import Pass, weight, windows
from answerprint.media import names, quicktime, rates
from answerprint.media.container import opened
from answerprint.model.delivery import Finding, PictureSpec, SoundSpec
from answerprint.model.records import AudioStream, VideoStream
from answerprint.model.time import rate_name

__all__ = ["check", "judged"]

#: What FFmpeg's decoders call what its encoders make.
_CODECS = {"libx264": "h264", "libx265": "hevc", "prores_ks": "prores", "libsvtav1": "av1", "libvpx-vp9": "vp9", "libopus": "opus"}
_DECODERS = {"libdav1d": "av1", "libaom-av1": "av1", "libopus": "opus"}
#: ProRes profiles by the codec's four letters (Apple ProRes White Paper).
_PRORES = {"apco": "proxy", "apcs": "lt", "apcn": "standard", "apch": "hq", "ap4h": "4444", "ap4x": "4444xq"}
_FAMILIES = {"mp4": "mov,mp4", "mov": "mov,mp4", "mxf": "mxf"}
#: Without a spec, a difference in length that nobody sees or hears; with one, half a frame.
_LOOSE_S = Fraction(1, 10)
_LATE_S = Fraction(6, 100)  #: EBU R 37: sound not more than 60 ms late
_LOSSY_S = Fraction(1024, 44_100)  #: one frame of AAC, which its encoder may add


def check(passed: Pass) -> list[Finding]:
    """Everything about the carrier."""
    assert passed.info.video is not None
    found = [*_container(passed), *_whole(passed), *_rate(passed), *_tags(passed, passed.info.video)]
    if passed.spec is not None:
        found += _picture(passed, passed.info.video, passed.spec.picture)
    found += _shape(passed, passed.info.video)
    found += _streams(passed, passed.spec.sound if passed.spec else None)
    return found


def _fail(name: str, says: str, measured: str, allowed: str) -> Finding:
    return Finding(check=name, weight="FAIL", says=says, measured=measured, allowed=allowed)


def _container(passed: Pass) -> list[Finding]:
    found, spec, name = [], passed.spec, passed.info.container
    if spec is not None:
        suffix = passed.path.suffix.lower().lstrip(".")
        if not name.startswith(_FAMILIES[spec.container]) or (suffix in _FAMILIES and suffix != spec.container):
            found.append(_fail("container", f"the file is {suffix or name.split(',')[0]}, and {spec.title} asks for {spec.container}", suffix or name, spec.container))
    wants = spec.container == "mp4" if spec is not None else passed.path.suffix.lower() == ".mp4"
    if wants and name.startswith("mov,mp4") and _index_last(passed.path):
        says = "the index (moov) lies behind the pictures: a player on the net has to fetch the whole file first. Write it with faststart"
        found.append(Finding(check="faststart", weight=weight(spec), says=says, measured="index last", allowed="index first"))
    return found


def container(passed: Pass) -> str:
    """What a file is, by what stands in it: "mp4", "mov", "mxf", "matroska"."""
    name = passed.info.container
    if not name.startswith("mov,mp4"):
        return name.split(",")[0]
    with open(passed.path, "rb") as file:
        head = file.read(12)
    return "mp4" if head[4:8] == b"ftyp" and head[8:12] != b"qt  " else "mov"  # QuickTime before 2000 has no brand


def _index_last(path: Path) -> bool:
    """Whether mdat comes before moov among the boxes at the top."""
    with open(path, "rb") as file:
        at = 0
        while True:
            file.seek(at)
            head = file.read(16)
            if len(head) < 8:
                return False
            size, name = struct.unpack(">I4s", head[:8])
            if name in (b"moov", b"mdat"):
                return bool(name == b"mdat")
            size = int.from_bytes(head[8:16], "big") if size == 1 else size
            if size < 8:
                return False
            at += size


def _whole(passed: Pass) -> list[Finding]:
    """Whether everything that should be there decodes."""
    found, seen, video = [], passed.seen, passed.info.video
    assert video is not None
    if seen.corrupt or passed.broken_off:
        runs = [(frame, frame + 1) for frame in seen.corrupt]
        says = f"the picture is damaged: {passed.broken_off or f'{len(runs)} frames do not decode cleanly'}. Render it again, or copy it again"
        found.append(Finding(check="damage", weight="FAIL", says=says, where=windows(runs[:12])))
    if video.frames is not None and video.frames != seen.frames:
        says = f"the file's index names {video.frames} frames and {seen.frames} decode: it was cut off or is damaged. Render it again, or copy it again"
        found.append(_fail("frames", says, str(seen.frames), str(video.frames)))
    if passed.expected is not None and passed.expected.frames != seen.frames:
        found.append(_fail("frames", "the file does not have the frames that were rendered", str(seen.frames), str(passed.expected.frames)))
    if passed.heard is not None and passed.heard.damaged:
        found.append(Finding(check="damage", weight="FAIL", says=f"{passed.heard.damaged} packets of sound do not decode. Render it again, or copy it again"))
    for stream, start_s, end_s in passed.heard.holes[:12] if passed.heard else ():
        says = f"the sound (stream {stream}) has a hole in its time stamps: {float(end_s - start_s) * 1000:.0f} ms without a sample"
        found.append(Finding(check="sound hole", weight=weight(passed.spec), says=says, where=(passed.where(float(start_s), float(end_s)),)))
    return found


def judged(passed: Pass) -> tuple[Fraction, bool]:
    """The rate at which the pictures really come, and whether it varies."""
    stamps = [one for one in passed.seen.pts if one is not None]
    return rates.judge(stamps, time_base=passed.seen.tick_s, said=(passed.rate,)) if len(stamps) > 1 else (passed.rate, False)


def _rate(passed: Pass) -> list[Finding]:
    found, seen, spec = [], passed.seen, passed.spec
    rate, varies = judged(passed)
    if varies:
        stamps = [one for one in seen.pts if one is not None]
        steps = [(number, (later - earlier) * seen.tick_s * rate) for number, (earlier, later) in enumerate(pairwise(stamps), 1)]
        late = [number for number, step in steps if step > Fraction(3, 2)]
        holes: list[tuple[int, int]] = []
        for number in late:
            begun = holes.pop()[0] if holes and number - 1 <= holes[-1][1] else number - 1
            holes.append((begun, number + 1))
        says = f"frames do not come at a constant rate; {len(late)} stay on screen too long. Conform it to a constant rate"
        found.append(Finding(check="variable rate", weight=weight(spec), says=says, where=windows(holes[:12]), measured=f"about {rate_name(rate)}", allowed="constant"))
    if spec is not None and spec.picture.rates and rate not in spec.picture.rates:
        asked = ", ".join(rate_name(one) for one in spec.picture.rates)
        found.append(_fail("rate", f"{rate_name(rate)} frames a second is not what {spec.title} takes", rate_name(rate), asked))
    if passed.expected is not None and passed.expected.rate != rate and not varies:
        found.append(_fail("rate", "the rate is not the one that was rendered", rate_name(rate), rate_name(passed.expected.rate)))
    return found


def _picture(passed: Pass, video: VideoStream, asked: PictureSpec) -> list[Finding]:
    """Codec, profile, raster and sampling as the spec asks."""
    found = []
    codec, wanted = _DECODERS.get(video.codec, video.codec), _CODECS.get(asked.codec, asked.codec)
    if codec != wanted:
        found.append(_fail("codec", f"the picture is {codec}, and {wanted} is asked for", codec, wanted))
    elif (profile := (asked.options or {}).get("profile")) is not None:
        is_one = _profile(passed.path, video.index)
        if is_one is not None and is_one.replace(" ", "").lower() != profile.replace(" ", "").lower():
            found.append(_fail("profile", f"the picture's profile is {is_one}, and {profile} is asked for", is_one, profile))
    if asked.width is not None and (video.width, video.height) != (asked.width, asked.height):
        measured, allowed = f"{video.width} x {video.height}", f"{asked.width} x {asked.height}"
        found.append(_fail("raster", f"the raster is {measured}, and {allowed} is asked for", measured, allowed))
    if video.pixel_format.replace("yuvj", "yuv") != asked.pixel_format:
        found.append(_fail("sampling", f"the picture is kept as {video.pixel_format}, and {asked.pixel_format} is asked for", video.pixel_format, asked.pixel_format))
    return found


def _profile(path: Path, index: int) -> str | None:
    with opened(path) as container:
        codec = container.streams[index].codec_context
        if codec.name == "prores":
            return _PRORES.get(codec.codec_tag.lower())
        return str(codec.profile) if codec.name in ("h264", "hevc") and codec.profile else None


def _shape(passed: Pass, video: VideoStream) -> list[Finding]:
    """Square pixels, upright, and fields only where they are asked for."""
    found, spec = [], passed.spec
    if video.sar != 1:
        says = f"pixels are not square ({video.sar.numerator}:{video.sar.denominator}): the picture is stretched where that is not read"
        found.append(Finding(check="pixel aspect", weight=weight(spec), says=says, measured=str(video.sar), allowed="1"))
    if video.rotation_deg:
        says = f"the file asks its player to turn the picture by {video.rotation_deg} degrees. Turn the pixels, and drop the flag"
        found.append(Finding(check="rotation", weight=weight(spec), says=says, measured=f"{video.rotation_deg} degrees", allowed="0"))
    wants = spec.picture.interlaced if spec is not None else False
    fields = passed.seen.interlaced > passed.seen.frames // 2
    if fields and not wants:
        found.append(Finding(check="scan", weight=weight(spec), says="the picture is coded as two fields, not progressive", measured="interlaced", allowed="progressive"))
    elif wants and not fields:
        found.append(_fail("scan", "the picture is progressive, and two fields are asked for", "progressive", "interlaced"))
    return found


def _tags(passed: Pass, video: VideoStream) -> list[Finding]:
    """Colour tags: there, right, and the same in the container as in the pictures."""
    found, spec = [], passed.spec
    colour = video.colour
    said = {"primaries": colour.primaries, "transfer": colour.transfer, "matrix": colour.matrix}
    missing = [name for name, value in said.items() if value is None]
    if missing:
        says = f"nothing says the colour's {', '.join(missing)}: each player guesses, and colours and contrast differ. Tag it as BT.709"
        found.append(Finding(check="colour tags", weight=weight(spec), says=says, measured="not said", allowed="bt709"))
    if spec is not None:
        asked = {"primaries": spec.picture.primaries, "transfer": spec.picture.transfer, "matrix": spec.picture.matrix}
        wrong = [name for name, value in said.items() if value is not None and value != asked[name]]
        if wrong:
            measured, allowed = (", ".join(f"{name} {table[name]}" for name in wrong) for table in (said, asked))
            found.append(_fail("colour tags", f"the colour is tagged as {measured}, and {allowed} is asked for", measured, allowed))
    box, inside = _colr(passed.path), passed.seen.colours[:3]
    differ = [(_TABLES[i].get(a) or str(a), _TABLES[i].get(b) or str(b)) for i, (a, b) in enumerate(zip(box or (), inside)) if a != b and 2 not in (a, b)]
    if differ:
        says = "container and pictures disagree about the colour (" + "; ".join(f"{a} and {b}" for a, b in differ) + "): players differ in whom they believe"
        found.append(Finding(check="colour tags", weight=weight(spec), says=says))
    full = bool(colour.full_range)
    if full != (spec.picture.full_range if spec is not None else False):
        says = "the picture is tagged as full range: on a screen that expects television levels black and white are wrong" if full else "the picture is not full range"
        found.append(Finding(check="range", weight=weight(spec), says=says, measured="full" if full else "legal", allowed="legal" if full else "full"))
    return found


_TABLES = (names.PRIMARIES, names.TRANSFERS, names.MATRICES)


def _colr(path: Path) -> tuple[int, int, int] | None:
    """Primaries, transfer and matrix of the first colr box; None where there is none."""
    if path.suffix.lower() not in (".mp4", ".mov", ".m4v"):
        return None
    index = quicktime.index_of(path)
    for kind in (b"colrnclx", b"colrnclc"):
        at = index.find(kind)
        if at >= 0 and len(index) >= at + 14:
            first, second, third = struct.unpack(">HHH", index[at + 8 : at + 14])
            return first, second, third
    return None


def _streams(passed: Pass, asked: SoundSpec | None) -> list[Finding]:
    """The sound streams: there, as asked, as long as the picture and beginning with it."""
    found, audio, spec = [], passed.info.audio, passed.spec
    if not audio:
        if asked is not None or spec is None:
            found.append(Finding(check="sound", weight=weight(spec), says="there is no sound", measured="no stream"))
        return found
    if spec is not None and asked is None:
        found.append(_fail("sound", f"there is sound, and {spec.title} has none", f"{len(audio)} streams", "0"))
    if asked is not None:
        found += _asked(audio, asked)
        if spec is not None and spec.stems and len(audio) < 2:
            found.append(_fail("sound", "split stems are asked for, and there is one stream of sound", "1", "2 or more"))
    heard = passed.heard
    assert heard is not None
    assert passed.info.video is not None
    picture_s, half = Fraction(passed.length_s).limit_denominator(10**6), 1 / (2 * passed.rate)
    for stream in audio:
        lossy = Fraction(0) if stream.codec.startswith(("pcm", "flac", "alac")) else _LOSSY_S
        late = stream.start_s - passed.info.video.start_s
        if late > (half if spec is not None else _LATE_S):
            says = f"the sound begins {float(late) * 1000:.0f} ms after the picture: check that it is in sync"
            found.append(Finding(check="start", weight=weight(spec), says=says, where=(passed.where(0.0, float(late)),), measured=f"{float(late) * 1000:.0f} ms", source="EBU R 37"))
        end_s = heard.length_s.get(stream.index)
        if end_s is None:
            says = f"a stream of sound runs at {stream.rate_hz} Hz beside one of {audio[0].rate_hz} Hz: one file, one rate"
            found.append(Finding(check="sound rate", weight=weight(spec), says=says))
            continue
        off, room = end_s - picture_s, (half + lossy if spec is not None else max(_LOOSE_S, half + lossy))
        if abs(off) > room:
            says = f"the sound ends {abs(float(off)):.3f} s {'after' if off > 0 else 'before'} the picture"
            at = min(float(end_s), float(picture_s))
            found.append(Finding(check="length", weight=weight(spec), says=says, where=(passed.where(at, at),), measured=f"{float(end_s):.3f} s", allowed=f"{float(picture_s):.3f} s"))
    return found


def _asked(audio: tuple[AudioStream, ...], asked: SoundSpec) -> list[Finding]:
    found = []
    codec = _CODECS.get(asked.codec, asked.codec)
    for stream in audio:
        if stream.codec != codec:
            found.append(_fail("sound codec", f"the sound is {stream.codec}, and {codec} is asked for", stream.codec, codec))
        if stream.rate_hz != asked.rate_hz:
            found.append(_fail("sound rate", f"the sound runs at {stream.rate_hz} Hz, and {asked.rate_hz} is asked for", f"{stream.rate_hz} Hz", f"{asked.rate_hz} Hz"))
    layouts = [stream.layout or f"{stream.channels} channels" for stream in audio]
    apart = asked.layout == "stereo" and len(audio) == 2 and all(stream.channels == 1 for stream in audio)
    if not apart and any(layout != asked.layout for layout in layouts):
        found.append(_fail("channels", f"the sound is {', '.join(layouts)}, and {asked.layout} is asked for", ", ".join(layouts), asked.layout))
    return found
