"""The law of the record, refusal by refusal: the writer says it, and a stranger's check says it of the same entry put in by force."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.book import Book
from answerprint.ledger import LedgerError, Record, Refused
from answerprint.ledger import verify as law
from answerprint.ledger.verify import NAMESPACE, WITHHELD, Entry, State, read_body, sha256, verify, walk
from answerprint.model import judgments
from answerprint.model.judgments import (
    Answer,
    Approval,
    Charter,
    Checkpoint,
    Decision,
    Enrol,
    FilmSeal,
    Holder,
    Human,
    Intent,
    Key,
    Let,
    Noted,
    Objection,
    Refusal,
    Release,
    Revoke,
    Round,
    Seen,
    SignOff,
    Stand,
)
from answerprint.model.records import canonical
from tests.ledger.conftest import sealed, task_body
from tests.ledger.signing import Hand
from tests.ledger.stories import QUESTION, Crew, charter, cut, decided, rebuilt, takes, thought, told

CREW = Crew()
ANA, DRE, EDIE, CLEO, PAPER = CREW.producer, CREW.director, CREW.editor, CREW.client, CREW.paper
NOBODY = Hand("Nobody")
AT = "2026-03-01T10:00:00.000Z"


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """Two machine entries, four people, a recovery key (entry 7) and a charter (entry 8)."""
    with Record.create(tmp_path / "record.db") as record:
        record.append_many([("task", task_body(n)) for n in (1, 2)])
        record.sign(ANA.enrols("producer"), ANA)
        for other, role in ((DRE, "director"), (EDIE, "editor"), (CLEO, "client")):
            record.sign(ANA.enrols(role, other=other), ANA)
        record.sign(ANA.enrols("producer", other=PAPER, person=ANA.key_id, purpose="recovery"), ANA)
        record.sign(charter(CREW), ANA)
        yield record


def next_entry(record: Record, kind: str, body: bytes, hand: Hand, at: str = AT) -> Entry:
    n, head = record.head()
    return sealed(n + 1, head, kind, body, at=at, signature=hand.sign(body, NAMESPACE))


def refused(record: Record, content: Human, hand: Hand, says: str, *, seen: Seen | None = None) -> None:
    """The writer refuses it before and after it is signed, and verify finds it where it was put in by force."""
    prepared = record.prepare(content, by=hand.key_id, seen=seen)
    before = record.head()
    assert says in " ".join(record.missing(prepared))
    with pytest.raises(Refused) as told_so:
        record.append_signed(prepared, hand.sign(prepared.body, NAMESPACE))
    assert says in str(told_so.value)
    assert record.head() == before
    forced = next_entry(record, prepared.kind, prepared.body, hand, prepared.at)
    assert found(record, forced) == [(forced.n, says)] or says in "; ".join(say for _, say in found(record, forced))
    assert all(n == forced.n for n, _ in found(record, forced))


def found(record: Record, *more: Entry) -> list[tuple[int | None, str]]:
    return [(finding.n, finding.says) for finding in walk([*record.entries(), *more]).findings]


def plain(content: Human, hand: Hand, record: Record, **other: Any) -> dict[str, Any]:
    n, head = record.head()
    return {**judgments.body(content, by=hand.key_id, at=AT, seen=Seen(n=n, hash=head)), **other}


def sign_plain(record: Record, body: dict[str, Any], hand: Hand, kind: str | None = None, at: str = AT) -> list[str]:
    """What verify says of a signed body of any form."""
    return [say for _, say in found(record, next_entry(record, kind or body["kind"], canonical(body), hand, at))]


# ---- who may sign what


Case = tuple[str, Human, Hand, str]
FILM = FilmSeal(version="master", spec="tv-eu", file="film.mp4", essence=sha256(b"x"), played=True)
NOTE = Noted(version="master", spec="tv-eu", check="black", says="14 frames are black", note="The lights go out there. That is the film.")

MAY_NOT: list[Case] = [
    ("a stranger", Stand(part="light", about="film:master"), NOBODY, "is not enrolled in this record"),
    ("enrol by an editor", EDIE.enrols("producer", other=NOBODY), EDIE, "a producer enrols other people"),
    ("enrol by a client, for the director", CLEO.enrols("director", other=NOBODY, person=DRE.key_id), CLEO, "a producer enrols other people"),
    ("promoting oneself", Enrol(person=EDIE.key_id, name=EDIE.name, roles=("producer",), key=EDIE.enrols("editor").key), EDIE, "a producer changes a name or a role"),
    ("renaming oneself", Enrol(person=CLEO.key_id, name=DRE.name, roles=("client",), key=CLEO.enrols("client").key), CLEO, "a producer changes a name or a role"),
    ("a further key with another role", CLEO.enrols("producer", other=NOBODY, person=CLEO.key_id), CLEO, "a producer changes a name or a role"),
    ("somebody else's key as one's own", replace(EDIE.enrols("editor", other=DRE), person=EDIE.key_id), EDIE, "is already that of Dre Director"),
    ("a person who does not exist", ANA.enrols("gaffer", other=NOBODY, person="SHA256:nobody"), ANA, "a new person is named by their first key"),
    ("a person with only a key on paper", ANA.enrols("gaffer", other=NOBODY, purpose="recovery"), ANA, "a new person is named by their first key"),
    ("a person without a name", replace(ANA.enrols("gaffer", other=NOBODY), name=" "), ANA, "it says no name, or no role"),
    ("a person without a role", ANA.enrols(other=NOBODY), ANA, "it says no name, or no role"),
    ("an empty role", ANA.enrols("", other=NOBODY), ANA, "it says no name, or no role"),
    ("the last producer demoted", ANA.enrols("director"), ANA, "it would leave the production without a producer"),
    ("a daily key turned into one on paper", ANA.enrols("client", other=CLEO, purpose="recovery"), ANA, "for another purpose or page"),
    ("a key on paper turned into a daily one", ANA.enrols("producer", other=PAPER, person=ANA.key_id), ANA, "for another purpose or page"),
    ("a key of no known purpose", ANA.enrols("client", other=NOBODY, purpose="weekly"), ANA, "for every day or for recovery"),
    ("a charter by the director", charter(CREW, 8), DRE, "a producer signs the charter"),
    ("a charter by a client", charter(CREW, 8), CLEO, "a producer signs the charter"),
    ("a charter by the key on paper", charter(CREW, 8), PAPER, "a recovery key only enrols and revokes"),
    ("a charter that replaces nothing", charter(CREW), ANA, "the charter was changed meanwhile, in entry 8"),
    ("a charter that replaces another", charter(CREW, 5), ANA, "the charter was changed meanwhile, in entry 8"),
    ("a judgment given to a stranger", charter(CREW, 8, mix=Holder(person=NOBODY.key_id)), ANA, "is given to somebody who is not of the crew"),
    ("a judgment given twice", charter(CREW, 8, mix=Holder(person=EDIE.key_id, machine=True, because="x")), ANA, "to a person and to the machine"),
    ("the sign-off given to the machine", charter(CREW, 8, **{"sign-off": Holder(machine=True, because="x")}), ANA, "the sign-off is never the machine's"),
    ("a judgment given to the machine without a word", charter(CREW, 8, mix=Holder(machine=True, because=" ")), ANA, "needs its reason"),
    ("an execution held that was not made stricter", charter(CREW, 8, captions=Holder(person=EDIE.key_id)), ANA, "is no judgment here"),
    ("a budget that is no amount", replace(charter(CREW, 8), spends={"EUR": "-5"}), ANA, "is no amount that services may cost"),
    ("a budget in no currency", replace(charter(CREW, 8), spends={"euros": "5"}), ANA, "is no amount that services may cost"),
    ("a service named twice", replace(charter(CREW, 8), lets=(Let(provider="writer", at="https://a.example.org", kind="words"), Let(provider="writer", at="https://b.example.org", kind="words"))), ANA, "it speaks twice of one service"),
    ("revoking a key that is not there", Revoke(key=NOBODY.key_id, because="x"), ANA, "there is no key"),
    ("revoking somebody else's key", Revoke(key=DRE.key_id, because="x"), CLEO, "a producer revokes other people's keys"),
    ("revoking somebody else's key from paper", Revoke(key=DRE.key_id, because="x"), PAPER, "a producer revokes other people's keys"),
    ("revoking without a reason", Revoke(key=CLEO.key_id, because=""), ANA, "revoking a key needs its reason"),
    ("striking from before the key was there", Revoke(key=DRE.key_id, because="x", from_entry=4), ANA, "the first entry to strike lies between"),
    ("striking the future", Revoke(key=DRE.key_id, because="x", from_entry=9), ANA, "the first entry to strike lies between"),
    ("striking what one signed oneself", Revoke(key=ANA.key_id, because="x", from_entry=5), ANA, "a key does not strike what it signed itself"),
    ("striking the enrolment of the key that signs", Revoke(key=ANA.key_id, because="x", from_entry=4), PAPER, "it would strike what gives its signer the right"),
    ("a take by the editor", takes("A#1"), EDIE, "Edie Editor does not hold the take: Dre Director holds it"),
    ("a take by the producer", takes("A#1"), ANA, "does not hold the take"),
    ("a take from paper", takes("A#1"), PAPER, "a recovery key only enrols and revokes"),
    ("one judgment of two that is not theirs", Decision(gesture="lock", decisions=(decided("take", "item:1", "A"), decided("pacing", "film:master", "B"))), DRE,
     "does not hold the pacing: Edie Editor holds it"),
    ("nothing decided", Decision(gesture="selects", decisions=()), DRE, "it decides nothing"),
    ("decided about nothing", Decision(gesture="selects", decisions=(decided("take", " ", "A"),)), DRE, "it does not say about what it decides"),
    ("a sign-off among decisions", Decision(gesture="finish", decisions=(decided("sign-off", "film:master", "yes"),)), DRE, "not one decision among others"),
    ("one thing decided twice", Decision(gesture="selects", decisions=(decided("take", "item:1", "A"), decided("take", "item:1", "B"))), DRE, "it decides the take of item:1 twice"),
    ("replacing what is not there", takes("A#1", replaces={1: "9/1"}), DRE, "there is no decision on the take of item:1 that it could replace"),
    ("an objection that says nothing", Objection(on="item:1", text="\n "), CLEO, "it says nothing"),
    ("an objection from paper", Objection(on="item:1", text="no"), PAPER, "a recovery key only enrols and revokes"),
    ("an idea of the future taken up", Objection(on="item:1", text="no", idea=40), EDIE, "there is no entry 40 yet"),
    ("an answer to nothing", Answer(objection=5, answer="yes"), DRE, "entry 5 is no objection"),
    ("a first thought that is nothing", Intent(), DRE, "sealed, skipped or opened: one of them"),
    ("a first thought sealed and skipped", Intent(sealed=sha256(b"x"), skipped=True), DRE, "sealed, skipped or opened: one of them"),
    ("a first thought sealed with nothing", Intent(sealed="x"), DRE, "it does not say the seal of a first thought"),
    ("a sealed thought said aloud", Intent(sealed=sha256(b"x"), content={"sentence": "x"}), DRE, "does not say what is in it"),
    ("opening what is no thought", Intent(opens=4, salt="x", content={}), DRE, "is no first thought of theirs to open"),
    ("a round by the client", Round(label="r", to="me", cuts=(cut(),)), CLEO, "somebody of the crew sends a round"),
    ("a round of nothing", Round(label="r", to="Cleo", cuts=()), EDIE, "a round says what went to whom"),
    ("a round to nobody", Round(label="r", to=" ", cuts=(cut(),)), EDIE, "a round says what went to whom"),
    ("an approval of no round", Approval(round=8, contact="Cleo", outcome="approved"), EDIE, "entry 8 is no round"),
    ("no part stood behind", Stand(part="", about="film:master"), EDIE, "it says no part"),
    ("a sign-off by the producer", SignOff(question=QUESTION, cuts=(cut(),)), ANA, "Ana Producer does not hold the sign-off: Dre Director holds it"),
    ("a sign-off by the client", SignOff(question=QUESTION, cuts=(cut(),)), CLEO, "does not hold the sign-off"),
    ("a sign-off of nothing", SignOff(question=QUESTION, cuts=()), DRE, "it names no cut"),
    ("a sign-off with somebody else's pacing", SignOff(question=QUESTION, cuts=(cut(),), decisions=(decided("pacing", "film:master", "x"),)), DRE, "does not hold the pacing"),
    ("a sign-off beside what is no thought", SignOff(question=QUESTION, cuts=(cut(),), intent=4), DRE, "entry 4 is no opened first thought"),
    ("a sign-off to no question", SignOff(question=" ", cuts=(cut(),)), DRE, "it does not say which question it answers"),
    ("a sign-off of a film of another cut", SignOff(question=QUESTION, cuts=(cut(),), films=(replace(FILM, version="short"),)), DRE, "it names a film of 'short', and no cut of it"),
    ("a sign-off of one film twice", SignOff(question=QUESTION, cuts=(cut(),), films=(FILM, replace(FILM, essence=sha256(b"y")))), DRE, "the film of 'master' for 'tv-eu' twice"),
    ("a sign-off of a film without a seal", SignOff(question=QUESTION, cuts=(cut(),), films=(replace(FILM, essence="x"),)), DRE, "what it says is the seal of 'film.mp4' is none"),
    ("a note about no film", SignOff(question=QUESTION, cuts=(cut(),), films=(FILM,), notes=(replace(NOTE, spec="web"),)), DRE, "about a film that it does not name"),
    ("a note that says nothing", SignOff(question=QUESTION, cuts=(cut(),), films=(FILM,), notes=(replace(NOTE, note=" "),)), DRE, "it has a note that says nothing"),
    ("a release of one film twice", Release(cuts=(cut(),), because="x", missing=(), films=(FILM, FILM)), ANA, "the film of 'master' for 'tv-eu' twice"),
    ("a refusal to no question", Refusal(question="", cuts=(cut(),), because="x", next="strings"), DRE, "it does not say which question it answers"),
    ("a refusal by the editor", Refusal(question=QUESTION, cuts=(cut(),), because="x", next="strings"), EDIE, "does not hold the sign-off"),
    ("a refusal without a reason", Refusal(question=QUESTION, cuts=(cut(),), because="", next="strings"), DRE, "scrapping a cut needs its reason"),
    ("a refusal of nothing", Refusal(question=QUESTION, cuts=(), because="x", next="strings"), DRE, "it names no cut"),
    ("a refusal that starts from the best takes", Refusal(question=QUESTION, cuts=(cut(),), because="x", next="auto"), DRE, "starts from the strings"),
    ("a release by the director", Release(cuts=(cut(),), because="x", missing=()), DRE, "only a producer releases"),
    ("a release from paper", Release(cuts=(cut(),), because="x", missing=()), PAPER, "a recovery key only enrols and revokes"),
    ("a release without a reason", Release(cuts=(cut(),), because="", missing=()), ANA, "releasing unsigned needs its reason"),
    ("a release of nothing", Release(cuts=(), because="x", missing=()), ANA, "it names no cut"),
    ("a checkpoint from paper", Checkpoint(title="x"), PAPER, "a recovery key only enrols and revokes"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "hand", "says"), [pytest.param(*case[1:], id=case[0]) for case in MAY_NOT])
def test_what_nobody_may_sign(record: Record, content: Human, hand: Hand, says: str) -> None:
    refused(record, content, hand, says)


MAY: list[tuple[str, Human, Hand]] = [
    ("a producer enrols somebody", ANA.enrols("gaffer", other=NOBODY), ANA),
    ("a producer gives the director a further key", ANA.enrols("director", other=NOBODY, person=DRE.key_id), ANA),
    ("a client has a further key", replace(CLEO.enrols("client", other=NOBODY, person=CLEO.key_id), name=CLEO.name), CLEO),
    ("a client puts a key on paper", replace(CLEO.enrols("client", other=NOBODY, person=CLEO.key_id, purpose="recovery"), name=CLEO.name), CLEO),
    ("a producer changes a role", ANA.enrols("DP", other=CLEO), ANA),
    ("a producer changes a name", replace(ANA.enrols("client", other=CLEO), name="Cleo Married"), ANA),
    ("two people of one name", replace(ANA.enrols("editor", other=NOBODY), name=EDIE.name), ANA),
    ("the key on paper gives its person a new one", replace(PAPER.enrols("producer", other=NOBODY, person=ANA.key_id), name=ANA.name), PAPER),
    ("the key on paper revokes its person's daily one", Revoke(key=ANA.key_id, because="lost"), PAPER),
    ("a producer who has a key on paper revokes the daily one", Revoke(key=ANA.key_id, because="lost"), ANA),
    ("a producer revokes a client", Revoke(key=CLEO.key_id, because="gone"), ANA),
    ("a client leaves", Revoke(key=CLEO.key_id, because="gone"), CLEO),
    ("a producer strikes from an entry", Revoke(key=CLEO.key_id, because="stolen", from_entry=7), ANA),
    ("captions made stricter and held", replace(charter(CREW, 8, captions=Holder(person=EDIE.key_id)), stricter=("captions",)), ANA),
    ("an empty chair", charter(CREW, 8, mix=Holder()), ANA),
    ("the music bed handed to the machine", charter(CREW, 8, music_bed=Holder(machine=True, because="a web test")), ANA),
    ("takes", takes("A#1", "B#1"), DRE),
    ("a mix", Decision(gesture="finish", decisions=(decided("mix", "film:master", "as it is"),)), EDIE),
    ("an objection by a client", Objection(on="item:1", text="no"), CLEO),
    ("an idea taken up", Objection(on="item:1", text="I second this", idea=2), EDIE),
    ("a first thought", Intent(sealed=sha256(b"x")), DRE),
    ("a first thought skipped", Intent(skipped=True), CLEO),
    ("a round", Round(label="r", to="Cleo", cuts=(cut(),)), EDIE),
    ("a part stood behind", Stand(part="the light", about="film:master"), CLEO),
    ("a sign-off", SignOff(question=QUESTION, cuts=(cut(),), decisions=(decided("grade", "film:master", "cool"),)), DRE),
    ("a sign-off that names its film", SignOff(question=QUESTION, cuts=(cut(),), films=(FILM,), notes=(NOTE,)), DRE),
    ("a release that names its film", Release(cuts=(cut(),), because="Friday", missing=("sign-off",), films=(FILM,)), ANA),
    ("a refusal", Refusal(question=QUESTION, cuts=(cut(),), because="no", next="strings"), DRE),
    ("a release", Release(cuts=(cut(),), because="Friday", missing=("sign-off",)), ANA),
    ("a checkpoint", Checkpoint(title="spot"), CLEO),
]  # fmt: skip


@pytest.mark.parametrize(("content", "hand"), [pytest.param(*case[1:], id=case[0]) for case in MAY])
def test_every_honest_way_in_is_open(record: Record, content: Human, hand: Hand) -> None:
    made = record.sign(content, hand)
    assert record.state().standing(made.n)
    assert found(record) == []
    report = verify(record.path)
    assert (report.findings, report.vouched_to) == ((), made.n)
    assert Book(record).lines[-1].content == content


# ---- the beginning


@pytest.mark.parametrize(("content", "says"), [
    (ANA.enrols("director"), "a producer who enrols themselves"), (ANA.enrols("producer", purpose="recovery"), "a producer who enrols themselves"),
    (replace(ANA.enrols("producer"), name=""), "it says no name"), (ANA.enrols("producer", other=DRE), "signed by the key that it enrols"),
    (ANA.enrols("producer", person=DRE.key_id), "signed by the key that it enrols"), (charter(CREW), "is not enrolled in this record"),
    (Stand(part="light", about="x"), "is not enrolled in this record"),
])  # fmt: skip
def test_a_record_is_begun_by_a_producer_who_enrols_themselves(tmp_path: Path, content: Human, says: str) -> None:
    with Record.create(tmp_path / "record.db") as record:
        refused(record, content, ANA, says)
        assert record.sign(ANA.enrols("producer"), ANA).n == 1


def test_who_comes_second_does_not_begin_it_again(record: Record) -> None:
    refused(record, NOBODY.enrols("producer"), NOBODY, "is not enrolled in this record")


# ---- races, replays, borrowed screens


def test_of_two_decisions_on_one_thing_the_later_is_told_what_changed(record: Record) -> None:
    slow = record.prepare(takes("A#1"), by=DRE.key_id)
    first = record.sign(takes("B#1"), DRE)
    with pytest.raises(Refused, match=f"the take of item:1 was decided meanwhile, in entry {first.n} by Dre Director: look again"):
        record.append_signed(slow, DRE.sign(slow.body, NAMESPACE))
    refused(record, takes("A#1", replaces={1: "3/1"}), DRE, "was decided meanwhile")
    assert record.sign(takes("A#1", replaces={1: f"{first.n}/1"}), DRE).n == first.n + 1


def test_of_two_charters_the_later_is_told(record: Record) -> None:
    record.sign(charter(CREW, 8), ANA)
    refused(record, charter(CREW, 8), ANA, "the charter was changed meanwhile, in entry 9: look again")


def test_the_same_text_counts_once(record: Record) -> None:
    made = record.sign(Stand(part="light", about="x"), CLEO)
    again = sealed(made.n + 1, made.hash, "stand", made.body, at=made.at, signature=CLEO.sign(made.body or b"", NAMESPACE))
    assert "a signature counts once" in found(record, again)[0][1]
    assert "a signature counts once" in found(record, replace(again, body=None))[0][1]


@pytest.mark.parametrize("seen", [Seen(n=9, hash=sha256(b"x")), Seen(n=8, hash=sha256(b"x")), Seen(n=-1, hash=law.GENESIS), Seen(n=99, hash=law.GENESIS), Seen(n=2, hash=law.GENESIS)])
def test_a_screen_of_another_record_or_of_the_future_vouches_for_nothing(record: Record, seen: Seen) -> None:
    refused(record, Stand(part="light", about="x"), CLEO, "of another record in front of them", seen=seen)


def test_nobody_signs_before_they_were_enrolled(record: Record) -> None:
    """Else what a person signed over the empty beginning of one record could be carried into any other."""
    seals = {entry.n: entry.hash for entry in record.entries()}
    for n, seal in ((0, law.GENESIS), (2, seals[2]), (5, seals[5])):
        refused(record, Stand(part="light", about="x"), CLEO, "their key was enrolled in entry 6 only", seen=Seen(n=n, hash=seal))
    assert record.sign(Stand(part="light", about="x"), CLEO, seen=Seen(n=6, hash=seals[6])).n == 9
    assert record.state().vouched_to == 8


def test_somebody_elses_producer_cannot_be_brought_in(tmp_path: Path) -> None:
    """A forger begins a record of their own, enrols a producer whom people trust, and plays back the first thing that one ever signed."""
    with Record.create(tmp_path / "theirs.db") as theirs:
        begun = theirs.sign(ANA.enrols("producer"), ANA)
    with Record.create(tmp_path / "forged.db") as forged:
        forged.sign(NOBODY.enrols("producer"), NOBODY)
        forged.sign(NOBODY.enrols("producer", other=ANA), NOBODY)
        n, head = forged.head()
        played = sealed(n + 1, head, "enrol", begun.body, at=begun.at, signature=begun.signature)
        assert "their key was enrolled in entry 2 only" in found(forged, played)[0][1]
    assert "No entry is signed by a producer with the key" in str(verify(forged.path, producer=ANA.key_id).findings[0])


# ---- objections and answers


@pytest.fixture
def raised(record: Record) -> int:
    return record.sign(Objection(on="item:1", text="too polite"), EDIE).n


def test_an_objection_is_answered_by_the_right_people(record: Record, raised: int) -> None:
    refused(record, Answer(objection=raised, answer="withdrawn"), DRE, "only Edie Editor, who raised it, may withdraw it")
    refused(record, Answer(objection=raised, answer="withdrawn"), CLEO, "only Edie Editor, who raised it, may withdraw it")
    refused(record, Answer(objection=raised, answer="yes"), EDIE, "whoever raised an objection does not answer it")
    refused(record, Answer(objection=raised, answer="yes"), CLEO, "answered by somebody who holds a judgment")
    refused(record, Answer(objection=raised, answer="yes"), PAPER, "a recovery key only enrols and revokes")
    refused(record, Answer(objection=raised, answer="no", because=" "), DRE, "a no needs its reason")
    refused(record, Answer(objection=raised, answer="maybe"), DRE, "an answer is yes, no, or withdrawn")  # type: ignore[arg-type]
    answer = record.sign(Answer(objection=raised, answer="no", because="the silence is the film"), DRE)
    for hand, kind in ((EDIE, "withdrawn"), (ANA, "yes")):
        refused(record, Answer(objection=raised, answer=kind), hand, f"that objection was answered in entry {answer.n}")  # type: ignore[arg-type]


def test_a_withdrawn_objection_is_closed(record: Record, raised: int) -> None:
    record.sign(Answer(objection=raised, answer="withdrawn"), EDIE)
    refused(record, Answer(objection=raised, answer="no", because="x"), DRE, "that objection was answered in entry")
    assert not Book(record).objections[0].open


def test_somebody_who_holds_one_judgment_answers(record: Record) -> None:
    theirs = record.sign(Objection(on="item:1", text="no"), CLEO)
    record.sign(Answer(objection=theirs.n, answer="yes"), EDIE)
    assert found(record) == []


# ---- first thoughts, rounds


def test_a_first_thought_is_opened_by_its_author_and_is_what_was_sealed(record: Record) -> None:
    seal, content = thought("rain")
    first = record.sign(Intent(sealed=seal, envelope="blake3:" + 64 * "5"), DRE)
    other = record.sign(Intent(skipped=True), DRE)
    refused(record, Intent(opens=first.n, salt="c2FsdA", content=content), ANA, "is no first thought of theirs to open")
    refused(record, Intent(opens=other.n, salt="c2FsdA", content=content), DRE, "is no first thought of theirs to open")
    refused(record, Intent(opens=first.n, salt="other", content=content), DRE, "what it opens is not what was sealed")
    refused(record, Intent(opens=first.n, salt="c2FsdA", content={**content, "take": "the first"}), DRE, "what it opens is not what was sealed")
    refused(record, Intent(opens=first.n), DRE, "what it opens is not what was sealed")
    refused(record, SignOff(question=QUESTION, cuts=(cut(),), intent=first.n), DRE, "is no opened first thought")
    opened = record.sign(Intent(opens=first.n, salt="c2FsdA", content=content), DRE)
    record.sign(SignOff(question=QUESTION, cuts=(cut(),), intent=opened.n), DRE)
    assert found(record) == []


def test_an_approval_binds_exactly_the_cuts_of_its_round(record: Record) -> None:
    sent = record.sign(Round(label="r", to="Cleo", cuts=(cut(), cut("square"))), EDIE)
    good = Approval(round=sent.n, contact="Cleo", outcome="approved", cuts=(cut(), cut("square")))
    refused(record, replace(good, cuts=(cut(),)), EDIE, "it names other cuts than the round did")
    refused(record, replace(good, cuts=(cut(), cut("square", "v2"))), EDIE, "it names other cuts than the round did")
    refused(record, replace(good, outcome="loved"), EDIE, "a round is approved, refused, or comes back with changes")  # type: ignore[arg-type]
    record.sign(good, CLEO)


# ---- the seats


def test_what_the_machine_holds_nobody_decides_until_it_is_taken_back(record: Record) -> None:
    now = record.sign(charter(CREW, 8, take=Holder(machine=True, because="a web test")), ANA)
    refused(record, takes("A#1"), DRE, "does not hold the take: it was handed to the machine")
    record.sign(charter(CREW, now.n), ANA)
    record.sign(takes("A#1"), DRE)


def test_without_a_charter_nobody_decides(tmp_path: Path) -> None:
    with Record.create(tmp_path / "record.db") as record:
        record.sign(ANA.enrols("producer", "director"), ANA)
        refused(record, takes("A#1"), ANA, "does not hold the take: nobody holds it yet")
        refused(record, charter(CREW, 1), ANA, "there is no charter yet that it could replace")
        refused(record, Charter(holders={"mix": Holder(person=DRE.key_id)}), ANA, "is given to somebody who is not of the crew")


# ---- revocation


def test_a_revoked_key_cannot_sign_and_does_not_come_back(record: Record) -> None:
    revoked = record.sign(Revoke(key=EDIE.key_id, because="gone"), ANA)
    refused(record, Objection(on="item:1", text="no"), EDIE, f"the key {EDIE.key_id} of Edie Editor was revoked in entry {revoked.n}")
    refused(record, ANA.enrols("editor", other=EDIE), ANA, "was revoked in entry 9; a new one is needed")
    refused(record, Revoke(key=EDIE.key_id, because="again"), ANA, "that key was revoked in entry 9; to strike more of what it signed")


def test_the_last_producer_keeps_a_way_in(tmp_path: Path) -> None:
    with Record.create(tmp_path / "record.db") as record:
        record.sign(ANA.enrols("producer"), ANA)
        record.sign(ANA.enrols("director", other=DRE), ANA)
        refused(record, Revoke(key=ANA.key_id, because="lost"), ANA, "without a producer: enrol another key first")
        record.sign(ANA.enrols("producer", other=PAPER, person=ANA.key_id, purpose="recovery"), ANA)
        record.sign(Revoke(key=ANA.key_id, because="lost"), ANA)
        refused(record, Revoke(key=PAPER.key_id, because="lost too"), PAPER, "without a producer: enrol another key first")
        new = Hand("Ana Producer", b"new")
        record.sign(replace(PAPER.enrols("producer", other=new, person=ANA.key_id), name=ANA.name), PAPER)
        record.sign(ANA.enrols("editor", other=EDIE), new)
        assert found(record) == []


def test_a_producer_who_lost_every_key_can_be_demoted_by_another(record: Record) -> None:
    other = Hand("Otto Producer")
    record.sign(ANA.enrols("producer", other=other), ANA)
    for key in (ANA, PAPER):
        record.sign(Revoke(key=key.key_id, because="left"), other)
    further = Hand("Ana Producer", b"further")
    record.sign(replace(ANA.enrols("agency", other=further), person=ANA.key_id), other)
    refused(record, other.enrols("director"), other, "it would leave the production without a producer")


def test_a_strike_takes_with_it_whom_the_key_enrolled_and_what_they_signed(record: Record) -> None:
    """P2's key is stolen: the thief enrols a friend as producer, the friend changes the charter and decides."""
    p2, friend = Hand("Pat Producer"), Hand("Friend")
    record.sign(ANA.enrols("producer", other=p2), ANA)
    honest = record.sign(takes("A#1"), DRE)
    theft = record.sign(p2.enrols("producer", other=friend), p2)
    seats = record.sign(charter(CREW, 8, take=Holder(person=friend.key_id)), friend)
    taken = record.sign(takes("B#1", replaces={1: f"{honest.n}/1"}), friend)
    record.sign(Revoke(key=p2.key_id, because="stolen", from_entry=theft.n), ANA)
    state = record.state()
    assert {theft.n, seats.n, taken.n} <= state.struck
    assert friend.key_id not in state.people
    assert state.charter is not None
    assert state.charter[0] == 8
    assert state.decisions["take", "item:1"].n == honest.n
    refused(record, Stand(part="x", about="x"), friend, "is not enrolled")
    record.sign(takes("C#1", replaces={1: f"{honest.n}/1"}), DRE)
    assert found(record) == []
    assert "A revocation strikes 3 signed entries" in " ".join(walk(record.entries()).notes)


