"""Reference frames: brought, asked for in exact words, chosen by a named person, labelled, and never in a film."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from answerprint import briefing, calling, cli, config, presenting, referencing, slots
from answerprint.book import Book
from answerprint.calling import CallError
from answerprint.desk import Desk, DeskError
from answerprint.ledger.store import Record
from answerprint.media import origin
from answerprint.media.labelling import label
from answerprint.model.charter import Judgment
from answerprint.providers import wire
from answerprint.referencing import AXES, FrameError, axes_of, grid
from answerprint.referencing.axes import AxisError
from answerprint.spot import Spot
from tests.crewed import MARA, crewed, cut
from tests.providers.serving import KEY, Local, local

SCRIPT = """Title: Salt

INT. KITCHEN - DAWN

A hand lifts the lid of a grey pan. [[HERO: the pan]]

Rain on a window, before sunrise. [[STOCK: rain on a window]]

MARA
Nothing tastes like a morning by the sea.

JON
Then stay.
"""


def jpeg(shade: int, *, made: bool = False) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 36), (shade, shade, shade)).save(out, "JPEG")
    return (label(out.getvalue(), origin.TRAINED) or b"") if made else out.getvalue()


@pytest.fixture
def spot(tmp_path: Path) -> Iterator[tuple[Spot, Record]]:
    with crewed(tmp_path) as (made, record):
        (made.path / "script.fountain").write_text(SCRIPT, encoding="utf-8")
        (tmp_path / "pan.jpg").write_bytes(jpeg(90))
        (tmp_path / "made.jpg").write_bytes(jpeg(40, made=True))
        yield made, record


# ---- bringing and choosing


def test_a_still_is_brought_byte_for_byte_and_says_where_it_comes_from(spot: tuple[Spot, Record], tmp_path: Path) -> None:
    own = referencing.take_in(Desk(spot[0]), tmp_path / "pan.jpg", item=1)
    made = referencing.take_in(Desk(spot[0]), tmp_path / "made.jpg")
    assert (spot[0].path / own.file).read_bytes() == (tmp_path / "pan.jpg").read_bytes()
    assert (own.origin, own.generated) == ("own still", False)
    assert (made.origin, made.generated) == ("generated", True)
    assert [one.file for one in referencing.frames(Desk(spot[0]), 2)] == [made.file]  # the other was brought for item 1
    (tmp_path / "words.jpg").write_bytes(b"no picture")
    with pytest.raises(FrameError, match="no picture that can be read"):
        referencing.take_in(Desk(spot[0]), tmp_path / "words.jpg")
    with pytest.raises(FrameError, match="Of a clip, take a frame out"):
        referencing.take_in(Desk(spot[0]), tmp_path / "clip.mp4")
    with pytest.raises(DeskError, match="no item '99'"):
        referencing.take_in(Desk(spot[0]), tmp_path / "pan.jpg", item=99)


def test_only_a_named_person_of_the_crew_chooses(spot: tuple[Spot, Record], tmp_path: Path) -> None:
    frame = referencing.take_in(Desk(spot[0]), tmp_path / "pan.jpg", item=1)
    assert referencing.chosen(Desk(spot[0])) == ()
    with pytest.raises(FrameError, match="who says so"):
        referencing.choose(Desk(spot[0]), frame.file, by="")
    with pytest.raises(Exception, match="Nobody"):
        referencing.choose(Desk(spot[0]), frame.file, by="Nobody Here")
    with pytest.raises(FrameError, match=r"Did you mean pan\.jpg"):
        referencing.choose(Desk(spot[0]), "pam.jpg", by="Mara Lind")
    one = referencing.choose(Desk(spot[0]), "pan.jpg", by="Mara Lind", item=1, because="the handle")
    assert referencing.chosen(Desk(spot[0])) == (one,)
    assert (one.by, one.item, one.because) == ("Mara Lind", 1, "the handle")
    referencing.withdraw(Desk(spot[0]), "pan.jpg", by="Mara Lind", item=1)
    assert referencing.chosen(Desk(spot[0])) == ()


def test_a_frame_is_called_by_its_name_however_a_disk_writes_its_accents(spot: tuple[Spot, Record]) -> None:
    made, _ = spot
    (made.path / referencing.FOLDER).mkdir(parents=True)
    (made.path / referencing.FOLDER / unicodedata.normalize("NFD", "Café.jpg")).write_bytes(jpeg(80))
    typed = unicodedata.normalize("NFC", "Café.jpg")
    assert referencing.choose(Desk(made), typed, by="Mara Lind").by == "Mara Lind"
    referencing.withdraw(Desk(made), typed, by="Mara Lind")
    assert referencing.chosen(Desk(made)) == ()


def test_a_file_that_was_exchanged_is_no_reference_of_anybodys(spot: tuple[Spot, Record], tmp_path: Path) -> None:
    frame = referencing.take_in(Desk(spot[0]), tmp_path / "pan.jpg")
    referencing.choose(Desk(spot[0]), frame.file, by="Mara Lind")
    (spot[0].path / frame.file).write_bytes(jpeg(200))
    assert referencing.chosen(Desk(spot[0])) == ()


def test_a_chosen_frame_is_in_the_deck_with_its_label_in_words(spot: tuple[Spot, Record], tmp_path: Path) -> None:
    for name, item in (("made.jpg", 2), ("pan.jpg", 1)):
        referencing.take_in(Desk(spot[0]), tmp_path / name, item=item)
        referencing.choose(Desk(spot[0]), name, by="Mara Lind", item=item)
    pictures = next(one.pictures for one in presenting.deck_of(Desk(spot[0])).parts if one.kind == "frames")
    assert [(one.path.name, one.credit) for one in pictures] == [("pan.jpg", "Own still, chosen by Mara Lind"), ("made.jpg", "Generated by a trained model, chosen by Mara Lind")]


# ---- the grid


def test_a_grid_is_every_combination_in_the_exact_words_of_the_axes() -> None:
    made = grid("A kettle on a stove", axes_of("time=night; lens=35 mm, 85; height=eye,low"))
    assert [one.name for one in made] == [f"lens {lens}, height {height}, time night" for lens in ("35", "85") for height in ("eye", "low")]
    assert made[0].words == "A kettle on a stove. 35 mm lens, moderately wide. camera at eye height. night, no daylight."
    assert grid("A kettle", {}, practical="lamp, left")[0].words == "A kettle. a practical, lamp, lit, at the left of the picture."
    assert set(AXES) == {"lens", "height", "distance", "key", "practicals", "time"}


@pytest.mark.parametrize(("axes", "practical", "why"), [
    ("mood=sad", "", "is no axis. There are: lens"), ("lens=7", "", "lens has no '7'. There are: 18"), ("lens=", "", "names no term"), ("", "lamp, up", "no side of the picture"),
    ("practicals=lamp", "lamp, left", "take one of the two"), ("lens=18,25,35,50,85; height=ground,low,eye,high,overhead", "", "25 frames .5 x 5., and 24 is the most"),
])  # fmt: skip
def test_what_is_no_axis_is_refused_with_those_there_are(axes: str, practical: str, why: str) -> None:
    with pytest.raises(AxisError, match=why):
        grid("A kettle", axes_of(axes), practical=practical)


# ---- generated


@pytest.fixture
def served(spot: tuple[Spot, Record], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Spot, Record, Local]]:
    own = tmp_path / "own.toml"
    monkeypatch.setenv("LOCAL_KEY", KEY)
    monkeypatch.setattr(wire, "PAUSE_S", 0.01)
    monkeypatch.setattr(config, "user_file", lambda: own)
    with local() as server:
        own.write_text(f'[providers.stills]\nuses = "openai-images"\naddress = "{server.address}/v1"\nmodel = "small"\nkey = "LOCAL_KEY"\nprice = {{ free = true }}\n', encoding="utf-8")
        yield Spot(spot[0].path), spot[1], server


def let(record: Record, spot: Spot, what: str = "nothing of the shoot") -> None:
    now = Book(record).charter
    assert now is not None
    record.sign(calling.granted(now.content, now.n, lets=[f"stills={what}"], providers=calling.openable(spot.settings)), MARA)


def generated(spot: Spot, words: str = "A pan on a stove, no people", **more: Any) -> tuple[referencing.Generated, ...]:
    return referencing.generate(Desk(spot), calling.opened(spot.settings, "stills"), grid(words, axes_of("lens=35,85")), item=1, **more)


def test_a_generated_frame_carries_its_label_and_the_words_it_was_asked_with(served: tuple[Spot, Record, Local]) -> None:
    spot, record, server = served
    with pytest.raises(CallError, match="no producer let stills be asked"):
        generated(spot)
    assert not server.asked
    let(record, spot)
    frames = [frame for one in generated(spot) for frame in one.frames]
    assert len(frames) == 2
    for frame in frames:
        assert origin.generated(spot.path / frame.file) == origin.TRAINED
        assert frame.generated
        assert frame.origin.startswith("by stills")
        with Image.open(spot.path / frame.file) as image:
            image.load()  # the label broke nothing
    assert [one.says for one in frames] == ["lens 35", "lens 85"]
    assert [entry.read()["for"] for entry in record.entries(kind="proposal") if (entry.read() or {}).get("what") == "question"] == ["a reference frame"] * 2


def test_a_name_in_the_words_stops_it_before_anything_leaves(served: tuple[Spot, Record, Local]) -> None:
    spot, record, server = served
    let(record, spot)
    with pytest.raises(CallError, match="names Jo Abara, who is on the crew"):
        generated(spot, "Jo Abara at a stove")
    assert not server.asked


def test_what_is_quoted_of_a_paper_is_let_before_it_leaves_and_a_rival_in_the_brief_stays_out_of_an_old_answer_too(served: tuple[Spot, Record, Local]) -> None:
    spot, record, server = served
    let(record, spot)
    mine = "A pan that nobody has washed since the winter before last"
    (spot.path / "notes.md").write_text(mine, encoding="utf-8")
    with pytest.raises(CallError, match=r'client documents would go to stills.* --let "stills=client documents"'):
        generated(spot, mine)
    assert not server.asked
    let(record, spot, "client documents")
    assert len(generated(spot, mine)) == 2
    (spot.path / "brief.md").write_text("# Brief\n\n## Product\n\nA pan.\n\n## Competitors\n\n- Winter\n", encoding="utf-8")
    assert briefing.marks_of(spot) == ("Winter",)
    with pytest.raises(CallError, match="the request names Winter"):
        generated(spot, mine)
    assert len(server.asked) == 2


def test_a_generated_reference_enters_no_film(served: tuple[Spot, Record, Local]) -> None:
    spot, record, _ = served
    let(record, spot)
    frame = generated(spot)[0].frames[0]
    desk = Desk(spot)
    referencing.choose(desk, frame.file, by="Mara Lind", item=1)
    renamed = spot.path / "assets" / "kettle.png"
    renamed.write_bytes((spot.path / frame.file).read_bytes())  # under another name, its own word still says it
    for file in (frame.file, "assets/kettle.png"):
        for item in (1, 3):
            with pytest.raises(slots.SlotError, match=r"generated by a trained model.* (?:is a hero shot|is spoken)"):
                slots.refuse_take(Desk(spot), Judgment.TAKE, item, file)
        for judgment in (Judgment.GRADE, Judgment.MIX, Judgment.MUSIC_BED, Judgment.HERO_FRAMING):
            with pytest.raises(slots.SlotError, match="generated by a trained model"):
                slots.refuse_take(Desk(spot), judgment, None, file)
    with pytest.raises(slots.SlotError, match="reference frame, made to talk about a picture; it enters no film"):
        slots.serve(Desk(spot), slots.slots(Desk(spot))[0], frame.file, by="Mara Lind")
    with pytest.raises(slots.SlotError, match=r"assets/kettle\.png is a reference frame"):
        slots.serve(Desk(spot), slots.slots(Desk(spot))[0], "assets/kettle.png", by="Mara Lind")
    path = cut(spot, "v01")
    path.write_text(path.read_text(encoding="utf-8").replace("rushes/A001.mov", frame.file), encoding="utf-8")
    assert any("generated by a trained model" in one and "stays at the gate" in one for one in slots.brought(Desk(spot), "cuts/v01.otio"))


# ---- who looks where


def test_the_line_is_spoken_of_where_people_marked_it_and_nowhere_else(spot: tuple[Spot, Record], tmp_path: Path) -> None:
    for shade, name in ((10, "a.jpg"), (20, "b.jpg"), (30, "c.jpg")):
        (tmp_path / name).write_bytes(jpeg(shade))
        referencing.take_in(Desk(spot[0]), tmp_path / name)
    assert referencing.crossed(Desk(spot[0])) == ()

    def mark(file: str, item: int, who: str, side: str, at: str) -> None:
        referencing.look(Desk(spot[0]), file, item=item, who=who, side=side, at=at, by="Mara Lind")

    mark("a.jpg", 3, "Mara", "left", "Jon")
    mark("b.jpg", 4, "Jon", "right", "Mara")
    assert referencing.crossed(Desk(spot[0])) == ()
    mark("c.jpg", 4, "Jon", "left", "Mara")
    (one,) = {each.marks: each for each in referencing.crossed(Desk(spot[0])) if "both to one side" in each.says}.values()
    assert "Mara looks to the left at Jon in item 3 (a.jpg, marked by Mara Lind), and Jon looks to the left at Mara in item 4 (c.jpg" in one.says
    mark("c.jpg", 4, "Jon", "right", "Mara")  # looked at again
    assert referencing.crossed(Desk(spot[0])) == ()
    mark("c.jpg", 4, "Jon", "camera", "us")
    assert referencing.crossed(Desk(spot[0])) == ()
    with pytest.raises(FrameError, match="no side of a picture"):
        mark("a.jpg", 3, "Mara", "up", "Jon")


def test_frames_at_the_terminal(spot: tuple[Spot, Record], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(spot[0].path)
    assert cli.main(["frames", home, "--item", "1", "--from", str(tmp_path / "pan.jpg"), "--grid", "lens=35,85", "--practical", "lamp, left"]) == 0
    told = capsys.readouterr().out
    assert "A hand lifts the lid of a grey pan. 35 mm lens, moderately wide. a practical, lamp, lit, at the left of the picture." in told
    assert "assets/references/pan.jpg  own still" in told
    assert cli.main(["frames", home, "--item", "1", "--choose", "pan.jpg", "--who", "Mara Lind"]) == 0
    assert "goes into the deck, and into no film" in capsys.readouterr().out
    assert cli.main(["frames", home, "--item", "3", "--look", "pan.jpg", "--looks", "Mara, left, Jon", "--who", "Mara Lind"]) == 0
    assert cli.main(["frames", home, "--grid", "help"]) == 0
    assert "85 mm lens" in capsys.readouterr().out
    assert cli.main(["frames", home, "--choose", "pan.jpg"]) == 2
    assert "who says so" in capsys.readouterr().err
    assert cli.main(["frames", home, "--item", "99"]) == 2
    assert "the script has no item '99'" in capsys.readouterr().err


# ---- in the order they came, and what is known of them


def test_frames_lie_in_the_order_in_which_they_came_and_a_still_of_two_items_lies_twice(spot: tuple[Spot, Record], tmp_path: Path) -> None:
    (tmp_path / "z.jpg").write_bytes(jpeg(10))
    (tmp_path / "a.jpg").write_bytes(jpeg(20))
    (spot[0].path / referencing.FOLDER).mkdir(parents=True)
    (spot[0].path / referencing.FOLDER / "by hand.jpg").write_bytes(jpeg(30))
    for name, item in (("z.jpg", 1), ("a.jpg", 1), ("z.jpg", 2), ("z.jpg", 1)):
        referencing.take_in(Desk(spot[0]), tmp_path / name, item=item)
    assert [(Path(one.file).name, one.item, one.came) for one in referencing.frames(Desk(spot[0]))] == [("by hand.jpg", None, 0), ("z.jpg", 1, 1), ("a.jpg", 1, 2), ("z 2.jpg", 2, 3)]


def stripped(raw: bytes) -> bytes:
    """A JPEG or a PNG without its XMP, as a program that cleans metadata leaves it."""
    if raw.startswith(b"\xff\xd8"):
        at, kept = 2, raw[:2]
        while raw[at] == 0xFF and raw[at + 1] != 0xDA:
            end = at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
            kept += b"" if b"ns.adobe.com/xap" in raw[at:end] else raw[at:end]
            at = end
        return kept + raw[at:]
    at, kept = 8, raw[:8]
    while at < len(raw):
        end = at + 12 + int.from_bytes(raw[at : at + 4], "big")
        kept += b"" if raw[at + 4 : at + 8] == b"iTXt" else raw[at:end]
        at = end
    return kept


def test_a_generated_frame_is_known_under_another_name_and_without_its_label(served: tuple[Spot, Record, Local], monkeypatch: pytest.MonkeyPatch) -> None:
    spot, record, _ = served
    let(record, spot)
    frame = generated(spot)[0].frames[0]
    raw = (spot.path / frame.file).read_bytes()
    bare = spot.path / "assets" / "kettle.png"
    bare.write_bytes(stripped(raw))
    assert bare.read_bytes() != raw
    assert origin.generated(bare) == ""
    known = slots.generated(Desk(spot), "assets/kettle.png")
    assert known is not None
    assert "came from a provider" in known.how
    monkeypatch.setattr(origin, "generated", lambda _: "")  # where no label can be read at all: the file with its label is in the record as well
    (spot.path / "assets" / "pan.bin").write_bytes(raw)
    assert slots.generated(Desk(spot), "assets/pan.bin") is not None
    again = referencing.bring(Desk(spot), raw, "kettle.png", item=2)
    assert (again.generated, again.origin) == (True, "generated")
    referencing.choose(Desk(spot), again.file, by="Mara Lind", item=2)
    (picture,) = next(one.pictures for one in presenting.deck_of(Desk(spot)).parts if one.kind == "frames")
    assert picture.credit == "Generated by a trained model, chosen by Mara Lind"


def test_the_same_cell_is_asked_once_and_laid_again_where_it_is_missing(served: tuple[Spot, Record, Local]) -> None:
    spot, record, server = served
    let(record, spot)
    first = generated(spot, seed=7)
    gone = spot.path / first[0].frames[0].file
    gone.unlink()
    asked = len(server.asked)
    provider = calling.opened(spot.settings, "stills")
    wider = referencing.grid("A pan on a stove, no people", axes_of("lens=35,85,135"))
    plan = referencing.looked(Desk(spot), provider, wider, item=1, seed=7)
    assert [one.answer for one in plan] == [first[0].entry, first[1].entry, None]
    again = referencing.generate(Desk(spot), provider, wider, item=1, seed=7, by="Mara Lind")
    assert [one.found for one in again] == [True, True, False]
    assert len(server.asked) == asked + 1
    assert gone.is_file()
    assert len({one.grid for one in referencing.frames(Desk(spot))}) == 1
    assert sorted(one.steps for one in referencing.frames(Desk(spot))) == [(("lens", "135"),), (("lens", "35"),), (("lens", "85"),)]
    assert referencing.frames(Desk(spot))[0].asked == "A pan on a stove, no people. 35 mm lens, moderately wide."


def test_a_mark_stands_where_it_was_made_and_is_taken_back(spot: tuple[Spot, Record], tmp_path: Path) -> None:
    referencing.take_in(Desk(spot[0]), tmp_path / "pan.jpg", item=3)
    mark = {"item": 3, "who": "Mara", "by": "Mara Lind"}
    referencing.look(Desk(spot[0]), "pan.jpg", at="Jon", side="left", place=(250, 400), **mark)
    (one,) = referencing.looks(Desk(spot[0]))
    assert (one.place, one.side) == ((250, 400), "left")
    with pytest.raises(FrameError, match="beside the picture"):
        referencing.look(Desk(spot[0]), "pan.jpg", at="Jon", side="left", place=(1001, 0), **mark)
    referencing.unmark(Desk(spot[0]), "pan.jpg", **mark)
    assert referencing.looks(Desk(spot[0])) == ()
    with pytest.raises(FrameError, match="nobody marked"):
        referencing.unmark(Desk(spot[0]), "pan.jpg", **mark)


# ---- the library


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of a licensed red shot, and of one whose licence has ended."""
    from answerprint import shelving
    from tests.library.making import BLUE, RED, film

    disk = tmp_path / "DISK"
    film(disk / "rain on a window.mp4", (RED,), frames=20)
    film(disk / "old rain.mp4", (BLUE,), frames=20)
    (disk / "rights.csv").write_text("item,what,holder,until,paper,applies to\nClip,stock,Coast,2099-01-01,L-1,rain on a window.mp4\nClip,stock,Coast,2001-01-01,L-2,old rain.mp4\n", encoding="utf-8")
    monkeypatch.setattr("answerprint.shelving.shelf.home", lambda: tmp_path / "library")
    monkeypatch.setattr("answerprint.shelving.searching.home", lambda: tmp_path / "library")
    with shelving.Shelf(tmp_path / "library") as one:
        shelving.add(one, disk)
    return disk


