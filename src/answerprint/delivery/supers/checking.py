"""Everything that is wrong with a row, found before anything is drawn for good; and the proof that a disclosure is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.supers.contrast import behind, least_contrast, on_block
from answerprint.delivery.supers.drawing import Drawn, resting
from answerprint.delivery.supers.errors import Fault, Kind, SupersError
from answerprint.delivery.supers.fonts import advice
from answerprint.delivery.supers.layout import Placed, asset_of, colour_of, text_of
from answerprint.delivery.supers.motion import State, rests
from answerprint.delivery.supers.pictures import opened_picture
from answerprint.delivery.supers.rules import Rules
from answerprint.delivery.supers.rules import rules as rules_called
from answerprint.delivery.supers.setting import ink, lowest, missing
from answerprint.delivery.supers.stage import Box, Stage, area_of
from answerprint.delivery.supers.template import Layer, Template, fields
from answerprint.delivery.supers.words import words

__all__ = ["disclosed", "disclosures", "faults", "hides", "least_s", "stands"]

Frames = Sequence[NDArray[np.uint8]]
_EDGE = 0.5  #: pixels: what a rounded edge may stick out
_INK = 64  #: of 255: what is seen of a letter's edge
CONTRAST = Fraction(9, 2)  #: WCAG 2.2, 1.4.3 (AA)


class _Row(NamedTuple):
    """A row on its stage, with the way its faults are said."""

    template: Template
    values: Mapping[str, str]
    stage: Stage
    name: str

    def fault(self, kind: Kind, field: str, says: str) -> Fault:
        return Fault(template=self.template.name, row=self.name, field=field, kind=kind, says=says)


def faults(
    template: Template, values: Mapping[str, str], stage: Stage, *, row: str, duration_s: Fraction, rules: Sequence[Rules] = (), background: Frames = (),
) -> tuple[Fault, ...]:  # fmt: skip
    """Everything that is wrong with a row, in the order: what it says, how it is set, where it stands, how long, how well it is read.

    Args:   values: by the template's fields, and no others.  row: how faults call it.  duration_s: how long it stands, arriving and leaving included.
            rules: legal rules that hold for it; those of other shapes are passed over.  background: RGB frames of what it is laid over, uint8 (h, w, 3),
            of the stage's size; empty where nobody has them, and then only what could be unreadable over *any* picture is held against legal text.
    Returns: () where nothing wrong was found.
    Raises: SupersError: a font or the drawing library cannot be used.
    """
    this = _Row(template, values, stage, row)
    found = [*_said(this)]
    shown, broken = _drawable(this)
    found += [*broken, *_glyphs(this)]
    made, states = resting(template, shown, stage)
    found += _set(this, made)
    inks = _inks(made, stage)
    found += [*_stands(this, made, inks), *_overlaps(this, made, states, inks), *_held(this, made, duration_s)]
    asked = [one for one in rules if not one.shapes or stage.shape in one.shapes]
    for one in made.placed:
        if one.text is not None and inks.get(one.layer.name) is not None:
            found += _read(this, made, states, one, [rule for rule in asked if rule.role == one.layer.role], background)
    for rule in asked:
        found += _counted(this, made, rule, duration_s)
    return tuple(found)


def least_s(template: Template, values: Mapping[str, str], rules: Sequence[Rules] = ()) -> Fraction:
    """How long a row has to stand at least, arriving and leaving included, to be whole for a moment and as long as those rules ask."""
    longest = Fraction(0)
    for layer in template.layers:
        arrives, leaves = rests(layer)
        holds = [rule.hold_s(_words(template, values)) for rule in rules if rule.role == layer.role and layer.role and text_of(layer, values)]
        longest = max(longest, arrives + leaves + max(holds, default=Fraction(0)))
    return longest


def disclosed(
    template: Template, values: Mapping[str, str], stage: Stage, *, row: str, duration_s: Fraction, kept: tuple[float, float, float, float] | None = None,
    background: Frames = (), rules: Rules | None = None,
) -> tuple[Fault, ...]:  # fmt: skip
    """Prove that a disclosure is seen: it is there, whole, inside the safe area of what is kept, high enough, clear enough, long enough.

    Args:   kept: left, top, width, height of what a crop keeps, in fractions of the raster; None for all of it.  rules: the figures; None for "disclosure".
            Otherwise as `faults`.
    Returns: () where it is proved; else what keeps it from being so.
    """
    this = _Row(template, values, stage, row)
    slots = [layer for layer in template.on(stage.shape) if layer.kind == "text" and layer.role == "disclosure"]
    if not slots:
        return (this.fault("missing", "", "this template has no disclosure in it. Use one with a text layer of role \"disclosure\"."),)
    asked = rules or rules_called("disclosure")
    found = [fault for fault in faults(template, values, stage, row=row, duration_s=duration_s, rules=(asked,), background=background) if fault.field in {_field(one) for one in slots} | {""}]
    found += [this.fault("missing", _field(layer), "there is no disclosure in this row. Write it.") for layer in slots if not text_of(layer, values) and not any(one.field == _field(layer) for one in found)]
    if kept is not None:
        made, _ = resting(template, _drawable(this)[0], stage)
        found += _cropped(this, made, kept, asked)
    return tuple(found)


def disclosures(template: Template, values: Mapping[str, str]) -> tuple[str, ...]:
    """What a row says where its template has the disclosure; empty where it has no place for one, or nothing is written there."""
    return tuple(text for layer in template.layers if layer.kind == "text" and layer.role == "disclosure" and (text := text_of(layer, values)))


def stands(template: Template, values: Mapping[str, str], stage: Stage) -> tuple[int, int, int, int] | None:
    """Where a row's disclosure has its letters at rest: left, top, right, bottom in pixels, half-open; None where it has none."""
    rows, columns = np.nonzero(_letters(template, values, stage))
    return (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1) if rows.size else None


