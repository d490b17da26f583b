"""Cost in the room: for producer and director, for the crew once they show it, for a client never; and everybody's hours for themselves."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest

from answerprint import cost, timekeeping
from answerprint.room.app import Room
from tests.deciding import MARA, Crewed
from tests.ledger.signing import Hand
from tests.room.conftest import ORIGIN, Signer
from tests.room.test_closed import client_of

JO = Hand("Jo Abara")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A spot with a producer who directs, and a gaffer."""
    spot = Crewed.compose(tmp_path_factory.mktemp("cost"), versions="version,of,differs,cut\nmaster,,,cuts/en.otio\n")
    spot.choose("film", "en.otio")
    spot.record.sign(JO.enrols("gaffer"), MARA)
    spot.record.close()
    timekeeping.log(spot.production.inside, {"task": "sync", "seconds": 700, "outcome": "done"})
    made = Room(spot.production.path, origins=(ORIGIN,))
    yield made
    made.closing.set()


@pytest.fixture(scope="module")
def mara(room: Room) -> Signer:
    return Signer(room, MARA)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def jo(room: Room) -> Signer:
    return Signer(room, JO)  # type: ignore[arg-type]


def sent(who: Signer, path: str, raw: bytes):
    return who.client.post(path, content=raw, headers={"origin": ORIGIN, "x-answerprint": who.guest.form})


def test_without_a_budget_the_page_says_what_to_bring_and_gives_an_example(mara: Signer) -> None:
    text = html.unescape(mara.get("/report/cost").text)
    assert "Bring the budget as you keep it" in text
    assert 'href="/report/cost/budget.csv"' in text
    assert mara.get("/report/cost/budget.csv").text.splitlines() == cost.EXAMPLE.splitlines()
    assert mara.get("/api/report/cost").json()["cost"]["budget"] is None


def test_a_budget_that_is_brought_lies_in_the_production_and_its_sections_stand_on_the_page(mara: Signer) -> None:
    assert sent(mara, "/api/report/cost/bring?name=v3.csv", b"description,estimate\nGaffer,much\n").status_code == 409
    assert sent(mara, "/api/report/cost/bring?name=..%2Fv3.csv", cost.EXAMPLE.encode()).status_code == 200
    assert (mara.room.house.production.path / "budget.csv").read_text() == cost.EXAMPLE
    found = mara.get("/api/report/cost").json()["cost"]
    assert [one["letter"] for one in found["budget"]["sections"]] == ["A", "B", "D", "I", "L", "P"]
    assert next(one for one in found["missing"] if one["role"] == "gaffer")["seats"][0]["who"] == "Jo Abara"
    text = html.unescape(mara.get("/report/cost").text)
    assert text.count('class="len') == 6 + 1 + 4 + 2  # the sections, one work of the machine, four counts of films, saved hours beside the machine's time
    assert "7 h saved." in text
    assert "empty chair" in text
    assert 'style="' not in text  # the room's policy lets none through


def test_what_cannot_be_read_is_said_by_its_cell(mara: Signer) -> None:
    path = mara.room.house.production.path / "budget.csv"
    held = path.read_text()
    path.write_text("description,estimate\n<b>Gaffer</b>,much\n")
    text = mara.get("/report/cost").text
    assert "row 2, column 2 (estimate): 'much' is no figure" in html.unescape(text)
    assert "<b>Gaffer" not in text
    path.write_text(held)


def test_the_crew_sees_it_once_it_is_shown_and_decides_nothing_about_it(mara: Signer, jo: Signer) -> None:
    assert (jo.get("/api/report/cost").json()["open"], jo.get("/api/report/cost").json()["cost"]) == (False, None)
    assert "2,600" not in jo.get("/report/cost").text
    assert jo.post("/api/report/cost/share", {"crew": True}).status_code == 403
    assert sent(jo, "/api/report/cost/bring?name=b.csv", cost.EXAMPLE.encode()).status_code == 403
    assert mara.post("/api/report/cost/share", {"crew": True}).json() == {"crew": True}
    assert "2,600 EUR" in jo.get("/report/cost").text
    assert mara.post("/api/report/cost/share", {"crew": False}).status_code == 200
    assert jo.get("/api/report/cost").json()["open"] is False


def test_hours_are_their_owner_s_to_bring_to_show_and_to_erase(mara: Signer, jo: Signer) -> None:
    assert sent(jo, "/api/report/cost/hours?name=h.csv", b"hours,what\n7,rigging\n").json() == {"rows": 1}
    assert mara.get("/api/report/cost").json()["cost"]["hours"] == []
    assert jo.get("/api/report/cost").json()["hours"] == {"minutes": "420", "rows": 1, "allowed": False}
    assert jo.post("/api/report/cost/hours/show", {"yes": True}).json() == {"allowed": True}
    assert [(one["name"], one["minutes"]) for one in mara.get("/api/report/cost").json()["cost"]["hours"]] == [("Jo Abara", "420")]
    assert jo.post("/api/report/cost/hours/erase").json() == {"erased": 1}
    assert mara.get("/api/report/cost").json()["cost"]["hours"] == []


def test_a_client_s_link_opens_nothing_of_it(room: Room) -> None:
    client, _, guest = client_of(room)
    for place in ("/report/cost", "/api/report/cost", "/report/cost/budget.csv"):
        assert client.get(place).status_code == 403
    assert client.post("/api/report/cost/share", json={"crew": True}, headers={"origin": ORIGIN, "x-answerprint": guest.form}).status_code == 403