def test_frames_of_the_library_come_from_its_previews_with_their_licence_and_only_those_somebody_took(spot: tuple[Spot, Record], shelf: Path) -> None:
    desk = Desk(spot[0])
    found = referencing.library_shots(desk, 2)
    assert [Path(one.file).name for one in found] == ["rain on a window.mp4"]  # the other's licence has ended
    assert referencing.frames(desk) == ()  # looking brings nothing
    assert referencing.from_library(desk, 2, only=()) == ()
    (frame,) = referencing.from_library(desk, 2, only=[referencing.moment(found[0])])
    assert frame.origin.startswith("library: rain on a window.mp4, ")
    assert "Coast" in frame.origin or "L-1" in frame.origin
    assert (frame.item, frame.generated) == (2, False)
    assert (spot[0].path / frame.file).read_bytes() == found[0].preview
    assert referencing.from_library(desk, 2) == (frame,)  # it lies there already
    with pytest.raises(FrameError, match="what is looked for"):
        referencing.library_shots(desk, None)


def test_a_file_that_would_start_another_program_is_no_picture_under_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import EpsImagePlugin

    from answerprint.library import LibraryError, reading
    from answerprint.presenting import DeckError
    from answerprint.presenting.pictures import prepared
    from answerprint.referencing.bringing import _looked_at

    started: list[object] = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *told, **_: started.append(told))
    raw = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\nshowpage\n%%EOF\n"
    (file := tmp_path / "cup.jpg").write_bytes(raw)
    with pytest.raises(FrameError, match="no picture"):
        _looked_at(raw, "cup.jpg")
    with pytest.raises(DeckError, match="no picture"):
        prepared(file)
    with pytest.raises(LibraryError, match="no picture"):
        reading._still(file)
    assert not started
