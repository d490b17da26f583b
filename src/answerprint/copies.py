"""A copy of the record to hand to somebody: a client, their lawyer, an archive. One file, checked before it gets its name."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.keep import KeepError, disk_sentence, write_whole
from answerprint.model.records import AnswerprintError
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.ledger.copied import Copied
    from answerprint.production import Production

__all__ = ["Alone", "CopyError", "clear", "copy", "entry_alone", "hand_out_check"]


class CopyError(AnswerprintError):
    """A copy that cannot be made, or not there."""


def copy(production: Production, to: Path, *, withhold: bool = False) -> Copied:
    """Copy the record to one new file, while others may be writing.

    Args:    to: a name that is free, or a folder.  withhold: leave out the words of what people said (objections, answers, first
             thoughts, "I stand behind my part", remarks, and the machine's ideas); everything still verifies.
    Returns: what the copy holds, as it was checked.
    Raises:  CopyError: no record yet, or a place where nothing is written.  LedgerError: the name is taken, the record does not verify.
    """
    from answerprint.ledger.copied import copy as copied

    record = production.inside / "record.db"
    if not record.exists():
        raise CopyError("there is no record to copy yet. Run `answerprint prep`, or put somebody on the crew.")
    if to.is_dir():
        from answerprint.turnover import safe_name

        to = to / f"{safe_name(production.settings['title'])} record{' without words' if withhold else ''}.db"
    return copied(record, clear(production, to), withhold=withhold)


def clear(production: Production, to: Path) -> Path:
    """A place for what leaves: neither among the media nor inside the house's own folder.

    Raises: CopyError, TurnoverError.
    """
    from answerprint.turnover import clear_of_media

    if Path(os.path.realpath(to)).is_relative_to(os.path.realpath(production.inside)):
        raise CopyError(f"{shown(str(to))}: that is where the production keeps its own things. Choose another place.")
    return clear_of_media(production, to)


@dataclass(frozen=True, kw_only=True)
class Alone:
    """One signed entry by itself, as OpenSSH checks it."""

    paths: tuple[Path, ...]  #: the signed bytes, the signature, the list of who may sign
    by: str
    key: str
    line: str  #: what to type in that folder


def entry_alone(record: Path, n: int, to: Path) -> Alone:
    """Write one entry's exact bytes, its signature and its signer's key into a folder, for `ssh-keygen -Y verify`.

    Args:   record: a record file, or a copy.  to: a folder; it is made where it is not there.
    Raises: CopyError: no such entry, nobody signed it, its text is withheld, or a passkey signed it.  KeepError.
    """
    from answerprint.book import Book
    from answerprint.ledger.sshsig import allowed_signers, armour
    from answerprint.ledger.store import Record
    from answerprint.ledger.verify import NAMESPACE

    with Record.open(record) as opened:
        entry, book = next((one for one in opened.entries(n) if one.n == n), None) if n > 0 else None, Book(opened)
    line = book.line(n)
    if entry is None:
        raise CopyError(f"there is no entry {n}. The last one is {book.head.n}.")
    if entry.signature is None:
        raise CopyError(f"nobody signed entry {n}: the machine wrote it. Its seal is checked with the whole record: answerprint verify")
    if entry.body is None:
        raise CopyError(f"the text of entry {n} is withheld in this copy, so its signature cannot be checked by itself. The check of the whole record does it.")
    if line is None:
        raise CopyError(f"entry {n} does not hold. `answerprint verify` says why.")
    held = book.key(line.key)
    if held.algorithm != "ssh-ed25519":
        raise CopyError(f"{line.by.name} signed entry {n} with a passkey, which OpenSSH does not check by itself. Use the check that comes with a copy: --checker")
    paths = (to / f"entry-{n}.json", to / f"entry-{n}.sig", to / "allowed_signers")
    for path, data in zip(paths, (entry.body, armour(entry.signature).encode(), allowed_signers([("", held.public)]).encode()), strict=True):
        if os.path.lexists(path) and (not path.is_file() or path.read_bytes() != data):
            raise CopyError(f"{shown(str(path))}: something else has that name and is not replaced. Choose another folder.")
        write_whole(path, data)
    command = f"ssh-keygen -Y verify -f {paths[2].name} -I {line.key} -n {NAMESPACE} -s {paths[1].name} < {paths[0].name}"
    return Alone(paths=paths, by=line.by.name, key=line.key, line=command)


def hand_out_check(to: Path) -> Path:
    """Write the stranger's check beside what is handed out: one Python file. The same name twice is the same file.

    Raises: CopyError where another file has that name.
    """
    import importlib.util

    found = importlib.util.find_spec("answerprint.ledger.verify")
    check = Path(str(found.origin if found else None))
    try:
        if os.path.lexists(to) and (not to.is_file() or to.read_bytes() != check.read_bytes()):
            raise CopyError(f"{shown(str(to))}: another file has that name and is not replaced. Choose another one.")
        shutil.copyfile(check, to)
    except OSError as cause:
        raise KeepError(disk_sentence(cause, shown(str(to)))) from cause
    return to
