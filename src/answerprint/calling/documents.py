"""What the papers of a production say, and the letters of those that are no plain text: what stands in a .docx, a deck, a workbook, an OpenDocument file, a saved mail or a PDF, so that a quotation is found in them.

Letters alone, in their order, without spaces, hyphens and signs: no line break, no column and no run of a word processor parts a quotation then. What cannot
be read whole is an error and never an empty answer: nobody knows then what it says.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from answerprint.model.letters import UNSPACED
from answerprint.model.records import AnswerprintError

__all__ = ["CLOSED", "READ", "UnreadError", "letters", "said", "text"]

#: What is read, and how its parts are named: where the words are.
_ZIPPED = {
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), re.compile(r"word/.*\.xml", re.IGNORECASE)),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".potx"), re.compile(r"ppt/.*\.xml", re.IGNORECASE)),
    **dict.fromkeys((".xlsx", ".xlsm"), re.compile(r"xl/.*\.xml", re.IGNORECASE)),
    **dict.fromkeys((".odt", ".ott", ".odp", ".ods"), re.compile(r"(content|styles)\.xml")),
}
READ = (*_ZIPPED, ".pdf", ".eml")
#: Documents that people write and this program cannot open.
CLOSED = (".doc", ".dot", ".rtf", ".pages", ".ppt", ".key", ".xls", ".numbers", ".wpd", ".wps", ".msg")
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_LARGEST = 256 << 20  #: bytes of a file: an agency's deck with its pictures
_TEXT = 8 << 20  #: bytes of a plain text
_MAIL = 32 << 20  #: bytes of a mail with its pictures: more than a provider sends on
_XML = 64 << 20  #: bytes of its parts with words, unpacked: of plain text that is twenty novels
_PARTS = 5000  #: files inside, as in a template of a deck
_LETTERS = 4 << 20  #: of a document: a contract of a thousand pages has three million
_PATIENCE_S = 30  #: for a PDF, in a process of its own: 24 pages of print take half a second, starting included one and a half
_OURS = frozenset(("SYSTEMROOT", "PATH", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "LANG", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"))  #: of the environment that such a process is told; no key is among it


class UnreadError(AnswerprintError):
    """A document whose words are not known: a reason for a person, without the document's name."""


def said(text: str) -> list[str]:
    """Words as they are held against each other: in whatever case, and however a letter is written."""
    return [unicodedata.normalize("NFC", one.casefold()) for one in _WORD.findall(unicodedata.normalize("NFKC", text))]


def letters(path: Path) -> str:
    """What stands in a document, as `said` gives it and without what parts words. Read once as long as the file stays as it is.

    Raises: UnreadError: it cannot be read whole.
    """
    try:
        there = path.stat()
    except OSError as cause:
        raise UnreadError(f"it cannot be opened ({cause.strerror or type(cause).__name__})") from cause
    ending = path.suffix.lower()
    if ending in CLOSED:
        raise UnreadError(f"{ending} is no document that is opened here: save it as .docx or PDF beside, and move it out")
    if there.st_size > _LARGEST:
        raise UnreadError(f"it has {there.st_size / 1e6:,.0f} MB, and is read up to {_LARGEST / 1e6:,.0f} MB")
    found, wrong = _known(path, there.st_size, there.st_mtime_ns, there.st_ino)
    if wrong:
        raise UnreadError(wrong)
    return found


def text(path: Path) -> str:
    """What stands in a plain text, also one that an older program wrote in its own letters.

    Raises: UnreadError: it cannot be read whole.
    """
    try:
        if (size := path.stat().st_size) > _TEXT:
            raise UnreadError(f"it has {size / 1e6:,.0f} MB, and a text is read up to {_TEXT / 1e6:,.0f} MB")
        data = path.read_bytes()
    except OSError as cause:
        raise UnreadError(f"it cannot be opened ({cause.strerror or type(cause).__name__})") from cause
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


@lru_cache(maxsize=256)
def _known(path: Path, size: int, at: int, place: int) -> tuple[str, str]:
    """(letters, ""), or ("", why it is not read): that is kept too, since it costs the same to find out."""
    try:
        whole = _KINDS.get(path.suffix.lower(), _zipped)(path)
        found = "".join(said(whole))
        if len(found) > _LETTERS:
            raise UnreadError(f"it has {len(found):,} letters, and is read up to {_LETTERS:,}")
    except UnreadError as cause:
        return "", str(cause)
    return found, ""


# ---- what is a zip of XML


def _zipped(path: Path) -> str:
    import lzma

    from lxml import etree  # type: ignore[import-untyped]

    named = _ZIPPED[path.suffix.lower()]
    try:
        with ZipFile(path) as packed:
            parts = packed.infolist()
            wanted = [one for one in parts if named.fullmatch(one.filename)]
            unpacked = sum(one.file_size for one in wanted)
            if len(parts) > _PARTS or unpacked > _XML:
                raise UnreadError(f"unpacked it has {len(parts):,} parts and {unpacked / 1e6:,.0f} MB of text, and is read up to {_PARTS:,} and {_XML / 1e6:,.0f} MB")
            found = []
            for one in wanted:
                with packed.open(one) as part:
                    found.append(_opened(part) if path.suffix.lower().startswith(".o") else _office(part))
    except etree.LxmlError as cause:
        raise UnreadError("a part of it is no sound XML") from cause
    except (BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError) as cause:
        raise UnreadError("it is damaged, locked with a password, or another kind of file under this name") from cause
    whole = "\n".join(found)
    if not _WORD.search(whole):
        raise UnreadError("there is no word in it, so what it says stands in pictures")
    return whole


