"""Sign: four signatures, each listed before it is given; the question, and three answers that weigh the same."""

from __future__ import annotations

import os
import re

import pytest

from answerprint import assistant, drafts, turnover
from answerprint.keep import KeepError
from answerprint.ledger.verify import verify
from answerprint.model.judgments import Objection, Release, SignOff
from answerprint.room import reads, showing, verdicts
from tests.room.argued import argued

__all__ = ["argued"]

FILES = (("grade", "grade.cdl"), ("mix", "mix.wav"), ("bed", "bed.wav"), ("framing:5", "as shot"))


def choose_all(argued):
    argued.spot.choose("film")
    for what, file in FILES:
        argued.spot.choose(what, file)


def asked(who, path, body=None):
    """Ask for a signature as the page does: with what stood on it."""
    body = body or {}
    version = body.get("version", "")
    page = who.get(f"/api/sign?version={version}").json()
    name = path.split("/")[3]
    if name == "off":
        shown = page["question"]["shown"]
    elif name == "again":
        only = body.get("only", [[one["judgment"], one["about"]] for one in page["stale"]])
        shown = {key: seal for one in page["stale"] if [one["judgment"], one["about"]] in only for key, seal in one["shown"].items()}
    else:
        shown = next(one["shown"] for one in page["bound"] if one["name"] == name)
    return who.post(path, {"since": page["seen"], "shown": shown, **body})


def give(who, path, body=None):
    offer = asked(who, path, body) if path.startswith("/api/sign/") else who.post(path, body)
    assert offer.status_code == 200, offer.json()
    answer = who.sign(offer.json())
    assert answer.status_code == 200, answer.json()
    return answer.json()["entry"]


def sign_three(argued):
    choose_all(argued)
    for name in ("lock", "finish"):
        give(argued.mara, f"/api/sign/{name}/offer")
    argued.spot.render()
    argued.spot.look()


def yes(version="master", **more):
    return {"version": version, "judged_on": ["this screen"], "ticked": [], **more}


def test_a_signature_lists_what_it_binds_and_takes_its_drafts_away(argued):
    choose_all(argued)
    page = argued.mara.get("/api/sign").json()
    bound = {one["name"]: one for one in page["bound"]}
    assert any("cuts/en.otio" in line for line in bound["lock"]["lines"])
    offer = asked(argued.mara, "/api/sign/lock/offer").json()
    assert offer["lists"][1:] == bound["lock"]["lines"]
    assert argued.mara.sign(offer).status_code == 200
    assert {which[0] for which in drafts.read(argued.path / ".answerprint")} == {"grade", "mix", "music bed", "hero framing"}
    assert argued.mara.get("/api/sign").json()["bound"][1]["lines"] == []


def test_what_somebody_else_holds_is_theirs(argued):
    choose_all(argued)
    page = argued.jo.get("/api/sign").json()
    assert all(one["lines"] == [] for one in page["bound"])
    assert "Mara Lind holds it" in page["bound"][1]["why_not"]
    assert asked(argued.jo, "/api/sign/lock/offer").status_code == 409


def test_after_a_change_exactly_what_rested_on_it_is_affirmed_again_singly_or_together(argued):
    sign_three(argued)
    argued.spot.cut("en", trim={3: 6})
    stale = argued.mara.get("/api/sign").json()["stale"]
    assert {"final edit", "pacing"} <= {one["judgment"] for one in stale}
    assert all(one["changed"] and one["mine"] for one in stale)
    give(argued.mara, "/api/sign/again/offer", {"only": [["pacing", "film:master"]]})
    left = argued.mara.get("/api/sign").json()["stale"]
    assert len(left) == len(stale) - 1
    give(argued.mara, "/api/sign/again/offer")
    assert argued.mara.get("/api/sign").json()["stale"] == []


ANSWERS = (("yes", yes()), ("scrap", {"version": "master", "because": "It explains itself.", "next": "this cut"}), ("release", {"version": "master", "because": "The air date."}))


