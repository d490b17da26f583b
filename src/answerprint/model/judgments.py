"""What people sign: one frozen record for each kind of entry that only a person's key may write, and how it is read back.

A body says who (`by`, a key), when (`at`, a claim), what the signer had in front of them (`seen`), and the content below. All of it
is under the signature. `body` makes the plain form; `read` makes the record of it again, whatever release wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal, Protocol, cast

from answerprint.model.charter import Execution, Judgment
from answerprint.model.records import Digest, ModelError, Plain, from_plain, to_plain

__all__ = [
    "ROLES", "Answer", "Approval", "Charter", "Checkpoint", "CutSeal", "Decided", "Decision", "Enrol", "FilmSeal", "Holder", "Human", "Intent", "Key",
    "Let", "Newer", "Noted", "Objection", "Refusal", "Release", "Revoke", "Round", "Seen", "SignOff", "Signed", "Signs", "Stand", "body", "read",
]  # fmt: skip

#: The seats of a crew; any other word is a role too. An empty one is shown as an empty chair.
ROLES = ("producer", "director", "DP", "gaffer", "editor", "sound mixer", "colourist", "composer", "agency", "client")


class Signs(Protocol):
    """Something that signs with one key: a file under a passphrase, an agent, a passkey."""

    @property
    def key_id(self) -> str:
        """`SHA256:` and base64, as `ssh-keygen -l` prints it."""

    def sign(self, message: bytes, namespace: str) -> bytes:
        """An SSHSIG blob over these bytes (inner hash SHA-256).  Raises: a LedgerError where the key refuses."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The last entry on the signer's screen: a signature vouches for the whole record up to it."""

    n: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class Key:
    """A person's key. `public` is an OpenSSH line for ssh-ed25519; for a passkey its SubjectPublicKeyInfo in base64."""

    algorithm: str  #: "ssh-ed25519"; passkeys: "ES256", "EdDSA", "RS256"
    public: str
    purpose: Literal["daily", "recovery"] = "daily"  #: a recovery key lies on paper, and only enrols and revokes its own person's keys
    rp_id: str | None = None
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Enrol:
    """A key for a person, by a producer; the first one enrols themselves. A person's second key names the same `person`."""

    kind: ClassVar[str] = "enrol"
    person: str  #: the id of the person's first key: names change, and two people may share one
    name: str
    roles: tuple[str, ...]
    key: Key


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds a judgment: a person, nobody yet (an empty chair), or - signed, with a reason - the machine."""

    person: str | None = None
    machine: bool = False
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Let:
    """One service may be asked, at this address and for this kind of thing; and what of the production may go to it."""

    provider: str  #: as the settings call it
    at: str  #: its address when this was signed: at another one it is another service
    kind: str  #: "words", "pictures", "video", "stock"
    what: tuple[str, ...] = ()  #: model/providers.py, CARRIES; empty: it may be asked, and nothing of the shoot goes along
    unpriced: bool = False  #: whether it may be asked where its price is not known


@dataclass(frozen=True, kw_only=True)
class Charter:
    """Who decides what, whole, as it stands from here on; a producer signs it."""

    kind: ClassVar[str] = "charter"
    holders: dict[str, Holder]  #: by judgment, or by an execution that this production made stricter
    stricter: tuple[str, ...] = ()  #: executions that need a person's decision here
    leaves: tuple[str, ...] = ()  #: what may leave the machine: "pictures", "sound", "words", "names"
    replaces: int | None = None  #: the charter entry that this one follows
    lets: tuple[Let, ...] = ()  #: form 2: the services that may be asked
    spends: dict[str, str] = field(default_factory=dict)  #: form 2: what they may cost together, by currency: {"EUR": "50.00"}


@dataclass(frozen=True, kw_only=True)
class Revoke:
    """A key that signs no more; `from_entry` also strikes what it signed from that entry on."""

    kind: ClassVar[str] = "revoke"
    key: str
    because: str
    from_entry: int | None = None


@dataclass(frozen=True, kw_only=True)
class Intent:
    """The first thought. Sealed: only the salted digest, with the locked envelope in keep/. Opened later by `opens`. Or skipped."""

    kind: ClassVar[str] = "intent"
    sealed: str | None = None  #: "sha256:..." over salt and content
    envelope: Digest | None = None  #: in keep/: the content, locked by a key that only the author's key gives
    skipped: bool = False
    opens: int | None = None  #: the sealed entry that this one opens
    salt: str | None = None
    content: dict[str, str] | None = None  #: sentence, rhythm, palette, music, take


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One judgment about one thing: what was chosen, over what, and what it rests on."""

    judgment: str
    about: str  #: the narrowest thing: "item:3", "film:master", "hero:7@square"
    choice: dict[str, str]
    over: tuple[str, ...] = ()  #: the alternatives, in shooting order
    because: str = ""
    replaces: str | None = None  #: "ENTRY/INDEX" of the current decision on the same judgment and thing; index from 1
    rests_on: dict[str, str] = field(default_factory=dict)  #: what was true of the film then; where it is no longer so, this is stale


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One gesture: one signature over one or more decisions."""

    kind: ClassVar[str] = "decision"
    gesture: str  #: "selects", "lock", "finish", or "choice" for a single one
    decisions: tuple[Decided, ...]
    saw: dict[str, str] = field(default_factory=dict)  #: what the signer had before choosing: "rough cut" -> its entry


@dataclass(frozen=True, kw_only=True)
class Objection:
    """A person's: it blocks until a named person answers, or its author withdraws it."""

    kind: ClassVar[str] = "objection"
    on: str
    text: str
    idea: int | None = None  #: the machine critic's idea that this person took up


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was said to an objection; a no needs its reason. "withdrawn" only by who raised it."""

    kind: ClassVar[str] = "answer"
    objection: int  #: its entry
    answer: Literal["yes", "no", "withdrawn"]
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class CutSeal:
    """A version's cut as it was: by name for people, by seal for the gate."""

    version: str
    file: str
    seal: str  #: "sha256:..." of the edit
    essence: str | None = None  #: of the rendered file, where there is one
    sheet_seen: bool | None = None  #: whether its contact sheet was seen; None where none is asked for


