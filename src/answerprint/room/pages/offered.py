"""What a critic's idea offers, to be played beside what is in the cut, and to be taken along: another cut, another frame, a word from another attempt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint import critiquing
from answerprint.critiquing import Said
from answerprint.model.records import AnswerprintError
from answerprint.model.time import floor_frames
from answerprint.room import movies, showing
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.pages import cut as cuts
from answerprint.room.pages.playing import Stretch, clip_of
from answerprint.room.showing import desk_of
from answerprint.room.words import on_a_page
from answerprint.timeline.slates import slate_name

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.model.attempts import Said as Word
    from answerprint.room.showing import Placed, Showing
    from answerprint.timeline.slates import Strung

router = APIRouter()

Which = Literal["as", "offered"]
FORMATS = ("otio", "fcpxml", "xmeml", "edl")  #: editing programs' own; the first is what lies in the folder
_ROOM_S = Fraction(3)  #: heard on either side of a cut between two rooms: it takes a second or two until one is used to a tone
_AROUND_S = Fraction(1)  #: before and after a shot
_WORD_S = Fraction(7, 10)  #: before and after a word: two or three others to hear it by


@dataclass(frozen=True, kw_only=True)
class Play:
    """One thing to play; where its movie is not made yet, how far that is."""

    stretch: Stretch | None
    at: int
    frame: tuple[float, float, float, float] | None  #: what of the picture another framing shows: left, top, width, height, as shares
    framed: bool  #: whether it is to be shown so, or drawn on the whole picture
    making: float | str | None


def every(desk: Desk) -> list[Said]:
    """Every idea about any version, also about earlier cuts."""
    return [one for version in desk.family.versions for one in (*critiquing.said(desk, version.name), *critiquing.earlier(desk, version.name))]


def number_of(one: Said) -> int | None:
    """The shot that an idea is on, as its cut counted it."""
    kind, _, number = one.on.partition(":")
    return int(number) if kind == "cut" and number.isdigit() else None


def plays(one: Said) -> tuple[tuple[Which, str], ...]:
    """What can be played of an idea: how it is asked for, and under which word of [critics.plays] it goes."""
    names = {str(fact["name"]).split(" ", 1)[-1].partition(":")[0] for fact in one.facts}
    if "covered" in names:  # what it offers differs in how loud the bed is played, which the movie of a cut does not have
        return (("as", "covered"),)
    if one.offer is not None and one.offer.endswith(".otio"):
        return ("as", "cut"), ("offered", "other_cut")
    if one.offer is not None and one.offer.endswith(".json"):
        return ("as", "drawn"), ("offered", "framed")
    if "word" in names:
        return ("as", "word"), ("offered", "other_word")
    if any(str(fact["name"]).endswith(" room dbfs") for fact in one.facts):
        return (("as", "rooms"),)
    if any(str(fact["name"]).endswith(" pause under bed") for fact in one.facts):
        return (("as", "pause"),)
    return (("as", "shots"),) if number_of(one) is not None else ()


# ---- playing


@router.get("/api/critics/play/{n}/{which}")
def play(request: Request, guest: Crew, n: int, which: Which) -> Play:
    """A part of the cut as it is, or of what an idea offers. The first who asks has a movie made of it, and asks again."""
    room = room_of(request)
    desk = desk_of(room)
    one = next((one for version in desk.family.versions for one in critiquing.said(desk, version.name) if one.n == n), None)
    if one is None or which not in {name for name, _ in plays(one)}:
        raise HTTPException(404, room.texts["critics"]["gone"])
    words = dict(plays(one))
    if words[which] in ("drawn", "framed"):
        return _framed(room, guest, desk, one, framed=which == "offered")
    if words[which] in ("word", "other_word"):
        return _word(room, guest, desk, one, there=which == "offered") or _cut(room, guest, desk, one, "as")
    return _cut(room, guest, desk, one, which)


def _cut(room: Room, guest: Guest, desk: Desk, one: Said, which: Which) -> Play:
    """The cut as it is or as it is offered, around the shot that the idea is on; another cut whole, from there."""
    now = showing.showing(room, desk, desk.cuts[one.version].file)
    shown = showing.showing(room, desk, one.offer) if which == "offered" and one.offer is not None else now
    if not movies.ready(room, shown):
        told = movies.progress(room).get(shown.movie.stem, 0.0)
        return Play(stretch=None, at=0, frame=None, framed=False, making=told if isinstance(told, float) else on_a_page(str(told)))
    shot = next((each for each in now.shots if each.number == number_of(one)), None)
    second, words = now.rate, dict(plays(one))["as"]
    first, end = (shot.shown.start, shot.shown.end) if shot is not None else (0, shown.frames)
    if words == "rooms":
        start, last = first - floor_frames(_ROOM_S, second), first + floor_frames(_ROOM_S, second)
    else:
        start, last = first - floor_frames(_AROUND_S, second), end + floor_frames(_AROUND_S, second)
    begin = min(max(start, 0), shown.frames - 1)
    if words == "cut":
        return Play(stretch=Stretch(clip=movies.clip(guest, shown, kind="idea"), start=0, end=shown.frames), at=begin, frame=None, framed=False, making=None)
    return Play(stretch=Stretch(clip=movies.clip(guest, shown, kind="idea"), start=begin, end=min(max(last, begin + 1), shown.frames)), at=begin, frame=None, framed=False, making=None)


def _framed(room: Room, guest: Guest, desk: Desk, one: Said, *, framed: bool) -> Play:
    """A shot from its clip, with the frame that is offered."""
    from answerprint.timeline import framing

    assert one.offer is not None
    made = framing.read((desk.path / one.offer).read_bytes())
    unit = next((unit for unit in room.house.table.shoot.clips for each in (unit, unit.original) if each is not None and each.file == made.file), None)
    if unit is None:
        raise HTTPException(404, room.texts["critics"]["gone"])
    clip = clip_of(room, guest, unit)
    start = min(max(made.start, 0), clip.frames - 1)
    frame = framing.crop(made, next(iter(made.paths)), start)
    return Play(stretch=Stretch(clip=clip, start=start, end=min(max(made.end, start + 1), clip.frames)), at=start, frame=frame, framed=framed, making=None)


def _word(room: Room, guest: Guest, desk: Desk, one: Said, *, there: bool) -> Play | None:
    """A word as it is said in the shot, or in the attempt where it was heard plainly; None where it is not found again."""
    row: Mapping[str, Any] = next(fact["value"] for fact in one.facts if str(fact["name"]).startswith("word:"))
    shown = showing.showing(room, desk, desk.cuts[one.version].file)
    shot = next((each for each in shown.shots if each.number == number_of(one)), None)
    if shot is None or shot.item is None:
        return None
    tries = [each for each in showing.strung_of(room.house.table) if slate_name(each) == row["slate"]] if there else [shot.strung] if shot.strung is not None else []
    for strung in tries:
        said = _said(strung, shot, shown, str(row["word"]), inside=not there)
        if said is not None and said.in_s is not None and said.out_s is not None:
            clip = clip_of(room, guest, room.house.table.unit(strung))
            rate = Fraction(*clip.rate)
            start = min(max(floor_frames(Fraction(str(said.in_s)) - _WORD_S, rate), 0), clip.frames - 1)
            end = min(max(floor_frames(Fraction(str(said.out_s)) + _WORD_S, rate), start + 1), clip.frames)
            return Play(stretch=Stretch(clip=clip, start=start, end=end), at=start, frame=None, framed=False, making=None)
    return None


def _said(strung: Strung, shot: Placed, shown: Showing, word: str, *, inside: bool) -> Word | None:
    covered, span = strung.of(shot.item or 0), shot.shown.source(shown.rate)
    for said in covered.words if covered is not None else ():
        if said.script == word and said.in_s is not None and said.out_s is not None and (not inside or span.start_s <= (said.in_s + said.out_s) / 2 < span.end_s):
            return said
    return None


# ---- the wave and the words under an offered cut


@router.get("/api/peaks/idea/{id}", include_in_schema=False)
def peaks(request: Request, guest: Crew, id: str, start_s: float = 0.0, end_s: float = 36_000.0, columns: Annotated[int, Query(ge=10, le=4000)] = 800) -> dict[str, Any]:
    """The wave of everything that is heard in it, for the player."""
    return cuts.peaks(request, guest, id, start_s, end_s, columns)


@router.get("/api/words/idea/{id}", include_in_schema=False)
def words(request: Request, guest: Crew, id: str) -> dict[str, Any]:
    """Every word that is heard in it, for the player; none where it is gone."""
    room = room_of(request)
    desk = desk_of(room)
    files = {cut.file for cut in desk.cuts.values()} | {one.offer for version in desk.cuts for one in critiquing.said(desk, version) if one.offer is not None and one.offer.endswith(".otio")}
    return {"words": movies.words(room, guest, id, sorted(files)) or []}


# ---- taking it along


def _written(room: Room, desk: Desk, n: int, format: str) -> tuple[str, bytes, tuple[str, ...]]:
    """An offered cut in an editing program's own format: how the file is called, its bytes, what the format cannot hold.

    Raises: HTTPException 404: there is none.  TimelineError, TurnoverError: the format cannot take it at all.
    """
    from answerprint.turnover import writer

    one = next((one for one in every(desk) if one.n == n), None)
    if one is None or one.offer is None or not one.offer.endswith(".otio") or format not in FORMATS or not (desk.path / one.offer).is_file():
        raise HTTPException(404, room.texts["critics"]["gone"])
    stem = re.sub(r"[^\w.-]+", "_", one.offer.rpartition("/")[2].removesuffix(".otio"))
    if format == FORMATS[0]:
        return f"{stem}.otio", (desk.path / one.offer).read_bytes(), ()
    write, suffix = writer(format)
    data, losses = write(desk.read(one.offer, one.version).timeline, {})
    lost: dict[str, list[str]] = {}
    for loss in losses:
        lost.setdefault(loss.says, []).extend([loss.clip] if loss.clip else [])
    return f"{stem}{suffix}", data, tuple(f"{', '.join(dict.fromkeys(clips))}: {says}" if clips else says for says, clips in lost.items())


@router.get("/critics/offers/{n}/{format}", include_in_schema=False)
def take(request: Request, guest: Crew, n: int, format: str) -> Response:
    """An offered cut as a file, whose names of media are those on this disk."""
    room = room_of(request)
    name, data, _ = _written(room, desk_of(room), n, format)
    headers = {"content-disposition": f'attachment; filename="{name.encode("ascii", "replace").decode()}"', "cache-control": "no-store"}
    return Response(data, media_type="application/octet-stream", headers=headers)


@router.get("/api/critics/offers/{n}")
def losses(request: Request, guest: Crew, n: int) -> dict[str, list[str]]:
    """What each format cannot hold of an offered cut, in sentences."""
    room = room_of(request)
    desk = desk_of(room)
    found = {}
    for format in FORMATS:
        try:
            found[format] = list(_written(room, desk, n, format)[2])
        except AnswerprintError as error:
            found[format] = [on_a_page(str(error))]
    return found
