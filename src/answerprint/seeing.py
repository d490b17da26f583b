"""How somebody looks at takes: whether they were on set, and of which items they had the slates before them.

Who was on set knows the slates anyway; who was not sees takes without them, shuffled. It lies in their own data folder beside what
they watched; the one thing that leaves it is the word on a choice: seen blind, or slated.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from answerprint.keep import KeepError, write_whole
from answerprint.watched import WatchedError, private_file

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["erase", "on_set", "saw_slates", "say_on_set", "slates_seen"]


def on_set(production: Production, person: str) -> bool | None:
    """Whether they were on set, as they said; None until they were asked."""
    said = _read(production, person).get("on set")
    return said if isinstance(said, bool) else None


def say_on_set(production: Production, person: str, yes: bool) -> None:
    """Keep what they answered.

    Raises: WatchedError: there is no record yet, or the disk refuses.
    """
    _write(production, person, {**_read(production, person), "on set": yes})


def slates_seen(production: Production, person: str, item: str) -> bool:
    """Whether they had the slates of an item's attempts before them here."""
    return item in _read(production, person).get("slates", ())


def saw_slates(production: Production, person: str, item: str) -> None:
    """Keep that they had: a choice after that is not blind.

    Raises: WatchedError: there is no record yet, or the disk refuses.
    """
    known = _read(production, person)
    if item not in known.get("slates", ()):
        _write(production, person, {**known, "slates": [*known.get("slates", ()), item]})


def erase(production: Production, person: str) -> None:
    """Erase all of it. They are asked again."""
    private_file(production, person, "seeing").unlink(missing_ok=True)


def _read(production: Production, person: str) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        plain = json.loads(private_file(production, person, "seeing").read_bytes())
        if isinstance(plain, dict):
            return plain
    return {}


def _write(production: Production, person: str, plain: dict[str, Any]) -> None:
    path = private_file(production, person, "seeing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, json.dumps(plain).encode("utf-8"))
    except (OSError, KeepError) as cause:
        raise WatchedError(f"{path}: this cannot be kept ({cause}).") from cause
