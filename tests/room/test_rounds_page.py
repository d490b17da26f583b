"""Rounds: a link opens one version and nothing else; a client's word counts once somebody of the crew signs it."""

from __future__ import annotations

import dataclasses
import time

import pytest
from starlette.testclient import TestClient

from answerprint.ledger.verify import verify
from answerprint.room import clients, movies, showing
from answerprint.room.app import make_app
from tests.room.argued import argued
from tests.room.conftest import ORIGIN

__all__ = ["argued"]


class Visitor:
    """A client at a browser, who came by a link."""

    def __init__(self, room, link):
        self.client = TestClient(make_app(room), base_url=ORIGIN, follow_redirects=False)
        self.came = self.client.get(link.removeprefix(ORIGIN))
        guest = room.doors.guest(self.came.cookies.get("answerprint"))
        self.form = guest.form if guest else ""

    def get(self, path, **more):
        return self.client.get(path, **more)

    def post(self, path, body):
        return self.client.post(path, json=body, headers={"origin": ORIGIN, "x-answerprint": self.form})


def sent(argued, versions=("master",), to="Larkfield, P. Okafor"):
    offer = argued.mara.post("/api/rounds/send", {"versions": list(versions), "to": to})
    assert offer.status_code == 200, offer.json()
    return argued.mara.sign(offer.json()).json()["entry"]


def given(argued, round, version="master", **more):
    return argued.mara.post("/api/rounds/link", {"round": round, "version": version, "contact": "P. Okafor", **more}).json()


@pytest.fixture
def printed(argued):
    """The film of master, as if it had been printed: its bytes are its name."""
    desk = showing.desk_of(argued.room)
    for version in ("master", "fr"):
        seal = desk.cuts[version].seal
        (argued.room.house.viewing / f"round-{seal.removeprefix('sha256:')[:32]}.mp4").write_bytes(version.encode() * 100)
    return argued


def test_a_round_is_signed_and_says_when_its_cut_is_another_one(argued):
    n = sent(argued, ("master", "fr"))
    (one,) = argued.mara.get("/api/rounds").json()["rounds"]
    assert (one["n"], one["label"], [cut["since"] for cut in one["cuts"]]) == (n, "en_r1", ["", ""])
    argued.spot.cut("en", trim={2: 3})
    assert [cut["since"] for cut in argued.mara.get("/api/rounds").json()["rounds"][0]["cuts"]] == ["changed", ""]
    assert argued.lena.post("/api/rounds/send", {"versions": ["master"], "to": "x"}).status_code == 409


def test_a_link_opens_its_own_version_and_nothing_else(printed):
    n = sent(printed, ("master", "fr"))
    visitor = Visitor(printed.room, given(printed, n)["link"])
    assert visitor.came.headers["location"] == "/client"
    assert visitor.get("/client").status_code == 200
    film = visitor.get("/client/movie.mp4", headers={"range": "bytes=0-5"})
    assert (film.status_code, film.content) == (206, b"master")
    closed = ("/", "/api/board", "/api/openapi.json", "/crew", "/api/crew", "/sign", "/api/sign", "/arguments", "/rounds", "/api/rounds", "/thought", "/record",
              "/api/record", "/api/receipt/1", "/api/live", "/cut", "/api/cut", "/takes/1", "/welcome", "/record/copy.db", "/record/page.html")  # fmt: skip
    assert {path: visitor.get(path).status_code for path in closed if visitor.get(path).status_code not in (403, 404)} == {"/api/openapi.json": 200}
    with printed.room.house.reading() as record:
        before = record.head()
    for path in ("/api/arguments/object", "/api/sign/off/yes", "/api/rounds/link", "/api/crew/invite", "/api/sign", "/api/prep"):
        assert visitor.post(path, {}).status_code in (403, 422)
    with printed.room.house.reading() as record:
        assert record.head() == before


def test_media_of_the_crew_and_of_other_versions_are_not_a_clients(printed):
    n = sent(printed, ("master", "fr"))
    other = Visitor(printed.room, given(printed, n, "fr")["link"])
    assert other.get("/client/movie.mp4").content.startswith(b"fr")
    desk = showing.desk_of(printed.room)
    shown = showing.showing(printed.room, desk, "cuts/en.otio")
    address = movies.address(printed.mara.guest, shown)
    assert other.get(address).status_code == 403
    assert other.get("/media/thought/1/1").status_code == 403


def test_the_crew_does_not_see_a_clients_page(printed):
    assert printed.mara.get("/client").status_code == 403


