"""The pages before the shoot are closed: to a client's link, to whoever left or was revoked, to other productions' footage, to names that are no names."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from answerprint.model.judgments import Revoke
from answerprint.room import footage, live
from answerprint.room.app import make_app
from answerprint.room.doors import Waiting
from answerprint.room.jobs import Job
from tests.ledger.signing import Hand
from tests.room.conftest import ORIGIN, Opened, Signer, seated


@pytest.fixture
def spot(tmp_path: Any) -> Opened:
    import answerprint

    made = answerprint.new(tmp_path / "spot", rate="25", title="Salt")
    (made.path / "script.fountain").write_text("INT. CAFE - DAY\n\nRain. [[STOCK: rain on a window]]\n", encoding="utf-8")
    return seated(made.path)


def enrolled(opened: Opened, name: str, *roles: str) -> Signer:
    hand = Hand(name)
    with opened.room.house.writing() as record:
        record.sign(hand.enrols(*roles), opened.ana.hand)
    return Signer(opened.room, hand)  # type: ignore[arg-type]


def listening(who: Signer) -> tuple[threading.Thread, list[Any]]:
    """Somebody whose page hears what others do."""
    heard: list[Any] = []
    thread = threading.Thread(target=lambda: heard.append(who.get("/api/live").status_code), daemon=True)
    thread.start()
    return thread, heard


def test_what_others_do_is_told_no_longer_than_a_session_lasts(spot: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_S", 0.02)
    jo, dana = enrolled(spot, "Jo Abara", "DP"), enrolled(spot, "Dana Okoro", "editor")
    try:
        streams = [listening(who)[0] for who in (jo, dana)]
        with spot.room.house.writing() as record:
            record.sign(Revoke(key=jo.hand.key_id, because="left the crew"), spot.ana.hand)
        spot.room.doors.leave(dana.guest)
        for thread in streams:
            thread.join(10)
        assert [thread.is_alive() for thread in streams] == [False, False]
    finally:
        spot.room.closing.set()


def test_what_is_done_to_the_library_is_told_to_nobody_who_sees_none_of_it(spot: Opened) -> None:
    outside, crew = enrolled(spot, "Cleo Brandt", "client"), enrolled(spot, "Dana Okoro", "DP", "agency")
    spot.room.jobs._jobs[footage.LIBRARY] = Job(name=footage.LIBRARY, title="Ana takes in NORDBREW 2024", what="looking 3 of 9: secret.mov")
    told = [live.now(spot.room, who.guest)["work"] for who in (outside, crew)]
    assert told[0] == {}
    assert "secret.mov" in str(told[1])


def test_a_seat_is_the_clients_or_the_agencys_however_it_is_written(spot: Opened) -> None:
    for roles, sees in ((("client",), False), (("Agency producer",), False), (("client's marketing",), False), (("client/brand", "agency-creative"), False), (("agency", "editor"), True), (("clientele",), True)):
        made, _ = spot.room.doors.invite("Somebody", roles, spot.ana.hand.key_id)
        guest = SimpleNamespace(person=None, invitation=made.id, here=False)
        assert (footage.closed(spot.room, guest) == "") is sees, roles  # type: ignore[arg-type]
    nobody = SimpleNamespace(person=None, invitation="gone", here=False)
    assert footage.closed(spot.room, nobody), "of whom nobody knows whose seat they have"  # type: ignore[arg-type]


def test_somebody_who_was_signed_in_and_revoked_before_their_page_asked_sees_nothing_more(spot: Opened) -> None:
    hand = Hand("Jo Abara")
    _, token = spot.room.doors.invite("Jo Abara", ("DP",), spot.ana.hand.key_id)
    guest = spot.room.doors.use_invitation(token)
    assert guest is not None
    enrol = hand.enrols("DP")
    spot.room.doors.wait(guest, name="Jo Abara", roles=("DP",), key=enrol.key, key_id=hand.key_id)
    browser = TestClient(make_app(spot.room), base_url=ORIGIN, follow_redirects=False)
    browser.cookies.set("answerprint", guest.session)
    assert isinstance(spot.room.doors.waiting_of(guest), Waiting)
    assert browser.get("/api/slots").status_code == 200, "the link is the trust"
    with spot.room.house.writing() as record:
        record.sign(enrol, spot.ana.hand)
    assert browser.get("/api/slots").status_code == 200
    with spot.room.house.writing() as record:
        record.sign(Revoke(key=hand.key_id, because="a mistake"), spot.ana.hand)
    assert browser.get("/api/slots").status_code == 401


def test_a_name_that_is_longer_than_any_name_is_refused_and_breaks_nothing(spot: Opened) -> None:
    for name in ("9" * 4400, "STOCK:" + "9" * 4400, "item:" + "9" * 5000):
        assert spot.ana.get(f"/api/slots/{name}").status_code == 422
        assert spot.ana.post(f"/api/slots/{name}/serve", {"file": "x"}).status_code == 422
        answer = spot.ana.post("/api/asking/plan", {"road": "candidates", "service": "none", "wanted": {"slot": name}})
        assert answer.status_code == 409


def test_what_no_command_line_takes_is_said_and_holds_nothing_up(spot: Opened) -> None:
    try:
        assert spot.room.jobs.start("deck", "a deck", ["deck", "--production", "a\x00b"])
        for _ in range(500):
            if (job := spot.room.jobs.of("deck")) is not None and job.state == "wrong":
                break
            time.sleep(0.01)
        assert job is not None
        assert (job.state, bool(job.wrong)) == ("wrong", True)
        assert spot.ana.post("/api/deck/stop").status_code == 200
        assert spot.room.jobs.of("deck") is None, "it is put away"
    finally:
        spot.room.closing.set()


def test_whoever_asks_for_a_deck_while_another_is_made_is_told_and_does_not_get_that_one_as_theirs(spot: Opened) -> None:
    try:
        with spot.room.jobs._turn:  # other work runs: the first one waits for its turn
            told = [spot.ana.post("/api/deck/make", {"kinds": [".pdf"], "by": by}) for by in ("Ana Ferrer", "Somebody else")]
            assert [one.status_code for one in told] == [200, 409]
            assert spot.ana.post("/api/deck/stop").status_code == 200
    finally:
        spot.room.closing.set()


@pytest.mark.parametrize("where", ["/brief", "/drafts", "/library", "/frames", "/deck", "/slots", "/crew"])
def test_a_session_that_ended_sees_no_page_before_the_shoot(spot: Opened, where: str) -> None:
    jo = enrolled(spot, "Jo Abara", "gaffer")
    assert jo.get(where).status_code == 200, "crew without a chair of the charter look on"
    assert jo.get(f"/api{where}").status_code == 200
    spot.room.doors.leave(jo.guest)
    assert (jo.get(where).status_code, jo.get(f"/api{where}").status_code) == (401, 401)


def test_who_has_no_key_looks_and_changes_nothing_before_the_shoot(spot: Opened) -> None:
    _, token = spot.room.doors.invite("Cleo Brandt", ("agency",), spot.ana.hand.key_id)
    guest = spot.room.doors.use_invitation(token)
    assert guest is not None
    browser = TestClient(make_app(spot.room), base_url=ORIGIN, follow_redirects=False)
    browser.cookies.set("answerprint", guest.session)
    before = {path: path.stat().st_mtime_ns for path in spot.path.rglob("*") if path.is_file() and ".answerprint" not in path.parts}
    changes: dict[str, Any] = {
        "/api/brief/take": {"text": "# x\n", "was": ""}, "/api/brief/save": {"text": "# x\n", "was": ""}, "/api/brief/write": {"answers": {"message": "x"}, "was": ""},
        "/api/drafts/concepts": {"count": 1}, "/api/drafts/treatment": {"start": "brief"}, "/api/library/add": {"folder": "/tmp"}, "/api/library/stop": {}, "/api/library/like?name=x": {},
        "/api/frames/library": {"words": "rain"}, "/api/frames/library/take": {"words": "rain", "take": ["x"]}, "/api/frames/bring?name=x.jpg": {}, "/api/deck/make": {"kinds": [".pdf"]}, "/api/deck/stop": {},
        "/api/deck/bring?name=x.pptx": {}, "/api/asking/plan": {"road": "drafts", "service": "x", "wanted": {}}, "/api/asking/stop": {"road": "drafts", "wanted": {}}, "/api/slots/STOCK:1/serve": {"file": "script.fountain"},
        "/api/asking/start": {"road": "drafts", "service": "x", "wanted": {}, "agreed": {}}, "/api/crew/spend": {"amount": "1", "currency": "USD", "replaces": 2},
        "/api/crew/let": {"name": "x", "kind": "words", "at": "y", "what": [], "replaces": 2}, "/api/crew/let-no-more": {"name": "x", "kind": "words", "replaces": 2},
    }  # fmt: skip
    told = {path: browser.post(path, json=body, headers={"origin": ORIGIN, "x-answerprint": guest.form}).status_code for path, body in changes.items()}
    assert set(told.values()) == {409}, told
    assert spot.room.jobs.state == {}
    assert before == {path: path.stat().st_mtime_ns for path in spot.path.rglob("*") if path.is_file() and ".answerprint" not in path.parts}
