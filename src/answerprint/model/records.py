"""Records: frozen, keyword-only, typed; and the two ways they are written down.

`to_plain` / `from_plain` turn a record into plain JSON values and back, exactly (a `Fraction` is the text "24000/1001").
`canonical` writes the one byte form that is hashed and signed: sorted ASCII keys, no spaces, whole numbers, never a float.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import json
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self, TypeVar

__all__ = [
    "AnswerprintError", "AudioStream", "Bext", "Colour", "Digest", "Fact", "Facts", "Json", "MediaInfo", "ModelError", "Plain", "Problem",
    "Track", "Trust", "VideoStream", "canonical", "from_plain", "to_plain",
]  # fmt: skip

Digest = str  #: "blake3:..." for media and files in keep/, "sha256:..." for the chain and bodies
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Plain = dict[str, Any]
T = TypeVar("T")


class AnswerprintError(Exception):
    """What a person at a terminal reads: which thing, what was found, what to do. One base class per room stands below it."""

    more: tuple[str, ...] = ()  #: what it lists, a line each; they are at the end of its text too

    @classmethod
    def listing(cls, text: str, lines: Iterable[str]) -> Self:
        """A sentence with lines under it, each shown on a line of its own whatever it holds."""
        more = tuple(lines)
        made = cls(text + "".join(f"\n  {line}" for line in more))
        made.more = more
        return made


class ModelError(AnswerprintError):
    """A value from outside that is not what it says it is."""


def canonical(value: Any) -> bytes:
    """The one byte form of a body: UTF-8 JSON, sorted ASCII keys, no spaces, only text, whole numbers under 2^53, booleans, null.

    Raises: ModelError for a float, a large number, a key that is not ASCII, or another type.
    """
    _check_canonical(value, "body")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _check_canonical(value: Any, where: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            raise ModelError(f"{where}: a text with a lone surrogate cannot be written down.")
    elif isinstance(value, int):
        if abs(value) >= 2**53:
            raise ModelError(f"{where}: {value} does not fit; whole numbers stay under 2^53, larger ones are text.")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _check_canonical(item, f"{where}[{index}]")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ModelError(f"{where}: the key {key!r} is not ASCII text.")
            _check_canonical(item, f"{where}.{key}")
    elif isinstance(value, float):
        raise ModelError(f"{where}: {value} is a float; a measured number is a decimal text or lies in the facts file.")
    else:
        raise ModelError(f"{where}: a {type(value).__name__} cannot be written down.")


def to_plain(value: Any) -> Any:
    """A record as plain JSON values. Fractions become "n/d" (whole ones "n/1"), tuples lists, enums their value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise ModelError(f"a {type(value).__name__} has no plain form.")


def from_plain(cls: type[T], plain: Any) -> T:
    """Read a record back from its plain form.

    Raises: ModelError naming the field that is missing, unknown or of another type.
    """
    return typing.cast(T, _read(cls, plain, cls.__name__))


def _read(kind: Any, plain: Any, where: str) -> Any:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any or isinstance(kind, typing.TypeVar):
        return plain
    if origin in (typing.Union, types.UnionType):
        if plain is None and type(None) in args:
            return None
        errors = []
        for option in args:
            if option is not type(None):
                try:
                    return _read(option, plain, where)
                except ModelError as error:
                    errors.append(str(error))
        raise ModelError("; ".join(errors))
    if origin in (tuple, list) and isinstance(plain, list):
        if origin is tuple and args and args[-1] is not Ellipsis:
            if len(args) != len(plain):
                raise ModelError(f"{where}: {len(args)} values belong here, found {len(plain)}.")
            return tuple(_read(arg, item, f"{where}[{i}]") for i, (arg, item) in enumerate(zip(args, plain, strict=True)))
        return origin(_read(args[0], item, f"{where}[{i}]") for i, item in enumerate(plain))
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        if isinstance(plain, dict):
            return {key: _read(args[1], item, f"{where}.{key}") for key, item in plain.items()}
    elif origin is typing.Literal and plain in args:
        return plain
    elif kind is Fraction and isinstance(plain, str):
        try:
            return Fraction(plain)
        except (ValueError, ZeroDivisionError) as cause:
            raise ModelError(f"{where}: {plain!r} is not a fraction.") from cause
    elif isinstance(kind, type) and dataclasses.is_dataclass(kind) and isinstance(plain, dict):
        hints, names = _fields(kind)
        if unknown := sorted(set(plain) - names):
            raise ModelError(f"{where}: unknown field {unknown[0]!r}.")
        values = {name: _read(hints[name], plain[name], f"{where}.{name}") for name in names if name in plain}
        try:
            return kind(**values)
        except TypeError as cause:
            raise ModelError(f"{where}: {cause}") from cause
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        try:
            return kind(plain)
        except ValueError as cause:
            raise ModelError(f"{where}: {plain!r} is not a {kind.__name__}.") from cause
    elif kind is float and isinstance(plain, (int, float)) and not isinstance(plain, bool):
        return float(plain)
    elif kind is int and isinstance(plain, int) and not isinstance(plain, bool):
        return plain
    elif kind in (str, bool) and isinstance(plain, kind):
        return plain
    elif kind is type(None) and plain is None:
        return None
    raise ModelError(f"{where}: {plain!r} is not a {getattr(kind, '__name__', kind)}.")


