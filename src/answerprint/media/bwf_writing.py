"""Writing a broadcast WAV as a recorder does, and the two chunks by which it says what a sound is (EBU Tech 3285 bext, iXML)."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError
from answerprint.media.container import shown
from answerprint.model.records import Bext

WHOLE = 0xFFFFFFFF  #: "see ds64"


def write(path: Path, samples: NDArray[Any], *, rate_hz: int, bits: int = 24, bext: Bext | None = None, project: str = "") -> None:
    """Write a broadcast WAV as a recorder does: bext first, then the sound, then iXML; RF64 where it would pass 4 GB.

    Args:   samples: shape (channels, n); float (full scale 1.0, clipped) or int32 (full scale 2**31).   bits: 16 or 24.
            bext: also becomes the iXML.   project: iXML's PROJECT.
    Raises: MediaError for samples or bits of another kind; OSError where the disk does not take it.
    """
    if (
        samples.ndim != 2
        or bits not in (16, 24)
        or samples.dtype.kind not in "fi"
        or (samples.dtype.kind == "i" and samples.dtype.itemsize != 4)
    ):
        raise MediaError(f"{shown(path)}: sound is written from float or int32 samples of shape (channels, n) to 16 or 24 bits.")
    channels, count = samples.shape
    frame = channels * bits // 8
    length = count * frame
    before = [] if bext is None else [(b"bext", _bext_bytes(bext, rate_hz, bits, channels))]
    after = [] if bext is None else [(b"iXML", _ixml_bytes(bext, rate_hz, bits, project))]
    total = 4 + 8 + 40 + length % 2 + length + 8 + sum(8 + len(raw) + len(raw) % 2 for _, raw in before + after)
    large = total >= WHOLE
    with open(path, "wb") as file:
        file.write(struct.pack("<4sI4s", b"RF64" if large else b"RIFF", WHOLE if large else 0, b"WAVE"))
        if large:
            _put(file, b"ds64", struct.pack("<QQQI", 0, length, count, 0))
        fmt = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * frame, frame, bits)
        if channels > 2:  # more than a pair: EXTENSIBLE, and no loudspeaker is named, since these are tracks
            fmt = (
                struct.pack("<H", 0xFFFE)
                + fmt[2:]
                + struct.pack("<HHI", 22, bits, 0)
                + bytes.fromhex("0100000000001000800000aa00389b71")
            )
        _put(file, b"fmt ", fmt)
        for name, raw in before:
            _put(file, name, raw)
        file.write(struct.pack("<4sI", b"data", WHOLE if large else length))
        for start in range(0, count, 10 * rate_hz):
            file.write(_pcm(samples[:, start : start + 10 * rate_hz], bits))
        file.write(b"\0" * (length % 2))
        for name, raw in after:
            _put(file, name, raw)
        size = file.tell() - 8
        file.seek(20 if large else 4)
        file.write(struct.pack("<Q" if large else "<I", size))


def described(bext: Bext, *, rate_hz: int, channels: int) -> tuple[tuple[bytes, bytes], ...]:
    """A bext and an iXML chunk that say this of a sound of 24 bits."""
    return (b"bext", _bext_bytes(bext, rate_hz, 24, channels)), (b"iXML", _ixml_bytes(bext, rate_hz, 24, ""))


def _put(file: BinaryIO, name: bytes, raw: bytes) -> None:
    file.write(struct.pack("<4sI", name, len(raw)) + raw + b"\0" * (len(raw) % 2))


def _pcm(samples: NDArray[Any], bits: int) -> bytes:
    top = 2 ** (bits - 1)
    if samples.dtype.kind == "f":
        whole = np.clip(np.rint(samples.T.astype(np.float64) * top), -top, top - 1).astype("<i4")
    else:
        whole = (samples.T >> (32 - bits)).astype("<i4")
    octets = np.ascontiguousarray(whole).view(np.uint8).reshape(-1, 4)
    return octets[:, : bits // 8].tobytes()


def _bext_bytes(bext: Bext, rate_hz: int, bits: int, channels: int) -> bytes:
    def field_of(text: str, size: int) -> bytes:
        return text.encode("utf-8")[:size].ljust(size, b"\0")

    mode = {1: "mono", 2: "stereo"}.get(channels, "multi")
    history = f"A=PCM,F={rate_hz},W={bits},M={mode}\r\n".encode()
    fixed = (
        field_of(bext.description, 256)
        + field_of(bext.originator, 32)
        + bytes(32)
        + field_of(bext.date, 10)
        + field_of(bext.time, 8)
    )
    return fixed + struct.pack("<QH", bext.time_reference or 0, 1) + bytes(64 + 10 + 180) + history


def _ixml_bytes(bext: Bext, rate_hz: int, bits: int, project: str) -> bytes:
    def line(tag: str, value: object) -> str:
        return "" if value is None or value == "" else f"<{tag}>{escape(str(value))}</{tag}>"

    reference = bext.time_reference or 0
    speed = "" if bext.rate is None else line("TIMECODE_RATE", f"{bext.rate.numerator}/{bext.rate.denominator}")
    speed += line("TIMECODE_FLAG", None if bext.drop is None else "DF" if bext.drop else "NDF")
    speed += line("FILE_SAMPLE_RATE", rate_hz) + line("AUDIO_BIT_DEPTH", bits) + line("DIGITIZER_SAMPLE_RATE", rate_hz)
    speed += line("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", reference >> 32) + line(
        "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", reference & WHOLE
    )
    speed += line("TIMESTAMP_SAMPLE_RATE", rate_hz)
    tracks = "".join(
        f"<TRACK><CHANNEL_INDEX>{track.channel}</CHANNEL_INDEX><INTERLEAVE_INDEX>{track.channel}</INTERLEAVE_INDEX>"
        + line("NAME", track.name)
        + line("FUNCTION", track.function)
        + "</TRACK>"
        for track in bext.tracks
    )
    body = line("IXML_VERSION", "2.10") + line("PROJECT", project) + line("SCENE", bext.scene) + line("TAKE", bext.take)
    body += (
        line("TAPE", bext.tape)
        + line("CIRCLED", None if bext.circled is None else str(bext.circled).upper())
        + line("NOTE", bext.note)
    )
    body += f"<SPEED>{speed}</SPEED>"
    if bext.tracks:
        body += f"<TRACK_LIST><TRACK_COUNT>{len(bext.tracks)}</TRACK_COUNT>{tracks}</TRACK_LIST>"
    return f'<?xml version="1.0" encoding="UTF-8"?><BWFXML>{body}</BWFXML>'.encode()
