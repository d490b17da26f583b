"""ALE, the Avid Log Exchange: a table of clips with what the day's paper says about each. A bin, not a cut."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Format, Loss
from answerprint.model.time import Timecode, TimecodeError, floor_frames, parse_rate, rate_name
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import ClipInfo, CutInfo, Keyword, Media, at, attach, cut_info, info, path_of, reference, visible
from answerprint.timeline.formats.frames import Row, Shot, rows

__all__ = ["format"]

_COLUMNS = ("Name", "Tracks", "Start", "End", "Duration", "Tape", "Scene", "Take", "Camera", "Soundroll", "Circled", "FPS", "Shot frame rate",
            "ASC_SOP", "ASC_SAT", "Comments", "Description", "Source File", "UNC", "Digest")  # fmt: skip
_LARGEST = 64 * 2**20  #: bytes; ten thousand clips of a hundred columns are under 20 MB


# ---- out


def _write(timeline: Any, options: Mapping[str, Any]) -> tuple[bytes, Sequence[Loss]]:
    """One row per picture clip, in the order of the timeline, and one per sound that lies under no picture.

    Options: none.
    Raises:  TimelineError if there is no clip to list, or the rate cannot be counted in timecode.
    """
    losses: list[Loss] = []
    cut = cut_info(timeline)
    if cut.rate > 60:
        raise TimelineError(f"{timeline.name or 'this timeline'} runs at {rate_name(cut.rate)}; an ALE counts up to 60 frames a second.")
    laid = rows(timeline.tracks, cut.rate, [], where="an ALE")
    pictures = [row for row in laid if row.video]
    sounds = [row for row in laid if not row.video]
    shown = sorted((shot for row in pictures for shot in row.shots), key=lambda shot: shot.start)
    lines: dict[tuple[str, ...], None] = {}
    for shot in shown:
        _add(lines, shot, _under(shot, sounds), cut, losses)
    for row in sounds:
        for shot in row.shots:
            if not any(picture.start < shot.end and shot.start < picture.end for picture in shown):
                _add(lines, shot, [], cut, losses)
    if not lines:
        raise TimelineError(f"{timeline.name or 'this timeline'} has no clip in it; an ALE lists clips.")
    if any(shot.into or shot.out_of for shot in shown):
        losses.append(Loss(clip=timeline.name or "the timeline", says="an ALE is a list of clips: where they lie, their order and their transitions are not in it."))
    height = cut.height or next((shot.media.height for shot in shown if shot.media and shot.media.height), 1080)
    head = [("FIELD_DELIM", "TABS"), ("VIDEO_FORMAT", str(height) if height in (720, 1080) else "CUSTOM"),
            ("AUDIO_FORMAT", f"{Fraction(cut.audio_rate_hz, 1000).limit_denominator(10)}khz" if cut.audio_rate_hz % 1000 == 0 else "44.1khz"), ("FPS", rate_name(cut.rate))]  # fmt: skip
    text = ["Heading", *("\t".join(entry) for entry in head), "", "Column", "\t".join(_COLUMNS), "", "Data", *("\t".join(line) for line in lines)]
    return ("\n".join(text) + "\n").encode("utf-8"), tuple(dict.fromkeys(losses))


def _under(shot: Shot, sounds: list[Row]) -> list[Shot]:
    return [heard for row in sounds for heard in row.shots if heard.start < shot.end and shot.start < heard.end and heard.media and not heard.media.video]


def _add(lines: dict[tuple[str, ...], None], shot: Shot, under: list[Shot], cut: CutInfo, losses: list[Loss]) -> None:
    media, item = shot.media, shot.item
    name = item.name or "a clip"
    if media is None or media.still:
        losses.append(Loss(clip=name, says="an ALE lists camera clips and sounds; this was left out."))
        return
    if shot.speed != 1:
        losses.append(Loss(clip=name, says="its speed is not in an ALE; the row says what is used of its file."))
    says = info(item, ClipInfo) or ClipInfo()
    rate = media.rate or cut.rate
    drop = media.drop if media.rate else cut.drop
    if rate != cut.rate:
        losses.append(Loss(clip=name, says=f"it runs at {rate_name(rate)}; Avid takes an ALE at one rate, here {rate_name(cut.rate)}: import it into a project of its own rate."))
    used = shot.used(cut.rate)
    first, last = floor_frames(used.start_s, rate), floor_frames(used.end_s, rate)
    start, end = (Timecode(frames=frame, rate=rate, drop=drop) for frame in (first, max(last, first + 1)))
    words = [keyword.text for keyword in says.keywords]
    path = path_of(getattr(item.media_reference, "target_url", None)) or media.file
    channels = media.audio_channels
    rolls = [heard.media.reel or os.path.splitext(heard.media.name)[0] for heard in under if heard.media]
    sop, sat = _cdl(item)
    cells = {
        "Name": item.name or media.name, "Tracks": ("V" if media.video else "") + "".join(f"A{number}" for number in range(1, channels + 1)), "Start": str(start),
        "End": str(end), "Duration": str(Timecode(frames=max(last - first, 1), rate=rate, drop=drop)), "Tape": media.reel or os.path.splitext(media.name)[0],
        "Scene": says.scene or "", "Take": says.take or "", "Camera": media.camera or says.angle or media.angle or "", "Soundroll": ", ".join(dict.fromkeys(rolls)),
        "Circled": "Yes" if any(word.casefold() == "circled" for word in words) else "", "FPS": rate_name(rate),
        "Shot frame rate": rate_name(media.fps_shot) if media.fps_shot else "", "ASC_SOP": sop, "ASC_SAT": sat,
        "Comments": " ".join(text for text in (says.note, says.abstained) if text), "Description": ", ".join(dict.fromkeys(words)), "Source File": media.name,
        "UNC": path or "", "Digest": media.digest or "",
    }  # fmt: skip
    lines[tuple(" ".join(visible(cells[column]).split()) for column in _COLUMNS)] = None
    if says.sync or any((info(heard.item, ClipInfo) or ClipInfo()).sync for heard in under):
        losses.append(Loss(clip=name, says="which recorder file belongs to it is named as its sound roll; where it is in sync is not in an ALE."))
    if item.markers:
        losses.append(Loss(clip=name, says="its markers are not in an ALE."))


def _cdl(item: Any) -> tuple[str, str]:
    known = item.metadata.get("cdl")
    if not isinstance(known, Mapping):
        return "", ""
    try:
        sop = known.get("asc_sop")
        text = "".join("(" + " ".join(f"{float(value):.4f}" for value in sop[part]) + ")" for part in ("slope", "offset", "power")) if isinstance(sop, Mapping) else ""
        return text, f"{float(known['asc_sat']):.4f}" if known.get("asc_sat") is not None else ""
    except (KeyError, TypeError, ValueError):
        return "", ""


# ---- in


def _read(raw: bytes, options: Mapping[str, Any]) -> tuple[Sequence[Any], Sequence[Loss]]:
    """Read an ALE as one timeline of loose clips, end to end in the order of its rows.

    Options: `name`, the file's name for messages; `rate`, for a file that names none.
    Raises:  TimelineError for a file that is no ALE, or has no row that can be read.
    """
    name = str(options.get("name", "this file"))
    if len(raw) > _LARGEST or b"\0" in raw:
        raise TimelineError(f"{name} is not an ALE: it is {'too long' if len(raw) > _LARGEST else 'not text'}. Export the log again.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("mac-roman")  # what Avid wrote before it knew UTF-8
    losses: list[Loss] = []
    heading, columns, data = _parts(text, name)
    try:
        told = heading.get("FPS") or options.get("rate")
        rate = parse_rate(told) if isinstance(told, (str, int, Fraction)) else None
    except TimecodeError as cause:
        raise TimelineError(f"{name}: {cause}") from cause
    if rate is None:
        raise TimelineError(f"{name} does not say its frame rate (FPS in its heading). Say it: 23.976, 24, 25 or 29.97.")
    video, audio = (otio.schema.Track(label, kind=kind) for label, kind in (("V1", otio.schema.TrackKind.Video), ("A1", otio.schema.TrackKind.Audio)))
    drop = False
    for number, cells in data:
        row = {column: cell for column, cell in zip(columns, cells, strict=False) if cell}
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            losses.append(Loss(clip=row.get("Name", name), says=f"line {number} has more fields than the log has columns; the rest was not read."))
        made = _clip(row, rate, name, number, losses)
        if made is None:
            continue
        known = info(made.media_reference, Media)
        drop = drop or bool(known and known.drop)
        filler = otio.schema.Gap(source_range=otio.opentime.TimeRange(at(Fraction(0), rate), made.source_range.duration))
        picture = known is None or known.video
        video.append(made if picture else filler)
        audio.append(filler.clone() if picture else made)
    if not len(video):
        raise TimelineError(f"{name} has no row with a start and an end; there is nothing to read.")
    timeline = otio.schema.Timeline(name=f"{os.path.splitext(name)[0]} (clips)", global_start_time=at(Fraction(0), rate))
    timeline.tracks.append(video)
    if any(isinstance(item, otio.schema.Clip) for item in audio):
        timeline.tracks.append(audio)
    attach(timeline, CutInfo(rate=rate, drop=drop, kind="clips"))
    return [timeline], tuple(dict.fromkeys(losses))


def _parts(text: str, name: str) -> tuple[dict[str, str], list[str], list[tuple[int, list[str]]]]:
    """Heading, column names, and the fields of every row with its line."""
    heading: dict[str, str] = {}
    columns: list[str] = []
    data: list[tuple[int, list[str]]] = []
    part = ""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.rstrip("\r\n")
        if line.strip() in ("Heading", "Column", "Data"):
            part = line.strip()
        elif not line.strip():
            continue
        elif part == "Heading":
            fields = line.rstrip("\t").split("\t")
            heading.update(zip((key.strip() for key in fields[::2]), (value.strip() for value in fields[1::2]), strict=False))
        elif part == "Column":
            columns = columns or [column.strip() for column in line.split("\t")]
        elif part == "Data":
            data.append((number, [cell.strip() for cell in line.split("\t")]))
        else:
            break
    if not columns or part != "Data":
        raise TimelineError(f"{name} is not an ALE: it has no {'columns' if part else 'Heading, Column and Data'}. Export the log again.")
    if heading.get("FIELD_DELIM", "TABS").upper() != "TABS":
        raise TimelineError(f"{name} says its fields are parted by {heading['FIELD_DELIM']}; only TABS is read. Export the log again.")
    return heading, columns, data


def _clip(row: dict[str, str], rate: Fraction, name: str, number: int, losses: list[Loss]) -> Any:
    """A row as a clip; None, and a sentence, where it says no range."""
    called = row.get("Name") or row.get("Filename") or row.get("Source File") or row.get("Tape") or f"line {number}"
    try:
        start = Timecode.parse(row.get("Start", ""), rate=rate)
        if "End" in row:
            end = Timecode.parse(row["End"], rate=rate, drop=start.drop)
            frames = end.frames - start.frames
            if frames < 0:
                frames += Timecode(frames=-1, rate=rate, drop=start.drop).frames + 1  # past midnight
        else:
            frames = Timecode.parse(row.get("Duration", ""), rate=rate, drop=start.drop).frames
    except TimecodeError as cause:
        losses.append(Loss(clip=visible(called), says=f"line {number} was not read: {cause}"))
        return None
    if frames <= 0:
        losses.append(Loss(clip=visible(called), says=f"line {number} was not read: it lasts no time."))
        return None
    tracks = row.get("Tracks", "V").upper()
    picture = "V" in tracks
    path = row.get("UNC") or row.get("Source File Path") or ""
    file = os.path.basename((row.get("Source File") or row.get("Filename") or path or called).replace("\\", "/"))
    try:
        shot_at = parse_rate(row["Shot frame rate"]) if "Shot frame rate" in row else None
    except TimecodeError:
        shot_at = None  # "var" and the like: kept in the row's own fields
    media = Media(
        name=visible(file), file=visible(path), digest=row.get("Digest") or None, reel=visible(row.get("Tape") or row.get("Reel") or "") or None, timecode=str(start),
        rate=rate if picture else None, drop=start.drop, camera=visible(row.get("Camera", "")) or None, fps_shot=shot_at, video=picture, audio_channels=_channels(tracks),
    )  # fmt: skip
    made = otio.schema.Clip(name=visible(called))
    made.source_range = otio.opentime.TimeRange(at(start.seconds, rate), at(frames / rate, rate))
    made.media_reference = reference(media, None, url=None)
    circled = row.get("Circled", "").casefold() in ("yes", "y", "true", "1", "x", "circled", "*")
    words = [word.strip() for word in row.get("Description", row.get("DESCRIPT", "")).split(",") if word.strip()]
    if circled and not any(word.casefold() == "circled" for word in words):
        words.append("circled")
    says = ClipInfo(
        keywords=tuple(Keyword(text=visible(word)) for word in words), scene=visible(row.get("Scene", "")) or None, take=visible(row.get("Take", "")) or None,
        note=visible(row.get("Comments") or row.get("COMMENTS") or "") or None,
    )  # fmt: skip
    if says != ClipInfo():
        attach(made, says)
    kept = {visible(column): visible(cell) for column, cell in row.items() if column not in _COLUMNS}
    if kept:
        made.metadata["ALE"] = kept
    _read_cdl(made, row)
    return made


def _channels(tracks: str) -> int:
    """Sound channels of a Tracks field: VA1A2 and VA12 and A1-4 all name them."""
    tail = tracks.partition("A")[2]
    if not tail and "A" not in tracks:
        return 0
    if "-" in tail:
        first, _, last = tail.partition("-")
        return int(last.strip("A") or 1) - int(first.strip("A") or 1) + 1 if first.strip("A").isdecimal() and last.strip("A").isdecimal() else 1
    return len([part for part in tail.split("A") if part]) if "A" in tail else max(len(tail.replace(",", "")), 1)


def _read_cdl(made: Any, row: dict[str, str]) -> None:
    try:
        known: dict[str, Any] = {}
        parts = [[float(value) for value in part.strip("( ").split()] for part in row.get("ASC_SOP", "").split(")")[:3]]
        if [len(part) for part in parts] == [3, 3, 3]:
            known["asc_sop"] = dict(zip(("slope", "offset", "power"), parts, strict=True))
        if row.get("ASC_SAT"):
            known["asc_sat"] = float(row["ASC_SAT"])
    except ValueError:
        return  # a colour decision that is not numbers is no colour decision
    if known:
        made.metadata["cdl"] = known


format = Format(
    name="ale",
    suffix=".ale",
    write=_write,
    read=_read,
    cannot=(
        "the cut: an ALE is a list of clips, without places, transitions, speeds and markers",
        "clips of another rate than the list's in one Avid project",
        "where a recorder is in sync with its clip, roles, and keywords on a stretch of a clip",
        "stills, generators and nested cuts",
    ),
)
