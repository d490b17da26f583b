"""People at a terminal: what they are asked, what a signature says it binds, and that a refusal is a sentence and loses nothing."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import opentimelineio as otio
import pytest

import answerprint
from answerprint import cli, crew, turnover
from answerprint.book import Book
from answerprint.cli import signing
from answerprint.keep import KeepError
from answerprint.ledger import signer as keys
from answerprint.model.judgments import Refusal, Release
from answerprint.spot import Spot
from answerprint.timeline.edit import edit_seal
from tests.crewed import PASSPHRASE, Run, Terminal, at_terminal, cut, typed


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    return at_terminal(monkeypatch, tmp_path)


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    return answerprint.new(tmp_path / "spot", rate="25", title="Salt")


@pytest.fixture
def run(terminal: Terminal, spot: Spot, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """In the production's folder."""
    monkeypatch.chdir(spot.path)
    return typed(terminal, capsys)


@pytest.fixture
def mara(run: Run) -> Run:
    """Mara is on the crew as producer and director and holds everything."""
    run("crew", "add", "Mara Lind", "--role", "producer", "--role", "director", "--key", "new", types=["y", "n"])
    run("charter", ".", "--holder", "all=mara")
    return run


@pytest.fixture
def jo(mara: Run) -> Run:
    """Jo is the DP, with a key on the same machine."""
    mara("crew", "add", "Jo Abara", "--role", "dp", "--key", "new")
    return mara


# ---- the crew


def test_the_first_producer_is_on_the_crew_in_one_command(run: Run, terminal: Terminal, spot: Spot, tmp_path: Path) -> None:
    terminal.passphrases = ["short", "short", PASSPHRASE, "mistyped", PASSPHRASE, PASSPHRASE]
    said = run("crew", "add", "Mara Lind", "--role", "producer", "--key", "new", types=["y", "y"])
    assert "too easy" in said
    assert "not the same" in said
    assert "Mara Lind is on the crew: producer (entry 1)." in said
    assert 'answerprint charter . --holder all="Mara Lind"' in said
    with spot.writer() as record:
        (person,) = Book(record).people.values()
        daily, paper = person.keys
        assert (Book(record).purpose(daily), Book(record).purpose(paper)) == ("daily", "recovery")
    assert f"Your key in six words, to read out when somebody asks: {' '.join(keys.six_words(daily))}" in said
    page = tmp_path / "recovery key of Mara Lind.pdf"
    assert page.read_bytes().startswith(b"%PDF")
    assert (page.stat().st_mode & 0o077) == 0
    assert not list(spot.path.rglob("*.pdf")), "a page with a key on it does not lie in a folder that others get"


def test_the_list_shows_every_seat_and_the_words_of_every_key(jo: Run) -> None:
    said = jo("crew")
    assert "producer     Mara Lind\ndirector     Mara Lind\nDP           Jo Abara\ngaffer       an empty chair" in said
    found = json.loads(jo("crew", "--json"))
    assert [one["people"] for one in found["chairs"]][:4] == [["Mara Lind"], ["Mara Lind"], ["Jo Abara"], []]
    assert all(one["words"] in said for one in found["keys"])


def test_nobody_makes_a_key_for_what_the_law_refuses(jo: Run, terminal: Terminal, tmp_path: Path) -> None:
    assert "a producer enrols other people" in jo("crew", "add", "Kim Olsen", "--role", "editor", "--key", "new", "--as", "jo", code=2)
    assert "with which key does Kim Olsen sign? --key new makes one here" in jo("crew", "add", "Kim Olsen", "--role", "editor", "--as", "mara", code=2)
    assert terminal.asked == []
    assert len(list((tmp_path / "config").rglob("*_id_ed25519"))) == 2


def test_somebody_comes_with_the_key_that_they_have(mara: Run, terminal: Terminal, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "kim@laptop", "-f", str(tmp_path / "kim")], check=True)
    said = mara("crew", "add", "Kim Olsen", "--role", "editor", "--key", str(tmp_path / "kim.pub"))
    assert "Let Kim Olsen read out the six words of their key: " in said
    assert "kim@laptop" not in mara("crew")
    assert "enrolled by" not in mara("crew")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "other")], check=True)
    mara("crew", "add", "Kim Olsen", "--same", "--key", str(tmp_path / "other.pub"))
    assert mara("crew").count("enrolled by Mara Lind") == 1  # a further key that its owner did not bring in themselves
    assert "lee.pub" in mara("crew", "add", "Lee", "--role", "editor", "--key", str(tmp_path / "lee.pub"), code=2)


