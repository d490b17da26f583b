"""The shots of a version as another shape sees them: which frames of which clip, whose item, and what cannot be framed at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from answerprint.deliverables import wanted
from answerprint.model.records import AnswerprintError
from answerprint.model.time import Span, floor_frames

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.plan import Unit
    from answerprint.timeline.edit import Edit
    from answerprint.timeline.shown import Shown

__all__ = ["Cut", "ReframingError", "Shot", "cut", "shape_called", "shapes"]

_SPOKEN = {"square": "1:1", "vertical": "9:16", "tall": "9:16", "portrait": "9:16", "wide": "16:9", "landscape": "16:9"}


class ReframingError(AnswerprintError):
    """A shape that does not exist, or a version that cannot be reframed."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One shot of a version's picture that is of a clip: frames [start, end) of it, with those that its transitions show."""

    number: int  #: in the order of the film, from 1, cards and nested cuts counted
    file: str  #: the clip, as the production calls it
    unit: Unit
    start: int
    end: int
    rate: Fraction  #: frames a second of the clip
    size: tuple[int, int]  #: of its picture as it is seen
    speed: Fraction  #: 1 as shot; how many seconds of the clip go by in one of the film; 0 stands still
    film: tuple[int, int]  #: frames of the cut, half-open
    item: int | None  #: of the script, as far as anything is known about it
    hero: bool

    @property
    def clip(self) -> str:
        """The clip's name, without folder and ending."""
        return PurePosixPath(self.file).stem


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A version's picture: its shots, and sentences for what no frame can be proposed for, each with the shape's name left open."""

    version: str
    file: str
    shots: tuple[Shot, ...]
    whole: tuple[str, ...]  #: cards, supers, nested cuts: "the card logo.png"


def shape_called(text: str) -> str:
    """The shape that somebody means by "9:16", "9x16", "square", "1.78": as `timeline.framing.SHAPES` calls it; "" for no text.

    Raises: ReframingError: there is no such shape here.
    """
    from answerprint.timeline.framing import SAME, SHAPES

    said = text.strip().casefold()
    if not said:
        return ""
    said = _SPOKEN.get(said, said)
    parts = re.fullmatch(r"(\d+(?:\.\d+)?)(?:\s*[:x/×]\s*(\d+(?:\.\d+)?))?", said)
    ratio = Fraction(parts[1]) / Fraction(parts[2] or 1) if parts and Fraction(parts[2] or 1) else None
    found = next((name for name, known in SHAPES.items() if ratio is not None and abs(known / ratio - 1) < SAME), None)
    if found is None:
        raise ReframingError(f"{text!r} is no shape that is framed here. There are: {', '.join(SHAPES)}.")
    return found


def shapes(desk: Desk, version: str) -> tuple[str, ...]:
    """The shapes that a version is delivered in: the one that versions.csv gives it or the version it comes from, and those of its specs.
    One that nobody frames for, such as 2.39:1, is left out.

    Raises: FilmError: no such version.  DeliveryError: a spec that does not exist.
    """
    from answerprint.delivery.specs import spec

    found = [next((one.shape for one in desk.family.line(version) if one.shape), "")]
    for name in wanted(desk, desk.family[version].name):
        picture = spec(name, desk.path).picture
        found += [f"{picture.width}:{picture.height}"] if picture.width and picture.height else []
    return tuple(dict.fromkeys(shape for one in found if (shape := _known(one))))


def _known(text: str) -> str:
    try:
        return shape_called(text)
    except ReframingError:
        return ""


def differs(shot: Shot, shape: str) -> bool:
    """Whether a shot has to be framed for a shape at all."""
    from answerprint.timeline.framing import SAME, SHAPES

    return abs(SHAPES[shape] / Fraction(*shot.size) - 1) >= SAME


def cut(desk: Desk, version: str) -> Cut:
    """The shots of a version's cut as it is now; none where it has no cut.

    Raises: FilmError: no such version.  TimelineError: a length that cannot be told.
    """
    from answerprint.timeline import edit
    from answerprint.timeline.cut import cut_info
    from answerprint.timeline.shown import flat

    name = desk.family[version].name
    timeline = desk.timeline(name)
    if timeline is None:
        return Cut(version=name, file="", shots=(), whole=())
    units = {digest: unit for unit in desk.shoot.units for digest in (unit.digest, unit.original.digest if unit.original else None) if digest}
    whole = edit.edit_of(_grounded(timeline, units))
    rate = cut_info(timeline).rate
    shots: list[Shot] = []
    others: list[str] = []
    for number, shown in enumerate(flat(whole, rate), 1):
        use = shown.use
        if use is None:
            continue
        unit = units.get(use.media.digest or "") if use.media is not None and not use.lettering else None
        if unit is None or unit.info.video is None:
            others.append(_called(use))
        else:
            shots.append(_shot(desk, whole, rate, number, (shown, unit)))
    replaceable = desk.cuts[name].replaceable
    others += [_called(use) for use in whole.picture if use.layer and (use.lettering or (use.media is not None and use.media.file in replaceable))]
    return Cut(version=name, file=desk.cuts[name].file, shots=tuple(shots), whole=tuple(dict.fromkeys(others)))


def _called(use: Any) -> str:
    if use.media is not None:
        return f"{'the card' if use.lettering and not use.layer else 'the super' if use.layer else 'the picture'} {use.media.name or use.media.file}"
    return "a cut inside the cut" if use.medium.startswith("nested ") else f"the {use.medium}"


def _grounded(timeline: Any, units: dict[str, Unit]) -> Any:
    """The cut with the extent of every clip of which the list did not say it, so that source times count from the clip's first frame."""
    from answerprint.timeline.cut import media_of, span, start_and_length

    copy = timeline.clone()
    for clip in copy.find_clips():
        reference, unit = clip.media_reference, units.get(media_of(clip).digest or "")
        if unit is not None and reference is not None and getattr(reference, "available_range", None) is None and unit.info.video is not None:
            whole = start_and_length(unit.info)
            reference.available_range = span(whole.start_s, whole.duration_s, unit.info.video.rate)
    return copy


