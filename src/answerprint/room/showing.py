"""A cut as it is looked at: its shots laid flat as data, its sound track by track, the words under it and its markers.

Where a list brings no sound, the recorder's lies under each shot, and the page says so.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.assistant import first_timecode
from answerprint.desk import Desk
from answerprint.model.records import AnswerprintError
from answerprint.model.time import Span, Timecode, floor_frames, round_half_up
from answerprint.room import RoomError
from answerprint.room.asking import Room
from answerprint.room.reads import reads

if TYPE_CHECKING:
    from answerprint.assistant import Table
    from answerprint.plan import Unit
    from answerprint.timeline.edit import Use
    from answerprint.timeline.shown import Shown
    from answerprint.timeline.slates import Strung

__all__ = ["MARK", "PEAKS_HZ", "Lane", "Placed", "Showing", "desk_of", "handles", "markers", "showing", "shown_by", "source_timecode", "strung_of", "words_under"]

MARK = "NOT SIGNED"
MAX_USES = 4000  #: a feature film has about two thousand shots; more is no cut that somebody watches here
PEAKS_HZ = 100  #: columns of a wave a second, as for clips


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One shot of a cut: frames [start, end) of the cut, and what it is of."""

    number: int
    shown: Shown
    unit: Unit | None  #: None: a card, an empty stretch, or media that are not here
    name: str  #: as people call it: its slate, else the clip
    clip: str
    item: int | None
    strung: Strung | None
    says: str = ""  #: why it is shown as a card, in a sentence

    @property
    def frames(self) -> int:
        return self.shown.end - self.shown.start


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One track of sound that is heard."""

    name: str
    uses: tuple[Use, ...]


@dataclass(frozen=True, kw_only=True)
class Showing:
    """A cut, ready to be shown."""

    file: str
    title: str
    seal: str
    rate: Fraction
    start: Timecode
    frames: int
    shots: tuple[Placed, ...]
    lanes: tuple[Lane, ...]
    borrowed: bool  #: the list brought no sound that is here: the recorder's lies under each shot
    supers: int  #: words and stills over the picture, not drawn
    joints: int  #: transitions, shown as cuts
    movie: Path
    timeline: Any

    @property
    def peaks(self) -> Path:
        """Where the waves of its tracks lie, once it was made."""
        return self.movie.with_suffix(".npy")


def desk_of(room: Room) -> Desk:
    """The desk over what the room holds warm: the shoot is not read again, and no signature checked twice."""
    desk = Desk(room.house.production)
    vars(desk)["table"] = room.house.table
    vars(desk)["book"] = room.house.book
    vars(desk)["_read"] = reads(room, desk)
    return desk


# ---- reading a cut

_kept: dict[tuple[Any, ...], tuple[Table, Showing]] = {}  #: with the shoot that it was read over, so that another one is never taken for it
_KEPT = 24  #: cuts held in memory
_lock = threading.Lock()


def showing(room: Room, desk: Desk, file: str) -> Showing:
    """A cut as it is shown.

    Args:   file: as the production calls it, "cuts/v03.otio".
    Raises: TurnoverError, TimelineError, DeskError: it cannot be read, or is no single cut.
    """
    now = (room.house.production.path / file).stat()
    seal = desk.read(file, desk.family.first.name).cut.seal  # a card may be exchanged under a cut that stays as it is
    key = (id(room), id(desk.table), file, now.st_mtime_ns, now.st_size, seal)
    with _lock:
        if key in _kept:
            return _kept[key][1]
    made = _laid(room, desk, file)
    with _lock:
        if len(_kept) >= _KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = (desk.table, made)
    return made


def _laid(room: Room, desk: Desk, file: str) -> Showing:
    from answerprint.timeline import edit
    from answerprint.timeline.cut import cut_info, seconds
    from answerprint.timeline.shown import flat, over

    timeline = desk.read(file, desk.family.first.name).timeline
    info = cut_info(timeline)
    table = desk.table
    units = {digest: unit for unit in table.shoot.units for digest in (unit.digest, unit.original.digest if unit.original else None) if digest}
    grounded = _grounded(timeline, units)
    whole = edit.edit_of(grounded)
    if len(whole.picture) > MAX_USES:
        raise RoomError(f"there are {len(whole.picture)} pieces of picture in it; up to {MAX_USES} are shown here. Export the cut by itself, flattened.")
    shots = tuple(_placed(table, units, info.rate, number, one) for number, one in enumerate(flat(whole, info.rate), 1))
    lanes = _lanes(grounded)
    borrowed = not any(use.media is not None and use.media.digest in units for lane in lanes for use in lane.uses)
    lanes = () if borrowed else lanes
    first = round_half_up(seconds(timeline.global_start_time) * info.rate) if timeline.global_start_time is not None else 0
    made = [edit.edit_seal(timeline), str(info.rate), str(borrowed), *(str(_proxy(room, table, one.unit)) for one in shots)]
    name = hashlib.sha256("\n".join(made).encode()).hexdigest()[:32]
    return Showing(
        file=file, title=Path(file).stem, seal=made[0], rate=info.rate, start=Timecode(frames=first, rate=info.rate, drop=info.drop),
        frames=shots[-1].shown.end if shots else 0, shots=shots, lanes=lanes, borrowed=borrowed, supers=over(whole),
        joints=sum(one.kind == "picture" for one in whole.joints), movie=room.house.viewing / f"cut-{name}.mp4", timeline=timeline,
    )  # fmt: skip


def _grounded(timeline: Any, units: dict[str, Unit]) -> Any:
    """The cut with the extent of every medium that is here and of which the list did not say it (an EDL does not): its source times count
    from the camera's own timecode, and what is played counts from the first frame."""
    from answerprint.timeline.cut import media_of, span, start_and_length

    copy = timeline.clone()
    for clip in copy.find_clips():
        ref = clip.media_reference
        unit = units.get(media_of(clip).digest or "")
        if unit is not None and ref is not None and getattr(ref, "available_range", None) is None:
            whole = start_and_length(unit.info)
            rate = unit.info.video.rate if unit.info.video else Fraction(unit.info.audio[0].rate_hz) if unit.info.audio else None
            ref.available_range = span(whole.start_s, whole.duration_s, rate)
    return copy


