"""Captions of a real cut: its words as they were spoken, a person's changes, another language, refusal; and what the command says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from answerprint import captioning, cli, finishing
from answerprint.assistant import export_rough
from answerprint.captioning import CaptionError
from answerprint.delivery.captions import given
from answerprint.desk import Desk
from answerprint.spot import Spot
from answerprint.spot import open as open_production


@pytest.fixture(scope="module")
def rough(day: Spot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shoot with a rough cut as its film: copy it, never write into it."""
    home = tmp_path_factory.mktemp("captions") / "spot"
    shutil.copytree(day.path, home, symlinks=True, ignore=shutil.ignore_patterns("proxy.mp4", "*.tmp"))
    made, _ = export_rough(open_production(home), "otio", to=home / "cuts" / "v01.otio")
    assert made
    (home / "versions.csv").write_text("version,of,differs,cut\nmaster,,,v01.otio\n")
    return home


@pytest.fixture
def spot(rough: Path, tmp_path: Path) -> Spot:
    home = tmp_path / "spot"
    shutil.copytree(rough, home, symlinks=True)
    return open_production(home)


def srt(spot: Spot) -> Path:
    return spot.path / "cuts" / "captions" / "master.en.srt"


def test_a_cut_is_captioned_from_the_script_as_it_was_spoken(spot: Spot) -> None:
    done = captioning.caption(spot, "en")
    text = " ".join(one.text.replace("\n", " ") for one in done.captions)
    assert "Morning starts before the light does." in text
    assert "Four minutes. That is all I ask." in text
    assert "NOAH: Larkfield. Roasted slowly, poured once. Two hundred grams." in text  # not in the picture: named; a brand as the script spells it
    assert done.faults == ()
    assert [path.name for path in done.files] == ["master.en.srt", "master.en.vtt", "master.en.ttml"]
    (found,) = finishing.made(spot, "captions").values()
    assert found.about == "master.en"
    assert Desk(spot).cuts["master"].seal in found.inputs
    assert captioning.outdated(Desk(spot), "master") == ()
    assert captioning.caption(spot, "en").entry == done.entry, "the same again is not written twice"


def test_a_persons_changes_survive_the_next_run_and_other_files_follow(spot: Spot) -> None:
    captioning.caption(spot, "en")
    srt(spot).write_text(srt(spot).read_text().replace("Morning starts before", "Morning begins before"))
    done = captioning.caption(spot, "en")
    assert "Morning begins before" in srt(spot).read_text()
    assert "Morning begins before" in srt(spot).with_suffix(".vtt").read_text()
    assert len(done.edited) == 1
    kept = finishing.made(spot, "captions")["master.en"]
    assert "Morning starts before" in kept.path(spot, "cuts/captions/master.en.srt").read_text(), "the machine's own is kept"
    srt(spot).with_suffix(".vtt").write_text("WEBVTT\n\nmine")
    again = captioning.caption(spot, "en")
    assert any("master.en.vtt was changed by hand and is left as it is" in says for says in again.says)
    assert srt(spot).with_suffix(".vtt").read_text() == "WEBVTT\n\nmine"


def test_captions_that_lie_there_and_were_not_made_here_are_not_touched(spot: Spot) -> None:
    srt(spot).parent.mkdir(parents=True)
    srt(spot).write_text("1\n00:00:01,000 --> 00:00:02,000\nMine.\n")
    with pytest.raises(CaptionError, match="was not made here"):
        captioning.caption(spot, "en")
    assert "Mine." in srt(spot).read_text()


