"""One door for every script: the format is told by what the file holds first, by its name second."""

from __future__ import annotations

from answerprint.script import av, board, finaldraft, fountain, table
from answerprint.script.decode import text_of
from answerprint.script.records import Script, ScriptError

__all__ = ["SUFFIXES", "read"]

#: what a script may be called
SUFFIXES = (".fountain", ".spmd", ".txt", ".fdx", ".csv", ".tsv")


def read(name: str, raw: bytes) -> Script:
    """Read a script: Fountain, Final Draft, a two-column script or a shot list.

    Args:    name: the file's name, for messages and for its suffix.  raw: the whole file.
    Raises:  ScriptError: empty, not text, another kind of document, XML that is not Final Draft's, a table without a known column.
    """
    if not raw.strip(b"\0 \t\r\n"):
        raise ScriptError(f"{name}: the file is empty.")
    suffix = "." + name.rpartition(".")[2].lower() if "." in name else ""
    head = raw[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith((b"<?xml", b"<FinalDraft", b"<!DOCTYPE", b"<!--")) or suffix == ".fdx":
        return finaldraft.read(name, raw)
    text, notes = text_of(name, raw)
    if suffix not in (".fountain", ".spmd"):
        rows = table.parse(name, text, sure=suffix in (".csv", ".tsv"), notes=notes)
        if rows is not None:
            return av.read(name, rows, notes) if rows.two_column else board.read(name, rows, notes)
    if suffix not in SUFFIXES:
        raise ScriptError(f"{name}: a script is .fountain, .fdx, or a .csv table (video and audio, or shot and description).")
    return fountain.read(name, text, notes)
