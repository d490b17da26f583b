"""The sealed first thought: nobody reads it but its author until they open it, and what they open is what they sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from answerprint import intent
from answerprint.intent import IntentError
from answerprint.keep import KeepError
from answerprint.ledger.admit import Refused
from answerprint.ledger.signer import KeyRefused
from answerprint.ledger.store import Record
from answerprint.ledger.verify import verify
from answerprint.model.records import canonical
from answerprint.spot import Spot
from tests.crewed import JO, MARA, crewed, now

WORDS = {"sentence": "A woman throws salt over her shoulder.", "rhythm": "slow, then three fast", "palette": "blue, one yellow coat", "music": "", "take": "the limping one"}


@pytest.fixture
def spot(tmp_path: Path) -> Iterator[tuple[Spot, Record]]:
    with crewed(tmp_path) as both:
        yield both


def test_nothing_of_its_words_is_anywhere_before_it_is_opened(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    record.sign(intent.sealed(WORDS, MARA, production.keep), MARA)
    files = [one for one in production.path.rglob("*") if one.is_file()]
    held = b"".join(one.read_bytes() for one in files)
    assert len(files) >= 3
    for text in [*filter(None, WORDS.values()), "salt over", "yellow coat", "limping"]:
        for written in (text.encode(), text.encode("utf-16-le"), text.encode().hex().encode(), canonical(text)[1:-1]):
            assert written not in held


def test_how_much_was_said_does_not_show(spot: tuple[Spot, Record]) -> None:
    production, _ = spot
    sizes = [len(production.keep.get(intent.sealed({"sentence": words}, MARA, production.keep).envelope or "")) for words in ("x", "x" * 3000)]
    assert sizes[0] == sizes[1]


def test_no_other_key_opens_it(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    record.sign(intent.sealed(WORDS, MARA, production.keep), MARA)
    (line,) = intent.unopened(now(record), now(record).person("mara"))
    with pytest.raises(KeyRefused, match="only that key opens it"):
        intent.opened(line, JO, production.keep)
    assert intent.unopened(now(record), now(record).person("jo")) == []


def test_what_is_opened_is_what_was_sealed(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    record.sign(intent.sealed(WORDS, MARA, production.keep), MARA)
    (line,) = intent.unopened(now(record), now(record).person("mara"))
    content = intent.opened(line, MARA, production.keep)
    assert content.content == WORDS
    with pytest.raises(Refused, match="what it opens is not what was sealed"):
        record.sign(replace(content, content={**WORDS, "rhythm": "fast"}), MARA)
    with pytest.raises(Refused, match="no first thought of theirs"):
        record.sign(content, JO)
    record.sign(content, MARA)
    (thought,) = intent.thoughts(now(record))
    assert (thought.content, thought.mind, thought.skipped) == (WORDS, 1, False)
    assert intent.unopened(now(record), now(record).person("mara")) == []
    assert verify(record.path).findings == ()


def test_a_change_of_mind_is_a_second_one_beside_the_first(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    for words in (WORDS, {"sentence": "Only her hands."}):
        record.sign(intent.sealed(words, MARA, production.keep), MARA)
    record.sign(intent.skipped(), JO)
    assert [(one.by.name, one.mind, one.skipped) for one in intent.thoughts(now(record))] == [("Mara Lind", 1, False), ("Mara Lind", 2, False), ("Jo Abara", 1, True)]


def test_the_same_words_are_sealed_differently_each_time(spot: tuple[Spot, Record]) -> None:
    production, _ = spot
    one, two = (intent.sealed(WORDS, MARA, production.keep) for _ in range(2))
    assert one.sealed != two.sealed
    assert one.envelope != two.envelope
    guess = canonical({"content": WORDS, "salt": ""})
    assert one.sealed != "sha256:" + hashlib.sha256(guess).hexdigest()


def test_leaving_everything_out_is_in_the_record_too(spot: tuple[Spot, Record]) -> None:
    production, _ = spot
    made = intent.sealed(dict.fromkeys(intent.QUESTIONS, " "), MARA, production.keep)
    assert made.skipped
    assert made.sealed is None
    with pytest.raises(IntentError, match="'mood' is not asked"):
        intent.sealed({"mood": "blue"}, MARA, production.keep)


def test_an_envelope_that_is_gone_or_another_one_is_a_sentence(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    record.sign(intent.sealed(WORDS, MARA, production.keep), MARA)
    (line,) = intent.unopened(now(record), now(record).person("mara"))
    other = intent.sealed({"sentence": "Another film."}, MARA, production.keep)
    with pytest.raises(IntentError, match="is not what was sealed there"):
        intent.opened(replace(line, content=replace(line.content, envelope=other.envelope)), MARA, production.keep)
    production.keep.path(line.content.envelope or "").unlink()
    with pytest.raises(KeepError, match="not in keep/"):
        intent.opened(line, MARA, production.keep)
