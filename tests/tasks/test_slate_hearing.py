"""A slate heard again as a slate: a led listener proposes, one who was told nothing decides, and every change is said."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from answerprint.script.calling import Phrase, calls, phrases
from answerprint.script.slating import Slate, slates
from answerprint.tasks.slate_hearing import Guess, Lay, in_one_clip, lost_slates, named_again, weighed_as
from tests.script.talk import words


class Ears:
    """Proposes what it is told to, and finds likely what it is told to; counts what it was asked."""

    def __init__(self, proposed: dict[str, float], fits: dict[str, float] | None = None) -> None:
        self.proposed, self.fits, self.asked = proposed, fits or {}, 0

    def guess(self, in_s: float, out_s: float, example: str, slates_only: bool) -> list[tuple[str, float]]:
        self.asked += 1
        return list(self.proposed.items())

    def lay(self, in_s: float, out_s: float, text: str) -> float:
        self.asked += 1
        return math.log(next((value for key, value in self.fits.items() if key in text), 0.1)) * len(text.split())

    def both(self) -> tuple[Guess, Lay]:
        return self.guess, self.lay


def heard(text: str, probability: float = 0.5) -> tuple[tuple[Phrase, ...], tuple[Slate, ...]]:
    found = phrases(*words(text, probability))
    return found, slates([word for phrase in found for word in phrase.words])


def again(text: str, ears: Ears, known: tuple[str, ...] = (), probability: float = 0.5) -> Slate:
    found, (read,) = heard(text, probability)
    return named_again(read, found, (), ears.both(), known)


def test_a_misheard_scene_is_what_fits_the_sound_and_the_change_is_said() -> None:
    slate = again("1 scene 8 echo take two", Ears({"Scene 8 Delta, take 2.": -0.5}, {"8 Delta": 0.9}))
    assert (slate.scene, slate.slate, slate.take) == ("8D", None, 2)
    assert "first heard as 8E take 2" in slate.measure
    assert "times likelier than" in slate.measure


def test_what_was_proposed_and_does_not_fit_the_sound_does_not_stand() -> None:
    slate = again("1 scene 8 echo take two", Ears({"Scene 7 Bravo, take 5.": -6.0}, {"8 Echo, take 2": 0.9}))
    assert (slate.scene, slate.take) == ("8E", 2)


def test_a_slate_that_was_heard_surely_is_not_heard_again() -> None:
    ears = Ears({"Scene 9 Zulu, take 1.": 0.0})
    assert again("1 scene 1 alpha take 3", ears, probability=0.95).scene == "1A"
    assert ears.asked == 0


@pytest.mark.parametrize(("right", "wrong"), [("114", "140"), ("15", "50")])
def test_numbers_that_sound_alike_are_told_apart_by_the_sound_alone(right: str, wrong: str) -> None:
    ears = Ears({f"Slate {wrong}, take 2.": -0.1}, {f"{right},": 0.9})
    assert again(f"1 slate {wrong} take 2", ears, probability=0.95).slate == right


def test_a_mark_is_no_letter() -> None:
    assert again("1 scene 12 foxtrot take 7", Ears({"Scene 12. Marker, take 7.": -0.1}, {"12 Foxtrot": 0.5})).scene == "12F"


def test_what_the_recorder_wrote_is_weighed_by_the_sound_and_does_not_win_by_being_written() -> None:
    assert again("1 scene 5 whiskey take 2", Ears({}, {"5 Alpha": 0.9}), ("5A",)).scene == "5A"
    assert again("1 scene 5 whiskey take 2", Ears({}, {"5 Whiskey": 0.9}), ("5A",)).scene == "5W"


def test_a_take_that_was_not_heard_is_proposed() -> None:
    slate = again("1 scene 3 delta. marker", Ears({"Scene 3 Delta, take 3.": -0.5}))
    assert (slate.scene, slate.take) == ("3D", 3)


def test_a_slate_whose_name_was_misheard_begins_where_its_breath_began() -> None:
    slate = again("1 tailsley seven | 1.9 1 take four. marker", Ears({"Tail slate. Scene 7 Delta, take 4.": -0.5}, {"7 Delta": 0.9}))
    assert (slate.scene, slate.tail) == ("7D", True)
    assert slate.in_s == pytest.approx(1.0)


def test_a_letter_that_nobody_proposed_is_tried_beside_the_best() -> None:
    slate = again("1 scene 3 rd you know take two. marker", Ears({"Scene 30, take 2.": -0.5}, {"13 Echo": 0.9, "30 Echo": 0.5}))
    assert (slate.scene, slate.take) == ("13E", 2)


def test_every_name_that_was_weighed_is_kept_with_its_figure_best_first() -> None:
    slate = again("1 scene 8 echo take two", Ears({"Scene 8 Delta, take 2.": -0.5}, {"8 Delta": 0.9}))
    assert slate.names[0][:2] == ("8D", 2)
    assert [fit for *_, fit in slate.names] == sorted((fit for *_, fit in slate.names), reverse=True)
    assert ("8E", 2) in [one[:2] for one in slate.names]


def test_a_name_that_is_hardly_likelier_than_the_next_is_not_clear() -> None:
    alike = {"Slate 113, take 7.": -0.5, "Slate 130, take 7.": -0.6}
    assert "not clear" in again("1 slate 113 take 7", Ears(alike)).measure
    assert "not clear" not in again("1 slate 113 take 7", Ears(alike, {"113": 0.9})).measure


def test_a_name_that_is_asked_for_later_is_weighed_on_the_same_scale() -> None:
    ears = Ears({"Slate 42, take 2.": -9.0}, {"Slate 42": 0.9})
    slate = again("1 slate 44 take 2", ears)
    later = weighed_as([("42", 2)], slate.span_s, False, ears.lay)
    assert later["42", 2] == pytest.approx(slate.names[0][2], abs=0.1)


def test_a_second_slate_in_one_clip_runs_on_from_the_first() -> None:
    ears = Ears({})
    first, second = heard("1 scene 14 bravo take one | 30 scene 40 bravo take two")[1]
    doubtful = replace(second, measure="not clear", names=(("40B", 2, -3.0), ("14B", 2, -4.0)), span_s=(29.8, 31.5))
    after = in_one_clip([first, doubtful], ears.lay)
    assert [(one.scene, one.take) for one in after] == [("14B", 1), ("14B", 2)]
    assert "by shooting order: after 14B-1 in this clip; by itself 40B-2" in after[1].measure
    assert [one.scene for one in in_one_clip([first, second], ears.lay)] == ["14B", "40B"]


def lost(text: str, ears: Ears) -> list[Slate]:
    said, slated = heard(text)
    return lost_slates(said, slated, calls(said), (), ears.both())


TAIL = {"Tail slate. 12 Delta, take 8.": -0.5, "Tell sleep well.": -3.0}


def test_a_tail_slate_that_was_heard_as_something_else_is_found_after_the_cut() -> None:
    (slate,) = lost("1 action | 2 the line | 5 cut | 7 sleep well built up take a", Ears(TAIL))
    assert (slate.scene, slate.take, slate.tail) == ("12D", 8, True)
    assert "heard as" in slate.measure


@pytest.mark.parametrize("text", ["1 action | 2 sleep well built up take a | 5 cut", "1 action | 2 the line | 5 cut | 7 sleep well built up"])
def test_an_actors_words_are_never_looked_through_for_a_slate_nor_words_without_a_take(text: str) -> None:
    ears = Ears(TAIL)
    assert lost(text, ears) == []
    assert ears.asked == 0


def test_a_slate_without_the_word_take_is_found_by_how_slates_are_misheard() -> None:
    (slate,) = lost("1 plate 91 | 2.2 big one | 4 action | 5 the line | 8 cut", Ears({"Slate 91, take 1.": -0.5}))
    assert (slate.slate, slate.take) == ("91", 1)


def test_words_that_are_proposed_to_be_no_slate_are_none() -> None:
    assert lost("1 action | 2 the line | 5 cut | 7 that was a good take two", Ears({"That was a good take, too.": -0.1, "Scene 2, take 2.": -4.0})) == []


@pytest.mark.parametrize(("text", "proposed", "stands"), [
    ("1 scene 40 bravo take two", "Scene 14 Bravo, take 2.", "14B"), ("1 slate 140 take two", "Slate 114, take 2.", "140"),
])  # fmt: skip
def test_of_two_scenes_that_sound_alike_the_lower_is_the_commoner_and_of_running_numbers_none(text: str, proposed: str, stands: str) -> None:
    even = 0.5
    other = {"40 ": even, "14 ": even, "140,": even, "114,": even * 0.99}
    slate = again(text, Ears({proposed: -0.5}, other))
    assert (slate.scene or slate.slate) == stands
