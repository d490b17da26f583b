"""What leaves the house: the record as one file, whole or without the words of what people said."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import answerprint
from answerprint import cli
from answerprint.book import Book
from answerprint.copies import CopyError, copy, hand_out_check
from answerprint.ledger import Record, verify
from answerprint.ledger.admit import LedgerError
from answerprint.ledger.copied import copy as of_file
from answerprint.spot import Spot
from answerprint.turnover import TurnoverError
from tests.first_pour import JONAS, THOUGHT, compose
from tests.ledger.conftest import fill, opened_up, task_body

#: What somebody said, and what somebody gave as the reason of a decision.
SAID = ["frame too polite", "The silence is the film", "film about hands", *THOUGHT.values(), "One window", "the whole room went quiet", "breath after it"]
DECIDED = ["Her hand shakes", "Mara Lind", "The girl is a prop in it", "logo larger"]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with people in it: read it, copy it, never write into it."""
    return compose(tmp_path_factory.mktemp("told") / "record.db")


@pytest.fixture
def spot(tmp_path: Path, told: Path) -> Spot:
    one = answerprint.new(tmp_path / "spot", rate="25", title="First Pour")
    one.inside.mkdir()
    shutil.copyfile(told, one.inside / "record.db")
    return one


def entries(path: Path) -> list[verify.Entry]:
    with Record.open(path) as record:
        return list(record.entries())


