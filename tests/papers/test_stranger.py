"""A stranger with verify.py, the film and its papers, and nothing of ours: the film is confirmed, and every lie about it is refused."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from answerprint.claims import claims_of
from answerprint.delivery.credentials.certificates import own
from answerprint.delivery.credentials.embedding import embed
from answerprint.ledger import verify as law
from answerprint.papers import papers, public
from tests.deciding import MARA
from tests.delivery.credentials.made import film as filmed
from tests.papers.spot import told

ANSWER = 86  #: the entry that answers for the film


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as it leaves: the film with its credentials, and its papers."""
    home = tmp_path_factory.mktemp("left")
    made = told(home)
    line = made.yes()
    embedded = embed(made.made, home / "Salt.mp4", claims_of(made.desk, made.film, line=line), own(home / "keys"), public=public(made.desk), ingredients={})
    papers(made.desk, made.film, line=line, folder=home / "papers", embedded=embedded)
    shutil.copy(home / "Salt.mp4", home / "papers" / "Salt.mp4")
    made.spot.record.close()
    return home / "papers"


@pytest.fixture
def folder(left: Path, tmp_path: Path) -> Path:
    """That folder on a stranger's disk."""
    return Path(shutil.copytree(left, tmp_path / "papers"))


def check(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """What the check says in a Python that sees neither this project nor its folder."""
    alone = folder.parent / "cryptography only"
    if not alone.exists():
        alone.mkdir()
        site = Path(sysconfig.get_path("purelib"))
        for name in ("cryptography", "cffi", "_cffi_backend*", "pycparser"):
            for path in site.glob(name):
                (alone / path.name).symlink_to(path)
    code = "import sys, runpy; sys.path[:] = [p for p in sys.path if 'site-packages' not in p] + [sys.argv[1]]; sys.argv = sys.argv[2:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    given = more or ("record.db", "--film", "Salt.mp4", "--papers", "papers.json")
    return subprocess.run([sys.executable, "-I", "-c", code, str(alone), "verify.py", *given], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def changed(folder: Path, **values: Any) -> None:
    path = folder / "papers.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    for name, value in values.items():
        whole[name] = {**whole[name], **value} if isinstance(value, dict) else value
    path.write_text(json.dumps(whole), encoding="utf-8")


def test_a_stranger_confirms_the_film_without_the_product(folder: Path) -> None:
    done = check(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Nothing wrong found in {ANSWER} entries." in done.stdout
    assert f"Salt.mp4 is the film that Mara Lind signed off in entry {ANSWER}: master for youtube. Every picture and every sound in it is what was signed." in done.stdout
    assert "The papers are those of this film: 12 of them, as they were written. Nobody signs papers" in done.stdout
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec('answerprint') is not None)"
    assert subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=folder, check=False).returncode == 0


def test_what_the_film_says_of_itself_is_a_paper(folder: Path) -> None:
    page = (folder / "credentials.html").read_text(encoding="utf-8")
    assert "Certificate: Self-made certificate; valid, on no trust list. No timestamp authority saw it." in page
    assert "The names of people: they stand in the record and in the papers." in page
    assert "Mara" not in page


def test_the_same_as_data(folder: Path) -> None:
    done = check(folder, "record.db", "--film", "Salt.mp4", "--papers", "papers.json", "--json")
    said = json.loads(done.stdout)
    assert (said["film"]["entry"], said["film"]["findings"], said["findings"]) == (ANSWER, [], [])


def test_the_line_of_the_checkpoint_is_what_the_check_takes(folder: Path) -> None:
    held = (folder / "checkpoint.txt").read_text(encoding="utf-8").splitlines()[0]
    assert check(folder, "record.db", "--held", held).returncode == 0
    other = held[:-1] + ("0" if held[-1] != "0" else "1")
    assert "it was rebuilt" in check(folder, "record.db", "--held", other).stdout


def a_changed_film(folder: Path) -> None:
    path = folder / "Salt.mp4"
    data = bytearray(path.read_bytes())
    data[data.index(b"mdat") + 200] ^= 1
    path.write_bytes(data)


def another_film(folder: Path) -> None:
    filmed(folder / "Salt.mp4", seed=9)


def half_a_film(folder: Path) -> None:
    data = (folder / "Salt.mp4").read_bytes()
    (folder / "Salt.mp4").write_bytes(data[: len(data) // 2])


def another_record(folder: Path) -> None:
    other = told(folder.parent / "elsewhere")
    other.spot.record.close()
    (folder / "record.db").unlink()
    with sqlite3.connect(other.spot.record.path) as db:
        db.execute("VACUUM INTO ?", (str(folder / "record.db"),))


def a_cut_record(folder: Path) -> None:
    with sqlite3.connect(folder / "record.db") as db:
        (trigger,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'entry_remains'").fetchone()
        db.execute("DROP TRIGGER entry_remains")
        db.execute("DELETE FROM entry WHERE n = ?", (ANSWER,))
        db.execute(trigger)


def papers_of_another_film(folder: Path) -> None:
    changed(folder, film={"essence": "sha256:" + 64 * "a"})


def papers_with_another_signer(folder: Path) -> None:
    changed(folder, answer={"by": "Jo Abara"})


def papers_with_another_entry(folder: Path) -> None:
    changed(folder, answer={"entry": ANSWER - 1})


def papers_with_another_checkpoint(folder: Path) -> None:
    changed(folder, checkpoint={"seal": "sha256:" + 64 * "b"})


def another_statement(folder: Path) -> None:
    path = folder / "AI statement.html"
    path.write_text(path.read_text(encoding="utf-8").replace("It chose no take.", "It chose every take."), encoding="utf-8")


def a_paper_less(folder: Path) -> None:
    (folder / "QC report.html").unlink()


def a_paper_outside(folder: Path) -> None:
    changed(folder, papers=[{"file": "../../secret", "what": "", "seal": "sha256:" + 64 * "0"}])


def a_pipe_for_a_paper(folder: Path) -> None:
    (folder / "credits.html").unlink()
    os.mkfifo(folder / "credits.html")


def no_papers(folder: Path) -> None:
    (folder / "papers.json").write_text('{"form": 1}', encoding="utf-8")


def newer_papers(folder: Path) -> None:
    changed(folder, form=2)


def papers_nested_too_deep(folder: Path) -> None:
    (folder / "papers.json").write_text(100_000 * "[", encoding="utf-8")


#: what somebody does to the folder, and what the check says then
LIES = {
    a_changed_film: "names a film of this name with other pictures, other sound or another cut",
    another_film: "names a film of this name with other pictures, other sound or another cut",
    half_a_film: "Salt.mp4: it is cut off or damaged at byte",
    another_record: "no signed entry names it",
    a_cut_record: f"entry {ANSWER}: you hold its seal and it is not here: it was cut off.",
    papers_of_another_film: "The papers: they are those of another film",
    papers_with_another_signer: f"The papers: what they say of who answered for this film is not what entry {ANSWER} says",
    papers_with_another_entry: f"The papers: what they say of who answered for this film is not what entry {ANSWER} says",
    papers_with_another_checkpoint: f"entry {ANSWER}: it is not the one that you hold: it was rebuilt.",
    another_statement: "The papers: 'AI statement.html' is not as it was written",
    a_paper_less: "The papers: 'QC report.html' is not there, and was among them",
    a_paper_outside: "The papers: '../../secret' is no name of a paper",
    a_pipe_for_a_paper: "The papers: 'credits.html' is not a file",
    no_papers: "The papers: it is not the list of a film's papers",
    newer_papers: "The papers: a newer release wrote it (form 2)",
    papers_nested_too_deep: "The papers: it is not JSON",
}


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_every_lie_is_refused_in_a_sentence(folder: Path, lie: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lie(folder)
    monkeypatch.chdir(folder)
    assert law.main(["record.db", "--film", "Salt.mp4", "--papers", "papers.json"]) == 1
    said = capsys.readouterr()
    assert said.err == ""
    assert LIES[lie] in said.out
    assert "The papers are those of this film" not in said.out


def test_a_record_from_after_the_delivery_holds_the_papers_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody changes a page and writes papers.json anew: the entry of the delivery names another one."""
    made = told(tmp_path)
    line = made.yes()
    listed = papers(made.desk, made.film, line=line, folder=tmp_path / "papers")[-1]
    seal = "sha256:" + hashlib.sha256(listed.read_bytes()).hexdigest()
    digest = "sha256:" + hashlib.sha256(made.made.read_bytes()).hexdigest()
    body = {"schema": 1, "version": "master", "spec": "youtube", "essence": made.film.essence, "digest": digest, "papers": ["sha256:" + 64 * "1", seal]}
    made.spot.record.append("released", body)
    monkeypatch.chdir(tmp_path / "papers")
    given = [str(made.spot.record.path), "--film", str(made.made), "--papers", "papers.json"]
    assert law.main(given) == 0
    assert "byte for byte, the file that left" in capsys.readouterr().out
    changed(tmp_path / "papers", not_checked=[])
    assert law.main(given) == 1
    assert f"The papers: 'papers.json' is not the one that left with this film, entry {line.n + 1}." in capsys.readouterr().out


def seal(path: Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def a_leaving(made: Any, listed: Path) -> int:
    """The machine's note that the film left with these papers; its entry."""
    body = {"schema": 1, "version": "master", "spec": "youtube", "essence": made.film.essence, "digest": "sha256:" + 64 * "e", "papers": [seal(listed)]}
    return int(made.spot.record.append("released", body).n)


def test_what_left_a_second_time_is_held_against_no_earlier_leaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made = told(tmp_path)
    line = made.yes()
    n = a_leaving(made, papers(made.desk, made.film, line=line, folder=tmp_path / "first")[-1])
    listed = papers(made.desk, made.film, line=line, folder=tmp_path / "second")[-1]
    monkeypatch.chdir(tmp_path / "second")
    given = ["--film", str(made.made), "--papers", "papers.json"]
    assert law.main(["record.db", *given]) == 0
    said = capsys.readouterr().out
    assert f"They say that they were written after entry {n}, the last leaving of this film that this record knows: no entry names them." in said
    assert "not byte for byte" not in said
    a_leaving(made, listed)
    assert law.main([str(made.spot.record.path), *given]) == 0
    assert "no entry names them" not in capsys.readouterr().out
    monkeypatch.chdir(tmp_path / "first")
    assert law.main([str(made.spot.record.path), *given]) == 0


def test_papers_with_a_raised_number_gain_no_entry_that_speaks_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody changes the papers and says that they were written after the leaving that names others."""
    made = told(tmp_path)
    line = made.yes()
    n = a_leaving(made, papers(made.desk, made.film, line=line, folder=tmp_path / "papers")[-1])
    with made.spot.production.reader() as record:
        last = record.seal(n)
    changed(tmp_path / "papers", not_checked=[], checkpoint={"entry": n, "seal": last})
    monkeypatch.chdir(tmp_path / "papers")
    given = [str(made.spot.record.path), "--film", str(made.made), "--papers", "papers.json"]
    assert law.main(given) == 0
    assert f"after entry {n}, the last leaving of this film that this record knows: no entry names them." in capsys.readouterr().out
    for number, entry_seal in ((n, "sha256:" + 64 * "b"), (n + 1, last), (line.n - 1, last), (0, last)):
        changed(tmp_path / "papers", checkpoint={"entry": number, "seal": entry_seal})
        assert law.main(given) == 1
        assert "The papers are those of this film" not in capsys.readouterr().out
        assert law.check_film(law.verify(given[0]), made.made, "papers.json").findings  # whoever asks without the number in hand is told too


def test_papers_hold_after_somebody_was_called_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = told(tmp_path)
    papers(made.desk, made.film, line=made.yes(), folder=tmp_path / "papers")
    made.spot.record.sign(replace(MARA.enrols("producer", "director"), name="Mara Lind-Weil"), MARA)
    monkeypatch.chdir(tmp_path / "papers")
    assert law.main([str(made.spot.record.path), "--film", str(made.made), "--papers", "papers.json"]) == 0


def test_a_lie_is_refused_without_the_product_too(folder: Path) -> None:
    a_changed_film(folder)
    done = check(folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert LIES[a_changed_film] in done.stdout
