"""A still as a deck carries it: whole, upright, in its own proportions, with the label it has."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from answerprint.presenting.records import DeckError

__all__ = ["LARGEST", "Prepared", "prepared"]

LARGEST = 2560  #: pixels of the longer side: a deck on a 2560-pixel screen shows every one of them
_DECODERS = ("JPEG", "PNG", "WEBP", "TIFF")  #: whatever a file is named: PostScript in a .jpg would start another program
_AS_IT_IS = ("JPEG", "PNG")  #: what both a PDF and a slide take


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The bytes that go into the deck."""

    data: bytes
    width: int  #: pixels
    height: int


def prepared(path: Path, *, generated: bool = False) -> Prepared:
    """A still for a deck. One that is small and upright goes in byte for byte; another is turned and made smaller, and keeps its label.

    Args:   generated: whether that is known of it; where it does not say so itself, it gets the label, and its picture data stay as they are.
    Raises: DeckError: it is not there, or is no picture.
    """
    try:
        now = path.stat()
    except OSError as cause:
        raise DeckError(f"{path.name}: this picture is not there ({cause.strerror}). Connect its disk, or take it out of the deck.") from cause
    made = _prepared(path, now.st_mtime_ns, now.st_size)
    return _labelled(made) if generated else made


def _labelled(made: Prepared) -> Prepared:
    from answerprint.media import labelling, origin

    return made if origin.said(made.data) else replace(made, data=labelling.label(made.data, origin.TRAINED) or made.data)


@functools.lru_cache(maxsize=64)
def _prepared(path: Path, *written: int) -> Prepared:
    from PIL import Image, UnidentifiedImageError

    from answerprint.media import origin

    raw = path.read_bytes()
    try:
        with Image.open(io.BytesIO(raw), formats=_DECODERS) as image:
            turned = image.getexif().get(0x0112, 1) != 1
            if image.format in _AS_IT_IS and not turned and max(image.size) <= LARGEST and image.mode in ("RGB", "L"):
                return Prepared(data=raw, width=image.width, height=image.height)
            image.load()
            return _made(image, origin.generated(path))
    except Image.DecompressionBombError as cause:
        raise DeckError(f"{path.name}: this picture has more pixels than are read here. Bring a smaller copy of it; a deck shows {LARGEST} of a side.") from cause
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as cause:
        raise DeckError(f"{path.name}: this is no picture that can be read. Bring it as .jpg or .png.") from cause


def _made(image: Any, label: str) -> Prepared:
    from PIL import Image, ImageOps

    from answerprint.media.greys import eight_bit
    from answerprint.media.labelling import packet

    image = eight_bit(ImageOps.exif_transpose(image))
    profile = image.info.get("icc_profile") if image.mode == "RGB" else None
    if image.mode in ("RGBA", "LA", "P", "PA"):
        over = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", over.size, (0xF6, 0xF6, 0xF6, 255)), over)
    image = image.convert("RGB")
    image.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    more = {"xmp": packet(label)} if label else {}
    if profile:
        more["icc_profile"] = profile
    image.save(out, "JPEG", quality=92, subsampling=0, **more)
    return Prepared(data=out.getvalue(), width=image.width, height=image.height)
