"""The library: folders are taken in by seal and stopped at any moment, shots are searched, rights that ran out are held back, nothing is ranked."""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from answerprint import cli, shelving
from answerprint.library import LibraryError, facts
from answerprint.library.finding import Filters, find
from answerprint.media import faces
from answerprint.shelving import Shelf
from answerprint.shelving.searching import Licensed
from tests.library.making import BLUE, GREEN, NIGHT, RED, film, still

TODAY = date(2026, 11, 22)
RIGHTS = (
    "item,what,holder,media,territory,from,until,paper\n"
    "harbour.mp4,stock,Coast Pictures,web,DE,2025-01-01,2026-06-30,L-1\n"
    "forest.mp4,stock,Coast Pictures,,,2025-01-01,2027-06-30,L-2\n"
)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A disk: a red harbour and a blue one in a clip of two shots, a forest, a tall one, a still, a broken file; and a list of rights."""
    home = tmp_path_factory.mktemp("disk") / "STOCK"
    film(home / "coast" / "harbour.mp4", (RED, BLUE), frames=30)
    film(home / "coast" / "forest.mp4", (GREEN,), frames=60, size=(192, 108))
    film(home / "tall" / "lamp.mp4", (NIGHT,), frames=40, size=(108, 192))
    still(home / "stills" / "poppies.png", RED)
    (home / "coast" / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42 and no more")
    (home / "coast" / "rights.csv").write_text(RIGHTS, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def kept(stock: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("index")
    with Shelf(home) as shelf:
        shelving.add(shelf, stock)
    return home


@pytest.fixture
def shelf(kept: Path, tmp_path: Path) -> Iterator[Shelf]:
    shutil.copytree(kept, tmp_path / "index")
    with Shelf(tmp_path / "index") as one:
        yield one


def names(found: shelving.Results) -> list[str]:
    return [Path(one.file).name for one in found.matches]


def test_a_file_that_cannot_be_read_is_one_sentence_and_the_rest_goes_on(shelf: Shelf, stock: Path) -> None:
    assert shelf.index.count(str(stock)) == (4, 5)
    ((file, says),) = shelf.problems
    assert Path(file).name == "broken.mp4"
    assert says.startswith("broken.mp4")
    assert "\n" not in says


def test_what_did_not_change_is_not_read_again(shelf: Shelf, stock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("answerprint.media.digests.read", lambda *_, **__: pytest.fail("a file was read"))
    taken = shelving.add(shelf, stock)
    assert (taken.found, taken.new, taken.again, taken.unchanged) == (5, 0, 0, 4)
    assert len(taken.problems) == 1


def test_a_file_that_moved_is_known_by_its_seal(shelf: Shelf, stock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = shutil.copytree(stock, tmp_path / "OTHER")
    (disk / "coast" / "harbour.mp4").rename(disk / "pier.mp4")
    monkeypatch.setattr("answerprint.library.reading.read", lambda *_, **__: pytest.fail("a file was looked at again"))
    (disk / "coast" / "broken.mp4").unlink()
    taken = shelving.add(shelf, disk)
    assert (taken.new, taken.again) == (0, 4)
    shelf.remove(str(stock))
    assert {Path(one.file).name for one in shelving.search(shelf, filters=Filters(kind="clip")).matches} == {"pier.mp4", "forest.mp4", "lamp.mp4"}


def test_a_walk_that_is_killed_goes_on_where_it_was(stock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint.library import reading

    real, seen = reading.read, []

    def killed(path: Path, **given: object) -> reading.Read:
        seen.append(path.name)
        if len(seen) == 3:  # the broken one, the forest, and in the middle of the harbour
            raise KeyboardInterrupt
        return real(path, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read", killed)
    with Shelf(tmp_path / "index") as shelf, pytest.raises(KeyboardInterrupt):
        shelving.add(shelf, stock / "coast")
    monkeypatch.setattr(reading, "passes_here", lambda clip=None: frozenset({"picture"}))
    with Shelf(tmp_path / "index") as shelf:
        taken = shelving.add(shelf, stock / "coast")
        assert (taken.new, taken.unchanged) == (1, 1)
        assert shelf.index.count() == (2, 3)


def test_a_disk_that_is_not_connected_is_said_plainly(shelf: Shelf, stock: Path, tmp_path: Path) -> None:
    disk = shutil.copytree(stock / "tall", tmp_path / "AWAY")
    film(disk / "tower.mp4", (BLUE,), frames=26, seed=9)
    shelving.add(shelf, disk)
    shutil.rmtree(disk)
    assert f"{disk} is not connected" in next(one.says for one in shelf.roots if not one.connected)
    found = shelving.search(shelf, "tower")
    assert [one.connected for one in found.matches if one.file.endswith("tower.mp4")] == [False]
    assert any("not connected" in note for note in found.notes)
    with pytest.raises(LibraryError, match="connect it"):
        shelving.add(shelf, disk)


def test_a_disk_that_goes_away_meanwhile_marks_no_file_as_broken(stock: Path, tmp_path: Path) -> None:
    disk = shutil.copytree(stock, tmp_path / "GOES")

    def pulled(what: str, number: int, of: int, file: str) -> None:
        if number == 2:
            shutil.rmtree(disk)

    with Shelf(tmp_path / "index") as shelf:
        with pytest.raises(LibraryError, match="went away after 1 files"):
            shelving.add(shelf, disk, progress=pulled)
        assert len(shelf.problems) <= 1


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A red rain and a blue sea, with a list by which the rain may be used."""
    film(tmp_path / "DISK" / "wet" / "rain.mp4", (RED,))
    film(tmp_path / "DISK" / "wet" / "sea.mp4", (BLUE,))
    (tmp_path / "DISK" / "rights.csv").write_text("item,what,holder,until\nrain.mp4,stock,Coast Pictures,2030-06-30\n", encoding="utf-8")
    return tmp_path / "DISK"


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """An empty library that looks at pictures alone."""
    monkeypatch.setattr("answerprint.library.reading.passes_here", lambda clip=None: frozenset({"picture"}))
    with Shelf(tmp_path / "quick") as one:
        yield one


