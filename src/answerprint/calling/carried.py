"""What a request really carries, looked up by the bytes and the words in it, whatever it says of itself.

A file that nobody knows counts as shot: a frame that was taken out of a clip a moment ago has a seal that no list has, so only what is known to be
something else may go as that. Words are held against the script, the brief, the papers in the folder and below, and what was said on the day.

A draft is more than one thing: what of it stands in the brief is words of the brief, and so is what a service made of them; what a person wrote is a
client document; what this program asks of every brief is nobody's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from answerprint.calling.permission import CallError
from answerprint.desk import Desk
from answerprint.model.providers import Attached, Carry, Request
from answerprint.model.records import Digest
from answerprint.passages import HOUSE, Index, index, of_text, words
from answerprint.slots import answered

__all__ = ["carried", "declared"]

#: Words in a row that make a quotation. Everyday English repeats runs of five ("at the end of the"); of runs of six it seldom does.
_RUN = 6
_WORD = re.compile(r"\w+")
_LONGEST = 200  #: letters without a space: longer than any word, as bytes written in letters are
_BRIEF = ("brief", "script", "shots")  #: papers of the production that are its brief and its script, by their names
_PAPERS = (".md", ".txt", ".fountain", ".spmd", ".csv", ".tsv", ".fdx", ".html")
_BELOW = (".md", ".markdown", ".txt")  #: of what lies deeper: what people write; a card's lists and a film's papers are no document of a client's
_DRAFTS = "drafts"
_WHOLE = 8 * 2**20  #: bytes: a paper that is longer is no paper


def carried(desk: Desk, request: Request, *, library: Collection[Digest] = ()) -> dict[Carry, str]:
    """What a request carries -> the first thing in it that shows so.

    Args:   library: seals of files that the library vouches for: bought, or somebody's own stock.
    Raises: CallError: its words hold something that is no words.
    """
    found: dict[Carry, str] = {}
    for one in request.attached:
        what, why = _file(desk, one, library)
        if what is not None:
            found.setdefault(what, why)
    text = "\n".join((request.words, request.manner, *(str(value) for value in request.parameters.values())))
    for word in re.findall(rf"\S{{{_LONGEST + 1},}}", text):
        if not word.startswith(("https://", "http://")):
            raise CallError(f"the request holds a “word” of {len(word)} letters ({word[:20]}…). A file goes along as a file, so that it can be looked up what it is.")
    if "words of the brief" not in request.carries or "client documents" not in request.carries or "transcript" not in request.carries:
        for what, why in _quoted(desk, text, set(request.carries)):
            found.setdefault(what, why)
    return found


def declared(desk: Desk, request: Request) -> Request:
    """A request that says all that it carries: for words that a person chose, who cannot know in which papers they stand. Whether it leaves is for the charter.

    Raises: CallError: its words hold something that is no words.
    """
    more = tuple(one for one in carried(desk, request) if one not in request.carries)
    return replace(request, carries=(*request.carries, *more)) if more else request


def _file(desk: Desk, one: Attached, library: Collection[Digest]) -> tuple[Carry | None, str]:
    """What a file is; None: something that a provider made here."""
    from blake3 import blake3

    seal = "blake3:" + blake3(one.data).hexdigest()
    if (file := desk.names.get(seal)) is not None:
        return "rushes", f"{one.name} is {file} of this shoot"
    if _is_document(one):
        return "client documents", f"{one.name} is a document"
    if (n := answered(desk.production).get(seal)) is not None:
        return _made_of(desk, n, one.name)
    if seal in library:
        return "library pictures", f"{one.name} is of the library"
    if one.media_type.startswith("image/"):
        return "frames", f"nobody knows where {one.name} comes from, so it counts as a frame of the rushes"
    return "rushes", f"nobody knows where {one.name} comes from, so it counts as shot"


def _is_document(one: Attached) -> bool:
    """Whether a file is the document that it says it is: a picture under another type is a picture still."""
    if one.media_type == "application/pdf":
        return one.data.startswith(b"%PDF-")
    try:
        return one.media_type.startswith("text/") and "\0" not in one.data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _made_of(desk: Desk, n: int, name: str) -> tuple[Carry | None, str]:
    """What an answer counts as: what was made from a frame is that frame still, for whoever looks at it."""
    record = desk.production.reader()
    if record is not None:
        with record:
            body = next((entry.read() for entry in record.entries(n) if entry.n == n), None)
        for what in ("rushes", "frames", "client documents", "library pictures"):
            if body is None or what in body.get("carries", ()):
                return what if body is not None else "frames", f"{name} was made from {what}, in entry {n}"
    return None, ""


def _quoted(desk: Desk, text: str, declared: set[Carry]) -> Iterator[tuple[Carry, str]]:
    """Runs of words that stand in the production's own papers, or were said on the day."""
    runs = set(_runs(text))
    if not runs:
        return
    own = [path for path in _papers(desk.path) if path.parent == desk.path and path.stem.casefold().startswith(_BRIEF)]
    briefs = {run for path in own for run in _runs(_read(path))}
    if "words of the brief" not in declared:
        for path in own:
            if run := _shared(runs, _read(path)):
                yield "words of the brief", f"“{run}” stands in {path.name}"
                break
    others = runs - briefs  # the brief's words are the brief's, in whatever other paper they stand
    if others and not {"words of the brief", "client documents"} <= declared:
        held = None
        for path in _papers(desk.path):
            name = path.relative_to(desk.path).as_posix()
            if path in own:
                continue
            if path.parent == desk.path / _DRAFTS and path.suffix == ".md":
                held = held or index(desk.production)
                yield from ((what, f"“{run}” stands in {name}") for what, run in _drafted(others, _read(path), held) if what not in declared)
            elif "client documents" not in declared and (run := _shared(others, _read(path))):
                yield "client documents", f"“{run}” stands in {name}"
    if "transcript" not in declared:
        for one in desk.tries:
            if run := _shared(runs, one.words):
                yield "transcript", f"“{run}” was said on the day"
                return


def _papers(folder: Path) -> Iterator[Path]:
    """The papers of a production: those in its folder, and texts in what lies below. Nothing hidden, and nothing behind a link."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.lower() in (_PAPERS if path.parent == folder else _BELOW):
                yield path


def _drafted(runs: set[str], text: str, held: Index) -> Iterator[tuple[Carry, str]]:
    """What of a draft is quoted, by whose it is now: a stretch in which a word is a person's is a person's."""
    signed: list[tuple[str, Carry | None]] = []
    for one in of_text(text, held):
        here = words(one.text)
        made: Carry | None = None if one.whose == HOUSE else "words of the brief"
        same = {place for start, end in one.kept for place in range(start, end)} if one.origin == "edited" else set(range(len(here))) if one.origin in ("machine", "brief") else set()
        signed += [(part, made if place in same else "client documents") for place, word in enumerate(here) for part in _WORD.findall(word)]
    found: dict[Carry, str] = {}
    for start in range(len(signed) - _RUN + 1):
        part = signed[start : start + _RUN]
        run, whose = " ".join(word for word, _ in part), {what for _, what in part}
        if run in runs and (what := next((one for one in ("client documents", "words of the brief") if one in whose), None)):
            found.setdefault(what, run)
    yield from found.items()


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _WHOLE:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _shared(runs: set[str], text: str) -> str:
    return next((run for run in _runs(text) if run in runs), "")


def _runs(text: str) -> Iterator[str]:
    words = [one.casefold() for one in _WORD.findall(text)]
    for start in range(len(words) - _RUN + 1):
        yield " ".join(words[start : start + _RUN])