def test_a_lost_key_is_replaced_by_the_one_on_paper_and_taken_away(run: Run, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = keys.recovery_key()
    monkeypatch.setattr(keys, "recovery_key", lambda: made)
    run("crew", "add", "Mara Lind", "--role", "producer", "--key", "new", "--paper", str(tmp_path / "page.pdf"), types=["y", "y"])
    old = json.loads(run("crew", "--json"))["keys"][0]["id"]
    typed = " ".join(made.groups)
    slip = "2" if typed[0] != "2" else "3"
    said = run("crew", "add", "mara", "--recover", types=[slip + typed[1:], typed.lower(), "y"])
    assert "Group 1 is not as it was printed" in said
    assert f'answerprint crew revoke {old[:19]} --why "lost" --key "Mara Lind 2"' in said
    run("crew", "revoke", old[:19], "--why", "lost", "--key", "Mara Lind 2")
    assert "revoked by Mara Lind" in run("crew")
    assert "was revoked in entry" in run("object", "Too late.", "--key", "mara-lind", code=2)
    assert "O1 (entry " in run("object", "In time.")


def test_a_full_disk_leaves_no_part_of_a_recovery_page_and_no_key_on_the_crew(mara: Run, spot: Spot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "paper" / "mara.pdf"
    page.parent.mkdir()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = len(spot.record())
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        assert "the disk is full" in mara("crew", "add", "Mara Lind", "--paper", str(page), code=2)
    assert list(page.parent.iterdir()) == []
    assert len(spot.record()) == before
    mara("crew", "add", "Mara Lind", "--paper", str(page))
    assert page.stat().st_mode & 0o777 == 0o600
    assert "a file of that name is there" in mara("crew", "add", "Mara Lind", "--paper", str(page), code=2)


def test_nobody_prints_the_page_of_somebody_else(jo: Run, tmp_path: Path) -> None:
    page = tmp_path / "jo.pdf"
    assert 'Jo Abara prints their own page, with their own key: answerprint crew add "Jo Abara" --paper' in jo(
        "crew", "add", "Jo Abara", "--paper", str(page), "--as", "mara", code=2
    )
    assert not page.exists()
    assert "a recovery key for Jo Abara: it only replaces a lost key" in jo("crew", "add", "Jo Abara", "--paper", str(page), "--as", "jo")
    assert "a file of that name is there" in jo("crew", "add", "Jo Abara", "--paper", str(page), "--as", "jo", code=2)
    assert [one["purpose"] for one in json.loads(jo("crew", "--json"))["keys"]] == ["daily", "daily", "recovery"]


def test_somebody_takes_another_seat_at_the_terminal(jo: Run) -> None:
    assert "Jo Abara: DP, gaffer (entry 4)." in jo("crew", "add", "Jo Abara", "--role", "gaffer", "--as", "mara")
    assert "Jo Abara is on the crew: DP, gaffer. For a recovery key: --paper." in jo("crew", "add", "jo abara", "--as", "mara", code=2)
    assert "a producer changes a name or a role" in jo("crew", "add", "Jo Abara", "--no-role", "dp", "--as", "jo", code=2)


def test_who_leaves_is_off_the_crew_and_what_they_signed_can_be_struck(jo: Run) -> None:
    jo("object", "Too dark.", "--key", "jo")
    said = jo("crew", "revoke", "jo", "--why", "left the film", "--from", "4", "--key", "mara")
    assert "struck: what it signed from entry 4 on (4)" in said
    assert "DP           an empty chair" in jo("crew")
    assert "Struck: the key that signed it was revoked" in jo("objections", ".")


# ---- which key


def test_of_two_keys_on_one_machine_somebody_says_which(jo: Run) -> None:
    said = jo("object", "Too dark.", code=2)
    assert 'You have 2 keys on this crew. Say which: --key "Mara Lind" or --key "Jo Abara".' in said
    assert "Your words, so that you need not find them again:\n  Too dark." in said
    assert "No key is called 'kim'" in jo("object", "Too dark.", "--key", "kim", code=2)


def test_a_key_where_openssh_keeps_it_is_found(mara: Run, tmp_path: Path) -> None:
    (tmp_path / ".ssh").mkdir()
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", PASSPHRASE, "-f", str(tmp_path / ".ssh" / "id_ed25519")]
    subprocess.run(command, check=True)
    mara("crew", "add", "Kim Olsen", "--role", "editor", "--key", str(tmp_path / ".ssh" / "id_ed25519.pub"))
    for one in (tmp_path / "config").rglob("*_id_ed25519"):
        one.unlink()
    assert "Kim Olsen, your signature binds:" in mara("object", "Too dark.")


def test_without_a_key_on_the_crew_the_sentence_says_how_to_come_in(mara: Run, tmp_path: Path) -> None:
    for one in (tmp_path / "config").rglob("*_id_ed25519"):
        one.unlink()
    assert "None of your keys (you have: none yet) is on the crew of this production (Mara Lind)" in mara("object", "Too dark.", code=2)


def test_before_anybody_is_on_the_crew_every_command_says_how_to_begin(run: Run) -> None:
    for words in (["crew"], ["charter", "."], ["object", "x"], ["objections", "."], ["rounds", "."], ["intent", "."], ["answer", "O1", "--yes"]):
        assert 'answerprint crew add "FULL NAME" --role producer --key new' in run(*words, code=2)


def test_a_lost_record_is_said_and_nothing_begins_anew_over_it(run: Run, spot: Spot) -> None:
    spot.keep.put(b"something that a record named")
    for words in (["crew"], ["crew", "add", "Mara Lind", "--role", "producer", "--key", "new"]):
        assert "the record of this production is missing" in run(*words, code=2, types=[])
    assert "Bring it back from a copy" in run("gate", ".", code=1)
    assert not (spot.inside / "record.db").exists()


# ---- nothing is lost


def test_three_wrong_passphrases_give_the_words_back(mara: Run, terminal: Terminal, spot: Spot) -> None:
    terminal.passphrases = ["wrong", "wronger", "wrongest"]
    said = mara("object", "The hold before the logo is a frame too polite.", code=2)
    assert "3 passphrases did not open" in said
    assert terminal.asked[-2:] == ["Not that one. Mara Lind, your passphrase:"] * 2
    assert "so that you need not find them again:\n  The hold before the logo is a frame too polite." in said
    assert "Nobody objected." in mara("objections", ".")


def test_stopping_at_a_question_says_nothing_of_prep(mara: Run, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(signing, "answer", stops)
    said = mara("object", "Too dark.", code=130)
    assert "Too dark." in said
    assert "Stopped. What was finished stays; nothing else was written." in said
    assert "prep" not in said


def test_a_wrong_pub_file_takes_nobodys_name_away(jo: Run, tmp_path: Path) -> None:
    said = jo("crew", "add", "Kim Olsen", "--role", "gaffer", "--key", str(next(iter(tmp_path.glob("config/answerprint/keys/jo*.pub")))), "--as", "mara", code=2)
    assert "this key is Jo Abara's here, so it cannot be Kim Olsen's too" in said
    assert "DP           Jo Abara" in jo("crew")


def test_a_record_that_is_gone_is_not_found_in_order(mara: Run, spot: Spot) -> None:
    seal = mara("verify", ".").splitlines()[-1].rsplit(" ", 1)[-1]
    key = next(one for one in mara("verify", ".").split() if one.startswith("SHA256:")).rstrip(":")
    assert "It agrees with what you brought: the producer's key, the seal that you noted." in mara("verify", ".", "--producer", key, "--held", seal)
    assert "there is no such file, and a key is SHA256: and 43 letters" in mara("verify", ".", "--producer", "mara.pub", code=2)
    for one in spot.inside.glob("record.db*"):
        one.unlink()
    assert "The record is not here, so it cannot be held against what you hold" in mara("verify", ".", "--producer", key, code=1)
    (spot.inside / "keep" / "ab").mkdir(parents=True)
    (spot.inside / "keep" / "ab" / "abc").write_bytes(b"what an entry named")
    assert "keep/ holds files that one names" in mara("verify", ".", code=1)


def test_what_did_not_hold_is_not_said_of_files_that_nobody_looked_at(mara: Run) -> None:
    assert "kept files not looked at" in mara("verify", ".", "--held", "1:sha256:0", code=1)


def test_scrapped_and_released_are_two_answers(mara: Run) -> None:
    assert "Give one." in mara("sign", ".", "off", "master", "--scrap", "strings", "--release", "--because", "x", code=2)


SCRAP = ("sign", ".", "off", "v01", "--scrap", "this cut", "--because", "It explains itself.")


def test_no_cut_is_scrapped_that_could_not_be_kept_before(mara: Run, spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    cut(spot, "v01")
    mara("choose", "film", "v01")

    def full(*_: object) -> None:
        raise KeepError("the disk is full. Free some space and start again; everything finished is kept.")

    with monkeypatch.context() as disk:
        disk.setattr(turnover, "enter", full)
        said = mara(*SCRAP, code=2)
        assert "the disk is full" in said
        assert "Your words, so that you need not find them again:\n  It explains itself." in said
    assert mara(*SCRAP, types=["n"], code=2)
    with spot.writer() as record:
        assert [one for one in record.entries() if one.kind in ("task", "refusal")] == []
    mara(*SCRAP)
    with spot.writer() as record:
        assert [one.kind for one in record.entries()][-2:] == ["task", "refusal"]


@pytest.mark.parametrize("answer", [("--answer", "release"), ("--scrap", "this cut")])
def test_what_was_printed_is_what_is_signed_though_the_cut_is_written_over_meanwhile(
    mara: Run, spot: Spot, monkeypatch: pytest.MonkeyPatch, answer: tuple[str, ...]
) -> None:
    path = cut(spot, "v01")
    mara("choose", "film", "v01")
    before = edit_seal(otio.adapters.read_from_file(str(path)))

    def slow(*_: object, **__: object) -> str:
        cut(spot, "v01", frames=40)  # an export lands while `Sign?` stands there
        return "y"

    monkeypatch.setattr(signing, "answer", slow)
    said = mara("sign", ".", "off", "v01", *answer, "--because", "The air date.")
    with spot.writer() as record:
        (seal,) = next(line.content.cuts for line in Book(record).lines if isinstance(line.content, Refusal | Release))
    assert seal.seal[:19] in said
    assert "not checked by anybody: levels, sizes and effects" in said or "Scrapped." in said
    if answer[0] == "--scrap":
        begun = next(line for line in said.splitlines() if line.startswith("The next one starts here: ")).partition(": ")[2]
        assert edit_seal(otio.adapters.read_from_file(begun)) == before  # the cut that was scrapped, not the one that came meanwhile
    assert edit_seal(otio.adapters.read_from_file(str(path))) != before


def test_no_is_no(mara: Run) -> None:
    said = mara("charter", ".", "--machine", "bed", "--why", "web filler", types=["n"], code=2)
    assert "music bed: the machine, because: web filler (was Mara Lind)\n  everything else stays as it is" in said
    assert "Not signed." in said
    assert "the machine" not in mara("charter", ".")


def test_a_clock_that_went_backwards_is_said_before_anybody_signs(mara: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint.ledger import store

    monkeypatch.setattr(store, "_now", lambda: "2020-01-01T00:00:00.000Z")
    said = mara("object", "Too dark.")
    assert "This machine's clock says 20" in said
    assert "The order is the record's." in said
    assert "O1 (entry 3)" in said


def test_a_record_that_cannot_be_written_is_said_before_a_passphrase(mara: Run, terminal: Terminal, spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint.ledger import store

    monkeypatch.setattr(store.os, "access", lambda path, mode: False)
    said = mara("object", "Too dark.", code=2)
    assert "read-only" in said
    assert "  Too dark." in said
    assert terminal.asked == []


def test_a_network_share_and_a_newer_record_are_sentences(mara: Run, terminal: Terminal, spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    from answerprint.ledger import store

    monkeypatch.setattr(store, "network_share", lambda path: "nfs")
    assert "it lies on a network share (nfs)" in mara("stand", ".", "--part", "edit", code=2)
    with sqlite3.connect(spot.inside / "record.db") as db:
        db.execute("PRAGMA user_version = 9")
    assert "written by a newer release" in mara("stand", ".", "--part", "edit", code=2)
    assert terminal.asked == []


def test_a_passphrase_is_never_read_from_a_pipe(mara: Run, spot: Spot) -> None:
    words = ["object", "x", "--yes"]
    done = subprocess.run(
        [sys.executable, "-m", "answerprint", *words], cwd=spot.path, input=f"{PASSPHRASE}\n", text=True, capture_output=True,
        start_new_session=True, env={**os.environ}, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "There is no terminal here to ask for a passphrase" in done.stderr
    asked = subprocess.run([sys.executable, "-m", "answerprint", *words[:-1]], cwd=spot.path, stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=60, check=False)
    assert asked.returncode == 2
    assert "Run it at one, or with --yes" in asked.stderr


# ---- the first thought


def test_a_first_thought_is_asked_sealed_and_opened(jo: Run, terminal: Terminal, spot: Spot) -> None:
    said = jo("intent", ".", "--key", "mara", types=["A woman throws salt.", "", "blue", "s", "y"])
    assert "a first thought, sealed: 2 of 5 answered. Only you can open it." in said
    assert [one for one in terminal.asked if one.endswith(":")][-4:] == ["The film in one sentence:", "Its rhythm:", "Its palette:", "Its music:"]
    assert "A woman throws salt" not in jo("intent", ".", "--list")
    assert "Jo Abara has no sealed first thought here" in jo("intent", ".", "--open", "--key", "jo", code=2)
    jo("intent", ".", "--key", "jo", types=["s", "y"])
    said = jo("intent", ".", "--open", "--key", "mara")
    assert "The film in one sentence  A woman throws salt." in said
    assert "Jo Abara, " in said
    assert "left out" in said
    found = json.loads(jo("intent", ".", "--json"))
    assert [one["content"] and one["content"]["palette"] for one in found] == ["blue", None]


def test_a_passphrase_comes_before_the_questions_and_a_no_gives_the_words_back(mara: Run, terminal: Terminal, spot: Spot) -> None:
    terminal.passphrases = ["wrong", "wronger", "wrongest"]
    mara("intent", ".", types=["never asked"], code=2)
    assert not any("sentence" in one for one in terminal.asked)
    said = mara("intent", ".", types=["Only her hands.", "s", "n"], code=2)
    assert "Nothing was sealed." in said
    assert "Only her hands." in said
    assert not [one for one in spot.keep.folder.rglob("*") if one.is_file()], "no envelope is left that no entry names"


def test_ctrl_c_among_the_questions_gives_the_words_back(mara: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    typed = iter(["Only her hands.", KeyboardInterrupt])

    def answer(prompt: str, otherwise: str, *, to_stderr: bool = False) -> str:
        if (one := next(typed)) is KeyboardInterrupt:
            raise KeyboardInterrupt
        return str(one)

    monkeypatch.setattr(signing, "answer", answer)
    with contextlib.suppress(KeyboardInterrupt):
        cli.main(["intent", "."])
    said = capsys.readouterr().out
    assert "Nothing was sealed. What you said" in said
    assert "Only her hands." in said


# ---- arguments, rounds


def test_an_argument_goes_its_way(jo: Run) -> None:
    said = jo("object", "A frame too polite.", "--on", "film:master", "--key", "jo")
    assert "an objection to film:master: A frame too polite." in said
    assert "O1 (entry 4). It blocks until somebody answers." in said
    assert "Open: nobody answered yet." in jo("objections", ".", code=1)
    assert "a no to O1 needs its reason" in jo("answer", "O1", "--no", "--key", "mara", code=2)
    assert "O1 is answered: no (entry 5)." in jo("answer", "O1", "--no", "--why", "The silence is the film.", "--key", "mara")
    assert "No, Mara Lind: The silence is the film." in jo("objections", ".")
    jo("object", "Too dark.", "--key", "jo")
    jo("answer", "O2", "--yes", "--unasked", "--key", "mara", types=[])
    jo("object", "Too loud.", "--key", "jo")
    assert "O3 is withdrawn" in jo("withdraw", "O3", "--why", "heard it again", "--key", "jo")
    found = json.loads(jo("objections", ".", "--json"))["objections"]
    assert [(one["number"], one["answer"]["answer"]) for one in found] == [("O1", "no"), ("O2", "yes"), ("O3", "withdrawn")]


@pytest.mark.parametrize(
    ("on", "says"),
    [
        ("cut:1", "there are no shots to speak of yet: master has no cut yet."),
        ("foo:3", "'foo:3' is nothing that a word can be about."),
        ("item:99", "there is no script here, so there are no items."),
        ("film:sqare", "there is no version called 'sqare'"),
        ("frame:cuts/v09.otio@3", "there is no cut called cuts/v09.otio"),
    ],
)
def test_a_word_is_about_something_that_is_there(mara: Run, on: str, says: str) -> None:
    assert says in mara("object", "Too dark.", "--on", on, code=2)
    assert says in mara("remark", "They laughed.", "--by", "Ana", "--on", on, code=2)
    assert "there is no objection called foo" in mara("withdraw", "foo", code=2)


def test_a_shot_that_the_cut_does_not_have_is_a_sentence(mara: Run, spot: Spot) -> None:
    cut(spot, "v01")
    mara("choose", "film", "v01")
    assert "there is no shot 99 in the cut of master: it has 1." in mara("object", "Too dark.", "--on", "cut:99", code=2)
    assert "an objection to cut:1: Too dark." in mara("object", "Too dark.", "--on", "cut:1")


def test_what_somebody_signed_under_an_earlier_name_says_so(mara: Run, spot: Spot) -> None:
    mara("object", "Too dark.")
    with spot.writer() as record:
        made = crew.reseated(Book(record), "Mara", name="Nora Weil")
        record.sign(made, keys.find("Mara Lind", ask=lambda prompt: PASSPHRASE))
    said = mara("record", ".")
    assert "Nora Weil (then Mara Lind)" in said
    assert "writes Mara Lind as Nora Weil from here on (producer, director)" in said
    assert "O1   Nora Weil (then Mara Lind), on film:master: Too dark." in mara("objections", ".", code=1)


def test_a_name_that_looks_like_another_is_said_before_it_is_signed(mara: Run) -> None:
    said = mara("crew", "add", "Mara L\u0456nd", "--role", "editor", "--key", "new")
    assert "looks like Mara Lind, who is on the crew, and is written with other letters" in said
    assert "a name has at most 120 letters" in mara("crew", "add", "M" * 121, "--role", "editor", "--key", "new", code=2)
    assert "a role has at most 120 letters" in mara("crew", "add", "Kim Olsen", "--role", "e" * 121, "--key", "new", code=2)


def test_an_idea_a_part_and_a_remark(mara: Run, spot: Spot) -> None:
    with spot.writer() as record:
        n = record.append("idea", {"schema": 1, "critic": "gaffer", "on": "cut:3", "text": "The key light changes sides."}).n
    said = mara("second", str(n))
    assert "gaffer (a machine)" in said
    assert "O1 (entry 4). It is yours now" in said
    assert "It stands in the record: camera" in mara("stand", ".", "--part", "camera", "I stand behind {it}")
    assert "Noted, not signed (entry 6)." in mara("remark", "The client laughed.", "--by", "Ana", types=[])
    said = mara("objections", ".", code=1)
    assert "Mara Lind stands behind camera: I stand behind {it}" in said
    assert "Remark, not signed, by Ana on film:master: The client laughed." in said


def test_a_round_goes_out_and_its_answer_comes_back(mara: Run, spot: Spot) -> None:
    cut(spot, "v03")
    assert "v03_r1 is out (entry 3)" in mara("round", ".", "v03", "--to", "Nordsalt, Eva Holm")
    assert "Nothing came back yet." in mara("rounds", ".")
    cut(spot, "v03", frames=49)
    said = mara("approval", ".", "v03_r1", "--by", "Eva Holm", "--changes", "logo larger")
    assert "it holds for cuts/v03.otio as it went out, which is another cut now" in said
    (found,) = json.loads(mara("rounds", ".", "--json"))
    assert (found["label"], found["changed"], found["answers"][0]["changes"]) == ("v03_r1", ["cuts/v03.otio"], ["logo larger"])


def test_the_charter_shows_who_holds_what_and_what_the_machine_was_handed(jo: Run) -> None:
    jo("charter", ".", "--holder", "edit=jo", "--machine", "bed", "--why", "web filler", "--stricter", "captions", "--key", "mara")
    said = jo("charter", ".")
    for line in ("final edit    Jo Abara", "music bed     the machine; Mara Lind handed it over (entry 4): web filler", "captions  an empty chair", "No service may be asked: nothing leaves this machine."):
        assert line in said
    found = json.loads(jo("charter", ".", "--json"))
    assert (found["entry"], found["leaves"], found["seats"][-1]["stricter"]) == (4, [], True)
    assert "let for one service at a time" in jo("charter", ".", "--leave", "words", code=2)
    assert "write the judgment, an equals sign" in jo("charter", ".", "--holder", "grade", code=2)
