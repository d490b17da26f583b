"""Supers as the pages show them: one over the film's picture, and what was wrong with a table of markets the last time."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.keep import write_whole
from answerprint.model.records import AnswerprintError
from answerprint.model.time import floor_frames
from answerprint.plan import small_digest
from answerprint.room.words import on_a_page

if TYPE_CHECKING:
    from PIL.Image import Image

    from answerprint.plan import Unit
    from answerprint.production import Production
    from answerprint.room.asking import Room

__all__ = ["beneath", "faults", "picture", "put", "put_away"]

_WIDE, _TALL = 640, 360  #: of a picture on the page: sharp in its column at twice the density
_GREY = (119, 119, 119)  #: where the film's own picture is away


def _place(production: Production) -> Path:
    return production.inside / "cache" / "supers" / "faults.json"


def put(production: Production, data: str, found: Sequence[str]) -> None:
    """Keep all that was wrong with a table, for the table as it is now."""
    body = {"data": data, "digest": small_digest(production.path / data), "faults": list(found)}
    write_whole(_place(production), json.dumps(body, ensure_ascii=False).encode("utf-8"))


def put_away(production: Production) -> None:
    """Nothing was wrong."""
    _place(production).unlink(missing_ok=True)


def faults(production: Production) -> tuple[str | None, tuple[str, ...]]:
    """A table, and all that was wrong with it the last time; none where it was changed since."""
    try:
        body = json.loads(_place(production).read_bytes())
        if small_digest(production.path / body["data"]) != body["digest"]:
            return None, ()
        return str(body["data"]), tuple(on_a_page(str(one)) for one in body["faults"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, ()


def beneath(room: Room, version: str, one: Mapping[str, Any]) -> tuple[Unit, int] | None:
    """The clip and its frame that stand under the middle of a super in a version's cut; None where there is no picture there.

    Args: one: as the record has it.
    """
    from answerprint.room import showing

    number = (int(one["first"]) + int(one["end"])) // 2
    try:
        desk = showing.desk_of(room)
        file = desk.cut_name(desk.family[version].name)
        shown = showing.showing(room, desk, file) if file else None
    except (AnswerprintError, OSError):
        return None
    placed = next((one for one in shown.shots if one.shown.start <= number < one.shown.end), None) if shown is not None else None
    if shown is None or placed is None or placed.unit is None or placed.unit.info.video is None or placed.shown.use is None:
        return None
    at_s = placed.shown.source(shown.rate).start_s + abs(placed.shown.use.speed) * Fraction(number - placed.shown.start) / shown.rate
    return placed.unit, floor_frames(at_s, placed.unit.info.video.rate)


def picture(room: Room, below: tuple[Unit, int] | None, one: Mapping[str, Any], size: tuple[int, int]) -> bytes:
    """A super in the middle of its stretch over the frame that stands there in the version under it, as JPEG.

    Args:   below: as `beneath` has it.  one: as the record has it.  size: of the film.
    Raises: MediaError: it does not decode.
    """
    from PIL import Image

    scale = min(_WIDE / size[0], _TALL / size[1])
    wide, high = round(size[0] * scale), round(size[1] * scale)
    middle = (int(one["first"]) + int(one["end"])) // 2
    page = Image.new("RGB", (wide, high), _GREY)
    if (seen := _frame(room, below)) is not None:
        fit = min(wide / seen.width, high / seen.height)
        seen = seen.resize((max(1, round(seen.width * fit)), max(1, round(seen.height * fit))), Image.Resampling.LANCZOS)
        page.paste((0, 0, 0), (0, 0, wide, high))
        page.paste(seen, ((wide - seen.width) // 2, (high - seen.height) // 2))
    letters = _letters(room.house.production.path / str(one["file"]), middle - int(one["first"])).resize((wide, high), Image.Resampling.LANCZOS)
    page.paste(letters, (0, 0), letters)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=90, subsampling=0)
    return out.getvalue()


def _letters(path: Path, number: int) -> Image:
    """One frame of a super with its cover."""
    import av
    from PIL import Image

    from answerprint.media import MediaError

    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            wanted = int(number / Fraction(stream.average_rate or 25) / Fraction(stream.time_base or 1)) + (stream.start_time or 0)
            container.seek(wanted, stream=stream)  # every frame of ProRes stands for itself
            found = next((one for one in container.decode(stream) if one.pts is not None and one.pts >= wanted), None)
            if found is None:
                raise MediaError(f"{path.name}: it has no frame {number}. Draw the supers again.")
            return Image.fromarray(found.reformat(format="rgba").to_ndarray())
    except av.FFmpegError as cause:
        raise MediaError(f"{path.name}: it cannot be read ({cause}). Draw the supers again.") from cause


def _frame(room: Room, below: tuple[Unit, int] | None) -> Image | None:
    """A frame from the proxy of its clip; None where there is none."""
    from PIL import Image

    from answerprint.media.viewing import frame

    proxy = room.house.table.shoot.plan.artefacts(below[0], room.house.production.cache).get("picture/proxy.mp4") if below is not None else None
    return Image.open(io.BytesIO(frame(proxy, below[1], height=720))) if below is not None and proxy is not None else None
