"""Fountain, element by element, and which paragraphs become items."""

from __future__ import annotations

from fractions import Fraction

import pytest

from answerprint.script import Script, read


def fountain(text: str) -> Script:
    return read("spot.fountain", text.encode())


def kinds(text: str) -> list[tuple[str, str]]:
    return [(element.kind, element.text) for element in fountain(text).elements]


def test_a_title_page_is_read_and_its_emphasis_is_not_spoken() -> None:
    script = fountain("Title:\n\t_**FIRST POUR**_\n\t(30 seconds)\nAuthor: Noah\nLength: :30\nClient: Larkfield\n\nA cup.\n")
    assert (script.title, script.author, script.seconds) == ("FIRST POUR (30 seconds)", "Noah", 30)
    assert ("Client", "Larkfield") in script.title_page
    assert [element.text for element in script.elements] == ["A cup."]


@pytest.mark.parametrize("first", ["CUT TO:", "SUPER: Paris", "Note to self: buy milk"])
def test_a_script_that_begins_with_a_colon_has_no_title_page(first: str) -> None:
    script = fountain(f"{first}\n\nA cup.\n")
    assert script.title_page == ()
    assert [element.text for element in script.elements] == [first, "A cup."]


@pytest.mark.parametrize(
    "line", ["INT. HOUSE - DAY", "EXT HOUSE", "int./ext. car", "I/E. HOUSE", "EST. CITY", "INT - HOUSE - DAY", ".KITCHEN", "INT/EXT. CAR"]
)
def test_a_scene_heading(line: str) -> None:
    assert kinds(f"{line}\n\nA cup.")[0] == ("scene heading", line.removeprefix("."))


def test_a_scene_number_is_the_scene_of_what_follows() -> None:
    script = fountain("INT. KITCHEN - DAY #1A#\n\nA cup.\n\nEXT. STREET\n\nA car.")
    assert script.elements[0].number == "1A"
    assert [(item.scene, item.heading) for item in script.items] == [("1A", "INT. KITCHEN - DAY"), (None, "EXT. STREET")]


def test_scenes_without_numbers_are_counted() -> None:
    assert [item.scene for item in fountain("INT. A\n\nOne.\n\nINT. B\n\nTwo.").items] == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("... not a heading", "action"), ("CUT TO:", "transition"), ("> Fade out.", "transition"), ("> THE END <", "centred"), ("# Act", "section"),
     ("= What happens", "synopsis"), ("===", "page break"), ("~ La la", "lyrics"), ("!INT. NOT A HEADING", "action"), ("[[a note]]", "note"),
     ("/* gone */", "boneyard"), ("BOB", "action"), ("> Fade out. [[late]]", "transition")],
)  # fmt: skip
def test_what_a_line_is(text: str, kind: str) -> None:
    assert fountain(f"A cup.\n\n{text}\n\nA cup.").elements[1].kind == kind


def test_a_speech_has_a_name_words_and_how_they_are_said() -> None:
    script = fountain("NOAH (O.S.)\n(to himself)\nFour minutes.\n(a beat)\nThat is *all* I ask.\n  \nReally.\n\nHe waits.")
    assert [element.kind for element in script.elements] == ["character", "parenthetical", "dialogue", "parenthetical", "dialogue", "action"]
    line = script.items[0]
    assert (line.kind, line.character, line.off_camera, line.parenthetical) == ("line", "NOAH", True, "to himself; a beat")
    assert line.flat == "Four minutes. That is all I ask. Really."


@pytest.mark.parametrize("name", ["NOAH (V.O.)", "NOAH (VO) (CONT'D)", "NARRATOR", "NOAH (voice over)", "ANNCR (V.O.)", "@Noah (v.o.)"])
def test_a_voice_over(name: str) -> None:
    (item,) = fountain(f"{name}\nLarkfield.").items
    assert (item.kind, item.off_camera) == ("voice-over", True)


def test_in_a_screenplay_oc_is_off_camera() -> None:
    (item,) = fountain("NOAH (O.C.)\nLarkfield.").items
    assert (item.kind, item.off_camera) == ("line", True)


def test_two_people_speak_at_once() -> None:
    script = fountain("STEEL\nScrew retirement.\n\nBRICK ^\nScrew retirement.\n\nThey drink.")
    assert [element.dual for element in script.elements] == ["left", "left", "right", "right", None]


def test_a_second_speaker_without_a_first_is_said() -> None:
    script = fountain("A cup.\n\nBRICK ^\nAlone.")
    assert script.elements[1].dual is None
    assert "no speech stands right before it" in script.notes[0]


def test_capitals_over_a_line_are_a_name_and_a_doubtful_one_is_said() -> None:
    script = fountain("SCANNING THE AISLES…\nWhere is he?")
    assert script.items[0].character == "SCANNING THE AISLES…"
    assert "Put ! before it" in script.notes[0]
    assert fountain("!SCANNING THE AISLES…\nWhere is he?").elements[0].kind == "action"


def test_emphasis_is_where_it_was_and_a_lone_star_stays() -> None:
    (element,) = fountain("A **bold** and ***both*** _line of *two*_, 3 * 4, \\*so\\*, a_b_c").elements
    assert element.text == "A bold and both line of two, 3 * 4, *so*, a_b_c"
    assert [(element.text[style.start : style.end], style.kind) for style in element.styles] == [
        ("bold", "bold"), ("both", "bold"), ("both", "italic"), ("line of two", "underline"), ("two", "italic"),
    ]  # fmt: skip


