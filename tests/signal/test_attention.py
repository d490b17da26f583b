"""Where a frame of another shape stands: on faces, on what moves, and as still as an operator would hold it."""

from __future__ import annotations

import numpy as np
import pytest

from answerprint.signal import SignalError
from answerprint.signal.attention import drift, interest
from answerprint.signal.composing import Composed, Seen, Sight, compose, head
from answerprint.signal.operating import LEAST_S, QUICK_S, operate

WIDE, TALL = 16 / 9, 9 / 16
FACE: Seen = (0.6, 0.2, 0.1, 0.2, 0.0)


def ground(high: int = 54, wide: int = 96) -> np.ndarray:
    return np.random.default_rng(3).integers(80, 140, (high, wide, 3)).astype(np.uint8)


def walked(places: np.ndarray) -> np.ndarray:
    """A bright patch before leaves, its middle at each of these columns."""
    frames = np.stack([ground()] * places.size)
    for frame, place in zip(frames, places, strict=True):
        frame[20:50, int(place) - 4 : int(place) + 4] = (230, 60, 50)
    return frames


def seen(faces: tuple[tuple[Seen, ...], ...] | None, count: int = 18) -> Sight:
    maps = np.full((count, 54, 96), 1 / (54 * 96), np.float32)
    return Sight(times_s=np.arange(count) / 6, faces=faces, maps=maps, motion=np.zeros(count, np.float32))


def composed(frames: np.ndarray, shape: float = TALL) -> Composed:
    maps, motion = interest(frames)
    return compose(Sight(times_s=np.arange(len(frames)) / 6, faces=None, maps=maps, motion=motion), picture=WIDE, shape=shape)


def test_what_moves_before_a_camera_that_stands_is_where_to_look() -> None:
    places = np.linspace(15, 80, 30)
    maps, motion = interest(walked(places))
    middles = (maps.sum(axis=1) * np.arange(96)).sum(axis=1)
    assert motion.mean() > 0.5
    assert np.abs(middles - places).mean() < 6


def test_a_camera_that_pans_moves_nothing_by_itself() -> None:
    whole = ground(54, 200)
    frames = np.stack([whole[:, 3 * number : 3 * number + 96] for number in range(12)])
    assert drift(frames[0].mean(axis=2), frames[1].mean(axis=2)) == (0, -3)
    assert interest(frames)[1].mean() < 0.1


def test_a_flat_picture_is_looked_at_evenly_and_no_frame_says_so() -> None:
    maps, motion = interest(np.full((3, 20, 30, 3), 90, np.uint8))
    assert np.allclose(maps, 1 / 600)
    assert not motion.any()
    with pytest.raises(SignalError, match="at least one"):
        interest(np.zeros((0, 4, 4, 3), np.uint8))


def test_somebody_who_stands_is_held_and_somebody_who_walks_is_followed() -> None:
    standing = composed(walked(np.full(24, 20.0) + np.tile([0, 1], 12)))
    assert not standing.way.moves
    assert abs(standing.way.start - 0.21) < 0.08
    walking = composed(walked(np.linspace(12, 84, 48)))
    assert walking.way.moves
    assert all(abs(walking.way.at(number / 6) - place / 96) < walking.window / 2 for number, place in enumerate(np.linspace(12, 84, 48)))


def test_no_move_is_quicker_than_can_be_watched_or_shorter_than_a_second() -> None:
    places, times = np.linspace(0, 1, 49), np.arange(60) / 10
    for target in (np.where(times < 3, 0.1, 0.9), np.linspace(0, 1, 60), np.abs(np.sin(times))):
        way = operate(np.abs(places[None] - target[:, None]), places, times, long_side=0.5)
        assert not way.moves or way.end_s - way.start_s >= LEAST_S
        steps = np.diff([way.at(moment) for moment in np.arange(0, 6, 0.04)]) / 0.04
        assert np.abs(steps).max() <= 0.5 / QUICK_S + 1e-6
        assert (np.diff(np.sign(steps[np.abs(steps) > 1e-9])) == 0).all()  # it never turns round
        assert way.cost <= way.held


def test_a_head_is_whole_with_hair_above_it_and_room_to_look_into() -> None:
    straight = compose(seen(((FACE,),) * 18), picture=WIDE, shape=TALL)
    away = compose(seen((((*FACE[:4], -0.5),),) * 18), picture=WIDE, shape=TALL)
    assert (straight.by, straight.kept, straight.whole) == ("faces", 1, 1.0)
    assert abs(straight.way.start - 0.65) < 0.03
    assert away.way.start < straight.way.start - 0.02  # looks to the left, so the room is there
    assert away.whole == 1.0
    left, top, right, bottom = head(np.array([FACE]))[0]
    assert left < 0.6 < 0.7 < right
    assert top < 0.2 < 0.4 < bottom


def test_where_not_all_faces_fit_the_larger_stays_and_the_other_is_said() -> None:
    small: Seen = (0.1, 0.3, 0.06, 0.12, 0.0)
    tall, square = (compose(seen(((FACE, small),) * 18), picture=WIDE, shape=shape) for shape in (TALL, 4 / 3))
    assert (tall.kept, tall.left, tall.whole) == (1, ("at the left",), 1.0)
    assert (square.kept, square.left, square.whole) == (2, (), 1.0)


def test_a_face_larger_than_the_frame_is_said() -> None:
    close = compose(seen((((0.2, 0.1, 0.5, 0.8, 0.0),),) * 18), picture=4 / 3, shape=TALL)
    assert close.wide
    assert close.whole == 0.0


def test_a_face_that_is_seen_once_is_none_and_a_moment_without_one_is_bridged() -> None:
    once = ((FACE,), *((),) * 17)
    assert compose(seen(once), picture=WIDE, shape=TALL).kept == 0
    bridged = tuple(((FACE,) if number not in (5, 6, 7) else ()) for number in range(18))
    found = compose(seen(bridged), picture=WIDE, shape=TALL)
    assert (found.kept, found.whole, found.way.moves) == (1, 1.0, False)


def test_a_tall_picture_in_a_wide_frame_is_free_up_and_down() -> None:
    face: Seen = (0.3, 0.25, 0.4, 0.15, 0.0)
    found = compose(seen(((face,),) * 18), picture=TALL, shape=1.0)
    assert not found.across
    assert found.whole == 1.0
    assert found.way.start > 0.325  # the face stands above the middle
