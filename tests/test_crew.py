"""Who is on the crew and who holds what: seats, empty chairs, keys given and taken away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from answerprint import crew
from answerprint.book import Book, BookError
from answerprint.crew import CrewError
from answerprint.ledger.admit import Refused
from answerprint.ledger.store import Record
from answerprint.model.judgments import ROLES
from tests.crewed import ANA, JO, MARA, crewed, now
from tests.ledger.signing import Hand

KIM = Hand("Kim Olsen")


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with crewed(tmp_path) as (_, one):
        yield one


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Book]:
    with Record.create(tmp_path / "record.db") as one:
        yield Book(one)


# ---- chairs


def test_every_seat_is_on_the_list_and_an_empty_one_is_an_empty_chair(record: Record) -> None:
    found = {one.role: [who.name for who in one.people] for one in crew.chairs(now(record))}
    assert list(found) == list(ROLES)
    assert (found["producer"], found["director"], found["DP"], found["client"]) == (["Mara Lind"], ["Mara Lind"], ["Jo Abara"], ["Ana Reyes"])
    assert found["composer"] == found["editor"] == []


def test_a_role_that_is_not_on_the_list_is_a_seat_too(record: Record) -> None:
    record.sign(crew.enrolment(now(record), "Kim Olsen", roles=["food stylist", "Colorist"], public=KIM.public), MARA)
    assert [one.role for one in crew.chairs(now(record))][len(ROLES) :] == ["food stylist"]
    assert now(record).person("kim").roles == ("food stylist", "colourist")


def test_the_first_on_the_crew_is_a_producer(empty: Book) -> None:
    with pytest.raises(CrewError, match="the first on the crew is a producer"):
        crew.enrolment(empty, "Mara Lind", roles=["director"], public=MARA.public)
    made = crew.enrolment(empty, "  Mara   Lind ", roles=["Producer"], public=MARA.public)
    assert (made.person, made.name, made.roles) == (MARA.key_id, "Mara Lind", ("producer",))


def test_somebody_of_the_same_name_is_told_apart_or_is_the_same(record: Record) -> None:
    with pytest.raises(CrewError, match=r"Jo Abara is on the crew already. For another key of theirs say --same"):
        crew.enrolment(now(record), "jo abara", roles=["gaffer"], public=KIM.public)
    record.sign(crew.enrolment(now(record), "jo", public=KIM.public, same=True), MARA)
    jo = now(record).person("Jo Abara")
    assert (jo.keys, jo.roles) == ((JO.key_id, KIM.key_id), ("DP",))


def test_a_key_that_is_somebodys_is_not_enrolled_for_somebody_else(record: Record) -> None:
    """Under the law a producer may call a person otherwise; under the wrong .pub file everything that Jo said would be Kim's."""
    for asked in ({"roles": ["gaffer"]}, {"same": True}):
        with pytest.raises(CrewError, match=r"this key is Jo Abara's here, so it cannot be (Kim Olsen|Ana Reyes)'s too"):
            crew.enrolment(now(record), "Ana Reyes" if "same" in asked else "Kim Olsen", public=JO.public, **asked)  # type: ignore[arg-type]
    assert crew.enrolment(now(record), "Jo Abara", public=JO.public, same=True).person == JO.key_id


def test_what_is_no_key_is_not_enrolled(record: Record) -> None:
    with pytest.raises(CrewError, match="not a public key"):
        crew.enrolment(now(record), "Kim", roles=["DP"], public="ssh-ed25519 ???")
    with pytest.raises(CrewError, match="what does Kim do"):
        crew.enrolment(now(record), "Kim", public=KIM.public)


def test_somebody_takes_another_seat_and_leaves_one(record: Record) -> None:
    record.sign(crew.reseated(now(record), "jo", add=["gaffer"], leave=["dp"]), MARA)
    assert now(record).person("jo").roles == ("gaffer",)
    for wrong, says in [({"leave": ["editor"]}, "is not editor here"), ({"leave": ["gaffer"]}, "no role left"), ({"add": ["gaffer"]}, "is that already")]:
        with pytest.raises(CrewError, match=says):
            crew.reseated(now(record), "jo", **wrong)


def test_a_recovery_key_enrols_a_new_key_for_its_own_person_and_nothing_else(record: Record) -> None:
    paper, other = Hand("paper"), Hand("Mara's new one")
    record.sign(crew.enrolment(now(record), "mara", public=paper.public, purpose="recovery", same=True), MARA)
    record.sign(crew.enrolment(now(record), "mara", public=other.public, same=True), paper)
    assert now(record).of_key(other.key_id) == now(record).person("mara")
    with pytest.raises(Refused, match="a producer enrols other people"):
        record.sign(crew.enrolment(now(record), "jo", public=KIM.public, same=True), paper)


# ---- keys taken away


def test_a_person_who_leaves_loses_every_key_and_their_chair(record: Record) -> None:
    record.sign(crew.enrolment(now(record), "jo", public=KIM.public, purpose="recovery", same=True), MARA)
    found = crew.revocations(now(record), "jo", because="left the film", by=MARA.key_id)
    assert [one.key for one in found] == [KIM.key_id, JO.key_id], "the one on paper first: it could enrol another"
    for one in found:
        record.sign(one, MARA)
    assert next(one.people for one in crew.chairs(now(record)) if one.role == "DP") == ()
    with pytest.raises(CrewError, match="no key left"):
        crew.revocations(now(record), "jo", because="again", by=MARA.key_id)


