"""Rights: what a version may show and play, where and until when, as rights.csv lists it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from answerprint import finishing, rights
from answerprint.film import read_versions
from answerprint.films import Asked
from answerprint.rights import Right, RightsError, read_rights
from answerprint.rights.words import day, media_of_spec, territories
from tests.deciding import VERSIONS, Crewed, clip

TODAY = date(2026, 11, 22)
HEAD = "item,what,holder,media,territory,from,until,AI clause,paper,applies to\n"
BED = "Salt song,music,North Music,,worldwide,,,,licence 12,assets/bed.wav\n"


@pytest.fixture
def spot(tmp_path: Path) -> Crewed:
    made = Crewed.compose(tmp_path)
    (made.production.path / "rights.csv").unlink(missing_ok=True)  # each test lists its own
    made.choose("bed", "bed.wav")
    return made


def lists(spot: Crewed, *rows: str, head: str = HEAD) -> None:
    (spot.production.path / "rights.csv").write_text(head + "".join(f"{row.rstrip()}\n" for row in rows), encoding="utf-8")


def goes(spot: Crewed, **cells: str) -> None:
    """Every version goes there: the first one's row says it, and the others come from it."""
    head, first, *others = VERSIONS.splitlines()
    names = [name.replace("_", " ") for name in cells]
    (spot.production.path / "versions.csv").write_text("\n".join([f"{head},{','.join(names)}", f"{first},{','.join(cells.values())}", *others, ""]), encoding="utf-8")


def says(spot: Crewed, version: str = "master", specs: tuple[str, ...] = ("youtube",), today: date = TODAY) -> tuple[str, ...]:
    desk = spot.desk
    return rights.check(desk, desk.cuts[version], Asked.of(desk, specs), today=today)


def row(text: str, head: str = HEAD) -> Right:
    (found,) = read_rights(f"{head}{text}\n".encode())
    return found


# ---- the paper


@pytest.mark.parametrize("raw", [
    "\ufeffitem;holder;until;applies to;fee\r\nSalt;North;31.12.2026;assets/bed.wav, fr;1.200\r\n",
    "item\tholder\tuntil\tapplies to\nSalt\tNorth\t31 Dec 2026\tassets/bed.wav|fr\n",
    'Item,Holder,Until,Applies to\nSalt,North,2026-12-31,"assets/bed.wav, fr"\n',
])  # fmt: skip
def test_a_list_is_read_as_spreadsheets_write_it(raw: str) -> None:
    (found,) = read_rights(raw.encode())
    assert (found.item, found.holder, found.ends, found.applies) == ("Salt", "North", date(2026, 12, 31), ("assets/bed.wav", "fr"))


@pytest.mark.parametrize(("written", "file"), [("Rain [4K].mp4", "assets/Rain [4K].mp4"), ("Café.wav", "assets/Cafe\u0301.wav"), ("Cafe\u0301.wav", "assets/CAFÉ.wav"), ("rain*", "assets/Rain [4K].mp4")])
def test_a_row_names_a_file_with_brackets_and_however_a_disk_writes_its_accents(written: str, file: str) -> None:
    (found,) = read_rights(f"item,holder,applies to\n{written},North,{written}\n".encode())
    assert found.names(file)
    assert not found.names("assets/Rain 4.mp4") or "*" in written


@pytest.mark.parametrize(("text", "wrong"), [
    ("item\nSalt\n", "row 1: there is no column holder"),
    ("item,holder,teritory\nSalt,North,DE\n", "row 1, column 3: 'teritory' is no column. Did you mean territory"),
    ("item,holder,until\nSalt,North,3/4/2026\n", "row 2, column until: '3/4/2026' is one day in London"),
    ("item,holder,until\nSalt,North,2026-02-30\n", "row 2, column until: .* no day of the calendar"),
    ("item,holder,from,until\nSalt,North,2026-03-01,2026-02-01\n", "row 2, column until: it ends on 2026-02-01, before it begins"),
    ("item,holder,what\nSalt,North,musik\n", "row 2, column what: 'musik' is none. Did you mean music"),
    ("item,holder\n,North\n", "row 2, column item"),
    ("item,holder\nSalt,North,x\n", "row 2: it has 3 cells under 2 columns"),
])  # fmt: skip
def test_a_list_that_cannot_be_read_is_a_sentence_with_row_and_column(text: str, wrong: str) -> None:
    with pytest.raises(RightsError, match=wrong):
        read_rights(text.encode())


