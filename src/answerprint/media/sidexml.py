"""Reading small XML that came with the media: from a recorder, a camera or a stranger's disk. It names nothing and fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]

from answerprint.media import MediaError

__all__ = ["Element", "named", "parse", "text_of"]

Element: TypeAlias = Any  # lxml has no types of its own
_LIMIT = 64 * 2**20  #: a hash list of 200,000 files is about 60 MB; nothing that lies beside a clip is larger


def parse(raw: bytes, what: str) -> Element:
    """The root of an XML text.

    Args:   what: how a sentence begins: "the iXML of T001.wav".
    Raises: MediaError where it is not XML, is larger than 64 MiB, or declares entities or a document type.
    """
    raw = raw.rstrip(b"\0 \r\n\t").lstrip(b"\0 \r\n\t")
    if len(raw) > _LIMIT:
        raise MediaError(f"{what} is {len(raw) // 2**20} MB large; that is not what it says it is.")
    # in UTF-16 the declaration would look different in bytes
    folded = raw.replace(b"\0", b"")
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", folded, re.IGNORECASE):
        raise MediaError(f"{what} declares entities of its own and is not read.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root: Element | None = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as first:
        # recorders write Latin-1 under a UTF-8 heading; nothing else is mended
        try:
            mended = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", raw).decode("latin-1")
            if raw.isascii():
                raise first
            root = etree.fromstring(mended.encode("utf-8"), parser)
        except (etree.XMLSyntaxError, ValueError) as cause:
            raise MediaError(f"{what} is not XML that can be read ({str(cause).splitlines()[0][:120]}).") from cause
    if root is None:
        raise MediaError(f"{what} is empty.")
    return root


def named(root: Element, name: str) -> Iterator[Element]:
    """Every element of that local name, at any depth, in document order."""
    for element in root.iter():
        if isinstance(element.tag, str) and etree.QName(element).localname == name:
            yield element


def text_of(root: Element, name: str) -> str | None:
    """The stripped text of the first element of that name, None where there is none or it is empty."""
    for element in named(root, name):
        text = "".join(str(part) for part in element.itertext()).strip()
        return text or None
    return None
