"""Keys that people sign with: made, found and shown. Only the terminal and the room may import this.

`find` looks, in this order: among the user's own keys; at the path that was given (through the ssh-agent where it holds that key,
else the file itself, else `ssh-keygen -Y sign`); among the keys that the ssh-agent shows.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from answerprint.ledger.agent import Agent, AgentKey
from answerprint.ledger.keyfile import (
    CIPHERS,
    FileKey,
    HeldKey,
    KeygenKey,
    PassphraseAsked,
    read_bytes,
    read_private,
    refuse_foreign,
)
from answerprint.ledger.recovery import RecoveryKey, read_recovery, recovery_key
from answerprint.ledger.recovery_page import recovery_page
from answerprint.ledger.spoken import six_words
from answerprint.ledger.sshsig import KeyRefused, allowed_signers, armour, fingerprint, key_blob, line_of, read_line
from answerprint.model.judgments import Signs

__all__ = [
    "AgentKey", "FileKey", "HeldKey", "KeyFile", "KeyRefused", "KeygenKey", "PassphraseAsked", "RecoveryKey", "allowed_signers", "armour",
    "find", "new_key", "own_folder", "own_keys", "public_line", "read_recovery", "recovery_key", "recovery_page", "six_words",
]  # fmt: skip

ENDING = "_id_ed25519"
#: bcrypt rounds that lock a key; 16 is OpenSSH's default up to 9.2. 32 take 0.37 s on one core of a 2-core server: nobody minds once a session.
ROUNDS = 32
#: Letters of a passphrase. The lock can be tried offline by whoever has the file: NIST SP 800-63B-4 asks for 8 where a second thing is
#: needed and 15 where it stands alone; a key file in a back-up is something in between. Twelve random small letters hold 56 bits.
SHORTEST = 12
FEWEST = 5  #: different letters: "aaaaaaaaaaaa" and "121212121212" are long and nothing
LONGEST = 1000  #: bytes; ssh-keygen reads 1,023
ID_FROM = 4  #: letters after "SHA256:" that may name a key; 24 bits, and two that fit are named both


@dataclass(frozen=True, kw_only=True)
class KeyFile:
    """One of the user's own keys."""

    name: str  #: as it was given, where the .pub still says; else as the file is called
    path: Path  #: the private half; the public one lies beside it as .pub
    key_id: str
    public: str  #: the line without a comment


# ---- the user's own keys


def own_folder() -> Path:
    """Where the user's keys lie: in their own configuration, never in a production."""
    import platformdirs

    return Path(platformdirs.user_config_dir("answerprint", appauthor=False)) / "keys"


def new_key(name: str, *, passphrase: str, folder: Path | None = None) -> KeyFile:
    """Make a key: Ed25519, in OpenSSH's format, locked by the passphrase, at FOLDER/NAME_id_ed25519 with its .pub beside it.

    It appears whole, readable by its owner only, and replaces nothing.
    Raises: KeyRefused: no name, a passphrase that is short or cannot be typed, a key of that name, or a disk that refuses.
    """
    _check_passphrase(passphrase)
    stem = _stem(name)
    private = Ed25519PrivateKey.generate()
    lock = PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(ROUNDS).build(passphrase.encode())
    content = private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, lock)
    blob = key_blob(private.public_key().public_bytes_raw())
    own = own_folder() if folder is None else folder
    path = own / f"{stem}{ENDING}"
    try:
        _make_private(own, ours=folder is None)
        _publish_pair(path, content, f"{line_of(blob, _one_line(name))}\n".encode())
    except OSError as cause:
        raise KeyRefused(f"{path}: the key cannot be written ({cause.strerror or cause}). Make room, or look at whose folder it is.") from cause
    return KeyFile(name=_one_line(name), path=path, key_id=fingerprint(blob), public=line_of(blob))


def _make_private(folder: Path, *, ours: bool) -> None:
    """See that a folder is there; one that is made here, and our own in any case, is its owner's only."""
    made = not folder.is_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=folder.is_dir())
    if os.name == "posix" and (made or ours):
        folder.chmod(0o700)


def _publish_pair(path: Path, private: bytes, public: bytes) -> None:
    """Both halves, or neither.  Raises: KeyRefused: one is there already; OSError."""
    beside = _public_path(path)
    try:
        if os.path.lexists(beside):
            raise FileExistsError(beside)
        _publish(private, path, 0o600)
    except FileExistsError as cause:
        raise KeyRefused(f"{path}: there is a key of that name already. Sign with it, or make one under another name.") from cause
    try:
        _publish(public, beside, 0o644)
    except OSError:
        path.unlink()  # nobody has seen it
        raise


