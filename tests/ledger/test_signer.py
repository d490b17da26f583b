"""Keys: made locked, found in a stated order, unlocked in one process only; what they sign is what OpenSSH checks."""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import multiprocessing
import os
import pickle
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_ssh_private_key
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from answerprint.ledger import LedgerError, keyfile, signer, sshsig
from answerprint.ledger.agent import Agent, Identity
from answerprint.ledger.sealing import seal, sealed_by, unseal
from answerprint.ledger.signer import (
    AgentKey,
    FileKey,
    HeldKey,
    KeygenKey,
    KeyRefused,
    find,
    new_key,
    own_keys,
    public_line,
    six_words,
)
from answerprint.ledger.sshsig import CHECKPOINT, ENTRY, SEAL

WORDS = "four words of mine"
ROUNDS = signer.ROUNDS  # as they are outside these tests
BODY = b'{"at":"2026-03-01T10:00:00.000Z","kind":"stand","schema":1}'


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No agent and no folder of whoever runs the tests; locks that open fast."""
    for name in ("SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(signer, "ROUNDS", 1)


@pytest.fixture
def ssh() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run one of OpenSSH's programs."""
    for name in ("ssh-keygen", "ssh-agent", "ssh-add"):
        if shutil.which(name) is None:
            pytest.fail(f"{name} is not installed. These tests hold our keys against OpenSSH's: install the package openssh-client.")

    def run(*args: object, given: bytes = b"", fails: bool = False) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run([str(one) for one in args], input=given, capture_output=True, timeout=60, check=False)
        assert fails or done.returncode == 0, done.stderr.decode()
        return done

    return run


Ssh = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """What a person types where one of OpenSSH's programs asks."""

    def types(words: str) -> None:
        script = tmp_path / "asked.sh"
        script.write_text(f"#!/bin/sh\necho asked >> '{tmp_path}/asked'\necho '{words}'\n")
        script.chmod(0o700)
        monkeypatch.setenv("SSH_ASKPASS", str(script))
        monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")

    return types


