"""An idea's facts as a person reads them."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["named", "told"]

_NAMES = (
    (r"cut:(\d+)", r"shot \1"), (r"cut:(\d+) (.*)", r"shot \1: \2"), (r"try:(\S+)@(\d+) (.*)", r"attempt \1 at item \2: \3"), (r"word:(\d+):\d+", r"shot \1: a word"),
    (r"covered:(\d+):\d+", r"shot \1: a word under the bed"), (r"accident:(\d+)", r"accident \1"),
)  # fmt: skip


def named(name: str) -> str:
    """What a fact or an idea is on: "cut:5" is "shot 5", "cut:5 face height" is "shot 5: face height"; anything else as it is."""
    return next((re.sub(pattern, words, name) for pattern, words in _NAMES if re.fullmatch(pattern, name)), name)


def told(value: Any) -> str:
    """A fact's value in one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(told(one) for one in value)
    return ", ".join(f"{name.replace('_', ' ')} {told(one)}" for name, one in value.items()) if isinstance(value, dict) else str(value)