@pytest.mark.parametrize(("answer", "body"), ANSWERS, ids=[answer for answer, _ in ANSWERS])
def test_an_answer_to_a_cut_that_was_written_over_while_it_played_is_refused(argued, answer, body):
    sign_three(argued)
    page = argued.mara.get("/api/sign").json()
    stood = {"since": page["seen"], "shown": page["question"]["shown"]}
    argued.spot.cut("en", trim={3: 6})
    late = argued.mara.post(f"/api/sign/off/{answer}", {**body, **stood})
    assert late.status_code == 409
    assert "the cut of master is another one now." in late.json()["says"]
    assert "the final edit of master was not there." in late.json()["says"]  # a yes would affirm it
    argued.spot.cut("en")
    assert argued.mara.post(f"/api/sign/off/{answer}", {**body, **stood}).status_code == 200


def test_a_file_whose_levels_changed_under_the_page_is_another_one(argued):
    sign_three(argued)
    page = argued.mara.get("/api/sign").json()
    path = argued.path / "cuts" / "en.otio"
    path.write_bytes(path.read_bytes() + b"\n")
    late = argued.mara.post("/api/sign/off/yes", yes(since=page["seen"], shown=page["question"]["shown"]))
    assert (late.status_code, "the cut of master is another one now." in late.json()["says"]) == (409, True)


def test_what_was_chosen_or_brought_after_the_page_was_read_is_not_signed_unseen(argued):
    choose_all(argued)
    page = argued.mara.get("/api/sign").json()
    stood = {one["name"]: {"since": page["seen"], "shown": one["shown"]} for one in page["bound"]}
    argued.spot.cut("en", trim={3: 6})
    (argued.path / "assets" / "grade.cdl").write_bytes(b"another look")
    argued.spot.choose("framing:5@square", "square.json")
    lock, finish = (argued.mara.post(f"/api/sign/{name}/offer", stood[name]) for name in ("lock", "finish"))
    assert "the final edit of master is another one now. the pacing of master is another one now." in lock.json()["says"]
    assert "the grade of master is another one now." in finish.json()["says"]
    assert "the hero framing of item 5 in square was not there." in finish.json()["says"]
    assert (lock.status_code, finish.status_code) == (409, 409)


def test_what_is_affirmed_again_is_what_stood_there(argued):
    sign_three(argued)
    argued.spot.cut("en", trim={3: 6})
    page = argued.mara.get("/api/sign").json()
    shown = {name: seal for one in page["stale"] for name, seal in one["shown"].items()}
    argued.spot.cut("en", trim={3: 8})
    late = argued.mara.post("/api/sign/again/offer", {"since": page["seen"], "shown": shown})
    assert (late.status_code, "the pacing of master is another one now." in late.json()["says"]) == (409, True)


def test_nothing_that_decides_is_signed_from_a_page_that_does_not_say_what_it_showed(argued):
    sign_three(argued)
    argued.spot.choose("grade", "warm.cube")
    argued.spot.render()
    page = argued.mara.get("/api/sign").json()
    whole = {"since": page["seen"], "shown": page["question"]["shown"]}
    finish = {"since": page["seen"], "shown": page["bound"][2]["shown"]}
    asks = [("off/yes", yes(), whole), ("off/scrap", ANSWERS[1][1], whole), ("off/release", ANSWERS[2][1], whole), ("finish/offer", {}, finish)]
    for path, body, stood in asks:
        for lacking in ({"since": None}, {"shown": None}, {"since": 0}, {"since": 999}):
            refused = argued.mara.post(f"/api/sign/{path}", {**body, **stood, **lacking})
            assert refused.status_code == 409, (path, lacking)
            assert "does not say what stood before you" in refused.json()["says"]


