"""The DP speaks of frames that this film set up otherwise, and of frames from the book where the rushes hold another; else never."""

from __future__ import annotations

import json

import pytest

from answerprint.critics.dp import run
from answerprint.timeline import framing
from tests.critics.composed import Film, texts


def repeated() -> Film:
    """A run of one size, so that the DP has something that leads away from the usual, beside which it may lead back."""
    return Film(shots=8).set("face height", 0.3, 0.3, 0.31, first=6).set("face middle", 0.5, first=8).set("face eyes", 0.36, first=8)


def test_the_third_of_one_size_is_spoken_of_and_the_second_is_not() -> None:
    three = list(run(Film().set("face height", 0.30, 0.31, 0.32).set("face middle", 0.5, 0.5, 0.5).set("face eyes", 0.4, 0.4, 0.4).case))
    assert texts(three, "one size") == ["cut:3"]
    assert three[0].offer is not None
    crop = framing.crop(framing.read(three[0].offer.text.encode()), "16:9", 50)
    assert crop[2] == pytest.approx(1 / 1.6, abs=0.001)
    assert not list(run(Film().set("face height", 0.30, 0.31).case))


def test_a_size_that_changes_in_between_is_no_run() -> None:
    assert not list(run(Film().set("face height", 0.30, 0.45, 0.30, 0.45, 0.31).case))
    assert not list(run(Film().set("face height", 0.30, None, 0.30, 0.30).case))


def test_a_run_of_six_is_said_once() -> None:
    assert texts(list(run(Film(shots=6).set("face height", *[0.3] * 6).case)), "one size") == ["cut:3"]


@pytest.mark.parametrize(("rooms", "on"), [((0.10, 0.11, 0.22), ["cut:3"]), ((0.10, 0.11, 0.12), []), ((0.05, 0.20, 0.30), []), ((0.10, 0.22), [])])
def test_headroom_is_held_against_what_two_other_shots_of_that_size_agree_on(rooms: tuple[float, ...], on: list[str]) -> None:
    film = repeated().set("face height", *[0.5] * len(rooms)).set("headroom", *rooms)
    film.facts["cut:3 face height"] = film.facts.get("cut:3 face height", "0.900")
    assert [one for one in texts(list(run(film.case)), "over the head") if one != "cut:8"] == on


def test_too_much_headroom_can_be_cropped_and_too_little_cannot() -> None:
    more = [one for one in run(repeated().set("face height", 0.5, 0.5, 0.5).set("headroom", 0.10, 0.11, 0.22).case) if "over the head" in one.text]
    assert more[0].offer is not None
    made = framing.read(more[0].offer.text.encode())
    _, top, _, high = framing.crop(made, "16:9", made.start)
    assert (0.22 - top) / high == pytest.approx(0.105, abs=0.01)
    less = [one for one in run(repeated().set("face height", 0.5, 0.5, 0.5).set("headroom", 0.20, 0.21, 0.05).case) if "over the head" in one.text]
    assert less[0].offer is None


@pytest.mark.parametrize(("looks", "middles", "on"), [((0.3, -0.3, 0.4), (0.35, 0.62, 0.36), ["cut:3"]), ((0.3, -0.3, 0.4), (0.35, 0.62, 0.70), []), ((0.05, 0.0, 0.1), (0.35, 0.62, 0.36), []), ((0.3, -0.3), (0.35, 0.62), [])])
def test_a_film_whose_every_look_has_room_is_offered_one_without(looks: tuple[float, ...], middles: tuple[float, ...], on: list[str]) -> None:
    ideas = list(run(Film().set("face looks", *looks).set("face middle", *middles).set("face eyes", *[0.36] * len(looks)).case))
    assert texts(ideas, "Short-side") == on


def test_the_short_side_is_where_the_face_looks() -> None:
    (idea,) = run(Film().set("face looks", 0.3, -0.3, 0.4).set("face middle", 0.35, 0.62, 0.45).set("face eyes", *[0.36] * 3).case)
    assert idea.offer is not None
    left, _, wide, _ = framing.crop(framing.read(idea.offer.text.encode()), "16:9", 50)
    assert (0.45 - left) / wide == pytest.approx(0.66, abs=0.02)  # it looks to the right, and stands there


@pytest.mark.parametrize(("middle", "on"), [(0.70, ["cut:3"]), (0.50, [])])
def test_a_look_into_the_edge_is_held_against_the_films_other_looks(middle: float, on: list[str]) -> None:
    film = repeated().set("face looks", 0.3, -0.3, 0.4).set("face middle", 0.35, 0.62, middle)
    assert texts(list(run(film.case)), "runs into the edge") == on


