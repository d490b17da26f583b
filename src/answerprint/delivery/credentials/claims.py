"""What is claimed about a film that leaves: the records. Built from the record alone, put into the file, read back, compared.

Texts here are whole. What of them stands in a public file is `Public`'s matter, and what that leaves out is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from answerprint.delivery import DeliveryError
from answerprint.model.charter import Judgment
from answerprint.model.records import Digest, Plain

__all__ = [
    "KINDS",
    "Action",
    "Certificate",
    "Checkpoint",
    "Claims",
    "CredentialsError",
    "Embedded",
    "Held",
    "Ingredient",
    "Kind",
    "Manifest",
    "Part",
    "Public",
    "Said",
    "Signed",
    "State",
]

Kind = Literal["camera original", "recorder sound", "stock", "generated", "graded master", "mix", "music", "still", "super", "cleaned mix"]
KINDS: tuple[Kind, ...] = ("camera original", "recorder sound", "stock", "generated", "graded master", "mix", "music", "still", "super", "cleaned mix")
State = Literal["valid", "valid, on no trust list", "broken", "none"]


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """How far the record went when the film was signed: a place in it that a stranger can ask for."""

    entry: int
    seal: str  #: of that entry: "sha256:..."


@dataclass(frozen=True, kw_only=True)
class Signed:
    """Who answers for the film: the author who signed it off, or the producer who released it without that."""

    how: Literal["signed off", "released, not signed,"]
    by: str  #: a person's name
    entry: int

    def sentence(self, *, names: bool = True) -> str:
        """ "signed off by NAME in entry 41"; without names "by a named person"."""
        return f"{self.how} by {self.by if names else 'a named person'} in entry {self.entry}"


@dataclass(frozen=True, kw_only=True)
class Ingredient:
    """One medium that is in the film."""

    kind: Kind
    title: str  #: its file's name
    digest: Digest
    source_type: str | None = (
        None  #: an IPTC digital source type by its last word: "digitalCapture"; None: the record does not know
    )
    has_credentials: str | None = (
        None  #: of its own: None; "valid", or "valid: SOURCE TYPE" where they name one; "broken: ..." with what is wrong
    )


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing that was done, by the machine or by a person."""

    what: str  #: in a film person's words: "room tone taken out of 3 clips"
    name: str  #: how Content Credentials call it: "c2pa.edited"
    agent: str | None = None  #: the software and model that did it; None: a person did
    source_type: str | None = None  #: IPTC, of what the action made: "algorithmicallyEnhanced"
    parameters: dict[str, str] = field(default_factory=dict)
    about: tuple[Digest, ...] = ()  #: the ingredients it was done to; empty: the whole film


@dataclass(frozen=True, kw_only=True)
class Held:
    """Who holds one judgment about this film."""

    judgment: Judgment
    holder: str | None  #: a person's name; None: nobody, because the machine was handed it or this film has none to make
    entry: int | None = None  #: the entry it was signed in
    machine: bool = False  #: handed to the machine, by a signed charter


@dataclass(frozen=True, kw_only=True)
class Claims:
    """Everything that is claimed about one film, from its record and from nothing else.

    The same film gives the same claims whenever they are built: the checkpoint is the entry that signed it, not today's last one.
    """

    title: str  #: the film's, as people call it
    version: str  #: "30s de"
    spec: str  #: "youtube"
    essence: str  #: digest of what is in the file, "sha256:..."
    edit: str  #: seal of the edit
    checkpoint: Checkpoint
    signed: Signed
    ingredients: tuple[Ingredient, ...] = ()
    actions: tuple[Action, ...] = ()
    judgments: tuple[Held, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Public:
    """What of the claims stands in a file that anybody may open.

    Always: what was done, how many ingredients of which kind, the checkpoint, who or what holds each judgment (a person, or the machine),
    and that it was signed. Ingredients that carry credentials of their own bring them along.
    """

    names: bool = False  #: of people
    ingredients: bool = False  #: each by its file name and seal


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a file is signed with, and whose it is: an organisation's, never a person's."""

    kind: Literal["self-made", "own"]
    organisation: str
    seal: str  #: SHA-256 of the certificate itself
    valid_from: datetime
    valid_until: datetime
    algorithm: str  #: "es256", "ps256", "ed25519" ...
    chain: bytes = field(repr=False)  #: PEM, the one that signs first
    key: bytes = field(repr=False)  #: PEM, not locked: it stays in this process


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """A file that carries its credentials, read back and compared before anybody saw it."""

    file: str
    sidecar: str | None  #: beside the file, where it cannot carry them itself
    label: str  #: of the manifest: "urn:c2pa:..."
    essence: str  #: the same before and after
    state: State
    signer: str  #: the organisation
    certificate: str  #: its seal
    stamped: str | None  #: when a timestamp authority saw it
    left_out: tuple[str, ...]  #: what the public file does not say, a sentence each
    sentences: tuple[str, ...]  #: what it says


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """One manifest in a file: who signed it, and whether it holds."""

    label: str
    title: str
    signer: str | None
    software: str
    state: State
    stamped: str | None = None
    source_types: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()  #: a sentence each


@dataclass(frozen=True, kw_only=True)
class Part:
    """One ingredient as a file names it."""

    title: str
    relationship: str  #: "parentOf", "componentOf", "inputTo"
    state: State  #: of its own credentials
    label: str | None = None  #: its manifest, if it brought one
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a file says about itself."""

    file: str
    state: State
    where: Literal["in the file", "beside it", "elsewhere", "nowhere"]
    sentences: tuple[str, ...]
    signer: str | None = None
    stamped: str | None = None
    label: str | None = None
    codes: tuple[str, ...] = ()  #: what the reader found wrong, in the words of the C2PA specification
    manifests: tuple[Manifest, ...] = ()  #: the file's own first
    ingredients: tuple[Part, ...] = ()  #: of the file's own manifest
    claims: Plain | None = None  #: our own claims as the file carries them; None: it carries none that we wrote
    actions: tuple[Plain, ...] = ()  #: of the file's own manifest, as they stand there
    seal: str | None = None  #: of the certificate it was signed with, where that can be told


class CredentialsError(DeliveryError):
    """Credentials that cannot be put in or read, or that would say something else than the record: what was found, what to do."""
