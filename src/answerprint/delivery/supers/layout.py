"""Where everything of a row stands on a stage, at rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answerprint.delivery.supers.pictures import Picture, opened_picture
from answerprint.delivery.supers.setting import Set, set_text
from answerprint.delivery.supers.stage import Box, Stage, area_of
from answerprint.delivery.supers.template import Layer, Template
from answerprint.delivery.supers.words import composed, rightward

__all__ = ["Placed", "asset_of", "laid", "text_of"]


@dataclass(frozen=True)
class Placed:
    """One layer as it stands: its rectangle, and what is in it."""

    layer: Layer
    box: Box  #: what it covers: a block's area, a picture's, a text's from its first capitals to its last baseline
    room: Box  #: what it had to fit into
    colour: int  #: 0xAARRGGBB
    text: Set | None = None
    picture: Picture | None = None


def laid(template: Template, values: Mapping[str, str], stage: Stage) -> tuple[Placed, ...]:
    """Every layer of a row that has something to show, in the order of drawing.

    Fields that are missing leave their layers out, and what lies around or stands on them closes up. Nothing is judged here.
    """
    return _Laying(template, values, stage).all()


def text_of(layer: Layer, values: Mapping[str, str]) -> str:
    """What a text layer says in a row; "" for nothing."""
    return composed((values.get(layer.slot, "") if layer.slot else "") or layer.text or "")


def asset_of(layer: Layer, values: Mapping[str, str]) -> str:
    """The name of the picture that a layer shows in a row; "" for none."""
    return ((values.get(layer.slot, "") if layer.slot else "") or layer.asset or "").strip()


def mirrored(template: Template, values: Mapping[str, str], stage: Stage) -> bool:
    """Whether a row reads from right to left: by its language, else by its texts."""
    if not template.mirrors:
        return False
    said = " ".join(text_of(layer, values) for layer in template.layers if layer.kind == "text" and layer.slot)
    return not rightward("" if stage.language else said, stage.language)


def colour_of(name: str, template: Template, values: Mapping[str, str]) -> int:
    """A colour as 0xAARRGGBB. Raises: ValueError for one that is none."""
    written = (values.get(name, "").strip() or template.palette[name]) if name in template.palette else name
    figures = written.removeprefix("#")
    if not written.startswith("#") or len(figures) not in (6, 8):
        raise ValueError(written)
    value = int(figures, 16)
    return (0xFF000000 | value) if len(figures) == 6 else ((value & 0xFF) << 24) | (value >> 8)


class _Laying:
    def __init__(self, template: Template, values: Mapping[str, str], stage: Stage) -> None:
        self._template, self._values, self._stage = template, values, stage
        self._layers = template.on(stage.shape)
        self._names = {layer.name: layer for layer in self._layers}
        self._mirrored = mirrored(template, values, stage)
        self._done: dict[str, Placed | None] = {}
        self._safe = area_of(stage.size, stage.area or template.area).inside(stage.size)

    def all(self) -> tuple[Placed, ...]:
        return tuple(placed for layer in self._layers if (placed := self._placed(layer.name)) is not None)

    def _placed(self, name: str) -> Placed | None:
        if name not in self._done:
            layer = self._names[name]
            self._done[name] = {"text": self._text, "image": self._image, "shape": self._image, "block": self._block, "line": self._line}[layer.kind](layer)
        return self._done[name]

    def _text(self, layer: Layer) -> Placed | None:
        if not (text := text_of(layer, self._values)):
            return None
        room = self._stacked(layer, self._room(layer))
        made = set_text(layer, text, self._stage, (room[2] - room[0], max(room[3] - room[1], 1)), self._mirrored)
        left = {"left": room[0], "right": room[2] - made.width, "centre": (room[0] + room[2] - made.width) / 2}[made.align]
        stand = "bottom" if layer.above else "top" if layer.below else layer.stand
        top = {"top": room[1], "bottom": room[3] - made.height, "middle": (room[1] + room[3] - made.height) / 2}[stand]
        return Placed(layer, (left, top, left + made.width, top + made.height), room, self._colour(layer), text=made)

    def _image(self, layer: Layer) -> Placed | None:
        source: str | Path | None = layer.svg
        if layer.kind == "image":
            source = self._stage.assets.get(asset_of(layer, self._values))
        if source is None:
            return None
        picture = opened_picture(source)
        room = self._stacked(layer, self._room(layer))
        wide, high = picture.size
        scale = min((room[2] - room[0]) / wide, max(room[3] - room[1], 1) / high)
        across, down = wide * scale, high * scale
        side = layer.align if not self._mirrored else {"start": "end", "end": "start"}.get(layer.align, "centre")
        left = {"start": room[0], "end": room[2] - across}.get(side, (room[0] + room[2] - across) / 2)
        top = {"top": room[1], "bottom": room[3] - down}.get(layer.stand, (room[1] + room[3] - down) / 2)
        return Placed(layer, (left, top, left + across, top + down), room, self._colour(layer), picture=picture)

    def _block(self, layer: Layer) -> Placed | None:
        if not layer.around:
            box = self._room(layer)
            return Placed(layer, box, box, self._colour(layer))
        inside = [placed.box for name in layer.around if (placed := self._placed(name)) is not None]
        if not inside:
            return None
        aside, over = (one * self._stage.line for one in layer.pad)
        box = (min(one[0] for one in inside) - aside, min(one[1] for one in inside) - over, max(one[2] for one in inside) + aside, max(one[3] for one in inside) + over)
        if layer.wide:
            room = self._room(layer)
            box = (room[0], box[1], room[2], box[3])
        return Placed(layer, box, box, self._colour(layer))

    def _line(self, layer: Layer) -> Placed | None:
        if layer.along is None:
            return self._block(layer)
        if (placed := self._placed(layer.along)) is None:
            return None
        left, top, right, bottom = placed.box
        thick = layer.thick * self._stage.line
        side = {"start": "right" if self._mirrored else "left", "end": "left" if self._mirrored else "right"}.get(layer.side, layer.side)
        box = {"left": (left, top, left + thick, bottom), "right": (right - thick, top, right, bottom), "top": (left, top, right, top + thick), "bottom": (left, bottom - thick, right, bottom)}[side]
        return Placed(layer, box, box, self._colour(layer))

    def _room(self, layer: Layer) -> Box:
        """A layer's box in pixels."""
        assert layer.box is not None, layer.name  # read() sees to it
        x, y, wide, high = layer.box
        left, top, right, bottom = self._safe if layer.of == "safe" else (0.0, 0.0, float(self._stage.size[0]), float(self._stage.size[1]))
        if self._mirrored:
            x = 1 - x - wide
        return (left + x * (right - left), top + y * (bottom - top), left + (x + wide) * (right - left), top + (y + high) * (bottom - top))

    def _stacked(self, layer: Layer, room: Box) -> Box:
        """What is left of a box above or below another layer."""
        if (other := layer.above or layer.below) is None or (placed := self._placed(other)) is None:
            return room
        gap = layer.gap * self._stage.line
        return (room[0], room[1], room[2], placed.box[1] - gap) if layer.above else (room[0], placed.box[3] + gap, room[2], room[3])

    def _colour(self, layer: Layer) -> int:
        try:
            return colour_of(layer.colour, self._template, self._values)
        except ValueError:  # a row's colour that is none is a fault of its own; the template's stands in for it
            return colour_of(layer.colour, self._template, {})


def of_kind(placed: Iterable[Placed], *kinds: str) -> list[Any]:
    """Those of some kinds."""
    return [one for one in placed if one.layer.kind in kinds]
