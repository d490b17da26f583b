"""Words begin and end where the sound does; cuts fall where nobody speaks; repetition that nobody spoke is found."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from answerprint.signal import SignalError
from answerprint.signal.edges import cut_points, profile, refine
from answerprint.signal.voice import inside, pieces, repeats, share, spans

RATE_HZ = 16000
HOP_S = 0.032


def spoken(places: list[tuple[float, float]], seconds: float, *, floor: float = 0.001, seed: int = 0) -> np.ndarray:
    """Stretches of a buzzing, hissing sound in a quiet room."""
    rng = np.random.default_rng(seed)
    out = rng.normal(0, floor, int(seconds * RATE_HZ))
    for number, (start_s, end_s) in enumerate(places):
        at = np.arange(round(start_s * RATE_HZ), round(end_s * RATE_HZ))
        pitch = 110 + 40 * (number % 4)
        out[at] += 0.1 * np.sign(np.sin(2 * np.pi * pitch * at / RATE_HZ)) + rng.normal(0, 0.02 * (1 + number % 3), len(at))
    return out.astype(np.float32)


TRUTH = [(0.8, 1.1), (1.3, 1.75), (2.9, 3.2), (3.45, 3.9)]
TEXTS = ["one", "seven", "ten", "fifty"]


def test_starts_move_to_the_sound_and_ends_leave_the_silence():
    rough = [(0.0, 1.15, "one"), (1.15, 1.8, "seven"), (1.8, 3.3, "ten"), (3.3, 3.95, "fifty")]
    found = refine(rough, profile(spoken(TRUTH, 5.0), rate_hz=RATE_HZ))
    for edge, (start_s, end_s) in zip(found, TRUTH, strict=True):
        assert abs(edge.start_s - start_s) <= 0.03
        assert abs(edge.end_s - end_s) <= 0.04
        assert edge.sharpness_db > 10


@pytest.mark.parametrize("seed", range(8))
def test_no_word_crosses_its_neighbour_whatever_the_model_says(seed):
    rng = np.random.default_rng(seed)
    starts = np.sort(rng.uniform(0, 6, 14))
    rough = [(float(start_s), float(start_s + rng.uniform(0, 2)), "word" * int(rng.integers(1, 3))) for start_s in starts]
    places = [(float(start_s), float(start_s) + 0.15) for start_s in np.sort(rng.uniform(0, 5.5, 6))]
    found = refine(rough, profile(spoken(places, 6.0, seed=seed), rate_hz=RATE_HZ))
    assert len(found) == len(rough)
    assert all(edge.start_s < edge.end_s for edge in found)
    assert all(one.end_s <= two.start_s + 1e-9 for one, two in itertools.pairwise(found))


def test_a_long_pause_belongs_to_no_word():
    found = refine([(0.4, 0.9, "roll"), (0.9, 21.3, "action")], profile(spoken([(0.5, 0.9), (20.8, 21.3)], 22.0), rate_hz=RATE_HZ))
    assert found[0].end_s < 1.0
    assert abs(found[1].start_s - 20.8) <= 0.03


def test_loudness_moves_no_edge():
    sound = spoken(TRUTH, 5.0)
    rough = [(0.7, 1.2, "one"), (1.2, 1.8, "seven"), (1.8, 3.3, "ten"), (3.3, 3.95, "fifty")]
    assert refine(rough, profile(sound, rate_hz=RATE_HZ)) == refine(rough, profile(sound / 4, rate_hz=RATE_HZ))


def test_no_words_no_sound_and_no_numbers():
    assert refine([], profile(spoken(TRUTH, 5.0), rate_hz=RATE_HZ)) == []
    nothing = profile(np.zeros(0, np.float32), rate_hz=RATE_HZ)
    assert refine([(0.0, 1.0, "word")], nothing)[0].start_s == 0.0
    with pytest.raises(SignalError, match="one channel"):
        profile(np.zeros((2, 100), np.float32), rate_hz=RATE_HZ)
    with pytest.raises(SignalError, match="not numbers"):
        profile(np.full(4000, np.nan, np.float32), rate_hz=RATE_HZ)


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(60000, 1001)])
def test_a_cut_leaves_four_frames_before_the_first_sound_and_eight_after_the_last(rate):
    heard = profile(spoken([(2.0, 3.0)], 6.0), rate_hz=RATE_HZ)
    cut = cut_points(2.0, 3.0, heard, rate=rate)
    assert (cut.head_frames, cut.tail_frames, cut.clean) == (4, 8, True)
    assert 0 <= 2 - (cut.in_frame + 4) / rate < 1 / rate + Fraction(3, 100)
    assert 0 <= (cut.out_frame - 8) / rate - 3 < 1 / rate + Fraction(4, 100)


def test_a_cut_leaves_less_where_a_neighbour_speaks_and_says_so():
    heard = profile(spoken([(1.0, 1.9), (2.1, 3.0), (3.15, 4.0)], 5.0), rate_hz=RATE_HZ)
    cut = cut_points(2.1, 3.0, heard, rate=Fraction(25), before_s=1.9, after_s=3.15)
    assert 1.9 <= cut.in_frame / 25 <= 2.1
    assert 3.0 <= cut.out_frame / 25 <= 3.16
    assert cut.head_frames < 4
    assert cut.tail_frames < 8
    assert cut.clean


def test_a_cut_in_running_speech_is_not_called_clean():
    heard = profile(spoken([(1.0, 4.0)], 5.0), rate_hz=RATE_HZ)
    cut = cut_points(2.02, 3.01, heard, rate=Fraction(25), before_s=1.9, after_s=3.05)
    assert not cut.clean


def test_voice_spans_ignore_a_blip_and_bridge_a_breath():
    voice = np.zeros(200, np.float32)
    voice[20] = 0.9
    voice[50:80] = 0.9
    voice[84:110] = 0.8
    assert spans(voice, hop_s=HOP_S) == [(1.6, 3.52)]
    assert spans(np.zeros(0, np.float32), hop_s=HOP_S) == []
    assert share(voice, 1.7, 2.4, hop_s=HOP_S) == 1.0
    assert share(voice, 4.5, 5.0, hop_s=HOP_S) == 0.0
    assert inside([(1.0, 2.0), (3.0, 4.0)], 1.5, 3.5) == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(6))
def test_pieces_hold_all_voice_and_cut_none_of_it(seed):
    rng = np.random.default_rng(seed)
    voice, at = np.zeros(9000, np.float32), 30
    while at < 8600:
        size = int(rng.integers(10, 250))
        voice[at : at + size] = 0.95
        at += size + int(rng.integers(20, 300))
    found = pieces(voice, hop_s=HOP_S, longest_s=28.0)
    assert all(0 < end_s - start_s <= 28.0 + 1e-6 for start_s, end_s in found)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(found))
    for start_s, end_s in spans(voice, hop_s=HOP_S):
        assert any(first_s <= start_s and end_s <= last_s for first_s, last_s in found)


def test_somebody_who_never_pauses_is_divided_where_voice_is_thinnest():
    voice = np.full(2000, 0.95, np.float32)
    voice[700] = voice[701] = 0.5
    found = pieces(voice, hop_s=HOP_S, longest_s=28.0)
    assert abs(found[0][1] - 700 * HOP_S) < 0.1
    assert found[-1][1] == pytest.approx(64.0)


def test_what_a_model_repeats_too_fast_to_be_spoken_is_found_and_real_repetition_stays():
    loop = [(1.0 + 0.04 * at, 1.04 + 0.04 * at, word) for at, word in enumerate("thank you for".split() * 6)]
    found = repeats([(0.0, 0.5, "Cut."), *loop])
    assert sorted(found) == list(range(4, 19))
    assert "6 times over" in found[4]
    squeezed = [(0.0, 0.3, "being"), (0.3, 0.9, "comparatively"), (0.9, 1.4, "modern,"), (1.9, 1.92, "being"), (1.92, 1.92, "comparatively")]
    squeezed += [(1.92, 2.0, "modern,"), (2.0, 2.3, "being"), (2.3, 2.9, "comparatively"), (2.9, 3.4, "modern.")]
    assert sorted(repeats(squeezed)) == [3, 4, 5]
    assert repeats([(at * 0.4, at * 0.4 + 0.3, "No,") for at in range(6)]) == {}
    series = [(at * 0.3, at * 0.3 + 0.25, word) for at, word in enumerate("some people run toward the storm".split() * 4)]
    assert repeats(series) == {}
