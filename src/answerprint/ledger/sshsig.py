"""OpenSSH's forms, read and written: public lines, key ids, signature blobs and their armour. Pure; nothing secret passes here.

Sources: OpenSSH PROTOCOL.sshsig (signatures), RFC 4251 section 5 (lengths), RFC 8709 (ssh-ed25519), ssh-keygen(1) "ALLOWED SIGNERS".
A signature is over SHA-256 of the message, so that it can still be checked where only the digest of a withheld text is left.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from answerprint.ledger.admit import LedgerError

__all__ = [
    "ALGORITHM", "CHECKPOINT", "ENTRY", "NAMESPACES", "SEAL", "KeyRefused", "Parts", "Public", "Reader", "allowed_signers", "armour", "check", "checked",
    "disarmour", "fingerprint", "is_key_id", "key_blob", "line_of", "of_ours", "raw_key", "read_line", "split", "to_sign", "whole", "write",
]  # fmt: skip

ENTRY, CHECKPOINT, SEAL = "answerprint-entry-v1", "answerprint-checkpoint-v1", "answerprint-seal-v1"
NAMESPACES = (ENTRY, CHECKPOINT, SEAL)  #: a key signs under these only: nothing of ours is good for a login or a commit
ALGORITHM = "ssh-ed25519"
HASH = "sha256"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ID = re.compile(r"SHA256:[A-Za-z0-9+/]{43}\Z")

_KINDS = {
    "ssh-rsa": "an RSA key", "ssh-dss": "a DSA key", "ecdsa-sha2-nistp256": "an ECDSA key", "ecdsa-sha2-nistp384": "an ECDSA key",
    "ecdsa-sha2-nistp521": "an ECDSA key", "sk-ssh-ed25519@openssh.com": "a key on a security token",
    "sk-ecdsa-sha2-nistp256@openssh.com": "a key on a security token", "webauthn-sk-ecdsa-sha2-nistp256@openssh.com": "a key on a security token",
}  # fmt: skip
MAKE_ONE = "Make one: ssh-keygen -t ed25519, or let Answerprint make it."


class KeyRefused(LedgerError):
    """A key or a signature that cannot be used: which key, what was found, what to do."""


# ---- lengths and bytes


def whole(*parts: bytes) -> bytes:
    """These parts, each after its length in 4 bytes, most significant first."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])


