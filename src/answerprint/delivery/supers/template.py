"""Templates: where lettering stands, how it is set and how it moves. TOML files, read into records or into one sentence.

Places are fractions of the safe area, (0, 0) its upper left corner and (1, 1) its lower right one; `of = "raster"` means the whole
picture instead. Sizes are lines of a raster whose shorter side has 1080. Times are seconds, from the start (`at`) or before the end (`end`).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, replace
from dataclasses import fields as record_fields
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from answerprint.delivery.supers.errors import MOST, SupersError, exact
from answerprint.delivery.supers.stage import SHAPES, areas

__all__ = ["EASES", "FOLDER", "Field", "Key", "Layer", "Template", "bundled", "fields", "read", "template"]

FOLDER = "templates"  #: in a production
SCHEMA = 1
_OURS = Path(__file__).parent / "templates"
EASES = ("linear", "in", "out", "both", "hold")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
Quad = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Key:
    """What a layer is at one moment; between two keys it goes from one to the other, as the later one eases."""

    at: Fraction | None = None  #: seconds after the start
    end: Fraction | None = None  #: or before the end
    opacity: float | None = None  #: 0 to 1
    reveal: float | None = None  #: how much of it is uncovered, 0 to 1
    x: float | None = None  #: moved by so many lines, the way the row reads
    y: float | None = None  #: and downwards
    ease: str = "both"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One thing that is drawn: a block or line of colour, a picture, a drawing, or text."""

    name: str
    kind: Literal["block", "line", "image", "shape", "text"]
    box: Quad | None = None  #: left, top, width, height
    of: Literal["safe", "raster"] = "safe"
    colour: str = "#FFFFFF"  #: or a name of [palette]
    keys: tuple[Key, ...] = ()
    wipe: Literal["start", "end", "top", "bottom", "type"] = "start"  #: from where it is uncovered; "type": letter by letter
    # a block or a line
    around: tuple[str, ...] = ()  #: the layers it lies behind, with `pad` lines at the sides and above and below
    pad: tuple[float, ...] = (24, 16)
    wide: bool = False  #: as wide as its box, as high as what it lies behind
    along: str | None = None  #: the block that a line runs along, on its `side`, `thick` lines
    side: Literal["start", "end", "top", "bottom"] = "start"
    thick: float = 6
    radius: float = 0
    # what a row fills
    slot: str | None = None
    required: bool = True
    asset: str | None = None  #: the picture where the row names none
    text: str | None = None  #: the text where there is no slot, or none in the row
    svg: str | None = None
    says: str = ""  #: what belongs in the field
    # text
    role: Literal["", "legal", "disclosure"] = ""
    counted: bool = True  #: False for a brand's name: its words are none of the words that have to be read
    size: float = 48
    least: float | None = None  #: smallest size it may shrink to; None: it does not
    lines: int = 1  #: at most
    fonts: tuple[str, ...] = ("Source Sans 3",)
    weight: int = 400
    leading: float = 1.2
    tracking: float = 0  #: in hundredths of the size
    align: Literal["start", "centre", "end"] = "start"
    stand: Literal["top", "middle", "bottom"] = "top"
    above: str | None = None  #: it ends `gap` lines above that layer
    below: str | None = None  #: or begins so far below it
    gap: float = 12
    shapes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  #: other values by shape


