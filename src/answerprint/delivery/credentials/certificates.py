"""Certificates: our own, made at once and called what it is, and one that an organisation bought.

C2PA Technical Specification 2.2, "X.509 certificates": an end certificate, not its own issuer, that may sign (digitalSignature) and is meant for
it (emailProtection, documentSigning or C2PA's own purpose). It names an organisation: a person's name belongs in an identity assertion.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.delivery.credentials.claims import Certificate, CredentialsError
from answerprint.delivery.credentials.public import one_line

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

__all__ = ["SELF_MADE", "chosen", "load", "own", "still_valid"]

SELF_MADE = "self-made.pem"
_LARGEST = 256 * 1024  #: bytes; a chain of five with a key of 4096 bits has 12 kB
_YEARS = 20  #: without a timestamp a signature is good as long as its certificate; a film outlives a year
_PURPOSES = (
    "1.3.6.1.5.5.7.3.4",
    "1.3.6.1.5.5.7.3.36",
    "1.3.6.1.4.1.62558.2.1",
)  #: emailProtection, documentSigning, C2PA claim signing
_NAME = "Self-made certificate"


# ---- our own


def own(folder: Path | None = None) -> Certificate:
    """The certificate of this computer: made when it is first asked for, kept in a file that only its owner may read.

    It is valid, on no trust list: it shows that nothing was changed since, and says nothing about who signed. The key that issued it is
    thrown away, so nothing else can be issued in its name.

    Args:   folder: where it is kept; the user's own data folder where not given.
    Raises: CredentialsError: it cannot be written or read, others may read it, or its time is over or not yet come.
    """
    path = (folder or _home()) / SELF_MADE
    if not path.is_file():
        _make(path)
    return _whole(path, path, None, kind="self-made")


def _home() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("answerprint", appauthor=False)) / "credentials"


def _make(path: Path) -> None:
    """Write a new one, whole, unless somebody else was faster: then theirs stands."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:
            file.write(_issued())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
    except OSError as cause:
        raise CredentialsError(
            f"{path}: a certificate cannot be kept there ({cause.strerror}). Make room, or give your own certificate."
        ) from cause
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _issued() -> bytes:
    """A chain of two and the key of the first, as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.now(UTC).replace(microsecond=0)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def named(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, _NAME), x509.NameAttribute(NameOID.COMMON_NAME, common)])

    def started(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        begun = x509.CertificateBuilder().subject_name(subject).issuer_name(named("Answerprint, issuer")).public_key(public)
        lasting = begun.not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(days=365 * _YEARS))
        return lasting.serial_number(x509.random_serial_number()).add_extension(
            x509.SubjectKeyIdentifier.from_public_key(public), critical=False
        )

    root = (
        started(named("Answerprint, issuer"), root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(issues=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        started(named("Answerprint, on this computer"), key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(issues=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(_PURPOSES[0])]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return leaf.public_bytes(pem) + root.public_bytes(pem) + private


def _usage(*, issues: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not issues, key_cert_sign=issues, crl_sign=issues, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


# ---- somebody's


def load(cert: Path, key: Path, *, passphrase: bytes | None = None) -> Certificate:
    """An organisation's own certificate with its key.

    Args:   cert: PEM, the one that signs first, then those above it.  key: PEM or OpenSSH, its private key.  passphrase: if the key is locked.
    Raises: CredentialsError, a sentence each: not to be read, no certificate, expired, not yet valid, another key's, not meant for signing,
            an issuer's own, a chain that does not fit together, a person's name in it, a key that others may read.
    """
    return _whole(cert, key, passphrase, kind="own")


def _whole(cert: Path, key: Path, passphrase: bytes | None, *, kind: str) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.x509.oid import NameOID

    try:
        chain = x509.load_pem_x509_certificates(_bytes(cert, secret=False))
    except ValueError as cause:
        raise CredentialsError(
            f"{cert} holds no certificate in PEM form. Give the .pem or .crt file that its issuer sent."
        ) from cause
    private = _private(key, passphrase)
    first = chain[0]
    named = first.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    made = Certificate(
        kind="self-made" if kind == "self-made" else "own",
        organisation=one_line(str(named[0].value)) if named else "",
        seal=f"sha256:{hashlib.sha256(first.public_bytes(serialization.Encoding.DER)).hexdigest()}",
        valid_from=first.not_valid_before_utc,
        valid_until=first.not_valid_after_utc,
        algorithm=_algorithm(cert, first.public_key()),
        chain=b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain),
        key=private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    spki = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*spki) != first.public_key().public_bytes(*spki):
        raise CredentialsError(
            f"{key} is not the key of {cert}: they do not belong together. Give the key that the certificate was asked for with."
        )
    still_valid(made, where=str(cert))
    _meant_for_it(cert, first)
    _chained(cert, chain)
    _nobody_in_it(cert, first, made.organisation)
    return made


def chosen(certificate: str, key: str) -> Certificate:
    """The one that the user's own settings name, else the one of this computer.

    Args: certificate: a path, "" for none; ~ is the user's home.  key: likewise; "" where it is in the same file.
    """
    if not certificate:
        return own()
    return load(Path(certificate).expanduser(), Path(key or certificate).expanduser())


def still_valid(certificate: Certificate, *, where: str = "The certificate", at: datetime | None = None) -> None:
    """Raises: CredentialsError: its time is over, or has not come."""
    now = at or datetime.now(UTC)
    if now > certificate.valid_until:
        advice = "Move it away; a new one is made." if certificate.kind == "self-made" else "Ask its issuer for a new one."
        raise CredentialsError(f"{where} ran out on {certificate.valid_until:%d %B %Y}. {advice}")
    if now < certificate.valid_from:
        raise CredentialsError(
            f"{where} is not valid before {certificate.valid_from:%d %B %Y, %H:%M} UTC. Wait, or set this computer's clock right."
        )


def _bytes(path: Path, *, secret: bool) -> bytes:
    try:
        with open(path, "rb") as file:
            found, mode = file.read(_LARGEST + 1), stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    except OSError as cause:
        raise CredentialsError(
            f"{path} cannot be read ({cause.strerror}). Give the path of a certificate and of its key."
        ) from cause
    if len(found) > _LARGEST:
        raise CredentialsError(f"{path} is far too long for a certificate or a key.")
    if secret and os.name == "posix" and mode & 0o077:
        raise CredentialsError(f"{path}: others on this computer may read this key (mode {mode:o}). Run: chmod 600 {path}")
    return found


def _private(path: Path, passphrase: bytes | None) -> PrivateKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    raw = _bytes(path, secret=True)
    opens = load_ssh_private_key if b"BEGIN OPENSSH PRIVATE KEY" in raw else load_pem_private_key
    try:
        return opens(raw, passphrase)
    except TypeError as cause:
        why = "is locked: give its passphrase" if passphrase is None else "is not locked: leave the passphrase away"
        raise CredentialsError(f"{path} {why}.") from cause
    except (ValueError, UnsupportedAlgorithm) as cause:
        why = "does not open with that passphrase" if passphrase is not None else "holds no private key in PEM form"
        raise CredentialsError(f"{path} {why}.") from cause


def _algorithm(path: Path, public: PublicKeyTypes) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in ("secp256r1", "secp384r1", "secp521r1"):
        return {256: "es256", 384: "es384", 521: "es512"}[public.curve.key_size]
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= 2048:
        return "ps256"
    if isinstance(public, ed25519.Ed25519PublicKey):
        return "ed25519"
    raise CredentialsError(
        f"{path}: credentials cannot be signed with this kind of key. Ask for one on P-256, P-384, P-521, Ed25519, or RSA of 2048 bits and more."
    )


def _meant_for_it(path: Path, one: x509.Certificate) -> None:
    from cryptography import x509

    def held(kind: type[x509.ExtensionType]) -> x509.ExtensionType | None:
        try:
            return one.extensions.get_extension_for_class(kind).value
        except x509.ExtensionNotFound:
            return None

    if one.issuer == one.subject:
        raise CredentialsError(
            f"{path} issued itself, and readers refuse that. Give a certificate that another one issued, or none: then one is made here."
        )
    limits, usage, purposes = held(x509.BasicConstraints), held(x509.KeyUsage), held(x509.ExtendedKeyUsage)
    if isinstance(limits, x509.BasicConstraints) and limits.ca:
        raise CredentialsError(f"{path} starts with an issuer's certificate. Put the one that signs first.")
    if not isinstance(usage, x509.KeyUsage) or not usage.digital_signature:
        raise CredentialsError(
            f"{path} may not sign (its usage does not name digital signatures). Ask its issuer for one that may."
        )
    if not isinstance(purposes, x509.ExtendedKeyUsage) or not {purpose.dotted_string for purpose in purposes} & set(_PURPOSES):
        raise CredentialsError(
            f"{path} is meant for something else than signing documents. Ask its issuer for one for Content Credentials, documents or mail."
        )


def _chained(path: Path, chain: list[x509.Certificate]) -> None:
    from cryptography.exceptions import InvalidSignature

    for below, above in itertools.pairwise(chain):
        try:
            below.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature) as cause:
            raise CredentialsError(
                f"{path}: its certificates do not fit together. Put the one that signs first and its issuer's after it."
            ) from cause


def _nobody_in_it(path: Path, one: x509.Certificate, organisation: str) -> None:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    personal = [
        str(found.value)
        for oid in (NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.EMAIL_ADDRESS)
        for found in one.subject.get_attributes_for_oid(oid)
    ]
    with contextlib.suppress(x509.ExtensionNotFound):
        personal += one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.RFC822Name)
    if personal:
        raise CredentialsError(
            f"{path} names a person ({one_line(', '.join(personal))}). A film is signed in an organisation's name; give the company's certificate."
        )
    if not organisation:
        raise CredentialsError(f"{path} names no organisation, so a reader could not say who signed. Give one that does.")
