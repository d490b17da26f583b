"""The films that wait and those that left, as a page shows them: played, checked, taken away under names that mean nothing outside a session."""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import films
from answerprint.chronicle import day
from answerprint.model.records import AnswerprintError
from answerprint.room import checking
from answerprint.room.pages.check import in_words
from answerprint.room.pages.playing import Clip
from answerprint.room.reads import when
from answerprint.room.stage import media_id
from answerprint.room.verdicts import stamp
from answerprint.room.words import on_a_page

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.room.asking import Room
    from answerprint.room.doors import Guest

__all__ = ["Finding", "Left", "Paper", "Waits", "left", "paper_file", "played_file", "thing", "waiting"]

_MOST = 2000  #: files in out/ that are listed
_AT_ONCE = 64 * 2**20  #: bytes that are read while a page waits: under half a second from any disk


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing of weight that technical QC found."""

    check: str
    weight: str
    says: str
    noted: str | None  #: what whoever signed said to it


@dataclass(frozen=True, kw_only=True)
class Waits:
    """One film that was rendered and waits."""

    id: str  #: of this session only
    version: str
    spec: str
    title: str  #: of the spec
    file: str  #: the name that it leaves under
    seal: str
    at: str
    entry: int
    length: str
    stands: bool
    changed: tuple[str, ...]  #: what became another since, where it does not stand
    findings: tuple[Finding, ...]
    qc: str  #: in one line
    says: tuple[str, ...]  #: what could not be rendered as it was cut, and what the machine levelled
    left: int | None  #: the entry under which this very film left
    picture: str | None
    clip: Clip | None  #: None where no browser plays it and there is no copy yet
    itself: bool  #: whether what is played is the very file
    thing: str  #: under which playing it is told
    check: str | None  #: where it is looked at; None where its file is gone
    job: str | None  #: under which /api/live tells how far its copy is
    working: bool


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One file that goes with a film."""

    name: str
    href: str
    kb: int


@dataclass(frozen=True, kw_only=True)
class Left:
    """One film that left."""

    file: str
    version: str
    spec: str
    at: str
    entry: int
    answers: str  #: under which entry it left
    digest: str
    href: str | None  #: None where it does not lie in out/ any more
    same: bool | None  #: whether it lies there byte for byte as it left; None where it is gone, or still being read
    papers: tuple[Paper, ...]
    credentials: tuple[str, ...]


def thing(film: films.Film) -> str:
    """Under which name somebody played a film: by its seal, so that no other one is taken for it."""
    return f"film:{film.essence}"


# ---- the films that wait


def waiting(room: Room, guest: Guest, desk: Desk) -> tuple[Waits, ...]:
    """Every film that waits, in the order in which they were first made; those that do not stand any more say why.

    Raises: SpecError: a spec of the production cannot be read.
    """
    known = checking.specs(room)
    seals, reports = checking.seals(known), checking.reports(room)
    there = {one.path: one for one in checking.films(room) if one.kind == "waits"}
    gone = {body["essence"]: n for n, _, body in _released(desk)}
    around = _Known(specs=known, seals=seals, reports=reports, noted=_noted(desk), left=gone)
    return tuple(_waits(room, guest, desk, film, there.get(film.path), around) for film in films.films(desk))


@dataclass(frozen=True, kw_only=True)
class _Known:
    specs: dict[str, Any]
    seals: dict[str, str]
    reports: frozenset[str]
    noted: dict[tuple[str, str, str, str], str]
    left: dict[str, int]


