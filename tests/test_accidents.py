"""Accidents as people get them: what there is room for, the reel, and what a cut left on the floor."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from answerprint import accidents, cli
from answerprint.desk import Desk
from answerprint.model.accidents import Accident
from answerprint.spot import Spot
from tests.conftest import Shoot


def one(number: int, kind: str = "bump", apart: float = 1.0, length_s: float = 1.0) -> Accident:
    return Accident(clip=f"c{number}", file=f"{number:03d}.mov", attempt=1, setup="1A", kind=kind, in_s=5.0, out_s=5.0 + length_s, evidence="made", against="made", apart=apart)


def test_there_is_room_for_three_a_minute_each_kind_in_turn_and_the_rest_is_counted() -> None:
    rows = [one(number, apart=10 + number) for number in range(9)] + [one(20, "laughter"), one(21, "ad-lib")]
    view = accidents.budgeted(rows, 60)
    assert {row.kind for row in view.shown} == {"bump", "laughter", "ad-lib"}
    assert [row.file for row in view.shown] == ["008.mov", "020.mov", "021.mov"], "shooting order, whatever they were chosen by"
    assert (len(view.shown), view.left) == (3, 8)
    assert accidents.budgeted([], 600) == accidents.Laid(shown=(), left=0, looked_s=600)


def test_the_reel_of_two_hours_is_five_minutes_and_of_a_short_day_as_much_less() -> None:
    rows = [one(number, length_s=4.0) for number in range(400)]
    shown, left = accidents.excerpts(rows, 7200)
    assert 290 < sum(row.out_s - row.in_s for row in shown) <= 300
    assert len(shown) + left == 400
    assert [row.accident for row in shown] == sorted((row.accident for row in shown), key=lambda row: row.file)
    assert sum(row.out_s - row.in_s for row in accidents.excerpts(rows, 1800)[0]) <= 75
    assert accidents.excerpts([], 7200) == ((), 0)


def test_the_gust_of_the_sample_shoot_is_heard_and_what_was_said_in_it_is_told(day: Spot, shoot: Shoot) -> None:
    rows = accidents.found(Desk(day))
    assert {row.kind for row in rows} >= {"wind heard", "stumble"}
    (gust,) = [(Path(clip["file"]).name, one) for clip in shoot.truth["clips"] for one in clip["accidents"]]
    for row in rows:
        if row.kind.startswith("wind"):
            assert Path(row.file).name == gust[0]
            assert row.in_s < gust[1]["out_s"]
            assert row.out_s > gust[1]["in_s"]
    assert any("hello wind" in row.evidence for row in rows)
    assert all(row.evidence and row.against for row in rows)


def test_the_command_prints_the_list_that_the_api_returns(day: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["accidents", str(day.path), "--all", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == [accidents.plain(row) for row in accidents.found(Desk(day))]
    assert {"file", "kind", "in_s", "out_s", "evidence", "against"} <= set(printed[0])
    assert cli.main(["accidents", str(day.path)]) == 0
    assert "in shooting order" in capsys.readouterr().out


def test_a_stretch_that_is_taken_away_names_what_lies_in_it(day: Spot) -> None:
    desk = Desk(day)
    first = accidents.found(desk)[0]
    assert first in accidents.inside(desk, first.file, first.in_s - 1, first.out_s + 1)
    assert accidents.inside(desk, first.file, first.out_s + 100, first.out_s + 101) == ()
    assert accidents.left_out(desk, {}) == accidents.found(desk)
    assert first not in accidents.left_out(desk, {first.clip: [(first.in_s, first.out_s)]})


def test_before_prep_nobody_has_looked(tmp_path: Path) -> None:
    import answerprint

    spot = answerprint.new(tmp_path / "spot", rate="25")
    assert accidents.waiting(Desk(spot))
    assert accidents.found(Desk(spot)) == ()
    with pytest.raises(accidents.AccidentsError, match="answerprint prep"):
        accidents.reel(spot)


def test_the_reel_shows_each_with_its_evidence_and_counts_the_rest(day: Spot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(day.path, tmp_path / "spot")
    spot = Spot(tmp_path / "spot")
    monkeypatch.setattr(accidents, "excerpts", lambda rows, looked_s: ((accidents.Excerpt(accident=rows[0], in_s=rows[0].in_s, out_s=rows[0].in_s + 0.5),), len(rows) - 1))
    path, shown, left = accidents.reel(spot)
    assert path.name == "accidents.mp4"
    assert path.stat().st_size > 10_000
    assert (len(shown), left) == (1, len(accidents.found(Desk(spot))) - 1)


def test_a_rough_cut_names_what_it_left_and_nothing_that_it_shows(day: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(day.path, tmp_path / "spot")
    assert cli.main(["rough", str(tmp_path / "spot"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    desk = Desk(Spot(tmp_path / "spot"))
    cut = desk.read(desk.cut_file(printed["path"]), "").cut
    spans = {file: [(float(one.start_s), float(one.end_s)) for one in ranges] for file, ranges in cut.picture.items()}
    assert spans
    lengths = {unit.file: float(unit.info.duration_s) for unit in desk.shoot.clips}
    assert all(out_s <= lengths[file] + 0.1 for file, ranges in spans.items() for _, out_s in ranges), "seconds of the clip, not of its timecode"
    shown = [row for row in accidents.found(desk) if any(in_s <= row.in_s and row.out_s <= out_s for in_s, out_s in spans.get(row.file, []))]
    left = printed["left_out"]
    assert left
    assert not [row for row in left if row in [accidents.plain(one) for one in shown]]
    assert len(left) < len(accidents.found(desk)) or not shown


def test_a_clean_up_names_what_is_heard_in_the_sound_and_a_correction_what_is_seen_in_the_clip(day: Spot) -> None:
    desk = Desk(day)
    rows = accidents.found(desk)
    gust = next(row for row in rows if row.kind == "wind heard")
    (sound,) = [row["sound"] for row in desk.shoot.certificates[next(unit for unit in desk.shoot.clips if unit.file == gust.file).digest] if row["abstained"] is None]
    assert gust in accidents.heard_in(desk, sound)
    others = [unit.digest for unit in desk.shoot.sounds if unit.digest != sound]
    assert not any(gust in accidents.heard_in(desk, other) for other in others)
    assert accidents.seen_in(desk, gust.file) == (), "nothing is seen there"
    assert accidents.named(gust).startswith(f"wind heard at 0:{gust.in_s:04.1f} in {Path(gust.file).stem}: ")
    assert accidents.touched(day) is not None
