"""The gaffer speaks of shots of one room that are lit otherwise, and of nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from answerprint.critics.gaffer import run
from answerprint.signal.colour import apart
from tests.critics.composed import Film, texts


def lit(red: str, green: str, blue: str) -> Film:
    film = Film()
    film.facts |= {"cut:3 light against": {"shot": 1, "stops": [red, green, blue]}}
    film.scenes = {1: "KITCHEN", 3: "KITCHEN"}
    return film


@pytest.mark.parametrize(
    ("stops", "says"),
    [(("-0.300", "0.000", "0.200"), "0.5 of a stop warmer"), (("0.200", "0.000", "-0.200"), "0.4 of a stop colder"), (("-0.500", "-0.500", "-0.500"), "0.5 of a stop brighter"), (("0.050", "0.000", "-0.050"), "")],
)
def test_a_shot_of_one_set_up_that_is_warmer_or_brighter_is_spoken_of(stops: tuple[str, str, str], says: str) -> None:
    ideas = list(run(lit(*stops).case))
    assert [one.on for one in ideas] == (["cut:3"] if says else [])
    assert all(says in one.text for one in ideas)


def test_the_correction_that_is_offered_brings_the_light_back() -> None:
    rng = np.random.default_rng(3)
    first = rng.uniform(0.15, 0.6, (48, 80, 3))
    from answerprint.signal.colour import coded, light

    second = coded(light(first) * np.array([1.3, 1.0, 0.8]))
    found = apart(first, second)
    assert found is not None
    (idea,) = run(lit(*(f"{one:.3f}" for one in found.stops)).case)
    assert idea.offer is not None
    slope, power = (np.array([float(one) for one in part.split()]) for part in idea.offer.text.split(";"))
    assert np.abs(np.clip(second * slope, 0, 1) ** power - first).max() < 0.02


@pytest.mark.parametrize(
    ("keys", "looks", "scene", "word"),
    [((1.5, -1.5), (0.3, 0.3), "KITCHEN", "the key comes from"), ((0.5, 2.0), (0.3, 0.3), "KITCHEN", "bright side"), ((1.5, -1.5), (0.3, -0.3), "KITCHEN", ""),
     ((1.5, -1.5), (0.3, 0.3), "STREET", ""), ((1.5, 1.2), (0.3, 0.3), "KITCHEN", ""), ((0.2, -0.2), (0.3, 0.3), "KITCHEN", "")],
)  # fmt: skip
def test_faces_of_one_scene_that_look_one_way_are_lit_from_one_side(keys: tuple[float, float], looks: tuple[float, float], scene: str, word: str) -> None:
    film = Film(scenes={1: "KITCHEN", 2: scene}).set("key stops", *keys).set("face looks", *looks)
    ideas = list(run(film.case))
    assert texts(ideas, word or "room") == (["cut:2"] if word else [])