@dataclass(frozen=True, kw_only=True)
class Template:
    """A design with slots."""

    name: str
    title: str
    use: str  #: what it is for
    layers: tuple[Layer, ...]
    palette: Mapping[str, str] = field(default_factory=dict)  #: colours by name; a row may say another one
    area: str | None = None  #: the safe area it asks for; None: by the shape
    mirrors: bool = True  #: a row that reads from right to left has everything on the other side

    def on(self, shape: str) -> tuple[Layer, ...]:
        """Its layers as they are on a shape."""
        return tuple(_reshaped(layer, shape) for layer in self.layers)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column that a template takes."""

    name: str
    kind: Literal["text", "image", "colour"]
    required: bool
    says: str
    role: str = ""


def fields(made: Template) -> tuple[Field, ...]:
    """What a row may say, in the order of drawing; the colours of the palette last."""
    found: dict[str, Field] = {}
    for layer in made.layers:
        if layer.slot and layer.slot not in found:
            kind: Literal["text", "image"] = "text" if layer.kind == "text" else "image"
            needed = layer.required and not (layer.text if kind == "text" else layer.asset)
            found[layer.slot] = Field(name=layer.slot, kind=kind, required=needed, says=layer.says, role=layer.role)
    for name, colour in made.palette.items():
        found[name] = Field(name=name, kind="colour", required=False, says=f"a colour as {colour}")
    return tuple(found.values())


def bundled() -> tuple[str, ...]:
    """The names of the templates that come with the house."""
    return tuple(sorted(path.stem for path in _OURS.glob("*.toml")))


def template(name: str, folder: Path | None = None) -> Template:
    """A template by its name. Args: folder: a production's; its own in templates/ come before the house's.

    Raises: SupersError where there is none, with the nearest name, or where it cannot be read.
    """
    own = sorted((folder / FOLDER).glob("*.toml")) if folder is not None else []
    places = {**{one: _OURS / f"{one}.toml" for one in bundled()}, **{path.stem: path for path in own}}
    if name not in places:
        raise SupersError(f"there is no template {name!r}.{_near(name, places)} These are there: {', '.join(sorted(places))}. A production's own lie in {FOLDER}/NAME.toml.")
    try:
        return read(places[name].read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as cause:
        raise SupersError(f"template {name}: the file cannot be read ({getattr(cause, 'strerror', None) or 'it is not UTF-8'}).") from cause


def read(raw: str, name: str) -> Template:
    """A template from the text of its file.

    Raises: SupersError, one sentence that names the layer and the key: not TOML, a key that is unknown (with the nearest one) or
            missing, a value of another kind, a colour, an easing, a shape or a layer that is not there, two layers of one name.
    """
    where = f"template {name}"
    try:
        table = tomllib.loads(raw, parse_float=exact)
    except (ValueError, RecursionError) as cause:
        raise SupersError(f"{where}: this is not TOML: {cause}. Mend that line.") from cause
    if not _NAME.fullmatch(name):
        raise SupersError(f"{where}: a template's name is small letters, figures, - and _ (lower-third): it is part of file names.")
    schema = table.pop("schema", None)
    if schema != SCHEMA:
        raise SupersError(f"{where}: schema = {schema!r}. This release reads schema = {SCHEMA}; write that in the first line.")
    raw_layers = table.pop("layer", None)
    if not isinstance(raw_layers, list) or not raw_layers or not all(isinstance(one, dict) for one in raw_layers):
        raise SupersError(f"{where}: it has no [[layer]]. A template draws at least one.")
    layers = tuple(_layer(one, f"{where}, layer {one.get('name', number + 1)}") for number, one in enumerate(raw_layers))
    made: Template = _record(Template, {**table, "name": name, "layers": layers}, where)
    _sound(made, where)
    return made


def _layer(table: Mapping[str, Any], where: str) -> Layer:
    shapes = table.get("shapes", {})
    keys = table.get("keys", [])
    if not isinstance(shapes, dict) or not all(isinstance(one, dict) for one in shapes.values()):
        raise SupersError(f"{where}: shapes is a table for each shape: [layer.shapes.\"9:16\"].")
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        raise SupersError(f"{where}: keys is a list of tables: {{ at = 0.4, opacity = 1 }}.")
    for shape, other in shapes.items():
        if shape not in SHAPES:
            raise SupersError(f"{where}: there is no shape {shape!r}. There are {', '.join(SHAPES)}.")
        if fixed := sorted({"name", "kind", "slot", "shapes", "required", "role"} & set(other)):
            raise SupersError(f"{where}, {shape}: {fixed[0]} is the same on every shape. Take it out.")
    plain = {key: value for key, value in table.items() if key not in ("shapes", "keys")}
    made = {**plain, "keys": tuple(_key(one, where) for one in keys), "shapes": {shape: _overrides(other, f"{where}, {shape}") for shape, other in shapes.items()}}
    layer: Layer = _record(Layer, made, where)
    return layer


def _overrides(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Values of one layer for one shape, checked as the layer's own."""
    keys = table.get("keys")
    rest = {key: value for key, value in table.items() if key != "keys"}
    made = _record(Layer, {"name": "x", "kind": "block", **rest}, where)
    return {**{key: getattr(made, key) for key in rest}, **({"keys": tuple(_key(one, where) for one in keys)} if keys is not None else {})}


