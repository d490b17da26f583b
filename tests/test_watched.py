"""What somebody watched is theirs: kept apart, shown to them, erased by them, and counted for others only where they allow it."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from pathlib import Path

import pytest

import answerprint
from answerprint import cli, watched
from answerprint.spot import Spot
from answerprint.watched import WatchedError
from tests.first_pour import JONAS, MARA, compose

THINGS = [f"attempt:blake3:{n:064x}#1" for n in range(14)]


@pytest.fixture
def spot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spot:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    one = answerprint.new(tmp_path / "spot", rate="25", title="First Pour")
    one.inside.mkdir()
    compose(one.inside / "record.db")
    return one


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_played_is_counted_and_nothing_is_said_of_the_rest(spot: Spot) -> None:
    for thing in THINGS[:9]:
        watched.mark(spot, JONAS.key_id, thing, "played")
    watched.mark(spot, JONAS.key_id, THINGS[0], "played")
    assert watched.seen(spot, JONAS.key_id, THINGS[0])
    assert not watched.seen(spot, JONAS.key_id, THINGS[9])
    assert watched.summary(spot, JONAS.key_id, THINGS) == "played 9 of 14"
    assert len(watched.listed(spot, JONAS.key_id)) == 9


def test_work_in_an_editing_program_is_not_seen_by_us(spot: Spot) -> None:
    watched.mark(spot, JONAS.key_id, THINGS[0], "played")
    told = watched.summary(spot, JONAS.key_id, THINGS[:4], elsewhere=THINGS[:3])
    assert told == "played 1 of 4; 2 worked on in an editing program, not seen by us"


def test_nothing_of_it_touches_the_production_or_its_record(spot: Spot) -> None:
    before = files(spot.path)
    watched.mark(spot, JONAS.key_id, THINGS[0], "played")
    watched.allow(spot, JONAS.key_id, True)
    assert {path: raw for path, raw in files(spot.path).items() if not path.name.endswith(("-wal", "-shm"))} == before


def test_it_leaves_only_where_it_is_allowed_and_only_as_a_count(spot: Spot) -> None:
    watched.mark(spot, JONAS.key_id, THINGS[0], "played")
    assert watched.leaving(spot, JONAS.key_id, THINGS) is None
    watched.allow(spot, JONAS.key_id, True)
    assert watched.leaving(spot, JONAS.key_id, THINGS) == "played 1 of 14"
    watched.allow(spot, JONAS.key_id, False)
    assert watched.leaving(spot, JONAS.key_id, THINGS) is None


def test_each_person_has_their_own_and_erases_their_own(spot: Spot, tmp_path: Path) -> None:
    for person in (JONAS, MARA):
        watched.mark(spot, person.key_id, THINGS[0], "played")
    watched.allow(spot, JONAS.key_id, True)
    assert watched.erase(spot, JONAS.key_id) == 1
    assert not watched.listed(spot, JONAS.key_id)
    assert not watched.allowed(spot, JONAS.key_id)
    assert watched.seen(spot, MARA.key_id, THINGS[0])
    (left,) = (tmp_path / "data").rglob("*.jsonl")
    assert left.stat().st_mode & 0o077 == 0
    assert MARA.name not in str(left) + left.read_text()


def test_a_production_on_another_disk_is_the_same_one(spot: Spot, tmp_path: Path) -> None:
    watched.mark(spot, JONAS.key_id, THINGS[0], "played")
    shutil.copytree(spot.path, tmp_path / "moved")
    assert watched.seen(answerprint.open(tmp_path / "moved"), JONAS.key_id, THINGS[0])


def test_the_contact_sheet_of_a_cut_is_not_that_of_the_next_one(spot: Spot) -> None:
    watched.mark(spot, JONAS.key_id, watched.sheet("square", "sha256:1"), "looked")
    assert watched.seen(spot, JONAS.key_id, watched.sheet("square", "sha256:1"), "looked")
    assert not watched.seen(spot, JONAS.key_id, watched.sheet("square", "sha256:2"))
    assert not watched.seen(spot, JONAS.key_id, watched.sheet("square", "sha256:1"), "played")


def _marks(folder: str, name: str) -> None:
    for n in range(20):
        watched.mark(answerprint.open(folder), JONAS.key_id, f"{name} {n}", "played")


def test_several_windows_lose_nothing_of_each_other(spot: Spot) -> None:
    fork = multiprocessing.get_context("fork")
    windows = [fork.Process(target=_marks, args=(str(spot.path), name)) for name in "abc"]
    for one in windows:
        one.start()
    for one in windows:
        one.join(60)
    assert len(watched.listed(spot, JONAS.key_id)) == 60


def test_a_line_that_a_crash_cut_off_spoils_no_other(spot: Spot, tmp_path: Path) -> None:
    watched.mark(spot, JONAS.key_id, THINGS[0], "played")
    (path,) = (tmp_path / "data").rglob("*.jsonl")
    path.write_bytes(path.read_bytes() + b'{"thing": "att')
    watched.mark(spot, JONAS.key_id, THINGS[1], "played")
    assert [one.thing for one in watched.listed(spot, JONAS.key_id)] == THINGS[:2]


def test_a_production_that_was_never_prepped_has_nothing_to_watch(tmp_path: Path) -> None:
    with pytest.raises(WatchedError, match="no record yet"):
        watched.mark(answerprint.new(tmp_path / "spot", rate="25"), JONAS.key_id, THINGS[0], "played")


def test_the_command_shows_allows_and_erases(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str, code: int = 0) -> str:
        assert cli.main(["watched", str(spot.path), *words]) == code
        out, err = capsys.readouterr()
        return out + err

    assert "whose? Say it with --who: Mara Lind, Jonas Weil" in run(code=2)
    assert "What you watched in an editing program is not seen by us" in run("--who", "jonas")
    watched.mark(spot, JONAS.key_id, watched.sheet("square", "sha256:1"), "looked")
    said = run("--who", "jonas")
    assert "Jonas Weil played or looked at:\n" in said
    assert "Jonas Weil was named here, and not proved by a key" in said
    assert "sheet:square  looked" in said
    assert json.JSONDecoder().raw_decode(run("--who", "jonas", "--allow", "--json"))[0]["allowed"] is True
    assert "Erased: 1 thing" in run("--who", "jonas", "--erase")
    assert "no cut that can be read yet" in run("--who", "jonas", "--sheet", "master", code=2)
