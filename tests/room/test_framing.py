"""Hero framing: nobody's frame is on the page before somebody set one."""

from __future__ import annotations

import json

import pytest

from answerprint.timeline import framing

KEYS = [{"frame": 0, "x": 0.4, "y": 0.5, "scale": 1.0, "ease": "soft"}]


@pytest.fixture
def hero(opened):
    """A room in which a take of the hero shot, item 4, is chosen."""
    room = opened.room
    item = next(one.number for one in room.house.table.items() if one.hero is not None)
    assert opened.ana.get(f"/api/framing/{item}").json()["shot"] is None
    from answerprint import choosing
    from answerprint.room.showing import desk_of

    desk = desk_of(room)
    choosing.choose(room.house.production, f"item:{item}", desk.tries_at(item)[0].name, desk=desk)
    return opened, item


def test_before_a_cut_or_a_take_there_is_nothing_to_frame_and_the_page_says_so(opened):
    page = opened.ana.get("/framing").text
    assert "There is nothing to frame yet" in page
    answer = opened.ana.post("/api/framing/4", {"version": "master", "paths": {"1:1": KEYS}})
    assert answer.status_code == 409


def test_no_framing_is_proposed(hero):
    opened, item = hero
    found = opened.ana.get(f"/api/framing/{item}").json()
    assert found["paths"] == {}
    assert found["draft"] is None


def test_what_somebody_set_is_kept_as_they_set_it_and_is_a_draft(hero):
    opened, item = hero
    shot = opened.ana.get(f"/api/framing/{item}").json()["shot"]
    keys = [{**KEYS[0], "frame": shot["start"]}, {**KEYS[0], "frame": shot["end"] - 1, "x": 0.7}]
    before = opened.room.house.book.head.n
    for _ in range(2):  # the same framing twice is one file
        assert opened.ana.post(f"/api/framing/{item}", {"version": "master", "paths": {"9:16": keys, "1:1": []}}).status_code == 200
    files = sorted((opened.path / "cuts" / "framing").iterdir())
    assert [one.name for one in files] == [f"item {item} master 1.json"]
    assert list(framing.read(files[0].read_bytes()).paths) == ["9:16"]
    found = opened.ana.get(f"/api/framing/{item}").json()
    assert found["paths"]["9:16"] == keys
    assert opened.room.house.book.head.n == before
    assert "application/json" in opened.ana.get(f"/framing/{item}").text


def test_leaving_it_as_shot_is_one_request_and_a_draft(hero):
    opened, item = hero
    assert opened.ana.post(f"/api/framing/{item}/as-shot", {"version": "master"}).status_code == 200
    drafts = json.loads((opened.path / ".answerprint" / "drafts.json").read_bytes())["drafts"]
    assert [one["choice"] for one in drafts if one["judgment"] == "hero framing"] == [{"framing": "as shot"}]


def test_a_frame_outside_the_shot_or_the_picture_is_refused(hero):
    opened, item = hero
    for wrong in ({"frame": 10**6}, {"x": 1.5}, {"scale": 0.5}, {"ease": "bounce"}, {"x": "left"}):
        keys = [{**KEYS[0], "frame": 10**3, **wrong}]
        assert opened.ana.post(f"/api/framing/{item}", {"version": "master", "paths": {"1:1": keys}}).status_code in (409, 422)
    assert opened.ana.post(f"/api/framing/{item}", {"version": "nowhere", "paths": {}}).status_code == 409


def test_only_a_hero_shot_is_framed(opened):
    assert opened.ana.get("/framing/1").status_code == 404
    assert opened.ana.get("/api/framing/99").status_code == 404
