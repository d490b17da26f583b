"""A record of a whole small production, composed: four people, thirty decisions, six objections, two rounds, a sign-off."""

from __future__ import annotations

from pathlib import Path

from answerprint.ledger import Record
from answerprint.ledger.verify import sha256
from answerprint.model.charter import Judgment
from answerprint.model.judgments import (
    Answer,
    Approval,
    Charter,
    CutSeal,
    Decided,
    Decision,
    Holder,
    Intent,
    Objection,
    Refusal,
    Revoke,
    Round,
    SignOff,
    Stand,
)
from answerprint.model.records import canonical
from tests.ledger.signing import Hand

MARA, JONAS, ADE, LENA = (Hand(name) for name in ("Mara Lind", "Jonas Weil", "Ade Okoro", "Lena Faro"))
OLD = Hand("Ade Okoro", seed=b"the key on the lost laptop")
QUESTION = "Would I sign my name to this if the client did not know AI was involved?"
THOUGHT = {
    "sentence": "A daughter hears what her father heard.",
    "rhythm": "Slow until the crack. Then it may hurry, once.",
    "palette": "Cold until somebody makes it warm. No gold before the kettle.",
    "music": "Perhaps none. If any, it should stop for the beans.",
    "take": "The one where she told me not to help her.",
}
WHY = {
    3: "Her hand shakes. Nobody could direct that.",
    5: "She forgets the camera after the second word.",
    6: "“Tell” for “hear” is wrong, and it is how he would say it.",
    7: "The crack comes late, and she waits for it.",
    10: "Steam, there. The other four have more of it and less weather.",
}


def _task(record: Record, task: str, file: str, number: int) -> tuple[str, dict[str, object]]:
    digest = sha256(f"{task} {file} {number}".encode())
    return "task", {"schema": 1, "task": task, "version": 1, "key": digest, "inputs": [digest], "facts": digest, "file": file}


def prepped(record: Record) -> None:
    """What the machine does with fourteen clips and two of the recorder's files."""
    clips = [f"rushes/A001_C{n:03d}.mp4" for n in range(1, 15)]
    sounds = ["sound/T001.wav", "sound/T002.wav"]
    done = [_task(record, task, file, 1) for file in [*clips, *sounds] for task in ("seal", "ingest")]
    done += [_task(record, "listen", file, 1) for file in sounds]
    done += [_task(record, task, file, 1) for file in clips for task in ("picture", "claps", "sync", "synced", "transcript", "slate", "attempts", "lining")]
    done += [_task(record, task, "the shoot", 1) for task in ("drift", "takes", "coverage")]
    record.append_many(done)


def attempt(item: int, number: int) -> dict[str, str]:
    """A take as a decision names it."""
    clip = f"A001_C{item:03d}"
    return {"clip": sha256(clip.encode()), "attempt": str(number), "file": f"rushes/{clip}.mp4", "slate": f"{item}A-{number}", "name": f"{clip}#{number}"}


def cut(file: str, version: str = "master") -> CutSeal:
    return CutSeal(version=version, file=f"cuts/{file}", seal=sha256(file.encode()), sheet_seen=True if version != "master" else None)