def hides(template: Template, values: Mapping[str, str], stage: Stage, *, under: tuple[Template, Mapping[str, str], Stage]) -> bool:
    """Whether a row, at rest, lies on letters of the disclosure of another one below it. Both stages are of one raster."""
    made, states = resting(template, values, stage)
    return bool((made.at(states)[..., 3][_letters(*under)] > _INK).any())


def _letters(template: Template, values: Mapping[str, str], stage: Stage) -> NDArray[np.bool_]:
    made, states = resting(template, values, stage)
    found: NDArray[np.bool_] = made.at(states, only=frozenset(one.layer.name for one in made.placed if one.text is not None and one.layer.role == "disclosure"))[..., 3] > _INK
    return found


# ---- what a row says


def _said(this: _Row) -> Iterator[Fault]:
    known = {one.name: one for one in fields(this.template)}
    for name in this.values:
        if name not in known:
            yield this.fault("unknown", name, f"the template has no field of that name. It has {', '.join(known) or 'none'}.")
    for one in known.values():
        value = this.values.get(one.name, "").strip()
        if one.required and not value:
            yield this.fault("missing", one.name, f"nothing is written there, and the template needs it{f' ({one.says})' if one.says else ''}.")
        if one.kind == "colour" and value:
            try:
                colour_of(one.name, this.template, {one.name: value})
            except ValueError:
                yield this.fault("colour", one.name, f"{value!r} is no colour. Write #F2C230.")


def _drawable(this: _Row) -> tuple[dict[str, str], list[Fault]]:
    """The row without the pictures that cannot be shown, and those pictures as faults."""
    found = []
    values = dict(this.values)
    for layer in this.template.on(this.stage.shape):
        if layer.kind != "image" or not (name := asset_of(layer, this.values)):
            continue
        if name not in this.stage.assets:
            found.append(this.fault("asset", _field(layer), f"there is no picture {name!r} among the assets{_list(sorted(this.stage.assets))}. Bring it: answerprint asset add."))
        else:
            try:
                opened_picture(this.stage.assets[name])
                continue
            except SupersError as cause:
                found.append(this.fault("asset", _field(layer), str(cause)))
        if layer.slot:
            values[layer.slot] = ""
    return values, found


