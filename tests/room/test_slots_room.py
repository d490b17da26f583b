"""Slots in the room: a hero shot and the story take nothing generated, by any of its addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

import answerprint
from answerprint.desk import Desk
from tests.room.conftest import Opened, seated
from tests.test_slots import STOCKED, made

OPEN = "Something generated goes into stock slots alone: STOCK:1 (item 3, “rain on a window”), STOCK:2 (item 13, “snow”)."


@pytest.fixture
def stocked(tmp_path: Path) -> Opened:
    production = answerprint.new(tmp_path / "spot", rate="25", title="Salt")
    (production.path / "shots.csv").write_text(STOCKED, encoding="utf-8")
    made(production.path / "assets" / "rain.mp4")
    return seated(production.path)


def test_a_clip_is_given_to_a_stock_slot_by_name_and_a_hero_shot_is_refused_in_a_sentence(stocked: Opened) -> None:
    for answer in (stocked.ana.get("/api/slots/HERO:1"), stocked.ana.post("/api/slots/HERO:1/serve", {"file": "assets/rain.mp4"}), stocked.ana.get("/api/slots/item:4")):
        assert answer.status_code == 409
        assert answer.json()["says"].endswith(OPEN)
    told = stocked.ana.post("/api/slots/STOCK:1/serve", {"file": "assets/rain.mp4"}).json()
    assert [(one["file"], one["by"]) for one in told["stands"]] == [("assets/rain.mp4", "Ana Ferrer")]
    assert [(one["name"], len(one["stands"])) for one in stocked.ana.get("/api/slots").json()["slots"]] == [("STOCK:1", 1), ("STOCK:2", 0)]
    assert stocked.ana.post("/api/slots/STOCK:1/serve", {"file": "assets/none.mp4"}).status_code == 409


def test_a_generated_take_cannot_be_chosen_on_its_page(opened: Opened) -> None:
    item = opened.ana.get("/api/takes/1").json()
    files = sorted({one.file for one in Desk(answerprint.open(opened.path)).tries_at(1)})
    rows = "".join(f"Clip,generated,Salt,{file}\n" for file in files)
    (opened.path / "rights.csv").write_text(f"item,what,holder,applies to\n{rows}", encoding="utf-8")
    for attempt in item["attempts"]:
        answer = opened.ana.post("/api/takes/1/choose", {"attempt": attempt["key"]})
        assert answer.status_code == 409
        assert "is listed as generated in rights.csv" in answer.json()["says"]
    assert opened.ana.post("/api/takes/1/choose", {"attempt": "none"}).status_code == 200
