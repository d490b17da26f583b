"""From calls to attempts."""

from __future__ import annotations

import pytest

from answerprint.script.attempting import Stretch, stretches
from answerprint.script.calling import calls, phrases
from answerprint.script.slating import slates
from tests.script.talk import words


def found(text: str, *, lines: tuple[str, ...] = (), claps: tuple[float, ...] = (), duration_s: float = 60.0) -> tuple[Stretch, ...]:
    said = phrases(*words(text))
    slated = slates([word for phrase in said for word in phrase.words], claps)
    return stretches(said, calls(said, lines), slated, duration_s)


def kinds(text: str, *lines: str) -> list[str]:
    return [call.kind for call in calls(phrases(*words(text)), lines)]


def test_an_attempt_lies_between_the_end_of_action_and_the_start_of_cut() -> None:
    (one,) = found("1 quiet please | 3 scene one alpha take three | 6 action | 7 morning starts before the light does | 10 cut | 11 good one more")
    assert (one.in_s, one.out_s, one.kind) == (6.25, 10.0, "take")
    assert one.slate is not None
    assert one.slate.scene == "1A"


@pytest.mark.parametrize("line", ["they cut the price in half", "we need more action in our lives", "you will see it again and again", "sorry seems the hardest word to say", "sorry seems the", "pick up the phone"])
def test_a_line_that_holds_a_call_is_no_call(line: str) -> None:
    assert kinds(f"1 {line}") == []


def test_a_call_that_stands_in_the_script_is_the_line() -> None:
    assert kinds("1 go again please") == ["again"]
    assert kinds("1 go again please", "Would you go again, please?") == []


def test_a_series_is_several_attempts_on_one_slate() -> None:
    first, second = found("1 slate forty two take one | 4 action | 5 morning starts early | 8 still rolling go again | 11 action | 12 morning starts early | 15 cut")
    assert (first.out_s, second.in_s) == (8.0, 11.25)
    assert second.series
    assert first.slate == second.slate


def test_a_series_goes_on_without_a_second_action() -> None:
    _first, second = found("1 action | 2 morning starts early | 5 keep rolling reset | 8 morning starts early | 11 cut")
    assert (second.in_s, second.out_s, second.series) == (5.75, 11.0, True)


def test_an_actor_who_begins_again_makes_a_restart() -> None:
    first, second = found("1 action | 2 morning starts before | 4 sorry. let me start again | 7 morning starts before the light | 10 cut")
    assert (first.out_s, second.kind, second.in_s) == (4.0, "restart", 5.25)


def test_a_pickup_is_named_as_such_and_the_next_is_a_take_again() -> None:
    found_ = found("1 action | 2 one whole line of it | 5 cut | 6 pickup from line two | 9 action | 10 the second line | 12 cut | 14 action | 15 all of it once | 18 cut")
    assert [one.kind for one in found_] == ["take", "pickup", "take"]


def test_a_pickup_is_heard_over_a_pause() -> None:
    assert [one.kind for one in found("1 action | 2 a whole line | 5 cut | 6 okay pickup | 6.8 last line only | 9 action | 10 the last line | 12 cut")] == ["take", "pickup"]


def test_cut_right_after_action_is_a_false_start() -> None:
    first, second = found("1 action | 2 cut | 3 hold on | 5 action | 6 three words spoken here | 9 cut")
    assert (first.kind, second.kind) == ("false start", "take")


def test_a_tail_slate_names_what_came_before_it() -> None:
    (one,) = found("1 action | 2 tomorrow can wait | 5 cut | 7 tail slate scene three alpha take one", claps=(10.0,))
    assert one.slate is not None
    assert one.slate.tail
    assert one.slate.take == 1


def test_a_last_slate_after_all_takes_is_a_tail_slate_whatever_was_called() -> None:
    (one,) = found("1 action | 2 tomorrow can wait | 5 cut | 7 scene three alpha take one", claps=(9.0,))
    assert one.slate is not None
    assert one.slate.tail


def test_without_calls_an_attempt_lies_between_first_and_last_words() -> None:
    (one,) = found("1 quiet please | 3 scene one alpha take three | 8 morning starts before the light does | 12 moving on", claps=(5.0,))
    assert (one.in_s, one.out_s) == (8.0, 9.5)


def test_no_words_are_no_attempt() -> None:
    assert stretches((), (), (), 10.0) == ()


def test_a_word_that_a_call_has_no_room_for_belongs_to_the_next_phrase() -> None:
    heard, _ = words("1 action you | 3 will see")
    said = phrases(heard, [(1.0, 1.45), (2.9, 3.5)])
    assert [phrase.text for phrase in said] == ["action", "you will see"]


@pytest.mark.parametrize("misheard", ["induction", "got cut", "oh again"])
def test_a_call_alone_between_pauses_is_one_also_as_it_is_misheard(misheard: str) -> None:
    (call,) = calls(phrases(*words(f"1 {misheard}")))
    assert call.kind == {"induction": "action", "got cut": "cut", "oh again": "again"}[misheard]


def test_please_after_a_breath_belongs_to_the_call() -> None:
    (one,) = found("1 action | 2 morning starts early | 5 go again | 5.9 please")
    assert one.out_s == pytest.approx(5.0)


def test_cut_soon_after_go_again_with_nothing_said_is_a_false_start() -> None:
    kinds = [one.kind for one in found("1 action | 2 morning starts early | 5 still rolling go again | 8 cut")]
    assert kinds == ["take", "false start"]
