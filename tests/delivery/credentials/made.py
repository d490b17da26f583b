"""Films of a second, what is claimed about them, and certificates of every bad kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from answerprint.delivery.credentials import Action, Certificate, Checkpoint, Claims, Held, Ingredient, Public, Said, Signed
from answerprint.delivery.credentials.certificates import own
from answerprint.delivery.credentials.embedding import embed
from answerprint.delivery.credentials.engine import library
from answerprint.delivery.credentials.reading import read
from answerprint.delivery.essence import essence
from answerprint.model.charter import Judgment

EDIT = "sha256:" + "ed" * 32
DIRECTOR, COLOURIST = "Ada Vogel", "Noor Haddad"
EVERYTHING = Public(names=True, ingredients=True)
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_CODECS = {".mp4": ("libx264", "aac"), ".mov": ("libx264", "pcm_s16le"), ".mxf": ("mpeg2video", "pcm_s16le")}


def film(path: Path, *, seed: int = 1, frames: int = 25, loud: float = 0.1) -> Path:
    """A second of picture and sound that belong to this seed alone."""
    rng = np.random.default_rng(seed)
    picture_codec, sound_codec = _CODECS[path.suffix]
    with av.open(str(path), "w") as container:
        picture, sound = container.add_stream(picture_codec, rate=25), container.add_stream(sound_codec, rate=48_000, layout="mono")
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        picture.options = {"preset": "ultrafast"} if picture_codec == "libx264" else {}
        for _ in range(frames):
            container.mux(
                picture.encode(av.VideoFrame.from_ndarray(rng.integers(0, 255, (48, 64, 3), dtype=np.uint8), format="rgb24"))
            )
        noise = (rng.normal(0, loud, (1, frames * 1920)) * 32767).clip(-32768, 32767).astype(np.int16)
        for at in range(0, noise.shape[1], 960):
            frame = av.AudioFrame.from_ndarray(noise[:, at : at + 960], format="s16", layout="mono")
            frame.sample_rate, frame.pts = 48_000, at
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
        container.mux(picture.encode(None))
    return path


def remuxed(film: Path, out: Path) -> Path:
    """The same packets, written again by a program that knows nothing of credentials."""
    with av.open(str(film)) as source, av.open(str(out), "w") as target:
        streams = {
            stream.index: target.add_stream_from_template(stream) for stream in (*source.streams.video, *source.streams.audio)
        }
        for packet in source.demux():
            if packet.dts is not None and packet.stream.index in streams:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    return out


def flipped(path: Path, at: int) -> Path:
    """One bit of one byte changed."""
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
    return path


def in_mdat(path: Path) -> int:
    """A place in the middle of what a film's pictures and sounds lie in."""
    raw = path.read_bytes()
    at = raw.index(b"mdat") - 4
    return at + int.from_bytes(raw[at : at + 4], "big") // 2


def credited(path: Path, certificate: Certificate, source: str = "trainedAlgorithmicMedia") -> Path:
    """A film as somebody else's program signs it: a generator's, say."""
    c2pa = library()
    plain = path.with_name(f"plain {path.name}")
    path.rename(plain)
    manifest = {
        "claim_generator_info": [{"name": "Dreamer", "version": "3"}],
        "title": "a dream",
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [{"action": "c2pa.created", "digitalSourceType": IPTC + source}]}}
        ],
    }
    signed_as(plain, path, c2pa.Builder(manifest), certificate)
    return path


def signed_as(film: Path, out: Path, builder: Any, certificate: Certificate) -> Path:
    """Sign whatever a manifest says, asking nothing."""
    c2pa = library()
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(certificate.algorithm, certificate.chain, certificate.key, None))
    with open(film, "rb") as source, open(out, "w+b") as target:
        builder.sign(signer, "video/mp4", source, target)
    return out


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A production's film with all that belongs to it: what the tests start from."""

    folder: Path
    film: Path
    claims: Claims
    media: dict[str, Path]
    certificate: Certificate

    def sign(
        self,
        out: str = "out.mp4",
        *,
        claims: Claims | None = None,
        public: Public = EVERYTHING,
        certificate: Certificate | None = None,
    ) -> Path:
        """Embed what is claimed, or something else, into the film."""
        path = self.folder / out
        embed(self.film, path, claims or self.claims, certificate or self.certificate, public=public, ingredients=self.media)
        return path

    def on(self, film: Path) -> Shot:
        """The same claims about another file."""
        return replace(self, film=film, claims=replace(self.claims, essence=essence(film, edit=EDIT).digest))

    def says(self, path: Path, sidecar: Path | None = None) -> Said:
        return read(path, sidecar)


