"""A template is read into a record, or into one sentence that names the layer and the key."""

from __future__ import annotations

import pytest

from answerprint.delivery import supers
from answerprint.delivery.supers.stage import SHAPES
from tests.delivery.supers.conftest import PLATE


@pytest.mark.parametrize("name", supers.bundled())
def test_every_template_of_the_house_reads_and_stands_on_every_shape(name: str) -> None:
    made = supers.template(name)
    assert made.use
    assert supers.fields(made)
    assert all(len(made.on(shape)) == len(made.layers) for shape in SHAPES)


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("schema = 1", "schema = 9", "schema = 9"),
        ("size = 60", "sise = 60", "layer line: there is no key 'sise'. Did you mean 'size'"),
        ("size = 60", 'size = "big"', "layer line: size = 'big' is not a number"),
        ('kind = "text"', 'kind = "titel"', "layer line: kind = 'titel'"),
        ('colour = "ground"', 'colour = "grond"', "layer plate: colour = 'grond' is neither a colour"),
        ('around = ["line"]', 'around = ["lin"]', "around names 'lin'"),
        ("least = 50", "least = 70", "layer line: least is more than 0 and no more than size"),
        ('ease = "out"', 'ease = "bounce"', "ease = 'bounce'"),
        ("{ at = 0, reveal = 0 }", "{ reveal = 0 }", "a key says either at"),
        ("opacity = 1 }, { end = 0,", "opacity = 7 }, { end = 0,", "opacity = 7 is not between 0 and 1"),
        ("box = [0.05, 0.6, 0.6, 0.35]", "box = [0.05, 0.6]", r"box = \[0.05|box = \[Fraction"),
        ('stand = "bottom"', 'stand = "bottom"\nabove = "line"', "above = 'line' is no other layer"),
        ('name = "plate"\nkind', 'name = "line"\nkind', "two layers 'line'"),
        ('title = "Plate"', "", "does not say title"),
        ("[palette]", "[palette", "this is not TOML"),
    ],
)
def test_a_fault_in_a_template_is_a_sentence_with_its_key(was: str, becomes: str, says: str) -> None:
    assert was in PLATE
    with pytest.raises(supers.SupersError, match=says):
        supers.read(PLATE.replace(was, becomes, 1), "plate")


def test_a_shape_may_say_other_places_and_no_other_slots() -> None:
    other = PLATE + '[layer.shapes."9:16"]\nsize = 80\n'
    assert [layer.size for layer in supers.read(other, "plate").on("9:16")][1] == 80
    with pytest.raises(supers.SupersError, match="slot is the same on every shape"):
        supers.read(other + 'slot = "x"\n', "plate")


def test_a_name_that_is_near_is_offered() -> None:
    with pytest.raises(supers.SupersError, match="Did you mean 'legal'"):
        supers.template("legl")


def test_rules_have_a_source_and_a_day() -> None:
    for name in supers.rule_files():
        assert supers.rules(name).source
        assert supers.rules(name).dated == "2026-11-22"
    assert [float(supers.rules("bcap").hold_s(count)) for count in (1, 9, 10, 20)] == [2.2, 3.8, 5.0, 7.0]


@pytest.mark.parametrize(("text", "count"), [("Terms apply. 18+", 3), ("Haftungsbeschränkungen – gültig bis 31.12.", 4), ("税込・送料無料", 3), ("£199 a month", 3), ("ราคารวมภาษี", 2), ("— … —", 0)])
def test_words_are_counted_as_a_reader_meets_them(text: str, count: int) -> None:
    assert supers.words(text) == count
