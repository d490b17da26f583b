"""Whatever comes in: a script or one sentence. Nothing is lost on the way."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from answerprint.script import Script, ScriptError, read, sentences, words

NAMES = ("a.fountain", "a.txt", "a.fdx", "a.csv", "a.tsv", "a", "shots.csv", "a.bin")
MARKS = st.text(alphabet="AB ab.\n:#=>~@!^()[]*_/\"',;\t|<\\12é—\x0c\x00", max_size=80)


def holds(script: Script) -> None:
    """The laws of every script."""
    assert [element.index for element in script.elements] == list(range(len(script.elements)))
    assert [item.number for item in script.items] == list(range(1, len(script.items) + 1))
    for element in script.elements:
        assert all(0 <= style.start < style.end <= len(element.text) for style in element.styles)
        assert "\x02" not in element.text
        assert element.text.strip() or element.kind == "page break"
    for item in script.items:
        assert item.text == "\n".join(script.elements[place.element].text[place.start : place.end] for place in item.places)
        assert item.flat
        for offset, char in enumerate(item.text):
            if char != "\n":
                index, at = script.place(item, offset)
                assert script.elements[index].text[at] == char


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=200) | MARKS.map(str.encode) | MARKS.map(lambda text: text.encode("utf-16")))
@example("a.csv", b'video,audio\n"x')
@example("a.fountain", b"[[/* ]] */ [[ A\n\nA ^\n[[x]]\n")
@example("a.fdx", b"\xef\xbb\xbf<FinalDraft><Content><Paragraph/></Content></FinalDraft>")
def test_any_bytes_are_a_script_or_a_sentence(name: str, raw: bytes) -> None:
    try:
        script = read(name, raw)
    except ScriptError as error:
        says = str(error)
    else:
        holds(script)
        return
    assert name in says
    assert "\n" not in says


def letters(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN")


@settings(max_examples=150, deadline=None)
@given(MARKS)
@example("\x00111\x001")
def test_no_letter_of_a_fountain_text_is_lost(text: str) -> None:
    try:
        script = read("a.fountain", text.encode())
    except ScriptError:
        assert not text.strip("\0\t\r\n \x0c") or not text.replace("\0", "").strip() or text.count("\0")
        return
    if "\0" in text and script.notes:  # every second byte nought is read as UTF-16, and told: it is a guess
        assert any("UTF-16" in note for note in script.notes)
        return
    kept = "".join([key + value for key, value in script.title_page] + [element.text + (element.number or "") for element in script.elements])
    assert sorted(letters(kept)) == sorted(letters(text))


PLAIN = st.text(alphabet="abcdefgh ,éß", min_size=1, max_size=20).map(str.strip).filter(bool).map(lambda text: "x" + text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("scene heading", "action", "speech", "transition", "centred", "section", "synopsis", "lyrics", "note")), PLAIN), min_size=1, max_size=8))
def test_plain_fountain_comes_back_paragraph_by_paragraph(paragraphs: list[tuple[str, str]]) -> None:
    forms = {
        "scene heading": ".{}", "action": "!{}", "speech": "@{}\n{}", "transition": "> {}", "centred": "> {} <", "section": "# {}", "synopsis": "= {}",
        "lyrics": "~{}", "note": "[[{}]]",
    }  # fmt: skip
    written = "\n\n".join(forms[kind].format(text, text) for kind, text in paragraphs)
    expected = []
    for kind, text in paragraphs:
        expected += [("character", text), ("dialogue", text)] if kind == "speech" else [(kind, text)]
    assert [(element.kind, element.text) for element in read("a.fountain", written.encode()).elements] == expected


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | MARKS, st.sampled_from(("en", "de", "ja")))
def test_words_lie_in_order_in_the_text_and_can_be_said(text: str, language: str) -> None:
    last = 0
    for word in words(text, language):
        assert last <= word.start < word.end <= len(text)
        assert word.written == text[word.start : word.end]
        assert word.readings
        assert all(token and token == token.lower() and not any(char.isspace() for char in token) for reading in word.readings for token in reading)
        last = word.end


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aB.!? \n“”Dr1", max_size=60))
def test_sentences_hold_every_letter_once(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())


@pytest.mark.parametrize("bad", ["*a " * 30000, "[[" * 30000, "/*" * 30000, "_a*" * 30000, "A (" * 30000, "(" * 60000, "A\n(\n" * 20000, "[[a\n" * 20000, "((()" * 15000])
def test_a_hostile_text_takes_no_longer_than_a_long_one(bad: str) -> None:
    begun = time.monotonic()
    read("a.fountain", bad.encode())
    words(bad)
    assert time.monotonic() - begun < 3
