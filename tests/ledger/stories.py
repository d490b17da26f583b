"""Records as honest people make them: a spot from the first key to the last release, with every kind that a person signs."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from answerprint.ledger import Entry, Record
from answerprint.ledger.verify import APPLICATION_ID, CHECKPOINT, COLUMNS, FORMAT, SCHEMA, entry_hash, sha256
from answerprint.model.judgments import (
    Answer,
    Approval,
    Charter,
    Checkpoint,
    CutSeal,
    Decided,
    Decision,
    Holder,
    Intent,
    Objection,
    Refusal,
    Release,
    Revoke,
    Round,
    SignOff,
    Stand,
)
from answerprint.model.records import canonical
from tests.ledger.conftest import task_body
from tests.ledger.signing import Hand, armoured

QUESTION = "Would I sign my name to this if the client did not know AI was involved?"


@dataclass(frozen=True)
class Crew:
    """Four people; the director has a second key, the producer one on paper."""

    producer: Hand = field(default_factory=lambda: Hand("Ana Producer"))
    director: Hand = field(default_factory=lambda: Hand("Dre Director"))
    editor: Hand = field(default_factory=lambda: Hand("Edie Editor"))
    client: Hand = field(default_factory=lambda: Hand("Cleo Client"))
    second: Hand = field(default_factory=lambda: Hand("Dre Director", b"the director's other laptop"))
    paper: Hand = field(default_factory=lambda: Hand("Ana Producer", b"on paper"))


def cut(name: str = "master", of: str = "v1") -> CutSeal:
    return CutSeal(version=name, file=f"cuts/{name}_{of}.otio", seal=sha256(f"{name}{of}".encode()))


def charter(crew: Crew, replaces: int | None = None, **other: Holder) -> Charter:
    """The director holds everything but the mix and the pacing, which are the editor's."""
    director = ("take", "final edit", "grade", "hero framing", "music bed", "sign-off")
    holders = {name: Holder(person=crew.director.key_id) for name in director}
    holders |= {name: Holder(person=crew.editor.key_id) for name in ("pacing", "mix")}
    return Charter(holders={**holders, **{name.replace("_", " "): held for name, held in other.items()}}, replaces=replaces)


def decided(judgment: str, about: str, choice: str, replaces: str | None = None, **more: Any) -> Decided:
    return Decided(judgment=judgment, about=about, choice={"is": choice}, replaces=replaces, rests_on={about: sha256(choice.encode())}, **more)


def takes(*choices: str, first: int = 1, replaces: dict[int, str] | None = None) -> Decision:
    """One gesture over one or more items."""
    was = replaces or {}
    ones = tuple(decided("take", f"item:{n}", choice, was.get(n), over=("A001_C001#1", "A001_C002#1")) for n, choice in enumerate(choices, first))
    return Decision(gesture="selects", decisions=ones)


def thought(words: str, salt: str = "c2FsdA") -> tuple[str, dict[str, str]]:
    """The seal of a first thought, and what is in it."""
    content = {"sentence": words, "rhythm": "slow, then a cut to black", "palette": "tungsten", "music": "none", "take": "the second"}
    return sha256(canonical({"content": content, "salt": salt})), content


