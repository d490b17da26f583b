"""Listening a second time: what stands by itself is heard by itself, and only the crew's own words are asked for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from answerprint.model.attempts import Heard
from answerprint.script.calling import Phrase, calls, phrases
from answerprint.script.slating import Slate, slates
from answerprint.tasks.second_hearing import pickups_again, slates_again, suffix_again
from tests.script.talk import words


class Ears:
    """A listener that hears what it is told to, and counts how often it was asked."""

    def __init__(self, text: str, probability: float = 0.9) -> None:
        self.text, self.probability, self.asked = text, probability, 0

    def hear(self, in_s: float, out_s: float) -> list[Heard]:
        self.asked += 1
        return words(f"{in_s + 0.25} {self.text}", self.probability)[0]


def said(text: str, probability: float = 0.9) -> tuple[Phrase, ...]:
    return phrases(*words(text, probability))


def pickups(text: str, ears: Ears, probability: float = 0.9) -> list[str]:
    found = said(text, probability)
    return [call.kind for call in calls(pickups_again(found, calls(found), ears.hear))]


def test_a_pickup_that_was_misheard_after_a_cut_is_heard_by_itself() -> None:
    ears = Ears("pick up line two please")
    assert pickups("1 action | 2 a whole line | 5 cut | 6 cup line too | 9 action | 10 the line | 12 cut", ears) == ["action", "cut", "pickup", "action", "cut"]
    assert ears.asked == 1


def test_what_is_no_pickup_at_the_second_hearing_stays_as_it_was() -> None:
    assert pickups("1 action | 2 a whole line | 5 cut | 6 the cup is lovely", Ears("that cup is ugly")) == ["action", "cut"]


@pytest.mark.parametrize("text", ["1 action | 2 cup line nine | 5 cut", "1 action | 3 cut | 4 moving on", "1 cup line nine | 3 action | 4 more | 6 cut"])
def test_an_actor_is_never_listened_to_for_a_pickup_nor_is_sure_talk(text: str) -> None:
    ears = Ears("pick up line two please")
    assert "pickup" not in pickups(text, ears)
    assert ears.asked == 0


def slated(text: str, probability: float = 0.9) -> tuple[tuple[Phrase, ...], tuple[Slate, ...]]:
    found = said(text, probability)
    return found, slates([word for phrase in found for word in phrase.words])


def test_a_slate_whose_scene_was_lost_is_heard_by_itself() -> None:
    found, read = slated("1 seem to indulge the row one take four. marker")
    (again,) = slates_again(read, found, (), Ears("scene ten delta roll one take four").hear)
    assert (again.scene, again.take) == ("10D", 4)
    assert again.measure.startswith("heard by itself: ")


def test_a_slate_that_was_heard_surely_is_not_heard_again() -> None:
    found, read = slated("1 scene one alpha take three")
    ears = Ears("scene nine zulu take one")
    assert slates_again(read, found, (), ears.hear) == list(read)
    assert ears.asked == 0


def test_a_second_hearing_that_names_nothing_changes_nothing() -> None:
    found, read = slated("1 scene one alpha take three", 0.3)
    assert slates_again(read, found, (), Ears("thank you").hear) == list(read)


@pytest.mark.parametrize(("likely", "suffix"), [({"Pickup.": 0.25}, "pickup"), ({"Pickup.": 0.25, "Marker.": 0.3}, ""), ({"Pickup.": 0.1}, "")])
def test_a_word_after_the_take_number_is_a_pickup_only_where_that_is_likeliest(likely: dict[str, float], suffix: str) -> None:
    def ask(in_s: float, out_s: float, text: str) -> Sequence[float]:
        return [0.9] * (len(text.split()) - 1) + [likely.get(text.split()[-1], 0.01)]

    _, (read,) = slated("1 scene one alpha take three echo", 0.65)
    assert read.unsure == ("suffix",)
    again = suffix_again(read, lambda in_s, out_s, text: list(ask(in_s, out_s, text)))
    assert again.suffix == suffix
    assert "'pickup' laid against the sound" in again.measure
