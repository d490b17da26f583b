"""Lines are found where they were said, whole, broken, doubled and over each other; and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from answerprint.model.attempts import Heard
from answerprint.script import matching
from answerprint.script.matching import Reading, find, tokens
from answerprint.script.sounding import nearness

SCRIPT = {
    1: "Morning starts before the light does.",
    2: "Four minutes. That is all I ask.",
    3: "The house is quiet. The cup is warm.",
    5: "Larkfield. Roasted slowly, poured once. Two hundred grams.",
    6: "Tomorrow can wait until I'm done.",
    7: "Larkfield. First pour.",
    8: "Yes.",
}
LINES = [matching.line(item, text) for item, text in SCRIPT.items()]


def heard(text: str, *, at_s: float = 0.0, probability: float = 0.6) -> list[Heard]:
    """Words 0.35 s apart; a bar is a pause of 1.5 s."""
    out = []
    for word in text.split():
        if word == "|":
            at_s += 1.5
        else:
            out.append(Heard(text=word, in_s=round(at_s, 2), out_s=round(at_s + 0.3, 2), probability=probability))
            at_s += 0.35
    return out


def found(text: str) -> tuple[Reading, ...]:
    vocabulary = [one for line in LINES for ways in line.readings for way in ways for one in way]
    return find(LINES, tokens(heard(text), vocabulary))


def differing(reading: Reading, text: str) -> list[tuple[str, str]]:
    speech = tokens(heard(text), [token.text for token in reading.tokens])
    return [
        (" ".join(reading.tokens[index].text for index in pair.script), " ".join(speech[index].text for index in pair.heard))
        for pair in reading.pairs
        if pair.near < 1
    ]


def items(text: str) -> list[int]:
    return [reading.item for reading in found(text)]


def test_lines_are_found_in_the_order_they_are_said():
    assert items("The house is quiet. The cup is warm. | Morning starts before the light does.") == [3, 1]


def test_talk_that_shares_words_with_the_script_is_not_a_line():
    assert items("The second one was quiet, let's do the light again. | Is that all I get? Keep that.") == []
    assert items("I ask you, is the cup in the house?") == []


def test_a_line_said_twice_is_there_twice():
    assert items("Tomorrow can wait until I'm done. | Tomorrow can wait until I'm done.") == [6, 6]


def test_two_who_speak_over_each_other_both_have_their_line():
    readings = found("Morning starts tomorrow before the can wait light does until I'm done")
    assert [(reading.item, reading.weight) for reading in readings] == [(1, 1.0), (6, 1.0)]


def test_a_changed_first_word_belongs_to_its_line():
    said = "Marshfield. Roasted slowly, poured once. 300 grams."
    (reading,) = found(said)
    assert differing(reading, said) == [("larkfield", "marshfield"), ("two", "three")]


def test_figures_are_heard_as_words():
    said = "Larkfield roasted slowly poured once 200 grams"
    (reading,) = found(said)
    assert differing(reading, said) == []


def test_a_name_heard_as_two_words_is_one():
    said = "Lark field. First poor."
    (reading,) = found(said)
    assert reading.item == 7
    assert differing(reading, said) == []


def test_a_short_line_needs_all_of_itself():
    assert items("Yes.") == [8]
    assert items("No.") == []
    assert items("First we eat.") == []


def test_what_is_added_inside_a_line_lies_inside_it():
    said = "The house is quiet. The cup is very warm."
    (reading,) = found(said)
    assert differing(reading, said) == [("", "very")]


def test_half_a_line_is_found_and_less_is_not():
    assert items("Larkfield. Roasted slowly, poured once.") == [5]
    assert items("Slowly, slowly.") == []


def test_no_words_and_no_lines_give_nothing():
    assert find([], tokens(heard("Morning starts"))) == ()
    assert found("") == ()
    assert find([matching.line(1, "...")], tokens(heard("Morning starts"))) == ()


def test_words_are_compared_by_ear():
    assert nearness("pour", "poor") == nearness("wait", "weight") == nearness("marlowe", "marlow") == 1
    assert nearness("cat", "dog") < 0.2 < nearness("bob", "rob") < nearness("steven", "stephen")


def test_a_reading_names_every_word_of_its_line_once():
    for reading in found("Morning uh starts the light. | Four hours. That's all. | Tomorrow can weight until"):
        script = [index for pair in reading.pairs for index in pair.script]
        assert script == list(range(len(reading.tokens)))
        used = [index for pair in reading.pairs for index in pair.heard]
        assert used == sorted(set(used))


def test_readings_share_no_word():
    readings: Sequence[Reading] = found("Larkfield first pour roasted slowly poured once two hundred grams larkfield")
    used = [index for reading in readings for index in reading.used]
    assert len(used) == len(set(used))