def test_a_list_of_rights_that_somebody_took_away_lets_nothing_be_used_any_more(quick: Shelf, disk: Path) -> None:
    shelving.add(quick, disk)
    assert names(shelving.search(quick, licensed=Licensed(holds=True), today=TODAY)) == ["rain.mp4"]
    (disk / "rights.csv").unlink()
    shelving.add(quick, disk)
    assert not shelving.search(quick, licensed=Licensed(holds=True), today=TODAY).matches


def test_what_lies_nowhere_any_more_takes_nobodys_place_and_is_known_when_it_comes_back(quick: Shelf, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> int:
        return len(find(quick.index, filters=Filters(kind="clip")).rows)

    shelving.add(quick, disk)
    before = (disk / "wet" / "rain.mp4").rename(tmp_path / "away.mp4")
    shelving.add(quick, disk)
    assert (found(), quick.index.count()) == (1, (1, 1))
    film(disk / "wet" / "sea.mp4", (GREEN,), frames=40)
    shelving.add(quick, disk)
    assert (found(), quick.index.count()) == (1, (1, 1)), "the clip that another was written over is gone too"
    monkeypatch.setattr("answerprint.library.reading.read", lambda *_, **__: pytest.fail("a file was looked at again"))
    before.rename(disk / "storm.mp4")
    assert shelving.add(quick, disk).again == 1
    assert names(shelving.search(quick, filters=Filters(kind="clip"))) == ["storm.mp4", "sea.mp4"]


def test_a_folder_within_another_has_its_files_and_keeps_them(quick: Shelf, disk: Path) -> None:
    shelving.add(quick, disk)
    shelving.add(quick, disk / "wet")
    assert [one.files for one in quick.roots] == [2, 2]
    assert quick.remove(str(disk)) == 0
    assert [(one.path, one.files) for one in quick.roots] == [(str(disk / "wet"), 2)]
    assert not shelving.search(quick, licensed=Licensed(holds=True), today=TODAY).matches, "the list lay outside of it"
    shelving.add(quick, disk)
    assert quick.remove(str(disk / "wet")) == 0
    assert quick.index.count() == (2, 2)


def test_of_two_copies_the_one_whose_disk_is_there_is_shown_and_the_limits_of_both_hold(quick: Shelf, disk: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(disk, tmp_path / "SECOND")
    (copy / "rights.csv").write_text("item,what,holder,until\nrain.mp4,stock,Coast Pictures,2026-06-30\n", encoding="utf-8")
    shelving.add(quick, disk)
    shelving.add(quick, copy)
    shutil.rmtree(disk)
    found = shelving.search(quick, filters=Filters(kind="clip"), today=TODAY)
    assert [(one.file, one.connected) for one in found.matches] == [(str(copy / "wet" / name), True) for name in ("rain.mp4", "sea.mp4")]
    assert found.matches[0].licence.held_back
    assert not any("not connected" in note for note in found.notes)


def test_a_name_is_the_same_however_a_disk_writes_its_accents(quick: Shelf, tmp_path: Path) -> None:
    film(tmp_path / "MAC" / unicodedata.normalize("NFD", "Café Zürich.mp4"), (RED,))
    (tmp_path / "MAC" / "rights.csv").write_text("item,holder\n" + unicodedata.normalize("NFC", "Café Zürich.mp4") + ",Coast\n", encoding="utf-8")
    shelving.add(quick, tmp_path / "MAC")
    (one,) = shelving.search(quick, unicodedata.normalize("NFC", "zürich"), today=TODAY).matches
    assert one.licence.holds
    assert one.matched == ("zürich",)
    assert shelving.search(quick, unicodedata.normalize("NFD", "zürich"), today=TODAY).matches


def test_two_who_take_the_same_folder_in_at_once_find_nothing_broken(quick: Shelf, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint.library import reading

    real = reading.read

    def meanwhile(path: Path, **given: object) -> reading.Read:
        monkeypatch.setattr(reading, "read", real)
        with Shelf(quick.index.home) as other:
            shelving.add(other, disk)
        return real(path, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read", meanwhile)
    taken = shelving.add(quick, disk)
    assert (taken.new, taken.again, taken.unchanged, taken.problems) == (0, 1, 1, ())
    assert quick.index.count() == (2, 2)


def test_what_was_thrown_away_on_another_system_is_not_offered(quick: Shelf, disk: Path) -> None:
    for place in ("$RECYCLE.BIN/S-1-5-21", "System Volume Information", "@eaDir/rain.mp4"):
        still(disk / place / "gone.jpg", RED)
    assert shelving.add(quick, disk).found == 2


def test_words_find_the_shot_and_say_why(shelf: Shelf) -> None:
    found = shelving.search(shelf, "a forest")
    assert "forest.mp4" in names(found)
    assert next(one for one in found.matches if one.file.endswith("forest.mp4")).matched == ("forest",)


def test_a_word_whose_meaning_nobody_knows_finds_nothing_by_chance_and_is_said(shelf: Shelf) -> None:
    found = shelving.search(shelf, "zzxqj")
    assert names(found) == []
    assert any("What “zzxqj” means is not known here" in note for note in found.notes)
    beside = shelving.search(shelf, "a forest zzxqj")
    assert names(beside) == names(shelving.search(shelf, "a forest"))
    assert not any("not known" in note for note in shelving.search(shelf, "cockatoo, fjord, toy").notes)


def test_without_the_extra_names_and_facts_are_still_found(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("answerprint.library.meaning.installed", lambda: False)
    found = shelving.search(shelf, "forest")
    assert names(found) == ["forest.mp4"]
    assert any("answerprint[search]" in note for note in found.notes)
    assert names(shelving.search(shelf, "vertical, dark")) == ["lamp.mp4"]


def test_what_is_found_lies_as_it_lies_on_disk(shelf: Shelf) -> None:
    found = shelving.search(shelf, filters=Filters(length_s=0.5))
    places = [(one.file, one.in_s) for one in found.matches]
    assert places == sorted(places)
    assert "nothing is ranked" in found.order
    cut = shelving.search(shelf, filters=Filters(length_s=0.5), most=2)
    assert cut.more
    assert len(cut.matches) == 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(words=("vertical",)), ["lamp.mp4"]), (Filters(kind="still picture"), ["poppies.png"]), (Filters(rate=Fraction(24)), []),
        (Filters(raster=(320, 100), kind="clip"), ["harbour.mp4", "harbour.mp4"]), (Filters(length_s=2.0), ["forest.mp4"]), (Filters(length_s=1.0, handles_s=0.5), ["forest.mp4"]),
        (Filters(longest_s=1.3, kind="clip"), ["harbour.mp4", "harbour.mp4"]),
    ],
)  # fmt: skip
def test_a_filter_lets_through_what_it_names(shelf: Shelf, filters: Filters, expected: list[str]) -> None:
    assert names(shelving.search(shelf, filters=filters)) == expected


def test_a_picture_finds_the_shot_that_looks_like_it(shelf: Shelf, stock: Path, tmp_path: Path) -> None:
    found = shelving.search(shelf, like=f"{stock / 'coast' / 'harbour.mp4'}@1.5", most=1)
    assert [(one.in_s, one.out_s) for one in found.matches] == [(Fraction(6, 5), Fraction(12, 5))]
    shown = still(tmp_path / "wanted.png", (25, 95, 45))
    assert names(shelving.search(shelf, like=str(shown), filters=Filters(kind="clip"), most=1)) == ["forest.mp4"]
    assert names(shelving.search(shelf, palette=[(20, 90, 40)], most=1)) == ["forest.mp4"]
    with pytest.raises(LibraryError, match=r"rain\.mp4@12\.5"):
        shelving.search(shelf, like="a.mp4@soon")


def test_a_licence_that_ran_out_is_named_and_held_back_from_slots(shelf: Shelf) -> None:
    found = {Path(one.file).name: one for one in shelving.search(shelf, filters=Filters(kind="clip"), today=TODAY).matches}
    assert found["harbour.mp4"].licence.held_back
    assert found["harbour.mp4"].rights == "“harbour.mp4” of Coast Pictures ended on 2026-06-30"
    assert found["forest.mp4"].licence.ends == date(2027, 6, 30)
    assert found["lamp.mp4"].rights == "no list says who lets it be used"
    offered = shelving.candidates(None, "harbour forest lamp", shelf=shelf, today=TODAY)
    assert {Path(one.file).name for one in offered} <= {"forest.mp4", "lamp.mp4", "poppies.png"}
    assert all(one.preview and one.preview.startswith(b"\xff\xd8") for one in offered)
    assert names(shelving.search(shelf, licensed=Licensed(holds=True), today=TODAY)) == ["forest.mp4"]
    assert not shelving.search(shelf, licensed=Licensed(until=date(2028, 1, 1)), today=TODAY).matches
    (shelf.index.home / "rights.csv").write_text("item,holder,until\nlamp.mp4,Night House,2026-01-01\n", encoding="utf-8")
    assert "lamp.mp4" not in {Path(one.file).name for one in shelving.candidates(None, "vertical", shelf=shelf, today=TODAY)}


def test_a_face_asks_for_a_release(shelf: Shelf) -> None:
    assert faces.installed()
    found = shelving.search(shelf, licensed=Licensed(released=True), today=TODAY)
    assert {"nobody's face"} <= {word for one in found.matches for word in one.words}
    assert set(facts.WORDS) >= {word for one in found.matches for word in one.words}


def test_the_terminal_takes_in_searches_lists_and_forgets(stock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert cli.main(["library", "search", "rain"]) == 2
    assert "the library is empty" in capsys.readouterr().err
    assert cli.main(["library", "add", str(stock / "tall"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 1
    assert cli.main(["library", "search", "a lamp, vertical", "--page", str(tmp_path / "p.html"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [Path(one["file"]).name for one in told["shots"]] == ["lamp.mp4"]
    assert "data:image/jpeg;base64," in (tmp_path / "p.html").read_text(encoding="utf-8")
    assert cli.main(["library", "search", "--palette", "green"]) == 2
    with pytest.raises(SystemExit):
        cli.main(["library", "search", "--length", "1/0"])
    assert cli.main(["library", "search", "--rate", "1e999999999"]) == 2
    assert cli.main(["library", "search", "--like", "rain.mp4@1e999999999"]) == 2
    assert cli.main(["library", "list"]) == 0
    assert "1 file, 1 shot" in capsys.readouterr().out
    assert cli.main(["library", "remove", str(stock / "tall")]) == 0
    assert cli.main(["library", "remove", str(stock / "tall")]) == 2
    assert "was not taken in" in capsys.readouterr().err


def test_words_on_screen_are_read_on_wish_and_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint.library import reading

    monkeypatch.setattr(reading, "passes_here", lambda clip=None: frozenset({"picture"}))
    monkeypatch.setattr("answerprint.media.ocr.text", lambda picture: [("Harbour Street", (), 0.99), ("xq", (), 0.3)])
    still(tmp_path / "disk" / "a.png", RED)
    with Shelf(tmp_path / "index") as shelf:
        shelving.add(shelf, tmp_path / "disk")
        assert not shelving.search(shelf, "harbour street").matches
        shelving.add(shelf, tmp_path / "disk", more=frozenset({"lettering"}))
        (one,) = shelving.search(shelf, "harbour street").matches
        assert one.matched == ("harbour", "street")
        monkeypatch.setattr(reading, "on_wish", frozenset)
        with pytest.raises(LibraryError, match=r"lettering: .*vision"):
            shelving.add(shelf, tmp_path / "disk", more=frozenset({"lettering"}))


def test_somebody_who_speaks_is_a_fact_of_the_shot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    from answerprint.library import hearing
    from answerprint.library.pictures import Shot
    from tests import made

    class Listener:
        def voice(self, samples: np.ndarray) -> np.ndarray:
            return np.concatenate((np.zeros(32), np.ones(len(samples) // 512 - 32))).astype(np.float32)

    monkeypatch.setattr("answerprint.media.speech.listener", Listener)
    path = made.clip(tmp_path / "a.mov", sound=made.voice(4.0, seed=1))
    silent, spoken = hearing.heard(path, [Shot(in_s=Fraction(0), out_s=Fraction(1)), Shot(in_s=Fraction(1), out_s=Fraction(4))])
    assert not silent.speaks
    assert spoken.speaks
    assert spoken.voice_s == pytest.approx(3.0, abs=0.2)
