"""The board shows everything in shooting order and chooses nothing."""

from __future__ import annotations

from answerprint import drafts
from answerprint.model.judgments import Decided, Decision, Objection


def test_nobody_without_a_session_sees_the_board(opened):
    opened.ana.client.cookies.clear()
    assert opened.ana.get("/api/board").status_code == 401
    assert opened.ana.get("/").headers["location"] == "/door"


def test_every_attempt_stands_on_the_board_in_shooting_order_and_none_is_marked_by_the_machine(opened):
    board = opened.ana.get("/api/board").json()
    slates = {row["item"]: [one["slate"] for one in row["attempts"]] for row in board["rows"]}
    assert slates[1] == ["1A-1 A", "1A-1 A series 2", "1A-2 A"]
    assert all(one["chosen_by"] is None for row in board["rows"] for one in row["attempts"])
    assert {lamp["state"] for lamp in board["lamps"]} == {"ring"}


def test_a_signed_take_is_ringed_with_its_name_and_no_longer_waits(opened):
    ana, hand = opened.ana, opened.ana.hand
    assert any("Item 1 has" in one["says"] for one in ana.get("/api/board").json()["waits"])
    with opened.room.house.writing() as record:
        take = Decided(judgment="take", about="item:1", choice={"clip": "blake3:0", "attempt": "1", "name": "A001_C002#1"})
        record.sign(Decision(gesture="selects", decisions=(take,)), hand)
    board = ana.get("/api/board").json()
    assert [one["chosen_by"] for one in board["rows"][0]["attempts"]] == [None, None, "Ana Ferrer"]
    assert not any("Item 1 has" in one["says"] for one in board["waits"])


def test_an_objection_stands_there_until_it_is_answered(opened):
    with opened.room.house.writing() as record:
        record.sign(Objection(on="cut:3", text="<b>A frame too polite.</b>"), opened.ana.hand)
    assert opened.ana.get("/api/board").json()["objections"][0]["text"] == "<b>A frame too polite.</b>"
    page = opened.ana.get("/").text
    assert "&lt;b&gt;A frame too polite." in page
    assert "<b>A frame too polite." not in page


def test_every_picture_on_the_board_is_there_under_a_name_of_this_session_only(opened):
    board = opened.ana.get("/api/board").json()
    frames = [one["frame"] for row in board["rows"] for one in row["attempts"] if one["frame"]]
    assert frames
    assert all(opened.ana.get(frame).headers["content-type"] == "image/jpeg" for frame in frames[:2])
    other = type(opened.ana)(opened.room, opened.ana.hand)
    assert other.get(frames[0]).status_code == 404


def test_a_draft_by_anybody_does_not_hide_what_is_signed(opened):
    ana = opened.ana
    with opened.room.house.writing() as record:
        take = Decided(judgment="take", about="item:1", choice={"attempt": "2", "name": "A001_C002#1"})
        record.sign(Decision(gesture="selects", decisions=(take,)), ana.hand)
    drafts.put(opened.path / ".answerprint", drafts.Draft(judgment="take", about="item:1", choice={"take": "none"}, by="Jo Abara"))
    assert [one["chosen_by"] for one in ana.get("/api/board").json()["rows"][0]["attempts"]] == [None, None, "Ana Ferrer"]