def test_a_strike_takes_back_a_role_and_everything_that_rested_on_it(record: Record) -> None:
    """The stolen key makes an enrolled client a producer; the client signs a charter and a release, and enrols a further key of their own."""
    p2, further = Hand("Pat Producer"), Hand("Cleo Client", b"further")
    record.sign(ANA.enrols("producer", other=p2), ANA)
    up = record.sign(ANA.enrols("producer", other=CLEO), p2)
    seats = record.sign(charter(CREW, 8, **{"sign-off": Holder(person=CLEO.key_id)}), CLEO)
    signoff = record.sign(SignOff(question=QUESTION, cuts=(cut(),)), CLEO)
    release = record.sign(Release(cuts=(cut(),), because="now", missing=()), CLEO)
    own = record.sign(CLEO.enrols("producer", other=further, person=CLEO.key_id), CLEO)
    record.sign(Revoke(key=p2.key_id, because="stolen", from_entry=up.n), ANA)
    state = record.state()
    assert {up.n, seats.n, signoff.n, release.n} <= state.struck
    assert state.people[CLEO.key_id].roles == ("client",)
    assert state.standing(own.n)  # a further key of one's own is anybody's right; it brings no role
    refused(record, charter(CREW, 8), further, "a producer signs the charter")
    assert {current.n for current in Book(record).decisions.values()} == set()
    assert Book(record).of(SignOff) == []