def test_somebody_who_decided_meanwhile_stops_a_signature(argued):
    sign_three(argued)
    page = argued.mara.get("/api/sign").json()
    argued.spot.choose("grade", "warm.cube")
    give(argued.mara, "/api/sign/finish/offer")
    argued.spot.choose("grade", "as shot")
    late = asked(argued.mara, "/api/sign/finish/offer", {"since": page["seen"]})
    assert late.status_code == 409
    assert "Look again" in late.json()["says"]


def test_the_question_is_not_answered_yes_while_anything_is_missing(argued):
    sign_three(argued)
    with argued.room.house.writing() as record:
        record.sign(Objection(on="film:master", text="Nobody drinks it."), argued.jo.hand)
    (missing,) = [one for one in argued.mara.get("/api/sign").json()["question"]["missing"] if one["who"] == "Jo Abara"]
    assert missing["red"]
    refused = asked(argued.mara, "/api/sign/off/yes", yes())
    assert refused.status_code == 409
    assert "Nobody drinks it." in refused.json()["says"]


def test_the_brief_is_ticked_and_what_it_was_judged_on_is_said(argued):
    sign_three(argued)
    (argued.path / "mandatories.txt").write_text("# from the client\n- The name stands for two seconds\nNo cup without steam\n", encoding="utf-8")
    demands = argued.mara.get("/api/sign").json()["question"]["mandatories"]
    assert demands == ["The name stands for two seconds", "No cup without steam"]
    assert "No cup without steam" in asked(argued.mara, "/api/sign/off/yes", yes(ticked=demands[:1])).json()["says"]
    assert "judged it on" in asked(argued.mara, "/api/sign/off/yes", yes(ticked=demands, judged_on=["the moon"])).json()["says"]
    n = give(argued.mara, "/api/sign/off/yes", yes(ticked=demands))
    assert argued.mara.get("/api/sign").json()["question"]["answered"] == f"Yes, by Mara Lind in entry {n}."
    remark = argued.mara.get("/api/arguments").json()["remarks"][0]["text"]
    assert remark.startswith(f"Beside the signature of entry {n}. Judged on: this screen.")
    assert verify(argued.path / ".answerprint" / "record.db").findings == ()


def test_the_opened_first_thought_stands_beside_the_cut_and_in_the_signature(argued):
    sign_three(argued)
    n = give(argued.mara, "/api/thought/seal", {"words": {"sentence": "A father hears what his daughter heard."}})
    question = argued.mara.get("/api/sign").json()["question"]
    assert (question["thought"], question["sealed"]) == (None, n)
    opened = give(argued.mara, "/api/thought/open", {"n": n})
    assert argued.mara.get("/api/sign").json()["question"]["thought"]["words"] == [["sentence", "A father hears what his daughter heard."]]
    give(argued.mara, "/api/sign/off/yes", yes())
    assert argued.room.house.book.of(SignOff)[-1].content.intent == opened


def test_the_empty_timeline_that_a_scrap_leaves_is_a_page(argued, monkeypatch):
    monkeypatch.setattr(assistant, "export_strings", lambda *_: [])  # nothing was shot here
    give(argued.mara, "/api/sign/off/scrap", {"version": "master", "because": "It explains itself.", "next": "strings"})
    page = argued.mara.get("/cut")
    assert page.status_code == 200
    assert "is an empty timeline" in page.text


def test_a_scrapped_cut_stays_and_the_next_one_starts_from_what_was_said(argued):
    sign_three(argued)
    assert asked(argued.mara, "/api/sign/off/scrap", {"version": "master", "because": " ", "next": "this cut"}).status_code == 409
    give(argued.mara, "/api/sign/off/scrap", {"version": "master", "because": "It explains itself.", "next": "this cut"})
    assert len(list((argued.path / "cuts").glob("en*.otio"))) == 4
    assert argued.mara.get("/api/sign").json()["question"]["answered"].startswith("Scrapped, by Mara Lind")


