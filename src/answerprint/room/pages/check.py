"""Check: technical QC of any finished film, where it was found; one press on a finding and the player stands there.

A film that is looked at is read in the background, one at a time, in a process of its own. The best that is ever said is "nothing wrong found".
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import FileResponse, Response

from answerprint import films
from answerprint.delivery.specs import SpecError
from answerprint.media import origin
from answerprint.room import checking, labels, looking
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.checking import Film
from answerprint.room.doors import Guest
from answerprint.room.guard import LARGE
from answerprint.room.pages.playing import Clip
from answerprint.room.showing import desk_of
from answerprint.room.stage import media_id
from answerprint.turnover import safe_name

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One film of the list."""

    id: str  #: of this session only
    name: str
    kind: str
    spec: str  #: what it was made for, as the record or its name says
    says: str | None  #: what was found, in a few words; None where nobody looked
    known: tuple[tuple[str, str, str], ...] | None  #: what was found when it was made, as (weight, check, what); None where nobody said
    working: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something was found: frames from the file's first, half-open, and pictures of some of them."""

    first: int
    end: int
    timecode: str
    pictures: tuple[tuple[int, str], ...]  #: (frame, address)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was found."""

    check: str
    weight: str
    says: str
    measured: str | None
    allowed: str | None
    source: str | None
    places: tuple[Place, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found in one film."""

    clip: Clip
    says: str  #: the verdict, as a sentence
    against: str
    itself: bool  #: whether the page plays the very file
    findings: tuple[Finding, ...]
    plots: tuple[dict[str, Any], ...]  #: name, unit, says, length_s; ticks, marks and lines as shares of the height from the top
    facts: tuple[tuple[str, str], ...]
    unchecked: tuple[str, ...]
    source: str | None
    page: str  #: addresses of the report
    data: str


@dataclass(frozen=True, kw_only=True)
class CheckPage:
    """The page: the films, and one of them where it is asked for."""

    films: tuple[Listed, ...]
    film: Listed | None
    spec: str  #: what it is held against here
    specs: tuple[tuple[str, str], ...]  #: (name, title)
    looked: Looked | None
    job: str | None  #: under which name /api/live tells how far it is
    working: dict[str, str | float] | None
    wrong: str | None
    seen: int


@router.get("/check", include_in_schema=False)
def page(request: Request, guest: Crew, film: Annotated[str, Query(max_length=80)] = "", spec: Annotated[str | None, Query(max_length=80)] = None) -> Response:
    """The page."""
    found = view(room_of(request), guest, film, spec)
    ruler = _ruler(found.looked) if found.looked else ()
    return show(request, "check.html", guest, here="check", check=found, data=jsonable_encoder(found.looked), ruler=ruler, limit=LARGE["/api/check/bring"] // 2**30,
                kinds=",".join(checking.MOVIES), seen=found.seen)  # fmt: skip


@router.get("/api/check")
def twin(request: Request, guest: Crew, film: Annotated[str, Query(max_length=80)] = "", spec: Annotated[str | None, Query(max_length=80)] = None) -> CheckPage:
    """The films that can be looked at, and what was found in one of them."""
    return view(room_of(request), guest, film, spec)


def view(room: Room, guest: Guest, film: str = "", spec: str | None = None) -> CheckPage:
    """The page as it stands now.

    Args: film: its name of this session; "" for the list alone.  spec: what it is held against; None for what it was made for.
    """
    book = room.house.book
    known = checking.specs(room)
    seals, reports, every = checking.seals(known), checking.reports(room), checking.films(room)
    chosen = _film(guest, every, film) if film else None
    against, looked, job = "", None, None
    if chosen is not None:
        against = _against(chosen, seals, reports) if spec is None else known_spec(seals, spec)
        key = checking.key(chosen, seals[against])
        found, job = checking.found(room, key), f"check {key}"
        looked = _looked(room, guest, key, found) if found is not None else None
    working = room.jobs.of(job) if job else None
    listed = {one.name: _listed(room, guest, one, seals, reports) for one in every}
    return CheckPage(
        films=tuple(listed.values()), film=listed[chosen.name] if chosen else None, spec=against, specs=tuple((one.name, one.title) for one in known.values()),
        looked=looked, job=job, working=working.plain if working else None, wrong=room.texts["check"]["gone"] if film and chosen is None else None,
        seen=book.head.n if book else 0,
    )  # fmt: skip


def session_name(guest: Guest, film: Film) -> str:
    """What a film is called in one session."""
    return media_id(guest, f"film {film.name}")


def _film(guest: Guest, every: list[Film], id: str) -> Film | None:
    return next((one for one in every if hmac.compare_digest(session_name(guest, one).encode(), id.encode("utf-8", "surrogatepass"))), None)


def asked(room: Room, guest: Guest, id: str) -> Film:
    """The film that a session calls so.

    Raises: HTTPException 404: there is none of that name in it.
    """
    film = _film(guest, checking.films(room), id)
    if film is None:
        raise HTTPException(404, room.texts["check"]["gone"])
    return film


def known_spec(seals: dict[str, str], spec: str) -> str:
    """A spec by its name, "" for none.

    Raises: SpecError: there is none of that name.
    """
    if spec not in seals:
        raise SpecError(f"there is no spec {spec[:80]!r}. These are there: {', '.join(filter(None, seals))}.")
    return spec


def _against(film: Film, seals: dict[str, str], reports: frozenset[str]) -> str:
    """What a film is held against where nobody says: what it was made for, else what it was looked at for."""
    if film.spec in seals and film.spec:
        return film.spec
    return next((name for name, seal in seals.items() if checking.key(film, seal) in reports), "")


def _listed(room: Room, guest: Guest, film: Film, seals: dict[str, str], reports: frozenset[str]) -> Listed:
    keys = [checking.key(film, seals[name]) for name in dict.fromkeys((film.spec if film.spec in seals else "", *seals))]
    found = next((one for key in keys if key in reports and (one := checking.found(room, key)) is not None), None)
    says = str(found["report"]["verdict"]) if found else in_words(film.known) if film.known is not None else None
    return Listed(id=session_name(guest, film), name=film.called, kind=film.kind, spec=film.spec, says=says, known=film.known,
                  working=any((job := room.jobs.of(f"check {key}")) is not None and job.state != "wrong" for key in keys))  # fmt: skip


def in_words(found: Iterable[tuple[str, str, str]]) -> str:
    """Findings of weight in one line: "1 FAIL, 2 WARN"; the best words where there are none."""
    counts = Counter(weight for weight, _, _ in found)
    return ", ".join(f"{counts[weight]} {weight}" for weight in ("FAIL", "WARN") if counts[weight]) or "nothing wrong found"


# ---- what was found


def _looked(room: Room, guest: Guest, key: str, found: dict[str, Any]) -> Looked:
    said, report = room.texts["check"], found["report"]
    id, spec, verdict = media_id(guest, f"check {key}"), found["report"]["spec"], str(found["report"]["verdict"])
    rate = (int(found["rate"][0]), int(found["rate"][1]))
    clip = Clip(id=f"check/{id}", movie=f"/media/{id}/film.mp4", picture=True, rate=rate, frames=int(found["frames"]), timecode=found["timecode"],
                timecode_rate=rate)  # fmt: skip
    there = set(found["pictures"])
    findings = tuple(_finding(one, shown, id, there) for one, shown in zip(report["findings"], found["shown"], strict=True))
    return Looked(
        clip=clip, says=f"{verdict[0].upper()}{verdict[1:]}.", against=said["against"].format(**spec) if spec else said["against_none"],
        itself=bool(found["itself"]), findings=findings, plots=tuple(found["plots"]), facts=tuple((name, value) for name, value in report["facts"].items()), unchecked=tuple(report["unchecked"]),
        source=spec["source"] if spec else None, page=f"/media/{id}/report.html", data=f"/media/{id}/report.json",
    )  # fmt: skip


def _finding(one: dict[str, Any], shown: list[list[int]], id: str, there: set[int]) -> Finding:
    places = tuple(
        Place(first=place["first"], end=place["end"], timecode=place["timecode"],
              pictures=tuple((frame, f"/media/{id}/found/{frame}.jpg") for frame in frames if frame in there))
        for place, frames in zip(one["where"], shown, strict=False)
    )  # fmt: skip
    return Finding(check=one["check"], weight=one["weight"], says=one["says"], measured=one["measured"], allowed=one["allowed"], source=one["source"],
                   places=places, more=len(one["where"]) - len(places))  # fmt: skip


def _ruler(looked: Looked) -> list[tuple[float, str]]:
    """Seconds along the line of time: (per cent of the width, words)."""
    whole = looked.clip.frames * looked.clip.rate[1] / looked.clip.rate[0]
    step = next((one for one in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600) if whole / one <= 8), 7200)
    return [(100 * at / whole, f"{at} s" if step < 60 else f"{at // 60}:{at % 60:02d}") for at in range(0, int(whole) + 1, step)]


def _place(room: Room, guest: Guest, id: str) -> tuple[Path, dict[str, Any], Film]:
    """Where a report lies that this session calls so, and the film that it is of, as it still is.

    Raises: HTTPException 404.
    """
    asked = id.encode("utf-8", "surrogatepass")
    key = next((one for one in checking.reports(room) if hmac.compare_digest(media_id(guest, f"check {one}").encode(), asked)), None)
    found = checking.found(room, key) if key else None
    if key is None or found is None:
        raise HTTPException(404)
    seals = checking.seals(checking.specs(room)).values()
    film = next((one for one in checking.films(room) if any(checking.key(one, seal) == key for seal in seals)), None)
    if film is None:  # it was made anew since, or its spec was
        raise HTTPException(404, room.texts["check"]["gone"])
    return checking.home(room) / key, found, film


@router.get("/media/{id}/film.mp4", include_in_schema=False)
def movie(request: Request, guest: Crew, id: str) -> Response:
    """A film to play, by range: itself, or its copy."""
    folder, found, film = _place(room_of(request), guest, id)
    path = film.path if found["itself"] else folder / looking.COPY
    if not path.is_file():  # somebody let go of it while it was asked for
        raise HTTPException(404, room_of(request).texts["check"]["gone"])
    return FileResponse(path, media_type="video/mp4")


@router.get("/media/{id}/found/{frame}.jpg", include_in_schema=False)
def picture(request: Request, guest: Crew, id: str, frame: int) -> Response:
    """The picture at something that was found."""
    room = room_of(request)
    folder, found, film = _place(room, guest, id)
    if frame not in found["pictures"]:
        raise HTTPException(404)
    return labels.answer(folder / looking.picture_name(frame), _says(room, film, frame))


def _says(room: Room, film: Film, frame: int) -> str:
    """What a frame of a film says of itself: as the cut has it, where the film was made here; else what the file says as a whole."""
    made = next((one for one in films.films(desk_of(room)) if one.path == film.path or (film.kind == "out" and one.file == film.called)), None)
    return labels.of_film(room, made, frame - made.film_first) if made is not None else origin.generated(film.path)


@router.get("/media/{id}/report.html", include_in_schema=False)
def report(request: Request, guest: Crew, id: str) -> Response:
    """The report as a page that stands alone, to take away."""
    folder, _, film = _place(room_of(request), guest, id)
    name = f"{safe_name(Path(film.called).stem)} QC.html"
    return FileResponse(folder / looking.PAGE, media_type="text/html; charset=utf-8", filename=name, headers={"cache-control": "no-store"})


@router.get("/media/{id}/report.json", include_in_schema=False)
def data(request: Request, guest: Crew, id: str) -> Response:
    """The report for other programs."""
    import json

    _, found, film = _place(room_of(request), guest, id)
    name = f"{safe_name(Path(film.called).stem)} QC.json"
    return Response(json.dumps(found["report"], ensure_ascii=False, indent=1), media_type="application/json",
                    headers={"content-disposition": f'attachment; filename="{name.encode("ascii", "replace").decode()}"', "cache-control": "no-store"})  # fmt: skip


@router.get("/api/peaks/check/{id}", include_in_schema=False)
def peaks(request: Request, guest: Crew, id: str, start_s: Annotated[float, Query(ge=0)] = 0.0, end_s: Annotated[float, Query(gt=0, le=360_000)] = 36_000.0,
          columns: Annotated[int, Query(ge=10, le=4000)] = 800) -> dict[str, Any]:  # fmt: skip
    """The wave of a film: lowest and highest of each column, -127 to 127."""
    import numpy as np

    folder, _, _ = _place(room_of(request), guest, id)
    path = folder / looking.PEAKS
    if not path.is_file() or end_s <= start_s:
        return {"columns": []}
    whole = np.load(path, mmap_mode="r")
    edges = np.linspace(start_s * looking.PEAKS_HZ, end_s * looking.PEAKS_HZ, columns + 1)
    parts = (whole[int(low) : max(int(high), int(low) + 1)] for low, high in pairwise(edges))
    return {"columns": [[int(part[:, 0].min()), int(part[:, 1].max())] if len(part) else [0, 0] for part in parts]}


@router.get("/api/words/check/{id}", include_in_schema=False)
def words(request: Request, guest: Crew, id: str) -> dict[str, Any]:
    """Nobody wrote down the words of a finished film here."""
    return {"words": []}
