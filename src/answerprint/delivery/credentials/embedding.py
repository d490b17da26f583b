"""Credentials go in last: into a new file, read back, compared with the claims, and only then does the file get its name.

The film itself is not touched, and what is in it stays: its essence digest is the same before and after, or there is no file.
"""

from __future__ import annotations

import contextlib
import dataclasses
import glob
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import Any

from answerprint.delivery.credentials.certificates import still_valid
from answerprint.delivery.credentials.claims import (
    Certificate,
    Claims,
    CredentialsError,
    Embedded,
    Ingredient,
    Public,
    Said,
)
from answerprint.delivery.credentials.comparing import compare
from answerprint.delivery.credentials.engine import COPIES, IN_MEMORY_MB, library, media_type
from answerprint.delivery.credentials.manifest import builder, definition
from answerprint.delivery.credentials.parts import PartForm, parts_form
from answerprint.delivery.credentials.public import checked, left_out, one_line, own_state
from answerprint.delivery.credentials.reading import own_credentials, read, sidecar_of
from answerprint.media.container import shown
from answerprint.model.records import Digest

__all__ = ["embed"]

Progress = Callable[[float], object]
_ONE_AT_A_TIME = threading.Lock()  #: an environment is the whole process's
_SPARE = 64 * 2**20  #: bytes beside a copy of the film: the manifest, with the credentials that ingredients bring along
#: shares of the whole by what they read: the film once, the film to sign it and the signed one to hash it, then twice the signed one
_DIGESTED, _SIGNED, _READ = 0.15, 0.7, 0.85


def embed(
    film: Path,
    out: Path,
    claims: Claims,
    certificate: Certificate,
    *,
    public: Public,
    ingredients: Mapping[Digest, Path],
    tsa: str | None = None,
    progress: Progress | None = None,
) -> Embedded:
    """Sign a copy of a film with its claims.

    What cannot carry credentials (MXF) is copied as it is, and gets them beside it: FILM.c2pa beside FILM.mxf.
    Args:    film: without credentials.  out: where the signed one appears, by rename; never the film itself.
             ingredients: where each medium lies that is in the film; those with credentials of their own bring them along.
             tsa: address of a timestamp authority, out of the user's own settings. Nothing is contacted without one.
             progress: told the share done, 0 to 1.
    Raises:  CredentialsError: certificate out of its time; a film that is not the claims', or carries credentials already; an ingredient whose
             credentials are not as claimed; no room; a timestamp authority that does not answer; what was read back disagrees. Nothing
             stands under `out` then that was not there before. MediaError: the film cannot be read.
    """
    tell = progress or (lambda share: None)
    checked(claims)
    still_valid(certificate)
    _may_be_signed(film, out, claims, certificate, tsa)
    parts = _checked_parts(claims, public, ingredients)
    tell(_DIGESTED)
    _sweep(out)
    scratch = _scratch(film, out)
    name = out.with_name(f".{out.stem}.{os.getpid()}.part{out.suffix}")
    beside = sidecar_of(name) if media_type(film) is None else None
    try:
        with _scratch_in(scratch):
            raw = _sign(builder(definition(claims, public, parts), parts, ingredients), film, name, certificate, tsa, tell)
        if beside is not None:
            beside.write_bytes(raw)
        tell(_SIGNED)
        said = dataclasses.replace(read(name, beside), file=shown(out))
        tell(_READ)
        _agrees(name, said, claims, certificate, tsa)
        for each in (name, beside):
            _kept(each)
        if beside is not None:
            os.replace(beside, sidecar_of(out))
        os.replace(name, out)
        _kept(out.parent)
    except library().C2paError as cause:
        raise CredentialsError(_why(film, name, str(cause), tsa)) from cause
    except OSError as cause:
        raise CredentialsError(
            f"{shown(out)} cannot be written ({cause.strerror or cause}). Make room or choose another place; nothing was left behind."
        ) from cause
    finally:
        for each in (name, beside):
            with contextlib.suppress(OSError, AttributeError):
                each.unlink(missing_ok=True)  # type: ignore[union-attr]
    tell(1.0)
    return Embedded(
        file=shown(out),
        sidecar=shown(sidecar_of(out)) if beside is not None else None,
        label=said.label or "",
        essence=claims.essence,
        state=said.state,
        signer=certificate.organisation,
        certificate=certificate.seal,
        stamped=said.stamped,
        left_out=left_out(claims, public),
        sentences=said.sentences,
    )


def _may_be_signed(film: Path, out: Path, claims: Claims, certificate: Certificate, tsa: str | None) -> None:
    """Everything that can be known before a byte is written."""
    from answerprint.delivery.essence import essence

    if tsa is not None and not tsa.startswith(("http://", "https://")):
        raise CredentialsError(
            f"{tsa!r} is no address of a timestamp authority. Write it as http://... or https://..., or leave it away."
        )
    if media_type(film) != media_type(out):
        raise CredentialsError(
            f"{shown(film)} cannot become {shown(out)}: signing does not change what kind of file it is. Keep the ending {film.suffix}."
        )
    found = essence(film, edit=claims.edit)
    if out.exists() and os.path.samefile(film, out):
        raise CredentialsError(f"{shown(film)} cannot be signed onto itself. Name another place; the film stays as it is.")
    if found.digest != claims.essence:
        raise CredentialsError(
            f"{shown(film)} is not the film that was signed: its picture and sound are {found.digest}, "
            f"the record says {claims.essence}. Render it again."
        )
    if read(film).state != "none":
        raise CredentialsError(f"{shown(film)} carries credentials already. Give the film as it was rendered, without them.")


