"""Captions from words: what the rules promise, frame by frame; every format as a golden; a person's changes kept."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest
from PIL import Image

from answerprint.delivery import DeliveryError
from answerprint.delivery.captioning import LINE_21, STANDARD, TELETEXT, Caption, burning, ebutt, faults, line21, width
from answerprint.delivery.captioning.breaking import Word, pieces
from answerprint.delivery.captioning.cueing import Film, cued
from answerprint.delivery.captioning.heard import heard
from answerprint.delivery.captioning.languages import likely, tag
from answerprint.delivery.captioning.merging import merged
from answerprint.delivery.captioning.rules import frame_of, seconds_of
from answerprint.delivery.captioning.spreading import spread
from answerprint.delivery.captions import Cue, read, written
from answerprint.delivery.plan import Plan
from answerprint.delivery.specs import SpecError
from answerprint.delivery.specs import read as read_spec
from answerprint.model.time import RATES, Timecode
from answerprint.timeline.cut import CutInfo, attach
from bench.captions import PARTS, fast, spoken, words_of
from tests.deciding import clip

NTSC = Fraction(30000, 1001)


def said(text: str, language: str = "en", *, at: str = "1", cps: int = 15, speaker: str = "Noah", name: str = "", item: int | None = None) -> list[Word]:
    out, at_s = [], Fraction(at)
    for piece, space in pieces(text, language):
        lasts = Fraction(width(piece) + space, cps)
        out.append(Word(text=piece, in_s=at_s, out_s=at_s + lasts, speaker=speaker, name=name, space=space, item=item))
        at_s += lasts
    return out


def made(words: list[Word], language: str = "en", *, rate: Fraction = Fraction(25), rules: object = STANDARD, more_s: int = 4) -> tuple[Caption, ...]:
    frames = int((words[-1].out_s + more_s) * rate)
    return cued(words, Film(rate=rate, frames=frames, language=language, rules=rules))  # type: ignore[arg-type]


@pytest.mark.parametrize("rules", [STANDARD, TELETEXT, LINE_21], ids=lambda one: one.name)
@pytest.mark.parametrize("language", PARTS)
def test_every_rule_holds_on_composed_speech_and_no_word_is_lost(language: str, rules: object) -> None:
    import random

    words = spoken(language, 4, random.Random(5))
    rate = random.Random(language).choice(list(RATES.values())[:9])
    captions = made(words, language, rate=rate, rules=rules)
    assert faults(captions, rules, rate, int((words[-1].out_s + 4) * rate)) == ()  # type: ignore[arg-type]
    assert words_of(captions, language) == "".join("".join(word.text.replace("-", "").split()) for word in words).replace("’", "'")


def test_speech_that_is_too_fast_is_told_and_nothing_else_breaks() -> None:
    import random

    words = fast(spoken("en", 4, random.Random(1)))
    captions = made(words)
    wrong = faults(captions, STANDARD, Fraction(25), 10_000)
    assert wrong
    assert {fault.rule for fault in wrong} == {"speed"}
    assert "characters a second; 20 are allowed" in wrong[0].says
    assert words_of(captions, "en") == "".join(word.text for word in words)


def test_a_caption_that_is_too_fast_stays_on_into_the_silence() -> None:
    words = said("Nobody told us that the road goes on.", cps=40)
    (one,) = made(words)
    spoken_until = words[-1].out_s * 25
    assert one.end > spoken_until + 10
    assert faults([one], STANDARD, Fraction(25)) == ()


def test_two_who_answer_each_other_quickly_share_a_caption_with_dashes_and_a_name_where_nobody_is_seen() -> None:
    words = said("Is it ready?", name="Noah")
    words += said("Yes.", at=str(words[-1].out_s + Fraction(1, 10)), speaker="Ada")
    words += said("Then pour it, before it gets cold.", at=str(words[-1].out_s + Fraction(1, 10)))
    assert [one.text for one in made(words)] == ["NOAH: Is it ready?", "- Yes.\n- Then pour it, before it gets cold."]


def test_a_dash_is_never_given_to_a_voice_that_nobody_knows() -> None:
    words = said("Is it ready?")
    words += said("Yes.", at=str(words[-1].out_s + Fraction(1, 10)), speaker="")
    assert not any("- " in one.text for one in made(words))


def test_lines_break_where_something_is_said_and_not_after_an_article() -> None:
    (one,) = made(said("The road to the house is long, and the kettle is on the stove."))
    assert one.text == "The road to the house is long,\nand the kettle is on the stove."
    (one,) = made(said("Nobody ever told us about the old well behind the house."))
    assert not one.text.split("\n")[0].endswith((" the", " old", " about"))


def test_a_word_longer_than_a_line_is_parted_at_its_own_hyphen_and_keeps_every_letter() -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
    (one,) = made(said(f"{word}!", "de", cps=10), "de")
    assert one.text.replace("-\n", "")== f"{word}!"
    (soft,) = made(said(f"{word[:18]}\u00ad{word[18:]}", "de", cps=10), "de")
    assert soft.text.split("\n")[0] == f"{word[:18]}-"


def test_japanese_lines_hold_sixteen_characters_and_none_begins_with_a_small_kana_or_a_full_stop() -> None:
    captions = made(said("朝は光よりもずっと早く始まっていて、コーヒーがゆっくりと入っていきます。", "ja", cps=9), "ja")
    lines = [line for one in captions for line in one.text.split("\n")]
    assert max(map(len, lines)) <= 16
    assert not any(line[0] in "、。ょゃゅっーァィ」" for line in lines)
    assert "".join(lines) == "朝は光よりもずっと早く始まっていて、コーヒーがゆっくりと入っていきます。"


@pytest.mark.parametrize("rate", [rate for rate in RATES.values() if rate <= 60])
def test_times_in_thousandths_lead_back_to_their_frame_and_never_come_after_it(rate: Fraction) -> None:
    for frame in [*range(400), 86_399, 107_892]:
        at_s = seconds_of(frame, rate)
        assert frame_of(at_s, rate) == frame
        assert at_s <= frame / rate < at_s + Fraction(1, 1000)


# ---- a translation


def test_a_translation_stands_over_its_own_sentences_and_begins_with_spoken_words() -> None:
    words = said("Four minutes. That is all I ask.", cps=12)
    german = spread("Vier Minuten. Mehr will ich nicht.", words, "de", of="en")
    assert " ".join(word.text for word in german) == "Vier Minuten. Mehr will ich nicht."
    begins = {word.in_s for word in words}
    assert german[0].in_s == words[0].in_s
    assert german[2].in_s == words[2].in_s  # the second sentence with the second sentence
    assert sum(word.in_s in begins for word in german) >= 4
    assert all(one.out_s <= other.in_s or one.in_s <= other.in_s for one, other in pairwise(german))


def test_a_language_is_known_by_its_small_words_and_not_by_chance() -> None:
    assert likely("the kettle is on the stove and the water is in the well".split()) == "en"
    assert likely("der Kessel steht auf dem Herd und das Wasser ist in der Küche".split()) == "de"
    assert likely(["Larkfield", "Larkfield"]) is None
    assert (tag("DE"), tag("pt-br"), tag("zh-hant")) == ("de", "pt-BR", "zh-Hant")
    with pytest.raises(DeliveryError, match="'xx' is no language"):
        tag("xx")


# ---- a person's changes


def cap(first: int, text: str, end: int | None = None) -> Caption:
    return Caption(first=first, end=end or first + 40, text=text)


BASE = [cap(0, "one"), cap(50, "two"), cap(100, "three"), cap(150, "four")]


def test_a_persons_words_stay_where_the_machine_says_the_same_as_before() -> None:
    theirs = [BASE[0], cap(50, "TWO"), BASE[2], BASE[3]]
    found = merged(BASE, theirs, [cap(0, "one!"), *BASE[1:]])
    assert [one.text for one in found.captions] == ["one!", "TWO", "three", "four"]
    assert (found.edited, found.conflicts) == ({2}, ())


def test_a_persons_words_move_with_the_cut() -> None:
    theirs = [BASE[0], cap(50, "TWO"), BASE[2], BASE[3]]
    later = [replace(one, first=one.first + 12, end=one.end + 12) for one in BASE]
    found = merged(BASE, theirs, later)
    assert [(one.first, one.text) for one in found.captions] == [(12, "one"), (62, "TWO"), (112, "three"), (162, "four")]
    assert found.conflicts == ()


def test_where_both_changed_the_same_words_the_persons_stand_and_the_machines_are_told() -> None:
    found = merged(BASE, [BASE[0], cap(50, "TWO"), *BASE[2:]], [BASE[0], cap(50, "zwei"), *BASE[2:]])
    assert [one.text for one in found.captions] == ["one", "TWO", "three", "four"]
    assert [(one.theirs[0].text, one.machine[0].text) for one in found.conflicts] == [("TWO", "zwei")]


def test_a_caption_that_a_person_took_out_stays_out_and_one_that_they_added_stays() -> None:
    found = merged(BASE, [BASE[0], *BASE[2:], cap(300, "five")], BASE)
    assert [one.text for one in found.captions] == ["one", "three", "four", "five"]
    assert (found.edited, found.taken_out) == ({4}, 1)
    again = merged(BASE, found.captions, BASE)
    assert again.captions == found.captions


# ---- formats, as goldens; other programs read them in bench/captions.py

GOLDEN = [Cue(start_s=Fraction(1), end_s=Fraction(2), text="Größe & <i>Maß</i>,\nl’eau"), Cue(start_s=Fraction(2083, 1000), end_s=Fraction(3), text="- Yes.\n- No.")]
SRT = "1\n00:00:01,000 --> 00:00:02,000\nGröße & <i>Maß</i>,\nl’eau\n\n2\n00:00:02,083 --> 00:00:03,000\n- Yes.\n- No.\n"
VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nGröße &amp; <i>Maß</i>,\nl’eau\n\n00:00:02.083 --> 00:00:03.000\n- Yes.\n- No.\n"
SCC = """Scenarist_SCC V1.0

