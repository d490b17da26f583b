"""Proposes frames: looks at each shot once, composes it for every shape that is wanted, and writes down what was proposed and why."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import finishing
from answerprint.finishing import Made
from answerprint.keep import cache_key, write_whole
from answerprint.model.charter import Execution
from answerprint.model.records import AnswerprintError, to_plain
from answerprint.plan import decoder_version
from answerprint.reframing.made import WHAT, about, proposed
from answerprint.reframing.shots import Cut, ReframingError, Shot, cut, differs, shapes
from answerprint.timekeeping import timed
from answerprint.turnover import safe_name

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.media.attending import Stretch
    from answerprint.signal.composing import Composed
    from answerprint.timeline.framing import Framing, Key

__all__ = ["FOLDER", "Reframed", "reframe"]

FOLDER = "cuts/reframing"
_CHANCE = 1.3  #: where a frame holds little more than its share of the picture, it might as well stand anywhere
_LOOK = 1  #: number of the way in which clips are looked at: another one looks again
Watch = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class Reframed:
    """What was proposed for one version."""

    version: str
    shapes: tuple[str, ...]
    proposals: tuple[Made, ...]  #: in the order of the film; also those that stood before and are the same
    refused: tuple[str, ...]  #: what was left alone, because somebody refused it
    says: tuple[str, ...]  #: hero shots, cards, clips that could not be looked at, a sentence each
    file: str  #: all of it: "cuts/reframing/square.json"
    sheet: str  #: the contact sheet; "" where there was nothing to show


@timed("reframing", Execution.VERSIONS)
def reframe(desk: Desk, version: str, wanted: Sequence[str] = (), *, watch: Watch = lambda what, share: None) -> Reframed:
    """Propose a frame for every ordinary shot of a version. What somebody refused is left alone, and so are hero shots.

    Args:    wanted: shapes; those that the version is delivered in where none are given.
             watch: called with (what, share done). Whatever it raises stops the work; every shot that was done stays done.
    Raises:  ReframingError: the version has no cut, or no shape to frame for.  FilmError: no such version.
    """
    there = cut(desk, version)
    if not there.file:
        raise ReframingError(desk.cut_problems.get(there.version, f"{there.version} has no cut yet."))
    names = tuple(dict.fromkeys(wanted)) or shapes(desk, version)
    if not names:
        raise ReframingError(f"{there.version}: in which shape? Say --shape 9:16, or write it in the column shape of versions.csv.")
    before = {one.shot.number: one for one in proposed(desk, version, of=there)}
    made: list[Made] = []
    says: list[str] = []
    left: list[str] = []
    rows: list[dict[str, Any]] = []
    for done, shot in enumerate(there.shots):
        watch(f"{there.version} shot {shot.number}: {shot.clip}", done / len(there.shots))
        asked = tuple(name for name in names if differs(shot, name))
        if not asked:
            continue
        known = before.get(shot.number)
        if shot.hero:
            says.append(f"Shot {shot.number} is hero shot {shot.item}: a person frames it, no machine does.")
        elif known is not None and known.refused is not None:
            left.append(f"{known.about}: {known.refused.by} refused it; it is left alone.")
        else:
            try:
                one, row = _propose(desk, there, shot, asked, known.framing if known and known.made and known.made.values.get("version") == there.version else None)
            except AnswerprintError as error:
                says.append(f"Shot {shot.number}, {shot.clip}: {error}")
                continue
            made.append(one)
            rows.append(row)
    if any(differs(shot, name) for shot in there.shots for name in names):
        says += [f"{one[0].upper()}{one[1:]} is not cropped: it is shown whole, with black bars where the shapes differ, or needs a file of its own in that shape." for one in there.whole]
    file = f"{FOLDER}/{safe_name(there.version)}.json"
    body = {"schema": 1, "version": there.version, "cut": there.file, "seal": desk.cuts[there.version].seal, "shapes": list(names), "shots": rows, "says": [*says, *left]}
    write_whole(desk.path / file, (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode())
    sheet = _sheet(desk, there, made, names, watch)
    watch(there.version, 1.0)
    return Reframed(version=there.version, shapes=names, proposals=tuple(made), refused=tuple(left), says=tuple(says), file=file, sheet=sheet)


def _propose(desk: Desk, there: Cut, shot: Shot, asked: Sequence[str], before: Framing | None) -> tuple[Made, dict[str, Any]]:
    """One shot for some shapes; what was proposed for others before stays with it."""
    from answerprint.timeline import framing
    from answerprint.timeline.framing import Framing

    stretches = _seen(desk, shot)
    paths: dict[str, tuple[Key, ...]] = dict(before.paths) if before else {}
    why: dict[str, Any] = {}
    says: list[str] = []
    for shape in asked:
        composed = [_composed(shot, one, shape) for one in stretches]
        paths[shape] = _keys(shot, stretches, composed)
        why[shape] = _why(composed)
        says += [line for one in composed for line in _says(one, shape)]
    faces = stretches[0].faces is not None
    if not faces:
        says.append("No faces were looked for: onnxruntime is not installed. Install it with: pip install 'answerprint[vision]'")
    made = Framing(version=there.version, file=shot.file, start=shot.start, end=shot.end, rate=(shot.rate.numerator, shot.rate.denominator), size=shot.size, paths=paths)
    data = framing.written(made)
    place = f"{FOLDER}/{safe_name(there.version)}/shot {shot.number} {safe_name(shot.clip)}.json"
    write_whole(desk.path / place, data)
    said = tuple(dict.fromkeys(says))
    values = {"version": there.version, "shot": shot.number, "clip": shot.file, "frames": [shot.start, shot.end], "faces looked for": faces, "why": why}
    name = about(there.version, shot)
    one = finishing.propose(desk.production, WHAT, name, inputs=[shot.unit.digest], files={place: data}, values=values, says=said)
    return one, {"shot": shot.number, "about": name, "framing": to_plain(made), "why": why, "says": list(said)}


# ---- looking


def _seen(desk: Desk, shot: Shot) -> tuple[Stretch, ...]:
    """What is seen of a shot, from the cache where it was looked at before."""
    from answerprint.media import MediaError, attending, faces

    facts = desk.shoot.facts(shot.unit).get("picture")
    inside = sorted(frame for frame in (facts.value("picture.shots", []) if facts else []) if shot.start < frame < shot.end)
    edges = [shot.start, *inside, shot.end]
    spans = list(itertools.pairwise(edges))
    params = {"spans": [list(span) for span in spans], "faces": faces.MODEL if faces.installed() else ""}
    key = cache_key(task="reframe", version=_LOOK, inputs=[shot.unit.digest], params=params, decoder=decoder_version())
    kept = desk.production.cache.path(key, "seen.npz")
    if kept.is_file():
        try:
            return attending.read(kept.read_bytes())
        except (OSError, MediaError):
            kept.unlink(missing_ok=True)
    found = attending.attend(proxy(desk, shot), spans)
    write_whole(kept, attending.written(found))
    return found


def proxy(desk: Desk, shot: Shot) -> Path:
    """The clip as it is looked at.

    Raises: ReframingError: it has no proxy.
    """
    found: Path | None = desk.shoot.plan.artefacts(shot.unit, desk.production.cache).get("picture/proxy.mp4")
    if found is None or not found.is_file():
        raise ReframingError(f"there is no proxy of {shot.file} to look at. Make it: answerprint prep FOLDER")
    return found


# ---- composing


def _composed(shot: Shot, stretch: Stretch, shape: str) -> Composed:
    from answerprint.signal.attention import interest
    from answerprint.signal.composing import Sight, compose
    from answerprint.timeline.framing import SHAPES

    maps, motion = interest(stretch.small)
    pace = float(shot.rate * shot.speed) or float(shot.rate)
    sight = Sight(times_s=(stretch.frames - stretch.start) / pace, faces=stretch.faces, maps=maps, motion=motion)
    return compose(sight, picture=float(Fraction(*shot.size)), shape=float(SHAPES[shape]))


def _keys(shot: Shot, stretches: Sequence[Stretch], composed: Sequence[Composed]) -> tuple[Key, ...]:
    """The path in frames of the clip: a key for a hold, two for a move; at a cut inside the clip it jumps."""
    from answerprint.timeline.framing import Key

    pace = float(shot.rate * shot.speed) or float(shot.rate)
    keys: list[Key] = []
    for number, (stretch, one) in enumerate(zip(stretches, composed, strict=True)):
        ends = [(one.way.start_s, one.way.start), (one.way.end_s, one.way.end)] if one.way.moves else [(0.0, one.way.start)]
        part = []
        for moment, place in ends:
            frame = min(stretch.start + round(moment * pace), stretch.end - 1)
            x, y = (place, 0.5) if one.across else (0.5, place)
            part.append(Key(frame=frame, x=round(x, 4), y=round(y, 4), ease="soft" if one.way.soft else "straight"))
        if number + 1 < len(stretches):  # stands still up to the cut, and jumps on it
            part[-1] = Key(frame=part[-1].frame, x=part[-1].x, y=part[-1].y, ease="hold")
        if number and part[0].frame > stretch.start:
            part.insert(0, Key(frame=stretch.start, x=part[0].x, y=part[0].y, ease="hold"))
        keys += part
    return tuple(keys)


def _why(composed: Sequence[Composed]) -> list[dict[str, Any]]:
    """What spoke for each stretch, in plain values: numbers as decimal text."""
    return [
        {
            "by": one.by, "faces": one.kept, "faces left out": len(one.left), "faces whole": f"{one.whole:.2f}", "inside": f"{one.inside:.2f}",
            "from": f"{one.way.start:.4f}", "to": f"{one.way.end:.4f}", "seconds": f"{one.way.end_s - one.way.start_s:.2f}" if one.way.moves else "0",
        }
        for one in composed
    ]  # fmt: skip


def _says(one: Composed, shape: str) -> list[str]:
    says = []
    if one.wide:
        says.append(f"In {shape} the face is larger than the frame: it is cut on both sides. Leave the shot whole, or choose another.")
    elif one.kept and one.whole < 0.95:
        says.append(f"In {shape} a face leaves the frame in {1 - one.whole:.0%} of what was looked at: no slow move keeps it.")
    if one.left:
        who = "1 face" if len(one.left) == 1 else f"{len(one.left)} faces"
        says.append(f"In {shape} not all faces fit: {who} {', '.join(dict.fromkeys(one.left))} {'is' if len(one.left) == 1 else 'are'} left out; the larger, nearer the middle, stays.")
    if not one.kept and one.inside < _CHANCE * one.window:
        says.append(f"In {shape} no face is seen, and what moves or stands out is all over the picture: the frame holds {one.inside:.0%} of it. Look at this one.")
    return says


# ---- the sheet


def _told(why: Sequence[Mapping[str, Any]]) -> str:
    """By what, and whether it moves, in few words; a clip with cuts in it has several."""
    parts = [f"{part['by']}, {'holds' if part['seconds'] == '0' else 'moves'}" for part in why]
    return parts[0] if len(parts) == 1 else f"{len(parts)} shots in the clip: {'; '.join(parts)}"


def _sheet(desk: Desk, there: Cut, made: Sequence[Made], names: Sequence[str], watch: Watch) -> str:
    from answerprint.media import MediaError
    from answerprint.media.framesheet import Row, frame_sheet
    from answerprint.timeline import framing

    shots = {shot.number: shot for shot in there.shots}
    rows = []
    for one in made:
        shot = shots[one.values["shot"]]
        path = framing.read(desk.production.keep.get(next(iter(one.files.values()))))
        moments = (shot.start, (shot.start + shot.end - 1) // 2, shot.end - 1)
        for shape in names:
            if path.paths.get(shape):
                what = f"shot {shot.number}  {shot.clip}  {shape}"
                says = (_told(one.values["why"].get(shape, [])), *(line for line in one.says if f"In {shape} " in line))
                rows.append(Row(name=what, says=says, proxy=proxy(desk, shot), frames=moments, boxes=tuple(framing.crop(path, shape, frame) for frame in moments)))
    if not rows:
        return ""
    file = f"{FOLDER}/{safe_name(there.version)}.png"
    try:
        frame_sheet(f"{there.version}: proposed frames", rows, desk.path / file, progress=lambda share: watch(f"{there.version}: contact sheet", share))
    except OSError as cause:
        raise MediaError(f"{file} cannot be written ({cause.strerror}).") from cause
    return file
