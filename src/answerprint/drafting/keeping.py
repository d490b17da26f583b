"""Where drafts lie: Markdown in drafts/, for any editor; in the record one proposal for each that was made, with what it was made of and whose its passages are.

Nobody's words are written over: a draft that somebody changed stays, and the next one gets the next name. Drafts that are made together come into the
record together, and lie there all of them, or do so as soon as anybody looks again.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.drafting.laying import Laid
from answerprint.keep import KeepError, disk_sentence, write_whole
from answerprint.locking import held
from answerprint.model.charter import Execution
from answerprint.model.records import AnswerprintError, Digest
from answerprint.passages import SCHEMA, WHAT, Made, made, read
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["FOLDER", "DraftingError", "alone", "concept_file", "files", "laid_again", "propose", "text_of"]

FOLDER = "drafts"
_MOST = 2**20  #: bytes of a draft
_LAYING = "drafting.json"  #: in the production: which drafts are being laid; gone when they lie there


class DraftingError(AnswerprintError):
    """A concept or treatment that is not there, cannot be made, or cannot be read."""


@contextlib.contextmanager
def alone(production: Production) -> Iterator[None]:
    """One program at a time looks at a draft and writes it.

    Raises: DraftingError: the disk refuses, or another program has been writing there for half a minute.
    """
    try:
        with held(production.inside, "drafting"):
            yield
    except OSError as cause:
        raise DraftingError(disk_sentence(cause, FOLDER)) from cause


def propose(production: Production, kind: str, laid: Sequence[Laid], *, brief: bytes, of: Sequence[Digest] = ()) -> tuple[Made, ...]:
    """Write drafts into drafts/ and into the record. The same again is not written twice.

    Args:   kind: "concept" or "treatment".  brief: the brief's bytes.  of: what else they were made of: the concept as it was.
    Raises: DraftingError, KeepError, LedgerError: the disk or the record refuses.
    """
    sealed = production.keep.put(brief)
    with alone(production):
        _lay_again(production)
        known = list(made(production))
        out: list[Made] = []
        new: list[tuple[int, dict[str, Any], bytes]] = []
        for place, one in enumerate(laid):
            data = one.markdown.encode("utf-8")
            kept = production.keep.put(data)
            same = next((each for each in known if each.kind == kind and each.digest == kept and each.brief == sealed and _as_made(production, each)), None)
            if same is not None:
                out.append(same)
                continue
            body = _body(production, kind, one, _place(production, kind, known, {str(body["about"]) for _, body, _ in new}), kept, [sealed, *of])
            new.append((place, body, data))
        if not new:
            return tuple(out)
        laying = production.inside / _LAYING
        write_whole(laying, json.dumps([{"file": body["about"], "text": body["text"]} for _, body, _ in new]).encode())  # a kill between the record and the files loses none
        with production.writer() as record:
            entries = record.append_many([("proposal", body) for _, body, _ in new])
        for (place, body, data), entry in zip(new, entries, strict=True):
            write_whole(production.path / body["about"], data)
            out.insert(place, read(entry.n, entry.at, body))
        laying.unlink(missing_ok=True)
    return tuple(out)


def laid_again(production: Production) -> None:
    """Lay what is in the record and was kept from being laid by a stop, where there is any. What somebody put there meanwhile stays."""
    if (production.inside / _LAYING).exists():
        with contextlib.suppress(DraftingError, KeepError), alone(production):  # a disk that refuses keeps nobody from reading
            _lay_again(production)


def _lay_again(production: Production) -> None:
    laying = production.inside / _LAYING
    try:
        rows = [(str(one["file"]), str(one["text"])) for one in json.loads(laying.read_bytes())]
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        rows = []  # nothing of this program's
    known = made(production)
    for file, text in rows:
        if not any((one.file, one.digest) == (file, text) for one in known):
            continue  # it was killed before the record had it: it is made anew
        there = production.path / file
        if there.parent.is_symlink():
            continue  # whoever only looks at a production writes nothing outside of it
        if not there.exists() or any(one.file == file and one.digest != text and _as_made(production, one) for one in known):
            write_whole(there, production.keep.get(text))
    laying.unlink(missing_ok=True)


def files(production: Production) -> tuple[str, ...]:
    """The drafts that lie there now, concepts first, each by its number."""
    laid_again(production)
    return _there(production)


def _there(production: Production) -> tuple[str, ...]:
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


def _body(production: Production, kind: str, laid: Laid, file: str, kept: Digest, inputs: list[Digest]) -> dict[str, Any]:
    """What the record says of a draft."""
    plain = [{"text": one.text, "whose": one.whose, "source": one.source} for one in laid.pieces]
    pieces = production.keep.put(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode("utf-8"))
    return {
        "schema": SCHEMA, "what": WHAT, "kind": kind, "about": file, "execution": str(Execution.TREATMENT), "brief": inputs[0], "inputs": inputs, "text": kept, "pieces": pieces,
        "calls": list(laid.calls), "values": dict(laid.about), "says": list(laid.says),
    }  # fmt: skip


def _place(production: Production, kind: str, known: Sequence[Made], taken: Collection[str]) -> str:
    """A name for a new draft. A concept's number is given once for good; a treatment that nobody changed gives its name to the next."""
    if kind == "concept":
        had = {one.file for one in known} | set(_there(production)) | set(taken)
        return next(file for number in range(1, 100_000) if (file := f"{FOLDER}/concept {number}.md") not in had)
    for one in reversed(known):
        if one.kind == kind and _as_made(production, one):
            return one.file
    return next(file for number in range(1, 100_000) if not (production.path / (file := f"{FOLDER}/{kind}{f' {number}' if number > 1 else ''}.md")).exists())