@pytest.fixture
def agent(ssh: Ssh, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """A real ssh-agent, empty, at SSH_AUTH_SOCK."""
    with tempfile.TemporaryDirectory(prefix="ap-") as folder:  # a socket's path has at most 107 letters
        path = Path(folder) / "agent"
        process = subprocess.Popen(["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        yield process
        process.terminate()
        process.wait(10)
        process.stdout.close()


def nobody(prompt: str) -> str:
    raise AssertionError(f"asked: {prompt}")


def says(words: str) -> Callable[[str], str]:
    return lambda prompt: words


def made(ssh: Ssh, path: Path, *, passphrase: str = WORDS, kind: str = "ed25519", cipher: str = "aes256-ctr") -> Path:
    ssh("ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-a", 1, "-Z", cipher, "-C", "ana@cutting-room", "-f", path)
    return path


def held() -> HeldKey:
    return HeldKey(ed25519.Ed25519PrivateKey.generate())


HELD = held()


def id_of(ssh: Ssh, path: Path) -> str:
    return ssh("ssh-keygen", "-l", "-f", path).stdout.decode().split()[1]


# ---- making a key


def test_a_new_key_is_openssh_s_own_and_locked(ssh: Ssh, tmp_path: Path) -> None:
    key = new_key("Ana Łukasz", passphrase=WORDS, folder=tmp_path / "keys")
    assert key.path == tmp_path / "keys" / "ana-łukasz_id_ed25519"
    assert id_of(ssh, key.path) == key.key_id == id_of(ssh, key.path.with_name(key.path.name + ".pub"))
    assert ssh("ssh-keygen", "-y", "-P", WORDS, "-f", key.path).stdout.decode().split()[:2] == key.public.split()
    assert ssh("ssh-keygen", "-y", "-P", "four words of others", "-f", key.path, fails=True).returncode
    assert keyfile.read_private(key.path).cipher == "aes256-ctr"


def test_the_lock_turns_more_often_than_openssh_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signer, "ROUNDS", ROUNDS)
    key = new_key("Ana", passphrase=WORDS, folder=tmp_path)
    raw = base64.b64decode("".join(key.path.read_text().splitlines()[1:-1]))
    assert int.from_bytes(raw[63:67], "big") == ROUNDS > 16
    assert FileKey(key.path, says(WORDS)).sign(BODY, ENTRY)


def test_a_new_key_can_be_read_by_its_owner_only() -> None:
    before = os.umask(0)
    try:
        key = new_key("Ana", passphrase=WORDS)
    finally:
        os.umask(before)
    assert key.path.parent == signer.own_folder()
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.path.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in key.path.parent.iterdir()) == ["ana_id_ed25519", "ana_id_ed25519.pub"]


@pytest.mark.parametrize("passphrase", ["", "short", "eleven char", "aaaaaaaaaaaaaaaaaaaa", "12121212121212", "a line\nand another", "x1y2z" * 300])
def test_a_passphrase_that_guards_nothing_is_refused(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(KeyRefused, match="passphrase"):
        new_key("Ana", passphrase=passphrase, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_new_key_never_replaces_another(tmp_path: Path) -> None:
    first = new_key("Ana", passphrase=WORDS, folder=tmp_path)
    before = first.path.read_bytes()
    with pytest.raises(KeyRefused, match="of that name already"):
        new_key("ANA", passphrase="other words of mine", folder=tmp_path)
    assert first.path.read_bytes() == before
    (tmp_path / "bo_id_ed25519.pub").write_text("the half of a key that lies elsewhere")
    with pytest.raises(KeyRefused, match="of that name already"):
        new_key("Bo", passphrase=WORDS, folder=tmp_path)
    assert not (tmp_path / "bo_id_ed25519").exists()


def test_of_eight_that_make_the_same_key_one_does(tmp_path: Path) -> None:
    done: list[object] = []

    def make() -> None:
        try:
            done.append(new_key("Ana", passphrase=WORDS, folder=tmp_path))
        except KeyRefused as error:
            done.append(error)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (key,) = [one for one in done if isinstance(one, signer.KeyFile)]
    assert len(done) == 8
    assert own_keys(tmp_path) == [key]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_disk_that_refuses_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = os.fsync
    for fails_at in (1, 2, 3, 4):  # the private half, its folder, the public half, its folder
        left = [fails_at]

        def full(handle: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            flush(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(KeyRefused, match="No space left"):
                new_key("Ana", passphrase=WORDS, folder=tmp_path)
        assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyRefused, match="cannot be written"):
        new_key("Ana", passphrase=WORDS, folder=tmp_path / "file" / "keys")


def test_a_name_is_never_a_path(tmp_path: Path) -> None:
    key = new_key("../../etc/Ana\n", passphrase=WORDS, folder=tmp_path / "keys")
    assert key.path == tmp_path / "keys" / "etc-ana_id_ed25519"
    assert key.path.with_name(key.path.name + ".pub").read_text().count("\n") == 1
    with pytest.raises(KeyRefused, match="is no name"):
        new_key("../..", passphrase=WORDS, folder=tmp_path / "keys")


# ---- finding and unlocking


def test_a_key_is_found_by_name_by_the_beginning_of_its_id_and_by_path(tmp_path: Path) -> None:
    key = new_key("Ana Łukasz", passphrase=WORDS)
    new_key("Bo", passphrase=WORDS)
    for text in ("Ana Łukasz", "ana-łukasz", "ana", "Łukasz", key.key_id, key.key_id[:11], str(key.path), f"{key.path}.pub"):
        assert find(text, ask=nobody).key_id == key.key_id, text
    assert [one.name for one in own_keys()] == ["Ana Łukasz", "Bo"]


def test_a_text_that_fits_two_keys_chooses_none() -> None:
    new_key("Ana Berg", passphrase=WORDS)
    new_key("Ana Holm", passphrase=WORDS)
    with pytest.raises(KeyRefused, match="ana-berg or ana-holm"):
        find("Ana", ask=nobody)
    with pytest.raises(KeyRefused, match="Your own: ana-berg, ana-holm"):
        find("Bo", ask=nobody)
    with pytest.raises(KeyRefused, match="No key is called ''"):
        find("", ask=nobody)


def test_one_s_own_key_goes_before_a_file_of_the_same_name_in_the_folder(ssh: Ssh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_key("Ana", passphrase=WORDS)
    made(ssh, tmp_path / "ana")
    monkeypatch.chdir(tmp_path)
    assert find("ana", ask=nobody).key_id == key.key_id
    assert find(str(tmp_path / "ana"), ask=nobody).key_id == id_of(ssh, tmp_path / "ana")


def test_the_passphrase_is_asked_for_at_the_first_signature_and_once() -> None:
    key = new_key("Ana", passphrase=WORDS)
    prompts: list[str] = []

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return WORDS

    signs = find("Ana", ask=ask)
    assert prompts == []
    for namespace in (ENTRY, CHECKPOINT, SEAL):
        assert sshsig.check(signs.sign(BODY, namespace), BODY, namespace).key_id == key.key_id
    assert len(prompts) == 1
    assert key.path.name in prompts[0]


def test_a_third_passphrase_may_be_right_and_a_fourth_is_not_asked_for() -> None:
    key = new_key("Ana", passphrase=WORDS)
    answers = iter(["wrong one", "wrong two", WORDS])
    assert find("Ana", ask=lambda prompt: next(answers)).sign(BODY, ENTRY)
    prompts: list[str] = []
    signs = find("Ana", ask=lambda prompt: prompts.append(prompt) or "wrong")
    with pytest.raises(KeyRefused, match=r"3 passphrases did not open .* Nothing was signed"):
        signs.sign(BODY, ENTRY)
    assert len(prompts) == 3
    assert prompts[1].startswith("Not that one.")
    with pytest.raises(KeyRefused, match="No passphrase was given"):
        FileKey(key.path, says("")).sign(BODY, ENTRY)
    assert issubclass(KeyRefused, LedgerError)


@pytest.mark.parametrize("cipher", keyfile.CIPHERS)
def test_a_key_that_ssh_keygen_locked_opens(ssh: Ssh, tmp_path: Path, cipher: str) -> None:
    path = made(ssh, tmp_path / "key", cipher=cipher)
    signs = find(str(path), ask=says(WORDS))
    assert isinstance(signs, FileKey)
    assert sshsig.check(signs.sign(BODY, ENTRY), BODY, ENTRY).key_id == id_of(ssh, path)
    with pytest.raises(KeyRefused, match="3 passphrases"):
        find(str(path), ask=says("not these words")).sign(BODY, ENTRY)


def test_a_key_signs_for_the_record_and_for_nothing_else(ssh: Ssh, tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key")
    for signs in (held(), FileKey(path, nobody), KeygenKey(path, keyfile.read_private(path).blob)):
        for namespace in ("git", "file", "", "answerprint-entry-v2"):
            with pytest.raises(KeyRefused, match="nothing that Answerprint signs for"):
                signs.sign(BODY, namespace)


def test_a_key_file_whose_public_half_was_changed_signs_nothing(ssh: Ssh, tmp_path: Path) -> None:
    path, other = made(ssh, tmp_path / "key"), made(ssh, tmp_path / "other")
    lines = path.read_text().splitlines()
    raw = base64.b64decode("".join(lines[1:-1]))
    raw = raw.replace(keyfile.read_private(path).blob, keyfile.read_private(other).blob, 1)
    path.write_text(f"{lines[0]}\n{base64.b64encode(raw).decode()}\n{lines[-1]}\n")
    with pytest.raises(KeyRefused):
        FileKey(path, says(WORDS)).sign(BODY, ENTRY)


# ---- files that are no key of ours


def _pkcs8() -> bytes:
    return ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (_pkcs8(), "PEM form"),
        (b"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "PEM form"),
        (b"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: aes256-cbc\n", "PuTTYgen"),
        (b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", "SSH2 form"),
        (b"hello\n", "not an OpenSSH private key"),
        (b"\x00" * 500, "not an OpenSSH private key"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\n", "its end is missing"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\n!!\n-----END OPENSSH PRIVATE KEY-----\n", "damaged"),
        (b"x" * 100_000, "too long for a key"),
    ],
)
def test_a_file_that_is_no_key_says_what_it_is(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyRefused, match=sentence):
        find(str(path), ask=nobody)


def test_a_key_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="no such file"):
        find(str(tmp_path / "key"), ask=nobody)
    with pytest.raises(KeyRefused, match="is a folder"):
        find(str(tmp_path), ask=nobody)


def test_a_key_that_others_can_read_is_refused(ssh: Ssh, tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key")
    for mode in (0o644, 0o640, 0o604):
        path.chmod(mode)
        with pytest.raises(KeyRefused, match=f"mode {mode:04o}.*chmod 600"):
            find(str(path), ask=nobody)


def test_a_key_without_a_passphrase_is_refused(ssh: Ssh, tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key", passphrase="")
    with pytest.raises(KeyRefused, match="any program on this machine could sign as you"):
        find(str(path), ask=nobody)


def test_a_key_of_another_kind_is_refused_by_name(ssh: Ssh, tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="is an ECDSA key"):
        find(str(made(ssh, tmp_path / "key", kind="ecdsa")), ask=nobody)


def test_a_key_cut_anywhere_is_a_sentence(ssh: Ssh, tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key")
    whole = path.read_bytes().rstrip()
    for end in range(0, len(whole) - 1, 3):
        path.write_bytes(whole[:end])
        with pytest.raises(KeyRefused):
            FileKey(path, says(WORDS)).sign(BODY, ENTRY)


def test_a_key_with_a_changed_byte_never_signs_as_another(ssh: Ssh, tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key")
    mine = id_of(ssh, path)
    lines = path.read_text().splitlines()
    raw = base64.b64decode("".join(lines[1:-1]))
    for at in range(0, len(raw), 5):
        flipped = raw[:at] + bytes([raw[at] ^ 0x41]) + raw[at + 1 :]
        path.write_text(f"{lines[0]}\n{base64.b64encode(flipped).decode()}\n{lines[-1]}\n")
        try:
            signed = FileKey(path, says(WORDS)).sign(BODY, ENTRY)
        except KeyRefused:
            continue
        assert sshsig.check(signed, BODY, ENTRY).key_id == mine  # only the comment or the padding was hit


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300).map(lambda raw: raw.decode("utf-8", "surrogateescape")), st.from_regex(r"(~|ssh-|SHA256:|/)\w*.*")))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("~nobody-of-that-name/key")
@example("~\0")
@example("~\ud800")
@example("x" * 5000)
@example("a/\0/b")
@example("\ud800\nx")
def test_whatever_is_typed_the_answer_is_a_sentence(text: str) -> None:
    for asked in (lambda: find(text, ask=nobody), lambda: public_line(text), lambda: signer.read_recovery(text), lambda: six_words(text), lambda: sshsig.disarmour(text)):
        with pytest.raises(KeyRefused):
            asked()


@given(st.binary(max_size=400), st.sampled_from([b"", b"SSHSIG\0\0\0\1", b"APSEAL1\0"]))
@settings(max_examples=150, deadline=None)
def test_whatever_bytes_come_the_answer_is_a_sentence(raw: bytes, start: bytes) -> None:
    with pytest.raises(KeyRefused):
        sshsig.split(start + raw)
    with pytest.raises(KeyRefused):
        unseal(HELD, start + raw)
    with pytest.raises(KeyRefused):
        sshsig.raw_key(raw)


# ---- a worker finds nothing


def _look_around(answer: Any) -> None:
    """What a plug-in in a worker can see of its own process."""
    seen = [repr(dict(os.environ)).encode(), repr(sys.orig_argv).encode()]
    seen += [path.read_bytes() for path in (Path("/proc/self/environ"), Path("/proc/self/cmdline")) if path.exists()]
    for fd in range(256):
        with contextlib.suppress(OSError):
            if stat.S_ISREG(os.fstat(fd).st_mode):
                seen.append(os.pread(fd, 2**20, 0))
            seen.append(os.readlink(f"/proc/self/fd/{fd}").encode())
    answer.send_bytes(b"\0".join(seen))


def test_a_worker_started_while_a_key_is_unlocked_finds_nothing_of_it(agent: subprocess.Popen[bytes]) -> None:
    key = new_key("Ana", passphrase=WORDS)
    signs = find("Ana", ask=says(WORDS))
    signs.sign(BODY, ENTRY)
    assert Agent.here() is not None
    Agent(os.environ["SSH_AUTH_SOCK"]).identities()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_look_around, args=(theirs,))
    worker.start()
    seen = ours.recv_bytes()
    worker.join()
    seed = load_ssh_private_key(key.path.read_bytes(), WORDS.encode()).private_bytes_raw()  # type: ignore[union-attr]
    for secret in (WORDS.encode(), seed, seed.hex().encode(), base64.b64encode(seed).rstrip(b"="), key.path.name.encode(), b"PRIVATE KEY"):
        assert secret not in seen
    assert b"PATH" in seen  # it did look


def test_a_key_cannot_be_sent_to_another_process() -> None:
    new_key("Ana", passphrase=WORDS)
    locked = find("Ana", ask=says(WORDS))
    locked.sign(BODY, ENTRY)
    for signs in (held(), locked):
        with pytest.raises(TypeError, match="stays in its process"):
            pickle.dumps(signs)


def test_ssh_keygen_is_told_nothing_secret(ssh: Ssh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(ssh, tmp_path / "key", cipher="aes128-ctr")
    (tmp_path / "bin").mkdir()
    spy = tmp_path / "bin" / "ssh-keygen"
    spy.write_text(f'#!/bin/sh\n{{ printf "%s\\n" "$@"; env; cat; }} > {tmp_path}/told\nexit 1\n')
    spy.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    with pytest.raises(KeyRefused, match="did not sign"):
        find(str(path), ask=nobody).sign(BODY, ENTRY)
    told = (tmp_path / "told").read_bytes()
    assert told.startswith(f"-Y\nsign\n-n\n{ENTRY}\n-O\nhashalg=sha256\n-f\n{path}\n".encode())
    assert told.endswith(BODY)
    assert WORDS.encode() not in told


# ---- the user's own agent


def test_the_agent_signs_what_we_made_for_it(ssh: Ssh, agent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key", passphrase="")
    ssh("ssh-add", "-q", path)
    mine = id_of(ssh, path)
    path.unlink()  # only the public half is left on this disk
    for text in (f"{path}.pub", mine, mine[:15], "ana@cutting-room"):
        signs = find(text, ask=nobody)
        assert isinstance(signs, AgentKey)
        assert sshsig.check(signs.sign(BODY, ENTRY), BODY, ENTRY).key_id == mine


def test_a_key_file_that_the_agent_holds_needs_no_passphrase(ssh: Ssh, agent: subprocess.Popen[bytes], typed: Callable[[str], None], tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key")
    ssh("ssh-add", "-q", made(ssh, tmp_path / "other", passphrase=""))
    assert isinstance(find(str(path), ask=nobody), FileKey)
    typed(WORDS)
    ssh("ssh-add", "-q", path)
    signs = find(str(path), ask=nobody)
    assert isinstance(signs, AgentKey)
    assert signs.key_id == id_of(ssh, path)


def test_a_locked_agent_is_a_sentence(ssh: Ssh, agent: subprocess.Popen[bytes], typed: Callable[[str], None], tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key", passphrase="")
    ssh("ssh-add", "-q", path)
    mine = id_of(ssh, path)
    signs = find(mine, ask=nobody)
    typed("shut")
    ssh("ssh-add", "-x")
    with pytest.raises(KeyRefused, match=r"locked \(ssh-add -X\).*Nothing was signed"):
        signs.sign(BODY, ENTRY)
    with pytest.raises(KeyRefused, match="empty, or locked"):
        find(mine, ask=nobody)


def test_an_agent_that_has_gone_is_a_sentence(ssh: Ssh, agent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    open_key, locked = made(ssh, tmp_path / "open", passphrase=""), made(ssh, tmp_path / "locked")
    ssh("ssh-add", "-q", open_key)
    signs = find(id_of(ssh, open_key), ask=nobody)
    agent.terminate()
    agent.wait(10)
    with pytest.raises(KeyRefused, match="cannot be reached"):
        signs.sign(BODY, ENTRY)
    with pytest.raises(KeyRefused, match="cannot be reached"):
        find("SHA256:abcdef", ask=nobody)
    assert find(str(locked), ask=says(WORDS)).sign(BODY, ENTRY)  # the file is here: the agent is not needed


def test_a_key_taken_out_of_the_agent_signs_no_more(ssh: Ssh, agent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key", passphrase="")
    ssh("ssh-add", "-q", path)
    signs = find(id_of(ssh, path), ask=nobody)
    ssh("ssh-add", "-q", "-D")
    with pytest.raises(KeyRefused, match="did not sign"):
        signs.sign(BODY, ENTRY)


def test_a_public_half_that_nobody_holds_is_a_sentence(ssh: Ssh, agent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key")
    path.unlink()
    with pytest.raises(KeyRefused, match="only the public half"):
        find(f"{path}.pub", ask=nobody)


def test_an_agent_s_key_of_another_kind_is_refused_by_name(ssh: Ssh, agent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key", kind="ecdsa", passphrase="")
    ssh("ssh-add", "-q", path)
    with pytest.raises(KeyRefused, match="is an ECDSA key"):
        find(id_of(ssh, path), ask=nobody)
    token = sshsig.whole(b"sk-ssh-ed25519@openssh.com", bytes(32), b"ssh:")
    with pytest.raises(KeyRefused, match="security token"):
        AgentKey(Agent("nowhere"), Identity(blob=token, comment=""))


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """Something at SSH_AUTH_SOCK that answers every question with the same bytes."""
    with tempfile.TemporaryDirectory(prefix="ap-") as folder, socket.socket(socket.AF_UNIX) as door:
        door.bind(path := f"{folder}/agent")
        door.listen()
        monkeypatch.setenv("SSH_AUTH_SOCK", path)
        said = [b""]

        def serve() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                with line:
                    line.recv(65536)
                    line.sendall(said[0])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()

        def answer(words: bytes) -> None:
            said[0] = words

        yield answer
        door.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n", b"\0\0\0\0", b"\0\0\0\1\x05", b"\0\0\0\5\x0c\xff\xff\xff\xff", b"\0\0\0\7\x0c\0\0\0\0xx", b"\0\0\0\x09\x0c\0\0\0\1"])
def test_what_does_not_speak_as_an_agent_is_a_sentence(liar: Callable[[bytes], None], answer: bytes) -> None:
    liar(answer)
    with pytest.raises(KeyRefused, match="does not speak as an ssh-agent"):
        find("SHA256:abcdef", ask=nobody)


def test_an_agent_that_signs_something_else_is_found_out(liar: Callable[[bytes], None]) -> None:
    mine, other = held(), held()
    signs = AgentKey(Agent(os.environ["SSH_AUTH_SOCK"]), Identity(blob=mine.public, comment="mine"))
    for signature in (sshsig.split(other.sign(BODY, ENTRY)).signature, sshsig.split(mine.sign(b"another body", ENTRY)).signature, bytes(64)):
        liar(sshsig.whole(b"\x0e" + sshsig.whole(sshsig.whole(b"ssh-ed25519", signature))))
        with pytest.raises(KeyRefused, match="not over these bytes"):
            signs.sign(BODY, ENTRY)
    liar(sshsig.whole(b"\x0e" + sshsig.whole(sshsig.whole(b"ssh-ed25519", sshsig.split(mine.sign(BODY, ENTRY)).signature))))
    assert signs.sign(BODY, ENTRY) == mine.sign(BODY, ENTRY)


# ---- ssh-keygen signs


def test_a_key_that_we_cannot_open_is_signed_with_by_ssh_keygen(ssh: Ssh, typed: Callable[[str], None], tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key", cipher="aes128-ctr")
    typed(WORDS)
    signs = find(str(path), ask=nobody)
    assert isinstance(signs, KeygenKey)
    assert sshsig.check(signs.sign(BODY, CHECKPOINT), BODY, CHECKPOINT).key_id == id_of(ssh, path) == signs.key_id


def test_ssh_keygen_is_asked_three_times(ssh: Ssh, typed: Callable[[str], None], tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key", cipher="aes128-ctr")
    typed("not these words")
    with pytest.raises(KeyRefused, match=r"3 times ssh-keygen could not open .* Nothing was signed"):
        find(str(path), ask=nobody).sign(BODY, ENTRY)
    assert (tmp_path / "asked").read_text().count("asked") == 3


@pytest.mark.parametrize("lie", ["another key", "another body", "no signature", "no text"])
def test_an_ssh_keygen_that_signs_something_else_is_found_out(ssh: Ssh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: str) -> None:
    path, other = made(ssh, tmp_path / "key", cipher="aes128-ctr"), held()
    mine = HeldKey(ed25519.Ed25519PrivateKey.generate())
    answers = {
        "another key": sshsig.armour(other.sign(BODY, ENTRY)).encode(), "another body": sshsig.armour(mine.sign(b"another body", ENTRY)).encode(),
        "no signature": b"Signing data on standard input\n", "no text": b"\xff\xfe",
    }  # fmt: skip
    (tmp_path / "answer").write_bytes(answers[lie])
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ssh-keygen").write_text(f"#!/bin/sh\ncat '{tmp_path}/answer'\n")
    (tmp_path / "bin" / "ssh-keygen").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    blob = mine.public if lie == "another body" else keyfile.read_private(path).blob
    with pytest.raises(KeyRefused):
        KeygenKey(path, blob).sign(BODY, ENTRY)


def test_a_machine_without_openssh_says_what_to_install(ssh: Ssh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(ssh, tmp_path / "key", cipher="aes128-ctr")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(KeyRefused, match="package openssh-client"):
        find(str(path), ask=nobody).sign(BODY, ENTRY)


# ---- what OpenSSH says of our signatures, and we of its


@pytest.mark.parametrize("name", ["Ana", "Ana Łukasz", 'Ana, "the Knife" Berg', "!Ana * Berg?", "高橋"])
@pytest.mark.parametrize("namespace", [ENTRY, CHECKPOINT])
def test_ssh_keygen_accepts_an_entry_and_a_checkpoint(ssh: Ssh, tmp_path: Path, name: str, namespace: str) -> None:
    mine, other = held(), held()
    (tmp_path / "signers").write_text(sshsig.allowed_signers([(name, sshsig.line_of(mine.public, "comment")), ("Somebody Else", sshsig.line_of(other.public))]))
    (tmp_path / "sig").write_text(sshsig.armour(mine.sign(BODY, namespace)))
    check = ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "signers", "-I", name, "-n", namespace, "-s", tmp_path / "sig"]
    assert mine.key_id in ssh(*check, given=BODY).stdout.decode()
    assert ssh(*check, given=BODY + b" ", fails=True).returncode
    (tmp_path / "sig").write_text(sshsig.armour(other.sign(BODY, namespace)))
    assert ssh(*check, given=BODY, fails=True).returncode
    (tmp_path / "sig").write_text(sshsig.armour(mine.sign(BODY, SEAL)))
    assert ssh(*check[:8], SEAL, *check[9:], given=BODY, fails=True).returncode  # the list lets nobody sign what opens a seal


def test_what_ssh_keygen_signed_reads_back(ssh: Ssh, tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key", passphrase="")
    sign = ["ssh-keygen", "-Y", "sign", "-n", ENTRY, "-f", path]
    text = ssh(*sign, "-O", "hashalg=sha256", given=BODY).stdout.decode()
    blob = sshsig.disarmour(text)
    assert sshsig.check(blob, BODY, ENTRY).key_id == id_of(ssh, path)
    assert sshsig.armour(blob) == text
    with pytest.raises(KeyRefused, match="over 'sha512' where sha256 belongs"):
        sshsig.split(sshsig.disarmour(ssh(*sign, given=BODY).stdout.decode()))


def test_a_signature_with_a_flipped_bit_or_cut_short_is_refused() -> None:
    blob = held().sign(BODY, ENTRY)
    for bit in range(8 * len(blob)):
        changed = bytearray(blob)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(KeyRefused):
            sshsig.check(bytes(changed), BODY, ENTRY)
    for end in [*range(len(blob))]:
        with pytest.raises(KeyRefused):
            sshsig.split(blob[:end])
    with pytest.raises(KeyRefused, match="follows after its end"):
        sshsig.split(blob + b"\0")


@pytest.mark.parametrize("text", ["", "hello", "-----BEGIN SSH SIGNATURE-----\n!!!!\n-----END SSH SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----\nAAAA\n"])
def test_what_is_no_signature_file_is_refused(text: str) -> None:
    with pytest.raises(KeyRefused, match="signature file"):
        sshsig.disarmour(text)


_P = 2**255 - 19
#: y of the points whose order is 1, 2, 4 and 8
_SMALL = [1, _P - 1, 0, *(int.from_bytes(bytes.fromhex(text), "little") for text in (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"))]  # fmt: skip


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", [*_SMALL, _P, _P + 1, 2, 7])
def test_a_key_under_which_anybody_could_sign_is_refused(y: int, sign: int) -> None:
    raw = (y | sign << 255).to_bytes(32, "little")
    with pytest.raises(KeyRefused, match=r"made by anybody|no Ed25519 key"):
        public_line(sshsig.line_of(sshsig.key_blob(raw)))


# ---- public halves


def test_a_public_line_is_read_from_a_pub_a_paste_and_one_s_own_key(ssh: Ssh, tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key")
    public = Path(f"{path}.pub")
    line = " ".join(public.read_text().split()[:2])
    assert public_line(str(public)) == public_line(public.read_text()) == public_line(str(path)) == line
    assert "cutting-room" not in line
    public.write_text("# from Ana\n\n" + public.read_text(), encoding="utf-16")  # what a Windows shell writes
    assert public_line(str(public)) == line


def test_a_private_key_given_by_mistake_is_refused(ssh: Ssh, tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key")
    with pytest.raises(KeyRefused, match=r"is a private key. Give the .pub"):
        public_line(path.read_text())
    path.chmod(0o644)
    with pytest.raises(KeyRefused, match="no longer theirs alone"):
        public_line(str(path))
    path.write_bytes(_pkcs8())
    with pytest.raises(KeyRefused, match="PEM form"):
        public_line(str(path))


def test_every_other_kind_of_public_key_is_refused_by_name(ssh: Ssh, tmp_path: Path) -> None:
    ca, key = made(ssh, tmp_path / "ca", passphrase=""), made(ssh, tmp_path / "key")
    ssh("ssh-keygen", "-q", "-s", ca, "-I", "ana", f"{key}.pub")
    with pytest.raises(KeyRefused, match="is a certificate"):
        public_line(f"{key}-cert.pub")
    with pytest.raises(KeyRefused, match="is an ECDSA key"):
        public_line(f"{made(ssh, tmp_path / 'ecdsa', kind='ecdsa')}.pub")
    ssh("ssh-keygen", "-q", "-t", "rsa", "-b", 2048, "-N", "", "-f", tmp_path / "rsa")
    with pytest.raises(KeyRefused, match="is an RSA key"):
        public_line(f"{tmp_path / 'rsa'}.pub")
    with pytest.raises(KeyRefused, match="security token"):
        public_line("sk-ssh-ed25519@openssh.com AAAA ana")
    (tmp_path / "ssh2").write_bytes(ssh("ssh-keygen", "-e", "-f", f"{key}.pub").stdout)
    with pytest.raises(KeyRefused, match="ssh-keygen -i"):
        public_line(str(tmp_path / "ssh2"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"# nothing\n", "holds no key"),
        (b"ssh-ed25519\n", "damaged"),
        (b"ssh-ed25519 AAAA\n", "damaged"),
        (b"ssh-ed25519 !!!! ana\n", "damaged"),
        (b"ssh-ed25519 AAAA ana\nssh-ed25519 BBBB bo\n", "holds 2 lines"),
        (b"ssh-quantum AAAA\n", "kind 'ssh-quantum'"),
        (b"\xff\x00\x80", "no text"),
        (b"Ana\n", "not a public key"),
        (b"-----BEGIN PUBLIC KEY-----\n", "PEM form"),
    ],
)
def test_a_file_that_is_no_public_key_says_what_it_is(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "ana.pub"
    path.write_bytes(content)
    with pytest.raises(KeyRefused, match=sentence):
        public_line(str(path))


# ---- six words


def test_a_key_s_six_words_never_change() -> None:
    assert six_words("SHA256:" + 43 * "A") == ("funu", "noha", "japu", "zufa", "zofi", "vaka")


def test_six_words_differ_with_one_letter_of_the_id_and_can_be_said() -> None:
    ids = [f"SHA256:{letter}{42 * 'A'}" for letter in "ABCDEFGHabcdefgh"]
    said = [six_words(one) for one in ids]
    assert len({word for words in said for word in words}) > 90  # of 96: a look-alike shares hardly a word
    for words in said:
        assert all(len(word) == 4 and word[0] + word[2] <= "zz" and word[1] in "aiou" and word[3] in "aiou" for word in words)
    with pytest.raises(KeyRefused, match="not the id of a key"):
        six_words("SHA256:short")


# ---- the key on paper


def test_the_seven_groups_give_the_key_back_however_they_are_typed() -> None:
    key = signer.recovery_key()
    text = " ".join(key.groups)
    for typed in (text, text.lower(), text.replace(" ", "-"), text.replace(" ", ""), text.replace(" ", "\n"), text.replace("0", "o").replace("1", "l")):
        signs = signer.read_recovery(typed)
        assert signs.key_id == key.key_id
        assert sshsig.check(signs.sign(BODY, ENTRY), BODY, ENTRY).key_id == key.key_id
    assert public_line(key.public) == key.public
    assert key.groups[0] not in repr(key)


def test_a_wrong_letter_is_found_and_its_group_named() -> None:
    groups = signer.recovery_key().groups
    for at, group in enumerate(groups):
        for place in range(5):
            for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
                if letter != group[place]:
                    typed = [*groups[:at], group[:place] + letter + group[place + 1 :], *groups[at + 1 :]]
                    with pytest.raises(KeyRefused, match=f"^Group {at + 1} is not as it was printed"):
                        signer.read_recovery(" ".join(typed))


def test_two_letters_or_two_groups_that_changed_places_are_found() -> None:
    groups = signer.recovery_key().groups
    for at, group in enumerate(groups):
        for place in range(4):
            turned = group[:place] + group[place + 1] + group[place] + group[place + 2 :]
            if turned != group:
                with pytest.raises(KeyRefused, match=f"^Group {at + 1} is not as it was printed"):
                    signer.read_recovery("-".join([*groups[:at], turned, *groups[at + 1 :]]))
        for other in range(at):
            swapped = list(groups)
            swapped[at], swapped[other] = swapped[other], swapped[at]
            with pytest.raises(KeyRefused, match=f"Groups {other + 1} and {at + 1} have changed places"):
                signer.read_recovery(" ".join(swapped))


def test_a_group_that_is_missing_or_short_is_found() -> None:
    groups = signer.recovery_key().groups
    with pytest.raises(KeyRefused, match="30 letters in 6 groups"):
        signer.read_recovery(" ".join(groups[:6]))
    with pytest.raises(KeyRefused, match="Group 3 is not"):
        signer.read_recovery(" ".join([*groups[:2], groups[2][:4], *groups[3:]]))
    with pytest.raises(KeyRefused, match="Groups 1 and 2 are not"):
        signer.read_recovery(" ".join(["UUUUU", "*****x", *groups[2:]]))
    with pytest.raises(KeyRefused, match="0 letters in 0 groups"):
        signer.read_recovery("")


def test_groups_that_fit_alone_but_not_together_are_refused() -> None:
    one, two = signer.recovery_key().groups, signer.recovery_key().groups
    with pytest.raises(KeyRefused, match="not all seven together"):
        signer.read_recovery(" ".join([*one[:3], *two[3:]]))


def test_the_recovery_page_is_one_page_that_carries_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    from reportlab.pdfgen.canvas import Canvas

    shown: list[str] = []

    def draw(canvas: Any, x: float, y: float, words: str) -> None:
        shown.append(words)
        assert 60 <= x <= x + canvas.stringWidth(words, canvas._fontname, canvas._fontsize) <= 535, words
        assert 842 - 756 <= y <= 802, words  # also inside Letter (792 points), with half an inch to spare

    monkeypatch.setattr(Canvas, "drawString", draw)
    key = signer.recovery_key()
    page = signer.recovery_page("Ana Łukasz", "The fountain", key.key_id, key.groups)
    assert page.startswith(b"%PDF-")
    assert {"Ana Łukasz", "The fountain", key.key_id, "  ".join(six_words(key.key_id)), *key.groups, *"1234567"} <= set(shown)
    shown.clear()
    page = signer.recovery_page("高橋 Nguyễn\n" * 200, "A very long title " * 40, key.key_id, key.groups)
    assert page.count(b"/Type /Page\n") == 1
    assert {*key.groups, "Letters without a typeface on this page stand as ◊."} <= set(shown)


# ---- sealing


def test_a_file_an_agent_and_ssh_keygen_open_the_same_seal(ssh: Ssh, agent: subprocess.Popen[bytes], typed: Callable[[str], None], tmp_path: Path) -> None:
    path = made(ssh, tmp_path / "key")
    typed(WORDS)
    by_file, by_keygen = FileKey(path, says(WORDS)), KeygenKey(path, keyfile.read_private(path).blob)
    in_file, in_keygen = by_file.sign(BODY, SEAL), by_keygen.sign(BODY, SEAL)
    ssh("ssh-add", "-q", path)
    by_agent = find(by_file.key_id, ask=nobody)
    assert isinstance(by_agent, AgentKey)
    assert in_file == in_keygen == by_agent.sign(BODY, SEAL)
    salt = os.urandom(16)
    envelopes = [seal(signs, "one long hold, then nothing — Łódź".encode(), salt) for signs in (by_file, by_agent, by_keygen)]
    for envelope in envelopes:
        assert b"hold" not in envelope
        assert sealed_by(envelope) == by_file.key_id
        for signs in (by_file, by_agent, by_keygen):
            assert unseal(signs, envelope).decode() == "one long hold, then nothing — Łódź"


def test_only_the_author_opens_a_seal() -> None:
    mine, other = held(), held()
    envelope = seal(mine, b"a thought", os.urandom(16))
    with pytest.raises(KeyRefused, match=re.escape(f"sealed with {mine.key_id}")):
        unseal(other, envelope)
    claimed = envelope.replace(hashlib.sha256(mine.public).digest(), hashlib.sha256(other.public).digest())
    with pytest.raises(KeyRefused, match="changed after it was sealed"):
        unseal(other, claimed)


def test_an_entry_s_signature_does_not_open_a_seal() -> None:
    mine = held()
    envelope = seal(mine, b"a thought", salt := os.urandom(16))

    class Replays:
        key_id = mine.key_id

        def sign(self, message: bytes, namespace: str) -> bytes:
            return mine.sign(message, ENTRY)

    with pytest.raises(KeyRefused, match=f"was made for '{ENTRY}'"):
        unseal(Replays(), envelope)
    with pytest.raises(KeyRefused, match=f"was made for '{ENTRY}'"):
        seal(Replays(), b"a thought", salt)


def test_a_seal_that_was_changed_or_cut_does_not_open() -> None:
    mine = held()
    envelope = seal(mine, b"a thought", os.urandom(16))
    for at in range(len(envelope)):
        changed = envelope[:at] + bytes([envelope[at] ^ 1]) + envelope[at + 1 :]
        with pytest.raises(KeyRefused):
            unseal(mine, changed)
        with pytest.raises(KeyRefused):
            unseal(mine, envelope[:at])
    assert unseal(mine, seal(mine, b"", os.urandom(255))) == b""


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(256)])
def test_a_seal_needs_its_salt(salt: bytes) -> None:
    with pytest.raises(KeyRefused, match="salt of 16 to 255"):
        seal(held(), b"a thought", salt)


class _Wavering:
    """A key whose signatures are right, and different each time (RFC 8032 section 5.1.6 with a random r)."""

    def __init__(self) -> None:
        private = ed25519.Ed25519PrivateKey.generate()
        scalar = bytearray(hashlib.sha512(private.private_bytes_raw()).digest()[:32])
        scalar[0] &= 248
        scalar[31] = scalar[31] & 63 | 64
        self.scalar = int.from_bytes(scalar, "little")
        self.raw = private.public_key().public_bytes_raw()
        self.key_id = sshsig.fingerprint(sshsig.key_blob(self.raw))

    def sign(self, message: bytes, namespace: str) -> bytes:
        order = 2**252 + 27742317777372353535851937790883648493
        random = ed25519.Ed25519PrivateKey.generate()
        first = bytearray(hashlib.sha512(random.private_bytes_raw()).digest()[:32])
        first[0] &= 248
        first[31] = first[31] & 63 | 64
        r, point = int.from_bytes(first, "little"), random.public_key().public_bytes_raw()
        told = hashlib.sha512(point + self.raw + sshsig.to_sign(message, namespace)).digest()
        s = (r + int.from_bytes(told, "little") * self.scalar) % order
        return sshsig.write(sshsig.key_blob(self.raw), namespace, point + s.to_bytes(32, "little"))


def test_a_key_that_signs_differently_each_time_seals_nothing() -> None:
    signs = _Wavering()
    assert sshsig.check(signs.sign(BODY, ENTRY), BODY, ENTRY).key_id == signs.key_id
    with pytest.raises(KeyRefused, match="signs differently each time"):
        seal(signs, b"a thought", os.urandom(16))
