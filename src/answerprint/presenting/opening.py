"""Somebody's own .pptx, opened: not larger than it says, without macros, its example slides taken out, its links to elsewhere told."""

from __future__ import annotations

import io
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from answerprint.presenting.records import DeckError
from answerprint.presenting.slides import library

__all__ = ["linked", "opened"]

_LARGEST = 256 << 20  #: bytes unpacked: four times what the room takes of a template packed
_WORDS = 32 << 20  #: bytes of XML among them: read as a tree, 32 MB of small elements took 509 MB of memory
_PARTS = 5000  #: files inside: python-pptx's own template has 36, and with 200 slides 436


def opened(template: bytes, called: str) -> Any:
    """A presentation of python-pptx, without the slides that were in it.

    Raises: DeckError: it is no .pptx, has macros, or unpacks to more than is read.
    """
    from lxml import etree  # type: ignore[import-untyped]
    from pptx.exc import PackageNotFoundError

    try:
        with ZipFile(io.BytesIO(template)) as packed:
            _sized(packed.infolist(), called)
        show = library().Presentation(io.BytesIO(template))
        _emptied(show)
        for layout in show.slide_layouts:  # read now, so that a broken one is found here
            list(layout.placeholders)
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError, NotImplementedError, RuntimeError, OSError, EOFError, AttributeError, IndexError, etree.LxmlError) as cause:
        raise DeckError(f"{called}: this is no PowerPoint file that can be read. Save the template as .pptx, without a password.") from cause
    if "macroenabled" in show.part.content_type.lower():
        raise _macros(called)
    return show


def linked(show: Any, called: str) -> tuple[str, ...]:
    """What a template takes from elsewhere whenever somebody opens it; links that are only followed when clicked are none."""
    found = dict.fromkeys(rel.target_ref for rel in show.part.package.iter_rels() if rel.is_external and not rel.reltype.endswith("/hyperlink"))
    return tuple(f"{called} takes {one} from outside the file whenever somebody opens the deck: who keeps it there can see that. Put it into the template instead of linking it." for one in found)


def _sized(parts: list[ZipInfo], called: str) -> None:
    names = {one.filename.lower() for one in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _macros(called)
    whole, words = sum(one.file_size for one in parts), sum(one.file_size for one in parts if one.filename.lower().endswith((".xml", ".rels")))
    if whole > _LARGEST or words > _WORDS or len(parts) > _PARTS:
        raise DeckError(f"{called}: unpacked this is {len(parts):,} files of {whole / 1e6:,.0f} MB, of which {words / 1e6:,.0f} MB are text. A template is read up to {_PARTS:,} files, {_LARGEST / 1e6:,.0f} MB and {_WORDS / 1e6:,.0f} MB of text. Take its example slides and films out.")


def _macros(called: str) -> DeckError:
    return DeckError(f"{called}: this template is made for macros, and a deck goes to people who did not write them. Save it as .pptx without macros.")


def _emptied(show: Any) -> None:
    """A template's own slides are examples: they go, and take nothing with them."""
    listed = show.slides._sldIdLst
    for one in list(listed):
        show.part.drop_rel(one.rId)
        listed.remove(one)