class Reader:
    """Takes such parts off bytes that somebody else wrote.  Raises: ValueError where they end too early."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0

    def take(self, count: int) -> bytes:
        if count > len(self._raw) - self._at:
            raise ValueError("it ends in the middle")
        self._at += count
        return self._raw[self._at - count : self._at]

    def number(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def part(self) -> bytes:
        return self.take(self.number())

    def end(self) -> None:
        if self._at != len(self._raw):
            raise ValueError("something follows after its end")


# ---- public keys


def key_blob(raw: bytes) -> bytes:
    """The 32 bytes of an Ed25519 key as OpenSSH carries them."""
    return whole(ALGORITHM.encode(), raw)


def raw_key(blob: bytes, where: str = "This key") -> bytes:
    """The 32 bytes inside a public key blob, fit to be signed with.

    Raises: KeyRefused: another kind of key, a damaged one, or one under which signatures prove nothing.
    """
    read = Reader(blob)
    try:
        kind = read.part().decode("ascii")
        if kind != ALGORITHM:
            raise _other_kind(kind, where)
        raw = read.part()
        read.end()
        if len(raw) != 32:
            raise ValueError(f"it holds {len(raw)} bytes where 32 belong")
    except (ValueError, UnicodeDecodeError) as cause:
        raise KeyRefused(f"{where}: the key is damaged ({cause}). Ask for the .pub file again.") from cause
    return _fit(raw, where)


def _other_kind(kind: str, where: str) -> KeyRefused:
    if "-cert-v01@" in kind:
        return KeyRefused(f"{where} is a certificate over a key, not the key itself. Give the .pub file without -cert in its name.")
    named = _KINDS.get(kind, f"a key of the kind {kind[:40]!a}")
    return KeyRefused(f"{where} is {named}. Entries are signed with {ALGORITHM}. {MAKE_ONE}")


def _fit(raw: bytes, where: str) -> bytes:
    """Refuse what is no point of the curve, and the points of small order: signatures under those can be made by anybody."""
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    numerator, denominator = (y * y - 1) % _P, (_D * y * y + 1) % _P
    square = numerator * pow(denominator, -1, _P) % _P
    if y >= _P or pow(square, (_P - 1) // 2, _P) == _P - 1:
        raise KeyRefused(f"{where}: these bytes are no Ed25519 key. Ask for the .pub file again.")
    # the cofactor is 8 (RFC 8032 section 5.1): a point of small order, doubled three times, is the neutral one, where y is 1
    for _ in range(3):
        y, square = _double(y, square)
    if y == 1:
        raise KeyRefused(f"{where}: a signature under this key could be made by anybody. It was not made by an honest program; do not use it.")
    return raw


def _double(y: int, xx: int) -> tuple[int, int]:
    """Twice a point of -x^2 + y^2 = 1 + d x^2 y^2, given and returned as (y, x^2)."""
    yy = y * y % _P
    product = _D * xx * yy % _P
    doubled = (yy + xx) * pow(1 - product, -1, _P) % _P
    squared = 4 * xx * yy * pow((1 + product) ** 2, -1, _P) % _P
    return doubled, squared


def fingerprint(blob: bytes) -> str:
    """The key id of a public key blob: `SHA256:` and 43 letters of base64, as `ssh-keygen -l` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def is_key_id(text: str) -> bool:
    return bool(_ID.match(text))


def line_of(blob: bytes, comment: str = "") -> str:
    """The line of a .pub file, without its line end."""
    return f"{ALGORITHM} {base64.b64encode(blob).decode()} {comment}".strip()


def read_line(line: str, where: str = "This line") -> bytes:
    """The key blob of one public line. Its comment is passed over.

    Raises: KeyRefused: no key, another kind, or damaged.
    """
    kind, _, rest = line.strip().partition(" ")
    if kind != ALGORITHM:
        if kind in _KINDS or "-cert-v01@" in kind or kind.startswith(("ssh-", "sk-", "ecdsa-")):
            raise _other_kind(kind, where)
        raise KeyRefused(f"{where} is not a public key. A .pub file holds one line that begins with {ALGORITHM}.")
    try:
        blob = base64.b64decode(rest.split()[0] if rest.split() else "", validate=True)
    except (binascii.Error, ValueError) as cause:
        raise KeyRefused(f"{where}: the key is damaged ({cause}). Ask for the .pub file again.") from cause
    raw_key(blob, where)
    return blob


# ---- signatures


class Public:
    """Whose a signature is: the public half of a key."""

    def __init__(self, blob: bytes) -> None:
        self._blob = blob

    @property
    def key_id(self) -> str:
        return fingerprint(self._blob)

    @property
    def public(self) -> bytes:
        return self._blob


