"""What the index has of a shot: as it goes in and as it comes out, its row in the tables, and its column of facts that filters ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.library.facts import LOOK_WIDTH

__all__ = ["COLUMNS", "KINDS", "PICTURE", "TABLES", "Hit", "NewShot", "column"]

KINDS = {"words": 256, "look": LOOK_WIDTH, "things": 256}  #: vectors of every shot, with their width
PICTURE = "picture"  #: the pass that every file has that was looked at
TABLES = """
CREATE TABLE IF NOT EXISTS root(path TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS file(n INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, info TEXT NOT NULL, passes TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS place(path TEXT PRIMARY KEY, root TEXT NOT NULL, file INTEGER NOT NULL, size INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS place_file ON place(file);
CREATE TABLE IF NOT EXISTS shot(n INTEGER PRIMARY KEY AUTOINCREMENT, file INTEGER NOT NULL, number INTEGER NOT NULL, in_s TEXT NOT NULL, out_s TEXT NOT NULL, key_s TEXT NOT NULL, facts TEXT NOT NULL, preview BLOB) STRICT;
CREATE INDEX IF NOT EXISTS shot_file ON shot(file);
CREATE TABLE IF NOT EXISTS problem(path TEXT PRIMARY KEY, root TEXT NOT NULL, says TEXT NOT NULL, size INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS paper(path TEXT PRIMARY KEY, root TEXT NOT NULL, raw BLOB NOT NULL) STRICT;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(says, tokenize='porter unicode61');
"""
#: What filters ask of every shot at once: 24 bytes each, in a flat file by the shot's number.
COLUMNS = np.dtype([("bits", "<u8"), ("rate", "<f4"), ("length", "<f4"), ("file", "<u4"), ("width", "<u2"), ("height", "<u2")])


@dataclass(kw_only=True)
class NewShot:
    """A shot as it goes in."""

    in_s: Fraction
    out_s: Fraction
    key_s: Fraction
    facts: dict[str, Any]
    bits: int
    says: str  #: every word by which it is found
    preview: bytes | None = None
    vectors: dict[str, NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A shot as it comes out."""

    n: int
    digest: str
    path: str
    root: str
    number: int
    in_s: Fraction
    out_s: Fraction
    key_s: Fraction
    facts: dict[str, Any]
    info: dict[str, Any]


def column(info: dict[str, Any], bits: int, length_s: Fraction, file: int) -> tuple[Any, ...]:
    """A shot's row of `COLUMNS`."""
    return bits, float(Fraction(info["rate"])) if info.get("rate") else 0.0, float(length_s), file, info.get("width", 0), info.get("height", 0)
