"""A checkpoint that somebody else keeps: signed as OpenSSH signs, printed as a square, and what it shows."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

import answerprint
from answerprint import checkpoints, cli
from answerprint.checkpoints import CheckpointError, Note
from answerprint.cli import signing
from answerprint.ledger import Record, verify
from tests.ledger.conftest import fill, opened_up
from tests.ledger.signing import Hand

MARA = Hand("Mára Lind")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = fill(tmp_path / "record.db", 5)
    with Record.open(path, write=True) as one:
        one.sign(MARA.enrols("producer"), MARA)
    return path


def made(path: Path, title: str = "First Pour", *, by: str = MARA.name) -> Note:
    content = checkpoints.content(title)
    with Record.open(path, write=True) as record:
        return checkpoints.note(record.sign(content, MARA), content, by=by, signs=MARA)


def test_a_checkpoint_says_its_entry_its_seal_and_who_signed_it(record: Path) -> None:
    note = made(record)
    assert verify.read_checkpoint(note.data) == (7, note.seal, MARA.key_id)
    assert note.data.decode().splitlines()[:7] == [
        "answerprint checkpoint 1", "title: First Pour", "entry: 7", f"seal: {note.seal}", f"at: {note.at}", f"by: Mára Lind {MARA.key_id}", "",
    ]  # fmt: skip
    assert verify.verify(record, checkpoint=note.data).findings == ()
    assert verify.verify(record, checkpoint=note.data.replace(b"\n", b"\r\n")).findings == (), "mail changes line ends"


def test_openssh_accepts_a_checkpoint(record: Path, tmp_path: Path) -> None:
    message, begin, signature = made(record).data.partition(b"\n-----BEGIN SSH SIGNATURE-----")
    (tmp_path / "note.sig").write_bytes(begin[1:] + signature)
    (tmp_path / "allowed").write_text(f"mara {MARA.public}\n")
    command = ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "allowed", "-I", "mara", "-n", "answerprint-checkpoint-v1", "-s", tmp_path / "note.sig"]
    assert b"Good" in subprocess.run(command, input=message, capture_output=True, check=True).stdout
    assert subprocess.run(command, input=message.replace(b"entry: 7", b"entry: 6"), capture_output=True, check=False).returncode != 0


def test_a_cut_off_end_and_a_rebuilt_one_show_against_it(record: Path) -> None:
    note = made(record)
    with opened_up(record) as db:
        db.execute("DELETE FROM entry WHERE n = 7")
    assert verify.verify(record).findings == (), "without a checkpoint a cut-off end cannot be seen"
    assert "it was cut off" in "\n".join(verify.verify(record, checkpoint=note.data).lines())
    made(record, "First Pour, rebuilt")
    assert "it was rebuilt" in "\n".join(verify.verify(record, checkpoint=note.data).lines())


def test_a_changed_note_is_no_checkpoint(record: Path) -> None:
    note = made(record)
    changed = note.data.replace(b"title: First Pour", b"title: Last Pour")
    assert "was changed after it was signed" in "\n".join(verify.verify(record, checkpoint=changed).lines())


@pytest.mark.parametrize("ending", ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_title_and_no_name_can_begin_a_line_of_the_note(record: Path, ending: str) -> None:
    forged = f"Salt{ending}entry: 1{ending}seal: sha256:{'0' * 64}"
    note = made(record, forged, by=forged)
    assert verify.read_checkpoint(note.data)[:2] == (7, note.seal)


def test_the_square_holds_the_note_byte_for_byte(record: Path) -> None:
    import cv2

    note = made(record, "Först Påur")
    square = checkpoints._square(note.data)
    dark = np.array([[bool(one) for one in row] for row in square.qr.modules])
    drawn = np.kron(np.where(np.pad(dark, 4), 0, 255).astype(np.uint8), np.ones((6, 6), np.uint8))
    near, far = 4 * 6, (4 + len(dark)) * 6 - 1
    corners = np.array([[[near, near], [far, near], [far, far], [near, far]]], np.float32)
    assert cv2.QRCodeDetector().decodeBytes(drawn, corners)[0] == note.data


def test_the_page_is_one_sheet_with_the_note_as_text(record: Path) -> None:
    from reportlab import rl_config

    note = made(record)
    before, rl_config.pageCompression = rl_config.pageCompression, 0
    try:
        pdf = checkpoints.page(note)
    finally:
        rl_config.pageCompression = before
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == 1
    assert note.seal.encode() in pdf
    assert b"answerprint checkpoint 1" in pdf
    assert checkpoints.page(note) == checkpoints.page(note), "the same note gives the same page"


def test_letters_without_a_typeface_stop_no_page(record: Path) -> None:
    assert checkpoints.page(made(record, "\u674e Первый \U0001f3ac", by="\u674e")).startswith(b"%PDF")


def test_a_note_too_long_for_a_square_is_a_sentence(record: Path) -> None:
    note = made(record, "First Pour " * 300)
    assert len(note.title) == checkpoints.LONGEST
    long = Note(title=note.title, entry=7, seal=note.seal, at=note.at, by=note.by, key=note.key, data=note.data * 4)
    with pytest.raises(CheckpointError, match="Shorten the title"):
        checkpoints.page(long)


@pytest.fixture
def spot(tmp_path: Path, record: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    one = answerprint.new(tmp_path / "spot", rate="25", title="First Pour")
    one.inside.mkdir()
    record.rename(one.inside / "record.db")
    monkeypatch.setattr(signing, "signer", lambda args, production: MARA)
    return one.path


def test_the_command_signs_prints_and_writes_the_note(spot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["checkpoint", str(spot), "--qr", "--yes"]) == 0
    said = capsys.readouterr().out
    note = (spot / "out" / "First Pour checkpoint 7.txt").read_bytes()
    assert note.decode() in said, "what the terminal shows is the note itself"
    assert (spot / "out" / "First Pour checkpoint 7.pdf").read_bytes().startswith(b"%PDF")
    assert cli.main(["verify", str(spot), "--checkpoint", str(spot / "out" / "First Pour checkpoint 7.txt")]) in (0, 1)
    assert "cut off" not in capsys.readouterr().out


def test_the_command_replaces_nothing_and_then_signs_nothing(spot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "kept.txt"
    assert cli.main(["checkpoint", str(spot), "--to", str(to), "--yes", "--json"]) == 0
    out = capsys.readouterr().out
    assert json.load(io.StringIO(out[out.index("{") :]))["note"].encode() == to.read_bytes()
    before = to.read_bytes()
    assert cli.main(["checkpoint", str(spot), "--to", str(to), "--yes"]) == 2
    assert "a checkpoint replaces nothing" in capsys.readouterr().err
    assert to.read_bytes() == before
    with Record.open(spot / ".answerprint" / "record.db") as one:
        assert one.head()[0] == 7
