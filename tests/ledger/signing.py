"""Keys made in the test: the smallest thing that signs as a person does, written apart from the code under test."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from answerprint.model.charter import Judgment
from answerprint.model.judgments import Charter, Enrol, Holder, Key


def _text(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


@dataclass(eq=False)
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


def armoured(blob: bytes) -> bytes:
    """A signature as ssh-keygen reads it (PROTOCOL.sshsig: lines of up to 70 characters)."""
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


def everything(hand: Hand, *, replaces: int | None = None, **other: Holder) -> Charter:
    """A charter by which one person holds every judgment."""
    holders = {one.value: Holder(person=hand.key_id) for one in Judgment}
    return Charter(holders={**holders, **{name.replace("_", " "): held for name, held in other.items()}}, replaces=replaces)


@dataclass
class PasskeyHand:
    """A person with a passkey, as a browser and its authenticator make it."""

    name: str
    rp_id: str = "localhost"
    origin: str = "http://localhost:8484"
    flags: int = 0b101  #: present, and known to the device
    counter: int = 0

    def __post_init__(self) -> None:
        self.private = ec.derive_private_key(int.from_bytes(hashlib.sha256(self.name.encode()).digest(), "big") >> 1, ec.SECP256R1())
        self.spki = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def key_id(self) -> str:
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.spki).digest()).decode().rstrip("=")

    @property
    def key(self) -> Key:
        return Key(algorithm="ES256", public=base64.b64encode(self.spki).decode(), rp_id="localhost", origins=("http://localhost:8484",))

    def enrols(self, *roles: str) -> Enrol:
        return Enrol(person=self.key_id, name=self.name, roles=roles, key=self.key)

    def sign(self, message: bytes, namespace: str, *, kind: str = "webauthn.get") -> bytes:
        return self.over(hashlib.sha256(message).digest(), kind=kind)

    def over(self, challenge: bytes, *, kind: str = "webauthn.get") -> bytes:
        """A signature over a challenge, as a page asks for it."""
        said = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        client = json.dumps({"type": kind, "challenge": said, "origin": self.origin, "crossOrigin": False}).encode()
        about = hashlib.sha256(self.rp_id.encode()).digest() + bytes([self.flags]) + self.counter.to_bytes(4, "big")
        raw = self.private.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return b"PASSKEY\0\0\1" + _text(self.spki) + _text(about) + _text(client) + _text(raw)
