"""Facts in words: a question is taken apart, and a colour is called by its name."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from answerprint.library import facts, meaning
from answerprint.library.naming import name_words, written

SHADES = {
    "red": (200, 30, 30), "orange": (240, 140, 20), "yellow": (240, 220, 30), "green": (40, 150, 60), "cyan": (40, 200, 200), "blue": (30, 60, 200), "purple": (120, 40, 200),
    "pink": (240, 90, 170), "brown": (110, 70, 30), "black": (5, 5, 5), "white": (250, 250, 250), "grey": (128, 128, 128),
}  # fmt: skip


@pytest.mark.parametrize("name", SHADES)
def test_a_colour_is_called_by_its_name(name: str) -> None:
    shares, *_ = facts.colour_facts([np.full((9, 16, 3), SHADES[name], np.uint8)])
    assert shares == {name: 1.0}


def test_what_is_a_fact_is_taken_out_of_a_question() -> None:
    taken = facts.asked("Rain on a window at night, no people, vertical")
    assert taken.facts == ("dark", "nobody's face", "vertical")
    assert taken.rest == "rain on a window"
    assert not taken.anybody
    assert facts.asked("red cups").rest == "red cups"
    assert facts.asked("a woman walks").anybody


def test_words_and_their_bits_are_the_same() -> None:
    assert facts.said(facts.bits(facts.WORDS)) == facts.WORDS
    assert facts.said(0) == ()


def test_the_same_colours_look_alike_wherever_they_lie() -> None:
    left = np.zeros((18, 32, 3), np.uint8)
    left[:, :16] = (200, 30, 30)
    one, turned, other = (facts.look([picture])[:64] for picture in (left, left[:, ::-1], np.full((18, 32, 3), 200, np.uint8)))
    assert float(one @ turned) > 0.999
    assert float(one @ facts.palette_look([(200, 30, 30), (0, 0, 0)])[:64]) > 0.98
    assert float(one @ other) < 0.2


def test_a_name_gives_its_words_and_no_camera_numbers() -> None:
    assert name_words("STOCK/rain/IMG_0042_windowPane-4K.mp4") == ("rain", "window", "pane")
    assert name_words("MVI_0309.mov") == ()
    assert name_words("HDRSunset_dogRun.mp4") == ("hdr", "sunset", "dog", "run")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("name", "words"),
    [("Zürich Straße.mp4", ("zürich", "strasse")), ("дождь на окне.mp4", ("дождь", "окне")), ("Łódź nocą.mp4", ("łódź", "nocą")), ("雨の夜_02.mp4", ("雨の夜",)), ("čerstváRyba.mov", ("čerstvá", "ryba"))],
)
def test_a_name_has_words_in_every_language_however_its_accents_are_written(name: str, words: tuple[str, ...], form: str) -> None:
    assert name_words(unicodedata.normalize(form, name)) == words
    assert meaning.bare(unicodedata.normalize(form, " ".join(words))) == list(words)


def test_a_sidecar_is_read_and_a_hostile_one_stops_nothing(tmp_path) -> None:  # type: ignore[no-untyped-def]
    clip = tmp_path / "a.mp4"
    (tmp_path / "a.xmp").write_text(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:subject><rdf:Bag><rdf:li>harbour</rdf:li><rdf:li>fog</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    assert written(clip) == ("harbour", "fog")
    (tmp_path / "a.xmp").write_text('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><x:xmpmeta>&b;</x:xmpmeta>')
    assert written(clip) == ()