@pytest.mark.parametrize(("eyes", "scene", "on"), [((0.30, 0.42), "KITCHEN", ["cut:2"]), ((0.36, 0.38), "KITCHEN", []), ((0.30, 0.42), "STREET", [])])
def test_eyes_that_meet_across_a_cut_lie_on_one_height(eyes: tuple[float, float], scene: str, on: list[str]) -> None:
    film = repeated().set("face looks", 0.3, -0.3).set("face eyes", *eyes).set("face height", 0.5, 0.5)
    film.scenes = {1: "KITCHEN", 2: scene}
    assert texts(list(run(film.case)), "across the cut") == on


@pytest.mark.parametrize(("across", "hero", "on"), [(0.51, {2: "the cup"}, ["cut:2"]), (0.51, {2: "the cup", 3: "the cup"}, ["cut:2"]), (0.36, {2: "the cup"}, []), (0.51, {}, [])])
def test_a_hero_shot_in_the_middle_is_set_off_it(across: float, hero: dict[int, str], on: list[str]) -> None:
    film = Film(heroes=hero).set("subject across", across, across, first=2).set("subject down", 0.5, 0.5, first=2).set("subject head", 0.3, 0.3, first=2).set("subject foot", 0.7, 0.7, first=2)
    ideas = list(run(film.case))
    assert texts(ideas, "hero shot") == on
    if ideas:
        assert ideas[0].offer is not None
        left, _, wide, _ = framing.crop(framing.read(ideas[0].offer.text.encode()), "16:9", 50)
        assert (across - left) / wide == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.parametrize(("head", "foot"), [(0.3, 0.7), (0.22, 0.94), (0.02, 0.7), (0.1, 0.9), (None, None)])
def test_a_frame_that_is_offered_for_a_hero_never_cuts_its_head_or_its_foot(head: float | None, foot: float | None) -> None:
    film = Film(heroes={2: "the cup"}).set("subject across", 0.51, first=2).set("subject down", 0.41, first=2)
    if head is not None:
        film.set("subject head", head, first=2).set("subject foot", foot, first=2)
    (idea,) = run(film.case)
    if head is None or foot is None or foot - head > 0.75:  # no crop of a third holds it, or nobody knows how far it reaches
        assert idea.offer is None
        return
    assert idea.offer is not None
    _, top, _, high = framing.crop(framing.read(idea.offer.text.encode()), "16:9", 50)
    assert top <= head + 1e-3
    assert top + high >= foot - 1e-3


@pytest.mark.parametrize(("eyes", "height", "on"), [(0.36, "0.600", ["cut:2"]), (0.36, "0.320", []), (0.55, "0.600", [])])
def test_a_frame_from_the_book_is_laid_beside_a_less_ordinary_one_of_the_same_item(eyes: float, height: str, on: list[str]) -> None:
    film = Film(items={2: 7}).set("face eyes", eyes, first=2).set("face height", 0.3, first=2).tried("A001_C002#1", 7).tried("A001_C009#1", 7)
    film.facts["try:A001_C009#1@7 face height"] = height
    ideas = list(run(film.case))
    assert texts(ideas, "textbook") == on
    if ideas:
        assert ideas[0].offer is not None
        shown = json.loads(ideas[0].offer.text)["tracks"]["children"][0]["children"]
        assert [one["name"] for one in shown if one["name"] == "7-1 A"] == ["7-1 A"]


def test_at_least_half_of_what_is_said_leads_away_from_the_usual() -> None:
    film = Film(shots=8).set("face height", 0.5, 0.5, 0.5).set("headroom", 0.10, 0.11, 0.22).set("face looks", 0.3, -0.3, 0.4).set("face middle", 0.35, 0.62, 0.70)
    ideas = list(run(film.case))
    assert sum(one.away for one in ideas) * 2 >= len(ideas) > 1
    bare = Film(shots=8).set("face height", 0.5, 0.3, 0.5, 0.3, 0.5).set("headroom", 0.10, None, 0.11, None, 0.22)
    assert not list(run(bare.case))


@pytest.mark.parametrize(("tilts", "on"), [
    ((0.2, -0.3, 3.1), ["cut:3"]), ((0.2, -0.3, 1.4), []), ((0.2, -0.3, 11.0), []), ((0.2, 2.4, 4.6), []), ((0.2, 3.1), []),
])  # fmt: skip
def test_a_shot_hangs_only_beside_two_of_its_set_up_that_stand_alike(tilts: tuple[float, ...], on: list[str]) -> None:
    film = repeated().set("tilt", *tilts)
    film.scenes = {1: "KITCHEN", 2: "KITCHEN", 3: "KITCHEN"}
    assert texts(list(run(film.case)), "degrees") == on
    film.scenes = {}  # three set-ups: nobody says that they should stand alike
    assert not texts(list(run(film.case)), "degrees")
