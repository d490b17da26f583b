#!/usr/bin/env python3
"""Check a record: one file that needs Python 3.11 and the package `cryptography`, and can be handed to a stranger.

    python verify.py record.db [--producer KEY] [--checkpoint FILE] [--held N:sha256:...] [--film FILE [--papers papers.json]] [--json]

It holds the law of the record: the byte form of a body, the seal of an entry, what a key may sign, and `admit`, which says what
an entry is missing. The writer asks the same `admit` before an entry goes in. The file under test is opened read-only and is
treated as hostile: it may be cut, flipped or crafted; the answer is a list of findings, never a crash, and nothing in it is run.
The same goes for a film: its pictures and sounds are read as they lie in the file, and the record says who answered for them.

Ends with 0: nothing wrong found. 1: findings. 2: cannot be read as a record.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import stat
import struct
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from itertools import islice
from typing import IO, Any, Protocol
from urllib.parse import quote

__all__ = [
    "APPLICATION_ID", "CHECKPOINT", "COLUMNS", "FORMAT", "GENESIS", "HUMAN", "MACHINE", "NAMESPACE", "SCHEMA", "WITHHELD", "Entry", "Film", "FilmReport",
    "Finding", "KeyState", "NoCryptography", "NoFilm", "Passkey", "Person", "Ref", "Report", "State", "Told", "Unreadable", "admit", "check_film", "connect",
    "entry_hash", "held_by", "judge", "key_id", "law", "read_body", "read_checkpoint", "read_film", "read_papers", "read_row", "sha256", "shape_of", "table_faults", "verify", "walk",
]  # fmt: skip

FORMAT = 1  #: PRAGMA user_version of the file
APPLICATION_ID = 0x416E5072  #: PRAGMA application_id: "AnPr"
GENESIS = "sha256:" + 64 * "0"  #: what the first entry follows
MAX_BODY = 16 * 2**20  #: bytes; more than this is a file, and lies in keep/
MAX_DEPTH = 64  #: lists and objects inside each other; fixed here, so that every Python says the same
MAX_FINDINGS = 200
SMALLEST_ROW = 200  #: bytes: three seals of 71 are in every row

#: What the machine may write, and what it is on a screen.
MACHINE = {
    "production": "a production opened",
    "media": "a file of the shoot",
    "task": "a finished task",
    "proposal": "something made for a person to look at",
    "idea": "a machine critic's idea",
    "remark": "a remark, not signed",
    "export": "a timeline that went out",
    "import": "a timeline that came back",
    "released": "a finished file's own digest",
    "bill": "what a paid service asks for",
}
#: What only a person's key may write.
HUMAN = {
    "enrol", "charter", "revoke", "intent", "round", "stand", "decision", "answer", "objection", "approval", "signoff", "refusal",
    "release", "checkpoint",
}  # fmt: skip
#: People's kinds whose text a copy may leave out. The others carry who may decide and what was decided: without them nothing after can be judged.
WITHHELD = {"objection", "answer", "intent", "stand"}
NAMESPACE = "answerprint-entry-v1"  #: of a signature over an entry's body
LAID_S = 900  #: seconds from when something is laid before a person until it is signed and written; the room waits ten minutes
CHECKPOINT = "answerprint-checkpoint-v1"  #: of a signature over a checkpoint that somebody else holds
#: The judgments that a person holds; an execution that a production made stricter joins them there.
JUDGMENTS = ("take", "final edit", "pacing", "grade", "mix", "hero framing", "music bed", "sign-off")
#: y of the points of small order, and their forms beyond p: under these a signature can be made by anybody (RFC 8032, 5.1; RFC 7748, 6.1: cofactor 8).
_SMALL = {
    bytes.fromhex(text)
    for text in (
        "0000000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
}  # fmt: skip
#: What a finished task says, schema 1: by this another run knows that it need not be done again.
TASK = {"task": str, "version": int, "key": str, "inputs": list, "facts": str}

COLUMNS = ("n", "prev", "kind", "at", "body_digest", "body", "signature", "hash")
#: The whole schema, letter by letter. Anything else in the file is a finding.
SCHEMA = {
    ("table", "entry"): """CREATE TABLE entry (
  n INTEGER PRIMARY KEY,
  prev TEXT NOT NULL,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  body_digest TEXT NOT NULL,
  body BLOB,
  signature BLOB,
  hash TEXT NOT NULL
) STRICT""",
    ("trigger", "entry_follows"): f"""CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM entry)
  OR NEW.prev IS NOT coalesce((SELECT hash FROM entry ORDER BY n DESC LIMIT 1), '{GENESIS}')
BEGIN SELECT RAISE(ABORT, 'an entry follows the last one'); END""",
    ("trigger", "entry_stays"): """CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END""",
    ("trigger", "entry_remains"): """CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never taken out'); END""",
}  # fmt: skip

_SEAL = re.compile(r"sha256:[0-9a-f]{64}\Z")
_KIND = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z\Z", re.ASCII)
_ROW = f"""SELECT {", ".join(COLUMNS)}, typeof(prev) = 'text' AND typeof(kind) = 'text' AND typeof(at) = 'text'
  AND typeof(body_digest) = 'text' AND typeof(hash) = 'text' AND typeof(body) IN ('blob', 'null')
  AND typeof(signature) IN ('blob', 'null') FROM entry"""


class Unreadable(Exception):
    """This file cannot be read as a record; the text says why."""


# ---- bodies: the one byte form


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) >= 2**53:
        raise ValueError("it holds a number that is too large")
    return int(digits)


def _no_float(text: str) -> Any:
    raise ValueError("it holds a number that is not whole")


_decode = json.JSONDecoder(parse_float=_no_float, parse_int=_whole, parse_constant=_no_float).decode
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def read_body(raw: bytes) -> dict[str, Any]:
    """A body's values, from canonical JSON: UTF-8, sorted ASCII keys, no spaces, whole numbers under 2^53, no float.

    Raises: ValueError where the bytes are not what writing the values again would give, or no object with a schema number.
    """
    try:
        value = _decode(raw.decode("utf-8"))
        same = _encode(value).encode("utf-8") == raw
    except json.JSONDecodeError as cause:
        raise ValueError("it is not JSON") from cause
    except UnicodeError as cause:
        raise ValueError("it is not UTF-8 text") from cause
    except RecursionError as cause:
        raise ValueError("it is nested too deep") from cause
    if not same:
        raise ValueError("it is not in the one form in which a body is written")
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH or not raw.isascii():
        _check_nested(value)
    if not isinstance(value, dict):
        raise ValueError("it is not an object")
    schema = value.get("schema")
    if type(schema) is not int or schema < 1:
        raise ValueError("it does not say its schema number")
    return value


def _check_nested(value: Any) -> None:
    level, depth = [value], 0
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deep")
        inside: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                if not all(key.isascii() for key in item):
                    raise ValueError("it has a key that is not ASCII")
                inside += item.values()
            else:
                inside += item
        level = inside


# ---- entries