def test_a_revocation_that_is_itself_struck_strikes_nothing(record: Record) -> None:
    """The thief of one producer's key strikes the director's work; the other producer strikes the thief's."""
    p2 = Hand("Pat Producer")
    record.sign(ANA.enrols("producer", other=p2), ANA)
    selects = record.sign(takes("A#1"), DRE)
    attack = record.sign(Revoke(key=DRE.key_id, because="theft", from_entry=selects.n), p2)
    assert record.state().decisions == {}
    refused(record, takes("B#1"), DRE, "was revoked")
    record.sign(Revoke(key=p2.key_id, because="stolen", from_entry=attack.n), ANA)
    state = record.state()
    assert state.struck == {attack.n}
    assert state.decisions["take", "item:1"].n == selects.n
    now = record.sign(takes("B#1", replaces={1: f"{selects.n}/1"}), DRE)
    assert record.state().standing(now.n)
    assert found(record) == []


def test_nobody_strikes_what_gave_them_their_right(record: Record) -> None:
    p2 = Hand("Pat Producer")
    record.sign(ANA.enrols("producer", other=p2), ANA)
    up = record.sign(ANA.enrols("producer", other=EDIE), p2)
    refused(record, Revoke(key=p2.key_id, because="mine now", from_entry=up.n), EDIE, "it would strike what gives its signer the right to sign it")


