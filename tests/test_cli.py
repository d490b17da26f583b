"""What a person reads at a terminal, and the interface other programs read."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from answerprint import cli
from answerprint.spot import Spot


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert cli.main(list(arguments)) == code
    out, err = capsys.readouterr()
    assert "should not have happened" not in err
    return out + err


@pytest.fixture
def copy(tmp_path: Path, small_spot: Spot) -> str:
    shutil.copytree(small_spot.path, tmp_path / "spot")
    return str(tmp_path / "spot")


def test_status_json_is_the_interface_other_programs_read(capsys: pytest.CaptureFixture[str], small_spot: Spot) -> None:
    found = json.loads(run(capsys, "status", str(small_spot.path), "--json"))
    assert set(found) >= {"production", "script", "clips", "sound_only", "problems"}
    assert found["production"] == {"title": "spot", "rate": "25"}
    clip = found["clips"][0]
    assert set(clip) >= {"file", "digest", "duration_s", "timecode", "camera", "roll", "fps_shot", "sync", "takes", "off_script", "remarks"}
    assert (clip["file"], clip["timecode"], clip["camera"], clip["roll"], clip["fps_shot"]) == ("rushes/A001_C001.mov", "01:00:01:00", "A", "A001", "25")
    assert clip["digest"].startswith("blake3:")
    assert (found["waiting"], found["unfinished"]) == ([], 0)
    pair = clip["sync"][0]
    assert set(pair) >= {"sound", "method", "offset_s", "drift_ppm", "residual_ms", "runner_up", "abstained"}
    assert {type(pair[name]) for name in ("offset_s", "drift_ppm", "residual_ms", "runner_up")} == {float}


def test_status_is_a_table_a_person_reads(capsys: pytest.CaptureFixture[str], small_spot: Spot) -> None:
    text = run(capsys, "status", str(small_spot.path))
    assert "rushes/A001_C001.mov  01:00:01:00  6.0 s   A001  T001.wav at +3.25" in text
    assert "safe to format" not in text


def test_facts_say_how_each_was_measured(capsys: pytest.CaptureFixture[str], small_spot: Spot) -> None:
    text = run(capsys, "facts", str(small_spot.path), "A001_C003")
    assert "media.info" in text
    assert "sync.certificate" in text
    found = json.loads(run(capsys, "facts", str(small_spot.path), "A001_C003", "--json"))
    assert all(fact["method"] for facts in found["tasks"].values() for fact in facts)
    assert Path(found["made"]["picture/proxy.mp4"]).is_file()
    assert "nothing here is called 'A009'" in run(capsys, "facts", str(small_spot.path), "A009", code=2)
    assert "could be rushes/A001_C001.mov, rushes/A001_C002.mov" in run(capsys, "facts", str(small_spot.path), "A001", code=2)


@pytest.mark.parametrize("format", ["otio", "fcpxml"])
def test_what_leaves_comes_back_the_same(capsys: pytest.CaptureFixture[str], copy: str, format: str) -> None:
    assert "3 clips written to" in run(capsys, "export", copy, "--format", format)
    out = f"{copy}/cuts/spot_dailies.{format}"
    came = json.loads(run(capsys, "import", copy, out, "--json"))
    assert came["unmatched"] == []
    assert "Nothing changed" in run(capsys, "diff", out, came["paths"][-1])
    assert len(set(came["paths"])) == len(came["paths"])
    again = json.loads(run(capsys, "import", copy, out, "--json"))
    assert not set(again["paths"]) & set(came["paths"]), "an import never overwrites a cut"
    kinds = [entry["body"]["task"] for entry in json.loads(run(capsys, "record", copy, "--json"))]
    assert kinds.count("export") == 1
    assert kinds.count("import") == 2, "each import is entered, since it made other files"
    assert json.loads(run(capsys, "verify", copy, "--json"))["findings"] == []


def test_an_export_that_does_not_exist_names_those_that_do(capsys: pytest.CaptureFixture[str], copy: str) -> None:
    assert "There are: ale, edl, fcpxml, otio, xmeml." in run(capsys, "export", copy, "--format", "aaf", code=2)
    with pytest.raises(SystemExit, match="2"):
        cli.main(["export", copy, "--format", "otio", "--what", "reel"])
    (Path(copy) / "cut.aaf").write_bytes(b"x")
    assert "no format here reads .aaf" in run(capsys, "import", copy, f"{copy}/cut.aaf", code=2)


def test_a_changed_record_and_a_cut_end_are_found(capsys: pytest.CaptureFixture[str], copy: str) -> None:
    import sqlite3

    held = run(capsys, "verify", copy).splitlines()[-1].rsplit(" ", 1)[-1]
    with sqlite3.connect(f"{copy}/.answerprint/record.db") as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.execute("DELETE FROM entry WHERE n = (SELECT max(n) FROM entry)")
        for _, sql in triggers:
            db.execute(sql)
    run(capsys, "verify", copy)
    assert "it was cut off" in run(capsys, "verify", copy, "--held", held, code=1)
    with sqlite3.connect(f"{copy}/.answerprint/record.db") as db:
        db.execute(f"DROP TRIGGER {triggers[0][0]}")
        db.execute(f"DROP TRIGGER {triggers[1][0]}")
        db.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'A001', 'B001') AS BLOB) WHERE n = 2")
    text = run(capsys, "verify", copy, code=1)
    assert "entry 2" in text


def test_a_kept_file_that_was_changed_is_found(capsys: pytest.CaptureFixture[str], copy: str) -> None:
    digest = json.loads(run(capsys, "record", copy, "--json"))[4]["body"]["facts"].removeprefix("blake3:")
    path = Path(copy) / ".answerprint/keep" / digest[:2] / digest
    path.write_bytes(path.read_bytes().replace(b"25", b"24", 1))
    assert "has changed since it was kept" in run(capsys, "verify", copy, code=1)


def test_config_explains_where_each_setting_comes_from(capsys: pytest.CaptureFixture[str], copy: str) -> None:
    text = run(capsys, "config", copy, "--explain")
    assert "answerprint.toml" in text
    assert "built in" in text
    (Path(copy) / "answerprint.toml").write_text('rate = "25"\ntilte = "x"\n')
    assert "Did you mean 'title'" in run(capsys, "status", copy, code=2)


def test_settings_that_are_tables_and_lists_come_a_line_each(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "answerprint.toml").write_text('rate = "25"\nmedia = ["card_A", "card_B"]\n[look]\nA = "looks/show.cube"\n')
    lines = run(capsys, "config", str(tmp_path)).splitlines()
    assert "look.A           looks/show.cube" in lines
    assert lines[lines.index("media            card_A") + 1].split() == ["card_B"]


def test_a_name_with_control_characters_cannot_draw_on_the_terminal() -> None:
    assert cli.plain("a\x1b[2Jb\nc") == "a\\x1b[2Jb\\nc"


def test_a_title_that_came_by_mail_cannot_draw_on_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "answerprint.toml").write_text('rate = "25"\ntitle = "First\\u001b[2J Pour"')
    told = run(capsys, "status", str(tmp_path))
    assert "\x1b" not in told
    assert "First\\x1b[2J Pour" in told


def test_a_folder_whose_name_is_not_text_can_be_a_production(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(capsys, "new", str(tmp_path / os.fsdecode(b"caf\xe9")), "--rate", "25")


def test_a_copied_card_is_whole_and_belongs_to_the_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path, small_card: tuple[Path, Path, list[float]]) -> None:
    spot = tmp_path / "spot"
    run(capsys, "new", str(spot), "--rate", "25", "--media", str(small_card[0]), "--media", str(small_card[1]), "--copy", "--title", "First Pour")
    for path in (*small_card[0].iterdir(), *small_card[1].iterdir()):
        place = "rushes/CARD1" if path.parent == small_card[0] else "sound/SOUND"
        assert (spot / place / path.name).read_bytes() == path.read_bytes()
    assert "media" not in (spot / "answerprint.toml").read_text()
    assert "is a file. Name the production's folder" in run(capsys, "status", str(spot / "answerprint.toml"), code=2)
    assert f"answerprint prep '{tmp_path}/my spot'" in run(capsys, "new", str(tmp_path / "my spot"), "--rate", "25")
    assert "is a production already" in run(capsys, "new", str(spot), "--rate", "25", code=2)


def test_status_says_a_reason_once_and_what_a_certificate_notes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, small_spot: Spot
) -> None:
    """Timecode that is an hour off is for a person to know; seven recorder files that say the same are one sentence."""
    found = small_spot.status()
    found["clips"][0]["sync"][0]["notes"] = ["timecode says 10:20:02, the sound says otherwise by 3600.0 s"]
    found["clips"][1]["sync"] = [{"sound": f"sound/T{n}.wav", "method": "waveform", "abstained": "too short"} for n in range(7)]
    monkeypatch.setattr(Spot, "status", lambda self: found)
    text = run(capsys, "status", str(small_spot.path))
    assert "A001_C001.mov: T001.wav: timecode says 10:20:02, the sound says otherwise by 3600.0 s" in text
    assert text.count("too short") == 1


def test_work_that_is_not_done_yet_is_said(capsys: pytest.CaptureFixture[str], copy: str, tmp_path: Path) -> None:
    (Path(copy) / "script.fountain").write_text("INT. KITCHEN - DAWN\n\nNOAH\nMorning starts before the light does.\n")
    assert "Not everything is prepared yet" in run(capsys, "status", copy)


def test_a_command_at_the_end_of_a_sentence_can_be_typed_as_it_stands() -> None:
    texts = cli._texts()
    parser = cli._parser(texts)
    said = {"folder": "'my spot'", "typed": "'my spot'", "version": "de", "versions": "de fr", "file": "'cuts/mix/master cleaned.wav'", "path": "markets.csv"}
    ends = [texts[part][name] for part, name in (("clean", "choose"), ("clean", "then"), ("clean", "none"), ("correct", "choose"), ("supers", "then"), ("supers", "example"))]
    for text in (*ends, texts["new"]["made"]):
        words = re.sub(r"\{(\w+)\}", lambda slot: said.get(slot[1], "x"), text).rpartition("answerprint ")[2]
        args = parser.parse_args(shlex.split(words))
        assert "my spot" in vars(args).values()


def test_what_the_gate_misses_comes_with_commands_that_can_be_typed_where_one_stands() -> None:
    import io

    from answerprint.cli import gate
    from answerprint.gate import Missing, Verdict

    texts, said = cli._texts(), io.StringIO()
    missing = (
        Missing(what="the cut", who="Ana Berg", says="master has no cut yet. Name it: answerprint choose film:master cuts/FILE"),
        Missing(what="grade", who="Ana Berg", says="grade of master: not decided."), Missing(what="the crew", who="an empty chair", says="nobody is on the crew yet, so nobody can decide."),
        Missing(what="media", who="Ana Berg", says="Look again: answerprint prep FOLDER"),
    )  # fmt: skip
    gate.show(Verdict(versions=("master",), missing=missing), texts, said, folder="a spot")
    lines = said.getvalue().splitlines()
    assert "  master has no cut yet. Name it: answerprint choose film:master cuts/FILE --in 'a spot'" in lines
    assert "  Look again: answerprint prep 'a spot'" in lines
    assert any(line.startswith("What is not decided or not signed") and "answerprint sign 'a spot' selects" in line for line in lines)
    assert any("answerprint crew add" in line and line.endswith("--in 'a spot'") for line in lines)
    quiet = io.StringIO()
    gate.show(Verdict(versions=("master",), missing=missing[3:]), texts, quiet, folder="a spot")
    assert "What is not decided" not in quiet.getvalue()
