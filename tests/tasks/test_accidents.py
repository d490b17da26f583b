"""Accidents: what one attempt has and the others of its set-up have not, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answerprint.model.accidents import KINDS, Accident
from answerprint.model.attempts import Attempt, Covered, Heard, OffScript, Said
from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Work
from answerprint.model.records import Fact, Facts, MediaInfo, from_plain, to_plain
from answerprint.script.straying import Spoken, ad_libs, changed, pauses, stumbles
from answerprint.signal import jolts, novelty, unscripted, wind
from answerprint.tasks import accidents

LINE = "the house is quiet tonight".split()
RATE_HZ = 16_000


# ---- words


def spoken(said: dict[int, str] | None = None, *, gap: float = 0.0, off: tuple[tuple[str, float], ...] = (), complete: bool = True) -> Spoken:
    """An attempt at one line, a word every half second; `said` are other words at places of the line, `gap` comes before the third."""
    words, heard, at = [], [], 1.0
    for number, script in enumerate(LINE):
        at += gap if number == 2 else 0
        text = (said or {}).get(number, script)
        words.append(Said(how="said" if text == script else "changed", script=script, heard=text, in_s=at, out_s=at + 0.4))
        heard.append(Heard(text=text, in_s=at, out_s=at + 0.4, probability=0.9))
        at += 0.5
    covered = Covered(attempt=1, item=1, kind="line", in_s=1.0, out_s=at, complete=complete, words=tuple(words))
    beside = tuple(OffScript(in_s=start_s, out_s=start_s + 1, text=text, attempt=1) for text, start_s in off)
    return Spoken(attempt=Attempt(number=1, in_s=0, out_s=10), covered=(covered,), off_script=beside, words=tuple(heard))


def test_a_word_that_one_attempt_says_otherwise_is_told_with_both_words() -> None:
    (found,) = changed(spoken({3: "haunted"}), [spoken(), spoken()])
    assert (found.kind, found.evidence, found.in_s, found.compared) == ("changed line", '"haunted" for "quiet"', 2.5, 2)


def test_a_word_that_half_of_them_say_otherwise_is_how_they_say_it() -> None:
    assert changed(spoken({3: "haunted"}), [spoken({3: "haunted"}), spoken()]) == []


def test_a_word_that_was_heard_amiss_is_no_change() -> None:
    assert changed(spoken({1: "houses"}), [spoken(), spoken()]) == []


def test_a_line_that_was_not_finished_is_a_stumble_where_the_others_finish_it() -> None:
    assert [one.kind for one in stumbles(spoken(complete=False), [spoken(), spoken()])] == ["stumble"]
    assert stumbles(spoken(complete=False), [spoken(complete=False), spoken(complete=False), spoken()]) == []


def test_a_line_that_is_begun_anew_is_one_stumble_and_neither_an_ad_lib_nor_a_changed_line() -> None:
    one = spoken(off=(("the house", -0.1),))
    (found,) = stumbles(one, [spoken(), spoken()])
    assert (found.evidence, found.in_s, found.out_s) == ('"the house", and begun anew', -0.1, 1.9)
    assert ad_libs(one, [spoken(), spoken()]) == []
    assert stumbles(one, [one, one, spoken()]) == [], "they all do"
    (other,) = ad_libs(spoken(off=(("house and home are", -0.1),)), [spoken(), spoken()])
    assert other.kind == "ad-lib"


@pytest.mark.parametrize(("text", "kind"), [("And nobody wants anything from me", "ad-lib"), ("Can we go again from the door", "to the crew")])
def test_what_is_said_beside_the_script_is_an_ad_lib_or_said_to_the_crew(text: str, kind: str) -> None:
    assert [one.kind for one in ad_libs(spoken(off=((text, 6.0),)), [spoken(), spoken()])] == [kind]
    assert ad_libs(spoken(off=((text, 6.0),)), [spoken(off=((text, 5.0),)), spoken()]) == [], "every other attempt has it too"


def test_a_pause_is_long_against_the_same_place_in_the_others() -> None:
    (found,) = pauses(spoken(gap=1.5), [spoken(), spoken()])
    assert (round(found.in_s, 1), round(found.out_s, 1), found.usual) == (1.9, 3.5, "0.1 s there")
    assert pauses(spoken(gap=1.5), [spoken(gap=1.4), spoken(gap=1.6)]) == []


# ---- sound


def noise(seconds: float, size: float = 0.002) -> np.ndarray:
    return (size * np.random.default_rng(4).normal(size=int(seconds * RATE_HZ))).astype(np.float32)


def test_even_bursts_are_laughter_and_even_noise_is_not() -> None:
    sound = noise(6)
    time = np.arange(2 * RATE_HZ) / RATE_HZ
    sound[2 * RATE_HZ : 4 * RATE_HZ] += (0.2 * np.sin(2 * np.pi * 300 * time) * np.clip(np.sin(2 * np.pi * 4.6 * time), 0, 1)).astype(np.float32)
    ((in_s, out_s, _),) = unscripted.laughs(unscripted.bands(sound), [])
    assert 1.4 < in_s < 2.6
    assert 3.4 < out_s < 4.7
    assert unscripted.laughs(unscripted.bands(sound), [(1.9, 4.1)]) == [], "words are spoken there"
    assert unscripted.laughs(unscripted.bands(noise(6, 0.05)), []) == []


def test_wind_is_long_and_low_and_a_voice_or_a_bang_is_not() -> None:
    sound, time = noise(6), np.arange(RATE_HZ * 6) / RATE_HZ
    rumble = (0.2 * np.sin(2 * np.pi * 40 * time) * ((time > 2) & (time < 3.5))).astype(np.float32)
    calm = float(np.percentile(unscripted.bands(sound).low, 95))
    ((in_s, out_s, over),) = unscripted.windy(unscripted.bands(sound + rumble), calm)
    assert in_s == pytest.approx(2, abs=0.15)
    assert out_s == pytest.approx(3.5, abs=0.15)
    assert over > 20
    bang = np.where((time > 2) & (time < 2.1), rumble, 0).astype(np.float32)
    assert unscripted.windy(unscripted.bands(sound + bang), calm) == []


def test_wind_is_noise_and_bass_and_a_deep_voice_are_tones() -> None:
    time, random = np.arange(RATE_HZ * 2) / RATE_HZ, np.random.default_rng(8)
    spectrum = np.fft.rfft(random.normal(size=RATE_HZ * 2)) / (1 + (np.fft.rfftfreq(RATE_HZ * 2, 1 / RATE_HZ) / 55) ** 3)
    gust = np.fft.irfft(spectrum)
    assert unscripted.noisy_db(gust) > -4
    assert unscripted.noisy_db(0.2 * np.sin(2 * np.pi * 74 * time) + noise(2)) < -10
    assert unscripted.noisy_db(sum(0.2 / over * np.sin(2 * np.pi * 86 * over * time) for over in range(1, 6)) + noise(2)) < -10
    assert unscripted.noisy_db(np.zeros(RATE_HZ, np.float32)) <= -90


def test_the_pitch_of_a_tone_with_overtones_is_its_lowest() -> None:
    time = np.arange(RATE_HZ) / RATE_HZ
    tone = sum(np.sin(2 * np.pi * 140 * over * time) / over for over in range(1, 8)).astype(np.float32) * np.float32(0.1)
    assert unscripted.pitch_hz(tone, [(0.1, 0.9)]) == pytest.approx(140, rel=0.02)
    assert unscripted.pitch_hz(np.zeros(RATE_HZ, np.float32), [(0.1, 0.9)]) is None


def test_of_two_nobody_is_the_odd_one() -> None:
    assert novelty.apart(9.0, [1.0], floor=1.0) is None
    assert novelty.apart(9.0, [1.0, 1.2, 0.8], floor=1.0) == pytest.approx(8.0)
    assert abs(novelty.apart(3.0, [1.0, 5.0, 0.8], floor=1.0) or 9) < 1


# ---- picture


def ground(high: int = 90, wide: int = 160, count: int = 24) -> np.ndarray:
    return np.repeat(np.random.default_rng(3).integers(60, 180, (1, high, wide)), count, axis=0).astype(np.uint8)


def test_what_goes_through_the_picture_is_a_crossing_and_what_stays_is_none() -> None:
    frames = ground()
    for number in range(4, 20):
        frames[number, 10:, (number - 4) * 8 : (number - 4) * 8 + 32] = 20
    area, travel = jolts.crossed(frames) or (0.0, 0.0)
    assert area > 0.1
    assert travel > 0.5
    stays = ground()
    stays[4:20, 10:, 40:80] = 20
    assert jolts.crossed(stays) is None


def test_a_bump_jumps_and_a_pan_goes_on() -> None:
    wide = np.random.default_rng(5).integers(60, 180, (100, 260)).astype(np.uint8)
    bump = np.stack([wide[5:95, 20 + at : 180 + at] for at in (0, 0, 0, 6, -5, 3, 0, 0, 0, 0)])
    pan = np.stack([wide[5:95, 20 + at * 2 : 180 + at * 2] for at in range(36)])
    assert jolts.jolted(bump, 24) is not None
    assert jolts.jolted(pan, 24) is None


def test_light_that_falls_off_is_light_and_a_veil_over_the_blacks_is_a_flare() -> None:
    # Soft shapes, as pictures are; a frame of noise alone has no place for a light to fall on.
    rows, columns = np.mgrid[0:90, 0:160]
    picture = 90 + 60 * np.sin(columns / 9 + (rows / 30) ** 2) * np.cos(rows / 7 + (columns / 60) ** 2)
    before = np.repeat(picture[None], 3, axis=0).astype(np.uint8)
    darker = np.repeat((16 + (picture - 16) * 0.7)[None], 3, axis=0).astype(np.uint8)
    veil = np.clip(picture + 70 * np.exp(-(((columns - 40) / 40) ** 2 + ((rows - 30) / 30) ** 2)) + 12, 0, 255)
    assert (jolts.flickered(before, darker) or ("",))[0] == "light"
    assert (jolts.flickered(before, np.repeat(veil[None], 3, axis=0).astype(np.uint8)) or ("",))[0] == "flare"
    assert jolts.flickered(before, before) is None
    assert jolts.flickered(before, before[:, ::-1, ::-1]) is None, "another picture"


def test_cloth_that_moves_where_it_hangs_still_in_the_others_is_told_and_where_it_never_hangs_still_it_is_not() -> None:
    random = np.random.default_rng(6)
    still = [np.clip(ground(54, 96, 20) + random.normal(0, 1, (20, 54, 96)), 0, 255).astype(np.uint8) for _ in range(3)]
    blown = still[0].copy()
    for number in range(8, 15):
        blown[number, 10:40, 60:90] = np.roll(blown[number, 10:40, 60:90], number % 3 * 2, axis=1)
    times = np.arange(20) / 2
    fields = [wind.stirs(one) for one in still]
    (found,) = wind.stirred(wind.stirs(blown), wind.usual(fields[1:]), times)
    assert 3 <= found.in_s <= 4.5
    assert 6 <= found.out_s <= 8
    assert found.where[0] > 0.6
    assert wind.stirred(wind.stirs(blown), wind.usual([wind.stirs(blown)]), times) == []
    assert wind.stirred(fields[0], wind.usual(fields[1:]), times) == []


def test_what_moves_before_action_in_one_attempt_alone_is_told_and_a_slate_that_all_have_is_not() -> None:
    random = np.random.default_rng(9)

    def before(slate: int, walker: bool = False) -> np.ndarray:
        frames = np.clip(ground(54, 96, 10) + random.normal(0, 1, (10, 54, 96)), 0, 255).astype(np.uint8)
        frames[:3, 20:40, slate : slate + 24] = 190
        for number in range(4, 9) if walker else ():
            frames[number, 10:, 14 * (number - 4) : 14 * (number - 4) + 16] = 40
        return frames

    times = np.arange(10) / 2
    others = [wind.changes(before(slate)) for slate in (36, 38, 40)]
    found = wind.passing(wind.changes(before(38, walker=True)), wind.usual(others), times)
    assert found is not None
    assert 1.0 <= found.in_s <= 2.5
    assert 3.5 <= found.out_s <= 4.5
    assert wind.passing(wind.changes(before(37)), wind.usual(others), times) is None
    assert wind.passing(wind.changes(before(38, walker=True)), wind.usual([*others, wind.changes(before(38, walker=True))]), times) is None
    assert wind.passing(wind.changes(before(38))[:2], wind.usual(others), times[:2]) is None


# ---- the task


def facts(task: str, values: dict[str, Any]) -> Facts:
    return Facts(task=task, version=1, inputs=(), facts=tuple(Fact(about="x", name=name, value=value, method="made") for name, value in values.items()))


def clip(folder: Path, name: str, one: Spoken, remarks: tuple[OffScript, ...] = ()) -> Input:
    np.save(folder / f"{name}.npy", (noise(10) * 32767).astype(np.int16))
    attempt = replace(one.attempt, scene="1A", in_s=0.5, out_s=8.0)
    from fractions import Fraction

    known = {
        "ingest": facts("ingest", {"media.info": to_plain(MediaInfo(kind="clip", container="mov", duration_s=Fraction(10)))}),
        "attempts": facts("attempts", {"attempts": to_plain([attempt])}),
        "transcript": facts("transcript", {"transcript.words": [[word.in_s, word.out_s, word.text, word.probability] for word in one.words]}),
        "lining": facts("lining", {"lining": to_plain(list(one.covered)), "lining.off_script": to_plain(list(one.off_script)), "lining.remarks": to_plain(list(remarks))}),
    }  # fmt: skip
    return Input(path=folder, file=f"rushes/{name}.mov", digest=f"blake3:{name}", facts=known, artefacts={"synced/heard.npy": folder / f"{name}.npy"})


def searched(folder: Path, *clips: Input) -> dict[str, Any]:
    work = Work(subject=None, clips=clips, sounds=(), params={}, scratch=folder)
    return {fact.name: fact.value for fact in accidents.run(work)}


def test_the_task_says_what_it_compared_with_and_keeps_shooting_order(tmp_path: Path) -> None:
    said = OffScript(in_s=8.5, out_s=9.5, text="look at that bird outside", attempt=1, remark=True)
    clips = [clip(tmp_path, "A1", spoken()), clip(tmp_path, "A2", spoken({3: "haunted"}, off=(("And nobody wants anything", 5.0),)), (said,)), clip(tmp_path, "A3", spoken(gap=1.5))]
    made = searched(tmp_path, *clips)
    rows = [from_plain(Accident, one) for one in made["accidents"]]
    assert [(one.file, one.kind, one.where) for one in rows] == [
        ("rushes/A2.mov", "changed line", ""), ("rushes/A2.mov", "ad-lib", ""), ("rushes/A2.mov", "after cut", "after cut"), ("rushes/A3.mov", "pause", "")
    ]  # fmt: skip
    assert rows[0].against == "2 other attempts of 1A: they say it as written"
    assert all(one.kind in KINDS and one.evidence and one.against for one in rows)
    assert made["accidents.setups"] == [{"setup": "1A", "attempts": 3, "picture": 3}]
    assert accidents.task.execution is Execution.ACCIDENTS


def test_attempts_that_are_alike_have_none_and_an_empty_shoot_has_none(tmp_path: Path) -> None:
    assert searched(tmp_path, *(clip(tmp_path, f"A{number}", spoken()) for number in range(3)))["accidents"] == []
    assert searched(tmp_path)["accidents"] == []
