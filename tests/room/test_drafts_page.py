"""Drafts in the room: the brief with its questions, concepts side by side, whose each passage is; what another wrote meanwhile is not written over."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest

from answerprint import briefing, drafting
from answerprint.room.app import Room
from tests.deciding import MARA, Spot
from tests.drafting.briefs import BEER
from tests.room.conftest import ORIGIN, Signer


@pytest.fixture(scope="module")
def mara(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signer]:
    """A spot with a producer who directs."""
    spot = Spot.compose(tmp_path_factory.mktemp("drafts"), versions="version,of,differs,cut\nmaster,,,cuts/en.otio\n")
    spot.record.close()
    room = Room(spot.production.path, origins=(ORIGIN,))
    yield Signer(room, MARA)  # type: ignore[arg-type]
    room.closing.set()


def test_without_a_brief_the_page_says_how_to_take_one_in(mara: Signer) -> None:
    text = html.unescape(mara.get("/drafts").text)
    assert "answerprint brief FOLDER BRIEF.md" in text
    assert mara.get("/api/drafts").json()["brief"] is None


def test_the_page_is_what_the_terminal_says_and_a_draft_is_written_over_there(mara: Signer) -> None:
    production = mara.room.house.production
    (production.path / "brief.md").write_text(BEER, encoding="utf-8")
    drafting.draft_concepts(production, 3)
    made = drafting.draft_treatment(production)
    found = mara.get("/api/drafts").json()
    assert [one["file"] for one in found["concepts"]] == ["drafts/concept 1.md", "drafts/concept 2.md", "drafts/concept 3.md"]
    assert found["open"] == drafting.plain(drafting.status(production)[-1])
    text = html.unescape(mara.get("/drafts").text)
    assert all(one.asks in text for one in briefing.questions(briefing.current(production)))
    own = "The street is the only lamp, and it is broken."
    change = {"file": made.file, "text": found["text"] + f"\r\n{own}\r\n", "was": found["was"]}
    assert mara.post("/api/drafts/save", change).status_code == 200
    assert {one.text: one.origin for one in drafting.origins(production.path / made.file)}[own] == "person"
    again = mara.post("/api/drafts/save", change)
    assert again.status_code == 409
    assert "nothing of theirs is written over" in again.text
    assert (production.path / made.file).read_text(encoding="utf-8").count(own) == 1


def test_only_a_draft_that_is_there_is_written(mara: Signer) -> None:
    for file in ("answerprint.toml", "../x.md", "drafts/../brief.md", "drafts/none.md"):
        assert mara.post("/api/drafts/save", {"file": file, "text": "x", "was": ""}).status_code == 404
        assert mara.client.get("/api/drafts", params={"file": file}).status_code == 404