def shot(folder: Path, *, suffix: str = ".mp4") -> Shot:
    """A film of two camera originals, a recorder sound, a generated clip with valid credentials, a stock clip with broken ones, and music."""
    certificate = own(folder / "own")
    dream = credited(film(folder / "dream.mp4", seed=7), certificate)
    stock = credited(film(folder / "stock.mp4", seed=8), certificate, "digitalCapture")
    flipped(stock, in_mdat(stock))
    made = film(folder / f"film{suffix}")
    ingredients = (
        Ingredient(kind="camera original", title="A001_C001.mov", digest="blake3:a1", source_type="digitalCapture"),
        Ingredient(kind="camera original", title="A001_C002.mov", digest="blake3:a2", source_type="digitalCapture"),
        Ingredient(kind="recorder sound", title="T001.WAV", digest="blake3:t1", source_type="digitalCapture"),
        Ingredient(kind="stock", title="stock.mp4", digest="blake3:st", has_credentials="broken: changed"),
        Ingredient(
            kind="generated",
            title="dream.mp4",
            digest="blake3:dr",
            source_type="trainedAlgorithmicMedia",
            has_credentials="valid: trainedAlgorithmicMedia",
        ),
        Ingredient(kind="generated", title="sky.png", digest="blake3:sk", source_type="trainedAlgorithmicMedia"),
        Ingredient(kind="music", title="bed.wav", digest="blake3:mu"),
    )
    claims = Claims(
        title="Kaffee & Kuchen",
        version="master",
        spec="youtube",
        essence=essence(made, edit=EDIT).digest,
        edit=EDIT,
        checkpoint=Checkpoint(entry=41, seal="sha256:" + "41" * 32),
        signed=Signed(how="signed off", by=DIRECTOR, entry=41),
        ingredients=ingredients,
        actions=(
            Action(
                what="noise taken out of 1 sound", name="c2pa.filtered", agent="Answerprint clean-up 1", source_type="algorithmicallyEnhanced",
                parameters={"method": "spectral gate"}, about=("blake3:t1",),
            ),
            Action(what="2 clips corrected to match", name="c2pa.color_adjustments", agent="Answerprint colour 1", source_type="algorithmicallyEnhanced"),
            Action(what=f"graded by {COLOURIST}", name="c2pa.color_adjustments", source_type="humanEdits"),
        ),
        judgments=(
            Held(judgment=Judgment.TAKE, holder=DIRECTOR, entry=12),
            Held(judgment=Judgment.GRADE, holder=COLOURIST, entry=33),
            Held(judgment=Judgment.MUSIC_BED, holder=None, entry=7, machine=True),
            Held(judgment=Judgment.HERO_FRAMING, holder=None),
        ),
    )  # fmt: skip
    return Shot(folder=folder, film=made, claims=claims, media={"blake3:st": stock, "blake3:dr": dream}, certificate=certificate)


# ---- certificates


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What a certificate is asked to be; as it stands, one that is taken."""

    organisation: str | None = "Vogel Films"
    names: tuple[tuple[x509.ObjectIdentifier, str], ...] = ()
    mail: str | None = None
    starts: timedelta = timedelta(days=-1)
    ends: timedelta = timedelta(days=300)
    signs: bool = True
    purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.EMAIL_PROTECTION,)
    issuer: bool = False  #: it may issue others
    itself: bool = False  #: it issued itself
    key: str = "P-256"
    foreign: bool = False  #: the chain shows an issuer that did not issue it


KEYS: dict[str, Callable[[], Any]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
    "RSA-1024": lambda: rsa.generate_private_key(65537, 1024),
    "K-256": lambda: ec.generate_private_key(ec.SECP256K1()),
}


def issued(folder: Path, paper: Paper = Paper(), *, passphrase: bytes | None = None) -> tuple[Path, Path]:
    """A certificate and its key as two files, as an issuer sends them."""
    root_key, other_key, key = KEYS["P-256"](), KEYS["P-256"](), KEYS[paper.key]()
    subject, root = _name(paper.organisation, "Film", paper.names), _name("Issuer", "Issuer", ())
    now = datetime.now(UTC)
    made = _start(subject, subject if paper.itself else root, key.public_key(), now + paper.starts, now + paper.ends)
    made = made.add_extension(x509.BasicConstraints(ca=paper.issuer, path_length=None), critical=True)
    made = made.add_extension(_usage(signs=paper.signs, issues=paper.issuer), critical=True)
    made = made.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key((key if paper.itself else root_key).public_key()), critical=False
    )
    if paper.purposes:
        made = made.add_extension(x509.ExtendedKeyUsage(list(paper.purposes)), critical=True)
    if paper.mail:
        made = made.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(paper.mail)]), critical=False)
    signing = key if paper.itself else root_key
    leaf = made.sign(signing, None if isinstance(signing, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    shown = other_key if paper.foreign else root_key
    above = _start(root, root, shown.public_key(), now - timedelta(days=9), now + timedelta(days=900)).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    above = above.add_extension(_usage(signs=False, issues=True), critical=True)
    pem = serialization.Encoding.PEM
    cert, private = folder / "company.pem", folder / "company.key"
    cert.write_bytes(leaf.public_bytes(pem) + (b"" if paper.itself else above.sign(shown, hashes.SHA256()).public_bytes(pem)))
    locked = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    private.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, locked))
    private.chmod(0o600)
    return cert, private


def _start(subject: x509.Name, issuer: x509.Name, public: Any, first: datetime, last: datetime) -> x509.CertificateBuilder:
    begun = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
    )
    return (
        begun.not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(organisation: str | None, common: str, more: Iterable[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    first = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    return x509.Name(
        [*first, x509.NameAttribute(NameOID.COMMON_NAME, common), *(x509.NameAttribute(oid, value) for oid, value in more)]
    )


def _usage(*, signs: bool, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, key_cert_sign=issues, crl_sign=issues, content_commitment=not (signs or issues), key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