def test_one_key_of_ones_own_is_named_by_its_id(record: Record) -> None:
    record.sign(crew.enrolment(now(record), "mara", public=KIM.public, same=True), MARA)
    with pytest.raises(CrewError, match="say which of your own keys"):
        crew.revocations(now(record), "mara", because="lost", by=KIM.key_id)
    (one,) = crew.revocations(now(record), MARA.key_id[:15], because="lost", by=KIM.key_id, from_entry=3)
    assert (one.key, one.from_entry) == (MARA.key_id, 3)
    with pytest.raises(CrewError, match="needs its reason"):
        crew.revocations(now(record), "jo", because=" ", by=MARA.key_id)
    with pytest.raises(CrewError, match="there is no entry 0"):
        crew.revocations(now(record), "jo", because="lost", by=KIM.key_id, from_entry=0)
    with pytest.raises(BookError, match="'SHA256:AAAA' is not of the crew"):
        crew.revocations(now(record), "SHA256:AAAA", because="lost", by=MARA.key_id)


def test_the_last_producer_cannot_be_left_without_a_key(record: Record) -> None:
    (one,) = crew.revocations(now(record), "mara", because="tired", by=MARA.key_id)
    with pytest.raises(Refused, match="without a producer"):
        record.sign(one, MARA)


# ---- the charter


def test_a_charter_is_signed_whole_and_says_only_what_was_changed(record: Record) -> None:
    before = now(record).charter
    record.sign(crew.charter(now(record), holders=[("grade", "jo"), ("all", "mara"), ("bed", "nobody")]), MARA)
    after = now(record)
    assert before is not None
    assert after.charter is not None
    assert after.charter.content.replaces == before.n
    found = {one.judgment: one.holder.name if one.holder else None for one in crew.seats(after)}
    assert (found["grade"], found["mix"], found["music bed"], found["sign-off"]) == ("Jo Abara", "Mara Lind", None, "Mara Lind")
    with pytest.raises(CrewError, match="says that already"):
        crew.charter(after, holders=[("grade", "jo")])


def test_what_the_machine_was_handed_says_by_whom_and_why_since_when(record: Record) -> None:
    with pytest.raises(CrewError, match="handing the music bed to the machine needs its reason"):
        crew.charter(now(record), machine={"bed": " "})
    handed = record.sign(crew.charter(now(record), machine={"bed": "web filler"}), MARA)
    record.sign(crew.charter(now(record), holders=[("mix", "jo")]), MARA)
    bed = next(one for one in crew.seats(now(record)) if one.judgment == "music bed")
    assert (bed.machine, bed.because, bed.by and bed.by.name, bed.since) == (True, "web filler", "Mara Lind", handed.n)
    with pytest.raises(Refused, match="the sign-off is never the machine's"):
        record.sign(crew.charter(now(record), machine={"sign-off": "no time"}), MARA)


def test_an_execution_is_made_stricter_and_taken_back(record: Record) -> None:
    record.sign(crew.charter(now(record), stricter=["captions"], holders=[("captions", "jo")]), MARA)
    book = now(record)
    last = crew.seats(book)[-1]
    assert (last.judgment, last.stricter, last.holder and last.holder.name) == ("captions", True, "Jo Abara")
    record.sign(crew.charter(book, not_stricter=["captions"]), MARA)
    charter = now(record).charter
    assert charter is not None
    assert (charter.content.stricter, "captions" in charter.content.holders) == ((), False)


def test_what_an_older_charter_let_leave_in_general_stays_written_until_it_is_taken_back(record: Record) -> None:
    old = crew.charter(now(record), stricter=["captions"])
    record.sign(replace(old, leaves=("words",)), MARA)
    record.sign(crew.charter(now(record), not_stricter=["captions"]), MARA)
    charter = now(record).charter
    assert charter is not None
    assert charter.content.leaves == ("words",)
    assert crew.charter(now(record), leaves=["nothing"]).leaves == ()


@pytest.mark.parametrize(
    ("asked", "says"),
    [({"holders": [("grades", "jo")]}, "'grades' is no judgment here"), ({"holders": [("m", "jo")]}, "'m' could be mix or hero framing or music bed"),
     ({"stricter": ["taste"]}, "'taste' is no execution"), ({"leaves": ["words"]}, "let for one service at a time")],
)  # fmt: skip
def test_what_is_not_on_the_line_is_a_sentence(record: Record, asked: dict[str, object], says: str) -> None:
    with pytest.raises(CrewError, match=says):
        crew.charter(now(record), **asked)  # type: ignore[arg-type]
    with pytest.raises(BookError, match=r"'kim' is not of the crew. There is: Mara Lind, Jo Abara, Ana Reyes"):
        crew.charter(now(record), holders=[("grade", "kim")])


def test_only_a_producer_signs_a_charter_and_not_over_another_one(record: Record) -> None:
    older = crew.charter(now(record), holders=[("mix", "jo")])
    with pytest.raises(Refused, match="a producer signs the charter"):
        record.sign(older, JO)
    record.sign(crew.charter(now(record), holders=[("grade", "jo")]), MARA)
    with pytest.raises(Refused, match="the charter was changed meanwhile"):
        record.sign(older, MARA)


def test_somebody_alone_is_told_how_to_take_every_seat(empty: Book, record: Record) -> None:
    assert crew.alone(empty) is None
    assert crew.alone(now(record)) is None
    assert ANA.key_id in now(record).people
