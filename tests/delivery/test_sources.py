"""Any frame of any original, in whatever order it is asked for; upright, uncombed, whole."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from answerprint.delivery import DeliveryError
from answerprint.delivery.fitting import Fitter, placed
from answerprint.delivery.plan import Medium
from answerprint.delivery.sources import Reader
from answerprint.media.probe import probe
from answerprint.model.delivery import PictureSpec
from tests.delivery.exact import SIZE
from tests.delivery.rushes import numbered, rush, seen
from tests.media import film

R = Fraction(25)
PICTURE = PictureSpec(codec="ffv1")


def medium(path: Path) -> Medium:
    return Medium(key=path.name, name=path.name, path=path, info=probe(path), digest=None)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("long.mov", "libx264", {"preset": "veryfast", "crf": "4", "g": "50", "bf": "3"}),
        ("open.mkv", "libx264", {"preset": "veryfast", "crf": "4", "x264-params": "open-gop=1:keyint=20:bframes=3"}),
        ("open.ts", "mpeg2video", {"g": "12", "bf": "2", "qscale": "2"}),
        ("program.avi", "mpeg4", {"g": "30", "bf": "2", "qscale": "2"}),
        ("intra.mov", "prores_ks", {}),
    ],
)
def test_frames_come_by_their_number_forwards_backwards_and_in_any_order(name: str, codec: str, options: dict[str, str], tmp_path: Path) -> None:
    path = rush(tmp_path / name, 3, frames=120, rate=R, size=SIZE, codec=codec, options=options, pixels="yuv422p10le" if codec == "prores_ks" else "yuv420p", sound=False)
    reader = Reader(medium(path))
    rng = random.Random(1)
    order = [*range(0, 120, 7), *range(119, 60, -1), *rng.sample(range(120), 30), 0, 119, 118]
    assert [seen(reader.frame(number))[0] for number in order] == order
    assert seen(reader.frame(500))[0] == 119
    reader.close()


def test_a_picture_in_two_fields_is_made_whole_and_keeps_its_numbers(tmp_path: Path) -> None:
    path = rush(tmp_path / "fields.mov", 3, frames=60, rate=R, size=(320, 192), options={"preset": "veryfast", "crf": "4", "flags": "+ildct+ilme", "x264-params": "tff=1"}, sound=False)
    info = probe(path)
    assert info.video is not None
    assert info.video.interlaced
    reader = Reader(medium(path))
    order = [30, 31, 32, 5, 59, 58, 57, 0, 1]
    assert [seen(reader.frame(number))[0] for number in order] == order
    reader.close()


@pytest.mark.parametrize(("turn", "size"), [(90, (96, 160)), (180, (160, 96)), (270, (96, 160))])
def test_a_turned_picture_stands_upright_once(turn: int, size: tuple[int, int], tmp_path: Path) -> None:
    flat = rush(tmp_path / "flat.mov", 3, frames=3, rate=R, size=SIZE, sound=False)
    path = tmp_path / "turned.mov"
    with av.open(str(flat)) as source, av.open(str(path), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(-turn)
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    turned = medium(path)
    assert turned.info is not None
    assert turned.info.video is not None
    assert turned.info.video.rotation_deg == turn
    reader = Reader(turned)
    made = Fitter(turned, PICTURE, size, look=None).fit(reader.frame(1)).to_ndarray()[: size[1]]
    wanted = np.rot90(numbered(1, 3, SIZE), -(turn // 90))
    assert np.abs(made.astype(int) - wanted).mean() < 4
    reader.close()


def test_squeezed_pixels_are_made_square(tmp_path: Path) -> None:
    path = film.shoot(tmp_path / "wide.mov", frames=2, sample_aspect_ratio=Fraction(2))
    wide = medium(path)
    made = Fitter(wide, PICTURE, (640, 360), look=None).fit(Reader(wide).frame(0)).to_ndarray()[:360]
    assert (made[:90] == 16).all()
    assert (made[-90:] == 16).all()
    assert made[100:260].min() > 16


@pytest.mark.parametrize(("display", "raster", "at"), [((1920, 1080), (1080, 1920), (0, 656, 1080, 608)), ((1440, 1080), (1920, 1080), (240, 0, 1440, 1080)), ((3840, 2160), (1920, 1080), (0, 0, 1920, 1080)), ((1998, 1080), (1920, 1080), (0, 20, 1920, 1038))])
def test_a_picture_lies_whole_in_any_raster(display: tuple[int, int], raster: tuple[int, int], at: tuple[int, int, int, int]) -> None:
    assert placed(display, raster) == at


def test_part_of_a_picture_fills_the_raster_and_may_begin_between_pixels(tmp_path: Path) -> None:
    path = film.shoot(tmp_path / "ramp.mov", lambda i: np.repeat(np.linspace(16, 235, 320, dtype=np.float32)[None, :, None], 180, 0).repeat(3, 2).astype(np.uint8), frames=2)
    ramp = medium(path)
    fitter, frame = Fitter(ramp, PICTURE, (90, 160), look=None), Reader(ramp).frame(0)
    middles = [float(fitter.fit(frame, (x / 320, 0.0, 0.316, 1.0)).to_ndarray()[80, 40:50].mean()) for x in (100, 100.5, 101, 140)]
    assert middles[0] < middles[1] < middles[2] < middles[3]
    assert abs((middles[3] - middles[0]) / 40 - 219 / 320 * 219 / 255) < 0.1


def test_a_still_picture_is_shown_for_as_long_as_it_is_asked_for(tmp_path: Path) -> None:
    Image.new("RGB", (160, 96), (255, 255, 255)).save(tmp_path / "card.png")
    card = Medium(key="card", name="card.png", path=tmp_path / "card.png", info=None, digest=None)
    reader = Reader(card)
    for number in (0, 7):
        made = Fitter(card, PICTURE, SIZE, look=None).fit(reader.frame(number)).to_ndarray()
        assert (made[:96] == 235).all()
        assert (made[96:] == 128).all()
    (tmp_path / "card.png").write_bytes(b"no picture")
    with pytest.raises(DeliveryError, match=r"card\.png is no still picture"):
        Reader(card)
