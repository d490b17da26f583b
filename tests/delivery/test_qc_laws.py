"""Laws of single checks, on arrays and on films made for them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from answerprint.delivery import DeliveryError
from answerprint.delivery.captions import read
from answerprint.delivery.qc import examine
from answerprint.delivery.qc.captions import beside
from answerprint.delivery.qc.flash import GRID, Flashes, harmful
from answerprint.delivery.tracks import Tracks, blocks
from answerprint.media import MediaError
from answerprint.media.probe import probe
from answerprint.model.delivery import Essence, Rendered
from answerprint.model.records import AudioStream
from tests.delivery.films import RATE_HZ, Film, tv, web_film, write


def turns(lumas: list[int], *, share: float = 1.0, blue: int = 128, red: int = 128) -> tuple[np.ndarray, np.ndarray]:
    """What the flash meter says of flat fields, on a share of the picture."""
    meter, seen = Flashes(), []
    for luma in lumas:
        cells = np.full((*GRID, 3), 128.0, np.float32)
        cells[..., 0] = 60
        cells[:, : round(share * GRID[1])] = (luma, blue if luma > 35 else 128, red if luma > 35 else 128)
        seen.append(meter.see(cells))
    both = np.array(seen, np.int16)
    return both[:, 0], both[:, 1]


# ---- flashes


def test_three_flashes_in_a_second_are_let_be_and_four_are_not() -> None:
    three, four = ([30] * 3 + [200] * 3) * 3 + [30] * 8, ([30] * 3 + [200] * 3) * 4 + [30] * 8
    assert harmful(turns(three)[0], 25) == []
    assert len(harmful(turns(four)[0], 25)) == 1


def test_a_flash_on_less_than_a_quarter_of_the_picture_is_let_be() -> None:
    blinking = [30, 30, 200, 200] * 10
    assert harmful(turns(blinking, share=0.2)[0], 25) == []
    assert harmful(turns(blinking, share=0.3)[0], 25)


def test_a_change_below_20_candelas_is_no_flash() -> None:
    """Code 130 is 46 cd/m2 and code 145 is 62 on a screen of 200 cd/m2; code 160 is 80."""
    assert not turns([130, 130, 145, 145] * 10)[0].any()
    assert turns([130, 130, 160, 160] * 10)[0].any()


def test_between_bright_pictures_there_is_no_flash() -> None:
    """Above 160 cd/m2 in the darker picture (code 217) nothing counts."""
    assert not turns([219, 219, 235, 235] * 10)[0].any()


def test_a_slow_fade_is_one_change_however_many_frames_it_takes() -> None:
    up = list(range(30, 210, 6))
    assert np.count_nonzero(turns(up)[0]) == 1
    assert harmful(turns((up + up[::-1]) * 4)[0], 25) == []


def test_saturated_red_flashes_at_any_brightness() -> None:
    """9 cd/m2 of red: no flash of brightness."""
    bright, red = turns([16, 16, 40, 40] * 10, blue=115, red=185)
    assert harmful(red, 25)
    assert harmful(bright, 25) == []


def test_a_faster_rate_does_not_change_what_a_second_is() -> None:
    slow = ([30] * 10 + [200] * 10) * 6
    assert harmful(turns(slow)[0], 25) == []
    assert harmful(turns(slow)[0], 100)


# ---- captions


def test_subrip_and_webvtt_say_the_same() -> None:
    srt, wrong = read("\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\nHallo\r\nthere\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n")
    vtt, also = read("WEBVTT\n\nNOTE a remark\n\n00:01.000 --> 00:02.500 align:start\nHallo\nthere\n\nlast\n00:00:03.000 --> 00:00:04.000\nBye\n")
    assert srt == vtt
    assert wrong == also == []
    assert srt[0].text == "Hallo\nthere"
    assert srt[0].end_s == Fraction(5, 2)


def test_a_caption_that_cannot_be_read_is_said_and_the_others_stand() -> None:
    cues, wrong = read("1\nsoon --> later\nA\n\n2\n00:00:03,000 --> 00:00:04,000\nB\n")
    assert len(cues) == 1
    assert wrong == ["the times of part 1 cannot be read"]


def test_captions_belong_to_the_film_of_their_name(tmp_path: Path) -> None:
    for name in ("spot.mov", "spot.srt", "spot.de.vtt", "spot_en-GB.srt", "spot_cutdown.srt", "other.srt"):
        (tmp_path / name).write_text("")
    found = beside(tmp_path / "spot.mov")
    assert [path.name for path in found["srt"]] == ["spot.srt", "spot_en-GB.srt"]
    assert [path.name for path in found["vtt"]] == ["spot.de.vtt"]


# ---- sound on its clock


def test_what_is_heard_before_the_first_picture_is_cut_and_what_is_late_is_silent(tmp_path: Path) -> None:
    path = write(Film(frames=50, sound_late_s=0.2, suffix=".mov"), tmp_path)
    joined = np.concatenate(list(blocks(path, probe(path))), axis=1)
    assert not joined[:, : round(0.19 * RATE_HZ)].any()
    assert joined[:, round(0.21 * RATE_HZ) :].any()


def test_trembling_stamps_are_no_holes_and_a_jump_is_one() -> None:
    import av

    stream = AudioStream(index=0, codec="vorbis", rate_hz=48_000, channels=1, duration_s=Fraction(1))
    tracks, out = Tracks((stream,), zero_s=Fraction(0)), []
    at = 0
    for number in range(100):
        at += 240 + (4800 if number == 60 else 0)
        frame = av.AudioFrame.from_ndarray(np.full((1, 240), 0.5, np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.time_base = 48_000, Fraction(1, 1000)
        frame.pts = (at - 240) // 48 + (number % 3) * 5
        out += list(tracks.push(0, frame))
    out += list(tracks.flush())
    ((index, first_s, end_s),) = tracks.holes
    assert index == 0
    assert float(end_s - first_s) == pytest.approx(0.1, abs=0.02)
    assert np.concatenate(out, axis=1).shape[1] == pytest.approx(28_800, abs=500)


# ---- a film and what was rendered


def rendered(frames: int, rate: Fraction = Fraction(25)) -> Rendered:
    seal = Essence(streams=(), edit="sha256:0", digest="sha256:0")
    return Rendered(path="film.mov", spec="tv-eu", version="master", frames=frames, film_first=0, film_frames=frames, rate=rate, samples=0, essence=seal, inputs=())


def test_a_file_with_other_frames_than_were_rendered_fails(tmp_path: Path) -> None:
    path = write(Film(frames=100), tmp_path)
    assert examine(path, tv(), expected=rendered(100)).findings == ()
    (frames,) = examine(path, tv(), expected=rendered(101)).findings
    assert (frames.check, frames.weight, frames.measured, frames.allowed) == ("frames", "FAIL", "100", "101")
    (rate,) = examine(path, tv(), expected=rendered(100, Fraction(24))).findings
    assert rate.check == "rate"


def test_a_platforms_custom_is_a_warning_and_a_broadcasters_rule_a_fail(tmp_path: Path) -> None:
    path = write(Film(lufs=-30.0), tmp_path)
    eu = tv()
    assert eu.sound is not None
    assert eu.sound.loudness is not None
    custom = replace(eu, sound=replace(eu.sound, loudness=replace(eu.sound.loudness, binding=False)))
    assert [one.weight for one in examine(path, eu).findings if one.check == "loudness"] == ["FAIL"]
    assert [one.weight for one in examine(path, custom).findings if one.check == "loudness"] == ["WARN"]


def test_a_film_turned_by_a_flag_is_said(tmp_path: Path) -> None:
    """The matrix of a track header: a quarter turn, as phones write it (ISO/IEC 14496-12)."""
    path = write(web_film(frames=20), tmp_path)
    whole = bytearray(path.read_bytes())
    upright = b"\0\1\0\0" + b"\0" * 12 + b"\0\1\0\0" + b"\0" * 12 + b"\x40\0\0\0"
    at = whole.find(upright, whole.find(b"tkhd"))
    whole[at : at + 36] = b"\0" * 4 + b"\0\1\0\0" + b"\0" * 4 + b"\xff\xff\0\0" + b"\0" * 16 + b"\x40\0\0\0"
    path.write_bytes(bytes(whole))
    assert "rotation" in {one.check for one in examine(path, None).findings}


def test_what_cannot_be_examined_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="is not there"):
        examine(tmp_path / "nothing.mov", None)
    (tmp_path / "text.mov").write_text("a word")
    with pytest.raises(MediaError, match="it is text"):
        examine(tmp_path / "text.mov", None)
    sound = tmp_path / "mix.wav"
    import av

    with av.open(str(sound), "w") as out:
        track = out.add_stream("pcm_s16le", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 9600), np.int16), format="s16", layout="stereo")
        frame.sample_rate = 48_000
        out.mux(track.encode(frame))
    with pytest.raises(DeliveryError, match="has no picture"):
        examine(sound, None)
