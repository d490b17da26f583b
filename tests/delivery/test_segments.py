"""Where a film parts: at cuts, alike in every language, and once more where lettering comes and goes."""

from __future__ import annotations

from fractions import Fraction

from answerprint.delivery.plan import Mix, Still
from answerprint.delivery.segments import borders

RATE = Fraction(25)


def film(*shots: int, over: dict[str, tuple[int, int]] | None = None) -> tuple[Mix, ...]:
    """Shots of these lengths in frames, and lettering over them."""
    frames: list[Mix] = []
    for number, length in enumerate(shots):
        for frame in range(length):
            laid = [Still(medium=name, frame=0, at_s=Fraction(0), layer=1) for name, (first, end) in (over or {}).items() if first <= len(frames) < end]
            frames.append(tuple((Fraction(1), still) for still in (Still(medium=f"shot {number}", frame=frame, at_s=Fraction(0)), *laid)))
    return tuple(frames)


def test_what_lies_over_the_picture_moves_no_border_and_adds_its_own() -> None:
    shots = (70, 55, 90, 60, 100, 75)
    bare = borders(film(*shots), RATE)
    french = borders(film(*shots, over={"fr.mov": (137, 212)}), RATE)
    german = borders(film(*shots, over={"de.mov": (140, 201)}), RATE)
    assert {first for first, _ in bare} <= {first for first, _ in french} & {first for first, _ in german}
    assert set(french) - set(bare) == {(125, 137), (137, 215)}  # three frames after it are too few for a part of their own
    assert sum(end - first for first, end in set(french) - set(german)) <= 90  # of 450: the rest is found again
    for parts in (bare, french, german):
        assert [first for first, _ in parts] == [0, *(end for _, end in parts[:-1])]
        assert parts[-1][1] == sum(shots)
        assert all(12 <= end - first <= 150 for first, end in parts)


def test_an_end_card_of_two_seconds_is_a_part_of_its_own() -> None:
    assert borders(film(100, 100, 50), RATE) == ((0, 100), (100, 200), (200, 250))
    assert borders(film(100, 130, 20), RATE) == ((0, 100), (100, 250))
    assert borders(film(20), RATE) == ((0, 20),)
    assert borders((), RATE) == ()


def test_a_film_that_is_lettered_throughout_parts_as_if_it_were_not() -> None:
    over = {f"cue {n}": (n * 40, n * 40 + 35) for n in range(10)}
    assert borders(film(100, 100, 200, over=over), RATE) == borders(film(100, 100, 200), RATE)
