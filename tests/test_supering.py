"""A table of markets becomes supers, versions and a contact sheet; everything that is wrong is listed first; what people wrote stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerprint.film import cut_of
from answerprint.model.time import Timecode
from answerprint.supering import SuperingError
from answerprint.supering.laying import Laid, Lettering, laid
from answerprint.supering.markets import agreeing, rows_of, seal
from answerprint.supering.places import Place, frame, placed
from tests.deciding import RATE, Crewed

HEAD = "version,template,language,at,for,headline\n"


# ---- the table


def test_a_table_is_read_as_spreadsheets_write_it() -> None:
    text = HEAD + "de,super,de,1,2,Neu im Regal\nfr,super,fr,end,00:00:02:00,Nouveau\n"
    for raw in (text.encode(), text.encode("utf-8-sig"), text.replace(",", ";").encode(), text.replace(",", "\t").encode(), text.replace("\n", "\r\n").encode()):
        rows, faults = rows_of(raw, "markets.csv", of="master")
        assert faults == ()
        assert [(one.row, one.version, one["at"], one["of"], dict(one.values)) for one in rows] == [
            (2, "de", "1", "master", {"headline": "Neu im Regal"}), (3, "fr", "end", "master", {"headline": "Nouveau"}),
        ]  # fmt: skip


def test_everything_that_is_wrong_with_a_table_is_said_at_once_with_row_and_column() -> None:
    raw = b"version,differs,at,item,headline\n,super,1,,A\nd@e,language,1,,B\nde,shape,1,,C\nfr,langage,,x,D\nit,,,,E\n"
    _, faults = rows_of(raw, "markets.csv", template="super")
    assert [fault.split(": ")[0] for fault in faults] == [
        "markets.csv, row 2, column version", "markets.csv, row 3, column version", "markets.csv, row 4, column differs", "markets.csv, row 5, column differs",
        "markets.csv, row 5, column item", "markets.csv, row 6, column at",
    ]  # fmt: skip
    assert "Did you mean language?" in faults[3]
    with pytest.raises(SuperingError, match=r"there is no column version\. Did you mean versions"):
        rows_of(b"versions,at\nde,1\n", "markets.csv")
    with pytest.raises(SuperingError, match="not UTF-8"):
        rows_of(b"version\n\xff\xfe\n", "markets.csv")


def test_a_version_that_contradicts_itself_is_said_with_both_rows() -> None:
    rows, _ = rows_of(b"version,language,at\nde,de,1\nDE,fr,2\nde,,3\n", "markets.csv", template="super")
    told, faults = agreeing(rows, "markets.csv")
    assert told == {"de": {"language": "de"}}
    assert faults == ("markets.csv, row 3, column language: DE has 'fr' here and 'de' in row 2. Say it once.",)


def test_a_row_s_seal_knows_what_is_shown_and_nothing_else() -> None:
    def of(text: str) -> str:
        return seal(rows_of(f"version,at,price,asked\n{text}\n".encode(), "m", template="price")[0][0], "price", ["price"])

    assert of("de,1,9.99,Anna") == of("DE,1,9.99,Ben")
    assert len({of("de,1,9.99,"), of("de,2,9.99,"), of("de,1,8.99,"), of("fr,1,9.99,")}) == 4


# ---- places


def test_a_moment_is_a_timecode_or_seconds_from_the_film_s_first_frame() -> None:
    start = Timecode.parse("10:00:00:00", rate=RATE)
    assert [frame(text, rate=RATE, start=start) for text in ("2", "2.5 s", "2,5", "00:00:02:05", "10:00:02:05")] == [50, 63, 63, 55, 55]
    with pytest.raises(SuperingError, match="neither a timecode nor seconds"):
        frame("soon", rate=RATE, start=start)


@pytest.fixture
def spot(tmp_path: Path) -> Crewed:
    return Crewed.compose(tmp_path, versions="")


def place_of(spot: Crewed, **cells: str) -> tuple[int, int]:
    desk = spot.desk
    header = ",".join(["version", *cells])
    (one,), _ = rows_of(f"{header}\n{','.join(['de', *cells.values()])}\n".encode(), "m", template="super")
    found = placed(desk, "master", one, start=Timecode.parse("01:00:00:00", rate=RATE))
    return found.first, found.end


def chosen(spot: Crewed) -> Crewed:
    spot.choose("film", "cuts/en.otio")
    return spot


def test_an_item_has_its_place_where_its_shot_is_and_an_end_card_where_the_film_s_own_lettering_is(spot: Crewed) -> None:
    chosen(spot)
    assert place_of(spot, item="3") == (100, 150)
    assert place_of(spot, item="12") == (550, 600)  # the end card
    assert place_of(spot, item="3", **{"for": "1"}) == (100, 125)
    assert place_of(spot, at="end", **{"for": "2"}) == (550, 600)
    for cells, says in (
        ({"item": "40"}, "no item 40"), ({"at": "23", "for": "2"}, "ends 25 frames after the film's last"), ({"at": "end", "for": "30"}, "begins 150 frames before"),
        ({"at": "2"}, "column for: how long"), ({"at": "1", "for": "0"}, "not one frame long"),
    ):  # fmt: skip
        with pytest.raises(SuperingError, match=says):
            place_of(spot, **cells)


# ---- the cut


def super_at(first: int, end: int, template: str = "price", version: str = "de") -> Laid:
    name = f"{version} {template}"
    return Laid(what=Lettering(version=version, template=template), file=f"cuts/supers/{name}.mov", path=Path("/elsewhere") / f"{name}.mov", digest=f"blake3:{template}",
                place=Place(first=first, end=end), size=(1920, 1080))  # fmt: skip


def test_a_version_with_supers_is_its_parent_to_the_frame(spot: Crewed) -> None:
    timeline = chosen(spot).desk.timeline("master")
    made = laid(timeline, [super_at(25, 75), super_at(50, 100, "legal"), super_at(200, 250, "super")], name="de", rate=RATE)
    assert [track.name for track in made.tracks] == ["V1", "Supers", "Supers 2", "A1"]
    own, parent = cut_of("de", "cuts/de.otio", made), cut_of("master", "cuts/en.otio", timeline)
    assert own.replaceable >= {"cuts/supers/de price.mov", "cuts/supers/de legal.mov"}
    assert (own.rhythm, own.sound) == (parent.rhythm, parent.sound)
    assert own.seal != parent.seal
    (spot.production.path / "versions.csv").write_text("version,of,differs,cut\nmaster,,,\nde,master,super,cuts/de.otio\n")
    family = spot.desk.family
    cuts = {"de": own, "master": parent}
    assert family.stranger("de", cuts) is None
    assert family.other_sound("de", cuts) is None
    assert family.edit_from("de", cuts) == "master"
    assert family.needs_sheet("de", cuts)
    assert {family.inherits("de", one, cuts) for one in ("final edit", "grade", "mix", "hero framing")} == {"master"}


def test_a_shot_of_the_shoot_above_is_still_a_shot(spot: Crewed) -> None:
    timeline = chosen(spot).desk.timeline("master")
    other = super_at(25, 75)
    shot = laid(timeline, [Laid(**{**vars(other), "file": "rushes/B001_C001.mov"})], name="de", rate=RATE)
    assert cut_of("de", "", shot).rhythm != cut_of("master", "", timeline).rhythm


def test_a_super_of_the_same_template_takes_the_parent_s_place_and_others_stay(spot: Crewed) -> None:
    parent = laid(chosen(spot).desk.timeline("master"), [super_at(25, 75, version="en"), super_at(100, 150, "legal", "en")], name="en", rate=RATE)
    made = laid(parent, [super_at(30, 80)], name="de", rate=RATE)
    shown = [(clip.name, track.range_of_child(clip).start_time.value) for track in made.tracks if track.name.startswith("Supers") for clip in track.find_clips()]
    assert shown == [("de price", 30.0), ("en legal", 100.0)]
