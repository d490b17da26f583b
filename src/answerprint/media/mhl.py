"""Media hash lists: what the card's own paper says each file was (ASC MHL 2.0 in ascmhl/ folders, MHL 1.x as one file)."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from answerprint.media import MediaError
from answerprint.media.container import reading, shown
from answerprint.media.digests import ALGORITHMS, c4
from answerprint.media.sidexml import Element, named, parse, text_of
from answerprint.model.records import Problem

__all__ = ["Expected", "Index", "find", "gather"]

_FOLDER, _CHAIN = "ascmhl", "ascmhl_chain.xml"
#: Names in MHL 1.x. Its "xxhash64" was written in either byte order and its "xxhash" is 32 bits: neither is used.
_LEGACY = {"xxhash64be": "xxh64", "md5": "md5", "sha1": "sha1"}
_GOOD = {"original", "verified", "new"}


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a hash list says of one file."""

    algorithm: str  #: a key of `digests.ALGORITHMS`
    value: str
    mhl: Path  #: the list it stands in
    size_bytes: int | None = None
    failed: Path | None = None  #: a newer list that recorded this file as failed, if one did


@dataclass
class Index:
    """Every hash list of some media, looked up by the path of a file."""

    problems: list[Problem] = field(default_factory=list)
    _by_path: dict[str, Expected] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._by_path)

    def expected(self, path: Path) -> Expected | None:
        """What the newest list says that names this file and did not fail it; None where no list speaks of it."""
        return self._by_path.get(_key(path))


def gather(roots: Sequence[Path]) -> tuple[Index | None, list[Problem]]:
    """The hash lists of several media in one index, and what is wrong with them; None where there is no list at all."""
    index = Index()
    for root in roots:
        found = find(root)
        index.problems += found.problems
        index._by_path |= found._by_path
    return (index if index._by_path else None), index.problems


def find(root: Path) -> Index:
    """Every hash list on a medium: in its root, beside the media, and in any folder between.

    A list that is no XML, was changed after its chain was written, or cannot be opened becomes a problem; the others count.
    """
    index = Index()
    for folder, folders, files in os.walk(root):
        folders.sort()
        here = Path(folder)
        if _FOLDER in folders:
            folders.remove(_FOLDER)
            _history(here, index)
        for name in sorted(files):
            if name.lower().endswith(".mhl") and not name.startswith("._"):
                _guarded(here / name, here, index)
    return index


def _history(folder: Path, index: Index) -> None:
    """One ascmhl folder: its lists by generation, each held against the chain."""
    inside = folder / _FOLDER
    try:
        names = sorted(name for name in os.listdir(inside) if name.lower().endswith(".mhl") and not name.startswith("._"))
    except OSError as cause:
        index.problems.append(Problem(file=shown(folder), says=f"its MHL history cannot be read ({cause.strerror})."))
        return
    sealed = {}
    if (inside / _CHAIN).exists():
        try:
            sealed = dict(_chain(inside / _CHAIN))
        except MediaError as cause:
            index.problems.append(Problem(file=shown(folder), says=str(cause)))
    for name in names:
        _guarded(inside / name, folder, index, sealed.get(name))


def _chain(path: Path) -> Iterator[tuple[str, str]]:
    with reading(path):
        root = parse(path.read_bytes(), f"the MHL chain {shown(path)}")
    for entry in named(root, "hashlist"):
        name, value = text_of(entry, "path"), text_of(entry, "c4")
        if name and value:
            yield name, value


def _guarded(path: Path, folder: Path, index: Index, sealed: str | None = None) -> None:
    try:
        with reading(path):
            raw = path.read_bytes()
        if sealed is not None and c4(hashlib.sha512(raw).digest()) != sealed:
            raise MediaError(f"{shown(path)} was changed after it was written: its chain names another seal. It is not used.")
        _read(parse(raw, f"the hash list {shown(path)}"), path, folder, index)
    except MediaError as cause:
        index.problems.append(Problem(file=shown(path), says=str(cause)))


def _read(root: Element, path: Path, folder: Path, index: Index) -> None:
    version = str(root.get("version") or "")
    if not str(root.tag).endswith("hashlist") or version.split(".")[0] not in ("1", "2"):
        raise MediaError(f"{shown(path)} is not a media hash list of version 1 or 2.")
    unknown = 0
    for entry in named(root, "hash"):
        name = text_of(entry, "path" if version.startswith("2") else "file")
        if not name:
            continue
        key = _key(folder / PurePosixPath(name.replace("\\", "/") if version.startswith("1") else name))
        hashes, failed = _hashes(entry, version)
        if failed:
            _fail(key, name, path, index)
        elif hashes:
            algorithm = min(hashes, key=list(ALGORITHMS).index)
            index._by_path[key] = Expected(algorithm=algorithm, value=hashes[algorithm], mhl=path, size_bytes=_size(entry))
        else:
            unknown += 1
    if unknown:
        says = f"{shown(path)} names {unknown} files only by hashes that are not checked here; they are read without it."
        index.problems.append(Problem(file=shown(path), says=says))


def _hashes(entry: Element, version: str) -> tuple[dict[str, str], bool]:
    """The hashes of one file that can be checked, and whether the list says that the check failed."""
    hashes: dict[str, str] = {}
    failed = False
    for child in entry:
        tag = str(child.tag).rpartition("}")[2]
        algorithm = tag if version.startswith("2") and tag in ALGORITHMS else _LEGACY.get(tag) if version.startswith("1") else None
        value = (child.text or "").strip()
        if algorithm is None or not value:
            continue
        action = child.get("action")
        if action is not None and action not in _GOOD:
            failed = True
        else:
            hashes[algorithm] = value if algorithm == "c4" else value.lower()
    return hashes, failed


def _fail(key: str, name: str, path: Path, index: Index) -> None:
    """A list that recorded a failure gives no hash to trust: the one before it stays, and the failure is said."""
    known = index._by_path.get(key)
    if known is not None:
        index._by_path[key] = replace(known, failed=path)
    says = f"{shown(path)} recorded that {shown(name)} failed its check when it was copied. Copy it again from the card."
    index.problems.append(Problem(file=shown(name), says=says))


def _size(entry: Element) -> int | None:
    path = next(named(entry, "path"), None)
    text = (path.get("size") if path is not None else text_of(entry, "size")) or ""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _key(path: Path) -> str:
    """One spelling for one file: absolute, and composed letters as macOS and everyone else write them alike."""
    return unicodedata.normalize("NFC", os.path.normpath(os.path.abspath(path)))
