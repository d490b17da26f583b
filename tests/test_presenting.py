"""The deck: whole pictures with where they come from, words that never run over, whose each passage is, and somebody's own template."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from fontTools.ttLib import TTFont
from PIL import Image as Raster
from pptx import Presentation
from pptx.enum.text import MSO_AUTO_SIZE

import answerprint
from answerprint import briefing, cli, drafting, passages, presenting
from answerprint.desk import Desk
from answerprint.media.labelling import label, packet
from answerprint.media.origin import TRAINED, generated
from answerprint.presenting import Deck, DeckError, Part, Passage, Picture, Table, gathering
from answerprint.presenting.embedding import eot
from answerprint.presenting.faces import faces
from answerprint.presenting.page import FOOT, HEIGHT, WIDTH, Image, Page, Rule, Text
from answerprint.presenting.pictures import prepared
from answerprint.spot import Spot

LONG = "She has the key in her hand before the bus has stopped, and nobody on it knows that this is her last night. " * 5
BRIEF = "# The Last Bus\nClient: Nordbrew\nProduct: coffee\n## Tone\nQuiet, dry.\n## Dates\nShoot: 12 March 2027\nDelivery: 2 April 2027\n"


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("stills")

    def made(name: str) -> Path:
        size = {"wide": (320, 180), "tall": (180, 320), "square": (200, 200), "generated": (320, 136)}[name]
        path = folder / f"{name}.jpg"
        if not path.exists():
            out = io.BytesIO()
            Raster.new("RGB", size, (120, 60, 20)).save(out, "JPEG")
            path.write_bytes(label(out.getvalue(), TRAINED) or b"" if name == "generated" else out.getvalue())
        return path

    return made


@pytest.fixture(scope="module")
def deck(stills: Callable[[str], Path]) -> Deck:
    pictures = tuple(Picture(path=stills(name), says=f"{n}. Mara at the wheel", origin="library: Pexels licence" if n == 2 else "own still", by="Mara Lind") for n, name in enumerate(("wide", "tall", "square", "wide", "tall"), 1))
    made = Picture(path=stills("generated"), says="The bridge at dusk", origin="by stills (small)", generated=True, by="Mara Lind")
    return Deck(
        title="The Last Bus and a title that has to break twice before it has said what it is", client="Nordbrew", by="Mara Lind", dated="3 March 2027",
        parts=(
            Part(kind="idea", title="Idea", passages=(Passage(text="She drives the line again.", by="Mara Lind"),)),
            Part(kind="story", title="Story", passages=tuple(Passage(text=LONG, by="Mara Lind" if n != 2 else "", unedited=n == 2) for n in range(4))),
            Part(kind="frames", title="Frames", pictures=(*pictures, made)),
            Part(kind="cast", title="Cast", passages=(Passage(text="Nobody smiles.", by="The brief"),), table=Table(rows=(("Mara", "2 lines"), ("Jon", "a cell that says very much " * 9)))),
            Part(kind="budget", title="Budget", table=Table(head=("", "", "EUR"), rows=tuple((f"{n}", f"Section {n}", f"{n * 1000:,}") for n in range(30)), figures=(2,), foot="By budget.csv.")),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def laid(deck: Deck) -> tuple[Page, ...]:
    return presenting.pages(deck)


@pytest.fixture(scope="module")
def both(deck: Deck) -> dict[str, bytes]:
    return presenting.rendered(deck, [".pptx", ".pdf"])[0]


def overlap(one: Any, other: Any) -> bool:
    return bool(one.x + 0.1 < other.x + other.width and other.x + 0.1 < one.x + one.width and one.y + 0.1 < other.y + other.height and other.y + 0.1 < one.y + one.height)


def test_nothing_overlaps_and_nothing_leaves_the_page(laid: tuple[Page, ...]) -> None:
    for page in laid:
        boxes = [one for one in page.things if not isinstance(one, Rule)]
        for n, one in enumerate(boxes):
            assert 0 <= one.x <= one.x + one.width <= WIDTH, page.name
            assert 0 <= one.y <= one.y + one.height <= HEIGHT, page.name
            if not isinstance(one, Text) or one.role != "foot":
                assert one.y + one.height <= FOOT, (page.name, one)
            assert not any(overlap(one, other) for other in boxes[n + 1 :]), (page.name, one)


@pytest.mark.parametrize("head", [(), ("", "What")])
def test_a_row_that_is_longer_than_a_page_goes_on_and_no_word_of_it_is_lost(head: tuple[str, ...]) -> None:
    said = [f"word{n}" for n in range(500)]
    made = presenting.pages(Deck(title="Salt", parts=(Part(kind="schedule", title="Schedule", table=Table(head=head, rows=(("Shoot", " ".join(said)), ("Cut", "later")), foot="By the brief.")),)))
    test_nothing_overlaps_and_nothing_leaves_the_page(made)
    assert [word for page in made for one in page.things if isinstance(one, Text) for word in one.words.split() if word.startswith("word")] == said


@pytest.mark.parametrize(("says", "row"), [
    ("Shoot: 3 March 2027, call 10:30", ("Shoot", "3 March 2027, call 10:30")), ("5 March 2027, 18:00 at the client's", ("5 March 2027, 18:00 at the client's", "")), ("09:30 rehearsal: Anna", ("09:30 rehearsal", "Anna")),
])  # fmt: skip
def test_a_time_of_day_is_not_parted_in_a_schedule(says: str, row: tuple[str, str]) -> None:
    table = gathering._schedule(briefing.read(f"## Dates\n- {says}\n".encode()))
    assert table is not None
    assert table.rows == (row,)


def test_a_name_in_capitals_is_written_as_people_write_it() -> None:
    assert [gathering.as_written(one) for one in ("MARA'S MUM", "O'NEIL", "DR. O’NEIL’S", "JEAN-LUC")] == ["Mara's Mum", "O'Neil", "Dr. O’Neil’s", "Jean-Luc"]


def test_words_that_are_too_long_go_on_to_another_page_and_none_is_lost(deck: Deck, laid: tuple[Page, ...]) -> None:
    story = [page for page in laid if page.name == "Story"]
    shown = " ".join(one.words for page in story for one in page.things if isinstance(one, Text) and one.role == "body" and one.words not in ("Mara Lind",))
    assert len(story) > 1
    assert shown.split() == " ".join(one.text for one in deck.parts[1].passages).split()
    budget = [one.words for page in laid if page.name == "Budget" for one in page.things if isinstance(one, Text)]
    assert [word for word in budget if word.startswith("Section")] == [f"Section {n}" for n in range(30)]


def test_a_picture_keeps_its_proportions_and_says_where_it_comes_from(laid: tuple[Page, ...]) -> None:
    pictures = [(page, one) for page in laid for one in page.things if isinstance(one, Image)]
    assert len(pictures) == 6
    for page, one in pictures:
        assert one.width / one.height == pytest.approx(one.prepared.width / one.prepared.height)
        assert one.picture.credit in [text.words for text in page.things if isinstance(text, Text)]
    assert "Generated by a trained model, by stills (small), chosen by Mara Lind" in [one.picture.credit for _, one in pictures]


def test_what_people_wrote_is_in_the_serif_over_their_name_and_the_machines_words_are_beside_a_dotted_rule(laid: tuple[Page, ...]) -> None:
    body = [one for page in laid if page.name == "Story" for one in page.things if isinstance(one, Text) and one.role == "body"]
    assert {one.face for one in body} == {"serif", "sans", "italic"}
    assert [one.words for one in body if one.face == "italic"] == ["Mara Lind"] * 2
    machine = [(page, one) for page in laid for one in page.things if isinstance(one, Text) and one.role == "body" and one.face == "sans" and page.name == "Story"]
    assert machine
    assert all(any(isinstance(rule, Rule) and rule.dotted and abs(rule.y - one.y) < 4 for rule in page.things) for page, one in machine)


def test_the_slides_hold_the_same_words_with_titles_and_a_warning_in_the_notes(deck: Deck, laid: tuple[Page, ...], both: dict[str, bytes]) -> None:
    show = Presentation(io.BytesIO(both[".pptx"]))
    assert len(show.slides) == len(laid)
    for slide, page in zip(show.slides, laid, strict=True):
        assert sorted(one.text_frame.text for one in slide.shapes if one.has_text_frame) == sorted(one.words for one in page.things if isinstance(one, Text))
        assert slide.shapes.title.text_frame.text
        for one in slide.shapes:
            if one.shape_type is not None and hasattr(one, "image"):
                assert (one.crop_left, one.crop_right, one.crop_top, one.crop_bottom) == (0, 0, 0, 0)
                assert one._element.nvPicPr.cNvPr.get("descr")
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in show.slides if slide.has_notes_slide)
    assert "Nobody has edited this passage; the machine wrote it" in notes
    assert "generated.jpg: generated by a trained model" in notes


def test_a_pdf_has_its_faces_inside_and_the_same_deck_gives_the_same_bytes(deck: Deck, both: dict[str, bytes]) -> None:
    assert presenting.rendered(deck, [".pdf"])[0][".pdf"] == both[".pdf"]
    assert both[".pdf"].count(b"/FontFile2") == 4
    assert b"/Helvetica" not in both[".pdf"]


def test_the_slides_carry_their_faces_under_the_names_they_ask_for_with_all_letters_to_type_in(deck: Deck, both: dict[str, bytes]) -> None:
    with ZipFile(io.BytesIO(both[".pptx"])) as packed:
        parts = {name: packed.read(name) for name in packed.namelist() if name.endswith(".fntdata")}
    root = Presentation(io.BytesIO(both[".pptx"])).part._element
    order = [child.tag.rpartition("}")[2] for child in root]
    assert order.index("notesSz") + 1 == order.index("embeddedFontLst") == order.index("defaultTextStyle") - 1
    assert [one.get("typeface") for one in root.iter("{*}font")] == ["Source Sans 3", "Source Serif 4"]
    assert [child.tag.rpartition("}")[2] for one in root.iter("{*}embeddedFont") for child in one] == ["font", "regular", "bold", "font", "regular", "italic"]
    cut = faces(presenting.texts(deck))
    read = {names[3]: font for raw in parts.values() for names, font in [unpacked(raw)]}
    assert set(read) == {"Source Sans 3", "Source Sans 3 Bold", "Source Serif 4", "Source Serif 4 Italic"}
    for name, face in (("Source Sans 3", "sans"), ("Source Sans 3 Bold", "strong"), ("Source Serif 4", "serif"), ("Source Serif 4 Italic", "italic")):
        known, size = read[name].getBestCmap(), read[name]["head"].unitsPerEm
        assert {*range(0x20, 0x7F), *map(ord, "ÄÖÜßéñŁőžİąΩЖ–—“”„…€")} <= set(known)
        for letter in "HamburgEFonts, 0":  # as wide as the line was measured with
            assert read[name]["hmtx"][known[ord(letter)]][0] / size * 20 == pytest.approx(cut.width(face, letter, 20), abs=0.02)
    assert sum(map(len, parts.values())) < 400_000


def unpacked(raw: bytes) -> tuple[list[str], TTFont]:
    """An Embedded OpenType file read by the W3C's submission of 2008, 4.1: family, style, version, whole name, address; the font."""
    whole, length, version, flags = struct.unpack_from("<4I", raw)
    weight, fs_type, magic = struct.unpack_from("<IHH", raw, 28)
    checksum, *reserved = struct.unpack_from("<5I", raw, 60)
    assert (whole, version, flags, magic, reserved) == (len(raw), 0x00020001, 0, 0x504C, [0] * 4)
    at, names = 80, []
    for _ in range(5):
        padding, size = struct.unpack_from("<HH", raw, at)
        assert padding == 0
        names.append(raw[at + 4 : at + 4 + size].decode("utf-16-le"))
        at += 4 + size
    assert at == whole - length
    font = TTFont(io.BytesIO(raw[at:]))
    assert names[:2] == [font["name"].getDebugName(1), font["name"].getDebugName(2)]
    assert (font["OS/2"].usWeightClass, font["OS/2"].fsType, font["head"].checkSumAdjustment) == (weight, fs_type, checksum)
    return names, font


