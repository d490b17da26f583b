"""Finish: grade, mix and music bed, each chosen by ear and eye and said on what it was judged; a wipe with scopes; the bed in and out.

What plays here is a 720-line proxy. Who judged the finished file says so, and its seal goes into the decision.
"""

from __future__ import annotations

import hmac
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import FileResponse, Response

from answerprint import choosing, finishing
from answerprint.desk import FILM, Desk
from answerprint.keep import write_whole
from answerprint.model.charter import Judgment
from answerprint.model.time import floor_frames
from answerprint.room import RoomError, labels
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.guard import LARGE
from answerprint.room.pages.playing import Clip
from answerprint.room.screening import screen
from answerprint.room.showing import Showing, desk_of
from answerprint.room.signing import signer
from answerprint.room.stage import media_id
from answerprint.turnover import safe_name

if TYPE_CHECKING:
    from answerprint.plan import Unit

router = APIRouter()

What = Literal["grade", "mix", "bed"]
JUDGMENTS = {"grade": Judgment.GRADE, "mix": Judgment.MIX, "bed": Judgment.MUSIC_BED}
LOOKS = (".cube", ".3dl", ".cc", ".ccc", ".cdl")
SOUNDS = {".wav": "audio/wav", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".flac": "audio/flac", ".aif": "audio/aiff", ".aiff": "audio/aiff"}
STILLS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
MOVIES = (".mov", ".mp4", ".mxf", ".m4v")
FOLDERS = ("assets", "out")
_MADE = (("cuts/correction", ".ccc"), ("cuts/mix", ".wav"))  #: what the machine proposed, and somebody may choose
_MOST = 400  #: files that are listed
_bringing = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class File:
    """One file that can be chosen, judged or compared."""

    name: str  #: as the production calls it
    kind: Literal["look", "sound", "still", "movie", "other"]
    heard: str | None = None  #: where it can be heard
    seen: str | None = None  #: where it can be seen


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """How one of the three judgments stands."""

    what: What
    draft: str | None
    signed: str | None
    stale: tuple[str, ...]
    file: str | None
    start: str | None  #: of a bed: timecodes of the cut
    end: str | None
    judged_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Still:
    """A frame of a shot that can be compared: of its first, middle and last third."""

    shot: int
    name: str
    frame: int  #: of the cut
    plain: str  #: address of the frame as the proxy has it
    graded: dict[str, str]  #: address of the same frame through a look, by the look's name


@dataclass(frozen=True, kw_only=True)
class FinishPage:
    """Everything that is finished here, and on what it can be judged."""

    versions: tuple[str, ...]
    version: str
    cut: str | None
    clip: Clip | None  #: the cut's movie; None while it is made, or where there is no cut
    frames: int
    making: bool
    files: tuple[File, ...]
    stills: tuple[Still, ...]
    chosen: tuple[Chosen, ...]
    machine: tuple[str, ...]
    wrong: str | None
    seen: int


@router.get("/finish", include_in_schema=False)
def page(request: Request, guest: Crew, version: str = "") -> Response:
    room = room_of(request)
    found = view(room, guest, version)
    return show(request, "finish.html", guest, here="finish", finish=found, data=jsonable_encoder(found), seen=found.seen, limit=LARGE["/api/finish/bring"] // 2**20,
                heroes=[one.number for one in desk_of(room).items.values() if one.hero is not None])  # fmt: skip


@router.get("/api/finish")
def twin(request: Request, guest: Crew, version: Annotated[str, Query(max_length=120)] = "") -> FinishPage:
    """Grade, mix and music bed of one version, and what there is to judge them by."""
    return view(room_of(request), guest, version)


def view(room: Room, guest: Guest, version: str) -> FinishPage:
    """The page as it stands now.

    Raises: FilmError: no such version.
    """
    desk, book = desk_of(room), room.house.book
    name = desk.family[version].name if version else desk.family.first.name
    files = tuple(brought(room, guest))
    played, shown = screen(room, guest, desk, name)
    return FinishPage(
        versions=tuple(one.name for one in desk.family.versions), version=name, cut=played.cut, clip=played.clip, frames=played.frames,
        making=played.making, files=files, stills=tuple(_stills(guest, shown, files)) if shown else (),
        chosen=tuple(_chosen(desk, what, name) for what in JUDGMENTS), machine=tuple(_machine(room, desk)), wrong=played.wrong, seen=book.head.n if book else 0,
    )  # fmt: skip


