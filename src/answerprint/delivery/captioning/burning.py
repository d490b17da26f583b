"""Captions drawn into the picture: each is a see-through picture on top of everything, in the frames in which it stands.

White letters on a dark box, at the bottom of the safe area of the film's shape, all captions of a film in one size.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, features

from answerprint.delivery import DeliveryError, parts
from answerprint.delivery.captioning.languages import right_to_left
from answerprint.delivery.captioning.rules import Caption, bare, frame_of
from answerprint.delivery.encoding import on_disk
from answerprint.delivery.plan import Medium, Mix, Plan, Still, stamp
from answerprint.delivery.segments import borders
from answerprint.delivery.supers.stage import area_of

__all__ = ["burnt", "drawn", "laid_in", "source", "top"]

_HIGH = 0.05  #: of the picture's shorter side: 54 lines in HD; a row of teletext is 1/24 of the height, an EBU-TT-D row 1/15 with its leading
_LEAST = 0.028  #: not smaller: 30 lines in HD, as legal lettering has to be (BCAP)
_PITCH = 1.3
_BOX = (0, 0, 0, 200)  #: white on it keeps 7:1 over a white picture (WCAG 2.2, contrast enhanced)
_WHITE = (255, 255, 255, 255)
_PAD = 0.28  #: of the letters' size, at either side of a line
_BOLD = 600  #: of the typeface's weights, 200 to 900
_PROBE, _NOBODY = 24, "\uffff"
_HOUSE = (("fontpkg_source_sans_3", "SourceSans3[wght].ttf"), ("fontpkg_noto_sans_arabic", ""))
_SUFFIXES = (".ttf", ".otf", ".ttc")
_SHAPED = range(0x0590, 0x1000)  #: Hebrew to Tibetan: letters that stand otherwise than one after the other


def burnt(plan: Plan, captions: Sequence[Caption], folder: Path, *, language: str = "en", fonts: Path | None = None) -> Plan:
    """A film with its captions in the picture.

    Args:    captions: in frames of the film.  folder: where the drawn pictures are put, each under a name of its own; one that lies there is used.
             language: of the captions.  fonts: the production's own, which are looked for first; may be missing.
    Returns: the same plan with a picture on top of every frame in which a caption stands; unchanged where there is none.
    Raises:  DeliveryError: no font has a letter, naming it; a caption is too long for the picture; the disk is full.
    """
    shown = [one for one in captions if bare(one.text).strip() and one.first < len(plan.frames) and one.end > 0]
    if not shown:
        return plan
    chosen, size = _size(tuple(dict.fromkeys(bare(one.text) for one in shown)), plan.size, fonts)
    frames: list[Mix] = list(plan.frames)
    media = dict(plan.media)
    for one in shown:
        medium = _medium(bare(one.text), plan.size, chosen[bare(one.text)], size, folder, language)
        media[medium.key] = medium
        for number in range(max(0, one.first), min(len(frames), one.end)):
            top = max((still.layer for _, still in frames[number]), default=0)
            frames[number] = (*frames[number], (Fraction(1), Still(medium=medium.key, frame=0, at_s=Fraction(0), layer=top + 1)))
    made = tuple(frames)
    return replace(plan, frames=made, segments=borders(made, plan.rate), media=media)


def laid_in(plan: Plan, assets: Path, version: str, language: str, folder: Path, *, refused: Collection[str] = ()) -> Plan:
    """A film with the captions of its version in the picture, those that somebody brought or those that were made here.

    Args:   assets: of the production; its fonts/ are looked for first.  folder: where the drawn pictures are put.
            refused: captions that are not wanted, as "VERSION.LANGUAGE".
    Raises: DeliveryError: there are none in that language, they cannot be read or drawn; or the film is a textless one.
    """
    from answerprint.delivery.captions import read, text_of

    if plan.textless:
        raise DeliveryError("a textless film has no captions in its picture. Take burn or textless out of the spec.")
    path = source(assets, version, language, refused)
    cues, wrong = read(text_of(path), path.suffix.lower().lstrip("."))
    if wrong or not cues:
        raise DeliveryError(f"{path.name}: {'; '.join(wrong[:4]) or 'it has no caption in it'}. Mend it, or export it again.")
    captions = [Caption(first=frame_of(cue.start_s, plan.rate), end=frame_of(cue.end_s, plan.rate), text=cue.text) for cue in cues]
    return burnt(plan, captions, folder, language=language, fonts=assets / "fonts")


def source(assets: Path, version: str, language: str, refused: Collection[str] = ()) -> Path:
    """The file whose captions are drawn into the picture.

    Raises: DeliveryError: there is none in that language.
    """
    from answerprint.delivery.captions import KINDS, given

    found = [path for path, own in given(assets, version, refused) if own.casefold() == language.casefold()]
    if not found:
        raise DeliveryError(f"captions in {language} are to be in the picture, and {version} has none. Make them: answerprint caption FOLDER --version {version} --lang {language}")
    return min(found, key=lambda path: KINDS.index(path.suffix.lower().lstrip(".")))


def top(size: tuple[int, int], lines: int) -> int:
    """The highest line of a raster that a caption of so many lines can reach, at the largest size that captions are drawn in."""
    return int(area_of(size).inside(size)[3]) - round(round(min(size) * _HIGH) * _PITCH) * lines


def drawn(text: str, size: tuple[int, int], font: Path, height: int, language: str = "en") -> Image.Image:
    """One caption on a see-through picture of the film's raster."""
    face, step, pad = _face(font, height), round(height * _PITCH), round(height * _PAD)
    left, _, right, bottom = area_of(size).inside(size)
    way = "rtl" if right_to_left(language) and _shaping() else None
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    lines = text.split("\n")
    middle, top = (left + right) / 2, bottom - step * len(lines)
    for number, line in enumerate(lines):
        wide, at = face.getlength(line, direction=way), round(top + number * step)
        pen.rectangle((round(middle - wide / 2) - pad, at, round(middle + wide / 2) + pad, at + step - 1), fill=_BOX)
        pen.text((middle, at + step / 2 + height * 0.32), line, font=face, fill=_WHITE, anchor="ms", direction=way)
    return picture