def test_a_face_whose_maker_forbids_it_is_not_put_into_a_file(deck: Deck) -> None:
    font = TTFont(io.BytesIO(faces(presenting.texts(deck)).embedded("sans")))
    font["OS/2"].fsType = 2
    out = io.BytesIO()
    font.save(out)
    with pytest.raises(DeckError, match="its maker does not let it"):
        eot(out.getvalue())


def test_letters_that_no_face_has_are_named_with_their_page() -> None:
    deck = Deck(title="The Last Bus", parts=(Part(kind="idea", title="Idea", passages=(Passage(text="She drives.", by="Mara Lind"),)), Part(kind="tone", title="Tone", passages=(Passage(text="ស្ត", by="Mara Lind"),))))
    says = presenting.rendered(deck, [".pdf"])[2]
    assert len(says) == 1
    assert "ត ស ្ (page 3)" in says[0]


def test_a_label_survives_a_picture_that_is_made_smaller(tmp_path: Path) -> None:
    out = io.BytesIO()
    Raster.new("RGB", (3000, 40), (9, 9, 9)).save(out, "PNG")
    raw = label(out.getvalue(), TRAINED)
    assert raw is not None
    path = tmp_path / "wide.png"
    path.write_bytes(raw)
    small = prepared(path)
    assert (small.width, small.height) == (2560, 34)
    (tmp_path / "small.jpg").write_bytes(small.data)
    assert generated(path) == generated(tmp_path / "small.jpg") == TRAINED
    assert label(b"RIFF....WEBP", TRAINED) is None
    assert b"trainedAlgorithmicMedia" in packet(TRAINED)


