"""Level after encoding: what the machine assembled stands where the spec asks for it, by FFmpeg's own meter; a person's mix is not touched."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from answerprint.delivery import levelling
from answerprint.delivery.conform import conform, mixed
from answerprint.delivery.loudness import measure, offer
from answerprint.delivery.plan import Plan
from answerprint.delivery.qc import check
from answerprint.delivery.render import render
from answerprint.model.delivery import Card, Loudness, PictureSpec, Rendered, SoundSpec, Spec
from tests.delivery.films import Film, levelled, sound
from tests.delivery.rushes import RATE_HZ, clip, cut, rush
from tests.delivery.test_loudness import EU, found, golden

R = Fraction(25)
SECONDS = 6
SIZE = (64, 48)
US = Loudness(target_lufs=-24.0, tolerance_lu=2.0, true_peak_dbtp=-2.0)
WEB = Loudness(target_lufs=-14.0, tolerance_lu=2.0, true_peak_dbtp=-1.0, binding=False)
CODED = {"aac": (SoundSpec(codec="aac", bit_rate=192_000), "mp4"), "low": (SoundSpec(codec="aac", bit_rate=64_000), "mp4"), "pcm": (SoundSpec(codec="pcm_s24le"), "mov"), "mxf": (SoundSpec(codec="pcm_s24le"), "mxf")}


def asked(which: str, loudness: Loudness, **given: Any) -> Spec:
    coded, container = CODED[which]
    picture = PictureSpec(codec="mpeg2video", pixel_format="yuv422p", options={"b": "2M"}) if container == "mxf" else PictureSpec(codec="libx264", options={"preset": "ultrafast"})
    return Spec(
        name="house", title="The house", source="the tests", dated="2026-11-22", container=container, picture=picture, sound=dataclasses.replace(coded, loudness=loudness), **given,
    )  # fmt: skip


def wave(path: Path, samples: np.ndarray) -> Path:
    """float, shape (2, n), as 24 bits."""
    with av.open(str(path), "w") as out:
        track: Any = out.add_stream("pcm_s24le", rate=RATE_HZ, layout="stereo")
        whole = np.clip(np.rint(samples.T * 2**23), -(2**23), 2**23 - 1).astype(np.int32) << 8
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole.reshape(1, -1)), format="s32", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
        out.mux(track.encode(frame))
        out.mux(track.encode(None))
    return path


def scene(kind: str, *, peak_db: float | None = None, gain_db: float = 0.0) -> np.ndarray:
    made = sound(Film(frames=SECONDS * 25, music=kind)) * 10 ** (gain_db / 20)
    return made if peak_db is None else made / np.abs(made).max() * 10 ** (peak_db / 20)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rush(tmp_path_factory.mktemp("rushes") / "A.mov", 1, frames=SECONDS * 25, rate=R, size=SIZE, sound=False)


def plan(picture: Path, heard: Path) -> Plan:
    shots = [clip(picture, Fraction(0), Fraction(SECONDS), R)]
    return conform(cut(R, [shots], [[clip(heard, Fraction(0), Fraction(SECONDS), R)]]), {one.name: one for one in (picture, heard)}, rate=R, size=SIZE)


def made(film: Plan, spec: Spec, home: Path) -> Rendered:
    return render(film, spec, home / f"film.{spec.container}", scratch=home / "s")


@pytest.mark.parametrize(
    ("coded", "kind", "gain_db", "loudness"),
    [("aac", "song", -12.0, EU), ("aac", "speech", 3.0, EU), ("low", "drums", -9.0, US), ("low", "speech", -10.0, EU), ("pcm", "song", 2.0, EU), ("mxf", "speech", -3.0, US)],
)
def test_what_the_machine_assembled_is_within_a_fifth_of_a_unit_and_under_its_ceiling(coded: str, kind: str, gain_db: float, loudness: Loudness, picture: Path, tmp_path: Path) -> None:
    rendered = made(plan(picture, wave(tmp_path / "T1.wav", scene(kind, gain_db=gain_db))), asked(coded, loudness), tmp_path)
    if coded == "mxf":  # two streams of one channel: FFmpeg's command measures one; ours is held to it elsewhere
        integrated, peak = measure(Path(rendered.path))[:2]
    else:
        integrated, peak, _ = golden(Path(rendered.path))
    assert abs(integrated - loudness.target_lufs) <= 0.2
    assert peak <= loudness.true_peak_dbtp
    assert rendered.levelled_db is not None
    assert not rendered.mix
    assert rendered.warnings == ()


def test_where_the_peaks_forbid_it_the_nearest_level_is_taken_and_said(picture: Path, tmp_path: Path) -> None:
    shots = scene("song", gain_db=-20.0)
    shots[:, 100_000:100_200] += 0.5 * np.sin(np.arange(200) * 0.3)
    for coded in ("aac", "low"):
        rendered = made(plan(picture, wave(tmp_path / "T1.wav", shots)), asked(coded, WEB), tmp_path)
        integrated, peak, _ = golden(Path(rendered.path))
        assert integrated < WEB.target_lufs - 1
        assert WEB.true_peak_dbtp - 0.3 <= peak <= WEB.true_peak_dbtp
        (says,) = rendered.warnings
        assert says == f"the cutting room's sound stands at {integrated:.1f} LUFS and not at -14.0: there its peaks reach -1.0 dBTP. Have it mixed."


def test_it_is_one_gain_and_nothing_else(picture: Path, tmp_path: Path) -> None:
    heard = wave(tmp_path / "T1.wav", scene("song", gain_db=-6.0))
    spec = asked("pcm", EU)
    before = made(plan(picture, heard), dataclasses.replace(spec, sound=CODED["pcm"][0]), tmp_path)
    plain = samples(Path(before.path))
    after = made(plan(picture, heard), spec, tmp_path)
    louder = samples(Path(after.path))
    assert before.levelled_db is None
    assert np.abs(louder - plain * 10 ** ((after.levelled_db or 0) / 20)).max() <= 1


def samples(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().reshape(-1, 2).T >> 8 for frame in container.decode(audio=0)], axis=1).astype(np.float64)


@pytest.mark.parametrize("heard", ["right", "silent"])
def test_sound_that_is_right_already_and_silence_are_left_as_they_are(heard: str, picture: Path, tmp_path: Path) -> None:
    song = scene("song")
    film = plan(picture, wave(tmp_path / "T1.wav", levelled(song, EU.target_lufs) if heard == "right" else np.zeros_like(song)))
    rendered = made(film, asked("pcm", EU), tmp_path)
    assert rendered.levelled_db is None
    assert (samples(Path(rendered.path)) == samples(tmp_path / "T1.wav")).all()


def test_it_is_encoded_four_times_at_most(picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A meter that never agrees."""
    calls = []
    monkeypatch.setattr(levelling, "measure", lambda path, from_s: calls.append(path) or found(-30.0, peak=-20.0, short=-29.0))
    made(plan(picture, wave(tmp_path / "T1.wav", scene("song"))), asked("aac", EU), tmp_path)
    assert len(calls) == 4


