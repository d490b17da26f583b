"""The lined script in the room: every mark and every word leads to a moment of a clip of this session."""

from __future__ import annotations

import re
from html import unescape

import pytest

import answerprint
from bench.large import compose, line
from tests.room.conftest import Opened, seated


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Sixty lines, each in four attempts: more pages than a visit reads. Nobody may change anything in it."""
    home = tmp_path_factory.mktemp("large")
    return seated(compose(home, clips=120, items=60, small=answerprint.new(home / "small", rate="23.976")).path)


def leaves(page: str) -> list[str]:
    """What stands in every leaf of a page, in order."""
    sheet = page[page.index('<section class="pages"') : page.rindex("</section>\n  </div>\n</div>")]
    return [one.partition(">")[2].rpartition("</div>")[0] for one in sheet.split('<div class="leaf"')[1:]]


def words_on(html: str) -> set[tuple[int, int]]:
    return {(int(item), int(word)) for item, word in re.findall(r'class="word" data-item="(\d+)" data-word="(\d+)"', html)}


def test_every_mark_on_the_sheet_leads_to_an_attempt_that_the_page_can_play(opened):
    page, script = opened.ana.get("/script").text, opened.ana.get("/api/script").json()
    marks = {f"{clip}#{number}" for clip, number in re.findall(r'data-clip="([^"]+)" data-attempt="(\d+)"', page)}
    assert marks
    assert marks <= {one["mark"] for one in script["attempts"]}


def test_every_word_of_every_item_is_printed_where_it_can_be_pressed(opened):
    page, script = opened.ana.get("/script").text, opened.ana.get("/api/script").json()
    assert words_on(page) == {(line["item"], n) for line in script["lines"] for n in range(len(line["words"]))}
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


def test_a_visit_brings_what_is_read_first_and_a_leaf_for_everything_else(large):
    page, whole = large.ana.get("/script").text, large.ana.get("/script?all=true").text
    there, every = leaves(page), leaves(whole)
    assert len(there) == len(every) > 40
    first = [one for one in there if 'class="later"' not in one]
    assert len(page) < len(whole) / 2
    assert first == [one for one in every if one in first]
    addresses = re.findall(r'<div class="leaf" id="[^"]+" data-leaf="([^"]+)"', page)
    assert [large.ana.get(f"/script/leaf/{one}").text for one in addresses] == every
    assert words_on(whole) == words_on("".join(every))


def test_without_any_script_every_leaf_that_is_not_here_is_a_link_to_the_whole_sheet(large):
    page = large.ana.get("/script").text
    later = re.findall(r'class="later" href="([^"#]+)#([^"]+)"', page)
    whole = large.ana.get("/script?all=true").text
    assert later
    assert {address for address, _ in later} == {"/script?all=true"}
    assert all(f'id="{place}"' in whole for _, place in later)
    assert 'class="later"' not in whole


def test_an_address_names_a_word_and_the_page_with_it_is_there(large):
    for item, word in ((1, 0), (37, 2), (60, 1)):
        assert (item, word) in words_on(large.ana.get(f"/script?item={item}&word={word}").text)
    assert large.ana.get("/script?item=999&word=3").status_code == 200


def test_an_item_brings_its_attempts_and_the_lines_that_are_said_in_them(large):
    whole = large.ana.get("/api/script").json()
    some = large.ana.get("/api/script?item=12").json()
    assert some["attempts"] == [one for one in whole["attempts"] if any(spoken["item"] == 12 for spoken in one["spoken"])] != []
    assert {one["item"] for one in some["lines"]} == {spoken["item"] for one in some["attempts"] for spoken in one["spoken"]}
    mark = some["attempts"][1]["mark"]
    assert large.ana.client.get("/api/script", params={"mark": mark}).json()["attempts"] == [some["attempts"][1]]
    assert large.ana.get("/api/script?mark=nothing%231").json()["attempts"] == []


def test_words_are_found_where_they_are_printed_on_pages_that_are_not_here_too(large):
    words = line(53)
    hits = large.ana.client.get("/api/script/find", params={"words": words.upper().replace(" ", "  ")}).json()
    (place,) = hits["pages"]
    leaf = large.ana.get(f"/script/leaf/pages/{place['page']}").text
    rect = re.search(r'class="word" data-item="53" data-word="0" x="([\d.]+)" y="([\d.]+)"', leaf)
    assert rect is not None
    assert (float(rect[1]), float(rect[2])) == pytest.approx((place["x"], place["y"]), abs=0.02)
    (block,) = hits["column"]
    assert words in unescape(large.ana.get(f"/script/leaf/column/{block}").text)
    assert large.ana.get("/api/script/find?words=%20").json() == {"pages": [], "column": [], "more": False}
    assert large.ana.get("/api/script/find?words=e").json()["more"]


def test_a_slate_is_found_over_its_line_and_in_the_log(large):
    pages = [one["page"] for one in large.ana.get("/api/script/find?words=12A-1").json()["pages"]]
    kinds = ["Takes, as they were shot" in large.ana.get(f"/script/leaf/pages/{one}").text for one in pages]
    assert kinds[0] is False
    assert kinds[-1] is True


def test_no_leaf_is_where_none_is(large):
    for path in ("/script/leaf/pages/9999", "/script/leaf/pages/-1", "/script/leaf/other/0"):
        assert large.ana.get(path).status_code == 404
