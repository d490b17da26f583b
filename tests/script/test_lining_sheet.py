"""The lined script: its lines never meet, say what a supervisor's lines say, and nothing in a script can break out of the page."""

from __future__ import annotations

import ast
import random
import re
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.model.attempts import Covered, OffScript, Said
from answerprint.script import Script, ScriptError, read
from answerprint.script.lining_sheet import LinedTake, Page, Sheet, html, lay_out, pdf
from answerprint.script.lining_sheet.lanes import matched, stroke
from answerprint.script.lining_sheet.metrics import cells, clean, folded, width, wrapped
from answerprint.script.lining_sheet.records import BOTTOM, FIELD, HEIGHT, PITCH, SWING, TOP, WIDTH
from answerprint.script.lining_sheet.shapes import wave
from tests.script.lined import day, take

SPOT = read("spot.fountain", b"""Title: First Pour

INT. ROASTERY - NIGHT

NOAH
My father roasted in this room for thirty years. He used to say you can hear when the beans are ready, and he was mostly right.

NOAH
I did not believe him until I heard it.

INT. ROASTERY - THE DRUM - NIGHT

The drum turns. A first crack, then another. She tilts her head.

NOAH (V.O.)
Two hundred grams. Listen for it.

SUPER: Listen for it.

INT. HARBOUR

Harbour at first light. [[STOCK: harbour]]

NOAH (V.O.)
Harbour Coffee.
""")  # fmt: skip
BOARD = read("shots.csv", b"shot,description,size,seconds\n1,Wet cobbles. One street lamp.,WS,3\n2,The pour. Steam takes the light.,ECU,4\n3,A cup.,CU,2\n")


def item(number: int) -> object:
    return SPOT.items[number - 1]


