"""The brief in the room: as it was read, brought, begun from the questions, corrected; nobody's is written over, and one that is replaced stays."""

from __future__ import annotations

import html
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import answerprint
from answerprint import briefing
from tests.drafting.briefs import BEER, HOSPICE
from tests.room.conftest import Opened, seated
from tests.room.test_hostile_words import EVIL, Looked


@pytest.fixture
def spot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A production with nothing in it, and somebody who holds every seat."""
    made = answerprint.new(tmp_path_factory.mktemp("brief") / "spot", rate="25", title="Salt")
    opened = seated(made.path)
    yield opened
    opened.room.closing.set()


def test_a_brief_is_brought_read_and_corrected_and_each_question_has_its_line(spot: Opened) -> None:
    ana, file = spot.ana, spot.path / "brief.md"
    assert "There is no brief here yet" in ana.get("/brief").text
    assert ana.post("/api/brief/take", {"text": HOSPICE.replace("\n", "\r\n"), "was": ""}).json()["change"] is None
    assert file.read_text(encoding="utf-8") == HOSPICE
    found = ana.get("/api/brief").json()
    assert found["brief"] == briefing.plain(briefing.current(spot.room.house.production))
    lines = HOSPICE.splitlines()
    assert found["lines"] == lines
    page = ana.get("/brief").text
    for one in (*found["brief"]["asks"], *found["brief"]["notes"]):
        assert one.get("line") is None or f'href="#line-{one["line"]}"' in page
    assert all(f'id="line-{number}"' in page for number in range(1, len(lines) + 1))
    better = HOSPICE.replace("BUDGET: TBC", "BUDGET: EUR 40,000")
    change = {"text": better, "was": found["was"]}
    assert ana.post("/api/brief/save", change).json()["was"] == briefing.seal(spot.room.house.production)
    again = ana.post("/api/brief/save", change | {"text": "mine"})
    assert (again.status_code, "nothing of theirs is written over" in again.text) == (409, True)
    assert file.read_text(encoding="utf-8") == better


def test_another_brief_says_what_is_new_and_gone_before_it_takes_the_place_and_the_old_one_stays(spot: Opened) -> None:
    ana = spot.ana
    (spot.path / "brief.md").write_text("Client: Nordbrew\nBudget: EUR 84,000\n", encoding="utf-8")
    was, text = ana.get("/api/brief").json()["was"], "Client: Nordbrew\nBudget: EUR 61,000\n"
    would = ana.post("/api/brief/look", {"text": text}).json()
    assert (would["new"], would["gone"]) == (["budget: EUR 61,000"], ["budget: EUR 84,000"])
    assert not (spot.path / "brief 1.md").exists()
    assert ana.post("/api/brief/take", {"text": text, "was": "sha256:0"}).status_code == 409
    assert ana.post("/api/brief/take", {"text": text, "was": was}).json()["change"] == {"new": would["new"], "gone": would["gone"], "file": "brief 1.md"}
    assert (spot.path / "brief 1.md").read_text(encoding="utf-8") == "Client: Nordbrew\nBudget: EUR 84,000\n"
    assert ana.get("/api/brief").json()["earlier"] == [{"file": "brief 1.md", "new": would["new"], "gone": would["gone"]}]
    page = html.unescape(ana.get("/brief").text)
    assert "<del>budget: EUR 84,000</del>" in page
    assert "<ins>budget: EUR 61,000</ins>" in page


def test_of_two_who_bring_one_at_once_one_is_told(spot: Opened) -> None:
    def bring(text: str) -> int:
        return int(spot.ana.post("/api/brief/take", {"text": text, "was": ""}).status_code)

    with ThreadPoolExecutor(4) as people:
        told = sorted(people.map(bring, [f"Client: number {number}" for number in range(4)]))
    assert told == [200, 409, 409, 409]


def test_a_brief_that_is_begun_from_the_questions_is_read_under_what_was_asked(spot: Opened) -> None:
    said = {field: f"The {field} of it.\nAnd # more of the {field}." for field in briefing.HEADS}
    said["client"], said["tone"], said["budget"] = "Nordbrew\n---\n# Not a heading", "", "EUR 61,000"
    assert spot.ana.post("/api/brief/write", {"title": "Salt, spring", "answers": said, "was": ""}).status_code == 200
    found = briefing.current(spot.room.house.production)
    assert (found.title, found.others) == ("Salt, spring", {})
    for field in briefing.HEADS:
        lines = [line for line in said[field].splitlines() if line != "---"]
        assert " ".join(one.text for one in found.says(field)) == " ".join(lines).replace("# Not", "# Not"), field
    assert [one.about for one in briefing.questions(found) if one.line is None] == ["tone"]
    assert spot.ana.post("/api/brief/write", {"answers": {"client": " \n"}, "was": briefing.seal(spot.room.house.production)}).status_code == 409


def test_what_is_no_brief_is_a_sentence_and_what_cannot_be_read_can_be_replaced(spot: Opened) -> None:
    for text in ("", "  \n", "a\0b"):
        assert spot.ana.post("/api/brief/take", {"text": text, "was": ""}).status_code == 409
    (spot.path / "brief.md").write_bytes(b"%PDF\0\xff")
    page = spot.ana.get("/brief")
    assert (page.status_code, "this is no text" in page.text) == (200, True)
    assert spot.ana.post("/api/brief/take", {"text": BEER, "was": spot.ana.get("/api/brief").json()["was"]}).json()["change"]["file"] == "brief 1.md"
    assert (spot.path / "brief 1.md").read_bytes() == b"%PDF\0\xff"
    assert spot.ana.get("/brief").status_code == 200


def test_whoever_only_looks_writes_nothing(spot: Opened) -> None:
    guest = spot.room.doors.use_setup(spot.room.doors.setup_link())
    assert guest is not None
    spot.ana.client.cookies.set("answerprint", guest.session)
    spot.ana.guest = guest
    for path, body in (
        ("/api/brief/take", {"text": BEER, "was": ""}), ("/api/brief/save", {"text": BEER, "was": ""}), ("/api/brief/write", {"answers": {"client": "x"}, "was": ""}),
        ("/api/drafts/concepts", {"count": 2}), ("/api/drafts/treatment", {"start": "brief"}),
    ):  # fmt: skip
        assert spot.ana.post(path, body).status_code == 409, path
    assert not (spot.path / "brief.md").exists()


def test_hostile_words_in_a_brief_and_in_drafts_are_words(spot: Opened) -> None:
    text = f"# {EVIL}\n\n## Client\n{EVIL}\n\n## {EVIL}\n- {EVIL}\n\nBudget: TBC {EVIL}\nShoot: Monday 19 January 2027 {EVIL}\n[{EVIL}](javascript:steal())\n"
    ana = spot.ana
    ana.post("/api/brief/take", {"text": text + "gone\n", "was": ""})
    ana.post("/api/brief/take", {"text": text, "was": ana.get("/api/brief").json()["was"]})
    assert ana.post("/api/drafts/concepts", {"count": 3}).status_code == 200
    assert ana.post("/api/drafts/treatment", {"start": "drafts/concept 1.md"}).status_code == 200
    (spot.path / "drafts" / f"{EVIL.replace('/', '')[:80]}.md").write_text(f"# {EVIL}\n\n{EVIL}\n", encoding="utf-8")
    for path in ("/brief", "/drafts"):
        page = ana.get(path)
        assert page.status_code == 200
        assert Looked(page.text).found == [], path
        assert "steal()" in page.text
        assert ">49<" not in page.text
