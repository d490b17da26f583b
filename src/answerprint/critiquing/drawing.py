"""An idea as two rows of stills: the cut as it is, and as it is offered."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.keep import write_whole

if TYPE_CHECKING:
    from PIL.Image import Image

    from answerprint.critiquing import Said
    from answerprint.desk import Desk

__all__ = ["drawn"]

_HIGH, _GAP, _MARGIN, _LABEL = 200, 8, 24, 26
_PAGE, _INK, _QUIET = (38, 38, 38), (236, 236, 236), (182, 182, 182)
_MOST = 6


def drawn(desk: Desk, one: Said) -> Path | None:
    """Write the picture; None where the idea offers nothing that can be seen."""
    if one.offer is None:
        return None
    file = desk.path / one.offer
    rows = {".json": _framing, ".cc": _light, ".otio": _cuts}[file.suffix](desk, one, file)
    if not rows:
        return None
    place = file.with_suffix(".png")
    write_whole(place, _page(one, rows))
    return place


def _page(one: Said, rows: Sequence[tuple[str, Sequence[tuple[str, Image]]]]) -> bytes:
    from PIL import Image as pil
    from PIL import ImageDraw

    from answerprint.media.lettering import font

    wide = max(sum(picture.width + _GAP for _, picture in row) for _, row in rows) + 2 * _MARGIN
    wide = max(wide, 900)
    lines = _wrapped(f"{one.critic}, on {one.on}: {one.text}", wide - 2 * _MARGIN) + _wrapped(f"Gives up: {one.gives_up}", wide - 2 * _MARGIN)
    top = _MARGIN + 22 * len(lines) + 12
    page = pil.new("RGB", (wide, top + len(rows) * (_HIGH + 2 * _LABEL) + _MARGIN), _PAGE)
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        pen.text((_MARGIN, _MARGIN + 22 * number), line, fill=_INK, font=font(16))
    for number, (name, row) in enumerate(rows):
        high, at = top + number * (_HIGH + 2 * _LABEL), _MARGIN
        pen.text((at, high), name, fill=_QUIET, font=font(15))
        for label, picture in row:
            page.paste(picture, (at, high + _LABEL))
            pen.text((at + 4, high + _LABEL + _HIGH + 2), label, fill=_QUIET, font=font(13))
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
    return pil.open(io.BytesIO(still(proxy, frame, height=720))).convert("RGB")


def _small(picture: Image) -> Image:
    from PIL import Image as pil

    return picture.resize((max(1, round(picture.width * _HIGH / picture.height)), _HIGH), pil.Resampling.LANCZOS)


def _framing(desk: Desk, one: Said, file: Path) -> list[tuple[str, list[tuple[str, Image]]]]:
    from answerprint.timeline import framing

    made = framing.read(file.read_bytes())
    shape = next(iter(made.paths))
    moments = [made.start, (made.start + made.end) // 2, made.end - 1]
    whole = [(str(moment), picture) for moment in moments if (picture := _still(desk, made.file, moment)) is not None]
    after = []
    for label, picture in whole:
        left, top, wide, high = framing.crop(made, shape, int(label))
        edges = [round(value) for value in (left * picture.width, top * picture.height, (left + wide) * picture.width, (top + high) * picture.height)]
        after.append((label, _small(picture.crop((edges[0], edges[1], edges[2], edges[3])))))
    return [("as it is", [(label, _small(picture)) for label, picture in whole]), ("offered", after)] if whole else []


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
    return [("the first", [(f"shot {other.number}", _small(pair[0]))]), ("as it is, and offered", [(f"shot {own.number}", _small(pair[1])), (f"shot {own.number}", _small(made))])]


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