@dataclass(frozen=True, kw_only=True)
class Round:
    """Cuts that went to somebody outside."""

    kind: ClassVar[str] = "round"
    label: str
    to: str
    cuts: tuple[CutSeal, ...]


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What the client said of a round, told by a person of the crew. It binds exactly those cuts."""

    kind: ClassVar[str] = "approval"
    round: int  #: its entry
    contact: str
    outcome: Literal["approved", "changes", "refused"]
    changes: tuple[str, ...] = ()
    cuts: tuple[CutSeal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stand:
    """I stand behind my part. Nobody has to."""

    kind: ClassVar[str] = "stand"
    part: str
    about: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class FilmSeal:
    """A rendered film that a signature names: by version and spec for people, by seal for the gate."""

    version: str
    spec: str  #: "tv-eu"
    file: str  #: the name that it leaves under
    essence: str  #: "sha256:..." over its packets and the edit's seal; credentials embedded later do not change it
    played: bool | None = None  #: whether the signer played it to its end; None where they do not say


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What the signer says to something that technical QC warns of. A FAIL has no note."""

    version: str
    spec: str
    check: str
    says: str  #: the warning, in QC's words
    note: str


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """Yes to the question. `decisions` are those that are made or re-affirmed in the same gesture."""

    kind: ClassVar[str] = "signoff"
    question: str
    cuts: tuple[CutSeal, ...]
    decisions: tuple[Decided, ...] = ()
    intent: int | None = None  #: the opened first thought that stood beside the cut
    not_checked: tuple[str, ...] = ()  #: what this release could not check, as it stood on the screen
    films: tuple[FilmSeal, ...] = ()  #: form 2: the rendered films, each by its seal
    notes: tuple[Noted, ...] = ()  #: form 2


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """No: scrapped. The cut stays in the record."""

    kind: ClassVar[str] = "refusal"
    question: str
    cuts: tuple[CutSeal, ...]
    because: str
    next: Literal["strings", "assembly", "this cut"]  #: from what the next one starts: an empty timeline with the strings stands first