def test_a_page_lists_captions_with_their_times_and_saves_one(spot: Spot) -> None:
    captioning.caption(spot, "en")
    shown = captioning.listed(spot, "master", "en")
    first = shown.lines[0]
    assert (first.number, first.by_hand, first.faults) == (1, False, ())
    assert first.start.startswith("00:00:0")
    after = captioning.save(spot, "master", "en", 1, seal=shown.seal, text="A line that is much too long for any caption that a person should ever have to read")
    assert after.lines[0].by_hand
    assert after.lines[0].machine == first.text
    assert any("has a line of" in says for says in after.lines[0].faults), "told, and not altered"
    with pytest.raises(CaptionError, match="changed by somebody else meanwhile"):
        captioning.save(spot, "master", "en", 1, seal=shown.seal, text="Late")
    fewer = captioning.save(spot, "master", "en", 1, seal=after.seal, text="")
    assert len(fewer.lines) == len(shown.lines) - 1
    assert first.text not in captioning.caption(spot, "en").captions[0].text, "what was taken out stays out"


def test_refused_captions_are_left_alone_and_go_with_no_film(spot: Spot) -> None:
    captioning.caption(spot, "en")
    captioning.refuse(spot, None, "en", by="Mara Lind", because="a human does them")
    with pytest.raises(CaptionError, match="refused by Mara Lind"):
        captioning.caption(spot, "en")
    assert given(spot.path / "assets", "master", finishing.refused(spot, "captions")) == ()
    captioning.take_back(spot, None, "en", by="Mara Lind")
    assert captioning.caption(spot, "en").captions
    assert given(spot.path / "assets", "master", finishing.refused(spot, "captions"))


def test_another_language_needs_a_persons_words_and_stands_where_they_are_spoken(spot: Spot) -> None:
    with pytest.raises(CaptionError, match=r"looks like en, not de.*--words de\.csv"):
        captioning.caption(spot, "de")
    english = captioning.caption(spot, "en")
    paper = spot.path / "de.csv"
    paper.write_text("item;text\n1;Der Morgen beginnt vor dem Licht.\n2;Vier Minuten. Mehr will ich nicht.\n", encoding="utf-8")
    german = captioning.caption(spot, "de", words=paper)
    first = next(one for one in german.captions if "Der Morgen" in one.text)
    assert abs(first.first - next(one for one in english.captions if "Morning" in one.text).first) <= 3
    assert any("Mehr will ich nicht." in one.text for one in german.captions)
    assert any("item 5 is said in this cut and has no text in de.csv" in says for says in german.says)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("item,words\n1,a\n", "row 1: there is no column text"),
        ("item,text\n99,a\n", "row 2, column item: '99' is no item of the script"),
        ("item,text\n1,a\n1,b\n", "row 3, column item: item 1 stands in row 2 already"),
        ("item,text\n1,a, b\n", "row 2: it has 3 cells under 2 columns"),
        ("", "is empty"),
    ],
)
def test_a_table_of_words_says_where_it_is_wrong(table: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "de.csv"
    path.write_text(table)
    with pytest.raises(CaptionError, match=says):
        captioning.words_of(path, range(1, 9))


def test_the_command_makes_refuses_and_says_in_sentences(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(spot.path)
    assert cli.main(["caption", home, "--lang", "en", "--608"]) in (0, 1)
    assert "master in en:" in capsys.readouterr().out
    assert sorted(path.suffix for path in srt(spot).parent.iterdir()) == [".scc", ".srt", ".ttml", ".vtt"]
    assert max(len(line) for line in srt(spot).read_text().splitlines() if "-->" not in line) <= 32
    for words, says in (
        (["--lang", "xx"], "'xx' is no language"), (["--lang", "en", "--formats", "doc"], "'doc' is no format"), (["--lang", "en", "--version", "sqare"], "no version called 'sqare'"),
        (["--lang", "en", "--teletext", "--formats", "scc"], "32 characters a line"), (["--lang", "en", "--refuse"], "Give a name: --by NAME"),
    ):  # fmt: skip
        assert cli.main(["caption", home, *words]) == 2
        assert says in capsys.readouterr().err
    assert cli.main(["caption", home, "--lang", "en", "--refuse", "--by", "Ade"]) == 0
    assert "refused by Ade" in capsys.readouterr().out
    (spot.path / "versions.csv").write_text("version,of,differs,cut\nmaster,,,none.otio\n")
    assert cli.main(["caption", home, "--lang", "en"]) == 2
    assert "cannot be read" in capsys.readouterr().err
