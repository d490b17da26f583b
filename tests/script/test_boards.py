"""Laws of the written slate: a value needs its label or its place, and text that is no board says nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerprint.script.boards import Board, Written, agreed, board

Line = tuple[str, float, float, float]  # text, x, y of its middle left, height


def lines(*rows: Line, turn_deg: float = 0.0, score: float = 0.98) -> list[Written]:
    turn = math.radians(turn_deg)
    out = []
    for text, x, y, high in rows:
        wide = 0.6 * high * len(text)
        box = [(x, y - high / 2), (x + wide, y - high / 2), (x + wide, y + high / 2), (x, y + high / 2)]
        corners = tuple((px * math.cos(turn) - py * math.sin(turn), py * math.cos(turn) + px * math.sin(turn)) for px, py in box)
        out.append(Written(text=text, corners=corners, score=score))
    return out


def over(roll: str, scene: str, take: str, *more: Line) -> tuple[Line, ...]:
    """Labels over their values, as most boards have them."""
    return (("ROLL", 100, 100, 20), ("SCENE", 300, 100, 20), ("TAKE", 500, 100, 20), (roll, 100, 150, 60), (scene, 300, 150, 60), (take, 500, 150, 60), *more)


BESIDE: tuple[Line, ...] = (("SLATE", 100, 100, 24), ("42", 190, 100, 50), ("TAKE", 300, 100, 24), ("2", 390, 100, 50), ("ROLL", 500, 100, 24), ("B003", 590, 100, 50))


@pytest.mark.parametrize("turn_deg", [-12.0, 0.0, 7.0])
def test_labels_stand_over_their_values_on_a_turned_board_too(turn_deg: float) -> None:
    found = board(lines(*over("A001", "1A", "3"), turn_deg=turn_deg))
    assert found is not None
    assert (found.roll, found.scene, found.slate, found.take) == ("A001", "1A", None, 3)


@pytest.mark.parametrize("turn_deg", [-12.0, 0.0, 7.0])
def test_labels_stand_left_of_their_values_and_a_running_number_is_a_slate(turn_deg: float) -> None:
    found = board(lines(*BESIDE, turn_deg=turn_deg))
    assert found is not None
    assert (found.roll, found.scene, found.slate, found.take) == ("B003", None, "42", 2)


def test_label_and_value_may_be_one_line_or_one_word() -> None:
    found = board(lines(("SCENE: 12 B TAKE4", 100, 100, 40), ("ROLL A002", 100, 160, 40)))
    assert found is not None
    assert (found.scene, found.take, found.roll) == ("12B", 4, "A002")


def test_scene_and_take_may_share_a_cell() -> None:
    found = board(lines(("SCENE", 100, 100, 20), ("1A-3", 100, 150, 60), ("PROD", 100, 30, 20)))
    assert found is not None
    assert (found.scene, found.take) == ("1A", 3)


def test_a_scene_and_a_shot_with_a_letter_are_one_name() -> None:
    found = board(lines(("SCENE", 100, 100, 20), ("7", 100, 150, 60), ("SHOT", 300, 100, 20), ("C", 300, 150, 60), ("TAKE", 500, 100, 20), ("9", 500, 150, 60)))
    assert found is not None
    assert (found.scene, found.slate, found.take) == ("7C", None, 9)


def test_a_letter_in_a_number_s_place_is_read_as_the_number_and_says_so() -> None:
    found = board(lines(*over("A001", "IA", "I")))
    assert found is not None
    assert (found.scene, found.take) == ("1A", 1)
    assert "read from 'IA'" in found.measures["scene"]
    assert "read from 'I'" in found.measures["take"]


def test_a_misread_label_is_still_that_label_where_another_is_certain() -> None:
    found = board(lines(*over("2", "7E", "9", ("DIRECRON:Garrett Ray", 100, 220, 24))[:2], ("TARE", 500, 100, 20), *over("2", "7E", "9")[3:]))
    assert found is not None
    assert (found.scene, found.take) == ("7E", 9)


def test_what_no_label_names_is_told_by_its_place_in_the_row_and_says_so() -> None:
    rows = (("A001", 100, 150, 60), ("1A", 300, 150, 60), ("2", 500, 150, 60), ("I. Marlow", 100, 220, 24), ("J. Oduya", 100, 260, 24), ("INT SYNC", 100, 300, 24))
    found = board(lines(*rows))
    assert found is not None
    assert (found.roll, found.scene, found.take, found.mos) == ("A001", "1A", 2, False)
    assert "told by its place" in found.measures["take"]


def test_a_scene_of_figures_alone_is_not_told_by_its_place() -> None:
    assert board(lines(("90", 100, 150, 60), ("32", 300, 150, 60), ("2", 500, 150, 60), ("THE CLASS PROJECT", 100, 220, 24), ("SYNC", 100, 260, 24))) is None


@pytest.mark.parametrize(
    "rows",
    [
        [("FIRST POUR", 100, 100, 60), ("Whole bean coffee", 100, 160, 30), ("250 g", 100, 200, 30)],
        [("PROD", 100, 100, 20), ("14 NOV 2026", 200, 100, 20), ("DATE", 100, 140, 20), ("LOT 7C", 200, 140, 20)],
        [("TAKE", 100, 100, 60), ("2", 300, 100, 60), ("EVERY MORNING", 100, 200, 30)],
        [("7C", 100, 100, 60), ("3", 300, 100, 60)],
        [],
    ],
)
def test_packaging_and_posters_are_no_board(rows: list[Line]) -> None:
    assert board(lines(*rows)) is None


def test_a_number_that_stands_by_no_label_is_nothing() -> None:
    found = board(lines(("SCENE", 100, 100, 20), ("TAKE", 500, 100, 20), ("7", 100, 600, 60), ("9", 900, 600, 60)))
    assert found == Board(labels=("SCENE", "TAKE"))


def test_what_is_hardly_legible_is_not_a_value() -> None:
    written = [*lines(*over("A001", "1A", "3")[:5]), *lines(("3", 500, 150, 60), score=0.4)]
    found = board(written)
    assert found is not None
    assert (found.scene, found.take) == ("1A", None)


@pytest.mark.parametrize(("says", "mos"), [("MOS", True), ("INT DAY MOS", True), ("SYNC MOS", False), ("Day Night Int Ext Mos", False), ("INT SYNC", False), ("(Dig gtc mnE Mos", False)])
def test_mos_is_said_by_a_board_that_does_not_print_its_choices(says: str, mos: bool) -> None:
    found = board(lines(*over("A001", "1A", "3", (says, 100, 300, 30))))
    assert found is not None
    assert found.mos is mos


@pytest.mark.parametrize("take", ["3PU", "3 PU", "3"])
def test_a_pickup_and_a_tail_slate_are_written_on_the_board(take: str) -> None:
    found = board(lines(*over("A001", "1A", take, ("T/S", 100, 300, 30))))
    assert found is not None
    assert (found.take, found.pickup, found.tail) == (3, take != "3", True)


@given(st.lists(st.tuples(st.text(max_size=12), st.floats(-2000, 2000), st.floats(-2000, 2000), st.floats(1, 200)), max_size=12))
def test_whatever_is_written_is_read_without_an_error(rows: list[Line]) -> None:
    found = board(lines(*rows))
    assert found is None or found.take is None or 0 <= found.take < 1000


def one(scene: str | None, take: int | None, *, mos: bool = False) -> Board:
    return Board(scene=scene, take=take, mos=mos, measures={"scene": "character score 0.98", "take": "character score 0.97"})


def test_pictures_that_agree_say_how_many_they_were() -> None:
    found = agreed([one("1A", 2), one("1A", 2)])
    assert (found.scene, found.take) == ("1A", 2)
    assert found.measures["take"] == "character score 0.97, in 2 of 2 pictures"


def test_pictures_that_differ_go_by_the_most_and_an_even_count_is_doubt() -> None:
    assert agreed([one("11A", 2), one("1A", 2), one("1A", None)]).scene == "1A"
    assert "read from pictures that differ, another has '1A'" in agreed([one("11A", 2), one("1A", 2)]).measures["scene"]
