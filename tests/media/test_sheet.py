from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from answerprint.media import MediaError
from answerprint.media.sheet import Glimpse, Row, contact_sheet, glimpses
from answerprint.model.time import Timecode
from tests.media.film import shoot
from tests.media.test_reel import numbered

R = Fraction(25)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shoot(tmp_path_factory.mktemp("sheet") / "wide.mp4", numbered(), frames=100, options={"g": "12", "bf": "0", "crf": "4"})


@pytest.fixture(scope="module")
def tall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shoot(tmp_path_factory.mktemp("sheet") / "tall.mp4", lambda number: np.full((160, 90, 3), 200, np.uint8), frames=20)


def row(proxy: Path | None, **more: object) -> Row:
    seen = glimpses(10 / R, 90 / R, rate=R, line_s=33 / R)
    return Row(name="1A-3 A", proxy=proxy, glimpses=seen, length_s=80 / R, start=Timecode.parse("08:00:00:00", rate=R), **more)  # type: ignore[arg-type]


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def test_an_attempt_is_seen_first_at_its_line_in_the_middle_and_last() -> None:
    assert [(one.says, one.at_s * R) for one in glimpses(10 / R, 90 / R, rate=R, line_s=33 / R)] == [("first", 10), ("line", 33), ("middle", 49), ("last", 89)]
    assert [one.says for one in glimpses(Fraction(0), 1 / R, rate=R)] == ["first", "middle", "last"]


def test_each_picture_is_the_frame_that_it_says(wide: Path, tmp_path: Path) -> None:
    contact_sheet("item 1", [row(wide)], tmp_path / "sheet.png")
    picture = pixels(tmp_path / "sheet.png")
    cell, left = (1600 - 80 - 240 - 48 - 24) // 4, 40 + 240 + 48
    top = next(y for y in range(140, picture.shape[0]) if min(picture[y : y + 20, left + 4 * cell // 8 + 20, 0]) > 100)
    seen = []
    for place in range(4):
        bars = picture[top + 60, left + place * (cell + 8) : left + place * (cell + 8) + cell, 0]
        seen.append(int("".join(str(int(bars[round((bit + 0.5) * cell / 8)] > 100)) for bit in range(8)), 2))
    assert seen == [10, 33, 49, 89]


@pytest.mark.parametrize("width", [1600, 780])
def test_everything_around_the_pictures_is_grey_but_the_ring_and_the_ring_keeps_its_distance(width: int, wide: Path, tmp_path: Path) -> None:
    """The pictures here are grey: what is coloured is the grease pencil. Without a circle nothing is."""
    contact_sheet("item 1", [row(wide, circled=True, circled_by="Mara Lind"), row(wide)], tmp_path / "ringed.png", width=width)
    contact_sheet("item 1", [row(wide), row(wide)], tmp_path / "plain.png", width=width)
    ringed, plain = pixels(tmp_path / "ringed.png"), pixels(tmp_path / "plain.png")
    assert (plain.max(axis=2) - plain.min(axis=2)).max() <= 3
    y, x = np.nonzero(ringed.max(axis=2) - ringed.min(axis=2) > 20)
    assert len(y) > 300
    if width == 1600:
        assert x.max() + 40 <= 40 + 240 + 48
    else:
        flat = np.flatnonzero((ringed[y.max() + 1 :, 40:100] > 60).all(axis=(1, 2)))
        assert flat[0] >= 40


def test_a_tall_picture_is_whole(tall: Path, tmp_path: Path) -> None:
    one = Row(name="1-1", proxy=tall, glimpses=(Glimpse(at_s=Fraction(0), says="first"),), length_s=Fraction(1))
    contact_sheet("item 1", [one], tmp_path / "sheet.png")
    lit = pixels(tmp_path / "sheet.png")[:, 330:, 0] > 190
    high, wide = lit.any(axis=1).sum(), lit[200:300].any(axis=0).sum()
    assert abs(high / wide - 160 / 90) < 0.03


def test_the_same_rows_give_the_same_bytes_and_nothing_else_is_left(wide: Path, tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        contact_sheet("item 1", [row(wide, circled=True)], tmp_path / name, width=780)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.png", "two.png"]


def test_a_missing_proxy_is_said_and_a_long_title_is_broken(tmp_path: Path) -> None:
    size = contact_sheet("item 12: " + "Nobody is awake yet. " * 12, [row(None, comment="the pause before the name " * 6, comment_by="Ana")], tmp_path / "sheet.png", width=780)
    assert size[0] == 780
    assert (pixels(tmp_path / "sheet.png") == 64).all(axis=2).sum() > 10_000, "grey cards stand for the pictures"


@pytest.mark.parametrize(("rows", "width", "says"), [(0, 1600, "no attempt"), (1, 200, "too small to read")])
def test_what_cannot_be_shown_is_said(rows: int, width: int, says: str, wide: Path, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=says):
        contact_sheet("item 1", [row(wide)] * rows, tmp_path / "sheet.png", width=width)