def sha256(raw: bytes) -> str:
    """The digest of these bytes as the record writes it."""
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def entry_hash(n: int, prev: str, kind: str, at: str, body_digest: str, signature: bytes | None) -> str:
    """The seal of an entry: SHA-256 over six fields, each after its length in 8 bytes (most significant first).

    The number is written in decimal, texts in UTF-8, a missing signature as no bytes (an empty one is never admitted).
    The body enters through its digest alone, so a copy may withhold it.
    """
    fields = (str(n).encode(), prev.encode(), kind.encode(), at.encode(), body_digest.encode(), signature or b"")
    return sha256(b"".join([len(field).to_bytes(8, "big") + field for field in fields]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry, as it lies in the table."""

    n: int  #: from 1, without gaps
    prev: str  #: the seal of the entry before
    kind: str
    at: str  #: UTC, a claim; order is the chain
    body_digest: str
    body: bytes | None  #: None where a copy withholds it
    signature: bytes | None  #: None where the machine wrote it
    hash: str

    def read(self) -> dict[str, Any] | None:
        """The body's values; None where it is withheld. Quick: whether its form is right is for `admit` to say.

        Raises: ValueError: not a body at all.
        """
        if self.body is None:
            return None
        try:
            value = _decode(self.body.decode("utf-8"))
        except RecursionError as cause:
            raise ValueError("it is nested too deep") from cause
        if not isinstance(value, dict):
            raise ValueError("it is not an object")
        return value


# ---- signatures


class NoCryptography(Exception):
    """The package `cryptography` is not here, and there is a signature to check."""


def key_id(public: bytes) -> str:
    """The name of a key, as `ssh-keygen -l` prints it: SHA-256 of the public key's bytes on the wire."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(public).digest()).decode("ascii").rstrip("=")


def _strings(raw: bytes, count: int) -> list[bytes]:
    """`count` byte strings, each after its length in four bytes, and nothing behind them."""
    found, at = [], 0
    for _ in range(count):
        size = int.from_bytes(raw[at : at + 4], "big")
        if len(raw) < at + 4 + size:
            raise ValueError("its signature is cut short")
        found.append(raw[at + 4 : at + 4 + size])
        at += 4 + size
    if at != len(raw):
        raise ValueError("there is something behind its signature")
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """An SSH signature (OpenSSH, PROTOCOL.sshsig) by an Ed25519 key over SHA-256 of the message."""

    public: bytes  #: the key's bytes on the wire
    point: bytes  #: the key itself, 32 bytes
    raw: bytes  #: 64 bytes

    @classmethod
    def read(cls, blob: bytes, namespace: str) -> Signature:
        """Raises: ValueError: not a signature, of another kind, or made for something else; the sentence has the entry as subject."""
        if blob[:10] != b"SSHSIG\0\0\0\1":
            raise ValueError("its signature is not one that this release can read")
        public, space, reserved, digest, signed = _strings(blob[10:], 5)
        if space != namespace.encode():
            raise ValueError(f"its signature was made for {_shown(space.decode('utf-8', 'backslashreplace'))}, not for this")
        if reserved or digest != b"sha256":
            raise ValueError("its signature is not over SHA-256, as a record has it")
        of, point = _strings(public, 2)
        by, raw = _strings(signed, 2)
        if of != b"ssh-ed25519" or by != b"ssh-ed25519" or len(point) != 32 or len(raw) != 64:
            raise ValueError("its signature is by a kind of key that this release cannot check")
        return cls(public=public, point=point, raw=raw)

    def holds(self, digest: bytes, namespace: str) -> bool:
        """Whether the key signed a message with this SHA-256 (32 bytes)."""
        fields = (namespace.encode(), b"", b"sha256", digest)
        message = b"SSHSIG" + b"".join(len(one).to_bytes(4, "big") + one for one in fields)
        return _ed25519(self.point, self.raw, message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Passkey:
    """What a browser gives for a passkey (W3C, Web Authentication level 2, 7.2): the key signed the challenge, which is SHA-256 of the message."""

    public: bytes  #: SubjectPublicKeyInfo, DER
    about: bytes  #: authenticator data: whose page, who was present, a counter
    client: bytes  #: client data: type, challenge, origin, as JSON
    raw: bytes

    MAGIC = b"PASSKEY\0\0\1"

    @classmethod
    def read(cls, blob: bytes) -> Passkey:
        """Raises: ValueError: not a passkey's signature."""
        public, about, client, raw = _strings(blob[len(cls.MAGIC) :], 4)
        if len(about) < 37 or len(client) > 8192 or len(public) > 4096:
            raise ValueError("its signature is not as a passkey makes it")
        return cls(public=public, about=about, client=client, raw=raw)

    @property
    def counter(self) -> int:
        """How often the passkey signed, as it says; many say nought."""
        return int.from_bytes(self.about[33:37], "big")

    def faults(self, digest: bytes, rp_id: str | None, origins: Iterable[str], algorithm: str) -> list[str]:
        """Why this is no signature of that key over a message with this SHA-256; the first reason."""
        try:
            said = json.loads(self.client)
            kind, challenge, origin = said["type"], said["challenge"], said["origin"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return ["its signature is not as a passkey makes it"]
        if kind != "webauthn.get" or said.get("crossOrigin"):
            return ["its passkey was used for something else than signing here"]
        if challenge != base64.urlsafe_b64encode(digest).decode("ascii").rstrip("="):
            return ["its signature does not fit: the passkey signed another text"]
        if origin not in tuple(origins):
            return [f"its passkey was used on {_shown(str(origin))}, where it is not enrolled for"]
        if rp_id is None or self.about[:32] != hashlib.sha256(rp_id.encode("utf-8")).digest():
            return ["its passkey belongs to another page"]
        if not (self.about[32] & 1 and self.about[32] & 4):
            return ["its passkey was used without its owner being there and known"]
        if not _by_passkey(self.public, algorithm, self.raw, self.about + hashlib.sha256(self.client).digest()):
            return [f"its signature does not fit: the key {key_id(self.public)} did not sign this text"]
        return []


_points: dict[bytes, Any] = {}


def _by_passkey(public: bytes, algorithm: str, raw: bytes, message: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
        from cryptography.hazmat.primitives.serialization import load_der_public_key
    except ImportError as cause:
        raise NoCryptography from cause
    try:
        key = _points.get(public) or _points.setdefault(public, load_der_public_key(public))
        if algorithm == "ES256" and isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            key.verify(raw, message, ec.ECDSA(hashes.SHA256()))
        elif algorithm == "EdDSA" and isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(raw, message)
        elif algorithm == "RS256" and isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048:
            key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _ed25519(point: bytes, raw: bytes, message: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError as cause:
        raise NoCryptography from cause
    try:
        key = _points.get(point) or _points.setdefault(point, Ed25519PublicKey.from_public_bytes(point))
        key.verify(raw, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read_signature(blob: bytes, namespace: str) -> Signature | Passkey:
    """Raises: ValueError."""
    return Passkey.read(blob) if blob.startswith(Passkey.MAGIC) else Signature.read(blob, namespace)


# ---- what the entries so far come to


class Seals(Protocol):
    """The seal of an entry by its number, wherever it is kept."""

    def get(self, n: int, /) -> str | None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyState:
    """A key that was enrolled."""

    person: str
    algorithm: str
    public: str
    purpose: str
    rp_id: str | None = None
    origins: tuple[str, ...] = ()
    enrolled: int  #: the entry
    revoked: int | None = None  #: the entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody of the crew; `id` is that of their first key."""

    id: str
    name: str
    roles: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """The current decision on one judgment and thing."""

    n: int
    index: int  #: in its entry, from 1
    person: str
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.n}/{self.index}"


@dataclass(frozen=True, slots=True)
class _Act:
    """A signed entry that was let in, as it is kept to be gone through again."""

    n: int
    kind: str
    key: str
    body: Mapping[str, Any] | None


@dataclass(kw_only=True, slots=True)
class State:
    """What the entries so far come to: all that is needed to judge the next one.

    `take` moves it on; `admit` only looks at it. Only what was let in counts: an entry that does not verify changes nothing but the chain.
    """

    n: int = 0
    head: str = GENESIS
    vouched_to: int = 0  #: the last entry that a person's signature covers
    seals: Seals = field(default_factory=dict)  # type: ignore[assignment]
    founder: str | None = None  #: the producer who began it, a person
    people: dict[str, Person] = field(default_factory=dict)
    keys: dict[str, KeyState] = field(default_factory=dict)
    charter: tuple[int, Mapping[str, Any]] | None = None
    decisions: dict[tuple[str, str], Ref] = field(default_factory=dict)
    objections: dict[int, str] = field(default_factory=dict)  #: entry -> the person who raised it
    answers: dict[int, int] = field(default_factory=dict)  #: objection's entry -> the answer's
    withdrawn: set[int] = field(default_factory=set)
    rounds: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    intents: dict[int, tuple[str, Mapping[str, Any] | None]] = field(default_factory=dict)
    opened: set[int] = field(default_factory=set)
    signers: dict[int, str] = field(default_factory=dict)  #: signed entry -> person
    struck: set[int] = field(default_factory=set)  #: signed entries that a revocation reaches back to
    digests: set[str] = field(default_factory=set)
    counters: dict[str, int] = field(default_factory=dict)  #: how often each passkey says it signed
    at: str = ""
    sealed: dict[int, str] = field(default_factory=dict)  #: signed entry -> its seal, as it was when it was let in
    _acts: list[_Act] = field(default_factory=list)
    _strikes: dict[str, int] = field(default_factory=dict)

    def standing(self, n: int) -> bool:
        """Whether a signed entry was let in and no revocation reaches back to it."""
        return n in self.signers and n not in self.struck

    def holder(self, judgment: str) -> str | None:
        """The person who holds a judgment; None: an empty chair, or handed to the machine."""
        held = (self.charter[1]["holders"] if self.charter else {}).get(judgment)
        return held["person"] if held else None

    def is_role(self, person: str | None, *roles: str) -> bool:
        return person in self.people and any(role in self.people[person].roles for role in roles)

    def take(self, entry: Entry, missing: list[str]) -> None:
        """Move on to the next entry. With anything missing it counts in the chain only."""
        self.n, self.head, self.at = entry.n, entry.hash, max(self.at, entry.at)
        if isinstance(self.seals, dict):
            self.seals[entry.n] = entry.hash
        if missing or entry.kind not in HUMAN or entry.signature is None:
            return
        body = entry.read()
        signature = _read_signature(entry.signature, NAMESPACE)
        key = key_id(signature.public)
        if isinstance(signature, Passkey):
            self.counters[key] = max(signature.counter, self.counters.get(key, 0))
        self.digests.add(entry.body_digest)
        self.sealed[entry.n] = entry.hash
        act = _Act(entry.n, entry.kind, key, body)
        self._acts.append(act)
        self._apply(act)
        if _from(act) is not None:
            self._again()

    def without(self, act: _Act) -> State | None:
        """Who could sign what after this revocation; None where it would strike what gives its own signer the right to it."""
        after = State(n=self.n, head=self.head, seals=self.seals, _acts=[*self._acts, act])
        return None if act.n in after._again() or act.n in after.struck else after

    def _again(self) -> set[int]:
        """Go through everything signed again without what a revocation strikes, and without what rested on that alone.

        A later revocation speaks about earlier ones: one that is itself struck strikes nothing; those are returned.
        """
        reaching = [act for act in self._acts if _from(act) is not None]
        void: set[int] = set()
        while True:
            self._strikes = {}
            for act in reversed(reaching):
                if act.n not in void and act.n < self._strikes.get(act.key, act.n + 1):
                    start = _from(act) or 0
                    self._strikes[(act.body or {})["key"]] = min(start, self._strikes.get((act.body or {})["key"], start))
            self._anew()
            fallen = [act.n for act in reaching if act.n in self.struck and act.n not in void]
            if not fallen:
                return void
            void.add(fallen[-1])

    def _anew(self) -> None:
        gone: tuple[dict[Any, Any] | set[int], ...] = (self.people, self.keys, self.decisions, self.objections, self.answers, self.withdrawn,
                                                       self.rounds, self.intents, self.opened, self.signers, self.struck)  # fmt: skip
        for one in gone:
            one.clear()
        self.charter, self.founder, self.vouched_to = None, None, 0
        for act in self._acts:
            self._apply(act)

    def _apply(self, act: _Act) -> None:
        body = act.body
        known = body if body is not None and shape_of(act.kind, body) is not None else None
        enrolled = self.keys.get(act.key)
        begins = act.kind == "enrol" and not self.people
        person = enrolled.person if enrolled else body["person"] if begins and body else None
        if person is None:  # whoever enrolled this key had no right to
            person = act.key
            self.struck.add(act.n)
        elif act.n >= self._strikes.get(act.key, act.n + 1) or (known is not None and not begins and _no_right(self, act.kind, known, person)):
            self.struck.add(act.n)
        self.signers[act.n] = person
        if act.n in self.struck:
            return
        if body is not None:
            seen = body["seen"]["n"]
            self.vouched_to = max(self.vouched_to, act.n if seen == act.n - 1 else seen)
        if body is None or known is not None:
            _EFFECTS.get(act.kind, _no_effect)(self, act, person, body or {})


def _from(act: _Act) -> int | None:
    """The entry from which this one strikes what a key signed."""
    body = act.body
    return body["from_entry"] if act.kind == "revoke" and body is not None and body["schema"] == 1 else None


def _no_effect(state: State, act: _Act, person: str, body: Mapping[str, Any]) -> None:
    return None


def _enrolled(state: State, act: _Act, person: str, body: Mapping[str, Any]) -> None:
    key, who = body["key"], body["person"]
    name = _wire_id(key["public"]) or ""
    before = state.people.get(who)
    keys = before.keys if before else ()
    own = before is not None and person == who and "producer" not in before.roles  # a person's own further key changes nothing of them
    called, roles = (before.name, before.roles) if before and own else (body["name"], tuple(body["roles"]))
    state.people[who] = Person(id=who, name=called, roles=roles, keys=keys if name in keys else (*keys, name))
    if name not in state.keys:
        state.keys[name] = KeyState(person=who, algorithm=key["algorithm"], public=key["public"], purpose=key["purpose"],
                                    rp_id=key["rp_id"], origins=tuple(key["origins"]), enrolled=act.n)  # fmt: skip
    state.founder = state.founder or who


def _chartered(state: State, act: _Act, person: str, body: Mapping[str, Any]) -> None:
    state.charter = (act.n, body)


def _revoked(state: State, act: _Act, person: str, body: Mapping[str, Any]) -> None:
    was = state.keys.get(body["key"])
    if was is not None and was.revoked is None:
        state.keys[body["key"]] = replace(was, revoked=act.n)


def _decided(state: State, act: _Act, person: str, body: Mapping[str, Any]) -> None:
    for index, one in enumerate(body["decisions"], 1):
        state.decisions[one["judgment"], one["about"]] = Ref(n=act.n, index=index, person=person, body=one)


def _objected(state: State, act: _Act, person: str, body: Mapping[str, Any]) -> None:
    state.objections[act.n] = person


def _answered(state: State, act: _Act, person: str, body: Mapping[str, Any]) -> None:
    if body:
        state.answers[body["objection"]] = act.n
        if body["answer"] == "withdrawn":
            state.withdrawn.add(body["objection"])


def _thought(state: State, act: _Act, person: str, body: Mapping[str, Any]) -> None:
    state.intents[act.n] = (person, body or None)
    if body and body["opens"] is not None:
        state.opened.add(body["opens"])


def _sent(state: State, act: _Act, person: str, body: Mapping[str, Any]) -> None:
    state.rounds[act.n] = body


_EFFECTS = {"enrol": _enrolled, "charter": _chartered, "revoke": _revoked, "decision": _decided, "signoff": _decided,
            "objection": _objected, "answer": _answered, "intent": _thought, "round": _sent}  # fmt: skip


# ---- admission


def admit(state: State, entry: Entry) -> list[str]:
    """What this entry is missing to come next in this record; an empty list lets it in. Asked by the writer and by `verify`.

    Sentences have the entry as their subject. Kinds that this release does not know are let in: they come from a newer one.
    Raises: NoCryptography: it is signed, and there is nothing here to check a signature with.
    """
    missing = []
    if entry.n != state.n + 1:
        missing.append(f"it is numbered {entry.n} where {state.n + 1} comes next")
    if entry.prev != state.head:
        missing.append(f"it does not follow entry {state.n}: something was changed, taken out or put in" if state.n else
                       "it does not stand at the beginning: something before it was taken out")  # fmt: skip
    return missing + judge(state, entry)


def judge(state: State, entry: Entry) -> list[str]:
    """What this entry is missing by itself, wherever in the chain it stands: its form, its seal, its signature, its signer's right."""
    missing = []
    if not _KIND.match(entry.kind):
        missing.append(f"its kind {_shown(entry.kind)} is not a kind's name")
    if not _is_time(entry.at):
        missing.append(f"its time {_shown(entry.at)} is not a time")
    if not _SEAL.match(entry.body_digest):
        missing.append("it does not say what its body was")
    body, faults = _admit_body(entry)
    missing += faults
    if entry.kind in HUMAN:
        missing += _admit_signed(state, entry, body) if not missing else []
    elif entry.kind in MACHINE and entry.signature is not None:
        missing.append(f"it is of the kind {entry.kind}, which the machine writes, and carries a signature")
    if entry.signature == b"":
        missing.append("its signature is empty")
    if entry.hash != entry_hash(entry.n, entry.prev, entry.kind, entry.at, entry.body_digest, entry.signature):
        missing.append("its seal does not match: it was changed after it was written")
    return missing


def _admit_body(entry: Entry) -> tuple[dict[str, Any] | None, list[str]]:
    if entry.body is None:
        return None, []
    if len(entry.body) > MAX_BODY:
        return None, [f"its body has {len(entry.body)} bytes, over {MAX_BODY}"]
    if sha256(entry.body) != entry.body_digest:
        return None, ["its body is not the body that was sealed"]
    try:
        body = read_body(entry.body)
    except ValueError as error:
        return None, [f"its body cannot be read: {error}"]
    if entry.kind == "task" and body["schema"] == 1 and (lacks := [name for name, of in TASK.items() if type(body.get(name)) is not of]):
        return None, [f"a finished task does not say its {', '.join(lacks)}"]
    return body, []


def _admit_signed(state: State, entry: Entry, body: dict[str, Any] | None) -> list[str]:
    if not entry.signature:
        return [f"it is of the kind {entry.kind}, which a person signs, and is not signed"]
    try:
        signature = _read_signature(entry.signature, NAMESPACE)
    except ValueError as error:
        return [str(error)]
    key, digest = key_id(signature.public), bytes.fromhex(entry.body_digest[7:])
    if isinstance(signature, Passkey):
        if faults := _by_its_passkey(state, key, signature, digest, body):
            return faults
    elif not signature.holds(digest, NAMESPACE):
        return [f"its signature does not fit: the key {key} did not sign this text"]
    if entry.body_digest in state.digests:
        return ["the same text was signed and written before: a signature counts once"]
    if body is None:
        if entry.kind not in WITHHELD:
            return [f"its text is withheld, and without a {entry.kind} what comes after it cannot be judged"]
        return _keyed(state, key)
    if body.get("by") != key:
        return [f"it says that {_shown(str(body.get('by')))} signed it, and {key} did"]
    return law(state, kind=entry.kind, at=entry.at, body=body)


def _by_its_passkey(state: State, key: str, passkey: Passkey, digest: bytes, body: Mapping[str, Any] | None) -> list[str]:
    """Whether a passkey signed where it was enrolled for; the first of a record says so itself."""
    held = state.keys.get(key)
    if held is not None:
        rp_id, origins, algorithm = held.rp_id, held.origins, held.algorithm
    elif body is not None and not state.people and not _form(body, _AROUND | _SHAPES["enrol"]):
        rp_id, origins, algorithm = body["key"]["rp_id"], tuple(body["key"]["origins"]), body["key"]["algorithm"]
    else:
        return [f"the key {key} is not enrolled in this record"]
    if faults := passkey.faults(digest, rp_id, origins, algorithm):
        return faults
    if passkey.counter and passkey.counter <= state.counters.get(key, 0):
        return ["its passkey counts backwards: there may be two of it"]
    return []


def law(state: State, *, kind: str, at: str, body: Mapping[str, Any]) -> list[str]:
    """What a signed body is missing but the signature itself: its form, what its signer had seen, and whether they may.

    Args: body: as `read_body` gives it.  kind, at: the entry's own columns, which have to be the body's.
    """
    shape = shape_of(kind, body)
    faults = _form(body, _AROUND, exact=False) if shape is None else _form(body, _AROUND | shape)
    if faults:
        return faults
    if body["kind"] != kind:
        return [f"it is written as a {kind}, and a {_shown(body['kind'])} was signed"]
    if body["at"] != at:
        return [f"it is written as of {at}, and {_shown(body['at'])} was signed"]
    n, seal = body["seen"]["n"], body["seen"]["hash"]
    if n > state.n or n < 0 or (GENESIS if n == 0 else state.seals.get(n)) != seal:
        return [f"its signer had entry {n} of another record in front of them, not of this one"]
    if kind == "enrol" and not state.people:
        return _begins(body) if body["schema"] == 1 else ["the first person who signs is a producer, in a form that this release knows"]
    if faults := _keyed(state, body["by"]):
        return faults
    held = state.keys[body["by"]]
    if n < held.enrolled:  # else what was signed for another record could be brought into this one
        return [f"its signer had entry {n} in front of them, and their key was enrolled in entry {held.enrolled} only"]
    if shape is None:
        return [_RECOVERY] if held.purpose == "recovery" and kind not in ("enrol", "revoke") else []
    return _no_right(state, kind, body, held.person) or _LAWS[kind](state, body, held.person)


_RECOVERY = "a recovery key only enrols and revokes the keys of its own person"


def _no_right(state: State, kind: str, body: Mapping[str, Any], person: str) -> list[str]:
    """Why this person may not sign this at all: what is asked again of everything signed, when a revocation strikes what it rested on."""
    daily = state.keys[body["by"]].purpose == "daily"
    producer = daily and state.is_role(person, "producer")
    if not daily and kind not in ("enrol", "revoke"):
        return [_RECOVERY]
    if kind == "enrol" and not producer and body["person"] != person:
        return ["a producer enrols other people"]
    if kind == "charter" and not producer:
        return ["a producer signs the charter"]
    if kind == "revoke" and not producer and body["key"] in state.keys and state.keys[body["key"]].person != person:
        return ["a producer revokes other people's keys"]
    if kind in ("decision", "signoff", "refusal"):
        return [_says_unheld(state, judgment, person) for judgment in _unheld(state, kind, body, person)]
    if kind == "answer":
        return _no_right_to_answer(state, body, person)
    if kind == "intent" and body["opens"] is not None and state.intents.get(body["opens"], ("",))[0] != person:
        return [f"entry {body['opens']} is no first thought of theirs to open"]
    if kind == "round" and {role.strip().casefold() for role in state.people[person].roles} <= {"agency", "client"}:
        return ["somebody of the crew sends a round"]
    if kind == "approval" and body["round"] not in state.rounds:
        return [f"entry {body['round']} is no round"]
    if kind == "release" and not producer:
        return ["only a producer releases what was not signed"]
    return []


def _no_right_to_answer(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    raised = state.objections.get(body["objection"])
    if raised is None:
        return [f"entry {body['objection']} is no objection"]
    if body["answer"] == "withdrawn":
        return [] if raised == person else [f"only {_called(state, raised)}, who raised it, may withdraw it"]
    if raised == person:
        return ["whoever raised an objection does not answer it; they may withdraw it"]
    held = state.charter[1]["holders"].values() if state.charter else ()
    if not any(one["person"] == person for one in held) and not state.is_role(person, "producer", "director"):
        return ["an objection is answered by somebody who holds a judgment, by the director or by a producer"]
    return []


def _keyed(state: State, key: str) -> list[str]:
    held = state.keys.get(key)
    if held is None:
        return [f"the key {_shown(key)[1:-1]} is not enrolled in this record"]
    if held.revoked is not None:
        return [f"the key {key} of {_called(state, held.person)} was revoked in entry {held.revoked}"]
    return []


def _called(state: State, person: str) -> str:
    return _shown(state.people[person].name)[1:-1] if person in state.people else "nobody known"


def _wire_id(public: str) -> str | None:
    """The id of a key as it is written in an enrolment; None where that is not a key."""
    parts = public.split(" ")
    try:
        return key_id(base64.b64decode(parts[1] if len(parts) > 1 else parts[0], validate=True))
    except (ValueError, binascii.Error):
        return None


def _begins(body: Mapping[str, Any]) -> list[str]:
    faults = _sound_key(body["key"])
    if faults:
        return faults
    if not _named(body):
        return ["it says no name, or no role"]
    if "producer" not in body["roles"] or body["key"]["purpose"] != "daily":
        return ["the first person who signs is a producer who enrols themselves"]
    if not (_wire_id(body["key"]["public"]) == body["by"] == body["person"]):
        return ["the first enrolment is signed by the key that it enrols"]
    return []


def _sound_key(key: Mapping[str, Any]) -> list[str]:
    if key["purpose"] not in ("daily", "recovery"):
        return [f"a key is for every day or for recovery, not for {_shown(key['purpose'])}"]
    if key["algorithm"] in ("ES256", "EdDSA", "RS256"):
        if _wire_id(key["public"]) is None or " " in key["public"]:
            return ["the passkey that it enrols cannot be read"]
        return [] if key["rp_id"] and key["origins"] else ["a passkey belongs to a page; it says none"]
    if key["algorithm"] != "ssh-ed25519":
        return [f"a key of the kind {_shown(key['algorithm'])} is not one that this release can check"]
    algorithm, _, rest = key["public"].partition(" ")
    try:
        of, point = _strings(base64.b64decode(rest, validate=True), 2)
    except (ValueError, binascii.Error):
        return ["the key that it enrols cannot be read"]
    if algorithm != "ssh-ed25519" or of != b"ssh-ed25519" or len(point) != 32:
        return ["the key that it enrols is not an Ed25519 key"]
    if point[:31] + bytes([point[31] & 0x7F]) in _SMALL:
        return ["the key that it enrols is one under which anybody can make a signature"]
    return []


def _named(body: Mapping[str, Any]) -> bool:
    return bool(body["name"].strip() and body["roles"] and all(role.strip() for role in body["roles"]))


def _enrol(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    if faults := _sound_key(body["key"]):
        return faults
    key, who = _wire_id(body["key"]["public"]) or "", body["person"]
    known, there = state.keys.get(key), state.people.get(who)
    if known is not None and known.revoked is not None:
        return [f"the key {key} was revoked in entry {known.revoked}; a new one is needed"]
    if known is not None and known.person != who:
        return [f"the key {key} is already that of {_called(state, known.person)}"]
    if known is not None and (known.purpose, known.rp_id, known.origins) != (body["key"]["purpose"], body["key"]["rp_id"], tuple(body["key"]["origins"])):
        return [f"the key {key} was enrolled in entry {known.enrolled} for another purpose or page; that does not change"]
    if there is None and (who != key or body["key"]["purpose"] != "daily"):
        return ["a new person is named by their first key, one for every day"]
    if not _named(body):
        return ["it says no name, or no role"]
    if state.is_role(person, "producer") and state.keys[body["by"]].purpose == "daily":
        return ["it would leave the production without a producer"] if "producer" not in body["roles"] and _producers(state) == [who] else []
    if there is not None and (there.name, there.roles) != (body["name"], tuple(body["roles"])):
        return ["a producer changes a name or a role"]
    return []


def _producers(state: State, without: str = "") -> list[str]:
    """The producers who can still sign, also without one key."""
    return [one.id for one in state.people.values() if "producer" in one.roles
            and any(state.keys[key].revoked is None and key != without for key in one.keys)]  # fmt: skip


def _charter(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    now = state.charter[0] if state.charter else None
    if body["replaces"] != now:
        return [f"the charter was changed meanwhile, in entry {now}: look again" if now else "there is no charter yet that it could replace"]
    known = {*JUDGMENTS, *body["stricter"]}
    for judgment, held in body["holders"].items():
        if judgment not in known:
            return [f"{_shown(judgment)} is no judgment here"]
        if held["person"] is not None and held["person"] not in state.people:
            return [f"{_shown(judgment)} is given to somebody who is not of the crew"]
        if held["person"] is not None and held["machine"]:
            return [f"{_shown(judgment)} is given to a person and to the machine"]
        if held["machine"] and (judgment == "sign-off" or not held["because"].strip()):
            return ["the sign-off is never the machine's" if judgment == "sign-off" else f"handing {_shown(judgment)} to the machine needs its reason"]
    for currency, amount in body.get("spends", {}).items():
        if not re.fullmatch(r"[A-Z]{3}", currency) or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", amount):
            return [f"{_shown(amount)} {_shown(currency)} is no amount that services may cost"]
    if len(named := [(one["provider"], one["kind"]) for one in body.get("lets", [])]) != len(set(named)):
        return ["it speaks twice of one service"]
    return []


def _revoke(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    held = state.keys.get(body["key"])
    if held is None:
        return [f"there is no key {_shown(body['key'])} in this record"]
    if held.revoked is not None and not (body["from_entry"] or state.n) < state._strikes.get(body["key"], state.n):
        return [f"that key was revoked in entry {held.revoked}; to strike more of what it signed, say from which earlier entry"]
    if not body["because"].strip():
        return ["revoking a key needs its reason"]
    if body["from_entry"] is not None and not held.enrolled < body["from_entry"] <= state.n:
        return [f"the key was enrolled in entry {held.enrolled}, and entry {state.n} is the last: the first entry to strike lies between"]
    if body["from_entry"] is not None and body["key"] == body["by"]:
        return ["a key does not strike what it signed itself: sign with another one"]
    after: State | None = state
    if body["from_entry"] is not None:
        after = state.without(_Act(state.n + 1, "revoke", body["by"], body))
    if after is None:
        return ["it would strike what gives its signer the right to sign it"]
    if not _producers(after, body["key"]):
        return ["it would leave the production without a producer: enrol another key first"]
    return []


def _unheld(state: State, kind: str, body: Mapping[str, Any], person: str) -> list[str]:
    """The judgments among these that the person does not hold."""
    wanted = [one["judgment"] for one in body.get("decisions", ())] + (["sign-off"] if kind in ("signoff", "refusal") else [])
    return [judgment for judgment in dict.fromkeys(wanted) if state.holder(judgment) != person]


def _says_unheld(state: State, judgment: str, person: str) -> str:
    holders = state.charter[1]["holders"] if state.charter else {}
    held = holders.get(judgment) or {"person": None, "machine": False}
    who = f"{_called(state, held['person'])} holds it" if held["person"] else "it was handed to the machine" if held["machine"] else "nobody holds it yet"
    return f"{_called(state, person)} does not hold the {_shown(judgment)[1:-1]}: {who}"


def _decision(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    if not body["decisions"] and body["kind"] == "decision":
        return ["it decides nothing"]
    missing = []
    if any(one["judgment"] == "sign-off" for one in body["decisions"]):
        missing.append("a sign-off is not one decision among others")
    met: set[tuple[str, str]] = set()
    for one in body["decisions"]:
        which = one["judgment"], one["about"]
        now = state.decisions.get(which)
        says = f"{_shown(one['judgment'])[1:-1]} of {_shown(one['about'])[1:-1]}"
        if not one["about"].strip():
            missing.append("it does not say about what it decides")
        if which in met:
            missing.append(f"it decides the {says} twice")
        elif one["replaces"] != (now.name if now else None):
            missing.append(f"the {says} was decided meanwhile, in entry {now.n} by {_called(state, now.person)}: look again" if now else f"there is no decision on the {says} that it could replace")
        met.add(which)
    return missing


def _objection(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    if body["idea"] is not None and not 0 < body["idea"] <= state.n:
        return [f"there is no entry {body['idea']} yet whose idea it could take up"]
    return [] if body["text"].strip() else ["it says nothing"]


def _answer(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    if body["objection"] in state.answers:
        return [f"that objection was answered in entry {state.answers[body['objection']]}"]
    if body["answer"] not in ("yes", "no", "withdrawn"):
        return ["an answer is yes, no, or withdrawn"]
    if body["answer"] == "no" and not body["because"].strip():
        return ["a no needs its reason"]
    return []


def _intent(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    opens = body["opens"]
    forms = (body["sealed"] is not None) + bool(body["skipped"]) + (opens is not None)
    if forms != 1:
        return ["a first thought is sealed, skipped or opened: one of them"]
    if body["sealed"] is not None and not _SEAL.match(body["sealed"]):
        return ["it does not say the seal of a first thought"]
    if opens is None:
        return [] if body["content"] is None and body["salt"] is None else ["a sealed first thought does not say what is in it"]
    before = state.intents[opens][1]
    if before is None:  # this copy withholds it
        return []
    if before["sealed"] is None:
        return [f"entry {opens} is no first thought of theirs to open"]
    if body["salt"] is None or body["content"] is None or sha256(_encode({"content": body["content"], "salt": body["salt"]}).encode("utf-8")) != before["sealed"]:
        return ["what it opens is not what was sealed"]
    return []


def _round(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    return [] if body["cuts"] and body["to"].strip() else ["a round says what went to whom"]


def _approval(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    if body["cuts"] != state.rounds[body["round"]]["cuts"]:
        return ["it names other cuts than the round did"]
    return [] if body["outcome"] in ("approved", "changes", "refused") else ["a round is approved, refused, or comes back with changes"]


def _stand(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    return [] if body["part"].strip() else ["it says no part"]


def _signoff(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    asked = [] if body["question"].strip() else ["it does not say which question it answers"]
    return _decision(state, body, person) + asked + _checked_cuts(body) + _checked_films(body) + _opened_thought(state, body, person)


def _opened_thought(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    n = body["intent"]
    thought = state.intents.get(n) if n is not None else None
    if n is None or (thought is not None and (thought[1] is None or thought[1]["opens"] is not None)):  # None: this copy withholds it
        return []
    return [f"entry {n} is no opened first thought"]


def _checked_cuts(body: Mapping[str, Any]) -> list[str]:
    return [] if body["cuts"] else ["it names no cut"]


def _checked_films(body: Mapping[str, Any]) -> list[str]:
    """Films (form 2) are films of the cuts that are signed, each once; a note says something, about one of them."""
    cuts, films = {one["version"] for one in body["cuts"]}, body.get("films", [])
    names = [(one["version"], one["spec"]) for one in films]
    faults = [f"it names a film of {_shown(one['version'])}, and no cut of it" for one in films if one["version"] not in cuts]
    faults += [f"it names the film of {_shown(version)} for {_shown(spec)} twice" for (version, spec), n in Counter(names).items() if n > 1]
    faults += [f"what it says is the seal of {_shown(one['file'])} is none" for one in films if not _SEAL.match(one["essence"])]
    notes = body.get("notes", [])
    faults += ["it notes something about a film that it does not name" for one in notes if (one["version"], one["spec"]) not in names]
    return faults + ["it has a note that says nothing" for one in notes if not one["note"].strip()]


def _refusal(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    if not body["question"].strip():
        return ["it does not say which question it answers"]
    if not body["because"].strip():
        return ["scrapping a cut needs its reason"]
    return _checked_cuts(body) or ([] if body["next"] in ("strings", "assembly", "this cut") else ["the next one starts from the strings, the assembly or this cut"])


def _release(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    return _checked_cuts(body) + _checked_films(body) or ([] if body["because"].strip() else ["releasing unsigned needs its reason"])


def _checkpoint(state: State, body: Mapping[str, Any], person: str) -> list[str]:
    return []


_LAWS = {"enrol": _enrol, "charter": _charter, "revoke": _revoke, "decision": _decision, "objection": _objection, "answer": _answer,
         "intent": _intent, "round": _round, "approval": _approval, "stand": _stand, "signoff": _signoff, "refusal": _refusal,
         "release": _release, "checkpoint": _checkpoint}  # fmt: skip

#: The form of bodies: a type; (type,) where it may be null; [of] a list; {str: of} a map; {name: of} exactly these fields.
_TEXTS: Any = {str: str}
_CUT: Any = {"version": str, "file": str, "seal": str, "essence": (str,), "sheet_seen": (bool,)}
_ONE: Any = {"judgment": str, "about": str, "choice": _TEXTS, "over": [str], "because": str, "replaces": (str,), "rests_on": _TEXTS}
_FILM: Any = {"version": str, "spec": str, "file": str, "essence": str, "played": (bool,)}
_NOTED: Any = {"version": str, "spec": str, "check": str, "says": str, "note": str}
_AROUND: dict[str, Any] = {"schema": int, "kind": str, "by": str, "at": str, "seen": {"n": int, "hash": str}}
_SHAPES: dict[str, dict[str, Any]] = {
    "enrol": {"person": str, "name": str, "roles": [str], "key": {"algorithm": str, "public": str, "purpose": str, "rp_id": (str,), "origins": [str]}},
    "charter": {"holders": {str: {"person": (str,), "machine": bool, "because": str}}, "stricter": [str], "leaves": [str], "replaces": (int,)},
    "revoke": {"key": str, "because": str, "from_entry": (int,)},
    "intent": {"sealed": (str,), "envelope": (str,), "skipped": bool, "opens": (int,), "salt": (str,), "content": (_TEXTS,)},
    "decision": {"gesture": str, "decisions": [_ONE], "saw": _TEXTS},
    "objection": {"on": str, "text": str, "idea": (int,)},
    "answer": {"objection": int, "answer": str, "because": str},
    "round": {"label": str, "to": str, "cuts": [_CUT]},
    "approval": {"round": int, "contact": str, "outcome": str, "changes": [str], "cuts": [_CUT]},
    "stand": {"part": str, "about": str, "text": str},
    "signoff": {"question": str, "cuts": [_CUT], "decisions": [_ONE], "intent": (int,), "not_checked": [str]},
    "refusal": {"question": str, "cuts": [_CUT], "because": str, "next": str},
    "release": {"cuts": [_CUT], "because": str, "missing": [str], "not_checked": [str]},
    "checkpoint": {"title": str},
}  # fmt: skip
#: Form 2 names the rendered films, and what was said to each warning about them; of a charter, the services that may be asked, and what they may cost.
_LET: Any = {"provider": str, "at": str, "kind": str, "what": [str], "unpriced": bool}
_SHAPES_2 = {kind: _SHAPES[kind] | {"films": [_FILM], "notes": [_NOTED]} for kind in ("signoff", "release")} | {
    "charter": _SHAPES["charter"] | {"lets": [_LET], "spends": _TEXTS},
}


def shape_of(kind: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The form that a body of this number has; None where a newer release wrote it."""
    return {1: _SHAPES, 2: _SHAPES_2}.get(body["schema"], {}).get(kind)


def _form(body: Mapping[str, Any], shape: Mapping[str, Any], *, exact: bool = True) -> list[str]:
    """What of this form is not there, in one sentence."""
    lacks = [name for name, of in shape.items() if name not in body or not _fits(body[name], of)]
    more = sorted(set(body) - set(shape)) if exact else []
    if lacks:
        return [f"it does not say its {', '.join(lacks)} as a body does"]
    return [f"it says {_shown(more[0])}, which this form does not have"] if more else []


def _fits(value: Any, of: Any) -> bool:
    if isinstance(of, type):
        return type(value) is of
    if isinstance(of, tuple):
        return value is None or _fits(value, of[0])
    if isinstance(of, list):
        return type(value) is list and all(_fits(one, of[0]) for one in value)
    if type(value) is not dict:
        return False
    if str in of:
        return all(_fits(one, of[str]) for one in value.values())
    return value.keys() == of.keys() and all(_fits(value[name], one) for name, one in of.items())


def _is_time(text: str) -> bool:
    try:
        return bool(_AT.match(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _shown(text: str) -> str:
    """Somebody else's text, safe on a terminal: letters of every script as they are, what moves a cursor or turns a line around written out."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


# ---- the report


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something wrong. `n` is the entry, None where it is the file."""

    n: int | None
    says: str

    def __str__(self) -> str:
        return self.says if self.n is None else f"entry {self.n}: {self.says}"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one entry of a record says of finished films: a sign-off, a release, a scrapping; or the machine's making and sealing of one."""

    n: int
    kind: str
    who: str = ""  #: who signed; empty where the machine wrote it
    names: tuple[str, ...] = ()  #: all that they were called in this record
    key: str = ""
    struck: bool = False  #: a revocation reaches back to it
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a walk through a record found."""

    entries: int = 0
    head: str = GENESIS  #: the seal of the last entry
    vouched_to: int = 0  #: the last entry that a person's signature covers
    withheld: int = 0  #: entries whose body this copy does not carry
    signed: int = 0  #: entries that people signed and that hold
    began: str | None = None  #: who began it, and with which key
    newer: dict[str, int]  #: kinds that this release does not know, and how many
    notes: tuple[str, ...] = ()  #: nothing wrong, and a reader should know
    readable: bool = True  #: False: no record, or one that cannot be opened; the one finding says why
    findings: tuple[Finding, ...]
    more: int = 0  #: findings beyond the first 200
    told: tuple[Told, ...] = field(default=(), repr=False)  #: what its entries say of finished films, in their order

    @property
    def vouched(self) -> str:
        """From where on nothing is vouched for."""
        if not self.readable:
            return "Nothing in it is vouched for."
        if not self.entries:
            return "The record is empty: there is nothing to vouch for."
        if self.vouched_to >= self.entries:
            return "A person's signature covers every entry."
        loose = range(self.vouched_to + 1, self.entries + 1)
        if {one.n for one in self.told if one.kind == "released" and one.n in loose} == set(loose):
            which = f"Entries {loose[0]} to {loose[-1]} are" if len(loose) > 1 else f"Entry {loose[0]} is"
            return (f"A person's signature covers every entry up to {self.vouched_to}. {which} the machine's note of what left after it, and nothing is vouched for there yet: "
                    "a checkpoint covers it, or the next thing that anybody signs.")  # fmt: skip
        why = "" if self.vouched_to else " No person has signed yet."
        return f"From entry {self.vouched_to + 1} on nothing is vouched for: whoever owns the disk could have rebuilt it.{why}"

    def lines(self) -> Iterator[str]:
        """The report as a person reads it."""
        for finding in self.findings:
            yield str(finding)
        if self.more:
            yield f"... and {self.more} more findings."
        if not self.readable:
            return
        yield f"{'Findings' if self.findings else 'Nothing wrong found'} in {self.entries} entries. The last seal is {self.head}"
        if self.signed:
            yield f"{self.signed} of them are signed. {self.began}"
        yield from self.notes
        if self.withheld:
            many = self.withheld > 1
            yield f"{self.withheld} {'entries are' if many else 'entry is'} here without {'their' if many else 'its'} text, which this copy withholds; {'their seals hold' if many else 'its seal holds'} the chain."
        if self.newer:
            yield "Newer than this release, checked as part of the chain only: " + ", ".join(f"{k} ({n})" for k, n in sorted(self.newer.items()))
        yield self.vouched


def walk(rows: Iterable[Entry | Finding], *, held: Iterable[tuple[int, str]] = (), producer: str | None = None, signer: tuple[int, str] | None = None,
         found: Iterable[Finding] = ()) -> Report:  # fmt: skip
    """Go through the entries from first to last, each through `admit`.

    Args:    held: numbers and seals of entries as somebody else kept them.  producer: the id of a key whose owner the reader knows.
             signer: the entry of a kept checkpoint, and the key that signed it.  found: findings about the file, put first.
    Raises:  NoCryptography.
    """
    state, withheld, entries, newer = State(), 0, 0, Counter[str]()
    findings, more = list(found), 0
    notes: list[str] = []
    unread: list[int] = []
    made: list[Told] = []
    for row in rows:
        if isinstance(row, Finding):
            missing = [row]
        else:
            entries += 1
            says = admit(state, row)
            missing = [Finding(n=row.n, says=one + ".") for one in says]
            if row.body is None:
                withheld += 1
                unread += [row.n] if row.kind in HUMAN and not says else []
            if (name := _newer(row)) and not (row.kind in HUMAN and says) and (name in newer or len(newer) < 50):
                newer[name] += 1
            if row.at < state.at and not says and len(notes) < 5 and _behind(row, state.at):
                notes.append(f"Entry {row.n} says {row.at}, and one before it {state.at}: a clock went backwards. Order is the chain's.")
            state.take(row, says)
            made += _made(row) if not says and len(made) < _MOST_MADE else []
        room = max(0, MAX_FINDINGS - len(findings))
        findings += missing[:room]
        more += len(missing[room:])
    for n, seal in held:
        if (here := state.seals.get(n)) != seal:
            says_of = "it is not the one that you hold: it was rebuilt." if here else "you hold its seal and it is not here: it was cut off."
            findings.append(Finding(n=n, says=says_of))
    keys = {act.key for act in state._acts if state.standing(act.n)}
    if producer is not None and not (producer in keys and state.is_role(state.keys[producer].person, "producer")):
        findings.append(Finding(n=None, says=f"No entry is signed by a producer with the key {_shown(producer)[1:-1]}: this is not the record that you were told of."))
    if signer is not None:
        findings += [Finding(n=None, says=f"The checkpoint: {says}.") for says in _of_the_signer(state, signer[1], signer[0])]
    began = None
    if state.founder is not None:
        first = next(act.key for act in state._acts)
        began = f"{_called(state, state.founder)} began it with the key {first}" + ("." if producer else ": ask them whether that is their key.")
    notes += _about_people(state)
    if loose := [n for n in unread if n > state.vouched_to]:  # kind and place are under the signature only through the text
        notes.append(f"Withheld, and no later signature covers them: entries {', '.join(map(str, loose[:20]))}. Their keys signed something; that it was this, and here, "
                     "rests on whoever made this copy.")  # fmt: skip
    if state.struck:
        notes.append(f"A revocation strikes {len(state.struck)} signed entries: {', '.join(map(str, sorted(state.struck)[:20]))}.")
    return Report(entries=entries, head=state.head, vouched_to=state.vouched_to, withheld=withheld, signed=len(state.signers), began=began,
                  newer=dict(newer), notes=tuple(notes), findings=tuple(findings), more=more, told=_told(state, made))  # fmt: skip


_MOST_MADE = 10_000  #: films that a machine says that it made, kept while a record is read


def _made(row: Entry) -> list[Told]:
    """What a machine entry says of a finished film: that it was made, or that it left."""
    if row.kind not in ("proposal", "released") or row.body is None:
        return []
    body = row.read() or {}
    known = body["schema"] == 1 and (row.kind == "released" or body.get("what") == "film")
    return [Told(n=row.n, kind=row.kind, body=body)] if known and all(isinstance(body.get(name), str) for name in ("version", "spec", "essence")) else []


def _told(state: State, made: Iterable[Told]) -> tuple[Told, ...]:
    """With them what people signed of films and of their cuts."""
    called: dict[str, list[str]] = {}
    for act in state._acts:
        if act.kind == "enrol" and act.body is not None and shape_of("enrol", act.body) is not None:
            called.setdefault(act.body["person"], []).append(act.body["name"])
    signed = [
        Told(n=act.n, kind=act.kind, who=state.people[who].name if (who := state.signers[act.n]) in state.people else "", names=tuple(called.get(who, ())),
             key=act.key, struck=not state.standing(act.n), body=act.body)
        for act in state._acts if act.kind in ("signoff", "release", "refusal") and act.body is not None and shape_of(act.kind, act.body) is not None
    ]  # fmt: skip
    return tuple(sorted([*made, *signed], key=lambda one: one.n))


def _about_people(state: State) -> Iterator[str]:
    """What a reader should know of who is who."""
    names = Counter(one.name.strip().casefold() for one in state.people.values())
    for one in list(state.people.values())[:50]:
        if names[one.name.strip().casefold()] > 1:
            yield f"More than one person is called {_called(state, one.id)}: this one's first key is {one.id}."
        for key in one.keys[1:10]:
            given = state.keys[key].enrolled
            if state.signers[given] != one.id:
                yield f"Entry {given}: a further key of {_called(state, one.id)} was enrolled by {_called(state, state.signers[given])}, not by themselves."


def _newer(row: Entry) -> str | None:
    """The kind of an entry that a newer release wrote, with its number where the kind is known here in an older form."""
    if row.kind not in HUMAN:
        return row.kind if row.kind not in MACHINE and _KIND.match(row.kind) else None
    with contextlib.suppress(ValueError):
        body = row.read() or {"schema": 1}
        return f"{row.kind}, form {body['schema']}" if shape_of(row.kind, body) is None else None
    return None


def _of_the_signer(state: State, signer: str, n: int) -> Iterator[str]:
    """What is wrong with the key under a checkpoint."""
    held = state.keys.get(signer)
    if held is None:
        yield f"it is signed by the key {signer}, which is not enrolled in this record"
    elif min(held.revoked or n + 1, state._strikes.get(signer, n + 1)) <= n:
        yield f"it is signed by the key {signer}, which was revoked before entry {n}"


def _behind(entry: Entry, at: str) -> bool:
    """Whether an entry's clock is behind. What a person signs says when it was laid before them, some minutes before it is written."""
    try:
        late = datetime.fromisoformat(at) - datetime.fromisoformat(entry.at)
    except (ValueError, TypeError):  # a time before it is no time, and a finding already
        return True
    return entry.signature is None or late.total_seconds() > LAID_S


def read_checkpoint(text: bytes) -> tuple[int, str, str]:
    """A checkpoint that somebody kept: (entry, seal, id of the key that signed it). Its signature is checked.

    Raises: ValueError: not a checkpoint, or not signed as it stands.  NoCryptography.
    """
    text = text.replace(b"\r\n", b"\n")
    head, begin, armour = text.partition(b"\n-----BEGIN SSH SIGNATURE-----\n")
    message = head.rstrip(b"\n") + b"\n"
    lines = dict(line.split(": ", 1) for line in message.decode("utf-8", "replace").splitlines()[1:] if ": " in line)
    if not begin or not message.startswith(b"answerprint checkpoint 1\n"):
        raise ValueError("it is not a checkpoint")
    try:
        blob = base64.b64decode(armour.partition(b"-----END SSH SIGNATURE-----")[0].replace(b"\n", b""), validate=True)
    except binascii.Error as cause:
        raise ValueError("its signature cannot be read") from cause
    signature = Signature.read(blob, CHECKPOINT)
    if not signature.holds(hashlib.sha256(message).digest(), CHECKPOINT):
        raise ValueError("its signature does not fit: it was changed after it was signed")
    number, seal = lines.get("entry", ""), lines.get("seal", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18 and _SEAL.match(seal)):
        raise ValueError("it does not say an entry and its seal")
    return int(number), seal, key_id(signature.public)


# ---- the file


def connect(path: str | os.PathLike[str], *, still: bool = False) -> sqlite3.Connection:
    """Open a record to read it: what was committed, with a -wal beside it if there is one, also from a disk that is read-only.

    Args:    still: nobody writes now; nothing is created beside the record.
    Raises:  Unreadable, sqlite3.Error, OSError.
    """
    name = os.path.abspath(os.fspath(path))
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):
            raise Unreadable("it is not a file")
    except FileNotFoundError as cause:
        raise Unreadable("there is no such file") from cause
    uri = "file:" + quote(os.fsencode(name)) + "?mode=ro"
    if still:
        return _guarded(sqlite3.connect(uri + "&immutable=1", uri=True, isolation_level=None))
    db = _guarded(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10))
    try:
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return db
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR):
            raise
    if not _is_filled(name + "-wal"):
        return _guarded(sqlite3.connect(uri + "&immutable=1", uri=True, isolation_level=None))
    with tempfile.TemporaryDirectory(prefix="record-") as folder:  # a -wal can only be read where its index can be written
        for end in ("", "-wal"):
            shutil.copyfile(name + end, os.path.join(folder, "record.db" + end))
        memory = _guarded(sqlite3.connect(":memory:", isolation_level=None))
        with contextlib.closing(sqlite3.connect(os.path.join(folder, "record.db"))) as copy:
            copy.backup(memory)
        return memory


def _guarded(db: sqlite3.Connection) -> sqlite3.Connection:
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    db.execute("PRAGMA mmap_size = 0")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * MAX_BODY)
    db.text_factory = _text
    return db


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _is_filled(name: str) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return os.stat(name).st_size > 0
    return False


def table_faults(db: sqlite3.Connection) -> list[str]:
    """What is wrong with the tables themselves. Where the first one is named, "entry" is not ours and must not be read.

    Raises: Unreadable: no record at all.  sqlite3.Error.
    """
    have = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    if not any(name == "entry" for _, name, _, _ in have):
        raise Unreadable("it is not a record: it has no table of entries")
    faults = []
    for (kind, name), sql in SCHEMA.items():
        if (kind, name, "entry", sql) in have:
            have.remove((kind, name, "entry", sql))
        else:
            faults.append(f"the {kind} {name} is not there as a record has it")
    faults += [f"a {_shown(str(kind))} named {_shown(str(name))} does not belong in a record" for kind, name, _, _ in have]
    if db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        faults.append("it is not marked as a record")
    if db.execute("PRAGMA user_version").fetchone() != (FORMAT,):
        faults.append("it has another format number")
    return faults


def _entries(db: sqlite3.Connection, damaged: bool, limit: int) -> Iterator[Entry | Finding]:
    """Every row in order. In a damaged file each number is looked up by itself, which ends whatever the tree looks like."""
    expected = 1
    try:
        rows: Iterable[Any]
        if damaged:
            last = min(db.execute("SELECT max(n) FROM entry").fetchone()[0] or 0, limit)
            rows = (row for n in range(1, last + 1) for row in db.execute(_ROW + " WHERE n = ?", (n,)))
        else:
            rows = db.execute(_ROW + " ORDER BY n")
        for row in rows:
            n = row[0]
            if n < expected:
                yield Finding(n=n, says="it stands where no entry can stand.")
            elif n > expected:
                which = f"entry {expected} is" if n == expected + 1 else f"entries {expected} to {n - 1} are"
                yield Finding(n=expected, says=f"{which} missing: after {expected - 1} comes {n}.")
            if not row[-1]:
                yield Finding(n=n, says="a column of it holds another type of value than was written.")
            entry = read_row(row)
            if entry is not None:
                yield entry
            expected = max(expected, n) + 1
    except sqlite3.Error as error:
        yield Finding(n=expected, says=f"from here on the file cannot be read ({_shown(str(error))}).")


def read_row(row: tuple[Any, ...]) -> Entry | None:
    """A row of `entry` (columns in order) as an Entry; None where a value has another type."""
    n, prev, kind, at, body_digest, body, signature, seal = row[: len(COLUMNS)]
    if (type(n), type(prev), type(kind), type(at), type(body_digest), type(seal)) != (int, str, str, str, str, str):
        return None
    if type(body) not in (bytes, type(None)) or type(signature) not in (bytes, type(None)):
        return None
    return Entry(n=n, prev=prev, kind=kind, at=at, body_digest=body_digest, body=body, signature=signature, hash=seal)


def verify(path: str | os.PathLike[str], *, held: Iterable[tuple[int, str]] = (), producer: str | None = None, checkpoint: bytes | None = None) -> Report:
    """Check a record from its tables to its last entry.

    Args:    held: numbers and seals of entries as somebody else kept them; shows a cut or rebuilt end.
             producer: a producer's key, by its id or as an OpenSSH line; without one, whoever made the file could have made everybody in it.
             checkpoint: a signed checkpoint that somebody kept.
    Returns: the report; no findings means nothing wrong found. Whatever the file holds, this does not raise.
    """
    name, held = os.path.abspath(os.fspath(path)), list(held)
    try:
        first: list[Finding] = []
        signer: tuple[int, str] | None = None
        if checkpoint is not None:
            try:
                n, seal, by = read_checkpoint(checkpoint)
                held.append((n, seal))
                signer = n, by
            except ValueError as error:
                first.append(Finding(n=None, says=f"The checkpoint: {error}."))
        if producer is not None and not producer.startswith("SHA256:"):
            producer = _wire_id(" ".join(producer.split()[:2])) or producer
        for still in (True, False):
            still = still and not _is_filled(name + "-wal")
            before = _stamp(name)
            with contextlib.closing(connect(name, still=still)) as db:
                report = _examine(db, name, held, producer, signer, first)
            if not still or (_stamp(name) == before and not _is_filled(name + "-wal")):
                break  # else somebody wrote meanwhile: look again with locks
        return report
    except NoCryptography:
        why = "it is signed, and the package cryptography is not here to check that (pip install cryptography)"
    except Unreadable as error:
        why = str(error)
    except (sqlite3.Error, OSError, ValueError, OverflowError, MemoryError, RecursionError) as error:
        why = _shown(str(error))[1:-1] or type(error).__name__
    if _is_film(name):
        why = "it is a film. The record is the file record.db, and the film goes after --film"
    return Report(readable=False, newer={}, findings=(Finding(n=None, says=f"The file cannot be read as a record: {why}."),))


def _is_film(name: str) -> bool:
    """Whether a file that is no record is a film, whole or not."""
    with contextlib.suppress(OSError, ValueError):
        if stat.S_ISREG(os.stat(name).st_mode):
            with open(name, "rb") as file:
                first = file.read(12)
            return first[4:8] in (b"ftyp", b"moov", b"mdat", b"wide") or first[:4] == b"\x06\x0e\x2b\x34"
    return False


def _stamp(name: str) -> tuple[int, ...] | None:
    with contextlib.suppress(OSError, ValueError):
        now = os.stat(name)
        return now.st_size, now.st_mtime_ns, now.st_ino
    return None


def _examine(db: sqlite3.Connection, name: str, held: list[tuple[int, str]], producer: str | None, signer: tuple[int, str] | None, first: list[Finding]) -> Report:
    faults = table_faults(db)
    found = first + [Finding(n=None, says=f"The file: {says}.") for says in faults]
    if _is_filled(name + "-journal"):
        found.append(Finding(n=None, says="The file: a journal lies beside it that no record leaves; others may read something else."))
    if any(fault.startswith("the table entry") for fault in faults):
        return walk([], found=found, held=held, producer=producer)
    try:  # one message only: with more, a crafted tree could keep SQLite walking for ever
        state = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        state = str(error)
    if state != "ok":
        found.append(Finding(n=None, says=f"The file: its structure is damaged ({_shown(str(state))})."))
    limit = sum(os.path.getsize(name + end) for end in ("", "-wal") if _is_filled(name + end)) // SMALLEST_ROW
    return walk(_entries(db, state != "ok", limit), found=found, held=held, producer=producer, signer=signer)


# ---- a finished film: MP4 and MOV, read with nothing but this file

MAX_INDEX = 32 * 2**20  #: bytes; three hours at 50 frames a second take 16 MB
_MOST_BOXES = 4096  #: inside one other; a film of 30 tracks has 40
_BLOCK = 2**20
_TRACKS = {b"vide": "video", b"soun": "audio", b"subp": "subtitle", b"clcp": "subtitle", b"sbtl": "subtitle", b"subt": "subtitle"}
_BESIDE = (b"tmcd",)  #: timecode is neither picture nor sound
_PRIMING = 4096  #: samples; what an AAC coder may put before the sound, to be left out again (ISO/IEC 14496-24: two frames; some use 2112)
_MXF = bytes.fromhex("060e2b34020501010d010201")  #: SMPTE ST 377-1: how its first partition begins
_ELEMENT, _OF_ESSENCE = bytes.fromhex("060e2b34010201"), bytes.fromhex("0d010301")  #: SMPTE ST 379-1: the key of a picture, a sound or data; its eighth byte is a version
_ITEMS = {0x05: "video", 0x15: "video", 0x06: "audio", 0x16: "audio", 0x07: None, 0x17: None}  #: by the key's thirteenth byte; data is neither
_MOST_ITEMS = 8_000_000  #: of an MXF: three hours at 50 frames a second with twelve tracks have seven million
_FRAGMENTS = "it is written in fragments, as for streaming. Its seal is told from the file that was delivered"
_FIRST = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid")


class NoFilm(Exception):
    """This file cannot be read as a film; the text has it as subject."""


@dataclass(frozen=True, kw_only=True)
class Film:
    """What a film file is, whatever is written around it."""

    streams: tuple[str, ...]  #: "video sha256:...", in the order of the tracks
    digest: str  #: of the whole file
    frames: int = 0  #: of the first picture
    rate: str | None = None  #: frames a second, "24000/1001"; empty where they are shown for different times; None for an MXF, where that is not read
    odd: tuple[str, ...] = ()  #: what its index does that no film from here does, in sentences

    def essence(self, edit: str) -> str:
        """The seal that a sign-off names: over the streams and the edit's seal."""
        return sha256("".join(f"{line}\n" for line in (*self.streams, f"edit {edit}")).encode("utf-8"))


def read_film(path: str | os.PathLike[str]) -> Film:
    """The seals of what is in a film file. It is hostile until read: nothing in it makes this long, large or loud.

    Raises: NoFilm, OSError.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise NoFilm("it is not a file")
    with open(path, "rb") as file:
        size, whole = 0, hashlib.sha256()
        while block := file.read(_BLOCK):
            whole.update(block)
            size += len(block)
        digest = f"sha256:{whole.hexdigest()}"
        file.seek(0)
        mxf = file.read(len(_MXF)) == _MXF
        try:
            return _mxf_of(file, size, digest) if mxf else _film_of(file, size, digest)
        except (struct.error, IndexError) as cause:
            raise NoFilm("its index is damaged") from cause


def _film_of(file: IO[bytes], size: int, digest: str) -> Film:
    index = _boxes_in(memoryview(_read_index(file, size)))
    if b"mvex" in index:
        raise NoFilm(_FRAGMENTS)
    about, left = _one(index, b"mvhd"), size
    scale = _number(about, 20 if about[0] == 1 else 12)
    streams: list[str] = []
    odd: list[str] = []
    frames, rate = 0, ""
    for number, raw in enumerate(index.get(b"trak", ()), 1):
        track = _Track.of(raw)
        if track is None:
            continue
        seal, used = track.seal(file, size, left)
        left -= used
        streams.append(f"{track.kind} {seal}")
        odd += [f"track {number} ({track.kind}): {says}." for says in track.odd(scale)]
        if track.kind == "video" and not frames:
            frames, rate = track.count, track.rate
    if not streams:
        raise NoFilm("it has neither picture nor sound")
    return Film(streams=tuple(streams), digest=digest, frames=frames, rate=rate, odd=tuple(odd))


def _mxf_of(file: IO[bytes], size: int, digest: str) -> Film:
    """An MXF: key, length and value again and again; the values of each picture and sound element as they follow each other."""
    found: dict[bytes, Any] = {}
    at = items = frames = 0
    while at < size:
        file.seek(at)
        head = file.read(25)
        length, begin = int.from_bytes(head[16:17], "big"), 17
        if length & 0x80:
            begin, length = 17 + (length & 0x7F), int.from_bytes(head[17 : 17 + (length & 0x7F)], "big")
        items += 1
        if len(head) < min(begin, 25) or not 17 <= begin <= 25 or at + begin + length > size or items > _MOST_ITEMS:
            raise NoFilm(f"it is cut off or damaged at byte {at}")
        if head[:7] == _ELEMENT and head[8:12] == _OF_ESSENCE:
            if head[12] not in _ITEMS:
                raise NoFilm("it has pictures and sound wrapped in one, which no film from here has")
            if _ITEMS[head[12]] is not None:
                frames += not found or next(iter(found)) == head[12:16]
                _hash(file, at + begin, length, found.setdefault(head[12:16], hashlib.sha256()))
        at += begin + length
    if not found:
        raise NoFilm("it has neither picture nor sound")
    return Film(streams=tuple(f"{_ITEMS[key[0]]} sha256:{one.hexdigest()}" for key, one in found.items()), digest=digest, frames=frames)


def _hash(file: IO[bytes], at: int, length: int, into: Any) -> None:
    """Take a stretch of a file into a hash."""
    file.seek(at)
    while length:
        block = file.read(min(length, _BLOCK))
        if not block:
            raise NoFilm("it changed while it was read")
        into.update(block)
        length -= len(block)


def _read_index(file: IO[bytes], size: int) -> bytes:
    """The index of a film: the one box called moov among those at the top."""
    at, found, boxes = 0, None, 0
    while at < size:
        file.seek(at)
        head = file.read(16)
        length, name, begin = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 1:
            length, begin = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = size - at
        boxes += 1
        if at == 0 and name not in _FIRST:
            raise NoFilm("it is neither an MP4 or QuickTime file nor an MXF, and no other kind is read here")
        if len(head) < begin or length < begin or at + length > size or boxes > _MOST_BOXES:
            raise NoFilm(f"it is cut off or damaged at byte {at}")
        if name == b"moof":
            raise NoFilm(_FRAGMENTS)
        if name == b"moov":
            if found is not None:
                raise NoFilm("it has two indexes, and players may choose either")
            if length > MAX_INDEX:
                raise NoFilm(f"its index has {length} bytes, which no film needs")
            file.seek(at + begin)
            found = file.read(length - begin)
            if len(found) != length - begin:
                raise NoFilm("it changed while it was read")
        at += length
    if found is None:
        raise NoFilm("it has no index: a recording or a copy that was cut off")
    return found


def _boxes_in(raw: memoryview) -> dict[bytes, list[memoryview]]:
    """The boxes that lie in another one, by name."""
    found: dict[bytes, list[memoryview]] = {}
    at = boxes = 0
    while len(raw) - at >= 8:  # QuickTime ends some lists with four noughts
        length, begin = int.from_bytes(raw[at : at + 4], "big"), 8
        if length == 1:
            length, begin = int.from_bytes(raw[at + 8 : at + 16], "big"), 16
        elif length == 0:
            length = len(raw) - at
        boxes += 1
        if length < begin or at + length > len(raw) or boxes > _MOST_BOXES:
            raise NoFilm("its index is damaged")
        found.setdefault(bytes(raw[at + 4 : at + 8]), []).append(raw[at + begin : at + length])
        at += length
    return found


def _one(boxes: Mapping[bytes, list[memoryview]], *names: bytes) -> memoryview:
    """The only box of these names."""
    found = [one for name in names for one in boxes.get(name, ())]
    if len(found) != 1:
        raise NoFilm(f"its index has {len(found)} tables called {' or '.join(name.decode() for name in names)} where one belongs")
    return found[0]


def _number(raw: memoryview, at: int) -> int:
    return int(struct.unpack_from(">I", raw, at)[0])


def _rows(raw: memoryview, form: str) -> tuple[int, Iterator[tuple[int, ...]]]:
    """A table: how many rows it says it has, and the rows, one after another."""
    count, width = _number(raw, 4), struct.calcsize(form)
    if 8 + count * width > len(raw):
        raise NoFilm("its index is damaged: a table is shorter than it says")
    return count, struct.iter_unpack(form, raw[8 : 8 + count * width])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Track:
    """One track of a film's index."""

    kind: str
    count: int  #: samples, as the format calls a frame of picture or a piece of sound
    size: int  #: of each in bytes; 0 where each has its own
    ticks: int  #: in a second
    table: Mapping[bytes, list[memoryview]]
    edits: memoryview | None

    @classmethod
    def of(cls, raw: memoryview) -> _Track | None:
        """None where it is neither picture, sound nor captions."""
        boxes = _boxes_in(raw)
        media = _boxes_in(_one(boxes, b"mdia"))
        handler = bytes(_one(media, b"hdlr")[8:12])
        if handler in _BESIDE:
            return None
        if handler not in _TRACKS:
            raise NoFilm(f"it has a track of the kind {_shown(handler.decode('latin-1'))}, which no film from here has")
        inside = _boxes_in(_one(media, b"minf"))
        named = _one(_boxes_in(_one(inside, b"dinf")), b"dref")
        if any(len(one) < 4 or not one[3] & 1 for ones in _boxes_in(named[8:]).values() for one in ones):
            raise NoFilm("its pictures or sound lie in another file")
        table = _boxes_in(_one(inside, b"stbl"))
        sizes, about = _one(table, b"stsz"), _one(media, b"mdhd")
        edits = _boxes_in(_one(boxes, b"edts")) if b"edts" in boxes else {}
        return cls(kind=_TRACKS[handler], count=_number(sizes, 8), size=_number(sizes, 4), ticks=_number(about, 20 if about[0] == 1 else 12),
                   table=table, edits=_one(edits, b"elst") if b"elst" in edits else None)  # fmt: skip

    def seal(self, file: IO[bytes], size: int, most: int) -> tuple[str, int]:
        """SHA-256 over its samples as they follow each other, and how many bytes those are: no more than `most`."""
        found, used = hashlib.sha256(), 0
        for at, length in self._stretches():
            if at + length > size:
                raise NoFilm("it is cut off: its index names pictures or sound beyond its end")
            used += length
            if not length:
                continue
            if used > most:
                raise NoFilm("its index names more pictures and sound than the file holds")
            _hash(file, at, length, found)
        return f"sha256:{found.hexdigest()}", used

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Where its samples lie: each stretch as (first byte, bytes)."""
        long = b"co64" in self.table
        _, places = _rows(_one(self.table, b"co64", b"stco"), ">Q" if long else ">I")
        _, runs = _rows(_one(self.table, b"stsc"), ">III")
        sizes = iter(()) if self.size else struct.iter_unpack(">I", _sizes(self.table, self.count))
        left, each, following = self.count, 0, next(runs, None)
        for number, (at,) in enumerate(places, 1):
            if following is not None and number == following[0]:
                each, following = following[1], next(runs, None)
            if each == 0 or each > left or (following is not None and following[0] <= number):
                raise NoFilm("its index does not add up")
            left -= each
            yield at, each * self.size if self.size else sum(length for (length,) in islice(sizes, each))
        if left or following is not None:
            raise NoFilm("its index does not add up")

    @property
    def rate(self) -> str:
        """Samples a second, where each lasts as long as the next."""
        each = 0
        for count, step in _rows(_one(self.table, b"stts"), ">II")[1]:
            if not count or not step or each not in (0, step):
                return ""
            each = step
        return str(Fraction(self.ticks, each)) if each else ""

    def odd(self, scale: int) -> Iterator[str]:
        """What keeps some of it from being played, though it is there."""
        told, length = 0, 0
        for many, step in _rows(_one(self.table, b"stts"), ">II")[1]:
            told, length = told + many, length + many * step
        if told != self.count or not (length and self.ticks and scale):
            yield "its index does not give each piece its time"
        elif self.edits is not None:
            yield from self._odd_edits(self.edits, scale, length)

    def _odd_edits(self, edit_list: memoryview, scale: int, length: int) -> Iterator[str]:
        many, edits = _rows(edit_list, ">Qqhh" if edit_list[0] == 1 else ">Iihh")
        played, start, pace, part = next(edits, (0, 0, 0, 0))
        if self.kind == "video":  # from the first picture on, to half a frame
            first = next(_rows(_one(self.table, b"ctts"), ">Ii")[1], (0, 0))[1] if b"ctts" in self.table else 0
            right, rest, slack = start == first, length, length / self.count / 2
        else:  # an edit list counts in thousandths of a second
            right, rest, slack = 0 <= start <= (0 if self.size else _PRIMING), length - start, self.ticks / 50
        if many != 1 or (pace, part) != (1, 0) or not right:
            yield "its index plays it from another place, in parts or at another speed"
        elif abs(played * self.ticks / scale - rest) > slack:
            yield "its index plays less of it, or more, than there is"


def _sizes(table: Mapping[bytes, list[memoryview]], count: int) -> memoryview:
    raw = _one(table, b"stsz")
    if 12 + 4 * count > len(raw):
        raise NoFilm("its index is damaged: a table is shorter than it says")
    return raw[12 : 12 + 4 * count]


# ---- what a record says of a finished film


@dataclass(frozen=True, kw_only=True)
class FilmReport:
    """What a record and its papers say of one film file."""

    entry: int | None = None  #: the signed entry that names it
    says: tuple[str, ...] = ()  #: what holds, and what a reader should know
    findings: tuple[str, ...] = ()


def check_film(report: Report, path: str | os.PathLike[str], papers: str | os.PathLike[str] | None = None) -> FilmReport:
    """Whether a film file is one that this record's people answered for.

    Args:    report: of the record, as `verify` gave it.  papers: the papers.json that came with the film.
    Returns: no findings means that a signed entry names exactly these pictures and sounds. Whatever the files hold, this does not raise.
    """
    name = _shown(os.path.basename(os.fspath(path)))[1:-1]
    try:
        film = read_film(path)
    except NoFilm as error:
        return FilmReport(findings=(f"{name}: {error}.",))
    except (OSError, MemoryError) as error:
        return FilmReport(findings=(f"{name}: it cannot be read ({getattr(error, 'strerror', None) or 'it is too large'}).",))
    if not report.readable:
        return FilmReport(findings=(f"{name}: without a record nobody can say whose film it is.",))
    listed, unread = None, ""
    if papers is not None:
        try:
            listed = read_papers(papers)
        except ValueError as error:
            unread = f"The papers: {error}."
    naming = _naming(report, film, listed)
    named = naming[0] if naming else None
    says, findings = _of_the_film(report, film, naming, name, listed)
    if listed is not None and papers is not None:
        more, faults = _of_the_papers(report, film, named, listed, papers)
        says, findings = says + more, findings + faults
    findings += [unread] if unread else []
    if report.findings:
        says = []
        findings.append(f"{name}: the record does not hold, so nothing that it says of this film is confirmed.")
    return FilmReport(entry=named[0].n if named else None, says=tuple(says), findings=tuple(findings))


def _naming(report: Report, film: Film, listed: Mapping[str, Any] | None) -> list[tuple[Told, Mapping[str, Any]]]:
    """The signed entries that name this film, each with what it calls it; the one that counts first.

    One picture can be two films: textless where there is no lettering, a language in which nothing is said. First what the papers name,
    then what stands before what was struck, then the last.
    """
    made: dict[tuple[Any, Any], set[str]] = {}
    for one in report.told:
        which = one.body.get("version"), one.body.get("spec")
        if one.kind == "proposal" and isinstance(one.body.get("edit"), str):
            made.setdefault(which, set()).add(film.essence(one.body["edit"]))
    found: list[tuple[Told, Mapping[str, Any]]] = []
    for one in report.told:
        if one.kind not in ("signoff", "release") or not one.body.get("films"):
            continue
        cut: dict[str, set[str]] = {}
        for each in one.body["cuts"]:
            cut.setdefault(each["version"], set()).add(film.essence(each["seal"]))
        for seal in one.body["films"]:
            here = seal["version"], seal["spec"]
            if seal["essence"] in cut.get(seal["version"], ()) or seal["essence"] in made.get(here, ()):
                found.append((one, seal))
    meant = (listed["film"]["version"], listed["film"]["spec"]) if listed else None
    return sorted(found, key=lambda pair: (_which(pair[1]) == meant, not pair[0].struck, pair[0].n), reverse=True)


def _which(of: Mapping[str, Any]) -> tuple[Any, Any]:
    return of.get("version"), of.get("spec")


def _called_so(ones: Iterable[tuple[Any, Any]]) -> str:
    """Films as they are spoken of: "master for youtube and textless for youtube"."""
    said = [f"{_shown(version)[1:-1]} for {_shown(spec)[1:-1]}" for version, spec in ones]
    return " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def _of_the_film(
    report: Report, film: Film, naming: list[tuple[Told, Mapping[str, Any]]], name: str, listed: Mapping[str, Any] | None,
) -> tuple[list[str], list[str]]:  # fmt: skip
    """What the record says of a film.  naming: best first, as `_naming` gave it.  listed: its papers; None where nobody handed any."""
    if not naming:
        return [], [f"{name}: {_unnamed(report, film, name)}"]
    entry, seal = naming[0]
    ours = [_which(seal)] if listed else list(dict.fromkeys(_which(other) for one, other in naming if one.n == entry.n))
    others: dict[tuple[Any, Any], int] = {}
    for one, other in naming:
        if _which(other) not in ours and not one.struck:
            others.setdefault(_which(other), one.n)
    since = listed["checkpoint"]["entry"] if listed else 0
    which = _called_so(ours)
    who = _shown(entry.who)[1:-1]
    if entry.kind == "signoff":
        says = [f"{name} is the film that {who} signed off in entry {entry.n}: {which}. Every picture and every sound in it is what was signed."]
    else:
        says = [f"{name} is the film that {who} released in entry {entry.n}, not signed: {which}. Every picture and every sound in it is what was released."]
    says += [f"The same pictures and the same sound, to the frame, are also {_called_so([one for one, at in others.items() if at == n])}, entry {n}."
             for n in sorted(set(others.values()))]  # fmt: skip
    findings = [f"{name}: {one}" for one in film.odd]
    if entry.struck:
        findings.append(f"{name}: a revocation strikes entry {entry.n}, which names it, so nobody answers for it.")
    cuts = {cut["seal"] for cut in entry.body["cuts"] if cut["version"] in {version for version, _ in ours}}
    for one in report.told:
        same = one.body.get("essence") == seal["essence"]
        if one.kind == "refusal" and one.n > entry.n and not one.struck and any(cut["seal"] in cuts for cut in one.body["cuts"]):
            findings.append(f"{name}: {_shown(one.who)[1:-1]} scrapped this very cut afterwards, in entry {one.n}.")
        elif one.kind == "proposal" and same and not _as_made(one.body, film):
            findings.append(f"{name}: its {film.frames} frames are not shown at the rate that entry {one.n} says: its index was changed.")
    left = [one for one in report.told if one.kind == "released" and one.body.get("essence") == seal["essence"] and _which(one.body) in ours]
    if any(one.body.get("digest") == film.digest for one in left):
        n = next(one.n for one in left if one.body.get("digest") == film.digest)
        says.append(f"It is, byte for byte, the file that left; the machine wrote that down in entry {n}" + ("." if n <= report.vouched_to else ", and no signature covers that entry yet."))
    elif left and left[-1].n <= since:
        says.append(f"It left before, entry {left[-1].n}, as another file with these pictures and this sound. This file came after the last leaving that this record knows: "
                    "what stands around its pictures and sound (credentials, titles, timecode) is under no seal here.")  # fmt: skip
    elif left:
        says.append(f"It is not byte for byte the file that left, entry {left[-1].n}: what stands around the pictures and sound (credentials, titles, timecode) is other than it was.")
    elif film.rate is None:
        says.append("What stands around the pictures and sound in this MXF - how much of them is played and how fast, timecode, titles - is not under this seal.")
    else:
        says.append("What stands around the pictures and sound - how they are turned, cropped and labelled, timecode, titles, credentials - is not under this seal.")
    return says, findings


def _as_made(body: Mapping[str, Any], film: Film) -> bool:
    """Whether a film has the frames and the rate that the machine's entry says; an MXF's rate is not read."""
    return body.get("frames") == film.frames and (film.rate is None or _fraction(body.get("rate")) == _fraction(film.rate))


def _fraction(text: object) -> Fraction | None:
    with contextlib.suppress(ValueError, ZeroDivisionError):
        return Fraction(text) if isinstance(text, str) and len(text) < 40 else None
    return None


def _unnamed(report: Report, film: Film, name: str) -> str:
    """Why no signed entry names a film."""
    seals = [(one, seal) for one in report.told if one.kind in ("signoff", "release") for seal in one.body.get("films", ())]
    for one in report.told:
        if one.kind == "proposal" and isinstance(one.body.get("edit"), str) and film.essence(one.body["edit"]) == one.body.get("essence"):
            return f"the machine made it, entry {one.n}, and no signed entry names it: nobody answers for it."
    if not seals:
        return "no signed entry of this record names a finished film."
    for one, seal in seals:
        if name == _shown(seal["file"].rpartition("/")[2])[1:-1]:
            return f"entry {one.n} names a film of this name with other pictures, other sound or another cut. This one was changed, or is another film."
    return "no signed entry of this record names it: its pictures or its sound were changed, or it is another film."


#: The form of papers.json, as far as it is checked here.
_PAPERS: dict[str, Any] = {
    "form": int, "film": {"version": str, "spec": str, "file": str, "essence": str, "edit": str, "seal": (str,)},
    "answer": {"kind": str, "entry": int, "by": (str,), "key": str}, "checkpoint": {"entry": int, "seal": str},
    "papers": [{"file": str, "what": str, "seal": str}],
}  # fmt: skip
MAX_PAPERS = 4 * 2**20  #: bytes of a papers.json


def read_papers(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The papers.json that came with a film, as plain values.

    Raises: ValueError: it is none; the text has it as subject.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise ValueError("it is not a file")
        with open(path, "rb") as file:
            raw = file.read(MAX_PAPERS + 1)
    except OSError as cause:
        raise ValueError(f"it cannot be read ({cause.strerror})") from cause
    try:
        found = json.loads(raw) if len(raw) <= MAX_PAPERS else None
    except (ValueError, RecursionError) as cause:
        raise ValueError("it is not JSON") from cause
    if not isinstance(found, dict) or any(not _fits(found.get(name), of) for name, of in _PAPERS.items()):
        raise ValueError("it is not the list of a film's papers")
    if found["form"] != 1:
        raise ValueError(f"a newer release wrote it (form {found['form']})")
    return found


def held_by(papers: str | os.PathLike[str] | None) -> list[tuple[int, str]]:
    """The entry and seal up to which the record went when these papers were written, for `verify(held=...)`; empty where they cannot be read."""
    with contextlib.suppress(ValueError):  # what is wrong with them is said with the film
        kept = read_papers(papers)["checkpoint"] if papers is not None else None
        return [(kept["entry"], kept["seal"])] if kept else []
    return []


def _of_the_papers(
    report: Report, film: Film, named: tuple[Told, Mapping[str, Any]] | None, papers: Mapping[str, Any], path: str | os.PathLike[str],
) -> tuple[list[str], list[str]]:  # fmt: skip
    """What papers say against the film, the record, and the papers that lie beside them.

    The entry of a leaving names papers that were written before it: only a leaving after the papers' checkpoint can be theirs. That number
    stands in the papers themselves, so whoever forges them can raise it; then no leaving speaks for them, and that is said.
    """
    said, answer, findings = papers["film"], papers["answer"], []
    if named is not None:
        entry, seal = named
        if (said["version"], said["spec"], said["essence"]) != (seal["version"], seal["spec"], seal["essence"]):
            findings.append(f"The papers: they are those of another film ({_shown(said['file'])}), not of this one.")
        elif (answer["kind"], answer["entry"], answer["key"]) != (entry.kind, entry.n, entry.key) or answer["by"] not in (None, *entry.names):
            findings.append(f"The papers: what they say of who answered for this film is not what entry {entry.n} says.")
    elif film.essence(said["edit"]) != said["essence"]:
        findings.append(f"The papers: they are those of another film ({_shown(said['file'])}), not of this one.")
    folder, listed, written = os.path.dirname(os.path.abspath(os.fspath(path))), os.path.basename(os.fspath(path)), papers["checkpoint"]
    if not max(1, answer["entry"]) <= written["entry"] <= report.entries or (written["entry"] == report.entries and written["seal"] != report.head):
        findings.append(f"The papers: entry {written['entry']}, up to which they say that the record went, is none of this record in which somebody had answered for the film.")
    known = [one for one in report.told if one.kind == "released" and (*_which(one.body), one.body["essence"]) == (said["version"], said["spec"], said["essence"])
             and isinstance(one.body.get("papers"), list)]  # fmt: skip
    left = [one for one in known if one.n > written["entry"]]
    if left and not any(_paper(folder, listed, seal) is None for one in left for seal in one.body["papers"][:MAX_FINDINGS]):
        findings.append(f"The papers: {_shown(listed)} is not the one that left with this film, entry {left[-1].n}.")
    for name, seal in dict.fromkeys((one["file"], one["seal"]) for one in papers["papers"][:MAX_FINDINGS]):
        if fault := _paper(folder, name, seal):
            findings.append(f"The papers: {fault}.")
    says = [] if findings else [f"The papers are those of this film: {len(papers['papers'])} of them, as they were written. Nobody signs papers: what counts is what the record says."]
    if known and not left and not findings:
        says.append(f"They say that they were written after entry {known[-1].n}, the last leaving of this film that this record knows: no entry names them.")
    if said["seal"] is not None and said["seal"] != film.digest and not findings:
        says.append("The film is not byte for byte the one that they were written with.")
    return says, findings


def _paper(folder: str, name: str, seal: str) -> str | None:
    """What is wrong with one paper; None where it is as it was written."""
    if not name or name != os.path.basename(name) or name in (".", "..") or "\\" in name or "\0" in name:
        return f"{_shown(name)} is no name of a paper"
    path, found = os.path.join(folder, name), hashlib.sha256()
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return f"{_shown(name)} is not a file"
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                found.update(block)
    except (OSError, ValueError):
        return f"{_shown(name)} is not there, and was among them"
    return None if f"sha256:{found.hexdigest()}" == seal else f"{_shown(name)} is not as it was written: it was changed, or is another one"


# ---- at a terminal


def _held(text: str) -> tuple[int, str]:
    number, _, seal = text.partition(":")
    if not (number.isascii() and number.isdigit() and _SEAL.match(seal)):
        raise argparse.ArgumentTypeError("write it as NUMBER:sha256:... as it was printed")
    return int(number[:18]), seal


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify.py", description="Check a record: what is wrong with it, and from where on nobody vouches for it.")
    parser.add_argument("record", help="record.db")
    parser.add_argument("--producer", metavar="KEY", help="a producer's key as they told it to you: SHA256:..., or their .pub file")
    parser.add_argument("--checkpoint", metavar="FILE", help="a checkpoint that somebody kept")
    parser.add_argument("--held", type=_held, action="append", default=[], metavar="N:SEAL", help="an entry's number and seal as somebody else kept them")
    parser.add_argument("--film", metavar="FILE", help="a finished film: who answered for it")
    parser.add_argument("--papers", metavar="FILE", help="the papers.json that came with that film")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    args = parser.parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a letter that this terminal does not have
    if args.papers and not args.film:
        parser.error("--papers belongs to a film: name it with --film")
    producer, checkpoint, held = args.producer, None, args.held
    try:
        if producer and os.path.isfile(producer):
            producer = open(producer, encoding="utf-8", errors="replace").read()
        if args.checkpoint:
            checkpoint = open(args.checkpoint, "rb").read()
    except OSError as error:
        parser.error(f"{error.filename}: it cannot be read ({error.strerror})")
    report = verify(args.record, held=[*held, *held_by(args.papers)], producer=producer, checkpoint=checkpoint)
    film = check_film(report, args.film, args.papers) if args.film else None
    if args.json:
        print(json.dumps({**asdict(report), "vouched": report.vouched, **({"film": asdict(film)} if film else {})}))
    else:
        print("\n".join([*report.lines(), *(("", *film.findings, *film.says) if film else ())]))
    return (1 if report.findings or (film and film.findings) else 0) if report.readable else 2


if __name__ == "__main__":
    sys.exit(main())