def test_days_and_territories_are_read_as_people_write_them() -> None:
    assert {day(one) for one in ("2026-12-01", "1.12.2026", "1 Dec 2026", "Dec 1, 2026", "1 December 2026")} == {date(2026, 12, 1)}
    assert day("in perpetuity") is None
    assert territories("Germany, AT & Schweiz") == territories("DACH") == {"DE", "AT", "CH"}
    assert territories("EU + UK") >= {"FR", "GB"}
    assert territories("worldwide") is None
    assert territories("Atlantis") == {"atlantis"}
    assert [media_of_spec(one) for one in ("tv-eu", "social-9x16", "youtube", "cinema-dcp", "master", "stems")] == ["tv", "social", "web", "cinema", "", ""]


# ---- what blocks


def test_music_that_no_row_names_is_missing_and_a_row_that_names_it_covers_it(spot: Crewed) -> None:
    (found,) = says(spot)
    assert found.startswith("master: the music assets/bed.wav has no right listed. List it in rights.csv")
    lists(spot, "Salt song,music,North Music,,,,,,,")
    (found,) = says(spot)
    assert "Write assets/bed.wav under “applies to” in row 2 (Salt song)" in found
    lists(spot, BED)
    assert says(spot) == says(spot, "fr_tall") == ()


def test_a_film_without_music_stock_or_a_list_has_no_rights_to_speak_of(spot: Crewed) -> None:
    spot.choose("bed", "none")
    desk = spot.desk
    assert rights.check(desk, desk.cuts["master"], None, today=TODAY) == ()
    assert rights.absent(desk, desk.cuts["master"]).startswith("rights: no music bed, stock or generated picture in master; there is no rights.csv")
    lists(spot, BED)
    assert rights.absent(spot.desk, desk.cuts["master"]) == ""


def test_a_right_that_ended_or_has_not_begun_blocks_and_ends_on_its_last_day(spot: Crewed) -> None:
    lists(spot, BED, "Mina,talent,Agency Nord,,,2026-11-01,2026-11-22,,release,")
    assert says(spot) == ()
    assert says(spot, today=date(2026, 11, 23)) == ("master: “Mina” of Agency Nord ended on 2026-11-22 (rights.csv, row 3). Renew it, or take what it covers out of the cut.",)
    (found,) = says(spot, today=date(2026, 10, 31))
    assert "begins on 2026-11-01" in found
    goes(spot, airs_from="2026-11-20", airs_until="2026-12-24")
    (found,) = says(spot, "fr_tall")
    assert "ends on 2026-11-22, and the version airs until 2026-12-24" in found
    goes(spot, airs_from="3/4/2026")
    assert "versions.csv, column airs from, fr_tall: '3/4/2026' is one day in London" in says(spot, "fr_tall")[0]


def test_a_right_holds_where_and_for_what_it_says_and_nowhere_else(spot: Crewed) -> None:
    lists(spot, "Salt song,music,North Music,online,DACH,,,,,assets/bed.wav")
    assert says(spot) == ("master: “Salt song” of North Music holds for DACH alone (rights.csv, row 2), and nobody says where the version goes. "
                          "Write it into the column territory of versions.csv.",)  # fmt: skip
    goes(spot, territory="Germany")
    assert says(spot) == says(spot, "square", ("social-1x1", "youtube")) == ()
    assert says(spot, "fr", ("tv-eu",)) == ("fr: “Salt song” of North Music holds for online, and the version goes to tv (rights.csv, row 2).",)
    assert "nobody says for which media" in says(spot, specs=("master",))[0]
    goes(spot, territory="worldwide", media="web")
    assert says(spot, specs=("master",)) == ("master: “Salt song” of North Music holds for DACH, and the version goes to worldwide (rights.csv, row 2).",)


def test_a_row_applies_to_what_it_names_and_to_no_other_version(spot: Crewed) -> None:
    lists(spot, BED, "Amélie,talent,Agence Sud,,,,2026-01-01,,,frr_*", "Zoé,talent,Agence Sud,,,,2026-01-01,,,*tall", "Voice,talent,Studio,,,,2026-01-01,,,VO_fr", "Old logo,artwork,Client,,,,2026-01-01,,,fr_square|logo_old.png")
    assert says(spot) == ()
    assert [line.partition(" ended")[0] for line in says(spot, "fr")] == ["fr: “Voice” of Studio"]
    assert [line.partition(" ended")[0] for line in says(spot, "fr_square")] == ["fr_square: “Voice” of Studio", "fr_square: “Old logo” of Client"]
    assert [line.partition(" ended")[0] for line in says(spot, "tall")] == ["tall: “Zoé” of Agence Sud"]
    assert any("“Amélie” of Agence Sud applies to frr_*, which is in no version's cut" in one for one in rights.notes(spot.desk, today=TODAY))


