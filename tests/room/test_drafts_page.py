"""Drafts in the room: the brief with its questions, concepts side by side, whose each passage is; what another wrote meanwhile is not written over."""

from __future__ import annotations

import contextlib
import errno
import html
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from answerprint import briefing, calling, drafting, passages
from answerprint.desk import Desk
from answerprint.model.providers import Price, Request, Response, never
from answerprint.model.records import AnswerprintError
from answerprint.room.app import Room
from answerprint.room.asked import carry_out, road, told
from answerprint.spot import Spot
from tests.deciding import MARA, Crewed
from tests.drafting.briefs import BEER
from tests.room.conftest import ORIGIN, Signer

FILMS = ("A nurse drives home through rain and opens one can at every red light.", "The ferry captain pours for two hundred strangers and keeps the last glass dry.", "## Idea\nA ferry.")


@pytest.fixture(scope="module")
def mara(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signer]:
    """A spot with a producer who directs."""
    spot = Crewed.compose(tmp_path_factory.mktemp("drafts"), versions="version,of,differs,cut\nmaster,,,cuts/en.otio\n")
    spot.record.close()
    room = Room(spot.production.path, origins=(ORIGIN,))
    yield Signer(room, MARA)  # type: ignore[arg-type]
    room.closing.set()


def test_without_a_brief_the_page_leads_to_where_one_is_brought_and_nothing_can_be_made(mara: Signer) -> None:
    text = mara.get("/drafts").text
    assert 'href="/brief"' in text
    assert "making-concepts" not in text
    assert mara.get("/api/drafts").json()["brief"] is None
    assert "there is no brief here" in mara.post("/api/drafts/concepts", {"count": 2}).json()["says"]


def test_the_page_is_what_the_terminal_says_and_a_draft_is_written_over_there(mara: Signer) -> None:
    production = mara.room.house.production
    (production.path / "brief.md").write_text(BEER, encoding="utf-8")
    drafting.draft_concepts(production, 3)
    made = drafting.draft_treatment(production)
    found = mara.get("/api/drafts").json()
    assert [one["file"] for one in found["concepts"]] == ["drafts/concept 1.md", "drafts/concept 2.md", "drafts/concept 3.md"]
    assert found["open"] == drafting.plain(drafting.status(production)[-1])
    assert found["brief"]["asks"] == len(briefing.questions(briefing.current(production)))
    assert len(found["apart"]) == 3
    assert min(one["distance"] for one in found["apart"]) == min(one["about"]["distance"] for one in found["concepts"] if one["about"]["distance"])
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


def test_concepts_and_a_treatment_are_made_at_once_without_anybody_being_asked_and_nothing_is_preselected(mara: Signer) -> None:
    production = mara.room.house.production
    (production.path / "brief.md").write_text(BEER, encoding="utf-8")
    before = len(passages.made(production))
    made = mara.post("/api/drafts/concepts", {"count": 9}).json()
    assert len(made["made"]) == 9
    found = mara.get("/api/drafts").json()
    assert sum(len(one["says"]) for one in found["thrown"]) >= min(1, made["thrown"])
    page = html.unescape(mara.get("/drafts").text)
    assert "No language model is asked" in page
    assert all(line in page for one in found["thrown"] for line in one["says"])
    assert not re.search(r"<input[^>]*type=\"radio\"[^>]*checked", page)
    for start in ("", "concept:999", "answerprint.toml", "drafts/treatment.md"):
        assert "Choose what it begins from" in mara.post("/api/drafts/treatment", {"start": start}).json()["says"]
    file = mara.post("/api/drafts/treatment", {"start": made["made"][2]}).json()["file"]
    last = passages.made(production)[-1]
    assert (last.file, last.values["from"], last.calls, len(passages.made(production))) == (file, made["made"][2], (), before + 10)
    assert mara.post("/api/drafts/concepts", {"count": 25}).status_code == 422


