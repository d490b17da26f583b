"""Takes: whoever was not on set sees no slate; a choice is a draft that says how it was made; nothing is chosen by anybody but a person."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from answerprint import choosing, drafts, marks
from answerprint.model.attempts import Attempt, Covered, Said
from answerprint.model.judgments import Decided, Decision
from answerprint.room.differing import differs
from tests.ledger.signing import PasskeyHand
from tests.room.conftest import Signer

SLATES = ["1A-1 A", "1A-1 A series 2", "1A-2 A"]


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def ana(opened):
    return opened.ana


def takes(person, item: str = "1"):
    return person.get(f"/api/takes/{item}").json()


def draft(opened):
    return drafts.read(opened.path / ".answerprint")["take", "item:1"]


def test_slates_are_hidden_until_somebody_says_that_they_were_on_set(ana):
    blind = takes(ana)
    assert blind["hidden"]
    assert blind["on_set"] is None
    assert [one["name"] for one in blind["attempts"]] == ["1", "2", "3"]
    assert ana.post("/api/seeing", {"on_set": True}).json() == {"hidden": False}
    assert [one["name"] for one in takes(ana)["attempts"]] == SLATES
    assert takes(ana)["on_set"] is True


def test_without_slates_nothing_on_the_page_tells_the_order_of_shooting(ana):
    blind = takes(ana)
    for one in blind["attempts"]:
        assert one["stretch"]["clip"]["timecode"] is None
        assert one["anchor"] is None
        assert one["day"] == []
    page = ana.get("/takes/1").text
    assert not any(slate in page for slate in SLATES)
    assert "A001_C" not in page
    assert "08:00" not in page


def test_the_order_without_slates_stays_the_same_for_one_person_and_is_not_that_of_another(opened):
    from tests.ledger.signing import PasskeyHand

    def order(person) -> list[str]:
        names = {one["stretch"]["clip"]["id"] + one["stretch"]["what"]: one["key"] for one in takes(person)["attempts"]}
        by_key = list(names.values())
        person.post("/api/seeing", {"hidden": False})
        shown = {one["key"]: one["name"] for one in takes(person)["attempts"]}
        person.post("/api/seeing", {"hidden": True})
        return [shown[key] for key in by_key]

    assert order(opened.ana) == order(opened.ana)
    orders = set()
    for n in range(12):
        with opened.room.house.writing() as record:
            hand = PasskeyHand(f"Guest {n}")
            record.sign(hand.enrols("editor"), opened.ana.hand)
        orders.add(tuple(order(type(opened.ana)(opened.room, hand))))
    assert len(orders) > 1
    assert all(sorted(one) == sorted(SLATES) for one in orders)


def test_a_choice_is_a_draft_with_a_name_that_says_it_was_made_blind(opened, ana):
    wanted = takes(ana)["attempts"][1]["key"]
    answer = ana.post("/api/takes/1/choose", {"attempt": wanted}).json()
    assert answer["draft"]["key"] == wanted
    assert answer["draft"]["mine"]
    assert answer["signed"] is None
    assert draft(opened).choice["seen as"] == "blind"
    assert draft(opened).by == "Ana Ferrer"
    assert opened.room.house.book.decisions == {}


def test_who_has_seen_the_slates_once_does_not_choose_blind_again(opened, ana):
    ana.post("/api/seeing", {"hidden": False})
    takes(ana)
    ana.post("/api/seeing", {"hidden": True})
    ana.post("/api/takes/1/choose", {"attempt": takes(ana)["attempts"][0]["key"]})
    assert draft(opened).choice["seen as"] == "slated"


def test_none_of_these_is_an_answer_too_and_can_be_taken_back(opened, ana):
    assert ana.post("/api/takes/1/choose", {"attempt": "none"}).json()["draft"]["key"] == "none"
    assert draft(opened).choice["take"] == "none"
    assert ana.post("/api/takes/1/clear").json()["draft"] is None


def test_a_draft_of_somebody_else_that_came_meanwhile_is_not_written_over(opened, ana):
    page = takes(ana)
    drafts.put(opened.path / ".answerprint", drafts.Draft(judgment="take", about="item:1", choice={"take": "none"}, by="Jonas Weil"))
    answer = ana.post("/api/takes/1/choose", {"attempt": page["attempts"][0]["key"], "over": None})
    assert answer.status_code == 409
    assert "Jonas Weil chose none" in answer.json()["says"]
    assert draft(opened).by == "Jonas Weil"
    now = takes(ana)["draft"]["at"]
    assert ana.post("/api/takes/1/choose", {"attempt": page["attempts"][0]["key"], "over": now}).status_code == 200


def test_a_draft_of_somebody_else_that_came_meanwhile_is_not_taken_back(opened, ana):
    drafts.put(opened.path / ".answerprint", drafts.Draft(judgment="take", about="item:1", choice={"take": "none"}, by="Jonas Weil"))
    assert ana.post("/api/takes/1/clear", {"over": None}).status_code == 409
    assert draft(opened).by == "Jonas Weil"
    assert ana.post("/api/takes/1/clear", {"over": takes(ana)["draft"]["at"]}).json()["draft"] is None


def test_of_two_who_choose_at_the_same_moment_one_is_shown_the_others_choice(opened, ana, monkeypatch):
    """Whoever looked before and writes after: the room lets nobody between the look and the writing."""
    key, put, second = takes(ana)["attempts"][0]["key"], choosing.choose, []

    def slow(*args, **more):
        if not second:
            second.append(threading.Thread(target=lambda: second.append(jonas.post("/api/takes/1/choose", {"attempt": "none", "over": None}).status_code)))
            second[0].start()
            second[0].join(0.5)
        return put(*args, **more)

    jonas = Signer(opened.room, PasskeyHand("Jonas Weil"))
    monkeypatch.setattr(choosing, "choose", slow)
    assert ana.post("/api/takes/1/choose", {"attempt": key, "over": None}).status_code == 200
    second[0].join()
    assert second[1] == 409
    assert draft(opened).choice != {"take": "none"}


def test_what_somebody_else_chose_is_not_told_to_whoever_looks_blind(opened, ana):
    drafts.put(opened.path / ".answerprint", drafts.Draft(judgment="take", about="item:1", choice={"clip": "x", "attempt": "1", "name": "A001_C002#1"}, by="Jonas Weil"))
    blind = takes(ana)["draft"]
    assert blind["by"] == "Jonas Weil"
    assert blind["key"] is None
    ana.post("/api/seeing", {"hidden": False})
    assert takes(ana)["draft"]["key"] == takes(ana)["attempts"][2]["key"]


def test_the_first_item_without_a_choice_comes_first(opened, ana):
    assert ana.get("/takes").headers["location"] == "/takes/1"
    with opened.room.house.writing() as record:
        record.sign(Decision(gesture="selects", decisions=(Decided(judgment="take", about="item:1", choice={"take": "none"}),)), ana.hand)
    assert ana.get("/takes").headers["location"] == "/takes/2"
    assert takes(ana)["signed"]["key"] == "none"


def test_good_is_for_yourself_alone(opened, ana):
    key = takes(ana)["attempts"][0]["key"]
    before = opened.room.house.book.head
    assert ana.post("/api/takes/1/mark", {"attempt": key, "word": "acceptable"}).json()["attempts"][0]["mine"] == "acceptable"
    assert list(marks.of(opened.room.house.production, ana.guest.person).values()) == ["acceptable"]
    assert opened.room.house.book.head == before
    assert not any(b"acceptable" in path.read_bytes() for path in (opened.path / ".answerprint").rglob("*.json"))
    assert ana.post("/api/takes/1/mark", {"attempt": key, "word": None}).json()["attempts"][0]["mine"] is None
    assert ana.post("/api/takes/1/mark", {"attempt": key, "word": "excellent"}).status_code == 422


def test_what_was_said_on_the_day_stands_with_its_take_and_a_name(ana):
    ana.post("/api/seeing", {"hidden": False})
    day = takes(ana)["attempts"][2]["day"]
    assert any("that's the one" in one["text"].lower() for one in day)
    page = ana.get("/takes/1").text
    assert '<details id="day">' in page  # closed until somebody asks


@pytest.mark.parametrize("item", ["0", "99", "x", "-1", "1e3", "٣", "%2e%2e", "1 OR 1"])
def test_an_item_that_is_not_there_is_a_sentence(ana, item):
    assert ana.get(f"/takes/{item}").status_code == 404
    assert ana.get(f"/api/takes/{item}").status_code == 404
    assert ana.post(f"/api/takes/{item}/choose", {"attempt": "none"}).status_code == 404


def test_an_attempt_that_is_not_there_is_not_chosen(opened, ana):
    assert ana.post("/api/takes/1/choose", {"attempt": "A001_C001#1"}).status_code == 409
    assert drafts.read(opened.path / ".answerprint") == {}


def test_no_attempt_is_marked_or_named_first_by_the_machine(ana):
    page = ana.get("/takes/1").text
    assert "checked" not in page
    assert 'aria-pressed="true"' not in page.replace('id="hide" aria-pressed="true"', "")
    assert takes(ana)["draft"] is None
    assert takes(ana)["signed"] is None


WORDS = {"changed": "“{heard}” for “{script}”.", "missed": "“{script}” missed.", "added": "“{heard}” added.", "more_differs": "And {count} more.",
         "stops": "Stops.", "as_written": "As written.", "off_camera": "Off camera.", "picture_shown": "Picture.", "unscripted": "Not scripted.", "a_restart": "Begun again."}  # fmt: skip


def covering(*words: Said, complete: bool = True, kind: str = "line") -> Covered:
    return Covered(attempt=1, item=1, kind=kind, in_s=0.0, out_s=1.0, complete=complete, words=words)


def test_what_differs_is_said_word_for_word_and_never_weighed():
    take = Attempt(number=1, in_s=0.0, out_s=1.0)
    same, other = Said(how="said", script="He", heard="he"), Said(how="changed", script="hear", heard="tell.")
    gone = (Said(how="missed", script="are", heard=None), Said(how="missed", script="ready.", heard=None))
    assert differs(covering(same), take, WORDS) == "As written."
    assert differs(covering(same, other, *gone, complete=False), take, WORDS) == "“tell” for “hear”. “are ready” missed. Stops."
    assert differs(covering(kind="picture"), take, WORDS) == "Picture."
    assert differs(None, Attempt(number=1, in_s=0.0, out_s=1.0, kind="restart"), WORDS) == "Begun again. Not scripted."
    assert differs(covering(other, same, other, same, other, same, other, same, other), take, WORDS).endswith("And 1 more.")
