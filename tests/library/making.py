"""Clips and stills for the library: flat colours in shots, small, with few key frames."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from PIL import Image

RATE = 25
Colour = tuple[int, int, int]
RED, BLUE, GREEN, NIGHT = (200, 30, 30), (120, 160, 250), (20, 90, 40), (12, 12, 16)


def film(path: Path, colours: Sequence[Colour], *, frames: int = 30, size: tuple[int, int] = (320, 180), gop: int = 25, seed: int = 1) -> Path:
    """A clip of one shot for each colour, each with a texture of its own; no key frame is set at a cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    wide, high = size
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "g": str(gop), "keyint_min": str(gop), "sc_threshold": "0", "crf": "20"})
        stream.width, stream.height, stream.pix_fmt = wide, high, "yuv420p"
        for colour in colours:
            texture = np.kron(rng.uniform(-25, 25, (high // 10, wide // 10)), np.ones((10, 10)))[:high, :wide, None]
            picture = np.clip(np.array(colour) + texture, 0, 255).astype(np.uint8)
            for _ in range(frames):
                for packet in stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")):
                    out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return path


def still(path: Path, colour: Colour, size: tuple[int, int] = (320, 180)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path
