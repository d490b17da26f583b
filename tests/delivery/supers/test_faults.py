"""Whatever is wrong with a row is found before it is drawn, and a clean row raises no alarm."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from answerprint.delivery import supers

ROW = {"line": "Terms apply."}
LONG_S = Fraction(5)


def kinds(template: supers.Template, values: dict[str, str], stage: supers.Stage, *, stands_s: Fraction = LONG_S, **more: object) -> set[str]:
    return {fault.kind for fault in supers.faults(template, values, stage, row="DE", duration_s=stands_s, **more)}  # type: ignore[arg-type]


def changed(template: supers.Template, name: str, **values: object) -> supers.Template:
    return dataclasses.replace(template, layers=tuple(dataclasses.replace(one, **values) if one.name == name else one for one in template.layers))  # type: ignore[arg-type]


def test_a_clean_row_raises_no_alarm(plate: supers.Template, stage: supers.Stage) -> None:
    assert supers.faults(plate, ROW, stage, row="GB", duration_s=LONG_S, rules=[supers.rules("bcap")]) == ()


def test_a_compound_that_does_not_fit_is_named_with_its_row_and_field(plate: supers.Template, stage: supers.Stage) -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
    (fault,) = supers.faults(plate, {"line": long}, stage, row="DE", duration_s=LONG_S)
    assert (fault.kind, fault.template, fault.row, fault.field) == ("overflow", "plate", "DE", "line")
    assert long in str(fault)
    assert "50 lines, the smallest" in str(fault)


def test_too_many_words_do_not_fit_either(plate: supers.Template, stage: supers.Stage) -> None:
    assert kinds(plate, {"line": "Terms apply. " * 9}, stage) == {"overflow"}


def test_a_character_that_no_font_has_names_the_font_to_add(plate: supers.Template, stage: supers.Stage) -> None:
    (fault,) = supers.faults(plate, {"line": "送料 kostenlos"}, stage, row="JP", duration_s=LONG_S)
    assert fault.kind == "glyph"
    assert "送 料" in fault.says
    assert "Source Sans 3" in fault.says
    assert "Noto Sans JP" in fault.says


def test_what_stands_outside_the_safe_area_is_found(plate: supers.Template, stage: supers.Stage) -> None:
    assert kinds(changed(plate, "line", box=(0.05, 0.98, 0.6, 0.3), stand="top"), ROW, stage) == {"unsafe"}
    assert kinds(changed(plate, "line", box=(-0.04, 0.6, 0.6, 0.3)), ROW, stage) == {"unsafe"}


def test_two_texts_that_run_into_each_other_are_found(plate: supers.Template, stage: supers.Stage) -> None:
    line = plate.layers[1]
    assert kinds(dataclasses.replace(plate, layers=(*plate.layers, dataclasses.replace(line, name="second"))), ROW, stage) == {"overlap"}


def test_letters_are_measured_as_the_rule_says(plate: supers.Template, stage: supers.Stage) -> None:
    bcap = [supers.rules("bcap")]  # a capital of Source Sans 3 is 0.66 of its size: 26 lines on a block are a size of 39.4
    assert kinds(changed(plate, "line", size=40.0, least=None), ROW, stage, rules=bcap) == set()
    assert kinds(changed(plate, "line", size=39.0, least=None), ROW, stage, rules=bcap) == {"small"}
    bare = dataclasses.replace(plate, layers=plate.layers[1:])
    bright = [np.zeros((180, 320, 3), np.uint8)]
    assert kinds(changed(bare, "line", size=46.0, least=None), ROW, stage, rules=bcap, background=bright) == set()
    assert kinds(changed(bare, "line", size=45.0, least=None), ROW, stage, rules=bcap, background=bright) == {"small"}


def test_a_hold_one_frame_too_short_is_found_and_the_least_is_enough(plate: supers.Template, stage: supers.Stage) -> None:
    bcap = [supers.rules("bcap")]
    least = supers.least_s(plate, ROW, bcap)
    assert least == Fraction(2, 5) + Fraction(24, 10)  # two words and two seconds, after it has arrived: the text goes with the cut
    assert kinds(plate, ROW, stage, stands_s=least, rules=bcap) == set()
    assert kinds(plate, ROW, stage, stands_s=least - Fraction(1, 50), rules=bcap) == {"short"}
    assert kinds(plate, ROW, stage, stands_s=Fraction(1, 2)) == {"short"}


def test_contrast_is_judged_over_the_worst_picture_that_is_shown(plate: supers.Template, stage: supers.Stage) -> None:
    thin = dataclasses.replace(plate, palette={"ground": "#10101060"})
    dark, bright = np.full((180, 320, 3), 20, np.uint8), np.full((180, 320, 3), 240, np.uint8)
    assert kinds(thin, ROW, stage, background=[dark]) == set()
    assert kinds(thin, ROW, stage, background=[dark, bright]) == {"contrast"}
    assert kinds(thin, ROW, stage) == set()  # nobody has shown the picture, and no rule asks
    assert kinds(thin, ROW, stage, rules=[supers.rules("bcap")]) == {"contrast"}
    assert kinds(plate, {**ROW, "ground": "#BBBBBB"}, stage) == {"contrast"}


def test_what_a_row_says_wrongly_is_found_all_at_once(plate: supers.Template, stage: supers.Stage) -> None:
    assert kinds(plate, {"line": " ", "headline": "x", "ground": "red"}, stage) == {"missing", "unknown", "colour"}


def test_a_picture_that_nobody_brought_is_found(stage: supers.Stage, tmp_path: Path) -> None:
    logo = supers.read('schema = 1\ntitle = "Logo"\nuse = "tests"\n[[layer]]\nname = "logo"\nkind = "image"\nslot = "logo"\nbox = [0.2, 0.2, 0.4, 0.4]\n', "logo")
    assert kinds(logo, {"logo": "old"}, stage) == {"asset"}
    drawn, broken = tmp_path / "logo.svg", tmp_path / "broken.png"
    drawn.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#ff0000"/></svg>')
    broken.write_bytes(b"no picture")
    held = dataclasses.replace(stage, assets={"new": drawn, "broken": broken})
    assert kinds(logo, {"logo": "new"}, held) == set()
    assert kinds(logo, {"logo": "broken"}, held) == {"asset"}
    assert supers.used(logo, {"logo": "new"}, held) == (drawn,)
    red = supers.frame(logo, {"logo": "new"}, held, at_s=Fraction(1), duration_s=Fraction(2))
    assert tuple(red[70, 110]) == (255, 0, 0, 255)


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (180, 180), (180, 224)])
def test_a_disclosure_is_proved_on_every_shape(fonts: supers.Fonts, size: tuple[int, int]) -> None:
    template, values, stage = supers.template("disclosure"), {"disclosure": "Contains a synthetic performer."}, supers.Stage(size=size, fonts=fonts)
    least = supers.least_s(template, values, [supers.rules("disclosure")])
    assert supers.disclosed(template, values, stage, row="US", duration_s=least) == ()
    assert {one.kind for one in supers.disclosed(template, values, stage, row="US", duration_s=least - Fraction(1, 25))} == {"short"}
    assert {one.kind for one in supers.disclosed(template, values, stage, row="US", duration_s=least, kept=(0.3, 0.0, 0.3, 1.0))} == {"unsafe"}
    assert {one.kind for one in supers.disclosed(template, {}, stage, row="US", duration_s=least)} == {"missing"}


def test_a_template_without_a_disclosure_proves_none(plate: supers.Template, stage: supers.Stage) -> None:
    assert {one.kind for one in supers.disclosed(plate, ROW, stage, row="US", duration_s=LONG_S)} == {"missing"}