def test_what_a_revoked_key_signed_can_be_struck_later(record: Record) -> None:
    """First the key is lost; a week later somebody finds out since when."""
    first = record.sign(Decision(gesture="lock", decisions=(decided("pacing", "film:1", "A"),)), EDIE)
    second = record.sign(Decision(gesture="lock", decisions=(decided("pacing", "film:2", "B"),)), EDIE)
    revoked = record.sign(Revoke(key=EDIE.key_id, because="lost"), ANA)
    assert len(record.state().decisions) == 2
    record.sign(Revoke(key=EDIE.key_id, because="it was used on Tuesday", from_entry=second.n), ANA)
    assert record.state().struck == {second.n}
    refused(record, Revoke(key=EDIE.key_id, because="again", from_entry=second.n), ANA, "that key was revoked in entry")
    refused(record, Revoke(key=EDIE.key_id, because="again"), ANA, "that key was revoked in entry")
    record.sign(Revoke(key=EDIE.key_id, because="since Monday", from_entry=first.n), ANA)
    assert record.state().struck == {first.n, second.n}
    assert record.state().keys[EDIE.key_id].revoked == revoked.n
    assert found(record) == []


def test_a_client_by_any_spelling_sends_no_round(record: Record) -> None:
    record.sign(ANA.enrols("Client", "AGENCY ", other=NOBODY), ANA)
    refused(record, Round(label="r", to="me", cuts=(cut(),)), NOBODY, "somebody of the crew sends a round")


