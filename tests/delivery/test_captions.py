"""Captions: behind head and clock, in the kind that is asked for, and nothing of theirs lost."""

from __future__ import annotations

import dataclasses
import subprocess
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import pytest

from answerprint.delivery import DeliveryError
from answerprint.delivery.captions import Cue, beside, given, read
from answerprint.delivery.qc import check
from answerprint.delivery.specs import spec
from tests.delivery.films import web_film, write

SRT = "1\n00:00:01,000 --> 00:00:02,500\nNow in <i>red</i>.\n\n2\n00:00:03,040 --> 00:00:04,000\nTea & milk,\n{\\an8}for you.\n"
VTT = "WEBVTT - Spot\n\nSTYLE\n::cue { color: yellow }\n\nNOTE 00:00 is the first frame\n\nc1\n00:01.000 --> 00:02.500 line:80% align:left\nNow in <c.loud><i>red</i></c>.\n\n00:00:03.040 --> 00:00:04.000\nTea &amp; milk,\nfor you.\n"
TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling" ttp:frameRate="25" xml:lang="en">
  <head><styling><style xml:id="s1" tts:color="yellow"/></styling></head>
  <body><div>
    <p begin="00:00:01:00" end="2.5s" style="s1" region="r1">Now in <span tts:fontStyle="italic">red</span>.</p>
    <p begin="76f" dur="0.96s">Tea &amp; milk,<br/>
      for you.</p>
  </div></body>
