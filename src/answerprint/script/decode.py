"""Bytes to text, saying aloud what was guessed."""

from __future__ import annotations

import codecs
import re

from answerprint.script.records import ScriptError

__all__ = ["text_of"]

#: How files begin that people send as a script and that are none of ours.
_OTHERS = (
    (b"%PDF", "a PDF", "Export it from the writing program as .fountain or .fdx"),
    (b"PK\x03\x04", "a zipped document (Word, Pages, Excel, Celtx)", "Export it as .fountain, .fdx or .csv"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "Save it as .csv or .fountain"),
    (b"{\\rtf", "rich text", "Save it as plain text, or export .fountain or .fdx"),
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\ud800-\udfff]")


def text_of(name: str, raw: bytes) -> tuple[str, list[str]]:
    """The text of a script file with line breaks as "\\n" (a form feed stays one), and sentences about what was guessed or left out.

    UTF-8 and UTF-16 are recognised by their mark or by what they hold; anything else is read as Windows-1252, and said so.
    Raises: ScriptError: empty, another kind of document, or not text.
    """
    for start, what, then in _OTHERS:
        if raw.startswith(start):
            raise ScriptError(f"{name}: this is {what}, not a script file. {then}.")
    notes: list[str] = []
    text = _decoded(name, raw, notes)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\x0b", "\n")
    text = text.replace("\x85", "\n")
    clean = _CONTROLS.sub("", text)
    if left := len(text) - len(clean):
        notes.append(f"{left} control characters, which print nothing, were left out.")
    if not clean.strip():
        raise ScriptError(f"{name}: there is no text in it.")
    return clean, notes


def _decoded(name: str, raw: bytes, notes: list[str]) -> str:
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            try:
                return raw[len(mark) :].decode(codec)
            except UnicodeDecodeError as cause:
                if codec == "utf-8":
                    raw = raw[len(mark) :]
                    break
                raise ScriptError(f"{name}: it says it is {codec.upper()} and breaks off at byte {cause.start}. Save it again as UTF-8.") from cause
    half = len(raw) // 2
    for codec, zeros in (("utf-16-le", raw[1::2].count(0)), ("utf-16-be", raw[0::2].count(0))):
        if half > 1 and zeros * 2 > half and len(raw) % 2 == 0:  # Latin text in UTF-16: every second byte is zero
            try:
                text = raw.decode(codec)
            except UnicodeDecodeError:
                break
            notes.append(f"The text has no mark of its encoding; it was read as {codec[:-3].upper()}.")
            return text
    if 0 in raw:
        raise ScriptError(f"{name}: this is not text. A script is .fountain, .fdx, or a .csv table.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    strange = sum(char == "\ufffd" or (ord(char) < 32 and char not in "\t\n\r\f\v") for char in text)
    if strange * 20 > len(text):
        raise ScriptError(f"{name}: this is not text. A script is .fountain, .fdx, or a .csv table.")
    notes.append("The text is not UTF-8; it was read as Windows-1252. Look at accents and quotation marks, or save it as UTF-8.")
    return text
