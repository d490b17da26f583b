"""From a table of markets to films: supers that are drawn, versions that are their parent below them, a disclosure that is proved."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
import pytest
from PIL import Image

import answerprint
from answerprint import assets, cli, disclosing, exchanged, finishing, supering
from answerprint.desk import Desk
from answerprint.films import Asked
from answerprint.spot import Spot
from answerprint.supering import SuperingError
from tests.test_previews import SPEC

#: Words on a plate that stand from the first frame: nothing moves, so that one picture is drawn and coded.
PLATE = """schema = 1
title = "A tag"
use = "this test"
[palette]
plate = "#101010"
[[layer]]
name = "plate"
kind = "block"
around = ["words"]
colour = "plate"
[[layer]]
name = "words"
kind = "text"
slot = "words"
"""
TAG = (
    PLATE
    + """box = [0.1, 0.5, 0.8, 0.4]
size = 90
lines = 2
role = "disclosure"
[[layer]]
name = "mark"
kind = "image"
slot = "mark"
required = false
box = [0.4, 0.05, 0.2, 0.3]
"""
)
SAID = "Created with synthetic performers"
TABLE = f"version,language,specs,at,for,words,mark\nen,en,,0,3,{SAID},logo\nfr,fr,,0,3,Avec des acteurs de synthèse,\n"


@pytest.fixture(scope="module")
def made(small_spot: Spot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two markets over a cut of three seconds, made once: copy it, never write into it."""
    home = tmp_path_factory.mktemp("markets") / "spot"
    shutil.copytree(small_spot.path, home)
    for folder, name, text in (("specs", "tiny.toml", SPEC), ("templates", "tag.toml", TAG), (".", "markets.csv", TABLE)):
        (home / folder).mkdir(exist_ok=True)
        (home / folder / name).write_text(text, encoding="utf-8")
    settings = home / "answerprint.toml"
    settings.write_text(settings.read_text() + f'\nspecs = ["tiny"]\ndisclosure = {{ en = "{SAID}", fr = "Avec des acteurs de synthèse" }}\n')
    timeline = otio.adapters.read_from_file(str(answerprint.open(home).export("otio").path))
    for clip in timeline.find_clips():
        clip.source_range = otio.opentime.TimeRange(clip.source_range.start_time, otio.opentime.RationalTime(25, 25))
    otio.adapters.write_to_file(timeline, str(home / "cuts" / "v01.otio"))
    assert cli.main(["choose", "film", "cuts/v01.otio", "--in", str(home)]) == 0
    Image.new("RGB", (60, 30), (200, 40, 40)).save(home / "logo.png")
    spot = answerprint.open(home)
    assets.add(spot, home / "logo.png", "client, 3 Nov", name="logo")
    outcome = supering.supers(spot, home / "markets.csv", template="tag")
    assert [(one.version, one.anew) for one in outcome.drawn] == [("en", True), ("fr", True)]
    return home


@pytest.fixture
def spot(made: Path, tmp_path: Path) -> Spot:
    shutil.copytree(made, tmp_path / "spot", symlinks=True)
    return answerprint.open(tmp_path / "spot")


def again(spot: Spot, **told: object) -> supering.Outcome:
    return supering.supers(spot, spot.path / "markets.csv", template="tag", **told)


def table(spot: Spot, text: str) -> None:
    (spot.path / "markets.csv").write_text(text, encoding="utf-8")


def test_every_market_has_a_version_that_inherits_its_parent_s_edit_and_a_sheet_that_shows_it(spot: Spot) -> None:
    desk = Desk(spot)
    assert (spot.path / "versions.csv").read_text().splitlines() == [
        "version,of,differs,cut,language", "master,,,,", "en,master,language,cuts/en.otio,en", "fr,master,language,cuts/fr.otio,fr",
    ]  # fmt: skip
    for version in ("en", "fr"):
        assert desk.family.stranger(version, desk.cuts) is None
        assert desk.family.edit_from(version, desk.cuts) == "master"
        assert f"cuts/supers/{version} tag.mov" in desk.cuts[version].replaceable
    one = finishing.made(spot, "supers")["en"]
    assert set(one.files) == {"cuts/supers/en tag.mov", "cuts/en.otio"}
    assert one.files["cuts/supers/en tag.mov"] == desk.cuts["en"].digests["cuts/supers/en tag.mov"]
    assert assets.shelf(spot.path).current["logo"].digest in one.inputs
    assert desk.decisions == {}
    assert set(desk.drafts) == {("final edit", "film:master"), ("pacing", "film:master")}
    sheet = Image.open(spot.path / "cuts" / "supers" / "contact sheet.png")
    assert sheet.size[0] > 900
    page = (spot.path / "cuts" / "supers" / "contact sheet.html").read_text(encoding="utf-8")
    assert page.count("<img") == 2
    assert "Avec des acteurs de synthèse" in page


