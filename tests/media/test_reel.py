from __future__ import annotations

import re
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest

from answerprint.media import MediaError
from answerprint.media.lettering import fitted, font
from answerprint.media.reel import RATE_HZ, SIZE, Shot, SoundFile, reel
from answerprint.model.time import Timecode
from tests.media.film import shoot

R = Fraction(25)


def numbered(size: tuple[int, int] = (320, 180)):
    """Frame n carries n as eight grey bars, the highest bit on the left."""
    bar = np.arange(size[0]) * 8 // size[0]
    return lambda number: np.repeat(np.broadcast_to(40 + 120 * (number >> (7 - bar) & 1), (size[1], size[0]))[:, :, None], 3, axis=2).astype(np.uint8)


@pytest.fixture(scope="module")
def proxies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("proxies")
    tone = np.sin(np.arange(4 * RATE_HZ) * 2 * np.pi * 440 / RATE_HZ)[None] * 0.5
    return {
        "wide": shoot(folder / "wide.mp4", numbered(), frames=100, sound=tone, options={"g": "12", "bf": "0", "crf": "4"}),
        "tall": shoot(folder / "tall.mp4", numbered((90, 160)), frames=100, options={"g": "12", "bf": "0", "crf": "4"}),
        "fast": shoot(folder / "fast.mp4", numbered(), frames=150, rate=Fraction(50), options={"g": "12", "bf": "0", "crf": "4"}),
    }


def numbers(path: Path) -> list[int]:
    """The number that each frame of a movie carries."""
    found = []
    with av.open(str(path)) as movie:
        for frame in movie.decode(movie.streams.video[0]):
            bars = frame.to_ndarray(format="rgb24")[20:40].mean(axis=(0, 2)).reshape(8, -1)[:, 40:-40].mean(axis=1)
            found.append(int("".join(str(int(level > 100)) for level in bars), 2))
    return found


def heard(path: Path) -> np.ndarray:
    with av.open(str(path)) as movie:
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE_HZ)
        return np.concatenate([part.to_ndarray().reshape(-1, 2)[:, 0] for frame in movie.decode(movie.streams.audio[0]) for part in resampler.resample(frame)])


def shot(path: Path | None, first: int, last: int, rate: Fraction = R, **more: object) -> Shot:
    return Shot(proxy=path, in_s=first / rate, out_s=last / rate, **more)  # type: ignore[arg-type]


def test_every_frame_of_every_shot_is_there_and_no_other(proxies: dict[str, Path], tmp_path: Path) -> None:
    parts = [(7, 20), (0, 1), (60, 100), (13, 14), (24, 48)]
    made = reel([shot(proxies["wide"], *part) for part in parts], tmp_path / "reel.mp4", rate=R)
    wanted = [number for first, last in parts for number in range(first, last)]
    assert made.frames == (13, 1, 40, 1, 24)
    assert numbers(made.path) == wanted


def test_ffmpeg_counts_the_same_frames(proxies: dict[str, Path], tmp_path: Path) -> None:
    made = reel([shot(proxies["wide"], 7, 20), shot(proxies["tall"], 3, 9), shot(None, 0, 5)], tmp_path / "reel.mp4", rate=R)
    said = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(made.path), "-map", "0:v", "-f", "null", "-"], capture_output=True, text=True, check=True).stderr
    assert re.findall(r"frame=\s*(\d+)", said)[-1] == "24"
    assert "1280x720" in said
    assert "h264" in said
    assert "aac" in said


def test_a_proxy_of_another_rate_shows_the_frame_that_is_on_screen(proxies: dict[str, Path], tmp_path: Path) -> None:
    made = reel([shot(proxies["fast"], 10, 60, Fraction(50))], tmp_path / "reel.mp4", rate=R)
    assert numbers(made.path) == list(range(10, 60, 2))


def test_a_tall_picture_is_shown_whole_between_black(proxies: dict[str, Path], tmp_path: Path) -> None:
    made = reel([shot(proxies["tall"], 40, 42)], tmp_path / "reel.mp4", rate=R, mark="")
    with av.open(str(made.path)) as movie:
        picture = next(movie.decode(movie.streams.video[0])).to_ndarray(format="rgb24")
    assert picture.shape[:2] == (SIZE[1], SIZE[0])
    lit = np.flatnonzero(picture.mean(axis=(0, 2)) > 20)
    assert abs((lit[-1] - lit[0] + 1) - 720 * 9 / 16) <= 4
    assert abs((lit[-1] + lit[0]) / 2 - 640) <= 4


