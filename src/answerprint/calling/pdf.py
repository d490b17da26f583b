"""The text of one PDF, read in a process of its own that imports nothing of the rest: a file that was made to hang or to fill the memory harms nobody.

    python pdf.py FILE LETTERS        one JSON object: {"text": ...} or {"wrong": ...}
"""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

__all__ = ["text_of"]

_MEMORY = 2 << 30  #: bytes that it may take; print of 24 pages took 90 MB
_PAGES = 3000
_PAINTS = frozenset((b"Do", b"BI", b"INLINE IMAGE", b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh"))  #: ISO 32000-2, tables 59, 76 and 86
_STRANGE = 0.1  #: of its letters: text in a language that is read has none; a font without a table of its letters has nothing else


class WrongError(Exception):
    """Why the words of a PDF are not known."""


def text_of(path: str, most: int) -> str:
    """Everything that is written on its pages, in notes on them and in its forms.

    Args:   most: letters; longer is an error.
    Raises: WrongError: it cannot be read, or a page of it shows something and holds no word.
    """
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise WrongError("it is locked with a password")
    if len(reader.pages) > _PAGES:
        raise WrongError(f"it has {len(reader.pages):,} pages, and is read up to {_PAGES:,}")
    if reader.attachment_list and any(True for _ in reader.attachment_list):
        raise WrongError("it holds files of its own, which are not opened")
    out: list[str] = [*_filled_in(reader)]
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        if not any(one.isalnum() for one in text) and _shows(page, reader):
            raise WrongError(f"page {number} is a picture or drawn letters, and what it says is not known")
        if _strange(text):
            raise WrongError(f"the letters of page {number} have no meaning to a program, only a look")
        out += (text, *_notes(page))
        if sum(map(len, out)) > most:
            raise WrongError("it has more text than is read")
    return "\n".join(out)


def _shows(page: PageObject, reader: PdfReader) -> bool:
    from pypdf.generic import ContentStream

    contents = page.get_contents()
    return contents is not None and any(operator in _PAINTS for _, operator in ContentStream(contents, reader).operations)


def _strange(text: str) -> bool:
    signs = [one for one in text if not one.isspace()]
    return sum(one == "\ufffd" or unicodedata.category(one) in ("Co", "Cn", "Cc", "Cs") for one in signs) > _STRANGE * len(signs)


def _notes(page: PageObject) -> list[str]:
    """What stands in the notes on a page, and in the fields of a form on it."""
    out = []
    for one in page.get("/Annots") or ():
        note: Any = one.get_object()
        out += [str(note[key]) for key in ("/Contents", "/V") if isinstance(note.get(key), str)]
    return out


def _filled_in(reader: PdfReader) -> list[str]:
    return [str(value) for value in (reader.get_form_text_fields() or {}).values() if value]


def _main() -> None:
    path, most = sys.argv[1:]
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    except (ImportError, OSError, ValueError):
        pass  # no such limit on this system: the time ends it
    try:
        from pypdf.errors import LimitReachedError
    except ImportError:
        print(json.dumps({"wrong": "its reader is damaged: pip install --force-reinstall pypdf"}))
        return
    try:
        found = {"text": text_of(path, int(most))}
    except WrongError as cause:
        found = {"wrong": str(cause)}
    except (LimitReachedError, MemoryError, RecursionError):
        found = {"wrong": "it unpacks to more than a document may"}
    except Exception:  # noqa: BLE001 - a reader of damaged files raises whatever the damage leads to, without a common base
        found = {"wrong": "it is damaged, or no PDF"}
    sys.stdout.buffer.write(json.dumps(found).encode())


if __name__ == "__main__":
    _main()