def test_a_stock_note_alone_beside_what_cannot_be_stock_is_a_picture_of_its_own() -> None:
    """After a line, a hero shot or another stock picture, and before a line under its heading; a picture that can be stock takes it, as one in its own paragraph does."""
    script = fountain(
        "INT. A\n\nNOAH (V.O.)\nRoasted slowly.\n\n[[STOCK: sunrise, no people]]\n\nThe cup. [[HERO: the cup]]\n\n[[STOCK: rain]]\n\n[[STOCK: snow]]\n\nA street.\n\n[[STOCK: this street]]\n\n"
        "EXT. B\n\n[[STOCK: fog]]\n\nNOAH\nHello.\n\nEXT. C\n\n[[STOCK: dust]]\n\nA road. [[HERO]] [[STOCK: not in its own paragraph]]\n"
    )
    assert [(item.kind, item.text, item.hero, item.stock) for item in script.items] == [
        ("voice-over", "Roasted slowly.", None, None), ("picture", "sunrise, no people", None, "sunrise, no people"), ("picture", "The cup.", "the cup", None),
        ("picture", "rain", None, "rain"), ("picture", "snow", None, "snow"), ("picture", "A street.", None, "this street"),
        ("picture", "fog", None, "fog"), ("line", "Hello.", None, None), ("picture", "dust", None, "dust"), ("picture", "A road.", "A road.", "not in its own paragraph"),
    ]  # fmt: skip
    assert all(item.text == "\n".join(script.elements[one.element].text[one.start : one.end] for one in item.places) and script.elements[item.places[0].element].printed for item in script.items)


def test_notes_of_ours_belong_to_what_they_stand_in() -> None:
    script = fountain(
        "INT. KITCHEN\n\nNOAH\nMorning.\n[[ALT: Good morning.]]\nComes early.\n\nEXT. STREET\n\nA cup. [[HERO: the cup]]\n\nA sunrise.\n\n[[STOCK: sunrise, no people]]\n"
    )
    line, cup, sunrise = script.items
    assert (line.alts, line.text) == (("Good morning.",), "Morning.\n\nComes early.") or line.flat == "Morning. Comes early."
    assert (cup.hero, cup.text) == ("the cup", "A cup.")
    assert sunrise.stock == "sunrise, no people"


def test_a_note_of_ours_that_belongs_to_nothing_is_said() -> None:
    assert "stands where there is no line" in fountain("INT. KITCHEN [[HERO: the cup]]\n\nINT. STREET\n\nA car.").notes[0]


def test_an_unclosed_note_stays_in_the_text_and_is_said() -> None:
    script = fountain("A cup [[HERO: the cup")
    assert script.elements[0].text == "A cup [[HERO: the cup"
    assert "never closed" in script.notes[0]


def test_in_a_silent_scene_every_paragraph_is_a_picture() -> None:
    script = fountain("INT. KITCHEN\n\nCoffee falls.\n\nSteam rises.\n\nNOAH (V.O.)\nLarkfield.\n\nFADE OUT.")
    assert [(item.kind, item.text) for item in script.items] == [("picture", "Coffee falls."), ("picture", "Steam rises."), ("voice-over", "Larkfield.")]


def test_where_somebody_speaks_on_camera_action_is_staging_unless_it_is_a_shot() -> None:
    script = fountain("INT. KITCHEN\n\nNoah waits.\n\nNOAH\nMorning.\n\nCLOSE ON the cup.\n\nHe drinks. [[HERO: first sip]]\n\nHe leaves.")
    assert [(item.kind, item.flat, item.size) for item in script.items] == [
        ("line", "Morning.", None), ("picture", "CLOSE ON the cup.", "CLOSE ON"), ("picture", "He drinks.", None),
    ]  # fmt: skip


def test_lettering_is_an_item_of_its_own() -> None:
    script = fountain("INT. KITCHEN\n\nNOAH\nMorning.\n\nHe drinks.\nSUPER: Two hundred grams.\n\nEnd card: LARKFIELD\n\n> FIRST POUR <\n> LARKFIELD <\n\n> THE END <")
    assert [item.text for item in script.items if item.card] == ["SUPER: Two hundred grams.", "End card: LARKFIELD", "FIRST POUR\nLARKFIELD"]


def test_pages_are_counted_where_the_writer_broke_them() -> None:
    assert [item.page for item in fountain("One.\n\n===\n\nTwo.").items] == [1, 2]
    assert fountain("One.").items[0].page is None


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_reads_the_same(codec: str) -> None:
    script = read("a.fountain", "JOSÉ\r\nIt’s “café” time, 30° – go.\r\n".encode(codec))
    assert (script.items[0].character, script.items[0].text) == ("JOSÉ", "It’s “café” time, 30° – go.")
    assert bool(script.notes) == (codec in ("cp1252", "utf-16-le", "utf-16-be"))


def test_speakers_are_listed_in_the_order_they_speak() -> None:
    assert fountain("B\nOne.\n\nA\nTwo.\n\nB\nThree.").speakers() == ("B", "A")


def test_a_length_is_exact() -> None:
    assert fountain("Title: X\nLength: 29.97 seconds\n\nA cup.").seconds == Fraction(2997, 100)
