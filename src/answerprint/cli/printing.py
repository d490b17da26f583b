"""How a terminal shows things: names made safe, tables, counts."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from typing import Any

__all__ = ["count", "length", "losses", "plain", "print_json", "rate", "table", "typed"]


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def plain(text: str) -> str:
    """A name on one line of a terminal: control characters are written out, never obeyed."""
    shown = os.fsencode(text).decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in shown)


def typed(name: str) -> str:
    """A name as it is typed at a terminal: in quotes where it needs them, so that a command can be copied out of a sentence."""
    return shlex.quote(plain(name))


def named(name: str, texts: dict[str, Any]) -> None:
    """Say of a name at a terminal that nobody proved it, wherever something is shown or kept as that person's own: beside the output, not in it."""
    print(texts["named"]["says"].format(name=plain(name)), file=sys.stderr)


def table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as what stands in them; the last one runs free."""
    if not rows:
        return
    clean = [[plain(str(cell)) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in clean) for column in range(len(clean[0]) - 1)]
    for row in clean:
        print("  ".join([cell.ljust(width) for cell, width in zip(row, widths, strict=False)] + [row[-1]]).rstrip())


def losses(title: str, losses: Sequence[Any]) -> None:
    if losses:
        print(title)
        for loss in losses:
            print(f"  {plain(loss.clip)}: {plain(loss.says)}" if loss.clip else f"  {plain(loss.says)}")


def count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def length(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)} min {rest:.0f} s" if minutes else f"{rest:.1f} s"


def rate(text: str) -> str:
    from answerprint.model.time import parse_rate, rate_name

    return f"{rate_name(parse_rate(text))} frames a second"
