"""A sound as a picture: time from left to right, pitch from below, louder is lighter. So that a person sees what was removed."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from answerprint.media import audio
from answerprint.model.records import MediaInfo
from answerprint.model.time import round_half_up

__all__ = ["strip"]

_SIZE = 1024
_LOW_HZ, _HIGH_HZ = 40.0, 20_000.0
_DARK_DB, _LIGHT_DB = -110.0, -30.0  #: power of one band of a full-scale sine is 0: the noise of 24 bits is dark, speech is light


def strip(path: Path, info: MediaInfo, *, width: int = 1200, height: int = 128) -> bytes:
    """A PNG of all channels of a sound, grey; pitch in equal steps of octaves from 40 Hz to 20 kHz.

    Raises: MediaError where the file cannot be read.
    """
    rate = info.audio[0].rate_hz if info.audio else 48_000
    total = max(1, round_half_up(info.duration_s * rate))
    edges = np.geomspace(_LOW_HZ, min(_HIGH_HZ, rate / 2), height + 1) * _SIZE / rate
    rows = np.clip(((edges[:-1] + edges[1:]) / 2).astype(int), 1, _SIZE // 2)
    loudest = np.full((height, width), 1e-14)
    window = np.hanning(_SIZE)
    at = 0
    for block in audio.blocks(path, info):
        starts = np.arange(0, block.shape[1] - _SIZE + 1, _SIZE // 2)
        for x in block:
            frames = np.lib.stride_tricks.sliding_window_view(x, _SIZE)[starts] if starts.size else np.zeros((0, _SIZE))
            power = (np.abs(np.fft.rfft(frames * window, axis=1)) / (window.sum() / 2)) ** 2
            columns = np.minimum((at + starts) * width // total, width - 1)
            if starts.size:
                first = np.flatnonzero(np.diff(columns, prepend=-1))
                there = np.maximum.reduceat(power[:, rows], first, axis=0).T
                loudest[:, columns[first]] = np.maximum(loudest[:, columns[first]], there)
        at += block.shape[1]
    # a column without a spectrum (a short sound, the end of a block, digital silence) shows the one before
    seen = np.where(loudest.max(axis=0) > 1e-14, np.arange(width), 0)
    loudest = loudest[:, np.maximum.accumulate(seen)]
    level = np.clip((10 * np.log10(loudest) - _DARK_DB) / (_LIGHT_DB - _DARK_DB), 0, 1)
    made = io.BytesIO()
    Image.fromarray(np.rint(level[::-1] * 255).astype(np.uint8)).save(made, "PNG", optimize=True)
    return made.getvalue()
