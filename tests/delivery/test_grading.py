"""A person's CDL or LUT over the shots: by the ASC's formula, by FFmpeg's own lut3d, and each shot with its own."""

from __future__ import annotations

import dataclasses
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np
import opentimelineio as otio
import pytest
from PIL import Image

from answerprint.delivery import DeliveryError
from answerprint.delivery.conform import conform, graded
from answerprint.delivery.grading import cut_cdls, laid_over
from answerprint.delivery.plan import Plan
from answerprint.delivery.render import render
from answerprint.media import MediaError, cube
from answerprint.media.look import Look
from answerprint.model.delivery import PictureSpec
from answerprint.timeline.cut import Media, file_url, reference, span
from tests.delivery.exact import FFV1
from tests.delivery.rushes import clip, cut, dissolve, rush

R = Fraction(25)
SIZE = (192, 96)
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SPEC = dataclasses.replace(FFV1, sound=None, picture=PictureSpec(codec="ffv1", pixel_format="yuv444p10le"))
PATCH = 12  #: pixels; a patch has one colour


def colours(path: Path, *, frames: int = 5, seed: int = 1) -> Path:
    """Patches of one colour each, without compression: FFV1, 4:4:4, 10 bits, Rec.709."""
    rng = np.random.default_rng(seed)
    rgb = rng.uniform(0.02, 0.98, (SIZE[1] // PATCH, SIZE[0] // PATCH, 3))
    rgb[:2] = np.linspace(0, 1, SIZE[0] // PATCH)[None, :, None]  # a grey scale
    planes = [np.kron(plane, np.ones((PATCH, PATCH))) for plane in coded(rgb)]
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("ffv1", rate=R)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv444p10le"
        context = stream.codec_context
        context.time_base = 1 / R
        context.color_primaries = context.color_trc = context.colorspace = context.color_range = 1
        for number in range(frames):
            frame = av.VideoFrame(*SIZE, "yuv444p10le")
            for plane, values in zip(frame.planes, planes, strict=True):
                row = np.zeros((plane.height, plane.line_size // 2), "<u2")
                row[:, : plane.width] = np.rint(values)
                plane.update(row.tobytes())
            frame.pts, frame.time_base = number, 1 / R
            frame.colorspace, frame.color_range = 1, 1
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def coded(rgb: np.ndarray) -> list[np.ndarray]:
    """ITU-R BT.709-6, items 3.2 to 3.5: 10 bits, legal range."""
    luma = rgb @ [0.2126, 0.7152, 0.0722]
    return [64 + 876 * luma, 512 + 896 * (rgb[..., 2] - luma) / 1.8556, 512 + 896 * (rgb[..., 0] - luma) / 1.5748]


def rgb_of(planes: np.ndarray) -> np.ndarray:
    luma, blue, red = (planes[0] - 64) / 876, (planes[1] - 512) / 896 * 1.8556, (planes[2] - 512) / 896 * 1.5748
    r, b = luma + red, luma + blue
    return np.stack([r, (luma - 0.2126 * r - 0.0722 * b) / 0.7152, b], axis=-1)


def asc(rgb: np.ndarray, slope: Any, offset: Any, power: Any, saturation: float) -> np.ndarray:
    """ASC CDL 1.2: out = clamp(in * slope + offset) ^ power; then away from or towards Rec.709's luma."""
    out = np.clip(rgb * slope + offset, 0, 1) ** np.array(power)
    luma = (out * [0.2126, 0.7152, 0.0722]).sum(axis=-1, keepdims=True)
    return np.clip(luma + saturation * (out - luma), 0, 1)


def shown(path: Path) -> np.ndarray:
    """The middle of every patch: frames, planes, rows, columns."""
    found = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            planes = [np.frombuffer(plane, "<u2").reshape(plane.height, -1)[PATCH // 2 :: PATCH, : plane.width][:, PATCH // 2 :: PATCH] for plane in frame.planes]
            found.append(np.stack(planes).astype(np.float64))
    return np.stack(found)


def cdl(slope: Any = (1, 1, 1), offset: Any = (0, 0, 0), power: Any = (1, 1, 1), saturation: float = 1.0, name: str = "one") -> str:
    sop = "".join(f"<{key}>{' '.join(map(str, values))}</{key}>" for key, values in (("Slope", slope), ("Offset", offset), ("Power", power)))
    return f'<ColorCorrection id="{name}"><SOPNode>{sop}</SOPNode><SatNode><Saturation>{saturation}</Saturation></SatNode></ColorCorrection>'


def collection(path: Path, *given: str) -> Path:
    path.write_text(f'<ColorCorrectionCollection xmlns="urn:ASC:CDL:v1.01">{"".join(given)}</ColorCorrectionCollection>')
    return path


HALF, WARM = {"slope": (0.5, 0.5, 0.5)}, {"slope": (1.2, 1.0, 0.8), "offset": (0.02, 0.0, -0.03), "power": (0.9, 1.0, 1.15), "saturation": 0.7}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rushes")


@pytest.fixture(scope="module")
def media(home: Path) -> dict[str, Path]:
    return {name: colours(home / name, seed=number) for number, name in enumerate(("A001_C001.mkv", "A001_C002.mkv", "B001_C001.mkv"))}


@pytest.fixture(scope="module")
def plan(media: dict[str, Path]) -> Plan:
    return conform(cut(R, [[clip(path, Fraction(0), 3 / R, R) for path in media.values()]]), media, rate=R, size=SIZE)


def seen(film: Plan, home: Path, **given: Any) -> np.ndarray:
    render(film, SPEC, home / "film.mkv", scratch=home / "s", **given)
    return shown(home / "film.mkv")


@pytest.mark.parametrize(
    ("suffix", "values"),
    [(".cc", HALF), (".cc", {"saturation": 0.0}), (".cdl", {"saturation": 1.6}), (".cdl", {"power": (2.0, 1.0, 0.6)}), (".ccc", WARM)],
)
def test_a_cdl_over_all_shots_is_the_ascs_formula(suffix: str, values: dict[str, Any], plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / f"grade{suffix}"
    path.write_text(cdl(**values)) if suffix == ".cc" else collection(path, cdl(**values))
    plain, ours = seen(plan, tmp_path), seen(laid_over(plan, path), tmp_path)
    given = {"slope": (1, 1, 1), "offset": (0, 0, 0), "power": (1, 1, 1), "saturation": 1.0} | values
    for before, after in zip(plain, ours, strict=True):
        wanted = np.stack(coded(asc(np.clip(rgb_of(before), 0, 1), **given)))
        off = np.abs(after - wanted)
        assert off.max() <= 6  # of 876 codes between black and white
        assert off.mean() < 0.8


def test_a_cube_over_all_shots_is_ffmpegs_own_lut3d(plan: Plan, media: dict[str, Path], tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    axis = np.linspace(0, 1, 17)
    table = np.clip(np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)[..., [0, 2, 1]] ** 0.8 + rng.normal(0, 0.02, (17, 17, 17, 3)), 0, 1)
    path = tmp_path / "grade.cube"
    cube.bake([cube.Lut(table=table)], path)
    ours = seen(laid_over(plan, path), tmp_path)
    flags = "flags=lanczos+accurate_rnd+full_chroma_int"
    chain = f"scale=in_range=limited:in_color_matrix=bt709:{flags},format=gbrp16le,lut3d={path}:interp=tetrahedral,scale=out_range=limited:out_color_matrix=bt709:{flags},format=yuv444p10le"
    for number, source in enumerate(media.values()):
        theirs = tmp_path / "theirs.mkv"
        subprocess.run([FFMPEG, "-y", "-v", "error", "-i", str(source), "-vf", chain, "-frames:v", "3", "-c:v", "ffv1", str(theirs)], check=True)
        error = np.mean((ours[3 * number : 3 * number + 3] - shown(theirs)) ** 2)
        assert error <= 1023**2 / 10**5  # 50 dB
        assert np.abs(ours[3 * number] - shown(source)[0]).mean() > 20


# ---- each shot with its own


SHARES = (0.5, 0.25, 1.0)


@pytest.mark.parametrize(
    "names",
    [("A001_C001", "A001_C002", "B001_C001"), ("a001_c001.mkv", "A001_C002.mov", "B001_C001"), ("001", "002", "003"), ("cc1", "cc2", "cc3")],
    ids=["clips", "files", "events", "counted"],
)
def test_a_collection_gives_each_shot_its_own_correction(names: tuple[str, str, str], plan: Plan, tmp_path: Path) -> None:
    given = [cdl(slope=(share,) * 3, name=name) for share, name in zip(SHARES, names, strict=True)]
    film = laid_over(plan, collection(tmp_path / "grade.ccc", *reversed(given)))
    assert {number: one.steps[0].slope[0] for number, one in film.grades.items() if isinstance(one.steps[0], cube.Cdl)} == dict(enumerate(SHARES, 1))
    assert film.warnings == plan.warnings


def test_a_collection_of_one_is_for_the_clip_that_it_names_and_for_no_other(plan: Plan, tmp_path: Path) -> None:
    film = laid_over(plan, collection(tmp_path / "grade.ccc", cdl(name="A001_C002", **HALF)))
    assert list(film.grades) == [2]


def test_each_shot_is_seen_through_its_own_correction(plan: Plan, tmp_path: Path) -> None:
    given = [cdl(slope=(share,) * 3, name=str(n)) for n, share in enumerate(SHARES, 1)]
    plain, ours = seen(plan, tmp_path), seen(laid_over(plan, collection(tmp_path / "grade.ccc", *given)), tmp_path)
    for n, share in enumerate(SHARES):
        assert np.abs(ours[3 * n][0] - (64 + (plain[3 * n][0] - 64) * share)).max() <= 2


def test_a_decision_list_names_clips_by_their_files(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "grade.cdl"
    decisions = "".join(f'<ColorDecision><MediaRef ref="file:///x/{name}.mov"/>{cdl(slope=(n / 4,) * 3, name=f"c{n}")}</ColorDecision>' for n, name in enumerate(("A001_C001", "B001_C001"), 1))
    path.write_text(f"<ColorDecisionList>{decisions}</ColorDecisionList>")
    film = laid_over(plan, path)
    assert sorted(film.grades) == [1, 3]
    assert film.warnings == ("grade.cdl has no correction for A001_C002.mkv: seen as without a grade.",)


def test_a_collection_for_another_film_or_with_two_for_one_shot_is_a_sentence(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"has no correction for a shot of this cut: it names X1, X2; the shots are A001_C001\.mkv, .* Export it with the clips' names"):
        laid_over(plan, collection(tmp_path / "grade.ccc", cdl(name="X1"), cdl(name="X2")))
    with pytest.raises(DeliveryError, match=r"2 corrections for A001_C001\.mkv, and they differ"):
        laid_over(plan, collection(tmp_path / "grade.ccc", cdl(name="A001_C001"), cdl(name="A001_C001", **HALF)))
    with pytest.raises(DeliveryError, match="has no correction for a shot"):  # numbers, but not one for each shot
        laid_over(plan, collection(tmp_path / "grade.ccc", cdl(name="1"), cdl(name="2")))


@pytest.mark.parametrize(("name", "text", "says"), [("grade.cube", "warmer", "is broken"), ("grade.ccc", "<x/>", "holds no ColorCorrection"), ("grade.drx", "x", "is not a look that can be read here"), ("gone.cdl", None, "cannot be read: No such file")])
def test_a_grade_that_is_none_is_a_sentence(name: str, text: str | None, says: str, plan: Plan, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(MediaError, match=says):
        laid_over(plan, tmp_path / name)


def test_one_clip_in_two_shots_may_have_two_corrections_and_they_dissolve(media: dict[str, Path], tmp_path: Path) -> None:
    path = media["A001_C001.mkv"]
    shots = [clip(path, Fraction(0), 2 / R, R), dissolve(1 / R, 1 / R, R), clip(path, 1 / R, 3 / R, R)]
    plan = conform(cut(R, [shots]), media, rate=R, size=SIZE)
    film = laid_over(plan, collection(tmp_path / "grade.ccc", cdl(name="event 1", **HALF), cdl(name="event 2")))
    plain, ours = seen(plan, tmp_path)[0][0], seen(film, tmp_path)
    for number, share in enumerate((0.5, 0.625, 0.875, 1.0, 1.0)):
        assert np.abs(ours[number][0] - (64 + (plain - 64) * share)).max() <= 2


# ---- with what is there already


def look(*steps: Any) -> Look:
    return Look(steps=steps, names=("x",) * len(steps), whence=("a test",) * len(steps), digests=tuple(f"sha256:{step}" for step in steps))


def table(share: float) -> cube.Lut:
    axis = np.linspace(0, 1, 5) * share
    return cube.Lut(table=np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1))


def test_a_cdl_stands_before_the_show_lut_and_in_place_of_the_one_from_the_set(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "grade.cc"
    path.write_text(cdl(offset=(0.1, 0.1, 0.1)))
    set_cdl = cube.Cdl(slope=(0.1, 0.1, 0.1), offset=(0, 0, 0), power=(1, 1, 1))
    ours, plain = seen(laid_over(plan, path), tmp_path, look=look(set_cdl, table(0.5)))[0][0], seen(plan, tmp_path)[0]
    rgb = np.clip(np.clip(rgb_of(plain), 0, 1) + 0.1, 0, 1) * 0.5
    assert np.abs(ours - coded(rgb)[0]).max() <= 4


def test_a_lut_stands_in_place_of_the_show_lut(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "grade.cube"
    cube.bake([table(0.75)], path)
    ours, plain = seen(laid_over(plan, path), tmp_path, look=look(table(0.5)))[0][0], seen(plan, tmp_path)[0][0]
    assert np.abs(ours - (64 + (plain - 64) * 0.75)).max() <= 2


def test_cards_and_graded_masters_are_not_graded_again(media: dict[str, Path], plan: Plan, tmp_path: Path) -> None:
    card = tmp_path / "end.png"
    Image.new("RGB", SIZE, (180, 180, 180)).save(card)
    made = otio.schema.Clip(name="end.png", media_reference=reference(Media(name="end.png", file="end.png", video=True, still=True), None, url=file_url(card)))
    made.source_range = span(Fraction(0), 2 / R, R)
    film = conform(cut(R, [[clip(media["A001_C001.mkv"], Fraction(0), 2 / R, R), made]]), media | {"end.png": card}, rate=R, size=SIZE)
    path = tmp_path / "grade.cc"
    path.write_text(cdl(**HALF))
    plain, ours = seen(film, tmp_path), seen(laid_over(film, path), tmp_path)
    assert np.abs(ours[0][0] - plain[0][0]).mean() > 20
    assert (ours[2] == plain[2]).all()
    master = rush(tmp_path / "master.mov", 7, frames=9, rate=R, size=SIZE, sound=False)
    assert (seen(graded(laid_over(plan, path), master), tmp_path) == seen(graded(plan, master), tmp_path)).all()


def test_the_cdls_of_an_edit_list_are_seen_and_said(media: dict[str, Path], tmp_path: Path) -> None:
    shots = [clip(path, Fraction(0), 2 / R, R) for path in media.values()]
    shots[1].metadata["cdl"] = {"asc_sop": {"slope": [0.5, 0.5, 0.5], "offset": [0.0, 0.0, 0.0], "power": [1.0, 1.0, 1.0]}, "asc_sat": 1.0}
    plan = conform(cut(R, [shots]), media, rate=R, size=SIZE)
    film = cut_cdls(plan)
    plain, ours = seen(plan, tmp_path), seen(film, tmp_path)
    assert (ours[0] == plain[0]).all()
    assert np.abs(ours[2][0] - (64 + (plain[2][0] - 64) / 2)).max() <= 2
    assert film.warnings == ("the cut carries a CDL for 1 of its 3 shots; they are seen through it.",)
    assert cut_cdls(conform(cut(R, [[clip(media["A001_C001.mkv"], Fraction(0), 2 / R, R)]]), media, rate=R, size=SIZE)).warnings == ()
    shots[1].metadata["cdl"] = {"asc_sop": {"slope": ["warm"]}}
    assert "names a CDL that cannot be read" in conform(cut(R, [[one.clone() for one in shots]]), media, rate=R, size=SIZE).warnings[0]


def test_another_correction_renders_its_own_segment_and_no_other(tmp_path: Path) -> None:
    long = {name: rush(tmp_path / name, n, frames=70, rate=R, size=SIZE, sound=False) for n, name in enumerate(("A.mov", "B.mov", "C.mov"), 1)}
    plan = conform(cut(R, [[clip(path, Fraction(0), 60 / R, R) for path in long.values()]]), long, rate=R, size=SIZE)
    assert len(plan.segments) == 3
    counts = []
    for slope in (0.5, 0.6):
        film = laid_over(plan, collection(tmp_path / "grade.ccc", cdl(name="A", slope=(slope,) * 3), cdl(name="B"), cdl(name="C")))
        render(film, dataclasses.replace(SPEC, picture=PictureSpec(codec="libx264", options={"preset": "ultrafast"}), container="mp4"), tmp_path / "film.mp4", scratch=tmp_path / "s")
        counts.append(len(list((tmp_path / "s").glob("*.mov"))))
    assert counts == [3, 4]
