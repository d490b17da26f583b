"""What people bring: a grade is a look or a graded picture, a mix is sound, and nothing else is either."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from answerprint import brought, gestures
from answerprint.desk import DeskError
from tests.deciding import Crewed
from tests.made import clip, heard, voice


def test_a_grade_is_a_look_a_graded_movie_or_a_still_of_one(tmp_path: Path) -> None:
    Image.new("RGB", (16, 16)).save(tmp_path / "still.png")
    (tmp_path / "show.cube").write_text("LUT_3D_SIZE 2")
    for file in (tmp_path / "still.png", tmp_path / "show.cube", clip(tmp_path / "graded.mov", sound=None, seconds=0.2)):
        brought.check(file, "grade")


def test_a_mix_and_a_bed_are_sound(tmp_path: Path) -> None:
    for file in (heard(tmp_path / "mix.wav"), clip(tmp_path / "mixed.mov", sound=voice(0.2, seed=1), seconds=0.2)):
        brought.check(file, "mix")
        brought.check(file, "music bed")


@pytest.mark.parametrize(
    ("name", "data", "judgment", "says"),
    [
        ("answerprint.toml", b"title = 'Salt'", "grade", "answerprint.toml is not a grade: it is something else"),
        ("notes.csv", b"a,b", "mix", "notes.csv is not a mix: it is something else"),
        ("show.cube", b"", "grade", "show.cube is not a grade: there is nothing in it"),
        ("still.png", b"no picture at all", "grade", "still.png is not a grade: it cannot be read"),
        ("graded.mov", b"words, and no film", "grade", "graded.mov is not a grade: "),
        ("mix.wav", b"words, and no sound", "mix", "mix.wav is not a mix: "),
    ],
)
def test_what_is_neither_is_a_sentence_with_what_belongs_there(tmp_path: Path, name: str, data: bytes, judgment: str, says: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DeskError, match="What belongs there is") as refused:
        brought.check(tmp_path / name, judgment)
    assert str(refused.value).startswith(says)


def test_a_movie_without_sound_is_no_mix(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match=r"silent\.mov is not a mix: it has no sound"):
        brought.check(clip(tmp_path / "silent.mov", sound=None, seconds=0.2), "mix")


def test_a_silent_spot_that_is_left_as_it_was_shot_can_leave(tmp_path: Path) -> None:
    spot = Crewed.compose(tmp_path, silent=True, versions="")
    spot.choose_all({f"item:{n}": f"A001_C{n:03d}#1" for n in range(1, 12)} | {"film": "en", "grade": "as shot", "framing:5": "as shot"})
    made = gestures.gesture(spot.desk, "finish", spot.person())
    assert "grade of master: as shot" in made.lines
    for gesture in ("selects", "lock", "finish"):
        spot.sign(gesture)
    spot.sign_off("master")
    assert spot.verdict().missing == ()
