"""One moment of a super as a picture with straight alpha."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.supers.errors import SupersError, drawn_by
from answerprint.delivery.supers.layout import Placed, asset_of, laid, mirrored
from answerprint.delivery.supers.motion import State, state, still_at
from answerprint.delivery.supers.setting import painted
from answerprint.delivery.supers.stage import Box, Stage
from answerprint.delivery.supers.template import Template

__all__ = ["Drawn", "Rgba", "frame", "resting", "still", "used"]

Rgba = NDArray[np.uint8]  #: shape (height, width, 4), straight alpha
_REST_S = Fraction(10)  #: longer than any design takes to arrive and leave
_MARGIN = 1.0  #: of the size: how far a text's wipe reaches beyond its box, for tails and marks


class Drawn:
    """A row laid out once, to be drawn at as many moments as are wanted."""

    def __init__(self, template: Template, values: Mapping[str, str], stage: Stage) -> None:
        self._stage = stage
        self._mirrored = mirrored(template, values, stage)
        self.placed = laid(template, values, stage)

    def states(self, at_s: Fraction, duration_s: Fraction) -> tuple[State, ...]:
        """What each layer is at a moment: two moments of the same states are the same picture."""
        return tuple(state(one.layer, at_s, duration_s) for one in self.placed)

    def at(self, states: tuple[State, ...], *, only: frozenset[str] | None = None) -> Rgba:
        """The picture. Args: only: names of the layers to draw; None for all."""
        skia = drawn_by()
        width, height = self._stage.size
        surface = skia.Surface.MakeRaster(skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType))
        if surface is None:
            raise SupersError(f"a picture of {width} x {height} cannot be drawn: there is no memory for it.")
        canvas = surface.getCanvas()
        canvas.clear(0)
        for one, now in zip(self.placed, states, strict=True):
            if now.opacity > 0 and now.reveal > 0 and (only is None or one.layer.name in only):
                self._lay(canvas, one, now)
        made: Rgba = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kUnpremul_AlphaType)
        return made

    def _lay(self, canvas: Any, one: Placed, now: State) -> None:
        skia = drawn_by()
        line = self._stage.line
        canvas.save()
        canvas.translate((-now.x if self._mirrored else now.x) * line, now.y * line)
        if now.reveal < 1 and one.layer.wipe != "type":
            canvas.clipRect(skia.Rect(*self._uncovered(one, now.reveal)), True)
        if now.opacity < 1:
            canvas.saveLayerAlpha(None, round(now.opacity * 255))
        if one.text is not None:
            shown = now.reveal if one.layer.wipe == "type" else 1.0
            painted(one.text, self._stage, colour=one.colour, shown=shown).paint(canvas, one.box[0], one.box[1] - one.text.rise)
        elif one.picture is not None:
            one.picture.draw(canvas, one.box)
        else:
            paint = skia.Paint(AntiAlias=True)
            paint.setColor(one.colour)
            radius = one.layer.radius * line
            box = skia.Rect(*(float(round(edge)) for edge in one.box))  # whole pixels: a block has no grey edge
            canvas.drawRoundRect(box, radius, radius, paint)
        if now.opacity < 1:
            canvas.restore()
        canvas.restore()

    def _uncovered(self, one: Placed, reveal: float) -> Box:
        """The part of a layer that a wipe has uncovered."""
        more = one.text.size * _MARGIN if one.text is not None else 0.0
        left, top, right, bottom = one.box[0] - more, one.box[1] - more, one.box[2] + more, one.box[3] + more
        flipped = {"start": "end", "end": "start"} if self._mirrored else {}
        side = flipped.get(one.layer.wipe, one.layer.wipe)
        return {
            "start": (left, top, left + (right - left) * reveal, bottom), "end": (right - (right - left) * reveal, top, right, bottom),
            "top": (left, top, right, top + (bottom - top) * reveal), "bottom": (left, bottom - (bottom - top) * reveal, right, bottom),
        }[side]  # fmt: skip


def frame(template: Template, values: Mapping[str, str], stage: Stage, *, at_s: Fraction, duration_s: Fraction) -> Rgba:
    """One moment of a row: uint8, shape (height, width, 4), RGBA with straight alpha.

    Args:   at_s: seconds from the first frame.  duration_s: how long it stands, arriving and leaving included.
    Raises: SupersError: the drawing library is missing, a font or a picture cannot be opened.
    """
    made = Drawn(template, values, stage)
    return made.at(made.states(at_s, duration_s))


def resting(template: Template, values: Mapping[str, str], stage: Stage) -> tuple[Drawn, tuple[State, ...]]:
    """A row when everything has arrived and nothing has left."""
    made = Drawn(template, values, stage)
    return made, made.states(still_at(template.on(stage.shape), _REST_S), _REST_S)


def still(template: Template, values: Mapping[str, str], stage: Stage, *, out: Path) -> Path:
    """Write a row at rest as a see-through PNG, whole or not at all. Raises: SupersError as `frame`."""
    from PIL import Image

    made, states = resting(template, values, stage)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    Image.fromarray(made.at(states)).save(part, format="PNG")
    os.replace(part, out)
    return out


def used(template: Template, values: Mapping[str, str], stage: Stage) -> tuple[Path, ...]:
    """Every font and picture file that is in a row's picture, in order of drawing, each once."""
    found: dict[Path, None] = {}
    for one in laid(template, values, stage):
        if one.text is not None:
            found.update(dict.fromkeys(face.path for _, face in one.text.faces))
        elif one.layer.kind == "image":
            found[stage.assets[asset_of(one.layer, values)]] = None
    return tuple(found)
