"""xmeml, EDL and ALE: do they come back, do other readers see the same ranges, and is one cut the same film in every format?

    python -m bench.interchange

Other readers are OpenTimelineIO's own adapters (otio-fcp-adapter, otio-cmx3600-adapter, otio-ale-adapter); where one is not installed the
line says "not checked". The same film is cut by ffmpeg from the EDL alone, from the FCPXML alone and from the xmeml alone, by scripts
below that know nothing of our readers, and compared frame by frame (framemd5; needs imageio-ffmpeg).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import opentimelineio as otio
from lxml import etree

from answerprint.model.time import Span, Timecode, rate_name
from answerprint.timeline.cut import CutInfo, Media, at, attach, file_url, reference, span
from answerprint.timeline.formats.ale import format as ale
from answerprint.timeline.formats.edl import format as edl
from answerprint.timeline.formats.fcpxml import format as fcpxml
from answerprint.timeline.formats.xmeml import format as xmeml
from bench.timeline import RATES, STARTS, content, hour_cut, label, make_cut, make_dailies, through

NTSC = Fraction(30000, 1001)


def differ(one: Counter[Any], other: Counter[Any]) -> int:
    return sum((one - other).values()) + sum((other - one).values())


def lowest(timeline: Any) -> Any:
    """The cut without what an EDL cannot hold: picture track 1 alone."""
    only = timeline.deepcopy()
    del only.tracks[1:]
    return only


def round_trips() -> int:
    """Every rate and start: a cut with dissolves and speeds through xmeml and EDL, dailies through xmeml and ALE."""
    wrong = 0
    print(f"{'rate':>8} {'start':>12} {'xmeml':>12} {'EDL':>12} {'ALE':>10}   (ranges compared / differ)")
    for rate, drop in RATES:
        for start in (label(text, drop) for text in STARTS):
            cut, day = make_cut(rate, drop, start, 40), make_dailies(rate, drop, start, 20)
            xml = [(content(made), content(through(xmeml, made, {})[0])) for made in (cut, day)]
            only = lowest(cut)
            listed = (content(only), content(edl.read(edl.write(only, {})[0], {"rate": rate})[0][0]))  # type: ignore[misc]
            binned, _ = through(ale, day, {})
            rows = [range_of_row(item) for item in binned.tracks[0]]
            clips = [range_of_row(item) for item in day.tracks[0]]
            counts = [sum(sum(was.values()) for was, _ in xml), sum(listed[0].values()), len(clips)]
            faults = [sum(differ(*pair) for pair in xml), differ(*listed), sum(a != b for a, b in zip(clips, rows, strict=True))]
            wrong += sum(faults)
            cells = [f"{count}/{fault}" for count, fault in zip(counts, faults, strict=True)]
            print(f"{rate_name(rate) + (' DF' if drop else ''):>8} {start:>12} {cells[0]:>12} {cells[1]:>12} {cells[2]:>10}")
    return wrong


def range_of_row(item: Any) -> tuple[Any, ...]:
    return item.name, item.source_range.start_time.value, item.source_range.duration.value


def plain(timeline: Any, *, dissolves: bool) -> Any:
    """The cut for a reader that knows no speeds, or no transitions either."""
    made = timeline.deepcopy()
    for track in made.tracks:
        for index in reversed(range(len(track))):
            if isinstance(track[index], otio.schema.Transition):
                if not dissolves:
                    del track[index]
            else:
                del track[index].effects[:]
    return made


def ranges(timeline: Any, rate: Fraction) -> Counter[Any]:
    """What another reader made of a file: kind, name, place, source start and length, in frames; a dissolve's cut at its first frame, where CMX has it."""
    found: Counter[Any] = Counter()
    for track in timeline.tracks:
        cursor = 0
        items = list(track)
        for place, item in enumerate(items):
            if isinstance(item, otio.schema.Transition):
                continue
            length = round(item.duration().rescaled_to(float(rate)).value)
            before, after = (items[at_] if 0 <= at_ < len(items) else None for at_ in (place - 1, place + 1))
            head, tail = (round(joint.in_offset.rescaled_to(float(rate)).value) if isinstance(joint, otio.schema.Transition) else 0 for joint in (before, after))
            if isinstance(item, otio.schema.Clip):
                start = round(item.trimmed_range().start_time.rescaled_to(float(rate)).value)
                found[track.kind, item.name, cursor - head, start - head, length + head - tail] += 1
            cursor += length
    return found


