"""Keys made in the test: the smallest thing that signs as a person does, written apart from the code under test."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from answerprint.model.charter import Judgment
from answerprint.model.judgments import Charter, Enrol, Holder, Key


def _text(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


@dataclass
class Hand:
    """A person with a key. The same seed gives the same key."""

    name: str
    seed: bytes = b""
    private: Ed25519PrivateKey = field(init=False)

    def __post_init__(self) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.seed or self.name.encode()).digest())
        self.wire = _text(b"ssh-ed25519") + _text(self.private.public_key().public_bytes_raw())

    @property
    def key_id(self) -> str:
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.wire).digest()).decode().rstrip("=")

    @property
    def public(self) -> str:
        return "ssh-ed25519 " + base64.b64encode(self.wire).decode()

    def sign(self, message: bytes, namespace: str) -> bytes:
        around = _text(namespace.encode()) + _text(b"") + _text(b"sha256")
        raw = self.private.sign(b"SSHSIG" + around + _text(hashlib.sha256(message).digest()))
        return b"SSHSIG\0\0\0\1" + _text(self.wire) + around + _text(_text(b"ssh-ed25519") + _text(raw))

    def enrols(self, *roles: str, other: Hand | None = None, person: str | None = None, purpose: str = "daily") -> Enrol:
        who = other or self
        return Enrol(person=person or who.key_id, name=who.name, roles=roles, key=Key(algorithm="ssh-ed25519", public=who.public, purpose=purpose))


def everything(hand: Hand, *, replaces: int | None = None, **other: Holder) -> Charter:
    """A charter by which one person holds every judgment."""
    holders = {one.value: Holder(person=hand.key_id) for one in Judgment}
    return Charter(holders={**holders, **{name.replace("_", " "): held for name, held in other.items()}}, replaces=replaces)
