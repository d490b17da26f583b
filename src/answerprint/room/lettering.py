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

    from answerprint.production import Production
    from answerprint.room.asking import Room

__all__ = ["faults", "picture", "put", "put_away"]

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


def picture(room: Room, parent: str, one: Mapping[str, Any], size: tuple[int, int]) -> bytes:
    """A super in the middle of its stretch over the frame that stands there in the version under it, as JPEG.

    Args:   parent: the version over whose cut it is laid.  one: as the record has it.  size: of the film.
    Raises: MediaError: it does not decode.
    """
    from PIL import Image

    scale = min(_WIDE / size[0], _TALL / size[1])
    wide, high = round(size[0] * scale), round(size[1] * scale)
    middle = (int(one["first"]) + int(one["end"])) // 2
    page = Image.new("RGB", (wide, high), _GREY)
    if (below := _below(room, parent, middle)) is not None:
        fit = min(wide / below.width, high / below.height)
        below = below.resize((max(1, round(below.width * fit)), max(1, round(below.height * fit))), Image.Resampling.LANCZOS)
        page.paste((0, 0, 0), (0, 0, wide, high))
        page.paste(below, ((wide - below.width) // 2, (high - below.height) // 2))
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


def _below(room: Room, version: str, number: int) -> Image | None:
    """A frame of a version's cut from the proxy under it; None where there is no picture there."""
    from PIL import Image

    from answerprint.media.viewing import frame
    from answerprint.room import showing

    try:
        desk = showing.desk_of(room)
        file = desk.cut_name(desk.family[version].name)
        shown = showing.showing(room, desk, file) if file else None
    except (AnswerprintError, OSError):
        return None
    placed = next((one for one in shown.shots if one.shown.start <= number < one.shown.end), None) if shown is not None else None
    if shown is None or placed is None or placed.unit is None or placed.unit.info.video is None or placed.shown.use is None:
        return None
    proxy = room.house.table.shoot.plan.artefacts(placed.unit, room.house.production.cache).get("picture/proxy.mp4")
    if proxy is None:
        return None
    at_s = placed.shown.source(shown.rate).start_s + abs(placed.shown.use.speed) * Fraction(number - placed.shown.start) / shown.rate
    return Image.open(io.BytesIO(frame(proxy, floor_frames(at_s, placed.unit.info.video.rate), height=720)))