def tell(record: Record, crew: Crew) -> None:
    """A whole spot in 40 entries."""
    ana, dre, edie, cleo = crew.producer, crew.director, crew.editor, crew.client
    record.append_many([("task", task_body(n)) for n in (1, 2)])
    record.sign(ana.enrols("producer"), ana)
    for other, role in ((dre, "director"), (edie, "editor"), (cleo, "client")):
        record.sign(ana.enrols(role, other=other), ana)
    record.sign(ana.enrols("producer", other=crew.paper, person=ana.key_id, purpose="recovery"), ana)
    record.sign(dre.enrols("director", other=crew.second, person=dre.key_id), dre)
    seats = record.sign(charter(crew), ana)
    seal, content = thought("A hand that waits for rain \u2014 and gets it.")
    sealed = record.sign(Intent(sealed=seal, envelope="blake3:" + 64 * "5"), dre)
    record.append_many([("task", task_body(n)) for n in range(3, 7)])
    selects = record.sign(takes("A001_C001#1", "A001_C004#2", "A001_C007#1"), dre)
    record.sign(Decision(gesture="lock", decisions=(decided("pacing", "film:master", "held a beat longer"),)), edie)
    record.append("idea", {"schema": 1, "text": "item 3 has a second attempt"})
    raised = record.sign(Objection(on="item:2", text="The hold before the logo is a frame too polite.", idea=record.head()[0]), edie)
    record.sign(Answer(objection=raised.n, answer="no", because="Keeping it. The silence is the film."), dre)
    record.sign(Stand(part="the light", about="film:master", text="mine"), edie)
    again = record.sign(charter(crew, seats.n, music_bed=Holder(machine=True, because="a test for the web")), ana)
    record.sign(charter(crew, again.n), ana)
    record.sign(takes("A001_C005#1", first=2, replaces={2: f"{selects.n}/2"}), crew.second)
    record.append_many([("task", task_body(n)) for n in range(8, 12)])
    other = record.sign(Objection(on="film:master", text="too loud"), cleo)
    record.sign(Answer(objection=other.n, answer="withdrawn"), cleo)
    sent = record.sign(Round(label="v1_r1", to="Cleo Client", cuts=(cut(),)), edie)
    record.sign(Approval(round=sent.n, contact="Cleo", outcome="changes", changes=("logo larger",), cuts=(cut(),)), ana)
    record.sign(Refusal(question=QUESTION, cuts=(cut(),), because="I would not.", next="strings"), dre)
    record.append_many([("export", {"schema": 1, "file": "cuts/master_v2.otio"}), ("task", task_body(12))])
    grade = decided("grade", "film:master", "cooler, by hand")
    opened = record.sign(Intent(opens=sealed.n, salt="c2FsdA", content=content), dre)
    record.sign(SignOff(question=QUESTION, cuts=(cut(of="v2"),), decisions=(grade,), intent=opened.n, not_checked=("rights",)), dre)
    record.sign(Release(cuts=(cut("square"),), because="The client needs it on Friday.", missing=("Dre Director: sign-off",)), ana)
    record.append("remark", {"schema": 1, "text": "that's the one", "by": "the room"})
    record.sign(Revoke(key=crew.second.key_id, because="the laptop was left in a taxi"), dre)
    record.sign(Checkpoint(title="A spot"), ana)


def told(path: Path, crew: Crew | None = None) -> list[Entry]:
    """That spot in a closed file."""
    with Record.create(path) as record:
        tell(record, crew or Crew())
        return list(record.entries())


def long(path: Path, size: int, crew: Crew | None = None) -> list[Entry]:
    """The same, and then work by all four, until there are `size` entries."""
    crew = crew or Crew()
    with Record.create(path) as record:
        tell(record, crew)
        item = 100
        while (n := record.head()[0]) < size:
            record.append_many([("task", task_body(n + i)) for i in range(2)])
            record.sign(takes(f"A{n:03d}_C001#1", first=item), crew.director)
            raised = record.sign(Objection(on=f"item:{item}", text=f"not item {item}"), crew.client)
            record.sign(Answer(objection=raised.n, answer="yes", because=""), crew.producer)
            record.sign(Decision(gesture="choice", decisions=(decided("mix", f"film:{item}", "as it is"),)), crew.editor)
            item += 1
        return list(record.entries())


# ---- the hands of somebody who owns the disk


def rebuilt(entries: list[Entry]) -> list[Entry]:
    """Numbers, predecessors and seals made anew from the first entry to the last: what a forger without a key can do."""
    made: list[Entry] = []
    prev = "sha256:" + 64 * "0"
    for n, entry in enumerate(entries, 1):
        digest = sha256(entry.body) if entry.body is not None else entry.body_digest
        seal = entry_hash(n, prev, entry.kind, entry.at, digest, entry.signature)
        made.append(replace(entry, n=n, prev=prev, body_digest=digest, hash=seal))
        prev = seal
    return made


def written(path: Path, entries: list[Entry]) -> Path:
    """A file with exactly these rows, past every guard."""
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = MEMORY")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        db.execute(SCHEMA["table", "entry"])
        db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [tuple(getattr(entry, c) for c in COLUMNS) for entry in entries])
        for (kind, _), sql in SCHEMA.items():
            if kind == "trigger":
                db.execute(sql)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {FORMAT}")
        db.execute("COMMIT")
    return path


def checkpoint(hand: Hand, n: int, seal: str) -> bytes:
    """What somebody else holds: a signed text."""
    text = f"answerprint checkpoint 1\ntitle: A spot\nentry: {n}\nseal: {seal}\nat: 2026-03-01T10:00:00.000Z\n".encode()
    return text + armoured(hand.sign(text, CHECKPOINT))


def signed_rows(entries: list[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if entry.signature is not None)


