"""The cutting-room floor: what was left out plays, with a sentence why; what nobody left out does not lie there."""

from __future__ import annotations

from answerprint import choosing


def piles(person) -> dict[str, list[dict]]:
    return {pile["name"]: pile["scraps"] for pile in person.get("/api/floor").json()["piles"]}


def test_no_attempt_lies_there_before_somebody_chose(opened):
    assert "not chosen" not in piles(opened.ana)


def test_attempts_that_were_not_chosen_lie_there_with_the_name_of_whoever_chose(opened):
    choosing.choose(opened.room.house.production, "item:1", "A001_C001#2", by="Ana Ferrer")
    (one,) = piles(opened.ana)["not chosen"]  # the third attempt also holds item 2, of which nobody chose anything yet
    assert one["name"] == "1A-1 A"
    assert one["why"] == "Ana Ferrer chose 1A-1 A series 2 for item 1."
    choosing.choose(opened.room.house.production, "item:2", "none", by="Ana Ferrer")
    names = [one["name"] for one in piles(opened.ana)["not chosen"]]
    assert names == ["1A-1 A", "1A-2 A"]  # in shooting order


def test_an_attempt_that_was_chosen_for_one_item_does_not_lie_there_for_another(opened):
    choosing.choose(opened.room.house.production, "item:1", "A001_C001#2")
    choosing.choose(opened.room.house.production, "item:2", "A001_C002#1")
    assert [one["name"] for one in piles(opened.ana)["not chosen"]] == ["1A-1 A"]


def test_what_was_said_off_script_lies_there_with_its_words(opened):
    said = piles(opened.ana)["off script"]
    assert any("sorry" in one["quote"].lower() for one in said)
    assert all(one["why"].endswith("in no line of the script.") or one["why"] == "In no line of the script." for one in said)


def test_what_runs_before_action_and_after_cut_is_all_that_the_attempts_leave_of_a_clip(opened):
    floor, table = piles(opened.ana)["between"], opened.room.house.table
    unit = table.shoot.clips[0]
    rest = [one["stretch"] for one in floor if one["name"] == unit.file.rsplit("/", 1)[-1]]
    whole = rest[0]["clip"]["frames"]
    tries = [attempt for clip, attempt, _ in table.tries if clip.digest == unit.digest]
    left = sum(one["end"] - one["start"] for one in rest)
    num, den = rest[0]["clip"]["rate"]
    held = sum((one.out_s - one.in_s) * num / den for one in tries)
    assert abs(left + held - whole) <= 2 * len(rest)
    assert [one["start"] for one in rest] == sorted(one["start"] for one in rest)


def test_everything_on_the_floor_plays(opened):
    for scraps in piles(opened.ana).values():
        for one in scraps[:2]:
            answer = opened.ana.client.get(one["stretch"]["clip"]["movie"], headers={"range": "bytes=0-99"})
            assert answer.status_code == 206
            assert 0 <= one["stretch"]["start"] < one["stretch"]["end"] <= one["stretch"]["clip"]["frames"]


def test_after_a_rough_cut_what_it_did_not_take_lies_there(opened):
    from answerprint.assistant import export_rough

    export_rough(opened.room.house.production, "otio")
    left = piles(opened.ana)["not cut"]
    assert left
    assert all("rough cut" in one["why"] for one in left)
    assert "1A-1 A" in [one["name"] for one in left]
