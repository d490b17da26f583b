"""Agreement decides; what disagrees becomes a sentence."""

from __future__ import annotations

import pytest

from answerprint.model.attempts import Attempt, Reading
from answerprint.script.settling import clean_scene, clean_take, settle

BARE = Attempt(number=1, in_s=0.0, out_s=5.0)


def says(what: str, value: str, source: str, **more: str) -> Reading:
    return Reading(what=what, value=value, source=source, **more)  # type: ignore[arg-type]


def test_two_who_agree_outvote_one_and_the_conflict_is_a_sentence() -> None:
    one = settle(BARE, [says("take", "3", "spoken slate"), says("take", "4", "iXML"), says("take", "3", "file name")])
    assert one.take == 3
    assert one.source == ("spoken slate", "file name")
    assert one.conflicts == ("the slate says take 3, the recorder says take 4",)


def test_among_as_many_the_paper_is_believed_before_the_recorder() -> None:
    assert settle(BARE, [says("take", "4", "iXML"), says("take", "3", "notes")]).take == 3


def test_a_word_taken_for_another_comes_after_the_recorder() -> None:
    doubted = says("take", "8", "spoken slate", measure="least word probability 0.30; heard as 'a'")
    assert settle(BARE, [doubted, says("take", "1", "iXML")]).take == 1


def test_a_scene_without_its_letter_is_no_conflict() -> None:
    one = settle(BARE, [says("scene", "11", "spoken slate"), says("scene", "11C", "iXML")])
    assert one.scene == "11C"
    assert one.conflicts == ()


def test_a_slate_number_in_the_recorders_scene_field_is_the_slate() -> None:
    one = settle(BARE, [says("slate", "42", "spoken slate"), says("scene", "42", "iXML")])
    assert (one.slate, one.scene, one.source) == ("42", None, ("spoken slate", "iXML"))


def test_in_a_shoot_that_slates_by_number_the_recorders_other_number_is_a_slate_too_and_a_conflict() -> None:
    one = settle(BARE, [says("slate", "18", "spoken slate", measure="first heard as 80"), says("scene", "80", "iXML")])
    assert (one.slate, one.scene) == ("80", None)
    assert one.conflicts == ("the recorder says slate 80, the slate says slate 18",)


def test_who_names_scene_and_slate_both_keeps_them_apart() -> None:
    one = settle(BARE, [says("slate", "42", "notes"), says("scene", "12", "notes"), says("scene", "12", "iXML")])
    assert (one.slate, one.scene) == ("42", "12")


@pytest.mark.parametrize(
    ("misheard", "known", "name", "sentence"),
    [
        ("slate 130", "scene 13E", ("13E", None), "the recorder says scene 13E, the slate says slate 130"),
        ("scene 13E", "slate 130", (None, "130"), "the recorder says slate 130, the slate says scene 13E"),
    ],
)
def test_a_scene_that_was_not_heard_clearly_is_no_second_name_beside_a_slate(misheard: str, known: str, name: tuple[str | None, str | None], sentence: str) -> None:
    (heard_as, heard), (what, value) = misheard.split(), known.split()
    one = settle(BARE, [says(heard_as, heard, "spoken slate", measure="least word probability 0.40; not clear"), says(what, value, "iXML")])
    assert (one.scene, one.slate) == name
    assert one.conflicts == (sentence,)


def test_a_clear_slate_number_stands_beside_the_scene_that_the_paper_knows() -> None:
    one = settle(BARE, [says("slate", "42", "spoken slate", measure="least word probability 0.97"), says("scene", "12A", "notes")])
    assert (one.scene, one.slate, one.conflicts) == ("12A", "42", ())


def test_a_circle_shows_whose_it_is() -> None:
    one = settle(BARE, [says("circled", "yes", "notes", by="R. Adeyemi"), says("comment", "wind, lovely", "notes", by="R. Adeyemi")])
    assert (one.circled, one.circled_by, one.comment, one.comment_by) == (True, "R. Adeyemi", "wind, lovely", "R. Adeyemi")


def test_settling_twice_changes_nothing() -> None:
    one = settle(BARE, [says("take", "3", "spoken slate"), says("take", "4", "iXML")])
    assert settle(one) == one


@pytest.mark.parametrize(("written", "clean"), [("Sc. 01a", "1A"), ("12-B", "12B"), ("slate 042", "42"), ("", "")])
def test_scenes_are_compared_in_one_form(written: str, clean: str) -> None:
    assert clean_scene(written) == clean


@pytest.mark.parametrize(("written", "clean"), [("T03", (3, False)), ("3PU", (3, True)), ("take 4", (4, False)), ("1xa", (1, False)), ("wild", (None, False))])
def test_takes_are_numbers(written: str, clean: tuple[int | None, bool]) -> None:
    assert clean_take(written) == clean
