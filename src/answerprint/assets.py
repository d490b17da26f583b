"""What a client or an agency sent: copied into assets/ whole, with who sent it and when; and what was drawn with what another took the place of.

`assets/assets.csv` is the book. It is a table that people may mend in a spreadsheet: columns of their own stay. Of one name the last row
is the one that counts; a file of that name that came before is an old one, unless the last row names it again.
"""

from __future__ import annotations

import csv
import datetime
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from answerprint.keep import disk_sentence, write_whole
from answerprint.model import tables
from answerprint.model.records import AnswerprintError, Digest
from answerprint.plan import small_digest
from answerprint.run import held
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["BOOK", "FOLDER", "Added", "Asset", "AssetError", "Shelf", "add", "book", "shelf"]

FOLDER = "assets"
BOOK = f"{FOLDER}/assets.csv"
_COLUMNS = ("name", "file", "digest", "from", "when", "replaces", "added")


class AssetError(AnswerprintError):
    """An asset that cannot be taken in, or a book of assets that cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One file that somebody sent."""

    name: str  #: what it goes by: "logo", or its file's own name
    file: str  #: in the production: "assets/logo 2.svg"
    digest: Digest
    sender: str = ""  #: "client"; empty where nobody said
    when: str = ""  #: as it was said: "3 Nov"
    replaces: str = ""  #: the file whose place it took
    added: str = ""  #: when it was taken in: "2026-11-03T09:12:44Z"

    @property
    def says(self) -> str:
        """Who sent it and when, as far as that was said."""
        return ", ".join(part for part in (self.sender, self.when) if part) or "nobody said who sent it"


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The book, in the order in which things came."""

    assets: tuple[Asset, ...] = ()

    @property
    def current(self) -> dict[str, Asset]:
        """What counts now, by name."""
        return {one.name.casefold(): one for one in self.assets}

    def find(self, text: str) -> Asset | None:
        """The one that counts of a name: as it is called, or without its suffix where that is no other's."""
        there = self.current
        if (exact := there.get(text.casefold())) is not None:
            return exact
        bare = [one for name, one in there.items() if Path(name).stem == text.casefold()]
        return bare[0] if len(bare) == 1 else None

    def after(self, digest: Digest) -> Asset | None:
        """What took the place of a file with these bytes; None where it counts itself, or never came through the book."""
        names = dict.fromkeys(one.name.casefold() for one in self.assets if one.digest == digest)
        last = [self.current[name] for name in names]
        return last[-1] if last and all(one.digest != digest for one in last) else None


@dataclass(frozen=True, kw_only=True)
class Added:
    """What was taken in, and what it took the place of."""

    asset: Asset
    replaced: Asset | None = None
    again: bool = False  #: the same bytes counted under that name already, so nothing was written


# ---- the book


def shelf(home: Path) -> Shelf:
    """The book of a production; an empty one where nothing was taken in yet.

    Raises: AssetError: it cannot be read; the row is said.
    """
    return Shelf(assets=tuple(_asset(number, row) for number, row in _rows(home)[1]))


def book(production: Production) -> tuple[Asset, ...]:
    """Everything in assets/: what the book holds, then the files that nobody said anything about, by name.

    Raises: AssetError as `shelf` does.
    """
    there = shelf(production.path).assets
    known = {one.file for one in there}
    folder = production.path / FOLDER
    beside = [f"{FOLDER}/{shown(path.name)}" for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(".")] if folder.is_dir() else []
    return (*there, *(Asset(name=Path(file).name, file=file, digest=small_digest(production.path / file)) for file in beside if file not in known and file != BOOK))


def add(production: Production, file: Path, said: str, *, name: str = "") -> Added:
    """Take a file in. It is copied and read back; a file that lies there already is never written over.

    Args:   said: who sent it and when, after the last comma: "client, 3 Nov".  name: what it goes by; the file's own name where empty.
    Raises: AssetError: it is not there, is empty, is the book itself, or the disk refuses.
    """
    called = (name or file.name).strip()
    if not called or set(called) & set("/\\\n\r\t"):
        raise AssetError(f"{called!r} is no name for an asset. Give it one without slashes: --as logo")
    digest = _digest(file)
    try:
        with held(production.inside, "papers"):
            return _added(production, file, said, called, digest)
    except OSError as cause:
        raise AssetError(disk_sentence(cause, BOOK)) from cause


