"""What holds for every critic: no idea without its facts, no fact that is not of this cut, and no idea that fits another film."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from answerprint.critics import dp, editor, gaffer, sound
from answerprint.model.ideas import Case, Idea, Wording
from answerprint.model.records import Facts, ModelError, from_plain, to_plain
from tests.critics.composed import Film
from tests.critics.test_editor import rich

CRITICS: tuple[Callable[[Case], Iterable[Idea]], ...] = (dp.run, editor.run, gaffer.run, sound.run)
_LAID = ("uses", "item", "scene", "setup", "hero", "lies", "words", "breath at s")  #: how the cut is laid; the rest is measured


def ideas(case: Case) -> list[Idea]:
    return [idea for run in CRITICS for idea in run(case)]


def film(seed: int, values: Callable[[float, float], float]) -> Film:
    """A film with something measured of each shot."""
    made = rich()
    made.seed = seed
    made.heroes = {4: "the cup"}
    made.scenes = {1: "KITCHEN", 2: "KITCHEN", 3: "KITCHEN"}
    for name, low, high in (
        ("face height", 0.2, 0.3), ("headroom", 0.05, 0.3), ("face eyes", 0.25, 0.45), ("face middle", 0.3, 0.7), ("face looks", -0.5, 0.5), ("key stops", -2.0, 2.0), ("subject across", 0.45, 0.55),
        ("subject down", 0.4, 0.6), ("room dbfs", -70.0, -45.0), ("tilt", -1.0, 4.0),
    ):  # fmt: skip
        made.set(name, *(round(values(low, high), 3) for _ in range(5)))
    made.set("bed at in", *[False] * 5)
    made.facts["cut:3 light against"] = {"shot": 1, "stops": [f"{values(-0.6, 0.6):.3f}" for _ in range(3)]}
    made.facts["word:2:4"] = {"shot": 2, "word": "Barfield", "here": f"{values(0.1, 0.6):.2f}", "there": f"{values(0.8, 1.0):.2f}", "slate": "1A-2 A"}
    for place, word in enumerate(("morning", "light"), 1):
        at_s = 4.2 + place + values(-0.2, 0.2)
        made.facts[f"covered:3:{place}"] = {"shot": 3, "word": word, "at_s": f"{at_s:.2f}", "to_s": f"{at_s + 0.4:.2f}", "left": f"{values(0.2, 0.7):.2f}", "under": "A001_C003.mp4"}
    made.set("runs on s", round(values(1.0, 2.0), 3), None, round(values(1.0, 2.0), 3))
    made.set("pause under bed", {"seconds": f"{values(0.5, 2.0):.3f}", "before": "morning", "after": "So"}, first=4)
    return made


@settings(max_examples=25, deadline=None)
@given(data=some.data())
def test_no_idea_without_facts_and_none_outlives_one_of_its_facts(data: some.DataObject) -> None:
    case = film(0, lambda low, high: data.draw(some.floats(low, high))).case
    for run, idea in [(each, one) for each in (dp.run, gaffer.run, sound.run) for one in each(case)]:
        assert idea.facts
        assert case.lacks(idea) == ()
        gone = data.draw(some.sampled_from([one.name for one in idea.facts]))
        poorer = replace(case, known=Facts(task="critics", version=1, inputs=(), facts=tuple(one for one in case.known.facts if one.name != gone)))
        assert (idea.critic, idea.on, idea.text) not in [(one.critic, one.on, one.text) for one in run(poorer)]


@settings(max_examples=10, deadline=None)
@given(data=some.data())
def test_at_least_half_of_what_a_dp_and_an_editor_say_leads_away_from_the_usual(data: some.DataObject) -> None:
    case = film(data.draw(some.integers(0, 9)), lambda low, high: data.draw(some.floats(low, high))).case
    away = [idea.away for idea in dp.run(case)]
    assert 2 * sum(away) >= len(away)
    assert all(idea.away for idea in editor.run(film(1, lambda low, high: low).case))


def test_other_words_say_whose_they_are_and_add_no_number() -> None:
    idea = next(iter(dp.run(film(1, lambda low, high: low).case)))
    said = replace(idea, worded=Wording(text="Break the row.", by="a provider, its model"))
    assert from_plain(Idea, to_plain(said)) == said
    assert said.text == idea.text
    with pytest.raises(ModelError, match="97"):
        replace(idea, worded=Wording(text="97 of 100 would cut here.", by="a provider, its model"))
    with pytest.raises(ModelError, match="whose"):
        replace(idea, worded=Wording(text="Break the row.", by=" "))


def test_an_idea_without_a_fact_cannot_be_made() -> None:
    with pytest.raises(ModelError, match="without a fact"):
        Idea(critic="dp", on="cut:1", text="Closer.", facts=())


def test_a_critic_with_no_facts_says_nothing() -> None:
    assert ideas(Film().case) == []


def test_none_of_twenty_ideas_is_true_of_another_cut_not_even_by_what_was_measured() -> None:
    import numpy as np

    films = [film(seed, np.random.default_rng(seed).uniform).case for seed in range(1, 4)]
    pairs = [(case, idea) for case in films for idea in ideas(case)]
    assert len(pairs) >= 20
    for case, idea in pairs[:: len(pairs) // 20][:20]:
        for other in films:
            lacks = other.lacks(idea)
            assert bool(lacks) is (other is not case)
            measured = [one.name for one in idea.facts if not one.name.endswith(_LAID)]
            assert other is case or not measured or set(measured) & set(lacks)


def test_a_case_crosses_to_another_process_and_back_unchanged() -> None:
    case = rich().case
    assert from_plain(Case, to_plain(case)) == case