def of_ours(namespace: str) -> None:
    """Refuse to sign for anything but the record.  Raises: KeyRefused."""
    if namespace not in NAMESPACES:
        raise KeyRefused(f"{namespace!a} is nothing that Answerprint signs for. It signs: {', '.join(NAMESPACES)}.")


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What an SSHSIG blob says."""

    key: bytes  #: the public key blob
    namespace: str
    signature: bytes  #: 64 bytes

    @property
    def key_id(self) -> str:
        return fingerprint(self.key)


def to_sign(message: bytes, namespace: str) -> bytes:
    """The bytes that the key itself signs."""
    return b"SSHSIG" + whole(namespace.encode("ascii"), b"", HASH.encode(), hashlib.sha256(message).digest())


def write(key: bytes, namespace: str, signature: bytes) -> bytes:
    """An SSHSIG blob from a public key blob and the 64 bytes of an Ed25519 signature."""
    signed = whole(ALGORITHM.encode(), signature)
    return b"SSHSIG" + (1).to_bytes(4, "big") + whole(key, namespace.encode("ascii"), b"", HASH.encode(), signed)


def split(blob: bytes) -> Parts:
    """The parts of an SSHSIG blob.

    Raises: KeyRefused: not one, a newer version, another algorithm, or one byte too many or too few.
    """
    read = Reader(blob)
    try:
        if read.take(6) != b"SSHSIG":
            raise ValueError("it does not begin with SSHSIG")
        if (version := read.number()) != 1:
            raise ValueError(f"it is of version {version}")
        key, namespace, _, hashed, signed = read.part(), read.part().decode("ascii"), read.part(), read.part(), Reader(read.part())
        read.end()
        if hashed != HASH.encode():
            raise ValueError(f"it is over {hashed.decode('latin-1')[:20]!a} where {HASH} belongs")
        if (kind := signed.part()) != ALGORITHM.encode():
            raise ValueError(f"it is of the kind {kind.decode('latin-1')[:40]!a}")
        signature = signed.part()
        signed.end()
    except (ValueError, UnicodeDecodeError) as cause:
        raise KeyRefused(f"This is not a signature that can be read: {cause}.") from cause
    raw_key(key, "The key in this signature")
    return Parts(key=key, namespace=namespace, signature=signature)


def check(blob: bytes, message: bytes, namespace: str) -> Parts:
    """The parts of a signature that is right for this message and namespace.

    Raises: KeyRefused: it is not.
    """
    parts = split(blob)
    if parts.namespace != namespace:
        raise KeyRefused(f"This signature was made for {parts.namespace!a}, not for {namespace}.")
    try:
        Ed25519PublicKey.from_public_bytes(parts.key[-32:]).verify(parts.signature, to_sign(message, namespace))
    except InvalidSignature as cause:
        raise KeyRefused(f"This signature of {parts.key_id} is not over these bytes.") from cause
    return parts


def checked(blob: bytes, message: bytes, namespace: str, key: bytes) -> bytes:
    """The same blob, once it is sure that this very key made it.  Raises: KeyRefused."""
    if (found := check(blob, message, namespace).key) != key:
        raise KeyRefused(f"The signature came from {fingerprint(found)}, not from {fingerprint(key)}. Nothing was signed.")
    return blob


def armour(blob: bytes) -> str:
    """A blob as a .sig file, as `ssh-keygen -Y verify` reads it: 70 letters a line, as OpenSSH writes them."""
    text = base64.b64encode(blob).decode()
    return "\n".join([_BEGIN, *(text[at : at + 70] for at in range(0, len(text), 70)), _END, ""])


def disarmour(text: str) -> bytes:
    """The blob of a .sig file.  Raises: KeyRefused."""
    lines = text.strip().splitlines()
    if len(lines) < 3 or lines[0].strip() != _BEGIN or lines[-1].strip() != _END:
        raise KeyRefused(f"This is not a signature file. One begins with {_BEGIN}.")
    try:
        return base64.b64decode("".join(line.strip() for line in lines[1:-1]), validate=True)
    except (binascii.Error, ValueError) as cause:
        raise KeyRefused("This signature file is damaged. Ask for it again.") from cause


def allowed_signers(people: Iterable[tuple[str, str]]) -> str:
    """The list that `ssh-keygen -Y verify -f` asks: who may sign entries and checkpoints with which key.

    Args: people: (name as it is given to -I, public line), one for each key. A letter that means something in that file
          (a comma, a star, quotes) stands as `?`, which fits any letter; a person without a name is listed by key id.
    """
    lines = []
    for name, line in people:
        blob = read_line(line)
        principal = re.sub(r'[\x00-\x1f\x7f",*?!\\]', "?", name.strip()) or fingerprint(blob)
        lines.append(f'"{principal}" namespaces="{ENTRY},{CHECKPOINT}" {line_of(blob)}\n')
    return "".join(lines)
