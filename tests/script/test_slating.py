"""The grammar of a spoken slate."""

from __future__ import annotations

import pytest

from answerprint.script.slating import Slate, number_words, slates, sounds_like, spoken
from tests.script.talk import words


def read(text: str, claps: tuple[float, ...] = ()) -> tuple[Slate, ...]:
    return slates(spoken(words(text)[0]), claps)


@pytest.mark.parametrize(
    ("said", "scene", "slate", "take"),
    [
        ("scene one alpha, take three.", "1A", None, 3),
        ("1A take 3", "1A", None, 3),
        ("seen won alpha tape too", "1A", None, 2),
        ("Scene 12 Bravo. Roll one, take eight.", "12B", None, 8),
        ("slate forty two, take two", None, "42", 2),
        ("slate number one thirty nine take six", None, "139", 6),
        ("slate one oh one take one", None, "101", 1),
        ("slate one hundred and four take for", None, "104", 4),
        ("scene fourteen fox trot take 11", "14F", None, 11),
    ],
)
def test_a_slate_is_read_by_letter_or_by_number_and_through_homophones(said: str, scene: str | None, slate: str | None, take: int) -> None:
    (one,) = read(f"1.0 {said}")
    assert (one.scene, one.slate, one.take) == (scene, slate, take)


@pytest.mark.parametrize("said", ["take two at breakfast and one at night", "they take four days", "the scene was quiet", "slate is a kind of stone", "one more take"])
def test_a_line_that_holds_a_slates_words_is_no_slate(said: str) -> None:
    assert read(f"1.0 {said}") == ()


def test_a_take_without_a_scene_is_a_slate_only_with_its_mark_or_clap() -> None:
    assert read("1.0 take two") == ()
    assert read("1.0 take two. | 1.9 marker")[0].take == 2
    assert read("1.0 take two", claps=(2.2,))[0].clap_s == 2.2


@pytest.mark.parametrize("said", ["tail slate. scene three alpha take one", "end board 3A take one"])
def test_a_tail_slate_says_so(said: str) -> None:
    (one,) = read(f"1.0 {said}")
    assert one.tail
    assert one.scene == "3A"
    assert one.take == 1


@pytest.mark.parametrize(("said", "suffix"), [("pickup", "pickup"), ("pick up", "pickup"), ("p u", "pickup"), ("M.O.S.", "MOS"), ("series", "series"), ("wild track", "wild")])
def test_what_follows_the_take_number_is_kept(said: str, suffix: str) -> None:
    assert read(f"1.0 scene two bravo take three {said}")[0].suffix == suffix


def test_a_word_taken_for_another_is_named_in_the_measure() -> None:
    (one,) = read("1.0 scene five alpha take a | 2.6 market")
    assert one.take == 8
    assert "'a'" in one.measure
    assert "take" in one.unsure


def test_the_slate_ends_with_its_clap() -> None:
    assert read("1.0 scene one alpha take three | 2.8 marker", claps=(3.6,))[0].out_s == 3.6


def test_numbers_are_said_as_slates_say_them() -> None:
    assert [number_words(n) for n in (7, 42, 100, 139, 204)] == ["seven", "forty two", "one hundred", "one thirty nine", "two oh four"]
    assert set(sounds_like(14)) == {4, 14, 40}
    assert sounds_like(12) == (12,)