def _chosen(desk: Desk, what: str, version: str) -> Chosen:
    which = (str(JUDGMENTS[what]), f"{FILM}:{version}")
    draft, signed = desk.drafts.get(which), desk.decisions.get(which)
    choice = draft.choice if draft else signed.decided.choice if signed else {}
    return Chosen(
        what=what, draft=choosing.told(draft.choice) if draft else None,  # type: ignore[arg-type]
        signed=f"{signed.by.name}: {choosing.told(signed.decided.choice)}" if signed else None, stale=desk.stale.get(which, ()) if signed else (),
        file=choice.get("file"), start=choice.get("from"), end=choice.get("to"), judged_on=choosing.JUDGED_ON[JUDGMENTS[what]],
    )  # fmt: skip


def _machine(room: Room, desk: Desk) -> Iterator[str]:
    """What corrections and clean-ups there are: those that are proposed, and what somebody's own task made."""
    said, things, production = room.texts["finish"], desk.things, room.house.production
    kinds: tuple[tuple[finishing.What, tuple[str, ...], str, str], ...] = (
        ("correction", things.corrections, "no_correction", "corrected"), ("clean-up", things.clean_ups, "no_clean_up", "cleaned"),
    )  # fmt: skip
    for what, tasks, none, some in kinds:
        count = sum("mix" not in one.values for one in finishing.made(production, what).values()) + len([task for task, _ in things.made if task in tasks])
        yield said[some].format(count=count) if count else said[none]


# ---- files


def _listed(room: Room) -> Iterator[tuple[str, Path]]:
    """Files in assets/ and out/, then what the machine proposed, by name; never through a link that leads elsewhere."""
    home, count = Path(os.path.realpath(room.house.production.path)), 0
    for folder, ending in (*((folder, "") for folder in FOLDERS), *_MADE):
        for path in sorted((home / folder).rglob(f"*{ending}")):
            if path.is_file() and not path.name.startswith(".") and Path(os.path.realpath(path)).is_relative_to(home):
                yield str(path.relative_to(home)), path
                count += 1
                if count >= _MOST:
                    return


def brought(room: Room, guest: Guest) -> Iterator[File]:
    for name, path in _listed(room):
        suffix = path.suffix.lower()
        if suffix in SOUNDS:
            yield File(name=name, kind="sound", heard=f"/media/{media_id(guest, f'file {name}')}/heard")
        elif suffix in STILLS:
            yield File(name=name, kind="still", seen=f"/media/{media_id(guest, f'file {name}')}/seen")
        else:
            yield File(name=name, kind="look" if suffix in LOOKS else "movie" if suffix in MOVIES else "other")


def _file(room: Room, guest: Guest, id: str, kinds: dict[str, str] | tuple[str, ...]) -> Path:
    for name, path in _listed(room):
        if path.suffix.lower() in kinds and hmac.compare_digest(media_id(guest, f"file {name}").encode(), id.encode("utf-8", "surrogatepass")):
            return path
    raise HTTPException(404)


@router.get("/media/{id}/heard", include_in_schema=False)
def heard(request: Request, guest: Crew, id: str) -> Response:
    """A mix or a bed to hear, by range."""
    path = _file(room_of(request), guest, id, SOUNDS)
    return FileResponse(path, media_type=SOUNDS[path.suffix.lower()])


@router.get("/media/{id}/seen", include_in_schema=False)
def seen(request: Request, guest: Crew, id: str) -> Response:
    """A still that somebody brought."""
    room = room_of(request)
    path = _file(room, guest, id, STILLS)
    file = path.relative_to(os.path.realpath(room.house.production.path)).as_posix()
    return labels.answer(path, labels.of_file(room, file), kind=STILLS[path.suffix.lower()])


# ---- one frame through two looks


def _stills(guest: Guest, shown: Showing, files: tuple[File, ...]) -> Iterator[Still]:
    looks = [one.name for one in files if one.kind == "look"]
    for one in shown.shots:
        if one.unit is None or one.unit.info.video is None or one.shown.use is None:
            continue
        for part in (1, 3, 5):
            frame = one.shown.start + one.frames * part // 6
            at_s = one.shown.source(shown.rate).start_s + abs(one.shown.use.speed) * (frame - one.shown.start) / shown.rate
            home = f"/media/{media_id(guest, one.unit.digest)}/frame/{floor_frames(Fraction(at_s), one.unit.info.video.rate)}"
            graded = {name: f"{home}/look/{media_id(guest, f'file {name}')}.jpg" for name in looks}
            yield Still(shot=one.number, name=one.name, frame=frame, plain=f"{home}.jpg?h=720", graded=graded)