def _size(texts: Sequence[str], size: tuple[int, int], fonts: Path | None) -> tuple[dict[str, Path], int]:
    """The font of each caption, and the size in pixels in which the longest line fits."""
    chosen = {text: _font(text, fonts) for text in texts}
    left, _, right, _ = area_of(size).inside(size)
    height = round(min(size) * _HIGH)
    while True:
        room = right - left - 2 * height * _PAD
        wide = [text for text in texts if any(_face(chosen[text], height).getlength(line) > room for line in text.split("\n"))]
        if not wide:
            return chosen, height
        if height - 1 < min(size) * _LEAST:
            raise DeliveryError(f"the caption {wide[0][:60]!r} does not fit into {size[0]} x {size[1]} at a size that can be read. Break it into shorter lines: --teletext, or --608.")
        height -= 1


def _medium(text: str, size: tuple[int, int], font: Path, height: int, folder: Path, language: str) -> Medium:
    seal = hashlib.sha256("\0".join((text, str(size), font.name, str(height), language)).encode()).hexdigest()
    path = folder / f"caption {seal[:24]}.png"
    with on_disk(folder, "Captions are drawn there."):
        folder.mkdir(parents=True, exist_ok=True)
        if not path.is_file():
            part = parts.beside(path)
            try:
                drawn(text, size, font, height, language).save(part, format="PNG")
                os.replace(part, path)
            finally:
                part.unlink(missing_ok=True)
    digest = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    return Medium(key=digest, name=f"caption {text.splitlines()[0][:40]!r}", path=path, info=None, digest=digest, see_through=True, stamp=stamp(path))


# ---- fonts


def _font(text: str, own: Path | None) -> Path:
    """The first font that has every letter: the production's, the house's, the system's."""
    letters = "".join(dict.fromkeys(one for one in text if not one.isspace()))
    for path in (*_own(own), *_house()):
        if _has_all(path, letters):
            break
    else:
        path = next((one for one in _system(letters) if _has_all(one, letters)), Path())
        if not path.name:
            lacks = "".join(one for one in letters if not any(_has_all(each, one) for each in (*_own(own), *_house())))
            raise DeliveryError(f"no font here has {' '.join(lacks[:8]) or 'all letters of one caption'}: {text.splitlines()[0][:40]!r} cannot be drawn. Put one that has them into assets/fonts/.")
    if any(ord(one) in _SHAPED for one in letters) and not _shaping():
        raise DeliveryError("these letters are joined and turned by Raqm and FriBiDi, which this Pillow lacks. Install them, or leave the captions beside the film.")
    return path


def _own(folder: Path | None) -> tuple[Path, ...]:
    if folder is None or not folder.is_dir():
        return ()
    return tuple(sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")))


@lru_cache(maxsize=1)
def _house() -> tuple[Path, ...]:
    found: list[Path] = []
    for package, name in _HOUSE:
        try:
            folder = Path(str(files(package))) / "files"
        except ModuleNotFoundError:  # an extra that is not installed
            continue
        found += [folder / name] if name else sorted(path for path in folder.glob("*.ttf") if "Italic" not in path.name)
    return tuple(found)


@lru_cache(maxsize=64)
def _system(letters: str) -> tuple[Path, ...]:
    """Fonts of the system that have these letters, sans serif first; none where fontconfig is not there."""
    if (finder := shutil.which("fc-list")) is None:
        return ()
    asked = ":charset=" + " ".join(f"{ord(one):x}" for one in letters)
    listed = subprocess.run([finder, "--format", "%{file}\\n", asked], capture_output=True, text=True, check=False).stdout
    paths = {Path(line) for line in listed.splitlines() if line.lower().endswith(_SUFFIXES)}
    plain = ("bold", "italic", "oblique", "mono", "serif", "condensed", "light")
    return tuple(sorted(paths, key=lambda path: ([word in path.stem.lower().replace("sansserif", "") for word in plain].count(True), path.name)))


@lru_cache(maxsize=1)
def _shaping() -> bool:
    return bool(features.check("raqm") and features.check("fribidi"))


@lru_cache(maxsize=32)
def _face(path: Path, height: int) -> ImageFont.FreeTypeFont:
    try:
        face = ImageFont.truetype(str(path), height)
    except OSError as cause:
        raise DeliveryError(f"{path.name}: this is no font that can be read. Take it out of assets/fonts/.") from cause
    try:
        axes = face.get_variation_axes()
    except OSError:  # no variable font
        return face
    face.set_variation_by_axes([float(_bold(axis)) for axis in axes])
    return face


def _bold(axis: Any) -> int:
    """Where an axis of a variable font stands: its weight at ours, as far as it goes; any other where it usually is."""
    return int(min(max(_BOLD, axis["minimum"]), axis["maximum"]) if axis["name"] in (b"Weight", "Weight") else axis["default"])


def _has_all(path: Path, letters: str) -> bool:
    return all(_has(path, one) for one in letters)


@lru_cache(maxsize=8192)
def _has(path: Path, letter: str) -> bool:
    face = _face(path, _PROBE)
    known, none = face.getmask(letter), face.getmask(_NOBODY)
    return (known.size, bytes(known)) != (none.size, bytes(none))
