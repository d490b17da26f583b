"""A private key in a file, as OpenSSH keeps it (PROTOCOL.key), and the three hands that hold one: memory, our file, ssh-keygen.

What is unlocked lives in the object that signs, in this process: it is never written, named in an argument or an environment,
or sent to a worker. A key file without a passphrase is refused, because any program on the machine could then sign as its owner.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import re
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from answerprint.ledger.sshsig import (
    MAKE_ONE,
    KeyRefused,
    Public,
    Reader,
    checked,
    disarmour,
    fingerprint,
    key_blob,
    of_ours,
    raw_key,
    to_sign,
    write,
)  # fmt: skip

__all__ = ["CIPHERS", "FileKey", "HeldKey", "KeygenKey", "Locked", "PassphraseAsked", "read_bytes", "read_private", "refuse_foreign"]

PassphraseAsked = Callable[[str], str]  #: shows the text, gives back what was typed; "" means: I give up

CIPHERS = ("aes256-ctr", "aes256-cbc", "aes256-gcm@openssh.com")  #: what `cryptography` opens; OpenSSH's own choice is the first
TRIES = 3  #: as ssh (NumberOfPasswordPrompts in ssh_config(5))
LONGEST = 64 * 1024  #: bytes; an Ed25519 key file has about 500
MOST_ROUNDS = 10_000  #: of bcrypt; two minutes on one core of a 2-core server
KEYGEN_S = 300  #: a person types, or looks for a token


@dataclass(frozen=True, kw_only=True)
class Locked:
    """A private key file, from outside: what it says without its passphrase."""

    path: Path
    blob: bytes  #: the public half
    cipher: str
    content: bytes

    @property
    def key_id(self) -> str:
        return fingerprint(self.blob)


def read_bytes(path: Path) -> tuple[bytes, int]:
    """A key file's bytes and its mode (0o600 where the system has none).

    Raises: KeyRefused: missing, no file, not readable, empty, or far too long for a key.
    """
    try:
        with open(path, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode) if os.name == "posix" else 0o600
            content = file.read(LONGEST + 1)
    except FileNotFoundError as cause:
        raise KeyRefused(f"{path}: there is no such file. Give the path of a key.") from cause
    except IsADirectoryError as cause:
        raise KeyRefused(f"{path} is a folder. Give the path of a key in it.") from cause
    except (OSError, ValueError) as cause:
        why = getattr(cause, "strerror", None) or str(cause)
        raise KeyRefused(f"{path}: the key cannot be read ({why}).") from cause
    if not content.strip():
        raise KeyRefused(f"{path} is empty: it holds no key. Take it from a copy, or make a new one.")
    if len(content) > LONGEST:
        raise KeyRefused(f"{path} is too long for a key (over {LONGEST // 1024} KiB). Give the path of a key.")
    return content, mode


def refuse_foreign(content: bytes, where: object) -> None:
    """Name the other forms in which keys come.  Raises: KeyRefused."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    if start.startswith(b"PuTTY-User-Key-File-"):
        raise KeyRefused(f"{where} is a PuTTY key. In PuTTYgen: Conversions, Export OpenSSH key (force new file format); then give that file.")
    if re.match(rb"-----BEGIN (RSA |EC |DSA )?(ENCRYPTED )?PRIVATE KEY-----", start):
        raise KeyRefused(f"{where} is a private key in PEM form (PKCS), not in OpenSSH's. {MAKE_ONE}")
    if re.match(rb"---- BEGIN SSH2 (ENCRYPTED )?PRIVATE KEY ----", start):
        raise KeyRefused(f"{where} is a private key in SSH2 form, not in OpenSSH's. {MAKE_ONE}")


def read_private(path: Path) -> Locked:
    """What a private key file says without its passphrase.

    Raises: KeyRefused: no such file, another form or kind, damaged, not locked, or open to others on this machine.
    """
    content, mode = read_bytes(path)
    refuse_foreign(content, path)
    found = re.match(rb"\s*-----BEGIN OPENSSH PRIVATE KEY-----\s(.*?)(-----END OPENSSH PRIVATE KEY-----\s*)?\Z", content, re.DOTALL)
    if not found:
        raise KeyRefused(f"{path} is not an OpenSSH private key. {MAKE_ONE}")
    try:
        if not found[2]:
            raise ValueError("its end is missing")
        read = Reader(base64.b64decode(b"".join(found[1].split()), validate=True))
        if read.take(15) != b"openssh-key-v1\0":
            raise ValueError("it does not begin as a key")
        cipher, derivation, options, keys = read.part().decode("ascii"), read.part(), Reader(read.part()), read.number()
        if keys != 1:
            raise ValueError(f"it holds {keys} keys")
        if derivation == b"bcrypt" and options.part() and (rounds := options.number()) > MOST_ROUNDS:
            raise ValueError(f"its lock would turn {rounds} times, which takes minutes to days")
        blob, secret = read.part(), read.part()
        if len(secret) < 8:
            raise ValueError("nothing is locked in it")
    except (ValueError, binascii.Error) as cause:
        raise KeyRefused(f"{path}: the key is damaged ({cause}). Take it from a copy, or make a new one.") from cause
    raw_key(blob, str(path))
    if mode & 0o077:
        raise KeyRefused(
            f"{path} is a private key that others on this machine can read (mode {mode:04o}). If it is yours: chmod 600 {path}. "
            "If somebody sent it to you, it is no longer theirs alone: let them make another and send the .pub file."
        )
    if cipher == "none" or derivation == b"none":
        raise KeyRefused(f"{path} has no passphrase: any program on this machine could sign as you. Lock it: ssh-keygen -p -f {path}")
    return Locked(path=path, blob=blob, cipher=cipher, content=content)


