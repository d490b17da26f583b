"""Grey pictures of 16 bits, as scanners and 3D programs write them: Pillow cuts them off at 255 on their way to a screen, and nearly all of them are white then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["eight_bit"]


def eight_bit(image: Image.Image) -> Image.Image:
    """A picture with its greys between 0 and 255; another one as it is."""
    if not image.mode.startswith("I"):
        return image
    whole = image.convert("I")
    return whole.point(lambda value: value * (1 / 257)).convert("L")