def _glyphs(this: _Row) -> Iterator[Fault]:
    for layer in this.template.on(this.stage.shape):
        if layer.kind != "text" or not (lacking := missing(layer, text_of(layer, this.values), this.stage)):
            continue
        shown = " ".join(lacking[:8]) + (f" and {len(lacking) - 8} more" if len(lacking) > 8 else "")
        asked = ", ".join(face.family for face in this.stage.fonts.chain(layer.fonts, layer.weight))
        yield this.fault("glyph", _field(layer), f"no font has {shown} (asked: {asked}). Add {advice(lacking)} to assets/fonts.")


# ---- how it is set and where it stands


def _set(this: _Row, made: Drawn) -> Iterator[Fault]:
    for family, layer in {name: one for one in this.template.layers if one.kind == "text" for name in this.stage.fonts.lacking(one.fonts)}.items():
        yield this.fault("asset", _field(layer), f"the template asks for the font {family}, which is nowhere. Add it to assets/fonts.")
    for one in made.placed:
        if one.text is not None and not one.text.fits:
            least = one.layer.least or one.layer.size
            sizes = f"at {least:g} lines, the smallest it may be" if least < one.layer.size else f"at {least:g} lines, and it may not be set smaller"
            yield this.fault("overflow", _field(one.layer), f"{_short(one.text.text)!r} does not fit: {one.text.why}, {sizes}. Write it shorter.")


def _inks(made: Drawn, stage: Stage) -> dict[str, Box | None]:
    """What each text really covers."""
    return {one.layer.name: ink(one.text, stage, (one.box[0], one.box[1])) for one in made.placed if one.text is not None}


def _stands(this: _Row, made: Drawn, inks: Mapping[str, Box | None]) -> Iterator[Fault]:
    area = area_of(this.stage.size, this.stage.area or this.template.area)
    safe = area.inside(this.stage.size)
    for one in made.placed:
        if one.text is None and one.picture is None:
            continue
        if one.picture is not None and one.layer.of == "raster":
            continue  # a picture that fills the raster is ground, not a sign
        box = inks[one.layer.name] if one.text is not None else one.box
        if box is not None and (out := _outside(box, safe)):
            yield this.fault("unsafe", _field(one.layer), f"it stands outside the safe area ({area.title}) {out}. Write it shorter, or change its place in the template.")


def _outside(box: Box, safe: Box) -> str:
    over = {"at the left": safe[0] - box[0], "above": safe[1] - box[1], "at the right": box[2] - safe[2], "below": box[3] - safe[3]}
    return " and ".join(f"by {round(far)} pixels {side}" for side, far in over.items() if far > _EDGE + 0.5)


def _overlaps(this: _Row, made: Drawn, states: tuple[State, ...], inks: Mapping[str, Box | None]) -> Iterator[Fault]:
    solid = [(one, box) for one in made.placed if (box := inks.get(one.layer.name) if one.text is not None else one.box if one.picture is not None and one.layer.of == "safe" else None) is not None]
    for place, (first, a) in enumerate(solid):
        for second, b in solid[place + 1 :]:
            near = min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])
            if near and (np.minimum(*(made.at(states, only=frozenset({one.layer.name}))[..., 3] for one in (first, second))) > _INK).any():
                yield this.fault("overlap", _field(second.layer), f"it runs into {_field(first.layer)}. Write one of them shorter.")


# ---- how long, how high, how clear


def _held(this: _Row, made: Drawn, duration_s: Fraction) -> Iterator[Fault]:
    worst = max(((sum(rests(one.layer)), one.layer) for one in made.placed), key=lambda pair: pair[0], default=None)
    if worst is not None and worst[0] > duration_s:
        yield this.fault("short", "", f"it stands for {_s(duration_s)}, and arriving and leaving take {_s(Fraction(worst[0]))}. Let it stand longer.")


