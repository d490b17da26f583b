"""The speech model hears what was said and nothing else, the same every time; known text fits the sound it was spoken in."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest

from answerprint.media import MediaError, speech, whisper
from answerprint.signal.voice import inside
from answerprint.tasks.transcript import hear
from bench.spoken import Speaker, Spoken, errors, plain, resampled

LINES = ("Some people run toward the storm. We build jackets for them.", "Every bottle holds three years of patience and one good summer.")


@pytest.fixture(scope="module")
def lines() -> list[Spoken]:
    speaker = Speaker()
    said = [speaker.say(line) for line in LINES]
    assert all(one is not None for one in said)
    return [one for one in said if one is not None]


@pytest.fixture(scope="module")
def ear() -> speech.Listener:
    return speech.listener("", 1)


def test_a_line_is_heard_with_its_words_on_their_edges(ear, lines):
    for one in lines:
        heard = hear(ear, one.samples)
        assert [word for said in heard.words for word in plain(said.text)] == plain(one.text)
        away = [abs(word.start_s - start_s) for word, (_, start_s, _) in zip(heard.words, one.words, strict=True)]
        assert np.median(away) < 0.08
        assert np.quantile(away, 0.95) < 0.2
        assert all(word.end_s <= end_s + 0.2 for word, (*_, end_s) in zip(heard.words, one.words, strict=True))
        assert all(0 <= word.probability <= 1 and word.voice_share > 0.5 for word in heard.words)
        assert heard.set_aside == ()


def test_the_same_sound_gives_the_same_words(lines):
    twice = [hear(speech.Listener(whisper.model_folder(), threads=1), lines[0].samples) for _ in range(2)]
    assert twice[0] == twice[1]


def test_what_is_left_of_the_models_window_is_silence(ear):
    said = np.random.default_rng(6).normal(0, 0.1, 3 * speech.RATE_HZ).astype(np.float32)
    extractor = ear.model.loaded.feature_extractor
    for level in (1.0, 1e-3, 0.0):
        in_silence = extractor(np.pad(level * said, (0, 27 * speech.RATE_HZ)))[:, :3000]
        filled = whisper.filled(extractor(level * said)[:, :300], 3000)
        assert filled.shape == in_silence.shape
        reach = [at for at in range(3000) if not 298 <= at < 303]  # the frames that lie over the seam
        assert np.allclose(filled[:, reach], in_silence[:, reach], atol=1e-4)
    assert whisper.filled(np.zeros((80, 3100), np.float32), 3000).shape == (80, 3000)


def test_weighing_a_text_changes_nothing_that_is_heard(lines):
    ear = speech.Listener(whisper.model_folder(), threads=1)
    before = hear(ear, lines[0].samples)
    ear.score(lines[0].samples, lines[1].text, (0.0, len(lines[0].samples) / speech.RATE_HZ))
    assert hear(ear, lines[0].samples) == before
    assert ear.score(lines[0].samples, lines[0].text, (0.0, 1.5)) == speech.Listener(whisper.model_folder(), threads=1).score(
        lines[0].samples, lines[0].text, (0.0, 1.5)
    )


def test_known_text_fits_its_own_sound_and_no_other(ear, lines):
    for one, other in zip(lines, reversed(lines), strict=True):
        span = (0.0, len(one.samples) / speech.RATE_HZ)
        assert ear.score(one.samples, one.text, span) > 0.6
        assert ear.score(one.samples, other.text, span) < 0.2
        found = ear.align(one.samples, one.text, [span])
        assert [word for word, *_ in found] == one.text.split()
        assert all(start_s <= end_s for _, start_s, end_s, _ in found)
        assert np.mean([likely for *_, likely in found]) > 0.6


def test_a_changed_word_stands_out_by_its_probability(ear, lines):
    changed = lines[1].text.replace("three", "nine")
    found = {word: likely for word, _, _, likely in ear.align(lines[1].samples, changed, [(0.0, len(lines[1].samples) / speech.RATE_HZ)])}
    assert found["nine"] < 0.1 < found["bottle"]


def test_the_likelihood_of_a_text_falls_with_every_word_that_was_not_said(ear, lines):
    said, span = lines[1], (0.0, len(lines[1].samples) / speech.RATE_HZ)
    fits = [ear.likelihood(said.samples, text, span) for text in (said.text, said.text.replace("three", "nine"), lines[0].text)]
    assert fits == sorted(fits, reverse=True)
    assert fits[0] - fits[1] > 2.0
    assert ear.likelihood(said.samples, "", span) == 0.0


def test_a_led_listener_with_few_words_writes_no_other(ear, lines):
    only = frozenset(("Every", "bottle", "holds", "two", "three", "nine", "years"))
    span = (0.0, len(lines[1].samples) / speech.RATE_HZ)
    found = ear.guesses(lines[1].samples, span, "Every bottle holds nine years.", only=only)
    assert found == sorted(found, key=lambda one: -one[1])
    written = {word.strip(",.").lower() for text, _ in found for word in text.split()}
    assert written - {""} <= {word.lower() for word in only}
    assert "three" in found[0][0].lower()


def test_a_series_of_one_line_is_heard_attempt_by_attempt(ear, lines):
    gap = np.zeros(round(0.9 * speech.RATE_HZ), np.float32)
    heard = hear(ear, np.concatenate([lines[0].samples, gap] * 5))
    said = [word for one in heard.words for word in plain(one.text)]
    assert errors(plain(lines[0].text) * 5, said) <= 3
    assert said.count("storm") == 5


def test_a_long_take_is_heard_in_pieces_of_half_a_window_and_no_voice_is_left_out(ear, lines, monkeypatch):
    take = np.concatenate([one.samples for one in [*lines] * 3])
    given = []
    monkeypatch.setattr(ear, "decode", lambda samples, pieces, *rest: given.extend(pieces) or [])
    heard = hear(ear, take)
    assert len(given) > 1
    assert all(end_s - start_s <= speech.WINDOW_S / 2 for start_s, end_s in given)
    assert all(end_s <= start_s for (_, end_s), (start_s, _) in itertools.pairwise(given))
    for start_s, end_s in heard.voice:
        assert inside(given, start_s, end_s) > 0.99


def test_a_long_take_is_divided_and_its_text_laid_over_the_pieces(ear, lines):
    gap = np.zeros(20 * speech.RATE_HZ, np.float32)
    take = np.concatenate([lines[0].samples, gap, lines[1].samples])
    late_s = (len(lines[0].samples) + len(gap)) / speech.RATE_HZ
    heard = hear(ear, take)
    assert errors(plain(" ".join(LINES)), [word for one in heard.words for word in plain(one.text)]) <= 1
    words = [(word.start_s, word.end_s, word.text) for word in heard.words]
    found = ear.align(take, " ".join(LINES), [(0.0, 20.0), (late_s - 0.3, len(take) / speech.RATE_HZ)], words)
    assert [word for word, *_ in found] == " ".join(LINES).split()
    assert all(start_s >= late_s - 0.31 for word, start_s, *_ in found[len(LINES[0].split()) :])
    with pytest.raises(MediaError, match="no words heard"):
        ear.align(take, LINES[0], [(0.0, 20.0), (20.0, 30.0)])
    with pytest.raises(MediaError, match="at a time"):
        ear.score(take, LINES[0], (0.0, 30.5))


@pytest.mark.parametrize("level_db", [-20, -60])
def test_room_tone_and_a_melody_hold_no_words(ear, level_db):
    rng = np.random.default_rng(1)
    at = np.arange(20 * speech.RATE_HZ) / speech.RATE_HZ
    tune = np.sin(2 * np.pi * np.cumsum(np.repeat(rng.choice([262, 330, 392, 440, 523], 50), 6400)) / speech.RATE_HZ) * np.exp(-3 * (at % 0.4))
    for sound in (rng.normal(0, 1, len(at)), tune):
        heard = hear(ear, (sound * 10 ** (level_db / 20)).astype(np.float32))
        assert heard.words == ()


def test_words_over_silence_are_set_aside_and_kept_in_the_raw_pass(ear, lines, monkeypatch):
    silence = np.random.default_rng(2).normal(0, 1e-4, 12 * speech.RATE_HZ).astype(np.float32)
    take = np.concatenate([lines[0].samples, silence])
    end_s = len(lines[0].samples) / speech.RATE_HZ
    ghost = speech.Token(text="Thanks.", start_s=end_s + 5, end_s=end_s + 6, probability=0.9)
    decode = ear.decode

    def haunted(*given):
        last = decode(*given)
        return [*last, speech.Phrase(
            start_s=ghost.start_s, end_s=ghost.end_s, text="Thanks.", words=(ghost,), log_probability=-0.1, compression=1.0, no_speech=0.1
        )]  # fmt: skip

    monkeypatch.setattr(ear, "decode", haunted)
    heard = hear(ear, take)
    assert [word for said in heard.words for word in plain(said.text)] == plain(LINES[0])
    assert [(one.text, "no voice" in one.why) for one in heard.set_aside] == [("Thanks.", True)]
    assert heard.raw[-1].text == "Thanks."


def test_nothing_to_hear(ear):
    assert hear(ear, np.zeros(0, np.float32)).raw == ()
    assert hear(ear, np.zeros(200, np.float32)).words == ()
    assert hear(ear, np.zeros(40000, np.float32), [(0.5, 1.0)]).words == ()
    with pytest.raises(MediaError, match="one channel"):
        ear.voice(np.zeros((2, 512), np.float32))
    with pytest.raises(MediaError, match="finite"):
        ear.voice(np.full(512, np.inf, np.float32))


def test_another_model_is_a_folder_and_another_digest(tmp_path):
    with pytest.raises(MediaError, match=r"model\.bin"):
        whisper.model_folder(str(tmp_path))
    own = tmp_path / "model"
    shutil.copytree(whisper.model_folder(), own)
    assert whisper.model_digest(str(own)) == whisper.model_digest()
    (own / "config.json").write_text((own / "config.json").read_text() + " ")
    assert whisper.model_digest(str(own)) != whisper.model_digest()
    (own / "model.bin").write_bytes(b"not a model")
    broken = speech.Listener(Path(own))
    assert broken.voice(np.zeros(1024, np.float32)).max() < 0.1  # no model is loaded to hear whether somebody speaks
    with pytest.raises(MediaError, match="does not load"):
        broken.score(np.zeros(speech.RATE_HZ, np.float32), "Morning.", (0.0, 1.0))


def test_the_voice_that_measures_us_is_in_step_with_its_own_sound(lines):
    for one in lines:
        first_s, last_s = one.words[0][1], one.words[-1][2]
        loud = np.flatnonzero(np.abs(one.samples) > 0.02) / speech.RATE_HZ
        assert abs(loud[0] - first_s) < 0.1
        assert abs(loud[-1] - last_s) < 0.1
    assert len(resampled(np.zeros(22050, np.float32), 22050)) == 16000
