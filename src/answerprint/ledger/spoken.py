"""A key's six words, to be read out over the phone and compared: is the key I enrol the one you made?

Words of two open syllables (16 consonants x 4 vowels, after D. Wilkerson's proquints, arXiv:0901.4016), so 12 bits each and 72
together; they belong to no language. They are made slowly, which costs whoever searches for a look-alike as much at every try.
How strong that is stands in docs/decisions/019.
"""

from __future__ import annotations

import functools
import hashlib

from answerprint.ledger.sshsig import KeyRefused, is_key_id

__all__ = ["six_words"]

CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aiou"
TURNS = 2**16  #: of PBKDF2; 17 ms on one core of a 2-core server, and 35 people on a page stay under a second
WORDS = 6


@functools.lru_cache(maxsize=256)
def six_words(key_id: str) -> tuple[str, ...]:
    """Six words for a key: the same for everybody, everywhere.  Raises: KeyRefused: not a key id."""
    if not is_key_id(key_id):
        raise KeyRefused(f"{key_id[:60]!a} is not the id of a key. One begins with SHA256: and has 43 letters after it.")
    made = hashlib.pbkdf2_hmac("sha256", key_id.encode(), b"answerprint-six-words-v1", TURNS, dklen=9)
    bits = int.from_bytes(made, "big")
    return tuple(_syllable(bits >> shift + 6) + _syllable(bits >> shift) for shift in range(12 * (WORDS - 1), -1, -12))


def _syllable(bits: int) -> str:
    return CONSONANTS[bits >> 2 & 15] + VOWELS[bits & 3]
