"""The record in the room: readable, filtered, checked in the page, and checked by a stranger after it was taken away."""

from __future__ import annotations

import subprocess
import sys

from answerprint.model.judgments import Objection
from tests.room.argued import argued

__all__ = ["argued"]


def test_what_people_signed_is_read_in_words_under_their_names(argued):
    with argued.room.house.writing() as record:
        record.sign(Objection(on="item:5", text="<b>A frame too polite.</b>"), argued.jo.hand)
    rows = argued.mara.get("/api/record").json()["rows"]
    assert (rows[-1]["who"], rows[-1]["kind"], rows[-1]["receipt"]) == ("Jo Abara", "objection", "/api/receipt/5")
    page = argued.mara.get("/record").text
    assert "&lt;b&gt;A frame too polite." in page
    assert 'class="paper"' in page


def test_it_is_filtered_by_person_by_kind_and_by_who_is_no_machine(argued):
    with argued.room.house.writing() as record:
        record.sign(Objection(on="item:5", text="Too polite."), argued.jo.hand)
        record.append("idea", {"schema": 1, "critic": "editor", "on": "item:5", "text": "The breath is on the floor."})
    mara = argued.mara
    assert {one["who"] for one in mara.get("/api/record?who=Jo%20Abara").json()["rows"]} == {"Jo Abara"}
    assert {one["kind"] for one in mara.get("/api/record?kind=enrol").json()["rows"]} == {"enrol"}
    assert None in {one["who"] for one in mara.get("/api/record").json()["rows"]}
    assert None not in {one["who"] for one in mara.get("/api/record?machine=no").json()["rows"]}


def test_the_page_checks_the_record_and_says_what_it_finds(argued):
    found = argued.mara.post("/api/record/verify").json()
    assert found["wrong"] == []
    assert "signature" in found["vouched"]
    assert argued.mara.post("/api/record/verify", {"held": found["head"]}).json()["wrong"] == []
    number = found["head"].partition(":")[0]
    assert argued.mara.post("/api/record/verify", {"held": f"{number}:sha256:{'0' * 64}"}).json()["wrong"] != []
    assert argued.mara.post("/api/record/verify", {"held": "I noted something"}).status_code == 409
    assert argued.mara.post("/api/record/verify", {"producer": argued.jo.hand.key_id}).json()["wrong"] != []


def test_a_changed_body_is_found_from_the_page(argued):
    import sqlite3

    db = sqlite3.connect(argued.path / ".answerprint" / "record.db")
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    db.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'Jo Abara', 'Jo Arbara') AS BLOB) WHERE n = 3")
    for _, made in triggers:
        db.execute(made)
    db.commit()
    db.close()
    found = argued.mara.post("/api/record/verify")
    assert any(one.startswith("Entry 3") for one in found.json()["wrong"]), found.text
    assert "The kept files were not looked at" in found.json()["says"][0]


def test_a_copy_and_the_check_taken_away_agree_with_each_other(argued, tmp_path):
    for name in ("copy.db", "verify.py"):
        answer = argued.mara.get(f"/record/{name}")
        assert answer.status_code == 200
        (tmp_path / name).write_bytes(answer.content)
    done = subprocess.run([sys.executable, tmp_path / "verify.py", tmp_path / "copy.db"], capture_output=True, text=True, check=False)
    assert (done.returncode, "Nothing wrong found" in done.stdout) == (0, True)


def test_a_copy_without_words_holds_none_of_them(argued):
    with argued.room.house.writing() as record:
        record.sign(Objection(on="item:5", text="The hold is a frame too polite."), argued.jo.hand)
    assert b"frame too polite" in argued.mara.get("/record/copy.db").content
    assert b"frame too polite" not in argued.mara.get("/record/copy.db?words=no").content


def test_a_checkpoint_is_signed_and_taken_away_as_a_note_that_the_check_takes(argued, tmp_path):
    n = argued.mara.sign(argued.mara.post("/api/record/checkpoint").json()).json()["entry"]
    note = argued.mara.get(f"/record/checkpoint/{n}.txt").text
    held = next(line for line in note.splitlines() if line.startswith(f"{n}:sha256:"))
    assert argued.mara.post("/api/record/verify", {"held": held}).json()["wrong"] == []
    (tmp_path / "record.db").write_bytes(argued.mara.get("/record/copy.db").content)
    assert argued.mara.get("/record/checkpoint/1.txt").status_code == 404


def test_the_page_to_keep_asks_nothing_of_anybody(argued):
    answer = argued.mara.get("/record/page.html")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "Mara Lind" in answer.text
    assert "http://" not in answer.text


def test_a_frame_of_a_cut_is_read_as_its_timecode_and_version(argued):
    with argued.room.house.writing() as record:
        record.sign(Objection(on="frame:cuts/en_square.otio@105", text="A frame too polite."), argued.jo.hand)
        record.sign(Objection(on="frame:cuts/gone.otio@105", text="Not here any more."), argued.jo.hand)
    rows = [one["says"] for one in argued.mara.get("/api/record").json()["rows"]]
    assert any("01:00:04:05 of square (en_square)" in one for one in rows)
    assert any("frame 105 of cuts/gone.otio" in one for one in rows)