def _key(table: Any, where: str) -> Key:
    if not isinstance(table, dict):
        raise SupersError(f"{where}, keys: {table!r} is no table. Write {{ at = 0.4, opacity = 1 }}.")
    made: Key = _record(Key, table, f"{where}, keys")
    if (made.at is None) == (made.end is None):
        raise SupersError(f"{where}, keys: a key says either at (seconds after the start) or end (seconds before the end).")
    if min(made.at or 0, made.end or 0) < 0:
        raise SupersError(f"{where}, keys: at and end are 0 or more.")
    if made.ease not in EASES:
        raise SupersError(f"{where}, keys: ease = {made.ease!r}. It is one of {', '.join(EASES)}.")
    for name in ("opacity", "reveal"):
        value = getattr(made, name)
        if value is not None and not 0 <= value <= 1:
            raise SupersError(f"{where}, keys: {name} = {value:g} is not between 0 and 1.")
    return made


def _record(kind: Any, table: Mapping[str, Any], where: str) -> Any:
    known = {one.name: one for one in record_fields(kind)}
    hints = _hints(kind)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise SupersError(f"{where}: there is no key {key!r}.{_near(key, known)}")
        values[key] = _value(value, str(known[key].type), hints[key], f"{where}: {key}")
    missing = [key for key, one in known.items() if key not in values and one.default is MISSING and one.default_factory is MISSING]
    if missing:
        raise SupersError(f"{where}: it does not say {', '.join(missing)}.")
    return kind(**values)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(value: Any, written: str, hint: Any, where: str) -> Any:
    plain = written.removesuffix(" | None")
    numeric = isinstance(value, (int, Fraction)) and not isinstance(value, bool)
    if any(isinstance(one, int | Fraction) and abs(Fraction(one)) > MOST for one in (value if isinstance(value, list) else [value])):
        raise SupersError(f"{where}: nothing in a picture is larger than {MOST}.")
    if plain == "float" and numeric:
        return float(value)
    if plain == "Fraction" and numeric:
        return Fraction(value)
    if plain == "int" and numeric and Fraction(value).denominator == 1:
        return int(value)
    if plain in ("str", "bool") and isinstance(value, {"str": str, "bool": bool}[plain]):
        return value
    if plain.startswith("Literal["):
        if value in get_args(hint):
            return value
        raise SupersError(f"{where} = {value!r}. It is one of {', '.join(repr(one) for one in get_args(hint))}.")
    if plain == "Quad" and isinstance(value, list) and len(value) == 4 and all(isinstance(one, (int, Fraction)) and not isinstance(one, bool) for one in value):
        return tuple(map(float, value))
    if plain == "tuple[float, ...]" and isinstance(value, list) and len(value) == 2 and all(isinstance(one, (int, Fraction)) for one in value):
        return tuple(map(float, value))
    if plain == "tuple[str, ...]" and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if plain.startswith("Mapping[") and isinstance(value, dict):
        return value
    if plain.startswith("tuple[") and isinstance(value, tuple):
        return value  # layers and keys, read before
    wanted = {"float": "a number", "Fraction": "a number", "int": "a whole number", "str": "text in quotes", "bool": "true or false", "Quad": "[left, top, width, height]", "tuple[float, ...]": "two numbers", "tuple[str, ...]": "a list of names"}
    raise SupersError(f"{where} = {float(value) if isinstance(value, Fraction) else value!r} is not {wanted.get(plain, 'a table')}.")


