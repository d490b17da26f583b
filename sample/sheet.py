"""The contact sheet of a composed shoot: a row of frames per clip, with slate, timecode and what was said.

`python -m sample.sheet demo/shoot docs/contact-sheet.jpg`
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image, ImageDraw, ImageFont

ACROSS = 5
FRAME = (320, 180)
MARGIN, GAP, CAPTION = 32, 8, 44
GREY, INK, FAINT = (46, 46, 46), (222, 222, 222), (150, 150, 150)


def _frames(path: Path, numbers: list[int]) -> list[Image.Image]:
    """Those frames of the clip, at the sheet's size."""
    with av.open(str(path)) as file:
        kept = [frame.to_ndarray(format="rgb24") for number, frame in enumerate(file.decode(video=0)) if number in numbers]
    return [Image.fromarray(picture).resize(FRAME, Image.Resampling.LANCZOS) for picture in kept]


def _moments(clip: dict[str, Any]) -> list[int]:
    """Slate, lines, accidents: five moments in order, a frame number each; evenly spread where less happened."""
    rate = Fraction(24000, 1001)
    last = clip["frames"] - 1
    seconds = [clap["time_s"] - 0.3 for clap in clip["claps"]]
    seconds += [(item["in_s"] + item["out_s"]) / 2 for take in clip["takes"] for item in take["items"]]
    seconds += [(accident["in_s"] + accident["out_s"]) / 2 for accident in clip["accidents"]]
    chosen = sorted({min(last, max(0, int(second * rate))) for second in seconds})[:ACROSS]
    apart = min(48, clip["frames"] // (2 * ACROSS))
    for share in (0.5, 0.95, 0.7, 0.35, 0.85, 0.2, 0.6):
        near = int(share * last)
        if len(chosen) < ACROSS and all(abs(near - number) > apart for number in chosen):
            chosen = sorted([*chosen, near])
    return chosen


def contact_sheet(shoot: Path) -> Image.Image:
    """One page: every clip of the shoot in shooting order."""
    truth = json.loads((shoot / "truth.json").read_text(encoding="utf-8"))
    row = FRAME[1] + CAPTION
    sheet = Image.new("RGB", (2 * MARGIN + ACROSS * FRAME[0] + (ACROSS - 1) * GAP, 2 * MARGIN + 52 + row * len(truth["clips"])), GREY)
    draw = ImageDraw.Draw(sheet)
    large, small = ImageFont.load_default(28), ImageFont.load_default(16)
    draw.text((MARGIN, MARGIN - 6), f"{truth['production']['title']}   day 1", font=large, fill=INK)
    for index, clip in enumerate(truth["clips"]):
        top = MARGIN + 52 + row * index
        for column, picture in enumerate(_frames(shoot / clip["file"], _moments(clip))):
            sheet.paste(picture, (MARGIN + column * (FRAME[0] + GAP), top))
        take = clip["takes"][0]
        slate = f"{take['scene']}-{take['take']}" + ("   MOS" if clip["mos"] else "") + ("   tail slate" if take["slated"] == "tail" else "")
        slate += f"   {len(clip['takes'])} attempts" if len(clip["takes"]) > 1 else ""
        draw.text((MARGIN, top + FRAME[1] + 6), f"{Path(clip['file']).stem}   {slate}", font=small, fill=INK)
        heard = "   ".join(f"“{remark['text']}”" for remark in clip["remarks"])
        draw.text((MARGIN + 2 * (FRAME[0] + GAP), top + FRAME[1] + 6), f"{clip['timecode']}   {clip['duration_s']:.1f} s   {heard}", font=small, fill=FAINT)
    return sheet


def main() -> None:
    shoot, to = Path(sys.argv[1]), Path(sys.argv[2])
    contact_sheet(shoot).save(to, quality=80, optimize=True, progressive=True)


if __name__ == "__main__":
    main()