@dataclass(frozen=True, kw_only=True)
class Release:
    """A producer lets out what the director did not sign, under their own name."""

    kind: ClassVar[str] = "release"
    cuts: tuple[CutSeal, ...]
    because: str
    missing: tuple[str, ...]  #: what the gate still missed, in its words
    not_checked: tuple[str, ...] = ()
    films: tuple[FilmSeal, ...] = ()  #: form 2
    notes: tuple[Noted, ...] = ()  #: form 2


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The record up to here, for somebody else to hold."""

    kind: ClassVar[str] = "checkpoint"
    title: str


@dataclass(frozen=True, kw_only=True)
class Newer:
    """A kind or a schema of a later release: it verifies and is shown as newer."""

    kind: str
    schema: int
    plain: Plain


Human = (
    Enrol | Charter | Revoke | Intent | Decision | Objection | Answer | Round | Approval | Stand | SignOff | Refusal | Release | Checkpoint
)
_KINDS: dict[str, type[Any]] = {
    one.kind: one
    for one in (Enrol, Charter, Revoke, Intent, Decision, Objection, Answer, Round, Approval, Stand, SignOff, Refusal, Release, Checkpoint)
}  # fmt: skip
_FORM_2 = {"signoff": ("films", "notes"), "release": ("films", "notes"), "charter": ("lets", "spends")}  #: what form 1 has no place for
_FORMS = dict.fromkeys(_FORM_2, (1, 2))
_AROUND = ("schema", "kind", "by", "at", "seen")


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signed body as it was read: the content and what stands around it."""

    by: str  #: key id
    at: str
    seen: Seen
    content: Human | Newer


def body(content: Human, *, by: str, at: str, seen: Seen) -> Plain:
    """The plain form of what is signed: form 2 where it names films, notes, services or a budget, else form 1, which has no place for them.

    Raises: ModelError for a judgment that is none.
    """
    if isinstance(content, Charter | Decision | SignOff):
        _check_judgments(content)
    plain, schema = dict(to_plain(content)), 1
    if later := _FORM_2.get(content.kind):
        schema = 2 if any(plain[name] for name in later) else 1
        for name in later if schema == 1 else ():
            del plain[name]
    return {"schema": schema, "kind": content.kind, "by": by, "at": at, "seen": to_plain(seen), **plain}


def read(plain: Mapping[str, Any]) -> Signed:
    """A signed body back as records.

    Raises: ModelError where a field is missing, unknown or of another type.
    """
    try:
        kind, schema = plain["kind"], plain["schema"]
        by, at, seen = plain["by"], plain["at"], from_plain(Seen, plain["seen"])
    except KeyError as cause:
        raise ModelError(f"a signed body does not say its {cause.args[0]}.") from cause
    content: Human | Newer
    if kind not in _KINDS or schema not in _FORMS.get(kind, (1,)):
        content = Newer(kind=str(kind), schema=int(schema), plain=dict(plain))
    else:
        content = _read(kind, plain)
    return Signed(by=str(by), at=str(at), seen=seen, content=content)


def _read(kind: str, plain: Mapping[str, Any]) -> Human:
    """Form 1 is form 2 without what that added."""
    known = {one.name for one in fields(_KINDS[kind])}
    inside = {name: value for name, value in plain.items() if name not in _AROUND or name in known}
    return cast(Human, from_plain(_KINDS[kind], inside))


def _check_judgments(content: Charter | Decision | SignOff) -> None:
    known = {one.value for one in Judgment} | {one.value for one in Execution}
    named = content.holders if isinstance(content, Charter) else [one.judgment for one in content.decisions]
    for name in named:
        if name not in known:
            raise ModelError(f"{name!r} is no judgment. There are: {', '.join(one.value for one in Judgment)}.")