def overlapping(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def boxes(page: Page) -> list[tuple[str, int, tuple[float, float, float, float]]]:
    """What a pen has drawn on a page: (kind, take or -1, left top right bottom)."""
    out = [("line", one.take, (one.x - SWING, one.top, one.x + SWING, one.bottom)) for one in page.lines]
    out += [("head", one.take, (one.x - one.width / 2, one.top, one.x + one.width / 2, one.top + (10 if one.again else 24))) for one in page.heads]
    return out + [("over", -1, (one.x, one.y - one.size + 0.4, one.x + one.width, one.y)) for one in page.overs]


def clashes(sheet: Sheet) -> list[str]:
    """Pairs of drawn things that lie on one another and should not: a head and its own line only meet."""
    out = []
    for page in sheet.pages:
        if page.kind == "script":
            for (a, one, box), (b, other, box2) in combinations(boxes(page), 2):
                if overlapping(box, box2) and not (one == other >= 0):
                    out.append(f"{page.name} {a} of {one} on {b} of {other}: {box} {box2}")
    return out


def rows_of(sheet: Sheet) -> dict[str, list[tuple[float, str]]]:
    return {page.name: [(one.y, one.text) for one in page.prints] for page in sheet.pages}


SIXES = day(SPOT, 6, slips=0.2)


@pytest.mark.parametrize("per_item", [1, 6, 30])
@pytest.mark.parametrize("script", [SPOT, BOARD], ids=["script", "board"])
def test_nothing_a_pen_draws_lies_on_another_mark(script: Script, per_item: int) -> None:
    sheet = lay_out(script, day(script, per_item, slips=0.15))
    assert clashes(sheet) == []
    for page in sheet.pages:
        for a, b in combinations(page.notes, 2):
            assert not overlapping((a.x, a.top, a.x + 200, a.top + a.height), (b.x, b.top, b.x + 200, b.top + b.height))
        for _, _, box in boxes(page):
            assert box[0] >= 0
            assert box[2] <= FIELD[0]
            assert box[1] >= 0
            assert box[3] <= HEIGHT
        for note in page.notes:
            assert note.top >= 0
            assert note.top + note.height <= HEIGHT
            assert note.x + 204 <= WIDTH


@given(seed=st.integers(0, 10**6), per_item=st.integers(1, 14), slips=st.sampled_from([0.0, 0.1, 0.6]))
@settings(max_examples=25, deadline=None)
def test_whatever_was_shot_no_two_marks_meet_and_every_take_is_lined(seed: int, per_item: int, slips: float) -> None:
    takes = day(SPOT, per_item, seed=seed, slips=slips)
    sheet = lay_out(SPOT, takes)
    assert clashes(sheet) == []
    drawn = {line.take for page in sheet.pages for line in page.lines}
    assert drawn == set(range(len(takes)))
    assert all(one.mark in {link.mark for link in sheet.links} for page in sheet.pages for one in [*page.heads, *page.overs, *(t for line in page.lines for t in line.touches)])


def test_every_covered_word_is_touched_by_its_line() -> None:
    dice = random.Random(4)
    for whole in (True, False):
        for number in (1, 2, 4):
            one = SPOT.items[number - 1]
            made = take("1A-1", [one], dice, whole=whole, slips=0.0)
            page = lay_out(SPOT, [made]).pages[0]
            spoken = " ".join(said.script or "" for said in made.covered[0].words if said.how == "said")
            words = [(text, y) for y, text in rows_of(lay_out(SPOT, [made]))[page.name]]
            lined = " ".join(text for text, y in words if any(line.top < y - 3 < line.bottom for line in page.lines))
            bare = re.sub(r"[^\w ]", "", lined)
            assert re.sub(r"[^\w ]", "", spoken) in bare
            beyond = [text for text, y in words if y - 9 > max(line.bottom for line in page.lines)]
            assert not any(word in " ".join(beyond).split() for word in ("father", "believe", "hundred") if word in spoken)


@pytest.mark.parametrize(
    ("kind", "camera", "drawn"),
    [("line", "on", "on"), ("line", "off", "off"), ("line", "unknown", "thin"), ("voice-over", "unknown", "off"), ("voice-over", "off", "off"),
     ("voice-over", "on", "on"), ("picture", "unknown", "on"), ("board", "on", "on"), ("picture", "off", "off")],
)  # fmt: skip
def test_a_line_is_wavy_where_the_speaker_is_off_camera_and_nowhere_else(kind: str, camera: str, drawn: str) -> None:
    assert stroke(Covered(attempt=1, item=1, kind=kind, in_s=0, out_s=1, complete=True, camera=camera)) == drawn  # type: ignore[arg-type]


def test_changed_words_alone_draw_no_wavy_line() -> None:
    dice = random.Random(1)
    page = lay_out(SPOT, [take("1A-1", [SPOT.items[0]], dice, slips=0.9)]).pages[0]
    assert page.strikes
    assert {line.stroke for line in page.lines} == {"on"}


def test_a_line_turns_wavy_where_its_speaker_leaves_the_picture() -> None:
    made = take("1A-1", SPOT.items[:2], random.Random(1), slips=0)
    turned = LinedTake(**{**vars_of(made), "covered": (made.covered[0], Covered(**{**vars_of(made.covered[1]), "camera": "off"}))})
    lines = lay_out(SPOT, [turned]).pages[0].lines
    assert [(line.stroke, line.begins, line.ends) for line in lines] == [("on", "head", "joined"), ("off", "joined", "cap")]
    assert lines[0].bottom == lines[1].top
    assert lines[0].x == lines[1].x


def vars_of(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}  # type: ignore[attr-defined]


def said(how: str, script: str | None, heard: str | None, at: float | None = None) -> Said:
    return Said(how=how, script=script, heard=heard, in_s=at, out_s=None if at is None else at + 0.2)  # type: ignore[arg-type]


HEARD = (
    said("said", "I", "i", 3.0), said("changed", "did", "didn’t", 3.2), said("changed", "not", "", 3.2), said("said", "believe", "believe", 3.6),
    said("said", "him", "him", 3.9), said("added", None, "ever", 4.1), said("said", "until", "until", 4.5), said("missed", "I", None), said("missed", "heard", None), said("missed", "it", None),
)  # fmt: skip


def second_line(**more: object) -> LinedTake:
    covered = Covered(attempt=1, item=2, kind="line", in_s=3.0, out_s=5.0, complete=False, camera="on", words=HEARD)
    return LinedTake(**{"slate": "5A-1", "clip": "rushes/A 001.mov", "attempt": 2, "in_s": 1.5, "length_s": 6.0, "covered": (covered,), **more})  # type: ignore[arg-type]


def test_changed_words_are_struck_and_written_over_added_ones_have_a_caret_missed_ones_brackets() -> None:
    sheet = lay_out(SPOT, [second_line()])
    page = sheet.pages[0]
    assert [one.text for one in page.overs] == ["DIDN’T  5A-1", "EVER  5A-1"]
    typed = next(one for one in page.prints if one.text.startswith("I did not"))
    at = typed.text.index("did not")
    left, right = typed.x + PITCH * at, typed.x + PITCH * (at + 7)
    assert left == pytest.approx(min(one.x for one in page.strikes))
    assert right == pytest.approx(max(one.right for one in page.strikes))
    assert all(typed.y - 5 < one.y < typed.y for one in page.strikes)
    over = page.overs[0]
    assert typed.y - 22 < over.y < typed.y - 8
    assert over.x < right
    assert left < over.x + over.width
    assert len(page.carets) == 1
    assert [one.opens for one in page.brackets].count(True) == 1
    assert any("5A-1 [ ] missed: “I heard it”" in " ".join(note.lines) for note in page.notes)
    assert {link.what: link.seconds for link in sheet.links}["5A-1, line 2: “didn’t”"] == 3.2


def test_the_same_change_in_two_takes_is_written_once_with_both_slates() -> None:
    sheet = lay_out(SPOT, [second_line(), second_line(slate="5A-2", attempt=3)])
    assert "DIDN’T 5A-1, 5A-2" in " ".join(" ".join(one.text for one in sheet.pages[0].overs).split())
    assert len(sheet.pages[0].strikes) == 2


def test_a_line_that_stops_early_is_open_and_a_whole_one_has_a_cap() -> None:
    whole = take("1A-2", [SPOT.items[1]], random.Random(1), slips=0)
    lines = lay_out(SPOT, [second_line(), whole]).pages[0].lines
    assert [(line.take, line.ends) for line in lines] == [(0, "open"), (1, "cap")]


def test_a_figure_said_in_several_words_stays_one_word_of_the_page() -> None:
    money = read("m.fountain", b"INT. A\n\nNOAH\nOnly $29.99 for two hundred grams.\n").items[0]
    spoken = [said("said", word, word, 1.0) for word in "only twenty nine dollars ninety nine for two hundred grams".split()]
    where = [on[0].written for _, on in matched(spoken, money) if on]
    assert where[0] == "Only"
    assert where[1] == "$29.99"
    assert where[-1] == "grams"
    assert where == sorted(where, key=lambda word: money.text.index(word))


def test_every_mark_leads_to_its_place_without_any_script() -> None:
    sheet = lay_out(SPOT, SIXES)
    page = html(sheet)
    targets = set(re.findall(r'<tr id="(k\d+)"', page))
    links = re.findall(r'<a href="#(k\d+)" data-clip="([^"]+)" data-attempt="(\d+)" data-in-s="([\d.]+)"', page)
    assert {mark for mark, *_ in links} <= targets
    assert page.count("<a ") == len(links) > 100
    known = {link.mark: link for link in sheet.links}
    for mark, clip, attempt, seconds in links:
        assert (known[mark].clip, known[mark].attempt) == (clip, int(attempt))
        assert float(seconds) == pytest.approx(known[mark].seconds, abs=1e-3)
    paper = sheet.pages[0]
    assert all(one.mark for one in [*paper.heads, *paper.overs, *paper.notes])


def test_a_line_plays_from_the_first_word_of_the_typed_line_it_is_touched_at() -> None:
    made = take("1A-1", [SPOT.items[0]], random.Random(1), slips=0)
    sheet = lay_out(SPOT, [made])
    seconds = {link.mark: link.seconds for link in sheet.links}
    at = [seconds[touch.mark] for line in sheet.pages[0].lines for touch in line.touches]
    assert at == sorted(set(at))
    assert len(at) == 4
    begins = {round(one.in_s or 0, 3) for one in made.covered[0].words}
    assert set(at) <= begins


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.data: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.data.append(data)


EVIL = '</script><script>alert(1)</script>" onload="x\' <img src=http://x/> &lt; \u202eabc\u2066 \x00\x07\x1b[31m ]]> --> </style> שלום 漢字 Zażółć e\u0301 \ud800'


def test_nothing_in_a_script_or_on_a_slate_breaks_out_of_the_page() -> None:
    evil = EVIL.replace("\x00", "")  # a file with zeros is refused as no text
    script = read("evil.fountain", f"Title: </title><script>x\n\nINT. {evil.upper()}\n\nNOAH\n{evil} and more\n\nNOAH <b>\nAgain {evil}\n".encode("utf-8", "replace"))
    words = tuple(said("changed", word, EVIL, 1.0) for word in script.items[0].text.split()[:3])
    remark = OffScript(in_s=1.0, out_s=2.0, text=EVIL, remark=True, speaker=EVIL)
    made = LinedTake(
        slate=EVIL, clip=f"../{EVIL}", attempt=1, in_s=0.0, length_s=1.0, comment=EVIL, comment_by=EVIL, circled=True, circled_by=EVIL, size=EVIL, lens=EVIL, roll=EVIL, cameras=(EVIL,),
        timecode=EVIL, kind=EVIL, conflicts=(EVIL,), off_script=(remark,), remarks=(remark,),
        covered=tuple(Covered(attempt=1, item=one.number, kind=one.kind, in_s=0.5, out_s=1.0, complete=True, words=words if n == 0 else ()) for n, one in enumerate(script.items)),  # type: ignore[arg-type]
    )  # fmt: skip
    for sheet in (lay_out(script, [made]), lay_out(None, [LinedTake(**{**vars_of(made), "covered": ()})])):
        page = html(sheet)
        page.encode("utf-8")
        tags = Tags(page)
        assert not {"script", "img", "iframe", "link", "object", "base", "form"} & set(tags.tags)
        assert tags.tags.count("style") == 1
        assert tags.tags.count("title") == 1
        names = {name for name, _ in tags.attributes}
        assert not [name for name in names if name.startswith("on") or name in ("style", "src", "srcset", "action", "xlink:href")]
        assert all((value or "").startswith("#k") for name, value in tags.attributes if name == "href")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page)
        assert pdf(sheet).startswith(b"%PDF")


