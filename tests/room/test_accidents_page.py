"""The page of accidents: what was found in shooting order, playable where it lies; the reel and what it has no room for; nothing is cut away silently."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

import answerprint
from answerprint import accidents
from answerprint.desk import Desk
from answerprint.model.accidents import KINDS
from tests.room.conftest import seated


def shown(person, view: str = "list") -> list[dict]:
    return [one for attempt in person.get(f"/api/accidents?view={view}").json()["attempts"] for one in attempt["happenings"]]


def test_the_page_shows_what_was_found_in_shooting_order_with_its_evidence_and_what_it_was_compared_with(cutting):
    desk = Desk(cutting.opened.room.house.production)
    rows, looked_s = accidents.found(desk), accidents.searched_s(desk)
    assert [one["evidence"] for one in shown(cutting.ana, "all")] == [row.evidence for row in rows]
    assert [one["anchor"] for one in shown(cutting.ana)] == [f"{row.file.rpartition('/')[2].partition('.')[0]}@{row.in_s:.1f} {row.kind}" for row in accidents.budgeted(rows, looked_s).shown]
    page = cutting.ana.get("/accidents?view=all").text
    for one in shown(cutting.ana, "all"):
        assert one["against"]
        assert one["title"] in page


def test_everything_plays_where_it_lies_and_leads_to_its_attempt(cutting):
    for one in shown(cutting.ana, "all"):
        stretch = one["stretch"]
        num, den = stretch["clip"]["rate"]
        assert stretch["start"] <= one["at_frame"] < stretch["end"] <= stretch["clip"]["frames"]
        assert stretch["start"] * den / num <= one["line"][0] < stretch["end"] * den / num, "what is shown holds its beginning"
        assert cutting.ana.client.get(stretch["clip"]["movie"], headers={"range": "bytes=0-99"}).status_code == 206
        assert cutting.ana.get(one["still"]).status_code == 200
        address, _, attempt = one["takes"].partition("#")
        assert cutting.ana.get(address).status_code == 200
        assert attempt.startswith("A001_C")


def test_what_the_reel_has_no_room_for_is_counted_and_one_press_away(cutting, monkeypatch):
    whole = accidents.excerpts

    def short(rows, looked_s):
        chosen, _ = whole(rows, looked_s)
        return chosen[:1], len(rows) - 1

    monkeypatch.setattr(accidents, "excerpts", short)
    found = cutting.ana.get("/api/accidents?view=reel").json()
    assert (found["in_reel"], found["shown"], found["not_in_reel"]) == (1, 1, found["every"] - 1)
    assert 'href="/accidents?view=rest"' in cutting.ana.get("/accidents?view=reel").text
    assert len(shown(cutting.ana, "rest")) == found["not_in_reel"]
    assert not {one["anchor"] for one in shown(cutting.ana, "rest")} & {one["anchor"] for one in shown(cutting.ana, "reel")}


def test_before_anybody_looked_the_page_says_so_and_has_a_button(tmp_path):
    answerprint.new(tmp_path / "spot", rate="25")
    opened = seated(tmp_path / "spot")
    page = opened.ana.get("/accidents")
    assert page.status_code == 200
    assert "Nobody has looked yet" in page.text
    assert 'id="look"' in page.text
    assert opened.ana.get("/api/accidents").json()["waiting"] is True


def test_where_nothing_was_found_the_page_says_how_much_was_searched(cutting, monkeypatch):
    monkeypatch.setattr(accidents, "found", lambda desk: ())
    page = cutting.ana.get("/accidents").text
    assert "Nothing was found that one attempt has" in page
    assert 'id="look"' not in page


def test_a_view_that_is_none_is_refused(cutting):
    assert cutting.ana.get("/api/accidents?view=best").status_code == 422


def test_the_cut_page_lists_what_the_cut_leaves_out_and_leads_there(cutting):
    film = cutting.ana.get("/api/cut/v01").json()["film"]
    desk = Desk(cutting.opened.room.house.production)
    left = accidents.left_by(desk, desk.path / film["file"])
    assert left
    assert [one["says"] for one in film["left"]] == [accidents.named(one) for one in left]
    assert "not in this cut" in cutting.ana.get("/cut/v01").text
    anchors = {one["anchor"] for one in shown(cutting.ana, "all")}
    for one in film["left"]:
        assert unquote(one["href"].partition("#")[2]) in anchors


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_words(cutting, kind):
    assert cutting.opened.room.texts["accidents"]["kinds"][kind.replace(" ", "_")]