class HeldKey(Public):
    """A private key in memory."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        super().__init__(key_blob(private.public_key().public_bytes_raw()))
        self._private = private

    def sign(self, message: bytes, namespace: str) -> bytes:
        """See `Signs`.  Raises: KeyRefused: a namespace that is none of ours."""
        of_ours(namespace)
        return write(self._blob, namespace, self._private.sign(to_sign(message, namespace)))

    def __reduce__(self) -> NoReturn:
        raise TypeError("an unlocked key stays in its process")


class FileKey:
    """A key file of ours or of the user. Its passphrase is asked for when the first signature is wanted, and not again."""

    def __init__(self, path: Path, ask: PassphraseAsked) -> None:
        """Raises: KeyRefused: see `read_private`."""
        self.locked = read_private(path)
        self._ask = ask
        self._held: HeldKey | None = None

    @property
    def key_id(self) -> str:
        return self.locked.key_id

    @property
    def public(self) -> bytes:
        return self.locked.blob

    def sign(self, message: bytes, namespace: str) -> bytes:
        """See `Signs`.  Raises: KeyRefused: three wrong passphrases, none given, or a damaged file."""
        of_ours(namespace)
        if self._held is None:
            self._held = self._unlock()
        return self._held.sign(message, namespace)

    def _unlock(self) -> HeldKey:
        path = self.locked.path
        for tried in range(TRIES):
            again = "Not that one. " if tried else ""
            passphrase = self._ask(f"{again}Passphrase of {path.name} ({self.key_id[:17]}...): ")
            if not passphrase:
                raise KeyRefused(f"No passphrase was given for {path.name}. Nothing was signed.")
            held = self._open(passphrase)
            if held is None:
                continue
            if held.public != self.locked.blob:
                raise KeyRefused(f"{path}: the key inside is not the one the file says it is. Somebody changed it; take it from a copy.")
            return held
        raise KeyRefused(
            f"{TRIES} passphrases did not open {path}. Nothing was signed. If you are sure of yours, the file is damaged: take it from a copy."
        )

    def _open(self, passphrase: str) -> HeldKey | None:
        """The key, or None where this passphrase does not open it."""
        try:
            private = load_ssh_private_key(self.locked.content, passphrase.encode("utf-8", "surrogateescape"))
        except (ValueError, InvalidTag):  # the two numbers inside do not agree: a wrong passphrase, or damage
            return None
        except UnsupportedAlgorithm as cause:
            raise KeyRefused(f"{self.locked.path} cannot be opened here ({cause}). Install bcrypt, or use the key through ssh-agent.") from cause
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyRefused(f"{self.locked.path}: the key inside is not {self.key_id}. Take it from a copy.")
        return HeldKey(private)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key stays in its process")


class KeygenKey(Public):
    """A key that only OpenSSH can use: `ssh-keygen -Y sign` signs, and asks for the passphrase at the terminal itself."""

    def __init__(self, path: Path, blob: bytes) -> None:
        """`path`: the private key file, or its .pub where an agent holds the rest."""
        raw_key(blob, str(path))
        super().__init__(blob)
        self.path = path.absolute()

    def sign(self, message: bytes, namespace: str) -> bytes:
        """See `Signs`.  Raises: KeyRefused: ssh-keygen is not there, too old, did not sign, or signed something else."""
        of_ours(namespace)
        command = ["ssh-keygen", "-Y", "sign", "-n", namespace, "-O", "hashalg=sha256", "-f", str(self.path)]
        for _ in range(TRIES):
            try:
                done = subprocess.run(command, input=message, capture_output=True, timeout=KEYGEN_S, check=False)
            except FileNotFoundError as cause:
                raise KeyRefused(f"{self.path} needs OpenSSH to sign, and ssh-keygen is not installed (package openssh-client).") from cause
            except (OSError, subprocess.TimeoutExpired) as cause:
                raise KeyRefused(f"ssh-keygen did not sign with {self.path}: {cause}. Nothing was signed.") from cause
            if done.returncode == 0:
                with contextlib.suppress(UnicodeDecodeError):
                    return checked(disarmour(done.stdout.decode("ascii")), message, namespace, self._blob)
            if b"passphrase" not in done.stderr:
                break
        else:
            raise KeyRefused(f"{TRIES} times ssh-keygen could not open {self.path}: the passphrase was wrong, or there was nobody to ask. Nothing was signed.")
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"it ended with {done.returncode}"]
        raise KeyRefused(f"ssh-keygen did not sign with {self.path}: {ascii(said[-1][:200])[1:-1]}. Nothing was signed.")