def _check_passphrase(passphrase: str) -> None:
    if not passphrase:
        raise KeyRefused("A key needs a passphrase: without one, whoever has the file signs as you. Take four words that do not belong together.")
    if len(passphrase) < SHORTEST or len(set(passphrase.casefold())) < FEWEST:
        raise KeyRefused(
            f"This passphrase is too easy: {SHORTEST} letters at least, {FEWEST} of them different. Take four words that do not belong together."
        )
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in passphrase):
        raise KeyRefused("This passphrase holds a letter that cannot be typed at every prompt. Use letters, figures, signs and spaces.")
    if len(passphrase.encode()) > LONGEST:
        raise KeyRefused(f"This passphrase is longer than OpenSSH reads ({LONGEST} bytes). Take a shorter one.")


def _one_line(name: str) -> str:
    return " ".join("".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in name).split())


def _stem(name: str) -> str:
    stem = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", name).casefold()).strip("-")[:60]
    if not stem:
        raise KeyRefused(f"{name[:40]!a} is no name for a key: it has no letter and no figure.")
    return stem


def _public_path(path: Path) -> Path:
    return path.with_name(path.name + ".pub")


def _publish(content: bytes, path: Path, mode: int) -> None:
    """Write a file whole under its name, without ever replacing another one.  Raises: OSError; FileExistsError."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, path)
        except FileExistsError:
            raise
        except OSError:  # no hard links here (exFAT)
            if os.path.lexists(path):
                raise FileExistsError(path) from None
            os.rename(new, path)
    finally:
        new.unlink(missing_ok=True)
    try:
        _settle(path.parent)
    except OSError:
        path.unlink()  # it was made a moment ago, and nobody has seen it
        raise


def _settle(folder: Path) -> None:
    """See that the names in a folder are on the disk."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def own_keys(folder: Path | None = None) -> list[KeyFile]:
    """The user's own keys, by name. A file that cannot be used as a key is left out; `find` by its name says why.

    Empty where there is none yet.
    """
    return [one for _, one in _own(folder) if one]


def _own(folder: Path | None) -> Iterator[tuple[str, KeyFile | None]]:
    """(stem, key or None where its file cannot be used), sorted."""
    for path in sorted((own_folder() if folder is None else folder).glob(f"*{ENDING}")):
        stem = path.name.removesuffix(ENDING)
        try:
            blob = read_private(path).blob
        except KeyRefused:
            yield stem, None
            continue
        yield stem, KeyFile(name=_said_name(path, blob) or stem, path=path, key_id=fingerprint(blob), public=line_of(blob))


def _said_name(path: Path, blob: bytes) -> str:
    """The name in the .pub beside a key, where it is that key's."""
    try:
        line = read_bytes(_public_path(path))[0].decode()
        return _one_line(line.split(None, 2)[2]) if read_line(line) == blob else ""
    except (KeyRefused, UnicodeDecodeError, IndexError):
        return ""


# ---- finding one


def find(text: str, *, ask: PassphraseAsked, folder: Path | None = None) -> Signs:
    """A signer for a key: its name among the user's own, the beginning of its id, or the path of a private key or its .pub.

    Nothing is asked here: the passphrase is wanted when the first signature is.
    Args:   ask: shows a text and gives back what was typed; "" gives up.   folder: the user's keys; their own by default.
    Raises: KeyRefused: none or several fit, or the one that fits cannot be used.
    """
    text = text.strip()
    own = list(_own(folder))
    fit = _fitting(text, own)
    if len(fit) == 1:
        return FileKey((own_folder() if folder is None else folder) / f"{fit[0]}{ENDING}", ask)
    if fit:
        raise KeyRefused(f"{text!r} may be {' or '.join(sorted(fit))}. Say which, or give the beginning of its id.")
    path = _path(text)
    if text and not _is_id(text) and (len(path.parts) > 1 or os.path.exists(path)):
        return _at(path, ask)
    if in_agent := _in_agent(text):
        return in_agent
    names = ", ".join(stem for stem, _ in own) or "none yet"
    raise KeyRefused(f"No key is called {text!r}. Your own: {names}. You can also give the path of a key file, or the id of one in your ssh-agent.")


def _path(text: str) -> Path:
    try:
        return Path(os.path.expanduser(text))
    except ValueError:  # a letter that no user's name can have
        return Path(text)


def _is_id(text: str) -> bool:
    return text.startswith("SHA256:") and len(text) >= len("SHA256:") + ID_FROM