def _events(part: IO[bytes]) -> Iterator[tuple[str, Any]]:
    """Begins and ends of elements. A part that declares a document type is none of a word processor's: what its entities stand for is not looked at."""
    from lxml import etree

    reading = etree.iterparse(part, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True)
    first = True
    for event, node in reading:
        if first and node.getroottree().docinfo.internalDTD is not None:
            raise UnreadError("a part of it declares entities of its own, which no word processor does")
        first = False
        yield event, node


def _office(part: IO[bytes]) -> str:
    """The text of a part of Word, PowerPoint or Excel: of a change that is tracked how it reads with it, and how it read before."""
    out: list[str] = []
    held: list[tuple[list[str], list[str]]] = []  #: paragraphs that are open, since a text box stands inside of one: (as it reads, as it read)
    new = 0
    for event, node in _events(part):
        name = node.tag.rpartition("}")[2]
        if event == "start":
            if name == "altChunk":
                raise UnreadError("it takes a part of its text from another file inside: save it anew from the word processor")
            if name == "p":
                held.append(([], []))
            new += name == "ins"
            continue
        if name in ("t", "delText") and (word := node.text):
            now, before = held[-1] if held else ([], [])
            if name != "delText":
                now.append(word)
            if not new:
                before.append(word)
            if not held:
                out.append(word)
        elif name == "p" and held:
            now, before = held.pop()
            out += dict.fromkeys(("".join(now), "".join(before)))
        new -= name == "ins"
        _let_go(node)
    return "\n".join(out)


def _opened(part: IO[bytes]) -> str:
    """The text of a part of an OpenDocument file."""
    out: list[str] = []
    for event, node in _events(part):
        if event == "end" and node.tag.rpartition("}")[2] in ("p", "h"):
            out.append("".join(node.itertext()))
            _let_go(node)
    return "\n".join(out)


def _let_go(node: Any) -> None:
    """Keep no tree of what was read."""
    node.clear(keep_tail=True)
    while node.getprevious() is not None:
        del node.getparent()[0]


# ---- PDF


def _pdf(path: Path) -> str:
    """Read in a process of its own, which is ended when it takes too long: a PDF may be made to."""
    told = {name: value for name, value in os.environ.items() if name.upper() in _OURS}
    command = [sys.executable, "-P", str(Path(__file__).with_name("pdf.py")), str(path.absolute()), str(2 * _LETTERS)]
    try:
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_S, check=False, env=told)
        answer = json.loads(ran.stdout)
    except subprocess.TimeoutExpired as cause:
        raise UnreadError(f"it was not read within {_PATIENCE_S} s") from cause
    except (OSError, ValueError) as cause:
        raise UnreadError("it is damaged, or takes more memory than a document may") from cause
    if "wrong" in answer:
        raise UnreadError(str(answer["wrong"]))
    return str(answer["text"])


# ---- a saved mail


def _mail(path: Path) -> str:
    """Its subject and its letter, and every letter that was forwarded inside of it. What stands in its pictures is not read; any other attachment is not opened."""
    import email.errors
    import email.policy

    from lxml import etree, html

    try:
        if (size := path.stat().st_size) > _MAIL:
            raise UnreadError(f"it has {size / 1e6:,.0f} MB, and a mail is read up to {_MAIL / 1e6:,.0f} MB")
        whole = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if not {"from", "subject", "date"} & {name.casefold() for name in whole}:
            raise UnreadError("it is another kind of file under this name")
        found = []
        for part in whole.walk():
            found.append(str(part.get("subject", "")))
            kind = part.get_content_maintype()
            if kind == "text" and part.get_content_disposition() != "attachment":
                words = str(part.get_content())
                found.append(str(html.document_fromstring(f"<div>{words}</div>".encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")).text_content()) if part.get_content_subtype() == "html" else words)
            elif kind not in ("multipart", "message", "image"):
                raise UnreadError(f"{part.get_filename() or 'something'} is attached to it, which is not opened there: save that beside, and the mail as text")
    except (email.errors.MessageError, etree.LxmlError, LookupError, ValueError, TypeError, AttributeError, OSError, RecursionError) as cause:  # of headers that nobody writes
        raise UnreadError("it is damaged, or another kind of file under this name") from cause
    if not _WORD.search("\n".join(found)):
        raise UnreadError("there is no word in it, so what it says stands in pictures")
    return "\n".join(found)


_KINDS: dict[str, Callable[[Path], str]] = {".pdf": _pdf, ".eml": _mail}
