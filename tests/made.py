"""Small media made in the test: a card of clips and a recorder's file, a few seconds each."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def voice(seconds: float, *, seed: int, rate_hz: int = 48000) -> np.ndarray:
    """Noise in syllables, shape (n,), full scale 1.0: no two seeds alike, and easy to find again."""
    rng = np.random.default_rng(seed)
    count = int(seconds * rate_hz)
    syllables = np.repeat(rng.uniform(0.02, 1.0, count // 6000 + 2), 6000)[:count]
    return (rng.standard_normal(count) * syllables * 0.15).astype(np.float32)


def clip(path: Path, *, sound: np.ndarray | None, seconds: float = 4.0, rate: Fraction = Fraction(25), timecode: str = "01:00:00:00") -> Path:
    """An H.264 clip of a moving gradient with mono PCM or AAC sound by its suffix; `sound` None for MOS."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as out:
        picture = out.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "30"})
        picture.width, picture.height, picture.pix_fmt = 320, 180, "yuv420p"
        picture.metadata["timecode"] = timecode
        track = None
        if sound is not None:
            track = out.add_stream("pcm_s16le" if path.suffix == ".mov" else "aac", rate=48000, layout="mono")
        ramp = np.linspace(0, 200, 320, dtype=np.float32)
        for number in range(int(seconds * rate)):
            grey = np.roll(ramp, number * 5)[None, :].repeat(180, 0).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.stack([grey] * 3, axis=-1), format="rgb24")
            frame.pts, frame.time_base = number, 1 / rate
            out.mux(picture.encode(frame))
        out.mux(picture.encode(None))
        if track is not None and sound is not None:
            data = (np.clip(sound, -1, 1) * 32767).astype(np.int16)[None, :]
            step = 1024
            for start in range(0, data.shape[1], step):
                block = av.AudioFrame.from_ndarray(np.ascontiguousarray(data[:, start : start + step]), format="s16", layout="mono")
                block.sample_rate, block.pts, block.time_base = 48000, start, Fraction(1, 48000)
                out.mux(track.encode(block))
            out.mux(track.encode(None))
    return path


def heard(path: Path, seconds: float = 0.1, channels: int = 1) -> Path:
    """A tenth of a second of noise, or so many seconds, as a WAVE file; no two names sound alike."""
    import wave
    import zlib

    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setparams((channels, 2, 48000, 0, "NONE", ""))
        sound = (voice(seconds, seed=zlib.crc32(path.name.encode())) * 32767).astype("<i2")
        out.writeframes(sound.repeat(channels).tobytes())
    return path


def card(home: Path, *, clips: int = 3) -> tuple[Path, Path, list[float]]:
    """A card of clips and a recorder's roll that ran through all of them; returns both folders and where each clip lies in the roll."""
    from answerprint.media import bwf

    seconds, gap, lead = 6.0, 2.5, 3.25
    roll = voice(lead + clips * (seconds + gap), seed=1)
    offsets = [lead + number * (seconds + gap) for number in range(clips)]
    noise = np.random.default_rng(2)
    for number, offset in enumerate(offsets, 1):
        heard = roll[int(offset * 48000) : int((offset + seconds) * 48000)]
        heard = heard + noise.standard_normal(heard.shape).astype(np.float32) * 0.005
        clip(home / "CARD1" / f"A001_C00{number}.mov", sound=heard, seconds=seconds, timecode=f"01:00:{number:02d}:00")
    (home / "SOUND").mkdir(parents=True, exist_ok=True)
    bwf.write(home / "SOUND" / "T001.wav", roll[None, :], rate_hz=48000)
    return home / "CARD1", home / "SOUND", offsets