def _shot(desk: Desk, whole: Edit, cut_rate: Fraction, number: int, what: tuple[Shown, Unit]) -> Shot:
    shown, unit = what
    use, video = shown.use, unit.info.video
    assert use is not None
    assert video is not None
    speed, seen = abs(use.speed), shown.source(cut_rate)
    before, after = _handles(whole, shown, cut_rate)
    if use.speed < 0:
        before, after = after, before
    last = video.frames if video.frames is not None and not video.variable else floor_frames(video.duration_s, video.rate)
    start = min(max(floor_frames(seen.start_s - before * speed, video.rate), 0), max(last - 1, 0))
    end = min(max(-floor_frames(-(seen.end_s + after * speed), video.rate), start + 1), max(last, start + 1))
    hero_item = _hero(desk, unit, seen, 1 / video.rate)
    item = hero_item if hero_item is not None else _item(desk, unit, seen)
    hero = item is not None and desk.items[item].hero is not None
    return Shot(
        number=number, file=(unit.original or unit).file, unit=unit, start=start, end=end, rate=video.rate, size=video.display_size, speed=speed,
        film=(shown.start, shown.end), item=item, hero=hero,
    )  # fmt: skip


def _handles(whole: Edit, shown: Shown, rate: Fraction) -> tuple[Fraction, Fraction]:
    """How far the transitions at a shot's ends reach beyond it, in seconds of film."""
    use = shown.use
    before = after = Fraction(0)
    for joint in whole.joints:
        if use is None or joint.kind != "picture" or joint.layer != use.layer:
            continue
        if joint.at_s == use.start_s and Fraction(shown.start) / rate <= joint.at_s + 1 / rate:
            before = joint.before_s
        if joint.at_s == use.start_s + use.length_s and Fraction(shown.end) / rate >= joint.at_s - 1 / rate:
            after = joint.after_s
    return before, after


def _item(desk: Desk, unit: Unit, seen: Span) -> int | None:
    """The item of the script that most of a stretch covers; where an attempt is known only as a whole, its hero shot before its others."""
    best: tuple[Fraction, int | None] = (Fraction(0), None)
    digests = {unit.digest, unit.original.digest if unit.original else None}
    for strung in desk.table.strung():
        if strung.clip.digest in digests:
            for covered in strung.covered:
                best = _longer(best, seen, (covered.in_s, covered.out_s), covered.item)
    if best[1] is None:
        for one in desk.tries:
            if one.clip in digests and one.items:
                best = _longer(best, seen, (one.in_s, one.out_s), _first_hero(desk, one.items))
    return best[1] if best[1] in desk.items else None


def _hero(desk: Desk, unit: Unit, seen: Span, frame_s: Fraction) -> int | None:
    """The hero item of which a stretch shows more than one frame, whatever else it shows; of several the one that it shows most of."""
    digests = {unit.digest, unit.original.digest if unit.original else None}
    lined = [one for strung in desk.table.strung() if strung.clip.digest in digests for one in strung.covered]
    known = {one.item for one in lined}  # of these it is known where they are; of the others only in which attempt
    found = [(one.item, (one.in_s, one.out_s)) for one in lined] + [(item, (one.in_s, one.out_s)) for one in desk.tries if one.clip in digests for item in one.items if item not in known]
    best: tuple[Fraction, int | None] = (frame_s, None)
    for item, stretch in found:
        if item in desk.items and desk.items[item].hero is not None:
            best = _longer(best, seen, stretch, item)
    return best[1]


def _first_hero(desk: Desk, items: Sequence[int]) -> int:
    return next((item for item in items if item in desk.items and desk.items[item].hero is not None), items[0])


def _longer(best: tuple[Fraction, int | None], seen: Span, stretch: tuple[Any, Any], item: int) -> tuple[Fraction, int | None]:
    start, end = Fraction(str(stretch[0])), Fraction(str(stretch[1]))
    shared = seen.overlap(Span(start_s=start, end_s=max(start, end)))
    return (shared.duration_s, item) if shared is not None and shared.duration_s > best[0] else best