def _words(template: Template, values: Mapping[str, str]) -> int:
    return sum(words(text_of(layer, values)) for layer in template.layers if layer.kind == "text" and layer.counted)


def _counted(this: _Row, made: Drawn, rule: Rules, duration_s: Fraction) -> Iterator[Fault]:
    count = _words(this.template, this.values)
    for one in made.placed:
        if one.text is None or one.layer.role != rule.role:
            continue
        arrives, leaves = rests(one.layer)
        holds, asked = duration_s - arrives - leaves, rule.hold_s(count)
        if holds < asked:
            yield this.fault("short", _field(one.layer), f"{count} words are on screen and it holds for {_s(max(holds, Fraction(0)))}; {rule.title} asks for {_s(asked)}. Let it stand for {_s(asked + arrives + leaves)}.")
        if rule.most_lines is not None and one.text.lines > rule.most_lines:
            yield this.fault("long", _field(one.layer), f"it has {one.text.lines} lines; above {rule.most_lines} {rule.title} asks for more than its least size and hold. Write it shorter.")


def _read(this: _Row, made: Drawn, states: tuple[State, ...], one: Placed, asked: Sequence[Rules], background: Frames) -> Iterator[Fault]:
    """Whether a text is high enough and clear enough."""
    assert one.text is not None
    box = (one.box[0], one.box[1], one.box[2], one.box[3])
    ground = behind(made, states, one)
    block = on_block(ground, box)
    for rule in asked:
        yield from _high(this, one, rule, block, this.stage.line)
    least = max((float(rule.contrast) for rule in asked), default=float(CONTRAST))
    ratio, unseen = least_contrast(one, ground, box, background)
    if ratio + 0.005 < least and (asked or not unseen):
        why = "over the worst picture that could be behind it" if unseen else "over the worst of the pictures behind it" if background and not block else "on what it stands on"
        what = "Show the frames it is laid over, or give it an opaque block." if unseen else "Give it a block, or another colour."
        yield this.fault("contrast", _field(one.layer), f"its contrast is {ratio:.1f}:1 {why}; {least:.1f}:1 is asked for. {what}")


def _high(this: _Row, one: Placed, rule: Rules, block: bool, line: float) -> Iterator[Fault]:
    assert one.text is not None
    asked = rule.lines_on_block if block else rule.lines
    found = lowest(one.text, rule.letter) / line
    if found + 0.05 < asked:
        letter = "capitals" if rule.letter == "capital" else "small letters"
        kind: Literal["small"] = "small"
        yield this.fault(kind, _field(one.layer), f"its {letter} are {found:.1f} lines high; {rule.title} asks for {float(asked):g}{' on an opaque block' if block else ''}. Set it larger, or write less.")


def _cropped(this: _Row, made: Drawn, kept: tuple[float, float, float, float], rule: Rules) -> Iterator[Fault]:
    """What a crop does to a disclosure."""
    width, height = this.stage.size
    size = (round(kept[2] * width), round(kept[3] * height))
    inside = area_of(size).inside(size)
    safe = (kept[0] * width + inside[0], kept[1] * height + inside[1], kept[0] * width + inside[2], kept[1] * height + inside[3])
    for one in made.placed:
        if one.text is None or one.layer.role != "disclosure":
            continue
        covered = ink(one.text, this.stage, (one.box[0], one.box[1]))
        if covered is not None and (out := _outside(covered, safe)):
            yield this.fault("unsafe", _field(one.layer), f"the crop to {size[0]} x {size[1]} leaves it outside the safe area ({area_of(size).title}) {out}. Make that shape as a version of its own.")
        yield from _high(this, one, rule, False, min(size) / 1080)


# ---- words for people


def _field(layer: Layer) -> str:
    return layer.slot or layer.name


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 48 else line[:47] + "…"


def _s(seconds: Fraction) -> str:
    return f"{float(seconds):.2f}".rstrip("0").rstrip(".") + " s"


def _list(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if names else ""
