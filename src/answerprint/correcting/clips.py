"""The clips of a shoot as correction looks at them: which set-up, which camera, what it was set to, what it is seen through."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from answerprint.keep import write_whole
from answerprint.model.records import AnswerprintError, Digest, VideoStream

if TYPE_CHECKING:
    from answerprint.media.look import Look
    from answerprint.plan import Unit
    from answerprint.production import Production

__all__ = ["PAPER", "Clip", "CorrectingError", "called", "clips", "note_changed"]

#: What the camera was set to where its files do not say: columns clip, ISO, shutter, iris, filter, white balance, tint, changed, by.
PAPER = "camera.csv"
_COLUMNS = ("clip", "ISO", "shutter", "iris", "filter", "white balance", "tint", "changed", "by")
_PAPERS = (PAPER, "notes.csv", "notes.ale")


class CorrectingError(AnswerprintError):
    """A correction that cannot be measured, or a clip that is not there."""


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One clip with picture."""

    file: str  #: as cuts and people name it
    digest: Digest
    path: Path | None  #: of what can be decoded; None while its disk is away
    video: VideoStream
    camera: str
    setup: str | None  #: its scene or slate; None where nothing names one
    in_s: Fraction  #: from its first attempt
    out_s: Fraction  #: to the end of its last
    settings: Mapping[str, str]
    look: Look | None
    log: bool  #: coded as camera log
    asks: str | None  #: the question that stands in the way of seeing it
    unit: Unit

    @property
    def name(self) -> str:
        """How a list of corrections calls it."""
        return PurePosixPath(self.file).stem


def clips(production: Production) -> tuple[Clip, ...]:
    """Every clip that has attempts, in shooting order.

    Raises: CorrectingError: nothing was prepared yet, or camera.csv cannot be read.
    """
    from answerprint.assistant import Table

    table = Table(production)
    papers = _papers(production.path)
    tries: dict[str, tuple[Unit, list[tuple[str | None, float, float]]]] = {}
    for unit, attempt, _ in table.tries:
        if unit.is_clip and unit.info.video is not None:
            named = attempt.scene or (f"slate {attempt.slate}" if attempt.slate else None)
            tries.setdefault(unit.digest, (unit, []))[1].append((named, attempt.in_s, attempt.out_s))
    if not tries:
        raise CorrectingError("there are no attempts to correct yet. Run `answerprint prep` first.")
    return tuple(_clip(production, unit, found, papers) for unit, found in tries.values())


def _clip(production: Production, unit: Unit, tries: list[tuple[str | None, float, float]], papers: Mapping[str, dict[str, str]]) -> Clip:
    from answerprint.media import look as looks
    from answerprint.media.settings import of_tags

    video, seen_as = unit.info.video, unit.original or unit
    assert video is not None
    given = looks.find(unit.path, unit.info, production.looks()).look if unit.path is not None else None
    log = looks.log_name(unit.info, unit.file)
    settings = of_tags(unit.info.tags) | papers.get(PurePosixPath(seen_as.file).stem.casefold(), {})
    lut = given is not None and any(type(step).__name__ != "Cdl" for step in given.steps)
    asks = looks.question(log, False, unit.info.camera) if log and not lut else None
    return Clip(
        file=seen_as.file, digest=seen_as.digest, path=unit.path, video=video, camera=unit.info.camera or "", setup=next((name for name, _, _ in tries if name), None),
        in_s=Fraction(str(min(start for _, start, _ in tries))), out_s=Fraction(str(max(end for _, _, end in tries))), settings=settings, look=given,
        log=bool(log) and lut, asks=asks, unit=unit,
    )  # fmt: skip


