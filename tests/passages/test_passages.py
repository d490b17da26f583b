"""Passages: where a sentence ends, and whose words each of a page is, as its history has it."""

from __future__ import annotations

import random
import time

import pytest

from answerprint.passages import Index, Piece, of_text, sentences, texts, words
from tests.drafting.briefs import pages
from tests.passages import histories


@pytest.mark.parametrize("name", ["beer", "hospice", "bike", "beer, with prose"])
def test_the_origin_of_each_passage_is_what_the_history_of_the_page_says(name: str) -> None:
    pieces, brief = next((pieces, brief) for called, pieces, brief in pages() if called == name)
    held = Index(pieces, brief)
    for seed in range(20):
        rng = random.Random(seed)
        page = histories.page(list(pieces), brief)
        histories.edit(rng, page, rng.randint(3, 40))
        assert [(words(one.text), one.origin) for one in of_text(histories.markdown(page), held)] == histories.truth(page), f"seed {seed}"


def test_a_changed_passage_shows_which_of_its_words_are_still_the_machines() -> None:
    held = Index([Piece(text="The place is kept from us until one wide tells it.", whose="answerprint", entry=3)])
    (one,) = of_text("The place is kept from us by fog and a dirty window.", held)
    assert (one.origin, one.kept, one.was) == ("edited", ((0, 6),), "The place is kept from us until one wide tells it.")


def test_who_quotes_the_brief_writes_their_own_sentence() -> None:
    held = Index([Piece(text="Ask why people would have one beer if they did not drive.", whose="answerprint")], "who would have one beer if they did not have to drive")
    assert of_text("She says she would have one beer if they let her.", held)[0].origin == "person"


def test_sentences_end_where_a_reader_ends_them() -> None:
    assert sentences("He waits, e.g. at night. “Kjør hjem.” She drives! Is it 5 p.m.? No. 5 is hers.") == ["He waits, e.g. at night.", "“Kjør hjem.”", "She drives!", "Is it 5 p.m.?", "No. 5 is hers."]
    assert sentences("雨が降る。彼女は待つ。") == ["雨が降る。", "彼女は待つ。"]
    assert [one.text for one in texts("## Look\n\n| Lens | 40 mm |\n|---|---|\n\n1. Wide.\n2. *Close.*\n")] == ["Look", "Lens", "40 mm", "Wide.", "Close."]


@pytest.mark.parametrize("said", ["rain ", "rain, sea and rain, sea and ", "Rain falls. "], ids=["a word", "some words", "a sentence"])
def test_a_text_of_the_same_words_over_and_over_is_looked_at_as_soon_as_any_other(said: str) -> None:
    """It held the room's page of drafts for minutes, for everybody."""
    held = Index([Piece(text=said * 5000, whose="answerprint"), *(Piece(text=f"Rain falls on window {n}.", whose="answerprint") for n in range(40))])
    begun = time.process_time()
    found = of_text(f"Now {said * 5000}then.", held)
    assert time.process_time() - begun < 5
    assert found
    assert of_text("Rain falls on window 7.", held)[0].origin == "machine"
