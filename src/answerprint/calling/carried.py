"""What a request really carries, looked up by the bytes and the words in it, whatever it says of itself.

A file that nobody knows counts as shot: a frame that was taken out of a clip a moment ago has a seal that no list has, so only what is known to be
something else may go as that. Words are held against the script, the brief, the papers in the folder and below, and what was said on the day. A paper that
cannot be read counts as quoted: nobody knows what it says.

A draft is more than one thing: what of it stands in the brief is words of the brief, and so is what a service made of them; what a person wrote is a
client document; what this program asks of every brief is nobody's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from answerprint.calling import documents
from answerprint.calling.documents import UnreadError, said
from answerprint.calling.permission import CallError
from answerprint.desk import Desk
from answerprint.model.letters import UNSPACED
from answerprint.model.providers import Attached, Carry, Request
from answerprint.model.records import Digest
from answerprint.passages import HOUSE, Index, index, of_text, words
from answerprint.rushes import shown
from answerprint.slots import answered

__all__ = ["carried", "declared"]

#: Words in a row that make a quotation. Everyday English repeats runs of five ("at the end of the"); of runs of six it seldom does.
_RUN = 6
_SIGNS = 12  #: the same in a writing without spaces, where a word has one sign or two
_SIGN = re.compile(f"[{UNSPACED}]")
_LONGEST = 200  #: letters without a space: longer than any word, as bytes written in letters are
_BRIEF = ("brief", "script", "shots")  #: papers of the production that are its brief and its script, by their names
_PAPERS = (".md", ".txt", ".fountain", ".spmd", ".csv", ".tsv", ".fdx", ".html")
_BELOW = (".md", ".markdown", ".txt")  #: of what lies deeper: what people write; a card's lists and a film's papers are no document of a client's
_DRAFTS = "drafts"
_MADE = (("out",), ("cuts",))  #: where this program puts documents of its own making
_OPEN = ("~$", ".~")  #: begins the name of what a word processor lays beside a document that is open in it


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
    for word in re.findall(rf"[^\s{UNSPACED}]{{{_LONGEST + 1},}}|[{UNSPACED}]{{{_LONGEST + 1},}}", text):
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
    runs = dict.fromkeys(_runs(text))
    if not runs:
        return
    papers = list(_papers(desk.path))
    own = [path for path in papers if path.parent == desk.path and path.stem.casefold().startswith(_BRIEF)]
    briefs: set[str] = set()
    for path in own:
        here, unread = _standing(runs, path)
        briefs |= here
        if (here or unread) and "words of the brief" not in declared:
            yield "words of the brief", unread or _stands(here, runs, path.name)
    others = {run: None for run in runs if run not in briefs}  # the brief's words are the brief's, in whatever other paper they stand
    left = {"words of the brief", "client documents"} - declared
    held = None
    for path in papers if others else ():
        if not left:
            break
        if path in own:
            continue
        name = path.relative_to(desk.path).as_posix()
        if path.parent == desk.path / _DRAFTS and path.suffix == ".md" and (draft := _text(path)) is not None:
            held = held or index(desk.production)
            yield from ((what, f"“{run}” stands in {shown(name)}") for what, run in _drafted(set(others), draft, held) if what in left)
        elif "client documents" in left:
            here, unread = _standing(others, path)
            if here or unread:
                left.discard("client documents")
                yield "client documents", unread or _stands(here, others, name)
    if "transcript" not in declared:
        for one in desk.tries:
            if here := set(_runs(one.words)) & runs.keys():
                yield "transcript", f"“{_first(here, runs)}” was said on the day"
                return


def _papers(folder: Path) -> Iterator[Path]:
    """The papers of a production: those in its folder; texts and documents in what lies below, but for the documents that this program made. Nothing hidden, and nothing behind a link."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = Path(place).relative_to(folder).parts
        wanted = (*(_BELOW if below else _PAPERS), *(() if below[:1] in _MADE else (*documents.READ, *documents.CLOSED)))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith((".", *_OPEN)) and path.suffix.lower() in wanted and path.is_file():
                yield path


def _standing(runs: Collection[str], path: Path) -> tuple[set[str], str]:
    """Which of these runs stand in a paper; and a sentence, where it cannot be read."""
    try:
        if path.suffix.lower() in (*documents.READ, *documents.CLOSED):
            whole = documents.letters(path)
            return {run for run in runs if run.replace(" ", "") in whole}, ""
        return {run for run in _runs(documents.text(path)) if run in runs}, ""
    except UnreadError as cause:
        return set(), f"nobody knows what {shown(path.name)} says, since {cause}: it counts as quoted"


def _text(path: Path) -> str | None:
    try:
        return documents.text(path)
    except UnreadError:
        return None


def _first(here: set[str], runs: Collection[str]) -> str:
    return next(run for run in runs if run in here)


def _stands(here: set[str], runs: Collection[str], name: str) -> str:
    return f"“{_first(here, runs)}” stands in {shown(name)}"


def _drafted(runs: set[str], text: str, held: Index) -> Iterator[tuple[Carry, str]]:
    """What of a draft is quoted, by whose it is now: a stretch in which a word is a person's is a person's."""
    signed: list[tuple[str, Carry | None]] = []
    for one in of_text(text, held):
        here = words(one.text)
        made: Carry | None = None if one.whose == HOUSE else "words of the brief"
        same = {place for start, end in one.kept for place in range(start, end)} if one.origin == "edited" else set(range(len(here))) if one.origin in ("machine", "brief") else set()
        signed += [(part, made if place in same else "client documents") for place, word in enumerate(here) for part in said(word)]
    found: dict[Carry, str] = {}
    for start, end in _stretches([word for word, _ in signed]):
        part = signed[start:end]
        run, whose = " ".join(word for word, _ in part), {what for _, what in part}
        if run in runs and (what := next((one for one in ("client documents", "words of the brief") if one in whose), None)):
            found.setdefault(what, run)
    yield from found.items()


def _runs(text: str) -> Iterator[str]:
    words = said(text)
    for start, end in _stretches(words):
        yield " ".join(words[start:end])


def _stretches(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each run begins and ends: six words, twelve signs of a writing without spaces, or some of both."""
    sizes = [_RUN if _SIGN.fullmatch(one) else _SIGNS for one in words]
    end = held = 0
    for start, size in enumerate(sizes):
        while held < _RUN * _SIGNS and end < len(sizes):
            held += sizes[end]
            end += 1
        if held < _RUN * _SIGNS:
            return
        yield start, end
        held -= size