def test_temp_may_be_cut_with_and_does_not_go_out(spot: Crewed) -> None:
    (spot.production.path / "assets" / "temp bed.wav").write_bytes((spot.production.path / "assets" / "bed.wav").read_bytes())
    lists(spot, BED)
    spot.choose("bed", "temp bed.wav")
    (found,) = says(spot)
    assert found == "master: assets/temp bed.wav calls itself temp: it may be cut with, and does not go out. Put in what is licensed, under a name of its own."
    spot.choose("bed", "bed.wav")
    assert says(spot) == ()
    lists(spot, BED, "B-roll,temp,Somebody,,,,,,,A001_C003.mp4")
    (found,) = says(spot, "square")
    assert found.startswith("square: rushes/A001_C003.mp4 is temp by rights.csv, row 3")
    lists(spot, BED, "Scratch song,temp,Nobody")
    assert any("“Scratch song” of Nobody is temp by rights.csv, row 3, and no file is named there" in one for one in rights.check(spot.desk, spot.desk.cuts["master"], today=TODAY))
    assert any("“Scratch song” of Nobody is temp, and the row names no file" in one for one in rights.notes(spot.desk, today=TODAY))
    assert [rights.paper.is_temp(one) for one in ("TEMP_MX-2", "temp3", "temporary bed", "tempo", "attempt", "contemporary")] == [True] * 3 + [False] * 3


def test_a_stock_picture_needs_a_row(spot: Crewed) -> None:
    import opentimelineio as otio

    path = spot.production.path / "cuts" / "en.otio"
    timeline = otio.adapters.read_from_file(str(path))
    timeline.tracks[0][2] = clip("stock/city.mp4", 0, 50, digest="blake3:city")
    otio.adapters.write_to_file(timeline, str(path))
    lists(spot, BED)
    (found,) = says(spot)
    assert found.startswith("master: the stock picture stock/city.mp4 has no right listed.")
    lists(spot, BED, "City at night,stock,Library,,,,,,,stock/*")
    assert says(spot) == ()


def test_a_clause_against_ai_forbids_what_the_machine_did_to_that_item_and_no_more(spot: Crewed) -> None:
    lists(spot, BED, "Mina,talent,Agency,,,,,no AI,,A001_C005.mp4", "Leo,talent,Agency,,,,,no AI,,A001_C006.mp4", "Ida,talent,Agency,,,,,ask her first,,A001_C007.mp4")
    assert says(spot, "square") == ()
    finishing.propose(spot.production, "reframing", "square shot 5: A001_C005", inputs=(), files={})
    (found,) = says(spot, "square")
    assert found == "square: “Mina” of Agency: the AI clause says “no AI” (rights.csv, row 3), and rushes/A001_C005.mp4 is reframed by the machine."
    assert says(spot) == says(spot, "tall") == ()
    finishing.refuse(spot.production, "reframing", "square shot 5: A001_C005", by="Mara Lind")
    assert says(spot, "square") == ()
    assert any("the AI clause of “Ida” of Agency is for people to read: “ask her first”" in one for one in rights.notes(spot.desk, today=TODAY))


def test_what_ends_within_sixty_days_names_its_versions_and_blocks_nothing(spot: Crewed) -> None:
    lists(spot, BED, "Mina,talent,Agency,,,,2027-01-21,,,", "Voice,talent,Studio,,,,2026-12-01,,,VO_fr", "Kitchen,location,Owner,,,,2027-01-22,,,")
    assert rights.endings(spot.desk, today=TODAY) == (
        "“Voice” of Studio ends on 2026-12-01, in 9 days: fr, fr_square, fr_tall.",
        "“Mina” of Agency ends on 2027-01-21, in 60 days: master, square, tall, fr, fr_square, fr_tall.",
    )
    assert says(spot, "fr") == ()


def test_a_list_that_cannot_be_read_lets_nothing_out(spot: Crewed) -> None:
    (spot.production.path / "rights.csv").write_text("item\n")
    assert says(spot) == ("rights.csv, row 1: there is no column holder. The columns are: item, what, holder, media, territory, from, until, ai clause, paper, applies to, note.",)


def test_an_old_list_of_versions_is_still_one_and_children_go_where_their_parent_goes() -> None:
    assert read_versions(VERSIONS.encode()).goes("fr_tall", "territory") == ""
    family = read_versions(b"version,of,differs,cut,territory\nde,,,,DACH\nde_tall,de,shape,,\nfr,de,language,,FR\n")
    assert [family.goes(one, "territory") for one in ("de", "de_tall", "fr")] == ["DACH", "DACH", "FR"]
