"""A certificate is taken, or refused in one sentence that says why."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from answerprint.config import ConfigError
from answerprint.config import load as settings
from answerprint.delivery.credentials import CredentialsError, certificates
from answerprint.delivery.credentials.certificates import SELF_MADE, chosen, load, own
from tests.delivery.credentials.made import KEYS, Paper, issued

BAD = {
    "expired": (Paper(starts=timedelta(days=-9), ends=timedelta(days=-1)), "ran out on .* Ask its issuer for a new one"),
    "not yet valid": (Paper(starts=timedelta(days=1)), "is not valid before"),
    "issued by itself": (Paper(itself=True), "issued itself"),
    "an issuer's": (Paper(issuer=True), "starts with an issuer's certificate"),
    "may not sign": (Paper(signs=False), "may not sign"),
    "for servers": (Paper(purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)), "meant for something else"),
    "for nothing": (Paper(purposes=()), "meant for something else"),
    "another issuer beside it": (Paper(foreign=True), "do not fit together"),
    "a person's, by name": (
        Paper(names=((NameOID.GIVEN_NAME, "Ada"), (NameOID.SURNAME, "Vogel"))),
        r"names a person \(Ada, Vogel\)",
    ),
    "a person's, by mail": (Paper(mail="ada@vogel.example"), r"names a person \(ada@vogel.example\)"),
    "nobody's": (Paper(organisation=None), "names no organisation"),
    "a short key": (Paper(key="RSA-1024"), "cannot be signed with this kind of key"),
    "a foreign curve": (Paper(key="K-256"), "cannot be signed with this kind of key"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_certificate_that_will_not_do_is_refused(name: str, tmp_path: Path) -> None:
    paper, words = BAD[name]
    with pytest.raises(CredentialsError, match=words):
        load(*issued(tmp_path, paper))


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [("P-256", "es256"), ("P-384", "es384"), ("P-521", "es512"), ("Ed25519", "ed25519"), ("RSA-2048", "ps256")],
)
def test_a_good_one_is_taken(key: str, algorithm: str, tmp_path: Path) -> None:
    certificate = load(*issued(tmp_path, Paper(key=key)))
    assert (certificate.kind, certificate.organisation, certificate.algorithm) == ("own", "Vogel Films", algorithm)
    assert "PRIVATE" not in repr(certificate)


def test_another_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    cert, _ = issued(tmp_path)
    _, key = issued(tmp_path / "other")
    with pytest.raises(CredentialsError, match="they do not belong together"):
        load(cert, key)


def test_a_locked_key_wants_its_passphrase(tmp_path: Path) -> None:
    cert, key = issued(tmp_path, passphrase=b"popcorn")
    with pytest.raises(CredentialsError, match="is locked: give its passphrase"):
        load(cert, key)
    with pytest.raises(CredentialsError, match="does not open with that passphrase"):
        load(cert, key, passphrase=b"crisps")
    assert load(cert, key, passphrase=b"popcorn").organisation == "Vogel Films"


def test_a_key_in_openssh_form_is_taken(tmp_path: Path) -> None:
    cert, key = issued(tmp_path)
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    key.write_bytes(
        private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    )
    assert load(cert, key).algorithm == "es256"


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    cert, key = issued(tmp_path)
    key.chmod(0o640)
    with pytest.raises(CredentialsError, match=r"others on this computer may read this key \(mode 640\). Run: chmod 600"):
        load(cert, key)


@pytest.mark.parametrize(
    ("text", "words"), [(b"", "holds no certificate"), (b"hello", "holds no certificate"), (b"x" * 300_000, "far too long")]
)
def test_a_file_that_is_no_certificate_is_refused(text: bytes, words: str, tmp_path: Path) -> None:
    cert, key = issued(tmp_path)
    cert.write_bytes(text)
    with pytest.raises(CredentialsError, match=words):
        load(cert, key)


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    cert, key = issued(tmp_path)
    key.write_bytes(b"hello")
    with pytest.raises(CredentialsError, match="holds no private key"):
        load(cert, key)
    with pytest.raises(CredentialsError, match="cannot be read"):
        load(cert, tmp_path / "nothing.key")


def test_settings_choose_and_without_them_it_is_the_self_made_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = issued(tmp_path)
    assert chosen(str(cert), str(key)).organisation == "Vogel Films"
    both = tmp_path / "both.pem"
    both.touch(0o600)
    both.write_bytes(cert.read_bytes() + key.read_bytes())
    monkeypatch.setenv("HOME", str(tmp_path))
    assert chosen("~/both.pem", "").organisation == "Vogel Films"
    monkeypatch.setattr(certificates, "_home", lambda: tmp_path / "home")
    assert chosen("", "").kind == "self-made"


def test_a_production_cannot_choose_who_signs(tmp_path: Path) -> None:
    for name in ("certificate", "certificate_key", "timestamps", "trust_list"):
        (tmp_path / "answerprint.toml").write_text(f'{name} = "x"\n')
        with pytest.raises(ConfigError, match="a production folder cannot set it"):
            settings(tmp_path)


# ---- our own


def test_the_first_one_is_made_and_stays(tmp_path: Path) -> None:
    first, again = own(tmp_path / "home"), own(tmp_path / "home")
    assert first == again
    assert first.kind == "self-made"
    assert first.valid_until > datetime.now(UTC) + timedelta(days=365 * 19)
    assert {path.name for path in (tmp_path / "home").iterdir()} == {SELF_MADE}
    assert os.stat(tmp_path / "home" / SELF_MADE).st_mode & 0o777 == 0o600


def test_two_at_once_get_the_same_one(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from answerprint.delivery.credentials.certificates import own; print(own(Path({str(tmp_path)!r})).seal)"
    runs = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({run.communicate(timeout=60)[0] for run in runs}) == 1


def test_two_computers_do_not_share_one(tmp_path: Path) -> None:
    assert own(tmp_path / "a").seal != own(tmp_path / "b").seal


def test_a_place_that_cannot_keep_one_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CredentialsError, match="a certificate cannot be kept there"):
        own(tmp_path / "file" / "home")


def test_every_key_here_is_of_its_kind() -> None:
    assert set(KEYS) == {"P-256", "P-384", "P-521", "Ed25519", "RSA-2048", "RSA-1024", "K-256"}