def test_a_link_that_was_ended_or_is_too_old_does_not_open_and_its_sessions_end(printed, monkeypatch):
    n = sent(printed)
    made = given(printed, n)
    visitor = Visitor(printed.room, made["link"])
    (link,) = printed.mara.get("/api/rounds").json()["rounds"][0]["links"]
    printed.mara.post("/api/rounds/revoke", {"link": link["id"]})
    assert visitor.get("/client").status_code in (303, 401)
    assert Visitor(printed.room, made["link"]).came.status_code == 403
    other = Visitor(printed.room, given(printed, n, days=1)["link"])
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 2 * 86400)
    assert other.get("/client").status_code in (303, 401)


def test_a_later_cut_never_takes_the_place_of_the_one_that_was_sent(printed):
    n = sent(printed)
    visitor = Visitor(printed.room, given(printed, n)["link"])
    printed.spot.cut("en", trim={2: 3})
    assert visitor.get("/client/movie.mp4").content.startswith(b"master")
    for path in printed.room.house.viewing.glob("round-*.mp4"):
        path.unlink()
    assert visitor.get("/client/movie.mp4").status_code == 404


def test_a_note_stands_on_its_frame_for_the_crew_and_for_its_author_alone(printed):
    n = sent(printed)
    one, two = (Visitor(printed.room, given(printed, n)["link"]) for _ in range(2))
    assert one.post("/client/note", {"frame": 105, "text": "<i>Logo larger</i>"}).json()[0]["frame"] == 105
    assert two.get("/client/page").json()["notes"] == []
    (note,) = printed.mara.get("/api/rounds").json()["rounds"][0]["notes"]
    assert (note["timecode"], note["by"], note["text"]) == ("01:00:04:05", "P. Okafor", "<i>Logo larger</i>")
    assert "<i>Logo" not in printed.mara.get("/rounds").text
    assert one.post("/client/note", {"frame": 10**6, "text": "beyond"}).status_code == 409
    assert one.client.post("/client/note", json={"frame": 1, "text": "x"}, headers={"origin": ORIGIN}).status_code == 403


def test_an_answer_needs_the_mailed_code_and_holds_once_the_crew_signed_it(printed):
    n = sent(printed)
    made = given(printed, n)
    visitor = Visitor(printed.room, made["link"])
    said = {"name": "P. Okafor", "code": "WRONGONE", "outcome": "changes", "changes": ["logo larger"]}
    assert "not the code" in visitor.post("/api/code/answer", said).json()["says"]
    assert "Say which" in visitor.post("/api/code/answer", said | {"code": made["code"], "changes": []}).json()["says"]
    assert visitor.post("/api/code/answer", said | {"code": made["code"].lower()}).status_code == 200
    (waits,) = printed.mara.get("/api/rounds").json()["rounds"][0]["answers"]
    assert (waits["entry"], waits["outcome"], waits["changes"]) == (None, "changes", ["logo larger"])
    assert printed.room.house.book.approvals == []
    offer = printed.jo.post("/api/rounds/told", {"round": n, "answer": waits["id"]}).json()
    assert "changes wanted" in offer["lists"][0]
    assert printed.jo.sign(offer).status_code == 200
    (signed,) = printed.mara.get("/api/rounds").json()["rounds"][0]["answers"]
    assert (signed["by"], signed["contact"], signed["outcome"]) == ("Jo Abara", "P. Okafor", "changes")
    assert clients.pending(printed.room) == []
    assert printed.jo.post("/api/rounds/told", {"round": n, "answer": waits["id"]}).status_code == 409
    assert verify(printed.path / ".answerprint" / "record.db").findings == ()


def test_what_was_told_on_the_telephone_is_signed_too(printed):
    n = sent(printed)
    assert printed.mara.post("/api/rounds/told", {"round": n, "contact": "P. Okafor"}).status_code == 409
    offer = printed.mara.post("/api/rounds/told", {"round": n, "contact": "P. Okafor", "outcome": "approved"}).json()
    assert "As they told it." in offer["lists"]
    assert printed.mara.sign(offer).status_code == 200


def test_no_secret_of_a_link_lies_in_the_production(printed):
    made = given(printed, sent(printed))
    secret = made["link"].rpartition("/")[2]
    held = [path for path in printed.path.rglob("*") if path.is_file() and (secret.encode() in path.read_bytes() or made["code"].encode() in path.read_bytes())]
    assert held == []
    assert secret not in str([dataclasses.asdict(one) for one in printed.room.doors.links])
