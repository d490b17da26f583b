"""A recorder's file: 24-bit polyphonic broadcast WAV with bext and iXML, written by hand so that it owes nothing to the reader."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from sample.voices import RATE_HZ, Signal


@dataclass(frozen=True, kw_only=True)
class Label:
    """What the sound recordist entered, and the recorder's own clock."""

    project: str
    scene: str
    take: str
    tape: str
    circled: bool
    note: str
    tracks: tuple[str, ...]
    originator: str
    date: str
    time: str
    time_reference: int  #: samples since midnight


def write(path: Path, channels: list[Signal], label: Label) -> None:
    """Write the file whole (EBU Tech 3285 bext version 1, iXML 2.10)."""
    frames = np.stack(channels, -1)
    whole = np.clip(np.round(frames * (2**23 - 1)), -(2**23), 2**23 - 1).astype("<i4")
    data = whole.reshape(-1, 1).view("u1").reshape(-1, 4)[:, :3].tobytes()
    count = len(channels)
    plain = (1, count, RATE_HZ, RATE_HZ * count * 3, count * 3, 24)
    if count > 2:
        layout = struct.pack("<HHIIHHHHI", 0xFFFE, *plain[1:], 22, 24, 0) + bytes.fromhex("0100000000001000800000aa00389b71")
    else:
        layout = struct.pack("<HHIIHH", *plain)
    body = b"".join(_chunk(name, content) for name, content in ((b"bext", _bext(label)), (b"iXML", _ixml(label)), (b"fmt ", layout), (b"data", data)))
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _bext(label: Label) -> bytes:
    description = "\r\n".join([
        "sSPEED=023.976-ND", f"sTAKE={label.take}", f"sSCENE={label.scene}", f"sTAPE={label.tape}", f"sCIRCLED={str(label.circled).upper()}",
        *(f"sTRK{number}={name}" for number, name in enumerate(label.tracks, 1)),
    ])  # fmt: skip
    fixed = struct.pack(
        "<256s32s32s10s8sQH64s10s180s",
        description.encode("ascii")[:256], label.originator.encode("ascii"), f"{label.tape}-{label.scene}-{label.take}".encode("ascii"),
        label.date.encode("ascii"), label.time.encode("ascii"), label.time_reference, 1, b"", b"", b"",
    )  # fmt: skip
    return fixed + f"A=PCM,F={RATE_HZ},W=24,M={'mono' if len(label.tracks) == 1 else 'multi'},T={label.originator}\r\n".encode("ascii")


def _ixml(label: Label) -> bytes:
    tracks = "".join(
        f"<TRACK><CHANNEL_INDEX>{number}</CHANNEL_INDEX><INTERLEAVE_INDEX>{number}</INTERLEAVE_INDEX><NAME>{escape(name)}</NAME></TRACK>"
        for number, name in enumerate(label.tracks, 1)
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><BWFXML><IXML_VERSION>2.10</IXML_VERSION>'
        f"<PROJECT>{escape(label.project)}</PROJECT><SCENE>{escape(label.scene)}</SCENE><TAKE>{escape(label.take)}</TAKE>"
        f"<TAPE>{escape(label.tape)}</TAPE><CIRCLED>{str(label.circled).upper()}</CIRCLED><NOTE>{escape(label.note)}</NOTE>"
        "<SPEED><MASTER_SPEED>24000/1001</MASTER_SPEED><CURRENT_SPEED>24000/1001</CURRENT_SPEED><TIMECODE_RATE>24000/1001</TIMECODE_RATE>"
        f"<TIMECODE_FLAG>NDF</TIMECODE_FLAG><FILE_SAMPLE_RATE>{RATE_HZ}</FILE_SAMPLE_RATE><AUDIO_BIT_DEPTH>24</AUDIO_BIT_DEPTH>"
        f"<DIGITIZER_SAMPLE_RATE>{RATE_HZ}</DIGITIZER_SAMPLE_RATE>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>{label.time_reference >> 32}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>{label.time_reference & 0xFFFFFFFF}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
        f"<TIMESTAMP_SAMPLE_RATE>{RATE_HZ}</TIMESTAMP_SAMPLE_RATE></SPEED>"
        f"<TRACK_LIST><TRACK_COUNT>{len(label.tracks)}</TRACK_COUNT>{tracks}</TRACK_LIST></BWFXML>"
    )
    return text.encode("utf-8")
