"""Arguments in the room: an objection blocks until somebody answers, an idea until somebody takes it up blocks nothing."""

from __future__ import annotations

from answerprint.ledger.verify import verify
from tests.room.argued import argued

__all__ = ["argued"]

TEXT = "The hold before the logo is a frame too polite."


def said(who, kind="objection"):
    return [one for craft in who.get("/api/arguments").json()["crafts"] for one in craft["arguments"] if one["kind"] == kind]


def idea(room, text="The key light changes sides.", on="cut:3"):
    with room.house.writing() as record:
        return record.append("idea", {"schema": 1, "critic": "gaffer", "on": on, "text": text}).n


def test_an_objection_is_raised_under_its_craft_and_answered_with_a_reason(argued):
    offer = argued.jo.post("/api/arguments/object", {"text": TEXT, "on": "item:5"}).json()
    assert TEXT in offer["lists"][0]
    assert argued.jo.sign(offer).status_code == 200
    page = argued.mara.get("/api/arguments").json()
    assert [one["name"] for one in page["crafts"]] == ["DP"]
    assert (page["open"], said(argued.mara)[0]["may_answer"], said(argued.jo)[0]["may_answer"]) == (1, True, False)
    assert "needs its reason" in argued.mara.post("/api/arguments/answer", {"number": "O1", "said": "no"}).json()["says"]
    assert argued.mara.sign(argued.mara.post("/api/arguments/answer", {"number": "O1", "said": "no", "because": "Keeping it. The silence is the film."}).json()).status_code == 200
    (one,) = said(argued.jo)
    assert (one["open"], one["answer"]["said"], one["answer"]["by"]) == (False, "no", "Mara Lind")
    assert argued.mara.get("/api/arguments").json()["open"] == 0
    assert verify(argued.path / ".answerprint" / "record.db").findings == ()


def test_only_who_raised_it_takes_it_back(argued):
    argued.jo.sign(argued.jo.post("/api/arguments/object", {"text": TEXT}).json())
    assert argued.mara.post("/api/arguments/answer", {"number": "O1", "said": "withdrawn"}).status_code == 409
    assert argued.jo.post("/api/arguments/answer", {"number": "O1", "said": "yes"}).status_code == 409
    assert argued.jo.sign(argued.jo.post("/api/arguments/answer", {"number": "O1", "said": "withdrawn"}).json()).status_code == 200
    assert said(argued.mara)[0]["answer"]["said"] == "withdrawn"


def test_an_idea_blocks_nothing_until_a_person_makes_it_theirs(argued):
    n = idea(argued.room)
    page = argued.mara.get("/api/arguments").json()
    assert (page["ideas"], page["open"]) == (1, 0)
    assert argued.jo.sign(argued.jo.post("/api/arguments/second", {"n": n}).json()).status_code == 200
    page = argued.mara.get("/api/arguments").json()
    assert (page["ideas"], page["open"]) == (0, 1)
    assert said(argued.mara, "idea")[0]["taken_by"] == "O1"
    assert said(argued.mara)[0]["from_idea"]
    assert argued.mara.post("/api/arguments/second", {"n": n}).status_code == 409


def test_an_objection_at_a_timecode_is_on_that_frame_of_that_cut(argued):
    offer = argued.jo.post("/api/arguments/object", {"text": TEXT, "on": "film:square", "timecode": "01:00:04:05"}).json()
    assert "01:00:04:05 of en_square, shot 3" in offer["lists"][0]
    argued.jo.sign(offer)
    assert said(argued.mara)[0]["on"] == "frame:cuts/en_square.otio@105"
    beyond = argued.jo.post("/api/arguments/object", {"text": TEXT, "on": "film:square", "timecode": "02:00:00:00"})
    assert (beyond.status_code, "is not in it" in beyond.json()["says"]) == (409, True)
    assert argued.jo.post("/api/arguments/object", {"text": TEXT, "on": "film:square", "timecode": "soon"}).status_code == 409


def test_words_are_words_on_the_page(argued):
    argued.jo.sign(argued.jo.post("/api/arguments/object", {"text": "<script>alert(1)</script>"}).json())
    idea(argued.room, text="<img src=x onerror=alert(1)>", on="<b>")
    page = argued.mara.get("/arguments").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>&lt;b&gt;" not in page


def test_somebody_stands_behind_their_part(argued):
    argued.jo.sign(argued.jo.post("/api/arguments/stand", {"part": "camera", "text": "Every frame of it."}).json())
    assert argued.mara.get("/api/arguments").json()["stands"][0]["by"] == "Jo Abara"
