"""Report in the room: made once and kept, of exactly this cut, and known to have been on somebody's screen; with it the gate has what it asks for."""

from __future__ import annotations

import re
import shutil
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from answerprint import drafts, watched
from answerprint.desk import Desk
from answerprint.drafts import Draft
from answerprint.easiness import kept, people
from answerprint.model.judgments import Decided, Decision
from answerprint.room.app import Room
from tests.crewed import MARA
from tests.room.conftest import ORIGIN, Opened, Signer
from tests.test_easiness import cut

__all__ = ["cut"]

MISSES = "nobody who signs has looked at its easy-choice report"


@pytest.fixture
def opened(cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """The room of the measured cut, and Mara in it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    home = tmp_path / "spot"
    shutil.copytree(cut, home)
    room = Room(home, origins=(ORIGIN,))
    yield Opened(room=room, path=home, ana=Signer(room, MARA))  # type: ignore[arg-type]
    room.closing.set()


def made(opened: Opened) -> None:
    kept.make(Desk(opened.room.house.production), "master", person=MARA.key_id)


def test_a_report_is_there_once_it_was_made_and_gone_once_what_it_says_is_another(opened: Opened) -> None:
    assert opened.ana.get("/api/report").json()["report"] is None
    assert opened.ana.get("/report/easy.pdf").status_code == 404
    made(opened)
    page = opened.ana.get("/api/report").json()
    assert [one["plate"] for one in page["report"]["plates"]] == ["palette", "rhythm", "music bed"]
    assert kept.kept(Desk(opened.room.house.production), "master") is not None  # whoever has no reel reads the same one
    paper = opened.ana.get("/report/easy.pdf")
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    drafts.put(opened.path / ".answerprint", Draft(judgment="pacing", about="film:master", choice={"file": "cuts/v01.otio"}, because="It runs.", by="Mara Lind"))
    assert opened.ana.get("/api/report").json()["report"] is None
    made(opened)
    assert "It runs." in opened.ana.get("/report").text
    assert len(list((opened.path / ".answerprint" / "cache" / "easy").glob("report-*.npz"))) == 1


def test_what_stood_on_the_screen_is_kept_for_exactly_that_report_and_the_gate_knows_it(opened: Opened) -> None:
    thing = opened.ana.get("/api/report").json()["thing"]
    early = opened.ana.post("/api/report/saw", {"version": "master", "thing": thing})
    assert (early.status_code, "was not made" in early.json()["says"]) == (409, True)
    made(opened)
    other = opened.ana.post("/api/report/saw", {"version": "master", "thing": thing[:-1] + "x"})
    assert (other.status_code, "another one now" in other.json()["says"]) == (409, True)
    assert any(MISSES in says for one in opened.ana.get("/api/sign").json()["question"]["missing"] for says in one["says"])
    assert opened.ana.post("/api/report/saw", {"version": "master", "thing": thing}).json() == {"seen": True}
    assert opened.ana.get("/api/report").json()["looked"]
    assert not any(MISSES in says for one in opened.ana.get("/api/sign").json()["question"]["missing"] for says in one["says"])
    (opened.path / "assets" / "warm.cc").touch()
    drafts.put(opened.path / ".answerprint", Draft(judgment="grade", about="film:master", choice={"file": "assets/warm.cc"}, because="", by="Mara Lind"))
    assert not opened.ana.get("/api/report").json()["looked"]
    assert any(MISSES in says for one in opened.ana.get("/api/sign").json()["question"]["missing"] for says in one["says"])


def test_the_page_carries_no_style_of_its_own_and_says_every_word_of_a_person_as_they_wrote_it(opened: Opened) -> None:
    evil = "</p><script>alert(1)</script> “It breathes.”"
    drafts.put(opened.path / ".answerprint", Draft(judgment="pacing", about="film:master", choice={"file": "cuts/v01.otio"}, because=evil, by="Mara <b>Lind</b>"))
    made(opened)
    page = opened.ana.get("/report").text
    assert not re.search(r"\sstyle=|<style|<script>", page)
    assert "alert(1)&lt;/script&gt; “It breathes.”" in page
    assert page.count('class="plateau" id="plate-') == 3
    assert "score" not in page.lower()


def test_a_cut_that_is_not_there_has_no_report_and_only_the_crew_reads_one(opened: Opened) -> None:
    inside = opened.path / ".answerprint"
    drafts.clear(inside, *drafts.read(inside).values())
    page = opened.ana.get("/api/report").json()
    assert (page["report"], page["thing"], "has no cut yet" in page["wrong"]) == (None, "", True)
    assert opened.ana.get("/report").status_code == 200
    assert opened.ana.post("/api/report/start", {"version": ""}).status_code == 409
    assert opened.room.jobs.state == {}
    _, token = opened.room.doors.give_link(round=1, version="master", contact="Lena Faro", days=1)
    guest = opened.room.doors.use_link(token)
    opened.ana.client.cookies.set("answerprint", guest.session)
    for path in ("/report", "/api/report", "/report/easy.pdf"):
        assert opened.ana.get(path).status_code == 403


def test_a_bed_that_was_heard_counts_for_whoever_heard_it_and_leaves_only_where_they_let_it(opened: Opened) -> None:
    for name, loud in (("slow.wav", 0.1), ("fast.wav", 0.2)):
        tone(opened.path / "assets" / name, loud)
    with opened.room.house.writing() as record:
        choice = {"file": "assets/slow.wav"}
        record.sign(Decision(gesture="finish", decisions=(Decided(judgment="music bed", about="film:master", choice=choice, over=("assets/fast.wav",)),)), MARA)
    made(opened)
    assert opened.ana.get("/api/report").json()["report"]["plates"][2]["chose"][0]["played"] is None
    assert opened.ana.get("/report").text.count('class="hear"') == 2
    assert opened.ana.post("/api/report/heard", {"file": "assets/slow.wav"}).json() == {"heard": True}
    assert opened.ana.post("/api/report/heard", {"file": "../keys"}).status_code == 404
    watched.allow(opened.room.house.production, MARA.key_id, True)
    assert opened.ana.get("/api/report").json()["report"]["plates"][2]["chose"][0]["played"] == "played 1 of 2 beds"
    tone(opened.path / "assets" / "slow.wav", 0.3)
    desk = Desk(opened.room.house.production)
    assert people.told(desk, "master", "music bed").chose[0].played == "played 0 of 2 beds"  # another sound under the same name


def tone(path: Path, loud: float) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 24000, 0, "NONE", ""))
        file.writeframes((loud * 32767 * np.sin(np.arange(24000) / 20)).astype("<i2").tobytes())