@given(st.text(st.characters(), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_typed_letter_by_letter(text: str) -> None:
    shown = clean(text)
    assert len(shown) == len(text)
    shown.encode("utf-8")
    ends = list(wrapped(shown, 12))
    assert all(cells(shown[a:b]) <= 13 for a, b in ends)
    assert "".join(shown[a:b] for a, b in ends).replace(" ", "") == shown.replace(" ", "").replace("\n", "") or not shown.isascii()


def test_the_pdf_is_the_same_bytes_whenever_it_is_made() -> None:
    sheet = lay_out(SPOT, day(SPOT, 3))
    made = pdf(sheet)
    assert made == pdf(lay_out(SPOT, day(SPOT, 3)))
    assert b"First Pour: lined script" in made
    assert b"#t=" in made
    assert b"rushes/A001_" in made


def test_a_pdf_links_to_files_and_to_nothing_else() -> None:
    for clip, starts in [("javascript:alert(1)", "javascript%3Aalert%281%29"), ("//host/x.mov", "file:////host"), ("/Volumes/A/x y.mov", "file:///Volumes/A/x%20y.mov"), ("http://x/y", "http%3A//x")]:
        made = pdf(lay_out(SPOT, [second_line(clip=clip)]))
        found = re.findall(rb"/URI \((.*?)\) ?", made)
        assert found
        assert all(one.decode().replace("\\", "").startswith(starts) for one in found)


def test_a_pdf_in_another_folder_finds_the_media_where_they_lie() -> None:
    sheet = lay_out(SPOT, [second_line(clip="rushes/A 001.mov")])
    found = set(re.findall(rb"/URI \((.*?)#t=", pdf(sheet, {"rushes/A 001.mov": "../rushes/A 001.mov"})))
    assert found == {b"../rushes/A%20001.mov"}


def test_letters_without_a_typeface_are_boxes_and_the_pdf_says_so() -> None:
    from answerprint.script.lining_sheet.page_pdf import _Paper

    plain = _Paper(lay_out(read("a.fountain", "INT. CAFÉ\n\nŁUKASZ\nZażółć gęślą jaźń – “žluťoučký” ďábel, привет, Việt.\n".encode()), []), {})
    assert plain._untyped() == []
    other = _Paper(lay_out(read("a.fountain", "INT. A\n\nNOAH\nשלום 漢字 привет λόγος\n".encode()), []), {})
    assert other._untyped() == ["Letters without a typeface in this PDF stand as boxes (East Asian, Greek, Hebrew). The HTML page shows them."]
    assert other.bytes().startswith(b"%PDF")


def test_printed_widths_are_those_of_the_faces_themselves() -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    text = "".join(map(chr, range(32, 127))) + "’‘“”–—…·×°éÜñ"
    for face, name in [("sans", "Helvetica"), ("bold", "Helvetica-Bold"), ("serif", "Times-Roman"), ("italic", "Times-Italic"), ("type", "Courier")]:
        for char in text:
            near = 40 if char in "’‘“”–—…·×°" else 3  # marks differ a little from face to face
            limit = 350 if face in ("serif", "italic", "bold") and near == 40 else near
            assert abs(width(char, face, 1000) - stringWidth(char, name, 1000)) <= limit, (face, char)  # type: ignore[arg-type]


def test_a_note_never_runs_out_of_its_margin() -> None:
    text = "Going again, right away, and a-word-that-nobody-would-ever-say-in-one-breath-but-somebody-typed-it-anyway once more."
    for face in ("sans", "serif"):
        lines = folded(text, face, 9.0, 120.0)  # type: ignore[arg-type]
        assert all(width(line, face, 9.0) <= 120.0 for line in lines)  # type: ignore[arg-type]
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_wavy_line_swings_to_both_sides_and_ends_where_it_began() -> None:
    start, parts = wave(100.0, 10.0, 47.0)
    middles = [(start[0] if n == 0 else parts[n - 1][2][0]) / 8 + 3 * a[0] / 8 + 3 * b[0] / 8 + end[0] / 8 for n, (a, b, end) in enumerate(parts)]
    assert max(middles) == pytest.approx(100 + SWING)
    assert min(middles) == pytest.approx(100 - SWING)
    assert parts[-1][2] == pytest.approx((100.0, 47.0))


def test_people_and_the_machine_are_set_apart_in_the_margin() -> None:
    remark = OffScript(in_s=9.0, out_s=10.0, text="That’s the one.", remark=True, speaker="Jonas Weil")
    nobody = OffScript(in_s=0.2, out_s=0.8, text="Quiet please.", remark=True)
    adlib = OffScript(in_s=3.5, out_s=4.0, text="Sorry.")
    made = second_line(comment="Best one.", comment_by="Lena Faro", remarks=(remark, nobody), off_script=(adlib,), conflicts=("Two slates.",))
    notes = lay_out(SPOT, [made]).pages[0].notes
    assert {(note.person, note.by, note.asks) for note in notes if not any("missed" in line for line in note.lines)} == {
        (True, "Lena Faro, on 5A-1", False), (True, "Jonas Weil, after 5A-1", False), (True, "heard before 5A-1", False), (False, "", False), (False, "", True),
    }  # fmt: skip


def test_the_accent_stands_only_where_a_person_has_to_act() -> None:
    sheet = lay_out(SPOT, [second_line()])
    rules = [rule for page in sheet.pages for rule in page.rules if rule.kind == "asks"]
    to_shoot = [one.number for one in SPOT.items if not one.card and one.stock is None]
    assert len(rules) == len(to_shoot) - 1
    everything = take("1A-1", [one for one in SPOT.items if one.number in to_shoot], random.Random(1))
    assert not [rule for page in lay_out(SPOT, [everything]).pages for rule in page.rules if rule.kind == "asks"]


def test_more_takes_than_fit_stand_on_a_further_sheet_with_the_same_text() -> None:
    sheet = lay_out(SPOT, day(SPOT, 25, slips=0))
    texts = {page.name: [(one.x, one.y, one.text) for one in page.prints] for page in sheet.pages if page.kind == "script"}
    assert list(texts)[:3] == ["1.", "1A.", "1B."]
    assert texts["1."] == texts["1A."] == texts["1B."]


def test_a_page_holds_55_lines_and_a_speech_stays_together() -> None:
    long = "INT. HALL\n\n" + "\n\n".join(f"NOAH\nLine {n} is said here, and it goes on for a while so that it needs three typed lines in all." for n in range(40))
    sheet = lay_out(read("long.fountain", long.encode()), [])
    for page in sheet.pages:
        rows = sorted({one.y for one in page.prints})
        assert len(rows) <= 55
        assert rows[0] >= TOP
        assert rows[-1] <= BOTTOM
        assert page.prints[0].text in ("NOAH", "INT. HALL")


def test_a_line_over_a_page_break_runs_on_with_its_slate() -> None:
    long = "INT. HALL\n\n" + "\n\n".join(f"NOAH\nLine {n} is said." for n in range(40))
    script = read("long.fountain", long.encode())
    sheet = lay_out(script, [take("7-1", script.items, random.Random(1), slips=0)])
    pages = [page for page in sheet.pages if page.kind == "script"]
    assert [page.lines[-1].ends for page in pages] == ["continues", "continues", "cap"]
    assert [page.lines[0].begins for page in pages] == ["head", "continued", "continued"]
    assert [page.heads[0].again for page in pages] == [False, True, True]


def test_a_shoot_without_a_script_is_its_takes() -> None:
    sheet = lay_out(None, SIXES)
    assert [page.kind for page in sheet.pages] == ["log"] * len(sheet.pages)
    assert [head.slate for page in sheet.pages for head in page.heads] == [one.slate for one in SIXES]
    assert sheet.sentences == ("No script: the takes as they were shot.",)
    assert "No script: the takes as they were shot" in html(sheet)
    assert lay_out(None, []).sentences == ("No take has been lined yet.",)
    assert pdf(lay_out(None, [])).startswith(b"%PDF")


def test_a_board_is_lined_beside_its_frames() -> None:
    page = lay_out(BOARD, day(BOARD, 4)).pages[0]
    text_ends = max(one.x + PITCH * one.cells for one in page.prints)
    assert all(line.x - SWING > text_ends for line in page.lines)
    assert len([rule for rule in page.rules if rule.kind == "hair"]) == 3
    assert {"WS", "3 s", "ECU", "4 s"} <= {label.text for label in page.labels}


def test_a_take_of_nothing_in_the_script_is_in_the_log_with_what_was_said() -> None:
    other = LinedTake(slate="RT-1", clip="sound/rt.wav", attempt=1, in_s=0, length_s=30, kind="wild", remarks=(OffScript(in_s=1, out_s=2, text="Room tone.", remark=True),))
    sheet = lay_out(SPOT, [second_line(), other])
    assert sheet.sentences[-1] == "RT-1: nothing of the script is covered; it stands in the log of takes."
    assert "“Room tone.”" in [label.text for label in sheet.pages[-1].labels]


def test_an_item_that_is_not_in_the_script_is_refused_in_a_sentence() -> None:
    covered = Covered(attempt=1, item=99, kind="line", in_s=0, out_s=1, complete=True)
    with pytest.raises(ScriptError, match=r"5A-1: it covers item 99; spot.fountain has items 1 to 7"):
        lay_out(SPOT, [second_line(covered=(covered,))])
    with pytest.raises(ScriptError, match="seconds from the clip's first frame"):
        lay_out(SPOT, [second_line(in_s=float("nan"))])


def test_importing_the_lined_script_brings_no_pdf_library() -> None:
    room = Path(__file__).parents[2] / "src/answerprint/script/lining_sheet"
    for path in room.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
        assert not [name for name in names if name.startswith("reportlab")]


def test_a_speech_that_a_page_breaks_says_that_it_goes_on() -> None:
    words = " ".join(f"word{n}" for n in range(900))
    sheet = lay_out(read("long.fountain", f"INT. HALL\n\nNOAH (V.O.)\n{words}\n".encode()), [])
    pages = [[one.text for one in page.prints] for page in sheet.pages]
    assert len(pages) > 2
    assert all("(MORE)" in page for page in pages[:-1])
    assert "(MORE)" not in pages[-1]
    assert all("NOAH (V.O.) (CONT’D)" in page for page in pages[1:])
    said_at = [word for page in pages for text in page for word in re.findall(r"word\d+", text)]
    assert said_at == words.split()


def test_a_margin_that_is_too_short_goes_on_on_a_sheet_of_its_own() -> None:
    talk = tuple(OffScript(in_s=9.0 + n, out_s=9.5 + n, text=f"Remark number {n}, and it is not a short one by any means, so it takes lines.", remark=True) for n in range(60))
    sheet = lay_out(SPOT, [second_line(remarks=talk)])
    assert [page.kind for page in sheet.pages] == ["script", "margin", "log"]
    assert sheet.pages[1].labels[0].text == "Margin of page 1, continued"
    told = [" ".join(note.lines) for page in sheet.pages for note in page.notes]
    assert [one for one in told if "Remark" in one] == [f"“{one.text}”" for one in talk]
    for page in sheet.pages:
        for a, b in combinations(page.notes, 2):
            assert not overlapping((a.x, a.top, a.x + 200, a.top + a.height), (b.x, b.top, b.x + 200, b.top + b.height))