def test_a_full_disk_leaves_no_refusal_without_its_cut(argued, monkeypatch):
    sign_three(argued)

    def full(*_):
        raise KeepError("the disk is full.")

    offer = asked(argued.mara, "/api/sign/off/scrap", ANSWERS[1][1]).json()
    with monkeypatch.context() as disk:
        disk.setattr(turnover, "enter", full)
        refused = argued.mara.sign(offer)
    assert (refused.status_code, refused.json()["says"]) == (409, "the disk is full.")
    give(argued.mara, "/api/sign/off/scrap", ANSWERS[1][1])
    with argued.room.house.writing() as record:
        assert [one.kind for one in record.entries()][-2:] == ["task", "refusal"]


def test_only_a_producer_releases_and_the_entry_says_what_was_missing(argued):
    argued.spot.choose("film")
    assert "only a producer" in asked(argued.jo, "/api/sign/off/release", {"version": "master", "because": "Air date."}).json()["says"]
    give(argued.mara, "/api/sign/off/release", {"version": "master", "because": "The air date."})
    line = argued.room.house.book.of(Release)[-1]
    assert any("grade" in one for one in line.content.missing)


def test_a_contact_sheet_counts_as_seen_for_the_cut_that_it_shows(argued):
    sign_three(argued)
    sheets = argued.mara.get("/api/sign?version=fr").json()["question"]["sheets"]
    assert [(one["version"], one["seen"]) for one in sheets] == [("fr", False)]
    seal = sheets[0]["seal"]
    argued.spot.cut("fr", card="logo.png", voice="fr")
    other = argued.mara.post("/api/sign/sheet", {"version": "fr", "seal": seal})
    assert (other.status_code, "the cut of fr is another one now" in other.json()["says"]) == (409, True)
    argued.spot.cut("fr", card="logo_fr.png", voice="fr")
    assert argued.mara.post("/api/sign/sheet", {"version": "fr", "seal": seal}).json() == {"seen": True}
    assert argued.mara.get("/api/sign?version=fr").json()["question"]["sheets"][0]["seen"]
    argued.spot.cut("fr", card="logo.png", voice="fr")
    assert not argued.mara.get("/api/sign?version=fr").json()["question"]["sheets"][0]["seen"]


def test_no_answer_is_chosen_before_a_person_chooses(argued):
    page = argued.mara.get("/sign").text
    assert not re.search(r"<(input|option)[^>]* (checked|selected)", page)
    assert "autofocus" not in page.replace('<h2 id="signing-title" tabindex="-1" autofocus>', "")


def test_a_card_that_is_written_over_is_seen_by_the_next_page(argued, monkeypatch):
    monkeypatch.setattr(reads, "_YOUNG_NS", 0)  # else nothing that is as young as this test is kept

    def seal():
        return showing.desk_of(argued.room).cuts["master"].seal

    card = argued.path / "assets" / "logo.png"
    for path in (card, argued.path / "cuts" / "en.otio"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    before, stamp = seal(), verdicts.stamp(argued.room)
    assert seal() == before
    assert "cuts/en.otio" in argued.room.reads[1]
    size = card.stat().st_size
    with open(card, "r+b") as file:  # in its place, with the same length and the same time
        file.write(b"X" * size)
    os.utime(card, (1_700_000_000, 1_700_000_000))
    assert seal() != before
    assert verdicts.stamp(argued.room) != stamp


def test_what_was_just_scrapped_is_not_let_out_by_mistake(argued):
    sign_three(argued)
    n = give(argued.mara, "/api/sign/off/scrap", ANSWERS[1][1])
    told = f"master was scrapped by Mara Lind in entry {n}: “It explains itself.”"
    refused = asked(argued.mara, "/api/sign/off/release", ANSWERS[2][1])
    assert (refused.status_code, refused.json()["says"]) == (409, f"{told} Is it to leave all the same? Then ask for the release once more.")
    offer = asked(argued.mara, "/api/sign/off/release", ANSWERS[2][1]).json()
    assert told in offer["lists"]
    assert argued.mara.sign(offer).status_code == 200
