"""The three plates as pure work: near the default by how its own things stand, and an easy choice moves its own plate alone."""

from __future__ import annotations

import re
import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from answerprint.delivery import DeliveryError
from answerprint.delivery.easy import Chose, Measured, Offered, Report, keeping, plates, reading, stands
from answerprint.delivery.easy.page import html
from answerprint.delivery.easy.paper import pdf
from answerprint.delivery.easy.plates import Moments, Told
from answerprint.delivery.easy.records import Bed
from answerprint.delivery.plan import Gain, Medium, Piece, Plan
from answerprint.media.probe import probe
from answerprint.model.time import Timecode
from answerprint.signal import palette, rhythm
from answerprint.signal.music import Key, Music, Tempo
from tests.signal.test_easiness import picture


def far(one: float, other: float) -> float:
    return abs(one - other)


def said(value: float) -> str:
    return f"{value:g} away"


def film(name: str = "this cut", *, hue: float = 30, cuts: tuple[float, ...] = (1, 3, 4), per_minute: float = 90, whole: bool = False) -> Measured:
    bed = Music(length_s=8, tempo=Tempo(per_minute=per_minute, clear=0.5, others=()), beats_s=np.arange(0, 8, 60 / per_minute), key=Key(tonic=9, minor=True, over_runner_up=0.2), loop_s=4.0, range_db=6.0)
    return Measured(
        name=name, length_s=8, palette=palette.palette(np.stack([picture(hue), picture(hue + 5)]), np.array([0.0, 4.0])), rhythm=rhythm.rhythm(cuts, 8),
        bed=Bed(music=bed, whole=whole, enters_s=2.0, without_s=2.0, under_speech_db=-6.0, envelope=np.linspace(0, 1, 80)),
    )  # fmt: skip


# ---- near and far


def test_near_is_no_further_than_the_things_usually_stand_from_their_own_nearest() -> None:
    group = [("a", 0.0), ("b", 4.0), ("c", 8.0)]
    for at, near in ((9.0, True), (12.0, True), (12.1, False), (-4.1, False)):
        found = stands(at, "category", group, far, noticed=1, unit=said)
        assert found is not None
        assert (found.usual, found.near) == (4, near)


def test_things_that_cannot_be_told_apart_are_a_yardstick_of_what_can_just_be_noticed() -> None:
    found = stands(0.9, "untouched", [("rushes", 0.0), ("correction", 0.1)], far, noticed=1, unit=said)
    assert found is not None
    assert (found.usual, found.near, found.nearest) == (1, True, "correction")


def test_one_thing_alone_is_no_yardstick() -> None:
    alone = stands(5.0, "untouched", [("the rushes", 0.0)], far, noticed=1, unit=said)
    same = stands(0.5, "untouched", [("the rushes", 0.0)], far, noticed=1, unit=said)
    assert alone is not None
    assert same is not None
    assert (alone.near, alone.usual, same.near) == (None, None, True)
    assert "no yardstick" in alone.says
    assert stands(5.0, "category", [], far, noticed=1, unit=said) is None


def test_distances_stand_in_the_order_of_the_things_and_never_sorted() -> None:
    found = stands(0.0, "category", [("z", 9.0), ("a", 1.0), ("m", 5.0)], far, noticed=1, unit=said)
    assert found is not None
    assert [one.name for one in found.distances] == ["z", "a", "m"]


def test_the_directors_own_reel_is_no_default() -> None:
    mine = film()
    plate = plates.palette(mine, {"reel": [("one", film(hue=200)), ("two", film(hue=202))]}, Told())
    assert (plate.near, plate.verdict) == (None, "There is too little to measure it by.")
    assert len(plate.standings) == 1


def test_a_film_of_ones_own_that_lies_in_the_category_too_stands_in_both() -> None:
    beside = {"category": [("harbour", film(per_minute=96)), ("other", film(per_minute=120))], "reel": [("harbour", film(per_minute=96))]}
    assert [one.group for one in plates.music_bed(film(), beside, Told()).standings] == ["category", "reel"]  # type: ignore[arg-type]


# ---- each on its own plate


@pytest.mark.parametrize(("moved", "changed"), [("palette", {"hue": 200}), ("rhythm", {"cuts": (2, 4, 6)}), ("music bed", {"per_minute": 128})])
def test_an_easy_choice_moves_its_own_plate_alone(moved: str, changed: dict[str, object]) -> None:
    def standing(one: Measured) -> dict[str, object]:
        beside = {"category": [("x", film("x", hue=40, per_minute=93)), ("y", film("y", hue=42, per_minute=95))]}
        three = plates.palette(one, beside, Told()), plates.rhythm(one, beside, Told(), Moments()), plates.music_bed(one, beside, Told())  # type: ignore[arg-type]
        return {plate.name: plate.standings for plate in three}

    before, after = standing(film()), standing(film(**changed))  # type: ignore[arg-type]
    assert [name for name in before if before[name] != after[name]] == [moved]


# ---- what somebody asked for


@pytest.mark.parametrize(
    ("words", "hue", "asked"),
    [("cold and blue", 210, True), ("cold and blue", 30, False), ("warm", 30, True), ("No gold before the kettle.", 30, None), ("", 30, None), ("like my mother's kitchen", 30, None), ("warm and cold", 30, None)],
)
def test_the_first_thought_is_held_against_what_was_measured_only_where_it_says_one_thing(words: str, hue: float, asked: bool | None) -> None:
    assert plates.palette(film(hue=hue), {}, Told(thought=words, thought_by="Jonas")).asked is asked