def test_lettering_is_grey_and_the_watermark_can_be_seen_through(proxies: dict[str, Path], tmp_path: Path) -> None:
    lines = ("1A-3 A", "circled by Mara Lind")
    made = reel([shot(proxies["wide"], 50, 52, burn=lines, timecode=Timecode.parse("08:00:02:00", rate=R))], tmp_path / "reel.mp4", rate=R)
    plain = reel([shot(proxies["wide"], 50, 52)], tmp_path / "plain.mp4", rate=R, mark="", burn=False)
    pictures = []
    for path in (made.path, plain.path):
        with av.open(str(path)) as movie:
            pictures.append(next(movie.decode(movie.streams.video[0])).to_ndarray(format="rgb24").astype(int))
    changed = np.abs(pictures[0] - pictures[1]).max(axis=2) > 12
    assert changed[100:350, 200:1080].any()
    assert changed[600:, :300].any(), "lines bottom left"
    assert changed[650:, 1050:].any(), "timecode bottom right"
    assert (pictures[0].max(axis=2) - pictures[0].min(axis=2)).max() <= 8, "no colour that was not shot"
    assert pictures[0][100:350, 200:1080].max() < 200, "the picture is seen through the mark"


def test_timecode_runs_and_lines_stay(proxies: dict[str, Path], tmp_path: Path) -> None:
    made = reel([shot(proxies["tall"], 0, 3, burn=("47-1",), timecode=Timecode.parse("08:00:00:24", rate=R))], tmp_path / "reel.mp4", rate=R)
    with av.open(str(made.path)) as movie:
        pictures = [frame.to_ndarray(format="gray").astype(int) for frame in movie.decode(movie.streams.video[0])]
    right, left = (slice(640, 720), slice(1050, 1280)), (slice(640, 720), slice(0, 200))
    changed = np.abs(pictures[1] - pictures[0]) > 30
    assert changed[right].sum() > 60
    assert changed[left].sum() < 12  # the codec's own, at the edges of letters


def test_sound_stands_to_the_sample_where_sync_says(proxies: dict[str, Path], tmp_path: Path) -> None:
    """A click in the recorder's file is heard at its own moment of the picture, with offset and drift."""
    for drift in (Fraction(0), Fraction(200)):
        sound = np.zeros(20 * RATE_HZ, np.int16)
        offset = Fraction(7, 2)
        at = offset + 2 * (1 + drift / 1_000_000)  # the picture's second two
        sound[round(at * RATE_HZ) : round(at * RATE_HZ) + 20] = 30000
        np.save(tmp_path / "sound.npy", sound)
        one = shot(proxies["wide"], 30, 70, sound=SoundFile(path=tmp_path / "sound.npy", offset_s=offset, drift_ppm=drift))
        made = reel([shot(None, 0, 25), one], tmp_path / "reel.mp4", rate=R)
        loud = np.abs(heard(made.path))
        assert abs(int(np.argmax(loud)) - (RATE_HZ + round((2 - 30 / R) * RATE_HZ))) <= 24
        assert loud[:RATE_HZ].max() < 0.01, "a card is silent"


def test_a_clip_that_is_not_synced_is_heard_with_its_own_sound(proxies: dict[str, Path], tmp_path: Path) -> None:
    loud = heard(reel([shot(proxies["wide"], 10, 60)], tmp_path / "reel.mp4", rate=R).path)
    assert 0.3 < np.sqrt(np.mean(loud[4800:90000] ** 2)) < 0.4
    assert abs(np.argmax(np.abs(np.fft.rfft(loud[4800:52800]))) - 440) <= 1
    assert abs(len(loud) - 2 * RATE_HZ) <= 2048
    silent = heard(reel([shot(proxies["tall"], 10, 60)], tmp_path / "silent.mp4", rate=R).path)
    assert np.abs(silent).max() < 0.001


def test_a_movie_appears_whole_or_not_at_all(proxies: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"not a movie")
    with pytest.raises(MediaError, match=r"broken\.mp4"):
        reel([shot(proxies["wide"], 0, 50), shot(tmp_path / "broken.mp4", 0, 5)], tmp_path / "reel.mp4", rate=R)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.mp4"]


@pytest.mark.parametrize(("shots", "says"), [([], "no shot"), ([Shot(proxy=None, in_s=Fraction(1), out_s=Fraction(1), burn=("2-1",))], "2-1: from 1.000 s to 1.000 s")])
def test_nothing_to_show_is_said(shots: list[Shot], says: str, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=says):
        reel(shots, tmp_path / "reel.mp4", rate=R)


def test_progress_goes_to_one(proxies: dict[str, Path], tmp_path: Path) -> None:
    told: list[float] = []
    reel([shot(proxies["wide"], 0, 60)], tmp_path / "reel.mp4", rate=R, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_line_that_is_too_wide_says_so() -> None:
    assert fitted("short", 20, 400) == "short"
    long = fitted("a very long keyword " * 20, 20, 400)
    assert long.endswith("…")
    assert font(20).getlength(long) <= 400