</tt>
"""
TEXTS = {"srt": SRT, "vtt": VTT, "ttml": TTML}
TIMES = [(Fraction(1), Fraction(5, 2)), (Fraction(76, 25), Fraction(4))]


HEAD_S = Fraction(10)


def brought(folder: Path, kind: str, text: str | None = None) -> Path:
    path = folder / "assets" / f"spot.{kind}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXTS[kind] if text is None else text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", TEXTS)
def test_each_kind_is_read_to_the_thousandth(kind: str) -> None:
    cues, wrong = read(TEXTS[kind], kind)
    assert wrong == []
    assert [(cue.start_s, cue.end_s) for cue in cues] == TIMES
    assert "red" in cues[0].text
    assert cues[1].text.endswith("for you.")
    assert "\n" in cues[1].text


@pytest.mark.parametrize("kind", TEXTS)
def test_what_stays_of_its_kind_keeps_everything_but_its_times(kind: str, tmp_path: Path) -> None:
    out = beside(tmp_path / "film.mov", brought(tmp_path, kind), kind, head_s=HEAD_S)
    after = out.read_text(encoding="utf-8")
    assert out.name == f"film.{kind}"
    assert [(cue.start_s - 10, cue.end_s - 10) for cue in read(after, kind)[0]] == TIMES
    for word in {"srt": ("1\n", "<i>red</i>", "{\\an8}"), "vtt": ("WEBVTT - Spot", "STYLE", "NOTE", "c1\n", "line:80% align:left", "<c.loud>"), "ttml": ('style="s1" region="r1"', 'tts:color="yellow"', 'xml:lang="en"')}[kind]:
        assert word in after


@pytest.mark.parametrize("into", TEXTS)
@pytest.mark.parametrize("kind", TEXTS)
def test_from_every_kind_into_every_other_times_words_and_slants_stay(kind: str, into: str, tmp_path: Path) -> None:
    out = beside(tmp_path / "film.mov", brought(tmp_path, kind), into, head_s=Fraction(0), language="en")
    assert out.name == f"film.en.{into}"
    cues, wrong = read(out.read_text(encoding="utf-8"), into)
    assert wrong == []
    assert [(cue.start_s, cue.end_s) for cue in cues] == TIMES
    if kind != into:
        assert cues[0].text == "Now in <i>red</i>."
        assert cues[1].text.replace("&amp;", "&") == "Tea & milk,\nfor you."


def test_ffmpeg_reads_what_we_write_as_we_do(tmp_path: Path) -> None:
    for into in ("srt", "vtt"):
        out = beside(tmp_path / "film.mov", brought(tmp_path, "ttml"), into, head_s=HEAD_S)
        done = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(out), "-f", "srt", "-"], capture_output=True, check=True)
        assert read(done.stdout.decode())[0] == [
            Cue(start_s=Fraction(11), end_s=Fraction(25, 2), text="Now in <i>red</i>."), Cue(start_s=10 + TIMES[1][0], end_s=Fraction(14), text="Tea & milk,\nfor you."),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("00:00:01.5", Fraction(3, 2)), ("00:01:00:05", 60 + Fraction(1, 5)), ("1.5s", Fraction(3, 2)), ("90m", Fraction(5400)), ("2h", Fraction(7200)), ("1500ms", Fraction(3, 2)), ("30f", Fraction(6, 5)), ("5t", Fraction(1, 2))],
)
def test_every_way_to_write_a_time_in_ttml(said: str, seconds: Fraction) -> None:
    text = f'<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25" ttp:tickRate="10"><body><div begin="1s"><p begin="{said}" dur="1s">x</p></div></body></tt>'
    (cue,), _ = read(text, "ttml")
    assert (cue.start_s, cue.end_s) == (1 + seconds, 2 + seconds)


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("srt", "hello\n", r"spot\.srt: part 1 has no times\. Export it again"),
        ("srt", "1\n00:01 --> soon\nx\n", "the times of part 1 cannot be read"),
        ("srt", "", "it has no caption in it"),
        ("ttml", "<tt", "it is not whole XML"),
        ("ttml", "<html/>", "it is XML, but no TTML"),
        ("ttml", TTML.replace('ttp:frameRate="25"', 'ttp:timeBase="smpte"'), "its times are counted as smpte; ask for media time"),
        ("ttml", TTML.replace('"2.5s"', '"soon"'), "'soon' is no time"),
    ],
)
def test_captions_that_cannot_be_read_are_a_sentence_and_no_file(kind: str, text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=says):
        beside(tmp_path / "film.mov", brought(tmp_path, kind, text), kind, head_s=HEAD_S)
    assert [path.name for path in tmp_path.iterdir()] == ["assets"]


def test_captions_of_a_kind_that_is_not_built_or_not_there_say_so(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"'stl' is none of them\. Have it converted"):
        beside(tmp_path / "film.mov", brought(tmp_path, "srt"), "stl", head_s=HEAD_S)
    with pytest.raises(DeliveryError, match=r"spot\.vtt cannot be read: No such file"):
        beside(tmp_path / "film.mov", tmp_path / "spot.vtt", "vtt", head_s=HEAD_S)
    path = brought(tmp_path, "srt")
    path.write_bytes(SRT.replace("red", "rot\xe9").encode("latin-1"))
    with pytest.raises(DeliveryError, match=r"not UTF-8; accents will be wrong"):
        beside(tmp_path / "film.mov", path, "srt", head_s=HEAD_S)


@pytest.mark.parametrize("kind", TEXTS)
def test_qc_reads_them_in_their_place_and_finds_those_that_were_not_moved_in_time(kind: str, tmp_path: Path) -> None:
    film = write(web_film(frames=125), tmp_path)
    asked = dataclasses.replace(spec("youtube"), captions=(kind,))
    assert any(one.check == "captions" and "is not there" in one.says for one in check(film, asked))
    beside(film, brought(tmp_path, kind), kind, head_s=Fraction(0))
    assert [one.says for one in check(film, asked) if one.check == "captions"] == []
    beside(film, brought(tmp_path, kind), kind, head_s=Fraction(2))
    assert any("beyond the film's end" in one.says for one in check(film, asked) if one.check == "captions")


def test_captions_go_by_the_versions_name(tmp_path: Path) -> None:
    for name in ("master.srt", "master.en.vtt", "master_fr-CA.ttml", "master-b.srt", "mastery.srt", "15 French.srt", "master.txt", "master.scc"):
        (tmp_path / name).write_text("x")
    assert [(path.name, language) for path, language in given(tmp_path, "master")] == [("master.en.vtt", "en"), ("master.scc", ""), ("master.srt", ""), ("master_fr-CA.ttml", "fr-CA")]
    assert [path.name for path, _ in given(tmp_path, "15 french")] == ["15 French.srt"]
    assert given(tmp_path / "none", "master") == ()


def test_what_was_made_here_counts_only_in_languages_that_nobody_brought_and_not_where_it_is_refused(tmp_path: Path) -> None:
    assets, made = tmp_path / "assets", tmp_path / "cuts" / "captions"
    for folder, names in ((assets, ("master.en.srt",)), (made, ("master.en.vtt", "master.de.srt", "master.fr.srt", "other.de.srt"))):
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text("x")
    assert [path.name for path, _ in given(assets, "master")] == ["master.en.srt", "master.de.srt", "master.fr.srt"]
    assert [path.name for path, _ in given(assets, "master", refused={"master.de"})] == ["master.en.srt", "master.fr.srt"]