def test_silence_that_was_asked_for_is_asked_for() -> None:
    quiet = replace(film(), bed=None)
    assert plates.music_bed(quiet, {}, Told(thought="No music at all."), silent="There is none.").asked is True
    assert plates.music_bed(film(), {}, Told(thought="No music at all.")).asked is False


def test_a_plate_that_could_not_be_measured_does_not_say_that_the_film_has_none() -> None:
    bare = Measured(name="this cut", length_s=8)
    assert plates.palette(bare, {}, Told()).verdict == "Not in this film."
    assert plates.palette(bare, {}, Told(away=True, missing=("its disk is away.",))).verdict == "It could not be measured."


# ---- page and paper


def report() -> Report:
    one, rough = film(), film("the machine's rough cut", cuts=(2, 4, 6))
    told = Told(thought="warm <b>", thought_by="Jonas Weil", chose=(Chose(judgment="grade", by="Lena Faro", what="grade.cdl", over=3, because="Twice, a day apart. Über Łódź"),))
    beside = {"untouched": [("the machine's rough cut", rough), ("the uncorrected rushes", replace(film(hue=200), rhythm=None))]}
    three = plates.palette(one, beside, told), plates.rhythm(one, beside, Told(), Moments(beats_s=one.bed.music.beats_s if one.bed else (), kept=1, points=3)), plates.music_bed(one, beside, Told())  # type: ignore[arg-type]
    offered = (Offered(name="slow piano", chosen=True, says="72 a minute", envelope=np.ones(50)), Offered(name="pads", chosen=False, says="66 a minute"))
    return Report(title="First Pour", version="master", cut="cuts/v03.otio", seal="sha256:0", film=one, plates=three, beside=tuple(beside["untouched"]), offered=offered)


def test_the_page_stands_alone_and_says_no_total() -> None:
    page = html(report())
    assert "<script" not in page
    assert not re.search(r"(src|href)=", page)
    assert "warm &lt;b&gt;" in page
    assert "You asked for this." in page
    assert page.count("<svg") == 3 + 1 + 2
    assert not re.search(r"\b(score|total|overall|better than|good choice)\b", page, re.IGNORECASE)
    assert not any("%" in one.verdict for one in report().plates)


def test_the_same_report_is_the_same_paper_byte_for_byte() -> None:
    first = pdf(report())
    assert first == pdf(report())
    assert first.startswith(b"%PDF")


def test_what_was_measured_comes_back_from_the_cache_as_it_was() -> None:
    one = film()
    back = keeping.unpacked(keeping.packed((one, None)))
    assert keeping.packed(back) == keeping.packed((one, None))
    assert back[0].rhythm.median_s == one.rhythm.median_s if one.rhythm else False
    with pytest.raises(DeliveryError, match="made again"):
        keeping.unpacked(keeping.packed(one)[:-40])


# ---- how a bed lies in a cut


@pytest.mark.parametrize(("gains", "under"), [((), 0.0), ((Gain(at=0, gain_db=0), Gain(at=96_000, gain_db=0), Gain(at=96_480, gain_db=-9), Gain(at=240_000, gain_db=-9), Gain(at=240_480, gain_db=0)), -9.0)])
def test_a_bed_is_turned_down_under_speech_only_where_its_own_level_in_the_cut_says_so(tmp_path: Path, gains: tuple[Gain, ...], under: float) -> None:
    path = tmp_path / "bed.wav"
    swelling = np.random.default_rng(4).normal(size=6 * 48_000) * np.geomspace(0.02, 0.2, 6 * 48_000)  # soft by itself where somebody speaks
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 48_000, 0, "NONE", ""))
        out.writeframes((32_767 * np.clip(swelling, -1, 1)).astype("<i2").tobytes())
    medium = Medium(key="bed", name="bed.wav", path=path, info=probe(path), digest=None)
    piece = Piece(medium="bed", first=96_000, length=6 * 48_000, source=Fraction(0), stem="music", gains=gains)
    start = Timecode(frames=0, rate=Fraction(25))
    plan = Plan(title="x", rate=Fraction(25), drop=False, size=(96, 54), start=start, edit="", frames=((),) * 200, pieces=(piece,), segments=(), media={"bed": medium})
    found = reading.bed(plan, (), [(2.1, 4.9)])
    assert found is not None
    assert (found.enters_s, found.without_s) == (2.0, 2.0)
    assert found.under_speech_db == pytest.approx(under, abs=0.3)
    assert reading.bed(replace(plan, pieces=(replace(piece, stem=""),)), (), []) is None
    assert reading.bed(replace(plan, pieces=(replace(piece, stem=""),)), ("bed",), []) is not None


# ---- a finished file


def test_a_finished_film_is_measured_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as out:
        track = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "crf": "10"})
        track.width, track.height, track.pix_fmt = 160, 96, "yuv420p"
        for number in range(60):
            shot = picture(30 if number < 40 else 210, shape=(96, 160))
            shot = shot if number < 40 else shot[::-1]
            out.mux(track.encode(av.VideoFrame.from_ndarray((255 * shot).astype(np.uint8).copy(), format="rgb24")))
        out.mux(track.encode())
    found = reading.film(path, "film")
    assert found.rhythm is not None
    assert found.palette is not None
    assert list(found.rhythm.cuts_s) == pytest.approx([1.6], abs=1e-6)
    assert found.palette.orange == pytest.approx(2 / 3, abs=0.1)
    assert found.palette.azure == pytest.approx(1 / 3, abs=0.1)
    assert found.bed is None
