"""The frames that lie in assets/references/, where each comes from, and which of them somebody chose for an item. Their order is that in which they came."""

from __future__ import annotations

import functools
import json
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import slots
from answerprint.desk import Desk, nearest
from answerprint.model.records import AnswerprintError, Digest
from answerprint.plan import small_digest
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["DECODERS", "FOLDER", "PAPER", "STILLS", "Frame", "FrameError", "Reference", "about", "called", "choose", "chosen", "crew", "digest_of", "frame_of", "frames", "is_generated", "named", "origin_of", "plain", "said", "seal", "told", "withdraw"]

FOLDER = "assets/references"
STILLS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")
DECODERS = ("JPEG", "PNG", "WEBP", "TIFF")  #: what such a file is read with, whatever is in it: another picture's decoder may start a program (PostScript does)
_YOUNG_NS = 2_000_000_000  #: a file as young as this may be changed once more under the same time: FAT counts in steps of two seconds
PAPER = ".json"  #: beside a frame: where it comes from and for which item it was brought


class FrameError(AnswerprintError):
    """A reference that cannot be brought, chosen or made: which, why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A picture that can be chosen."""

    file: str  #: in the production
    digest: Digest
    origin: str  #: in words: "own still", "library: Pexels licence"
    generated: bool
    item: int | None = None  #: for which it was brought or made; None: for any
    says: str = ""  #: what it was asked to show
    asked: str = ""  #: of one that a service made: the whole of the words that it was asked with
    steps: tuple[tuple[str, str], ...] = ()  #: and where it stands on the axes, as (axis, term)
    grid: str = ""  #: what the frames of one grid share
    came: int = 0  #: 1 for what came first; 0 where somebody put it there by hand


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A frame that a named person chose."""

    entry: int
    file: str
    digest: Digest
    item: int | None  #: None: for the whole film
    by: str
    because: str = ""
    says: str = ""  #: what is written under it
    origin: str = "own still"
    generated: bool = False


def frames(desk: Desk, item: int | None = None) -> tuple[Frame, ...]:
    """Every frame that lies here in the order in which they came, those that were put there by hand first, by name; with an item, those that were brought for it or for any."""
    folder = desk.path / FOLDER
    there = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in STILLS) if folder.is_dir() else []
    found = sorted((frame_of(desk, path) for path in there), key=lambda one: one.came)
    return tuple(one for one in found if item is None or one.item is None or one.item == item)


def frame_of(desk: Desk, path: Path) -> Frame:
    """A picture of assets/references/ with what its paper says."""
    of = about(path)
    item, came, steps = of.get("item"), of.get("came"), of.get("steps")
    return Frame(
        file=f"{FOLDER}/{path.name}", digest=digest_of(path), origin=origin_of(desk, path), generated=is_generated(desk, path), item=item if isinstance(item, int) else None,
        says=str(of.get("says", "")), asked=str(of.get("asked", "")), steps=tuple((str(axis), str(term)) for axis, term in steps.items()) if isinstance(steps, dict) else (),
        grid=str(of.get("grid", "")), came=came if isinstance(came, int) else 0,
    )  # fmt: skip


def is_generated(desk: Desk, path: Path) -> bool:
    """Whether a still is known to be generated: by its own word, its name, the record, or the list of rights."""
    return slots.generated(desk, _named(desk, path), digest_of(path) if path.is_file() else None) is not None or bool(about(path).get("generated"))


def origin_of(desk: Desk, path: Path) -> str:
    """Where a still comes from, in words. What is generated, and nobody wrote down by what, is said to be just that."""
    said = str(about(path).get("origin", ""))
    if is_generated(desk, path):
        return said if said not in ("", "own still") else "generated"
    return said or "own still"


def digest_of(path: Path) -> Digest:
    """A still's seal, counted again when the system says that it was written to; "missing" where it cannot be read."""
    try:
        now = path.stat()
    except OSError:
        return "missing"
    if time.time_ns() - max(now.st_mtime_ns, now.st_ctime_ns) < _YOUNG_NS:
        return small_digest(path)
    return _counted(path, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)


@functools.lru_cache(maxsize=4096)
def _counted(path: Path, *written: int) -> Digest:
    return small_digest(path)


# ---- choosing


