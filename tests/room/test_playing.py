"""What the player gets, and what the room keeps of what was played."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerprint import watched


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def attempt(opened):
    """The first attempt at item 1, slates shown."""
    opened.ana.post("/api/seeing", {"hidden": False})
    return opened.ana.get("/api/takes/1").json()["attempts"][0]


def test_a_clip_comes_with_its_exact_rate_its_frames_and_its_timecode(attempt):
    clip = attempt["stretch"]["clip"]
    assert clip["rate"] == [24000, 1001]
    assert clip["timecode"] == "08:00:00:00"
    assert clip["timecode_rate"] == [24000, 1001]
    assert 0 <= attempt["stretch"]["start"] < attempt["stretch"]["end"] <= clip["frames"]


def test_the_words_under_the_wave_are_those_that_were_heard(opened, attempt):
    words = opened.ana.get(f"/api/words/{attempt['stretch']['clip']['id']}").json()["words"]
    first, last = attempt["line"]
    assert any(first <= one["in_s"] < last for one in words)
    assert all(one["in_s"] <= one["out_s"] for one in words)


def test_a_clip_of_another_session_has_no_words_here(opened, attempt):
    other = type(opened.ana)(opened.room, opened.ana.hand)
    assert other.get(f"/api/words/{attempt['stretch']['clip']['id']}").status_code == 404


def test_an_attempt_is_kept_as_played_only_when_every_frame_of_it_was(opened, attempt):
    ana, what = opened.ana, attempt["stretch"]["what"]
    start, end = attempt["stretch"]["start"], attempt["stretch"]["end"]
    middle = (start + end) // 2
    assert ana.post("/api/played", {"what": what, "from_frame": middle, "to_frame": end}).json() == {"whole": False}
    assert watched.listed(opened.room.house.production, ana.guest.person) == []
    assert ana.post("/api/played", {"what": what, "from_frame": start, "to_frame": middle}).json() == {"whole": True}
    (one,) = watched.listed(opened.room.house.production, ana.guest.person)
    assert one.kind == "played"
    assert one.thing.startswith("attempt:blake3:")
    assert one.thing.endswith("#1")


def test_what_was_played_is_not_in_the_record(opened, attempt):
    before = opened.room.house.book.head
    stretch = attempt["stretch"]
    opened.ana.post("/api/played", {"what": stretch["what"], "from_frame": stretch["start"], "to_frame": stretch["end"]})
    assert opened.room.house.book.head == before


def test_nothing_is_kept_of_a_thing_that_is_not_there(opened, attempt):
    for what in ("attempt:nothing#1", f"{attempt['stretch']['what']}9", "diary:mine"):
        answer = opened.ana.post("/api/played", {"what": what, "from_frame": 0, "to_frame": 5})
        assert answer.status_code in (404, 422), what
    assert watched.listed(opened.room.house.production, opened.ana.guest.person) == []