def _scratch(film: Path, out: Path) -> Path:
    """A folder for what signing keeps beside the film that it writes: where that appears, else where such things lie on this computer.

    Raises: CredentialsError: there is room in neither, or no folder to write into.
    """
    size, other = film.stat().st_size, Path(tempfile.gettempdir())
    beside = COPIES * size if size > IN_MEMORY_MB * 2**20 else 0
    try:
        free = shutil.disk_usage(out.parent).free
        if free >= size + beside + _SPARE:
            return out.parent
        if (
            free >= size + _SPARE
            and other.stat().st_dev != out.parent.stat().st_dev
            and shutil.disk_usage(other).free >= beside + _SPARE
        ):
            return other
    except OSError as cause:
        raise CredentialsError(f"{out.parent} is no folder to write into ({cause.strerror}). Name one that is there.") from cause
    raise CredentialsError(
        f"{shown(out)} needs {(size + beside + _SPARE) / 1e9:.1f} GB while it is signed, and {out.parent} has {free / 1e9:.1f}. Make room; nothing was written."
    )


@contextlib.contextmanager
def _scratch_in(folder: Path) -> Iterator[None]:
    """The library puts its own files where the system's temporary files go; that may be memory, so for once it is told another place."""
    names = ("TMP", "TEMP") if os.name == "nt" else ("TMPDIR",)
    with _ONE_AT_A_TIME:
        before = {name: os.environ.get(name) for name in names}
        os.environ.update(dict.fromkeys(names, str(folder.resolve())))
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _checked_parts(claims: Claims, public: Public, ingredients: Mapping[Digest, Path]) -> tuple[PartForm, ...]:
    """The ingredients to write, each medium at hand looked at: what is claimed of its credentials is what it carries."""
    for one in claims.ingredients:
        path = ingredients.get(one.digest)
        if path is None and one.has_credentials:
            raise CredentialsError(
                f"{one_line(one.title)} has credentials of its own, and the file is not at hand. Connect its disk, so that they can come along."
            )
        carries = own_credentials(path) if path is not None else None
        if path is not None and not _as_claimed(one, carries):
            raise CredentialsError(
                f"{one_line(one.title)}: the record says its own credentials are {one.has_credentials or 'none'}, "
                f"the file's are {carries or 'none'}. Render the film again, then the record knows."
            )
    return parts_form(claims, public)


def _as_claimed(one: Ingredient, carries: str | None) -> bool:
    """Whether a medium's credentials are what is claimed of them; what valid ones call it, too, and of broken ones only that they are."""
    if (carries or "none").partition(":")[0] != own_state(one):
        return False
    return own_state(one) != "valid" or one.has_credentials == carries


def _sign(made: Any, film: Path, into: Path, certificate: Certificate, tsa: str | None, tell: Progress) -> bytes:
    """Write the signed copy and give back the manifest."""
    c2pa = library()
    if media_type(film) is None:
        made.set_no_embed()
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(certificate.algorithm, certificate.chain, certificate.key, tsa))
    with _Counted(film, tell) as source, open(into, "w+b") as target:
        try:
            return bytes(made.sign(signer, media_type(film) or "application/octet-stream", source, target))
        except c2pa.C2paError:
            if source.stopped is not None:
                raise source.stopped from None
            raise


class _Counted(FileIO):
    """A film that tells how far into it the reading is."""

    def __init__(self, path: Path, tell: Progress) -> None:
        super().__init__(path, "rb")
        self._size, self._tell, self._said = max(path.stat().st_size, 1), tell, 0.0
        self.stopped: BaseException | None = (
            None  #: what somebody raised while it was read; the library in between only knows that it failed
        )

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer) or 0
        share = self.tell() / self._size
        if share >= self._said + 0.01:
            self._said = share
            try:
                self._tell(_DIGESTED + (_SIGNED - _DIGESTED) * share)
            except BaseException as stopped:
                self.stopped = stopped
                raise OSError("stopped") from stopped
        return count


def _why(film: Path, into: Path, says: str, tsa: str | None) -> str:
    free = shutil.disk_usage(into.parent).free
    if free < film.stat().st_size:
        return f"{shown(film)} could not be signed: {into.parent} is full ({free / 1e9:.1f} GB left). Make room; nothing was left behind."
    if tsa is not None and any(word in says.lower() for word in ("timestamp", "time stamp", "http", "connect", "url")):
        advice = "Try again, or sign without one: then the signature lasts as long as its certificate."
        return f"The timestamp authority {tsa} gave no timestamp ({one_line(says)}). {advice}"
    return f"{shown(film)} could not be signed ({one_line(says)}). Nothing was left behind."


def _agrees(name: Path, said: Said, claims: Claims, certificate: Certificate, tsa: str | None) -> None:
    """What was written is what was meant, in every claim, and in picture and sound."""
    from answerprint.delivery.essence import essence

    wrong = compare(said, claims, essence_now=essence(name, edit=claims.edit).digest, certificate=certificate.seal)
    if tsa is not None and said.stamped is None:
        wrong = (*wrong, f"The timestamp of {tsa} is not in the file.")
    if wrong:
        raise CredentialsError(f"The signed file says something else than the record, so it was not kept: {' '.join(wrong)}")


def _sweep(out: Path) -> None:
    """What a killed process left half-written on the way to this file."""
    for left in out.parent.glob(f".{glob.escape(out.stem)}.*.part.*"):
        process = left.name.removesuffix(left.suffix).removesuffix(".part").rpartition(".")[2]
        if process.isdigit() and not _runs(int(process)):
            with contextlib.suppress(OSError):
                left.unlink()


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _kept(path: Path | None) -> None:
    """On the disk before it has its name."""
    if path is None or (path.is_dir() and os.name != "posix"):
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