def others() -> int:
    """Our files through OpenTimelineIO's adapters."""
    wrong = 0
    known = set(otio.adapters.available_adapter_names())
    for name, form in (("fcp_xml", xmeml), ("cmx_3600", edl), ("ale", ale)):
        if name not in known:
            print(f"OpenTimelineIO's {name}: not checked (its adapter is not installed)")
            continue
        compared = faults = 0
        for rate, drop in RATES:
            cut = plain(make_cut(rate, drop, label(STARTS[0], drop), 40), dissolves=name == "cmx_3600")
            ours = cut if name == "fcp_xml" else lowest(cut)
            assert form.write is not None
            text = form.write(ours, {})[0].decode()
            more = {"rate": float(rate)} if name == "cmx_3600" else {}
            back = otio.adapters.read_from_string(text, name, **more)
            if name == "ale":
                was: Counter[Any] = Counter(range_of_row(item) for item in ours.find_clips())
                now: Counter[Any] = Counter(range_of_row(item) for item in back)
            else:
                was, now = ranges(ours, rate), ranges(back, rate)
            compared += sum(was.values())
            faults += differ(was, now)
        print(f"OpenTimelineIO's {name}: {compared} ranges at {len(RATES)} rates, {faults} differ")
        wrong += faults
    return wrong


def agreement() -> int:
    """One cut as xmeml and as FCPXML at every rate; one hour of 29.97 drop-frame as EDL and as FCPXML."""
    faults = compared = 0
    for rate, drop in RATES:
        cut = make_cut(rate, drop, label(STARTS[0], drop), 60)
        one, other = content(through(xmeml, cut, {})[0]), content(through(fcpxml, cut, {})[0])
        compared += sum(one.values())
        faults += differ(one, other)
    print(f"xmeml and FCPXML of one cut: {compared} ranges at {len(RATES)} rates, {faults} differ")
    timeline = hour_cut(NTSC)
    assert edl.write is not None
    assert edl.read is not None
    raw, _ = edl.write(timeline, {})
    listed, xml = edl.read(raw, {})[0][0], through(fcpxml, timeline, {})[0]
    apart = differ(content(listed), content(xml))
    last = raw.decode().split("\r\n")[-3].split()[-1]
    print(f"one hour of 29.97 DF from 00:59:53;00: {len(timeline.tracks[0])} events, EDL and FCPXML differ in {apart}; the list ends at {last} (01:59:53;00 expected)")
    return faults + apart + (last != "01:59:53;00")


# ---- the same film, cut by ffmpeg. Each of the three scripts knows one format and nothing of ours.

Piece = tuple[str, int, int]  # file, first frame, frame after the last


