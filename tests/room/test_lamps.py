"""The gate as lamps: what is missing, whose turn it is, and what was signed with one's key since the last visit."""

from __future__ import annotations

from answerprint.model.judgments import Objection
from tests.room.argued import argued
from tests.room.conftest import Signer
from tests.room.test_sign import choose_all, give, sign_three, yes

__all__ = ["argued"]


def lamps(who):
    return {one["name"]: one for one in who.get("/api/board").json()["lamps"]}


def says(who):
    return {one["says"]: one["href"] for one in who.get("/api/board").json()["waits"]}


def test_a_lamp_is_a_ring_until_somebody_has_to_act_and_goes_quiet_when_it_is_signed(argued):
    assert {one["state"] for one in lamps(argued.mara).values()} <= {"ring", "quiet"}
    choose_all(argued)
    before = lamps(argued.mara)
    assert (before["Final edit"]["state"], before["Grade"]["state"], before["Sign-off"]["state"]) == ("lit", "lit", "ring")
    give(argued.mara, "/api/sign/lock/offer")
    assert lamps(argued.mara)["Final edit"]["state"] == "quiet"


def test_an_objection_turns_its_lamp_red_until_it_is_answered(argued):
    sign_three(argued)
    with argued.room.house.writing() as record:
        record.sign(Objection(on="frame:cuts/en.otio@105", text="A frame too polite."), argued.jo.hand)
    assert (lamps(argued.mara)["Final edit"]["state"], lamps(argued.mara)["Final edit"]["says"]) == ("red", "O1")
    assert says(argued.mara)["O1 by Jo Abara waits for an answer."] == "/arguments#O1"
    assert "O1 by Jo Abara waits for an answer." not in says(argued.jo)
    give(argued.mara, "/api/arguments/answer", {"number": "O1", "said": "yes"})
    assert lamps(argued.mara)["Final edit"]["state"] == "quiet"


def test_the_verdict_is_read_anew_when_the_cut_changes_under_it(argued):
    sign_three(argued)
    assert lamps(argued.mara)["Final edit"]["state"] == "quiet"
    argued.spot.cut("en", trim={3: 6})
    assert lamps(argued.mara)["Final edit"]["state"] == "lit"
    assert any(href == "/sign#again" for href in says(argued.mara).values())


def test_every_thing_to_do_leads_to_its_page(argued):
    choose_all(argued)
    assert all(argued.mara.get(href.partition("#")[0]).status_code == 200 for href in says(argued.mara).values())
    assert {"/thought", "/sign#lock", "/sign#finish"} <= set(says(argued.mara).values())


def test_the_question_waits_when_nothing_else_is_missing(argued):
    sign_three(argued)
    for version in ("square", "tall"):
        argued.spot.choose(f"framing:5@{version}", f"{version}.json")
    give(argued.mara, "/api/sign/finish/offer")
    argued.spot.render()
    for version in ("square", "tall", "fr", "fr_square", "fr_tall"):
        seal = argued.mara.get(f"/api/sign?version={version}").json()["question"]["sheets"][0]["seal"]
        assert argued.mara.post("/api/sign/sheet", {"version": version, "seal": seal}).status_code == 200
    assert lamps(argued.mara)["Sign-off"]["state"] == "lit"
    assert says(argued.mara)["The question waits for you."] == "/sign#question"
    give(argued.mara, "/api/sign/off/yes", yes("all"))
    assert lamps(argued.mara)["Sign-off"]["state"] == "quiet"


def test_what_was_signed_with_ones_key_since_the_last_visit_stands_there(argued):
    argued.mara.get("/api/board")
    give(argued.mara, "/api/thought/skip")
    later = Signer(argued.room, argued.mara.hand).get("/api/board").json()
    assert later["since"]
    assert [one["text"] for one in later["signed"]] == ["Says no first thought"]
    assert Signer(argued.room, argued.mara.hand).get("/api/board").json()["signed"] == []
