"""Faces for letters that the house's faces lack: those that somebody brings, then those of packages that are installed; and what each lets be done with it.

A letter's script says which package is looked into first. Chinese and Japanese share letters that they draw differently: the deck's own words tell which it is.
"""

from __future__ import annotations

import functools
import struct
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from answerprint.presenting.records import DeckError

__all__ = ["FONTS", "NAMES", "Other", "brought", "extras", "house_of", "language", "language_of", "others", "script", "usable"]

FONTS = (".ttf", ".otf", ".ttc", ".otc")
_RESTRICTED, _VIEWED, _WHOLE, _BITMAPS_ONLY = 0x0002, 0x0004, 0x0100, 0x0200  #: of OS/2 fsType: not at all, only to be read, only uncut, only as pictures
#: script -> the faces of packages that have it: package, file of the sans, file of the serif ("" for none)
_PACKAGES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "arabic": (("pylopdf_fonts_ar", "NotoSansArabic-Variable.ttf", "NotoNaskhArabic-Variable.ttf"), ("fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf", "")),
    "hebrew": (("pylopdf_fonts_he", "NotoSansHebrew-Variable.ttf", "NotoSerifHebrew-Variable.ttf"),),
    "devanagari": (("pylopdf_fonts_hi", "NotoSansDevanagari-Variable.ttf", "NotoSerifDevanagari-Variable.ttf"),),
    "thai": (("pylopdf_fonts_th", "NotoSansThai-Variable.ttf", "NotoSerifThai-Variable.ttf"),),
    "ja": (("pylopdf_fonts_jp", "NotoSansJP-Regular.otf", "NotoSerifJP-Regular.otf"),),
    "ko": (("pylopdf_fonts_ko", "NotoSansKR-Regular.otf", "NotoSerifKR-Regular.otf"),),
    "zh-Hans": (("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf"),),
    "zh-Hant": (("pylopdf_fonts_zh_tw", "NotoSansTC-Regular.otf", "NotoSerifTC-Regular.otf"),),
}
NAMES = ("ja", "zh-Hans", "zh-Hant", "ko", "arabic", "hebrew", "devanagari", "thai")  #: in the order that they are looked into for a letter of no script
_EXTRA = {"arabic": "letters", "hebrew": "letters", "devanagari": "letters", "thai": "letters", "ja": "letters-ja", "ko": "letters-ko", "zh-Hans": "letters-zh", "zh-Hant": "letters-zh-hant"}
_URDU, _PERSIAN = frozenset("ٹڈڑںےھ"), frozenset("پچژگکی")  #: letters that Arabic does not have
_LANGUAGE = {"hebrew": "he-IL", "devanagari": "hi-IN", "thai": "th-TH", "ja": "ja-JP", "ko": "ko-KR", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
_BLOCKS = (
    (0x0590, 0x05FF, "hebrew"), (0x0600, 0x06FF, "arabic"), (0x0750, 0x077F, "arabic"), (0x0870, 0x08FF, "arabic"), (0x0900, 0x097F, "devanagari"), (0x0E00, 0x0E7F, "thai"),
    (0x1100, 0x11FF, "hangul"), (0x2E80, 0x2FDF, "han"), (0x3005, 0x3007, "han"), (0x3021, 0x303B, "han"), (0x3041, 0x30FF, "kana"), (0x3100, 0x312F, "han"), (0x3130, 0x318F, "hangul"),
    (0x31A0, 0x31BF, "han"), (0x31F0, 0x31FF, "kana"), (0x3400, 0x4DBF, "han"), (0x4E00, 0x9FFF, "han"), (0xA8E0, 0xA8FF, "devanagari"), (0xA960, 0xA97F, "hangul"), (0xAC00, 0xD7FF, "hangul"),
    (0xF900, 0xFAFF, "han"), (0xFB1D, 0xFB4F, "hebrew"), (0xFB50, 0xFDFF, "arabic"), (0xFE70, 0xFEFC, "arabic"), (0xFF66, 0xFF9F, "kana"), (0x20000, 0x3FFFF, "han"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Other:
    """One font file at one weight."""

    path: Path
    index: int = 0  #: in a collection
    weight: int | None = None  #: of a variable font; None for one that has no weights
    written: int = 0  #: when the file was: another file under the same name is another font

    @property
    def family(self) -> str:
        return _name(self, 16) or _name(self, 1) or self.path.stem

    @property
    def postscript(self) -> str:
        return "".join(one for one in (_name(self, 6) or self.path.stem) if one.isalnum() or one in "-_")

    @property
    def bold(self) -> bool:
        return _os2(self.path, self.index, self.written)[1] >= 600

    @property
    def cut(self) -> bool:
        """Whether its maker lets a part of it be put into a file."""
        return not self.rights & _WHOLE

    @property
    def typed(self) -> bool:
        """Whether its maker lets it lie in a file that people go on writing in."""
        return not self.rights & _VIEWED or bool(self.rights & 0x0008)

    @property
    def rights(self) -> int:
        return _os2(self.path, self.index, self.written)[0]

    def has(self, letter: str) -> bool:
        return ord(letter) in _letters(self.path, self.index, self.written)


@functools.cache
def script(letter: str) -> str:
    """The script of a letter, "" for one that all scripts share: figures, stops, spaces."""
    at = ord(letter)
    if at < 0x0590:
        return "" if at < 0x80 and not letter.isalpha() else "latin" if letter.isalpha() else ""
    if unicodedata.category(letter)[0] in "PZSC" and letter not in "々〆〇":
        return ""
    return next((name for low, high, name in _BLOCKS if low <= at <= high), "" if not letter.isalpha() else unicodedata.name(letter, "").partition(" ")[0].casefold())


@functools.lru_cache(maxsize=256)
def language(letters: str) -> str:
    """What the letters of a deck are written in, as far as letters tell: "ja", "ko", "zh-Hans", "zh-Hant", a script with one language here, or "" for Latin and its kin.

    Chinese is told by which of the two national sets of letters has more of them (GB 2312 of 1980, Big5 of 1984).
    """
    counts: dict[str, int] = {}
    for one in letters:
        if name := script(one):
            counts[name] = counts.get(name, 0) + 1
    beyond = {name: number for name, number in counts.items() if name not in ("latin", "greek", "cyrillic")}
    if not beyond:
        return ""
    most = max(beyond, key=lambda name: beyond[name])
    return most if most not in ("han", "kana", "hangul") else _eastern(letters, counts)


def _eastern(letters: Iterable[str], counts: dict[str, int]) -> str:
    han, kana, hangul = (counts.get(name, 0) for name in ("han", "kana", "hangul"))
    if kana * 20 >= han + kana and kana > hangul / 20:  # Japanese without kana is a name or a title
        return "ja"
    if hangul > han:
        return "ko"
    signs = [one for one in letters if script(one) == "han"]
    simple, full = (sum(not _in(one, code) for one in signs) for code in ("gb2312", "big5"))
    return "zh-Hant" if full < simple else "zh-Hans"


def _in(letter: str, code: str) -> bool:
    try:
        letter.encode(code)
    except UnicodeEncodeError:
        return False
    return True


def language_of(text: str, eastern: str) -> str:
    """The language of some words, as a slide names it; "" for Latin. Han alone takes the deck's."""
    found = language(text)
    if found.startswith("zh") and eastern in ("ja", "ko", "zh-Hans", "zh-Hant"):
        found = eastern
    if found == "arabic":
        return "ur-PK" if _URDU.intersection(text) else "fa-IR" if _PERSIAN.intersection(text) else "ar-SA"
    return _LANGUAGE.get(found, "")


def house_of(script_of: str, eastern: str) -> str:
    """Under which name the packages of a letter's script stand."""
    if script_of == "kana":
        return "ja"
    if script_of == "hangul":
        return "ko"
    return eastern if script_of in ("han", "") and eastern else script_of


def others(name: str, *, serif: bool, strong: bool) -> tuple[Other, ...]:
    """The installed faces of a script, the best first: of its own kind, then of the other kind."""
    out = []
    for package, sans, book in _PACKAGES.get(name, ()):
        if (where := _folder(package)) is not None:
            out += [made for file in ((book, sans) if serif else (sans, book)) if file and (made := _opened(where / file, strong)) is not None]
    return tuple(out)


def extras(letters: Iterable[str], eastern: str) -> tuple[str, ...]:
    """The extras of this package that bring faces for letters."""
    found = [_EXTRA.get(house_of(script(one), eastern)) for one in letters if script(one)]
    return tuple(dict.fromkeys(one for one in found if one))


def brought(paths: Sequence[Path], *, strong: bool) -> tuple[Other, ...]:
    """The faces that somebody brings, in their order; for bold words the bold ones first.

    Raises: DeckError: no font, or one whose maker does not let it be put into a file.
    """
    out = []
    for path in paths:
        try:
            made = _opened(path, strong)
        except (OSError, ValueError, struct.error) as cause:
            raise DeckError(f"{path.name}: this is no font that can be read. Bring it as .ttf or .otf.") from cause
        if made is None:
            raise DeckError(f"{path.name}: this font is not there.")
        if made.rights & _BITMAPS_ONLY or made.rights & 0x000E == _RESTRICTED:  # the mildest of several holds (OpenType 1.9, OS/2)
            raise DeckError(f"{path.name}: its maker does not let it be put into a file (fsType {made.rights:#06x}). Ask for a licence that does, or name another face.")
        if not made.cut:
            raise DeckError(f"{path.name}: its maker lets it only go whole into a file (fsType {made.rights:#06x}), and a deck holds the letters that it has. Name another face.")
        out.append(made)
    return tuple(sorted(out, key=lambda one: strong and not one.bold and one.weight is None))


def usable(paths: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Of fonts that happen to lie there: those that can be used, and a sentence for each that cannot."""
    out, says = [], []
    for path in paths:
        try:
            brought([path], strong=False)
        except DeckError as cause:
            says.append(f"{cause} The deck is set without it.")
        else:
            out.append(path)
    return tuple(out), tuple(says)


def _folder(package: str) -> Path | None:
    found = find_spec(package)
    return Path(found.origin).parent if found is not None and found.origin else None


def _opened(path: Path, strong: bool) -> Other | None:
    try:
        written = path.stat().st_mtime_ns
    except OSError:
        return None
    face = face_of(path, 0, written)
    if not face.glyph_count or not face.unicodes:
        raise ValueError(path.name)
    weights = next((axis for axis in face.axis_infos if axis.tag == "wght"), None)
    weight = None if weights is None else int(min(max(600 if strong else 400, weights.min_value), weights.max_value))
    return Other(path=path, weight=weight, written=written)


@functools.lru_cache(maxsize=64)
def face_of(path: Path, index: int, written: int) -> Any:
    """The file as HarfBuzz reads it: mapped, and read where it is asked."""
    import uharfbuzz

    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)), index)


@functools.lru_cache(maxsize=64)
def _letters(path: Path, index: int, written: int) -> frozenset[int]:
    return frozenset(face_of(path, index, written).unicodes)


@functools.lru_cache(maxsize=64)
def _os2(path: Path, index: int, written: int) -> tuple[int, int]:
    """fsType and weight, as the OS/2 table has them (8 and 4 bytes from its beginning); (0, 400) where there is none."""
    blob = face_of(path, index, written).reference_table("OS/2")
    data = bytes(blob.data) if blob is not None else b""
    return (struct.unpack_from(">H", data, 8)[0], struct.unpack_from(">H", data, 4)[0]) if len(data) >= 10 else (0, 400)


def _name(one: Other, number: int) -> str:
    return str(face_of(one.path, one.index, one.written).get_name(number) or "")