def from_edl(text: str, folder: Path, starts: dict[str, str]) -> list[Piece]:
    def frames(label_: str) -> int:
        hours, minutes, seconds, frame = (int(part) for part in re.split("[:;]", label_))
        minutes += hours * 60
        return (minutes * 60 + seconds) * 30 + frame - 2 * (minutes - minutes // 10)

    reels = {path.stem.upper(): path for path in folder.glob("*.mov")}
    found = re.findall(r"^\d+ +(\S+) +V +C +(\S+) (\S+) \S+ \S+", text, re.MULTILINE)
    zeros = {reel: frames(starts[path.name]) for reel, path in reels.items()}
    return [(str(reels[reel]), frames(first) - zeros[reel], frames(last) - zeros[reel]) for reel, first, last in found]


def from_fcpxml(raw: bytes) -> list[Piece]:
    root = etree.fromstring(raw)
    time = lambda text: Fraction(text.rstrip("s"))  # noqa: E731 - a script of ten lines
    assets = {node.get("id"): (unquote(urlsplit(node.find("media-rep").get("src")).path), time(node.get("start"))) for node in root.iter("asset")}
    pieces = []
    for clip in root.iter("asset-clip"):
        path, zero = assets[clip.get("ref")]
        first = (time(clip.get("start")) - zero) * NTSC
        pieces.append((path, int(first), int(first + time(clip.get("duration")) * NTSC)))
    return pieces


def from_xmeml(raw: bytes) -> list[Piece]:
    root = etree.fromstring(raw)
    files = {node.get("id"): unquote(urlsplit(node.findtext("pathurl")).path) for node in root.iter("file") if node.find("pathurl") is not None}
    return [(files[clip.find("file").get("id")], int(clip.findtext("in")), int(clip.findtext("out"))) for clip in root.iterfind(".//video/track/clipitem")]


def film(ffmpeg: str, pieces: list[Piece]) -> str:
    """The frames of a cut as ffmpeg decodes them: one checksum a line."""
    inputs = [part for path, _, _ in pieces for part in ("-i", path)]
    trims = ";".join(f"[{n}:v]trim=start_frame={first}:end_frame={last},setpts=PTS-STARTPTS[p{n}]" for n, (_, first, last) in enumerate(pieces))
    joined = "".join(f"[p{n}]" for n in range(len(pieces))) + f"concat=n={len(pieces)}:v=1[out]"
    command = [ffmpeg, "-v", "error", "-threads", "1", *inputs, "-filter_complex", f"{trims};{joined}", "-map", "[out]", "-fps_mode", "passthrough", "-f", "framemd5", "-"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return "\n".join(line.split(",")[-1].strip() for line in done.stdout.splitlines() if not line.startswith("#"))


def same_film() -> int:
    try:
        import imageio_ffmpeg
    except ImportError:
        print("the same film from EDL, FCPXML and xmeml: not checked (imageio-ffmpeg is not installed)")
        return 0
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    starts = {"A001C001.mov": "00:59:53;00", "A001C002.mov": "01:09:58;20", "B001C001.mov": "14:59:59;28"}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for number, (name, start) in enumerate(starts.items()):
            source = f"testsrc2=size=160x90:rate=30000/1001:duration=12,hue=h={number * 90}"
            subprocess.run([ffmpeg, "-v", "error", "-f", "lavfi", "-i", source, "-c:v", "libx264", "-qp", "0", "-threads", "1", "-timecode", start, str(folder / name)], check=True)
        timeline = thirty(folder, starts)
        assert edl.write is not None
        assert fcpxml.write is not None
        assert xmeml.write is not None
        films = {
            "EDL": film(ffmpeg, from_edl(edl.write(timeline, {})[0].decode(), folder, starts)),
            "FCPXML": film(ffmpeg, from_fcpxml(fcpxml.write(timeline, {})[0])),
            "xmeml": film(ffmpeg, from_xmeml(xmeml.write(timeline, {})[0])),
        }
    frames = films["EDL"].splitlines()
    expected = sum(int(clip.source_range.duration.value) for clip in timeline.find_clips())
    same = len(set(films.values())) == 1 and len(frames) == expected
    print(f"30 events cut by ffmpeg from the EDL, the FCPXML and the xmeml alone: {len(frames)} frames ({expected} expected), {len(set(frames))} different pictures, {'the same film' if same else 'DIFFERENT FILMS'}")
    return int(not same)


def thirty(folder: Path, starts: dict[str, str]) -> Any:
    """A cut of 30 events over three files, no two of one length after each other."""
    track = otio.schema.Track("V1", kind="Video")
    for number in range(30):
        name = list(starts)[number % 3]
        first = Timecode.parse(starts[name], rate=NTSC).frames
        media = Media(name=name, reel=Path(name).stem, rate=NTSC, drop=True, video=True, width=160, height=90)
        clip = otio.schema.Clip(name=name, media_reference=reference(media, Span(start_s=first / NTSC, end_s=(first + 359) / NTSC), url=file_url(folder / name)))
        clip.source_range = span((first + 7 + 11 * number) / NTSC, (5 + number % 9) / NTSC, NTSC)
        track.append(clip)
    timeline = otio.schema.Timeline(name="thirty", global_start_time=at(Timecode.parse("00:59:53;00", rate=NTSC).frames / NTSC, NTSC))
    timeline.tracks.append(track)
    attach(timeline, CutInfo(rate=NTSC, drop=True, width=160, height=90))
    return timeline


def run() -> int:
    return round_trips() + others() + agreement() + same_film()


if __name__ == "__main__":
    sys.exit(int(bool(run())))
