"""No page tells anybody what to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerprint.room import words
from answerprint.room.words import as_read, on_a_page


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("master has no cut yet. Name it: answerprint choose film:master cuts/FILE", "master has no cut yet."),
        ("there are no attempts to cut from yet. Run `answerprint prep` first.", "there are no attempts to cut from yet."),
        ("Jo Lund is on the crew already. For another key of theirs say --same; for somebody else, write the name so.", "Jo Lund is on the crew already."),
        ("nothing is known of the takes until the shoot is prepared by this version: answerprint prep FOLDER", "nothing is known of the takes until the shoot is prepared by this version."),
        ("what does Jo do? Say --role, with one of: editor.", "what does Jo do?"),
        ("O1 by Mara Voss: “Say --same. Or type answerprint prep.” Somebody answers it.", "O1 by Mara Voss: “Say --same. Or type answerprint prep.” Somebody answers it."),
        ("O1 by Mara Voss: “This curtain -- the left one -- fights the cup.” Somebody answers it.", "O1 by Mara Voss: “This curtain -- the left one -- fights the cup.” Somebody answers it."),
    ],
)
def test_a_sentence_of_the_house_has_no_command_on_a_page(said, shown):
    assert on_a_page(said) == shown


def test_a_seal_and_a_very_long_name_are_shortened_for_reading_and_a_persons_words_are_not():
    seal = "0123456789ab" + "c" * 52
    assert as_read(f"v03: cuts/v03.otio, sha256:{seal}") == "v03: cuts/v03.otio, seal 0123456789ab"
    assert as_read("v03: cuts/v03.otio, sha256:0123456789ab…") == "v03: cuts/v03.otio, seal 0123456789ab"
    assert as_read("levels in “a seal” cuts/v03.otio (its seal blake3:0123456789ab…)") == "levels in “a seal” cuts/v03.otio (its seal 0123456789ab)"
    assert as_read(f"mix of master: assets/{'m' * 30}{'x' * 40}_v4.wav") == f"mix of master: assets/{'m' * 24}…{'x' * 13}_v4.wav"
    assert as_read(f"I object: “blake3:{seal} is no reason.”") == f"I object: “blake3:{seal} is no reason.”"


def test_a_folder_is_said_without_the_home_of_whoever_runs_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/mara.lind")
    words._home.cache_clear()
    try:
        assert on_a_page("/home/mara.lind/models/small has no weights.") == "~/models/small has no weights."
        assert on_a_page("/mnt/home/mara.lind/x and /home/mara.lindgren/x stay.") == "/mnt/home/mara.lind/x and /home/mara.lindgren/x stay."
    finally:
        words._home.cache_clear()


def test_what_lies_in_the_production_is_said_by_its_place_there_and_its_neighbour_is_not_taken_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_SERVED", {})
    home = tmp_path / "the last bus"
    words.serve(home)
    assert on_a_page(f"{home}/.answerprint/drafts.json: the disk is full.") == ".answerprint/drafts.json: the disk is full."
    assert on_a_page(f"{home}: this disk or folder cannot be written to.") == "the last bus: this disk or folder cannot be written to."
    assert on_a_page(f"copied to {home}.") == "copied to the last bus."
    for other in (f"{home} 2/cut.otio is another production.", f"{home}2/cut.otio is another production.", f"/mnt{home}/cut.otio is on another disk."):
        assert on_a_page(other) == (other if f"{home} 2" not in other else "the last bus 2/cut.otio is another production.")
