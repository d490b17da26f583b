"""A clip of the library that was laid into a cut by hand: the gate says what the library knows of it, under whatever name it lies, and asks the index once."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from answerprint import rights, shelving, slots
from answerprint.library import known
from answerprint.rights import footage
from answerprint.timeline.cut import CutInfo, at, attach
from tests.deciding import RATE, SCRIPT, Crewed, clip
from tests.library.making import BLUE, GREEN, RED, film, still

TODAY = date(2026, 11, 22)
LIST = "item,what,holder,until,territory,paper\nwindow.mp4,stock,Coast Pictures,2099-06-30,,L-2\nstreet.mp4,stock,Coast Pictures,2026-06-30,,L-1\nglass.png,generated,,,,\nharbour.mp4,stock,Coast Pictures,,NO,L-3\n"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk that was taken in: a clip that may be used, one whose licence ended, one that no list names, one for Norway alone, a still that is listed as generated."""
    place = tmp_path_factory.mktemp("disk") / "STOCK"
    for number, (name, colour) in enumerate({"window": BLUE, "street": RED, "forest": GREEN, "harbour": BLUE}.items(), 1):
        film(place / f"{name}.mp4", (colour,), frames=10, seed=number)
    still(place / "glass.png", BLUE)
    (place / "rights.csv").write_text(LIST, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setattr("answerprint.library.reading.passes_here", lambda clip=None: frozenset({"picture"}))
        with shelving.Shelf() as shelf:
            shelving.add(shelf, place)
        yield place


@pytest.fixture
def spot(disk: Path, tmp_path: Path) -> Crewed:
    made = Crewed.compose(tmp_path, versions="")
    (made.production.path / "shots.csv").write_text(SCRIPT, encoding="utf-8")
    made.choose("film", "cuts/en.otio")
    return made


def lay(spot: Crewed, file: str, name: str = "en") -> None:
    """A cut of eleven shots, this in the place of the third, as an editing program writes it: without any seal."""
    shots = [clip(file, 0, 10) if n == 3 else clip(f"rushes/A001_C{n:03d}.mp4", 10, 50, digest=f"blake3:{n:064x}") for n in range(1, 12)]
    timeline = otio.schema.Timeline(name=name, global_start_time=at(Fraction(3600), RATE))
    timeline.tracks.append(otio.schema.Track("V1", kind="Video", children=shots))
    timeline.tracks.append(otio.schema.Track("A1", kind="Audio", children=[clip("sound/VO_en.wav", 0, 550, digest="blake3:voice en", sound=True)]))
    attach(timeline, CutInfo(rate=RATE))
    otio.adapters.write_to_file(timeline, str(spot.production.path / "cuts" / f"{name}.otio"))


def copied(spot: Crewed, disk: Path, name: str, to: str) -> str:
    path = spot.production.path / to
    path.parent.mkdir(exist_ok=True)
    shutil.copy(disk / name, path)
    return to


def of_rights(spot: Crewed) -> list[str]:
    desk = spot.desk
    return [one for one in rights.check(desk, desk.cuts["master"], today=TODAY) if "bed" not in one]


def of_slots(spot: Crewed) -> tuple[str, ...]:
    desk = spot.desk
    return slots.check(desk, desk.cuts["master"])


def test_what_the_library_calls_generated_is_held_under_another_name_and_where_it_lies_on_its_disk(spot: Crewed, disk: Path) -> None:
    for file in (copied(spot, disk, "glass.png", "assets/rain.png"), str(disk / "glass.png")):
        lay(spot, file)
        (found,) = of_slots(spot)
        assert f"{file} at 00:00:04:00 is glass.png of the library, which calls it generated (rights.csv, row 4), and nobody said for which stock slot" in found
    (line,) = slots.brought(spot.desk, "cuts/en.otio")
    assert "which calls it generated" in line
    with pytest.raises(slots.SlotError, match="which calls it generated"):
        slots.refuse_take(spot.desk, "take", 5, "assets/rain.png")


def test_stock_whose_licence_ended_is_said_also_of_a_copy_among_the_assets(spot: Crewed, disk: Path) -> None:
    for file in (copied(spot, disk, "street.mp4", "assets/b roll.mp4"), str(disk / "street.mp4")):
        lay(spot, file)
        assert f"master: {file} is street.mp4 of the library, and “street.mp4” of Coast Pictures ended on 2026-06-30 (the library's rights.csv, row 3). Renew it, or take what it covers out of the cut." in of_rights(spot)


def test_stock_that_holds_elsewhere_or_that_no_list_names_is_said(spot: Crewed, disk: Path) -> None:
    lay(spot, copied(spot, disk, "harbour.mp4", "assets/pier.mp4"))
    assert any("pier.mp4 is harbour.mp4 of the library" in one and "holds for NO alone" in one for one in of_rights(spot))
    lay(spot, copied(spot, disk, "forest.mp4", "assets/trees.mp4"))
    assert of_rights(spot) == ["master: the stock picture assets/trees.mp4 has no right listed (forest.mp4 of the library: no list says who lets it be used). List it in rights.csv: item, holder, and assets/trees.mp4 under “applies to”."]
    lay(spot, copied(spot, disk, "window.mp4", "assets/rain.mp4"))
    (found,) = of_rights(spot)
    assert "(window.mp4 of the library: “window.mp4” of Coast Pictures, until 2099-06-30 (L-2))" in found


def test_a_row_of_the_production_is_a_person_s_word_for_this_film(spot: Crewed, disk: Path) -> None:
    lay(spot, copied(spot, disk, "street.mp4", "assets/b roll.mp4"))
    listed = spot.production.path / "rights.csv"
    before = listed.read_text(encoding="utf-8")
    head = before.splitlines()[0].split(",")
    row = {"item": "Street", "what": "stock", "holder": "Coast Pictures", "paper": "L-9", "applies to": "assets/b roll.mp4"}
    listed.write_text(before + ",".join(row.get(name, "") for name in head) + "\n", encoding="utf-8")
    assert of_rights(spot) == []


def test_what_the_library_knows_from_this_production_alone_and_what_it_does_not_know_is_as_it_was(spot: Crewed, disk: Path) -> None:
    own = spot.production.path / "assets"
    own.mkdir(exist_ok=True)
    film(own / "logo.mp4", (RED, GREEN), frames=5, seed=77)
    lay(spot, "assets/logo.mp4")
    assert of_rights(spot) == []
    with shelving.Shelf() as shelf:
        shelving.add(shelf, own)
    try:
        assert of_rights(spot) == []
    finally:
        with shelving.Shelf() as shelf:
            shelf.remove(str(own))
    lay(spot, str(disk / "gone.mp4"))
    assert all("of the library" not in one for one in of_rights(spot))


def test_the_index_is_opened_once_for_every_version_and_a_file_that_stays_is_read_once(spot: Crewed, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, read = [], []
    once, whole = known.reading, footage.small_digest

    @contextlib.contextmanager
    def counted(home: Path) -> Iterator[known.Reading | None]:
        opened.append(home)
        with once(home) as index:
            yield index

    monkeypatch.setattr(footage, "reading", counted)
    monkeypatch.setattr(footage, "small_digest", lambda path: read.append(path) or whole(path))
    away = disk.parent / "a copy elsewhere.mp4"
    shutil.copy(disk / "street.mp4", away)
    lay(spot, str(away))
    names = [f"v{n}" for n in range(6)]
    (spot.production.path / "versions.csv").write_text("version,of,differs,cut\nmaster,,,cuts/en.otio\n" + "".join(f"{name},master,language,cuts/en.otio\n" for name in names), encoding="utf-8")
    for _ in range(2):
        desk = spot.desk
        for name in ("master", *names):
            if name in desk.cuts:
                slots.check(desk, desk.cuts[name])
                rights.check(desk, desk.cuts[name], today=TODAY)
    assert len(opened) == 2, "once for each desk"
    assert read.count(away) == 1
    lay(spot, str(disk / "street.mp4"))
    of_rights(spot)
    assert disk / "street.mp4" not in read, "where it lies as it was taken in, the library knows its seal"


def test_a_list_of_the_library_that_cannot_be_read_is_said_without_where_it_lies(spot: Crewed, disk: Path) -> None:
    lay(spot, copied(spot, disk, "window.mp4", "assets/rain.mp4"))
    listed = disk / "rights.csv"
    listed.write_text("item\nwindow.mp4\n", encoding="utf-8")
    try:
        (found,) = of_rights(spot)
    finally:
        listed.write_text(LIST, encoding="utf-8")
    assert "a list of rights in the library cannot be read" in found
    assert "there is no column holder" in found
    assert str(disk) not in found


def test_a_library_that_cannot_be_read_is_said_where_a_cut_shows_what_nobody_shot(spot: Crewed, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(spot, copied(spot, disk, "window.mp4", "assets/rain.mp4"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "other"))
    assert of_rights(spot) == [], "no library, nothing to ask"
    home = tmp_path / "other" / "answerprint" / "library"
    assert not home.exists()
    home.mkdir(parents=True)
    (home / known.INDEX).write_bytes(os.urandom(8192))
    (found,) = of_rights(spot)
    assert "the library's index cannot be read" in found
    assert str(tmp_path) not in found
