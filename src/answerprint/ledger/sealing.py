"""What only its author can open: the first thought, locked until they open it beside the cut.

Ed25519 signs the same bytes the same way every time (RFC 8032). The author's signature over a salted challenge, in a namespace of
its own, is never shown or kept: a key is derived from it (HKDF, RFC 5869) that locks the content (AES-256-GCM, SP 800-38D).
Envelope: "APSEAL1\\0", SHA-256 of the public key, length of the salt (1 byte), salt, nonce (12), content and tag; all authenticated.
"""

from __future__ import annotations

import base64
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from answerprint.ledger.sshsig import SEAL, KeyRefused, Reader, check
from answerprint.model.judgments import Signs

__all__ = ["seal", "sealed_by", "unseal"]

_MAGIC = b"APSEAL1\0"
_CHALLENGE = b"Answerprint: the key to a sealed first thought. Whoever holds this signature can open it.\n"
SALT = range(16, 256)  #: bytes; 16 make the same challenge twice as unlikely as guessing a 128-bit key
NONCE = 12  #: bytes, SP 800-38D section 8.2.2
LONGEST = 2**20  #: bytes of content; ninety seconds of words have about two thousand


def seal(signs: Signs, content: bytes, salt: bytes) -> bytes:
    """Lock content so that only this key opens it again.

    Args:   salt: 16 to 255 random bytes, another for each envelope.
    Raises: KeyRefused: the key refuses, signs differently each time (then nothing would open it), or content or salt is of no fit size.
    """
    if len(salt) not in SALT:
        raise KeyRefused(f"A seal needs a salt of {SALT.start} to {SALT.stop - 1} bytes; this one has {len(salt)}.")
    if len(content) > LONGEST:
        raise KeyRefused(f"A first thought is short; this one has {len(content)} bytes, over {LONGEST}. Say it in ninety seconds.")
    key = _key(signs, salt)
    if not hmac.compare_digest(key, _key(signs, salt)):
        raise KeyRefused(f"{signs.key_id} signs differently each time, so nothing that it sealed could be opened. Use a key file.")
    nonce = os.urandom(NONCE)
    head = _MAGIC + _digest(signs.key_id) + bytes([len(salt)]) + salt + nonce
    return head + AESGCM(key).encrypt(nonce, content, head)


def unseal(signs: Signs, envelope: bytes) -> bytes:
    """The content of an envelope.

    Raises: KeyRefused: not an envelope, sealed by another key, changed since, or the key refuses.
    """
    author, salt, nonce, locked = _read(envelope)
    if author != signs.key_id:
        raise KeyRefused(f"This was sealed with {author}, and only that key opens it. {signs.key_id} does not.")
    head = envelope[: len(envelope) - len(locked)]
    try:
        return AESGCM(_key(signs, salt)).decrypt(nonce, locked, head)
    except InvalidTag as cause:
        raise KeyRefused("This envelope was changed after it was sealed: it does not open. Take it from a copy.") from cause


def sealed_by(envelope: bytes) -> str:
    """The id of the key that opens this envelope.  Raises: KeyRefused: not an envelope."""
    return _read(envelope)[0]


def _read(envelope: bytes) -> tuple[str, bytes, bytes, bytes]:
    """Key id, salt, nonce, locked content."""
    read = Reader(envelope)
    try:
        if read.take(len(_MAGIC)) != _MAGIC:
            raise ValueError("it does not begin as one")
        author = "SHA256:" + base64.b64encode(read.take(32)).decode().rstrip("=")
        salt = read.take(read.take(1)[0])
        nonce = read.take(NONCE)
        locked = envelope[len(_MAGIC) + 33 + len(salt) + NONCE :]
        if len(salt) not in SALT or len(locked) < 16:
            raise ValueError("it is cut short")
    except ValueError as cause:
        raise KeyRefused(f"This is not a sealed envelope that can be read: {cause}. Take it from a copy.") from cause
    return author, salt, nonce, locked


def _key(signs: Signs, salt: bytes) -> bytes:
    challenge = _CHALLENGE + salt
    parts = check(signs.sign(challenge, SEAL), challenge, SEAL)
    if parts.key_id != signs.key_id:
        raise KeyRefused(f"The signature came from {parts.key_id}, not from {signs.key_id}. Nothing was sealed or opened.")
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=SEAL.encode() + b" " + parts.key_id.encode()).derive(parts.signature)


def _digest(key_id: str) -> bytes:
    return base64.b64decode(key_id.removeprefix("SHA256:") + "=")