def test_whose_a_text_would_be_is_answered_as_it_is_typed_and_nothing_is_written(mara: Signer) -> None:
    production = mara.room.house.production
    (production.path / "brief.md").write_text(BEER, encoding="utf-8")
    file = production.path / drafting.draft_treatment(production).file
    text = file.read_text(encoding="utf-8")
    typed = text.replace("- Where does it turn?", "- Nobody turns, and that is the joke of the whole evening.")
    told = mara.post("/api/drafts/origins", {"text": typed.replace("\n", "\r\n")}).json()["passages"]
    line = 1 + typed.splitlines().index("- Nobody turns, and that is the joke of the whole evening.")
    assert [one["origin"] for one in told if one["line"] == line] == ["person"]
    assert {one["origin"] for one in told if one["line"] != line} == {"machine", "brief"}
    assert file.read_text(encoding="utf-8") == text


def test_a_service_writes_what_was_planned_and_asked_twice_it_is_not_paid_twice(mara: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The road of this page, in this process: what leaves is what stood on the screen, to the last question that may be needed."""
    production = Spot(mara.room.house.production.path)
    (production.path / "brief.md").write_text(BEER, encoding="utf-8")
    asked: list[Request] = []

    class Here:
        name, kind, address, traffic = "writer", "words", "", ()

        def price(self, request: Request) -> Price:
            return Price(amount=Decimal(0))

        def call(self, request: Request, *, cancel: object) -> Response:
            asked.append(request)
            return Response(model="small", texts=(FILMS[len(asked) - 1],), billed=Price(amount=Decimal(0)))

    monkeypatch.setattr(calling, "opened", lambda *_, **__: Here())
    way, desk = road("drafts"), Desk(production)
    for wanted in ({}, {"what": "concepts", "count": "many"}, {"what": "treatment"}, {"what": "treatment", "start": "concept:999"}):
        with pytest.raises(AnswerprintError):
            way.plan(desk, Here(), wanted)
    two: dict[str, str | int | None] = {"what": "concepts", "count": "2"}
    screen = told(desk, way, Here(), two)
    assert len(way.plan(desk, Here(), two).requests) == 6
    carry_out(production, way, "writer", two, screen.agreed, by="Mara Lind", cancel=never)
    assert [one.words for one in asked] == [one for one in screen.leaves if one in {each.words for each in asked}]
    assert len(asked) == 2
    concept = next(one.file for one in reversed(passages.made(production)) if one.calls)
    path = production.path / concept
    own = "Nobody on that ferry has ever seen the harbour by the light of its own lantern."
    path.write_text(path.read_text(encoding="utf-8") + f"\n{own}\n", encoding="utf-8")
    treatment: dict[str, str | int | None] = {"what": "treatment", "start": concept}
    screen = told(desk, way, Here(), treatment)
    assert own in screen.leaves[0]
    assert set(screen.carries) == {"words of the brief", "client documents"}
    for _ in range(2):  # the same yes once more: what came is found, and nobody is asked
        with contextlib.suppress(AnswerprintError):
            carry_out(production, way, "writer", treatment, screen.agreed, by="Mara Lind", cancel=never)
    assert len(asked) == 3


def test_a_disk_that_refuses_is_said_without_where_the_production_lies(mara: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    production = mara.room.house.production
    (production.path / "brief.md").write_text(BEER, encoding="utf-8")
    file = drafting.draft_treatment(production).file
    was = mara.client.get("/api/drafts", params={"file": file}).json()["was"]
    with monkeypatch.context() as full:
        full.setattr("answerprint.keep.os.replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        answer = mara.post("/api/drafts/save", {"file": file, "text": "Mine.", "was": was})
    assert answer.json()["says"].startswith(f"{file}: the disk is full.")
    kept = production.inside / "drafts.json"
    before = kept.read_bytes() if kept.exists() else None
    kept.unlink(missing_ok=True)
    kept.mkdir()
    try:
        told = [mara.client.get(address).text for address in ("/api/cut", "/api/takes", "/api/sign", "/", "/cut", "/finish")]
    finally:
        kept.rmdir()
        if before is not None:
            kept.write_bytes(before)
    assert all(str(production.path) not in one for one in told)
    assert ".answerprint/drafts.json: the disk says" in told[0]
