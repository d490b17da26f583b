"""The brief of a production: brief.md in its folder, which people write and nobody here changes; an earlier one stays beside it."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.briefing.asking import notes, questions
from answerprint.briefing.brief import FIELDS, Brief, BriefError, read
from answerprint.keep import disk_sentence, write_whole
from answerprint.locking import held
from answerprint.model.records import to_plain
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["FILE", "Change", "Earlier", "bring", "changed", "correct", "current", "earlier", "plain", "seal", "take_in"]

FILE = "brief.md"
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")  #: what no text has
_MOST = 2**20  #: bytes of a brief: a book of three hundred pages


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a new brief says that the one before did not, and what it says no more; each as "field: words"."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    was: str  #: the file in which the one before lies now


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A brief that was replaced."""

    file: str
    change: Change | None  #: what the next one says differently; None where one of the two cannot be read


def current(production: Production) -> Brief:
    """The brief of a production.

    Raises: BriefError: there is none, or it cannot be read.
    """
    path = production.path / FILE
    if not path.is_file():
        raise BriefError(f"there is no brief here. Take one in: answerprint brief {shown(str(production.path.name))} BRIEF.md")
    return read(_bytes(path), name=FILE)


def take_in(production: Production, file: str | Path, *, replace: bool = False) -> tuple[Brief, Change | None]:
    """Take a brief into the production as brief.md.

    Args:    replace: whether it may take the place of another, which stays as "brief 1.md", "brief 2.md" and so on.
    Returns: the brief, and what is new against the one before, where there was one.
    Raises:  BriefError: it is not there, is no brief, or another one lies there.
    """
    path = Path(file)
    if not path.is_file():
        raise BriefError(f"{shown(str(file))}: there is no such file. A brief is a Markdown file.")
    data, there = _in_utf8(_bytes(path)), production.path / FILE
    brief = read(data, name=path.name)
    if there.exists() and os.path.samefile(there, path):
        return brief, None
    with _alone(production):
        if there.exists() and not replace and (before := _bytes(there)) != data:
            raise BriefError(f"another brief is here already, {FILE}. --replace puts this one in its place and keeps that one as “{_aside(production, before).name}”.")
        return _put(production, data, brief)


def bring(production: Production, text: str, *, was: str, name: str = FILE) -> tuple[Brief, Change | None]:
    """Take in a brief that somebody brought or wrote, as `take_in` does; another one stays beside it.

    Args:    was: the seal of the brief that was before them, "" where there was none.
    Raises:  BriefError: it is no brief, or another wrote meanwhile.
    """
    brief, data = _read_text(text, name)
    with _alone(production):
        _still(production, was)
        return _put(production, data, brief)


def correct(production: Production, text: str, *, was: str) -> Brief:
    """Write the brief as somebody corrected it, in its own place.

    Args:   was: the seal of the brief that was before them.
    Raises: BriefError: nothing is in it, or another wrote meanwhile.
    """
    brief, data = _read_text(text, FILE)
    with _alone(production):
        _still(production, was)
        write_whole(production.path / FILE, data)
    return brief


def seal(production: Production) -> str:
    """The seal of the brief as it lies there, also of one that cannot be read; "" where there is none."""
    path = production.path / FILE
    return f"sha256:{hashlib.sha256(_bytes(path)).hexdigest()}" if path.exists() else ""


def earlier(production: Production) -> tuple[Earlier, ...]:
    """The briefs that were replaced, the last one first, each with what the one in its place says differently."""
    found = {int(number[1]): path for path in production.path.glob("brief *.md") if (number := re.fullmatch(r"brief (\d{1,4})\.md", path.name)) and path.is_file()}
    out: list[Earlier] = []
    after = _or_none(production.path / FILE)
    for _, path in sorted(found.items(), reverse=True):
        before = _or_none(path)
        out.append(Earlier(file=path.name, change=changed(before, after, was=path.name) if before is not None and after is not None else None))
        after = before or after
    return tuple(out)


def _put(production: Production, data: bytes, brief: Brief) -> tuple[Brief, Change | None]:
    there = production.path / FILE
    before = _bytes(there) if there.exists() else None
    if before is None or before == data:
        write_whole(there, data)
        return brief, None
    aside = _aside(production, before)
    if not aside.exists():
        write_whole(aside, before)
    write_whole(there, data)
    try:
        old = read(before)
    except BriefError:  # what lay there was no brief; it stays beside this one all the same
        return brief, Change(new=tuple(_said(brief)), gone=(), was=aside.name)
    return brief, changed(old, brief, was=aside.name)


def _still(production: Production, was: str) -> None:
    if was != seal(production):
        raise BriefError("somebody else wrote in the brief meanwhile. Copy your text, open the page anew and put it in there: nothing of theirs is written over.")


def _read_text(text: str, name: str) -> tuple[Brief, bytes]:
    data = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    if len(data) > _MOST:
        raise BriefError(f"{shown(name)} has {len(data)} bytes; a brief is a text of a few pages. Is it the right file?")
    return read(data, name=shown(name)), data


def _or_none(path: Path) -> Brief | None:
    try:
        return read(_bytes(path), name=path.name)
    except BriefError:
        return None


def changed(before: Brief, after: Brief, *, was: str = "") -> Change:
    """What one brief says and another does not."""
    old, new = _said(before), _said(after)
    return Change(new=tuple(one for one in new if one not in old), gone=tuple(one for one in old if one not in new), was=was)


def _said(brief: Brief) -> dict[str, None]:
    rows = [(field, one.text) for field, points in brief.points.items() for one in points] + [(head, one.text) for head, points in brief.others.items() for one in points]
    return dict.fromkeys(f"{head}: {text}" if head else text for head, text in rows)


def plain(brief: Brief) -> dict[str, Any]:
    """A brief as plain values, for a page and for --json: what it says by field, what is asked, what does not add up."""
    return {
        "title": brief.title, "seal": brief.seal, "lines": brief.lines,
        "says": {field: to_plain(brief.points[field]) for field in FIELDS if field in brief.points},
        "others": {head: to_plain(points) for head, points in brief.others.items()},
        "asks": to_plain(questions(brief)), "notes": to_plain(notes(brief)),
    }  # fmt: skip


def _aside(production: Production, before: bytes) -> Path:
    """Where the one before goes: the next name that is free, or the last one where a stop left it there already."""
    number = next(number for number in range(1, 10_000) if not (production.path / f"brief {number}.md").exists())
    last = production.path / f"brief {number - 1}.md"
    return last if last.is_file() and _bytes(last) == before else production.path / f"brief {number}.md"


@contextlib.contextmanager
def _alone(production: Production) -> Iterator[None]:
    """One program at a time looks at a brief and writes over it."""
    try:
        with held(production.inside, "brief"):
            yield
    except OSError as cause:
        raise BriefError(disk_sentence(cause, shown(str(production.path / FILE)))) from cause


def _in_utf8(data: bytes) -> bytes:
    """A text that an older program wrote in its own letters, in those that are read here; what is no text stays as it is, and is refused as that."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if not _CONTROLS.search(data) and not data.startswith(b"%PDF"):
            return data.decode("cp1252", "replace").encode()
    return data


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST:
            raise BriefError(f"{shown(path.name)} has {path.stat().st_size} bytes; a brief is a text of a few pages. Is it the right file?")
        return path.read_bytes()
    except OSError as cause:
        raise BriefError(disk_sentence(cause, shown(str(path)))) from cause