# ---- templates


def template(*, keep: tuple[str, ...]) -> bytes:
    show = Presentation()
    for layout in list(show.slide_layouts):
        if layout.name not in keep:
            show.slide_layouts.remove(layout)
    if (title := show.slides.add_slide(show.slide_layouts[0]).shapes.title) is not None:
        title.text = "An example of theirs"
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


@pytest.mark.parametrize("keep", [("Title Slide", "Title and Content", "Picture with Caption", "Title Only"), ("Title Only",)])
def test_a_template_takes_the_deck_into_its_own_places(deck: Deck, keep: tuple[str, ...]) -> None:
    data, count, says = presenting.rendered(deck, [".pptx"], template=template(keep=keep), called="mine.pptx")
    show = Presentation(io.BytesIO(data[".pptx"]))
    words = "\n".join(one.text_frame.text for slide in show.slides for one in slide.shapes if one.has_text_frame)
    assert len(show.slides) == count
    assert "An example of theirs" not in words
    assert " ".join(words.split()).count("nobody on it knows") == 4 * 5
    assert words.count("Generated by a trained model") == 1
    pictures = [(slide, one) for slide in show.slides for one in slide.shapes if hasattr(one, "image")]
    assert len(pictures) == 6
    for slide, one in pictures:
        assert one.width / one.height == pytest.approx(one.image.size[0] / one.image.size[1], rel=0.01)
        assert (one.crop_left, one.crop_top) == (0, 0)
        assert not any(one.left < other.left + other.width and other.left < one.left + one.width and one.top < other.top + other.height and other.top < one.top + one.height
                       for other in slide.shapes if other.shape_id != one.shape_id and other.has_text_frame)  # fmt: skip
    for slide in show.slides:
        assert all(one.left >= 0 and one.top >= 0 and one.left + one.width <= show.slide_width and one.top + one.height <= show.slide_height for one in slide.shapes)
        assert not [one for one in slide.placeholders if one.has_text_frame and not one.text_frame.text]
    if len(keep) == 1:
        assert any("no layout with a place for a picture" in one for one in says)
        assert any("Nordbrew, Mara Lind, 3 March 2027 is not on the first slide" in one for one in says)
    else:
        assert says == ()


