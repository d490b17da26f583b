"""What the record says of the drafts that were made: each as it was, and every passage in it that no person wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from answerprint.model.records import Digest
from answerprint.passages.aligning import Index, Piece

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["SCHEMA", "WHAT", "Made", "index", "made", "read"]

SCHEMA = 1
WHAT = "draft"  #: what a proposal of the record calls itself that is one
_PLACE = re.compile(r"drafts/[^./\\\0][^/\\\0]*\.md")  #: where drafts lie; a record that came by mail may name any other, and drafts are written where it says


@dataclass(frozen=True, kw_only=True)
class Made:
    """One draft as the machine made it."""

    entry: int
    at: str
    kind: str  #: "concept", "treatment"
    file: str  #: "drafts/concept 3.md"
    digest: Digest  #: of its text, in keep/
    pieces: Digest  #: of the list of its passages, in keep/
    brief: Digest  #: of the brief, in keep/
    inputs: tuple[Digest, ...]  #: everything that it was made of
    calls: tuple[int, ...] = ()  #: entries of what services answered
    values: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()


def made(production: Production) -> tuple[Made, ...]:
    """Every draft that was ever made, oldest first."""
    record = production.reader()
    if record is None:
        return ()
    with record:
        return tuple(read(entry.n, entry.at, body) for entry in record.entries(kind="proposal") if (body := entry.read()) is not None and _is_draft(body))


def _is_draft(body: Mapping[str, Any]) -> bool:
    return body.get("what") == WHAT and body.get("schema") == SCHEMA and _PLACE.fullmatch(str(body.get("about"))) is not None


def index(production: Production, *, drafts: Iterable[Made] | None = None) -> Index:
    """Everything that no person wrote for this production: passages are held against it wherever they stand."""
    pieces: dict[tuple[str, str], Piece] = {}
    briefs: dict[Digest, str] = {}
    for one in made(production) if drafts is None else drafts:
        if one.brief not in briefs:
            briefs[one.brief] = production.keep.get(one.brief).decode("utf-8", "replace")
        for row in json.loads(production.keep.get(one.pieces)):
            pieces.setdefault((row["whose"], row["text"]), Piece(text=row["text"], whose=row["whose"], entry=one.entry, source=row["source"]))
    return Index(pieces.values(), "\n".join(briefs.values()))


def read(n: int, at: str, body: Mapping[str, Any]) -> Made:
    """A draft from its entry's body."""
    return Made(
        entry=n, at=at, kind=str(body["kind"]), file=str(body["about"]), digest=body["text"], pieces=body["pieces"], brief=body["brief"], inputs=tuple(body["inputs"]), calls=tuple(body["calls"]),
        values=dict(body["values"]), says=tuple(body["says"]),
    )  # fmt: skip