def test_decisions_under_a_struck_charter_fall_with_it(record: Record) -> None:
    p2 = Hand("Pat Producer")
    record.sign(ANA.enrols("producer", other=p2), ANA)
    seats = record.sign(charter(CREW, 8, take=Holder(person=EDIE.key_id)), p2)
    taken = record.sign(takes("B#1"), EDIE)
    record.sign(Revoke(key=p2.key_id, because="stolen", from_entry=seats.n), ANA)
    assert record.state().struck == {seats.n, taken.n}
    refused(record, takes("C#1"), EDIE, "does not hold the take: Dre Director holds it")
    record.sign(takes("C#1"), DRE)


def test_a_struck_signature_vouches_for_nothing(record: Record) -> None:
    p2 = Hand("Pat Producer")
    record.sign(ANA.enrols("producer", other=p2), ANA)
    head = record.head()
    record.append("task", task_body(3))
    struck = record.sign(Stand(part="x", about="x"), p2)
    assert record.state().vouched_to == struck.n
    record.append("task", task_body(4))
    revoked = record.sign(Revoke(key=p2.key_id, because="stolen", from_entry=struck.n), ANA, seen=Seen(n=head[0], hash=head[1]))
    assert record.state().vouched_to == head[0] < revoked.n
    assert verify(record.path).vouched_to == head[0]


