"""Every frame and every sample is where the cut put it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
import pytest

from answerprint.delivery import DeliveryError
from answerprint.delivery.conform import conform
from answerprint.delivery.plan import Fade, Plan
from answerprint.delivery.render import render
from answerprint.delivery.sounding import Level
from answerprint.media import bwf
from answerprint.timeline.cut import ClipInfo, Media, Sync, attach, info, set_speed, span
from answerprint.timeline.framing import Framing, Key
from tests.delivery.exact import FFV1, NTSC24, RATES, SIZE, Rush, random_cut, shoot
from tests.delivery.rushes import clip, cut, dissolve, film, gap, roll, rush

R = Fraction(25)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rushes")


@pytest.fixture(scope="module")
def rushes(home: Path) -> list[Rush]:
    return shoot(home, [rate for rate, _ in RATES.values()])


@pytest.fixture(scope="module")
def media(rushes: list[Rush]) -> dict[str, Path]:
    return {one.path.name: one.path for one in rushes}


@pytest.fixture(scope="module")
def a(rushes: list[Rush]) -> Path:
    """At 25."""
    return rushes[2].path


@pytest.fixture(scope="module")
def b(rushes: list[Rush]) -> Path:
    """At 23.976."""
    return rushes[0].path


def planned(timeline: Any, media: dict[str, Path], rate: Fraction = R, **more: Any) -> Plan:
    return conform(timeline, media, rate=rate, size=SIZE, **more)


def numbers(plan: Plan) -> list[int | None]:
    """The source frame of each frame, None for black; for a mix its first."""
    return [mix[0][1].frame if mix else None for mix in plan.frames]


@pytest.mark.parametrize("name", RATES)
def test_every_frame_and_sound_edit_of_a_random_cut_is_where_it_should_be(name: str, rushes: list[Rush], media: dict[str, Path], tmp_path: Path) -> None:
    rate, drop = RATES[name]
    laid = random_cut(rushes, rate, drop=drop, shots=12, seed=sum(map(ord, name)))
    plan = planned(laid.timeline, media, rate)
    render(plan, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "scratch")
    pictures, sound = film(tmp_path / "film.mkv")
    assert pictures == laid.pictures
    assert sound.shape == laid.sound.shape
    assert (sound == laid.sound).all()
    assert str(plan.start).count(";") == drop


def test_a_dissolve_is_a_pair_of_pictures_whose_weights_change_evenly_about_the_cut(a: Path, b: Path, media: dict[str, Path]) -> None:
    plan = planned(cut(R, [[clip(a, 10 / R, 20 / R, R), dissolve(2 / R, 2 / R, R), clip(b, Fraction(1), 20 / R, R)]]), media)
    assert [len(mix) for mix in plan.frames[17:23]] == [1, 2, 2, 2, 2, 1]
    assert [[weight for weight, _ in mix] for mix in plan.frames[18:22]] == [[Fraction(8 - n, 8), Fraction(n, 8)] for n in (1, 3, 5, 7)]
    assert [mix[0][1].frame for mix in plan.frames[18:22]] == [28, 29, 30, 31]
    assert [mix[1][1].frame for mix in plan.frames[18:22]] == [int((1 + (n - 20) / R) * NTSC24 // 1) for n in (18, 19, 20, 21)]
    assert plan.warnings == ()


def test_a_wipe_is_a_dissolve_and_says_so(a: Path, media: dict[str, Path]) -> None:
    wipe = dissolve(2 / R, 2 / R, R, kind="SMPTE_Wipe001", name="Wipe 001")
    plan = planned(cut(R, [[clip(a, 10 / R, 20 / R, R), wipe, clip(a, 40 / R, 20 / R, R)]]), media)
    assert len(plan.frames[20]) == 2
    assert plan.warnings == ("Wipe 001 at 0.80 s of V1 is no dissolve; it is rendered as a dissolve of the same length.",)


def test_a_fade_from_nothing_comes_out_of_black(a: Path, media: dict[str, Path]) -> None:
    plan = planned(cut(R, [[dissolve(Fraction(0), 4 / R, R), clip(a, 10 / R, 10 / R, R)]]), media)
    assert [sum(weight for weight, _ in mix) for mix in plan.frames[:5]] == [Fraction(1, 8), Fraction(3, 8), Fraction(5, 8), Fraction(7, 8), 1]


def test_a_shot_without_handles_stands_still_in_its_dissolve_and_says_so(a: Path, media: dict[str, Path]) -> None:
    plan = planned(cut(R, [[clip(a, 10 / R, 20 / R, R), dissolve(2 / R, 2 / R, R), clip(a, Fraction(0), 20 / R, R)]]), media)
    assert plan.frames[18][1][1].frame == 0
    assert any("before its first" in says for says in plan.warnings)


def test_backwards_is_the_mirror_of_forwards_and_a_freeze_is_one_frame(a: Path, media: dict[str, Path]) -> None:
    items = [clip(a, 10 / R, 6 / R, R, speed=Fraction(speed)) for speed in (1, -1, 0)]
    assert numbers(planned(cut(R, [items]), media)) == [10, 11, 12, 13, 14, 15, 15, 14, 13, 12, 11, 10, 10, 10, 10, 10, 10, 10]


def test_a_nested_cut_shows_what_it_shows_alone_also_at_half_speed(a: Path, b: Path, media: dict[str, Path]) -> None:
    inner = cut(R, [[clip(a, 5 / R, 8 / R, R), clip(b, Fraction(1), 8 / R, R)]], [[clip(a, 5 / R, 8 / R, R)]])
    alone = planned(inner, media)
    stack = otio.schema.Stack(name="nested")
    stack.extend([track.clone() for track in inner.tracks])
    stack.source_range = span(3 / R, 10 / R, R)
    nested = planned(cut(R, [[gap(2 / R, R), stack]]), media)
    assert nested.frames[2:] == alone.frames[3:13]
    assert nested.frames[:2] == ((), ())
    assert [(piece.first, piece.length, piece.source) for piece in nested.pieces] == [(2 * 1920, 5 * 1920, 8 * 1920)]
    slow = stack.clone()
    set_speed(slow, Fraction(1, 2))
    assert numbers(planned(cut(R, [[slow]]), media))[:5] == [8, 8, 9, 9, 10]


def test_what_lies_above_covers_what_lies_below_and_what_is_switched_off_is_not_there(a: Path, b: Path, media: dict[str, Path]) -> None:
    above = clip(b, Fraction(1), 4 / R, R)
    off = clip(b, Fraction(1), 4 / R, R)
    off.enabled = False
    plan = planned(cut(R, [[clip(a, Fraction(0), 12 / R, R)], [gap(2 / R, R), above, off]]), media)
    assert [str(b) == mix[0][1].medium for mix in plan.frames] == [False] * 2 + [True] * 4 + [False] * 6


def test_words_in_the_cut_are_not_drawn_and_a_warning_names_them(a: Path, media: dict[str, Path]) -> None:
    title = otio.schema.Clip(name="Super", media_reference=otio.schema.GeneratorReference(generator_kind="title", parameters={"text": "Made for weather"}))
    title.source_range = span(Fraction(0), 5 / R, R)
    plan = planned(cut(R, [[clip(a, Fraction(0), 5 / R, R)], [title]]), media)
    assert numbers(plan) == [0, 1, 2, 3, 4]
    assert plan.warnings == ("the words 'Made for weather' in the cut are not drawn here; lay them in as supers.",)


def test_missing_media_are_named_all_at_once(a: Path, b: Path) -> None:
    with pytest.raises(DeliveryError, match=r"2 of the media in this cut are not to be had: R003.mov; R001.mov. Connect their disks"):
        planned(cut(R, [[clip(a, Fraction(0), 5 / R, R), clip(b, Fraction(0), 5 / R, R)]]), {})


def test_a_medium_whose_disk_went_away_is_named(a: Path, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"R003.mov is not there \(any more\)"):
        planned(cut(R, [[clip(a, Fraction(0), 5 / R, R)]]), {"R003.mov": tmp_path / "R003.mov"})


def test_an_empty_cut_is_refused() -> None:
    with pytest.raises(DeliveryError, match="not one frame"):
        planned(cut(R, [[gap(Fraction(1), R)]]), {})


def test_another_rate_than_the_cuts_is_said(a: Path, media: dict[str, Path]) -> None:
    plan = planned(cut(R, [[clip(a, Fraction(0), 5 / R, R)]]), media, Fraction(50))
    assert numbers(plan) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert "the cut runs at 25 and the film at 50" in plan.warnings[0]


def test_segments_part_at_cuts_and_cover_every_frame_once(a: Path, b: Path, media: dict[str, Path]) -> None:
    items = [clip(one, Fraction(0), 30 / R, R) for one in (a, b) * 8]
    plan = planned(cut(R, [items]), media)
    assert [first for first, _ in plan.segments[1:]] == [end for _, end in plan.segments[:-1]]
    assert (plan.segments[0][0], plan.segments[-1][1]) == (0, len(plan.frames))
    assert all(first % 30 == 0 and 50 <= end - first <= 150 for first, end in plan.segments)


# ---- sound


def test_sound_that_is_cut_before_and_after_its_picture_lies_to_the_sample(a: Path, media: dict[str, Path]) -> None:
    sound = [clip(a, Fraction(100, 48_000), Fraction(40_001, 48_000), R), clip(a, Fraction(7, 48_000), Fraction(9_000, 48_000), R)]
    plan = planned(cut(R, [[clip(a, Fraction(0), 30 / R, R)]], [sound]), media)
    assert [(piece.first, piece.length, piece.source) for piece in plan.pieces] == [(0, 40_001, 100), (40_001, 9_000, 7)]


def test_a_recorder_whose_clock_runs_fast_is_read_faster(a: Path, media: dict[str, Path], tmp_path: Path) -> None:
    sound = roll(tmp_path / "T001.wav", 9, samples=200_000)
    laid = clip(sound, Fraction(4_800, 48_000), Fraction(2), R)
    attach(laid, ClipInfo(sync=(Sync(digest=None, file="sound/T001.wav", offset_s=Fraction(1, 10), drift_ppm=Fraction(500)),)))
    plan = planned(cut(R, [[clip(a, Fraction(0), Fraction(2), R)]], [[laid]]), {**media, "T001.wav": sound})
    (piece,) = plan.pieces
    assert (piece.source, piece.pace) == (4_800, 1 + Fraction(500, 1_000_000))
    render(plan, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "scratch")
    _, heard = film(tmp_path / "film.mkv")
    assert abs(int(heard[0, 90_000]) - (4_800 + 90_045)) <= 2  # the ramp rises by one a sample: its value is where it was read


def test_levels_and_fades_of_the_cut_are_heard(a: Path, media: dict[str, Path], tmp_path: Path) -> None:
    loud = clip(a, Fraction(1), Fraction(1), R)
    attach(loud, Level(gain_db=-6.0206, fade_in_s=Fraction(1, 10), fade_out_s=Fraction(1, 10)))
    plan = planned(cut(R, [[clip(a, Fraction(0), Fraction(1), R)]], [[loud]]), media)
    render(plan, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "scratch")
    _, heard = film(tmp_path / "film.mkv")
    assert abs(int(heard[0, 24_000]) - 72_000 // 2) <= 1
    assert abs(int(heard[0, 2_400]) - 50_400 // 4) <= 10  # the fade changes it by ten in a sample
    assert abs(int(heard[0, 48_000 - 2_400]) - 93_600 // 4) <= 10


def test_what_of_a_level_is_not_heard_as_the_cut_has_it_is_said(a: Path, media: dict[str, Path]) -> None:
    bent, filtered = clip(a, Fraction(1), Fraction(1), R), clip(a, Fraction(1), Fraction(1), R)
    attach(bent, Level(keys=((Fraction(0), -3.0), (Fraction(1), -9.0)), fade_in_s=Fraction(1, 10), bends=("easeIn", "")))
    filtered.effects.append(otio.schema.Effect(name="Reverb", effect_name="Reverb"))
    inside = otio.schema.Stack(name="nested", children=[otio.schema.Track("A1", kind="Audio", children=[filtered])], source_range=span(Fraction(0), Fraction(1), R))
    attach(inside, Level(gain_db=-6.0, fade_out_s=Fraction(1)))
    plan = planned(cut(R, [[clip(a, Fraction(0), Fraction(2), R)]], [[bent, inside]]), media)
    assert [[one.gain_db for one in piece.gains] for piece in plan.pieces] == [[-3.0, -9.0], [-6.0]]
    assert [word for word in ("easeIn", "Reverb", "nested") for says in plan.warnings if word in says] == ["easeIn", "Reverb", "nested"]


def test_a_crossfade_reaches_into_both_sounds_and_keeps_their_power(a: Path, media: dict[str, Path]) -> None:
    sound = [clip(a, Fraction(1, 2), Fraction(1, 2), R), dissolve(2 / R, 2 / R, R, name="Audio Crossfade"), clip(a, Fraction(2), Fraction(1, 2), R)]
    plan = planned(cut(R, [[clip(a, Fraction(0), Fraction(1), R)]], [sound]), media)
    first, second = plan.pieces
    assert (first.first, first.length, first.source) == (0, 24_000 + 3_840, 24_000)
    assert (second.first, second.length, second.source) == (24_000 - 3_840, 24_000 + 3_840, 96_000 - 3_840)
    assert first.fades == (Fade(first=20_160, length=7_680, way="fall"),)
    assert second.fades == (Fade(first=20_160, length=7_680, way="rise"),)


def test_a_microphone_of_its_own_stays_in_the_centre(media: dict[str, Path], a: Path, tmp_path: Path) -> None:
    mono = tmp_path / "boom.wav"
    bwf.write(mono, np.full((1, 48_000), 0.25, np.float32), rate_hz=48_000)
    plan = planned(cut(R, [[clip(a, Fraction(0), Fraction(1), R)]], [[clip(mono, Fraction(0), Fraction(1), R)]]), {**media, "boom.wav": mono})
    render(plan, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "scratch")
    _, heard = film(tmp_path / "film.mkv")
    assert (heard == 2**21).all()


def test_only_the_channels_that_were_heard_on_set_are_played(a: Path, media: dict[str, Path], tmp_path: Path) -> None:
    plan = planned(cut(R, [[clip(a, Fraction(0), Fraction(1), R)]], [[clip(a, Fraction(0), Fraction(1), R)]]), media, channels={"R003.mov": [2]})
    render(plan, FFV1, tmp_path / "film.mkv", scratch=tmp_path / "scratch")
    _, heard = film(tmp_path / "film.mkv")
    assert (heard == 3).all()  # its second channel is the medium's number


def test_a_sound_that_is_not_there_is_an_error_and_not_silence(rushes: list[Rush], media: dict[str, Path]) -> None:
    mute = rushes[-1].path
    with pytest.raises(DeliveryError, match="has no sound, but the cut plays it at item 1 of A1"):
        planned(cut(R, [[clip(mute, Fraction(0), Fraction(1), R)]], [[clip(mute, Fraction(0), Fraction(1), R)]]), media)


# ---- framing


def test_a_hero_framing_fills_the_shape_it_was_set_for(home: Path) -> None:
    wide = rush(home / "wide.mov", 1, frames=10, rate=R, size=(320, 180))
    framing = Framing(item=1, version="", file="wide.mov", start=2, end=8, rate=(25, 1), size=(320, 180), paths={"9:16": (Key(frame=2, x=0.25, y=0.5), Key(frame=7, x=0.75, y=0.5))})
    timeline = cut(R, [[clip(wide, Fraction(0), 10 / R, R)]])
    plan = conform(timeline, {"wide.mov": wide}, rate=R, size=(90, 160), framing=[framing])
    boxes = [mix[0][1].box for mix in plan.frames]
    assert boxes[:2] == [None, None]
    assert boxes[8:] == [None, None]
    assert [round(box[0] + box[2] / 2, 2) for box in boxes[2:8] if box] == [0.25, 0.35, 0.45, 0.55, 0.65, 0.75]
    assert conform(timeline, {"wide.mov": wide}, rate=R, size=(160, 90), framing=[framing]).frames[3][0][1].box is None


def test_a_shot_takes_the_framing_of_its_own_range_and_keeps_it_through_a_dissolve(home: Path) -> None:
    wide = rush(home / "wide.mov", 1, frames=40, rate=R, size=(320, 180))
    framings = [
        Framing(version="tall", file="wide.mov", start=start, end=end, rate=(25, 1), size=(320, 180), paths={"9:16": (Key(frame=start, x=x, y=0.5),)})
        for start, end, x in ((0, 20, 0.2), (5, 25, 0.8))
    ]
    first, second = clip(wide, Fraction(0), 20 / R, R), clip(wide, 5 / R, 20 / R, R)
    plan = conform(cut(R, [[first, dissolve(2 / R, 2 / R, R), second]]), {"wide.mov": wide}, rate=R, size=(90, 160), framing=framings)
    middles = [{round(still.box[0] + still.box[2] / 2, 2) for _, still in mix if still.box} for mix in plan.frames]
    assert middles[:18] == [{0.2}] * 18
    assert middles[22:] == [{0.8}] * 18
    assert middles[18:22] == [{0.2, 0.8}] * 4


def test_media_are_found_by_their_seal_before_their_name(a: Path, b: Path) -> None:
    one = clip(a, Fraction(0), 5 / R, R)
    known = info(one.media_reference, Media)
    assert known is not None
    attach(one.media_reference, Media(**{**known.__dict__, "digest": "blake3:" + "1" * 64}))
    plan = planned(cut(R, [[one]]), {"R003.mov": b, "blake3:" + "1" * 64: a})
    assert plan.media["blake3:" + "1" * 64].path == a
