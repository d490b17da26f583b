"""An idea as two rows of stills: the cut as it is, and as it is offered."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.critiquing import FOLDER
from answerprint.keep import write_whole

if TYPE_CHECKING:
    from PIL.Image import Image

    from answerprint.critiquing import Said
    from answerprint.desk import Desk

    Rows = Sequence[tuple[str, Sequence[tuple[str, Image]]]]

__all__ = ["drawn", "pictured"]

_HIGH, _GAP, _MARGIN, _LABEL = 200, 8, 24, 26
_PAGE, _INK, _QUIET = (20, 20, 20), (236, 236, 236), (182, 182, 182)
_MOST, _ON_A_PAGE = 6, 3


def drawn(desk: Desk, one: Said) -> Path | None:
    """Write the picture; None where there is nothing to look at."""
    from answerprint import slots
    from answerprint.media import labelling, origin
    from answerprint.turnover import safe_name

    rows = _rows(desk, one)
    if not rows:
        return None
    place = (desk.path / one.offer).with_suffix(".png") if one.offer else desk.path / FOLDER / f"{safe_name(f'{one.version} {one.critic} {one.n}')}.png"
    raw = _page(rows, one)
    if any(slots.generated(desk, file) for file in _seen(rows)):
        raw = labelling.label(raw, origin.COMPOSITE) or raw
    write_whole(place, raw)
    return place


def pictured(desk: Desk, one: Said) -> tuple[bytes, tuple[str, ...]] | None:
    """The rows without the words, three stills wide at most, and the media that they show; None where there is nothing to look at."""
    rows = [(name, row[:_ON_A_PAGE]) for name, row in _rows(desk, one)]
    return (_page(rows), _seen(rows)) if rows else None


def _seen(rows: Rows) -> tuple[str, ...]:
    """The media that stills are of."""
    return tuple(dict.fromkeys(str(picture.info["of"]) for _, row in rows for _, picture in row if "of" in picture.info))


def _rows(desk: Desk, one: Said) -> Rows:
    """What there is to see. An idea about an earlier cut has only what does not depend on the cut: a frame of a clip."""
    now = one.version in desk.cuts and desk.cuts[one.version].seal == one.seal
    file = desk.path / one.offer if one.offer is not None else None
    if file is not None and file.is_file() and (now or file.suffix == ".json"):
        rows: Rows = {".json": _framing, ".cc": _light, ".otio": _cuts}[file.suffix](desk, one, file)
        if rows:  # another cut may be another only to the ear
            return rows
    return _cited(desk, one) if now else []


def _page(rows: Rows, one: Said | None = None) -> bytes:
    from PIL import Image as pil
    from PIL import ImageDraw

    from answerprint.media.lettering import font

    wide_row = max(len(row) for _, row in rows)
    margin, large, small = (_MARGIN, 15, 13) if one is not None else (0, 14 + 4 * (wide_row - 1), 12 + 4 * (wide_row - 1))  # a page shows three at half their size
    label = _LABEL * small // 13
    wide = max(sum(picture.width + _GAP for _, picture in row) - _GAP for _, row in rows) + 2 * margin
    wide = max(wide, 900 if one is not None else 0)
    lines = _wrapped(f"{one.critic}, on {one.on}: {one.text}", wide - 2 * margin) + _wrapped(f"Gives up: {one.gives_up}", wide - 2 * margin) if one is not None else []
    top = margin + 22 * len(lines) + (12 if lines else 0)
    page = pil.new("RGB", (wide, top + len(rows) * (_HIGH + 2 * label) + margin), _PAGE)
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        pen.text((margin, margin + 22 * number), line, fill=_INK, font=font(16))
    for number, (name, row) in enumerate(rows):
        high, at = top + number * (_HIGH + 2 * label), margin
        pen.text((at, high), name, fill=_QUIET, font=font(large))
        for words, picture in row:
            page.paste(picture, (at, high + label))
            pen.text((at + 4, high + label + _HIGH + 2), words, fill=_QUIET, font=font(small))
            at += picture.width + _GAP
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _wrapped(text: str, wide: int) -> list[str]:
    from answerprint.media.lettering import font

    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font(16).getlength(longer) > wide:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


# ---- stills


def _units(desk: Desk) -> dict[str, Any]:
    return {one.file: unit for unit in desk.shoot.clips for one in (unit, unit.original) if one is not None}


def _still(desk: Desk, file: str, frame: int) -> Image | None:
    from PIL import Image as pil

    from answerprint.media.viewing import frame as still

    unit = _units(desk).get(file)
    proxy = desk.shoot.plan.artefacts(unit, desk.production.cache).get("picture/proxy.mp4") if unit is not None else None
    if proxy is None or not proxy.is_file():
        return None
    made = pil.open(io.BytesIO(still(proxy, frame, height=720))).convert("RGB")
    made.info["of"] = file  # goes with every crop and every other size of it
    return made


def _small(picture: Image) -> Image:
    from PIL import Image as pil

    return picture.resize((max(1, round(picture.width * _HIGH / picture.height)), _HIGH), pil.Resampling.LANCZOS)


def _framing(desk: Desk, one: Said, file: Path) -> list[tuple[str, list[tuple[str, Image]]]]:
    from answerprint.timeline import framing

    made = framing.read(file.read_bytes())
    shape = next(iter(made.paths))
    moments = [made.start, (made.start + made.end) // 2, made.end - 1]
    before, after = [], []
    for moment in moments:
        picture = _still(desk, made.file, moment)
        if picture is None:
            continue
        left, top, wide, high = framing.crop(made, shape, moment)
        edges = (round(left * picture.width), round(top * picture.height), round((left + wide) * picture.width), round((top + high) * picture.height))
        label = f"{float(Fraction(moment) / Fraction(*made.rate)):.2f} s"
        after.append((label, _small(picture.crop(edges))))
        before.append((label, _small(_outlined(picture, edges))))
    return [("as it is, with the frame that is offered", before), ("as it is offered", after)] if before else []


def _outlined(picture: Image, edges: tuple[int, int, int, int]) -> Image:
    """A picture with a frame drawn on it, as a viewfinder shows one: white, with a dark line on either side."""
    from PIL import ImageDraw

    made = picture.copy()
    pen, (left, top, right, end) = ImageDraw.Draw(made), edges
    for out, wide, ink in ((2, 10, (0, 0, 0)), (0, 6, (255, 255, 255))):
        pen.rectangle((max(left - out, 0), max(top - out, 0), min(right + out, made.width) - 1, min(end + out, made.height) - 1), outline=ink, width=wide)
    return made


def _light(desk: Desk, one: Said, file: Path) -> list[tuple[str, list[tuple[str, Image]]]]:
    import numpy as np
    from PIL import Image as pil

    from answerprint.media import cube
    from answerprint.reframing.shots import cut

    row = next(fact["value"] for fact in one.facts if str(fact["name"]).endswith("light against"))
    shots = {shot.number: shot for shot in cut(desk, one.version).shots}
    own, other = shots[int(one.on.partition(":")[2])], shots[int(row["shot"])]
    pair = [_still(desk, shot.file, (shot.start + shot.end) // 2) for shot in (other, own)]
    if pair[0] is None or pair[1] is None:
        return []
    coded = np.asarray(pair[1], np.float64) / 255
    made = pil.fromarray(np.rint(cube.read(file).apply(coded) * 255).astype(np.uint8))
    return [(f"shot {other.number}; shot {own.number} as it is; shot {own.number} as it is offered", [(f"shot {other.number}", _small(pair[0])), (f"shot {own.number}", _small(pair[1])), (f"shot {own.number}, offered", _small(made))])]


def _cited(desk: Desk, one: Said) -> list[tuple[str, list[tuple[str, Image]]]]:
    """The shots that an idea speaks of, by their middle frames, as the film runs."""
    from answerprint.reframing.shots import cut

    numbers = {int(found.group(1)) for name in (one.on, *(str(fact["name"]) for fact in one.facts)) if (found := re.match(r"cut:(\d+)", name))}
    cells = []
    for shot in [each for each in cut(desk, one.version).shots if each.number in numbers][:_MOST]:
        picture = _still(desk, shot.file, (shot.start + shot.end) // 2)
        if picture is not None:
            cells.append((f"shot {shot.number}, {Path(shot.file).stem}", _small(picture)))
    return [("what it speaks of", cells)] if cells else []


def _cuts(desk: Desk, one: Said, file: Path) -> list[tuple[str, list[tuple[str, Image]]]]:
    """The shots that differ, by their middle frames, up to six."""
    offered = desk.read(one.offer or "", one.version).timeline
    rows = [_shown(desk, timeline) for timeline in (desk.timeline(one.version), offered)]
    places = [number for number, pair in enumerate(zip(*rows, strict=False)) if pair[0] != pair[1]][:_MOST]
    out = []
    for name, row in zip(("as it is", "offered"), rows, strict=True):
        cells = [(f"{Path(row[place][0]).stem} {row[place][2]}", picture) for place in places if (picture := _still(desk, row[place][0], row[place][1])) is not None]
        out.append((name, [(label, _small(picture)) for label, picture in cells]))
    return out if out[0][1] and out[1][1] else []


def _shown(desk: Desk, timeline: Any) -> list[tuple[str, int, str]]:
    """Each shot: clip, its middle frame, and from when to when of the clip."""
    from answerprint.timeline.cut import cut_info
    from answerprint.timeline.edit import edit_of
    from answerprint.timeline.shown import flat

    rate = cut_info(timeline).rate
    found = []
    for one in flat(edit_of(timeline), rate):
        if one.use is None or one.use.media is None or one.use.media.rate is None:
            continue
        span = one.source(rate)
        middle = (span.start_s + span.end_s) / 2
        found.append((one.use.media.file, int(middle * Fraction(one.use.media.rate)), f"{float(span.start_s):.2f}-{float(span.end_s):.2f} s"))
    return found
