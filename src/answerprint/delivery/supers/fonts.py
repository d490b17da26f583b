"""Fonts: the production's own, then those of the house, then those of the system that a template names.

Nothing is substituted in silence: a character is set in the fonts a template asks for, else in another font of the production or the
house that has it, and where none has it, it is a fault that says which font to add.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from answerprint.delivery.supers.errors import SupersError, drawn_by
from answerprint.delivery.supers.words import script

__all__ = ["Face", "Fonts", "advice", "fonts", "has", "typeface"]

_HOUSE = ("fontpkg_source_sans_3", "fontpkg_source_serif_4", "fontpkg_noto_sans_arabic")
_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
#: A free font for each script that the house does not carry (all under the SIL Open Font License).
_ADVICE = {
    "ARABIC": "Noto Sans Arabic", "HEBREW": "Noto Sans Hebrew", "DEVANAGARI": "Noto Sans Devanagari", "BENGALI": "Noto Sans Bengali", "TAMIL": "Noto Sans Tamil",
    "TELUGU": "Noto Sans Telugu", "THAI": "Noto Sans Thai", "KHMER": "Noto Sans Khmer", "HANGUL": "Noto Sans KR", "HIRAGANA": "Noto Sans JP", "KATAKANA": "Noto Sans JP",
    "CJK": "Noto Sans JP, SC, TC or KR", "ARMENIAN": "Noto Sans Armenian", "GEORGIAN": "Noto Sans Georgian", "ETHIOPIC": "Noto Sans Ethiopic",
}  # fmt: skip
#: What a variable font is made for at a time: letters of these blocks are nearly always set together.
_LATIN = "".join(chr(point) for low, high in ((0x20, 0x7F), (0xA0, 0x180), (0x2010, 0x2040), (0x20A0, 0x20C0)) for point in range(low, high)) + "™−×"

_BEYOND = frozenset(chr(point) for low, high in ((0x180, 0x250), (0x1E00, 0x1F00)) for point in range(low, high))  #: Vietnamese and its kin
_MANY = ("CJK", "HANGUL")  #: scripts of thousands: only the letters that are there


@dataclass(frozen=True, kw_only=True)
class Face:
    """One font file, or one font of a collection."""

    family: str
    path: Path
    index: int = 0
    weight: int = 400
    weights: tuple[int, int] | None = None  #: of a variable font
    others: tuple[tuple[str, float], ...] = ()  #: its other axes, at their usual values
    slanted: bool = False

    def off(self, weight: int) -> tuple[bool, int]:
        """How far it is from a wanted weight; slanted ones come last."""
        low, high = self.weights or (self.weight, self.weight)
        return self.slanted, max(low - weight, 0, weight - high)


@dataclass(frozen=True, kw_only=True)
class Fonts:
    """What lettering may be set in, in the order it is looked for."""

    faces: tuple[Face, ...]
    system: bool = True  #: whether a family that a template names may come from the system

    def chain(self, families: Sequence[str], weight: int) -> tuple[Face, ...]:
        """One face of every family: those that were asked for in their order, then all others."""
        asked = [face for name in families if (face := self._of(name, weight)) is not None]
        rest = [face for name in dict.fromkeys(one.family for one in self.faces) if (face := self._of(name, weight)) is not None and face not in asked]
        return (*asked, *rest)

    def lacking(self, families: Sequence[str]) -> tuple[str, ...]:
        """The families that are nowhere."""
        return tuple(name for name in families if self._of(name, 400) is None)

    def _of(self, family: str, weight: int) -> Face | None:
        found = [face for face in self.faces if face.family.casefold() == family.casefold()]
        if not found and self.system:
            found = list(_system(family))
        return min(found, key=lambda face: face.off(weight), default=None)


def fonts(folder: Path | None = None, *, system: bool = True) -> Fonts:
    """The fonts of a production (its assets/fonts) and of the house.

    Args:   folder: may be missing or empty.  system: whether a family that a template names may come from the system.
    Raises: SupersError for a file that is no font.
    """
    own = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")) if folder is not None and folder.is_dir() else []
    return Fonts(faces=tuple(face for path in (*own, *_house()) for face in _faces(path)), system=system)


@lru_cache(maxsize=1)
def _house() -> tuple[Path, ...]:
    found: list[Path] = []
    for package in _HOUSE:
        try:
            folder = Path(str(files(package))) / "files"
        except ModuleNotFoundError:  # an extra that is not installed
            continue
        found += sorted(path for path in folder.glob("*.ttf") if "Italic" not in path.name)
    return tuple(found)


@lru_cache(maxsize=512)
def _faces(path: Path) -> tuple[Face, ...]:
    made = []
    for index, font in enumerate(_opened(path)):
        names, style = font["name"], font.get("OS/2")
        family = names.getBestFamilyName() or path.stem
        axes = {axis.axisTag: axis for axis in font["fvar"].axes} if "fvar" in font else {}
        spread = (round(axes["wght"].minValue), round(axes["wght"].maxValue)) if "wght" in axes else None
        others = tuple((tag, float(axis.defaultValue)) for tag, axis in axes.items() if tag != "wght")
        slanted = bool(style is not None and style.fsSelection & 1)
        made.append(Face(family=family, path=path, index=index, weight=style.usWeightClass if style is not None else 400, weights=spread, others=others, slanted=slanted))
    return tuple(made)


def _opened(path: Path) -> list[Any]:
    try:
        from fontTools.ttLib import TTCollection, TTFont, TTLibError
    except ImportError as cause:
        raise SupersError("fonts are read by fontTools, which is not installed. Say: pip install 'answerprint[deliver]'.") from cause
    try:
        if path.suffix.lower() in (".ttc", ".otc"):
            return list(TTCollection(path, lazy=True).fonts)
        return [TTFont(path, lazy=True)]
    except (TTLibError, OSError, AssertionError) as cause:
        raise SupersError(f"{path.name}: this is no font that can be read ({cause}). Take it out of the fonts, or bring it as .ttf or .otf.") from cause


@lru_cache(maxsize=256)
def _system(family: str) -> tuple[Face, ...]:
    """The faces of a family that the system has. fontconfig knows where; without it there is none."""
    import shutil
    import subprocess

    if (finder := shutil.which("fc-list")) is None:
        return ()
    listed = subprocess.run([finder, "--format", "%{file}\\n", f":family={family}"], capture_output=True, text=True, check=False).stdout
    paths = sorted({Path(line) for line in listed.splitlines() if line.lower().endswith(_SUFFIXES)})
    return tuple(face for path in paths for face in _faces(path) if face.family.casefold() == family.casefold())


@lru_cache(maxsize=16384)
def has(face: Face, character: str) -> bool:
    """Whether a font has a glyph for a character."""
    return bool(_plain(face).unicharToGlyph(ord(character)))


@lru_cache(maxsize=128)
def _plain(face: Face) -> Any:
    made = drawn_by().Typeface.MakeFromFile(str(face.path), face.index)
    if made is None:
        raise SupersError(f"{face.path.name}: this font cannot be drawn. Bring it as .ttf or .otf.")
    return made


def typeface(face: Face, weight: int, text: str) -> Any:
    """What a text is drawn with: a static font as it is, a variable one at its weight.

    The drawing library's own reading of variable fonts gives some letters another weight than their neighbours, so that the instance
    is made here, of the letters that are needed.
    """
    if face.weights is None and not face.others:
        return _plain(face)
    groups = frozenset(script(one) for one in text) - {"", "LATIN", *_MANY}
    if _BEYOND.intersection(text):
        groups |= {"BEYOND"}
    letters = "".join(sorted({one for one in text if one not in _LATIN and one not in _BEYOND and script(one) not in groups}))
    return _instance(face, _clamped(face, weight), tuple(sorted(groups)), letters)


def _clamped(face: Face, weight: int) -> int:
    low, high = face.weights or (weight, weight)
    return min(max(weight, low), high)


@lru_cache(maxsize=96)
def _instance(face: Face, weight: int, groups: tuple[str, ...], letters: str) -> Any:
    from fontTools import subset
    from fontTools.varLib import instancer

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    font = _opened(face.path)[face.index]
    wanted = {*map(ord, _LATIN + letters), *(map(ord, _BEYOND) if "BEYOND" in groups else ()), *(point for point in font.getBestCmap() if (groups and script(chr(point)) in groups) or unicodedata.category(chr(point)) == "Cf")}
    options = subset.Options(hinting=False, notdef_outline=True, glyph_names=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    where = {**dict(face.others), **({"wght": weight} if face.weights is not None else {})}
    font = instancer.instantiateVariableFont(font, where, inplace=True)
    whole = io.BytesIO()
    font.save(whole)
    skia = drawn_by()
    made = skia.Typeface.MakeFromData(skia.Data.MakeWithCopy(whole.getvalue()))
    if made is None:
        raise SupersError(f"{face.path.name}: no font of weight {weight} can be made of it. Bring that weight as a file of its own.")
    return made


def advice(characters: Iterable[str]) -> str:
    """Which font to add for characters that none has."""
    scripts = dict.fromkeys(script(one) for one in characters)
    names = list(dict.fromkeys(_ADVICE.get(one, f"a font with {one.lower()} letters" if one else "a font with these signs") for one in scripts))
    return " and ".join(one for one in names if not any(other != one and other.startswith(one) for other in names))
