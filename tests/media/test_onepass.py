"""The one decode pass: laws of the proxy, the strip, the time map and the sound that go with a clip."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from answerprint.media import MediaError
from answerprint.media.conform import Conform, backmap
from answerprint.media.probe import probe
from answerprint.model.extend import Input, Work
from answerprint.model.records import Fact, Facts, to_plain
from answerprint.tasks.picture import task
from tests.media.film import RATE_HZ, drift, pictures, see, shoot, turn

BEEP_AT = 30  # the frame of the flash, and of the beep


def flash(i: int) -> np.ndarray:
    return np.full((180, 320, 3), 235 if i == BEEP_AT else 20, np.uint8)


def beep(rate: Fraction, seconds: int = 2, channels: int = 1, frame: int = BEEP_AT) -> np.ndarray:
    sound = np.zeros((channels, seconds * RATE_HZ))
    at = round(frame / rate * RATE_HZ)
    sound[:, at : at + 2400] = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(2400) / RATE_HZ)
    return sound


def onset(sound: np.ndarray) -> int:
    return int(np.argmax(np.abs(sound.astype(float)) > 0.1 * np.abs(sound.astype(float)).max()))


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_sample_zero_sounds_with_the_first_frame(tmp_path: Path, suffix: str) -> None:
    rate = Fraction(30000, 1001)
    clip = shoot(tmp_path / f"clip{suffix}", flash, rate=rate, sound=beep(rate))
    see(clip, tmp_path / "out")
    sound = np.load(tmp_path / "out/sound.npy")
    assert abs(onset(sound) - round(BEEP_AT / rate * RATE_HZ)) <= 24  # half a millisecond: AAC rings a little before an onset


def test_sound_that_begins_before_the_picture_is_cut_to_it(tmp_path: Path) -> None:
    rate = Fraction(25)
    late = [Fraction(2, 5) + i / rate for i in range(50)]
    clip = shoot(tmp_path / "late.mov", flash, rate=rate, times=late, sound=beep(rate, frame=BEEP_AT + 10))
    seen = see(clip, tmp_path / "out")
    assert seen.first_s == Fraction(2, 5)
    assert abs(onset(np.load(tmp_path / "out/sound.npy")) - round(BEEP_AT / rate * RATE_HZ)) <= 2


def test_the_proxy_keeps_picture_and_sound_together(tmp_path: Path) -> None:
    rate = Fraction(25)
    see(shoot(tmp_path / "clip.mp4", flash, rate=rate, sound=beep(rate, channels=2)), tmp_path / "out")
    proxy = tmp_path / "out/proxy.mp4"
    assert int(np.argmax([frame.mean() for frame in pictures(proxy)])) == BEEP_AT
    with av.open(str(proxy)) as container:
        frames = list(container.decode(audio=0))
        assert frames[0].pts is not None
        start = round(frames[0].pts * frames[0].time_base * RATE_HZ)
        sound = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    assert abs(start + onset(sound) - round(BEEP_AT / rate * RATE_HZ)) <= 48


def test_a_proxy_scrubs_and_plays_anywhere(tmp_path: Path) -> None:
    clip = shoot(tmp_path / "clip.mp4", lambda i: drift(i, size=(1920, 1080)), frames=26, sound=beep(Fraction(25), 1, frame=3))
    see(clip, tmp_path / "out")
    raw = (tmp_path / "out/proxy.mp4").read_bytes()
    assert raw.index(b"moov") < raw.index(b"mdat")
    with av.open(str(tmp_path / "out/proxy.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        context = video.codec_context
        assert (context.name, context.pix_fmt, video.width, video.height) == ("h264", "yuv420p", 1280, 720)
        assert (audio.codec_context.name, audio.channels, audio.rate) == ("aac", 2, RATE_HZ)
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        keys, order = [], []
        for packet in container.demux(video):
            if packet.dts is not None:
                keys.append(packet.is_keyframe)
                order.append(packet.pts == packet.dts)
    assert all(any(keys[i : i + 12]) for i in range(len(keys) - 12))
    assert all(order), "a B-frame was found"


@pytest.mark.parametrize(
    ("size", "sar", "expected"),
    [((640, 360), 1, (640, 360)), ((1080, 1920), 1, (404, 720)), ((720, 576), Fraction(64, 45), (1024, 576)), ((642, 362), 1, (642, 362))],
)
def test_a_proxy_is_never_larger_than_its_clip_and_has_square_pixels(
    tmp_path: Path, size: tuple[int, int], sar: Fraction, expected: tuple[int, int]
) -> None:
    clip = shoot(tmp_path / "clip.mp4", lambda i: drift(i, size=size), frames=3, sample_aspect_ratio=sar)
    assert see(clip, tmp_path / "out").size == expected
    with av.open(str(tmp_path / "out/proxy.mp4")) as container:
        assert container.streams.video[0].sample_aspect_ratio in (None, 1)


def test_a_turned_clip_is_turned_once(tmp_path: Path) -> None:
    def corner(_: int) -> np.ndarray:
        picture = np.full((180, 320, 3), 40, np.uint8)
        picture[:60, :60] = (220, 30, 30)
        return picture

    clip = turn(shoot(tmp_path / "turned.mp4", corner, frames=4))
    assert see(clip, tmp_path / "out").size == (180, 320)
    frame = pictures(tmp_path / "out/proxy.mp4")[0]
    assert frame.shape[:2] == (320, 180)
    assert frame[20, -20, 0] > 180 > 80 > frame[20, 20, 0]  # the red corner went from left to right
    info = probe(tmp_path / "out/proxy.mp4")
    assert info.video is not None
    assert info.video.rotation_deg == 0


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "values"),
    [
        ("libx264", "yuv420p", {}),
        ("libx264", "yuv420p10le", {}),
        ("libx264", "yuv422p10le", {"color_range": 2}),
        ("libx264", "yuv444p", {"color_range": 2}),
        ("prores_ks", "yuv422p10le", {}),
    ],
)
def test_colours_come_through_from_any_depth_sampling_and_range(tmp_path: Path, codec: str, pix_fmt: str, values: dict[str, int]) -> None:
    patches = np.array([[16, 16, 16], [235, 235, 235], [200, 60, 60], [60, 180, 70], [60, 70, 190], [128, 128, 128]], np.uint8)
    chart = np.repeat(np.repeat(patches[None], 720, axis=0), 160, axis=1)
    clip = shoot(tmp_path / "chart.mov", lambda _: chart, frames=2, codec=codec, pix_fmt=pix_fmt, colorspace=1, color_primaries=1, color_trc=1, **values)
    see(clip, tmp_path / "out")
    frame = pictures(tmp_path / "out/proxy.mp4")[0]
    for i, patch in enumerate(patches):
        found = frame[300:420, i * 160 + 40 : i * 160 + 120].reshape(-1, 3).mean(axis=0)
        assert np.abs(found - patch).max() < 4, f"{patch} became {found.round(1)}"


@pytest.mark.parametrize(
    ("rate", "label"),
    [
        (Fraction(24000, 1001), "08:00:00:23"),
        (Fraction(25), "00:59:53:00"),
        (Fraction(30000, 1001), "01:00:00;02"),
        (Fraction(30000, 1001), "01:00:00:02"),
        (Fraction(30), "09:59:50;10"),
        (Fraction(50), "09:59:50:49"),
        (Fraction(60000, 1001), "23:59:59;59"),
    ],
)
def test_a_proxy_carries_the_timecode_of_its_clip(tmp_path: Path, rate: Fraction, label: str) -> None:
    seen = see(shoot(tmp_path / "clip.mov", frames=5, rate=rate, timecode=label), tmp_path / "out")
    assert seen.timecode == label
    info = probe(tmp_path / "out/proxy.mp4")
    assert info.video is not None
    assert (info.timecode, info.video.rate) == (label, rate)


def test_a_variable_rate_becomes_constant_with_a_way_back(tmp_path: Path) -> None:
    rate = Fraction(25)
    times = [i / rate for i in range(20)] + [i / rate + Fraction(2, 5) for i in range(20, 40)]  # ten frames are missing
    level = [20 + 5 * i for i in range(40)]
    clip = shoot(tmp_path / "phone.mp4", lambda i: np.full((180, 320, 3), level[i], np.uint8), frames=40, rate=rate, times=times)
    seen = see(clip, tmp_path / "out", rate=rate, variable=True)
    assert (seen.frames, seen.source_frames) == (50, 40)
    assert seen.time_map[0] == (0, 0, Fraction(0))
    assert seen.time_map[-1] == (30, 20, Fraction(6, 5))
    shown = pictures(tmp_path / "out/proxy.mp4")
    source = seen.source_frame
    assert len(shown) == 50
    assert all(abs(frame.mean() - level[source[i]]) < 3 for i, frame in enumerate(shown))
    assert [round(tick * seen.tick_s * 25) for tick in seen.source_tick[[0, 19, 30, 49]]] == [0, 19, 30, 49]


def test_frames_without_a_time_follow_the_one_before() -> None:
    grid = Conform(rate=Fraction(25), longest_s=Fraction(4))
    placed = [grid.place(at_s) for at_s in (Fraction(-1, 25), None, Fraction(1, 25), Fraction(1, 25), Fraction(9000))]
    assert [each.slot for each in placed] == [0, 1, 2, 3, 4]
    assert (grid.without_time, grid.jumps) == (2, 1)
    assert backmap(placed, Fraction(25)) == [(0, 0, Fraction(-1, 25))]


def test_interlaced_pictures_lose_their_combs(tmp_path: Path) -> None:
    def fields(i: int) -> np.ndarray:
        picture = np.full((576, 720, 3), 30, np.uint8)
        for field in (0, 1):
            at = 40 + 16 * (2 * i + field)
            picture[field::2, at : at + 80] = 220
        return picture

    options = {"preset": "ultrafast", "crf": "8", "x264-params": "tff=1"}
    clip = shoot(tmp_path / "pal.mov", fields, frames=12, options=options)
    combed = see(clip, tmp_path / "as_is", interlaced=False)
    smooth = see(clip, tmp_path / "out", interlaced=True)
    assert smooth.frames == combed.frames == 12

    def comb(path: Path) -> float:
        column = pictures(path)[6].astype(float)[:, :, 1]
        return float(np.abs(column[1:-1] - (column[:-2] + column[2:]) / 2).mean())

    assert comb(tmp_path / "out/proxy.mp4") < 0.25 * comb(tmp_path / "as_is/proxy.mp4")


def test_a_clip_cut_off_gives_what_decodes_and_says_where_it_ends(tmp_path: Path) -> None:
    clip = shoot(tmp_path / "cut.mp4", frames=100, container={"movflags": "faststart"}, sound=beep(Fraction(25), 4))
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size * 6 // 10])
    seen = see(clip, tmp_path / "out")
    assert 30 < seen.frames < 90
    assert len(pictures(tmp_path / "out/proxy.mp4")) == seen.frames
    assert any(note.startswith(f"the picture is good up to {seen.frames / 25:.2f} s of 4.00 s") for note in seen.notes)


def test_a_damaged_middle_costs_only_itself(tmp_path: Path) -> None:
    clip = shoot(tmp_path / "hit.mp4", frames=100, options={"preset": "ultrafast", "crf": "12", "g": "10", "bf": "0"})
    see(clip, tmp_path / "whole")
    raw = bytearray(clip.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 4000] = bytes(4000)
    clip.write_bytes(raw)
    seen = see(clip, tmp_path / "out")
    assert seen.frames >= 98
    last, whole = (pictures(tmp_path / name / "proxy.mp4")[-1].astype(int) for name in ("out", "whole"))
    assert abs(last - whole).mean() < 2


def test_a_picture_of_which_nothing_decodes_is_refused_in_one_sentence(tmp_path: Path) -> None:
    clip = shoot(tmp_path / "dead.mp4", frames=20)
    info = probe(clip)
    raw = bytearray(clip.read_bytes())
    start = raw.index(b"mdat") + 4
    raw[start : raw.index(b"moov") - 4] = bytes(raw.index(b"moov") - 4 - start)
    clip.write_bytes(raw)
    from answerprint.media.onepass import watch

    (tmp_path / "out").mkdir()
    with pytest.raises(MediaError, match=r"dead.mp4 has a picture .h264., but not one frame of it decodes"):
        watch(clip, info, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_strip_shows_whole_frames_and_sixty_at_most(tmp_path: Path) -> None:
    seen = see(shoot(tmp_path / "long.mp4", lambda i: drift(i, size=(96, 160)), frames=130, rate=Fraction(1)), tmp_path / "out")
    assert len(seen.sheet.frames) <= 60
    assert abs(seen.sheet.width / seen.sheet.height - 96 / 160) < 0.02
    assert np.ptp(np.diff(seen.sheet.frames)) == 0


def run(clip: Path, out: Path, **params: object) -> list[Fact]:
    out.mkdir()
    ingest = Fact(about="blake3:0", name="media.info", value=to_plain(probe(clip)), method="probe")
    facts = Facts(task="ingest", version=1, inputs=("blake3:0",), facts=(ingest,))
    subject = Input(path=clip, file=f"rushes/{clip.name}", digest="blake3:0", facts={"ingest": facts})
    return list(task.run(Work(subject=subject, clips=[], sounds=[], params=params, scratch=out)))


def test_the_same_clip_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    clip = shoot(tmp_path / "clip.mp4", sound=beep(Fraction(25), channels=2), timecode="01:00:00:00")
    written = []
    for name in ("one", "two"):
        facts = run(clip, tmp_path / name)
        whole = Facts(task="picture", version=task.version, inputs=("blake3:0",), facts=tuple(facts)).to_bytes()
        written.append([whole, *(path.read_bytes() for path in sorted((tmp_path / name).iterdir()))])
    assert written[0] == written[1]
    assert {path.name for path in (tmp_path / "one").iterdir()} == set(task.artefacts)
    assert str(tmp_path) not in written[0][0].decode()


def test_a_clip_without_sound_is_mos(tmp_path: Path) -> None:
    facts = {fact.name: fact.value for fact in run(shoot(tmp_path / "mos.mp4", frames=10), tmp_path / "out")}
    assert facts["sound.mos"] is True
    assert "sound.channels" not in facts
    assert not (tmp_path / "out/sound.npy").exists()
    with av.open(str(tmp_path / "out/proxy.mp4")) as container:
        assert not container.streams.audio


def test_facts_count_frames_and_seconds(tmp_path: Path) -> None:
    rate = Fraction(24000, 1001)
    clip = shoot(tmp_path / "clip.mov", flash, frames=60, rate=rate, sound=beep(rate, 3))
    facts = {fact.name: fact.value for fact in run(clip, tmp_path / "out")}
    assert facts["picture.frames"] == facts["proxy"]["frames"] == 60
    assert facts["time.map"] == [[0, 0, "0/1"]]
    assert len(facts["picture.luma"]["per_second"]) == 3
    assert facts["picture.shots"] == []  # a flash is not a cut
    series = np.load(tmp_path / "out/series.npz")
    assert int(np.argmax(series["luma"])) == BEEP_AT
    json.dumps(facts, allow_nan=False)
