"""The family's table, a version added to it, a cut-down begun for a person to cut."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from answerprint import cli, versioning
from answerprint.film import FilmError
from answerprint.timeline.edit import edit_of
from answerprint.versioning import VersioningError, add, cut_down, family
from tests.deciding import Crewed


@pytest.fixture
def spot(tmp_path: Path) -> Crewed:
    made = Crewed.compose(tmp_path)
    (made.production.path / "rights.csv").unlink(missing_ok=True)
    return made


def members(spot: Crewed) -> dict[str, object]:
    return {one.version.name: one for one in family(spot.desk, sheet_seen=spot.sheet_seen)}


def test_the_family_says_what_is_its_own_and_from_whom_the_rest(spot: Crewed) -> None:
    spot.choose_everything()
    spot.sign("selects")
    spot.sign("lock")
    found = members(spot)
    assert list(found) == ["master", "square", "fr_square", "tall", "fr_tall", "fr"]
    assert [one.depth for one in found.values()] == [0, 1, 2, 1, 2, 1]
    assert (found["square"].own, found["fr_square"].own) == (("take", "hero framing"), ("take",))
    assert found["fr_square"].inherits == {"final edit": "master", "pacing": "master", "grade": "master", "mix": "master", "music bed": "master", "hero framing": "square"}
    assert {one.judgment for one in found["fr"].judgments if one.signed} == {"take", "final edit", "pacing"}
    assert [one.sheet for one in found.values()] == [None, False, False, False, False, False]
    assert any("assets/bed.wav has no right listed" in line for line in found["fr"].rights)


def test_an_added_version_begins_as_its_parent_s_cut_and_keeps_the_edit(spot: Crewed) -> None:
    before = (spot.production.path / "versions.csv").read_text()
    made = add(spot.production, "de", "master", "language", language="de", territory="DACH")
    after = (spot.production.path / "versions.csv").read_text()
    assert [line.removesuffix(",") for line in after.splitlines()][1:7] == before.splitlines()[1:7]
    desk = spot.desk
    assert made.cut == desk.path / desk.cuts["de"].file
    assert (desk.cuts["de"].rhythm, desk.cuts["de"].order) == (desk.cuts["master"].rhythm, desk.cuts["master"].order)
    assert desk.family.stranger("de", desk.cuts) is None
    assert (desk.family["de"].language, desk.family.goes("de", "territory")) == ("de", "DACH")
    for name, of, differs, wrong in (("DE", "master", "super", "called de already"), ("it", "mastr", "language", "Did you mean master"), ("it", "master", "look", "no way to differ"),
                                     ("en", "master", "super", "cuts/en.otio is there already"), ("six", "master", "cut-down", "--cut-down 'six' --of 'master'")):  # fmt: skip
        with pytest.raises((VersioningError, FilmError), match=wrong):
            add(spot.production, name, of, differs)
    assert (spot.production.path / "versions.csv").read_text() == after


def test_a_list_is_begun_where_there_is_none(tmp_path: Path) -> None:
    spot = Crewed.compose(tmp_path, versions="")
    spot.choose("film", "cuts/en.otio")
    add(spot.production, "tall", "master", "shape", shape="9:16")
    assert (spot.production.path / "versions.csv").read_text() == "version,of,differs,cut,shape\nmaster,,,,\ntall,master,shape,tall.otio,9:16\n"
    assert set(spot.desk.cuts) == {"master", "tall"}


def test_a_cut_down_begins_as_the_whole_parent_with_markers_and_is_nobody_s_cut_yet(spot: Crewed) -> None:
    made = cut_down(spot.production, "short", "master", Fraction(15))
    assert made.cut.name == "short to cut.otio"
    begun = otio.adapters.read_from_file(str(made.cut))
    desk = spot.desk
    assert edit_of(begun).picture == edit_of(desk.timeline("master")).picture  # not one shot is shorter, moved or left out
    (mark,) = begun.tracks.markers
    assert (mark.name, mark.marked_range.start_time.to_seconds()) == ("Cut down to here", 15.0)
    assert "9 s have to go. Which, a person says." in mark.metadata["note"]
    assert [marker.name for shot in begun.tracks[0] for marker in shot.markers][-1] == "shot 12 of 12: 2 s"
    assert desk.cut_problems["short"].startswith("short has no cut yet")
    spot.choose("film:short", "cuts/short to cut.otio")
    assert "24 s long, as that is: nobody cut it down yet." in " ".join(members(spot)["short"].says)
    for seconds, wrong in ((Fraction(24), "24 s is not shorter than master"), (Fraction(0), "is not shorter"), (Fraction(15, 7), "between two frames.*--seconds 2")):
        with pytest.raises(VersioningError, match=wrong):
            cut_down(spot.production, "six", "master", seconds)


@pytest.mark.parametrize(("seconds", "rate", "drop", "frames"), [
    (15, "24000/1001", False, 360), (15, "30000/1001", False, 450), (60, "30000/1001", True, 1798), (15, "25", False, 375), ("7.5", "24000/1001", False, 180),
])  # fmt: skip
def test_a_cut_down_is_as_long_as_the_film_s_own_timecode_counts(seconds: int | str, rate: str, drop: bool, frames: int) -> None:
    assert versioning._by_clock(Fraction(seconds), Fraction(rate), drop=drop) * Fraction(rate) == frames


def test_the_terminal_shows_the_family_and_adds_to_it(spot: Crewed, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(spot.production.path)
    assert cli.main(["versions", folder]) == 0
    said = capsys.readouterr().out
    assert "  fr_square" in said.replace("\n    fr_square", "\n  fr_square")
    assert cli.main(["versions", folder, "--add", "de", "--differs", "language", "--language", "de"]) == 0
    assert "cuts/de.otio is a copy of master's cut" in capsys.readouterr().out
    assert cli.main(["versions", folder, "--cut-down", "short", "--seconds", "15s"]) == 0
    assert "answerprint choose film:short cuts/FILE" in capsys.readouterr().out
    assert cli.main(["versions", folder, "--cut-down", "x", "--seconds", "soon"]) == 2
    assert cli.main(["versions", folder, "--add", "x"]) == 2
    capsys.readouterr()
    assert cli.main(["versions", folder, "--json"]) == 0
    told = {one["version"]["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert told["de"]["inherits"]["grade"] == "master"
    assert told["short"]["cut"] is None


def test_the_terminal_shows_the_rights_and_what_they_forbid(spot: Crewed, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(spot.production.path)
    assert cli.main(["rights", folder]) == 0
    assert "There is no rights.csv here" in capsys.readouterr().out
    (spot.production.path / "rights.csv").write_text("item,holder,until,applies to\nMina,Agency,2020-01-01,fr*\nBed,North,,assets/bed.wav\n")
    spot.choose("bed", "bed.wav")
    assert cli.main(["rights", folder]) == 1
    said = capsys.readouterr().out
    assert "fr_tall: “Mina” of Agency ended on 2020-01-01 (rights.csv, row 2)." in said
    assert "all 6" in said
    assert cli.main(["rights", folder, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert sorted(told["forbids"]) == ["fr", "fr_square", "fr_tall"]
    (spot.production.path / "rights.csv").write_text("item,holder\nMina\n,x\n")
    assert cli.main(["rights", folder]) == 2
