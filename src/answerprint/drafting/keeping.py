"""Where drafts lie: Markdown in drafts/, for any editor; in the record one proposal for each that was made, with what it was made of and whose its passages are.

Nobody's words are written over: a draft that somebody changed stays, and the next one gets the next name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.drafting.laying import Laid
from answerprint.keep import disk_sentence, write_whole
from answerprint.model.charter import Execution
from answerprint.model.records import AnswerprintError, Digest
from answerprint.passages import SCHEMA, WHAT, Made, made, read
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["FOLDER", "DraftingError", "concept_file", "files", "propose", "text_of"]

FOLDER = "drafts"
_MOST = 2**20  #: bytes of a draft


class DraftingError(AnswerprintError):
    """A concept or treatment that is not there, cannot be made, or cannot be read."""


def propose(production: Production, kind: str, laid: Laid, *, brief: bytes, of: Sequence[Digest] = ()) -> Made:
    """Write a draft into drafts/ and into the record. The same again is not written twice.

    Args:   kind: "concept" or "treatment".  brief: the brief's bytes.  of: what else it was made of: the concept as it was.
    Raises: DraftingError, KeepError, LedgerError: the disk or the record refuses.
    """
    data = laid.markdown.encode("utf-8")
    kept, sealed = production.keep.put(data), production.keep.put(brief)
    known = made(production)
    if (same := next((one for one in known if one.kind == kind and one.digest == kept and one.brief == sealed and _as_made(production, one)), None)) is not None:
        return same
    file = _place(production, kind, known)
    plain = [{"text": one.text, "whose": one.whose, "source": one.source} for one in laid.pieces]
    pieces = production.keep.put(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode("utf-8"))
    body = {
        "schema": SCHEMA, "what": WHAT, "kind": kind, "about": file, "execution": str(Execution.TREATMENT), "brief": sealed, "inputs": [sealed, *of], "text": kept, "pieces": pieces,
        "calls": list(laid.calls), "values": dict(laid.about), "says": list(laid.says),
    }  # fmt: skip
    with production.writer() as record:
        entry = record.append("proposal", body)
    write_whole(production.path / file, data)
    return read(entry.n, entry.at, body)


def files(production: Production) -> tuple[str, ...]:
    """The drafts that lie there now, concepts first, each by its number."""
    folder = production.path / FOLDER
    found = [one.name for one in folder.glob("*.md") if one.is_file() and not one.name.startswith(".")] if folder.is_dir() else []
    return tuple(f"{FOLDER}/{name}" for name in sorted(found, key=lambda name: [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", name)]))


def concept_file(production: Production, name: str) -> str:
    """The file of a concept that somebody named: "concept:3", "3", "concept 3".

    Raises: DraftingError: there is none; those that there are, are said.
    """
    number = re.fullmatch(r"(?:concept[: ]?\s*)?(\d+)", name.strip().casefold())
    there = [one for one in files(production) if one.startswith(f"{FOLDER}/concept ")]
    file = f"{FOLDER}/concept {int(number[1])}.md" if number else name
    if file in there or file in files(production):
        return file
    listed = ", ".join(Path(one).stem.replace("concept ", "concept:") for one in there)
    raise DraftingError(f"there is no {shown(name)} here. " + (f"There is: {listed}." if there else "No concept was made yet: answerprint draft FOLDER concept"))


def text_of(path: Path) -> str:
    """A draft's text as it is now.  Raises: DraftingError."""
    try:
        if path.stat().st_size > _MOST:
            raise DraftingError(f"{shown(path.name)} has {path.stat().st_size} bytes; a draft is a text of some pages.")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise DraftingError(f"{shown(path.name)}: this is no text in UTF-8. Save it as that.") from cause
    except OSError as cause:
        raise DraftingError(disk_sentence(cause, shown(str(path)))) from cause


def _as_made(production: Production, one: Made) -> bool:
    """Whether a draft lies there as the machine made it."""
    path = production.path / one.file
    return path.is_file() and path.read_bytes() == production.keep.get(one.digest)


def _place(production: Production, kind: str, known: Sequence[Made]) -> str:
    """A name for a new draft. A concept's number is given once for good; a treatment that nobody changed gives its name to the next."""
    if kind == "concept":
        had = {one.file for one in known} | set(files(production))
        return next(file for number in range(1, 100_000) if (file := f"{FOLDER}/concept {number}.md") not in had)
    for one in reversed(known):
        if one.kind == kind and _as_made(production, one):
            return one.file
    return next(file for number in range(1, 100_000) if not (production.path / (file := f"{FOLDER}/{kind}{f' {number}' if number > 1 else ''}.md")).exists())