def _lanes(timeline: Any) -> tuple[Lane, ...]:
    """The sound tracks on which anything is heard, from the top."""
    import opentimelineio as otio

    from answerprint.timeline.edit import edit_of

    lanes = []
    for number, track in enumerate((one for one in timeline.tracks if getattr(one, "kind", None) == otio.schema.TrackKind.Audio), 1):
        alone = otio.schema.Timeline()
        alone.tracks.append(track.clone())
        if found := edit_of(alone).sound:
            lanes.append(Lane(name=track.name or f"A{number}", uses=found))
    return tuple(lanes)


def _proxy(room: Room, table: Table, unit: Unit | None) -> Path | None:
    return table.shoot.plan.artefacts(unit, room.house.production.cache).get("picture/proxy.mp4") if unit is not None else None


def _placed(table: Table, units: dict[str, Unit], rate: Fraction, number: int, one: Shown) -> Placed:
    from answerprint.timeline.slates import slate_name

    use = one.use
    if use is None:
        return Placed(number=number, shown=one, unit=None, name="empty", clip="", item=None, strung=None, says="Nothing stands here in the cut.")
    if use.media is None or use.lettering:
        words = use.medium.removeprefix("lettering ") if use.media is None and not use.medium.startswith("nested ") else ""
        says = words or (use.media.name if use.media else "a cut inside the cut: play it in the editing program")
        return Placed(number=number, shown=one, unit=None, name="card", clip=says, item=None, strung=None, says=says)
    unit = units.get(use.media.digest or "")
    clip = (use.media.name or use.medium).rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if unit is None:
        return Placed(number=number, shown=one, unit=None, name=clip, clip=clip, item=None, strung=None, says=f"{clip}: not among the media of this production")
    span = one.source(rate)
    best: tuple[Fraction, Strung | None] = (Fraction(0), None)
    item: tuple[Fraction, int | None] = (Fraction(0), None)
    for strung in _tries(table, unit):
        shared = span.overlap(_stretch(strung.attempt.in_s, strung.attempt.out_s))
        if shared is not None and shared.duration_s > best[0]:
            best = (shared.duration_s, strung)
        for covered in strung.covered:
            shared = span.overlap(_stretch(covered.in_s, covered.out_s))
            if shared is not None and shared.duration_s > item[0]:
                item = (shared.duration_s, covered.item)
    return Placed(number=number, shown=one, unit=unit, name=slate_name(best[1]) if best[1] else clip, clip=clip, item=item[1], strung=best[1],
                  says="plays backwards in the cut" if use.speed < 0 else "")  # fmt: skip


def _stretch(in_s: float, out_s: float) -> Span:
    return Span(start_s=Fraction(str(in_s)), end_s=Fraction(str(max(in_s, out_s))))