@router.get("/media/{id}/frame/{frame}/look/{look}.jpg", include_in_schema=False)
def graded(request: Request, guest: Crew, id: str, frame: int, look: str) -> Response:
    """One frame of a clip through a look that somebody brought."""
    from answerprint.plan import small_digest
    from answerprint.room.pages.playing import unit_of

    room = room_of(request)
    table, unit = unit_of(room, guest, id)
    path = _file(room, guest, look, LOOKS)
    proxy = table.shoot.plan.artefacts(unit, room.house.production.cache).get("picture/proxy.mp4")
    if proxy is None or frame < 0:
        raise HTTPException(404)
    kept = room.house.viewing / f"{unit.digest.split(':')[1][:24]}-{frame}-{small_digest(path).split(':')[-1][:24]}.jpg"
    if not kept.is_file():
        write_whole(kept, _through(proxy, frame, path, unit))
    return labels.answer(kept, labels.of_unit(room, unit))


def _through(proxy: Path, frame: int, look: Path, unit: Unit) -> bytes:
    from io import BytesIO

    import numpy as np
    from PIL import Image

    from answerprint.media import cube
    from answerprint.media.viewing import frame as one

    step = cube.read(look, clip=Path(unit.file).stem)
    plain = Image.open(BytesIO(one(proxy, frame, height=720, quality=95)))
    rgb = step.apply(np.asarray(plain, np.float64) / 255)
    out = BytesIO()
    Image.fromarray(np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8)).save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()


# ---- bringing and choosing


@router.post("/api/finish/bring")
async def bring(request: Request, guest: Crew, name: Annotated[str, Query(max_length=200)]) -> dict[str, str]:
    """Bring a look, a mix, a bed or a still into assets/: its bytes as they are. Nothing that is there is replaced."""
    room = room_of(request)
    place = Path(name.replace("\\", "/")).name
    suffix = Path(place).suffix.lower()
    known = (*LOOKS, *SOUNDS, *STILLS)
    if suffix not in known:
        raise RoomError(f"{place[:80]}: {', '.join(known)} can be brought here. A movie is copied into out/ by hand.")
    folder = room.house.production.path / "assets"
    folder.mkdir(exist_ok=True)
    handle, part = tempfile.mkstemp(dir=folder, prefix=".brought-")
    try:
        size = 0
        with os.fdopen(handle, "wb") as file:
            async for chunk in request.stream():
                file.write(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise RoomError(f"{place[:80]}: there is nothing in this file.")
        return {"file": _taken_in(folder, safe_name(Path(place).stem)[:120], suffix, Path(part))}
    finally:
        Path(part).unlink(missing_ok=True)


def _taken_in(folder: Path, stem: str, suffix: str, part: Path) -> str:
    with _bringing:
        number, path = 2, folder / f"{stem}{suffix}"
        while path.exists():
            path, number = folder / f"{stem} {number}{suffix}", number + 1
        part.chmod(0o644)
        part.rename(path)
    return f"assets/{path.name}"


@router.post("/api/finish/{what}")
def choose(
    request: Request, guest: Crew, what: What, version: Annotated[str, Body(max_length=120)], file: Annotated[str, Body(max_length=400)],
    judged_on: Annotated[str, Body(max_length=40)] = "", master: Annotated[str, Body(max_length=400)] = "", because: Annotated[str, Body(max_length=2000)] = "",
    start: Annotated[str, Body(max_length=13)] = "", end: Annotated[str, Body(max_length=13)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Choose a grade, a mix or a music bed: a draft, not signed, with what it was judged on. A master that was judged goes in by its seal."""
    room = room_of(request)
    said = room.texts["finish"]
    there = dict(_listed(room))
    none = what == "bed" and file == "none"
    as_it_is = file == choosing.AS_IT_IS.get(JUDGMENTS[what], ("", None))[1]
    if file not in there and not none and not as_it_is:
        raise RoomError(said["no_file"].format(file=file[:80]) if file else said["pick_first"])
    meta: dict[str, str] = {}
    if not none:
        ways = choosing.JUDGED_ON[JUDGMENTS[what]]
        if judged_on not in ways:
            raise RoomError(said["say_on"].format(ways=", ".join(ways)))
        meta["judged on"] = judged_on
    if master:
        if master not in there:
            raise RoomError(said["no_file"].format(file=master[:80]))
        from answerprint.media.digests import read

        meta |= {"master": master, "master seal": read(there[master], also=()).blake3}
    desk = desk_of(room)
    desk, new = choosing.choose(room.house.production, f"{what}:{version}", file, because=because, start=start or None, end=end or None, meta=meta,
                                by=signer(room, guest).name, desk=desk)  # fmt: skip
    return {"says": [line for one in new for line in choosing.said(desk, one)]}
