"""What the house says, for a page: the same sentences without what is typed at a terminal."""

from __future__ import annotations

import re
from itertools import count

__all__ = ["on_a_page"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
_QUOTED = re.compile(r"“[^”]*”")  # a person's words, or the script's: they stay as they are
_TYPED = re.compile(r"[:,]?\s*`?(?:\banswerprint [a-z]+\b|(?<!\S)--[a-z]).*", re.DOTALL)


def on_a_page(says: str) -> str:
    """What stands before a command stays where nothing else is said; a later sentence that only tells what to type goes."""
    kept: list[str] = []
    quoted, places = _QUOTED.findall(says), count()
    for sentence in _SENTENCE.split(_QUOTED.sub(lambda _: f"\x00{next(places)}\x00", says)):
        typed = _TYPED.search(sentence)
        if typed is None:
            kept.append(sentence)
        elif not kept and typed.start():
            kept.append(sentence[: typed.start()].rstrip() + ".")
    return re.sub("\x00(\\d+)\x00", lambda found: quoted[int(found[1])], " ".join(kept)) or says
