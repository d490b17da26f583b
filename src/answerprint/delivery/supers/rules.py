"""Legal rules for lettering: dated files, each with the document it is from; a production may bring its own in rules/."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from answerprint.delivery.supers.errors import MOST, SupersError, exact

__all__ = ["Rules", "rule_files", "rules"]

FOLDER = "rules"  #: in a production
_OURS = Path(__file__).parent / "rules"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a document asks of lettering. Heights are lines of a raster whose shorter side has 1080."""

    name: str
    title: str
    source: str  #: the document
    dated: str  #: when we read it
    role: str  #: the fields it is about: "legal", "disclosure"
    lines: Fraction  #: least height of the letters
    lines_on_block: Fraction  #: the same where they stand on an opaque block of one colour
    letter: str = "capital"  #: which letter is measured: "capital" or "x"
    word_s: Fraction = Fraction(0)  #: hold, for each word on screen
    few_words: int = 0  #: fewer than this are few
    few_s: Fraction = Fraction(0)  #: more hold, to notice few words
    many_s: Fraction = Fraction(0)  #: and to notice many
    contrast: Fraction = Fraction(9, 2)  #: least contrast of letters and what is behind them, WCAG 2.2, 1.4.3
    most_lines: int | None = None  #: of text; above that the document asks for more than these figures
    shapes: tuple[str, ...] = ()  #: "16:9"; empty: every shape

    def hold_s(self, count: int) -> Fraction:
        """How long so many words have to stand, whole and still."""
        return self.word_s * count + (self.few_s if count < self.few_words else self.many_s)


def rule_files() -> tuple[str, ...]:
    """The names of the rules that come with the house."""
    return tuple(sorted(path.stem for path in _OURS.glob("*.toml")))


def rules(name: str, folder: Path | None = None) -> Rules:
    """Rules by their name. Args: folder: a production's; its rules/ come after the house's.

    Raises: SupersError where there are none, or the file cannot be read.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}", name):
        raise SupersError(f"there are no rules {name[:60]!r}: a name of rules is letters, figures, - and _. These are there: {', '.join(rule_files())}.")
    places = [_OURS / f"{name}.toml", *([folder / FOLDER / f"{name}.toml"] if folder is not None else [])]
    for path in places:
        if path.is_file():
            return _read(path.read_text(encoding="utf-8"), name)
    raise SupersError(f"there are no rules {name!r}. These are there: {', '.join(rule_files())}. A production's own lie in {FOLDER}/{name}.toml.")


def _read(raw: str, name: str) -> Rules:
    where = f"rules {name}"
    try:
        table: dict[str, Any] = tomllib.loads(raw, parse_float=exact)
    except (ValueError, RecursionError) as cause:
        raise SupersError(f"{where}: this is not TOML: {cause}. Mend that line.") from cause
    known = {field.name: str(field.type) for field in fields(Rules)}
    values: dict[str, Any] = {"name": name}
    for key, value in table.items():
        if key not in known or key == "name":
            raise SupersError(f"{where}: there is no key {key!r}. There are {', '.join(one for one in known if one != 'name')}.")
        kinds: dict[str, tuple[type, ...]] = {"Fraction": (int, Fraction), "int": (int,), "int | None": (int,), "str": (str,), "tuple[str, ...]": (list,)}
        if not isinstance(value, kinds[known[key]]) or isinstance(value, bool):
            raise SupersError(f"{where}: {key} = {value!r} is no {'number' if 'Fraction' in known[key] or 'int' in known[key] else 'text'}.")
        if isinstance(value, int | Fraction) and abs(Fraction(value)) > MOST:
            raise SupersError(f"{where}: {key} is larger than anything in a picture.")
        values[key] = _typed(value, known[key])
    needed = [field.name for field in fields(Rules) if field.default is MISSING]
    if missing := [key for key in needed if key not in values]:
        raise SupersError(f"{where}: it does not say {', '.join(missing)}.")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", values["dated"]):
        raise SupersError(f"{where}: dated = {values['dated']!r} is not a day. Write the day you read the source: 2026-11-22.")
    if values.get("letter", "capital") not in ("capital", "x"):
        raise SupersError(f"{where}: letter = {values['letter']!r}. It is \"capital\" or \"x\".")
    values["source"] = " ".join(values["source"].split())
    return Rules(**values)


def _typed(value: Any, written: str) -> Any:
    if written == "Fraction":
        return Fraction(value)
    return tuple(map(str, value)) if written.startswith("tuple") else value