def _fitting(text: str, own: list[tuple[str, KeyFile | None]]) -> list[str]:
    """The stems of own keys that a text names: by id, by whole name, else by a part of the name."""
    if _is_id(text):
        return [stem for stem, key in own if key and key.key_id.startswith(text)]
    if len(Path(text).parts) > 1 or text.startswith("SHA256:"):
        return []
    wanted = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", text.removesuffix(ENDING)).casefold()).strip("-")
    if not wanted:
        return []
    whole = [stem for stem, _ in own if stem == wanted[:60]]
    return whole or [stem for stem, _ in own if wanted in stem.split("-") or stem.startswith(wanted)]


def _at(path: Path, ask: PassphraseAsked) -> Signs:
    """A signer for the key at a path: the ssh-agent's where it holds that key, else the file's own, else OpenSSH's."""
    if path.suffix == ".pub" and not os.path.exists(private := path.with_suffix("")):
        blob = read_line(public_line(str(path)), str(path))
        if held := _held_by_agent(blob, quiet=False):
            return held
        if not hasattr(socket, "AF_UNIX"):  # Windows: only OpenSSH's own programs reach its agent
            return KeygenKey(path, blob)
        raise KeyRefused(f"{path} is only the public half. {private.name} does not lie beside it, and no ssh-agent shows that key (ssh-add -l).")
    locked = read_private(path.with_suffix("") if path.suffix == ".pub" else path)
    if held := _held_by_agent(locked.blob, quiet=True):
        return held
    return FileKey(locked.path, ask) if locked.cipher in CIPHERS else KeygenKey(locked.path, locked.blob)


def _held_by_agent(blob: bytes, *, quiet: bool) -> AgentKey | None:
    """The agent's signer for exactly this key. `quiet`: an agent that is gone does not matter, because the file is there."""
    agent = Agent.here()
    try:
        found = agent.identities() if agent else []
    except KeyRefused:
        if quiet:
            return None
        raise
    return next((AgentKey(agent, one) for one in found if agent and one.blob == blob), None)


def _in_agent(text: str) -> AgentKey | None:
    """The one key in the agent whose id begins so, or whose comment is this."""
    agent = Agent.here()
    if agent is None or not text:
        return None
    shown = agent.identities()
    found = [one for one in shown if (_is_id(text) and one.key_id.startswith(text)) or one.comment == text]
    if len({one.blob for one in found}) > 1:
        raise KeyRefused(f"{text!r} fits {len(found)} keys in the ssh-agent: {', '.join(one.key_id for one in found)}. Say which by its id.")
    if found:
        return AgentKey(agent, found[0])
    if _is_id(text) and not shown:
        raise KeyRefused(f"No key of yours is {text}, and the ssh-agent shows none: it is empty, or locked (ssh-add -X).")
    return None


# ---- public halves


def public_line(path_or_text: str) -> str:
    """The public line of a key, for enrolling: `ssh-ed25519 BASE64`. A comment, often a login and a machine's name, is left off.

    Args:   the path of a .pub, of a locked private key of one's own (only its public half is read), or the line itself.
    Raises: KeyRefused: another kind of key, a certificate, several keys, an empty file, or a private key given by mistake.
    """
    text = path_or_text.strip()
    if not text:
        raise KeyRefused("No key was given. A .pub file holds one line that begins with ssh-ed25519.")
    pasted = "\n" in text or re.match(r"(ssh-|sk-|ecdsa-|webauthn-|----|PuTTY-)", text) is not None
    if pasted:
        content, where = text.encode("utf-8", "surrogatepass"), "What was pasted"
    else:
        content, where = read_bytes(path := _path(text))[0], text
        if b"BEGIN OPENSSH PRIVATE KEY" in content[:200]:
            return line_of(read_private(path).blob)
    refuse_foreign(content, where)
    return line_of(read_line(_only_line(content, where), where))


def _only_line(content: bytes, where: str) -> str:
    if b"PRIVATE KEY" in content[:200]:
        raise KeyRefused(
            f"{where} is a private key. Give the .pub file. If somebody sent it to you, it is no longer theirs alone: let them make another."
        )
    if content.lstrip().startswith(b"---- BEGIN SSH2 PUBLIC KEY"):
        raise KeyRefused(f"{where} is a public key in SSH2 form. Turn it into OpenSSH's: ssh-keygen -i -f FILE > FILE.pub")
    if content.lstrip().startswith(b"-----BEGIN"):
        raise KeyRefused(f"{where} is a key in PEM form, not in OpenSSH's. A .pub file holds one line that begins with ssh-ed25519.")
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as cause:
        raise KeyRefused(f"{where} is not a public key: it is no text. A .pub file holds one line that begins with ssh-ed25519.") from cause
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise KeyRefused(f"{where} holds no key. A .pub file holds one line that begins with ssh-ed25519.")
    if len(lines) > 1:
        raise KeyRefused(f"{where} holds {len(lines)} lines. Give the one key that this person signs with, in a file of its own.")
    return lines[0]