def choose(desk: Desk, file: str, *, by: str, item: int | None = None, says: str = "", because: str = "", via: str = "terminal") -> Reference:
    """Somebody of the crew chooses a frame as a reference. It goes into the deck, and into no film.

    Args:   file: its name in assets/references/.  item: of the script; None for the whole film.  says: the words under it; the item's where there are none.
    Raises: FrameError: there is no such frame, or nobody is on the crew.  BookError: that name is not of the crew.  DeskError: no such item.
    """
    whose = crew(desk, by)
    if item is not None:
        desk.item(str(item))
    frame = named(desk, file)
    text = f"{frame.file} is a reference for {f'item {item}' if item is not None else 'the film'}{f': {because.strip()}' if because.strip() else ''}"
    body = {"file": frame.file, "digest": frame.digest, "item": item, "because": because.strip(), "says": says.strip(), "origin": frame.origin, "generated": frame.generated, "chosen": True}
    n = told(desk.production, text, whose, via, reference=body)
    return Reference(entry=n, file=frame.file, digest=frame.digest, item=item, by=whose, because=because.strip(), says=says.strip(), origin=frame.origin, generated=frame.generated)


def withdraw(desk: Desk, file: str, *, by: str, item: int | None = None, via: str = "terminal") -> None:
    """A frame is a reference no more.

    Raises: FrameError: nobody chose it.
    """
    whose = crew(desk, by)
    one = next((one for one in chosen(desk) if called(one.file) == called(file) and one.item == item), None)
    if one is None:
        raise FrameError(f"nobody chose {Path(file).name} for {f'item {item}' if item is not None else 'the film'}, so there is nothing to take back.")
    told(desk.production, f"{one.file} is no reference any more", whose, via, reference={"file": one.file, "digest": one.digest, "item": item, "chosen": False})


def chosen(desk: Desk) -> tuple[Reference, ...]:
    """Every reference that stands, in the order it was chosen. One whose file is another by now, or gone, stands no more: nobody chose that picture."""
    found: dict[tuple[str, int | None], Reference] = {}
    for n, body in said(desk.production, "reference"):
        one: Mapping[str, Any] = body["reference"]
        item = one.get("item") if isinstance(one.get("item"), int) else None
        key = (str(one.get("file", "")), item)
        found.pop(key, None)
        if one.get("chosen") and digest_of(desk.path / key[0]) == one.get("digest"):
            known = bool(one.get("generated")) or is_generated(desk, desk.path / key[0])
            found[key] = Reference(entry=n, file=key[0], digest=str(one["digest"]), item=item, by=str(body.get("by", "")), because=str(one.get("because", "")), says=str(one.get("says", "")), origin=str(one.get("origin", "")), generated=known)
    return tuple(found.values())


def named(desk: Desk, file: str) -> Frame:
    """A frame by its name.

    Raises: FrameError: there is none.
    """
    there = {called(one.file): one for one in frames(desk)}
    if (found := there.get(called(file))) is None:
        raise FrameError(f"there is no frame called {shown(Path(file).name)} in {FOLDER}. {nearest(Path(file).name, there)}")
    return found


def called(file: str) -> str:
    """A frame's name as it is compared: a disk may write an accent behind its letter, and a keyboard does not."""
    return unicodedata.normalize("NFC", Path(file).name)


def crew(desk: Desk, by: str) -> str:
    if not by:
        raise FrameError("who says so? Give a name of the crew: --who NAME")
    if desk.book is None or not desk.book.people:
        raise FrameError("nobody is on the crew yet, and choosing a reference is somebody's. Begin with: answerprint crew add")
    return desk.book.person(by).name


def said(production: Production, key: str) -> list[tuple[int, dict[str, Any]]]:
    """Every remark that holds this, oldest first."""
    record = production.reader()
    if record is None:
        return []
    with record:
        return [(entry.n, body) for entry in record.entries(kind="remark") if (body := entry.read()) is not None and isinstance(body.get(key), Mapping)]


def told(production: Production, text: str, by: str, via: str, **what: Mapping[str, Any]) -> int:
    with production.writer() as record:
        return record.append("remark", {"schema": 1, "text": text, "on": "film", "by": by, "via": via, **{name: dict(value) for name, value in what.items()}}).n


def seal(raw: bytes) -> str:
    from blake3 import blake3

    return f"blake3:{blake3(raw).hexdigest()}"


def plain(one: Frame | Reference) -> dict[str, Any]:
    """For a page and for --json."""
    return dict(vars(one))


def about(path: Path) -> dict[str, Any]:
    """The paper beside a frame; empty where there is none that can be read."""
    try:
        found = json.loads(path.with_name(path.name + PAPER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _named(desk: Desk, path: Path) -> str:
    try:
        return path.resolve().relative_to(desk.path.resolve()).as_posix()
    except ValueError:
        return str(path)