def test_the_film_shows_the_super_over_its_parent_s_picture_and_nothing_else(spot: Spot) -> None:
    from answerprint.supering.backdrops import Backdrops

    with Backdrops(Desk(spot)) as backdrops:
        below, over = (backdrops.frames(version, (320, 180), [18])[0].astype(int) for version in ("master", "en"))
    changed = np.abs(over - below).max(axis=2) > 24
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    assert (rows.min(), rows.max()) > (5, 60)
    assert changed[:4].any() == changed[-4:].any() == changed[:, :20].any() == changed[:, -20:].any() == False  # noqa: E712
    assert columns.size > 100
    assert changed.mean() > 0.02


def test_a_grade_is_for_the_shots_and_not_for_what_is_lettered_over_them(spot: Spot) -> None:
    from answerprint.supering.backdrops import Backdrops

    def shown(grade: str) -> dict[str, np.ndarray]:
        assert cli.main(["choose", "grade", grade, "--in", str(spot.path)]) == 0
        with Backdrops(Desk(spot)) as backdrops:
            return {version: backdrops.frames(version, (320, 180), [18])[0].astype(int) for version in ("master", "en")}

    plain = shown("as-shot")
    (spot.path / "assets" / "dark.cdl").write_text("<ColorDecisionList><ColorDecision><ColorCorrection><SOPNode><Slope>0.4 0.4 0.4</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode></ColorCorrection></ColorDecision></ColorDecisionList>")
    dark = shown("assets/dark.cdl")
    assert dark["master"].mean() < 0.6 * plain["master"].mean()
    plate = np.abs(plain["en"] - plain["master"]).max(axis=2) > 40
    assert np.abs(plain["en"] - dark["en"])[plate].mean() < 4
    with av.open(str(spot.path / "assets" / "master.mov"), "w") as box:  # a graded master of the version below: it knows nothing of the supers
        stream = box.add_stream("prores_ks", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv422p10le"
        for _ in range(75):
            box.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((180, 320, 3), 90, np.uint8), format="rgb24")))
        box.mux(stream.encode())
    master = shown("assets/master.mov")
    assert np.ptp(master["master"]) < 6
    assert np.abs(plain["en"] - master["en"])[plate].mean() < 8


def test_the_same_table_again_draws_nothing_and_changes_nothing(spot: Spot) -> None:
    before = {path: path.read_bytes() for path in [*(spot.path / "cuts").glob("*.otio"), *(spot.path / "cuts" / "supers").glob("*.mov"), spot.path / "versions.csv"]}
    entries = len(finishing.history(spot))
    outcome = again(spot)
    assert not any(one.anew for one in outcome.drawn)
    assert (outcome.left, outcome.gone) == ((), ())
    told = {path: path.read_bytes() for path in before}
    same = {path: raw == told[path] for path, raw in before.items() if path.suffix != ".otio"}
    assert all(same.values())
    assert entries <= len(finishing.history(spot)) <= entries + 2  # a copy of a production lies elsewhere: its cuts name another folder
    assert len(again(spot).drawn) == 2
    assert len(finishing.history(spot)) <= entries + 2


def test_while_one_row_is_wrong_nothing_is_drawn_and_every_fault_is_listed(spot: Spot) -> None:
    before = sorted(spot.path.rglob("*"))
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    table(spot, f"version,language,at,for,words,mark,wrods\nde,de,0,1,{long},,\nja,ja,0,1,映画,,\nit,it,0,9,Breve,,\nes,es,0,1,Hecho,no logo,\nmaster,en,0,1,A,,x\n")
    with pytest.raises(SuperingError, match=r"\d things are wrong with markets\.csv, so nothing was drawn") as caught:
        again(spot)
    said = "\n".join(caught.value.more)
    for words in ("row 2 (de), words: ", "row 3 (ja), words: ", "row 4 (it): column at: it ends", "row 5 (es), mark: ", "row 6 (master): column version: master is the first", "Did you mean words?"):
        assert words in said, said
    assert sorted(spot.path.rglob("*")) == sorted([*before, *(path for path in [spot.inside / "supers.lock"] if path not in before)])


def test_what_somebody_changed_by_hand_is_left_and_said(spot: Spot) -> None:
    cut = spot.path / "cuts" / "fr.otio"
    timeline = otio.adapters.read_from_file(str(cut))
    timeline.name = "mine"
    otio.adapters.write_to_file(timeline, str(cut))
    mine = cut.read_bytes()
    outcome = again(spot)
    assert cut.read_bytes() == mine
    assert [line.partition(":")[0] for line in outcome.left] == ["cuts/fr.otio"]
    (spot.path / "cuts" / "supers" / "en tag.mov").write_bytes(b"a title of my own")
    with pytest.raises(SuperingError, match=r"cuts/supers/en tag\.mov: somebody changed it"):
        again(spot)


def test_what_somebody_refused_is_left_alone_and_a_version_that_shows_it_is_named(spot: Spot) -> None:
    finishing.refuse(spot, "supers", "fr", by="R. Adeyemi", because="the line is wrong")
    table(spot, TABLE.replace("Avec des acteurs de synthèse", "Acteurs de synthèse"))
    outcome = again(spot)
    assert {one.version for one in outcome.drawn} == {"en"}
    assert outcome.left == ("fr: R. Adeyemi refused its supers: the line is wrong. They are left alone.",)
    desk = Desk(spot)
    said = exchanged.outdated(desk, desk.cuts["fr"])
    assert any("R. Adeyemi refused the supers of fr" in one for one in said)


