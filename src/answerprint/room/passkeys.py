"""Passkeys: made once, shown to come in, used to sign. The challenge of a signature is SHA-256 of the exact text that is signed.

Making one goes through the `webauthn` package; a signature is checked by `ledger.verify`, which is what a stranger will ask too.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from typing import TYPE_CHECKING, Any

from answerprint.ledger.verify import Passkey, State, key_id
from answerprint.model.judgments import Key
from answerprint.room import RoomError

if TYPE_CHECKING:
    from answerprint.room.asking import Room

__all__ = ["Passkeys", "algorithm_of", "blob"]

WAIT_S = 600  #: how long a ceremony may take
_COSE = {-7: "ES256", -8: "EdDSA", -257: "RS256"}


def b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def unb64url(text: str) -> bytes:
    """Raises: RoomError."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, TypeError) as cause:
        raise RoomError("what the browser sent cannot be read. Try again.") from cause


def blob(public: bytes, assertion: dict[str, Any]) -> bytes:
    """A browser's answer as a record's signature column holds it."""
    try:
        said = assertion["response"]
        parts = (public, unb64url(said["authenticatorData"]), unb64url(said["clientDataJSON"]), unb64url(said["signature"]))
    except (KeyError, TypeError, AttributeError) as cause:
        raise RoomError("what the browser sent is no signature. Try again.") from cause
    return Passkey.MAGIC + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def algorithm_of(public: bytes) -> str:
    """The algorithm of a key by its SubjectPublicKeyInfo."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(public)
    return "ES256" if isinstance(key, ec.EllipticCurvePublicKey) else "EdDSA" if isinstance(key, ed25519.Ed25519PublicKey) else "RS256"


class Passkeys:
    """The ceremonies of one room. Challenges are kept in memory, by session, used once."""

    def __init__(self, room: Room) -> None:
        self._room, self._lock = room, threading.Lock()
        self._open: dict[str, tuple[bytes, float]] = {}

    def _challenge(self, purpose: str) -> bytes:
        made = secrets.token_bytes(32)
        with self._lock:
            now = time.monotonic()
            self._open = {name: one for name, one in self._open.items() if one[1] > now}
            self._open[purpose] = (made, now + WAIT_S)
        return made

    def _taken(self, purpose: str) -> bytes:
        with self._lock:
            made = self._open.pop(purpose, None)
        if made is None or made[1] < time.monotonic():
            raise RoomError("that took too long, or was done before. Try again.")
        return made[0]

    # ---- making one

    def make(self, session: str, name: str) -> dict[str, Any]:
        """What the browser needs to make a passkey for somebody of that name."""
        import webauthn
        from webauthn.helpers.cose import COSEAlgorithmIdentifier as Cose
        from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement, UserVerificationRequirement

        options = webauthn.generate_registration_options(
            rp_id=self._room.rp_id,
            rp_name=f"Answerprint: {self._room.house.title}",
            user_name=name,
            user_id=secrets.token_bytes(32),
            challenge=self._challenge(f"make {session}"),
            supported_pub_key_algs=[Cose.ECDSA_SHA_256, Cose.EDDSA, Cose.RSASSA_PKCS1_v1_5_SHA_256],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
        plain: dict[str, Any] = json.loads(webauthn.options_to_json(options))
        return plain

    def made(self, session: str, credential: dict[str, Any]) -> tuple[Key, str]:
        """The new key as it is enrolled, and its id.

        Raises: RoomError: the browser's answer does not hold.
        """
        import webauthn
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
        from webauthn.helpers import decode_credential_public_key
        from webauthn.helpers.decoded_public_key_to_cryptography import decoded_public_key_to_cryptography
        from webauthn.helpers.exceptions import WebAuthnException

        challenge = self._taken(f"make {session}")
        try:
            held = webauthn.verify_registration_response(
                credential=credential, expected_challenge=challenge, expected_rp_id=self._room.rp_id,
                expected_origin=list(self._room.origins), require_user_verification=True,
            )  # fmt: skip
            public = decoded_public_key_to_cryptography(decode_credential_public_key(held.credential_public_key))
            raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        except (WebAuthnException, ValueError, KeyError, TypeError) as cause:
            raise RoomError(f"this passkey could not be made ({cause}). Try again, or use another device.") from cause
        key = Key(algorithm=algorithm_of(raw), public=base64.b64encode(raw).decode("ascii"), rp_id=self._room.rp_id, origins=self._room.origins)
        return key, key_id(raw)

    # ---- showing one

    def ask(self, session: str) -> dict[str, Any]:
        """What the browser needs to show a passkey, to come in."""
        return self.options(self._challenge(f"show {session}"))

    def shown(self, session: str, assertion: dict[str, Any]) -> str:
        """The id of the key that was shown: one that is enrolled and not revoked.

        Raises: RoomError.
        """
        challenge = self._taken(f"show {session}")
        with self._room.house.reading() as record:
            state = record.state() if record is not None else State()
        for public, held in self._passkeys(state):
            try:
                signed = Passkey.read(blob(public, assertion))
            except ValueError as cause:
                raise RoomError("what the browser sent is no signature. Try again.") from cause
            if held.revoked is None and not signed.faults(challenge, held.rp_id, held.origins, held.algorithm):
                return key_id(public)
        raise RoomError("this passkey is not of this production's crew. Ask a producer to invite you.")

    def options(self, challenge: bytes) -> dict[str, Any]:
        """A request to a browser's passkeys with this challenge."""
        return {"challenge": b64url(challenge), "rpId": self._room.rp_id, "userVerification": "required", "timeout": WAIT_S * 1000, "allowCredentials": []}

    @staticmethod
    def _passkeys(state: State) -> list[tuple[bytes, Any]]:
        return [(base64.b64decode(held.public), held) for held in state.keys.values() if held.rp_id is not None]
