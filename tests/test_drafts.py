"""Drafts: free, whole, and nobody loses anybody's."""

from __future__ import annotations

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from answerprint import drafts
from answerprint.drafts import Draft, DraftError


def draft(number: int, take: str = "A001_C001#1") -> Draft:
    return Draft(judgment="take", about=f"item:{number}", choice={"name": take})


def test_a_second_choice_replaces_the_first_and_leaves_the_others(tmp_path: Path) -> None:
    drafts.put(tmp_path, draft(1), draft(2))
    drafts.put(tmp_path, draft(1, "A001_C009#2"))
    found = drafts.read(tmp_path)
    assert {about: one.choice["name"] for (_, about), one in found.items()} == {"item:2": "A001_C001#1", "item:1": "A001_C009#2"}
    assert all(one.at.endswith("Z") for one in found.values())


def test_of_two_choices_in_one_second_the_later_one_says_so(tmp_path: Path) -> None:
    for number in range(1, 41):
        drafts.put(tmp_path, draft(number % 3, f"A001_C{number:03d}#1"))
    times = [one.at for one in drafts.read(tmp_path).values()]
    assert times == sorted(set(times))
    ahead = drafts._later_than([times[-1].replace("Z", "+00:00")])
    drafts.put(tmp_path, Draft(judgment="take", about="item:9", choice={"name": "x"}, at=ahead))  # a clock that is a little ahead
    drafts.put(tmp_path, draft(1))
    assert drafts.read(tmp_path)["take", "item:1"].at > ahead


def test_a_draft_of_an_older_release_is_earlier_than_what_is_chosen_in_its_second(tmp_path: Path) -> None:
    drafts.put(tmp_path, Draft(judgment="take", about="item:1", choice={"name": "x"}, at="2026-01-01T00:00:00Z"))
    drafts.put(tmp_path, draft(2))
    assert [one.about for one in drafts.read(tmp_path).values()] == ["item:1", "item:2"]


def test_people_who_choose_at_once_do_not_lose_each_others(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda number: drafts.put(tmp_path, draft(number)), range(40)))
    assert len(drafts.read(tmp_path)) == 40
    assert {path.name for path in tmp_path.iterdir()} == {"drafts.json", "drafts.lock"}


def test_what_was_chosen_meanwhile_is_not_taken_away(tmp_path: Path) -> None:
    drafts.put(tmp_path, draft(1))
    (signed,) = drafts.read(tmp_path).values()
    drafts.put(tmp_path, draft(1, "A001_C009#2"))
    assert drafts.clear(tmp_path, signed) == []
    assert len(drafts.read(tmp_path)) == 1
    assert len(drafts.clear(tmp_path, *drafts.read(tmp_path).values())) == 1
    assert drafts.read(tmp_path) == {}


def test_nobody_chose_anything_yet(tmp_path: Path) -> None:
    assert drafts.read(tmp_path / "nowhere") == {}


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"schema": 1, "drafts": [{"judgment": 3}]}', b'{"schema": 9, "drafts": []}'])
def test_a_damaged_file_is_a_sentence_and_is_not_written_over(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "drafts.json").write_bytes(raw)
    with pytest.raises(DraftError, match="drafts"):
        drafts.put(tmp_path, draft(1))
    assert (tmp_path / "drafts.json").read_bytes() == raw


def test_the_lock_of_a_killed_program_is_open_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = os.fork()
    if not process:
        monkeypatch.setattr(drafts, "write_whole", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        drafts.put(tmp_path, draft(1))
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("somebody waited"))
    drafts.put(tmp_path, draft(1))
    assert len(json.loads((tmp_path / "drafts.json").read_bytes())["drafts"]) == 1