def test_a_newer_asset_another_word_and_another_template_each_make_a_version_stale_until_it_is_made_again(spot: Spot) -> None:
    assert exchanged.stale(Desk(spot)) == {}
    Image.new("RGB", (60, 30), (40, 40, 200)).save(spot.path / "logo.png")
    assert assets.add(spot, spot.path / "logo.png", "client, 9 Nov", name="logo").replaced is not None
    stale = exchanged.stale(Desk(spot))
    assert list(stale) == ["en"]
    assert "assets/logo 2.png took its place (client, 9 Nov)" in stale["en"][0]
    table(spot, TABLE.replace("Avec des acteurs", "Fait avec des acteurs"))
    assert "row 3 of markets.csv says something else now" in exchanged.stale(Desk(spot))["fr"][0]
    assert {one.version for one in again(spot).drawn if one.anew} == {"en", "fr"}
    assert exchanged.stale(Desk(spot)) == {}
    template = spot.path / "templates" / "tag.toml"
    template.write_text(template.read_text().replace("#101010", "#202020"))
    assert {version: "the template tag was changed" in " ".join(says) for version, says in exchanged.stale(Desk(spot)).items()} == {"en": True, "fr": True}


def test_a_version_whose_parent_was_cut_anew_is_named_and_made_again_over_the_new_cut(spot: Spot) -> None:
    cut = spot.path / "cuts" / "v01.otio"
    timeline = otio.adapters.read_from_file(str(cut))
    for clip in list(timeline.tracks[0])[:1]:
        clip.source_range = otio.opentime.TimeRange(clip.source_range.start_time + otio.opentime.RationalTime(5, 25), clip.source_range.duration)
    otio.adapters.write_to_file(timeline, str(cut))
    desk = Desk(spot)
    assert desk.family.stranger("en", desk.cuts) is not None
    assert "en: master was cut anew since its supers were laid over it." in exchanged.stale(desk)["en"][0]
    assert not any(one.anew for one in again(spot).drawn)
    desk = Desk(spot)
    assert desk.family.stranger("en", desk.cuts) is None
    assert exchanged.stale(desk) == {}


def test_a_market_that_is_gone_is_named_and_what_was_made_for_it_stays(spot: Spot) -> None:
    table(spot, TABLE.split("fr,fr")[0])
    outcome = again(spot)
    assert outcome.gone == ("fr is in markets.csv no more. What was made for it stays: cuts/fr.otio, cuts/supers/fr tag.mov, and its row in versions.csv.",)
    assert (spot.path / "cuts" / "supers" / "fr tag.mov").is_file()


def test_a_disclosure_is_proved_in_every_version_and_its_absence_has_a_way_out(spot: Spot) -> None:
    desk, asked = Desk(spot), Asked()
    assert disclosing.missing(desk, desk.cuts["master"], asked)[0].startswith("master: versions.csv does not say in which language it is")
    for version in ("en", "fr"):
        assert disclosing.missing(desk, desk.cuts[version], asked) == ()
    table(spot, TABLE.replace("Avec des acteurs de synthèse", "Nouveau"))
    again(spot)
    desk = Desk(spot)
    (says,) = disclosing.missing(desk, desk.cuts["fr"], asked)
    assert says.startswith("fr (fr): it does not show the disclosure “Avec des acteurs de synthèse”")
    timeline = otio.adapters.read_from_file(str(spot.path / "cuts" / "en.otio"))
    (super_,) = [clip for clip in timeline.find_clips() if "supers" in clip.media_reference.target_url]
    super_.source_range = otio.opentime.TimeRange(super_.source_range.start_time, otio.opentime.RationalTime(4, 25))
    otio.adapters.write_to_file(timeline, str(spot.path / "cuts" / "en.otio"))
    desk = Desk(spot)
    assert any("en (en): the disclosure in cuts/supers/en tag.mov does not hold" in one for one in disclosing.missing(desk, desk.cuts["en"], asked))


def test_the_command_checks_draws_and_tells_other_programs(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(spot.path)
    assert cli.main(["supers", home, "--template", "tag", "--check"]) == 0
    assert "Nothing wrong found with 2 rows of markets.csv" in capsys.readouterr().out
    assert cli.main(["supers", home, "--template", "tag", "--row", "fr", "--json"]) == 0
    assert [one["version"] for one in json.loads(capsys.readouterr().out)["drawn"]] == ["fr"]
    assert cli.main(["supers", home, "--template", "tga"]) == 2
    assert "there is no template 'tga'" in capsys.readouterr().err
    assert cli.main(["supers", home, "--data", "new.csv", "--example"]) == 0
    assert (spot.path / "new.csv").read_text(encoding="utf-8").startswith("version,template,language,at,for,name,role")
    assert cli.main(["supers", home, "--data", "new.csv", "--example"]) == 2
