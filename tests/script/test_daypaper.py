"""The day's paper, as people keep it."""

from __future__ import annotations

import pytest

from answerprint.script import ScriptError
from answerprint.script.daypaper import read
from answerprint.script.filenames import named


def test_notes_are_read_under_any_usual_header() -> None:
    paper = read("notes.csv", b"Clip Name;Sc;Tk;Circle;Remarks;Lens;Script Supervisor\nA001_C002;1A;2;x;best so far;50 mm;R. Adeyemi\n")
    (row,) = paper.rows
    assert (row.clip, row.scene, row.take, row.line) == ("A001_C002", "1A", 2, 2)
    said = {(one.what, one.value, one.by) for one in row.readings}
    assert {("circled", "yes", "R. Adeyemi"), ("comment", "best so far", "R. Adeyemi"), ("lens", "50 mm", "R. Adeyemi")} <= said


def test_an_ale_is_the_same_paper() -> None:
    raw = b"Heading\nFIELD_DELIM\tTABS\n\nColumn\nName\tScene\tTake\tCircled\tTape\n\nData\n19A-1xa\t19A\t1xa\tYes\t3NY004\n"
    (row,) = read("notes.ale", raw).rows
    assert (row.clip, row.scene, row.take, row.reel) == ("19A-1xa", "19A", 1, "3NY004")
    assert {one.source for one in row.readings} == {"ALE"}


def test_a_slate_and_take_in_one_cell_are_two() -> None:
    (row,) = read("notes.csv", b"slate,comment\n42-3,nice\n").rows
    assert (row.slate, row.take) == ("42", 3)


def test_an_empty_circle_is_none() -> None:
    (row,) = read("notes.csv", b"clip,circled\nA001_C001,\n").rows
    assert not any(one.what == "circled" for one in row.readings)


@pytest.mark.parametrize("raw", [b"\n\n", b"colour,mood\nblue,calm\n", b"Heading\nFPS\t24\n"])
def test_a_paper_that_names_nothing_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(ScriptError, match=r"notes\.csv"):
        read("notes.csv", raw)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("card/A001_C003.mov", {("camera", "A")}),
        ("A001C003_260607_R1AB.mxf", {("camera", "A")}),
        ("1A-3.mov", {("scene", "1A"), ("take", "3")}),
        ("S01T02.mov", {("scene", "1"), ("take", "2")}),
        ("42-2.mp4", {("slate", "42"), ("take", "2")}),
        ("1A_T03PU.mov", {("scene", "1A"), ("take", "3"), ("pickup", "yes")}),
        ("2026-11.mov", set()),
        ("C0001.mp4", set()),
    ],
)
def test_a_file_name_says_what_somebody_meant_by_it(file: str, said: set[tuple[str, str]]) -> None:
    assert {(one.what, one.value) for one in named(file)} == said