00:00:01;02	94ae 94ae 9420 9420 94d6 94d6 9723 9723 c8e9 942f 942f

00:00:02;00	942c 942c
"""


def test_each_kind_is_written_to_the_letter() -> None:
    assert written(GOLDEN, "srt", "de") == SRT
    assert written(GOLDEN, "vtt", "de") == VTT
    document = ebutt.written([(cue.start_s, cue.end_s, cue.text) for cue in GOLDEN], "de", STANDARD)
    assert '<p xml:id="c1" region="bottom" begin="00:00:01.000" end="00:00:02.000"><span style="words">Größe &amp; </span><span style="words italic">Maß</span><span style="words">,<br/>l’eau</span></p>' in document
    assert 'ttp:cellResolution="42 15"' in document
    assert "urn:ebu:tt:distribution:2018-04" in document
    for kind, text in (("srt", SRT), ("vtt", VTT.replace("&amp;", "&")), ("ttml", document)):
        assert read(text, kind) == (GOLDEN, [])


def test_line_21_has_its_codes_twice_its_parity_odd_and_its_last_code_in_the_frame_in_which_it_appears() -> None:
    text, late = line21.written([line21.Shown(first=41, end=60, text="Hi")], drop=True)
    assert (text, late) == (SCC, ())
    codes = [int(code, 16) for line in text.splitlines()[2:] for code in line.split()[1:]]
    assert all((code >> 8).bit_count() % 2 and (code & 0xFF).bit_count() % 2 for code in codes)
    assert line21.read(text) == ([line21.Shown(first=41, end=60, text="Hi")], [])


def test_every_character_of_line_21_comes_back_and_one_that_it_lacks_is_named() -> None:
    rows = ["ÁÉÓÚÜü‘¡*’—©℠•“”ÀÂÇÈÊËëÎÏ", "ïÔÙùÛ«»ÃãÍÌìÒòÕõ{}\\^_|~Ää", "Öößß¥¤ÅåØø®°½¿™¢£♪àèâêîôû", "áéíóúç÷Ññ it’s 4.99!"]
    shown = [line21.Shown(first=100 + 100 * n, end=180 + 100 * n, text=row) for n, row in enumerate(rows)]
    assert line21.read(line21.written(shown, drop=False)[0]) == (shown, [])
    with pytest.raises(DeliveryError, match=r"caption 1: line 21 .* has no 朝, は"):
        line21.written([line21.Shown(first=90, end=120, text="朝は")], drop=True)


def test_line_21_takes_one_caption_away_while_it_sends_the_next_and_says_what_comes_late() -> None:
    near = [line21.Shown(first=60, end=118, text="Hello there, this is\nthe first caption."), line21.Shown(first=120, end=180, text="And here is the second one.")]
    text, late = line21.written(near, drop=True)
    assert late == ()
    assert line21.read(text) == (near, [])
    text, late = line21.written([line21.Shown(first=60, end=70, text="Hi."), line21.Shown(first=72, end=180, text="A long one that cannot be sent\nso soon, and neither can this.")], drop=True)
    assert late
    assert late[0][0] == 2
    assert line21.read(text)[0][1].first == 72 + late[0][1]


@pytest.mark.parametrize("drop", [True, False])
def test_line_21_counts_frames_and_not_labels(drop: bool) -> None:
    minute = 1800  # around it drop-frame leaves out two labels
    shown = [line21.Shown(first=minute + 30, end=minute + 60, text="Over the minute")]
    text, _ = line21.written(shown, drop=drop)
    assert line21.read(text)[0] == shown
    labels = [Timecode.parse(line.split("\t")[0], rate=NTSC) for line in text.splitlines() if "\t" in line]
    assert labels[-1].frames == minute + 60
    assert (";" in text) == drop
    assert line21.read(line21.moved(text, 300))[0][0].first == minute + 330


def test_arabic_keeps_its_direction_in_subrip_and_its_words_come_back() -> None:
    cues = [Cue(start_s=Fraction(1), end_s=Fraction(2), text="أربع دقائق.\nهذا كل شيء!")]
    text = written(cues, "srt", "ar")
    assert "\u200fأربع دقائق.\u200f\n" in text
    assert read(text, "srt") == (cues, [])
    assert 'tts:direction="rtl"' in written(cues, "ttml", "ar")


# ---- in the cut, and in the picture


def test_what_is_heard_of_a_nested_cut_is_where_the_film_plays_it() -> None:
    inner = otio.schema.Track("A1", kind="Audio", children=[clip("sound/a.wav", 0, 50, sound=True), clip("sound/b.wav", 100, 50, sound=True)])
    nested = otio.schema.Stack("nested", children=[inner])
    nested.source_range = otio.opentime.TimeRange(otio.opentime.RationalTime(25, 25), otio.opentime.RationalTime(50, 25))
    gap = otio.schema.Gap(source_range=otio.opentime.TimeRange(otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(100, 25)))
    timeline = otio.schema.Timeline("cut")
    timeline.tracks.append(otio.schema.Track("V1", kind="Video", children=[gap, nested]))
    attach(timeline, CutInfo(rate=Fraction(25)))
    assert [(one.media.file, one.start_s, one.end_s, one.source_s) for one in heard(timeline)] == [("sound/a.wav", 4, 5, 1), ("sound/b.wav", 5, 6, 4)]


def film(frames: int = 50) -> Plan:
    return Plan(title="t", rate=Fraction(25), drop=False, size=(320, 180), start=Timecode(frames=0, rate=Fraction(25)), edit="", frames=((),) * frames, pieces=(), segments=((0, frames),), media={})


def test_burnt_captions_lie_on_top_in_their_frames_and_nowhere_else(tmp_path: Path) -> None:
    plan = burning.burnt(film(), [Caption(first=10, end=30, text="Four minutes."), Caption(first=32, end=60, text="That is all.")], tmp_path)
    on = [bool(mix) for mix in plan.frames]
    assert [n for n in range(50) if on[n] != (10 <= n < 30 or n >= 32)] == []
    (medium, other) = plan.media.values()
    assert medium.see_through
    assert medium.info is None
    picture = np.asarray(Image.open(medium.path))
    assert picture.shape == (180, 320, 4)
    rows, columns = np.nonzero(picture[:, :, 3])
    assert rows.max() < 180 * 0.95
    assert columns.min() >= 320 * 0.05
    assert columns.max() <= 320 * 0.95
    assert (picture[:, :, :3].min(axis=2) > 200).any(), "white letters"
    assert burning.burnt(film(), [Caption(first=0, end=9, text="Four minutes.")], tmp_path).media.keys() == {medium.key} != {other.key}


def test_a_letter_that_no_font_has_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"no font here has \U000f0000.*assets/fonts"):
        burning.burnt(film(), [Caption(first=0, end=9, text="\U000f0000")], tmp_path)


def test_what_is_to_be_in_the_picture_has_to_be_there_and_a_textless_film_has_none(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"master has none\. Make them"):
        burning.laid_in(film(), tmp_path / "assets", "master", "de", tmp_path)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "master.de.srt").write_text(SRT, encoding="utf-8")
    plan = burning.laid_in(film(90), tmp_path / "assets", "master", "de", tmp_path / "drawn")
    assert [n for n, mix in enumerate(plan.frames) if mix] == [*range(25, 50), *range(52, 75)]
    with pytest.raises(DeliveryError, match="textless"):
        burning.laid_in(replace(film(), textless=True), tmp_path / "assets", "master", "de", tmp_path)


def test_a_spec_may_ask_for_captions_in_the_picture() -> None:
    raw = 'title = "x"\nsource = "y"\ndated = "2026-11-22"\ncontainer = "mp4"\n{}\n[picture]\ncodec = "libx264"\n'
    assert read_spec(raw.format('burn = "en"'), "feed").burn == "en"
    with pytest.raises(SpecError, match="burn: 'klingon' is no language"):
        read_spec(raw.format('burn = "klingon"'), "feed")
    with pytest.raises(SpecError, match="textless film has no captions"):
        read_spec(raw.format('burn = "en"\ntextless = true'), "feed")


def test_who_speaks_on_out_of_the_picture_is_named_but_not_in_the_middle_of_a_line() -> None:
    words = said("The house is quiet.", item=1)
    words += said("Larkfield, first pour.", item=2, at=str(words[-1].out_s + Fraction(1, 2)), name="Noah")
    assert [one.text for one in made(words)] == ["The house is quiet.", "NOAH: Larkfield, first pour."]
    line = said("Morning starts before the light does.", item=1)
    cut = [replace(word, name="Noah") if n < 3 else word for n, word in enumerate(line)]  # the picture changes under it
    assert [one.text for one in made(cut)] == ["NOAH: Morning starts\nbefore the light does."]