def compose(path: Path) -> Path:
    """Write it, closed, and return its path."""
    with Record.create(path) as record:
        record.sign(MARA.enrols("producer"), MARA)
        record.sign(MARA.enrols("director", other=JONAS), MARA)
        record.sign(MARA.enrols("editor", other=OLD), MARA)
        record.sign(MARA.enrols("DP", "colourist", other=LENA), MARA)
        held = {
            **{one.value: Holder(person=JONAS.key_id) for one in (Judgment.TAKE, Judgment.HERO_FRAMING, Judgment.SIGN_OFF)},
            **{one.value: Holder(person=OLD.key_id) for one in (Judgment.FINAL_EDIT, Judgment.PACING)},
            Judgment.GRADE.value: Holder(person=LENA.key_id),
            Judgment.MUSIC_BED.value: Holder(machine=True, because="No music was asked for. If the client wants a bed, any of the cleared ones will do."),
        }
        record.sign(Charter(holders=held, leaves=("pictures",)), MARA)
        sealed = sha256(canonical({"content": THOUGHT, "salt": "a pinch"}))
        thought = record.sign(Intent(sealed=sealed), JONAS)
        prepped(record)
        record.sign(MARA.enrols("editor", other=ADE, person=OLD.key_id), MARA)
        record.sign(Revoke(key=OLD.key_id, because="The laptop stayed in the taxi."), MARA)
        first = tuple(
            Decided(
                judgment="take", about=f"item:{item}", choice=attempt(item, 1 + item % 3),
                over=tuple(f"A001_C{item:03d}#{n}" for n in range(1, 5) if n != 1 + item % 3), because=WHY.get(item, ""),
            )
            for item in range(1, 13)
        )  # fmt: skip
        selects = record.sign(Decision(gesture="selects", decisions=first, saw={"rough cut": "cuts/first_assembly.otio"}), JONAS)
        again = Decided(
            judgment="take", about="item:9", choice=attempt(9, 3), over=("A001_C009#1", "A001_C009#2"),
            because="I was in love with the wrong one.", replaces=f"{selects.n}/9",
        )  # fmt: skip
        record.sign(Decision(gesture="choice", decisions=(again,)), JONAS)
        record.append("idea", {"schema": 1, "critic": "editor", "on": "cut:3", "text": "Shot 5 ends on a word; the breath after it is on the floor."})
        o1 = record.sign(Objection(on="cut:3", text="The hold before the logo is a frame too polite."), ADE)
        o2 = record.sign(Objection(on="item:7", text="She looks at the lens for four frames."), LENA)
        o3 = record.sign(Objection(on="film:master", text="We never see his hands. It is a film about hands."), ADE)
        record.sign(Answer(objection=o1.n, answer="no", because="Keeping it. The silence is the film."), JONAS)
        record.sign(Answer(objection=o2.n, answer="yes"), JONAS)
        record.sign(Answer(objection=o3.n, answer="yes", because="You are right, and we have them: 2B, the kettle."), MARA)
        record.append("remark", {"schema": 1, "text": "The third pour on the day was the one the whole room went quiet for.", "on": "item:10", "by": "the gaffer", "via": "terminal"})
        lock = tuple(Decided(judgment=judgment, about=f"film:{version}", choice={"file": f"cuts/{version}_v03.otio"})
                     for version in ("master", "square", "upright") for judgment in ("final edit", "pacing"))  # fmt: skip
        record.sign(Decision(gesture="lock", decisions=lock), ADE)
        sent = record.sign(Round(label="master_v03_r1", to="Harbor Coffee, Ines Abt", cuts=(cut("master_v03.otio"),)), MARA)
        record.sign(Approval(round=sent.n, contact="Ines Abt", outcome="changes", changes=("logo larger", "the price two frames longer"), cuts=(cut("master_v03.otio"),)), MARA)
        o4 = record.sign(Objection(on="film:square", text="The logo covers the cup."), LENA)
        o5 = record.sign(Objection(on="film:master", text="The larger logo reads as an apology."), JONAS)
        record.sign(Objection(on="film:upright", text="The upright version loses the kettle altogether."), LENA)
        record.sign(Answer(objection=o4.n, answer="yes", because="Moved."), MARA)
        record.sign(Answer(objection=o5.n, answer="withdrawn"), JONAS)
        finish = (
            Decided(judgment="grade", about="film:master", choice={"look": "Cold morning, third pass", "monitor": "the graded one"}, over=("second pass",), because="Cold until somebody makes it warm."),
            *(Decided(judgment="grade", about=f"film:{version}", choice={"look": "Cold morning, third pass"}) for version in ("square", "upright")),
        )
        record.sign(Decision(gesture="finish", decisions=finish), LENA)
        record.sign(
            Decision(gesture="finish", decisions=tuple(
                Decided(judgment="hero framing", about=f"hero:{item}@{version}", choice={"framing": side}, over=("centre",))
                for item, version, side in ((7, "square", "left of centre"), (10, "square", "low"), (7, "upright", "high"), (10, "upright", "low"), (12, "square", "centre"), (12, "upright", "centre")))),
            JONAS,
        )  # fmt: skip
        record.sign(Stand(part="light", about="film:master", text="One window. I would light it like that again."), LENA)
        record.sign(
            Refusal(question=QUESTION, cuts=(cut("master_v03.otio"),), because="It is finished and it is nothing. The girl is a prop in it.", next="this cut"), JONAS
        )
        sent = record.sign(Round(label="master_v04_r2", to="Harbor Coffee, Ines Abt", cuts=(cut("master_v04.otio"), cut("square_v04.otio", "square"))), MARA)
        record.sign(Approval(round=sent.n, contact="Ines Abt", outcome="approved", cuts=(cut("master_v04.otio"), cut("square_v04.otio", "square"))), MARA)
        record.append_many([_task(record, "export", file, 2) for file in ("cuts/master_v04.otio", "cuts/square_v04.otio")])
        opened = record.sign(Intent(opens=thought.n, salt="a pinch", content=THOUGHT), JONAS)
        last = (
            Decided(judgment="take", about="item:13", choice=attempt(13, 1), over=("A001_C013#2",)),
            Decided(judgment="take", about="item:14", choice=attempt(14, 2), over=("A001_C014#1",)),
        )
        record.sign(
            SignOff(question=QUESTION, cuts=(cut("master_v04.otio"), cut("square_v04.otio", "square")), decisions=last, intent=opened.n,
                    not_checked=("technical QC", "easy-choice report", "rights")),
            JONAS,
        )  # fmt: skip
    return path

