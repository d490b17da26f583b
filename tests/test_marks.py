"""Good, or only acceptable: a person's own, and nobody else's."""

from __future__ import annotations

import shutil
from fractions import Fraction

import pytest

from answerprint import marks
from answerprint.model.time import Span
from answerprint.spot import open as opened

CLIP = "blake3:" + "a" * 64


@pytest.fixture
def spot(small_spot, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    shutil.copytree(small_spot.path, tmp_path / "spot")
    return opened(tmp_path / "spot")


def stretch(start: int, end: int) -> str:
    return marks.shot(CLIP, Span(start_s=Fraction(start), end_s=Fraction(end)))


def test_a_mark_is_changed_and_taken_away_with_one_word(spot):
    marks.put(spot, "ana", stretch(2, 6), "good")
    marks.put(spot, "ana", stretch(2, 6), "acceptable")
    assert marks.of(spot, "ana") == {stretch(2, 6): "acceptable"}
    marks.put(spot, "ana", stretch(2, 6), None)
    assert marks.of(spot, "ana") == {}


def test_nobody_else_sees_it(spot):
    marks.put(spot, "ana", stretch(2, 6), "good")
    assert marks.of(spot, "ben") == {}
    assert not list(spot.path.rglob("marks"))


def test_a_trim_keeps_it_and_another_stretch_of_the_clip_does_not_have_it(spot):
    marks.put(spot, "ana", stretch(2, 6), "acceptable")
    held = marks.of(spot, "ana")
    assert marks.found(held, stretch(3, 6)) == "acceptable"
    assert marks.found(held, stretch(6, 9)) is None


def test_what_is_no_shot_is_not_marked(spot):
    for thing in ("attempt:1", f"shot:{CLIP}@x-y", f"shot:{CLIP}@6-2"):
        with pytest.raises(marks.MarkError, match="names no stretch"):
            marks.put(spot, "ana", thing, "good")
    with pytest.raises(marks.MarkError, match="no mark"):
        marks.put(spot, "ana", stretch(1, 2), "excellent")  # type: ignore[arg-type]


def test_a_line_that_a_crash_cut_off_costs_itself_alone(spot):
    marks.put(spot, "ana", stretch(2, 6), "good")
    (path,) = [one for one in (spot.path.parent / "data").rglob("*.jsonl") if one.parent.parent.name == "marks"]
    with open(path, "ab") as file:
        file.write(b'{"thing": "shot:bl')
    marks.put(spot, "ana", stretch(8, 9), "acceptable")
    assert marks.of(spot, "ana") == {stretch(2, 6): "good", stretch(8, 9): "acceptable"}


def test_all_of_it_can_be_erased(spot):
    marks.put(spot, "ana", stretch(2, 6), "good")
    assert marks.erase(spot, "ana") == 1
    assert marks.of(spot, "ana") == {}