@functools.cache
def _fields(kind: type[Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """A record's types by field: read once, since a cut of thirty shots is read back as hundreds of records."""
    return typing.get_type_hints(kind), frozenset(field.name for field in dataclasses.fields(kind))


# ---- facts


@dataclass(frozen=True, kw_only=True)
class Trust:
    """How far to trust a measurement: a named measure with its direction, never an uncalibrated 0..1."""

    measure: str  #: e.g. "peak over runner-up"
    value: float
    better: typing.Literal["higher", "lower"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something measured about a piece of media, with how it was measured."""

    about: Digest
    name: str  #: dotted, with its unit at the end: "sync.offset_s"
    value: Any  #: plain JSON; exact times as "n/d" text
    method: str
    trust: Trust | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A facts file: what one task found about its inputs. It lies in keep/ under its own digest."""

    task: str
    version: int
    inputs: tuple[Digest, ...]
    facts: tuple[Fact, ...]

    def to_bytes(self) -> bytes:
        return json.dumps(to_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode(
            "utf-8"
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> Facts:
        try:
            plain = json.loads(raw)
        except ValueError as cause:
            raise ModelError("this facts file is not JSON.") from cause
        return from_plain(cls, plain)

    def find(self, name: str, about: Digest | None = None) -> list[Fact]:
        """Every fact of that name (about that medium, if given), in the order the task found them."""
        return [fact for fact in self.facts if fact.name == name and about in (None, fact.about)]

    def value(self, name: str, default: Any = None) -> Any:
        """The value of the first fact of that name, or `default`."""
        found = self.find(name)
        return found[0].value if found else default


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with one file, in one sentence, while the rest of the shoot goes on."""

    file: str
    says: str


# ---- what a medium says about itself


@dataclass(frozen=True, kw_only=True)
class Colour:
    """Colour tags as the file carries them (ITU-T H.273 names), None where the file is silent."""

    primaries: str | None = None
    transfer: str | None = None
    matrix: str | None = None
    full_range: bool | None = None
    log: str | None = None  #: a camera log curve by name, where metadata names one: "S-Log3", "LogC3"


@dataclass(frozen=True, kw_only=True)
class VideoStream:
    """One picture stream. Width and height are as coded; the display size follows from sar and rotation."""

    index: int
    codec: str
    width: int
    height: int
    pixel_format: str
    bit_depth: int
    rate: Fraction  #: frames a second on the timeline
    frames: int | None  #: None where only a full decode could tell
    duration_s: Fraction
    start_s: Fraction = Fraction(0)  #: presentation time of the first frame in the container
    variable: bool = False  #: variable frame rate
    fps_shot: Fraction | None = None  #: sensor rate, where the file knows it; differs from rate in off-speed clips
    sar: Fraction = Fraction(1)
    rotation_deg: int = 0  #: clockwise quarter turns to apply for display: 0, 90, 180, 270
    interlaced: bool = False
    colour: Colour = Colour()

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height as seen, in square pixels, turned once."""
        width, height = round(self.width * self.sar), self.height
        return (height, width) if self.rotation_deg in (90, 270) else (width, height)


@dataclass(frozen=True, kw_only=True)
class Track:
    """One recorder track as iXML names it."""

    channel: int  #: from 1, in file order
    name: str
    function: str | None = None


@dataclass(frozen=True, kw_only=True)
class AudioStream:
    """One sound stream: channels, never "the audio"."""

    index: int
    codec: str
    rate_hz: int
    channels: int
    duration_s: Fraction
    start_s: Fraction = Fraction(0)  #: presentation time of its first sample in the container
    layout: str | None = None


@dataclass(frozen=True, kw_only=True)
class Bext:
    """What a recorder wrote into bext and iXML."""

    description: str = ""
    originator: str = ""
    date: str = ""
    time: str = ""
    time_reference: int | None = None  #: samples since midnight
    scene: str | None = None
    take: str | None = None
    tape: str | None = None
    circled: bool | None = None
    note: str | None = None
    rate: Fraction | None = None  #: timecode rate from iXML SPEED
    drop: bool | None = None
    tracks: tuple[Track, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MediaInfo:
    """What a probe found. `kind` is what the file is to a production."""

    kind: typing.Literal["clip", "sound", "camera original"]
    container: str
    duration_s: Fraction
    video: VideoStream | None = None
    audio: tuple[AudioStream, ...] = ()
    timecode: str | None = None  #: of the first frame (or sample): "08:00:00:00", ";" before frames for drop-frame
    timecode_rate: Fraction | None = None
    timecode_from: str | None = None  #: "tmcd", "bext", "rtmd", "container", "LTC on channel 2"
    reel: str | None = None
    camera: str | None = None  #: the letter, where the file or its name tells: "A"
    created: str | None = None
    bext: Bext | None = None
    tags: dict[str, str] = dataclasses.field(default_factory=dict)  #: container metadata as text
    notes: tuple[str, ...] = ()  #: sentences for a person: what the file got wrong about itself
