"""Drafts and briefs under two writers, and stopped in the middle: no text is lost, none is there twice, and what the record has lies there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

import answerprint
from answerprint import briefing, drafting, passages
from answerprint.briefing import keeping as briefs
from answerprint.drafting import keeping
from answerprint.spot import Spot
from tests.drafting.briefs import BEER


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    made = answerprint.new(tmp_path / "spot", rate="25", title="Salt")
    (made.path / "brief.md").write_text(BEER, encoding="utf-8")
    return made


def writer(*answers: str, wait: Callable[[], object] = lambda: None) -> drafting.Writer:
    left = list(answers)

    def write(prompt: str, seed: int) -> drafting.Written:
        if len(left) == 1:
            wait()
        return drafting.Written(text=left.pop(0), by="writer", entry=7)

    return write


def stopped(patch: pytest.MonkeyPatch, module: Any, at: str) -> None:
    """Whatever writes a file of this name is stopped right before."""
    really = module.write_whole

    def write(path: Path, data: bytes, **more: Any) -> None:
        if path.name == at:
            raise KeyboardInterrupt
        really(path, data, **more)

    patch.setattr(module, "write_whole", write)


def lie_there(spot: Spot) -> bool:
    return {one.file: spot.keep.get(one.digest) for one in passages.made(spot)} == {name: (spot.path / name).read_bytes() for name in drafting.files(spot)}


def test_two_who_draft_at_once_lose_none_of_each_others(spot: Spot) -> None:
    both = Barrier(2)
    films = (("A nurse drives home and opens one can at every red light.", "Twelve keys hang on a bar until the song ends."), ("The ferry captain pours for strangers.", "A brewer throws away ninety kettles at dawn."))
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda said: drafting.draft_concepts(Spot(spot.path), 2, writer=writer(*said, wait=both.wait))[0], films))
    assert sorted(one.file for each in made for one in each) == [f"drafts/concept {number}.md" for number in (1, 2, 3, 4)]
    assert lie_there(spot)
    for said, each in zip(films, made, strict=True):
        for film, one in zip(said, each, strict=True):
            assert film in (spot.path / one.file).read_text(encoding="utf-8")


def test_drafts_that_a_stop_kept_from_being_laid_lie_there_as_soon_as_anybody_looks_and_what_a_person_removed_stays_away(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        stopped(patched, keeping, "concept 2.md")
        with pytest.raises(KeyboardInterrupt):
            drafting.draft_concepts(spot, 3)
    assert len(passages.made(spot)) == 3, "they came into the record together"
    assert [path.name for path in (spot.path / "drafts").glob("*.md")] == ["concept 1.md"]
    assert len(drafting.files(spot)) == 3
    assert lie_there(spot)
    (spot.path / "drafts" / "concept 2.md").unlink()
    assert drafting.files(spot) == ("drafts/concept 1.md", "drafts/concept 3.md")


def test_a_treatment_that_a_stop_kept_from_being_laid_takes_no_place_of_a_persons(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    first = drafting.draft_treatment(spot)
    with monkeypatch.context() as patched:
        stopped(patched, keeping, "treatment.md")
        with pytest.raises(KeyboardInterrupt):
            drafting.draft_treatment(spot, writer=writer("## Idea\n\nRain, and a hand that waits."))
    (spot.path / first.file).write_text("# Mine\n", encoding="utf-8")  # in an editor, before anybody looked
    assert drafting.files(spot) == (first.file,)
    assert (spot.path / first.file).read_text(encoding="utf-8") == "# Mine\n"


def test_a_brief_that_a_stop_left_beside_itself_is_not_put_aside_twice(spot: Spot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new.md").write_text("# Salt\n\nMessage: nought\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        stopped(patched, briefs, "brief.md")
        with pytest.raises(KeyboardInterrupt):
            briefing.take_in(spot, tmp_path / "new.md", replace=True)
    assert (spot.path / "brief.md").read_text(encoding="utf-8") == BEER
    _, change = briefing.take_in(spot, tmp_path / "new.md", replace=True)
    assert change is not None
    assert change.was == "brief 1.md"
    assert sorted(path.name for path in spot.path.glob("brief*.md")) == ["brief 1.md", "brief.md"]


def test_of_two_programs_that_write_one_brief_one_is_told_and_no_text_is_lost(spot: Spot) -> None:
    was = briefing.seal(spot)
    code = "import sys; from pathlib import Path; from answerprint import briefing; from answerprint.spot import Spot; briefing.correct(Spot(Path(sys.argv[1])), sys.argv[2], was=sys.argv[3])"
    texts = ["# Salt\n\nMessage: from the one\n", "# Salt\n\nMessage: from the other\n"]
    ran = [subprocess.Popen([sys.executable, "-c", code, str(spot.path), text, was], stderr=subprocess.PIPE, text=True) for text in texts]
    said = [one.communicate(timeout=60)[1] for one in ran]
    assert sorted(one.returncode for one in ran) == [0, 1]
    assert sum("somebody else wrote in the brief meanwhile" in one for one in said) == 1
    assert (spot.path / "brief.md").read_text(encoding="utf-8") == texts[[one.returncode for one in ran].index(0)]


@pytest.mark.parametrize("place", ["../gone.md", "drafts/../../gone.md", "{home}/gone.md", "drafts/a/gone.md", "drafts/.gone.md", ".answerprint/gone.md"])
def test_a_production_that_came_by_mail_writes_nothing_beside_its_drafts_when_somebody_looks(spot: Spot, tmp_path: Path, place: str) -> None:
    place = place.format(home=tmp_path)
    drafting.draft_concepts(spot, 1)
    (one,) = passages.made(spot)
    with spot.writer() as record:
        (body,) = [entry.read() for entry in record.entries(kind="proposal")]
        record.append("proposal", {**body, "about": place})
    (spot.inside / "drafting.json").write_text(json.dumps([{"file": place, "text": one.digest}]))
    before = set(tmp_path.rglob("*.md"))
    assert drafting.files(spot) == (one.file,)
    assert set(tmp_path.rglob("*.md")) == before
    assert passages.made(spot) == (one,)


def test_a_folder_of_drafts_that_leads_elsewhere_is_not_written_into_when_somebody_looks(spot: Spot, tmp_path: Path) -> None:
    drafting.draft_concepts(spot, 1)
    (one,) = passages.made(spot)
    (tmp_path / "else").mkdir()
    (spot.path / "drafts").rename(tmp_path / "kept")
    (spot.path / "drafts").symlink_to(tmp_path / "else")
    (spot.inside / "drafting.json").write_text(json.dumps([{"file": one.file, "text": one.digest}]))
    drafting.files(spot)
    assert list((tmp_path / "else").iterdir()) == []