def _added(production: Production, file: Path, said: str, called: str, digest: Digest) -> Added:
    there = shelf(production.path)
    before = there.current.get(called.casefold())
    if before is not None and before.digest == digest and small_digest(production.path / before.file) == digest:
        return Added(asset=before, again=True)
    sender, _, when = (part.strip() for part in said.rpartition(",")) if "," in said else (said.strip(), "", "")
    place = _laid(production.path / FOLDER, file, digest)
    replaced = before if before is not None and before.digest != digest else None
    made = Asset(
        name=called, file=f"{FOLDER}/{shown(place.name)}", digest=digest, sender=sender, when=when, replaces=replaced.file if replaced else "",
        added=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )  # fmt: skip
    _enter(production.path, made)
    return Added(asset=made, replaced=replaced)


def _rows(home: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The columns as they are written, and every row with its number as a spreadsheet counts; column names in small letters."""
    try:
        raw = (home / BOOK).read_bytes()
    except FileNotFoundError:
        return list(_COLUMNS), []
    except OSError as cause:
        raise AssetError(disk_sentence(cause, BOOK)) from cause
    rows = tables.read(raw, BOOK, AssetError)
    if not rows:
        return list(_COLUMNS), []
    header = [cell.strip() for cell in rows[0]]
    known = [cell.casefold() for cell in header]
    if lacking := [one for one in _COLUMNS[:3] if one not in known]:
        raise AssetError(f"{BOOK}, row 1: there is no column {', '.join(lacking)}. The columns are: {', '.join(_COLUMNS)}.")
    found = [(number, dict(zip(known, (cell.strip() for cell in row), strict=False))) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    return header, found


def _asset(number: int, row: Mapping[str, str]) -> Asset:
    for column in _COLUMNS[:3]:
        if not row.get(column):
            raise AssetError(f"{BOOK}, row {number}, column {column}: it is empty. Say it, or take the row out and add the file again.")
    place = PurePosixPath(row["file"].replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or ":" in place.parts[0]:
        raise AssetError(f"{BOOK}, row {number}, column file: {shown(row['file'])} lies outside of the production. Take it in: answerprint asset add FILE")
    return Asset(
        name=row["name"], file=row["file"], digest=row["digest"], sender=row.get("from", ""), when=row.get("when", ""), replaces=row.get("replaces", ""),
        added=row.get("added", ""),
    )  # fmt: skip


def _enter(home: Path, made: Asset) -> None:
    """Put a row at the end. Whatever else stands in the book stays as it is: rows, columns of people's own with or without a name, its kind of CSV."""
    place = home / BOOK
    raw = place.read_bytes() if place.exists() else b""
    text = raw.decode("utf-8-sig")
    delimiter = tables.delimiter_of(text)
    table = tables.cells(text, delimiter, BOOK, AssetError) or [[]]
    known = [cell.strip().casefold() for cell in table[0]]
    table[0] += [one for one in _COLUMNS if one not in known]
    known += [one for one in _COLUMNS if one not in known]
    new = {"name": made.name, "file": made.file, "digest": made.digest, "from": made.sender, "when": made.when, "replaces": made.replaces, "added": made.added}
    table.append([new.get(column, "") if known.index(column) == number else "" for number, column in enumerate(known)])
    wide = max(map(len, table))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(row + [""] * (wide - len(row)) for row in table)
    write_whole(place, (b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b"") + out.getvalue().encode("utf-8"))


# ---- copying


def _digest(file: Path) -> Digest:
    if file.is_dir():
        raise AssetError(f"{shown(str(file))} is a folder. Name one file that came; several are added one after the other.")
    if not file.is_file():
        raise AssetError(f"{shown(str(file))} is not there. Name the file that came.")
    if not file.stat().st_size:
        raise AssetError(f"{shown(file.name)} is empty: it did not arrive whole. Have it sent again.")
    digest = small_digest(file)
    if digest == "missing":
        raise AssetError(f"{shown(str(file))} cannot be read. Look at its permissions, or copy it from where it came.")
    return digest


def _laid(folder: Path, file: Path, digest: Digest) -> Path:
    """Where the file lies in assets/ after it was copied: under its own name, or the next numbered one where another has that."""
    number, place = 1, folder / file.name
    while place.name == Path(BOOK).name or (place.exists() and small_digest(place) != digest):
        number += 1
        place = folder / f"{file.stem} {number}{file.suffix}"
    if place.exists():
        return place
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(file, "rb") as source, open(part, "wb") as target:
            while block := source.read(2**20):
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        if small_digest(part) != digest:
            raise AssetError(f"{shown(file.name)}: what was written is not what was read. The disk may be failing, or the file was still arriving; nothing was taken in.")
        os.replace(part, place)
    except OSError as cause:
        raise AssetError(disk_sentence(cause, shown(str(place)))) from cause
    finally:
        part.unlink(missing_ok=True)
    return place