def _waits(room: Room, guest: Guest, desk: Desk, film: films.Film, here: checking.Film | None, known: _Known) -> Waits:
    said = room.texts["deliver"]
    changed = _changed(room, desk, film)
    key = checking.key(here, known.seals.get(film.spec, "")) if here else None
    job = room.jobs.of(f"check {key}") if key else None
    spec = known.specs.get(film.spec)
    looked = checking.found(room, key) if key in known.reports and key else None
    says = [on_a_page(one) for one in film.warnings] + ([said["levelled"].format(gain=film.levelled)] if film.levelled else [])
    id = media_id(guest, f"film waits/{film.path.name}")
    found = [(one.check, one.weight, one.says) for one in film.findings]
    noted = known.noted
    return Waits(
        id=id, version=film.version, spec=film.spec, title=spec.title if spec else film.spec, file=film.file, seal=film.essence, at=day(film.at), entry=film.entry,
        length=said["length"].format(frames=film.film_frames, seconds=f"{float(film.film_frames / film.rate):.2f}"), stands=here is not None and not changed,
        changed=tuple(one[:1].upper() + one[1:] for one in changed) or (() if here else (said["gone"],)),
        findings=tuple(Finding(check=one.check, weight=one.weight, says=one.words.rstrip("."), noted=noted.get((film.version, film.spec, one.check, one.says))) for one in film.findings),
        qc=in_words((weight, check, what) for check, weight, what in found), says=tuple(dict.fromkeys(says)), left=known.left.get(film.essence),
        picture=f"/media/{id}/waits.jpg" if here else None, clip=_clip(guest, film, here, key, known) if here else None,
        itself=looked is None or bool(looked["itself"]), thing=thing(film), check=f"/check?film={id}" if here else None, job=f"check {key}" if key else None,
        working=job is not None and job.state != "wrong",
    )  # fmt: skip


def _changed(room: Room, desk: Desk, film: films.Film) -> tuple[str, ...]:
    """What became another since, looked up again when anything changed that a verdict rests on."""
    now = stamp(room)
    held: tuple[object, dict[int, tuple[str, ...]]] | None = getattr(room, "changed", None)
    if held is None or held[0] != now:
        held = (now, {})
        room.changed = held  # type: ignore[attr-defined]
    if film.entry not in held[1]:
        held[1][film.entry] = films.changed(desk, film)
    return held[1][film.entry]


def _noted(desk: Desk) -> dict[tuple[str, str, str, str], str]:
    """What signers said to warnings, by version, spec, check and QC's words; only of signatures that stand."""
    lines = desk.book.lines if desk.book else []
    notes = (note for line in lines if not line.struck for note in getattr(line.content, "notes", ()) if hasattr(note, "spec"))
    return {(one.version, one.spec, one.check, one.says): one.note for one in notes}


def _clip(guest: Guest, film: films.Film, here: checking.Film, key: str | None, known: _Known) -> Clip | None:
    rate = (film.rate.numerator, film.rate.denominator)
    if key in known.reports:
        id = media_id(guest, f"check {key}")
        return Clip(id=f"check/{id}", movie=f"/media/{id}/film.mp4", picture=True, rate=rate, frames=film.frames, timecode=None, timecode_rate=None)
    spec = known.specs.get(film.spec)
    plain = ("libx264", "yuv420p", False)  # every browser plays that
    if spec is None or here.path.suffix.lower() != ".mp4" or (spec.picture.codec, spec.picture.pixel_format, spec.picture.interlaced) != plain:
        return None
    id = media_id(guest, f"film {here.name}")
    return Clip(id=f"waits/{id}", movie=f"/media/{id}/waits.mp4", picture=True, rate=rate, frames=film.frames, timecode=None, timecode_rate=None)


def played_file(room: Room, guest: Guest, id: str) -> checking.Film | None:
    """The film that waits under this name in this session."""
    return next((one for one in checking.films(room) if one.kind == "waits" and _means(guest, f"film {one.name}", id)), None)


# ---- those that left


