"""A camera original that does not open here is still a clip, and stands behind the right proxy or behind none."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from answerprint.media import MediaError, originals
from answerprint.media.probe import probe
from answerprint.model.records import MediaInfo, VideoStream


def info(*, timecode: str | None = None, seconds: int = 0, kind: str = "clip") -> MediaInfo:
    rate = Fraction(24000, 1001)
    video = VideoStream(
        index=0,
        codec="h264",
        width=8,
        height=8,
        pixel_format="yuv420p",
        bit_depth=8,
        rate=rate,
        frames=None,
        duration_s=Fraction(seconds),
    )
    return MediaInfo(kind=kind, container="mov", duration_s=Fraction(seconds), video=video, timecode=timecode, timecode_rate=rate)  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", [".braw", ".R3D", ".ari", ".arx", ".crm"])
def test_raw_is_a_camera_original_by_its_name(tmp_path, suffix):
    path = tmp_path / f"A001_C003_0302AB{suffix}"
    path.write_bytes(b"raw")
    found = probe(path)
    assert found.kind == "camera original"
    assert (found.camera, found.reel) == ("A", "A001")
    assert "proxies" in found.notes[0]


def test_empty_and_missing_raw_is_refused(tmp_path):
    (tmp_path / "a.braw").write_bytes(b"")
    with pytest.raises(MediaError, match="0 bytes"):
        probe(tmp_path / "a.braw")
    with pytest.raises(MediaError, match="not there"):
        probe(tmp_path / "b.braw")


RAW = Path("card/A001_C003_0302AB.braw")


@pytest.mark.parametrize(
    "name",
    [
        "proxies/A001_C003_0302AB.mov",
        "x/A001_C003_0302AB_Proxy.mp4",
        "x/a001_c003_0302ab_proxy.mov",
        "x/A001_C003_0302AB.proxy.mov",
        "A001_C003_0302AB_001.mov",
    ],
)
def test_a_proxy_of_the_same_stem_in_any_folder_is_tied(name):
    [tied] = originals.tie({RAW: info(timecode="01:00:00:00", seconds=10)}, {Path(name): info(timecode="01:00:00:00", seconds=10)})
    assert tied.proxy == Path(name)
    assert tied.by == ("name", "timecode", "length")


def test_what_is_not_known_is_not_compared():
    [tied] = originals.tie({RAW: info()}, {Path("A001_C003_0302AB.mov"): info(timecode="01:00:00:00", seconds=9)})
    assert tied.by == ("name",)


@pytest.mark.parametrize(
    ("proxy", "says"),
    [
        (info(timecode="01:00:00:01", seconds=10), "starts at 01:00:00:01, the original at 01:00:00:00"),
        (info(timecode="01:00:00:00", seconds=9), "9.00 s long, the original 10.00 s"),
    ],
)
def test_a_disagreement_is_a_sentence_not_a_tie(proxy, says):
    [tied] = originals.tie({RAW: info(timecode="01:00:00:00", seconds=10)}, {Path("A001_C003_0302AB.mov"): proxy})
    assert tied.proxy is None
    assert tied.says is not None
    assert says in tied.says


def test_timecode_decides_between_two_proxies_of_one_name():
    right, wrong = Path("day2/A001_C003_0302AB.mov"), Path("day1/A001_C003_0302AB.mov")
    proxies = {wrong: info(timecode="02:00:00:00", seconds=10), right: info(timecode="01:00:00:00", seconds=10)}
    [tied] = originals.tie({RAW: info(timecode="01:00:00:00", seconds=10)}, proxies)
    assert tied.proxy == right


def test_two_that_fit_equally_are_a_question():
    proxies = {Path("a/A001_C003_0302AB.mov"): info(), Path("b/A001_C003_0302AB.mov"): info()}
    [tied] = originals.tie({RAW: info()}, proxies)
    assert tied.proxy is None
    assert tied.says is not None
    assert "2 proxies" in tied.says


def test_no_proxy_and_a_sound_of_that_name_is_no_tie():
    [tied] = originals.tie({RAW: info()}, {Path("A001_C003_0302AB.wav"): info(kind="sound"), Path("A001_C004_0302AB.mov"): info()})
    assert tied.proxy is None
    assert tied.says is not None
    assert "no proxy" in tied.says
