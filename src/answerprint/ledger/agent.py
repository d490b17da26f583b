"""The user's own ssh-agent as a signer: the key stays in the agent, which is asked for one signature at a time.

Source: draft-ietf-sshm-ssh-agent (what OpenSSH's PROTOCOL.agent describes). Only listing and signing are spoken. The bytes to be
signed are made here (SSHSIG), and what comes back is checked before it is used: an agent may be anybody's program.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import NoReturn

from answerprint.ledger.sshsig import (
    ALGORITHM,
    KeyRefused,
    Public,
    Reader,
    checked,
    fingerprint,
    of_ours,
    raw_key,
    to_sign,
    whole,
    write,
)

__all__ = ["Agent", "AgentKey", "Identity"]

_LIST, _LISTED, _SIGN, _SIGNED, _FAILURE = 11, 12, 13, 14, 5
LONGEST = 256 * 1024  #: bytes of an answer; OpenSSH's own bound for a message (AGENT_MAX_LEN in ssh-agent.c)
LIST_S = 5  #: an agent lists from memory; one that takes longer has gone
SIGN_S = 120  #: a person may have to press a button or type (ssh-add -c); OpenSSH's LoginGraceTime


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A key that the agent shows."""

    blob: bytes
    comment: str

    @property
    def key_id(self) -> str:
        return fingerprint(self.blob)

    @property
    def kind(self) -> str:
        try:
            return Reader(self.blob).part().decode("ascii")
        except ValueError:
            return "?"


class Agent:
    """The agent at SSH_AUTH_SOCK; each question is a connection of its own, which no program started meanwhile inherits."""

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def here(cls) -> Agent | None:
        """The user's agent, or None where none is named or the system has no such sockets (Windows)."""
        path = os.environ.get("SSH_AUTH_SOCK", "")
        return cls(path) if path and hasattr(socket, "AF_UNIX") else None

    def identities(self) -> list[Identity]:
        """The keys that it shows, in its order. A locked agent shows none.

        Raises: KeyRefused: the agent is gone or does not speak as one.
        """
        answer = self._ask(bytes([_LIST]), LIST_S)
        try:
            if answer[:1] != bytes([_LISTED]):
                raise ValueError("it does not list keys")
            read = Reader(answer[1:])
            found = [Identity(blob=read.part(), comment=read.part().decode("utf-8", "replace")) for _ in range(read.number())]
            read.end()
        except ValueError as cause:
            self._strange(cause)
        return found

    def sign(self, blob: bytes, message: bytes) -> bytes:
        """The 64 bytes of a signature over these bytes.  Raises: KeyRefused."""
        answer = self._ask(bytes([_SIGN]) + whole(blob, message) + (0).to_bytes(4, "big"), SIGN_S)
        if answer[:1] == bytes([_FAILURE]):
            raise KeyRefused(
                f"The ssh-agent did not sign with {fingerprint(blob)}: it is locked (ssh-add -X), the key was taken out or is bound to "
                "certain hosts (ssh-add -l), or somebody said no. Nothing was signed."
            )
        try:
            if answer[:1] != bytes([_SIGNED]):
                raise ValueError("it does not answer with a signature")
            outer = Reader(answer[1:])
            signed = Reader(outer.part())
            outer.end()
            if (kind := signed.part()) != ALGORITHM.encode():
                raise ValueError(f"it signed as {kind.decode('latin-1')[:40]!a}")
            signature = signed.part()
            signed.end()
        except ValueError as cause:
            self._strange(cause)
        return signature

    def _ask(self, question: bytes, wait_s: float) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(wait_s)
                line.connect(self.path)
                line.sendall(whole(question))
                length = int.from_bytes(_receive(line, 4), "big")
                if not 0 < length <= LONGEST:
                    raise ValueError(f"its answer would have {length} bytes")
                return _receive(line, length)
        except TimeoutError as cause:
            raise KeyRefused(f"The ssh-agent at {self.path} did not answer within {wait_s} s. Nothing was signed.") from cause
        except OSError as cause:
            why = cause.strerror or str(cause)
            raise KeyRefused(f"The ssh-agent at {self.path} cannot be reached ({why}). Start one, or unset SSH_AUTH_SOCK.") from cause
        except ValueError as cause:
            self._strange(cause)

    def _strange(self, cause: ValueError) -> NoReturn:
        raise KeyRefused(f"What listens at {self.path} does not speak as an ssh-agent: {cause}. Look at SSH_AUTH_SOCK.") from cause


def _receive(line: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        piece = line.recv(count - len(found))
        if not piece:
            raise ValueError("it hung up in the middle")
        found += piece
    return bytes(found)


class AgentKey(Public):
    """Signs through the agent."""

    def __init__(self, agent: Agent, identity: Identity) -> None:
        """Raises: KeyRefused: not an ssh-ed25519 key."""
        raw_key(identity.blob, f"The key {identity.comment or identity.key_id} in the ssh-agent")
        super().__init__(identity.blob)
        self._agent = agent

    def sign(self, message: bytes, namespace: str) -> bytes:
        """See `Signs`.  Raises: KeyRefused: the agent is gone, locked or said no, or its signature is not right."""
        of_ours(namespace)
        signature = self._agent.sign(self._blob, to_sign(message, namespace))
        return checked(write(self._blob, namespace, signature), message, namespace, self._blob)
