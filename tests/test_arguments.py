"""Creative friction: an objection blocks until somebody answers; an idea only once a person takes it up; a remark never."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from answerprint import arguments
from answerprint.arguments import ArgumentError
from answerprint.book import BookError
from answerprint.ledger.admit import Refused
from answerprint.ledger.store import Record
from answerprint.model.judgments import Revoke
from tests.crewed import ANA, JO, MARA, crewed, now

IDEA = {"schema": 1, "critic": "gaffer", "on": "cut:3", "text": "The key light changes sides here."}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with crewed(tmp_path) as (_, one):
        yield one


def test_an_objection_is_open_until_a_named_person_answers(record: Record) -> None:
    record.sign(arguments.objection(" A frame too polite. ", on="cut:3"), JO)
    (raised,) = now(record).objections
    assert (raised.number, raised.open, raised.line.content.text, raised.line.content.on) == ("O1", True, "A frame too polite.", "cut:3")
    record.sign(arguments.answer(now(record), "o1", "no", because="The silence is the film."), MARA)
    (raised,) = now(record).objections
    assert not raised.open
    assert raised.answer is not None
    assert raised.answer.content.because == "The silence is the film."
    with pytest.raises(ArgumentError, match="O1 was answered by Mara Lind"):
        arguments.answer(now(record), "1", "yes")


def test_a_no_needs_its_reason_and_a_yes_does_not(record: Record) -> None:
    record.sign(arguments.objection("Too dark."), JO)
    with pytest.raises(ArgumentError, match="a no to O1 needs its reason"):
        arguments.answer(now(record), "O1", "no", because=" ")
    record.sign(arguments.answer(now(record), "O1", "yes"), MARA)
    assert not now(record).objections[0].open


@pytest.mark.parametrize(("who", "says"), [(JO, "whoever raised an objection does not answer it"), (ANA, "somebody who holds a judgment")])
def test_who_may_not_answer(record: Record, who: Any, says: str) -> None:
    record.sign(arguments.objection("Too dark."), JO)
    with pytest.raises(Refused, match=says):
        record.sign(arguments.answer(now(record), "O1", "yes"), who)


def test_only_who_raised_it_takes_it_back(record: Record) -> None:
    record.sign(arguments.objection("Too dark."), JO)
    taken_back = arguments.withdrawal(now(record), "O1")
    with pytest.raises(Refused, match="only Jo Abara, who raised it, may withdraw it"):
        record.sign(taken_back, MARA)
    record.sign(taken_back, JO)
    assert not now(record).objections[0].open


def test_an_objection_that_was_struck_keeps_its_number_and_blocks_nothing(record: Record) -> None:
    first = record.sign(arguments.objection("One."), JO)
    record.sign(arguments.objection("Two."), ANA)
    record.sign(Revoke(key=JO.key_id, because="left", from_entry=first.n), MARA)
    assert [(one.number, one.open) for one in now(record).objections] == [("O1", False), ("O2", True)]
    with pytest.raises(ArgumentError, match="O1 was struck"):
        arguments.answer(now(record), "O1", "yes")


def test_nothing_said_is_no_objection_and_an_unknown_number_is_a_sentence(record: Record) -> None:
    with pytest.raises(ArgumentError, match="an objection says something"):
        arguments.objection("  ")
    with pytest.raises(BookError, match="there is no objection O4"):
        arguments.answer(now(record), "O4", "yes")


# ---- ideas


def test_an_idea_blocks_nothing_until_somebody_takes_it_up(record: Record) -> None:
    n = record.append("idea", IDEA).n
    assert now(record).objections == []
    taken = arguments.idea(record, n)
    record.sign(arguments.second(now(record), taken), JO)
    (raised,) = now(record).objections
    assert (raised.open, raised.line.by.name, raised.line.content.idea, raised.line.content.on, raised.line.content.text) == (True, "Jo Abara", n, "cut:3", IDEA["text"])
    with pytest.raises(ArgumentError, match="Jo Abara took that idea up already, as O1"):
        arguments.second(now(record), taken)
    record.sign(arguments.answer(now(record), "O1", "yes"), MARA)
    assert arguments.second(now(record), taken, text="It still does.").text == "It still does."


def test_only_an_idea_is_taken_up(record: Record) -> None:
    empty = record.append("idea", {"schema": 2, "says": "in a newer form"}).n
    for n, says in [(1, "entry 1 is no idea"), (99, "entry 99 is no idea"), (empty, "newer release")]:
        with pytest.raises(ArgumentError, match=says):
            arguments.idea(record, n)


# ---- standing behind it, remarks


def test_somebody_stands_behind_their_part_and_nobody_has_to(record: Record) -> None:
    record.sign(arguments.stand("camera", text="All of it."), JO)
    assert [(one.by.name, one.content.part, one.content.text) for one in arguments.stands(now(record))] == [("Jo Abara", "camera", "All of it.")]
    with pytest.raises(ArgumentError, match="which part"):
        arguments.stand(" ")


def test_a_remark_is_not_signed_and_blocks_nothing(record: Record) -> None:
    record.append("remark", arguments.remark("The client laughed.", by="Ana", on="cut:5"))
    record.append("remark", {"schema": 2, "strange": True})
    assert [(one.by, one.via, one.on, one.text) for one in arguments.remarks(record)] == [("Ana", "terminal", "cut:5", "The client laughed.")]
    assert now(record).objections == []
    with pytest.raises(ArgumentError, match="by whom"):
        arguments.remark("So?", by="")
