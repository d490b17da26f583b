"""Looks: read whole or refused, applied as ffmpeg applies them, seen in the proxy and nowhere else, never guessed."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from answerprint.media import MediaError, cube
from answerprint.media.look import find, log_name, question
from answerprint.model.records import Colour, MediaInfo, VideoStream
from tests.media.film import pictures, see, shoot
from tests.media.test_onepass import run

CDL = '<ColorCorrection id="{id}"><SOPNode><Slope>1.2 1.1 0.9</Slope><Offset>-.03 -2e-2 0</Offset><Power>1.25 1 0.9</Power></SOPNode><SatNode><Saturation>1.4</Saturation></SatNode></ColorCorrection>'
SWAP = "".join(f"{b} {r} {g}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))  # red gets blue, green red, blue green


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def clip_info(**changes: object) -> MediaInfo:
    video = VideoStream(
        index=0, codec="h264", width=320, height=180, pixel_format="yuv420p", bit_depth=8, rate=Fraction(25), frames=10, duration_s=Fraction(1)
    )
    return dataclasses.replace(MediaInfo(kind="clip", container="mov", duration_s=Fraction(1), video=video), **changes)  # type: ignore[arg-type]


def through_ffmpeg(rgb: np.ndarray, file: Path) -> np.ndarray:
    graph = av.filter.Graph()
    size = f"{len(rgb)}x1"
    source = graph.add("buffer", video_size=size, pix_fmt="gbrp16le", time_base="1/25", pixel_aspect="1/1", colorspace="gbr", range="pc")
    lut, sink = graph.add("lut3d", file=str(file), interp="tetrahedral"), graph.add("buffersink")
    source.link_to(lut)
    lut.link_to(sink)
    graph.configure()
    frame = av.VideoFrame.from_ndarray((rgb[None] * 65535).round().astype(np.uint16), format="rgb48le").reformat(format="gbrp16le")
    frame.colorspace, frame.color_range, frame.pts = 0, 2, 0
    graph.vpush(frame)
    result = sink.pull()
    assert isinstance(result, av.VideoFrame)
    return np.asarray(result.to_ndarray(format="rgb48le")[0] / 65535)


@pytest.fixture(scope="module")
def colours() -> np.ndarray:
    return np.random.default_rng(7).random((5000, 3))


def test_a_table_comes_out_of_ffmpeg_as_it_does_here(tmp_path: Path, colours: np.ndarray) -> None:
    table = np.random.default_rng(3).random((5**3, 3))
    given = write(tmp_path / "show.cube", "LUT_3D_SIZE 5\n" + "".join(f"{r:.6f} {g:.6f} {b:.6f}\n" for r, g, b in table))
    lut = cube.read(given)
    cube.bake([lut], tmp_path / "baked.cube")
    ours = lut.apply(colours)
    assert np.abs(through_ffmpeg(colours, tmp_path / "baked.cube") - ours).max() < 1e-4
    assert np.abs(through_ffmpeg(colours, given) - ours).max() < 1e-4


def test_red_changes_fastest_in_a_cube_and_blue_in_a_3dl(tmp_path: Path) -> None:
    red = np.array([[1.0, 0.0, 0.0]])
    lut = cube.read(write(tmp_path / "swap.cube", f"LUT_3D_SIZE 2\n{SWAP}"))
    assert lut.apply(red).tolist() == [[0, 1, 0]]
    rows = "".join(f"{341 * r} {341 * g} {341 * b}\n" for r in range(4) for g in range(4) for b in range(4))
    assert cube.read(write(tmp_path / "same.3dl", f"0 341 682 1023\n{rows}")).apply(red).tolist() == [[1, 0, 0]]


def test_a_cdl_follows_its_formula(tmp_path: Path, colours: np.ndarray) -> None:
    correction = cube.read(write(tmp_path / "a.cc", CDL.format(id="a")))
    out = np.clip(colours * [1.2, 1.1, 0.9] + [-0.03, -0.02, 0], 0, 1) ** [1.25, 1, 0.9]
    luma = out @ [0.2126, 0.7152, 0.0722]
    exact = np.clip(luma[:, None] + 1.4 * (out - luma[:, None]), 0, 1)
    assert np.abs(correction.apply(colours) - exact).max() < 1e-12
    cube.bake([correction], tmp_path / "a.cube")
    assert np.percentile(np.abs(through_ffmpeg(colours, tmp_path / "a.cube") - exact), 99.9) < 0.013
    assert cube.sop("(1.2 1.1 0.9)(-.03 -2e-2 0)(1.25 1 0.9)", "1.4") == correction


def test_a_shaper_comes_before_the_table_and_ranges_count(tmp_path: Path) -> None:
    text = "LUT_1D_SIZE 3\nLUT_1D_INPUT_RANGE 0 2\nLUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0.0 4.0\n0 0 0\n1 1 1\n4 4 4\n"
    table = "".join(f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))
    lut = cube.read(write(tmp_path / "shaped.cube", text + table))
    assert np.allclose(lut.apply(np.array([0.5, 1.0, 1.5])), [0.125, 0.25, 0.625])


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("cut.cube", "LUT_3D_SIZE 2\n0 0 0\n1 0 0\n", "says 8 entries and has 2"),
        ("words.cube", "LUT_3D_SIZE 2\n" + SWAP.replace("1", "one"), "where numbers belong|no .cube has"),
        ("nan.cube", "LUT_3D_SIZE 2\n" + SWAP.replace("1 1 1", "1 1 nan"), "not finite"),
        ("size.cube", "LUT_3D_SIZE 100000\n0 0 0\n", "LUT_3D_SIZE is 100000"),
        ("none.cube", "TITLE x\n0 0 0\n", "names no LUT"),
        ("back.cube", "LUT_3D_SIZE 2\nDOMAIN_MIN 1 1 1\nDOMAIN_MAX 0 0 0\n" + SWAP, "ends before it begins"),
        ("cut.3dl", "3DMESH\nMesh 4 12\n0 341 682 1023\n0 0 0\n", "needs 64 entries and it has 1"),
        ("cut.cc", CDL.format(id="a")[:90], "not whole XML"),
        ("neg.cc", CDL.format(id="a").replace("1.2 ", "-1.2 "), "cannot be negative"),
        ("two.ccc", f"<C>{CDL.format(id='a')}{CDL.format(id='b')}</C>", "holds 2 corrections .a, b."),
        ("show.clf", "<ProcessList/>", "not a look that can be read here"),
    ],
)
def test_a_broken_look_is_refused_in_one_sentence(tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(MediaError, match=says) as refused:
        cube.read(write(tmp_path / name, text))
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_of_several_corrections_the_one_of_that_clip_is_taken(tmp_path: Path) -> None:
    file = write(tmp_path / "day.ccc", f"<C>{CDL.format(id='A001_C001')}{CDL.format(id='A001_C002').replace('1.4', '0.5')}</C>")
    found = cube.read(file, clip="A001_C002")
    assert isinstance(found, cube.Cdl)
    assert found.saturation == 0.5


def test_what_the_clip_names_goes_before_its_neighbour_and_that_before_the_camera(tmp_path: Path) -> None:
    clip = tmp_path / "A001_C001.mov"
    chosen = write(tmp_path / "chosen.cube", f"LUT_3D_SIZE 2\n{SWAP}")
    info = clip_info(camera="A")
    assert find(clip, info, {}).look is None
    assert find(clip, info, {"B": str(chosen)}).look is None
    found = find(clip, info, {"A": str(chosen)}).look
    assert found is not None
    assert (found.names, found.whence) == (("chosen.cube",), ("chosen for camera A",))
    write(tmp_path / "a001_c001.CUBE", f"LUT_3D_SIZE 2\n{SWAP}")
    found = find(clip, info, {"A": str(chosen)}).look
    assert found is not None
    assert found.whence == ("beside the clip",)
    write(tmp_path / "Show.cube", f"LUT_3D_SIZE 2\n{SWAP}")
    tags = {"com.arri.camera.look.LUT": "C:\\luts\\Show.cube", "ASC_SOP": "(1 1 1)(0 0 0)(1 1 1)", "ASC_SAT": "0.9"}
    found = find(clip, dataclasses.replace(info, tags=tags), {"A": str(chosen)}).look
    assert found is not None
    assert found.names == ("CDL of the clip", "Show.cube")  # a CDL goes before a LUT, as on set


def test_a_named_lut_that_is_not_there_is_told_and_no_folder_is_left(tmp_path: Path) -> None:
    write(tmp_path / "secret.cube", f"LUT_3D_SIZE 2\n{SWAP}")
    folder = tmp_path / "card"
    folder.mkdir()
    found = find(folder / "clip.mov", clip_info(tags={"lut": "../secret.cube"}), {})
    assert found.look is None
    assert "names the LUT 'secret.cube', which does not lie beside it" in found.notes[0]


def test_a_look_shows_in_the_proxy_and_not_in_the_facts(tmp_path: Path) -> None:
    def red(i: int) -> np.ndarray:
        picture = np.full((180, 320, 3), 40 + i, np.uint8)
        picture[:, :160] = (200, 50, 50)
        return picture

    clip = shoot(tmp_path / "clip.mp4", red, frames=12, colorspace=1)
    look = find(clip, clip_info(), {"*": str(write(tmp_path / "swap.cube", f"LUT_3D_SIZE 2\n{SWAP}"))}).look
    plain, looked = see(clip, tmp_path / "plain"), see(clip, tmp_path / "looked", look=look)
    for name, values in plain.series.values.items():
        assert np.array_equal(values, looked.series.values[name]), name
    before, after = (pictures(tmp_path / name / "proxy.mp4")[5][90, 60] for name in ("plain", "looked"))
    assert before[0] > 180 > 80 > before[1]
    assert after[1] > 180 > 80 > after[0]


def flat(i: int) -> np.ndarray:
    """Between the black and the white of a log curve, with little colour."""
    ramp = np.linspace(28, 160, 320)[None, :, None] + np.array([2, 0, -2]) + 8 * np.sin(i / 5)
    return np.repeat(np.clip(ramp, 26, 170), 180, axis=0).astype(np.uint8)


def test_flat_pictures_are_asked_about_and_never_changed(tmp_path: Path) -> None:
    clip = shoot(tmp_path / "A001_C001.mp4", flat, frames=12)
    facts = {fact.name: fact.value for fact in run(clip, tmp_path / "out")}
    assert facts["look.question"].startswith("This clip looks like log")
    assert "look.used" not in facts
    write(tmp_path / "A001_C001.cube", f"LUT_3D_SIZE 2\n{SWAP}")
    facts = {fact.name: fact.value for fact in run(clip, tmp_path / "again")}
    assert "look.question" not in facts
    assert facts["look.used"][0]["whence"] == "beside the clip"


def test_log_is_known_by_metadata_then_by_name() -> None:
    assert clip_info().video is not None
    video = dataclasses.replace(clip_info().video, colour=Colour(log="S-Log3"))  # type: ignore[type-var]
    assert log_name(clip_info(video=video), "A001_VLOG.mov") == "S-Log3"
    named = {name: log_name(clip_info(), name) for name in ("A001_SLOG3.mov", "x-LogC4-1.mov", "take_V-Log.mp4", "catalog.mov", "dialogue_log.mov")}
    assert list(named.values()) == ["S-Log3", "LogC4", "V-Log", None, None]
    assert "camera A" in (question("S-Log3", False, "A") or "")
    assert question(None, False, "A") is None
