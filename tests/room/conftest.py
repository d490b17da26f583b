"""A room over the sample shoot, without a network: TestClient speaks to the application itself, a passkey is made in the test."""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from answerprint.ledger.verify import Passkey
from answerprint.room.app import Room, make_app
from answerprint.spot import Spot
from tests.ledger.signing import PasskeyHand, everything

ORIGIN = "http://localhost:8484"


def split(blob: bytes) -> dict[str, Any]:
    """A passkey's signature as a browser sends it."""
    signed = Passkey.read(blob)
    parts = {"authenticatorData": signed.about, "clientDataJSON": signed.client, "signature": signed.raw}
    return {"id": "test", "rawId": "dGVzdA", "type": "public-key", "response": {name: _text(raw) for name, raw in parts.items()}}


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Signer:
    """A person at a browser: a client, their session, their passkey."""

    def __init__(self, room: Room, hand: PasskeyHand) -> None:
        self.room, self.hand = room, hand
        self.client = TestClient(make_app(room), base_url=ORIGIN, follow_redirects=False)
        guest = room.doors.use_setup(room.doors.setup_link())
        assert guest is not None
        self.guest = room.doors.is_person(guest, hand.key_id, hand.name)
        self.client.cookies.set("answerprint", guest.session)

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(path, json=body or {}, headers={"origin": ORIGIN, "x-answerprint": self.guest.form, **headers})

    def sign(self, offer: dict[str, Any]) -> Any:
        """Give the signature that was asked for, as a browser's authenticator would: over the challenge."""
        challenge = base64.urlsafe_b64decode(offer["options"]["challenge"] + "==")
        return self.post("/api/sign", {"token": offer["token"], "assertion": split(self.hand.over(challenge))})


@dataclass(frozen=True)
class Opened:
    """A room, its production, and whoever holds every seat."""

    room: Room
    path: Path
    ana: Signer


@pytest.fixture
def opened(day: Spot, tmp_path: Path) -> Opened:
    """The sample shoot with one person who holds everything: write into it as you like."""
    return open_room(day, tmp_path / "spot")


def open_room(day: Spot, home: Path) -> Opened:
    """A copy of the sample shoot's production in `home`, its room, and Ana Ferrer in it with every seat."""
    shutil.copytree(day.path, home)
    return seated(home)


def seated(home: Path) -> Opened:
    """The room of a production, and Ana Ferrer in it with every seat."""
    room = Room(home, origins=(ORIGIN,))
    ana = PasskeyHand("Ana Ferrer")
    with room.house.writing() as record:
        record.sign(ana.enrols("producer", "director"), ana)
        record.sign(everything(ana), ana)
    return Opened(room=room, path=home, ana=Signer(room, ana))


@pytest.fixture(scope="session")
def cutting(day: Spot, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A room with two short cuts in it, opened once and shared."""
    from tests.room.cut_room import cut_room

    return cut_room(day, tmp_path_factory)


__all__ = ["ORIGIN", "Opened", "Signer", "json", "open_room", "seated"]