def left(room: Room, guest: Guest, desk: Desk) -> tuple[Left, ...]:
    """Every film that left, the newest first; one that left again stands once."""
    newest = {body["file"]: (n, at, body) for n, at, body in _released(desk)}
    files = {path.name: (path, name) for path, name in _taken(room) if "/" not in name.removeprefix("out/")}
    rows = []
    for n, at, body in sorted(newest.values(), key=lambda one: -one[0]):
        path, name = files.get(body["file"], (None, ""))
        said = room.texts["deliver"]
        answers = said["by_sign_off"].format(n=body["signoff"]) if body.get("signoff") else said["by_release"].format(n=body.get("release"))
        about = _about(path, str(desk.production.settings["trust_list"])) if path else None
        rows.append(Left(
            file=body["file"], version=body["version"], spec=body["spec"], at=day(at), entry=n, answers=answers, digest=body["digest"],
            href=f"/media/{media_id(guest, f'paper {name}')}/paper" if path else None, same=about.digest == body["digest"] if about else None,
            papers=tuple(_papers(room, guest, body["file"])), credentials=about.sentences if about else (),
        ))  # fmt: skip
    return tuple(rows)


def _released(desk: Desk) -> list[tuple[int, str, dict[str, Any]]]:
    """What the record says of films that left, as (entry, when, body), in its order."""
    record = desk.production.reader()
    if record is None:
        return []
    with record:
        return [(entry.n, entry.at, dict(body)) for entry in record.entries(kind="released") if (body := entry.read()) and body.get("schema") == 1]


def _taken(room: Room) -> Iterator[tuple[Path, str]]:
    """Every file in out/ with its name, "out/spot papers/verify.py"; never through a link that leads elsewhere, nothing that is hidden."""
    base = Path(os.path.realpath(room.house.production.path))
    for count, path in enumerate(sorted((base / "out").rglob("*"))):
        if count >= _MOST:
            return
        name = path.relative_to(base)
        if path.is_file() and not any(part.startswith(".") for part in name.parts) and Path(os.path.realpath(path)).is_relative_to(base):
            yield path, name.as_posix()


def _papers(room: Room, guest: Guest, file: str) -> Iterator[Paper]:
    """What goes with a film: the folder of its papers, and captions and credentials beside it."""
    stem = Path(file).stem
    for path, name in _taken(room):
        inside = name.removeprefix("out/")
        beside = path.stem == stem and inside != file and "/" not in inside and path.suffix.lower() not in checking.MOVIES
        if inside.startswith(f"{stem} papers/") or beside:
            yield Paper(name=inside.removeprefix(f"{stem} papers/"), href=f"/media/{media_id(guest, f'paper {name}')}/paper", kb=max(1, round(path.stat().st_size / 1024)))


def paper_file(room: Room, guest: Guest, id: str) -> Path | None:
    """The file in out/ that this session calls so."""
    return next((path for path, name in _taken(room) if _means(guest, f"paper {name}", id)), None)


def _means(guest: Guest, name: str, id: str) -> bool:
    return hmac.compare_digest(media_id(guest, name).encode(), id.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What a file that left was when it was read whole."""

    stamp: object
    digest: str
    sentences: tuple[str, ...]


_told: dict[Path, _Told] = {}
_reading: set[Path] = set()
_lock = threading.Lock()


def _about(path: Path, trusted: str) -> _Told | None:
    """A file's seal and what it says about itself, read once for each time that it was written. None while a large one is being read.

    Args: trusted: the user's own list of certificates; "" for none.
    """
    now = (when(path), trusted)
    with _lock:
        held = _told.get(path)
        if held is not None and held.stamp == now:
            return held
        if path in _reading:
            return None
        if now[0] is None or now[0][2] > _AT_ONCE:
            _reading.add(path)
            threading.Thread(target=_read, args=(path, trusted, now), daemon=True, name=f"reading {path.name}").start()
            return None
    return _read(path, trusted, now)


def _read(path: Path, trusted: str, stamp: object) -> _Told | None:
    import hashlib

    from answerprint.delivery.credentials.reading import read

    try:
        with open(path, "rb") as file:
            digest = "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
        try:
            sentences = read(path, trust_list=Path(trusted).expanduser() if trusted else None).sentences
        except (AnswerprintError, ImportError) as error:
            sentences = (on_a_page(str(error)),)
        with _lock:
            _told[path] = _Told(stamp=stamp, digest=digest, sentences=sentences)
            return _told[path]
    except OSError:  # it went away meanwhile
        return None
    finally:
        with _lock:
            _reading.discard(path)
