"""How frames come: a still of one's own, a shot of the library, an answer of a service. Each is laid under a name that is free, with a paper beside it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.desk import Desk
from answerprint.keep import disk_sentence, write_whole
from answerprint.media import labelling, origin
from answerprint.referencing.choosing import DECODERS, FOLDER, PAPER, STILLS, Frame, FrameError, about, frame_of
from answerprint.run import held
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.shelving import Candidate

__all__ = ["bring", "from_library", "library_shots", "moment", "still", "take_in"]


def take_in(desk: Desk, file: Path, *, item: int | None = None, origin: str = "own still", says: str = "") -> Frame:
    """Bring a still: a copy of it lies in assets/references/, byte for byte. Where the file says that it was generated, that stays said.

    Raises: FrameError: it is not there, or is no still.  DeskError: the script has no such item.
    """
    if item is not None:
        desk.item(str(item))
    _named_as_a_still(file.name)
    try:
        raw, companions = file.read_bytes(), _beside(file)
    except OSError as cause:
        raise FrameError(f"{shown(file.name)}: this still cannot be read ({cause.strerror}).") from cause
    return bring(desk, raw, file.name, item=item, origin=origin, says=says, companions=companions)


def bring(desk: Desk, raw: bytes, name: str, *, item: int | None = None, origin: str = "own still", says: str = "", companions: Mapping[str, bytes] | None = None) -> Frame:
    """The same of bytes that came under a name.

    Raises: FrameError: it is no still.  DeskError: the script has no such item.
    """
    if item is not None:
        desk.item(str(item))
    _named_as_a_still(name)
    _looked_at(raw, name)
    return still(desk, raw, name, item=item, origin=origin, says=says, companions=companions)


def library_shots(desk: Desk, item: int | None, words: str = "", *, most: int = 12) -> tuple[Candidate, ...]:
    """Shots of the library that match, in the order of the disk, to be looked at; nothing is brought. What may not be used today is held back.

    Args:   words: what to look for; the item's own where none are given.
    Empty:  nothing matches, or there is no library.
    Raises: FrameError: no words, and no item that has some.  DeskError: no such item.  RightsError: a list of rights cannot be read.
    """
    from answerprint import shelving

    asked = _asked(desk, item, words)
    return tuple(one for one in shelving.candidates(None, asked, most=most) if one.preview is not None)


def moment(one: Candidate) -> str:
    """By what a shot is known among those of a search: its file's seal and where it begins."""
    return f"{one.digest}@{one.in_s}"


def from_library(desk: Desk, item: int | None, words: str = "", *, most: int = 12, only: Collection[str] | None = None) -> tuple[Frame, ...]:
    """Bring frames of the library from its previews: those of shots that match, in the order of the disk.

    Args:   words: as `library_shots`.  only: of those, the ones that somebody took, as `moment` calls them; None for all.
    Empty:  nothing matches, or there is no library.
    Raises: as `library_shots`.
    """
    asked = _asked(desk, item, words)
    found = [one for one in library_shots(desk, item, words, most=most) if only is None or moment(one) in only]
    return tuple(still(desk, _labelled(one), _name(one), item=item, origin=f"library: {Path(one.file).name}, {one.rights}", says=asked) for one in found)


def still(
    desk: Desk, raw: bytes, name: str, *, item: int | None, origin: str, says: str = "", companions: Mapping[str, bytes] | None = None, more: Mapping[str, Any] | None = None,
) -> Frame:  # fmt: skip
    """Lay a picture into assets/references/ under a name that is free, with a paper beside it that says where it comes from. One that lies there for that item
    already is left as it is.

    Args: companions: what lies beside it and says where it comes from, by ending: ".xmp", ".c2pa".  more: what its paper says besides.
    """
    folder = desk.path / FOLDER
    stem, ending = Path(name).stem, Path(name).suffix.lower()
    try:
        with held(desk.production.inside, "references"):  # two who bring a picture of the same name at once bring two
            place, number = folder / f"{stem}{ending}", 2
            while place.exists():
                if place.read_bytes() == raw and about(place).get("item") == item:
                    return frame_of(desk, place)
                place, number = folder / f"{stem} {number}{ending}", number + 1
            folder.mkdir(parents=True, exist_ok=True)
            before = about(place).get("came")  # one that was lost lies again where it lay
            paper = {"item": item, "origin": origin, "says": says, "came": before if isinstance(before, int) else _next(folder), **(more or {})}
            for kind, data in (companions or {}).items():  # a label goes where its file goes, and is there before it
                write_whole(place.with_name(f"{place.name}.xmp") if kind == ".xmp" else place.with_suffix(kind), data)
            write_whole(place.with_name(place.name + PAPER), json.dumps(paper, ensure_ascii=False, indent=1).encode())
            write_whole(place, raw)
    except OSError as cause:
        raise FrameError(disk_sentence(cause, shown(name))) from cause
    return frame_of(desk, place)


def _next(folder: Path) -> int:
    """The number of what comes now."""
    known = (about(path).get("came") for path in folder.iterdir() if path.suffix.lower() in STILLS)
    return 1 + max((one for one in known if isinstance(one, int)), default=0)


def _beside(file: Path) -> dict[str, bytes]:
    """What lies beside a still and speaks of where it comes from."""
    places = ((".xmp", file.with_suffix(".xmp")), (".xmp", file.with_name(f"{file.name}.xmp")), (".c2pa", file.with_suffix(".c2pa")))
    return {kind: place.read_bytes() for kind, place in places if place.is_file()}


def _asked(desk: Desk, item: int | None, words: str) -> str:
    asked = words.strip() or (desk.items[desk.item(str(item))].flat if item is not None else "")
    if not asked:
        raise FrameError("what is looked for? Give words, or an item of the script that has some.")
    return asked


def _labelled(one: Candidate) -> bytes:
    raw = one.preview or b""
    return (labelling.label(raw, origin.TRAINED, says=one.generated) or raw) if one.generated else raw


def _name(one: Candidate) -> str:
    return f"{'generated ' if one.generated else ''}library {Path(one.file).stem} {float(one.in_s):07.2f}.jpg"


def _named_as_a_still(name: str) -> None:
    if Path(name).suffix.lower() not in STILLS:
        raise FrameError(f"{shown(name)}: a reference is a still: {', '.join(STILLS)}. Of a clip, take a frame out first.")


def _looked_at(raw: bytes, name: str) -> None:
    import io

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(raw), formats=DECODERS) as image:
            image.verify()
    except Image.DecompressionBombError as cause:
        raise FrameError(f"{shown(name)}: this picture has more pixels than are read here. Bring a smaller copy of it.") from cause
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as cause:
        raise FrameError(f"{shown(name)}: this is no picture that can be read. Bring it as .jpg or .png.") from cause

