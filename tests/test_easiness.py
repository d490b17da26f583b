"""The easy-choice report of a production: what lies beside a cut, who chose, what is sealed stays sealed, and the gate knows who looked."""

from __future__ import annotations

import ast
import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

import answerprint
from answerprint import cli, drafts, easiness, gestures, intent, watched
from answerprint.book import Book
from answerprint.delivery.easy import reading
from answerprint.desk import Desk
from answerprint.drafts import Draft
from answerprint.easiness import EasinessError, ReelError, reel
from answerprint.easiness.gathering import shots
from answerprint.spot import Spot
from answerprint.timeline.cut import span
from answerprint.timeline.rough import rough
from answerprint.timeline.share import share
from tests.crewed import MARA, now
from tests.ledger.signing import everything
from tests.test_layers import SRC, imports
from tests.timeline.attempting import ITEMS, day

RATE = Fraction(25)
CDL = "<ColorCorrection id='warm'><SOPNode><Slope>1.3 1 0.7</Slope><Offset>0.05 0 -0.05</Offset><Power>1 1 1</Power></SOPNode></ColorCorrection>"
WORDS = {"sentence": "", "rhythm": "", "palette": "warm as toast", "music": "", "take": ""}


@pytest.fixture(scope="session")
def cut(small_spot: Spot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a second of each of three clips, chosen by Mara, who holds everything; measured once."""
    home = tmp_path_factory.mktemp("easy") / "spot"
    shutil.copytree(small_spot.path, home)
    spot = answerprint.open(home)
    with spot.writer() as record:
        record.sign(MARA.enrols("producer", "director"), MARA)
        record.sign(everything(MARA), MARA)
    timeline = otio.adapters.read_from_file(str(spot.export("otio").path))
    for number, clip in enumerate(timeline.find_clips()):
        clip.source_range = otio.opentime.TimeRange(clip.source_range.start_time, otio.opentime.RationalTime(10 + 2 * (number % 3), 25))
    otio.adapters.write_to_file(timeline, str(home / "cuts" / "v01.otio"))
    (home / "assets").mkdir(exist_ok=True)
    (home / "assets" / "warm.cc").write_text(CDL)
    choice = {"file": "cuts/v01.otio"}
    drafts.put(spot.inside, *(Draft(judgment=one, about="film:master", choice=choice, because="It breathes.", by="Mara Lind") for one in ("final edit", "pacing")))
    easiness.report(Desk(spot), "master")
    return home


@pytest.fixture
def spot(cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spot:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    home = tmp_path / "spot"
    shutil.copytree(cut, home)
    return answerprint.open(home)


def warmed(spot: Spot) -> None:
    drafts.put(spot.inside, Draft(judgment="grade", about="film:master", choice={"file": "assets/warm.cc"}, because="", by="Mara Lind"))


def seal(spot: Spot) -> None:
    with spot.writer() as record:
        record.sign(intent.sealed(WORDS, MARA, spot.keep), MARA)


def test_a_cut_that_nobody_graded_stands_nowhere_from_its_rushes(spot: Spot) -> None:
    colours, lengths, _ = easiness.report(Desk(spot), "master").plates
    assert [(one.group, [distance.value for distance in one.distances]) for one in colours.standings] == [("untouched", [0.0])]
    assert colours.verdict == "Near the default."
    assert "No rough cut was made by the machine, so there is none to stand beside." in lengths.missing
    assert [(one.judgment, one.by, one.because, one.signed) for one in lengths.chose] == [("final edit and pacing", "Mara Lind", "It breathes.", False)]
    assert "Nobody has chosen it yet." in colours.missing


def test_a_grade_moves_the_palette_from_the_rushes_and_nothing_else(spot: Spot) -> None:
    before = easiness.report(Desk(spot), "master").plates
    warmed(spot)
    after = easiness.report(Desk(spot), "master").plates
    assert after[0].standings[0].distances[0].value > 2.3
    assert [one.standings for one in before[1:]] == [one.standings for one in after[1:]]


def test_what_was_measured_once_is_not_measured_again(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    first = easiness.plain(easiness.report(Desk(spot), "master"))

    def never(*given: Any) -> Any:
        raise AssertionError("a cut that did not change was looked at again")

    for name in ("palettes", "bed", "whole_sound"):
        monkeypatch.setattr(reading, name, never)
    assert easiness.plain(easiness.report(Desk(spot), "master")) == first
    for broken in (spot.inside / "cache" / "easy").glob("*.npz"):
        broken.write_bytes(b"cut off")
    monkeypatch.undo()
    assert easiness.plain(easiness.report(Desk(spot), "master")) == first


def test_media_that_are_away_are_said_and_the_rhythm_is_told(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint import previews
    from answerprint.delivery import DeliveryError

    def away(*given: Any) -> Any:
        raise DeliveryError("A001_C001.mp4 is missing: connect its disk.")

    monkeypatch.setattr(previews, "planned", away)
    colours, lengths, sound = easiness.report(Desk(spot), "master").plates
    assert (colours.verdict, sound.verdict) == ("It could not be measured.", "It could not be measured.")
    assert any("connect its disk" in one for one in colours.missing)
    assert dict(lengths.facts)["shots"].startswith("3 in")


def test_a_version_without_a_cut_says_how_to_get_one(small_spot: Spot) -> None:
    with pytest.raises(EasinessError, match="answerprint choose film"):
        easiness.report(Desk(small_spot), "master")


# ---- the sealed first thought


@pytest.mark.parametrize("slugs", [False, True], ids=["rough cut", "rough cut with slugs"])
def test_the_report_counts_the_shots_of_a_cut_as_the_machines_share_does(slugs: bool) -> None:
    made = rough(ITEMS, day(RATE), rate=RATE, slugs=slugs).timeline
    black = otio.schema.Gap(source_range=span(Fraction(0), 2, RATE))
    shown = next(one for one in made.tracks if one.name == "V1")
    first = shown[0]
    whole, part = first.source_range, otio.opentime.RationalTime(first.source_range.duration.rate, first.source_range.duration.rate)
    second = first.clone()
    first.source_range, second.source_range = otio.opentime.TimeRange(whole.start_time, part), otio.opentime.TimeRange(whole.start_time + part, whole.duration - part)
    shown[1:1] = [second, black]  # a blade that nothing was moved at, then black between two shots
    found, counted = shots(made), share(made, made).picture.takes
    assert len(found.lengths_s) == len(counted) == 3
    assert [float(one.start / RATE) for one in counted] == pytest.approx(list(found.starts_s))
    assert found.lengths_s.sum() < found.end_s, "black is no shot"


def test_the_sealed_first_thought_is_in_no_report_until_its_author_opens_it(spot: Spot) -> None:
    seal(spot)
    shut = easiness.report(Desk(spot), "master")
    assert {(one.thought, one.asked) for one in shut.plates} == {("", None)}
    assert "toast" not in json.dumps(easiness.plain(shut))
    with spot.writer() as record:
        (line,) = intent.unopened(now(record), now(record).person("mara"))
        record.sign(intent.opened(line, MARA, spot.keep), MARA)
    colours = easiness.report(Desk(spot), "master").plates[0]
    seen = easiness.report(Desk(spot), "master").film.palette
    assert seen is not None
    assert (colours.thought, colours.thought_by, colours.asked) == ("warm as toast", "Mara Lind", None if seen.orange == seen.azure else seen.orange > seen.azure)


def test_no_task_and_no_critic_can_reach_what_opens_it() -> None:
    closed = ("answerprint.intent", "answerprint.ledger", "answerprint.book", "answerprint.keep", "answerprint.easiness", "answerprint.production", "answerprint.desk")
    for room in ("tasks", "critics"):
        for path in sorted((SRC / room).rglob("*.py")):
            assert not [name for _, name in imports(path, SRC) if name.startswith(closed)], f"{path.name} reaches the first thought"


def test_what_lies_in_the_production_does_not_give_it_away_to_a_task_that_reads_every_file(spot: Spot) -> None:
    seal(spot)
    held = b"".join(one.read_bytes() for one in spot.path.rglob("*") if one.is_file())
    assert b"toast" not in held
    for path in (SRC / "easiness").glob("*.py"):
        assert not [one.attr for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Attribute) and one.attr in ("sealed", "unopened", "unseal")]


# ---- the gate


def missed(spot: Spot) -> tuple[str, ...]:
    desk = Desk(spot)
    return easiness.missing(desk, desk.cuts["master"])


def test_the_gate_misses_it_until_the_report_of_exactly_this_cut_was_on_the_signers_screen(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(spot)
    (says,) = easiness.missing(desk, desk.cuts["master"])
    assert "answerprint easy FOLDER --who 'Mara Lind'" in says
    assert cli.main(["easy", str(spot.path)]) == 0
    assert "It is not known who looks" in capsys.readouterr().out
    assert easiness.missing(desk, desk.cuts["master"])
    assert cli.main(["easy", str(spot.path), "--who", "Mara"]) == 0
    out, beside = capsys.readouterr()
    assert "Mara Lind had it on the screen." in out
    assert "Mara Lind was named here, and not proved by a key" in beside
    assert out.index("Palette over time") < out.index("Rhythm") < out.index("Music bed")
    assert easiness.missing(Desk(spot), desk.cuts["master"]) == ()
    warmed(spot)
    assert easiness.missing(Desk(spot), Desk(spot).cuts["master"])


def test_the_gate_asks_for_the_report_of_what_leaves_and_not_of_a_draft_on_it(spot: Spot) -> None:
    warmed(spot)
    with spot.writer() as record:
        signed = gestures.gesture(Desk(spot), "finish", Book(record).person("Mara"))
        record.sign(signed.content, MARA)
    drafts.clear(spot.inside, *signed.drafts)
    later = Draft(judgment="grade", about="film:master", choice={"grade": "as shot"}, because="", by="Mara Lind")
    drafts.put(spot.inside, later)
    easiness.saw(Desk(spot), "master", MARA.key_id)
    assert "shows a draft that is not signed" in missed(spot)[0]
    drafts.clear(spot.inside, drafts.read(spot.inside)[later.which])
    assert "nobody who signs has looked" in missed(spot)[0]
    easiness.saw(Desk(spot), "master", MARA.key_id)
    drafts.put(spot.inside, later)
    assert missed(spot) == ()


def test_reading_it_as_data_is_not_looking_at_it(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["easy", str(spot.path), "--who", "Mara", "--json", "--pdf"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert [one["plate"] for one in plain["plates"]] == ["palette", "rhythm", "music bed"]
    assert [Path(one).suffix for one in plain["paths"]] == [".pdf", ".html"]
    assert all(Path(one).stat().st_size > 1000 for one in plain["paths"])
    assert watched.listed(spot, MARA.key_id) == []


# ---- the reel, and the category


def test_a_reel_lies_in_its_persons_own_data_and_nowhere_in_the_production(spot: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = next(one.path for one in Desk(spot).shoot.clips if one.path is not None)
    before = {path: path.stat().st_mtime_ns for path in spot.path.rglob("*") if path.is_file()}
    assert cli.main(["reel", "add", str(spot.path), str(film), str(film), "--who", "Mara"]) == 0
    assert reel.listed(MARA.key_id) == (film,)
    assert {path: path.stat().st_mtime_ns for path in spot.path.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))} == {path: at for path, at in before.items() if not path.name.endswith(("-wal", "-shm"))}
    colours = easiness.report(Desk(spot), "master", person=MARA.key_id).plates[0]
    assert [(one.group, [distance.name for distance in one.distances]) for one in colours.standings][1:] == [("reel", [film.name])]
    assert cli.main(["reel", "remove", str(spot.path), str(film), "--who", "Mara"]) == 0
    assert "no film on the reel of Mara Lind" in capsys.readouterr().out
    with pytest.raises(ReelError, match="no such file"):
        reel.add(MARA.key_id, [tmp_path / "gone.mp4"])
    with pytest.raises(ReelError, match="no film in it"):
        easiness.report(Desk(spot), "master", category=spot.path / "assets")


def test_a_film_of_the_category_that_cannot_be_read_is_said_and_stops_nothing(spot: Spot) -> None:
    (spot.path / "category").mkdir()
    (spot.path / "category" / "rival.mp4").write_bytes(b"no film")
    found = easiness.report(Desk(spot), "master")
    assert all(any("rival.mp4 could not be measured" in line for line in one.missing) for one in found.plates)
    assert found.film.length_s == pytest.approx(float(Fraction(36, 25)), abs=0.1)