@pytest.mark.parametrize("raw", [b"no zip", template(keep=("Blank",))])
def test_a_template_that_cannot_be_used_says_why(deck: Deck, raw: bytes) -> None:
    with pytest.raises(DeckError, match=r"no PowerPoint file|place for a title"):
        presenting.rendered(deck, [".pptx"], template=raw, called="mine.pptx")


def with_part(name: str, data: bytes, *, of: bytes | None = None) -> bytes:
    """A template with one file more inside, or another in its place."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(of or template(keep=("Title Slide", "Title and Content")))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, data if one == name else old.read(one))
        if name not in old.namelist():
            new.writestr(name, data)
    return out.getvalue()


def kinds_of(raw: bytes) -> bytes:
    with ZipFile(io.BytesIO(raw)) as packed:
        return packed.read("[Content_Types].xml")


def macros() -> bytes:
    of = template(keep=("Title Slide",))
    return with_part("[Content_Types].xml", of=of, data=kinds_of(of).replace(b"vnd.openxmlformats-officedocument.presentationml.presentation.main", b"vnd.ms-powerpoint.presentation.macroEnabled.main"))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (with_part("ppt/media/film.bin", bytes(257 << 20)), "Take its example slides and films out"),
        (with_part("ppt/slideMasters/more.xml", b"<a>" + bytes(33 << 20)), "MB are text"),
        (with_part("ppt/vbaProject.bin", b"macros"), "is made for macros"),
        (macros(), "is made for macros"),
        (with_part("[Content_Types].xml", kinds_of(template(keep=("Title Slide",)))), "no PowerPoint file that can be read"),
        (with_part("ppt/presentation.xml", b"<p:presentation"), "no PowerPoint file that can be read"),
        (with_part("ppt/presentation.xml", b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'), "no PowerPoint file that can be read"),
        (with_part("x", b"")[:-40], "no PowerPoint file that can be read"),
    ],
    ids=["bomb", "bomb of words", "macros", "macro-enabled", "a layout of no kind", "cut XML", "another root", "cut zip"],
)
def test_a_template_that_would_do_harm_is_refused_in_a_sentence(deck: Deck, raw: bytes, why: str) -> None:
    with pytest.raises(DeckError, match=why):
        presenting.rendered(deck, [".pptx"], template=raw, called="mine.pptx")


def test_what_a_template_takes_from_elsewhere_is_told(deck: Deck) -> None:
    show = Presentation()
    show.slide_master.part.relate_to("http://example.com/seen.png", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image", is_external=True)
    out = io.BytesIO()
    show.save(out)
    says = presenting.rendered(deck, [".pptx"], template=out.getvalue(), called="mine.pptx")[2]
    assert [one for one in says if "http://example.com/seen.png" in one and "outside the file" in one]


# ---- from a production


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    made = answerprint.new(tmp_path / "spot", rate="25", title="The Last Bus")
    (tmp_path / "b.md").write_text(BRIEF, encoding="utf-8")
    briefing.take_in(made, tmp_path / "b.md")
    (made.path / "script.fountain").write_text("INT. BUS - NIGHT\n\nMara drives.\n\nMARA\nLast stop.\n", encoding="utf-8")
    (made.path / "budget.csv").write_text("All amounts in EUR,,\nline,description,estimate,actual\nA,Pre-production and wrap labour,,\n1,Line producer,2600,9999\n", encoding="utf-8")
    return made


def test_a_deck_is_gathered_from_brief_script_and_budget_and_says_what_is_silent(spot: Spot) -> None:
    deck = presenting.deck_of(Desk(spot), by="Mara Lind")
    parts = {one.kind: one for one in deck.parts}
    assert list(parts) == [one for one in presenting.KINDS if one in parts]
    assert parts["tone"].passages == (Passage(text="Quiet, dry.", by="Nordbrew"),)
    assert parts["schedule"].table is not None
    assert parts["schedule"].table.rows == (("Shoot", "12 March 2027"), ("Delivery", "2 April 2027"))
    assert parts["cast"].table is not None
    assert parts["cast"].table.rows[0][0] == "Mara"
    budget = parts["budget"].table
    assert budget is not None
    assert budget.rows[-1] == ("", "Total", "2,600 EUR")
    assert "9,999" not in str(budget)
    assert any("No reference is chosen" in one for one in deck.says)
    (silent,) = [one for one in deck.says if "nor the brief speaks of" in one]
    assert all(presenting.gathering.TITLES[kind].lower() in silent for kind in presenting.KINDS if kind not in parts and kind not in ("frames", "schedule", "budget"))


def test_a_passage_that_nobody_edited_is_named_before_the_deck_is_sent(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    drafting.draft_treatment(spot)
    draft = spot.path / "drafts" / "treatment.md"
    draft.write_text(draft.read_text(encoding="utf-8") + "\n## Light\n\nOne warm window, and Mara knows it.\n", encoding="utf-8")
    assert cli.main(["deck", str(spot.path), "--to", "deck.pdf", "--by", "Mara Lind", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert any("questions; no page shows them" in one for one in told["says"])
    deck = presenting.deck_of(Desk(spot), by="Mara Lind")
    light = next(one for one in deck.parts if one.kind == "light")
    assert [(one.text, one.by) for one in light.passages if one.by == "Mara Lind"] == [("One warm window, and Mara knows it.", "Mara Lind")]
    assert (spot.path / "out" / "deck.pdf").read_bytes().startswith(b"%PDF")
    machine = passages.index(spot).pieces
    said = next(one.text for one in machine if one.whose == "answerprint" and one.text.endswith("."))
    draft.write_text(draft.read_text(encoding="utf-8") + f"\n## Edit\n\n{said}\n", encoding="utf-8")
    assert cli.main(["deck", str(spot.path), "--to", "deck.pdf", "--by", "Mara Lind"]) == 1
    assert "is as the machine wrote it" in capsys.readouterr().out


def test_a_cover_may_be_called_by_the_name_of_a_reference_frame(spot: Spot, stills: Callable[[str], Path]) -> None:
    (spot.path / "assets" / "references").mkdir(parents=True)
    (spot.path / "assets" / "references" / "kitchen.jpg").write_bytes(stills("wide").read_bytes())
    (spot.path / "brief.md").write_text(BRIEF, encoding="utf-8")
    assert cli.main(["deck", str(spot.path), "--to", "deck.pdf", "--cover", "kitchen.jpg"]) == 0
    assert cli.main(["deck", str(spot.path), "--to", "deck.pdf", "--cover", "bedroom.jpg"]) == 2


def test_a_deck_of_nothing_and_a_file_of_another_kind_are_refused(tmp_path: Path) -> None:
    empty = Desk(answerprint.new(tmp_path / "spot", rate="25"))
    with pytest.raises(DeckError, match="nothing to show yet"):
        presenting.make(empty, [tmp_path / "deck.pdf"])
    with pytest.raises(DeckError, match=r"\.pptx or \.pdf"):
        presenting.make(empty, [tmp_path / "deck.key"])
    with pytest.raises(DeckError, match=r"no .pptx is asked for"):
        presenting.make(empty, [tmp_path / "deck.pdf"], template=tmp_path / "mine.pptx")


def test_a_program_that_shows_another_face_lets_no_words_run_over_what_stands_beneath(both: dict[str, bytes]) -> None:
    """It sets them smaller, and looks for a face of the same kind."""
    frames = [shape.text_frame for slide in Presentation(io.BytesIO(both[".pptx"])).slides for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text]
    assert frames
    assert all(frame.auto_size == MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE for frame in frames)
    faces_of = {(latin.get("typeface"), latin.get("pitchFamily")) for frame in frames for latin in frame._txBody.iter("{*}latin")}
    assert faces_of == {("Source Sans 3", "34"), ("Source Serif 4", "18")}


def test_reportlab_forgets_the_faces_of_decks_that_are_long_gone() -> None:
    from reportlab.pdfbase import pdfmetrics

    from answerprint.presenting import faces as of

    class Font:
        _dynamicFont, _multiByte = True, False

        def __init__(self, number: int) -> None:
            self.fontName = self.face = f"gone-{number}"  # type: ignore[assignment]
            self.face = type("Face", (), {"name": self.fontName})()

    faces(["Second Pour"]).name("sans")  # a face that reportlab knows by bytes, as it knows all real ones
    for number in range(3 * of._REGISTERED):
        of._register(Font(number))
    held = [name for name in (*pdfmetrics._fonts, *pdfmetrics._dynFaceNames) if "gone-" in str(name)]
    assert len(held) == 2 * of._REGISTERED
    drawn = faces(["First Pour"])
    assert pdfmetrics.stringWidth("First", drawn.name("sans"), 12) > 0
