"""The one door to the C2PA library: nothing is fetched, no list is trusted unless somebody names one, no thumbnail is made.

The library comes with the extra `deliver`; without it every door says so in a sentence.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from answerprint.delivery.credentials.claims import CredentialsError
from answerprint.media.container import shown

__all__ = ["COPIES", "FORMATS", "IN_MEMORY_MB", "certificate_seal", "context", "library", "media_type"]

#: the library keeps two copies of a film while it signs, beside the one that it writes: in memory up to here, then as files without a name
#: (measured: 0.3 GB took 0.6 GB of memory with its own limit of 512 MB, 1.2 GB two files of 1.2 GB)
IN_MEMORY_MB = 64
COPIES = 2

#: what carries credentials in itself, of what a film or a part of one comes as; the rest gets them beside
FORMATS = {
    ".mp4": "video/mp4", ".m4v": "video/x-m4v", ".mov": "video/quicktime", ".avi": "video/avi", ".m4a": "audio/mp4", ".wav": "audio/wav", ".mp3": "audio/mpeg",
    ".flac": "audio/flac", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".tif": "image/tiff", ".tiff": "image/tiff", ".webp": "image/webp",
    ".avif": "image/avif", ".heic": "image/heic", ".heif": "image/heif", ".dng": "image/dng", ".gif": "image/gif", ".svg": "image/svg+xml", ".jxl": "image/jxl",
    ".pdf": "application/pdf",
}  # fmt: skip


def library() -> Any:
    """The C2PA library.

    Raises: CredentialsError: it is not installed.
    """
    try:
        import c2pa
    except ImportError as cause:
        raise CredentialsError("Content Credentials need one more package. Run: pip install 'answerprint[deliver]'") from cause
    return c2pa


def context(trust_list: Path | None = None) -> Any:
    """How files are read and signed here: by what they hold alone. Remote manifests and revocation lists are not asked for.

    Args:   trust_list: PEM certificates that somebody trusts; without it nobody is.
    Raises: CredentialsError: the list cannot be read, or the package is missing.
    """
    c2pa = library()
    settings: dict[str, Any] = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
        "builder": {"thumbnail": {"enabled": False}},
        "core": {"backing_store_memory_threshold_in_mb": IN_MEMORY_MB},
    }
    if trust_list is not None:
        settings["trust"] = {"trust_anchors": _anchors(trust_list)}
    return c2pa.Context.from_dict(settings)


def _anchors(path: Path) -> str:
    from cryptography import x509

    try:
        pem = path.read_bytes()
        x509.load_pem_x509_certificates(pem)
    except OSError as cause:
        raise CredentialsError(
            f"{shown(path)}: the trust list cannot be read ({cause.strerror}). Give a file of PEM certificates."
        ) from cause
    except ValueError as cause:
        raise CredentialsError(f"{shown(path)} is no trust list: it holds no PEM certificates.") from cause
    return pem.decode("ascii", "replace")


def media_type(path: Path) -> str | None:
    """What a file is by its ending, where it can carry credentials itself; None where they go beside it."""
    return FORMATS.get(path.suffix.lower())


def certificate_seal(reader: Any, label: str) -> str | None:
    """SHA-256 of the certificate that a manifest is signed with, as the signature itself carries it; None where it cannot be found.

    Names and serial numbers can be copied into another certificate; this cannot.
    """
    import hashlib

    import cbor2

    into = io.BytesIO()
    try:
        reader.resource_to_stream(f"self#jumbf=/c2pa/{label}/c2pa.signature", into)
        signed = _signature(into.getvalue(), label)
        if signed is None:
            return None
        sign1 = cbor2.loads(signed)
        protected, open_, *_ = sign1.value if isinstance(sign1, cbor2.CBORTag) else sign1
        headers = {**open_, **(cbor2.loads(protected) if protected else {})}
        chain = headers.get(33, headers.get("x5chain"))
        first = chain[0] if isinstance(chain, list) else chain
    except (library().C2paError, cbor2.CBORDecodeError, ValueError, TypeError, IndexError, AttributeError):
        return None
    return f"sha256:{hashlib.sha256(first).hexdigest()}" if isinstance(first, bytes) else None


def _signature(store: bytes, label: str) -> bytes | None:
    """The COSE signature of one manifest out of a manifest store: boxes in boxes (ISO/IEC 19566-5), each named by its description."""
    path = ["c2pa", label, "c2pa.signature"]
    content: bytes | None = store
    for name in path:
        content = next((inner for inner in _superboxes(content) if _named(inner) == name), None)
        if content is None:
            return None
    return next((body for kind, body in _boxes(content) if kind == b"cbor"), None) if content else None


def _superboxes(content: bytes | None) -> list[bytes]:
    return [body for kind, body in _boxes(content or b"") if kind == b"jumb"]


def _boxes(content: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at + 8 <= len(content):
        size, start = int.from_bytes(content[at : at + 4], "big"), at + 8
        if size == 1:
            size, start = int.from_bytes(content[at + 8 : at + 16], "big"), at + 16
        end = len(content) if size == 0 else at + size
        if end < start or end > len(content):
            break
        found.append((content[at + 4 : at + 8], content[start:end]))
        at = end
    return found


def _named(superbox: bytes) -> str | None:
    """A superbox's label: 16 bytes of kind, one of flags, then a text that ends in a zero."""
    for kind, body in _boxes(superbox):
        if kind == b"jumd":
            return body[17:].partition(b"\0")[0].decode("utf-8", "replace")
    return None
