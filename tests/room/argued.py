"""A room over a composed spot, without media: a crew of three with passkeys, cuts in three shapes and two languages. Quick to make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from answerprint.model.judgments import Enrol
from answerprint.room import movies
from answerprint.room.app import Room
from tests.deciding import Crewed
from tests.ledger.signing import PasskeyHand
from tests.room.conftest import ORIGIN, Signer


@dataclass(frozen=True)
class Argued:
    """Mara produces and directs and holds everything; Jo is the DP; Lena is only the client's."""

    room: Room
    spot: Crewed
    path: Path
    mara: Signer
    jo: Signer
    lena: Signer


def person(hand: PasskeyHand, *roles: str) -> Enrol:
    return Enrol(person=hand.key_id, name=hand.name, roles=roles, key=hand.key)


@pytest.fixture
def argued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Argued:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(movies, "_make", lambda room, shown: None)  # printing a cut is tested with the cut
    mara, jo, lena = (PasskeyHand(name) for name in ("Mara Lind", "Jo Abara", "Lena Faro"))
    spot = Crewed.compose(tmp_path, record_of=mara)
    spot.record.sign(person(jo, "DP"), mara)
    spot.record.sign(person(lena, "client"), mara)
    spot.record.close()
    room = Room(spot.production.path, origins=(ORIGIN,))
    return Argued(room=room, spot=spot, path=spot.production.path, mara=Signer(room, mara), jo=Signer(room, jo), lena=Signer(room, lena))
