"""What a file says about itself: read with C2PA's own reader, turned into records. Nothing is fetched.

Every text in here is a stranger's until the signature holds, and only quoted after that: one line each, cut to length.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from answerprint.delivery.credentials.claims import CredentialsError, Manifest, Part, Said, State
from answerprint.delivery.credentials.engine import certificate_seal, context, library, media_type
from answerprint.delivery.credentials.faults import LIST_ONLY, faults
from answerprint.delivery.credentials.parts import NAMELESS
from answerprint.delivery.credentials.public import LABEL, one_line
from answerprint.delivery.credentials.saying import sentences
from answerprint.delivery.credentials.sources import strongest, word
from answerprint.media.container import shown
from answerprint.model.records import Plain

__all__ = ["own_credentials", "read", "sidecar_of"]

_LARGEST_SIDECAR = 256 * 2**20  #: bytes; a manifest with 200 ingredients' own credentials had 9 MB
Where = Literal["in the file", "beside it", "elsewhere", "nowhere"]


def sidecar_of(path: Path) -> Path:
    """Where the credentials of a file that cannot carry them lie: FILM.c2pa beside FILM.mxf."""
    return path.with_suffix(".c2pa")


def read(path: Path, sidecar: Path | None = None, *, trust_list: Path | None = None) -> Said:
    """Read a file's credentials and check them: signatures, every claim's seal, the file itself.

    Args:    sidecar: credentials that lie beside it; where not given, FILM.c2pa is looked at if the file carries none.
             trust_list: PEM certificates that the user trusts; without it the best state is "valid, on no trust list".
    Returns: its state, who signed, each manifest and ingredient with its own state, a sentence per claim. A file without any: state "none".
    Raises:  CredentialsError: it is missing or cannot be read, or the package is not installed.
    """
    c2pa = library()
    settings = context(trust_list)
    try:
        beside = _sidecar(path, sidecar)
        with open(path, "rb") as file:
            if beside is not None:
                return _checked(
                    path, c2pa.Reader(media_type(path) or "application/octet-stream", file, beside, context=settings), "beside it"
                )
            if media_type(path) is None and not _looks_like_media(file.read(16)):
                return _none(path)
            file.seek(0)
            return _checked(path, c2pa.Reader(media_type(path), file, context=settings), "in the file")
    except OSError as cause:
        raise CredentialsError(
            f"{shown(path)} cannot be read ({cause.strerror or cause}). Look whether it is there and may be opened."
        ) from cause
    except (c2pa.C2paError.ManifestNotFound, c2pa.C2paError.NotSupported):
        return _none(path)
    except c2pa.C2paError as cause:
        if str(cause).startswith("Remote"):  # a class of its own in some versions of the library, and only these words in others
            return _elsewhere(path, str(cause))
        return _unreadable(path, str(cause), "beside it" if sidecar else "in the file")


def own_credentials(path: Path) -> str | None:
    """What an ingredient's own credentials are: None (it has none in it), "valid", or "broken: ..." with what is wrong.

    Where valid ones name a source type it stands behind: "valid: trainedAlgorithmicMedia", the strongest of all that is in it.

    Raises: CredentialsError: it cannot be read.
    """
    if media_type(path) is None:
        return None  # it cannot carry any, and what lies beside it cannot come along
    said = read(path)
    if said.state == "none":
        return None
    if said.state == "broken":
        return f"broken: {'; '.join(said.manifests[0].faults if said.manifests else said.codes)}"
    source = strongest(said.manifests[0].source_types, (kind for one in said.manifests for kind in one.source_types))
    return f"valid: {source}" if source else "valid"


def _sidecar(path: Path, given: Path | None) -> bytes | None:
    """The bytes of the credentials beside a file; None where there are none or the file carries its own."""
    beside = given or (sidecar_of(path) if media_type(path) is None else None)
    if beside is None or beside == path or (given is None and not beside.is_file()):
        return None
    with open(beside, "rb") as file:
        found = file.read(_LARGEST_SIDECAR + 1)
    if not found or len(found) > _LARGEST_SIDECAR:
        raise CredentialsError(
            f"{shown(beside)} is {'empty' if not found else 'far too long for credentials'}. Bring the file that was delivered."
        )
    return found


def _looks_like_media(head: bytes) -> bool:
    """Whether the reader should look into a file whose ending says nothing: a box file, a RIFF, a JPEG, a PNG, a TIFF, a PDF."""
    return head[4:8] in (b"ftyp", b"uuid") or head.startswith(
        (b"RIFF", b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"%PDF", b"GIF8", b"fLaC", b"ID3")
    )


def _checked(path: Path, reader: Any, where: Where) -> Said:
    """Everything out of one reader, which is closed here."""
    with reader:
        store = json.loads(reader.json())
        label = store.get("active_manifest", "")
        seal = certificate_seal(reader, label)
    if label not in store.get("manifests", {}):
        return _unreadable(path, "it names a manifest that is not there", where)
    found = [one["code"] for one in store.get("validation_status", [])]
    own = store["manifests"][label]
    state = _state(store.get("validation_state"))
    parts = tuple(_part(one, store["manifests"]) for one in own.get("ingredients", []))
    by_label = {part.label: part for part in parts if part.label}
    manifests = [_manifest(own, state, faults(found))]
    for name, other in store["manifests"].items():
        if name != label:
            part = by_label.get(name)
            manifests.append(_manifest(other, *((part.state, part.faults) if part else _within(name, store))))
    said = Said(
        file=shown(path),
        state=state,
        where=where,
        sentences=(),
        signer=manifests[0].signer,
        stamped=manifests[0].stamped,
        label=label,
        codes=tuple(found),
        manifests=tuple(manifests),
        ingredients=parts,
        claims=_ours(own),
        actions=tuple(_actions(own)),
        seal=seal,
    )
    return _with_sentences(said)


def _state(found: str | None) -> State:
    return {"Trusted": "valid", "Valid": "valid, on no trust list"}.get(found or "", "broken")  # type: ignore[return-value]


def _codes(results: Plain | None) -> list[str]:
    return [one["code"] for one in ((results or {}).get("activeManifest") or {}).get("failure", [])]


def _of(codes: list[str], *, trusted: bool) -> State:
    if any(code not in LIST_ONLY for code in codes):
        return "broken"
    return "valid" if trusted else "valid, on no trust list"


def _part(one: Plain, manifests: Plain) -> Part:
    """An ingredient with the state its own credentials had when it was put in; broken where they are gone since."""
    results = one.get("validation_results")
    codes = [status["code"] for status in one.get("validation_status", [])] or _codes(results)
    if (has := bool(one.get("active_manifest"))) and one["active_manifest"] not in manifests:
        codes.append("ingredient.manifest.missing")
    trusted = any(
        entry["code"] == "signingCredential.trusted" for entry in ((results or {}).get("activeManifest") or {}).get("success", [])
    )
    return Part(
        title=one_line(str(one.get("title", ""))) or NAMELESS,
        relationship=one_line(str(one.get("relationship", ""))),
        state=_of(codes, trusted=trusted) if has else "broken" if any(code not in LIST_ONLY for code in codes) else "none",
        label=one.get("active_manifest"),
        faults=faults(codes),
    )


def _within(name: str, store: Plain) -> tuple[State, tuple[str, ...]]:
    """State of a manifest further down: what the reader found wrong about it, wherever it is noted."""
    codes = [
        status["code"]
        for manifest in store["manifests"].values()
        for one in manifest.get("ingredients", [])
        if one.get("active_manifest") == name
        for status in one.get("validation_status", []) or [{"code": code} for code in _codes(one.get("validation_results"))]
    ]
    return _of(codes, trusted=False), faults(codes)


def _manifest(one: Plain, state: State, wrong: tuple[str, ...]) -> Manifest:
    signature = one.get("signature_info") or {}
    info = one.get("claim_generator_info") or []
    named = " ".join(f"{entry.get('name', '')} {entry.get('version', '')}".strip() for entry in info if isinstance(entry, dict))
    kinds = [action.get("digitalSourceType") for action in _actions(one)]
    return Manifest(
        label=one_line(str(one.get("label", ""))),
        title=one_line(str(one.get("title") or "")),
        signer=one_line(str(signature["issuer"])) if signature.get("issuer") else None,
        software=one_line(named or str(one.get("claim_generator") or "")),
        state=state,
        stamped=one_line(str(signature["time"])) if signature.get("time") else None,
        source_types=tuple(dict.fromkeys(one_line(word(kind)) for kind in kinds if isinstance(kind, str))),
        faults=wrong,
    )


def _actions(one: Plain) -> list[Plain]:
    """Every action of one manifest, whichever version of the list it stands in."""
    lists = [entry.get("data") for entry in one.get("assertions", []) if str(entry.get("label", "")).startswith("c2pa.actions")]
    return [action for data in lists if isinstance(data, dict) for action in data.get("actions") or [] if isinstance(action, dict)]


def _ours(one: Plain) -> Plain | None:
    found = [entry.get("data") for entry in one.get("assertions", []) if entry.get("label") == LABEL]
    return found[0] if len(found) == 1 and isinstance(found[0], dict) else None


def _none(path: Path) -> Said:
    return _with_sentences(Said(file=shown(path), state="none", where="nowhere", sentences=()))


def _elsewhere(path: Path, cause: str) -> Said:
    address = one_line(cause.rpartition(" url ")[2] or cause)
    return _with_sentences(Said(file=shown(path), state="none", where="elsewhere", sentences=(), codes=(address,)))


def _unreadable(path: Path, cause: str, where: Where) -> Said:
    return _with_sentences(Said(file=shown(path), state="broken", where=where, sentences=(), codes=(one_line(cause),)))


def _with_sentences(said: Said) -> Said:
    import dataclasses

    return dataclasses.replace(said, sentences=sentences(said))
