"""Honest people at work, in any order that the law allows: a state machine, with a small model of its own of what has to come out."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from answerprint.book import Book
from answerprint.ledger import Record, Refused
from answerprint.ledger.verify import WITHHELD, verify, walk
from answerprint.model.judgments import (
    Answer,
    Approval,
    Charter,
    Checkpoint,
    Decision,
    Holder,
    Intent,
    Objection,
    Refusal,
    Release,
    Revoke,
    Round,
    Seen,
    SignOff,
    Stand,
)
from tests.ledger.conftest import task_body
from tests.ledger.signing import Hand
from tests.ledger.stories import QUESTION, checkpoint, cut, decided, thought

SEATS = ("take", "pacing", "grade", "sign-off")
NAMES = ("Ana", "Dre", "Edie", "Cleo")
Pick = st.integers(0, 10_000)


class Honest(RuleBasedStateMachine):
    """The model beside it: who is on the crew with which keys, who sits where, what was decided last. No code of the law is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.record = Record.create(Path(self.folder.name) / "record.db")
        self.roles: dict[str, str] = {}  # person -> role
        self.keys: dict[str, tuple[str, Hand]] = {}  # live daily key -> person, hand
        self.producers: list[str] = []
        self.made = 0
        self.signed: dict[int, str] = {}  # entry -> the key that signed it
        self.standing: set[int] = set()
        self.seats: dict[str, str] = {}
        self.charters: list[tuple[int, dict[str, str]]] = []
        self.decided: list[tuple[int, int, str, str]] = []  # entry, index, judgment, about
        self.objections: dict[int, str] = {}
        self.answered: dict[int, int] = {}
        self.sealed: dict[int, tuple[str, str]] = {}
        self.rounds: dict[int, tuple[Any, ...]] = {}
        self.vouched = 0
        self.kept: list[tuple[int, bytes]] = []
        self.rests: dict[int, int] = {}  # an answer on its objection, an approval on its round, an opening on what was sealed

    def teardown(self) -> None:
        self.record.close()
        self.folder.cleanup()

    # ---- what has to hold after each step

    def holds(self) -> None:
        entries = list(self.record.entries())
        report = walk(entries)
        assert report.findings == ()
        assert report.vouched_to == self.vouched
        assert report.signed == len(self.signed)
        book = Book(self.record)
        assert book.unsound == {}
        assert {line.n: line.key for line in book.lines} == self.signed
        assert {line.n for line in book.lines if not line.struck} == self.standing
        assert {(one, about): (now.n, now.index) for (one, about), now in book.decisions.items()} == self.now_decided()
        assert {one.line.n for one in book.objections if one.open} == {n for n in self.objections if n in self.standing and not self.is_answered(n)}
        assert {seat: who for seat in SEATS if (person := book.holder(seat)) and (who := person.id)} == self.seats_now()

    def now_decided(self) -> dict[tuple[str, str], tuple[int, int]]:
        return {(judgment, about): (n, index) for n, index, judgment, about in self.decided if n in self.standing}

    def is_answered(self, n: int) -> bool:
        return self.answered.get(n) in self.standing

    def seats_now(self) -> dict[str, str]:
        standing = [seats for n, seats in self.charters if n in self.standing]
        return standing[-1] if standing else {}

    def charter_now(self) -> int | None:
        standing = [n for n, _ in self.charters if n in self.standing]
        return standing[-1] if standing else None

    # ---- hands

    def hand(self, pick: int, among: list[str] | None = None) -> Hand | None:
        """A live key of one of these people."""
        hands = [hand for person, hand in self.keys.values() if among is None or person in among]
        return hands[pick % len(hands)] if hands else None

    def person(self, hand: Hand) -> str:
        return self.keys[hand.key_id][0]

    def sign(self, content: Any, hand: Hand, late: int = 0) -> int:
        """Sign with a screen that is some entries behind (never behind one's own enrolment), and note what that vouches for."""
        head = self.record.head()[0]
        own = self.enrolled(hand)
        n = max(own, head - late) if own else head
        seen = Seen(n=n, hash=next(self.record.entries(n)).hash) if n else None
        made = self.record.sign(content, hand, seen=seen)
        self.signed[made.n] = hand.key_id
        self.standing.add(made.n)
        self.vouched = max(self.vouched, made.n if n == made.n - 1 else n)
        self.screens = {**getattr(self, "screens", {}), made.n: n}
        self.holds()
        return made.n

    def enrolled(self, hand: Hand) -> int:
        return self.enrolments.get(hand.key_id, 0)

    # ---- steps

    @initialize(before=st.integers(0, 3))
    def begin(self, before: int) -> None:
        self.enrolments: dict[str, int] = {}
        for _ in range(before):
            self.machine(1)
        ana = Hand("Ana", b"the first")
        n = self.sign(ana.enrols("producer"), ana)
        self.enrolments[ana.key_id] = n
        self.roles[ana.key_id], self.keys[ana.key_id] = "producer", (ana.key_id, ana)
        self.producers.append(ana.key_id)

    @rule(count=st.integers(1, 4))
    def machine(self, count: int) -> None:
        self.record.append_many([("task", task_body(self.made + n)) for n in range(count)])
        self.made += count
        self.record.append("remark", {"schema": 1, "text": f"{self.made}"})
        self.holds()

    def new_hand(self, name: str) -> Hand:
        self.made += 1
        return Hand(name, f"{name} {self.made}".encode())

    @rule(by=Pick, name=st.sampled_from(NAMES), role=st.sampled_from(["producer", "director", "editor", "client"]))
    def enrol(self, by: int, name: str, role: str) -> None:
        hand = self.hand(by, self.producers)
        if hand is None or len(self.keys) > 6:
            return
        new = self.new_hand(name)
        self.enrolments[new.key_id] = self.sign(hand.enrols(role, other=new), hand)
        self.roles[new.key_id], self.keys[new.key_id] = role, (new.key_id, new)
        if role == "producer":
            self.producers.append(new.key_id)

    @rule(by=Pick)
    def further_key(self, by: int) -> None:
        hand = self.hand(by)
        if hand is None or len(self.keys) > 6:
            return
        person, new = self.person(hand), self.new_hand(hand.name)
        self.enrolments[new.key_id] = self.sign(replace(hand.enrols(self.roles[person], other=new, person=person), name=hand.name), hand)
        self.keys[new.key_id] = (person, new)

    @rule(by=Pick, who=st.lists(Pick, min_size=len(SEATS), max_size=len(SEATS)))
    def charter(self, by: int, who: list[int]) -> None:
        hand, people = self.hand(by, self.producers), list(self.roles)
        if hand is None:
            return
        seats = {seat: people[pick % len(people)] for seat, pick in zip(SEATS, who, strict=True) if pick % 5}
        holders = {seat: Holder(person=seats.get(seat)) for seat in SEATS}
        self.charters.append((0, seats))
        now = self.charter_now()
        self.charters.pop()
        n = self.record.head()[0] + 1
        self.charters.append((n, seats))
        self.sign(Charter(holders=holders, replaces=now), hand)

    @rule(seat=st.sampled_from(SEATS[:3]), by=Pick, items=st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True), late=st.integers(0, 6))
    def decide(self, seat: str, by: int, items: list[int], late: int) -> None:
        hand = self.hand(by, [self.seats_now().get(seat, "nobody")])
        if hand is None:
            return
        ones = self.ones(seat, items)
        n = self.record.head()[0] + 1
        self.decided += [(n, index, seat, one.about) for index, one in enumerate(ones, 1)]
        self.sign(Decision(gesture="choice", decisions=ones), hand, late)

    def ones(self, seat: str, items: list[int]) -> tuple[Any, ...]:
        now = self.now_decided()
        named = {about: "{}/{}".format(*now[seat, about]) for about in (f"item:{item}" for item in items) if (seat, about) in now}
        return tuple(decided(seat, f"item:{item}", str(self.made), named.get(f"item:{item}")) for item in items)

    @rule(by=Pick, late=st.integers(0, 6))
    def object(self, by: int, late: int) -> None:
        hand = self.hand(by)
        if hand is not None:
            n = self.record.head()[0] + 1
            self.objections[n] = self.person(hand)
            self.sign(Objection(on="item:1", text=f"no, says {hand.name}"), hand, late)

    @rule(by=Pick, which=Pick, yes=st.booleans())
    @precondition(lambda self: self.objections)
    def answer(self, by: int, which: int, yes: bool) -> None:
        waiting = [n for n in self.objections if n in self.standing and not self.is_answered(n)]
        if not waiting:
            return
        n = waiting[which % len(waiting)]
        may = [person for person, role in self.roles.items() if role in ("producer", "director") or person in self.seats_now().values()]
        hand = self.hand(by, [person for person in may if person != self.objections[n]])
        if hand is not None:
            self.answered[n] = self.record.head()[0] + 1
            self.rests[self.answered[n]] = n
            self.sign(Answer(objection=n, answer="yes" if yes else "no", because="" if yes else "the silence"), hand)

    @rule(by=Pick, which=Pick)
    @precondition(lambda self: self.objections)
    def withdraw(self, by: int, which: int) -> None:
        waiting = [n for n in self.objections if n in self.standing and not self.is_answered(n)]
        if waiting:
            n = waiting[which % len(waiting)]
            hand = self.hand(by, [self.objections[n]])
            if hand is not None:
                self.answered[n] = self.record.head()[0] + 1
                self.rests[self.answered[n]] = n
                self.sign(Answer(objection=n, answer="withdrawn"), hand)

    @rule(by=Pick, skip=st.booleans())
    def think(self, by: int, skip: bool) -> None:
        hand = self.hand(by)
        if hand is not None:
            words = f"a thought {self.made}"
            n = self.sign(Intent(skipped=True) if skip else Intent(sealed=thought(words)[0]), hand)
            if not skip:
                self.sealed[n] = (self.person(hand), words)

    @rule(by=Pick, sign=st.booleans())
    @precondition(lambda self: self.sealed)
    def open_thought(self, by: int, sign: bool) -> None:
        n, (person, words) = sorted(self.sealed.items())[by % len(self.sealed)]
        hand = self.hand(by, [person])
        if hand is None or n not in self.standing:
            return
        self.rests[self.record.head()[0] + 1] = n
        opened = self.sign(Intent(opens=n, salt="c2FsdA", content=thought(words)[1]), hand)
        signer = self.hand(by, [self.seats_now().get("sign-off", "nobody")])
        if sign and signer is not None:
            self.sign(SignOff(question=QUESTION, cuts=(cut(),), intent=opened), signer)

    @rule(by=Pick, approver=Pick)
    def round(self, by: int, approver: int) -> None:
        hand = self.hand(by, [person for person, role in self.roles.items() if role != "client"])
        if hand is not None:
            n = self.sign(Round(label="r", to="Cleo", cuts=(cut(), cut("square"))), hand)
            told = self.hand(approver)
            if told is not None:
                self.rests[n + 1] = n
                self.sign(Approval(round=n, contact="Cleo", outcome="approved", cuts=(cut(), cut("square"))), told)

    @rule(by=Pick, how=st.sampled_from(["yes", "no", "release", "stand", "checkpoint"]), items=st.lists(st.integers(1, 4), max_size=2, unique=True))
    def last_word(self, by: int, how: str, items: list[int]) -> None:
        seat = {"yes": [self.seats_now().get("sign-off", "nobody")], "no": [self.seats_now().get("sign-off", "nobody")], "release": self.producers}.get(how)
        hand = self.hand(by, seat)
        if hand is None:
            return
        if how == "yes" and self.seats_now().get("grade") == self.person(hand):
            ones = self.ones("grade", items)
            self.decided += [(self.record.head()[0] + 1, index, "grade", one.about) for index, one in enumerate(ones, 1)]
            self.sign(SignOff(question=QUESTION, cuts=(cut(),), decisions=ones), hand)
        elif how == "no":
            self.sign(Refusal(question=QUESTION, cuts=(cut(),), because="no", next="strings"), hand)
        elif how == "release":
            self.sign(Release(cuts=(cut(),), because="Friday", missing=("sign-off",)), hand)
        elif how == "stand":
            self.sign(Stand(part="light", about="film:master"), hand)
        elif how == "checkpoint":
            n = self.sign(Checkpoint(title="spot"), hand)
            self.kept.append((n, checkpoint(hand, n, self.record.head()[1])))

    @rule(by=Pick, which=Pick, reach=st.integers(0, 8))
    def revoke(self, by: int, which: int, reach: int) -> None:
        """A key that enrolled nobody and seated nobody: what falls with it is what it signed, and nothing that the model would have to think about."""
        quiet = [key for key, (person, _) in self.keys.items() if self.roles[person] != "producer" and not self.enrolled_others(key)]
        hand = self.hand(by, self.producers)
        if hand is None or not quiet:
            return
        key = quiet[which % len(quiet)]
        head = self.record.head()[0]
        start = head - reach + 1 if reach else None
        if start is not None and start <= self.enrolments[key]:
            start = None
        self.sign_revoke(key, start, hand)

    def sign_revoke(self, key: str, start: int | None, hand: Hand) -> None:
        struck = {n for n, by in self.signed.items() if by == key and start is not None and n >= start}
        for top in sorted(self.rests):
            if self.rests[top] in struck | (set(self.signed) - self.standing):
                struck.add(top)
        self.standing -= struck
        n = self.record.head()[0] + 1
        del self.keys[key]
        if struck:
            self.vouched = max((n if seen == n - 1 else seen for n, seen in self.screens.items() if n in self.standing), default=0)
        assert n not in self.signed
        self.sign(Revoke(key=key, because="left in a taxi", from_entry=start), hand)

    def enrolled_others(self, key: str) -> bool:
        return any(self.signed.get(n) == key for n in self.enrolments.values())

    # ---- looking in between

    @rule()
    def somebody_opens_it(self) -> None:
        """A stranger's check of the file, with what was kept so far; a reader that was not there before; a writer that comes anew."""
        for n, held in self.kept[-2:]:
            if n not in self.standing:  # what a struck key vouched for is no evidence, and that is said
                assert "which was revoked before" in str(verify(self.record.path, checkpoint=held).findings)
                continue
            assert verify(self.record.path, checkpoint=held).findings == ()
        with Record.open(self.record.path) as reader:
            assert Book(reader).lines == Book(self.record).lines
        path = self.record.path
        self.record.close()
        self.record = Record.open(path, write=True)
        self.holds()

    @rule()
    def a_copy_without_words(self) -> None:
        said = WITHHELD | {"remark"}
        report = walk([replace(entry, body=None) if entry.kind in said else entry for entry in self.record.entries()])
        assert report.findings == ()
        assert report.head == self.record.head()[1]

    @rule(by=Pick)
    def something_is_refused_and_leaves_nothing(self, by: int) -> None:
        hand = self.hand(by)
        if hand is not None:
            head = self.record.head()
            with contextlib.suppress(Refused):
                self.record.sign(Release(cuts=(), because="", missing=()), hand)
                raise AssertionError("a release of nothing was let in")
            assert self.record.head() == head
            with contextlib.closing(sqlite3.connect(self.record.path)) as plain:
                assert plain.execute("SELECT max(n) FROM entry").fetchone() == (head[0] or None,)
