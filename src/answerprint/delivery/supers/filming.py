"""A super as a film: ProRes 4444 with its alpha, frame by frame from time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from answerprint.delivery.supers.drawing import Drawn, Rgba
from answerprint.delivery.supers.errors import SupersError
from answerprint.delivery.supers.stage import Stage
from answerprint.delivery.supers.template import Template
from answerprint.model.time import round_half_up

__all__ = ["film"]

_BLOCK = 8  #: pixels: the squares that ProRes codes


def film(template: Template, values: Mapping[str, str], stage: Stage, *, rate: Fraction, duration_s: Fraction, out: Path) -> Path:
    """Write a row as ProRes 4444 with straight alpha in a .mov: BT.709, limited range, 10 bits, alpha without loss.

    Frame n shows the moment n / rate, so that one moment looks the same at every rate. A frame like the one before is drawn
    and coded once: every frame of ProRes stands for itself. The same row gives the same bytes. The file appears whole or not at all.

    Args:   rate: frames a second.  duration_s: how long it stands; the nearest whole number of frames is made.
    Returns: `out`.
    Raises: SupersError: less than one frame, a raster with an odd side, a font or picture that cannot be opened.
    """
    import av

    width, height = stage.size
    count = round_half_up(duration_s * rate)
    if count < 1:
        raise SupersError(f"{template.name}: {float(duration_s):.3f} s is less than one frame. Let it stand longer.")
    if width % 2 or height % 2:
        raise SupersError(f"{template.name}: {width} x {height} is no raster: both sides are even.")
    made = Drawn(template, values, stage)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    try:
        with av.open(str(part), "w", format="mov", options={"movflags": "+faststart", "fflags": "+bitexact", "video_track_timescale": str(rate.numerator)}) as box:
            stream: Any = box.add_stream("prores_ks", rate=rate, options={"profile": "4444", "vendor": "apl0", "alpha_bits": "16", "flags": "+bitexact"})
            stream.width, stream.height, stream.pix_fmt = width, height, "yuva444p10le"
            context = stream.codec_context
            context.color_primaries, context.color_trc, context.colorspace, context.color_range = 1, 1, 1, 1
            coded: tuple[Any, bytes] | None = None
            for number in range(count):
                states = made.states(number / rate, duration_s)
                if coded is None or coded[0] != states:
                    coded = states, b"".join(bytes(packet) for packet in stream.encode(_coded(made.at(states))))
                packet = av.Packet(coded[1])
                packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, rate.numerator), True
                packet.pts = packet.dts = number * rate.denominator
                packet.duration = rate.denominator
                box.mux(packet)
        with open(part, "rb") as whole:
            os.fsync(whole.fileno())
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return out


def _coded(pixels: Rgba) -> Any:
    """A picture as the encoder takes it."""
    import av

    frame = av.VideoFrame.from_ndarray(_bled(pixels), format="rgba")
    made = frame.reformat(format="yuva444p10le", src_colorspace="ITU709", dst_colorspace="ITU709", src_color_range="JPEG", dst_color_range="MPEG")
    made.color_primaries, made.color_trc, made.colorspace, made.color_range = 1, 1, 1, 1
    return made


def _bled(pixels: Rgba) -> Rgba:
    """Colours carried on into what is not seen, square by square, so that no letter is coded against black next to it."""
    made: Rgba = pixels.copy()
    seen = pixels[..., 3] > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        return made
    top, left = rows[0] // _BLOCK * _BLOCK, columns[0] // _BLOCK * _BLOCK  # only the squares that have something in them
    inside = pixels[top : rows[-1] + 1, left : columns[-1] + 1]
    height, width = inside.shape[:2]
    high, wide = -(-height // _BLOCK), -(-width // _BLOCK)
    whole = np.zeros((high * _BLOCK, wide * _BLOCK, 4), np.float32)
    whole[:height, :width] = inside
    squares = whole.reshape(high, _BLOCK, wide, _BLOCK, 4)
    weight = squares[..., 3].sum(axis=(1, 3))
    colour = np.einsum("aibjc,aibj->abc", squares[..., :3], squares[..., 3]) / np.maximum(weight, 1)[..., None]
    spread = np.repeat(np.repeat(np.rint(colour).astype(np.uint8), _BLOCK, axis=0), _BLOCK, axis=1)
    spread = spread[: pixels.shape[0] - top, : pixels.shape[1] - left]
    part = made[top : top + spread.shape[0], left : left + spread.shape[1]]
    part[..., :3] = np.where(part[..., 3:] == 0, spread, part[..., :3])
    return made
