"""Two-column scripts and shot lists."""

from __future__ import annotations

from fractions import Fraction

import pytest

from answerprint.script import Script, ScriptError, read


def table(text: str) -> Script:
    return read("spot.csv", text.encode())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("header", ["VIDEO{}AUDIO", "Picture{}Sound", "visual{} Audio "])
def test_any_delimiter_and_any_names(delimiter: str, header: str) -> None:
    script = table(header.format(delimiter) + "\r\n" + f"Coffee falls.{delimiter}VO: Larkfield.\r\n")
    assert script.format == "two-column"
    assert [(item.kind, item.text, item.scene) for item in script.items] == [("picture", "Coffee falls.", "1"), ("voice-over", "Larkfield.", "1")]


def test_columns_may_stand_in_any_order_below_a_head() -> None:
    script = table("Title: First Pour\nClient,Larkfield\n\nAudio,Shot,Video\nNOAH: Morning.,1A,A window.\n")
    assert script.title == "First Pour"
    assert [(item.kind, item.scene, item.character) for item in script.items] == [("picture", "1A", None), ("line", "1A", "NOAH")]


def test_the_sound_column_is_taken_apart_by_its_names() -> None:
    script = table('video,audio\n"A cup.","MUSIC: soft piano\nNOAH (VO): Morning starts\nbefore the light does.\nANNCR: Larkfield.\nSFX: steam\nSUPER: 200 g"\n')
    assert [(item.kind, item.character, item.flat, item.card) for item in script.items] == [
        ("picture", None, "A cup.", False),
        ("voice-over", "NOAH", "Morning starts before the light does.", False),
        ("voice-over", "ANNCR", "Larkfield.", False),
        ("picture", None, "SUPER: 200 g", True),
    ]
    assert [element.text for element in script.elements if element.kind == "sound"] == ["MUSIC: soft piano", "SFX: steam"]


def test_in_two_columns_oc_is_on_camera() -> None:
    (_, line) = table("video,audio\nA cup.,NOAH (OC): Morning.\n").items
    assert (line.kind, line.off_camera) == ("line", False)


def test_a_colon_in_a_sentence_makes_no_speaker() -> None:
    (_, line) = table("video,audio\nA cup.,VO: Remember: wash your hands.\n").items
    assert line.text == "Remember: wash your hands."


def test_words_without_a_name_are_read_as_voice_over_and_it_is_said() -> None:
    script = table("video,audio\nA cup.,Larkfield. First pour.\n")
    assert (script.items[1].kind, script.items[1].character) == ("voice-over", None)
    assert "nobody is named" in script.notes[0]


def test_silence_is_nothing_to_say() -> None:
    assert [item.kind for item in table("video,audio\nA cup.,MOS\nA car.,-\nA sunrise.,(music)\nA bird.,[birdsong]\n").items] == ["picture"] * 4


def test_lettering_and_notes_of_ours_in_the_picture_column() -> None:
    script = table('video,audio\n"ECU: the pour. [[HERO: the pour]]\nSUPER: 200 g",VO: Slowly. [[ALT: Slow.]]\n')
    pour, card, line = script.items
    assert (pour.size, pour.hero, card.card, card.hero, line.alts) == ("ECU", "the pour", True, None, ("Slow.",))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [(":04", 4), ("0:04", 4), ("00:00:04", 4), ("4", 4), ("4s", 4), ("2.5 sec", Fraction(5, 2)), ("2,5", Fraction(5, 2)), (":03-:07", 4), ("0:03 – 0:07", 4), ("about 4", None)],
)  # fmt: skip
def test_scripted_lengths(written: str, seconds: Fraction | None) -> None:
    script = table(f"video;audio;time\nA cup.;VO: Larkfield.;{written}\n")
    assert [item.seconds for item in script.items] == [seconds, None]
    assert bool(script.notes) == (seconds is None)


def test_times_that_run_on_from_zero_are_where_rows_begin() -> None:
    script = table("time,video,audio\n0:00,A cup.,\n0:04,A car.,\n0:10,A sunrise.,\n")
    assert [item.seconds for item in script.items] == [4, 6, None]
    assert "runs on from zero" in script.notes[0]


def test_a_board_without_a_word_is_complete() -> None:
    script = read("shots.csv", b"Shot,Description,Size,Seconds,Hero,Stock,Lens\n1A,The pour.,ECU,4,yes,,85\n2,Sunrise.,WS,3,,sunrise,\n3,,MCU,2,,,\n")
    assert script.format == "shot list"
    assert [(item.kind, item.scene, item.text, item.size, item.seconds) for item in script.items] == [
        ("board", "1A", "The pour.", "ECU", 4), ("board", "2", "Sunrise.", "WS", 3), ("board", "3", "Shot 3", "MCU", 2),
    ]  # fmt: skip
    assert (script.items[0].hero, script.items[1].stock) == ("The pour.", "sunrise")
    assert "Row 3 has no description" in script.notes[0]
    assert [element.text for element in script.elements if element.kind == "note"] == ["Lens: 85"]


def test_a_board_may_speak() -> None:
    script = table("frame,description,dialogue,character\n1,Noah.,Morning.,NOAH\n")
    assert [(item.kind, item.character) for item in script.items] == [("board", None), ("line", "NOAH")]


def test_a_cell_too_many_is_kept_and_said() -> None:
    script = table("video,audio\nA cup.,VO: One,two\n")
    assert [element.text for element in script.elements if element.kind == "note"] == ["two"]
    assert "3 cells under 2 columns" in script.notes[0]


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("a.csv", b"name,price\nx,1\n", "none of its columns is known"),
        ("a.csv", b"video,audio\n", "no row below"),
        ("a.csv", b"   ", "empty"),
        ("a.pdf", b"%PDF-1.7", "a PDF"),
        ("a.docx", b"PK\x03\x04....", "zipped"),
        ("a.rtf", b"{\\rtf1", "rich text"),
        ("a.txt", b"\x00\x01\x02\x03abc\x00", "not text"),
        ("a.odd", b"A cup.", "a script is .fountain"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(name: str, raw: bytes, says: str) -> None:
    with pytest.raises(ScriptError, match=says):
        read(name, raw)


def test_a_text_file_that_is_a_table_is_read_as_one() -> None:
    assert read("spot.txt", b"video\taudio\nA cup.\tVO: Larkfield.\n").format == "two-column"
