"""Clips with a burnt-in frame counter, and how it is read again: ten squares along the foot of the frame, white for one, the first the largest."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

BITS, SIDE, WIDE, HIGH = 10, 48, 640, 360
RATE = Fraction(24000, 1001)

#: The counter that a <video> shows, read from its pixels; -1 where it is not clear.
READ = f"""(video) => {{
  const canvas = new OffscreenCanvas({WIDE}, {HIGH}), pen = canvas.getContext("2d", {{willReadFrequently: true}});
  pen.drawImage(video, 0, 0, {WIDE}, {HIGH});
  let number = 0;
  for (let bit = 0; bit < {BITS}; bit++) {{
    const grey = pen.getImageData(8 + bit * 60 + {SIDE // 2}, {HIGH - SIDE // 2 - 8}, 1, 1).data[1];
    if (grey > 90 && grey < 165) return -1;
    number = number * 2 + (grey > 127 ? 1 : 0);
  }}
  return number;
}}"""


def counted(path: Path, frames: int, *, hue: int = 0, rate: Fraction = RATE, timecode: str = "01:00:00:00") -> Path:
    """A clip without sound that counts its frames from 0. `hue`: another grey behind the squares, so that no two clips are alike."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as out:
        picture = out.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "24"})
        picture.width, picture.height, picture.pix_fmt = WIDE, HIGH, "yuv420p"
        picture.metadata["timecode"] = timecode
        ramp = np.linspace(20, 180, WIDE, dtype=np.float32)
        for number in range(frames):
            grey = (np.roll(ramp, number * 7 + hue * 31)[None, :].repeat(HIGH, 0)).astype(np.uint8)
            for bit in range(BITS):
                left = 8 + bit * 60
                grey[HIGH - SIDE - 8 : HIGH - 8, left : left + SIDE] = 235 if number >> (BITS - 1 - bit) & 1 else 16
            frame = av.VideoFrame.from_ndarray(np.stack([grey] * 3, axis=-1), format="rgb24")
            frame.pts, frame.time_base = number, 1 / rate
            out.mux(picture.encode(frame))
        out.mux(picture.encode(None))
    return path
