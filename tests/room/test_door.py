"""Whoever has a key here comes back in with it: a session that ended, or a room that was opened again, needs nobody at the terminal."""

from __future__ import annotations

import base64

import pytest
from starlette.testclient import TestClient

from answerprint.room.app import Room, make_app
from tests.ledger.signing import PasskeyHand
from tests.room.conftest import ORIGIN, split


@pytest.fixture
def nobody(opened):
    """A browser without a session, at the room as it is opened again."""
    return TestClient(make_app(Room(opened.path, origins=(ORIGIN,))), base_url=ORIGIN, follow_redirects=False, headers={"origin": ORIGIN})


def shows(client: TestClient, hand: PasskeyHand, **other: str):
    asked = client.post("/api/door/ask", json={}).json()
    challenge = base64.urlsafe_b64decode(asked["options"]["challenge"] + "==")
    return client.post("/api/door/shown", json={"ticket": asked["ticket"], "assertion": split(hand.over(challenge)), **other})


def test_a_key_of_the_crew_opens_the_room_again(opened, nobody):
    assert nobody.get("/").headers["location"] == "/door"
    assert shows(nobody, opened.ana.hand).status_code == 204
    assert nobody.get("/").status_code == 200


def test_a_key_that_is_not_of_the_crew_opens_nothing(nobody):
    answer = shows(nobody, PasskeyHand("Somebody Else"))
    assert answer.status_code == 409
    assert "not of this production" in answer.json()["says"]
    assert nobody.get("/api/board").status_code == 401


def test_an_answer_to_another_ticket_opens_nothing(opened, nobody):
    assert shows(nobody, opened.ana.hand, ticket="another").status_code == 409
    assert nobody.get("/api/board").status_code == 401


def test_an_answer_opens_once(opened, nobody):
    asked = nobody.post("/api/door/ask", json={}).json()
    assertion = split(opened.ana.hand.over(base64.urlsafe_b64decode(asked["options"]["challenge"] + "==")))
    body = {"ticket": asked["ticket"], "assertion": assertion}
    assert nobody.post("/api/door/shown", json=body).status_code == 204
    nobody.cookies.clear()
    assert nobody.post("/api/door/shown", json=body).status_code == 409


def test_the_door_is_not_opened_from_another_page(opened, nobody):
    assert nobody.post("/api/door/ask", json={}, headers={"origin": "http://elsewhere.example"}).status_code == 403


def test_whoever_was_invited_and_wandered_off_finds_the_way_back_to_their_key(opened, nobody):
    """The link opens once; whoever came in by it and made no key yet is led back by it and by the board. Nobody else is."""
    _, token = opened.room.doors.invite("Jo Abara", ("colourist",), by=opened.ana.hand.name)
    jo = TestClient(make_app(opened.room), base_url=ORIGIN, follow_redirects=False)
    assert jo.get(f"/in/{token}").headers["location"] == "/welcome"
    (waits,) = jo.get("/api/board").json()["waits"]
    assert (waits["says"], waits["href"]) == ("You have no key here yet.", "/welcome")
    assert jo.get(f"/in/{token}").headers["location"] == "/welcome"
    assert nobody.get(f"/in/{token}").status_code == 403
    assert opened.ana.get(f"/in/{token}").status_code == 403
