"""What is drawn: straight alpha, by time and not by frame, the same bytes twice, the way a language reads."""

from __future__ import annotations

import dataclasses
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from answerprint.delivery import supers
from answerprint.delivery.supers.fonts import typeface
from answerprint.delivery.supers.setting import set_text

ROW = {"line": "Terms apply."}
STANDS_S = Fraction(1)


def columns(picture: np.ndarray) -> tuple[int, int]:
    covered = np.flatnonzero(picture[..., 3].max(axis=0) > 128)
    return int(covered[0]), int(covered[-1])


def test_a_picture_has_straight_alpha(plate: supers.Template, stage: supers.Stage) -> None:
    thin = dataclasses.replace(plate, palette={"ground": "#C8102E80"})
    at_rest = supers.frame(thin, {"line": "."}, stage, at_s=Fraction(1, 2), duration_s=STANDS_S)
    assert at_rest.shape == (180, 320, 4)
    assert tuple(at_rest[0, 0]) == (0, 0, 0, 0)
    flat = at_rest[at_rest[..., 3] == 0x80]
    assert len(flat) > 50
    assert np.abs(np.median(flat, axis=0) - [0xC8, 0x10, 0x2E, 0x80]).max() <= 1


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(50)])
def test_every_frame_of_a_film_is_its_moment_and_the_bytes_are_the_same_twice(plate: supers.Template, fonts: supers.Fonts, tmp_path: Path, rate: Fraction) -> None:
    stage = supers.Stage(size=(128, 72), fonts=fonts)
    one, two = (supers.film(plate, ROW, stage, rate=rate, duration_s=STANDS_S, out=tmp_path / name) for name in ("a.mov", "b.mov"))
    assert one.read_bytes() == two.read_bytes()
    with av.open(str(one)) as box:
        stream = box.streams.video[0]
        assert stream.average_rate == rate
        frames = list(box.decode(stream))
    assert len(frames) == round(STANDS_S * rate)
    assert [frame.pts * frame.time_base for frame in frames] == [number / rate for number in range(len(frames))]
    for number in (0, 4, 7, len(frames) // 2, len(frames) - 1):
        want = supers.frame(plate, ROW, stage, at_s=number / rate, duration_s=STANDS_S)
        got = frames[number].reformat(format="rgba", src_colorspace="ITU709", dst_colorspace="ITU709").to_ndarray()
        assert np.abs(got[..., 3].astype(int) - want[..., 3]).max() <= 1
        seen = want[..., 3] > 128
        assert not seen.any() or np.abs(got[seen][:, :3].astype(int) - want[seen][:, :3]).max() <= 6
    assert not list(tmp_path.glob(".*"))


def test_a_block_is_uncovered_from_where_the_row_begins_to_be_read(plate: supers.Template, stage: supers.Stage) -> None:
    arabic = {"line": "تطبق الشروط"}
    early, late = Fraction(1, 25), Fraction(1, 2)
    left, right = (columns(supers.frame(plate, ROW, stage, at_s=moment, duration_s=STANDS_S)) for moment in (early, late))
    assert left[0] == right[0]
    assert left[1] < right[1]
    first, whole = (columns(supers.frame(plate, arabic, stage, at_s=moment, duration_s=STANDS_S)) for moment in (early, late))
    assert first[1] == whole[1]
    assert first[0] > whole[0]
    assert 320 - 1 - whole[1] == right[0]  # a mirror of the row that reads from left to right


def test_arabic_letters_join_and_run_to_the_left(plate: supers.Template, stage: supers.Stage) -> None:
    line = plate.layers[1]
    joined, apart = (set_text(line, text, stage, (300, 100), True) for text in ("بببب", "ب ب ب ب"))
    assert {face.family for _, face in joined.faces} == {"Noto Sans Arabic"}
    assert joined.width < apart.width * 0.75


def test_lines_are_evened_out_and_shrink_no_further_than_they_may(plate: supers.Template, stage: supers.Stage) -> None:
    line = plate.layers[1]
    made = set_text(line, "One and two and three and four", stage, (120, 100), False)
    assert made.lines == 2
    assert made.width < 90
    tight = set_text(line, "Weather", stage, (set_text(line, "Weather", stage, (300, 90), False).width * 0.9, 90), False)
    assert tight.fits
    assert line.least is not None
    assert line.least <= tight.size / stage.line < line.size


def test_a_variable_font_has_one_weight_in_all_its_letters(fonts: supers.Fonts) -> None:
    import skia

    face = next(one for one in fonts.faces if one.family == "Source Sans 3")
    made = typeface(face, 400, "ne")
    stems = []
    for letter in "nml":
        font = skia.Font(made, 200)
        pixels = np.zeros((260, 260, 4), np.uint8)
        skia.Surface(pixels).getCanvas().drawString(letter, 20, 200, font, skia.Paint(AntiAlias=True))
        row = pixels[160, :, 3] > 128
        edges = np.flatnonzero(np.diff(row.astype(int)))
        stems.append(int(edges[1] - edges[0]))
    assert max(stems) - min(stems) <= 2


def test_a_still_is_written_whole_with_its_alpha(plate: supers.Template, stage: supers.Stage, tmp_path: Path) -> None:
    path = supers.still(plate, ROW, stage, out=tmp_path / "GB.png")
    with Image.open(path) as picture:
        assert (picture.mode, picture.size) == ("RGBA", (320, 180))
    assert [one.name for one in tmp_path.iterdir()] == ["GB.png"]


def test_a_film_without_a_frame_is_refused(plate: supers.Template, stage: supers.Stage, tmp_path: Path) -> None:
    with pytest.raises(supers.SupersError, match="less than one frame"):
        supers.film(plate, ROW, stage, rate=Fraction(25), duration_s=Fraction(1, 100), out=tmp_path / "a.mov")


def test_without_the_drawing_library_a_sentence_says_what_to_install(plate: supers.Template, stage: supers.Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skia", None)
    with pytest.raises(supers.SupersError, match=r"answerprint\[deliver\]"):
        supers.frame(plate, {"line": "never set before"}, stage, at_s=Fraction(0), duration_s=STANDS_S)


def test_a_file_that_is_no_font_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "brand.ttf").write_bytes(b"no font")
    with pytest.raises(supers.SupersError, match=r"brand.ttf: this is no font"):
        supers.fonts(tmp_path)