def _sound(made: Template, where: str) -> None:
    """What a template says together has to hold."""
    names = [layer.name for layer in made.layers]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SupersError(f"{where}: there are two layers {twice!r}. Give one another name.")
    if made.area is not None and made.area not in areas():
        raise SupersError(f"{where}: there is no area {made.area!r}. There are {', '.join(areas())}.")
    for name, colour in made.palette.items():
        if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            raise SupersError(f"{where}, palette: {name} = {colour!r} is no colour. Write \"#F2C230\", or \"#101010CC\" to see through it.")
        if any(layer.slot == name for layer in made.layers):
            raise SupersError(f"{where}, palette: {name} is a slot as well. Call one of them otherwise.")
    for shape in SHAPES:
        layers = made.on(shape)
        for layer in layers:
            _layer_sound(layer, layers, made.palette, f"{where}, layer {layer.name}" + (f", {shape}" if shape in layer.shapes else ""))
        for layer in layers:
            _no_circle(layer, {one.name: one for one in layers}, where)


def _layer_sound(layer: Layer, layers: Iterable[Layer], palette: Mapping[str, str], where: str) -> None:
    names = {one.name: one for one in layers}
    for key in ("above", "below", "along"):
        other = getattr(layer, key)
        if other is not None and (other not in names or other == layer.name):
            raise SupersError(f"{where}: {key} = {other!r} is no other layer.{_near(other, names)}")
    for other in layer.around:
        if other not in names or names[other].kind not in ("text", "image"):
            raise SupersError(f"{where}: around names {other!r}, which is no layer with text or a picture.{_near(other, names)}")
    if layer.above and layer.below:
        raise SupersError(f"{where}: it stands above one layer or below one, not both.")
    if layer.colour not in palette and not _COLOUR.fullmatch(layer.colour):
        raise SupersError(f"{where}: colour = {layer.colour!r} is neither a colour (\"#F2C230\") nor a name of [palette].")
    if layer.box is None and not (layer.kind in ("block", "line") and ((layer.around and not layer.wide) or layer.along)):
        raise SupersError(f"{where}: it has no box.")
    if layer.box is not None and min(layer.box[2:]) <= 0:
        raise SupersError(f"{where}: box = [left, top, width, height] has to have a width and a height.")
    if layer.kind == "text":
        if layer.slot is None and layer.text is None:
            raise SupersError(f"{where}: it has neither slot nor text.")
        if layer.size <= 0 or (layer.least is not None and not 0 < layer.least <= layer.size):
            raise SupersError(f"{where}: least is more than 0 and no more than size.")
        if layer.lines < 1 or not 100 <= layer.weight <= 1000 or layer.leading <= 0 or not layer.fonts:
            raise SupersError(f"{where}: lines is 1 or more, weight 100 to 1000, leading more than 0, and fonts names at least one.")
    elif layer.wipe == "type":
        raise SupersError(f"{where}: only text is uncovered letter by letter.")
    if layer.kind == "image" and layer.slot is None and layer.asset is None:
        raise SupersError(f"{where}: it has neither slot nor asset.")
    if layer.kind == "shape" and layer.svg is None:
        raise SupersError(f"{where}: a shape has its drawing in svg.")


def _no_circle(layer: Layer, names: Mapping[str, Layer], where: str) -> None:
    seen = [layer.name]
    while (other := layer.above or layer.below) is not None:
        if other in seen:
            raise SupersError(f"{where}: {' and '.join(dict.fromkeys(seen))} stand on each other in a circle (above, below).")
        seen.append(other)
        layer = names[other]


def _reshaped(layer: Layer, shape: str) -> Layer:
    return replace(layer, **layer.shapes[shape]) if shape in layer.shapes else layer


def _near(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean {found[0]!r}?" if found else ""
