"""The lined script in the room: every mark and every word leads to a moment of a clip of this session."""

from __future__ import annotations

import re


def test_every_mark_on_the_sheet_leads_to_an_attempt_that_the_page_can_play(opened):
    page, script = opened.ana.get("/script").text, opened.ana.get("/api/script").json()
    marks = {f"{clip}#{number}" for clip, number in re.findall(r'data-clip="([^"]+)" data-attempt="(\d+)"', page)}
    assert marks
    assert marks <= {one["mark"] for one in script["attempts"]}


def test_every_word_of_every_item_is_printed_where_it_can_be_pressed(opened):
    page, script = opened.ana.get("/script").text, opened.ana.get("/api/script").json()
    pressed = {(int(item), int(word)) for item, word in re.findall(r'class="word" data-item="(\d+)" data-word="(\d+)"', page)}
    assert pressed == {(line["item"], n) for line in script["lines"] for n in range(len(line["words"]))}
    assert script["lines"][0]["words"] == ["Morning", "starts", "before", "the", "light", "does."]


def test_a_word_is_heard_inside_its_attempt_and_in_the_order_of_the_line(opened):
    for one in opened.ana.get("/api/script").json()["attempts"]:
        num, den = one["stretch"]["clip"]["rate"]
        for spoken in one["spoken"]:
            times = [time for time in spoken["words"] if time is not None]
            assert times == sorted(times)
            assert all(one["stretch"]["start"] <= time * num / den + 1 and time * num / den < one["stretch"]["end"] for time in times)


def test_the_sheet_carries_no_style_of_its_own(opened):
    page = opened.ana.get("/script").text
    assert "<style" not in page
    assert " style=" not in page
    css = opened.ana.get("/static/lined.css")
    assert css.headers["content-type"].startswith("text/css")
    assert css.text.startswith(".lined {")
    assert ":root" not in css.text


def test_coverage_counts_and_weighs_nothing(opened):
    assert opened.ana.get("/api/script").json()["coverage"] == ["Every item has a whole attempt."]
