"""The deck's preview shows what the PDF holds: the same lines at the same places in the same sizes, the same pictures, the same rules; the warnings on their pages."""

from __future__ import annotations

import base64
import io
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image as Raster

from answerprint import presenting
from answerprint.media import origin
from answerprint.media.labelling import label
from answerprint.presenting import Deck, Part, Passage, Picture, Table
from answerprint.presenting.preview import Preview, _outlines, preview

HOSTILE = '<script>alert(1)</script> & "Zoë" \' ]]> </svg> 10 % — fi ﬁ'
LONG = "She has the key in her hand before the bus has stopped, and nobody on it knows that this is her last night. " * 6
Line = tuple[str, float, float, float]  #: words, x, y of its baseline from the top, size


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Preview:
    folder = tmp_path_factory.mktemp("preview")
    for name, size in (("wide.jpg", (1600, 900)), ("tall.png", (90, 160))):
        out = io.BytesIO()
        Raster.new("RGB", size, (120, 60, 20)).save(out, "PNG" if name.endswith("png") else "JPEG")
        (folder / name).write_bytes(label(out.getvalue(), origin.TRAINED) or b"" if name == "wide.jpg" else out.getvalue())
    pictures = (Picture(path=folder / "wide.jpg", says=HOSTILE, origin="by stills", generated=True, by="Mara Lind"), Picture(path=folder / "tall.png", says="2. A door"))
    return preview(Deck(
        title=HOSTILE, client="Nordbrew", by="Mara Lind", dated="3 March 2027", cover=pictures[0],
        parts=(
            Part(kind="story", title="Story", passages=(*(Passage(text=LONG, by="Mara Lind") for _ in range(2)), Passage(text=f"Here the machine writes. {LONG}{LONG}{LONG}", unedited=True))),
            Part(kind="frames", title="Frames", pictures=pictures),
            Part(kind="budget", title="Budget", table=Table(head=("", "EUR"), rows=(("Camera", "1,200"), ("Light", "300")), figures=(1,))),
        ),
    ))  # fmt: skip


# ---- what a PDF says, read from its own bytes


def objects(pdf: bytes) -> dict[int, bytes]:
    return {int(one[1]): one[2] for one in re.finditer(rb"(\d+) 0 obj\n(.*?)endobj", pdf, re.DOTALL)}


def stream(body: bytes) -> bytes:
    raw = body[body.index(b"stream\n") + 7 : body.rindex(b"endstream")].strip()
    if b"ASCII85Decode" in body:
        raw = base64.a85decode(raw.removesuffix(b"~>"))
    return zlib.decompress(raw) if b"FlateDecode" in body else raw


def letters(held: dict[int, bytes]) -> dict[str, dict[int, str]]:
    """Font name of the pages -> code -> letter."""
    out: dict[str, dict[int, str]] = {}
    named = re.search(rb"/Font (\d+) 0 R", b"".join(held.values()))
    assert named
    for name, number in re.findall(rb"/(F\d+\+\d+) (\d+) 0 R", held[int(named[1])]):
        map_of = re.search(rb"/ToUnicode (\d+) 0 R", held[int(number)])
        assert map_of
        pairs = re.findall(rb"^<(\w\w)> <(\w{4,8})>$", stream(held[int(map_of[1])]), re.MULTILINE)
        out[name.decode()] = {int(code, 16): bytes.fromhex(letter.decode()).decode("utf-16-be") for code, letter in pairs}
    return out