# ---- forms: what was signed is what is written


def test_kind_and_time_are_under_the_signature(record: Record) -> None:
    stand = plain(Stand(part="light", about="x"), CLEO, record)
    assert sign_plain(record, stand, CLEO) == []
    assert "it does not say its title" in sign_plain(record, stand, CLEO, kind="checkpoint")[0]
    moved = sign_plain(record, stand, CLEO, at="2026-03-02T10:00:00.000Z")
    assert "it is written as of 2026-03-02T10:00:00.000Z, and '2026-03-01T10:00:00.000Z' was signed" in moved[0]
    as_checkpoint = {**plain(Checkpoint(title="x"), CLEO, record), "kind": "stand"}
    assert "it is written as a checkpoint, and a 'stand' was signed" in sign_plain(record, as_checkpoint, CLEO, kind="checkpoint")[0]


def test_whoever_signed_is_whom_the_text_names(record: Record) -> None:
    body = plain(Stand(part="light", about="x"), DRE, record)
    assert f"it says that '{DRE.key_id}' signed it, and {CLEO.key_id} did" in sign_plain(record, body, CLEO)[0]


@pytest.mark.parametrize(("change", "says"), [
    ({"part": 3}, "it does not say its part as a body does"), ({"more": "x"}, "it says 'more', which this form does not have"),
    ({"seen": {"n": 8}}, "it does not say its seen as a body does"), ({"seen": {"n": "8", "hash": "x"}}, "seen as a body does"), ({"by": None}, "it says that"),
])  # fmt: skip
def test_a_body_has_exactly_its_form(record: Record, change: dict[str, Any], says: str) -> None:
    assert says in sign_plain(record, plain(Stand(part="light", about="x"), CLEO, record, **change), CLEO)[0]


def test_a_form_of_a_newer_release_verifies_has_no_effect_and_is_not_written_here(record: Record) -> None:
    newer = plain(charter(CREW, 8, take=Holder(person=CLEO.key_id)), CLEO, record, schema=3, quorum=3)
    raw = canonical(newer)
    entry = next_entry(record, "charter", raw, CLEO)
    report = walk([*record.entries(), entry])
    assert (report.findings, report.newer) == ((), {"charter, form 3": 1})
    with pytest.raises(Refused, match="in a form of a newer release"):
        record.append_signed(replace(record.prepare(Checkpoint(title="x"), by=CLEO.key_id), kind="charter", at=AT, body=raw), CLEO.sign(raw, NAMESPACE))
    state = State()
    for one in (*record.entries(), entry):
        state.take(one, law.admit(state, one))
    assert state.charter is not None
    assert state.charter[0] == 8
    assert "a recovery key" in sign_plain(record, plain(Checkpoint(title="x"), PAPER, record, schema=2), PAPER)[0]
    assert "is not enrolled" in sign_plain(record, plain(Checkpoint(title="x"), NOBODY, record, schema=2), NOBODY)[0]


def test_the_first_of_all_is_in_a_form_that_is_known() -> None:
    body = {**judgments.body(ANA.enrols("producer"), by=ANA.key_id, at=AT, seen=Seen(n=0, hash=law.GENESIS)), "schema": 2}
    raw = canonical(body)
    entry = sealed(1, law.GENESIS, "enrol", raw, at=AT, signature=ANA.sign(raw, NAMESPACE))
    assert "in a form that this release knows" in law.admit(State(), entry)[0]


# ---- signatures


