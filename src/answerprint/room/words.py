"""What the house says, for a page: the same sentences without what is typed at a terminal."""

from __future__ import annotations

import functools
import os
import re
from itertools import count
from pathlib import Path

__all__ = ["as_read", "on_a_page", "serve"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
_QUOTED = re.compile(r"“[^”]*”")  # a person's words, or the script's: they stay as they are
_TYPED = re.compile(r"[:,]?\s*`?(?:\banswerprint [a-z]+\b|(?<!\S)--[a-z]).*", re.DOTALL)


@functools.cache
def _home() -> re.Pattern[str]:
    home = os.path.expanduser("~")
    return re.compile(rf"(?<![\w.~-]){re.escape(home)}(?=[/\\])" if len(home) > 1 and os.path.isabs(home) else r"(?!)")


_SERVED: dict[str, re.Pattern[str]] = {}


def serve(home: Path) -> None:
    """Say whatever lies in this production by its place in it from here on: where a room's folder lies on its machine concerns nobody who is invited."""
    for place in {str(home), os.path.realpath(home)}:
        if len(Path(place).parts) > 1:
            _SERVED[place] = re.compile(rf"(?<![\w.~-]){re.escape(place)}(?:(?P<inside>[/\\])(?=\S)|(?![\w-]))")


def _in_its_place(says: str) -> str:
    for place, pattern in _SERVED.items():
        if place in says:
            says = pattern.sub(functools.partial(_left_out, Path(place).name), says)
    return says


def _left_out(name: str, found: re.Match[str]) -> str:
    return "" if found["inside"] else name


def on_a_page(says: str) -> str:
    """What stands before a command stays where nothing else is said; a later sentence that only tells what to type goes. What lies in the production
    is called by its place there, and a folder of whoever runs the room is said without their home."""
    says = _in_its_place(says)
    says = _home().sub("~", says)
    kept: list[str] = []
    quoted, places = _QUOTED.findall(says), count()
    for sentence in _SENTENCE.split(_QUOTED.sub(lambda _: f"\x00{next(places)}\x00", says)):
        typed = _TYPED.search(sentence)
        if typed is None:
            kept.append(sentence)
        elif not kept and typed.start():
            kept.append(sentence[: typed.start()].rstrip() + ".")
    return re.sub("\x00(\\d+)\x00", lambda found: quoted[int(found[1])], " ".join(kept)) or says


_SEAL = re.compile(r"\b(?:sha256|blake3):([0-9a-f]{8,64})\b…?")
_LONG = re.compile(r"[^\s/“”]{49,}(?=\.[A-Za-z0-9]{1,8}\b)")
_READ = 12  #: signs of a seal that somebody compares by eye; the rest is in what is signed


def as_read(says: str) -> str:
    """A sentence that somebody signs, as they read it: of a seal its beginning, of a very long file name its two ends. What is signed holds all of both."""
    quoted, places = _QUOTED.findall(says), count()
    plain = _SEAL.sub(lambda found: f"{'' if found.string[: found.start()].endswith('seal ') else 'seal '}{found[1][:_READ]}", _QUOTED.sub(lambda _: f"\x00{next(places)}\x00", says))
    plain = _LONG.sub(lambda found: f"{found[0][:24]}…{found[0][-16:]}", plain)
    return re.sub("\x00(\\d+)\x00", lambda found: quoted[int(found[1])], plain)