def said(raw: bytes) -> bytes:
    """A string of a content stream."""
    return re.sub(rb"\\([0-7]{3}|.)", lambda one: bytes([int(one[1], 8)]) if len(one[1]) == 3 else {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(one[1], one[1]), raw, flags=re.DOTALL)


def pages(pdf: bytes) -> list[tuple[list[Line], list[tuple[float, ...]]]]:
    """Of each page its lines and the boxes of its pictures, from the top."""
    held = objects(pdf)
    fonts, out = letters(held), []
    for body in held.values():
        if b"/Type /Page\n" not in body:
            continue
        number = re.search(rb"/Contents (\d+) 0 R", body)
        assert number
        text = stream(held[int(number[1])])
        lines: list[Line] = []
        for block in re.finditer(rb"BT 1 0 0 1 ([-\d.]+) ([-\d.]+) Tm (.*?) ET", text, re.DOTALL):
            words, name, size = "", "", 0.0
            for font, points, string in re.findall(rb"(?:/(F\d+\+\d+) ([\d.]+) Tf [-\d.]+ TL\s*)?\(((?:\\.|[^\\)])*)\) Tj", block[3], re.DOTALL):
                name, size = (font.decode(), float(points)) if font else (name, size)
                words += "".join(fonts[name][code] for code in said(string))
            lines.append((words, float(block[1]), 540 - float(block[2]), size))
        boxes = [(float(x), 540 - float(y) - float(h), float(w), float(h)) for w, h, x, y in re.findall(rb"([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm\s+/", text)]
        out.append((lines, boxes))
    return out


def drawn(svg: str) -> tuple[list[Line], list[tuple[float, ...]], Any]:
    """The same of a page of the preview: a line's words by the outlines that it uses, and not by what it is called."""
    tree = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    lines = []
    for group in tree.iter(f"{space}g"):
        place = re.fullmatch(r"translate\(([-\d.]+) ([-\d.]+)\) scale\(([\d.]+) -([\d.]+)\)", group.get("transform", ""))
        assert place
        used = "".join(chr(int(one.get("href", "").rpartition("-")[2], 16)) for one in group)
        lines.append((used, float(place[1]), float(place[2]), float(place[3]) * 1000))
    boxes = [tuple(float(one.get(key, "")) for key in ("x", "y", "width", "height")) for one in tree.iter(f"{space}image")]
    return lines, boxes, tree


def test_every_line_and_picture_stands_in_the_preview_where_it_stands_in_the_pdf(shown: Preview) -> None:
    pdf = pages(presenting.rendered(shown.deck, [".pdf"])[0][".pdf"])
    assert len(pdf) == len(shown.pages)
    for number, (lines, boxes) in enumerate(pdf, 1):
        seen, pictures, _ = drawn(shown.svg(number))
        assert [one[0] for one in seen] == ["".join(one[0].split()) for one in lines]
        assert [one[1:] for one in seen] == [pytest.approx(one[1:], abs=0.01) for one in lines]
        assert pictures == [pytest.approx(one, abs=0.01) for one in boxes]


def test_two_decks_of_one_process_have_each_their_own_letters() -> None:
    for title in ("First", "Öffnung: 7 & 8"):
        deck = Deck(title=title, parts=(Part(kind="idea", title="Idea", passages=(Passage(text=title, by="Mara Lind"),)),))
        lines, _ = pages(presenting.rendered(deck, [".pdf"])[0][".pdf"])[0]
        assert [one[0] for one in lines] == title.split("\n")
        assert [one[0] for one in drawn(preview(deck).svg(1))[0]] == ["".join(title.split())]


def test_a_line_runs_as_wide_in_the_preview_as_it_was_measured(shown: Preview) -> None:
    page = next(number for number, one in enumerate(shown.pages, 1) if one.name == "Story")
    for group in drawn(shown.svg(page))[2].iter("{http://www.w3.org/2000/svg}g"):
        words, size = group.get("aria-label"), float(re.search(r"scale\(([\d.]+)", group.get("transform"))[1]) * 1000  # type: ignore[index]
        face = next(one for one in ("sans", "strong", "serif", "italic") if f"deck-{one}-" in group[-1].get("href"))
        last = float(group[-1].get("x")) / 1000 * size + shown.faces.width(face, words[-1], size)
        assert last == pytest.approx(shown.faces.width(face, words, size), abs=0.02)


def test_words_that_are_written_as_tags_are_letters_and_nothing_in_a_page_runs(shown: Preview) -> None:
    for number in range(1, len(shown.pages) + 1):
        _, _, tree = drawn(shown.svg(number))
        assert {one.tag.rpartition("}")[2] for one in tree.iter()} <= {"svg", "title", "defs", "path", "rect", "line", "g", "use", "image"}
        assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on") or name == "style"]
        assert all(one.get("href", "#").startswith(("#", "data:image/")) for one in tree.iter())
    assert "".join("".join(shown.words(1)).split()).startswith("".join(f"Nordbrew{HOSTILE}".split()))


def test_a_large_picture_is_shown_smaller_and_keeps_its_label(shown: Preview, tmp_path: Path) -> None:
    _, _, tree = drawn(shown.svg(1))
    kind, data = next(one.get("href") for one in tree.iter("{http://www.w3.org/2000/svg}image")).split(",", 1)
    (tmp_path / "small.jpg").write_bytes(base64.b64decode(data))
    assert kind == "data:image/jpeg;base64"
    assert Raster.open(tmp_path / "small.jpg").size == (1280, 720)
    assert origin.generated(tmp_path / "small.jpg") == origin.TRAINED


def test_an_unedited_passage_is_warned_of_on_each_page_that_has_words_of_it(shown: Preview) -> None:
    story = [one for one in shown.pages if one.name == "Story"]
    machine = [any(getattr(thing, "dotted", False) for thing in page.things) for page in story]
    assert [any("Here the machine writes" in note for note in page.notes) for page in story] == machine
    assert machine.count(True) > 1
    assert False in machine


def test_there_is_no_page_nought(shown: Preview) -> None:
    for number in (0, -1, len(shown.pages) + 1):
        with pytest.raises(IndexError):
            shown.svg(number)


def test_pages_that_a_browser_asks_for_at_once_are_what_they_are_one_by_one(shown: Preview) -> None:
    numbers = list(range(1, len(shown.pages) + 1))
    for _ in range(3):
        _outlines.cache_clear()
        with ThreadPoolExecutor(8) as many:
            together = list(many.map(shown.svg, numbers * 4))
        assert together == [shown.svg(n) for n in numbers] * 4
