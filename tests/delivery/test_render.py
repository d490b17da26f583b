"""What is rendered: the same frames as ffmpeg's, the same digest after a kill, tags and timecode, and a sentence where it cannot be."""

from __future__ import annotations

import dataclasses
import errno
import os
import resource
import signal
import subprocess
import time
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
from answerprint.delivery.conform import conform, graded, mixed
from answerprint.delivery.encoding import on_disk
from answerprint.delivery.essence import essence
from answerprint.delivery.plan import Plan
from answerprint.delivery.qc import check
from answerprint.delivery.render import render
from answerprint.media import MediaError
from answerprint.media.cube import Cdl
from answerprint.media.look import Look
from answerprint.media.probe import probe
from answerprint.model.delivery import Card, PictureSpec, SoundSpec, Spec
from answerprint.timeline.cut import file_url
from tests.delivery.exact import FFV1, SIZE
from tests.delivery.rushes import clip, cut, dissolve, film, gap, roll, rush, seen

R = Fraction(25)
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
WEB = Spec(
    name="web", title="Web", source="the tests", dated="2026-11-22", container="mp4", picture=PictureSpec(codec="libx264", options={"preset": "veryfast", "crf": "16"}),
    sound=SoundSpec(codec="aac", bit_rate=128_000),
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rushes")


@pytest.fixture(scope="module")
def media(home: Path) -> dict[str, Path]:
    return {name: rush(home / name, number, frames=260, rate=R, size=SIZE) for number, name in enumerate(("A.mov", "B.mov"), 1)}


@pytest.fixture(scope="module")
def plan(media: dict[str, Path]) -> Plan:
    """Three segments: 60, 100 and 100 frames, a dissolve in the last."""
    a, b = media.values()
    picture = [clip(a, 10 / R, 60 / R, R), clip(b, 20 / R, 120 / R, R), dissolve(4 / R, 4 / R, R), clip(a, 100 / R, 80 / R, R)]
    sound = [clip(a, 10 / R, 80 / R, R), clip(b, 20 / R, 180 / R, R)]
    return conform(cut(R, [picture], [sound], start=90_000), {**media}, rate=R, size=SIZE)


def framemd5(*arguments: str) -> list[str]:
    done = subprocess.run([FFMPEG, "-v", "error", *arguments, "-fps_mode", "passthrough", "-f", "framemd5", "-"], capture_output=True, text=True, check=True)
    return [line.split(",")[-1].strip() for line in done.stdout.splitlines() if line and not line.startswith("#")]


def raw(*arguments: str) -> np.ndarray:
    command = [FFMPEG, "-v", "error", *arguments, "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8).astype(np.float64)


def test_straight_cuts_are_ffmpegs_own_frames(media: dict[str, Path], tmp_path: Path) -> None:
    a, b = media.values()
    cuts = [(0, 10, 25), (1, 33, 34), (0, 101, 140), (1, 0, 7)]
    timeline = cut(R, [[clip((a, b)[which], first / R, (end - first) / R, R) for which, first, end in cuts]])
    render(conform(timeline, media, rate=R, size=SIZE), FFV1, tmp_path / "film.mkv", scratch=tmp_path / "s")
    chain = ";".join(f"[{which}:v]trim=start_frame={first}:end_frame={end},setpts=PTS-STARTPTS[v{n}]" for n, (which, first, end) in enumerate(cuts))
    theirs = framemd5("-i", str(a), "-i", str(b), "-filter_complex", f"{chain};[v0][v1][v2][v3]concat=n=4[v]", "-map", "[v]")
    assert framemd5("-i", str(tmp_path / "film.mkv"), "-map", "0:v") == theirs
    assert len(theirs) == 15 + 1 + 39 + 7


@pytest.mark.parametrize(("size", "chain"), [((80, 48), "scale=80:48:flags={0}"), ((320, 320), "scale=320:192:flags={0},pad=320:320:0:64")])
def test_a_scaled_picture_is_whole_and_within_50_db_of_ffmpegs(size: tuple[int, int], chain: str, media: dict[str, Path], tmp_path: Path) -> None:
    plan = conform(cut(R, [[clip(media["A.mov"], Fraction(0), 12 / R, R)]]), media, rate=R, size=size)
    render(plan, dataclasses.replace(FFV1, sound=None), tmp_path / "film.mkv", scratch=tmp_path / "s")
    ours = raw("-i", str(tmp_path / "film.mkv"))
    theirs = raw("-i", str(media["A.mov"]), "-vf", chain.format("lanczos+accurate_rnd+full_chroma_int"), "-frames:v", "12")
    assert ours.shape == theirs.shape
    assert np.mean((ours - theirs) ** 2) <= 255**2 / 10**5  # 50 dB


def test_a_dissolve_is_the_weighted_sum_of_two_frames(plan: Plan, media: dict[str, Path], tmp_path: Path) -> None:
    render(plan, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "s")
    ours = raw("-i", str(tmp_path / "film.mkv")).reshape(len(plan.frames), -1)
    a, b = (raw("-i", str(path)).reshape(260, -1) for path in media.values())
    for number in range(176, 184):
        weight = (number - 176 + 0.5) / 8
        wanted = b[20 + number - 60] * (1 - weight) + a[100 + number - 180] * weight
        assert np.abs(ours[number] - wanted).max() <= 0.51


def test_killed_and_resumed_it_has_the_same_essence(plan: Plan, tmp_path: Path) -> None:
    whole = render(plan, WEB, tmp_path / "whole.mp4", scratch=tmp_path / "s1", workers=1)
    scratch = tmp_path / "s2"
    child = os.fork()
    if child == 0:
        render(plan, WEB, tmp_path / "film.mp4", scratch=scratch, workers=1, progress=lambda done: time.sleep(0.01))
        os._exit(0)
    while not list(scratch.glob("*.mov")):
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not (tmp_path / "film.mp4").exists()
    kept = {path: path.stat().st_mtime_ns for path in scratch.glob("*.mov")}
    assert 0 < len(kept) < len(plan.segments)
    again = render(plan, WEB, tmp_path / "film.mp4", scratch=scratch, workers=2)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert again.essence == whole.essence
    assert not list(scratch.glob("*.part"))


def test_h264_is_the_same_every_time_also_where_a_row_does_not_fill_the_processors_registers(media: dict[str, Path], tmp_path: Path) -> None:
    plan = conform(cut(R, [[clip(media["A.mov"], Fraction(0), 60 / R, R)]]), media, rate=R, size=(320, 180))
    spec = dataclasses.replace(WEB, sound=None, picture=PictureSpec(codec="libx264", options={"preset": "medium", "crf": "18"}))
    found = {render(plan, spec, tmp_path / "film.mp4", scratch=tmp_path / str(run)).essence.digest for run in range(8)}
    assert len(found) == 1


def test_a_torn_segment_is_made_again(plan: Plan, tmp_path: Path) -> None:
    whole = render(plan, WEB, tmp_path / "film.mp4", scratch=tmp_path / "s")
    torn = sorted((tmp_path / "s").glob("*.mov"))[0]
    torn.write_bytes(torn.read_bytes()[:500])
    assert render(plan, WEB, tmp_path / "film.mp4", scratch=tmp_path / "s").essence == whole.essence


@pytest.fixture(scope="module")
def made(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("made")
    return render(plan, WEB, folder / "film.mp4", scratch=folder / "s", version="v3")


@pytest.mark.parametrize("arguments", [("remux.mkv",), ("-movflags", "+faststart", "remux.mp4"), ("-movflags", "frag_keyframe", "remux.mp4"), ("-metadata", "comment=signed", "remux.mov")])
def test_the_essence_digest_survives_every_wrapping(arguments: tuple[str, ...], made: Any, tmp_path: Path) -> None:
    out = tmp_path / arguments[-1]
    subprocess.run([FFMPEG, "-v", "error", "-i", made.path, "-map", "0:v", "-map", "0:a", "-c", "copy", *arguments[:-1], str(out)], check=True)
    assert essence(out, edit=made.essence.edit) == made.essence


def test_the_essence_digest_changes_with_one_bit_and_with_the_edit(made: Any, tmp_path: Path) -> None:
    assert essence(Path(made.path), edit="sha256:other").digest != made.essence.digest
    body = bytearray(Path(made.path).read_bytes())
    body[body.rindex(b"mdat") + 5000] ^= 1
    (tmp_path / "film.mp4").write_bytes(body)
    assert essence(tmp_path / "film.mp4", edit=made.essence.edit).digest != made.essence.digest


def test_the_file_says_its_colours_its_timecode_and_its_length(made: Any, plan: Plan) -> None:
    info = probe(Path(made.path))
    assert info.video is not None
    assert (info.video.colour.primaries, info.video.colour.transfer, info.video.colour.matrix, info.video.colour.full_range) == ("bt709", "bt709", "bt709", False)
    assert (info.timecode, info.video.rate, info.video.frames) == ("01:00:00:00", R, len(plan.frames))
    assert (made.frames, made.film_first, made.film_frames, made.samples, made.version) == (260, 0, 260, 499_200, "v3")
    assert [seal[:7] for seal in made.inputs] == ["blake3:"] * 2
    with av.open(made.path) as container:
        context = container.streams.video[0].codec_context
        assert (int(context.color_primaries), int(context.color_trc), int(context.colorspace)) == (1, 1, 1)
    body = Path(made.path).read_bytes()
    assert b"colr" in body
    assert body.index(b"moov") < body.index(b"mdat")
    assert [seen(frame) for frame in av.open(made.path).decode(video=0)][:61] == [(n, 1) for n in range(10, 70)] + [(20, 2)]


@pytest.mark.parametrize(
    ("codec", "container", "pixels", "options", "size"),
    [
        ("prores_ks", "mov", "yuv422p10le", {"profile": "3"}, SIZE),
        ("dnxhd", "mxf", "yuv422p", {"profile": "dnxhr_hq"}, (320, 180)),
        ("mpeg2video", "mxf", "yuv422p", {"b": "8M", "g": "12", "bf": "2"}, (720, 576)),
    ],
)
def test_every_codec_of_a_post_house_carries_every_frame_sample_and_label(codec: str, container: str, pixels: str, options: dict[str, str], size: tuple[int, int], media: dict[str, Path], tmp_path: Path) -> None:
    a, b = media.values()
    timeline = cut(R, [[clip(a, 10 / R, 60 / R, R), clip(b, 20 / R, 110 / R, R)]], [[clip(a, Fraction(0), 170 / R, R)]], start=900_000)
    plan = conform(timeline, media, rate=R, size=size)
    spec = dataclasses.replace(FFV1, container=container, picture=PictureSpec(codec=codec, pixel_format=pixels, options=options, interlaced=codec == "mpeg2video"))
    out = tmp_path / f"film.{container}"
    render(plan, spec, out, scratch=tmp_path / "s")
    info = probe(out)
    assert info.video is not None
    assert (info.timecode, info.video.interlaced) == ("10:00:00:00", codec == "mpeg2video")
    assert [stream.channels for stream in info.audio] == ([1, 1] if container == "mxf" else [2])
    with av.open(str(out)) as opened:
        assert [number for number, _ in map(seen, opened.decode(video=0))] == [*range(10, 70), *range(20, 130)]
    with av.open(str(out)) as opened:
        first = np.concatenate([frame.to_ndarray().reshape(-1, frame.layout.nb_channels)[:, 0] >> 8 for frame in opened.decode(audio=0)])
    assert (first == np.arange(326_400)).all()


@pytest.mark.parametrize("profile", ["proxy", "lt", "standard", "hq"])
def test_a_prores_film_says_its_own_profile(profile: str, media: dict[str, Path], tmp_path: Path) -> None:
    (a, _) = media.values()
    plan = conform(cut(R, [[clip(a, Fraction(0), 30 / R, R)]], [[clip(a, Fraction(0), 30 / R, R)]]), media, rate=R, size=SIZE)
    prores = PictureSpec(codec="prores_ks", pixel_format="yuv422p10le", options={"profile": profile, "vendor": "apl0"})
    spec = Spec(name="pr", title="ProRes", source="the tests", dated="2026-11-22", container="mov", picture=prores, sound=SoundSpec(codec="pcm_s24le"))
    out = tmp_path / "film.mov"
    made = render(plan, spec, out, scratch=tmp_path / "s")
    with av.open(str(out)) as file:
        assert file.streams.video[0].codec_context.codec_tag == {"proxy": "apco", "lt": "apcs", "standard": "apcn", "hq": "apch"}[profile]
    assert [one.check for one in check(out, spec, expected=made) if one.check in ("codec", "profile") or one.weight == "FAIL"] == []


def _still_clip(path: Path, frames: int) -> Any:
    times = (otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(frames, 25))
    return otio.schema.Clip(name=path.name, media_reference=otio.schema.ExternalReference(target_url=file_url(path)), source_range=otio.opentime.TimeRange(*times))


def _super(path: Path, size: tuple[int, int] = SIZE) -> Path:
    """A quarter nothing (in a colour that nobody is to see), a quarter half covered in orange, half all of it in orange."""
    pixels = np.full((size[1], size[0], 4), (230, 120, 40, 255), np.uint8)
    pixels[:, : size[0] // 4] = (0, 255, 0, 0)
    pixels[:, size[0] // 4 : size[0] // 2, 3] = 128
    Image.fromarray(pixels).save(path)
    return path


@pytest.mark.parametrize("larger", [1, 2])
def test_a_super_with_alpha_lets_the_picture_below_through(larger: int, media: dict[str, Path], home: Path, tmp_path: Path) -> None:
    (a, _) = media.values()
    title = _super(tmp_path / "title.png", (SIZE[0] * larger, SIZE[1] * larger))
    bare = conform(cut(R, [[clip(a, Fraction(0), 20 / R, R)]]), media, rate=R, size=SIZE)
    laid = conform(cut(R, [[clip(a, Fraction(0), 20 / R, R)], [_still_clip(title, 10)]]), {**media, "title.png": title}, rate=R, size=SIZE)
    assert laid.warnings == ()
    silent = dataclasses.replace(FFV1, sound=None)
    for plan, name in ((bare, "bare.mkv"), (laid, "laid.mkv")):
        render(plan, silent, tmp_path / name, scratch=tmp_path / "s")
    with av.open(str(tmp_path / "bare.mkv")) as first, av.open(str(tmp_path / "laid.mkv")) as second:
        pairs = [(one.to_ndarray().astype(float), other.to_ndarray().astype(float)) for one, other in zip(first.decode(video=0), second.decode(video=0), strict=True)]
    orange = {"y": 16 + 219 * (0.2126 * 230 + 0.7152 * 120 + 0.0722 * 40) / 255}
    width, height = SIZE
    edge = 4 * (larger - 1)  # what scaling rounds off between two stretches
    for number, (below, shown) in enumerate(pairs):
        below, shown = below[:height], shown[:height]
        if number >= 10:
            assert (below == shown).all()
            continue
        clear, half, full = (slice(0, width // 4 - edge), slice(width // 4 + edge, width // 2 - edge), slice(width // 2 + edge, width))
        assert np.abs(shown[:, clear] - below[:, clear]).max() <= 2
        assert np.abs(shown[:, half] - (below[:, half] * 127 + orange["y"] * 128) / 255).max() <= 2
        assert np.abs(shown[:, full] - orange["y"]).max() <= 2
        assert shown[:, :].max() <= max(below.max(), orange["y"]) + 2  # no fringe of the green that nobody was to see


def test_a_moving_super_with_alpha_fades_in_over_the_picture_below(media: dict[str, Path], tmp_path: Path) -> None:
    (a, _) = media.values()
    title, luma, alpha = tmp_path / "title.mov", 100, 128
    with av.open(str(title), "w") as out:
        stream: Any = out.add_stream("qtrle", rate=R)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "argb"
        for _ in range(20):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((SIZE[1], SIZE[0], 4), (alpha, luma, luma, luma), np.uint8), format="argb")))
        out.mux(stream.encode(None))
    top = [gap(4 / R, R), dissolve(Fraction(0), 4 / R, R), clip(title, Fraction(0), 12 / R, R)]
    known = {**media, "title.mov": title}
    silent = dataclasses.replace(FFV1, sound=None)
    made = []
    for picture, name in (([[clip(a, Fraction(0), 20 / R, R)]], "bare.mkv"), ([[clip(a, Fraction(0), 20 / R, R)], top], "laid.mkv")):
        plan = conform(cut(R, picture), known, rate=R, size=SIZE)
        render(plan, silent, tmp_path / name, scratch=tmp_path / "s")
        with av.open(str(tmp_path / name)) as file:
            made.append([frame.to_ndarray()[: SIZE[1]].astype(float) for frame in file.decode(video=0)])
    assert any("title.mov is see-through in parts" in said for said in plan.warnings)
    grey = 16 + 219 * luma / 255
    for number, (below, shown) in enumerate(zip(*made, strict=True)):
        cover = alpha / 255 * min(max((number - 4 + 0.5) / 4, 0), 1) if number < 16 else 0
        assert np.abs(shown - (below * (1 - cover) + grey * cover)).max() <= 2


def test_head_and_tail_stand_around_the_film_and_move_its_timecode(plan: Plan, tmp_path: Path) -> None:
    head = (Card(what="clock", frames=50), Card(what="bars", frames=5, sound="tone"), Card(what="black", frames=10))
    spec = dataclasses.replace(FFV1, head=head, tail=(Card(what="freeze", frames=12),), film_at="10:00:00:00", container="mkv")
    made = render(plan, spec, tmp_path / "film.mkv", scratch=tmp_path / "s", slate=("Spot", "ABC/DEFG001/030"))
    pictures, sound = film(tmp_path / "film.mkv")
    assert (made.film_first, made.film_frames, made.frames, len(pictures)) == (65, 260, 65 + 260 + 12, 337)
    assert pictures[64:67] == [(0, 0), (10, 1), (11, 1)]
    assert pictures[-13:] == [(179, 1)] * 13
    assert not sound[:, : 50 * 1920].any()
    assert abs(20 * np.log10(np.abs(sound[0, 50 * 1920 : 55 * 1920]).max() / 2**23) + 18) < 0.1
    assert sound[0, 65 * 1920] == 10 * 1920
    assert probe(tmp_path / "film.mkv").timecode == "09:59:57:10"


def test_a_watermark_lies_on_every_frame_and_changes_the_segments(plan: Plan, tmp_path: Path) -> None:
    for mark in (None, "NOT SIGNED"):
        render(plan, FFV1, tmp_path / f"{mark}.mkv", scratch=tmp_path / "s", mark=mark)
    plain, marked = (raw("-i", str(tmp_path / f"{mark}.mkv")).reshape(260, -1) for mark in (None, "NOT SIGNED"))
    assert (np.abs(plain - marked).max(axis=1) > 20).all()


def test_a_cdl_is_seen_and_a_film_without_one_is_not_touched(media: dict[str, Path], tmp_path: Path) -> None:
    plan = conform(cut(R, [[clip(media["A.mov"], Fraction(0), 6 / R, R)]]), media, rate=R, size=SIZE)
    step = Cdl(slope=(0.5, 0.5, 0.5), offset=(0.0, 0.0, 0.0), power=(1.0, 1.0, 1.0), saturation=1.0)
    look = Look(steps=(step,), names=("half",), whence=("a test",), digests=("sha256:half",))
    render(plan, dataclasses.replace(FFV1, sound=None), tmp_path / "half.mkv", scratch=tmp_path / "s", look=look)
    ours = raw("-i", str(tmp_path / "half.mkv")).reshape(6, -1)[:, : SIZE[0] * SIZE[1]]
    plain = raw("-i", str(media["A.mov"]), "-frames:v", "6").reshape(6, -1)[:, : SIZE[0] * SIZE[1]]
    assert np.abs(ours - (16 + (plain - 16) / 2)).max() <= 1.5


# ---- a person's grade and mix


def test_a_graded_master_replaces_all_picture_and_no_sound(plan: Plan, home: Path, tmp_path: Path) -> None:
    master = rush(home / "master.mov", 7, frames=262, rate=R, size=SIZE)
    swapped = graded(plan, master)
    render(swapped, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "s")
    pictures, sound = film(tmp_path / "film.mkv")
    assert pictures == [(n, 7) for n in range(260)]
    assert sound[1, 0] == 1
    assert swapped.warnings == ("master.mov is 2 frames longer than the film; they are left off.",)
    with pytest.raises(DeliveryError, match="has 200 frames, the film has 260"):
        graded(plan, rush(home / "short.mov", 7, frames=200, rate=R, size=SIZE))
    with pytest.raises(DeliveryError, match="runs at 24 frames a second"):
        graded(plan, rush(home / "slow.mov", 7, frames=262, rate=Fraction(24), size=SIZE))


def test_a_persons_mix_comes_out_sample_identical(plan: Plan, tmp_path: Path) -> None:
    mix = roll(tmp_path / "mix.wav", 5, samples=499_200)
    swapped = mixed(plan, mix)
    render(swapped, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "s")
    _, sound = film(tmp_path / "film.mkv")
    assert (sound[0] == np.arange(499_200)).all()
    assert (sound[1] == 5).all()
    assert swapped.warnings == ()
    assert "0.500 s shorter" in mixed(plan, roll(tmp_path / "short.wav", 5, samples=475_200)).warnings[-1]


# ---- faults


@pytest.mark.parametrize("room", [20_000, 200_000], ids=["segment", "film"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_written(room: int, plan: Plan, tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        try:
            render(plan, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "s")
        except DeliveryError as error:
            os._exit(7 if "is full" in str(error) else 8)
        os._exit(9)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(left) == (3 if room > 100_000 else 0)
    assert all(path.parent.name == "s" and path.suffix == ".mkv" for path in left)


def test_a_full_disk_says_where_and_what_is_kept(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"the disk of .* is full\. The segments that are finished are kept\. Make room"), on_disk(tmp_path, "The segments that are finished are kept."):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_medium_that_goes_away_while_it_renders_is_named(tmp_path: Path) -> None:
    path = rush(tmp_path / "A.mov", 1, frames=20, rate=R, size=SIZE)
    plan = conform(cut(R, [[clip(path, Fraction(0), 20 / R, R)]]), {"A.mov": path}, rate=R, size=SIZE)
    path.unlink()
    with pytest.raises((DeliveryError, MediaError), match=r"A\.mov is not there \(any more\)"):
        render(plan, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "s")
    assert not (tmp_path / "film.mkv").exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"container": "avi"}, "the container 'avi' is not built here"),
        ({"picture": PictureSpec(codec="ffv1", width=1920, height=1080)}, "asks for 1920 x 1080; the film was worked out for 160 x 96"),
        ({"picture": PictureSpec(codec="ffv1", rates=(Fraction(50),))}, "takes 50 frames a second; the film runs at 25"),
        ({"picture": PictureSpec(codec="libx264", pixel_format="yuv420p", options={"preset": "no such"})}, "libx264 does not take"),
        ({"picture": PictureSpec(codec="ffv1", primaries="bt7O9")}, "'bt7O9' is no colour tag"),
        ({"sound": SoundSpec(codec="pcm_s24le", layout="7.1.4")}, "sound in '7.1.4' is not built here"),
    ],
)
def test_a_spec_that_cannot_be_met_is_a_sentence(changed: dict[str, Any], says: str, plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=says):
        render(plan, dataclasses.replace(FFV1, **changed), tmp_path / "film.mkv", scratch=tmp_path / "s")
    assert not (tmp_path / "film.mkv").exists()


def test_a_progress_that_stops_stops_the_render(plan: Plan, tmp_path: Path) -> None:
    def stop(done: float) -> None:
        if done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(plan, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "s", progress=stop)
    assert not (tmp_path / "film.mkv").exists()


def test_progress_goes_from_nought_to_one(plan: Plan, tmp_path: Path) -> None:
    told: list[float] = []
    render(plan, WEB, tmp_path / "film.mp4", scratch=tmp_path / "s", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 50
