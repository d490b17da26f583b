"""A first thought that is sealed in the room. A passkey signs differently each time, so no key can be drawn from its signature:
the envelope is locked with a random key that stays with its author, in their own data folder on the computer where the room runs.

Envelope: "APSEAL2\\0", nonce (12), then AES-256-GCM (NIST SP 800-38D) over the words and what was brought along, filled up to whole blocks.
The words are what the record's seal is over; stills and sounds stand in them by their digests. Whoever erases the key loses the thought.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.intent import BLOCK, QUESTIONS, SALT
from answerprint.keep import disk_sentence
from answerprint.model.judgments import Intent
from answerprint.model.records import canonical
from answerprint.room import RoomError

if TYPE_CHECKING:
    from answerprint.book import Line
    from answerprint.production import Production

__all__ = ["LARGEST", "MOST", "Brought", "Opened", "here", "kept_in", "opened", "sealed"]

LARGEST = 2**20 - 2**12  #: bytes of one still or sound: what one request to the room may carry, less its own words
MOST = 6  #: stills and sounds of one first thought
_MAGIC, _NONCE = b"APSEAL2\0", 12
#: How a file begins -> what it is. Nothing else is taken: what is shown later has to be what it says.
_KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\x1aE\xdf\xa3", "audio/webm"), (b"OggS", "audio/ogg"),
          (b"RIFF", "audio/wav"), (b"ID3", "audio/mpeg"), (b"\xff\xfb", "audio/mpeg"), (b"fLaC", "audio/flac"))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A still or a sound that goes into the envelope."""

    name: str
    raw: bytes
    words: str = ""  #: what is said in it, as its author let it stand

    @property
    def kind(self) -> str:
        """What it is, by how it begins: "image/jpeg".

        Raises: RoomError: it is neither a still nor a sound.
        """
        if self.raw[4:8] == b"ftyp":
            return "audio/mp4"
        if self.raw[:4] == b"RIFF" and self.raw[8:12] == b"WEBP":
            return "image/webp"
        for begins, kind in _KINDS:
            if self.raw.startswith(begins):
                return kind
        raise RoomError(f"{self.name}: it is neither a still (JPEG, PNG, WebP) nor a sound (WAV, MP3, M4A, Ogg, WebM, FLAC).")

    @property
    def digest(self) -> str:
        from blake3 import blake3

        return "blake3:" + blake3(self.raw).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What was in an envelope: the record that discloses the words, and what was brought along."""

    intent: Intent
    brought: tuple[Brought, ...]


def kept_in(production: Production) -> Path:
    """The folder in which this production's keys to first thoughts lie: the data folder of whoever runs the room."""
    import platformdirs

    record = production.reader()
    first = None
    if record is not None:
        with record:
            first = next(iter(record.entries()), None)
    if first is None:
        raise RoomError("this production has no record yet. Make a passkey first.")
    return Path(platformdirs.user_data_dir("answerprint", appauthor=False)) / "thoughts" / first.hash.removeprefix("sha256:")[:32]


def sealed(production: Production, words: Mapping[str, str], brought: Sequence[Brought]) -> Intent:
    """Lock words and what was brought along; the key is on the disk before the envelope is.

    Args:    words: by question; one that was left out is "". What is said in a sound goes with it, as "said 1" beside "file 1".
    Returns: a skipped one where there is nothing at all.
    Raises:  RoomError: a question that is not asked, or the disk refuses.  KeepError.
    """
    if other := sorted(set(words) - set(QUESTIONS)):
        raise RoomError(f"{other[0]!r} is not asked. A first thought has: {', '.join(QUESTIONS)}.")
    content = {one: words.get(one, "").strip() for one in QUESTIONS}
    if not any(content.values()) and not brought:
        return Intent(skipped=True)
    for number, one in enumerate(brought, 1):
        content |= {f"file {number}": f"{one.digest} {one.name}"} | ({f"said {number}": one.words.strip()} if one.words.strip() else {})
    inside = canonical({"content": content, "salt": os.urandom(SALT).hex()})
    plain = b"".join(len(part).to_bytes(8, "big") + part for part in (inside, *(one.raw for one in brought)))
    key, nonce = os.urandom(32), os.urandom(_NONCE)
    envelope = _MAGIC + nonce + _cipher(key).encrypt(nonce, plain + bytes(-len(plain) % BLOCK), _MAGIC)
    seal = "sha256:" + hashlib.sha256(inside).hexdigest()
    _keep_key(kept_in(production) / _named(seal), key)
    return Intent(sealed=seal, envelope=production.keep.put(envelope))


def here(production: Production, line: Line[Intent]) -> bool:
    """Whether the key to this envelope lies on this computer."""
    return line.content.sealed is not None and (kept_in(production) / _named(line.content.sealed)).is_file()


def opened(production: Production, line: Line[Intent]) -> Opened:
    """What was sealed in an entry.

    Raises: RoomError: its key is not here, or what is in the envelope is not what was sealed.  KeepError: the envelope is gone.
    """
    from cryptography.exceptions import InvalidTag

    one = line.content
    if one.sealed is None or one.envelope is None:
        raise RoomError(f"entry {line.n} seals nothing that could be opened.")
    path = kept_in(production) / _named(one.sealed)
    try:
        key = bytes.fromhex(json.loads(path.read_text(encoding="ascii"))["key"])
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise RoomError(f"the key to this first thought is not on this computer: {path.name} is missing from {path.parent}. "
                        "Bring it from the computer where it was sealed; one sealed at a terminal is opened there.") from cause  # fmt: skip
    envelope = production.keep.get(one.envelope)
    start = len(_MAGIC)
    try:
        if not envelope.startswith(_MAGIC):
            raise ValueError("another form of envelope")
        plain = _cipher(key).decrypt(envelope[start : start + _NONCE], envelope[start + _NONCE :], _MAGIC)
    except (InvalidTag, ValueError) as cause:
        raise RoomError(f"the envelope of entry {line.n} does not open with its key. Bring keep/ back from a copy of the production.") from cause
    inside, *raws = _parts(plain)
    if "sha256:" + hashlib.sha256(inside).hexdigest() != one.sealed:
        raise RoomError(f"what lies in the envelope of entry {line.n} is not what was sealed there.")
    said = json.loads(inside)
    names = [said["content"][f"file {number}"].partition(" ")[2] for number in range(1, len(raws) + 1)]
    brought = tuple(Brought(name=name, raw=raw, words=said["content"].get(f"said {number}", "")) for number, (name, raw) in enumerate(zip(names, raws, strict=True), 1))
    return Opened(intent=Intent(opens=line.n, salt=said["salt"], content=said["content"]), brought=brought)


def _cipher(key: bytes):  # type: ignore[no-untyped-def]
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _named(seal: str) -> str:
    return seal.removeprefix("sha256:")[:32] + ".key"


def _parts(plain: bytes) -> list[bytes]:
    """The parts of what was locked, each behind its length; what fills up the last block is empty."""
    found, at = [], 0
    while at + 8 <= len(plain) and (size := int.from_bytes(plain[at : at + 8], "big")):
        found.append(plain[at + 8 : at + 8 + size])
        at += 8 + size
    return found


def _keep_key(path: Path, key: bytes) -> None:
    """A new file that only its owner reads, on the disk when this returns."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, json.dumps({"answerprint": "the key to a first thought; without it the thought is lost", "key": key.hex()}).encode("ascii") + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        with contextlib.suppress(OSError):  # a folder cannot be synced everywhere
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as cause:
        raise RoomError(disk_sentence(cause, str(path))) from cause