def test_openssh_checks_one_entry_by_itself(spot: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    n = next(one.n for one in entries(spot.inside / "record.db") if one.kind == "decision")
    assert cli.main(["record", str(spot.path), "--entry", str(n), "--to", str(tmp_path / "alone")]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("ssh-keygen -Y verify -f allowed_signers -I SHA256:")
    assert subprocess.run(line, shell=True, cwd=tmp_path / "alone", check=False).returncode == 0
    body = tmp_path / "alone" / f"entry-{n}.json"
    body.write_bytes(body.read_bytes().replace(b"take", b"tale", 1))
    assert subprocess.run(line, shell=True, cwd=tmp_path / "alone", check=False).returncode != 0
    assert cli.main(["record", str(spot.path), "--entry", str(n), "--to", str(tmp_path / "alone")]) == 2
    assert "is not replaced" in capsys.readouterr().err


@pytest.mark.parametrize(("n", "says"), [("9999", "there is no entry 9999. The last one is"), ("0", "there is no entry 0"), ("-1", "no entry -1")])
def test_an_entry_that_is_not_there_is_a_sentence(spot: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str], n: str, says: str) -> None:
    assert cli.main(["record", str(spot.path), f"--entry={n}", "--to", str(tmp_path / "alone")]) == 2
    assert says in capsys.readouterr().err


def test_what_the_machine_wrote_has_no_signature_to_check(spot: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    n = next(one.n for one in entries(spot.inside / "record.db") if one.signature is None)
    assert cli.main(["record", str(spot.path), "--entry", str(n), "--to", str(tmp_path / "alone")]) == 2
    assert f"nobody signed entry {n}" in capsys.readouterr().err


def test_a_file_that_is_no_checkpoint_is_a_slip_and_not_a_finding(spot: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.csv").write_text("a,b")
    assert cli.main(["verify", str(spot.path), "--checkpoint", str(tmp_path / "notes.csv")]) == 2
    assert "--checkpoint notes.csv: that is no checkpoint." in capsys.readouterr().err


def test_a_whole_copy_is_one_file_that_says_the_same(spot: Spot, tmp_path: Path) -> None:
    with spot.writer() as record:  # somebody is at work: the last entries lie in the -wal
        record.append("task", task_body(1000))
        done = copy(spot, tmp_path / "copy.db")
        assert list(record.entries()) == entries(done.path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.db", "spot"]
    assert verify.verify(done.path).findings == ()
    assert (done.entries, done.withheld) == (186, 0)
    assert "Mara Lind" in done.path.read_bytes().decode("utf-8", "replace")


def test_a_copy_can_be_read_from_a_disk_that_is_read_only(spot: Spot, tmp_path: Path) -> None:
    (tmp_path / "handed").mkdir()
    done = copy(spot, tmp_path / "handed" / "copy.db")
    assert done.path.read_bytes()[18:20] == b"\1\1", "another journal than WAL, so that nothing appears beside it"
    assert len(entries(done.path)) == 185
    assert [one.name for one in done.path.parent.iterdir()] == ["copy.db"]


def test_a_copy_made_while_others_write_is_the_record_at_one_moment(tmp_path: Path) -> None:
    path = fill(tmp_path / "record.db", 200)
    stop = threading.Event()

    def write() -> None:
        with Record.open(path, write=True) as record:
            number = 1000
            while not stop.is_set() and number < 1400:
                record.append("task", task_body(number := number + 1))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = [of_file(path, tmp_path / f"{n}.db", withhold=bool(n % 2)) for n in range(6)]
    finally:
        stop.set()
        writer.join()
    whole = entries(path)
    for one in done:
        copied = entries(one.path)
        assert copied == whole[: len(copied)]
        assert len(copied) == one.entries >= 200


def test_a_copy_without_words_still_verifies_and_says_how_many_are_withheld(spot: Spot, tmp_path: Path) -> None:
    done = copy(spot, tmp_path / "copy.db", withhold=True)
    report = verify.verify(done.path)
    assert report.findings == ()
    assert report.withheld == done.withheld == 16
    assert "16 entries are here without their text" in "\n".join(report.lines())
    assert report.head == verify.verify(spot.inside / "record.db").head, "the same last seal: a checkpoint of the one holds for the other"


def test_none_of_the_words_is_anywhere_in_the_file(spot: Spot, tmp_path: Path) -> None:
    whole, without = copy(spot, tmp_path / "whole.db").path.read_bytes(), copy(spot, tmp_path / "copy.db", withhold=True).path.read_bytes()
    for words in SAID:
        assert words.encode() in whole, words
        assert words.encode() not in without, words
    for words in DECIDED:
        assert words.encode() in without, words


def test_what_was_decided_is_the_same_in_a_copy_without_words(spot: Spot, told: Path, tmp_path: Path) -> None:
    done = copy(spot, tmp_path / "copy.db", withhold=True)
    with Record.open(told) as whole, Record.open(done.path) as without:
        one, other = Book(whole), Book(without)
    assert one.decisions == other.decisions
    assert [raised.number for raised in one.objections] == [raised.number for raised in other.objections]
    assert [line.by.name for line in one.lines] == [line.by.name for line in other.lines]


def test_a_signature_under_withheld_words_is_still_checked(spot: Spot, tmp_path: Path) -> None:
    path = copy(spot, tmp_path / "copy.db", withhold=True).path
    with opened_up(path) as db:
        n, signature = db.execute("SELECT n, signature FROM entry WHERE kind = 'objection' LIMIT 1").fetchone()
        db.execute("UPDATE entry SET signature = ? WHERE n = ?", (signature[:-1] + bytes([signature[-1] ^ 1]), n))
    assert n in [finding.n for finding in verify.verify(path).findings]


def test_a_copy_of_a_copy_withholds_no_less(spot: Spot, tmp_path: Path) -> None:
    once = copy(spot, tmp_path / "copy.db", withhold=True)
    again = of_file(once.path, tmp_path / "again.db")
    assert (again.entries, again.head, again.withheld) == (once.entries, once.head, once.withheld)


def test_a_copy_replaces_nothing(spot: Spot, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"a master")
    for place in (clip, spot.inside / "record.db"):
        before = place.read_bytes()
        with pytest.raises(LedgerError, match="a copy replaces nothing"):
            of_file(spot.inside / "record.db", place)
        assert place.read_bytes() == before
    (tmp_path / "link.db").symlink_to(tmp_path / "nowhere.db")
    with pytest.raises(LedgerError, match="a copy replaces nothing"):
        of_file(spot.inside / "record.db", tmp_path / "link.db")


def test_nothing_is_written_among_the_media_or_into_the_house(spot: Spot) -> None:
    with pytest.raises(TurnoverError, match="media lie there"):
        copy(spot, spot.path / "rushes" / "copy.db")
    with pytest.raises(CopyError, match="keeps its own things"):
        copy(spot, spot.inside / "copy.db")


def test_a_record_that_does_not_verify_is_not_copied_and_nothing_is_left(spot: Spot, tmp_path: Path) -> None:
    with opened_up(spot.inside / "record.db") as db:
        db.execute("UPDATE entry SET at = '2020-01-01T00:00:00.000Z' WHERE n = 40")
    with pytest.raises(LedgerError, match=r"no copy was made.*entry 40"):
        copy(spot, tmp_path / "copy.db")
    with sqlite3.connect(spot.inside / "record.db") as db:
        db.execute("CREATE TABLE more (x)")
    with pytest.raises(LedgerError, match="a 'table' named 'more' does not belong"):
        copy(spot, tmp_path / "copy.db")
    assert [one.name for one in tmp_path.iterdir()] == ["spot"]


def test_without_a_record_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(CopyError, match="no record to copy yet"):
        copy(answerprint.new(tmp_path / "spot", rate="25"), tmp_path / "copy.db")


def test_a_stranger_with_the_copy_and_the_check_needs_nothing_else(spot: Spot, tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    record, check = copy(spot, tmp_path / "mail", withhold=True).path, hand_out_check(tmp_path / "mail" / "verify.py")
    assert hand_out_check(check) == check, "the same file may be written again"
    assert record.name == "First Pour record without words.db"
    done = subprocess.run([sys.executable, "-I", check, record], capture_output=True, text=True, check=True, cwd=tmp_path, env={"PATH": os.defpath})
    assert "Nothing wrong found in 185 entries" in done.stdout
    (tmp_path / "mine.py").write_text("print()")
    with pytest.raises(CopyError, match="another file has that name"):
        hand_out_check(tmp_path / "mine.py")


def test_the_command_copies_hands_out_the_check_and_checks_a_copy(spot: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "copy.db"
    assert cli.main(["record", str(spot.path), "--to", str(to), "--withhold", "words", "--checker", str(tmp_path / "verify.py")]) == 0
    said = capsys.readouterr().out
    assert "16 texts are withheld" in said
    assert "reasons given with a decision, are still in it" in said
    assert cli.main(["verify", str(to)]) == 0
    assert "16 entries are here without their text" in capsys.readouterr().out
    assert cli.main(["verify", str(to), "--producer", JONAS.key_id]) == 1
    assert "not the record that you were told of" in capsys.readouterr().out
    assert cli.main(["record", str(to)]) == 0
    assert "an objection, its words withheld in this copy" in capsys.readouterr().out
    assert cli.main(["record", str(spot.path), "--withhold", "words"]) == 2
    assert "--withhold is for a copy" in capsys.readouterr().err