def called(known: Iterable[Clip], text: str) -> Clip:
    """The clip that somebody named: by its place, its file or its stem.

    Raises: CorrectingError: there is none, or several; the nearest name is said.
    """
    from answerprint.desk import nearest

    known = list(known)
    found = [one for one in known if text in (one.file, PurePosixPath(one.file).name, one.name)]
    if len(found) != 1:
        more = f"{len(found)} clips are called that: {', '.join(one.file for one in found)}. Say the whole place." if found else nearest(text, (one.name for one in known))
        raise CorrectingError(f"there is no one clip called {text!r}. {more}")
    return found[0]


# ---- what the papers say of the camera


def _papers(folder: Path) -> dict[str, dict[str, str]]:
    """Settings by the clip's stem, in small letters; camera.csv counts before the day's paper."""
    from answerprint.media.settings import of_paper

    found: dict[str, dict[str, str]] = {}
    for name in reversed(_PAPERS):
        path = folder / name
        if not path.is_file():
            continue
        for row in _rows(path):
            folded = {head.strip().casefold(): value.strip() for head, value in row.items() if head and value and value.strip()}
            clip = next((folded[head] for head in ("clip", "clip name", "file", "filename", "name", "source file") if head in folded), "")
            if not clip:
                continue
            said = of_paper(folded) | ({"changed": folded["changed"]} if "changed" in folded and name == PAPER else {})
            stem = PurePosixPath(clip.replace("\\", "/")).name
            stem = stem.rsplit(".", 1)[0] if "." in stem else stem
            found[stem.casefold()] = found.get(stem.casefold(), {}) | said
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    from answerprint.script.decode import text_of

    raw = path.read_bytes()
    if not raw.strip():
        return []
    text, _ = text_of(path.name, raw)
    lines = text.split("\n")
    if path.suffix == ".ale":
        heads = next((lines[n + 1].split("\t") for n, line in enumerate(lines[:-1]) if line.strip() == "Column"), [])
        first = next((n + 1 for n, line in enumerate(lines) if line.strip() == "Data"), len(lines))
        return [dict(zip(heads, line.split("\t"), strict=False)) for line in lines[first:] if line.strip()]
    divider = max(",;\t", key=lines[0].count)
    return [{head: value for head, value in row.items() if isinstance(value, str)} for row in csv.DictReader(io.StringIO(text), delimiter=divider)]


def note_changed(production: Production, clip: Clip, by: str) -> Path:
    """Write down that a person says the camera was changed for a clip, though its file names no setting. It can be taken out again by hand.

    Raises: CorrectingError: nobody says it; KeepError: the disk refuses.
    """
    if not by.strip():
        raise CorrectingError("who says so? Give a name: --by NAME")
    from answerprint.run import held
    from answerprint.script.decode import text_of

    path = production.path / PAPER
    try:
        with held(production.inside, "papers"):
            raw = path.read_bytes() if path.is_file() else b""
            text = text_of(path.name, raw)[0] if raw.strip() else ""
            divider = max(",;\t", key=text.partition("\n")[0].count)
            table = list(csv.reader(io.StringIO(text, newline=""), delimiter=divider)) or [list(_COLUMNS)]
            table[0] += [column for column in _COLUMNS if column not in table[0]]
            place = {column: table[0].index(column) for column in ("clip", "changed", "by")}
            row = next((row for row in table[1:] if len(row) > place["clip"] and row[place["clip"]].strip() == clip.name), None)
            if row is None:
                table.append(row := [])
            row += [""] * (len(table[0]) - len(row))
            for column, says in (("clip", clip.name), ("changed", f"for {clip.name}"), ("by", by.strip())):
                row[place[column]] = says
            out = io.StringIO(newline="")
            csv.writer(out, delimiter=divider, lineterminator="\r\n" if b"\r\n" in raw else "\n").writerows(table)
            write_whole(path, (b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b"") + out.getvalue().encode("utf-8"))
    except (OSError, csv.Error) as cause:
        raise CorrectingError(f"{PAPER} cannot be read or written ({cause}). Close it elsewhere, and save it as CSV UTF-8.") from cause
    return path