def test_rendered_again_somewhere_else_it_has_the_same_gain_and_the_same_seal(picture: Path, tmp_path: Path) -> None:
    film, spec = plan(picture, wave(tmp_path / "T1.wav", scene("speech", gain_db=-7.0))), asked("low", EU)
    one, other = (render(film, spec, tmp_path / f"{name}.mp4", scratch=tmp_path / name) for name in ("one", "other"))
    assert (one.levelled_db, one.essence) == (other.levelled_db, other.essence)


def test_a_line_up_tone_before_the_film_is_no_part_of_its_loudness(picture: Path, tmp_path: Path) -> None:
    head = (Card(what="bars", frames=100, sound="tone"), Card(what="black", frames=25))
    spec = asked("pcm", EU, head=head)
    rendered = made(plan(picture, wave(tmp_path / "T1.wav", scene("song", gain_db=-8.0))), spec, tmp_path)
    assert abs(measure(Path(rendered.path), from_s=Fraction(5)).integrated_lufs - EU.target_lufs) <= 0.2
    assert measure(Path(rendered.path)).integrated_lufs > EU.target_lufs + 1
    assert "loudness" not in {one.check for one in check(Path(rendered.path), spec, expected=rendered)}


# ---- a person's mix


@pytest.mark.parametrize("off_lu", [0.0, 0.4, -0.4])
def test_a_mix_inside_the_tolerance_comes_out_sample_for_sample(off_lu: float, picture: Path, tmp_path: Path) -> None:
    mix = wave(tmp_path / "mix.wav", levelled(scene("song"), EU.target_lufs + off_lu))
    film = mixed(plan(picture, wave(tmp_path / "T1.wav", scene("speech"))), mix)
    rendered = made(film, asked("pcm", EU), tmp_path)
    assert (samples(Path(rendered.path)) == samples(mix)).all()
    assert (rendered.mix, rendered.levelled_db) == (True, None)
    assert not {"loudness", "true peak"} & {one.check for one in check(Path(rendered.path), asked("pcm", EU), expected=rendered)}


def test_a_mix_outside_is_not_altered_but_one_gain_is_offered_with_its_figure(picture: Path, tmp_path: Path) -> None:
    mix = wave(tmp_path / "mix.wav", levelled(scene("song"), -20.0))
    film = mixed(plan(picture, wave(tmp_path / "T1.wav", scene("speech"))), mix)
    rendered = made(film, asked("pcm", EU), tmp_path)
    assert (samples(Path(rendered.path)) == samples(mix)).all()
    (says,) = [one.says for one in check(Path(rendered.path), asked("pcm", EU), expected=rendered) if one.check == "loudness"]
    assert says == "the programme is 3.0 LU too loud; one gain of -3.0 dB would bring it to -23.0 LUFS, if its mixer takes it"
    taken = made(mixed(plan(picture, tmp_path / "T1.wav"), mix, gain_db=-3.0), asked("pcm", EU), tmp_path)
    assert (taken.mix, taken.levelled_db) == (True, -3.0)
    assert np.abs(samples(Path(taken.path)) - samples(mix) * 10 ** (-3 / 20)).max() <= 1
    assert "loudness" not in {one.check for one in check(Path(taken.path), asked("pcm", EU), expected=taken)}


def test_a_mix_that_no_gain_can_help_goes_back_to_the_mixer() -> None:
    assert offer(found(-30.0, peak=-3.0), EU) == "no single gain brings it there: it goes back to the mixer"
    assert offer(found(-30.0, peak=-12.0, short=-26.0), EU) == "one gain of +7.0 dB would bring it to -23.0 LUFS, if its mixer takes it"


def test_what_goes_into_an_encoder_is_the_mix_and_not_a_levelled_one(picture: Path, tmp_path: Path) -> None:
    mix = wave(tmp_path / "mix.wav", levelled(scene("song"), -18.0))
    rendered = made(mixed(plan(picture, wave(tmp_path / "T1.wav", scene("speech"))), mix), asked("aac", EU), tmp_path)
    assert rendered.levelled_db is None
    assert golden(Path(rendered.path))[0] == pytest.approx(-18.0, abs=0.2)
