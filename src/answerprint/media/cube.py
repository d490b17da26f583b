"""Colour transforms from files: LUTs (.cube of Adobe/Iridas and Resolve, .3dl) and ASC CDL corrections (.cc, .ccc, .cdl).

Each is read whole or refused with a sentence; each applies to arrays of RGB, full scale 1.0, and that is what a picture is checked
against. The picture itself goes through ffmpeg's lut3d with a table made by `bake`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from answerprint.media import MediaError
from answerprint.media.container import shown

__all__ = ["SUFFIXES", "Cdl", "Lut", "Transform", "bake", "corrections", "read", "sop"]

Rgb = NDArray[np.float64]
SUFFIXES = (".cube", ".3dl", ".cc", ".ccc", ".cdl")
_LARGEST = 64 * 2**20  #: bytes; a 129-point cube with twelve digits is 84 MB and no camera or grading program writes one
#: Over 30 CDLs with powers of 0.7 to 1.4, 99.9 % of 100,000 random colours come out within 0.013 of the exact transform; 33 points
#: are 0.020 off. The rest lies where a correction clips to black.
_POINTS = 65
_REC709 = np.array([0.2126, 0.7152, 0.0722])  #: luma weights of the ASC CDL's saturation, as its specification 1.2 says


class Transform(Protocol):
    """A colour transform of RGB arrays, shape (..., 3)."""

    def apply(self, rgb: Rgb) -> Rgb: ...


@dataclass(frozen=True, kw_only=True)
class Lut:
    """A one-dimensional curve, a three-dimensional table, or the first and then the second.

    curve: shape (n, 3).  table: shape (n, n, n, 3), indexed by red, green, blue.  Their input ranges are (lowest, highest), each of
    three; what lies outside takes the value at the edge.
    """

    curve: Rgb | None = None
    curve_range: tuple[Rgb, Rgb] = (np.zeros(3), np.ones(3))
    table: Rgb | None = None
    table_range: tuple[Rgb, Rgb] = (np.zeros(3), np.ones(3))
    legal_in: bool = False  #: the table was made for 64..940 of 1023
    legal_out: bool = False

    @property
    def plain(self) -> bool:
        """A table over 0..1 and nothing else: it needs no baking."""
        simple = self.curve is None and self.table is not None and not (self.legal_in or self.legal_out)
        return bool(simple and (self.table_range[0] == 0).all() and (self.table_range[1] == 1).all())

    def apply(self, rgb: Rgb) -> Rgb:
        """Through the curve, linear between its points, then the table, tetrahedral between its points."""
        if self.legal_in:
            rgb = (rgb * 876 + 64) / 1023
        if self.curve is not None:
            low, high = self.curve_range
            points = self.curve.shape[0]
            place = np.clip((rgb - low) / (high - low), 0, 1) * (points - 1)
            rgb = np.stack([np.interp(place[..., i], np.arange(points), self.curve[:, i]) for i in range(3)], axis=-1)
        if self.table is not None:
            low, high = self.table_range
            rgb = _tetrahedral(self.table, np.clip((rgb - low) / (high - low), 0, 1))
        return (rgb * 1023 - 64) / 876 if self.legal_out else rgb


@dataclass(frozen=True, kw_only=True)
class Cdl:
    """An ASC CDL correction: slope, offset, power for each channel, then saturation."""

    slope: tuple[float, float, float]
    offset: tuple[float, float, float]
    power: tuple[float, float, float]
    saturation: float = 1.0

    def apply(self, rgb: Rgb) -> Rgb:
        out = np.clip(rgb * self.slope + self.offset, 0, 1) ** np.array(self.power)
        luma = (out @ _REC709)[..., None]
        result: Rgb = np.clip(luma + self.saturation * (out - luma), 0, 1)
        return result


def _tetrahedral(table: Rgb, rgb: Rgb) -> Rgb:
    size = table.shape[0]
    place = rgb * (size - 1)
    base = np.minimum(place.astype(np.int64), size - 2)
    part = place - base
    # walk from the lower corner to the upper, along the axis with the largest fraction first
    order = np.argsort(-part, axis=-1, kind="stable")
    sorted_part = np.take_along_axis(part, order, axis=-1)
    corner = base.copy()
    out = table[corner[..., 0], corner[..., 1], corner[..., 2]] * (1 - sorted_part[..., :1])
    for step in range(3):
        np.put_along_axis(corner, order[..., step : step + 1], np.take_along_axis(corner, order[..., step : step + 1], axis=-1) + 1, axis=-1)
        weight = sorted_part[..., step : step + 1] - (sorted_part[..., step + 1 : step + 2] if step < 2 else 0)
        out = out + table[corner[..., 0], corner[..., 1], corner[..., 2]] * weight
    return np.asarray(out, dtype=np.float64)


def bake(steps: Sequence[Transform], into: Path) -> None:
    """Write transforms, one after the other, as one .cube that ffmpeg's lut3d reads."""
    if len(steps) == 1 and isinstance(steps[0], Lut) and steps[0].plain and steps[0].table is not None:
        table = steps[0].table
    else:
        finest = max((step.table.shape[0] for step in steps if isinstance(step, Lut) and step.table is not None), default=0)
        axis = np.linspace(0, 1, max(_POINTS, finest))
        table = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)
        for step in steps:
            table = step.apply(table)
    rows = table.transpose(2, 1, 0, 3).reshape(-1).tolist()  # red changes fastest
    text = ("%.6f %.6f %.6f\n" * (len(rows) // 3)) % tuple(rows)
    into.write_text(f"LUT_3D_SIZE {table.shape[0]}\n{text}", encoding="ascii")


def read(path: Path, *, clip: str | None = None) -> Transform:
    """Read a LUT or CDL file.

    Args:   clip: name of the clip it is for; needed where a file holds several corrections, one for each clip.
    Raises: MediaError in one sentence: gone, of another kind, cut off, or with values that mean nothing.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise MediaError(f"{shown(path)} is not a look that can be read here. Give a .cube, .3dl, .cc, .ccc or .cdl file.")
    raw = _raw(path)
    try:
        return reader(raw, clip)
    except ValueError as cause:
        raise MediaError(f"the look {shown(path)} is broken: {cause}. Export it again.") from cause


def _raw(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as cause:
        raise MediaError(f"the look {shown(path)} cannot be read: {cause.strerror}.") from cause
    if len(raw) > _LARGEST:
        raise MediaError(f"the look {shown(path)} is larger than {_LARGEST >> 20} MiB; export it with 65 points or fewer.")
    return raw


def _numbers(words: Sequence[str], count: int, what: str) -> list[float]:
    try:
        values = [float(word) for word in words]
    except ValueError:
        raise ValueError(f"{what} holds {' '.join(words)[:40]!r} where numbers belong") from None
    if len(values) != count:
        raise ValueError(f"{what} needs {count} numbers and has {len(values)}")
    if not np.isfinite(values).all():
        raise ValueError(f"{what} holds a number that is not finite")
    return values


def _cube(raw: bytes, _: str | None) -> Lut:
    sizes = {"1D": 0, "3D": 0}
    ranges: dict[str, tuple[Rgb, Rgb]] = {}
    domain = {"DOMAIN_MIN": np.zeros(3), "DOMAIN_MAX": np.ones(3)}
    legal = {"LUT_IN_VIDEO_RANGE": False, "LUT_OUT_VIDEO_RANGE": False}
    rows: list[list[float]] = []
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").splitlines(), 1):
        words = line.split("#", 1)[0].split() if not line.startswith("TITLE") else []
        if not words:
            continue
        key = words[0]
        if key in ("LUT_1D_SIZE", "LUT_3D_SIZE"):
            size = int(_numbers(words[1:], 1, key)[0])
            if not 2 <= size <= (65536 if key == "LUT_1D_SIZE" else 256):
                raise ValueError(f"{key} is {size}")
            sizes[key[4:6]] = size
        elif key in ("LUT_1D_INPUT_RANGE", "LUT_3D_INPUT_RANGE"):
            ends = _numbers(words[1:], 2, key)
            ranges[key[4:6]] = (np.full(3, ends[0]), np.full(3, ends[1]))
        elif key in domain:
            domain[key] = np.array(_numbers(words[1:], 3, key))
        elif key in legal:
            legal[key] = True
        elif re.match(r"^[-+.\d]", key):
            rows.append(_numbers(words, 3, f"line {number}"))
        else:
            raise ValueError(f"line {number} begins with {key[:40]!r}, which no .cube has")
    points, cells = sizes["1D"], sizes["3D"]
    if not points and not cells:
        raise ValueError("it names no LUT_1D_SIZE or LUT_3D_SIZE")
    if len(rows) != points + cells**3:
        raise ValueError(f"it says {points + cells**3} entries and has {len(rows)}")
    values = np.array(rows)
    whole = (domain["DOMAIN_MIN"], domain["DOMAIN_MAX"])
    if not points and "1D" in ranges:  # some writers put the table's range under the curve's name
        ranges.setdefault("3D", ranges["1D"])
    lut = Lut(
        curve=values[:points] if points else None,
        curve_range=ranges.get("1D", whole),
        table=values[points:].reshape(cells, cells, cells, 3).transpose(2, 1, 0, 3) if cells else None,
        table_range=ranges.get("3D", whole),
        legal_in=legal["LUT_IN_VIDEO_RANGE"],
        legal_out=legal["LUT_OUT_VIDEO_RANGE"],
    )
    for low, high in (lut.curve_range, lut.table_range):
        if (high <= low).any():
            raise ValueError("its input range ends before it begins")
    return lut


def _threedl(raw: bytes, _: str | None) -> Lut:
    mesh: list[float] = []
    rows: list[list[float]] = []
    bits = 0
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
        words = line.split("#", 1)[0].split()
        if words and words[0] == "Mesh":
            bits = int(_numbers(words[1:], 2, "Mesh")[1])
        if not words or not re.match(r"^[-+.\d]+$", words[0]):
            continue
        if not mesh and len(words) > 3:
            mesh = _numbers(words, len(words), f"line {number}")
        else:
            rows.append(_numbers(words, 3, f"line {number}"))
    size = len(mesh)
    if size < 2:
        raise ValueError("it has no line with the places of its grid")
    if len(rows) != size**3:
        raise ValueError(f"a grid of {size} needs {size**3} entries and it has {len(rows)}")
    steps = np.diff(mesh)
    if steps.min() <= 0 or steps.max() - steps.min() > 1.5:
        raise ValueError("its grid is not even, and only even grids can be read")
    values = np.array(rows)
    largest = values.max()
    if not bits:
        bits = next((depth for depth in (8, 10, 12, 14, 16) if largest < 2**depth), 0)
    if not 8 <= bits <= 16 or largest >= 2**bits or values.min() < 0:
        raise ValueError(f"its entries go from {values.min():.0f} to {largest:.0f}, which is no bit depth")
    return Lut(table=values.reshape(size, size, size, 3) / (2**bits - 1))  # blue changes fastest


def _cdl(raw: bytes, clip: str | None) -> Cdl:
    all_of = _corrections(raw)
    chosen = all_of[0]
    if len(all_of) > 1:
        named = [node for node in all_of if clip is not None and (node.get("id") or "") == clip]
        if len(named) != 1:
            ids = ", ".join(node.get("id") or "(no id)" for node in all_of[:4])
            raise ValueError(f"it holds {len(all_of)} corrections ({ids}) and not one of that clip's name")
        chosen = named[0]
    return _correction(chosen)


def corrections(path: Path) -> tuple[tuple[tuple[str, ...], Cdl], ...]:
    """Every correction of a CDL file with the names by which it goes: its id, and the clip that a decision list lays it over.

    Raises: MediaError as `read` does.
    """
    read_all = _READERS.get(path.suffix.lower())
    if read_all is not _cdl:
        raise MediaError(f"{shown(path)} holds no corrections. Give a .cc, .ccc or .cdl file.")
    raw = _raw(path)
    try:
        return tuple((_called(node), _correction(node)) for node in _corrections(raw))
    except ValueError as cause:
        raise MediaError(f"the look {shown(path)} is broken: {cause}. Export it again.") from cause


def _corrections(raw: bytes) -> list[etree._Element]:
    try:
        root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as cause:
        raise ValueError(f"it is not whole XML ({cause})") from cause
    all_of = [node for node in root.iter() if isinstance(node.tag, str) and _local(node) == "ColorCorrection"]
    if not all_of:
        raise ValueError("it holds no ColorCorrection")
    return all_of


def _called(node: etree._Element) -> tuple[str, ...]:
    names = [node.get("id") or ""]
    above = node.getparent()
    if above is not None and _local(above) == "ColorDecision":
        names += [(one.get("ref") or "").rsplit("/", 1)[-1] for one in above if isinstance(one.tag, str) and _local(one) == "MediaRef"]
    return tuple(name for name in names if name)


def _correction(node: etree._Element) -> Cdl:
    found: dict[str, list[float]] = {}
    for part in node.iter():
        name = _local(part) if isinstance(part.tag, str) else ""
        if name in ("Slope", "Offset", "Power", "Saturation"):
            found[name] = _numbers((part.text or "").split(), 1 if name == "Saturation" else 3, name)
    if not found:
        raise ValueError("its correction has neither slope, offset and power nor a saturation")
    return _checked(found.get("Slope", [1, 1, 1]), found.get("Offset", [0, 0, 0]), found.get("Power", [1, 1, 1]), found.get("Saturation", [1])[0])


def _local(node: etree._Element) -> str:
    return str(etree.QName(node).localname)


def _checked(slope: Sequence[float], offset: Sequence[float], power: Sequence[float], saturation: float) -> Cdl:
    if min(slope) < 0 or min(power) <= 0 or saturation < 0:
        raise ValueError("slope and saturation cannot be negative, and power must be above zero")
    triples = [(float(v[0]), float(v[1]), float(v[2])) for v in (slope, offset, power)]
    return Cdl(slope=triples[0], offset=triples[1], power=triples[2], saturation=float(saturation))


def sop(text: str, saturation: str | None = None) -> Cdl:
    """Read a CDL as an ALE or EDL writes it: "(1.1 1 1)(0 0 0)(1 1 1)" and "0.9".

    Raises: MediaError where it is not that.
    """
    groups = re.findall(r"\(([^()]*)\)", text)
    try:
        if len(groups) != 3:
            raise ValueError("three groups in parentheses belong there")
        slope, offset, power = (_numbers(group.replace(",", " ").split(), 3, "ASC_SOP") for group in groups)
        return _checked(slope, offset, power, _numbers([saturation], 1, "ASC_SAT")[0] if saturation else 1.0)
    except ValueError as cause:
        raise MediaError(f"the clip names a CDL that cannot be read ({text[:60]!r}): {cause}.") from cause


_READERS: dict[str, Callable[[bytes, str | None], Transform]] = {
    ".cube": _cube,
    ".3dl": _threedl,
    ".cc": _cdl,
    ".ccc": _cdl,
    ".cdl": _cdl,
}
