"""The recovery key: on paper, in seven groups of five letters, for the day when the daily key is lost or in other hands.

128 random bits (Ed25519 gives no more strength than that, RFC 8032 section 8.5), from which the key is derived, and 12 bits that
check the whole. Letters are Crockford's base 32 (no I, L, O, U). The fifth letter of a group checks the four before it and the
group's own place: one wrong letter, two letters that changed places and two groups that did are always found, and named.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from answerprint.ledger.keyfile import HeldKey
from answerprint.ledger.sshsig import KeyRefused, line_of

__all__ = ["GROUPS", "RecoveryKey", "read_recovery", "recovery_key"]

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, LETTERS = 7, 4
_MEANT = str.maketrans("ILO", "110")  #: what people write for the letters that are not used
_INFO = b"answerprint-recovery-key-v1"


@dataclass(frozen=True, kw_only=True)
class RecoveryKey:
    """A new recovery key. Print `groups`, enrol `public`, and let go of it."""

    groups: tuple[str, ...] = field(repr=False)
    signs: HeldKey = field(repr=False)

    @property
    def key_id(self) -> str:
        return self.signs.key_id

    @property
    def public(self) -> str:
        return line_of(self.signs.public)


def recovery_key() -> RecoveryKey:
    """Make a recovery key. It is kept nowhere but in what is returned."""
    secret = os.urandom(16)
    bits = int.from_bytes(secret, "big") << 12 | _whole_check(secret)
    letters = [bits >> shift & 31 for shift in range(5 * (GROUPS * LETTERS - 1), -1, -5)]
    groups = []
    for at in range(GROUPS):
        four = letters[at * LETTERS : (at + 1) * LETTERS]
        groups.append("".join(ALPHABET[value] for value in [*four, _group_check(four, at)]))
    return RecoveryKey(groups=tuple(groups), signs=_derive(secret))


def read_recovery(text: str) -> HeldKey:
    """The key of seven groups as somebody typed them: any case, with spaces, hyphens or neither; o for 0, i and l for 1.

    Raises: KeyRefused: too few or too many letters, or a group that is not as it was printed, by its number.
    """
    typed = re.findall(r"[^\W_]+", text.upper().translate(_MEANT))
    groups = typed
    if len(typed) != GROUPS:
        joined = "".join(typed)
        groups = [joined[at : at + LETTERS + 1] for at in range(0, len(joined), LETTERS + 1)]
        if len(joined) != GROUPS * (LETTERS + 1):
            raise KeyRefused(f"A recovery key has {GROUPS} groups of {LETTERS + 1} letters; here are {len(joined)} letters in {len(typed)} groups.")
    values = [[ALPHABET.find(letter) for letter in group] for group in groups]
    wrong = [at for at, group in enumerate(values) if len(group) != LETTERS + 1 or -1 in group or _group_check(group[:LETTERS], at) != group[LETTERS]]
    if wrong:
        raise KeyRefused(_sentence(wrong, values))
    bits = 0
    for value in (value for group in values for value in group[:LETTERS]):
        bits = bits << 5 | value
    secret = (bits >> 12).to_bytes(16, "big")
    if bits & 0xFFF != _whole_check(secret):
        raise KeyRefused("Each group could be right, but not all seven together. Compare every one with the page, letter by letter.")
    return _derive(secret)


def _sentence(wrong: Sequence[int], values: list[list[int]]) -> str:
    numbers = [str(at + 1) for at in wrong]
    if len(wrong) == 2:
        one, two = (values[at] for at in wrong)
        if all(len(group) == LETTERS + 1 and -1 not in group for group in (one, two)) and [
            _group_check(two[:LETTERS], wrong[0]), _group_check(one[:LETTERS], wrong[1])
        ] == [two[LETTERS], one[LETTERS]]:  # fmt: skip
            return f"Groups {numbers[0]} and {numbers[1]} have changed places. Type them in the order of the page."
    if len(wrong) == 1:
        return f"Group {numbers[0]} is not as it was printed. Compare its {LETTERS + 1} letters with the page."
    return f"Groups {', '.join(numbers[:-1])} and {numbers[-1]} are not as they were printed. Compare them with the page."


def _group_check(four: Sequence[int], at: int) -> int:
    """The fifth letter: a weighted sum in the field of 32 elements, another weight for each letter, another sum for each place."""
    total = at + 1
    for value in four:
        total = _by_alpha(total ^ value)
    return total


def _by_alpha(value: int) -> int:
    """Times x, modulo x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _whole_check(secret: bytes) -> int:
    return int.from_bytes(hashlib.sha256(_INFO + secret).digest()[:2], "big") >> 4


def _derive(secret: bytes) -> HeldKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(secret)
    return HeldKey(Ed25519PrivateKey.from_private_bytes(seed))
