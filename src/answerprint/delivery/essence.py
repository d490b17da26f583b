"""The essence digest: what a file is, whatever is written around it.

SHA-256 over the packets of each stream of picture, sound and captions, one after another as they lie in presentation of the file; then over
those lines and the edit's seal. Where the index lies, what the container is called, timecode, tags and Content Credentials are not in it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from av.stream import Disposition

from answerprint.delivery import DeliveryError
from answerprint.media.container import opened, reading, shown
from answerprint.model.delivery import Essence

__all__ = ["essence"]

_KINDS = ("video", "audio", "subtitle")


def essence(path: Path, *, edit: str) -> Essence:
    """Demux a file and digest what is in it; nothing is decoded.

    How a stream is cut into packets is not in it either: some containers cut uncompressed sound anew. Nor is an edit list: it is written in
    milliseconds, and rounded so that the last few samples of a film may lie outside it.
    Args:    edit: the edit's seal.
    Returns: a line "video sha256:..." for each stream in its order, and the digest over the lines.
    Raises:  MediaError: it cannot be opened or read; DeliveryError: it has no streams.
    """
    with opened(path, whole=True) as container, reading(path):
        streams = [stream for stream in container.streams if stream.type in _KINDS and not stream.disposition & Disposition.attached_pic]
        if not streams:
            raise DeliveryError(f"{shown(path)} has neither picture nor sound.")
        hashes = {stream.index: hashlib.sha256() for stream in streams}
        for packet in container.demux(streams):
            if packet.size:
                hashes[packet.stream.index].update(memoryview(packet))
        lines = tuple(f"{stream.type} sha256:{hashes[stream.index].hexdigest()}" for stream in streams)
    whole = "".join(f"{line}\n" for line in (*lines, f"edit {edit}"))
    return Essence(streams=lines, edit=edit, digest=f"sha256:{hashlib.sha256(whole.encode()).hexdigest()}")
