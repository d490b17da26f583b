"""A picture's own word on where it comes from: IPTC's digital source type in an XMP packet (Adobe XMP specification, part 3).

The packet goes into the file; where a format has no place for it here, it lies beside it as FILE.xmp, which is read as well.
"""

from __future__ import annotations

import struct
import uuid
import zlib
from pathlib import Path
from xml.sax.saxutils import quoteattr

__all__ = ["beside", "label", "packet"]

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_SVG_END = b"</svg>"
_SPACE = b"http://ns.adobe.com/xap/1.0/\x00"
_BOX = uuid.UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes  #: of the box that holds a packet in MP4
_MOST = 65_502  #: bytes of a packet in one APP1 segment, after its name


def packet(source: str, *, says: str = "") -> bytes:
    """An XMP packet that names a digital source type: "trainedAlgorithmicMedia".

    Args: says: who or what made it, in words; it stands as IPTC's credit line.
    """
    credit = f" photoshop:Credit={quoteattr(says)}" if says else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        f' Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/{source}"{credit}/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def label(data: bytes, source: str, *, says: str = "") -> bytes | None:
    """The same picture or clip with the packet in it, what is seen and heard untouched; None where the format is none of JPEG, PNG, MP4 and a plain SVG."""
    xmp = packet(source, says=says)
    if data.startswith(_JPEG) and len(xmp) <= _MOST:
        body = _SPACE + xmp
        return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]
    if data.startswith(_PNG):
        body = b"iTXt" + b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + xmp
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        end = 8 + 12 + struct.unpack(">I", data[8:12])[0]  # behind the header chunk
        return data[:end] + chunk + data[end:]
    if data.startswith(b"<svg") and data.endswith(_SVG_END):
        return data[: -len(_SVG_END)] + b"<metadata>" + xmp + b"</metadata>" + _SVG_END
    if data[4:8] == b"ftyp" and data[8:12] != b"qt  " and _ends_in_a_box(data):
        return data + struct.pack(">I", 24 + len(xmp)) + b"uuid" + _BOX + xmp
    return None


def _ends_in_a_box(data: bytes) -> bool:
    """Whether the boxes of an MP4 end where the file does, so that one more may follow."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:  # nought: to the end of the file, wherever that comes to be
            return False
        at += size
    return at == len(data)


def beside(path: Path) -> Path:
    """Where the packet lies for a format that has no place for it here."""
    return path.with_name(f"{path.name}.xmp")