def _tries(table: Table, unit: Unit) -> list[Strung]:
    wanted = {unit.digest, unit.original.digest if unit.original else None}
    return [one for one in strung_of(table) if one.clip.digest in wanted]


_strung: tuple[Table, list[Strung]] | None = None


def strung_of(table: Table) -> list[Strung]:
    """Every attempt of a table, made once for each table."""
    global _strung
    held = _strung
    if held is None or held[0] is not table:
        held = _strung = (table, table.strung())
    return held[1]


def handles(one: Placed, rate: Fraction) -> tuple[int, int]:
    """How many frames of the clip lie before and after what is shown, at the cut's rate."""
    if one.unit is None:
        return 0, 0
    span = one.shown.source(rate)
    return floor_frames(span.start_s, rate), max(0, floor_frames(one.unit.info.duration_s - span.end_s, rate))


def source_timecode(room: Room, one: Placed, at_s: Fraction) -> str | None:
    """The timecode that the camera wrote at a moment of the clip."""
    return str(found) if one.unit is not None and (found := first_timecode(one.unit, room.house.table.shoot, at_s)) else None


# ---- words under the cut


def words_under(room: Room, shown: Showing) -> list[tuple[float, float, str]]:
    """Every word that is heard in the cut, as (start, end, word), in seconds from its first frame, in the order of the cut."""
    table = room.house.table
    units = {one.digest: one for one in table.shoot.units}
    heard: dict[str, list[tuple[float, float, str]]] = {}
    found: dict[tuple[int, str], tuple[float, float, str]] = {}
    uses = [use for lane in shown.lanes for use in lane.uses] or [one.shown.use for one in shown.shots if one.shown.use is not None]
    for use in uses:
        unit = units.get(use.media.digest or "") if use.media else None
        if unit is None or use.speed <= 0:
            continue
        if unit.digest not in heard:
            heard[unit.digest] = _words(table, unit)
        for start, end, text in heard[unit.digest]:
            if use.source.start_s <= Fraction(start) < use.source.end_s:
                at = float(use.start_s) + (start - float(use.source_s)) / float(use.speed)
                until = min(float(use.start_s) + (end - float(use.source_s)) / float(use.speed), float(use.start_s + use.length_s))
                found.setdefault((round(at * 5), text.casefold()), (at, until, text))  # two tracks of one voice are one word
    return sorted(found.values())


def _words(table: Table, unit: Unit) -> list[tuple[float, float, str]]:
    """The words of a clip; of a recorder file, its own and those of the clips that are synced to it, on its own time."""
    rows = [(one.in_s, one.out_s, one.text) for one in table.words(unit)]
    if unit.is_clip:
        return rows
    for clip in table.shoot.clips:
        for certificate in table.shoot.certificates.get(clip.digest, []):
            if certificate["sound"] == unit.digest and certificate["abstained"] is None:
                offset, pace = float(certificate["offset_s"]), 1 + float(certificate["drift_ppm"]) / 1e6
                rows += [(offset + one.in_s * pace, offset + one.out_s * pace, one.text) for one in table.words(clip)]
    return rows


def shown_by(room: Room, movie: Path) -> Showing | None:
    """The cut whose movie that is; None where it is gone."""
    with _lock:
        shown = next((one for _, one in _kept.values() if one.movie == movie), None)
    if shown is None:  # many others were looked at since
        desk = desk_of(room)
        for file in desk.cut_files():
            with contextlib.suppress(AnswerprintError, OSError):
                if (found := showing(room, desk, file)).movie == movie:
                    shown = found
    return shown


def markers(shown: Showing) -> list[tuple[int, str]]:
    """The markers that an editor set, as (frame of the cut, words); those of our own rough cut are left out: its reasons stand elsewhere."""
    import opentimelineio as otio

    from answerprint.timeline.cut import duration_of, range_of, seconds
    from answerprint.timeline.rough import PREFIX

    found = [(seconds(one.marked_range.start_time), one.name) for one in shown.timeline.tracks.markers]
    for track in shown.timeline.tracks:
        at = Fraction(0)
        for item in track:
            if isinstance(item, otio.schema.Transition):
                continue
            first = range_of(item).start_s
            found += [(at + seconds(one.marked_range.start_time) - first, one.name) for one in item.markers]
            at += duration_of(item)
    rows = {(round_half_up(at * shown.rate), name.strip()) for at, name in found if name.strip() and not name.startswith(PREFIX)}
    return sorted(row for row in rows if 0 <= row[0] < shown.frames)
