"""The clapperboard: white board, striped sticks hinged at the left, everything a slate says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sample.light import SUPERSAMPLE

WIDE, TALL = 620, 780  #: units; the board's foot is at the bottom edge, sticks need the room above


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _stripes(wide: float, high: float, unit: float, *, lean: float) -> Image.Image:
    stick = Image.new("RGBA", (int(wide * unit), int(high * unit)), (226, 226, 220, 255))
    draw = ImageDraw.Draw(stick)
    for left in np.arange(-80, wide + 80, 100).tolist():
        draw.polygon([((left + lean) * unit, 0), ((left + lean + 50) * unit, 0), ((left - lean + 50) * unit, high * unit), ((left - lean) * unit, high * unit)], fill=(20, 20, 21, 255))
    draw.rectangle((0, 0, stick.width - 1, stick.height - 1), outline=(12, 12, 12, 255), width=max(1, int(2 * unit)))
    return stick


def board(scale: float, says: Mapping[str, str], *, open_deg: float, tail: bool, light: float) -> Image.Image:
    """The slate, RGBA.

    Args: says: production, roll, scene, take, director, camera, date, rate.  open_deg: how far the upper stick stands open.
          tail: a tail slate is held upside down.  light: 0..1, how much of the room's light falls on it.
    """
    unit = scale * SUPERSAMPLE
    image = Image.new("RGBA", (int(WIDE * unit), int(TALL * unit)), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)

    def at(*numbers: float) -> list[float]:
        return [number * unit for number in numbers]

    left, right, top, bottom = 30.0, 590.0, 190.0, 590.0  # below the board: the hand that holds it
    draw.rounded_rectangle(at(left, top, right, bottom), radius=8 * unit, fill=(214, 216, 212, 255), outline=(16, 16, 16, 255), width=max(1, int(3 * unit)))
    image.alpha_composite(_stripes(right - left, 44, unit, lean=18), (int(left * unit), int((top - 4) * unit)))
    ink, faint = (18, 20, 26, 255), (96, 98, 100, 255)

    def line(x0: float, y0: float, x1: float, y1: float) -> None:
        draw.line(at(x0, y0, x1, y1), fill=ink, width=max(1, int(2.4 * unit)))

    def text(x: float, y: float, words: str, size: float, *, fill: tuple[int, int, int, int] = ink) -> None:
        draw.text((x * unit, y * unit), words, font=_font(max(6, int(size * unit))), fill=fill, stroke_width=int(0.8 * unit) if size > 30 else 0, stroke_fill=fill)

    text(left + 14, 240, "PROD.", 15, fill=faint)
    text(left + 78, 232, says["production"].upper(), 32)
    line(left, 282, right, 282)
    for x, label, value in ((left, "ROLL", says["roll"]), (left + 186, "SCENE", says["scene"]), (left + 372, "TAKE", says["take"])):
        text(x + 14, 290, label, 15, fill=faint)
        text(x + 14, 312, value, 82 if len(value) < 4 else 58)
        if x > left:
            line(x, 282, x, 424)
    line(left, 424, right, 424)
    for row, (label, value) in enumerate((("DIRECTOR", says["director"]), ("CAMERA", says["camera"]))):
        text(left + 14, 436 + 36 * row, label, 15, fill=faint)
        text(left + 120, 430 + 36 * row, value, 25)
    line(left, 508, right, 508)
    for x, label, value in ((left, "DATE", says["date"]), (left + 210, "FPS", says["rate"]), (left + 372, "", says["remark"])):
        text(x + 14, 520, label, 15, fill=faint)
        text(x + 14, 540, value, 27)
    line(left + 210, 508, left + 210, bottom)
    line(left + 372, 508, left + 372, bottom)
    draw.ellipse(at(left + 6, top - 6, left + 26, top + 14), fill=(70, 72, 74, 255))

    sleeve, skin = (14, 17, 20, 255), (92, 66, 54, 255)
    draw.polygon([value * unit for point in ((250, 640), (392, 640), (440, 800), (200, 800)) for value in point], fill=sleeve)
    draw.rounded_rectangle(at(268, 596, 376, 664), radius=26 * unit, fill=skin)
    for finger in range(4):  # fingers folded over the lower edge
        draw.rounded_rectangle(at(272 + 27 * finger, 566, 296 + 27 * finger, 628), radius=12 * unit, fill=skin, outline=(62, 42, 34, 255), width=max(1, int(1.4 * unit)))

    arm = Image.new("RGBA", image.size, (0, 0, 0, 0))
    arm.alpha_composite(_stripes(right - left, 44, unit, lean=-18), (int(left * unit), int((top - 48) * unit)))
    arm = arm.rotate(open_deg, Image.Resampling.BICUBIC, center=((left + 12) * unit, (top - 4) * unit))
    image.alpha_composite(arm)

    small = image.resize((int(WIDE * scale), int(TALL * scale)), Image.Resampling.LANCZOS)
    if tail:
        small = small.transpose(Image.Transpose.ROTATE_180)
    plane = np.asarray(small, np.float32).copy()
    fall = np.linspace(1.08, 0.80, plane.shape[1], dtype=np.float32)[None, :, None]
    plane[..., :3] *= fall * np.asarray((0.86, 0.95, 1.04), np.float32) * (0.46 + 0.40 * light)
    return Image.fromarray(np.clip(plane, 0, 255).astype(np.uint8), "RGBA")
