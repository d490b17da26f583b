"""What people already wrote about a file: the words of its name and of its folders, and IPTC and XMP in it or beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from answerprint.media import MediaError
from answerprint.media.sidexml import named, parse

__all__ = ["DECODERS", "name_words", "written"]

#: What cameras, stock houses and programs put into names, and says nothing of the picture.
_MAKERS = frozenset(
    "img dsc dscf dscn mvi mov mp4 gopr gx gh pxl vid clip video footage stock copy final export untitled master proxy pexels pixabay artgrid artlist shutterstock getty istock adobestock fps uhd hd fhd broll roll media files footages clips videos images photos downloads new".split()
)
DECODERS = ("JPEG", "PNG", "WEBP", "TIFF")  #: what a still is read with, whatever it is named: PostScript in a .jpg would start another program
_SIDECAR = 4 * 2**20
_IPTC = {(2, 5), (2, 25), (2, 90), (2, 101), (2, 105), (2, 116), (2, 120)}  #: title, keywords, city, country, headline, copyright, caption (IPTC IIM 4.2)
_XMP = ("title", "description", "subject", "Headline", "City", "Country", "Location", "rights")


def name_words(file: PurePath | str) -> tuple[str, ...]:
    """The words of a file's name and of the folder that it lies in: "sam2_dogRun-04.mp4" has "dog" and "run"."""
    path = PurePath(file)
    text = unicodedata.normalize("NFC", f"{path.parent.name} {path.stem}")  # a disk may write an accent behind its letter
    parts = (part for run in re.findall(r"[^\W\d_]+", text) for part in _humps(run))
    words = (part.casefold() for part in parts if len(part) > 2 or part.lower() == part.upper())  # a Chinese or Japanese word may have one sign
    return tuple(dict.fromkeys(word for word in words if word not in _MAKERS))


def _humps(run: str) -> Iterator[str]:
    """The words of "dogRun" and "HDRSunset"."""
    start = 0
    for at in range(1, len(run)):
        if run[at].isupper() and (not run[at - 1].isupper() or run[at + 1 : at + 2].islower()):
            yield run[start:at]
            start = at
    yield run[start:]


def written(path: Path) -> tuple[str, ...]:
    """What IPTC and XMP say in words, in the file (stills) or beside it (NAME.xmp, NAME.mp4.xmp), each once.

    Empty: nothing there, or nothing that can be read; what a sidecar holds is a stranger's, and stops nothing.
    """
    found: list[str] = []
    for place in (path.with_suffix(".xmp"), path.with_name(f"{path.name}.xmp")):
        try:
            if place.is_file() and place.stat().st_size <= _SIDECAR:
                found += _xmp(place.read_bytes(), place.name)
        except OSError:
            continue
    if path.suffix.casefold() in (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"):
        found += _still(path)
    return tuple(dict.fromkeys(text for one in found if (text := " ".join(one.split())[:500])))


def _still(path: Path) -> Iterable[str]:
    from PIL import Image, IptcImagePlugin

    try:
        with Image.open(path, formats=DECODERS) as image:
            packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
            table = IptcImagePlugin.getiptcinfo(image) or {}
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return []
    found = _xmp(packet if isinstance(packet, bytes) else packet.encode(), path.name) if packet else []
    for key, value in table.items():
        if key in _IPTC:
            found += [one.decode("utf-8", "replace") for one in (value if isinstance(value, list) else [value]) if isinstance(one, bytes)]
    return found


def _xmp(raw: bytes, name: str) -> list[str]:
    start = raw.find(b"<x:xmpmeta")
    end = raw.find(b"</x:xmpmeta>")
    try:
        root = parse(raw[start : end + 12] if 0 <= start < end else raw, f"the XMP of {name}")
    except MediaError:
        return []
    found: list[str] = []
    for tag in _XMP:
        for element in named(root, tag):
            found += [text for part in element.itertext() if (text := str(part).strip())]
        for element in root.iter():
            found += [str(value) for key, value in getattr(element, "attrib", {}).items() if str(key).endswith("}" + tag)]
    return found
