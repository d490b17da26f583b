"""What can be wrong: an error stops everything, a fault is one thing about one row and stands in a list with all the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import Literal

from answerprint.delivery import DeliveryError

__all__ = ["MOST", "Fault", "SupersError", "drawn_by", "exact"]

MOST = 1_000_000  #: lines, seconds, pixels of a side: nothing in a picture is larger
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,12})?")
Kind = Literal["overflow", "overlap", "glyph", "unsafe", "small", "short", "long", "contrast", "missing", "unknown", "asset", "colour"]


class SupersError(DeliveryError):
    """A template, a rule file or a font that cannot be used, or the drawing library that is not there."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong with one field of one row in one template."""

    template: str
    row: str
    field: str  #: "" where it is the whole row's
    kind: Kind
    says: str  #: what was found and what to do

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.template, f"row {self.row}", self.field) if part)
        return f"{where}: {self.says}"


def drawn_by() -> ModuleType:
    """The drawing library.

    Raises: SupersError where the extra is not installed.
    """
    try:
        import skia
    except ImportError as cause:
        raise SupersError("supers are drawn by skia-python, which is not installed. Say: pip install 'answerprint[deliver]'.") from cause
    return skia  # type: ignore[no-any-return]


def exact(text: str) -> Fraction:
    """A number of a TOML file as it is written there; 1e999999999, which takes a day to write out, is none.

    Raises: ValueError.
    """
    if not _NUMBER.fullmatch(text.replace("_", "")):
        raise ValueError(f"{text[:20]} is no number of a picture. Write it out: 0.4")
    return Fraction(text.replace("_", ""))
