"""Which stock slot a clip stands for: somebody of the crew says it, or the entry or the clip's own metadata does. Never guessed from a picture.

It is a remark in the record, by name: it informs the gate, and chooses nothing. The cut that holds the clip is a person's, and is signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerprint.desk import Desk
from answerprint.model.records import Digest
from answerprint.slots.found import generated, reference, seal_of
from answerprint.slots.slot import SlotError, StockSlot, slots

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["REFERENCES", "Serves", "Serving", "serve", "servings", "standing", "withdraw"]

REFERENCES = "assets/references/"  #: where reference frames lie: they are made to talk about a picture, and enter no film


@dataclass(frozen=True, kw_only=True)
class Serves:
    """For which stock slot a clip of a cut was laid in; it stands in the clip's metadata."""

    item: int
    says: str  #: the slot's words when it was laid in


@dataclass(frozen=True, kw_only=True)
class Serving:
    """A clip that somebody gave to a stock slot."""

    entry: int
    digest: Digest
    file: str
    item: int
    says: str  #: the slot's words then: a script that is written anew may number its items otherwise
    by: str
    because: str = ""


def serve(desk: Desk, slot: StockSlot, file: str, *, by: str, because: str = "", via: str = "terminal", known: str = "") -> Serving:
    """Somebody of the crew says for which stock slot a clip stands. A later word on the same clip takes the place of this one.

    Args:   known: how else it is known that it was generated, where nothing in this production says so: "rights.csv, row 3" of the library that it comes from.
    Raises: SlotError: nobody is on the crew, or whoever says it left it; a generated reference frame.  BookError: that name is not of the crew.  DeskError: there is no such file.
    """
    whose = _crew(desk, by)
    name = file if file in desk.names.values() else next((there for cut in desk.cuts.values() for there in (*cut.picture, *cut.heard) if there == file), None) or desk.file(file)
    digest = _digest(desk, name)
    found = generated(desk, name, digest)
    if found is not None and (name.startswith(REFERENCES) or reference(desk.production, digest)):
        raise SlotError(f"{name} is a reference frame, made to talk about a picture; it enters no film. What is to stand for {slot.name} is made for it: answerprint fill FOLDER {slot.name} --generate")
    text = f"{name} stands for {slot.words}{f': {because.strip()}' if because.strip() else ''}"
    served = {"digest": digest, "file": name, "item": slot.item.number, "says": slot.says, "because": because.strip(), "generated": found is not None or bool(known), "how": found.how if found else f"is listed as generated ({known})" if known else ""}
    n = _say(desk.production, text, whose, via, served)
    return Serving(entry=n, digest=digest, file=name, item=slot.item.number, says=slot.says, by=whose, because=because.strip())


def withdraw(desk: Desk, file: str, *, by: str, via: str = "terminal") -> None:
    """A clip stands for no stock slot any more. What was generated stays known as that.

    Raises: SlotError: nobody said that it stands for one.  BookError: that name is not of the crew.
    """
    whose = _crew(desk, by)
    one = next((one for one in servings(desk.production).values() if one.file == file), None)
    if one is None:
        raise SlotError(f"nobody said that {file} stands for a stock slot, so there is nothing to take back.")
    known = generated(desk, file, one.digest)
    _say(desk.production, f"{file} stands for no stock slot any more", whose, via, {"digest": one.digest, "file": file, "item": None, "generated": known is not None})


def servings(production: Production) -> dict[Digest, Serving]:
    """For which slot each clip stands by somebody's word, by its seal; the last word counts."""
    record = production.reader()
    if record is None:
        return {}
    with record:
        bodies = [(entry.n, body) for entry in record.entries(kind="remark") if (body := entry.read()) is not None and isinstance(body.get("serves"), Mapping)]
    found: dict[Digest, Serving] = {}
    for n, body in bodies:
        said: Mapping[str, Any] = body["serves"]
        digest = str(said.get("digest", ""))
        found.pop(digest, None)
        if isinstance(said.get("item"), int):
            found[digest] = Serving(entry=n, digest=digest, file=str(said.get("file", "")), item=said["item"], says=str(said.get("says", "")), by=str(body.get("by", "")), because=str(said.get("because", "")))
    return found


def standing(desk: Desk, item: int, says: str) -> StockSlot | None:
    """The slot that was meant, as the script stands now: that item with those words, else the only one with them; None where it is gone."""
    there = slots(desk)
    same = [one for one in there if one.says == says]
    exact = next((one for one in same if one.item.number == item), None)
    return exact or (same[0] if len(same) == 1 else None)


def _crew(desk: Desk, by: str) -> str:
    if desk.book is None or not desk.book.people:
        raise SlotError("nobody is on the crew yet, so nobody can say for which slot a clip stands. Begin with: answerprint crew add")
    person = desk.book.person(by)
    if not person.live:
        raise SlotError(f"{person.name} has no key here any more, and left the crew. Somebody who is on it says for which slot a clip stands.")
    return person.name


def _digest(desk: Desk, file: str) -> Digest:
    known = next((cut.digests[file] for cut in desk.cuts.values() if file in cut.digests), None)
    digest = known or seal_of(desk, file)
    if digest == "missing":
        raise SlotError(f"{file} is not there, so it has no seal by which it would be known again. Connect its disk, or name the file in the production.")
    return digest


def _say(production: Production, text: str, by: str, via: str, served: Mapping[str, Any]) -> int:
    with production.writer() as record:
        return record.append("remark", {"schema": 1, "text": text, "on": "film", "by": by, "via": via, "serves": dict(served)}).n