def _text(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


def blob(hand: Hand, message: bytes, **other: bytes) -> bytes:
    """An SSH signature with one field of it changed."""
    space, digest = other.get("space", NAMESPACE.encode()), other.get("digest", b"sha256")
    good = hand.sign(message, NAMESPACE)
    raw = good[-64:]
    wire, kind = other.get("wire", hand.wire), other.get("kind", b"ssh-ed25519")
    return other.get("magic", b"SSHSIG\0\0\0\1") + _text(wire) + _text(space) + _text(other.get("reserved", b"")) + _text(digest) + _text(_text(kind) + _text(raw)) + other.get("tail", b"")


@pytest.mark.parametrize(("other", "says"), [
    ({"magic": b"SSHSIG\0\0\0\2"}, "not one that this release can read"), ({"space": b"git"}, "was made for 'git', not for this"),
    ({"space": law.CHECKPOINT.encode()}, "was made for 'answerprint-checkpoint-v1', not for this"), ({"digest": b"sha512"}, "not over SHA-256"),
    ({"reserved": b"x"}, "not over SHA-256"), ({"kind": b"ssh-rsa"}, "a kind of key that this release cannot check"), ({"tail": b"x"}, "something behind its signature"),
    ({"wire": ANA.wire}, "did not sign this text"), ({"wire": b"x"}, "cut short"),
])  # fmt: skip
def test_a_signature_is_one_of_a_kind(record: Record, other: dict[str, bytes], says: str) -> None:
    raw = canonical(plain(Stand(part="light", about="x"), CLEO, record))
    n, head = record.head()
    for form, wanted in ((blob(CLEO, raw), None), (blob(CLEO, raw, **other), says)):
        said = found(record, sealed(n + 1, head, "stand", raw, at=AT, signature=form))
        assert said == [] if wanted is None else wanted in said[0][1]


def test_a_signature_is_over_these_bytes(record: Record) -> None:
    raw = canonical(plain(Stand(part="light", about="x"), CLEO, record))
    n, head = record.head()
    assert "did not sign this text" in found(record, sealed(n + 1, head, "stand", raw, at=AT, signature=CLEO.sign(raw + b" ", NAMESPACE)))[0][1]
    assert "is not signed" in found(record, sealed(n + 1, head, "stand", raw, at=AT))[0][1]
    assert "was made for" in found(record, sealed(n + 1, head, "stand", raw, at=AT, signature=CLEO.sign(raw, law.CHECKPOINT)))[0][1]


def ssh_line(point: bytes, kind: bytes = b"ssh-ed25519") -> str:
    return kind.decode() + " " + base64.b64encode(_text(kind) + _text(point)).decode()


@pytest.mark.parametrize(("key", "says"), [
    (Key(algorithm="ssh-rsa", public="ssh-rsa AAAA"), "not one that this release can check"), (Key(algorithm="ssh-ed25519", public="ssh-ed25519 ????"), "cannot be read"),
    (Key(algorithm="ssh-ed25519", public=""), "cannot be read"), (Key(algorithm="ssh-ed25519", public=ssh_line(bytes(31))), "is not an Ed25519 key"),
    (Key(algorithm="ssh-ed25519", public=ssh_line(bytes(32), b"ssh-rsa")), "is not an Ed25519 key"),
    (Key(algorithm="ssh-ed25519", public=NOBODY.public + " nobody@home"), "cannot be read"),
    (Key(algorithm="ES256", public="????", rp_id="a", origins=("https://a",)), "cannot be read"), (Key(algorithm="ES256", public="AAAA"), "belongs to a page"),
])  # fmt: skip
def test_a_key_that_cannot_be_checked_is_not_enrolled(record: Record, key: Key, says: str) -> None:
    refused(record, Enrol(person="SHA256:x", name="X", roles=("editor",), key=key), ANA, says)


def test_a_key_under_which_anybody_can_sign_is_not_enrolled(record: Record) -> None:
    """Points of small order (RFC 8032, section 5.1): the same 64 bytes fit every eighth text or more, and nobody holds a secret."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    forged = bytes([1]) + bytes(63)  # R is the neutral point, S is nought

    def fits(point: bytes, text: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(point).verify(forged, text)
        except (InvalidSignature, ValueError):
            return False
        return True

    weak = [y[:31] + bytes([y[31] | sign]) for y in law._SMALL for sign in (0, 0x80)]
    assert sum(any(fits(point, b"text %d" % n) for n in range(200)) for point in weak) >= 8  # the others are no points to this library
    for point in weak:
        refused(record, Enrol(person="x", name="X", roles=("editor",), key=Key(algorithm="ssh-ed25519", public=ssh_line(point))), ANA, "anybody can make a signature")


def test_an_entry_has_its_form_before_anybody_asks_who_signed_it() -> None:
    good = sealed(1, law.GENESIS)
    large = sealed(1, law.GENESIS, "remark", b'{"schema":1,"x":"' + bytes(law.MAX_BODY) + b'"}')
    for entry, says in (
        (replace(good, n=3), "it is numbered 3 where 1 comes next"), (replace(good, signature=b""), "its signature is empty"), (large, "its body has 167"),
        (sealed(1, law.GENESIS, "remark", b"{"), "its body cannot be read: it is not JSON"),
    ):  # fmt: skip
        assert says in "; ".join(law.admit(State(), entry))
    with pytest.raises(ValueError, match="its signature is cut short"):
        law.Signature.read(b"SSHSIG\0\0\0\1\0\0\0\x09x", NAMESPACE)


# ---- copies without words


def test_a_copy_may_leave_out_what_people_said_and_not_what_they_decided(tmp_path: Path) -> None:
    entries = told(tmp_path / "record.db")
    copy = [replace(entry, body=None) if entry.kind in WITHHELD | {"task", "remark", "idea"} else entry for entry in entries]
    report = walk(copy)
    assert (report.findings, report.head) == ((), entries[-1].hash)
    for entry in entries:
        one = walk([replace(other, body=None) if other.n == entry.n else other for other in entries])
        if entry.signature is None or entry.kind in WITHHELD:
            assert one.findings == (), entry.kind
        else:
            assert f"without a {entry.kind} what comes after it cannot be judged" in one.findings[0].says


def test_a_withheld_text_still_needs_an_enrolled_key(record: Record) -> None:
    raw = canonical(plain(Objection(on="x", text="x"), NOBODY, record))
    assert "is not enrolled" in found(record, replace(next_entry(record, "objection", raw, NOBODY), body=None))[0][1]
    other = replace(next_entry(record, "objection", canonical(plain(Objection(on="x", text="x"), CLEO, record)), CLEO), body=None, body_digest=sha256(b"another"))
    assert "did not sign this text" in found(record, other)[0][1]


def test_the_writer_lets_no_text_be_left_out(record: Record) -> None:
    with pytest.raises(Refused, match="a named person signs it"):
        record.append("decision", judgments.body(takes("A#1"), by=DRE.key_id, at=AT, seen=Seen(n=8, hash=record.head()[1])))
    prepared = record.prepare(Checkpoint(title="x"), by=ANA.key_id)
    with pytest.raises(Refused, match="nobody signs a task"):
        record.append_signed(replace(prepared, kind="task"), ANA.sign(prepared.body, NAMESPACE))


# ---- reader and writer are of one mind


def test_who_opens_a_record_reads_what_its_writer_knows(tmp_path: Path) -> None:
    with Record.create(tmp_path / "record.db") as record:
        from tests.ledger.stories import tell

        tell(record, CREW)
        knows = record.state()
        with Record.open(record.path) as reader:
            reads = reader.state()
            assert reader.unsound == {}
            for name in ("n", "head", "vouched_to", "people", "keys", "charter", "decisions", "objections", "answers", "rounds", "intents", "signers", "struck", "sealed"):
                assert getattr(reads, name) == getattr(knows, name), name


def test_a_decision_changed_under_an_open_book_is_said(tmp_path: Path) -> None:
    from tests.ledger.conftest import opened_up

    with Record.create(tmp_path / "record.db") as record:
        record.sign(ANA.enrols("producer"), ANA)
        record.sign(Stand(part="the light", about="x"), ANA)
        Book(record)
        with opened_up(record.path) as db:
            db.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'the light', 'the sound') AS BLOB) WHERE n = 2")
        with pytest.raises(Exception, match="entry 2 was changed since it was let in"):
            Book(record)


def test_a_record_with_an_entry_taken_out_is_not_worked_on(tmp_path: Path) -> None:
    """An objection that somebody took out would not block any more: who opens the record says so before the book is read."""
    from tests.ledger.conftest import opened_up

    with Record.create(tmp_path / "record.db") as record:
        record.sign(ANA.enrols("producer"), ANA)
        raised = record.sign(Objection(on="x", text="too polite"), ANA)
        record.append("task", task_body(1))
    with opened_up(record.path) as db:
        db.execute("DELETE FROM entry WHERE n = ?", (raised.n,))
    with Record.open(record.path) as reader, pytest.raises(LedgerError, match="its last entry is 3 and it has 2: some were taken out"):
        Book(reader)


def test_an_entry_in_anothers_place_is_known_before_the_book_is_read(tmp_path: Path) -> None:
    """An objection exchanged for a machine's entry that carries its seal: nothing is missing, nobody objects, and the book says where."""
    from tests.ledger.conftest import opened_up

    with Record.create(tmp_path / "record.db") as record:
        record.sign(ANA.enrols("producer"), ANA)
        raised = record.sign(Objection(on="x", text="too polite"), ANA)
        record.sign(Stand(part="light", about="x"), ANA)
        record.append("task", task_body(1))
    other = sealed(raised.n, raised.prev)
    with opened_up(record.path) as db:
        db.execute("UPDATE entry SET kind = 'task', body = ?, body_digest = ?, signature = NULL WHERE n = ?", (other.body, other.body_digest, raised.n))
    with Record.open(record.path) as reader:
        assert Book(reader).unsound == {raised.n: ("its seal does not match: it was changed after it was written",)}
    with opened_up(record.path) as db:
        db.execute("UPDATE entry SET hash = ? WHERE n = ?", (other.hash, raised.n))
    with Record.open(record.path) as reader:
        assert raised.n + 1 in Book(reader).unsound


# ---- whatever is signed


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.sampled_from([ANA.key_id, CLEO.key_id, "", "take", "producer", "yes", law.GENESIS]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["n", "hash", "person", "key", "public", "take"]), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_law_has_an_answer_to_any_body_and_lets_in_only_what_can_be_read(data: st.DataObject) -> None:
    state, contents = _settled()
    body = dict(data.draw(st.sampled_from(contents)))
    for name in data.draw(st.lists(st.sampled_from(sorted(body)), max_size=2)):
        if name not in ("schema", "kind"):
            body[name] = data.draw(plain_values)
    body = read_body(canonical(body))
    if not law.law(state, kind=body["kind"], at=str(body["at"]), body=body):
        judgments.read(body)


_cache: list[tuple[State, list[dict[str, Any]]]] = []


def _settled() -> tuple[State, list[dict[str, Any]]]:
    if not _cache:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            entries = told(Path(folder) / "record.db")
        state = State()
        for entry in entries:
            state.take(entry, law.admit(state, entry))
        seen = {"n": state.n, "hash": state.head}
        _cache.append((state, [{**(entry.read() or {}), "seen": seen} for entry in entries if entry.signature]))
    return _cache[0]


def test_every_refusal_of_the_law_is_reached_by_a_test() -> None:
    """Each sentence that an `admit` can say stands in a test of this room, in its own words or the beginning of them."""
    import ast
    import re

    room = Path(__file__).parent
    tests = "\n".join(path.read_text(encoding="utf-8") for path in room.glob("*.py"))
    tree = ast.parse(Path(law.__file__).read_text(encoding="utf-8"))
    silent = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.name not in LAWFUL:
            continue
        inner = {id(part) for node in ast.walk(function) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(function):
            if isinstance(node, (ast.JoinedStr, ast.Constant)) and id(node) not in inner:
                text = "".join(part.value if isinstance(part, ast.Constant) else "\0" for part in node.values) if isinstance(node, ast.JoinedStr) else node.value
                if isinstance(text, str) and len(text.split()) >= 4 and ast.get_docstring(function) != text.strip():
                    pieces = [piece for piece in re.split("\0", text) if len(piece.split()) >= 3] or [text]
                    if not any(window in tests for piece in pieces for window in _windows(piece)):
                        silent.append(f"{function.name}: {text!r}")
    assert silent == []


LAWFUL = {
    "admit", "judge", "_admit_body", "_admit_signed", "law", "_no_right", "_no_right_to_answer", "_keyed", "_begins", "_sound_key", "_enrol", "_charter", "_revoke",
    "_says_unheld", "_decision", "_objection", "_answer", "_intent", "_round", "_approval", "_stand", "_signoff", "_opened_thought", "_checked_cuts", "_refusal",
    "_release", "_form", "read", "_strings", "_of_the_signer",
}  # fmt: skip


def _windows(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))]


def test_numbers_are_made_anew_by_whoever_owns_the_disk(tmp_path: Path) -> None:
    """The forger's tool of these tests gives a record back as it was where nothing was changed."""
    entries = told(tmp_path / "record.db")
    assert rebuilt(entries) == entries


def test_a_sign_off_that_names_no_film_is_written_as_ever_and_one_that_does_holds_its_decisions_too(record: Record) -> None:
    before = plain(SignOff(question=QUESTION, cuts=(cut(),)), DRE, record)
    assert (before["schema"], "films" in before) == (1, False)
    grade = decided("grade", "film:master", "cool")
    content = SignOff(question=QUESTION, cuts=(cut(),), decisions=(grade,), films=(FILM,), notes=(NOTE,))
    assert plain(content, DRE, record)["schema"] == 2
    entry = record.sign(content, DRE)
    line = Book(record).line(entry.n)
    assert line is not None
    assert line.content == content
    assert record.state().decisions["grade", "film:master"].n == entry.n
    assert verify(record.path).findings == ()
    assert verify(record.path).newer == {}
